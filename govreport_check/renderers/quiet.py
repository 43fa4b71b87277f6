"""The whole result in one line: verdicts and counts."""

from __future__ import annotations

from collections import Counter

from govreport_check.findings import Counts, Result
from govreport_check.renderers.lines import unbidden
from govreport_check.renderers.words import counts_line, group_of, reports_line, say

GROUPS = ("error", "warning", "note", "undecided", "waived")
_JOINED = {"zh": "；", "en": "; "}


def render(result: Result, *, lang: str, width: int | None, color: bool, notes: bool, waived: bool, fingerprints: bool) -> str:
    """Exactly one line, whatever the options are."""
    return unbidden(summary(result, lang)) + "\n"


def summary(result: Result, lang: str) -> str:
    """How many reports have which verdict, how many findings are of which severity, and the four counts over all reports."""
    if not result.reports:
        return say(lang, "nothing")
    groups = Counter(group_of(finding) for finding in result.findings)
    told = " · ".join(f"{say(lang, group)} {groups[group]}" for group in GROUPS)
    parts = (reports_line(result, lang), told, counts_line(_total(result), lang))
    return _JOINED.get(lang, _JOINED["zh"]).join(parts)


def _total(result: Result) -> Counts:
    counts = [report.counts for report in result.reports]
    names = ("passed", "fail", "undecided", "not_applicable")
    return Counts(**{name: sum(getattr(one, name) for one in counts) for name in names})
