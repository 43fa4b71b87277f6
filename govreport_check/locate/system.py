"""Variables and linear constraints with exact numbers, and their elimination: what is still wrong once some cells may change.

Nothing here knows of reports. Numbers are integers, or fractions where a division leaves one; never binary floats.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

Key: TypeAlias = Any
"""Whatever a caller names variables and constraints by; hashable."""
Given: TypeAlias = "int | Decimal | Fraction"
Number: TypeAlias = "int | Fraction"


def exact(value: Given) -> Number:
    """``value`` as an integer where it is one, else as a fraction."""
    if isinstance(value, int):
        return value
    ratio = value if isinstance(value, Fraction) else Fraction(value)
    return ratio.numerator if ratio.denominator == 1 else ratio


def steps(places: int) -> Fraction:
    """10**-places, exactly."""
    return Fraction(1, 10**places) if places >= 0 else Fraction(10**-places)


@dataclass(frozen=True, slots=True)
class Variable:
    """A figure. ``value`` None is not known: it may become anything in its domain, at no cost.

    The domain is [lo, hi], None being open, in steps of 10**-``places`` (0: whole numbers; None: any number). A ``fixed`` figure is never
    changed; else changing it costs ``weight``, which is positive. ``neighbours`` are figures beside it, for telling typing slips.
    """

    value: Given | None
    lo: Given | None = None
    hi: Given | None = None
    places: int | None = None
    fixed: bool = False
    weight: Given = 1
    neighbours: tuple[Given, ...] = ()

    def admits(self, value: Number) -> bool:
        """Whether ``value`` lies in the domain."""
        if (self.lo is not None and value < exact(self.lo)) or (self.hi is not None and value > exact(self.hi)):
            return False
        if self.places == 0 or self.places is None:
            return self.places is None or value.denominator == 1
        return (value / steps(self.places)).denominator == 1


@dataclass(frozen=True, slots=True)
class Constraint:
    """low <= Σ coefficient · variable <= high, an end that is None being open; ``strict``: the ends themselves do not do.

    ``terms`` are (coefficient, key); a key may stand in several.
    """

    name: Key
    terms: tuple[tuple[Given, Key], ...]
    low: Given | None
    high: Given | None
    strict: bool = False


def constraint(name: Key, terms: Iterable[tuple[Given, Key]], relation: str, right: Given = 0, tolerance: Given = 0) -> Constraint:
    """Σ coefficient · variable ``relation`` right, within ``tolerance``. ``relation``: == <= >= < >. Raises ValueError for another."""
    right, tolerance = exact(right), exact(tolerance)
    ends = {
        "==": (right - tolerance, right + tolerance),
        "<=": (None, right + tolerance),
        ">=": (right - tolerance, None),
        "<": (None, right + tolerance),
        ">": (right - tolerance, None),
    }
    if relation not in ends:
        raise ValueError(f"{relation} is not a relation of linear constraints")
    return Constraint(name, tuple(terms), *ends[relation], strict=relation in "<>")


Coefficients: TypeAlias = "dict[int, Number]"


@dataclass(frozen=True, slots=True)
class Row:
    """low <= Σ coefficient · change <= high over the changes of cells, as it is left after elimination."""

    changes: Coefficients
    low: Number | None
    high: Number | None
    strict: bool = False

    @property
    def is_equation(self) -> bool:
        return self.low is not None and self.low == self.high

    def holds(self) -> bool:
        """Whether it holds when nothing in it changes."""
        return not outside(0, self.low, self.high, self.strict)


def outside(value: Number, low: Number | None, high: Number | None, strict: bool = False) -> bool:
    """Whether ``value`` is not between the ends."""
    if strict:
        return (low is not None and value <= low) or (high is not None and value >= high)
    return (low is not None and value < low) or (high is not None and value > high)


@dataclass(frozen=True, slots=True)
class State:
    """Constraints with some cells set free.

    ``equations`` and ``ranges`` hold no free cell that an equation fixes; ``solved`` goes from such a cell to the row that gives its
    change: change + Σ coefficient · other changes = low. ``loose`` are the free cells that no equation fixes.
    """

    equations: tuple[Row, ...]
    ranges: tuple[Row, ...]
    solved: Mapping[int, Row]
    loose: frozenset[int]


@dataclass(frozen=True, slots=True)
class System:
    """Variables and constraints by number, in the order given; ``start`` has the unknown figures set free."""

    keys: tuple[Key, ...]
    variables: tuple[Variable, ...]
    values: tuple[Number, ...]
    number: Mapping[Key, int]
    start: State


def system(variables: Mapping[Key, Variable], constraints: Iterable[Constraint]) -> System:
    """The constraints over changes of the ``variables``. Raises KeyError for a key that is not among them."""
    keys = tuple(variables)
    number = {key: i for i, key in enumerate(keys)}
    values = tuple(0 if one.value is None else exact(one.value) for one in variables.values())
    rows = [_row(one, number, values) for one in constraints]
    equations = tuple(row for row in rows if row.is_equation and not row.strict)
    state = State(equations, tuple(row for row in rows if not row.is_equation or row.strict), {}, frozenset())
    for i, one in enumerate(variables.values()):
        if one.value is None:
            state = freed(state, i)
    return System(keys, tuple(variables.values()), values, number, state)


def _row(one: Constraint, number: Mapping[Key, int], values: Sequence[Number]) -> Row:
    changes: Coefficients = {}
    for coefficient, key in one.terms:
        changes[number[key]] = changes.get(number[key], 0) + exact(coefficient)
    now = sum(coefficient * values[i] for i, coefficient in changes.items())
    low, high = (None if end is None else exact(end) - now for end in (one.low, one.high))
    return Row({i: coefficient for i, coefficient in changes.items() if coefficient}, low, high, one.strict)


def freed(state: State, cell: int) -> State:
    """``state`` with one more cell free: an equation that holds it, if any, gives its change and is put into the other rows."""
    holding = [row for row in state.equations if cell in row.changes]
    if not holding:
        return State(state.equations, state.ranges, state.solved, state.loose | {cell})
    pivot = min(holding, key=lambda row: len(row.changes))
    scaled = _scaled(pivot, cell)
    # most rows do not hold the cell: they are told apart here, not in a call of their own
    equations = tuple([_without(row, cell, scaled) if cell in row.changes else row for row in state.equations if row is not pivot])
    ranges = tuple([_without(row, cell, scaled) if cell in row.changes else row for row in state.ranges])
    solved = {i: _without(row, cell, scaled) if cell in row.changes else row for i, row in state.solved.items()}
    solved[cell] = Row({i: coefficient for i, coefficient in scaled.changes.items() if i != cell}, scaled.low, scaled.high)
    return State(equations, ranges, solved, state.loose)


def _scaled(row: Row, cell: int) -> Row:
    factor = row.changes[cell]
    if factor == 1 or row.low is None:
        return row
    if factor == -1:
        changes, low = {i: -coefficient for i, coefficient in row.changes.items()}, -row.low
    else:
        changes = {i: exact(Fraction(coefficient) / factor) for i, coefficient in row.changes.items()}
        low = exact(Fraction(row.low) / factor)
    return Row(changes, low, low)


def _without(row: Row, cell: int, pivot: Row) -> Row:
    """``row`` with ``cell`` put in terms of the others; ``pivot`` has it with the coefficient 1."""
    factor = row.changes.get(cell)
    if factor is None or pivot.low is None:
        return row
    changes = dict(row.changes)
    for i, coefficient in pivot.changes.items():
        left = changes.get(i, 0) - factor * coefficient
        if left:
            changes[i] = left
        else:
            changes.pop(i, None)
    shift = factor * pivot.low
    low = None if row.low is None else row.low - shift
    high = low if row.high == row.low else None if row.high is None else row.high - shift
    return Row(changes, low, high, row.strict)


def domain_row(whole: System, cell: int, row: Row) -> Row:
    """The domain of a cell that ``row`` gives, as a row over the other changes."""
    one, now = whole.variables[cell], whole.values[cell] + (row.low or 0)
    low, high = (None if end is None else exact(end) - now for end in (one.lo, one.hi))
    return Row({i: -coefficient for i, coefficient in row.changes.items()}, low, high)


def rows_of(state: State, whole: System) -> Iterator[Row]:
    """Every row in which a loose cell stands, domains included."""
    for row in state.ranges:
        if row.changes.keys() & state.loose:
            yield row
    for cell, row in state.solved.items():
        if row.changes.keys() & state.loose:
            yield domain_row(whole, cell, row)
    for cell in sorted(state.loose):
        yield domain_row(whole, cell, Row({cell: -1}, 0, 0))
