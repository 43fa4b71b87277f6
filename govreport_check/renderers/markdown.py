"""Markdown (GitHub's and GitLab's) for a job summary or a comment on a pull request: the verdict first, details folded."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from govreport_check.findings import Finding, ReportResult, Result, Verdict
from govreport_check.renderers.lines import clean
from govreport_check.renderers.places import file_of, place_of, told
from govreport_check.renderers.quiet import summary
from govreport_check.renderers.suspected import implied, together
from govreport_check.renderers.words import FOLDED, counts_line, group_of, say

MOST = 60_000
"""So many characters at most: a comment may have 65,536. What does not fit is counted."""

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_MEANING = re.compile(r"[\\`*_\[\]|~$]")
_REFERENCE = re.compile(r"([@#!%~])(?=[\w\"“])|(?<=://)|(?<=www)(?=\.)|(?<=GH-)(?=\d)", flags=re.I)
_APART = "&#8203;"

_WORDS = {
    "zh": {
        "clean": "未发现错误",
        "findings": "有不符",
        "not_verified": "未能核对",
        "heads": "级别|位置|问题",
        "reports": "报告|结论|说明",
        "details": "逐条说明（{n}条）",
        "more": "篇幅所限，另有{n}条未列出。",
        "more_reports": "篇幅所限，另有{n}份报告未列出。",
    },
    "en": {
        "clean": "No errors",
        "findings": "Findings",
        "not_verified": "Not verified",
        "heads": "severity|place|finding",
        "reports": "report|verdict|in a sentence",
        "details": "Details ({n})",
        "more": "{n} more do not fit here.",
        "more_reports": "{n} more reports do not fit here.",
    },
}


def inert(text: str) -> str:
    """``text`` as Markdown that shows it: no markup, HTML, link, mention, reference or formula can come of it."""
    flat = _REFERENCE.sub(lambda found: f"{found[0]}\0", clean(text))
    safe = _MEANING.sub(r"\\\g<0>", "".join(_ENTITIES.get(char, char) for char in flat))
    return safe.replace("\0", _APART)


def render(result: Result, *, lang: str, width: int | None, color: bool, notes: bool, waived: bool, fingerprints: bool) -> str:
    """The verdict, a table of what is wrong, and each finding's reasons, remedy and law folded away below it."""
    words = _WORDS.get(lang, _WORDS["zh"])
    shown = {"note": notes, "waived": waived}
    pairs = [(report, one) for report in result.reports for one in report.findings if shown.get(group_of(one), True)]
    folded = Counter(group_of(one) for one in result.findings if not shown.get(group_of(one), True))
    room = _Room(MOST - 2_000)
    lines = [*_verdicts(result, words, lang, room), *_findings(pairs, words, lang, room, fingerprints)]
    lines += [f"{say(lang, key, n=folded[group])}  " for group, key in FOLDED.items() if folded[group]]
    lines += [counts_line(report.counts, lang) for report in result.reports if len(result.reports) == 1]
    return "\n".join(lines).strip() + "\n"


class _Room:
    """How many characters are left."""

    def __init__(self, most: int) -> None:
        self.left = most

    def fitting(self, lines: Iterable[str], share: float = 1.0) -> Iterator[str]:
        """The lines from the first as long as they fit into ``share`` of what is left."""
        kept = int(self.left * (1 - share))
        for line in lines:
            self.left -= len(line) + 1
            if self.left < kept:
                self.left += len(line) + 1
                return
            yield line


def _verdicts(result: Result, words: Mapping[str, str], lang: str, room: _Room) -> list[str]:
    if len(result.reports) == 1:
        (report,) = result.reports
        return [f"**{words[report.verdict.value]}** {inert(report.source)}", "", inert(report.sentence), ""]
    telling = [report for report in result.reports if report.verdict is not Verdict.CLEAN]
    rows = list(room.fitting((_report(report, words) for report in telling), 0.3))
    lines = [f"**{inert(summary(result, lang))}**", ""]
    if rows:
        lines += [*_head(words["reports"]), *rows, ""]
    if len(rows) < len(telling):
        lines += [words["more_reports"].format(n=len(telling) - len(rows)), ""]
    return lines


def _report(report: ReportResult, words: Mapping[str, str]) -> str:
    return f"| {inert(report.source)} | {words[report.verdict.value]} | {inert(report.sentence)} |"


def _head(names: str) -> list[str]:
    columns = names.split("|")
    return ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]


def _findings(
    pairs: list[tuple[ReportResult, Finding]], words: Mapping[str, str], lang: str, room: _Room, fingerprints: bool
) -> Iterator[str]:
    if not pairs:
        return
    rows = list(room.fitting((_row(finding, report.source, lang) for report, finding in pairs), 0.4))
    yield from [*_head(words["heads"]), *rows, ""]
    if len(rows) < len(pairs):
        yield from [words["more"].format(n=len(pairs) - len(rows)), ""]
    likely = _likely((report for report, _ in pairs), lang)
    details = list(room.fitting(_detail(finding, likely.get(id(finding), ""), lang, fingerprints) for _, finding in pairs[: len(rows)]))
    yield from ["<details>", f"<summary>{words['details'].format(n=len(details))}</summary>", "", *details, "", "</details>", ""]
    if len(details) < len(rows):
        yield from [words["more"].format(n=len(rows) - len(details)), ""]


def _row(finding: Finding, source: str, lang: str) -> str:
    place = place_of(finding, source)
    line, where = (f":{place.line}" if place.line else ""), told(place, lang)
    at = " ".join(part for part in (inert(file_of(place, source)) + line, inert(where)) if part)
    return f"| {say(lang, group_of(finding))} | {at} | {inert(finding.message)} |"


def _likely(reports: Iterable[ReportResult], lang: str) -> dict[int, str]:
    """What may be behind a finding, told once of those that share it; by the finding that it is told with."""
    each = {id(report): report for report in reports}.values()
    groups = (group for report in each for group in together(one for one in report.findings if one.suspects and not one.waived))
    return {id(group.findings[0]): group.headline(lang) for group in groups if group.suspects}


def _detail(finding: Finding, likely: str, lang: str, fingerprints: bool) -> str:
    """One item of a list; each of its lines begins with a fixed word, so that no text of a report begins one."""
    waived = finding.waived
    reason = finding.reason if finding.reason != finding.message else None
    until = say(lang, "waiver.until", until=waived.until) if waived and waived.until else ""
    parts = [
        ("because", reason),
        ("waived", f"{waived.reason} {until}" if waived else None),
        ("suspects", " ".join(part for part in (likely, implied(finding, lang)) if part)),
        ("why", finding.why),
        ("fix", finding.fix),
        *(("law", say(lang, "cite", document=cite.document, at=cite.at)) for cite in finding.cites),
        ("rule", finding.rule + (f" [{finding.fingerprint}]" if fingerprints else "")),
    ]
    lines = [f"- **{say(lang, group_of(finding))}** {inert(finding.message)}"]
    lines += [f"  - **{say(lang, word)}** {inert(text)}" for word, text in parts if text]
    return "\n".join(lines)
