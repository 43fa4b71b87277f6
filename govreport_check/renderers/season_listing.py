"""A season on the terminal: who reported, what is amiss with files, what each unit is to correct, which sums do not agree."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from govreport_check.findings import Severity
from govreport_check.renderers.lines import Line as Shown
from govreport_check.renderers.lines import clean, flow, paint
from govreport_check.renderers.sheets.words import joined
from govreport_check.renderers.sheets.words import say as say_sheet
from govreport_check.season.model import Anomaly, AnomalyKind, Conclusion, Line, Season, SumLine, SumState

_WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "head": "{year}年度政府信息公开工作年度报告：应报{all}家，收到{got}家，未报{absent}家{other}",
        "head.no_year": "政府信息公开工作年度报告：应报{all}家，收到{got}家，未报{absent}家{other}",
        "other": "，只有其他年度报告{n}家",
        "conclusions": "结论：{listed}",
        "one": "{word}{n}家",
        "group": "{word}（{n}）",
        "late": "{names}：逾期{days}日",
        "year": "{names}：{files}为{year}年度报告",
        "pair": "{names}：相似度{similarity}%",
        "file": "{names}：{files}",
        "said": "{files}：{said}{names}",
        "may_mean": "（可能是{names}）",
        "units": "需更正、需核实、未能核对的单位",
        "counts": "错误{errors}处，存疑{warnings}处",
        "more": "另有{n}处",
        "sums": "汇总核对",
        "sum": "{parent}：{n}个数据，相符{equal}个，不符{wrong}个，不能判断{open}个",
        "missing": "缺少：{names}",
        "incomplete": "有{n}个数据汇总数大于合计；名册没有写明下级单位已列全（范围 complete），不作判断",
        "wrong": "{label}：汇总{summary}，各单位合计{total}，相差{difference}",
        "stop": "。",
    },
    "en": {
        "head": "Reports on {year}: {all} units, {got} reported, {absent} did not{other}",
        "head.no_year": "Reports: {all} units, {got} reported, {absent} did not{other}",
        "other": ", of {n} there is another year's report alone",
        "conclusions": "Conclusions: {listed}",
        "one": "{word} {n}",
        "group": "{word} ({n})",
        "late": "{names}: {days} days late",
        "year": "{names}: {files} is the report on {year}",
        "pair": "{names}: {similarity}% alike",
        "file": "{names}: {files}",
        "said": "{files}: {said}{names}",
        "may_mean": " (may be {names})",
        "units": "Units with something to correct or to verify, or not verified",
        "counts": "{errors} errors, {warnings} to verify",
        "more": "{n} more",
        "sums": "Sums of parts",
        "sum": "{parent}: {n} figures, {equal} agree, {wrong} do not, {open} cannot be told",
        "missing": "missing: {names}",
        "incomplete": "{n} figures are higher in the summary; the roster does not say (scope complete) that it has every unit below",
        "wrong": "{label}: summary {summary}, parts {total}, difference {difference}",
        "stop": ".",
    },
}
_STYLES: dict[Conclusion, str] = {Conclusion.CORRECT: "error", Conclusion.VERIFY: "warning", Conclusion.NOT_VERIFIED: "undecided"}
_MOST = 3
_MOST_CELLS = 12
_WIDTH = 100


def render_season(season: Season, *, lang: str, width: int | None = None, color: bool = False) -> str:
    """The season in text for a terminal, in the language ``lang``; without ``color`` it has no escape codes."""
    room = width or _WIDTH
    lines = [*_head(season, lang, room), *_anomalies(season, lang, room), *_units(season, lang, room), *_sums(season, lang, room)]
    return paint(lines, color=color)


def _say(lang: str, name: str, **words: object) -> str:
    return _WORDS.get(lang, _WORDS["zh"])[name].format(**words)


def _head(season: Season, lang: str, width: int) -> Iterator[Shown]:
    got = sum(line.report is not None for line in season.lines)
    absent = sum(not line.received for line in season.lines)
    strange = len(season.lines) - got - absent
    other = _say(lang, "other", n=strange) if strange else ""
    name = "head" if season.year is not None else "head.no_year"
    said = _say(lang, name, year=season.year, all=len(season.lines), got=got, absent=absent, other=other) + _say(lang, "stop")
    yield from flow([(said, "strong")], width)
    counts = Counter(line.conclusion for line in season.lines)
    listed = joined(lang, [_say(lang, "one", word=say_sheet(lang, one.value), n=counts[one]) for one in Conclusion if counts[one]])
    yield from flow([(_say(lang, "conclusions", listed=listed) + _say(lang, "stop"), "")], width)


def _anomalies(season: Season, lang: str, width: int) -> Iterator[Shown]:
    groups: dict[AnomalyKind, list[Anomaly]] = defaultdict(list)
    for one in season.anomalies:
        groups[one.kind].append(one)
    for kind in AnomalyKind:
        if groups[kind]:
            yield ()
            yield from flow([(_say(lang, "group", word=say_sheet(lang, f"file.{kind.value}"), n=len(groups[kind])), "strong")], width)
        if kind is AnomalyKind.ABSENT:  # names alone: they stand in one paragraph
            names = joined(lang, [clean(unit) for one in groups[kind] for unit in one.units])
            yield from flow([(names, "")], width, first=(("  ", ""),), indent=2) if names else ()
            continue
        for one in groups[kind]:
            yield from flow([(_told(one, lang), "")], width, first=(("  ", ""),), indent=2)


def _told(one: Anomaly, lang: str) -> str:
    names, files = (joined(lang, [clean(text) for text in texts]) for texts in (one.units, one.files))
    words = {"names": names, "files": files, "days": one.days, "year": one.year, "similarity": one.similarity}
    if one.kind in (AnomalyKind.LATE, AnomalyKind.OTHER_YEAR, AnomalyKind.SIMILAR_TEXT):
        shape = {AnomalyKind.LATE: "late", AnomalyKind.OTHER_YEAR: "year"}.get(one.kind, "pair")
        return _say(lang, shape, **words)
    if one.kind in (AnomalyKind.NAME_NEAR, AnomalyKind.UNMATCHED_FILE, AnomalyKind.UNREAD_FILE):
        near = _say(lang, "may_mean", names=names) if names else ""
        return _say(lang, "said", files=files, said=clean(one.said or ""), names=near)
    return _say(lang, "file", **words)


def _units(season: Season, lang: str, width: int) -> Iterator[Shown]:
    order = list(_STYLES)
    found = sorted((line for line in season.lines if line.conclusion in _STYLES), key=lambda line: order.index(line.conclusion))
    if found:
        yield ()
        yield from flow([(_say(lang, "units"), "strong")], width)
    for line in found:
        yield from _unit(line, lang, width)


def _unit(line: Line, lang: str, width: int) -> Iterator[Shown]:
    counts = _say(lang, "counts", errors=line.count(Severity.ERROR), warnings=line.count(Severity.WARNING))
    word = say_sheet(lang, line.conclusion.value)
    spans = [(f"{word}  ", _STYLES[line.conclusion]), (clean(line.unit), "strong"), (f"  {counts}", "")]
    yield from flow(spans, width, first=(("  ", ""),), indent=4)
    told = [one for one in line.report.findings if one.severity is not Severity.NOTE and not one.waived] if line.report else []
    for finding in told[:_MOST]:
        yield from flow([(clean(finding.message), "")], width, first=(("      ", ""),), indent=6)
    if len(told) > _MOST:
        yield from flow([(_say(lang, "more", n=len(told) - _MOST), "dim")], width, first=(("      ", ""),), indent=6)


def _sums(season: Season, lang: str, width: int) -> Iterator[Shown]:
    by_parent: dict[str, list[SumLine]] = defaultdict(list)
    for one in season.sums:
        by_parent[one.parent].append(one)
    if by_parent:
        yield ()
        yield from flow([(_say(lang, "sums"), "strong")], width)
    for parent, sums in by_parent.items():
        yield from _parent(parent, sums, lang, width)


def _parent(parent: str, sums: Sequence[SumLine], lang: str, width: int) -> Iterator[Shown]:
    states = Counter(one.state for one in sums)
    wrong = [one for one in sums if one.state in (SumState.MORE, SumState.LESS)]
    words = {"n": len(sums), "equal": states[SumState.EQUAL], "wrong": len(wrong), "open": states[SumState.OPEN]}
    said = _say(lang, "sum", parent=clean(parent), **words)
    yield from flow([(said, "error" if wrong else "")], width, first=(("  ", ""),), indent=4)
    if sums[0].missing:
        names = joined(lang, [clean(name) for name in sums[0].missing])
        yield from flow([(_say(lang, "missing", names=names), "")], width, first=(("      ", ""),), indent=6)
    higher = sum(one.state is SumState.OPEN and not one.missing and one.difference is not None for one in sums)
    if higher:
        yield from flow([(_say(lang, "incomplete", n=higher), "")], width, first=(("      ", ""),), indent=6)
    for one in wrong[:_MOST_CELLS]:
        words_of = {"summary": one.summary, "total": one.total, "difference": (one.difference or "").removeprefix("-")}
        yield from flow([(_say(lang, "wrong", label=one.label[lang], **words_of), "")], width, first=(("      ", ""),), indent=6)
    if len(wrong) > _MOST_CELLS:
        yield from flow([(_say(lang, "more", n=len(wrong) - _MOST_CELLS), "dim")], width, first=(("      ", ""),), indent=6)
