"""Conditions over exact linear constraints, held against trying every point of a small box."""

from __future__ import annotations

import random
from decimal import Decimal
from itertools import product

import pytest

from govreport_check.conditions import Choice, Condition, Domain, Question, both, bounds, compared, contradiction, implied_by
from govreport_check.simplex import Tableau

KEYS = ("x", "y", "z")
TOP = 3
BOX = {key: Domain(0, TOP, whole=True) for key in KEYS}
SIGNS = ("==", "<=", ">=", "<", ">", "!=")
POINTS = [dict(zip(KEYS, point, strict=True)) for point in product(range(TOP + 1), repeat=len(KEYS))]


def holds(choice: Choice, point: dict[str, int]) -> bool:
    def one(row) -> bool:  # type: ignore[no-untyped-def]
        total = sum(a * point[key] for a, key in row.terms)
        low, high = row.low, row.high
        if row.strict:
            return (low is None or total > low) and (high is None or total < high)
        return (low is None or total >= low) and (high is None or total <= high)

    return any(all(map(one, part)) for part in choice)


def drawn(seed: int) -> list[Condition]:
    """Some conditions, every third a choice of two."""
    draw = random.Random(seed)

    def atom() -> tuple[list[tuple[int, str]], str, int]:
        return [(draw.randint(-2, 2), key) for key in KEYS], draw.choice(SIGNS), draw.randint(-2, 5)

    def choice() -> Choice:
        found = compared(*atom())
        return (*found, *compared(*atom())) if draw.random() < 0.3 else found

    return [Condition(i, choice(), ()) for i in range(draw.randint(2, 6))]


@pytest.mark.parametrize("seed", range(150))
def test_against_every_point(seed: int) -> None:
    """A solution holds, and what cannot hold together does so at no point, and none of it is idle."""
    conditions = drawn(seed)
    asked = Question(conditions, BOX)
    found = asked.least_against()
    kept = [point for point in POINTS if all(holds(one.holds, point) for one in conditions)]
    if found is None:
        values = asked.witness(((),))
        assert values is not None
        assert all(asked.holds_in(one.holds, values) for one in conditions)
    else:
        assert kept == []
        named = [one for one in conditions if one.name in found]
        assert not any(all(holds(one.holds, point) for one in named) for point in POINTS)
        for one in named:
            assert Question([other for other in named if other is not one], BOX).against() is None


@pytest.mark.parametrize("seed", range(60))
def test_bounds_enclose_every_point(seed: int) -> None:
    conditions = drawn(seed)
    kept = [point for point in POINTS if all(holds(one.holds, point) for one in conditions)]
    found = bounds("x", conditions, BOX)
    if kept:
        assert found is not None
        low, high = found
        assert low is not None
        assert high is not None
        assert 0 <= low <= min(point["x"] for point in kept)
        assert max(point["x"] for point in kept) <= high <= TOP


def test_fractions_are_exact() -> None:
    tenth = [Condition("sum", compared([(Decimal("0.1"), "x"), (Decimal("0.2"), "y")], "==", Decimal("0.3")), ())]
    tenth += [Condition(key, compared([(1, key)], "==", 1), ()) for key in ("x", "y")]
    assert contradiction(tenth, {}) is None
    assert implied_by(
        Condition("sum", (), compared([(Decimal("0.1"), "x"), (Decimal("0.2"), "y")], "!=", Decimal("0.3"))), tenth[1:], {}
    ) == (
        "x",
        "y",
    )


def test_a_choice_is_followed_to_its_end() -> None:
    either = Condition("either", (*compared([(1, "x")], "<=", 0), *compared([(1, "x")], ">=", 9)), ())
    between = Condition("between", both(compared([(1, "x")], ">=", 1), compared([(1, "x")], "<=", 8)), ())
    assert contradiction([either, between], {}) == ("either", "between")
    assert bounds("x", [either], {"x": Domain(0)}) == (0, None)


def test_bounds_are_taken_back() -> None:
    tableau = Tableau()
    x = tableau.variable("x", 0, None)
    mark = tableau.mark()
    assert tableau.bound(x, None, (2, 0), "low") is None
    assert tableau.bound(x, (3, 0), None, "high") == frozenset({"low", "high"})
    tableau.undo(mark)
    assert tableau.bound(x, (3, 0), None, "high") is None
    assert tableau.extreme(x, up=True) is None
    assert tableau.extreme(x, up=False) == (3, 0)
