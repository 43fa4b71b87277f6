"""A report printed as the official form prints it, in the formats that people have: docx, xlsx, html.

:func:`printed` lays a report out (title, prose, headings, tables with merged cells); the writers put that into a file each.
"""

from __future__ import annotations

import html
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from govreport_check.form import Form, Table
from govreport_check.model import Report


@dataclass(frozen=True)
class Text:
    """A paragraph. ``kind``: title, heading, text or signature."""

    text: str
    kind: str = "text"


@dataclass(frozen=True)
class Cell:
    """A printed cell; it covers ``down`` rows and ``across`` columns."""

    text: str
    down: int = 1
    across: int = 1


@dataclass(frozen=True)
class Grid:
    """A printed table: per row its cells from left to right, those that an upper one covers left out. ``id`` is the form's table."""

    id: str
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def width(self) -> int:
        return sum(cell.across for cell in self.rows[0])

    def placed(self) -> Iterator[tuple[int, int, Cell]]:
        """(row, column, cell) of every cell, counted from nought as the grid shows them."""
        taken: set[tuple[int, int]] = set()
        for r, row in enumerate(self.rows):
            c = 0
            for cell in row:
                while (r, c) in taken:
                    c += 1
                yield r, c, cell
                taken |= {(r + i, c + j) for i in range(cell.down) for j in range(cell.across)}
                c += cell.across

    def at(self, row: int, column: int) -> str:
        """What stands at this place of the grid, '' where a cell above or to the left covers it."""
        return next((cell.text for r, c, cell in self.placed() if (r, c) == (row, column)), "")


Item: TypeAlias = Text | Grid
RESERVED = ("title", "preamble", "signature")


def printed(report: Report, form: Form, *, apart: bool = False) -> list[Item]:
    """``report`` laid out as the form of 2021 is printed; ``apart``: the parts of table two as tables of their own."""
    items: list[Item] = []
    for name, section in (report.sections or {}).items():
        kind = {"title": "title", "signature": "signature"}.get(name, "text")
        if section.heading:
            items.append(Text(section.heading, "heading"))
        items.extend(Text(line, kind) for line in section.text.split("\n") if line)
        tables = [table for table in form.tables.values() if table.section == name and table.id in (report.tables or {})]
        items.extend(_grids(tables, report, apart))
        items.extend(Text(note) for table in tables for note in report.notes.get(table.id, ()))
    return items


def changed(items: Sequence[Item], table: str, row: int, column: int, text: str) -> list[Item]:
    """``items`` with another text in the cell at this place of a printed table, counted from nought."""
    return [_with(item, row, column, text) if isinstance(item, Grid) and item.id == table else item for item in items]


def _with(grid: Grid, row: int, column: int, text: str) -> Grid:
    wanted = next(cell for r, c, cell in grid.placed() if (r, c) == (row, column))
    new = tuple(replace(cell, text=text) if cell is wanted else cell for cell in grid.rows[row])
    return Grid(grid.id, (*grid.rows[:row], new, *grid.rows[row + 1 :]))


# --- the layout -----------------------------------------------------------------------------------------------------------------


def _grids(tables: Sequence[Table], report: Report, apart: bool) -> Iterator[Grid]:
    says = _sayer(report)
    if tables and tables[0].id == "documents":
        blocks = [rows for table in tables for rows in _captioned(table, report, says)]
        parts = blocks if apart else [tuple(row for rows in blocks for row in rows)]
        yield from (Grid("documents", part) for part in parts)
        return
    for table in tables:
        yield Grid(table.id, tuple(_side_by_side(table, report, says) if table.layout == "across" else _rows(table, report, says)))


def _sayer(report: Report) -> Callable[[str, str], str]:
    known = {label.at: label.printed for label in report.labels or ()}
    return lambda at, text: known.get(at, text)


def _figure(report: Report, table: str, row: str, column: str) -> str:
    cells: Any = (report.tables or {})[table].get(row, {})
    value = cells.get(column)
    return "" if value is None else str(value)


def _captioned(table: Table, report: Report, says: Callable[[str, str], str]) -> Iterator[tuple[tuple[Cell, ...], ...]]:
    """Table two: a caption over all columns, heads, rows; the decisions under two captions."""
    wide = 4 - len(table.columns)
    *captions, about = [says(f"{table.id}.heads.{i}", head.text) for i, head in enumerate(table.heads)]
    heads = [Cell(says(f"{table.id}.columns.{c}", label.text)) for c, label in zip(table.columns, table.column_labels, strict=True)]
    heads[-1] = replace(heads[-1], across=wide)
    rows = list(zip(table.rows, table.row_labels, strict=True))
    for number, caption in enumerate(captions):
        mine = rows if len(captions) == 1 else rows[:1] if number == 0 else rows[1:]
        lines = []
        for row, label in mine:
            figures = [Cell(_figure(report, table.id, row, column)) for column in table.columns]
            figures[-1] = replace(figures[-1], across=wide)
            lines.append((Cell(says(f"{table.id}.rows.{row}", label.text)), *figures))
        yield ((Cell(caption, across=4),), (Cell(about), *heads), *lines)


def _rows(table: Table, report: Report, says: Callable[[str, str], str]) -> Iterator[tuple[Cell, ...]]:
    """Table three: three columns of labels, heads of three levels, parents beside their rows."""
    columns = [Cell(says(f"{table.id}.columns.{c}", label.text)) for c, label in zip(table.columns, table.column_labels, strict=True)]
    applicants, organisations, outcomes = (says(f"{table.id}.heads.{i}", head.text) for i, head in enumerate(table.heads))
    yield Cell(says(f"{table.id}.head_note", table.head_note or ""), 3, 3), Cell(applicants, across=7)
    yield replace(columns[0], down=2), Cell(organisations, across=5), replace(columns[6], down=2)
    yield tuple(columns[1:6])
    inner = [row for row in table.rows if row not in ("new_received", "carried_over", "carried_forward")]
    for row, label in zip(table.rows, table.row_labels, strict=True):
        own = Cell(says(f"{table.id}.rows.{row}", label.text))
        cells = [replace(own, across=3)] if row not in inner else _label_cells(table, row, own, inner, says)
        if row == inner[0]:
            cells.insert(0, Cell(outcomes, len(inner)))
        yield *cells, *(Cell(_figure(report, table.id, row, column)) for column in table.columns)


def _label_cells(table: Table, row: str, own: Cell, inner: Sequence[str], says: Callable[[str, str], str]) -> list[Cell]:
    parent = row.rpartition(".")[0]
    if not parent:
        return [replace(own, across=2)]
    leaves = [other for other in inner if other.startswith(f"{parent}.")]
    head = Cell(says(f"{table.id}.parents.{parent}", table.parents[parent].text), len(leaves))
    return [head, own] if row == leaves[0] else [own]


def _side_by_side(table: Table, report: Report, says: Callable[[str, str], str]) -> Iterator[tuple[Cell, ...]]:
    """Table four: its rows beside each other."""
    review, *litigation = [says(f"{table.id}.rows.{row}", label.text) for row, label in zip(table.rows, table.row_labels, strict=True)]
    heads = [Cell(says(f"{table.id}.columns.{c}", label.text)) for c, label in zip(table.columns, table.column_labels, strict=True)]
    yield Cell(review, across=5), Cell(says(f"{table.id}.heads.0", table.heads[0].text), across=10)
    yield *(replace(head, down=2) for head in heads), *(Cell(text, across=5) for text in litigation)
    yield tuple(heads * 2)
    yield tuple(Cell(_figure(report, table.id, row, column)) for row in table.rows for column in table.columns)


# --- the writers ----------------------------------------------------------------------------------------------------------------


def as_docx(items: Sequence[Item], change: Callable[[Any], None] | None = None) -> bytes:
    """A Word file, written by python-docx; ``change`` may work on its ``Document`` before it is saved."""
    import docx

    document = docx.Document()
    for item in items:
        if isinstance(item, Text):
            document.add_paragraph(item.text, style={"title": "Title", "heading": "Heading 1"}.get(item.kind, "Normal"))
            continue
        table = document.add_table(len(item.rows), item.width, style="Table Grid")
        for r, c, cell in item.placed():
            spot = table.cell(r, c)
            if cell.down > 1 or cell.across > 1:
                spot = spot.merge(table.cell(r + cell.down - 1, c + cell.across - 1))
            spot.text = cell.text
    if change is not None:
        change(document)
    document.core_properties.author = ""
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def revised(document: Any) -> None:
    """Changes a python-docx ``Document``: every tenth figure a tracked insertion beside a deleted one, the next in a content control."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls, qn

    runs = [cell._tc.p_lst[0].r_lst[0] for table in document.tables for row in table.rows for cell in row.cells if cell.text.isdigit()]
    for number, run in enumerate(dict.fromkeys(runs)):
        if number % 10 > 1 or run.getparent().tag != qn("w:p"):
            continue
        outer = '<w:ins {} w:id="1" w:author=""/>' if number % 10 == 0 else "<w:sdt {}><w:sdtContent/></w:sdt>"
        wrapper = parse_xml(outer.format(nsdecls("w")))
        gone = parse_xml(f'<w:del {nsdecls("w")} w:id="2" w:author=""><w:r><w:delText>9</w:delText></w:r></w:del>')
        if number % 10 == 0:
            run.addnext(gone)
        run.getparent().replace(run, wrapper)
        (wrapper if number % 10 == 0 else wrapper[0]).append(run)


def numbered(document: Any) -> None:
    """Changes a python-docx ``Document``: the numbers of its headings (一、 …) are made by a list, and no longer in their text."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    lists = document.part.numbering_part.element
    level = '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>'
    lists.append(parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">{level}</w:abstractNum>'))
    lists.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    for paragraph in document.paragraphs:
        if paragraph.style.name == "Heading 1":
            paragraph.text = paragraph.text.partition("、")[2]
            paragraph._p.get_or_add_pPr().append(parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="0"/><w:numId w:val="77"/></w:numPr>'))


def as_workbook(items: Sequence[Item], *, sheets: bool = False, numbers: bool = True) -> Any:
    """An openpyxl workbook: everything on one sheet, or (``sheets``) each table on a sheet of its own named 表二 … and the prose on the
    first. ``numbers``: figures as numbers, else as text."""
    import openpyxl

    book = openpyxl.Workbook()
    book.properties.creator = None
    prose = book.active
    prose.title = "年度报告"
    row = 1
    for item in items:
        if isinstance(item, Text):
            prose.cell(row, 1, item.text)
            row += 1
            continue
        sheet, top = (book.create_sheet(_sheet_name(item, book)), 1) if sheets else (prose, row)
        for r, c, cell in item.placed():
            sheet.cell(top + r, 1 + c, _value(cell.text) if numbers else cell.text)
            if cell.down > 1 or cell.across > 1:
                sheet.merge_cells(start_row=top + r, start_column=1 + c, end_row=top + r + cell.down - 1, end_column=c + cell.across)
        row += 0 if sheets else len(item.rows)
    return book


def _sheet_name(grid: Grid, book: Any) -> str:
    name = {"documents": "表二", "requests": "表三", "disputes": "表四"}[grid.id]
    taken = [title for title in book.sheetnames if title.startswith(name)]
    return f"{name}{len(taken) or ''}"


def _value(text: str) -> int | float | str:
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return text


def as_xlsx(items: Sequence[Item], *, sheets: bool = False, numbers: bool = True) -> bytes:
    """A workbook file, see :func:`as_workbook`."""
    return saved(as_workbook(items, sheets=sheets, numbers=numbers))


def saved(book: Any) -> bytes:
    """A workbook as the bytes of its file."""
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def as_html(items: Sequence[Item]) -> str:
    """A page with real tables: rowspan and colspan, a line per element."""
    lines = ["<!DOCTYPE html>", '<html lang="zh"><head><meta charset="utf-8"><title>年度报告</title></head><body>']
    tags = {"title": "h1", "heading": "h2"}
    for item in items:
        if isinstance(item, Text):
            tag = tags.get(item.kind, "p")
            lines.append(f"<{tag}>{html.escape(item.text)}</{tag}>")
        else:
            lines += ["<table>", *(f"<tr>{''.join(map(_td, row))}</tr>" for row in item.rows), "</table>"]
    return "\n".join([*lines, "</body></html>", ""])


def _td(cell: Cell) -> str:
    spans: Mapping[str, int] = {"rowspan": cell.down, "colspan": cell.across}
    attributes = "".join(f' {name}="{number}"' for name, number in spans.items() if number > 1)
    return f"<td{attributes}>{html.escape(cell.text)}</td>"
