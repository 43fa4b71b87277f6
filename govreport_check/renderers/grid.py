"""A piece of a table, redrawn in columns that fit the terminal."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from govreport_check.findings import Excerpt
from govreport_check.renderers.lines import Line, Span, cells, clean, flow, narrowest, pad, wrap
from govreport_check.renderers.words import say

_GAP = 1
_LABEL_CAPS = (40, 32, 26, 20)
_HEAD_CAPS = (14, 8, 6)
_CELL_CAP = 16


@dataclass(frozen=True, slots=True)
class _Shape:
    """Widths in cells: of the row labels and of each column."""

    label: int
    columns: tuple[int, ...]

    @property
    def total(self) -> int:
        return self.label + sum(width + _GAP for width in self.columns)


def draw(excerpt: Excerpt, *, width: int, indent: int, lang: str, brackets: bool) -> list[Line]:
    """The excerpt as lines. Marked cells have the style ``mark``, and stand in brackets where ``brackets`` says so.

    Columns that do not fit are left out from the right, the last one last and never one with a marked cell, and are named below.
    """
    marked = {(row, column) for row, column in excerpt.marked}
    kept, shape = _fit(excerpt, marked, width - indent)
    margin: Span = (" " * indent, "")
    lines = flow([(clean(excerpt.title), "dim"), (say(lang, "excerpt"), "dim")], width, first=(margin,), indent=indent)
    lines.extend((margin, *line) for line in _heads(excerpt, kept, shape))
    for number, (label, printed) in enumerate(excerpt.rows):
        at = [(number, i) in marked for i in kept]
        texts = [_bracketed(_at(printed, i), mark and brackets) for i, mark in zip(kept, at, strict=True)]
        styles = ["mark" if mark and not brackets else "strong" if mark else "" for mark in at]
        lines.extend((margin, *line) for line in _row(clean(label), texts, styles, "" if any(at) else "dim", shape))
    missing = [clean(name) for i, name in enumerate(excerpt.columns) if i not in kept]
    if missing:
        note = say(lang, "omitted", names=say(lang, "list_comma").join(missing))
        lines.extend(flow([(note, "dim")], width, first=(margin,), indent=indent))
    return lines


def tells_more(excerpt: Excerpt) -> bool:
    """Whether the excerpt shows more than its marked cells in one column, which the ledger lists already."""
    return len(excerpt.columns) > 1 or len(excerpt.marked) < len(excerpt.rows)


def _heads(excerpt: Excerpt, kept: Sequence[int], shape: _Shape) -> list[Line]:
    columns = [[f"{part} " for part in wrap(clean(excerpt.columns[i]), width - 1)] for i, width in zip(kept, shape.columns, strict=True)]
    height = max((len(column) for column in columns), default=0)
    filled = [[""] * (height - len(column)) + column for column in columns]
    return _set([""] * height, filled, ["dim"] * len(kept), "dim", shape)


def _at(printed: Sequence[str], column: int) -> str:
    return clean(printed[column]) if column < len(printed) else ""


def _bracketed(text: str, mark: bool) -> str:
    return f"[{text}]" if mark else f" {text} "


def _fit(excerpt: Excerpt, marked: set[tuple[int, int]], room: int) -> tuple[list[int], _Shape]:
    kept = list(range(len(excerpt.columns)))
    needed = {column for _, column in marked}
    while True:
        shape = _shape(excerpt, kept, room)
        spare = [column for column in kept if column not in needed]
        if shape.total <= room or not spare:
            needs = (cells(line) for label, _ in excerpt.rows for line in _even(clean(label), shape.label))
            return kept, replace(shape, label=max(needs, default=0))
        kept.remove((spare[:-1] or spare)[-1])  # the last column is the total: it goes last


def _shape(excerpt: Excerpt, kept: Iterable[int], room: int) -> _Shape:
    """The roomiest widths that fit, or the narrowest there are."""
    columns = list(kept)
    longest = max((cells(clean(label)) for label, _ in excerpt.rows), default=0)
    shapes = [
        _Shape(min(longest, label_cap), tuple(_column(excerpt, column, head_cap) for column in columns))
        for label_cap in _LABEL_CAPS
        for head_cap in _HEAD_CAPS
    ]
    return next((shape for shape in shapes if shape.total <= room), shapes[-1])


def _column(excerpt: Excerpt, column: int, head_cap: int) -> int:
    figures = max((cells(_at(printed, column)) + 2 for _, printed in excerpt.rows), default=2)
    return max(min(figures, _CELL_CAP), _head(clean(excerpt.columns[column]), head_cap) + 1)


def _head(head: str, cap: int) -> int:
    """The width of a column's head: as many lines as ``cap`` asks for, all about equally long."""
    full = cells(head)
    even = full / max(1, math.ceil(full / cap))
    return max(narrowest(head), min(full, 2 * math.ceil(even / 2)))


def _row(label: str, texts: Sequence[str], styles: Sequence[str], label_style: str, shape: _Shape) -> list[Line]:
    """One row of the table, as many lines as its longest cell needs."""
    columns = [[text] if cells(text) <= width else wrap(text, width) for text, width in zip(texts, shape.columns, strict=True)]
    return _set(_even(label, shape.label), columns, styles, label_style, shape)


def _even(text: str, width: int) -> list[str]:
    """``text`` in as few lines as ``width`` allows, the lines about equally long."""
    lines = wrap(text, width)
    narrower = (wrap(text, narrow) for narrow in range(cells(text) // len(lines), width))
    return next((even for even in narrower if len(even) == len(lines)), lines)


def _set(stub: Sequence[str], columns: Sequence[Sequence[str]], styles: Sequence[str], label_style: str, shape: _Shape) -> list[Line]:
    lines: list[Line] = []
    for name, *parts in zip_longest(stub, *columns, fillvalue=""):
        spans: list[Span] = [(pad(name, shape.label), label_style)]
        for text, style, width in zip(parts, styles, shape.columns, strict=True):
            spans.extend([(" " * (_GAP + max(0, width - cells(text))), ""), (text, style if text.strip() else "")])
        lines.append(tuple(spans))
    return lines
