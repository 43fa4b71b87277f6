from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st
from test_search import NAMES, TOP, figures, holds, rows, whole

from govreport_check.locate import Variable, constraint, implied_values

SUM = [constraint("row", [(1, "a"), (1, "b"), (-1, "t")], "==")]


@settings(deadline=None)
@given(figures, st.lists(rows, min_size=1, max_size=4))
def test_an_implied_value_is_the_only_one(known: tuple[int | None, ...], stated: list[tuple[tuple[int, ...], str, int]]) -> None:
    variables: dict[object, Variable] = {name: Variable(value, 0, TOP, 0) for name, value in zip(NAMES, known, strict=True)}
    constraints = [
        constraint(i, [(c, name) for c, name in zip(terms, NAMES, strict=True) if c], relation, right)
        for i, (terms, relation, right) in enumerate(stated)
    ]
    ways = [
        at
        for taken in product(*(range(TOP + 1) if value is None else [value] for value in known))
        for at in [dict(zip(NAMES, taken, strict=True))]
        if all(holds(one, at) for one in constraints)
    ]
    found = implied_values(variables, constraints)
    if ways:
        assert all({at[name] for at in ways} == {value} for name, value in found.items())


def test_what_one_sum_leaves_open_another_may_settle() -> None:
    variables = {"a": whole(None), "b": whole(None), "t": whole(5), "c": whole(3)}
    assert implied_values(variables, SUM) == {}
    assert implied_values(variables, [*SUM, constraint("other", [(1, "b"), (-1, "c")], "==")]) == {"a": 2, "b": 3}


def test_nothing_is_left_for_counts_beside_a_full_sum() -> None:
    assert implied_values({"a": whole(None), "b": whole(None), "t": whole(0)}, SUM) == {"a": 0, "b": 0}


def test_a_contradiction_implies_nothing() -> None:
    assert implied_values({"a": whole(9), "b": whole(None), "t": whole(6)}, SUM) == {}
    halves = [constraint("half", [(2, "a"), (-1, "t")], "==")]
    assert implied_values({"a": whole(None), "t": whole(5)}, halves) == {}
    assert implied_values({"a": whole(None), "t": whole(6)}, halves) == {"a": 3}


def test_a_contradiction_elsewhere_does_not_matter() -> None:
    more = [*SUM, constraint("broken", [(1, "x")], "==", 3)]
    assert implied_values({"a": whole(2), "b": whole(None), "t": whole(6), "x": whole(1)}, more) == {"b": 4}
