"""Documents → record batches of an archive: what of a report goes into columns, and what is kept beside them."""

from __future__ import annotations

import datetime
import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from govreport_check.archive.layout import (
    APART,
    FORM,
    GIVEN,
    HASH,
    ODD,
    REPORT,
    SOURCE,
    Cell,
    Layout,
    fact_name,
    heading_name,
    layout_of,
    length_name,
    schema_of,
)
from govreport_check.errors import SourceError
from govreport_check.figures import LIMIT, Figure, read_cell
from govreport_check.form import Form
from govreport_check.frame_tables import exact
from govreport_check.jobs import Job, apart
from govreport_check.model import Raw, Report, State
from govreport_check.pack import Pack
from govreport_check.readers import load_source, to_json
from govreport_check.readers.limits import limits_of
from govreport_check.recognition import Packs, Recognised, packs_of, recognise, with_figures

if TYPE_CHECKING:
    import pyarrow

Odd: TypeAlias = "list[dict[str, Any]]"


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that is not in the archive, and why."""

    source: str
    reason: str
    zh: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What files held: a record batch for each form, and what could not be read."""

    batches: Mapping[str, pyarrow.RecordBatch]
    unread: tuple[Unread, ...]


def read_batch(paths: Sequence[str | Path], packs: Packs | None = None, *, max_size: int | None = None) -> Taken:
    """The reports in ``paths`` as record batches by form id, in the order given. Pure, and can be pickled.

    ``max_size``: how many bytes a file may have, None for what is usual. Raises PackError, UsageError; never for what a file holds.
    """
    import pyarrow as pa

    loaded = packs_of(packs)
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    layouts: dict[str, Layout] = {}
    unread: list[Unread] = []
    for path in paths:
        for found in _reports_of(Path(path), loaded, max_size):
            if isinstance(found, Unread):
                unread.append(found)
                continue
            key, one = found
            name = one.form.id
            if name not in layouts:
                layouts[name] = layout_of(one.pack.forms[name])
            rows[name].append(row_of(one, key, layouts[name]))
    batches = {name: pa.RecordBatch.from_pylist(found, schema_of(layouts[name])) for name, found in rows.items()}
    return Taken(batches, tuple(unread))


def hash_of(path: Path) -> str | None:
    """SHA-256 of a file's bytes; None where it cannot be opened."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def _reports_of(path: Path, packs: Sequence[Pack], max_size: int | None) -> Iterator[tuple[str, Recognised] | Unread]:
    """Every report that a file holds with its name in the archive: the file's hash, and its number where there are several."""
    key, jobs = hash_of(path) or "", apart([Job(path, str(path))], packs)
    for i, job in enumerate(jobs):
        try:
            if job.unread is not None:
                raise job.unread
            found = recognise(load_source(job.source, name=job.name, limits=limits_of(max_size)), packs)
        except SourceError as error:
            yield Unread(error.source, error.reason, error.zh)
            continue
        if found is None:
            yield Unread(job.name or str(path), "is not a report of any known form", "未识别为任何已知格式的报告")
        else:
            yield (key if len(jobs) == 1 else f"{key}#{i + 1}"), found


# --- one report ----------------------------------------------------------------------------------------------------------------


def row_of(found: Recognised, key: str, layout: Layout, *, words: bool = True) -> dict[str, Any]:
    """One report as a row: its columns, what is odd about figures, and the report itself, under ``apart`` where columns do not hold it.
    ``words``: the report itself besides columns that hold it, for rules about prose."""
    split = with_figures(found)
    report = found.report
    plain = split.report is report and is_regular(report, layout)
    row: dict[str, Any] = {HASH: key, SOURCE: report.source, FORM: found.form.id}
    if words or not plain:
        row[REPORT if plain else APART] = to_json(report)
    row |= {fact_name(fact): _fact(report.about.get(fact), kind) for fact, kind in layout.facts.items()}
    odd: Odd = []
    for i, cell in enumerate(layout.cells):
        row[cell.name] = units_in(_raw(split.report, cell), cell, i, layout.form, odd if plain else [])
    row[ODD], row[GIVEN] = odd or None, report.sections is not None
    for part in layout.parts:
        section = (report.sections or {}).get(part)
        row[length_name(part)] = None if section is None else len(section.text.strip())
        row[heading_name(part)] = section.heading or None if section else None
    return row


def _raw(report: Report, cell: Cell) -> Raw:
    cells = (report.tables or {}).get(cell.table.id, {}).get(cell.table.rows[cell.row])
    return cells.get(cell.table.columns[cell.column]) if isinstance(cells, Mapping) else None


def units_in(raw: Raw, cell: Cell, number: int, form: Form, odd: Odd) -> int | None:
    """The figure in units; where it is not printed simply as that number, it goes to ``odd`` as printed."""
    kind = cell.table.kinds[cell.column]
    if type(raw) is int and abs(raw) * 10**cell.places < LIMIT and kind.name not in ("date", "text"):
        return raw * int(10**cell.places)
    figure = read_cell(exact(raw), kind, form.marks, total=cell.table.is_total(cell.row, cell.column))
    units = units_of(figure, cell.places)
    if units is not None and abs(units) >= LIMIT:  # in units of columns beside it that have more decimal places
        units = None
    if raw is None or units is None or str(raw) != plain_text(units, cell.places):
        odd.append({"cell": number, "state": int(figure.state), "raw": None if raw is None else str(raw)})
    return units


def units_of(figure: Figure, places: int) -> int | None:
    """A figure that is exactly known, in units; None of any other."""
    known = figure.state in (State.VALUE, State.ZERO, State.EMPTY) and figure.value is not None
    return int(figure.value.scaleb(places)) if known and figure.value is not None else None


def plain_text(units: int, places: int) -> str:
    """A number of units as a person writes it: no needless noughts."""
    return str(units) if not places or not units else f"{Decimal(units).scaleb(-places).normalize():f}"


def _fact(value: Any, kind: str) -> Any:
    """A fact as its column holds it; None where it cannot."""
    if value is None or not is_plain_fact(value, kind):
        return None
    return datetime.date.fromisoformat(value) if kind == "date" else value


def is_plain_fact(value: Any, kind: str) -> bool:
    """Whether a column holds all that the fact says."""
    match kind:
        case "number":
            return type(value) is int and abs(value) < 2**53
        case "date":
            return isinstance(value, str) and _is_day(value)
        case "bool":
            return isinstance(value, bool)
        case _:
            return isinstance(value, str) and value != ""


def _is_day(text: str) -> bool:
    try:
        return len(text) == 10 and datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def is_regular(report: Report, layout: Layout) -> bool:
    """Whether columns hold all that rules ask of the report, its prose apart."""
    beside = report.partial or report.remarks or report.presumed or report.entities or any(report.notes.values())
    return (
        bool(layout.cells) and not beside and _regular_about(report, layout) and _regular_parts(report, layout) and _whole(report, layout)
    )


def _regular_about(report: Report, layout: Layout) -> bool:
    stated = [(layout.facts.get(key), value) for key, value in report.about.items() if value is not None]
    return bool(report.about) and all(kind is not None and is_plain_fact(value, kind) for kind, value in stated)


def _regular_parts(report: Report, layout: Layout) -> bool:
    """Whether the parts stand in the form's order, each once; nothing is asked of their words."""
    sections = report.sections or {}
    order = [part for part in layout.form.sections if part in sections]
    inside = [part for part in sections if part in layout.form.sections]
    strange = any(one.unread or one.copies != 1 or one.heading == "" for one in sections.values())
    return order == inside and not strange and set(sections) <= set(layout.parts)


def _whole(report: Report, layout: Layout) -> bool:
    """Whether exactly the form's tables, rows and columns are there, each with one figure."""
    tables, form = report.tables, layout.form
    if tables is None or set(tables) != set(form.tables):
        return False
    return all(
        set(tables[name]) == set(table.rows) and all(_is_whole_row(cells, table.columns) for cells in tables[name].values())
        for name, table in form.tables.items()
    )


def _is_whole_row(cells: object, columns: Sequence[str]) -> bool:
    if not isinstance(cells, Mapping) or set(cells) != set(columns):
        return False
    return all(raw is None or type(raw) in (int, str) or (type(raw) is Decimal and "E" not in str(raw)) for raw in cells.values())
