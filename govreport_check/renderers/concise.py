"""One line a finding, for a CI log, an editor or grep."""

from __future__ import annotations

from collections.abc import Iterator

from govreport_check.findings import Finding, ReportResult, Result
from govreport_check.renderers.lines import clean
from govreport_check.renderers.words import address_line, counts_line, group_of, say


def render(result: Result, *, lang: str, width: int | None, color: bool, notes: bool) -> str:
    """``source:line: severity rule message``, and per report ``source: verdict counts``. ``width`` and ``color`` change nothing.

    The severity is ``error``, ``warning``, ``note``, ``undecided`` or ``waived`` in every language, so that programs can rely on it.
    """
    return "".join(f"{line}\n" for report in result.reports for line in _report(report, lang, notes))


def _report(report: ReportResult, lang: str, notes: bool) -> Iterator[str]:
    folded = 0
    for finding in report.findings:
        if group_of(finding) == "note" and not notes:
            folded += 1
        else:
            yield _finding(finding, report.source)
    more = f" · {say(lang, 'folded', n=folded)}" if folded else ""
    yield f"{clean(report.source)}: {report.verdict.value}: {clean(report.sentence)} {counts_line(report.counts, lang)}{more}"


def _finding(finding: Finding, source: str) -> str:
    return f"{clean(address_line(finding, source))}: {group_of(finding)} {finding.rule} {clean(finding.message)}"
