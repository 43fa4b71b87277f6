"""Every row of ``traps.md``: what real reports print, a naive rule takes for a fault, and no rule of this pack may be loud about.

Where a trap is a passage, it is put into the clean example, and beside it stands what the rule is for: that must be found.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from published import Checked

from govreport_check import Result, check, check_many, read
from govreport_check.findings import ReportResult

LINE = "各项任务按期完成。\n"
NOTICE = "《国务院办公厅政府信息与政务公开办公室关于印发〈中华人民共和国政府信息公开工作年度报告格式〉的通知》（国办公开办函〔2021〕30号）"
TITLE = "云岭县人民政府2024年政府信息公开工作年度报告"
PERIOD = "2024年1月1日至2024年12月31日"
LAST = "（二）改进情况。"

TRAPS: dict[str, tuple[str, str]] = {
    "74 cases beside 718 completed": (LINE, LINE + "依法做好行政复议、行政诉讼案件的应诉工作，全县共办理相关案件15件。\n"),
    "appeals all answered": (LINE, LINE + "收到群众诉求348件，现场解决162件，跟进解决186件，办结率100%。\n"),
    "messages all answered": (LINE, LINE + "全年收到网民留言215条，办结率100%，均已按时办结。\n"),
    "the notice without its verb": (NOTICE, "《中华人民共和国政府信息公开工作年度报告格式》(国办公开办函〔2021〕30号)"),
    "six parts, one with a comma in its name": ("六个部分", "六部分"),
    "plans of other years": (
        LINE,
        LINE
        + "发布国民经济和社会发展第十四个五年规划和二〇三五年远景目标纲要、文化发展规划（2021-2035）。"
        + "按照《关于加强解读工作的通知》（云政办函〔2021〕39号）开展解读。\n",
    ),
    "last year's problems": (LAST, "（二）2023年工作中存在问题的改进情况。针对2023年工作中存在的主要问题，重点采取如下改进措施。"),
    "the title begins with the year": (TITLE, "2024年云岭县人民政府政府信息公开工作年度报告"),
    "the second year is left out": (PERIOD, "2024年1月1日至12月31日"),
    "policy papers are no normative documents": (LINE, LINE + "全年公开政策文件4件，对3件政策性文件征求意见。\n"),
    "examined by the city": (LINE, LINE + "在全市考核中列第二位，在全省抽查中合格率为100%。按照全市政务公开工作部署，逐项落实。\n"),
    "a title in ASCII brackets": (NOTICE, NOTICE.replace("〈", "<").replace("〉", ">")),
    "spaces in labels": ("（七）总计", "（七）总 计"),
    "a label across lines": ("三、本年度办理结果", "三 、本 年 度办 理 结果"),
    "new and carried over": (
        "全县收到政府信息公开申请108件，其中自然人86件、法人或其他组织22件；另有上年结转7件。",
        "全县收到政府信息公开申请115件。",
    ),
}
"""What it is → (what the clean text says, what this one says)."""

FOUND: dict[str, tuple[str, str, str]] = {
    "completed otherwise": ("全年办结109件", "全年办结118件", "completed-stated"),
    "cases otherwise": (LINE, LINE + "依法做好行政复议、行政诉讼案件的应诉工作，全县共办理相关案件16件。\n", "disputes-stated"),
    "applications all completed": (LINE, LINE + "受理的政府信息公开申请均已按时答复，办结率100%。\n", "all-completed-stated"),
    "five parts": ("六个部分", "五个部分", "parts-stated"),
    "the notice of the other form": (NOTICE, "《关于政府信息公开工作年度报告有关事项的通知》（国办公开办函〔2021〕30号）", "notice-title"),
    "another year": (LINE, LINE + "2021年，全县举办培训4期。\n", "years-mentioned-in-window"),
    "last year's plan": ("2025年将采取以下措施", "2023年将采取以下措施", "plans-ahead"),
    "the period ends early": (PERIOD, "2024年1月1日至12月21日", "period-end"),
    "documents otherwise": ("新制发行政规范性文件6件", "新制发行政规范性文件4件", "documents-issued-stated"),
    "our city": (LINE, LINE + "我市政务公开工作取得新进展。\n", "scope-words"),
    "all the city's work": (LINE, LINE + "加强对全市政府信息公开工作的指导、协调。\n", "scope-words"),
    "neither new nor with those carried over": ("全县收到政府信息公开申请108件", "全县收到政府信息公开申请117件", "received-stated"),
    "a denied suit": (LINE, LINE + "全年未发生因政府信息公开引发的行政诉讼。\n", "no-litigation-stated"),
    "a denied review": (LINE, LINE + "没有因政府信息公开申请引起的行政复议。\n", "no-review-stated"),
    "all upheld": (LINE, LINE + "行政复议、行政诉讼均获维持。\n", "all-upheld-stated"),
    "none corrected": (LINE, LINE + "未发生行政复议纠错情形。\n", "none-corrected-stated"),
}
"""The same rules on what they are for → (what the clean text says, what this one says, the rule)."""


def names(result: Result | ReportResult, *, loud: bool = True) -> list[str]:
    """The failed rules; only errors and warnings, or all."""
    return [f.rule.partition("/")[2] for f in result.findings if f.outcome == "fail" and not (loud and f.severity == "note")]


def changed(text: str, old: str, new: str) -> str:
    assert old in text, old
    return text.replace(old, new, 1)


@pytest.fixture(scope="module")
def told(clean: str) -> dict[str, ReportResult]:
    changes = {name: passage[:2] for name, passage in {**TRAPS, **FOUND}.items()}
    reports = check_many([changed(clean, *passage) for passage in changes.values()]).reports
    return dict(zip(changes, reports, strict=True))


@pytest.mark.parametrize("trap", TRAPS)
def test_a_trap_is_no_fault(trap: str, told: dict[str, ReportResult]) -> None:
    assert names(told[trap]) == []
    assert [f.message for f in told[trap].findings if f.outcome == "undecided"] == []
    assert told[trap].read.cells == (200, 200)


@pytest.mark.parametrize("fault", FOUND)
def test_what_the_rules_are_for_is_found(fault: str, told: dict[str, ReportResult]) -> None:
    assert FOUND[fault][2] in names(told[fault])


@pytest.mark.parametrize("fault", [fault for fault, (_, _, rule) in FOUND.items() if rule.endswith("-stated") and rule != "parts-stated"])
def test_what_the_prose_says_is_told_as_the_proses(fault: str, told: dict[str, ReportResult]) -> None:
    (one,) = [finding for finding in told[fault].findings if finding.rule.endswith(f"/{FOUND[fault][2]}")]
    assert one.cells[0].address == "sections.overview"
    assert one.message.startswith("“一、总体情况”")
    assert one.cells[0].place.line


@pytest.mark.shared
class TestDocuments:
    def test_a_heading_lost_in_conversion_is_not_read_rather_than_missing(self, checked: Checked) -> None:
        (report,) = (result := checked("shanghai_gao_2025")).reports
        assert names(result) == []
        assert report.verdict == "not_verified"
        (one,) = [f for f in report.findings if f.rule == "form/unread-section"]
        assert one.outcome == "undecided"
        assert one.cells[0].address == "sections.problems"

    @pytest.mark.parametrize("name", ["shuyang_2025", "pingtan_2020", "pingtan_2021", "pingtan_2022", "shanghai_gao_2025"])
    def test_prose_of_other_matters_is_not_compared(self, name: str, checked: Checked) -> None:
        assert [
            rule for rule in names(checked(name), loud=False) if rule.endswith("-stated") or rule in ("notice-title", "parts-stated")
        ] == []

    @pytest.mark.parametrize("name", ["pingtan_2021", "shanghai_gao_2025", "shuyang_2025", "suqian_2023"])
    def test_other_years_are_named_rightly(self, name: str, checked: Checked) -> None:
        years = {"years-mentioned-in-window", "years-malformed", "plans-ahead", "title-year", "title-wording", "period-start", "period-end"}
        assert years & set(names(checked(name), loud=False)) == set()

    @pytest.mark.parametrize("name", ["suqian_2023", "shuyang_2025"])
    def test_shortened_labels_and_invented_heads_are_no_misprints(self, name: str, checked: Checked) -> None:
        found = names(checked(name), loud=False)
        assert {"label-misprinted", "label-other", "label-missing", "heading-misprinted"} & set(found) == set()
        assert checked(name).reports[0].read.cells == (200, 200)

    @pytest.mark.parametrize("name", ["shanghai_gao_2025", "shuyang_2025"])
    def test_a_large_share_of_other_outcomes_is_no_warning(self, name: str, checked: Checked) -> None:
        assert "misc-share" not in names(checked(name), loud=False)
        (review,) = [f.severity.value for f in checked(name, profile="review").findings if f.rule.endswith("/misc-share")] or ["note"]
        assert review == "note"

    @pytest.mark.parametrize("name", ["pingtan_2019", "pingtan_2020", "pingtan_2021", "pingtan_2022", "pingtan_2025", "shanghai_gao_2025"])
    def test_duties_and_deadlines_of_governments_bind_no_office_and_no_committee(self, name: str, checked: Checked) -> None:
        late = checked(name, about=(("published_on", f"{int(name[-4:]) + 1}-03-30"),))
        assert [rule for rule in names(late) if rule == "government-duties" or rule.startswith("deadline")] == []

    def test_a_thousand_and_two_characters_are_not_counted(self, checked: Checked) -> None:
        assert "overview-length" not in names(checked("pingtan_2025"), loud=False)

    def test_a_title_in_ascii_brackets_is_kept(self, document: Callable[[str], Path], checked: Checked) -> None:
        preamble = (read(document("pingtan_2022")).sections or {})["preamble"].text
        assert "<中华人民共和国政府信息公开工作年度报告格式>" in preamble
        assert {"notice-title", "notice-cited", "markup-left"} & set(names(checked("pingtan_2022"), loud=False)) == set()

    @pytest.mark.parametrize("name", ["pingtan_2021", "pingtan_2022", "pingtan_2025"])
    def test_the_date_of_a_page_is_no_date_of_publication(self, name: str, checked: Checked) -> None:
        assert "published_on" not in {key for key, value in checked(name).reports[0].about.items() if value is not None}
        assert [rule for rule in names(checked(name), loud=False) if "deadline" in rule or "publi" in rule] == []


@pytest.mark.parametrize(("length", "told"), [(1002, False), (1470, False), (1510, True), (3400, True)])
def test_length_is_a_note_and_only_from_fifteen_hundred(length: int, told: bool, clean: str) -> None:
    overview = (read(clean).sections or {})["overview"].text
    filler = "逐乡逐村核对公开目录并修订指南，" * length
    longer = changed(clean, LINE, LINE + filler[: length - len("".join(overview.split()))] + "\n")
    assert ("overview-length" in names(check(longer), loud=False)) is told
    assert "overview-length" not in names(check(longer))


@pytest.fixture(scope="module")
def years(root: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """(this year, a year before that it continues), figures alone."""
    now = json.loads((root / "docs" / "examples" / "yunling-2024.json").read_text(encoding="utf-8"))
    del now["sections"]
    before = copy.deepcopy(now)
    before["about"] = {"agency": now["about"]["agency"], "year": 2023}
    before["tables"]["documents"]["normative_documents"] = {"issued": 8, "repealed": 2, "in_force": 86}
    before["tables"]["requests"]["carried_forward"] = dict(now["tables"]["requests"]["carried_over"])
    before["tables"]["decisions"]["licensing"]["handled"] -= 1
    before["tables"]["requests"]["new_received"] |= {"natural_person": 85}
    return now, before


@pytest.mark.parametrize(
    ("in_force", "expected"), [(83, set()), (80, {("note", "stock-continues")}), (93, {("warning", "stock-above-possible")})]
)
def test_lapsed_documents_are_a_note_and_too_many_a_warning(
    in_force: int, expected: set[tuple[str, str]], years: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    now, before = copy.deepcopy(years[0]), years[1]
    now["tables"]["documents"]["normative_documents"]["in_force"] = in_force
    assert {(f.severity.value, f.rule.partition("/")[2]) for f in check(now, prior=before).findings} == expected


@pytest.mark.parametrize("day", ["2025-01-31", "2025-02-05", "2025-02-20", "2025-03-31", "2025-07-01"])
def test_late_is_never_an_error(day: str, years: tuple[dict[str, Any], dict[str, Any]]) -> None:
    now = copy.deepcopy(years[0])
    now["about"] |= {"agency": "云岭县水利局", "signed_by": "云岭县水利局", "kind": "department", "published_on": day}
    found = {f.severity.value for f in check(now).findings if f.outcome == "fail"}
    assert found <= {"warning", "note"}
    assert bool(found) is (day > "2025-01-31")


@pytest.mark.shared
def test_no_row_is_left_out(shared: Path) -> None:
    """The rows of the page, as they were when these tests were written: a new one needs a test."""
    lines = (shared / "cn" / "traps.md").read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if line.startswith("|")][2:]
    assert len(rows) == 18
