"""Annotations of GitHub Actions: commands in the log that are shown beside the lines of a pull request."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

from govreport_check.findings import Finding, ReportResult, Result, Verdict
from govreport_check.renderers.lines import clean, unbidden
from govreport_check.renderers.places import file_of, place_of, told
from govreport_check.renderers.quiet import summary
from govreport_check.renderers.words import group_of, say

MOST = 10
"""GitHub shows so many annotations of a kind for a step and drops the rest unsaid."""

_KINDS = {"error": "error", "warning": "warning", "undecided": "warning", "note": "notice"}
_LEFT_OUT = {"zh": "未作标注：{}。", "en": "Not annotated: {}."}


@dataclass(frozen=True, slots=True)
class _Annotation:
    kind: str
    line: str


def render(result: Result, *, lang: str, width: int | None, color: bool, notes: bool, waived: bool, fingerprints: bool) -> str:
    """Up to ten errors, ten warnings and, with ``notes``, ten notices, each with its file and line; then one line on all reports.

    A report that is not verified is an error by itself. What is left out is counted in the last line; what is waived is never annotated.
    """
    every = [one for report in result.reports for one in _report(report, lang)]
    told_kinds = ("error", "warning", "notice") if notes else ("error", "warning")
    shown = {kind: [one.line for one in every if one.kind == kind][:MOST] for kind in told_kinds}
    left = {kind: sum(one.kind == kind for one in every) - len(shown.get(kind, ())) for kind in ("error", "warning", "notice")}
    lines = [line for kind in told_kinds for line in shown[kind]]
    return "".join(f"{line}\n" for line in [*lines, unbidden(summary(result, lang) + _more(left, lang))])


def _more(left: dict[str, int], lang: str) -> str:
    words = {"error": "error", "warning": "warning", "notice": "note"}
    named = [f"{say(lang, words[kind])} {number}" for kind, number in left.items() if number]
    return " " + _LEFT_OUT.get(lang, _LEFT_OUT["zh"]).format(say(lang, "list_comma").join(named)) if named else ""


def _report(report: ReportResult, lang: str) -> Iterator[_Annotation]:
    if report.verdict is Verdict.NOT_VERIFIED:
        yield _annotation("error", report.source, 1, say(lang, "undecided"), report.sentence)
    yield from (_finding(finding, report, lang) for finding in report.findings if not finding.waived)


def _finding(finding: Finding, report: ReportResult, lang: str) -> _Annotation:
    place = place_of(finding, report.source)
    where = told(place, lang)
    message = f"{finding.message} ({where})" if where else finding.message
    return _annotation(
        _KINDS[group_of(finding)], file_of(place, report.source), place.line or 1, finding.title, f"{message} [{finding.rule}]"
    )


def _annotation(kind: str, source: str, line: int, title: str, message: str) -> _Annotation:
    file = _property(PurePath(source).as_posix())
    return _Annotation(kind, f"::{kind} file={file},line={line},title={_property(title)}::{_data(message)}")


def _data(text: str) -> str:
    return clean(text).replace("%", "%25")


def _property(text: str) -> str:
    """Line ends are gone already: :func:`clean` made them spaces."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
