"""From one workbook to the next: 已改, 未改, 新增, and nothing typed is lost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from filled import filled, put
from hypothesis import given
from hypothesis import strategies as st
from seasons import finding, line, season

from govreport_check.findings import Finding, Severity, Verdict
from govreport_check.renderers.sheets.problems import listed
from govreport_check.renderers.sheets.round import Again, Round, Typed
from govreport_check.renderers.sheets.season import season_workbook
from govreport_check.season.model import Line, Season
from govreport_check.workbook import Kept, next_round, read_workbook

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported.*")

UNIT = "甲县民政局"
ALL = {1: {"审核意见": "采纳", "备注": "一"}, 2: {"审核意见": "不采纳"}, 3: {"审核意见": "采纳"}}


def one_unit(*findings: Finding, **facts: object) -> Season:
    return season([replace(line(1, UNIT, "甲县", list(findings)), **facts)])  # type: ignore[arg-type]


def kept_of(first: Season, path: Path, **entries: dict[int, dict[str, object]]) -> Kept:
    return read_workbook(filled(season_workbook(first), path / "first.xlsx", **entries))  # type: ignore[arg-type]


def became(round_: Round) -> dict[str, Again | None]:
    """What became of each finding, by the last digits of its fingerprint."""
    now = {key[1].lstrip("0"): again for key, again in round_.again.items()}
    return now | {told.fingerprint.lstrip("0"): told.again for told in round_.gone}


def adopted(round_: Round) -> dict[str, bool | None]:
    return {fingerprint.lstrip("0"): typed.adopted for (_, fingerprint), typed in round_.findings.items()}


FINDINGS = st.lists(st.tuples(st.integers(1, 6), st.sampled_from("abc")), max_size=6)
"""Findings by number (the fingerprint) and place; some of them twice."""


@given(FINDINGS, FINDINGS, st.lists(st.sampled_from([True, False, None]), min_size=6, max_size=6))
def test_no_decision_is_lost_whatever_is_mended(
    before: list[tuple[int, str]], after: list[tuple[int, str]], words: list[bool | None]
) -> None:
    first = dict(before)
    told = [one for _, one in listed(one_unit(*(finding(number, place=place) for number, place in first.items())), "zh")]
    old = tuple((one, Typed(word, one.fingerprint)) for one, word in zip(told, words, strict=False))
    now = next_round(one_unit(*(finding(number, place=place) for number, place in after)), Kept("x", findings=old)).round
    assert sorted(typed.remark for typed in now.findings.values()) == sorted(one.fingerprint for one, _ in old)
    kept = {typed.remark: typed.adopted for typed in now.findings.values()}
    assert kept == {one.fingerprint: typed.adopted for one, typed in old}
    assert len(now.again) == len({number for number, _ in after})


def test_mended_open_and_new_are_told_apart(tmp_path: Path) -> None:
    kept = kept_of(one_unit(finding(1), finding(2), finding(3)), tmp_path, problems=ALL)
    after = next_round(one_unit(finding(2), finding(3), finding(4)), kept).round
    assert became(after) == {"1": Again.MENDED, "2": Again.OPEN, "3": Again.OPEN, "4": Again.NEW}
    assert adopted(after) == {"1": True, "2": False, "3": True}


def test_a_wrong_figure_changed_to_another_is_still_open_and_keeps_its_decision(tmp_path: Path) -> None:
    kept = kept_of(one_unit(finding(1, place="total"), finding(2)), tmp_path, problems={1: {"审核意见": "采纳", "备注": "再核"}})
    after = next_round(one_unit(finding(7, place="total"), finding(2)), kept).round
    assert became(after) == {"7": Again.OPEN, "2": Again.OPEN}
    assert after.findings[UNIT, f"{7:016x}"].remark == "再核"


def test_the_same_rule_at_another_place_is_new(tmp_path: Path) -> None:
    kept = kept_of(one_unit(finding(1, place="granted")), tmp_path)
    assert became(next_round(one_unit(finding(2, place="denied")), kept).round) == {"1": Again.MENDED, "2": Again.NEW}


@pytest.mark.parametrize(
    ("now", "fate"),
    [
        (line(1, UNIT, "甲县", None), Again.UNKNOWN),
        (replace(line(1, UNIT, "甲县", []), report=line(1, UNIT, "甲县", []).report), Again.MENDED),
    ],
    ids=["absent", "read"],
)
def test_only_a_report_that_was_read_can_be_mended(tmp_path: Path, now: Line, fate: Again) -> None:
    kept = kept_of(one_unit(finding(1)), tmp_path)
    assert became(next_round(season([now]), kept).round) == {"1": fate}


def test_a_report_not_wholly_read_mends_nothing(tmp_path: Path) -> None:
    kept = kept_of(one_unit(finding(1)), tmp_path)
    now = one_unit()
    unread = now.lines[0].report
    assert unread is not None
    lines = (replace(now.lines[0], report=unread.model_copy(update={"verdict": Verdict.NOT_VERIFIED})),)
    assert became(next_round(replace(now, lines=lines), kept).round) == {"1": Again.UNKNOWN}


def test_a_rule_that_is_undecided_now_mends_nothing(tmp_path: Path) -> None:
    kept = kept_of(one_unit(finding(1)), tmp_path)
    undecided = finding(5, place="x").model_copy(update={"outcome": "undecided", "reason": "未读到表三"})
    assert became(next_round(one_unit(undecided), kept).round)["1"] is Again.UNKNOWN


def test_what_compares_with_last_year_is_not_mended_without_last_year(tmp_path: Path) -> None:
    cells = [{"address": "prior.requests[carried_forward, total]", "label": "上年结转下年度"}]
    compared = Finding.model_validate(finding(1).model_dump() | {"cells": cells})
    kept = kept_of(one_unit(compared, prior="2023.docx"), tmp_path)
    assert became(next_round(one_unit(), kept).round) == {"1": Again.UNKNOWN}
    assert became(next_round(one_unit(prior="2023.docx"), kept).round) == {"1": Again.MENDED}


def test_a_units_decision_holds_for_its_findings_and_not_for_new_ones(tmp_path: Path) -> None:
    entries = {"units": {1: {"审核意见": "采纳", "备注": "催"}}, "problems": {2: {"审核意见": "不采纳"}}}
    kept = kept_of(one_unit(finding(1), finding(2)), tmp_path, **entries)
    after = next_round(one_unit(finding(1), finding(2), finding(3)), kept).round
    assert adopted(after) == {"1": True, "2": False}
    assert after.units[UNIT].adopted is None and after.units[UNIT].remark == "催"
    assert next_round(one_unit(finding(1), finding(2)), kept).round.units[UNIT].adopted is True


def test_nothing_is_lost_over_many_rounds(tmp_path: Path) -> None:
    kept = kept_of(one_unit(finding(1), finding(2), finding(3)), tmp_path, problems=ALL)
    for number in range(3):
        now = one_unit(finding(2), finding(10 + number))
        after = next_round(now, kept)
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(season_workbook(now, after.round))
        kept = read_workbook(path)
    last = next_round(one_unit(finding(2)), kept).round
    assert adopted(last) == {"1": True, "2": False, "3": True}
    assert last.findings[UNIT, f"{1:016x}"].remark == "一"
    assert became(last) == {"1": Again.MENDED, "2": Again.OPEN, "3": Again.MENDED, "a": Again.MENDED, "b": Again.MENDED, "c": Again.MENDED}


def test_entries_of_a_unit_that_left_the_roster_are_kept_aside(tmp_path: Path) -> None:
    kept = kept_of(one_unit(finding(1)), tmp_path, problems={1: {"审核意见": "采纳"}}, units={1: {"备注": "催"}})
    other = season([line(1, "丙局", "甲县", [])])
    after = next_round(other, kept)
    assert len(after.remarks) == 1 and UNIT in after.remarks[0]
    assert {(stray.unit, stray.typed.adopted, stray.typed.remark) for stray in after.round.strays} == {(UNIT, True, ""), (UNIT, None, "催")}
    path = tmp_path / "next.xlsx"
    path.write_bytes(season_workbook(other, after.round))
    again = next_round(other, read_workbook(path)).round
    assert [replace(stray, at="") for stray in again.strays] == [replace(stray, at="") for stray in after.round.strays]


def test_a_finding_that_is_waived_now_keeps_its_row(tmp_path: Path) -> None:
    kept = kept_of(one_unit(finding(1)), tmp_path, problems={1: {"审核意见": "采纳"}})
    waived = Finding.model_validate(finding(1).model_dump() | {"waived": {"reason": "x"}})
    after = next_round(one_unit(waived), kept).round
    assert [(told.fingerprint, told.again) for told in after.gone] == [(f"{1:016x}", Again.OPEN)]
    assert adopted(after) == {"1": True}


def test_notes_that_were_not_listed_are_not_new(tmp_path: Path) -> None:
    kept = kept_of(one_unit(finding(1)), tmp_path)
    note = finding(2, severity=Severity.NOTE)
    assert became(next_round(one_unit(finding(1), note), kept).round) == {"1": Again.OPEN}


def test_remarks_on_files_stay_with_their_row_and_outlive_it(tmp_path: Path) -> None:
    def rework(book: openpyxl.Workbook) -> None:
        put(book["3 未报、重报、串年、雷同"], 2, 备注="已催")
        put(book["3 未报、重报、串年、雷同"], 4, 备注="有意为之")

    path = filled(season_workbook(season()), tmp_path / "a.xlsx", change=rework)
    now = replace(season(), anomalies=season().anomalies[:1])
    after = next_round(now, read_workbook(path)).round
    (path := tmp_path / "b.xlsx").write_bytes(season_workbook(now, after, "en"))
    again = read_workbook(path)
    assert [said.typed.remark for said in again.files.values()] == ["有意为之"]
    assert [(stray.unit, stray.typed.remark) for stray in again.strays] == [("甲县水利局", "已催")]
