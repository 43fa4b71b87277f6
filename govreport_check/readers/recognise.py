"""A document and a form make a report: sections, tables, labels and facts, each with its place.

Nothing here knows a particular form or file format; rows are known by their labels, columns by their heads and by geometry.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from govreport_check.form import Form, Table
from govreport_check.frozen import dataclass
from govreport_check.model import Label, Place, Raw, Remark, Repeated, Report, Section, cell_address
from govreport_check.readers.columns import is_piece, keys_of, printed_labels
from govreport_check.readers.document import Block, CellText, Document, Paragraph, Row, figure_like, numbered
from govreport_check.readers.ends import head_sections, signature_of
from govreport_check.readers.facts import about_of
from govreport_check.readers.fused import taken_apart
from govreport_check.readers.labels import key, spellings, table_keys
from govreport_check.readers.merged_figures import Spot, cells_by_spot, is_under_a_figure
from govreport_check.readers.prose import section_of
from govreport_check.readers.rows import UNREADABLE, raw_of
from govreport_check.readers.sections import Part, parts_of
from govreport_check.readers.several import Following, cut, following
from govreport_check.readers.tables import WHOLE, Found, FoundRow, ordinal, read_tables
from govreport_check.readers.text import split_figures

_LOST = 40
_LONGEST_HEAD = 60
NOTES = ("注:", "注：", "备注:", "备注：", "附注:", "附注：", "说明:", "说明：")


@dataclass(frozen=True, slots=True)
class Understood:
    """A document as it was understood: its blocks numbered, its parts and what their tables hold, part by part. ``second`` is where
    another report begins, which was left out."""

    document: Document
    parts: tuple[Part, ...]
    founds: tuple[Found, ...]
    second: Following | None


def understand(document: Document, form: Form) -> Understood:
    """The parts and tables of ``form`` in ``document``."""
    document = numbered(document)
    pieces = parts_of(document, form)
    if second := following(pieces, form):
        document = cut(document, second)
        pieces = parts_of(document, form)
    parts = _taken_apart(pieces, form)
    met = {part.section for part in parts}
    orphans = [name for name, table in form.tables.items() if table.section not in met]
    founds = _elsewhere(parts, [_tables_in(part, form, orphans) for part in parts], form)
    return Understood(document, tuple(parts), tuple(founds), second)


def recognise_document(document: Document, form: Form) -> Report:
    """The report of ``form`` that ``document`` is. Never raises for what the document says."""
    understood = understand(document, form)
    parts, founds, second = understood.parts, understood.founds, understood.second
    rows = [row for found in founds for row in found.rows]
    sections = _sections(parts, founds, form)
    remarks = [*document.remarks, *(remark for found in founds for remark in found.remarks)]
    remarks += [Remark("several-reports", None, second.place, {"printed": second.title})] if second else []
    remarks += [Remark("extra-section", None, part.place, {"heading": part.heading or ""}) for part in parts if part.extra]
    remarks += _row_remarks(rows)
    report = Report(
        source=document.name,
        form=form.id,
        sections=sections,
        tables=_tables(rows, form),
        labels=tuple(_labels(rows, form)),
        notes=_notes(parts, founds),
        places={**_places(rows, form, document.name), **{f"sections.{name}": part.place for name, part in sections.items()}},
        remarks=tuple(remarks),
    )
    about, places = about_of(report, form)
    return replace(report, about=about, places={**report.places, **places})


def _taken_apart(parts: Sequence[Part], form: Form) -> list[Part]:
    """The parts with their tables' rows apart where they ran together; a part without tables only when another lost its heading."""
    holds = {table.section for table in form.tables.values()}
    lost = not holds <= {part.section for part in parts}
    return [replace(part, blocks=taken_apart(part.blocks, form)) if lost or part.section in holds else part for part in parts]


def _tables_in(part: Part, form: Form, orphans: Sequence[str]) -> Found:
    own = [name for name, table in form.tables.items() if table.section == part.section and part.section]
    if not own and not orphans:
        return Found()
    found = read_tables(part.blocks, form, own, orphans)
    return found if own or found.rows else Found()


def _elsewhere(parts: Sequence[Part], founds: Sequence[Found], form: Form) -> list[Found]:
    """``founds``, with tables that their own part does not hold looked for in parts with printed rows that are none of theirs: tables on
    sheets of their own, or behind the text."""
    met = {row.table for found in founds for row in found.rows}
    missing = [name for name in form.tables if name not in met]
    if not missing:
        return list(founds)
    strange = [not found.rows and any(isinstance(block, Row) for block in part.blocks) for part, found in zip(parts, founds, strict=True)]
    more = [read_tables(list(_lines_of(part)), form, [], missing) if odd else Found() for part, odd in zip(parts, strange, strict=True)]
    return [new if new.rows else found for new, found in zip(more, founds, strict=True)]


def _lines_of(part: Part) -> Iterator[Block]:
    """Rows and short lines: what may belong to a table, without the prose."""
    return (block for block in part.blocks if isinstance(block, Row) or (len(block.text) <= _LONGEST_HEAD and "。" not in block.text))


# --- sections -------------------------------------------------------------------------------------------------------------------


def _sections(parts: Sequence[Part], founds: Sequence[Found], form: Form) -> dict[str, Section]:
    holds = {table.section for table in form.tables.values()}
    prose = [
        _prose(part.blocks, found, form) if found.rows or part.section in holds else list(part.blocks)
        for part, found in zip(parts, founds, strict=True)
    ]
    signature: list[Block] = []
    if len(parts) > 1:
        signature, prose[-1] = signature_of(prose[-1])
    sections = dict(head_sections(prose[0], form, with_signature=not signature))
    lost = dict(_lost(parts, founds, prose, form))
    for part, blocks in zip(parts[1:], prose[1:], strict=True):
        if part.section:
            section = section_of(part.heading, part.place, blocks)
            known = sections.get(part.section)
            sections[part.section] = _joined(known, section) if known else section
    sections.update(lost)
    if signature:
        sections["signature"] = section_of(None, signature[0].place, signature, joined=False)
    return _in_order(sections, parts, set(lost), form)


def _in_order(sections: Mapping[str, Section], parts: Sequence[Part], lost: Collection[str], form: Form) -> dict[str, Section]:
    """The parts as printed; one whose heading is lost behind the one before it in the form."""
    order = list(form.sections)
    places: dict[str, int] = {}
    for i, part in enumerate(parts):
        if part.section:
            places.setdefault(part.section, i)
    for name in lost:
        places[name] = max((places[known] for known in order[: order.index(name)] if known in places and known not in lost), default=-1)
    return dict(sorted(sections.items(), key=lambda item: _rank(item[0], places, form)))


def _rank(name: str, places: Mapping[str, int], form: Form) -> tuple[int, int, int]:
    """Where a part belongs in a report: title and preamble first, then as printed, the signature last."""
    ends = {"title": -2, "preamble": -1, "signature": 1}
    return ends.get(name, 0), places.get(name, 0), list(form.sections).index(name) if name in form.sections else 0


def _joined(first: Section, second: Section) -> Section:
    shift = len(first.text) + 1
    spots = (*first.spots, *((start + shift, place) for start, place in second.spots))
    return replace(first, text=f"{first.text}\n{second.text}", spots=spots, copies=first.copies + 1)


def _prose(blocks: Sequence[Block], found: Found, form: Form) -> list[Block]:
    """The lines of a part that holds tables which belong to none of them."""
    titles = {spelling for section in form.sections.values() for spelling in spellings(section.label)}
    keys = table_keys(form) | titles | {key(table.name["zh"]) for table in form.tables.values()}
    lines = [block for block in blocks if isinstance(block, Paragraph) and (block.place, block.text) not in found.lines]
    return [line for line in lines if not _is_note(line.text) and not _is_label(line.text, keys)]


def _is_note(text: str) -> bool:
    return text.startswith(NOTES)


def _is_label(text: str, keys: frozenset[str]) -> bool:
    """Whether a line consists of labels of the form, or of pieces of one."""
    whole = key(text)
    if whole in keys or (len(whole) > 1 and any(whole in known for known in keys)):
        return True
    if len(text) > _LONGEST_HEAD:
        return False
    left = whole
    for known in sorted(keys, key=len, reverse=True):
        left = left.replace(known, "") if len(known) > 1 else left
    return len(left) <= len(whole) // 3 or all(any(key(word) in known for known in keys) for word in text.split())


def _lost(parts: Sequence[Part], founds: Sequence[Found], prose: list[list[Block]], form: Form) -> Iterator[tuple[str, Section]]:
    """Parts whose heading is lost: their tables stand in another part, or their prose behind the tables of the part before."""
    names = list(form.sections)
    met = {part.section for part in parts}
    holds = {table.section for table in form.tables.values()}
    for index, (part, found) in enumerate(zip(parts, founds, strict=True)):
        for row in found.rows:
            if (section := form.tables[row.table].section) not in met:
                yield section, Section(place=row.printed.place, unread=True)
        following = names[names.index(part.section) + 1 :][:1] if part.section in holds else []
        if not following or following[0] in met | holds or not found.rows:
            continue
        behind = [block for block in prose[index] if (block.place.block or 0) > (found.rows[-1].printed.place.block or 0)]
        if sum(len(block.text) for block in behind) >= _LOST:
            prose[index] = [block for block in prose[index] if block not in behind]
            yield following[0], replace(section_of(None, behind[0].place, behind), unread=True)


# --- tables ---------------------------------------------------------------------------------------------------------------------


def _tables(rows: Sequence[FoundRow], form: Form) -> dict[str, dict[str, dict[str, Raw] | str]]:
    tables: dict[str, dict[str, dict[str, Raw] | str]] = {}
    known = cells_by_spot(rows)
    for (name, row), copies in _copies(rows).items():
        table = form.tables[name]
        runs = {copy.run for copy in copies}
        if len(runs) == 1 and (run := copies[0].run) is not None:
            tables.setdefault(name, {})[row] = run
            continue
        cells = [_raws(copy, table, known) for copy in copies]
        figures = dict(zip(table.columns, cells[0], strict=True))
        if len(copies) > 1:
            columns = enumerate(table.columns)
            figures = {
                column: Repeated(tuple(copy[i] for copy in cells), tuple(copy.printed.place for copy in copies)) for i, column in columns
            }
        tables.setdefault(name, {})[row] = figures
    return {
        name: dict(sorted(tables[name].items(), key=lambda item: ordinal(table, item[0])))
        for name, table in form.tables.items()
        if name in tables
    }


def _copies(rows: Sequence[FoundRow]) -> dict[tuple[str, str], list[FoundRow]]:
    copies: dict[tuple[str, str], list[FoundRow]] = {}
    for row in rows:
        copies.setdefault((row.table, row.row), []).append(row)
    return copies


def _raws(row: FoundRow, table: Table, known: Mapping[Spot, CellText]) -> list[Raw]:
    if row.cells is None:
        return [UNREADABLE for _ in table.columns]
    return [UNREADABLE if cell.covered and is_under_a_figure(cell, known) else raw_of(cell.text) for cell in row.cells]


def _row_remarks(rows: Sequence[FoundRow]) -> Iterator[Remark]:
    for row in rows:
        if row.cells is None and row.run is None:
            yield Remark("unread-row", f"{row.table}.{row.row}", row.printed.place, {"printed": row.printed.text})
    for (table, name), copies in _copies(rows).items():
        for copy in copies[1:]:
            yield Remark("doubled-row", f"{table}.{name}", copy.printed.place, {"printed": copy.printed.text})


def _places(rows: Sequence[FoundRow], form: Form, source: str) -> dict[str, Place]:
    """Each cell's place: row and column as the document shows its table, else as the form's figures are counted: heads left out."""
    places: dict[str, Place] = {}
    for row in reversed(rows):
        table = form.tables[row.table]
        if row.run is not None or row.row not in table.rows:
            places[f"{row.table}.{row.row}"] = replace(row.printed.place, source=source)
        for name in table.rows if row.row == WHOLE else (row.row,):
            number = ordinal(table, name)
            for i, column in enumerate(table.columns):
                spot = row.cells[i].place if row.cells else row.printed.place
                at = (spot.row, spot.column) if spot.table and spot.row else (number, i + 1)
                places[cell_address(row.table, name, column)] = replace(spot, source=source, row=at[0], column=at[1])
    return places


def _labels(rows: Sequence[FoundRow], form: Form) -> Iterator[Label]:
    keys = table_keys(form)
    for name, table in form.tables.items():
        mine = [row for row in rows if row.table == name]
        if not mine:
            continue
        yield from printed_labels(table, [row.printed for row in mine], keys)
        pieces = keys_of(cell for row in mine for cell in (*row.printed.before, *row.printed.own))
        for row in mine:
            label = table.row_labels[table.rows.index(row.row)] if row.row in table.rows else None
            if label and row.printed.label and table.layout == "rows" and not is_piece(key(row.printed.label), label, pieces, keys):
                yield Label(f"{name}.rows.{row.row}", row.printed.label, row.printed.place)


def _notes(parts: Sequence[Part], founds: Sequence[Found]) -> dict[str, tuple[str, ...]]:
    """The notes under the tables: each belongs to the last table before it."""
    notes: dict[str, tuple[str, ...]] = {}
    for part, found in zip(parts, founds, strict=True):
        for block in part.blocks if found.rows else ():
            if isinstance(block, Paragraph) and _is_note(block.text):
                above = [row for row in found.rows if (row.printed.place.block or 0) <= (block.place.block or 0)]
                table = (above or found.rows)[-1 if above else 0].table
                notes[table] = (*notes.get(table, ()), block.text)
    return notes


# --- which form -----------------------------------------------------------------------------------------------------------------


def share_of_labels(document: Document, form: Form) -> float:
    """How much of the form's row and column labels the document shows, 0 to 1."""
    shown = {key(text) for block in taken_apart(document.blocks, form) for text in _texts(block)}
    wanted = [spellings(label) for table in form.tables.values() for label in (*table.row_labels, *table.column_labels)]
    return sum(any(text in shown for text in texts) for texts in wanted) / len(wanted) if wanted else 0.0


def _texts(block: Block) -> Iterator[str]:
    if isinstance(block, Row):
        yield from (cell.text for cell in block.cells if cell.text and not figure_like(cell.text))
    elif len(block.text) <= _LONGEST_HEAD:
        label, _ = split_figures(block.text)
        yield label
        yield from label.split()
