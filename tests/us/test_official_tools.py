"""Where the official tools say wrong, or say nothing (items 8 to 15 and 22 of the catalogue of their defects), and what the pack says.

Each is first the report that the official web form marks wrongly (ours has no finding), then one that is wrong indeed (ours has one),
or the other way round where the official form passes what is wrong. Sources: usdoj/foia-api, ``foia_ui.validation.js``, read by hand.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from us_reports import PACK, failing, report, undecided

from govreport_check import check, read

DATES = [f"date_{k}" for k in range(1, 11)]
DAYS = [f"days_{k}" for k in range(1, 11)]
LISTS = [("oldest_appeals", "oldest-appeals"), ("oldest_requests", "oldest-requests"), ("oldest_consultations", "oldest-consultations")]


def sample(shared: Path, name: str) -> Path:
    return shared / "us-foia" / "sample" / name[-4:] / f"{name}.xml"


def oldest(*items: tuple[str, Any]) -> dict[str, Any]:
    """A row of a list of the ten oldest: (date, days) of each."""
    return {key: value for k, (date, days) in enumerate(items, 1) for key, value in ((f"date_{k}", date), (f"days_{k}", days))}


# --- 8: a rule that looks for a component's row in another section fails where that row is not there -----------------------------

OTHER = [
    ("dispositions", "other_reasons", "other-matches-reasons"),
    ("appeal_reasons", "appeal_other_reasons", "appeal-other-matches-reasons"),
]


@pytest.mark.parametrize(("stated", "described", "rule"), OTHER)
def test_item_8_a_row_of_reasons_may_be_left_out_where_other_is_nought(stated: str, described: str, rule: str) -> None:
    rows = {"HQ": {"other": 0}, "OIG": {"other": 2}, "overall": {"other": 2}}
    assert failing(report({stated: rows, described: {"OIG": {"total": 2}, "overall": {"total": 2}}}), rule) == []


@pytest.mark.parametrize(("stated", "described", "rule"), OTHER)
def test_item_8_a_row_of_reasons_may_not_be_left_out_where_other_is_more(stated: str, described: str, rule: str) -> None:
    rows = {"HQ": {"other": 3}, "OIG": {"other": 2}, "overall": {"other": 5}}
    assert failing(report({stated: rows, described: {"OIG": {"total": 2}, "overall": {"total": 5}}}), rule) == [("HQ",)]


def test_item_8_no_row_of_exemptions_is_needed_where_nothing_was_denied() -> None:
    rows = {"HQ": {"full_denial": 0}, "OIG": {"full_denial": 1}, "overall": {"full_denial": 1}}
    rule = "full-denials-cite-exemptions"
    assert failing(report({"dispositions": rows, "exemptions": {"OIG": {"ex_6": 1}, "overall": {"ex_6": 1}}}), rule) == []
    assert failing(report({"dispositions": rows, "exemptions": {"HQ": {"ex_6": 1}, "overall": {"ex_6": 1}}}), rule) == [("OIG",)]


@pytest.mark.shared
@pytest.mark.parametrize(("name", "left_out"), [("doj-2024", 18), ("dol-2010", 12), ("nasa-2008", 10)])
def test_item_8_published_reports_that_leave_rows_out_are_not_blamed(shared: Path, name: str, left_out: int) -> None:
    tables = read(sample(shared, name), packs=[PACK]).tables or {}
    gone = [who for who, row in tables["dispositions"].items() if not row.get("other") and who not in tables["other_reasons"]]  # type: ignore[union-attr]
    assert len(gone) == left_out
    assert {who for (who,) in failing(sample(shared, name), "other-matches-reasons")}.isdisjoint(gone)


# --- 9: a row whose component is not chosen passes every rule ---------------------------------------------------------------------


@pytest.mark.shared
def test_item_9_rows_of_no_component_are_told_and_take_part_in_the_sums(shared: Path) -> None:
    (one,) = check(sample(shared, "usps-2017"), packs=[PACK], lang="en").reports
    assert [f.rule for f in one.findings if f.rule == "form/unattributed-row"] == ["form/unattributed-row"]
    figures = {tuple(f.bindings.values()): (f.left, f.right) for f in one.findings if f.rule == "us-foia/appeals-overall"}
    assert figures == {("pending_end",): ("0", "24")}


# --- 10: what is negative is seen in the first row only ---------------------------------------------------------------------------


@pytest.mark.parametrize(("table", "rule"), LISTS)
def test_item_10_negative_days_are_found_in_every_row_and_place(table: str, rule: str) -> None:
    rows = {"HQ": oldest(("2020-01-01", 9), ("2020-01-02", 3)), "OIG": oldest(("2020-01-01", 3), ("2020-01-02", -5)), "overall": {}}
    assert failing(report({table: rows}), f"{rule}-valid") == [("OIG", "days_2")]


@pytest.mark.parametrize(
    ("table", "rule"), [("other_reasons", "other-reasons-valid"), ("appeal_other_reasons", "appeal-other-reasons-valid")]
)
def test_item_10_negative_reasons_are_found_in_every_row_and_column(table: str, rule: str) -> None:
    rows = {"HQ": {"Lost": 1, "total": 1}, "OIG": {"Lost": 3, "Moot": -1, "total": 2}, "overall": {"total": 3}}
    assert failing(report({table: rows}), rule) == [("OIG", "Moot")]


# --- 11: N/A and <1 are taken for negative ----------------------------------------------------------------------------------------


def test_item_11_what_is_not_applicable_is_not_negative() -> None:
    row = {"granted": 0, "denied": 0, "median": "N/A", "average": "N/A", "within_ten": "N/A"}
    assert failing(report({"expedited_processing": {"HQ": row, "overall": row}}), "expedited-processing-valid") == []
    assert failing(report({"expedited_processing": {"HQ": {**row, "within_ten": -1}, "overall": row}}), "expedited-processing-valid") == [
        ("HQ", "within_ten")
    ]


def test_item_11_less_than_one_is_not_negative() -> None:
    row = {"simple_count": 1, "simple_median": "<1", "simple_average": "<1", "complex_count": 0, "expedited_count": 0}
    assert failing(report({"pending": {"HQ": row, "overall": row}}), "pending-valid") == []
    assert undecided(report({"pending": {"HQ": row, "overall": row}}), "pending-valid") == 0


@pytest.mark.parametrize(("table", "rule"), LISTS)
def test_item_11_days_that_do_not_apply_or_are_less_than_one_are_not_negative(table: str, rule: str) -> None:
    rows = {"HQ": oldest(("2024-09-30", "<1"), ("N/A", "N/A")), "overall": oldest(("2024-09-30", "<1"), ("N/A", "N/A"))}
    assert failing(report({table: rows}), f"{rule}-valid") == []
    assert undecided(report({table: rows}), f"{rule}-valid") == 0


# --- 12: N/A or <1 in the place before ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("table", "rule"), LISTS)
@pytest.mark.parametrize(("before", "after"), [("N/A", "N/A"), ("<1", "<1"), (3, "<1"), (3, "N/A"), ("<1", 0)])
def test_item_12_days_after_n_a_or_less_than_one_are_in_order(table: str, rule: str, before: Any, after: Any) -> None:
    rows = {"HQ": oldest(("2024-09-01", before), ("2024-09-02", after))}
    assert failing(report({table: rows}), f"{rule}-by-days") == []
    assert undecided(report({table: rows}), f"{rule}-by-days") == 0


@pytest.mark.parametrize(("table", "rule"), LISTS)
def test_item_12_more_days_after_less_than_one_are_out_of_order(table: str, rule: str) -> None:
    assert failing(report({table: {"HQ": oldest(("2024-09-01", "<1"), ("2024-09-02", 3))}}), f"{rule}-by-days") == [("HQ", "days_1")]


@pytest.mark.parametrize(("table", "rule"), LISTS)
def test_item_12_a_place_that_does_not_apply_before_a_filled_one_is_a_gap(table: str, rule: str) -> None:
    rows = {"HQ": oldest(("N/A", "N/A"), ("2024-09-02", 3))}
    assert failing(report({table: rows}), f"{rule}-by-days") == []
    assert failing(report({table: rows}), f"{rule}-no-gap") == [("HQ", "date_1")]


# --- 13: a sum with N/A in it -------------------------------------------------------------------------------------------------------


def test_item_13_n_a_among_what_is_added_up_counts_for_nothing() -> None:
    denials = {"HQ": {"full_denial": 2}, "overall": {"full_denial": 2}}
    applied = {"HQ": {"ex_1": "N/A", "ex_5": 2}, "overall": {"ex_1": "N/A", "ex_5": 2}}
    assert failing(report({"dispositions": denials, "exemptions": applied}), "full-denials-cite-exemptions") == []
    applied["HQ"] = {"ex_1": "N/A", "ex_5": 1}
    assert failing(report({"dispositions": denials, "exemptions": applied}), "full-denials-cite-exemptions") == [("HQ",)]


def test_item_13_components_that_are_n_a_leave_the_sum_to_the_others() -> None:
    counts = {"complex_count": 0, "expedited_count": 0}
    rows = {"HQ": {"simple_count": 4, **counts}, "OIG": {"simple_count": "N/A", **counts}, "overall": {"simple_count": 4, **counts}}
    assert failing(report({"pending": rows}), "pending-overall") == []
    rows["overall"] = {"simple_count": 5, **counts}
    assert failing(report({"pending": rows}), "pending-overall") == [("simple_count",)]


# --- 14: the agency's median between those of its components ---------------------------------------------------------------------

MEDIANS = [
    ("appeal_times", "median", "appeal-median-range", ()),
    ("response_times", "simple_median", "response-median-range", ("simple_median",)),
    ("granted_times", "complex_median", "granted-median-range", ("complex_median",)),
    ("pending", "expedited_median", "pending-median-range", ("expedited_median",)),
    ("expedited_processing", "median", "expedited-median-range", ()),
    ("fee_waivers", "median", "waiver-median-range", ()),
]


@pytest.mark.parametrize(("table", "column", "rule", "bound"), MEDIANS)
def test_item_14_a_component_that_is_n_a_does_not_lower_the_range(table: str, column: str, rule: str, bound: tuple[str, ...]) -> None:
    rows = {"HQ": {column: 10}, "OIG": {column: "N/A"}, "CIO": {column: 12}, "overall": {column: 5}}
    assert failing(report({table: rows}), rule) == [bound]
    rows["overall"] = {column: 11}
    assert failing(report({table: rows}), rule) == []


@pytest.mark.parametrize(("table", "column", "rule", "_bound"), MEDIANS)
def test_item_14_an_agency_without_components_has_no_range(table: str, column: str, rule: str, _bound: tuple[str, ...]) -> None:
    assert failing(report({table: {"overall": {column: 5}}}), rule) == []
    assert failing(report({table: {"HQ": {column: "N/A"}, "overall": {column: "N/A"}}}), rule) == []


# --- 15: figures compared as characters -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "rule"),
    [
        (("requests", "processed"), ("requests_compared", "processed_this"), "processed-this-year"),
        (("appeals", "received"), ("appeals_compared", "received_this"), "appeals-received-this-year"),
        (("backlogs", "requests"), ("request_backlog_compared", "this"), "backlog-this-year"),
        (("appeals", "processed"), ("appeal_dispositions", "total"), "appeals-match-dispositions"),
    ],
)
def test_item_15_5_and_5_0_are_one_figure(one: tuple[str, str], other: tuple[str, str], rule: str) -> None:
    assert failing(report({one[0]: {"overall": {one[1]: "5"}}, other[0]: {"overall": {other[1]: "5.0"}}}), rule) == []
    assert failing(report({one[0]: {"overall": {one[1]: "5"}}, other[0]: {"overall": {other[1]: "50"}}}), rule) == [("overall",)]


# --- 22: no order of dates, no range of dates, nothing across years -------------------------------------------------------------------


@pytest.mark.parametrize(("table", "rule"), LISTS)
def test_item_22_dates_out_of_order_are_found_though_the_days_are_in_order(table: str, rule: str) -> None:
    rows = {"HQ": oldest(("2023-05-01", 300), ("2022-05-01", 200), ("2023-06-01", 100))}
    assert failing(report({table: rows}), f"{rule}-by-days") == []
    assert failing(report({table: rows}), f"{rule}-by-date") == [("HQ", "date_1")]


@pytest.mark.parametrize(("table", "rule"), LISTS)
@pytest.mark.parametrize("date", ["1014-05-01", "0218-07-16", "1969-12-31", "2024-10-01", "2919-01-01"])
def test_item_22_years_that_cannot_be_are_found(table: str, rule: str, date: str) -> None:
    assert failing(report({table: {"HQ": oldest((date, 30))}}), f"{rule}-in-time") == [("HQ", "date_1")]


@pytest.mark.parametrize(("table", "rule"), LISTS)
@pytest.mark.parametrize("date", ["1970-01-01", "2024-09-30"])
def test_item_22_the_first_and_the_last_day_that_can_be_pass(table: str, rule: str, date: str) -> None:
    assert failing(report({table: {"HQ": oldest((date, 30))}}), f"{rule}-in-time") == []


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "rule", "places"),
    [
        ("dhs-2022", "oldest-requests-in-time", [("ICE", "date_10")]),
        ("dhs-2022", "oldest-consultations-in-time", [("USSS", "date_4")]),
        ("odni-2022", "oldest-appeals-in-time", [("overall", "date_4"), ("overall", "date_5")]),
    ],
)
def test_item_22_impossible_years_of_published_reports(shared: Path, name: str, rule: str, places: list[tuple[str, ...]]) -> None:
    assert failing(sample(shared, name), rule) == places


def test_item_22_last_year_s_figures_are_compared() -> None:
    before = report({"requests": {"HQ": {"pending_end": 7, "processed": 3}, "overall": {"pending_end": 7, "processed": 3}}}, year=2023)
    now = {"HQ": {"pending_start": 6}, "overall": {"pending_start": 7}}
    compared = {"HQ": {"processed_last": 3}, "overall": {"processed_last": 4}}
    after = report({"requests": now, "requests_compared": compared})
    assert failing(after, "requests-carried-over", prior=before) == [("HQ",)]
    assert failing(after, "processed-last-year", prior=before) == [("overall",)]
    assert failing(after, "requests-carried-over") == []


@pytest.mark.shared
def test_item_22_a_carry_over_of_published_reports(shared: Path) -> None:
    found = failing(sample(shared, "gsa-2017"), "requests-carried-over", prior=sample(shared, "gsa-2016"))
    assert found == [("J",), ("overall",)]
