"""The localiser's core, held to trying every assignment, and to what it promises."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govreport_check.locate import Constraint, Located, Variable, constraint, locate
from govreport_check.locate.system import outside

NAMES = "abcd"
TOP = 3


def sets(located: Located) -> set[frozenset[object]]:
    return set(located.sets())


def values(located: Located) -> list[list[dict[object, object]]]:
    """The new values, by cause and explanation."""
    return [[{change.key: change.new for change in one.changes} for one in cause.explanations] for cause in located.causes]


def whole(value: int | None, **more: object) -> Variable:
    return Variable(value, lo=0, places=0, **more)  # type: ignore[arg-type]


# --- against trying everything -------------------------------------------------------------------------------------------------

coefficients = st.integers(-2, 2)
rows = st.tuples(st.tuples(*[coefficients] * len(NAMES)).filter(any), st.sampled_from(["==", "==", "<=", ">=", "<"]), st.integers(-3, 6))
figures = st.tuples(*[st.none() | st.integers(0, TOP)] * len(NAMES)).filter(lambda known: any(one is not None for one in known))


def holds(one: Constraint, at: dict[object, int]) -> bool:
    total = sum(Fraction(coefficient) * at[key] for coefficient, key in one.terms)
    low, high = (None if end is None else Fraction(end) for end in (one.low, one.high))
    return not outside(total, low, high, one.strict)


def tried(variables: dict[object, Variable], constraints: list[Constraint]) -> set[frozenset[object]]:
    """The smallest sets of known cells that change in an assignment with which everything holds."""
    found = set()
    for taken in product(range(TOP + 1), repeat=len(NAMES)):
        at: dict[object, int] = dict(zip(NAMES, taken, strict=True))
        if all(holds(one, at) for one in constraints):
            found.add(frozenset(key for key, one in variables.items() if one.value is not None and one.value != at[key]))
    least = min(map(len, found), default=0)
    return {cells for cells in found if len(cells) == least}


@settings(deadline=None)
@given(figures, st.lists(rows, min_size=1, max_size=4))
def test_the_smallest_sets_are_those_that_trying_everything_finds(
    known: tuple[int | None, ...], stated: list[tuple[tuple[int, ...], str, int]]
) -> None:
    variables: dict[object, Variable] = {name: Variable(value, 0, TOP, 0) for name, value in zip(NAMES, known, strict=True)}
    constraints = [
        constraint(i, [(c, name) for c, name in zip(terms, NAMES, strict=True) if c], relation, right)
        for i, (terms, relation, right) in enumerate(stated)
    ]
    assert sets(locate(variables, constraints, most=len(NAMES), beyond=0)) == tried(variables, constraints)


# --- what it promises ----------------------------------------------------------------------------------------------------------

SUM = [constraint("row", [(1, "a"), (1, "b"), (-1, "t")], "==")]


def test_each_cell_of_a_lone_sum_could_be_the_wrong_one() -> None:
    located = locate({"a": whole(2), "b": whole(3), "t": whole(6)}, SUM)
    assert values(located) == [[{"a": 3}, {"b": 4}, {"t": 5}]]
    assert located.causes[0].broken == ("row",)


def test_a_count_is_not_below_zero() -> None:
    located = locate({"a": whole(2), "b": whole(9), "t": whole(6)}, SUM)
    assert values(located) == [[{"b": 4}, {"t": 11}]]


def test_a_count_is_a_whole_number_where_an_amount_need_not_be() -> None:
    halves = [constraint("half", [(2, "a"), (-1, "t")], "==")]
    assert sets(locate({"a": whole(2), "t": whole(5)}, halves)) == {frozenset("t")}
    assert values(locate({"a": Variable(2, 0, None, 1), "t": Variable(5)}, halves)) == [[{"a": Fraction(5, 2)}, {"t": 4}]]


def test_decimals_are_exact_whatever_their_size() -> None:
    located = locate({"a": Variable(Decimal("0.1")), "b": Variable(Decimal("0.2")), "t": Variable(Decimal("0.3"))}, SUM)
    assert located.causes == ()
    huge = locate({"a": Variable(10**30), "b": Variable(1, fixed=True), "t": Variable(10**30, fixed=True)}, SUM)
    assert values(huge) == [[{"a": 10**30 - 1}]]


def test_what_holds_keeps_holding() -> None:
    both = [*SUM, constraint("other", [(1, "a"), (-1, "c")], "==")]
    located = locate({"a": whole(2), "b": whole(3), "t": whole(6), "c": whole(2)}, both)
    assert sets(located) == {frozenset("b"), frozenset("t")}


def test_a_fixed_figure_is_not_changed() -> None:
    located = locate({"a": whole(2, fixed=True), "b": whole(3), "t": whole(6, fixed=True)}, SUM)
    assert sets(located) == {frozenset("b")}


def test_the_lightest_sets_are_found_where_weights_differ() -> None:
    rules = [constraint("one", [(1, "a"), (1, "b")], "==", 5), constraint("two", [(1, "a"), (1, "c")], "==", 5)]
    variables = {"a": whole(1, weight=3), "b": whole(3), "c": whole(3)}
    assert sets(locate(variables, rules)) == {frozenset("bc")}


def test_an_unknown_figure_is_found_at_no_cost_but_within_its_domain() -> None:
    assert locate({"a": whole(2), "b": whole(None), "t": whole(6)}, SUM).causes == ()
    assert sets(locate({"a": whole(9), "b": whole(None), "t": whole(6)}, SUM)) == {frozenset("a"), frozenset("t")}


def test_where_several_values_would_do_their_range_is_told() -> None:
    (cause,) = locate({"a": whole(9), "b": whole(None), "t": whole(6)}, SUM).causes
    (first, second) = (one.changes[0] for one in cause.explanations)
    assert (first.key, first.new, first.low, first.high) == ("a", None, 0, 6)
    assert (second.key, second.new, second.low, second.high) == ("t", None, 9, None)


def test_causes_that_have_nothing_to_do_with_one_another_are_told_apart() -> None:
    rows_ = [constraint(row, [(1, row + "1"), (1, row + "2"), (-1, row + "t")], "==") for row in "xy"]
    variables = {row + part: whole(value) for row in "xy" for part, value in (("1", 1), ("2", 1), ("t", 9))}
    located = locate(variables, rows_)
    assert [cause.broken for cause in located.causes] == [("x",), ("y",)]
    assert [len(cause.explanations) for cause in located.causes] == [3, 3]
    assert len(sets(located)) == 9


def grid(figures_: list[list[int]]) -> tuple[dict[object, Variable], list[Constraint]]:
    """A table whose last column and last row are sums."""
    height, width = len(figures_), len(figures_[0])
    variables: dict[object, Variable] = {(r, c): whole(figures_[r][c]) for r in range(height) for c in range(width)}
    along = [constraint(f"row {r}", [(-1 if c == width - 1 else 1, (r, c)) for c in range(width)], "==") for r in range(height)]
    down = [constraint(f"column {c}", [(-1 if r == height - 1 else 1, (r, c)) for r in range(height)], "==") for c in range(width)]
    return variables, along + down


def test_two_faults_in_one_table_that_share_no_sum_are_two_causes() -> None:
    variables, sums = grid([[1, 2, 3, 6], [4, 50, 6, 15], [7, 8, 900, 24], [12, 15, 18, 45]])
    located = locate(variables, sums)
    assert [cause.broken for cause in located.causes] == [("row 1", "column 1"), ("row 2", "column 2")]
    assert values(located) == [[{(1, 1): 5}], [{(2, 2): 9}]]


def test_no_explanation_of_few_cells_is_said_to_be_none() -> None:
    variables, sums = grid([[0] * 6 + [r + 1] for r in range(5)] + [[0] * 7])
    (cause,) = locate(variables, sums, most=2, beyond=0).causes
    assert (cause.explanations, cause.complete) == ((), True)


def test_it_says_when_it_gave_up() -> None:
    variables, sums = grid([[1, 2, 4], [3, 4, 9], [4, 7, 11]])
    assert locate(variables, sums, budget=1, beyond=0).complete is False
    assert locate(variables, sums).complete is True


def test_the_likelier_slip_comes_first_whatever_the_order_of_the_figures() -> None:
    (cause,) = locate({"a": whole(99), "b": whole(31), "t": whole(112)}, SUM).causes
    assert [(one.changes[0].key, one.changes[0].slip) for one in cause.explanations] == [("b", "swapped"), ("a", None), ("t", None)]


def test_an_unknown_relation_or_key_is_refused() -> None:
    with pytest.raises(ValueError, match="!="):
        constraint("x", [(1, "a")], "!=")
    with pytest.raises(KeyError):
        locate({"a": whole(1)}, [constraint("x", [(1, "z")], "==")])


def test_a_cause_with_too_many_open_figures_is_given_up_at_once() -> None:
    row = [constraint("row", [(1, i) for i in range(20)] + [(-1, "t")], "==")]
    variables: dict[object, Variable] = {**{i: whole(None) for i in range(19)}, 19: whole(9), "t": whole(6)}
    (cause,) = locate(variables, row).causes
    assert (cause.broken, cause.explanations, cause.complete) == (("row",), (), False)
