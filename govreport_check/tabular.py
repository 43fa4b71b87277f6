"""CSV files that hold many reports: a flat one, figure by figure, and one table of all agencies a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from govreport_check.errors import SourceError
from govreport_check.form import Form
from govreport_check.frozen import dataclass
from govreport_check.model import Report
from govreport_check.pack import Pack
from govreport_check.readers import Given

_OPENING = 4096
_SUFFIXES = frozenset({".csv", ".tsv", ".crdownload"})


@dataclass(frozen=True, slots=True)
class Held:
    """What the sources at these ``positions`` hold: reports, or the reason why they could not be read. Tables of all agencies are read
    together, since each has only one table of every report."""

    positions: tuple[int, ...]
    reports: tuple[Report, ...] = ()
    error: SourceError | None = None


def held(sources: Sequence[tuple[Given, str | None]], packs: Sequence[Pack]) -> Iterator[Held]:
    """What those of ``sources`` (with what to call them) hold that are CSV files of several reports."""
    forms = [form for pack in packs for form in pack.forms.values()]
    tables: list[tuple[int, str, bytes]] = []
    for i, (source, name) in enumerate(sources):
        content = _content(source)
        if content is None:
            continue
        from govreport_check.readers.flat_csv import is_flat_csv
        from govreport_check.readers.foia_csv import is_agency_csv

        opening = content[:_OPENING].decode("utf-8", errors="replace")
        called = name or (str(source) if isinstance(source, str | Path) else "<bytes>")
        if is_agency_csv(opening):
            tables.append((i, called, content))
        elif is_flat_csv(opening):
            yield _flat(i, content, called, forms)
    if tables:
        yield _tables(tables, forms)


def _content(source: Given) -> bytes | None:
    """The bytes of what may be a CSV; None of anything else, and of what cannot be opened (which is told where sources are read)."""
    if isinstance(source, bytes | bytearray | memoryview):
        return bytes(source)
    if isinstance(source, str) and "\n" in source:
        return source.encode()
    if not isinstance(source, str | Path) or Path(source).suffix.lower() not in _SUFFIXES:
        return None
    try:
        return Path(source).read_bytes()
    except (OSError, ValueError):
        return None


def _flat(position: int, content: bytes, name: str, forms: Sequence[Form]) -> Held:
    """The reports of a flat CSV, of the form that has most of the figures it names."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        error = SourceError(name, "is a CSV that is not encoded in UTF-8; save it as UTF-8", "CSV文件的编码不是UTF-8，请另存为UTF-8")
        return Held((position,), error=error)
    from govreport_check.readers.flat_csv import read_flat_csv

    try:
        read = [read_flat_csv(text, name, form) for form in forms]
    except SourceError as error:
        return Held((position,), error=error)
    return Held((position,), tuple(max(read, key=_figures, default=())))


def _figures(reports: Iterable[Report]) -> int:
    return sum(len(cells) for report in reports for rows in (report.tables or {}).values() for cells in rows.values())


def _tables(tables: Sequence[tuple[int, str, bytes]], forms: Sequence[Form]) -> Held:
    from govreport_check.readers.foia_csv import read_agency_csvs

    positions = tuple(i for i, _, _ in tables)
    failed: SourceError | None = None
    for form in forms:
        if not any(entity.overall for entity in form.entities.values()):
            continue
        try:
            return Held(positions, tuple(read_agency_csvs([(name, content) for _, name, content in tables], form)))
        except SourceError as error:
            failed = error
    return Held(positions, error=failed)
