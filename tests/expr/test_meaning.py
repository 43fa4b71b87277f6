"""What operators and functions mean, on a report or two of a small form."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import pytest
from small_form import COLUMNS, bounds, outcomes, report, rule, truth

from govreport_check.rule import RuleErrors

BIG = 2**53
A, B, C, D = "counts[r1, a]", "counts[r1, b]", "counts[r1, c]", "counts[r2, a]"
a, b, c, d = "counts r1 a", "counts r1 b", "counts r1 c", "counts r2 a"
F, f = "figures[r1, a]", "figures r1 a"
M, m = "money[r1, a]", "money r1 a"


@pytest.mark.parametrize(
    ("text", "cells", "expected"),
    [
        # an unread count is not negative; an unread figure may be anything
        (f"{A} >= 0", {a: "12a"}, True),
        (f"{A} > 0", {a: "12a"}, None),
        (f"{A} < 0", {a: "12a"}, False),
        (f"{F} >= 0", {f: "12a"}, None),
        (f"{A} + {B} == 9", {a: 10, b: "?"}, False),
        (f"{A} + {B} == 10", {a: 10, b: "?"}, None),
        (f"{A} + {B} >= {A}", {a: "?", b: 0}, True),
        (f"{A} + {B} >= {A}", {a: "?", b: "?"}, True),
        (f"{A} - {A} == 0", {a: "?"}, True),
        (f"2 * {A} - {A} == {A} + 1", {a: "?"}, False),
        (f"sum(counts[r1, parts]) >= {A}", {a: "?", b: 0}, True),
        (f"sum(counts[early, a]) + {B} == {A} + {D}", {a: "?", d: "?", b: 1}, False),
        # nothing printed is what the form says, and nothing known in a total
        (f"{A} == 0", {a: None}, True),
        (f"{A} == 0", {a: "-"}, True),
        ("counts[r1, total] == 0", {"counts r1 total": None}, None),
        ("counts[r1, total] == 0", {"counts r1 total": "-"}, True),
        ("counts[r1, total] >= 0", {"counts r1 total": None}, True),
        # figures as printed
        (f"{A} == 1234", {a: "1,234"}, True),
        (f"{A} == 12", {a: "１２"}, True),
        (f"{A} == 22", {a: "22（其中修订16件）"}, True),
        (f"{A} == 22", {a: "约20"}, True),
        (f"{A} == 26", {a: "约20"}, False),
        (f"{A} == 29", {a: "20余"}, True),
        (f"{A} == 19", {a: "20余"}, False),
        (f"{A} == 5", {a: "<5"}, False),
        (f"{A} == 6", {a: "<5"}, False),
        (f"{F} == 0.1 + 0.2", {f: Decimal("0.30")}, True),
        (f"{M} == 1935.87208", {m: Decimal("1935.87208")}, True),
        (f"{M} == 1935.872081", {m: Decimal("1935.87208")}, False),
        # more decimals than the form has: between the neighbours
        (f"{A} == 0", {a: Decimal("0.5")}, None),
        (f"{A} >= 0", {a: Decimal("0.5")}, True),
        (f"{A} == 2", {a: Decimal("0.5")}, False),
        (f"{A} == 0", {a: Decimal("1e-400")}, None),
        (f"{A} < 0", {a: Decimal("-1e-400")}, None),
        (f"{A} >= 0", {a: Decimal("-1e-400")}, None),
        (f"{A} == 0", {a: Decimal("0E+100")}, True),
        (f"{A} == 0", {a: "0" * 60}, True),
        # beyond 2**53
        (f"{A} > {B}", {a: BIG - 1, b: BIG - 2}, True),
        (f"{A} > {BIG - 1}", {a: BIG}, True),
        (f"{A} == {BIG}", {a: BIG}, None),
        (f"{A} == {B}", {a: BIG + 1, b: BIG + 1}, None),
        (f"{A} == 7", {a: "9" * 40}, False),
        (f"{A} > {'9' * 15}", {a: "约" + "9" * 400}, True),
        (f"{A} + {B} == {A} + {C}", {a: BIG - 1, b: BIG - 1, c: BIG - 3}, None),
        (f"{A} + {B} - {C} == {D}", {a: BIG - 1, b: BIG - 2, c: BIG - 1, d: BIG - 3}, None),
        (f"{A} * {B} == {C}", {a: BIG - 1, b: 3, c: 1}, False),
        (f"{A} == {'9' * 30}", {a: 1}, False),
        # quotients are multiplied out
        (f"{A} / {B} == {C}", {a: 6, b: 2, c: 3}, True),
        (f"{A} / {B} == {C}", {a: 7, b: 2, c: 3}, False),
        (f"{A} / {B} == 1 / 3", {a: 111, b: 333}, True),
        (f"{A} / {B} < 0", {a: 1, b: -3}, True),
        ("figures[r1, a] / figures[r1, b] <= -1 / 3", {f: 1, "figures r1 b": -3}, True),
        (f"{A} / {B} == {C}", {a: 6, b: 0, c: 3}, None),
        (f"{A} / {B} == {C}", {a: 6, b: "?", c: 3}, None),
        (f"{A} / {B} == {A} / {B}", {a: 6, b: 0}, None),
        (f"{A} / {B} + {C} / {D} == 5 / 6", {a: 1, b: 2, c: 1, d: 3}, True),
        (f"{A} / {B} / {C} == 1 / 4", {a: 1, b: 2, c: 2}, True),
        # inside and / or / not / if
        (f"{A} == 1 and {B} == 1", {a: "?", b: 2}, False),
        (f"{A} == 1 or {B} == 2", {a: "?", b: 2}, True),
        (f"not {A} == 1", {a: "?"}, None),
        (f"implies({A} == 1, {B} == 2)", {a: "?", b: 2}, True),
        (f"1 <= {A} <= 3", {a: 3}, True),
        (f"1 <= {A} <= 3", {a: 4}, False),
        (f"1 < {A} < {B}", {a: "?", b: 1}, None),
        (f"{A} in (1, 2, 3)", {a: 3}, True),
        (f"{A} not in (1, 2, 3)", {a: 3}, False),
        (f"{A} in (1, 2)", {a: "?"}, None),
        (f"({A} if {B} == 1 else {C}) == 5", {a: 5, b: 1, c: 6}, True),
        (f"({A} if {B} == 1 else {C}) == 5", {a: 5, b: "?", c: 6}, None),
        (f"({A} if {B} == 1 else {C}) == 7", {a: 5, b: "?", c: 6}, False),
        (f"({A} if {B} == 1 else {C}) == 5", {a: 5, b: "?", c: 5}, True),
        (f"({A} == 5) if {B} == 1 else ({C} == 5)", {a: 5, b: "?", c: 5}, True),
        # functions
        ("min(counts[r1, parts]) == 1", {a: 1, b: 2, c: 3}, True),
        ("max(counts[r1, parts]) == 3", {a: 1, b: 2, c: 3}, True),
        ("max(counts[r1, parts]) >= 3", {a: "?", b: 2, c: 3}, True),
        ("max(counts[r1, parts]) == 3", {a: "?", b: 2, c: 3}, None),
        ("mean(counts[r1, parts]) == 2", {a: 1, b: 2, c: 3}, True),
        ("mean(counts[r1, few]) == 1.5", {a: 1, b: 2}, True),
        ("abs(figures[r1, a]) == 3", {f: -3}, True),
        ("abs(figures[r1, a]) >= 0", {f: "?"}, True),
        ("count(counts[r1, parts] > 0) == 2", {a: 1, b: 2}, True),
        ("count(counts[r1, parts] > 0) == 1", {a: 1, b: "?"}, None),
        ("1 <= count(counts[r1, parts] > 0) <= 2", {a: 1, b: "?"}, True),
        ("count(present(counts[r1, parts])) == 3", {a: "?"}, True),
        ("count(blank(counts[r1, parts])) == 1", {a: None}, True),
        ("all(counts[r1, parts] >= 0)", {a: "?"}, True),
        ("any(counts[r1, parts] > 3)", {a: "?", b: 4}, True),
        ("absent(counts[r1, a])", {a: ...}, True),
        ("absent(counts[r1, a])", {a: None}, False),
        ("present(counts[r1, a])", {a: ...}, False),
        ("present(counts[r1, a])", {a: None}, False),
        ("valid(counts[r1, a])", {a: 3}, True),
        ("valid(counts[r1, a])", {a: -3}, False),
        ("valid(counts[r1, a])", {a: Decimal("0.5")}, False),
        ("valid(counts[r1, a])", {a: "约20"}, False),
        ("valid(counts[r1, a])", {a: "9" * 40}, False),
        ("valid(counts[r1, a])", {a: "12a"}, None),
        ("valid(counts[r1, total])", {"counts r1 total": None}, None),
        ("valid(figures[r1, a])", {f: -3}, True),
    ],
)
def test_truth(text: str, cells: dict[str, Any], expected: bool | None) -> None:
    assert truth(text, cells) is expected


@pytest.mark.parametrize(
    ("value", "places", "half_up", "half_even"),
    [
        ("0.125", 2, "0.13", "0.12"),
        ("-0.125", 2, "-0.13", "-0.12"),
        ("2.5", 0, "3", "2"),
        ("-2.5", 0, "-3", "-2"),
        ("3.5", 0, "4", "4"),
        ("0.126", 2, "0.13", "0.13"),
        ("7", 2, "7", "7"),
    ],
)
def test_rounding_is_away_from_zero_or_to_even(value: str, places: int, half_up: str, half_even: str) -> None:
    for mode, wanted in (("half_up", half_up), ("half_even", half_even)):
        assert truth(f'round({M}, {places}, "{mode}") == {wanted}', {m: Decimal(value)}) is True
    assert truth(f'round({A} / {B}, 0, "half_up") == 2', {a: 3, b: 2}) is True
    assert truth(f'round({A} / {B}, 0, "half_up") == 2', {a: 3, b: 0}) is None


def test_the_bounds_of_what_is_not_known() -> None:
    assert bounds(A, {a: "?"}) == (0, math.inf)
    assert bounds(F, {f: "?"}) == (-math.inf, math.inf)
    assert bounds(f"{A} - {B}", {a: "?", b: 3}) == (-3, math.inf)
    assert bounds(f"0 * {A}", {a: "?"}) == (0, 0)
    assert bounds(f"({A} - {B}) * ({A} - {B})", {a: "?", b: "?"}) == (-math.inf, math.inf)


# --- not applicable ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "cells", "expected"),
    [
        (f"{A} == 0", {a: "n/a"}, "n/a"),
        (f"{A} + {B} == 0", {a: "n/a"}, "n/a"),
        (f"not {A} == 0", {a: "n/a"}, "n/a"),
        (f"{A} == 0 and {B} == 0", {a: "n/a"}, True),
        (f"{A} == 0 and {B} == 1", {a: "n/a"}, False),
        (f"{A} == 0 or {B} == 1", {a: "n/a"}, False),
        (f"{A} == 0 and {B} == 0", {a: "n/a", b: "n/a"}, "n/a"),
        ("sum(counts[r1, few]) == 7", {a: "n/a", b: 7}, True),
        ("sum(counts[r1, few]) == 0", {a: "n/a", b: "n/a"}, "n/a"),
        (f"sum(counts[r1, few]) + {B} == 2 * {B}", {a: "n/a", b: "?"}, True),
        ("min(counts[r1, few]) == 7", {a: "n/a", b: 7}, True),
        ("max(counts[r1, few]) == 0", {a: "n/a", b: "n/a"}, "n/a"),
        ("mean(counts[r1, few]) == 7", {a: "n/a", b: 7}, True),
        ("count(counts[r1, few] == 7) == 1", {a: "n/a", b: 7}, True),
        ("count(counts[r1, few] == 7) == 0", {a: "n/a", b: "n/a"}, True),
        ("all(counts[r1, few] == 7)", {a: "n/a", b: 7}, True),
        ("any(counts[r1, few] == 7)", {a: "n/a", b: "n/a"}, "n/a"),
        ("applicable(counts[r1, a])", {a: "n/a"}, False),
        ("present(counts[r1, a])", {a: "n/a"}, True),
        (f"({A} >= 0) if {B} == 0 else True", {a: "n/a"}, "n/a"),
        (f"({A} >= 0) if {B} == 1 else True", {a: "n/a"}, True),
        (f"({A} if {B} == 0 else 1) >= 0", {a: "n/a", b: "?"}, None),
        (f"({A} >= 0) if {B} == 0 else True", {a: "n/a", b: "?"}, None),
        (f"{B} == 0 if {A} == 0 else {B} == 0", {a: "n/a"}, "n/a"),
    ],
)
def test_not_applicable(text: str, cells: dict[str, Any], expected: Any) -> None:
    assert truth(text, cells) == expected


def test_a_list_of_nothing_has_no_total() -> None:
    sections = {"one": "没有日期。"}
    assert truth("sum(dates.mentioned.year) == 0", sections=sections) == "n/a"
    assert truth("count(dates.mentioned) == 0", sections=sections) is True
    assert truth("all(dates.mentioned.year > 2000)", sections=sections) == "n/a"


# --- axes ----------------------------------------------------------------------------------------------------------------------


def test_one_group_twice_is_one_axis_and_two_are_two() -> None:
    cells = {"counts r1 a": 1, "counts r1 b": 2, "counts r1 c": 3, "money r1 a": 10, "money r1 b": 20, "money r1 c": 30}
    assert truth("sum(counts[r1, parts] * money[r1, parts]) == 140", cells) is True
    assert truth("sum(counts[r1, parts] * money[r1, few]) == 180", cells) is True
    assert truth("count(counts[r1, parts] * 10 == money[r1, parts]) == 3", cells) is True
    assert truth("sum(counts[rows, columns]) == 6", cells) is True


def test_a_group_of_rows_and_its_folds() -> None:
    cells = {"counts deep.r3 a": 5, "counts deep.r4 a": 6, "counts r1 b": 100}
    assert truth("sum(counts[deep, a]) == 11", cells) is True
    assert truth("sum(counts[late, a]) == counts[deep.r3, a] + counts[deep.r4, a]", cells) is True


def test_slack_is_summed_once_for_each_member() -> None:
    """A rounded figure that stands behind every member of a group brings its slack each time: 2 · (10±5) reaches 30."""
    assert truth("sum(counts[early, a] + counts[r1, b]) == 30", {"counts r1 b": "约10"}) is True
    assert truth("sum(counts[early, a] + counts[r1, b]) == 31", {"counts r1 b": "约10"}) is False


def test_slack_has_a_direction() -> None:
    assert truth(f"{A} - {B} == 9", {a: 29, b: "20余"}) is True
    assert truth(f"{A} - {B} == 0", {a: 29, b: "20余"}) is True
    assert truth(f"{A} - {B} == -1", {a: 29, b: "20余"}) is False
    assert truth(f"2 * {A} == 58", {a: "20余"}) is True
    assert truth(f"{A} * {B} == 600", {a: "20余", b: "20余"}) is None


def test_next_and_same_past_the_end_do_not_apply() -> None:
    down = rule("counts[r, a] <= counts[next(r), a]", **{"for": {"r": "counts.rows"}})
    assert outcomes(down, report({"counts r1 a": 1, "counts r2 a": 2, "counts deep.r3 a": 3, "counts deep.r4 a": 0})) == [
        "pass",
        "pass",
        "fail",
        "not_applicable",
    ]
    across = rule("counts[r1, c] == counts[r2, same(c, few)]", **{"for": {"c": "counts.parts"}})
    assert outcomes(across, report({"counts r1 a": 1, "counts r2 a": 1, "counts r1 b": 1})) == ["pass", "fail", "not_applicable"]


@pytest.mark.parametrize("asked", ["present", "blank", "absent", "applicable", "valid"])
def test_nothing_is_asked_of_what_is_past_the_end(asked: str) -> None:
    last = outcomes(rule(f"{asked}(counts[next(r), a]) or True == False", **{"for": {"r": "counts.rows"}}), report())[-1]
    assert last == "fail"  # the question itself does not apply, and ``or`` goes by the other side
    assert outcomes(rule(f"{asked}(counts[next(r), a])", **{"for": {"r": "counts.rows"}}), report())[-1] == "not_applicable"


def test_two_variables_are_two_axes_in_any_order_of_their_names() -> None:
    for row, column in (("x", "y"), ("y", "x")):
        found = outcomes(
            rule(f"counts[{row}, {column}] == 0", **{"for": {row: "counts.rows", column: "counts.columns"}}), report({"counts r2 c": 5})
        )
        where = [(i, j) for i, line in enumerate(found) for j, outcome in enumerate(line) if outcome == "fail"]
        assert where == ([(1, 2)] if row == "x" else [(2, 1)])
        assert len(found) == (4 if row == "x" else len(COLUMNS))


def test_a_rule_about_two_lists_is_refused() -> None:
    with pytest.raises(RuleErrors) as raised:
        rule("e.printed == e.prescribed", **{"for": {"d": "dates.mentioned", "e": "labels"}})
    assert [error.path for error in raised.value.errors] == [("for", "e")]


# --- what a report lists -------------------------------------------------------------------------------------------------------


def test_dates_of_several_reports_lie_on_one_axis_and_keep_their_report() -> None:
    checked = rule("d.year == about.year", **{"for": {"d": "dates.mentioned"}})
    first = report(about={"year": 2024}, sections={"one": "2024年1月3日和2023年2月3日。"})
    second = report(about={"year": 2020}, sections={"one": "没有。"})
    third = report(about={"year": 2023}, sections={"one": "2023年5月。"})
    assert outcomes(checked, first, second, third) == ["pass", "fail", "pass"]


def test_aggregates_of_lists_fold_by_report() -> None:
    checked = rule("count(dates.mentioned.year == about.year) == 1")
    reports = [
        report(about={"year": year}, sections={"one": text})
        for year, text in ((2024, "2024年1月3日和2023年2月3日。"), (2024, "没有。"), (2024, "2024年和2024年5月。"))
    ]
    assert outcomes(checked, *reports) == ["pass", "fail", "fail"]


@pytest.mark.parametrize(
    ("text", "about", "expected"),
    [
        ("about.signed_on == date(2024, 2, 29)", {"signed_on": "2024-02-29"}, True),
        ('about.signed_on <= date(about.year + 1, "03-31")', {"signed_on": "2025-03-31", "year": 2024}, True),
        ('about.signed_on <= date(about.year + 1, "03-31")', {"signed_on": "2025-04-01", "year": 2024}, False),
        ("valid(about.signed_on)", {"signed_on": "2023-02-29"}, False),
        ("valid(about.signed_on)", {"signed_on": "2023-02"}, None),
        ("valid(about.signed_on)", {"signed_on": "2023-13"}, False),
        ("about.signed_on == date(2023, 2, 29)", {"signed_on": "2023-02-29"}, None),
        ("about.signed_on == date(2023, 2, 1)", {"signed_on": "2023-02"}, None),
        ("year(about.signed_on) == 2023", {"signed_on": "2023-02"}, True),
        ("month(about.signed_on) == 2", {"signed_on": "2023-02"}, True),
        ("day(about.signed_on) == 1", {"signed_on": "2023-02"}, None),
        ("year(about.signed_on) == 2023", {"signed_on": "昨天"}, None),
        ("days(about.signed_on, date(2024, 3, 1)) == 2", {"signed_on": "2024-02-28"}, True),
        ("days(about.signed_on, date(2024, 3, 1)) == -1", {"signed_on": "2024-03-02"}, True),
        ("date(about.year, 1, 1) == date(2024, 1, 1)", {"year": "不明"}, None),
        ("date(about.year, 1, 1) == date(2024, 1, 1)", {"year": 10**30}, None),
        ("date(about.year, 13, 1) == date(2024, 1, 1)", {"year": 2024}, None),
        ("about.year == 2024", {"year": "二〇二四"}, True),
        ("about.year == 2024", {"year": "2024.5"}, None),
        ("about.year == 2024", {"year": 10**400}, False),
        ('about.level == "county"', {"level": "county"}, True),
        ('about.level in ("county", "state")', {"level": "township"}, False),
        ('about.level == "county"', {}, "n/a"),
        ('about.level == "county"', {"year": 2024}, None),
    ],
)
def test_facts(text: str, about: dict[str, Any], expected: Any) -> None:
    found = outcomes(rule(text), report(about=about))
    assert found == {True: "pass", False: "fail", None: "undecided", "n/a": "not_applicable"}[expected]


def test_parts() -> None:
    checked = rule("position(s) < position(next(s))", **{"for": {"s": "sections"}})
    assert outcomes(checked, report(sections={"one": "甲", "three": "丙", "two": "乙"})) == ["pass", "fail", "not_applicable"]
    assert outcomes(rule("present(text(s))", **{"for": {"s": "sections"}}), report(sections={"one": "甲", "two": " "})) == [
        "pass",
        "fail",
        "fail",
    ]
    assert outcomes(rule('matches(text(one), "[甲乙]+")'), report(sections={"one": "甲"})) == "pass"
    assert outcomes(rule("length(text(one)) == 2"), report(sections={"one": " 甲乙\n"})) == "pass"
    assert outcomes(rule("present(text(one))"), report()) == "not_applicable"


# --- tolerance -----------------------------------------------------------------------------------------------------------------


def tolerated(tolerance: str, assertion: str, cells: dict[str, Any]) -> Any:
    return outcomes(rule(assertion, tolerance={"abs": tolerance, "because": "rounding"}), report(cells))


def test_tolerance_includes_its_end() -> None:
    assert tolerated("0.5", f"{F} == 10", {f: Decimal("10.5")}) == "pass"
    assert tolerated("0.5", f"{F} == 10", {f: Decimal("10.51")}) == "fail"
    assert tolerated("0.5", f"{F} <= 10", {f: Decimal("10.5")}) == "pass"
    assert tolerated("0.5", f"{F} < 10", {f: Decimal("10")}) == "fail"
    assert tolerated("0.05", f"{A} / {B} == 0.6", {a: 13, b: 20}) == "pass"
    assert tolerated("0.05", f"{A} / {B} == 0.6", {a: 14, b: 20}) == "fail"


def test_tolerance_may_be_a_quotient() -> None:
    """One hundredth of a figure is one hundredth of it, not a hundred hundredths."""
    assert tolerated(f"{B} / 100", f"{A} == {B}", {a: 101, b: 100}) == "pass"
    assert tolerated(f"{B} / 100", f"{A} == {B}", {a: 102, b: 100}) == "fail"
    assert tolerated(f"{B} / 100", f"{A} + {C} == {B} + {C}", {a: 102, b: 100, c: "?"}) == "fail"


def test_tolerance_that_is_not_known_or_does_not_apply() -> None:
    assert tolerated(B, f"{A} == 5", {a: 9, b: "?"}) == "undecided"
    assert tolerated(B, f"{A} == 5", {a: 5, b: "?"}) == "pass"
    assert tolerated(B, f"{A} == 5", {a: 5, b: "n/a"}) == "not_applicable"


# --- when, readings, prior -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({a: 1, b: 5}, "pass"),
        ({a: 0, b: 5}, "not_applicable"),
        ({a: "?", b: 5}, "undecided"),
        ({a: "n/a", b: 5}, "not_applicable"),
        ({a: 1, b: 6}, "fail"),
    ],
)
def test_when(cells: dict[str, Any], expected: str) -> None:
    assert outcomes(rule(f"{B} == 5", when=f"{A} > 0"), report(cells)) == expected


def test_a_condition_may_be_always_true() -> None:
    assert outcomes(rule(f"{A} == 0", when=True), report()) == "pass"
    assert outcomes(rule(f"{A} == 0", when=False), report()) == "not_applicable"


def test_readings_pass_when_one_of_them_does() -> None:
    checked = rule(readings={"of": A, "one": B, "both": f"{B} + {C}"})
    assert outcomes(checked, report({a: 5, b: 2, c: 3})) == "pass"
    assert outcomes(checked, report({a: 5, b: 2, c: 4})) == "fail"
    assert outcomes(checked, report({a: 5, b: 2, c: "?"})) == "undecided"


def test_last_year() -> None:
    checked = rule(f"{A} == prior.counts[r1, a]")
    assert outcomes(checked, report({a: 5})) == "not_applicable"
    reports = [report({a: 5}), report({a: 5}), report({a: 5})]
    assert outcomes(checked, *reports, before=[report({a: 5}), None, report({a: 6})]) == ["pass", "not_applicable", "fail"]
    assert outcomes(rule("available(prior)"), *reports, before=[report(), None, report()]) == ["pass", "fail", "pass"]
