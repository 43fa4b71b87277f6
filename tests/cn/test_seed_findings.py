"""The first real report, as section 13 of the catalogue of rules takes it apart: each of its defects, where it stands, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from published import Checked

from govreport_check.cli import main

pytestmark = pytest.mark.shared

SEED = "zhongyang_2022"
Told = tuple[str, str, int | None]


def told(result: object) -> list[Told]:
    """(rule, the words printed, their line) of every failed finding."""
    findings = [finding for finding in result.findings if finding.outcome == "fail"]  # type: ignore[attr-defined]
    return [(f.rule.partition("/")[2], f.cells[0].raw or "", next((c.place.line for c in f.cells if c.place.line), None)) for f in findings]


@pytest.fixture(scope="module")
def lines(document: Callable[[str], Path]) -> list[str]:
    return document(SEED).read_text(encoding="utf-8").splitlines()


WARNINGS = {
    1: ("label-misprinted", "度止件数"),
    2: ("label-misprinted", "社会组织"),
    3: ("scope-words", "对全市政府信息公开工作"),
    7: ("fees-statement", "六、其他需要报告的事项"),
    8: ("government-duties", "一、总体情况"),
}
NOTES = {
    4: ("regulation-style", "国务院令711号"),
    5: ("notice-style", "关于印发中华人民共和国政府信息公开工作年度报告格式"),
    9: ("stock-newly-begun", "行政规范性文件14014"),
}
REVIEWED = {
    6: ("parts-named", "因政府信息公开工作被申请行政复议"),
    14: ("known-slips", "依附不予公开的说明理由"),
    15: ("defined-term", "以下简称《条例》"),
}
"""Off by default: whoever asks for a review gets them, as notes."""


@pytest.mark.parametrize("row", [*WARNINGS, *NOTES])
def test_row_is_told_at_its_line(row: int, checked: Checked, lines: list[str]) -> None:
    rule, words = {**WARNINGS, **NOTES}[row]
    severity = "warning" if row in WARNINGS else "note"
    found = [f for f in checked(SEED).findings if f.rule == f"cn-disclosure/{rule}"]
    assert {(f.severity, f.outcome) for f in found} == {(severity, "fail")}
    at = [cell.place.line for finding in found for cell in finding.cells if cell.place.line]
    around = ["".join(lines[max(0, line - 2) : line + 2]) for line in at]
    assert any(words in re.sub(r"\s", "", piece) for piece in around), (at, words)


def test_nothing_else_is_told(checked: Checked) -> None:
    found = [(finding.severity.value, finding.rule.partition("/")[2]) for finding in checked(SEED).findings]
    expected = [("warning", rule) for rule, _ in WARNINGS.values()] + [("note", rule) for rule, _ in NOTES.values()]
    assert sorted(found) == sorted(expected)


@pytest.mark.parametrize("row", REVIEWED)
def test_row_is_a_note_of_the_review(row: int, checked: Checked) -> None:
    (one,) = {(f.severity.value, f.rule) for f in checked(SEED, profile="review").findings if f.rule.endswith(f"/{REVIEWED[row][0]}")}
    assert one == ("note", f"cn-disclosure/{REVIEWED[row][0]}")


@pytest.mark.parametrize("profile", [None, "draft", "publish", "review"])
def test_rows_20_to_22_pass_in_every_profile(profile: str | None, checked: Checked) -> None:
    result = checked(SEED, profile=profile)
    loud = {f.rule.partition("/")[2] for f in result.findings if f.severity != "note"}
    assert loud == {rule for rule, _ in WARNINGS.values()}
    assert not [f for f in result.findings if f.outcome == "undecided"]


def test_published_in_time(checked: Checked) -> None:
    """Row 20: published on 16 January, within the time of its level; on 1 April it would not have been."""
    assert not [rule for rule, _, _ in told(checked(SEED, about=(("published_on", "2023-01-16"),))) if rule.startswith("deadline")]
    assert [rule for rule, _, _ in told(checked(SEED, about=(("published_on", "2023-04-01"),))) if rule.startswith("deadline")] == [
        "deadline-county"
    ]


def test_publish_stops_it_for_its_two_labels(checked: Checked) -> None:
    (report,) = (result := checked(SEED, profile="publish")).reports
    assert (report.verdict, result.exit_code) == ("findings", 1)
    assert len([rule for rule, _, _ in told(result) if rule == "label-misprinted"]) == 2
    first = report.sentence.partition("。")[0]
    assert re.search(r"发布.*2处.*(?:栏目|标签|表头|行名)", first)
    assert "未能核对" not in report.sentence


def test_exit_codes(document: Callable[[str], Path], checked: Checked) -> None:
    path = str(document(SEED))
    for profile, code in ((None, 0), ("draft", 0), ("publish", 1), ("review", 0)):
        assert checked(SEED, profile=profile).exit_code == code
        assert main(["check", path, *(["--profile", profile] if profile else [])]) == code
    assert checked(SEED, fail_on="warning").exit_code == 1
    assert checked(SEED, fail_on="never").exit_code == 0
