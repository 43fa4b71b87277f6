"""What was checked, held fast (``govreport-manifest/1``): documents, what they say, rules, engine, verdicts, and what was excused."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from govreport_check import readers
from govreport_check.engine import ENGINE
from govreport_check.errors import SourceError, UsageError
from govreport_check.essence import Essence, essence_of
from govreport_check.findings import OverrideRecord, ReportResult, Result
from govreport_check.pack import BUILT_IN, YAML, Pack, load_pack, rules_folder
from govreport_check.readers.limits import limits_of
from govreport_check.recognition import Recognised, packs_of, recognise, with_figures
from govreport_check.waivers import read_waivers

SCHEMA = "govreport-manifest/1"


class Record(BaseModel):
    """Base of the manifest's records."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class WaivedRecord(Record):
    """A waiver, as it stood or as it was used. ``until``: its last day."""

    finding: str
    rule: str | None = None
    reason: str
    by: str | None = None
    until: str | None = None


class FileRecord(Record):
    """A file that had a say in the verdict. ``file`` is named from the manifest's folder; ``waivers``: what a waivers file held."""

    kind: Literal["waivers", "baseline", "prior"]
    file: str
    sha256: str
    waivers: list[WaivedRecord] = []


class PackHashes(Record):
    """A pack and every file of it; ``folder`` is named from the manifest's folder, null for a bundled pack."""

    id: str
    version: str
    hash: str
    folder: str | None = None
    files: dict[str, str]


class EngineRecord(Record):
    version: str
    hash: str


class DocumentRecord(Record):
    """One document. ``said`` is what it says (:class:`Essence`), with ``report_sha256`` over it; null where it could not be read.

    ``numbers`` counts its findings by severity, with ``undecided`` and ``waived``.
    """

    name: str
    format: str
    sha256: str
    report_sha256: str | None = None
    form: str | None = None
    agency: str | None = None
    year: str | None = None
    verdict: str
    sentence: str
    settings: dict[str, str]
    counts: dict[str, int]
    numbers: dict[str, int]
    waived: list[WaivedRecord] = []
    said: dict[str, dict[str, Any]] | None = None


class Manifest(Record):
    """``govreport-manifest/1``. ``seal`` is SHA-256 over all the rest, so that a manifest that was itself changed is told."""

    schema_: Literal["govreport-manifest/1"] = Field(default="govreport-manifest/1", alias="schema")
    attested_on: str
    approved_by: str | None = None
    engine: EngineRecord
    packs: list[PackHashes]
    overrides: list[OverrideRecord] = []
    files: list[FileRecord] = []
    documents: list[DocumentRecord]
    seal: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """A document as it was checked: its bytes, what it was called, the settings, and the files that had a say."""

    name: str
    content: bytes
    settings: Mapping[str, str]
    files: tuple[tuple[Literal["waivers", "baseline", "prior"], Path], ...] = ()
    packs: tuple[str, ...] = ()


def manifest_of(taken: Sequence[Taken], result: Result, folder: Path, *, on: date, approved_by: str | None = None) -> Manifest:
    """The manifest of documents and their result, which has one report for each; ``folder`` is where it is to lie.

    Raises UsageError where a document holds several reports, or a file cannot be read.
    """
    if len(taken) != len(result.reports):
        raise UsageError("a file holds several reports; attest files that hold one each")
    names = dict.fromkeys(name for one in taken for name in one.packs or ("",))
    packs = {pack.id: pack for name in names for pack in packs_of([name] if name else None)}
    used = {report.form.partition("/")[0] for report in result.reports if report.form}
    needed = [load_pack(BUILT_IN), *(p for p in packs.values() if any(form.partition("/")[0] in used for form in p.forms))]
    manifest = Manifest(
        attested_on=on.isoformat(),
        approved_by=approved_by,
        engine=EngineRecord(version=ENGINE, hash=engine_hash()),
        packs=[hashes for pack in needed for hashes in pack_hashes(pack, folder)],
        overrides=result.overrides,
        files=[_file(kind, path, folder) for kind, path in dict.fromkeys(file for one in taken for file in one.files)],
        documents=[_document(one, report, list(packs.values())) for one, report in zip(taken, result.reports, strict=True)],
    )
    return manifest.model_copy(update={"seal": seal_of(manifest)})


def seal_of(manifest: Manifest) -> str:
    """SHA-256 over a manifest without its seal."""
    data = manifest.model_dump(mode="json", by_alias=True, exclude={"seal"})
    return hashlib.sha256(json.dumps(data, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def engine_hash() -> str:
    """SHA-256 over the names and contents of this package's modules."""
    root, digest = Path(__file__).parent, hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()}\n{len(content)}\n".encode() + content)
    return digest.hexdigest()


def pack_hashes(pack: Pack, folder: Path) -> Iterator[PackHashes]:
    """A pack and those that it extends, file by file."""
    root = Path(pack.folder)
    files = {path.relative_to(root).as_posix(): sha256(path.read_bytes()) for path in sorted(root.rglob("*")) if path.suffix in YAML}
    own = None if root.resolve().parent == rules_folder().resolve() else relative(root, folder)
    yield PackHashes(id=pack.id, version=pack.version, hash=pack.hash, folder=own, files=files)
    if pack.base is not None:
        yield from pack_hashes(pack.base, folder)


def sha256(content: bytes) -> str:
    """In hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def relative(path: Path, folder: Path) -> str:
    """A path as it is named from ``folder``; whole where there is no way between them (another drive)."""
    try:
        return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    except ValueError:
        return path.resolve().as_posix()


def content_of(path: Path) -> bytes:
    """The bytes of a file. Raises UsageError."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None


def _file(kind: Literal["waivers", "baseline", "prior"], path: Path, folder: Path) -> FileRecord:
    waivers = waivers_in(path) if kind == "waivers" else []
    return FileRecord(kind=kind, file=relative(path, folder), sha256=sha256(content_of(path)), waivers=waivers)


def waivers_in(path: Path) -> list[WaivedRecord]:
    """The usable waivers of a file. Raises UsageError when it cannot be opened."""
    specs = [waiver.spec for waiver in read_waivers(path).waivers]
    return [WaivedRecord(finding=one.finding, rule=one.rule, reason=one.reason, by=one.by, until=one.until) for one in specs]


def read_as(content: bytes, name: str, packs: Sequence[Pack]) -> tuple[str, Recognised | None]:
    """The kind of file that a document is, and its report; None when it is of no known form. Raises SourceError."""
    source = readers.load_source(content, name=name, limits=limits_of(max(len(content), 1 << 26)))
    found = recognise(source, packs)
    return source.kind, None if found is None else with_figures(found)


def _document(one: Taken, report: ReportResult, packs: Sequence[Pack]) -> DocumentRecord:
    try:
        kind, found = read_as(one.content, one.name, packs)
    except SourceError:
        kind, found = "unread", None  # the verdict says so
    said = essence_of(found) if found else None
    about = found.report.about if found else {}
    return DocumentRecord(
        name=one.name,
        format=kind,
        sha256=sha256(one.content),
        report_sha256=said.digest if said else None,
        form=report.form,
        agency=None if about.get("agency") is None else str(about["agency"]),
        year=None if about.get("year") is None else str(about["year"]),
        verdict=report.verdict.value,
        sentence=report.sentence,
        settings=dict(one.settings),
        counts=report.counts.by_outcome(),
        numbers=_numbers(report),
        waived=list(_waived(report)),
        said=_said(said) if said else None,
    )


def _said(said: Essence) -> dict[str, dict[str, Any]]:
    claims = {at: list(passages) for at, passages in said.claims.items()}
    return {
        "cells": dict(said.cells),
        "headings": dict(said.headings),
        "claims": claims,
        "texts": dict(said.texts),
        "facts": dict(said.facts),
    }


def essence_from(said: Mapping[str, Mapping[str, Any]]) -> Essence:
    """What a document said, as its manifest keeps it."""
    claims = {at: tuple(passages) for at, passages in said["claims"].items()}
    return Essence(said["cells"], said["headings"], claims, said["texts"], said["facts"])


def _numbers(report: ReportResult) -> dict[str, int]:
    numbers = dict.fromkeys(("error", "warning", "note", "undecided", "waived"), 0)
    for finding in report.findings:
        kind = "waived" if finding.waived else "undecided" if finding.outcome == "undecided" else finding.severity.value
        numbers[kind] += 1
    return numbers


def _waived(report: ReportResult) -> Iterable[WaivedRecord]:
    for finding in report.findings:
        waived = finding.waived
        if waived is not None:
            yield WaivedRecord(finding=finding.fingerprint, rule=finding.rule, reason=waived.reason, by=waived.by, until=waived.until)


def as_json(manifest: Manifest) -> str:
    """The manifest as it is written."""
    return manifest.model_dump_json(by_alias=True, indent=1) + "\n"


def read_manifest(path: Path) -> Manifest:
    """A manifest as it was written. Raises UsageError when it cannot be read as one."""
    try:
        return Manifest.model_validate_json(content_of(path))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise UsageError(f"{path} is not a manifest ({SCHEMA}): {'.'.join(map(str, first['loc']))} {first['msg']}") from None
