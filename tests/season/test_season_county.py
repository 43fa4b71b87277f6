"""A made-up county of sixty units: the season says exactly what is wrong with whom, and nothing of the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from made_county import COPIED_FROM, FAULTS, County, units_of

from govreport_check.roster import read_roster
from govreport_check.season.check import check_season
from govreport_check.season.model import AnomalyKind, Conclusion, Season, SumState
from govreport_check.season.sums import summed
from govreport_check.season.taking import Reading

PACKS = ["cn-disclosure"]
TOP, ZONE, HEALTH = "云岭县人民政府", "云岭县经济开发区管理委员会", "云岭县卫生健康委员会"


def with_fault(fault: str) -> set[str]:
    return {unit for unit, its in FAULTS.items() if its == fault}


def test_every_unit_has_its_line_and_its_own_file(county: County, season: Season) -> None:
    assert [line.unit for line in season.lines] == [unit.name for unit in units_of()]
    assert {line.unit: line.file for line in season.lines} == {
        line.unit: county.files[line.unit].name if line.unit in county.files else None for line in season.lines
    }
    assert {line.unit: line.prior for line in season.lines if line.report} == {
        line.unit: county.prior[line.unit].name if line.unit in county.prior else None for line in season.lines if line.report
    }


@pytest.mark.parametrize(
    ("kind", "fault"), [(AnomalyKind.ABSENT, "missing"), (AnomalyKind.LATE, "late"), (AnomalyKind.OTHER_YEAR, "last_year")]
)
def test_who_did_not_report_or_late_or_another_year(season: Season, kind: AnomalyKind, fault: str) -> None:
    assert {unit for one in season.anomalies if one.kind is kind for unit in one.units} == with_fault(fault)


def test_nothing_else_is_amiss_with_the_files(season: Season) -> None:
    assert Counter(one.kind for one in season.anomalies) == {
        AnomalyKind.ABSENT: 3,
        AnomalyKind.LATE: 2,
        AnomalyKind.OTHER_YEAR: 1,
        AnomalyKind.SIMILAR_TEXT: 1,
    }


def test_a_copied_text_is_told_with_its_source(season: Season) -> None:
    pair = next(one for one in season.anomalies if one.kind is AnomalyKind.SIMILAR_TEXT)
    assert set(pair.units) == {COPIED_FROM, *with_fault("copied")}
    assert pair.similarity == 100


def test_days_late_are_counted_from_the_day_of_the_units_own_level(season: Season) -> None:
    late = {line.unit: (line.due, line.days_late, line.day_from) for line in season.lines if line.days_late}
    assert late == dict.fromkeys(with_fault("late"), (date(2025, 1, 31), 42, "published_on"))
    assert {line.unit: line.due for line in season.lines if line.unit == TOP} == {TOP: date(2025, 2, 20)}


def test_the_wrong_sum_and_the_wrong_carry_over_and_the_wrong_summary_are_found_where_they_are(season: Season) -> None:
    told = {
        line.unit: {kind for kind, one in line.problems.items() if one.told}
        for line in season.lines
        if any(one.told for one in line.problems.values())
    }
    where = {"wrong_sum": "requests", "wrong_carry_over": "years", "wrong_summary": "parts", "late": "dates"}
    assert told == {unit: {where[fault]} for unit, fault in FAULTS.items() if fault in where}
    conclusions = {line.unit: line.conclusion for line in season.lines}
    assert {conclusions[unit] for unit in with_fault("wrong_sum") | with_fault("wrong_summary")} == {Conclusion.CORRECT}
    assert {conclusions[unit] for unit in with_fault("wrong_carry_over") | with_fault("late")} == {Conclusion.VERIFY}
    assert {conclusions[unit] for unit in with_fault("missing") | with_fault("last_year")} == {Conclusion.ABSENT}


def test_the_fifty_clean_ones_draw_no_error_and_no_warning(season: Season) -> None:
    clean = [line for line in season.lines if line.unit not in FAULTS]
    assert len(clean) == 50
    assert [line.unit for line in clean if line.conclusion is not Conclusion.PASSED] == []
    assert [one.rule for line in clean if line.report for one in line.report.findings if one.severity != "note"] == []


def test_sums_agree_where_all_is_there_and_say_nothing_where_a_part_is_missing(season: Season) -> None:
    states = {parent: Counter(one.state for one in season.sums if one.parent == parent) for parent in (TOP, ZONE, HEALTH)}
    assert states == {
        TOP: {SumState.OPEN: 200},
        ZONE: {SumState.EQUAL: 194, SumState.MORE: 6},
        HEALTH: {SumState.EQUAL: 200},
    }
    missing = {one.missing for one in season.sums if one.parent == TOP}
    assert [set(names) for names in missing] == [with_fault("missing") | with_fault("last_year")]
    wrong = {(one.address, one.difference) for one in season.sums if one.state is SumState.MORE}
    cells = [(row, column) for row in ("new_received", "granted", "result_total") for column in ("natural_person", "total")]
    assert wrong == {(f"requests[{row}, {column}]", "3") for row, column in cells}


def test_a_higher_summary_is_no_difference_where_the_roster_may_lack_units(county: County, kept: Path) -> None:
    units = [
        replace(unit, about={key: value for key, value in unit.about.items() if key != "scope"}) if unit.name == ZONE else unit
        for unit in read_roster(county.roster, needs=("unit",), whole=True)
    ]
    files = [(path, path.name) for path in sorted(county.folder.iterdir())]
    sums = [one for one in check_season(units, files, packs=PACKS, reading=Reading(kept=kept)).sums if one.parent == ZONE]
    assert Counter(one.state for one in sums) == {SumState.EQUAL: 194, SumState.OPEN: 6}
    assert {one.difference for one in sums if one.state is SumState.OPEN} == {"3"}


def test_a_sum_is_what_the_units_print(season: Season) -> None:
    figures = {line.unit: {one.id: one.value for one in line.figures} for line in season.lines}
    below = [line.unit for line in season.lines if line.parent == ZONE]
    line = next(one for one in season.sums if one.parent == ZONE and one.address == "requests[new_received, total]")
    assert line.total == str(sum(int(figures[unit]["received"] or "") for unit in below))
    assert line.summary == figures[ZONE]["received"]
    report = summed(season, ZONE)
    assert report is not None
    assert report.tables is not None
    assert report.tables["requests"]["new_received"]["total"] == int(line.total)  # type: ignore[index]
    assert report.form == "cn-disclosure/2021"


def test_the_order_of_the_files_changes_nothing(county: County, season: Season, kept: Path) -> None:
    units = read_roster(county.roster, needs=("unit",), whole=True)
    files = [(path, path.name) for path in sorted(county.folder.iterdir(), reverse=True)]
    other = check_season(units, files, packs=PACKS, reading=Reading(kept=kept))
    assert (other.lines, other.sums) == (season.lines, season.sums)
    assert {replace(one, files=tuple(sorted(one.files))) for one in other.anomalies} == {
        replace(one, files=tuple(sorted(one.files))) for one in season.anomalies
    }


def stop_after(number: int) -> Callable[[int, int], None]:
    def progress(done: int, _of: int) -> None:
        if done == number:
            raise KeyboardInterrupt

    return progress


def test_a_season_that_was_broken_off_goes_on_to_the_same_end(
    county: County, season: Season, reviewed: Callable[..., Season], tmp_path: Path
) -> None:
    with pytest.raises(KeyboardInterrupt):
        reviewed(county, reading=Reading(kept=tmp_path / "kept", progress=stop_after(25)))
    assert len(list((tmp_path / "kept").glob("*.taken"))) == 25
    assert reviewed(county, reading=Reading(kept=tmp_path / "kept")) == season


@pytest.mark.slow
def test_several_processes_say_the_same(county: County, season: Season, reviewed: Callable[..., Season]) -> None:
    assert reviewed(county, reading=Reading(workers=2)) == season
