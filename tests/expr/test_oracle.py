"""Soundness against brute force: whatever the unread figures are, a verdict given without them holds with them.

Random expressions are written out for the engine and computed, exactly, by a plain Python reading of the same tree over every
filling of a small domain. True and false must then be right for all fillings; "not applicable" must be so for all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import product
from math import floor
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from small_form import truth

CELLS = ("counts r1 a", "counts r1 b", "counts r1 c", "counts r2 a")
GROUP = CELLS[:3]  # counts[r1, parts]
NOT_APPLICABLE = "not applicable"
Tree = tuple[Any, ...]


def written(tree: Tree) -> str:
    name, *parts = tree
    match name:
        case "cell":
            table, row, column = parts[0].split()
            return f"{table}[{row}, {column}]"
        case "number":
            return str(parts[0])
        case "sum" | "min" | "max":
            return f"{name}(counts[r1, parts])"
        case "negative" | "not":
            return f"({'-' if name == 'negative' else 'not '}{written(parts[0])})"
        case "abs":
            return f"abs({written(parts[0])})"
        case "round":
            return f'round({written(parts[0])}, {parts[1]}, "{parts[2]}")'
        case "implies":
            return f"implies({written(parts[0])}, {written(parts[1])})"
        case "if":
            return f"({written(parts[1])} if {written(parts[0])} else {written(parts[2])})"
        case _:
            return f"({written(parts[0])} {name} {written(parts[1])})"


def rounded(value: Fraction, places: int, mode: str) -> Fraction:
    size = abs(value) * 10**places
    whole, rest = floor(size), size - floor(size)
    up = rest > Fraction(1, 2) or (rest == Fraction(1, 2) and (mode == "half_up" or whole % 2 == 1))
    return Fraction(whole + up, 10**places) * (1 if value >= 0 else -1)


ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
}
COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def meant(tree: Tree, given_: dict[str, Any]) -> Any:
    """The value of a tree: a fraction, True, False, None (nothing follows: a division by nought) or not applicable."""
    name, *parts = tree
    match name:
        case "cell":
            return given_[parts[0]]
        case "number":
            return Fraction(str(parts[0]))
        case "sum" | "min" | "max":
            values = [given_[cell] for cell in GROUP if given_[cell] is not NOT_APPLICABLE]
            return {"sum": sum, "min": min, "max": max}[name](values) if values else NOT_APPLICABLE
        case "and" | "or" | "implies":
            return joined(name, meant(parts[0], given_), meant(parts[1], given_))
        case "if":
            chosen = meant(parts[0], given_)
            return chosen if chosen in (None, NOT_APPLICABLE) else meant(parts[1 if chosen else 2], given_)
    values = [meant(part, given_) for part in parts if isinstance(part, tuple)]
    if NOT_APPLICABLE in values:
        return NOT_APPLICABLE
    if None in values:
        return None
    if name == "/" and values[1] == 0:
        return None
    if name in ARITHMETIC:
        return ARITHMETIC[name](*values)
    if name in COMPARED:
        return COMPARED[name](*values)
    if name == "round":
        return rounded(values[0], parts[1], parts[2])
    return {"negative": lambda v: -v, "abs": abs, "not": lambda v: not v}[name](values[0])


def joined(name: str, a: Any, b: Any) -> Any:
    if name == "implies":
        return joined("or", a if a in (None, NOT_APPLICABLE) else not a, b)
    both = [value for value in (a, b) if value is not NOT_APPLICABLE]
    if not both:
        return NOT_APPLICABLE
    ends = name == "or"
    return ends if any(value is ends for value in both) else None if None in both else not ends


ATOMS = st.one_of(
    st.sampled_from(CELLS).map(lambda cell: ("cell", cell)),
    st.sampled_from([0, 1, 2, 3, "0.5", "1.25"]).map(lambda number: ("number", number)),
    st.sampled_from([("sum",), ("min",), ("max",)]),
)


def _numbers(parts: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    return st.one_of(
        st.tuples(st.sampled_from(["+", "+", "-", "-", "*", "/"]), parts, parts),
        st.tuples(st.sampled_from(["negative", "abs"]), parts),
        st.tuples(st.just("round"), parts, st.sampled_from([0, 1]), st.sampled_from(["half_up", "half_even"])),
        st.tuples(st.just("if"), st.tuples(st.sampled_from(list(COMPARED)), parts, parts), parts, parts),
    )


NUMBERS = st.recursive(ATOMS, _numbers, max_leaves=6)
COMPARISONS = st.tuples(st.sampled_from(list(COMPARED)), NUMBERS, NUMBERS)
CONDITIONS = st.recursive(
    COMPARISONS,
    lambda parts: st.one_of(
        st.tuples(st.sampled_from(["and", "or", "implies"]), parts, parts),
        st.tuples(st.just("not"), parts),
        st.tuples(st.just("if"), parts, parts, parts),
    ),
    max_leaves=3,
)
KNOWN = st.integers(-2, 4)
RAW = st.one_of(KNOWN, KNOWN, st.just("?"), st.just("n/a"), st.just(Decimal("1.5")))
REPORTS = st.fixed_dictionaries(dict.fromkeys(CELLS, RAW))


def fillings(raw: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every report that the printed one may stand for, figures of a small domain."""
    may = {"?": [0, 1, 2, 5], "n/a": [NOT_APPLICABLE], Decimal("1.5"): [1, Fraction(3, 2), 2]}
    choices = [[value if value is NOT_APPLICABLE else Fraction(value) for value in may.get(one, [one])] for one in raw.values()]
    return (dict(zip(raw, chosen, strict=True)) for chosen in product(*choices))


def chooses_a_number(tree: Any) -> bool:
    if not isinstance(tree, tuple):
        return False
    numeric = tree[0] == "if" and tree[2][0] not in (*COMPARED, "and", "or", "implies", "not", "if")
    return numeric or any(map(chooses_a_number, tree))


def sides(*both: Tree) -> Tree:
    return (">=", *both)


A, B = ("cell", CELLS[0]), ("cell", CELLS[1])


@settings(deadline=None, max_examples=300)
@given(CONDITIONS, REPORTS)
@example(("if", ("==", B, ("number", 0)), (">=", A, ("number", 0)), ("==", B, B)), {**dict.fromkeys(CELLS, 0), CELLS[0]: "n/a"})
@example(sides(("+", A, B), A), {**dict.fromkeys(CELLS, 0), CELLS[0]: "?"})
@example(("==", ("sum",), ("+", ("sum",), B)), {**dict.fromkeys(CELLS, 0), CELLS[0]: "?", CELLS[1]: "n/a"})
def test_no_verdict_is_ever_wrong(tree: Tree, raw: dict[str, Any]) -> None:
    """Left out: a number chosen by an undecided condition between a value and "not applicable". An interval cannot say "or none"."""
    if chooses_a_number(tree):
        raw = {cell: 1 if one == "n/a" else one for cell, one in raw.items()}
    said = truth(written(tree), raw)
    found = {meant(tree, filling) for filling in fillings(raw)}
    if said is None:
        return
    assert found <= {said if said != "n/a" else NOT_APPLICABLE, None}


@settings(deadline=None, max_examples=200)
@given(CONDITIONS, st.fixed_dictionaries(dict.fromkeys(CELLS, KNOWN)))
def test_what_is_wholly_known_is_decided_as_python_decides_it(tree: Tree, raw: dict[str, Any]) -> None:
    wanted = meant(tree, {cell: Fraction(value) for cell, value in raw.items()})
    assert wanted is None or truth(written(tree), raw) == wanted


LINEAR = st.recursive(
    ATOMS.filter(lambda tree: tree[0] in ("cell", "number", "sum")),
    lambda parts: st.one_of(st.tuples(st.sampled_from("+-"), parts, parts), st.tuples(st.just("negative"), parts)),
    max_leaves=6,
)


def coefficients(tree: Tree, sign: int = 1) -> dict[Any, Fraction]:
    """How often each cell, and 1, stands in a linear tree."""
    name, *parts = tree
    if name in ("cell", "number"):
        return {parts[0]: Fraction(sign)} if name == "cell" else {1: sign * Fraction(str(parts[0]))}
    if name == "sum":
        return dict.fromkeys(GROUP, Fraction(sign))
    found: dict[Any, Fraction] = {}
    for i, part in enumerate(parts):
        for key, value in coefficients(part, -sign if name == "negative" or (name == "-" and i == 1) else sign).items():
            found[key] = found.get(key, Fraction(0)) + value
    return found


@settings(deadline=None, max_examples=200)
@given(
    st.tuples(st.sampled_from([">=", "<=", "=="]), LINEAR, LINEAR),
    st.fixed_dictionaries(dict.fromkeys(CELLS, st.one_of(KNOWN, st.just("?")))),
)
def test_linear_rules_count_every_unread_figure_once(tree: Tree, raw: dict[str, Any]) -> None:
    """An interval of left - right from the net coefficients decides exactly what the engine decides."""
    net = coefficients(("-", tree[1], tree[2]))
    known = net.pop(1, Fraction(0)) + sum(net[cell] * raw[cell] for cell in net if raw[cell] != "?")
    unknown = [value for cell, value in net.items() if raw[cell] == "?"]
    low = known if all(value >= 0 for value in unknown) else None
    high = known if all(value <= 0 for value in unknown) else None
    at_least, at_most = low is not None and low >= 0, high is not None and high <= 0
    below, above = high is not None and high < 0, low is not None and low > 0
    expected = {">=": (at_least, below), "<=": (at_most, above), "==": (at_least and at_most, below or above)}[tree[0]]
    assert truth(written(tree), raw) == (True if expected[0] else False if expected[1] else None)
