"""A document with what each of its pieces was taken for, made from the same parts and rows that the report is made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from govreport_check.form import Form
from govreport_check.model import Report
from govreport_check.outline import Outline, Piece, RowPiece, TextKind, TextPiece
from govreport_check.readers.document import Block, CellText, Document, Paragraph, Row, figure_like, numbered
from govreport_check.readers.recognise import NOTES, Understood, understand
from govreport_check.readers.tables import FoundRow


def outline_of(document: Document, kind: str, form: Form | None, report: Report | None) -> Outline:
    """How ``document`` was understood as a report of ``form``; its bare pieces where it is of none."""
    if form is None or report is None:
        return Outline(document.name, kind, None, tuple(_bare(block) for block in numbered(document).blocks))
    known = _Known.of(understand(document, form), report)
    pieces = (piece for block in known.blocks for piece in known.pieces(block))
    return Outline(document.name, kind, form.id, tuple(pieces), report.remarks)


def _bare(block: Block) -> Piece:
    if isinstance(block, Row):
        return _row(block, [])
    return TextPiece(block.text, block.place, "aside" if block.aside else "paragraph")


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of the blocks, by their numbers: rows found in them, the part and kind of text that begins with them."""

    blocks: Sequence[Block]
    rows: Mapping[int, Sequence[FoundRow]]
    sections: Mapping[int, str | None]
    headings: Mapping[int, str | None]
    kinds: Mapping[int, TextKind]
    taken: frozenset[int]

    @classmethod
    def of(cls, understood: Understood, report: Report) -> _Known:
        rows: dict[int, list[FoundRow]] = {}
        sections: dict[int, str | None] = {}
        for part, found in zip(understood.parts, understood.founds, strict=True):
            for row in found.rows:
                rows.setdefault(row.printed.place.block or 0, []).append(row)
            sections.update((block.place.block or 0, part.section) for block in part.blocks)
        kinds: dict[int, TextKind] = {}
        ends: tuple[TextKind, ...] = ("title", "preamble", "signature")
        for name in ends:
            section = (report.sections or {}).get(name)
            kinds.update((place.block or 0, name) for _, place in (section.spots if section else ()))
        headings = {part.place.block or 0: part.section for part in understood.parts if part.heading}
        taken = {place.block or 0 for found in understood.founds for place, _ in found.lines}
        return cls(understood.document.blocks, rows, sections, headings, kinds, frozenset(taken))

    def pieces(self, block: Block) -> Iterator[Piece]:
        number = block.place.block or 0
        found = self.rows.get(number, [])
        if isinstance(block, Row):
            yield _row(block, found)
        elif found:
            yield from (_line(row) for row in found)
        elif number not in self.taken:
            yield TextPiece(block.text, block.place, self._kind(block, number), self._section(number))

    def _section(self, number: int) -> str | None:
        return self.headings.get(number, self.sections.get(number))

    def _kind(self, block: Paragraph, number: int) -> TextKind:
        if number in self.kinds:
            return self.kinds[number]
        if number in self.headings:
            return "heading" if self.headings[number] else "extra"
        return "aside" if block.aside else "note" if block.text.startswith(NOTES) else "paragraph"


def _row(row: Row, found: Sequence[FoundRow]) -> RowPiece:
    columns: list[int | None] = [None] * len(row.cells)
    for one in found:
        for column, cell in enumerate(one.cells or (), 1):
            at = _index(row.cells, cell)
            if at is not None:
                columns[at] = column
    texts = tuple(None if cell.covered else cell.text for cell in row.cells) + ((row.run,) if row.run is not None else ())
    table = found[0].table if found else None
    figures = any(figure_like(text) and any(map(str.isdigit, text)) for text in texts if text)
    return RowPiece(texts, row.place, row.grid, table, tuple(one.row for one in found), tuple(columns), figures)


def _index(cells: Sequence[CellText], wanted: CellText) -> int | None:
    return next((i for i, cell in enumerate(cells) if cell is wanted), None)


def _line(found: FoundRow) -> RowPiece:
    """A row that was found in lines of text."""
    own = tuple(cell.text for cell in found.printed.own)
    figures = found.cells or found.printed.figures
    columns = (None,) * len(own) + tuple(range(1, len(figures) + 1) if found.cells else (None for _ in figures))
    texts = (*own, *(cell.text for cell in figures))
    return RowPiece(texts, found.printed.place, found.printed.grid, found.table, (found.row,), columns, True)
