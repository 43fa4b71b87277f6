"""The fixed words of every listing, in administrative Chinese and in English. What a rule says is in its rule file."""

from __future__ import annotations

from collections import Counter

from govreport_check.findings import Counts, Finding, PlaceRecord, Result, Severity, Verdict
from govreport_check.renderers.places import placed

WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "error": "错误",
        "warning": "存疑",
        "note": "提示",
        "undecided": "未能核对",
        "waived": "已豁免",
        "error.gloss": "必须更正",
        "warning.gloss": "请核实",
        "note.gloss": "供参考",
        "undecided.gloss": "不等于通过",
        "waived.gloss": "不计入结论",
        "counts": "通过 {pass} · 不符 {fail} · 未判定 {undecided} · 不适用 {not_applicable}",
        "left": "左",
        "right": "右",
        "zeros": "其余{n}项为0",
        "all_zeros": "{n}项均为0",
        "off_by": "，相差 {difference}",
        "printed": "原文“{raw}”",
        "as_read": "→ {value}",
        "reading": "按“{label}”为 {value}，相差 {difference}",
        "unknown": "未知",
        "excerpt": "（节选）",
        "omitted": "未列出：{names}",
        "readings": "口径",
        "overall": "全部单位",
        "suspects": "推算",
        "why": "说明",
        "fix": "更正",
        "law": "依据",
        "because": "原因",
        "rule": "规则",
        "list_comma": "、",
        "list_stop": "；",
        "labelled": "{word}：{text}",
        "cite": "{document}，{at}",
        "suspect_note": "此为推算，请以办理台账为准。",
        "suspects.one": "该处不符",
        "suspects.following": "以下{n}处不符",
        "suspects.related": "有关的{n}处不符",
        "suspects.cell": "{who}可能出自同一格：{name}{reads}，若为{new}则{settled}{slip}。",
        "suspects.cells": "{who}可能出自{n}格：{cells}，则{settled}{slip}。",
        "suspects.settles": "相符",
        "suspects.settles_all": "{n}处全部相符",
        "suspects.ways": "{who}有{n}种最简解释：{ways}。",
        "suspects.way": "{i}是{cells}",
        "suspects.more": "；其余{n}种从略",
        "suspects.semicolon": "；",
        "suspects.and": "、",
        "suspects.in": "",
        "suspects.change": "{name}由{old}改为{new}",
        "suspects.alike": "{names}均由{old}改为{new}",
        "suspects.unexplained": "{who}未能推算出错格。",
        "suspects.none": "只改动少数几格不能全部相符，请逐项核对。",
        "suspects.given-up": "可能的组合过多，未逐一推算，可能还有其他解释。",
        "suspects.nothing": "空白",
        "suspects.reads": "现填{old}",
        "suspects.reads_nothing": "现未填写",
        "suspects.between": "{low}至{high}之间的数",
        "suspects.at_most": "不大于{end}的数",
        "suspects.at_least": "不小于{end}的数",
        "suspects.must_be": "{name}应为{new}",
        "suspects.implied": "按其余数字，{cells}。",
        "slip.exchanged": "（可能是两数互换位置）",
        "slip.swapped": "（可能是数字颠倒）",
        "slip.dropped": "（可能是漏写一位）",
        "slip.doubled": "（可能是重复一位）",
        "slip.zeros": "（可能是多写了0）",
        "slip.added": "（可能是多写一位）",
        "slip.sign": "（可能是正负号有误）",
        "slip.point": "（可能是小数点错位）",
        "slip.twice": "（可能是重复计入一项）",
        "waiver": "理由：{reason}（{said}）",
        "waiver.until": "截至{until}",
        "folded": "另有{n}条提示，--notes 显示",
        "folded_waived": "不计入结论的{n}条未列出，--show-waived 显示",
        "same_reason": "因此未作判断的规则（{n}条）：",
        "and_more": "{first}等{n}处",
        "not_given": "未提供",
        "blank": "未填写",
        "out_of_range": "超出该栏数字的范围",
        "absent": "未找到",
        "ambiguous": "有几个不同的数",
        "unreadable": "未能识别",
        "reports": "共{n}份报告：{clean}份未发现错误，{findings}份有不符，{not_verified}份未能核对",
        "reports.never": "共{n}份报告：{clean}份已核对（未设门槛），{not_verified}份未能核对",
        "nothing": "没有可以核对的报告。",
        "==": "应等于",
        "!=": "应不等于",
        "<": "应小于",
        "<=": "应不大于",
        ">": "应大于",
        ">=": "应不小于",
    },
    "en": {
        "error": "error",
        "warning": "warning",
        "note": "note",
        "undecided": "not verified",
        "waived": "waived",
        "error.gloss": "must be corrected",
        "warning.gloss": "please verify",
        "note.gloss": "for information",
        "undecided.gloss": "this is not a pass",
        "waived.gloss": "not counted in the verdict",
        "counts": "passed {pass} · failed {fail} · undecided {undecided} · not applicable {not_applicable}",
        "left": "left",
        "right": "right",
        "zeros": "the other {n} are 0",
        "all_zeros": "all {n} are 0",
        "off_by": ", difference {difference}",
        "printed": "printed “{raw}”",
        "as_read": "→ {value}",
        "reading": "as “{label}”: {value}, difference {difference}",
        "unknown": "unknown",
        "excerpt": " (excerpt)",
        "omitted": "not shown: {names}",
        "readings": "Either",
        "overall": "Agency Overall",
        "suspects": "Likely",
        "why": "Why",
        "fix": "Fix",
        "law": "Law",
        "because": "Reason",
        "rule": "Rule",
        "list_comma": ", ",
        "list_stop": "; ",
        "labelled": "{word}: {text}",
        "cite": "{document}, {at}",
        "suspect_note": " Inferred by arithmetic only: follow the register.",
        "suspects.one": "This finding",
        "suspects.following": "These {n} findings",
        "suspects.related": "These {n} findings (some of them elsewhere)",
        "suspects.cell": "{who} may come from one cell: {name} {reads}; with {new} {settled}{slip}.",
        "suspects.cells": "{who} may come from {n} cells: with {cells} {settled}{slip}.",
        "suspects.settles": "it holds",
        "suspects.settles_all": "all {n} hold",
        "suspects.ways": "{who} {have} {n} simplest explanations: {ways}.",
        "suspects.way": "({i}) {cells}",
        "suspects.more": "; and {n} more",
        "suspects.semicolon": "; ",
        "suspects.and": " and ",
        "suspects.in": ", ",
        "suspects.change": "{name} {old} → {new}",
        "suspects.alike": "{names} each {old} → {new}",
        "suspects.unexplained": "{who}: no wrong cell could be inferred.",
        "suspects.none": " Changing few cells does not make all of it hold; check the figures one by one.",
        "suspects.given-up": " There are too many combinations to try all of them; there may be other explanations.",
        "suspects.nothing": "nothing",
        "suspects.reads": "reads {old}",
        "suspects.reads_nothing": "is blank",
        "suspects.between": "a figure from {low} to {high}",
        "suspects.at_most": "a figure of at most {end}",
        "suspects.at_least": "a figure of at least {end}",
        "suspects.must_be": "{name} must be {new}",
        "suspects.implied": "By the other figures, {cells}.",
        "slip.exchanged": " (two figures may have changed places)",
        "slip.swapped": " (two digits may have been swapped)",
        "slip.dropped": " (a digit may have been left out)",
        "slip.doubled": " (a digit may have been doubled)",
        "slip.zeros": " (a nought may have been added)",
        "slip.added": " (a digit may have been added)",
        "slip.sign": " (the sign may be wrong)",
        "slip.point": " (the decimal point may have moved)",
        "slip.twice": " (a part may have been counted twice)",
        "waiver": "reason: {reason} ({said})",
        "waiver.until": "until {until}",
        "folded": "notes not shown: {n} (show them with --notes)",
        "folded_waived": "not counted and not shown: {n} (show them with --show-waived)",
        "same_reason": "rules not decided for this reason ({n}):",
        "and_more": "{first} and others ({n} in all): ",
        "not_given": "not handed in",
        "blank": "blank",
        "out_of_range": "out of the range of such a figure",
        "absent": "not found",
        "ambiguous": "several different figures",
        "unreadable": "could not be read",
        "reports": "reports: {n} ({clean} without errors, {findings} with findings, {not_verified} not verified)",
        "reports.never": "reports: {n} ({clean} checked with no threshold, {not_verified} not verified)",
        "nothing": "There was no report to check.",
        "==": "must equal",
        "!=": "must differ from",
        "<": "must be less than",
        "<=": "must be at most",
        ">": "must be more than",
        ">=": "must be at least",
    },
}

FOLDED = {"note": "folded", "waived": "folded_waived"}
"""The groups of findings that are shown on demand, and the words that say how many there are."""


def say(lang: str, key: str, **words: object) -> str:
    """The words under ``key`` in ``lang`` (zh where it is another language), with ``words`` put in."""
    return WORDS.get(lang, WORDS["zh"])[key].format(**words)


def reports_line(result: Result, lang: str) -> str:
    """How many reports have which verdict; where nothing stops a report, none is called free of errors for that."""
    verdicts = Counter(report.verdict.value for report in result.reports)
    numbers = {verdict.value: verdicts[verdict.value] for verdict in Verdict}
    return say(lang, "reports.never" if result.fail_on == "never" else "reports", n=len(result.reports), **numbers)


def counts_line(counts: Counts, lang: str) -> str:
    """All four counts, always all four."""
    return say(lang, "counts", **counts.by_outcome())


def group_of(finding: Finding) -> str:
    """How a finding is shown: ``waived``, ``note``, ``undecided``, ``error`` or ``warning``."""
    if finding.waived:
        return "waived"
    if finding.severity is Severity.NOTE:
        return "note"
    return "undecided" if finding.outcome == "undecided" else finding.severity.value


_ROW = {"": "#table={}&row={}", "zh": " 第{}个表格第{}行", "en": " table {}, row {}"}
_COLUMN = {"": "&column={}", "zh": "第{}列", "en": ", column {}"}
_PARAGRAPH = {"": "#paragraph={}", "zh": " 第{}段", "en": " paragraph {}"}


def address_line(finding: Finding, source: str, lang: str | None = None) -> str:
    """The file and the place of the finding's first cell that has one, as its kind of file is opened there: ``:line``, ``:Sheet!C14``,
    ``#page=3`` (RFC 8118), ``#table=2&row=4&column=3``; the last in words of ``lang`` where that is given. ``source`` is the report's; a
    finding about a waiver stands in the waivers file. Which cell is first, :func:`~govreport_check.renderers.places.placed` says."""
    told = ((cell.place.source or source, _address(cell.place, lang)) for cell in placed(finding, source))
    return next((file + at for file, at in told if at), source)


def _address(place: PlaceRecord, lang: str | None) -> str:
    if place.sheet and place.cell:
        return f":{place.sheet}!{place.cell}"
    if place.line:
        return f":{place.line}"
    if place.page:
        return f"#page={place.page}"
    if place.table and place.row:
        column = _COLUMN[lang or ""].format(place.column) if place.column else ""
        return _ROW[lang or ""].format(place.table, place.row) + column
    return _PARAGRAPH[lang or ""].format(place.element) if place.element and place.element.isdigit() else ""
