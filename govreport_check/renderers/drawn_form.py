"""The official form as it is drawn: parts with headings, prose and tables, whose lines are boxes that know which figure they hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from govreport_check.findings import PrintedHead, PrintedPart, PrintedTable
from govreport_check.form import is_open
from govreport_check.renderers.html_grid import Grid, Head, grid_of
from govreport_check.renderers.paper import Box


@dataclass(frozen=True, slots=True)
class DrawnTable:
    """A table to be drawn. ``rows``: which row of the form each of its rows is; ``headed``: its caption is a head within the table, else
    it stands above it; ``notes`` stand below."""

    table: PrintedTable
    rows: tuple[int, ...]
    headed: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DrawnPart:
    """A part: its heading (none for title, preamble and signature), its paragraphs, then its tables."""

    id: str
    heading: str
    paragraphs: tuple[str, ...] = ()
    tables: tuple[DrawnTable, ...] = ()


@dataclass(frozen=True, slots=True)
class DrawnForm:
    lang: str
    parts: tuple[DrawnPart, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """The lines of a table, ``heads`` of which are heads at its top; so many columns ``wide``, ``stub`` of them for labels."""

    lines: tuple[tuple[Box, ...], ...]
    heads: int
    wide: int
    stub: int


def paragraphs_of(part: PrintedPart) -> tuple[str, ...]:
    return tuple(text for _, text in part.paragraphs)


def caption_above(one: DrawnTable) -> str:
    """V.A Received, Processed and Pending: what stands over a table whose caption is no head in it; nothing where it has none."""
    return f"{one.table.caption} {one.table.title}" if one.table.caption and not one.headed else ""


def drawing_of(one: DrawnTable) -> Drawing:
    """The table's lines: a caption across it, heads over columns and rows, then its rows; blocks under captions of their own where its
    rows are parted so."""
    captions = [head for head in one.table.over_rows if one.headed and ".heads." in head.at]
    blocks = [_block(one, head) for head in captions] if any(head.text == one.table.caption for head in captions) else []
    if not blocks:
        blocks = [_captioned(one, grid_of(one.table), range(len(one.rows)), one.table.caption if one.headed else "")]
    width = max(block.wide for block in blocks)
    lines = tuple(line for block in blocks for line in block.lines)
    return Drawing(lines, blocks[0].heads if len(blocks) == 1 else 0, width, max(block.stub for block in blocks))


def _block(one: DrawnTable, head: PrintedHead) -> Drawing:
    """The rows under one caption, with the heads of their columns."""
    under = slice(head.first, head.last + 1)
    own = one.table.model_copy(update={"rows": one.table.rows[under], "cells": one.table.cells[under], "over_rows": []})
    return _captioned(one, grid_of(own), range(head.first, head.last + 1), head.text)


def _captioned(one: DrawnTable, grid: Grid, rows: Sequence[int], caption: str) -> Drawing:
    stub = grid.corner.across if grid.corner else 0
    wide = stub + len(one.table.columns) * (len(one.table.rows) if one.table.across else 1)
    lines = [*([(Box(caption, wide, head=True, centred=True),)] if caption else []), *_tops(grid), *_rows(one, grid, rows)]
    return Drawing(tuple(lines), len(grid.tops) + bool(caption), wide, stub)


def _tops(grid: Grid) -> Iterator[tuple[Box, ...]]:
    for i, top in enumerate(grid.tops):
        corner = [_head(grid.corner)] if grid.corner and not i else []
        yield (*corner, *map(_head, top))


def _rows(one: DrawnTable, grid: Grid, rows: Sequence[int]) -> Iterator[tuple[Box, ...]]:
    for line in grid.lines:
        figures = (Box(one_.text, centred=True, cell=(one.rows[rows[one_.row]], one_.column)) for one_ in line.figures)
        yield (*(_label(head) for head in line.heads), *figures)


def _head(head: Head) -> Box:
    return Box(_open(head.text), head.across, head.down, head=True, centred=True)


def _label(head: Head) -> Box:
    return Box(_open(head.text), head.across, head.down, head=True)


def _open(text: str) -> str:
    """Nothing where whoever fills in the form writes the label."""
    return "" if is_open(text) else text
