"""One line a finding, for a CI log, an editor or grep."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from govreport_check.findings import Finding, ReportResult, Result
from govreport_check.renderers.lines import clean, unbidden
from govreport_check.renderers.words import FOLDED, address_line, counts_line, group_of, say


def render(result: Result, *, lang: str, width: int | None, color: bool, notes: bool, waived: bool, fingerprints: bool) -> str:
    """``source:line: severity rule message``, and per report ``source: verdict counts``. ``width`` and ``color`` change nothing.

    The severity is ``error``, ``warning``, ``note``, ``undecided`` or ``waived`` in every language, so that programs can rely on it.
    ``fingerprints`` puts a finding's fingerprint in brackets behind its message.
    """
    shown = {"note": notes, "waived": waived}
    return "".join(f"{unbidden(line)}\n" for report in result.reports for line in _report(report, lang, shown, fingerprints))


def _report(report: ReportResult, lang: str, shown: Mapping[str, bool], fingerprints: bool) -> Iterator[str]:
    folded: Counter[str] = Counter()
    for finding in report.findings:
        group = group_of(finding)
        if shown.get(group, True):
            yield _finding(finding, report.source, fingerprints)
        else:
            folded[group] += 1
    more = "".join(f" · {say(lang, key, n=folded[group])}" for group, key in FOLDED.items() if folded[group])
    yield f"{clean(report.source)}: {report.verdict.value}: {clean(report.sentence)} {counts_line(report.counts, lang)}{more}"


def _finding(finding: Finding, source: str, fingerprints: bool) -> str:
    name = f" [{finding.fingerprint}]" if fingerprints else ""
    return f"{clean(address_line(finding, source))}: {group_of(finding)} {finding.rule} {clean(finding.message)}{name}"
