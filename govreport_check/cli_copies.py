"""``check --annotate``: copies of the checked files with comments, written where they are wanted, never over what was checked."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import click

from govreport_check import console
from govreport_check.errors import GovreportError, UsageError

if TYPE_CHECKING:
    from govreport_check.findings import ReportResult, Result

Found: TypeAlias = "Sequence[tuple[Path | bytes, str]]"
_KEPT = frozenset({".docx", ".docm", ".dotx", ".xlsx", ".xlsm", ".xltx"})


def below(out: Path | None) -> list[Path]:
    """What is in the way of a check of the folder that ``out`` lies in: earlier copies."""
    if out is None:
        return []
    return [path for path in out.rglob("*") if path.is_file()] if out.is_dir() else [out]


def targets_of(found: Found, out: Path) -> list[Path]:
    """Where the copy of each report goes: ``out`` itself for one, in the folder ``out`` for several or where it is one, by their own names
    below the folder that they share. Raises UsageError, before anything is checked, for a report that would be written over."""
    if len(found) == 1 and not out.is_dir():
        targets = [out]
    else:
        shared = _shared([Path(name) for _, name in found])
        targets = [out / (os.path.relpath(name, shared) if isinstance(source, Path) else "stdin") for source, name in found]
    for target in targets:
        _spare(target, found)
    return targets


def _spare(target: Path, found: Found) -> None:
    """Raises UsageError where ``target`` is one of the reports."""
    if target.resolve() in {source.resolve() for source, _ in found if isinstance(source, Path)}:
        raise click.UsageError(f"--annotate: {target} is a report to check; name another file or folder")


def _shared(paths: Sequence[Path]) -> str:
    try:
        return os.path.commonpath([path.absolute().parent for path in paths])
    except ValueError:
        raise click.UsageError("--annotate: the reports lie on several drives; annotate those of one at a time") from None


def put_copies(result: Result, found: Found, targets: Sequence[Path], lang: str | None, notes: bool) -> bool:
    """Whether there is a copy of every report; one that there could not be is told, and the others are written all the same."""
    reports = {report.source: report for report in result.reports}
    written, taken = True, set[Path]()
    for (source, name), target in zip(found, targets, strict=True):
        try:
            path, content, told = _copy(source, name, reports.get(name), target, lang or result.lang, notes)
            _spare(path, found)
            if path in taken:
                raise UsageError(f"--annotate: {path} is the copy of another report already; annotate {name} apart")
            taken.add(path)
            path.parent.mkdir(parents=True, exist_ok=True)
            console.write_file(path, content)
            console.complain([f"{path}: {line}" for line in told], 0)
        except (GovreportError, click.ClickException, OSError) as error:
            said = error.format_message() if isinstance(error, click.ClickException) else str(error)
            console.complain([f"{console.COMMAND}: {said}"], console.FAILED)
            written = False
    return written


def _copy(
    source: Path | bytes, name: str, report: ReportResult | None, target: Path, lang: str, notes: bool
) -> tuple[Path, bytes, list[str]]:
    """Where the copy of a report goes, the copy, and what there is to know of it. Raises GovreportError, OSError."""
    from govreport_check.copies import annotated, caveats, editable

    content = source.read_bytes() if isinstance(source, Path) else source
    told = caveats(content, name, lang=lang)
    content, kind = editable(content, name)
    if report is None:
        raise UsageError(f"{name}: holds several reports; there is no copy of it")
    own = Path(name).suffix.lower()
    path = _named(target, Path(name).name, own if own in _KEPT else f".{kind}")
    return path, annotated(content, name, report, lang=lang, notes=notes), told


def _named(target: Path, name: str, suffix: str) -> Path:
    """``target`` with the ending of its kind, which is set behind a report's own name. Raises UsageError for a file named otherwise."""
    if target.suffix.lower() == suffix:
        return target
    if target.name in (name, "stdin"):
        return target.with_name(f"{target.name}{suffix}")
    raise UsageError(f"--annotate: the copy of {name} is a {suffix[1:]} file; name it {target.with_suffix(suffix).name}")
