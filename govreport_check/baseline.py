"""Findings that were there when the tool was adopted (``govreport-baseline/1``): by fingerprint, never by count."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from govreport_check.errors import Complaint, PackError, UsageError
from govreport_check.findings import LOUDNESS, Finding, ReportResult, Result
from govreport_check.form_file import Strict
from govreport_check.marked import MarkedError, Node, find, parse_json, plain
from govreport_check.verdict import is_excusable

SCHEMA = "govreport-baseline/1"


class EntrySpec(Strict):
    """One known finding. The fingerprint alone decides; the rest is for the reader, and tells whose report it was."""

    finding: str
    rule: str
    severity: Literal["error", "warning", "note"]
    agency: str | None = None
    year: str | None = None
    source: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Baseline:
    """The known findings of a file, by fingerprint."""

    source: str
    entries: Mapping[str, EntrySpec]

    def knows(self, finding: Finding) -> bool:
        """Whether the finding was there already and no less loud; what may not be excused is never known."""
        entry = self.entries.get(finding.fingerprint)
        return entry is not None and is_excusable(finding) and LOUDNESS[finding.severity] <= LOUDNESS[entry.severity]


def read_baseline(path: Path) -> Baseline:
    """The baseline in a file. Raises UsageError when it cannot be opened, PackError with the place of every mistake."""
    try:
        return _baseline(path.read_bytes(), str(path))
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None


@lru_cache(maxsize=8)
def _baseline(raw: bytes, source: str) -> Baseline:
    try:
        root = parse_json(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise PackError([Complaint(source, 1, 1, f"not UTF-8 (byte {error.start})")]) from None
    except MarkedError as error:
        raise PackError([Complaint(source, error.line, error.column, error.message)]) from None
    schema, listed = root.get("schema"), root.get("findings")
    if schema is None or schema.scalar != SCHEMA or listed is None or listed.kind != "list":
        raise PackError([Complaint(source, root.line, root.column, f"schema {SCHEMA} and a list of findings are expected")])
    complaints: list[Complaint] = []
    entries = {entry.finding: entry for _, node in listed.items for entry in _entry(node, source, complaints)}
    if complaints:
        raise PackError(complaints)
    return Baseline(source, entries)


def _entry(node: Node, source: str, complaints: list[Complaint]) -> Iterator[EntrySpec]:
    try:
        yield EntrySpec.model_validate(plain(node))
    except ValidationError as error:
        for one in error.errors(include_url=False):
            at = find(node, one["loc"])
            complaints.append(Complaint(source, at.line, at.column, f"{'.'.join(map(str, one['loc']))}: {one['msg']}".lstrip(": ")))


def known_findings(result: Result) -> list[EntrySpec]:
    """Every finding of ``result`` that may be excused and is not waived, each fingerprint once, in their order."""
    told = ((report, finding) for report in result.reports for finding in report.findings if _belongs(finding))
    entries = sorted(
        (_entry_of(report, finding) for report, finding in told), key=lambda entry: (entry.finding, entry.source), reverse=True
    )
    return sorted({entry.finding: entry for entry in entries}.values(), key=lambda entry: entry.finding)


def baseline_text(entries: Sequence[EntrySpec]) -> str:
    """A baseline as a file, an entry a line; the same entries give the same text."""
    lines = ",\n".join(f"  {json.dumps(entry.model_dump(exclude_none=True), ensure_ascii=False)}" for entry in entries)
    return f'{{"schema": "{SCHEMA}",\n "findings": [\n{lines}\n ]}}\n'


def _belongs(finding: Finding) -> bool:
    return is_excusable(finding) and (finding.waived is None or finding.waived.kind == "baseline")


def _entry_of(report: ReportResult, finding: Finding) -> EntrySpec:
    return EntrySpec(
        finding=finding.fingerprint,
        rule=finding.rule,
        severity=finding.severity.value,
        agency=report.about.get("agency"),
        year=report.about.get("year"),
        source=report.source.replace("\\", "/"),
        line=next((cell.place.line for cell in finding.cells if cell.place.line), None),
    )
