from __future__ import annotations

import re

import pytest

from govreport_check.findings import Finding, ReportResult, Result, Severity, Verdict, Waived
from govreport_check.renderers import render
from govreport_check.renderers.lines import cells
from govreport_check.renderers.listing import render_svg, tone

ESCAPE = re.compile("\x1b\\[[0-9;]*m")


def with_findings(result: Result, findings: list[Finding]) -> Result:
    return result.model_copy(update={"reports": [result.reports[0].model_copy(update={"findings": findings})]})


def listing(
    result: Result, *, lang: str = "zh", width: int = 100, color: bool = False, notes: bool = False, waived: bool = True, **more: bool
) -> str:
    return render(result, "rich", lang=lang, width=width, color=color, notes=notes, waived=waived, **more)


def squeezed_lines(text: str) -> str:
    return " ".join(text.split())


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_the_verdict_comes_first(result: Result) -> None:
    assert squeezed(listing(result)).startswith(squeezed(result.reports[0].sentence))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [60, 80, 100, 140])
def test_it_fits_every_terminal(result: Result, width: int, lang: str) -> None:
    assert all(cells(line) <= width for line in listing(result, width=width, lang=lang, notes=True).splitlines())


@pytest.mark.parametrize("format_", ["rich", "concise", "json"])
def test_without_color_there_is_no_escape_code(result: Result, format_: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b" not in render(result, format_, color=False, notes=True)


def test_color_says_the_same_words_whatever_the_environment(result: Result, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    painted = listing(result, color=True)
    assert "\x1b[" in painted
    bare = ESCAPE.sub("", painted)
    assert squeezed(bare) == squeezed(listing(result)).replace("[", "").replace("]", "")


def test_text_of_a_report_can_neither_paint_nor_steer(balance: Finding, result: Result) -> None:
    hostile = "[bold red]标题[/bold red]\x1b[31m\x1b]0;title\x07\x9b2J"
    finding = balance.model_copy(update={"message": hostile, "why": hostile})
    painted = listing(with_findings(result, [finding]), color=True)
    assert "[bold red]标题[/bold red]" in painted
    assert not set(ESCAPE.sub("", painted)) & set("\x1b\x07\x9b")


@pytest.mark.parametrize(("operator", "words"), [("==", "应等于"), ("<=", "应不大于")])
def test_the_ledger_has_both_sides_and_the_difference(balance: Finding, result: Result, operator: str, words: str) -> None:
    text = listing(with_findings(result, [balance.model_copy(update={"operator": operator})]))
    assert re.search(r"左 +60 +本年新收 · 自然人 +表三第1行“自然人”列\n +\+ +1 ", text)
    assert re.search(r"= 61\n +右 +62 ", text)
    assert re.search(rf"61 {words} 64，相差 3\n", text)


@pytest.mark.parametrize(("operator", "told"), [("==", True), (">", False)])
def test_without_terms_only_an_equality_is_told(misprint: Finding, result: Result, operator: str, told: bool) -> None:
    finding = misprint.model_copy(update={"left": "2024年12月21日", "operator": operator, "right": "2024年12月31日"})
    assert ("2024年12月31日" in listing(with_findings(result, [finding]))) is told


def test_a_fact_that_was_worked_out_is_not_called_printed(misprint: Finding, result: Result) -> None:
    year = misprint.cells[0].model_copy(update={"address": "about.year", "spot": "报告年度", "raw": "2024"})
    text = listing(with_findings(result, [misprint.model_copy(update={"cells": [year, *misprint.cells]})]))
    assert "报告年度  2024\n" in text
    assert "原文“本年度止件数”" in text


def test_zeros_are_folded_and_counted(outcome_total: Finding, result: Result) -> None:
    text = listing(with_findings(result, [outcome_total]))
    assert "其余18项为0" in text
    assert "denied.r0" not in text
    assert "原文“12（其中修订2件）”" in text


def test_an_unread_operand_is_a_question_mark_with_its_text(balance: Finding, result: Result) -> None:
    terms = [term.model_copy(update={"value": None}) if "carried_over" in term.address else term for term in balance.terms]
    cells_ = [cell.model_copy(update={"raw": "12a", "value": None}) if "carried_over" in cell.address else cell for cell in balance.cells]
    text = listing(with_findings(result, [balance.model_copy(update={"terms": terms, "cells": cells_})]))
    assert re.search(r"\+ +\? .*原文“12a”", text)


def test_notes_are_folded_into_one_line_unless_asked_for(result: Result, note: Finding) -> None:
    assert note.message not in listing(result)
    assert "另有1条提示" in listing(result)
    assert note.message in listing(result, notes=True)
    assert "另有" not in listing(result, notes=True)


def test_one_reason_for_many_is_told_once_with_every_rule(result: Result, unread: list[Finding]) -> None:
    text = squeezed(listing(result))
    assert unread[0].reason is not None
    assert text.count(squeezed(unread[0].reason)) == 1
    assert "收支平衡cn-disclosure/requests-balance" in text
    assert "行合计cn-disclosure/requests-row-total" in text
    assert "表四“尚未审结”未印数字因此未作判断的规则（1条）：复议诉讼总计cn-disclosure/disputes-total" in text
    assert "请核对" not in text[text.index("未能核对4") : text.index("已豁免")]


def test_law_and_advice_stand_once_for_each_rule(balance: Finding, result: Result) -> None:
    text = listing(with_findings(result, [balance, balance.model_copy(update={"fingerprint": "x"})]))
    assert text.count(balance.fix) == 1
    assert text.count("表三 勾稽关系") == 1
    assert text.count("cn-disclosure/requests-balance · ") == 2


def test_a_waived_finding_is_told_with_its_reason_and_last_day(waived: Finding, result: Result) -> None:
    text = listing(with_findings(result, [waived]))
    assert "错误 1" not in text
    assert "已豁免 1" in text
    assert "机构改革，上年数据并入（李四、截至2026-12-31）" in text


def test_what_does_not_count_is_folded_into_one_line(waived: Finding, result: Result) -> None:
    known = waived.model_copy(update={"waived": Waived(kind="baseline", reason="列入基线的既有问题", file="b.json")})
    folded = listing(with_findings(result, [waived, known]), waived=False)
    assert waived.message not in folded
    (line,) = [line for line in folded.splitlines() if "--show-waived" in line]
    assert "2条" in line
    assert "--show-waived" not in listing(with_findings(result, [waived]))
    assert "列入基线的既有问题（b.json）" in listing(with_findings(result, [known]))


def test_fingerprints_stand_with_the_rule_when_they_are_asked_for(result: Result) -> None:
    told = [finding for finding in result.findings if not finding.waived]
    plain, named = (listing(with_findings(result, told), notes=True, fingerprints=wanted) for wanted in (False, True))
    assert [finding.rule for finding in told if f"{finding.rule} · {finding.fingerprint}" not in squeezed_lines(named)] == []
    assert [finding.rule for finding in told if f"{finding.rule} · {finding.fingerprint}" in squeezed_lines(plain)] == []


def test_all_four_counts_are_always_there(result: Result, clean_result: Result) -> None:
    assert "通过 34 · 不符 6 · 未判定 4 · 不适用 3" in listing(result)
    assert "passed 42 · failed 0 · undecided 0 · not applicable 3" in listing(clean_result, lang="en")


@pytest.mark.parametrize(
    ("verdict", "severity", "outcome", "expected"),
    [
        (Verdict.NOT_VERIFIED, None, "fail", "undecided"),
        (Verdict.FINDINGS, Severity.WARNING, "fail", "error"),
        (Verdict.CLEAN, Severity.ERROR, "fail", "error"),
        (Verdict.CLEAN, Severity.WARNING, "fail", "warning"),
        (Verdict.CLEAN, Severity.ERROR, "undecided", "warning"),
        (Verdict.CLEAN, Severity.NOTE, "fail", "good"),
        (Verdict.CLEAN, None, "fail", "good"),
    ],
)
def test_only_what_was_read_and_holds_is_green(
    balance: Finding, verdict: Verdict, severity: Severity | None, outcome: str, expected: str
) -> None:
    findings = [balance.model_copy(update={"severity": severity, "outcome": outcome})] if severity else []
    assert tone(ReportResult(source="a", form="f", verdict=verdict, sentence="s", findings=findings)) == expected


def test_several_reports_are_told_apart_and_counted_together(result: Result, clean_result: Result) -> None:
    text = listing(result.model_copy(update={"reports": [*result.reports, *clean_result.reports]}))
    assert "共2份报告：1份未发现错误，0份有不符，1份未能核对" in text
    assert text.index("《云岭县》 2024.txt") < text.index("clean.txt")


def test_no_report_is_not_silence() -> None:
    assert "没有可以核对的报告" in listing(Result(engine="0"))


def test_the_picture_holds_the_listing(result: Result) -> None:
    picture = render_svg(result, lang="zh", width=100)
    assert picture.startswith("<svg")
    assert "应等于" in picture
    assert not re.search(r"url\(\W*http", picture)


def test_findings_stand_under_their_component_and_what_is_about_none_before_them(balance: Finding, result: Result) -> None:
    about = [("ICE", "one"), (None, "two"), ("overall", "three"), ("ICE", "four"), ("CBP", "five")]
    told = [balance.model_copy(update={"entity": who, "message": message, "suspects": []}) for who, message in about]
    lines = listing(with_findings(result, told), lang="en").splitlines()
    found = ("two", "── ICE", "one", "four", "── Agency Overall", "three", "── CBP", "five")
    at = [next(i for i, line in enumerate(lines) if line.strip().startswith((words, f"error  {words}"))) for words in found]
    assert at == sorted(at)
    assert sum(line.startswith("── ") for line in lines) == 3


def test_each_severity_has_its_components_anew(balance: Finding, result: Result) -> None:
    told = [balance.model_copy(update={"entity": "ICE", "severity": severity}) for severity in (Severity.ERROR, Severity.WARNING)]
    assert sum(line.startswith("── ICE") for line in listing(with_findings(result, told)).splitlines()) == 2


def test_a_component_can_neither_paint_nor_steer(balance: Finding, result: Result) -> None:
    told = balance.model_copy(update={"entity": "I\x1b[31mCE\x07"})
    painted = listing(with_findings(result, [told]), color=True)
    assert not set(ESCAPE.sub("", painted)) & set("\x1b\x07")
