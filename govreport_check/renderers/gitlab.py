"""GitLab's code quality report: a list of findings, shown in merge requests."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from govreport_check.findings import Finding, ReportResult, Result, Verdict
from govreport_check.renderers.inert import json_text
from govreport_check.renderers.lines import clean
from govreport_check.renderers.places import file_of, place_of, told
from govreport_check.renderers.words import group_of

SEVERITIES = {"error": "critical", "undecided": "major", "warning": "minor", "note": "info"}
NOT_VERIFIED = "govreport/not-verified"


def render(result: Result, *, lang: str, width: int | None, color: bool, notes: bool, waived: bool, fingerprints: bool) -> str:
    """The findings that count, and one entry of severity ``blocker`` for each report that is not verified.

    The format knows nothing that is waived, so that is left out. A fingerprint is that of the finding with the name of the file, since
    GitLab drops what has the same one.
    """
    entries = [entry for report in result.reports for entry in _report(report, lang)]
    seen: Counter[str] = Counter()
    for entry in entries:
        key = entry["fingerprint"]
        entry["fingerprint"] = hashlib.sha256(f"{key}\n{seen[key]}".encode()).hexdigest()
        seen[key] += 1
    return json_text(entries, indent=1) + "\n"


def _report(report: ReportResult, lang: str) -> Iterator[dict[str, Any]]:
    if report.verdict is Verdict.NOT_VERIFIED:
        yield _entry(NOT_VERIFIED, report.sentence, "blocker", report.source, 1, f"{report.source}\n{NOT_VERIFIED}")
    yield from (_finding(finding, report, lang) for finding in report.findings if not finding.waived)


def _finding(finding: Finding, report: ReportResult, lang: str) -> dict[str, Any]:
    place = place_of(finding, report.source)
    where = told(place, lang)
    message = f"{finding.message} ({where})" if where else finding.message
    severity = SEVERITIES[group_of(finding)]
    return _entry(
        finding.rule, message, severity, file_of(place, report.source), place.line or 1, f"{report.source}\n{finding.fingerprint}"
    )


def _entry(rule: str, message: str, severity: str, source: str, line: int, key: str) -> dict[str, Any]:
    where = {"path": clean(PurePath(source).as_posix()), "lines": {"begin": line}}
    key = key.encode("utf-8", "backslashreplace").decode()
    return {"description": clean(message), "check_name": rule, "fingerprint": key, "severity": severity, "location": where}
