"""A sheet of a workbook as cells, and the blocks of a document that it is: rows of tables, paragraphs in cells.

Shared by the readers of xlsx and xls. What is hidden is not read, and told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from govreport_check.errors import SourceError
from govreport_check.model import Place, Remark
from govreport_check.readers.document import Block, CellText, Document, Paragraph, Row, figure_like
from govreport_check.readers.limits import Limits, too_much

Spot: TypeAlias = "tuple[int, int]"
"""(row, column) of a cell, counted from one."""

_PROSE = 40
_STOPS = ("。", "；", "：")
_NOTES = ("注", "备注", "说明")
_NAMES = 3


@dataclass(frozen=True, slots=True)
class Span:
    """A merged range of cells, first and last row and column inclusive, from one."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Worksheet:
    """A sheet: the text of its filled cells; merged ranges; hidden rows and columns; ``formulas`` are the cells whose formula nobody
    computed, ``invisible`` those that their number format hides (their text is not in ``cells``), ``framed`` empty ones with ruled lines
    around them."""

    name: str
    cells: Mapping[Spot, str]
    spans: tuple[Span, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    formulas: tuple[Spot, ...] = ()
    invisible: tuple[Spot, ...] = ()
    visible: bool = True
    framed: frozenset[Spot] = frozenset()


@dataclass(slots=True)
class _Layout:
    """A sheet's visible rows with what covers which of their cells."""

    sheet: Worksheet
    source: str
    covered: dict[Spot, Literal["across", "down"]] = field(default_factory=dict)
    wide: dict[Spot, Span] = field(default_factory=dict)


def document_of(sheets: Sequence[Worksheet], name: str, limits: Limits, remarks: Sequence[Remark]) -> Document:
    """The visible sheets one behind the other. Raises SourceError for empty ones and for more columns or cells than ``limits`` allow."""
    blocks: list[Block] = []
    grids = 0
    layouts = [_layout(sheet, name, limits) for sheet in sheets if sheet.visible]
    for layout in layouts:
        found = list(_blocks(layout, grids, limits))
        grids = max((block.grid for block in found if isinstance(block, Row)), default=grids)
        blocks.extend(found)
    if not blocks:
        raise SourceError(name, "holds no figures and no text in a visible sheet", "可见的工作表中没有内容，请核对文件")
    hidden = [sheet.name for sheet in sheets if not sheet.visible]
    return Document(name, tuple(blocks), (*remarks, *_remarks(layouts, hidden, name)))


def reference(row: int, column: int) -> str:
    """C14"""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


def place_of(source: str, sheet: str, spot: Spot, table: int | None = None) -> Place:
    return Place(source=source, table=table, row=spot[0], column=spot[1], sheet=sheet, cell=reference(*spot))


# --- rows -----------------------------------------------------------------------------------------------------------------------


def _layout(sheet: Worksheet, source: str, limits: Limits) -> _Layout:
    rows = [row for row, _ in sheet.cells]
    columns = [column for _, column in sheet.cells]
    last_row, last_column = max(rows, default=0), max(columns, default=0)
    if last_column > limits.columns:
        raise too_much(source, "columns in a sheet", limits.columns, "列")
    layout = _Layout(sheet, source)
    room = limits.cells
    for span in sheet.spans:
        bottom, right = min(span.bottom, last_row), min(span.right, last_column)
        room -= max(0, bottom - span.top + 1) * max(0, right - span.left + 1)
        if room < 0:
            raise too_much(source, "cells in its tables", limits.cells, "个单元格")
        _cover(layout, Span(span.top, span.left, bottom, right))
    return layout


def _cover(layout: _Layout, span: Span) -> None:
    """Notes what ``span`` covers. Of spans that overlap, which no office program writes, the first counts."""
    spots = [(row, column) for row in range(span.top, span.bottom + 1) for column in range(span.left, span.right + 1)]
    if any(spot in layout.covered or spot in layout.wide for spot in spots):
        return
    layout.wide[(span.top, span.left)] = span
    layout.covered.update({spot: "across" if spot[0] == span.top else "down" for spot in spots[1:]})


def _blocks(layout: _Layout, grids: int, limits: Limits) -> Iterator[Block]:
    lines: dict[int, list[int]] = {}
    for row, column in sorted(layout.sheet.cells):
        if row not in layout.sheet.hidden_rows and column not in layout.sheet.hidden_columns and (row, column) not in layout.covered:
            lines.setdefault(row, []).append(column)
    rows = sorted(lines)
    alone = {row for row in rows if _is_alone(layout, row, lines)}
    run: list[int] = []
    room, gap, before = limits.cells, True, 0
    last = max(rows, default=0) + 2  # a row behind all others, which ends the table before it
    for row in [*rows, last]:
        near = all(other in layout.sheet.hidden_rows for other in range(before + 1, row))
        if run and (row in alone or not near):
            grids += 1
            room -= len(run) * _width(run, lines)
            if room < 0:
                raise too_much(layout.source, "cells in its tables", limits.cells, "个单元格")
            yield from _table(layout, run, lines, grids)
            run = []
        if row in alone:
            yield from _prose(layout, (row, lines[row][0]), gap or not near)
        elif row != last:
            run.append(row)
        gap, before = False, row


def _is_alone(layout: _Layout, row: int, lines: Mapping[int, Sequence[int]]) -> bool:
    """Whether a row is a line of text: one filled cell, and that no figure and no label beside figures that were left empty."""
    if len(lines[row]) > 1:
        return False
    column = lines[row][0]
    text = layout.sheet.cells[row, column]
    if figure_like(text):
        return False
    if len(text) > _PROSE or any(sign in text for sign in _STOPS) or text.startswith(_NOTES):
        return True
    around = [_beyond(layout, row, step, lines) for step in (-1, 1)]
    reach = layout.wide[row, column].right if (row, column) in layout.wide else column
    return not any(lines[other][0] <= column and lines[other][-1] > reach for other in around if len(lines.get(other, ())) > 1)


def _beyond(layout: _Layout, row: int, step: int, lines: Mapping[int, Sequence[int]]) -> int:
    """The next row above or below; from a row whose empty cells are ruled, the next that is not one of such with a label alone."""
    sheet = layout.sheet
    other = row + step
    while sheet.framed and _is_left_empty(sheet, row, lines) and _is_left_empty(sheet, other, lines):
        other += step
    return other


def _is_left_empty(sheet: Worksheet, row: int, lines: Mapping[int, Sequence[int]]) -> bool:
    """A label with ruled cells behind it, all of them empty."""
    filled = lines.get(row, ())
    return bool(filled) and (row, filled[-1] + 1) in sheet.framed and not any(figure_like(sheet.cells[row, at]) for at in filled)


def _prose(layout: _Layout, spot: Spot, gap: bool) -> Iterator[Paragraph]:
    place = place_of(layout.source, layout.sheet.name, spot)
    for piece in layout.sheet.cells[spot].splitlines():
        if piece.strip():
            yield Paragraph(piece.strip(), place, gap=gap)
            gap = False


def _width(run: Sequence[int], lines: Mapping[int, Sequence[int]]) -> int:
    return max(max(lines[row]) for row in run) - min(lines[row][0] for row in run) + 1


def _table(layout: _Layout, run: Sequence[int], lines: Mapping[int, Sequence[int]], grid: int) -> Iterator[Row]:
    """Rows that follow one another without an empty one between, over the columns that any of them uses."""
    sheet = layout.sheet
    spans = [layout.wide[row, column].right for row in run for column in lines[row] if (row, column) in layout.wide]
    first, last = min(lines[row][0] for row in run), max([*(lines[row][-1] for row in run), *spans])
    columns = [column for column in range(first, last + 1) if column not in sheet.hidden_columns]
    for row in run:
        cells = []
        for spot in ((row, column) for column in columns):
            covered = layout.covered.get(spot)
            text = "" if covered else sheet.cells.get(spot, "").strip()
            cells.append(CellText(text, place_of(layout.source, sheet.name, spot, grid), covered or ""))
        yield Row(tuple(cells), place_of(layout.source, sheet.name, (row, lines[row][0]), grid), grid)


# --- remarks --------------------------------------------------------------------------------------------------------------------


def _remarks(layouts: Sequence[_Layout], hidden: Sequence[str], name: str) -> Iterator[Remark]:
    if hidden:
        said = {"number": str(len(hidden)), "printed": "、".join(hidden[:_NAMES])}
        yield Remark("hidden-sheets", None, Place(source=name, sheet=hidden[0]), said)
    formulas = [place_of(name, layout.sheet.name, spot) for layout in layouts for spot in layout.sheet.formulas]
    yield from _counted("uncomputed-formula", formulas)
    yield from _counted("hidden-rows", [place for layout in layouts for place in _hidden(layout.sheet, name)])
    texts = [place_of(name, layout.sheet.name, spot) for layout in layouts for spot in _unseen(layout)]
    yield from _counted("hidden-text", texts)


def _counted(rule: str, places: Sequence[Place]) -> Iterator[Remark]:
    """One remark for all of ``places``, at the first."""
    if places:
        yield Remark(rule, None, places[0], {"number": str(len(places)), "printed": f"{places[0].sheet}!{places[0].cell}"})


def _unseen(layout: _Layout) -> list[Spot]:
    """Cells with something in them that nobody sees: their format hides it, or a merged cell lies over them."""
    return sorted([*layout.sheet.invisible, *(spot for spot in layout.covered if spot in layout.sheet.cells)])


def _hidden(sheet: Worksheet, name: str) -> Iterator[Place]:
    """The first filled cell of every hidden row and column."""
    met: set[tuple[str, int]] = set()
    for row, column in sorted(sheet.cells):
        for line in (("row", row),) if row in sheet.hidden_rows else (("column", column),) if column in sheet.hidden_columns else ():
            if line not in met:
                met.add(line)
                yield place_of(name, sheet.name, (row, column))
