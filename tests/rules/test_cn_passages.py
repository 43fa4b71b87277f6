"""The China pack on passages, headings, dates and identity: faults planted one by one in a clean report, and what is not to be said."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from govreport_check import check, read
from govreport_check.findings import Finding

TITLE, PREAMBLE = "云岭县人民政府2024年政府信息公开工作年度报告", "云岭县人民政府办公室汇总各乡镇"
NOTICE = "印发〈中华人民共和国政府信息公开工作年度报告格式〉的通知》（国办公开办函〔2021〕30号）"
SIGNED = "云岭县人民政府办公室\n2025年1月22日"
OVERVIEW = "各项任务按期完成。\n"


@pytest.fixture(scope="module")
def clean(root: Path) -> str:
    return (root / "docs" / "examples" / "yunling-2024.txt").read_text(encoding="utf-8")


def found(text: str, about: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Finding]:
    """The failed rules, by name."""
    result = check(text, packs=["cn-disclosure"], about=about, name="report.txt", **more)
    return {finding.rule.partition("/")[2]: finding for finding in result.reports[0].findings if finding.outcome == "fail"}


def changed(text: str, old: str, new: str) -> str:
    assert text.count(old) >= 1, old
    return text.replace(old, new, 1)


FAULTS = [
    # citations
    ("国务院令第711号", "国务院令第492号", "regulation-number", "warning"),
    ("国务院令第711号", "国务院令711号", "regulation-style", "note"),
    ("〔2021〕30号", "〔2019〕60号", "notice-number", "warning"),
    ("〔2021〕30号", "〔2021〕3号", "notice-number", "warning"),
    ("〔2021〕30号", "〔2012〕30号", "notice-number", "warning"),
    ("国办公开办函〔2021〕30号", "国办发〔2021〕30号", "notice-number", "warning"),
    (NOTICE, "政府信息公开工作年度报告有关事项的通知》（国办公开办函〔2021〕30号）", "notice-title", "warning"),
    ("〔2021〕30号", "[2021]30号", "notice-style", "note"),
    ("印发〈中华人民共和国政府信息公开工作年度报告格式〉的", "印发中华人民共和国政府信息公开工作年度报告格式的", "notice-style", "note"),
    ("《国务院办公厅政府信息与政务公开办公室关于" + NOTICE, "有关文件", "notice-cited", "note"),
    ("六个部分", "四个部分", "parts-stated", "warning"),
    ("、政府信息公开行政复议、行政诉讼情况、", "、", "parts-listed", "warning"),
    # identity: another year, another agency, another scope
    ("汇总各乡镇、各部门情况，编制本报告", "汇总各乡镇、各部门情况，编制2023年政府信息公开工作年度报告", "preamble-year", "error"),
    (PREAMBLE, "青河县人民政府办公室汇总各乡镇", "preamble-agency", "warning"),
    (TITLE, "青河县人民政府2024年政府信息公开工作年度报告", "signature-agency", "warning"),
    (SIGNED, "青河县人民政府办公室\n2025年1月22日", "signature-agency", "warning"),
    (OVERVIEW, "进一步加强全市政务公开工作。\n", "scope-words", "warning"),
    (OVERVIEW, "加大对全市政府信息公开工作的推进、指导和协调。\n", "scope-words", "warning"),
    (OVERVIEW, "我市政务公开水平稳步提升。\n", "scope-words", "warning"),
    (TITLE, "云岭县人民政府2024年政府信息公开年度报告", "title-wording", "note"),
    # parts
    ("五、存在的主要问题及改进情况", "五、整改措施", "heading-other", "note"),
    ("五、存在的主要问题及改进情况", "五、政府信息公开工作存在的主要问题及改进情况", "heading-variant", "note"),
    ("四、政府信息公开行政复议、行政诉讼情况\n", "四、政府信息公开行政法复议、行政诉讼情况\n", "heading-misprinted", "warning"),
    ("（三）政府信息管理。公文起草时同步确定公开属性，", "（三）其他。", "overview-aspects", "warning"),
    ("，未发生因政府信息公开工作被责任追究的情形", "", "government-duties", "warning"),
    ("2025年将采取以下措施", "2023年，我县将采取以下措施", "plans-ahead", "warning"),
    # what is left over
    (OVERVIEW, "各项任务按期完成的的。\n", "doubled-words", "note"),
    (OVERVIEW, "各项任务&nbsp;按期完成。\n", "markup-left", "note"),
    (OVERVIEW, "按照《政务公开办法要求按期完成。\n", "brackets-closed", "note"),
]


@pytest.mark.parametrize(("old", "new", "rule", "severity"), FAULTS, ids=lambda value: value[:14] if isinstance(value, str) else value)
def test_a_planted_fault_is_found(clean: str, old: str, new: str, rule: str, severity: str) -> None:
    broken = clean.rpartition(old) if old == SIGNED or old.startswith(("五、", "四、")) else clean.partition(old)
    findings = found(broken[0] + new + broken[2])
    assert rule in findings
    assert str(findings[rule].severity) == severity


TRAPS = [
    # a superior's wishes and examinations, titles, quotations
    (OVERVIEW, "在全市考核中位列第一，全省抽查全部合格。\n"),
    (OVERVIEW, "按照市政府办公室加强全市政务公开工作的要求，按期完成。\n"),
    (OVERVIEW, "落实《关于加强全市政务公开工作的意见》，按期完成。\n"),
    (OVERVIEW, "推动全县政务公开工作提质增效。\n"),
    # 沭阳: the form itself is cited, not its Notice
    (
        "《国务院办公厅政府信息与政务公开办公室关于印发〈中华人民共和国政府信息公开工作年度报告格式〉的通知》（国办公开办函〔2021〕30号）",
        "《中华人民共和国政府信息公开工作年度报告格式》(国办公开办函〔2021〕30号)",
    ),
    ("关于印发〈中华人民共和国政府信息公开工作年度报告格式〉的通知", "关于印发<中华人民共和国政府信息公开工作年度报告格式>的通知"),
    # names of other parts' Notices and of years in them
    ("和《国务院办公厅", "、《江南省人民政府办公厅关于做好2025年政府信息公开工作年度报告编制发布工作的通知》和《国务院办公厅"),
    # an older title of the Regulations beside the new one
    ("国务院令第711号", "国务院令第492号公布，国务院令第711号修订"),
    ("针对2023年度报告提出的栏目交叉重复问题", "（一）2023年工作中存在问题的改进情况。针对栏目交叉重复问题"),
    ("云岭县人民政府办公室\n2025年1月22日", "江南省云岭县人民政府办公室\n2025年1月22日"),
    (TITLE, "2024年云岭县人民政府政府信息公开工作年度报告"),
    ("2024年1月1日至2024年12月31日", "2024年1月1日至12月31日"),
    (OVERVIEW, "层层落实责任，时时更新栏目，事事有人负责。\n"),
    ("未发生因政府信息公开工作被责任追究的情形", "未发生问责情形"),
    # an organ named without its place, and others that only did what they were asked
    (PREAMBLE, "本报告由县政府办公室汇总各乡镇"),
    (PREAMBLE, "综合县直各部门情况，由县政府政务公开办公室汇总各乡镇"),
    (PREAMBLE, "按照江南市人民政府2024年政府信息公开工作要求，县政府办公室汇总各乡镇"),
    (PREAMBLE, "根据市政府关于2025年政府信息公开工作年度报告编制工作的要求，汇总各乡镇"),
    (OVERVIEW, "江南市政府办公室组织全市政务公开培训，我县派员听课。\n"),
    (OVERVIEW, "市政府办公室组织全市政务公开培训，我县派员听课。\n"),
    (OVERVIEW, "到2035年，基本建成公开透明的政府。落实规划（2021-2035）和云政发〔2021〕39号文件。\n"),
]


@pytest.mark.parametrize(("old", "new"), TRAPS, ids=lambda value: value[:14])
def test_a_correct_passage_draws_nothing(clean: str, old: str, new: str) -> None:
    assert found(changed(clean, old, new)) == {}


@pytest.mark.parametrize("name", ["云岭高新技术产业开发区管委会", "云岭县人民政府办公室", "云岭县统计局"])
def test_duties_of_governments_are_asked_of_no_other(clean: str, name: str) -> None:
    other = changed(changed(clean, "云岭县人民政府2024", f"{name}2024"), "，未发生因政府信息公开工作被责任追究的情形", "")
    assert "government-duties" not in found(other)


@pytest.mark.parametrize(
    ("name", "level", "kind"),
    [
        ("云岭县", "county", "government"),
        ("江南市云岭区人民政府", "county", "government"),
        ("云岭县石桥镇人民政府", "township", "government"),
        ("石桥街道办事处", "township", "department"),
        ("云岭县发展和改革局", "county", "department"),
        ("江南省云岭市卫生健康委员会", None, "department"),
        ("江南市人民政府", None, "government"),
        ("江南省人民政府办公厅", "province", "office"),
        ("上海市人民政府", "province", "government"),
        ("内蒙古自治区人民政府", "province", "government"),
        ("延边朝鲜族自治州人民政府", "prefecture", "government"),
        ("国家税务总局江南市云岭区税务局", "county", "vertical"),
        ("国家统计局江南调查总队", None, "vertical"),
        ("云岭高新区管委会", None, None),
        ("江北新区管理委员会", None, None),
        ("景德镇市人民政府", None, "government"),
    ],
)
def test_level_and_kind_follow_from_the_name(clean: str, name: str, level: str | None, kind: str | None) -> None:
    text = changed(clean, "云岭县人民政府2024", f"{name}2024").replace(SIGNED, "2025年1月22日")
    about = read(text, packs=["cn-disclosure"]).about
    assert (about["agency"], about.get("level"), about.get("kind")) == (name, level, kind)


DAYS = [
    ("云岭县人民政府", "2025-02-20", None),
    ("云岭县人民政府", "2025-03-05", "deadline-county"),
    ("云岭县统计局", "2025-01-31", None),
    ("云岭县统计局", "2025-02-20", "deadline-january"),
    ("云岭县石桥镇人民政府", "2025-02-20", "deadline-january"),
    ("延边朝鲜族自治州人民政府", "2025-03-20", "deadline-prefecture"),
    ("江南省人民政府", "2025-03-31", None),
    ("江南省人民政府", "2025-04-20", "deadline-march"),
    ("国家税务总局云岭县税务局", "2025-03-20", None),
    ("江南市人民政府", "2025-03-20", None),
    ("云岭高新区管委会", "2025-06-20", None),
    ("云岭县人民政府办公室", "2025-02-20", None),
]


@pytest.mark.parametrize(("name", "day", "rule"), DAYS)
def test_the_day_of_publication_is_held_against_the_level(clean: str, name: str, day: str, rule: str | None) -> None:
    text = changed(clean, "云岭县人民政府2024", f"{name}2024").replace(SIGNED, "2025年1月20日")
    findings = found(text, {"published_on": day})
    assert [name for name in findings if name.startswith("deadline")] == ([rule] if rule else [])


def test_a_day_late_may_be_a_holiday(clean: str) -> None:
    late = found(clean, {"published_on": "2025-02-21"})["deadline-county"]
    assert str(late.severity) == "note"


def test_nothing_is_said_of_days_when_none_was_given(clean: str) -> None:
    assert [name for name in found(clean) if name.startswith(("deadline", "level"))] == []


def test_the_tables_of_another_year_are_an_error(clean: str) -> None:
    early = clean.replace("2024年", "2020年").replace("2025年", "2021年").replace("2023年", "2019年")
    assert str(found(early)["form-fits-year"].severity) == "error"


def test_the_superseded_form_is_an_error() -> None:
    services = {"other_services": {"prev_items": None, "change": None, "decisions": None}}
    late = {"schema": "govreport-report/1", "form": "cn-disclosure/2019", "about": {"year": 2022}, "tables": {"services": services}}
    failed = [one for one in check(late).reports[0].findings if one.outcome == "fail"]
    assert "cn-disclosure/form-superseded" in [one.rule for one in failed]


def test_a_signature_that_no_publication_can_precede_is_noted(clean: str) -> None:
    assert "signature-past-limit" in found(changed(clean, "2025年1月22日", "2025年5月6日"))


def test_part_five_says_something(clean: str) -> None:
    start, end = clean.index("（一）存在的主要问题"), clean.index("六、其他需要报告的事项", clean.index("（一）存在的主要问题"))
    assert "problems-substance" in found(clean[:start] + "无。\n\n" + clean[end:])


@pytest.mark.parametrize(("profile", "stopped"), [("draft", False), ("publish", True), ("review", False)])
def test_a_misprinted_label_stops_publication_only(clean: str, profile: str, stopped: bool) -> None:
    broken = changed(clean, "本年废止件数", "本年度止件数")
    result = check(broken, packs=["cn-disclosure"], profile=profile)
    assert (str(result.reports[0].verdict) != "clean") is stopped
