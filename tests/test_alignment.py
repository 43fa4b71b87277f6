"""Last year's report beside this year's: the year before and no other, members under this year's ids, places of both years."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from govreport_check import check, check_many, load_pack
from govreport_check.alignment import PRIOR, another_year, beside
from govreport_check.findings import Finding, Result
from govreport_check.model import UNATTRIBUTED, Place, Remark, Report
from govreport_check.pack import Member
from govreport_check.recognition import known_report

HERE = Path(__file__).parent / "open_pack"
PACK = load_pack(HERE)
RULE = """schema: govreport-rule/1
title: {zh: 结转, en: Carried over}
severity: error
for: {who: components}
assert: requests[who, start] == prior.requests[who, end]
message: {zh: '{who}', en: '{who}'}
why: {zh: w, en: w}
fix: {zh: f, en: f}
examples:
- {expect: pass, given: {tables: {requests: {A: {start: 1}}}}}
- {expect: fail, given: {tables: {requests: {A: {start: 1}}}}}
"""

Figures = Mapping[str, tuple[int, int]]


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The open pack with one rule across years."""
    home = tmp_path_factory.mktemp("packs") / "open"
    shutil.copytree(HERE, home)
    (home / "carried.yaml").write_text(RULE, encoding="utf-8")
    return home


def source(year: Any, rows: Figures, agency: str = "X") -> dict[str, Any]:
    """A report whose ``rows`` are the figures at the year's start and end."""
    requests = {row: {"start": start, "end": end} for row, (start, end) in rows.items()}
    about = {"agency": agency, "year": year} if year is not None else {"agency": agency}
    return {"schema": "govreport-report/1", "form": "open/1", "about": about, "tables": {"requests": requests}}


def side_by_side(now: Figures, before: Figures, **specs: Any) -> tuple[Report, Report]:
    """Both years aligned; ``specs`` are what the pack declares instead of its own."""
    one = known_report(source(2023, now), [PACK])
    prior = known_report(source(2022, before), [PACK]).report
    return beside(one.report, prior, one.form, replace(one.pack, **specs))


def changed(report: Report) -> list[tuple[str, str]]:
    return [(remark.said["gone"], remark.said["new"]) for remark in report.remarks if remark.rule == "members-changed"]


def failing(result: Result, rule: str) -> list[Finding]:
    return [finding for finding in result.findings if finding.rule == rule and finding.outcome == "fail"]


# --- the year -------------------------------------------------------------------------------------------------------------------


def of_year(year: Any) -> Report:
    return Report(source="r", form="open/1", about={} if year is None else {"year": year}, places={"about.year": Place("r", line=3)})


@pytest.mark.parametrize("before", [2019, 2021, 2023, 2024])
def test_a_report_of_another_year_is_told_with_the_year_it_should_be(before: int) -> None:
    remark = another_year(of_year(2023), of_year(before))
    assert remark == Remark("prior-of-another-year", None, Place("r", line=3), {"printed": str(before), "number": "2022"})


@pytest.mark.parametrize(("year", "before"), [(2023, 2022), (None, 2019), (2023, None), (2023, "FY 2019"), ("FY 2023", 2019)])
def test_the_year_before_and_an_unknown_year_are_taken(year: Any, before: Any) -> None:
    assert another_year(of_year(year), of_year(before)) is None


def test_with_a_report_of_another_year_nothing_is_compared(pack: Path) -> None:
    now = source(2023, {"A": (3, 3)})
    right = check(now, packs=[pack], prior=source(2022, {"A": (0, 4)}), name="now")
    wrong = check(now, packs=[pack], prior=source(2021, {"A": (0, 4), "GONE2": (0, 0)}), name="now", lang="en")
    assert [finding.entity for finding in failing(right, "open/carried")] == ["A"]
    assert failing(wrong, "open/carried") == [] and failing(wrong, "form/members-changed") == []
    assert wrong.reports[0].counts.undecided == 0
    (told,) = failing(wrong, "form/prior-of-another-year")
    assert (told.severity, "2021" in told.message, "2022" in told.message) == ("warning", True, True)
    assert failing(right, "form/prior-of-another-year") == []


def test_reports_of_years_apart_that_lie_side_by_side_are_no_ones_prior(pack: Path) -> None:
    many = [source(2021, {"A": (0, 4)}), source(2023, {"A": (3, 3)}), source(2022, {"A": (4, 5)}, agency="Y")]
    result = check_many(many, packs=[pack], names=["a", "b", "c"])
    assert not {"open/carried", "form/prior-of-another-year"} & {finding.rule for finding in result.findings}


# --- the members ----------------------------------------------------------------------------------------------------------------


def test_a_renamed_member_stands_under_this_years_id() -> None:
    report, prior = side_by_side({"A": (1, 1), "NEW": (2, 2)}, {"A": (5, 5), "OLD": (6, 6)})
    assert prior.tables == {"requests": {"A": {"start": 5, "end": 5}, "NEW": {"start": 6, "end": 6}}}
    assert changed(report) == []


def test_a_name_that_this_year_still_has_is_not_renamed() -> None:
    report, prior = side_by_side({"OLD": (1, 1), "NEW": (2, 2)}, {"OLD": (6, 6)})
    assert set((prior.tables or {})["requests"]) == {"OLD"}
    assert changed(report) == [("–", "NEW")]


def test_who_is_declared_closed_is_not_told_and_everyone_else_is() -> None:
    report, _ = side_by_side({"A": (1, 1), "BORN": (2, 2)}, {"A": (1, 1), "GONE": (3, 3), "LEFT": (0, 0), "overall": (4, 4)})
    assert changed(report) == [("LEFT", "BORN")]
    (remark,) = report.remarks
    assert (remark.at, remark.said["number"]) == ("components", "2")


def test_the_same_members_say_nothing() -> None:
    report, _ = side_by_side({"A": (1, 1), "overall": (1, 1)}, {"overall": (1, 1), "A": (1, 1)})
    assert report.remarks == ()


def test_rows_of_nobody_are_no_members() -> None:
    rows = {"A": (1, 1), UNATTRIBUTED: (2, 2), f"{UNATTRIBUTED}ORG9": (0, 0)}
    assert changed(side_by_side(rows, {"A": (1, 1)})[0]) == changed(side_by_side({"A": (1, 1)}, rows)[0]) == []


@pytest.mark.parametrize(("agency", "renamed"), [("X", True), ("Y", False)])
def test_what_is_declared_for_one_agency_holds_for_it_alone(agency: str, renamed: bool) -> None:
    same = (Member(entity="components", agency=agency, ids=["FROM", "TO"], because="renamed"),)
    report, prior = side_by_side({"TO": (1, 1)}, {"FROM": (6, 6)}, same_member=same)
    assert set((prior.tables or {})["requests"]) == {"TO" if renamed else "FROM"}
    assert changed(report) == ([] if renamed else [("FROM", "TO")])


# --- the places -----------------------------------------------------------------------------------------------------------------


def test_last_years_places_are_kept_beside_this_years() -> None:
    one = known_report(source(2023, {"A": (1, 1)}), [PACK])
    prior = known_report(source(2022, {"A": (5, 5)}), [PACK]).report
    report, _ = beside(one.report, replace(prior, source="old"), one.form, one.pack)
    assert {f"{PRIOR}.{address}": place for address, place in prior.places.items()}.items() <= report.places.items()
    assert one.report.places.items() <= report.places.items()
    assert report.places[PRIOR] == Place(source="old")


@pytest.mark.parametrize(("before", "now"), [("A", "A"), ("OLD", "NEW")])
def test_last_years_figure_is_found_where_it_stands(pack: Path, tmp_path: Path, before: str, now: str) -> None:
    for name, year, row, figures in (("old.json", 2022, before, (0, 4)), ("new.json", 2023, now, (3, 3))):
        (tmp_path / name).write_text(json.dumps(source(year, {row: figures}), indent=1), encoding="utf-8")
    result = check(tmp_path / "new.json", packs=[pack], prior=tmp_path / "old.json")
    (finding,) = failing(result, "open/carried")
    cells = {cell.address.partition("requests")[0]: cell for cell in finding.cells}
    assert Path(cells["prior."].place.source or "").name == "old.json" and cells["prior."].value == "4"
    assert Path(cells[""].place.source or "").name == "new.json" and cells[""].value == "3"
    line = cells["prior."].place.line
    assert line is not None
    assert (tmp_path / "old.json").read_text(encoding="utf-8").splitlines()[line - 1].strip() == '"end": 4'
