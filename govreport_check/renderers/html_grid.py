"""A printed table as rows of heads and figures: which head spans what, the way the official form is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from govreport_check.findings import PrintedHead, PrintedTable
from govreport_check.model import cell_address


@dataclass(frozen=True, slots=True)
class Head:
    """A head of columns or rows. ``at``: the address of its label, without ``labels.``; ``scope`` as HTML has it."""

    text: str
    at: str
    scope: str
    across: int = 1
    down: int = 1


@dataclass(frozen=True, slots=True)
class Figure:
    """What is printed in one cell: ``at``, by the numbers of its row and column in the form."""

    text: str
    at: str
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Line:
    heads: tuple[Head, ...]
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """``tops`` are the lines of column heads, the first of which begins with ``corner`` where there is one."""

    corner: Head | None
    tops: tuple[tuple[Head, ...], ...]
    lines: tuple[Line, ...]


_Path = tuple[PrintedHead, ...]


def grid_of(table: PrintedTable) -> Grid:
    """``table`` as it is drawn; of one whose rows stand side by side, one line."""
    if table.across:
        leaves, over = _side_by_side(table)
        all_in_one = tuple(figure for r in range(len(table.rows)) for figure in _figures(table, r))
        return Grid(None, _tops(leaves, _paths(len(leaves), over), low=True), (Line((), all_in_one),))
    columns = [Head(text, f"{table.id}.columns.{name}", "col") for name, text in table.columns]
    rows = [Head(text, f"{table.id}.rows.{name}", "row") for name, text in table.rows]
    tops = _tops(columns, _paths(len(columns), table.over_columns))
    paths = _paths(len(rows), table.over_rows)
    depth = max(map(len, paths), default=0) + 1
    lines = [Line(_stub(i, leaf, paths, depth), _figures(table, i)) for i, leaf in enumerate(rows)]
    return Grid(Head(table.corner, f"{table.id}.head_note", "col", depth, len(tops)), tops, tuple(lines))


def _figures(table: PrintedTable, row: int) -> tuple[Figure, ...]:
    name, columns = table.rows[row][0], table.columns
    return tuple([Figure(text, cell_address(table.id, name, columns[i][0]), row, i) for i, text in enumerate(table.cells[row])])


def _side_by_side(table: PrintedTable) -> tuple[list[Head], list[PrintedHead]]:
    """The columns of every row one after the other, and what stands over them: each row's label, and what stands over rows."""
    wide = len(table.columns)
    leaves = [Head(text, f"{table.id}.columns.{name}", "col") for _ in table.rows for name, text in table.columns]
    above = [head.model_copy(update={"first": head.first * wide, "last": head.last * wide + wide - 1}) for head in table.over_rows]
    own = [
        PrintedHead(text=text, at=f"{table.id}.rows.{name}", first=r * wide, last=r * wide + wide - 1)
        for r, (name, text) in enumerate(table.rows)
    ]
    return leaves, [*above, *own]


def _paths(number: int, over: Sequence[PrintedHead]) -> list[_Path]:
    """For each column or row the heads that stand over it, the widest first."""
    found = [[head for head in over if head.first <= i <= head.last] for i in range(number)]
    return [tuple(sorted(heads, key=lambda head: head.first - head.last)) for heads in found]


def _run(paths: Sequence[_Path], start: int, level: int) -> int:
    """How many from ``start`` on share the head at ``level``; 0 where it has begun before."""
    prefix = paths[start][: level + 1]
    if start and paths[start - 1][: level + 1] == prefix:
        return 0
    end = start
    while end < len(paths) and paths[end][: level + 1] == prefix:
        end += 1
    return end - start


def _tops(leaves: Sequence[Head], paths: Sequence[_Path], *, low: bool = False) -> tuple[tuple[Head, ...], ...]:
    """The lines of heads over ``leaves``. Where fewer stand over one than over others it is as high as they are together; ``low``: all
    leaves stand in the last line, and what is over them is higher instead."""
    depth = max(map(len, paths), default=0) + 1
    lines: list[tuple[Head, ...]] = []
    for level in range(depth):
        line = []
        for i, (leaf, path) in enumerate(zip(leaves, paths, strict=True)):
            if level == (depth - 1 if low and path else len(path)):
                line.append(Head(leaf.text, leaf.at, "col", 1, depth - level))
            elif level < len(path) and (run := _run(paths, i, level)):
                down = depth - 1 - level if low and level == len(path) - 1 else 1
                line.append(Head(path[level].text, path[level].at, "colgroup" if run > 1 else "col", run, down))
        lines.append(tuple(line))
    return tuple(lines)


def _stub(row: int, leaf: Head, paths: Sequence[_Path], depth: int) -> tuple[Head, ...]:
    path = paths[row]
    heads = [
        Head(head.text, head.at, "rowgroup" if run > 1 else "row", 1, run)
        for level, head in enumerate(path)
        if (run := _run(paths, row, level))
    ]
    return (*heads, Head(leaf.text, leaf.at, "row", depth - len(path)))
