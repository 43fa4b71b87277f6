"""Ruled lines to tables: lines that meet are one table, what they enclose are its cells, merged ones included.

Shared by the readers of pdf and ofd. A side that is not drawn (a table open to the left and right, or cut by the page's end) ends where the
lines across it end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from govreport_check.readers.sheet import Rule

_SNAP = 2.0
"""Lines this near to each other are one: the two edges of a thin box, a double line."""

_JOIN = 3.5
"""A gap of this length in a line, or between two lines that should meet, is none: dashes, corners drawn short."""

_LEAST = 5.0
"""Shorter lines are strokes of a drawing."""

_OPEN = 6.0
"""Lines that go on this far behind the last one across them show that a side is open."""

_WIDEST = 200.0
"""No column of labels is wider."""

_MOST_LINES = 1_500
_MOST_CELLS = 40_000
"""A page with more is a drawing, no table as people print them."""


@dataclass(frozen=True, slots=True)
class Box:
    """A cell: the ``down`` × ``across`` fields of the lattice from ``row`` and ``column`` (from nought) that no line parts."""

    row: int
    column: int
    down: int
    across: int


@dataclass(frozen=True, slots=True)
class Grid:
    """A ruled table. ``xs`` and ``ys`` are its lines, ascending; ``boxes`` its cells from the top left, ``fields[row][column]`` the index
    of the one that a field of the lattice belongs to. ``top`` and ``bottom``: per column, whether a line is drawn there."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    boxes: tuple[Box, ...]
    fields: tuple[tuple[int, ...], ...]
    top: tuple[bool, ...]
    bottom: tuple[bool, ...]

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies in the table."""
        return self.xs[0] <= x <= self.xs[-1] and self.ys[0] <= y <= self.ys[-1]

    @property
    def area(self) -> float:
        return (self.xs[-1] - self.xs[0]) * (self.ys[-1] - self.ys[0])

    def span(self, box: Box) -> tuple[float, float]:
        """Left and right edge of a cell."""
        return self.xs[box.column], self.xs[box.column + box.across]


def grids_of(rules: Iterable[Rule]) -> list[Grid]:
    """The tables that ``rules`` draw, from the top; a frame around a single field is none."""
    lines = list(_lines(rules))
    if len(lines) > _MOST_LINES:
        return []
    grids = (_grid(together) for together in _touching(lines))
    return sorted((grid for grid in grids if grid is not None and len(grid.boxes) > 1), key=lambda grid: (grid.ys[0], grid.xs[0]))


# --- lines ----------------------------------------------------------------------------------------------------------------------


def _lines(rules: Iterable[Rule]) -> Iterator[Rule]:
    """``rules`` with those that lie on one line and touch put together."""
    known = list(rules)
    for upright in (False, True):
        level: list[Rule] = []
        for rule in sorted((rule for rule in known if rule.upright is upright), key=lambda rule: rule.at):
            if level and rule.at - level[0].at > _SNAP:
                yield from _joined(level)
                level = []
            level.append(rule)
        yield from _joined(level)


def _joined(level: Sequence[Rule]) -> Iterator[Rule]:
    if not level:
        return
    long = sum(rule.end - rule.start for rule in level)
    at = sum(rule.at * (rule.end - rule.start) for rule in level) / long if long else level[0].at
    pieces = sorted((rule.start, rule.end) for rule in level)
    start, end = pieces[0]
    for piece in (*pieces[1:], (float("inf"), float("inf"))):
        if piece[0] > end + _JOIN:
            if end - start >= _LEAST:
                yield Rule(level[0].upright, at, start, end)
            start, end = piece
        end = max(end, piece[1])


def _touching(lines: Sequence[Rule]) -> list[list[Rule]]:
    """The lines in groups, those in one that meet or cross, however many others lie between."""
    parent = list(range(len(lines)))
    level = [i for i, line in enumerate(lines) if not line.upright]
    upright = [i for i, line in enumerate(lines) if line.upright]
    for i in level:
        for j in upright:
            if _meet(lines[i], lines[j]):
                _union(parent, i, j)
    for i in upright:
        if not any(_meet(lines[j], lines[i]) for j in level):
            _stand_beside(i, lines, parent)
    groups: dict[int, list[Rule]] = {}
    for i, line in enumerate(lines):
        groups.setdefault(_root(parent, i), []).append(line)
    return list(groups.values())


def _stand_beside(i: int, lines: Sequence[Rule], parent: list[int]) -> None:
    """Joins an upright line that none crosses to the nearest as long as it: the edge of a cell that page breaks cut above and below."""
    own, crossed = lines[i], {_root(parent, j) for j, line in enumerate(lines) if not line.upright}
    alike = [
        (abs(line.at - own.at), j)
        for j, line in enumerate(lines)
        if line.upright
        and j != i
        and _root(parent, j) in crossed
        and abs(line.start - own.start) < _LEAST
        and abs(line.end - own.end) < _LEAST
    ]
    if alike and min(alike)[0] < _WIDEST:
        _union(parent, i, min(alike)[1])


def _meet(level: Rule, upright: Rule) -> bool:
    across = level.start - _JOIN <= upright.at <= level.end + _JOIN
    return across and upright.start - _JOIN <= level.at <= upright.end + _JOIN


def _root(parent: list[int], i: int) -> int:
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


def _union(parent: list[int], i: int, j: int) -> None:
    first, second = sorted((_root(parent, i), _root(parent, j)))
    parent[second] = first


# --- cells ----------------------------------------------------------------------------------------------------------------------


def _grid(lines: Sequence[Rule]) -> Grid | None:
    """The table of lines that touch; None when they enclose nothing."""
    level = [line for line in lines if not line.upright]
    upright = [line for line in lines if line.upright]
    if not level or not upright or len(lines) < 3:
        return None
    xs, ys = _edges(upright, level), _edges(level, upright)
    if len(xs) < 2 or len(ys) < 2 or len(xs) * len(ys) > _MOST_CELLS:
        return None
    below = _walls(ys, xs, level)
    boxes, fields = _boxes(_parent(xs, ys, below, _walls(xs, ys, upright)), len(ys) - 1, len(xs) - 1)
    top, bottom = (tuple((edge, column) in below for column in range(len(xs) - 1)) for edge in (0, len(ys) - 1))
    return Grid(tuple(xs), tuple(ys), boxes, fields, top, bottom)


def _edges(lines: Sequence[Rule], across: Sequence[Rule]) -> list[float]:
    """Where ``lines`` lie, and an edge at either end where the lines ``across`` them go on behind the last."""
    at = sorted({line.at for line in lines})
    first, last = min(line.start for line in across), max(line.end for line in across)
    return [*([first] if first < at[0] - _OPEN else []), *at, *([last] if last > at[-1] + _OPEN else [])]


def _parent(xs: Sequence[float], ys: Sequence[float], below: set[tuple[int, int]], beside: set[tuple[int, int]]) -> list[int]:
    """The fields of the lattice, row by row, joined where no line parts them."""
    rows, columns = len(ys) - 1, len(xs) - 1
    parent = list(range(rows * columns))
    for row in range(rows):
        for column in range(columns):
            field = row * columns + column
            if column + 1 < columns and (column + 1, row) not in beside:
                _union(parent, field, field + 1)
            if row + 1 < rows and (row + 1, column) not in below:
                _union(parent, field, field + columns)
    return parent


def _walls(at: Sequence[float], bands: Sequence[float], lines: Iterable[Rule]) -> set[tuple[int, int]]:
    """(line, band): where a line covers the middle of a band between two lines across it."""
    number = {place: i for i, place in enumerate(at)}
    middles = [(low + high) / 2 for low, high in pairwise(bands)]
    return {(number[line.at], band) for line in lines for band, middle in enumerate(middles) if line.start <= middle <= line.end}


def _boxes(parent: list[int], rows: int, columns: int) -> tuple[tuple[Box, ...], tuple[tuple[int, ...], ...]]:
    roots = [_root(parent, field) for field in range(rows * columns)]
    index = {root: i for i, root in enumerate(dict.fromkeys(roots))}
    ends: list[list[int]] = [[rows, columns, 0, 0] for _ in index]
    for field, root in enumerate(roots):
        row, column = divmod(field, columns)
        end = ends[index[root]]
        end[:] = min(end[0], row), min(end[1], column), max(end[2], row), max(end[3], column)
    boxes = tuple(Box(top, left, bottom - top + 1, right - left + 1) for top, left, bottom, right in ends)
    fields = tuple(tuple(index[root] for root in roots[row * columns : (row + 1) * columns]) for row in range(rows))
    return boxes, fields
