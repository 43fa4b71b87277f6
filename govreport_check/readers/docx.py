"""Word documents (docx, also as WPS writes them), read by a walk over their XML: the page's words and tables, as Word shows them.

ECMA-376-1:2016 (transitional and strict). Headers and footers are no part of the report. Places hold the table, the row as Word
counts it and the column of the table's grid; a paragraph's ``element`` is its number.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from govreport_check.errors import SourceError
from govreport_check.model import Place
from govreport_check.readers.containers import Container, open_zip
from govreport_check.readers.document import Block, CellText, Document, Paragraph, Row, figure_like
from govreport_check.readers.docx_hygiene import remarks_of
from govreport_check.readers.docx_numbers import child, local, read_numbering, value
from govreport_check.readers.docx_tables import GridCell, GridRow, grid_of
from govreport_check.readers.docx_text import GONE, THROUGH, TextReader, chosen, read_styles
from govreport_check.readers.limits import Limits, too_much

MAIN = "word/document.xml"
_LEAST_FIGURES = 2
_LONG, _LEAST_BROKEN = 20, 6
_ENDS = "。！？；：.!?;:”’）)】》"


def read_docx(content: bytes, name: str, limits: Limits) -> Document:
    """The document that ``content`` is. Raises SourceError for what cannot be read."""
    container = open_zip(content, name, limits)
    main = main_part(container, MAIN)
    walk, blocks = walked(container, posixpath.dirname(main), container.xml(main))
    return Document(name, _wrapped(blocks), tuple(remarks_of(container, name, walk.reader.told)))


def walked(container: Container, folder: str, root: Any) -> tuple[Walk, tuple[Block, ...]]:
    """The walk through the document part ``root`` (lxml), whose other parts lie in ``folder``, and what it read. Raises SourceError."""
    name = container.name
    body = child(root, "body")
    if body is None:
        raise SourceError(name, "holds no text; save it again as docx", "文件中没有正文，请重新另存为docx格式")
    styles, default, linked = read_styles(_part(container, folder, "styles.xml"))
    numbering = read_numbering(_part(container, folder, "numbering.xml"), linked)
    reader = TextReader(styles, numbering, _default=default)
    notes = {**_notes(container, folder, "footnotes.xml", "f"), **_notes(container, folder, "endnotes.xml", "e")}
    walk = Walk(name, reader, container.limits, notes)
    blocks = tuple(walk.blocks(body))
    if not blocks:
        raise SourceError(
            name, "holds no text; if its pages are pictures, save them as text", "文件中没有文字；页面是图片的，请转为文字后另存"
        )
    return walk, blocks


def _wrapped(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """``blocks``, the paragraphs said to go on in one another where most long ones end in the middle of a sentence: a page that was turned
    into a Word file has a paragraph for every line."""
    long = [block.text for block in blocks if isinstance(block, Paragraph) and len(block.text) >= _LONG]
    broken = sum(text[-1] not in _ENDS for text in long)
    if broken < _LEAST_BROKEN or 2 * broken < len(long):
        return blocks
    return tuple(replace(block, wraps=True) if isinstance(block, Paragraph) else block for block in blocks)


def main_part(container: Container, usual: str) -> str:
    """The part that the container names as its document; ``usual`` where it names none that is there."""
    if "_rels/.rels" in container.names:
        for one in container.xml("_rels/.rels"):
            target = (value(one, "Target") or "").lstrip("/")
            if (value(one, "Type") or "").endswith("/officeDocument") and target in container.names:
                return target
    return usual


def _part(container: Container, folder: str, name: str) -> Any:
    path = posixpath.join(folder, name)
    return container.xml(path) if path in container.names else None


def _notes(container: Container, folder: str, name: str, sign: str) -> dict[str, Any]:
    root = _part(container, folder, name)
    return {sign + (value(one, "id") or ""): one for one in root if value(one, "type") in (None, "normal")} if root is not None else {}


@dataclass(slots=True)
class Walk:
    """Goes through a document once. ``notes`` are foot- and endnotes by id (lxml); ``tables`` counts the tables so far.

    What a place of a block means is kept (lxml): ``paragraphs`` by the number that places call ``element``, several where the end of one
    was deleted; ``printed`` cells by (table, row, column)."""

    name: str
    reader: TextReader
    limits: Limits
    notes: dict[str, Any] = field(default_factory=dict)
    tables: int = 0
    grids: int = 0
    cells: int = 0
    paragraphs: dict[str, list[Any]] = field(default_factory=dict)
    printed: dict[tuple[int, int, int], Any] = field(default_factory=dict)
    _gap: bool = True
    _open: str = ""
    _begun: list[Any] = field(default_factory=list)

    def blocks(self, container: Any) -> Iterator[Block]:
        """The blocks of everything that stands in ``container`` (body, cell, text box, note), in their order."""
        for one in container:
            name = local(one)
            if name == "p":
                yield from self._paragraph(one)
            elif name == "tbl":
                yield from self._table(one)
            elif name in THROUGH:
                yield from self.blocks(one)
            elif name == "AlternateContent":
                yield from self.blocks(chosen(one))
            elif name == "altChunk":
                self.reader.told.embedded.append(("altChunk", self.reader.count))
            elif name in GONE:
                self.reader.told.revised.append(self.reader.count)

    def _paragraph(self, element: Any) -> Iterator[Block]:
        line = self.reader.line(element)
        text = self._open + line.text
        self._open = "" if line.ends else text
        self._begun.append(element)
        if not line.ends:
            return
        if text.strip():
            self.paragraphs.setdefault(str(self.reader.count), []).extend(self._begun)
        self._begun = []
        self._gap = self._gap or line.breaks
        place = Place(source=self.name, element=str(self.reader.count))
        for piece in text.split("\n"):
            if not piece.strip():
                self._gap = True
                continue
            yield self._line(piece.strip(), place)
            self._gap = False
        for box in line.boxes:
            yield from self.blocks(box)
        yield from self._noted(line.notes)

    def _line(self, text: str, place: Place) -> Block:
        """A line of text, or a row where figures are set apart by tabs."""
        pieces = [piece.strip() for piece in text.split("\t")]
        if sum(figure_like(piece) for piece in pieces) >= _LEAST_FIGURES:
            return Row(tuple(CellText(piece, place) for piece in pieces), place, exact=False)
        return Paragraph(" ".join(filter(None, pieces)), place, gap=self._gap)

    def _noted(self, ids: Iterable[str]) -> Iterator[Block]:
        for one in ids:
            note = self.notes.pop(one, None)
            for number, block in enumerate(self.blocks(note) if note is not None else ()):
                first = isinstance(block, Paragraph) and number == 0 and not block.text.startswith("注")
                yield Paragraph(f"注：{block.text}", block.place) if first else block

    # --- tables -----------------------------------------------------------------------------------------------------------------

    def _table(self, table: Any) -> Iterator[Block]:
        rows = grid_of(table, self.limits.columns + 1)
        if any(row.columns > self.limits.columns for row in rows):
            raise too_much(self.name, "columns in a table", self.limits.columns, "列")
        self.cells += sum(row.columns for row in rows)
        if self.cells > self.limits.cells:
            raise too_much(self.name, "cells in its tables", self.limits.cells, "个单元格")
        if all(len(row.cells) <= 1 for row in rows):  # a frame around text, not a table of figures
            for cell in (cell for row in self._visible(rows) for cell in row.cells if not cell.covered):
                yield from self.blocks(cell.element)
            return
        self.tables += 1
        number, grid, part, ids = self.tables, self.grids, -1, list[str]()
        for row in self._visible(rows):
            if row.part != part:
                grid, part = self.grids + 1, row.part
                self.grids = grid
            yield from self._row(row, number, grid, ids)
        self._gap = True
        yield from self._noted(ids)

    def _visible(self, rows: Iterable[GridRow]) -> Iterator[GridRow]:
        for row in rows:
            if row.revised:
                self.reader.told.revised.append(self.reader.count)
            if row.hidden:
                self.reader.told.rows.append(row.number)
            else:
                yield row

    def _row(self, row: GridRow, table: int, grid: int, ids: list[str]) -> Iterator[Block]:
        """The row, and behind it what stands in its cells that hold tables of their own."""
        cells = [CellText("", self._at(table, row, column)) for column in range(row.columns)]
        inner: list[GridCell] = []
        for cell in row.cells:
            place = self._at(table, row, cell.start)
            if cell.covered:
                text = ""
            elif any(local(one) == "tbl" for one in cell.element.iter()):
                inner.append(cell)
                text = ""
            else:
                text = self._cell(cell, ids)
            cells[cell.start] = CellText(text, place, "down" if cell.covered else "")
            if not cell.covered:
                self.printed[table, row.number, cell.start + 1] = cell.element
            for column in range(cell.start + 1, cell.end):
                cells[column] = CellText("", self._at(table, row, column), "down" if cell.covered else "across")
        if not inner or any(cell.text for cell in cells):
            yield Row(tuple(cells), Place(source=self.name, table=table, row=row.number), grid)
        for cell in inner:
            yield from self.blocks(cell.element)

    def _at(self, table: int, row: GridRow, column: int) -> Place:
        return Place(source=self.name, table=table, row=row.number, column=column + 1)

    def _cell(self, cell: GridCell, ids: list[str]) -> str:
        lines = []
        for paragraph in paragraphs_in(cell.element):
            line = self.reader.line(paragraph, cell=True)
            ids.extend(line.notes)
            lines.append(line.text.replace("\t", " ").strip())
            lines.extend(block.text for box in line.boxes for block in self.blocks(box))
        return "\n".join(filter(None, lines))


def paragraphs_in(element: Any) -> Iterator[Any]:
    """The paragraphs of a cell (``w:tc``), those of tables in it left out."""
    for one in element:
        if local(one) == "p":
            yield one
        elif local(one) in THROUGH:
            yield from paragraphs_in(one)
        elif local(one) == "AlternateContent":
            yield from paragraphs_in(chosen(one))
