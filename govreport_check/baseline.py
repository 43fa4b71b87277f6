"""Findings that were there when the tool was adopted (``govreport-baseline/1``): by fingerprint, never by count."""

from __future__ import annotations

import json
from codecs import BOM_UTF8
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from govreport_check.errors import Complaint, PackError, UsageError
from govreport_check.findings import LOUDNESS, Finding, ReportResult, Result
from govreport_check.form_file import Strict
from govreport_check.marked import MarkedError, find, find_key, parse_json, plain
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


class BaselineSpec(Strict):
    """``govreport-baseline/1``"""

    schema_: Literal["govreport-baseline/1"] = Field(alias="schema")
    findings: list[EntrySpec]


@dataclass(frozen=True, slots=True)
class Baseline:
    """The known findings of a file, by fingerprint, and the same by the report that they are of (:func:`report_key`)."""

    source: str
    entries: Mapping[str, EntrySpec]
    of: Mapping[tuple[str | None, ...], Sequence[EntrySpec]]

    def knows(self, finding: Finding) -> bool:
        """Whether the finding was there already and no less loud; what may not be excused is never known."""
        entry = self.entries.get(finding.fingerprint)
        return entry is not None and is_excusable(finding) and LOUDNESS[finding.severity] <= LOUDNESS[entry.severity]


def report_key(agency: str | None, year: str | None, source: str) -> tuple[str | None, ...]:
    """By what entries know their report: agency and year, and where there is no agency what the report was called."""
    return (agency, year) if agency is not None else (None, year, source.replace("\\", "/"))


def read_baseline(path: Path) -> Baseline:
    """The baseline in a file: one that was written as such, or a result (``govreport-result/1``), whose findings are then the known ones.

    Raises UsageError when it cannot be opened, PackError with the place of every mistake.
    """
    try:
        return _baseline(path.read_bytes(), str(path))
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None


@lru_cache(maxsize=8)
def _baseline(raw: bytes, source: str) -> Baseline:
    try:
        known = _of_result if b'"govreport-result/1"' in raw[:200] else BaselineSpec.model_validate_json
        file = known(raw.removeprefix(BOM_UTF8))
    except ValidationError:  # read again with places, which takes much longer
        raise PackError(list(_complaints(raw, source))) from None
    of: dict[tuple[str | None, ...], list[EntrySpec]] = defaultdict(list)
    entries = {entry.finding: entry for entry in file.findings}
    for entry in entries.values():
        of[report_key(entry.agency, entry.year, entry.source)].append(entry)
    return Baseline(source, entries, of)


def _of_result(raw: bytes) -> BaselineSpec:
    return BaselineSpec(schema="govreport-baseline/1", findings=known_findings(Result.model_validate_json(raw)))


def _complaints(raw: bytes, source: str) -> Iterator[Complaint]:
    try:
        root = parse_json(raw.decode("utf-8-sig"))
        stated = root.get("schema")
        if stated is None or stated.scalar != "govreport-result/1":
            BaselineSpec.model_validate(plain(root))
        yield Complaint(source, 1, 1, f"not a file of {SCHEMA}, nor a result of this version")
    except UnicodeDecodeError as error:
        yield Complaint(source, 1, 1, f"not UTF-8 (byte {error.start})")
    except MarkedError as error:
        yield Complaint(source, error.line, error.column, error.message)
    except ValidationError as error:
        for one in error.errors(include_url=False):
            at = (find_key if one["type"] == "extra_forbidden" else find)(root, one["loc"])
            yield Complaint(source, at.line, at.column, f"{'.'.join(map(str, one['loc']))}: {one['msg']}".lstrip(": "))


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
