"""Word tables as grids: spans across and down, cells before and behind, borders that do not quite meet.

Where people drag borders, Word keeps a grid column for every sliver between them. Edges nearer to each other than
:data:`_SLIVER` are one, and rows whose edges cross those of the rows above begin a grid of their own: 表二 is often several tables in
one, with other columns each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from govreport_check.readers.docx_numbers import child, is_on, local, number, value

_SLIVER = 120  # twentieths of a point: 2 mm
_WRAPPERS = frozenset({"sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"})


@dataclass(frozen=True, slots=True)
class GridCell:
    """A ``w:tc`` (lxml) on grid columns ``start`` to ``end``, counted from nought. ``covered``: a cell above reaches down over it."""

    element: Any
    start: int
    end: int
    covered: bool = False


@dataclass(frozen=True, slots=True)
class GridRow:
    """A ``w:tr`` (lxml): its cells from left to right, its number as Word counts, from one; ``columns`` is the width of its grid and
    ``part`` the number of the grid within the table that it belongs to, from nought."""

    element: Any
    number: int
    cells: tuple[GridCell, ...]
    columns: int = 0
    part: int = 0
    hidden: bool = False
    revised: bool = False

    @property
    def edges(self) -> frozenset[int]:
        return frozenset(edge for cell in self.cells for edge in (cell.start, cell.end))


def grid_of(table: Any, most: int) -> list[GridRow]:
    """The rows of a ``w:tbl``. ``most`` grid columns are kept, whatever the spans say. Rows that were deleted are left out."""
    rows = [row for at, element in enumerate(_through(table, "tr"), 1) if (row := _row(element, at, most))]
    return _parted(_joined_edges(list(_merged(rows)), _widths(table)))


def _merged(rows: list[GridRow]) -> Iterator[GridRow]:
    """``rows``; a cell that is said to go on a merged one counts as such only where one of its width stands above."""
    above: set[tuple[int, int]] = set()
    for row in rows:
        cells = tuple(replace(cell, covered=cell.covered and (cell.start, cell.end) in above) for cell in row.cells)
        above = {(cell.start, cell.end) for cell in cells if _merge(cell.element) is not None}
        yield replace(row, cells=cells)


def _through(element: Any, name: str) -> Iterator[Any]:
    """The children of that name, through content controls and the like."""
    for one in element:
        if local(one) == name:
            yield one
        elif local(one) in _WRAPPERS:
            yield from _through(one, name)


def _row(element: Any, at: int, most: int) -> GridRow | None:
    properties = child(element, "trPr")
    if child(properties, "del") is not None:
        return None
    start = number(value(child(properties, "gridBefore")), 0, most)
    cells: list[GridCell] = []
    for one in _through(element, "tc"):
        own = child(one, "tcPr")
        if child(own, "cellDel") is not None:
            continue
        end = min(start + max(1, number(value(child(own, "gridSpan")), 1, most)), most)
        if value(child(own, "hMerge")) in ("continue", "cont") and cells:
            cells[-1] = replace(cells[-1], end=end)
        elif start < end:
            cells.append(GridCell(one, start, end, _merge(one) == "continue"))
        start = end
    hidden, revised = bool(is_on(child(properties, "hidden"))), child(properties, "ins") is not None
    return GridRow(element, at, tuple(cells), hidden=hidden, revised=revised)


def _merge(cell: Any) -> str | None:
    """``restart`` where a merged cell begins, ``continue`` where it goes on, None elsewhere."""
    merge = child(cell, "tcPr", "vMerge")
    return None if merge is None else value(merge) or "continue"


def _widths(table: Any) -> list[int]:
    grid = child(table, "tblGrid")
    return [number(value(one, "w"), 0) for one in grid if local(one) == "gridCol"] if grid is not None else []


def _joined_edges(rows: list[GridRow], widths: Sequence[int]) -> list[GridRow]:
    """``rows`` with edges that nearly meet made one, unless a cell would vanish between them."""
    last = max((cell.end for row in rows for cell in row.cells), default=0)
    if len(widths) < last or 0 in widths[:last]:
        return rows
    used = sorted({edge for row in rows for edge in row.edges})
    new: dict[int, int] = {}
    for edge in used:
        before = max(new, default=None)
        near = before is not None and sum(widths[before:edge]) < _SLIVER
        new[edge] = new[before] if near and before is not None else edge
    if any(new[cell.start] == new[cell.end] for row in rows for cell in row.cells):
        return rows
    return [_moved(row, new) for row in rows]


def _moved(row: GridRow, new: dict[int, int]) -> GridRow:
    return replace(row, cells=tuple(replace(cell, start=new[cell.start], end=new[cell.end]) for cell in row.cells))


def _parted(rows: list[GridRow]) -> list[GridRow]:
    """``rows`` in runs whose edges refine one another, each numbered by the edges that it uses, from nought."""
    runs: list[list[GridRow]] = []
    edges: frozenset[int] = frozenset()
    for row in rows:
        own = row.edges
        if runs and (own <= edges or edges <= own):
            runs[-1].append(row)
            edges |= own
        else:
            runs.append([row])
            edges = own
    return [numbered for part, run in enumerate(runs) for numbered in _numbered(run, part)]


def _numbered(run: list[GridRow], part: int) -> Iterator[GridRow]:
    edges = sorted({edge for row in run for edge in row.edges})
    new = {edge: i for i, edge in enumerate(edges)}
    return (replace(_moved(row, new), columns=len(edges) - 1, part=part) for row in run)
