"""Cells with spans laid out as a grid: what HTML's rowspan and colspan say, and what Word's and Excel's merges come to.

The flow is that of the HTML Standard ("forming a table"): a cell takes the first free place of its row, and what reaches into a place
that is taken already stays out of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from govreport_check.model import Place
from govreport_check.readers.document import CellText, Row
from govreport_check.readers.limits import Limits, too_much


@dataclass(frozen=True, slots=True)
class Spanning:
    """A cell before it has a column. ``down`` and ``across``: how many rows and columns it covers; ``down`` 0: all rows that are left."""

    text: str
    place: Place
    down: int = 1
    across: int = 1


def gridded(rows: Sequence[Sequence[Spanning]], places: Sequence[Place], number: int, name: str, limits: Limits) -> list[Row]:
    """The rows of printed table ``number`` with their spans expanded; ``places`` are those of the rows.

    Raises SourceError for a table of more columns or cells than ``limits`` allow.
    """
    laid = [_Laid({}) for _ in rows]
    room = limits.cells
    for r, row in enumerate(rows):
        column = 0
        for cell in row:
            while column in laid[r].cells:
                column += 1
            down = min(cell.down or len(rows), len(rows) - r)
            if column + cell.across > limits.columns:
                raise too_much(name, "columns in a table", limits.columns, "列")
            room -= max(1, down) * cell.across
            if room < 0:
                raise too_much(name, "cells in a table", limits.cells, "个单元格")
            _put(laid[r : r + max(1, down)], cell, column)
            column += cell.across
    return [_row(one.cells, place, r, number) for r, (one, place) in enumerate(zip(laid, places, strict=True), 1)]


@dataclass(slots=True)
class _Laid:
    """A row while it is laid out: its cells by column, those that another covers among them."""

    cells: dict[int, CellText]


def _put(rows: Sequence[_Laid], cell: Spanning, column: int) -> None:
    for below, row in enumerate(rows):
        for at in range(column, column + cell.across):
            if below == 0 and at == column:
                row.cells[at] = CellText(cell.text, cell.place)
            else:
                row.cells.setdefault(at, CellText("", cell.place, "down" if below else "across"))


def _row(cells: dict[int, CellText], place: Place, row: int, number: int) -> Row:
    """The row as the grid shows it; a place that no cell covers is empty."""
    width = max(cells, default=-1) + 1
    known = [(at, cells.get(at) or CellText("", place)) for at in range(width)]
    placed = (CellText(cell.text, _at(cell.place, number, row, at + 1), cell.covered) for at, cell in known)
    return Row(tuple(placed), _at(place, number, row, None), number)


def _at(place: Place, table: int, row: int, column: int | None) -> Place:
    return Place(place.source, place.page, table, row, column, place.sheet, place.cell, place.line, place.section, place.element)
