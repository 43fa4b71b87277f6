"""JUnit XML, as Jenkins, GitLab and most CI servers read it: a suite for each report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from govreport_check.findings import LOUDNESS, FailOn, Finding, ReportResult, Result, Verdict
from govreport_check.renderers.inert import xml_text
from govreport_check.renderers.lines import clean
from govreport_check.renderers.words import address_line, counts_line, group_of, say

_VERDICT = {"zh": "结论", "en": "verdict"}
_KINDS = {Verdict.CLEAN: "", Verdict.FINDINGS: "failure", Verdict.NOT_VERIFIED: "error"}


@dataclass(frozen=True, slots=True)
class _Case:
    """A test case; ``kind`` is how it ends: failure, error, skipped, or nothing where it passes."""

    name: str
    kind: str
    type: str
    message: str
    body: tuple[str, ...] = ()


def render(result: Result, *, lang: str, width: int | None, color: bool, notes: bool, waived: bool, fingerprints: bool) -> str:
    """A test suite for each report: a case for its verdict, then one for each finding.

    A suite has a failure or an error exactly where its report is not clean. The verdict fails for findings and is an error where the report
    is not verified. A finding at or above ``fail_on`` fails; one below it passes and says so in its output; an undecided one is an error,
    skipped where the report is clean all the same; a waived one is skipped with its reason.
    """
    suites = [(report, list(_cases(report, result.fail_on, lang))) for report in result.reports]
    kinds = Counter(case.kind for _, cases in suites for case in cases)
    head = _counted("testsuites", "govreport", sum(map(len, (cases for _, cases in suites))), kinds)
    lines = [line for report, cases in suites for line in _suite(report, cases, lang)]
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', f"<{head}>", *lines, "</testsuites>"]) + "\n"


def _cases(report: ReportResult, fail_on: FailOn, lang: str) -> Iterator[_Case]:
    named = _VERDICT.get(lang, _VERDICT["zh"])
    counts = counts_line(report.counts, lang)
    yield _Case(named, _KINDS[report.verdict], report.verdict.value, report.sentence, (report.sentence, counts))
    for finding in report.findings:
        yield _finding(finding, report, fail_on, lang)


def _finding(finding: Finding, report: ReportResult, fail_on: FailOn, lang: str) -> _Case:
    kind = _kind(finding, report, fail_on)
    message = clean(finding.message)
    if finding.waived:
        until = say(lang, "waiver.until", until=finding.waived.until) if finding.waived.until else finding.waived.kind
        message = f"{message} {say(lang, 'labelled', word=say(lang, 'waived'), text=finding.waived.reason)} ({until})"
    name = f"{finding.rule} {finding.fingerprint}"
    return _Case(name, kind, finding.rule, message, tuple(_body(finding, report.source, lang)))


def _kind(finding: Finding, report: ReportResult, fail_on: FailOn) -> str:
    if finding.waived:
        return "skipped"
    if report.verdict is Verdict.CLEAN:
        return "skipped" if finding.outcome == "undecided" else ""
    if finding.outcome == "undecided":
        return "error"
    return "failure" if LOUDNESS[finding.severity] >= LOUDNESS[fail_on] else ""


def _body(finding: Finding, source: str, lang: str) -> Iterator[str]:
    reason = finding.reason if finding.reason != finding.message else None
    told = [(group_of(finding), finding.message), ("because", reason), ("fix", finding.fix)]
    told += [("law", say(lang, "cite", document=cite.document, at=cite.at)) for cite in finding.cites]
    yield from (say(lang, "labelled", word=say(lang, word), text=text) for word, text in told if text)
    yield f"@ {address_line(finding, source)}"


def _suite(report: ReportResult, cases: list[_Case], lang: str) -> Iterator[str]:
    source = xml_text(report.source)
    yield f" <{_counted('testsuite', report.source, len(cases), Counter(case.kind for case in cases), skipped=True)}>"
    for case in cases:
        opening = f'  <testcase name="{xml_text(case.name)}" classname="{source}" time="0"'
        body = "\n".join(xml_text(line) for line in case.body)
        if case.kind == "skipped":
            yield f'{opening}><skipped message="{xml_text(case.message)}"/></testcase>'
        elif case.kind:
            told = f'type="{xml_text(case.type)}" message="{xml_text(case.message)}"'
            yield f"{opening}><{case.kind} {told}>{body}</{case.kind}></testcase>"
        else:
            yield f"{opening}><system-out>{body}</system-out></testcase>"
    yield " </testsuite>"


def _counted(element: str, name: str, number: int, kinds: Counter[str], *, skipped: bool = False) -> str:
    told = f'{element} name="{xml_text(name)}" tests="{number}" failures="{kinds["failure"]}" errors="{kinds["error"]}"'
    return f'{told} skipped="{kinds["skipped"]}" time="0"' if skipped else f'{told} time="0"'
