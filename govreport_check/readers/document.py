"""What every document format is read into: lines of text and rows of tables, in their order, each with its place.

A reader of a format (``text``, ``html``, ``markdown``, ``docx``, ``xlsx``, ``pdf``, ``ofd``) knows nothing of forms; ``recognise``
knows nothing of formats. In between stands :class:`Document`. A reader is a function ``read_x(content, name, limits) -> Document``
that raises :class:`~govreport_check.errors.SourceError` for what cannot be read at all, and for nothing else.

Tables. A format that has real tables gives each row as it stands in the table's grid, spans expanded: the text of a cell stands at the
first place (top left) that it covers, and every other place that it covers holds an empty cell that says so (``covered``). So the index
of a cell is its column, a figure is never seen twice, a label that spans columns ends where its covered places end, and a parent's label
beside many rows stands in the first of them only. ``grid`` numbers the tables of the document from one; a nested table is a table of
its own, in the place where it stands. Each cell's place has ``table``, ``row`` and ``column`` of that grid, and what else the format has
(``page``, ``line``, ``sheet`` and ``cell``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Literal, TypeAlias

from govreport_check.figures import normal
from govreport_check.frozen import dataclass
from govreport_check.model import Place, Remark
from govreport_check.patterns import later

_NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class CellText:
    """The text of one printed table cell (or of a line that turns out to be a label). ``covered``: nothing is printed here, since a
    cell of the same row (``across``) or of one above (``down``) reaches over this place of the grid."""

    text: str
    place: Place = _NOWHERE
    covered: Literal["", "across", "down"] = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of running text. ``wraps``: it may be a piece of a paragraph that goes on in the next; ``gap``: empty lines, a page
    break or the document's beginning stand before it. ``aside``: it stands apart from the report itself, as a site's own words do
    (only a title is looked for there)."""

    text: str
    place: Place = _NOWHERE
    wraps: bool = False
    gap: bool = False
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One printed table row with its cells from left to right, empty ones included. ``grid`` counts the printed tables from one.

    ``exact``: empty cells are visible in the format, so that a cell's index tells its column as far as spans were expanded.
    ``run``: the row's figures where nothing parts them for certain; ``cells`` then holds its labels alone.
    """

    cells: tuple[CellText, ...]
    place: Place = _NOWHERE
    grid: int = 0
    exact: bool = True
    run: str | None = None

    @property
    def text(self) -> str:
        """The row as a line of text."""
        return " ".join(cell.text for cell in self.cells if cell.text)


Block: TypeAlias = "Paragraph | Row"


@dataclass(frozen=True, slots=True)
class Document:
    """A document as an ordered tuple of blocks. ``name`` is what places call it. ``remarks``: what a reader has to say of the file
    itself (a comment left in it, a figure that was not computed)."""

    name: str
    blocks: tuple[Block, ...] = ()
    remarks: tuple[Remark, ...] = ()


def is_aside(block: Block) -> bool:
    """Whether a block stands apart from the report itself."""
    return isinstance(block, Paragraph) and block.aside


def numbered(document: Document) -> Document:
    """``document`` with each block's number in its places, from one."""
    return replace(document, blocks=tuple(_numbered(block, number) for number, block in enumerate(document.blocks, 1)))


def moved(blocks: Iterable[Block], lines: int, tables: int) -> list[Block]:
    """Blocks of a piece of a document whose lines and tables are counted from ``lines`` and ``tables`` on."""
    return [_moved(block, lines, tables) for block in blocks]


def _moved(block: Block, lines: int, tables: int) -> Block:
    if isinstance(block, Paragraph):
        return replace(block, place=_shifted(block.place, lines, tables))
    cells = tuple(replace(cell, place=_shifted(cell.place, lines, tables)) for cell in block.cells)
    return replace(block, cells=cells, place=_shifted(block.place, lines, tables), grid=block.grid + tables if block.grid else 0)


def _shifted(place: Place, lines: int, tables: int) -> Place:
    return replace(place, line=place.line and place.line + lines, table=place.table and place.table + tables)


def _numbered(block: Block, number: int) -> Block:
    place = replace(block.place, block=number)
    if isinstance(block, Paragraph):
        return replace(block, place=place)
    cells = (replace(cell, place=replace(cell.place, block=number)) for cell in block.cells)
    return replace(block, cells=tuple(cells), place=place)


_MARKS = frozenset({"-", "--", "—", "——", "–", "−", "/", "\\", "*", "无", "零", "〇", "?", "…", "<1", "不适用", "N/A"})
_FIGURE = later(r"[约近超上]?[-+−–]?(?:\d[\d,]*)?\d(?:\.\d+)?(?:e[-+]?\d+)?[^\d\s.,、)年月日号(]{0,4}(?:\(.*\))?", re.IGNORECASE)
_NAN = frozenset({"nan", "inf", "-inf", "infinity", "-infinity"})
_FAILED = later(r"=[^=\s].*|#(?:div/0!|ref!|value!|n/a|name\?|num!|null!|spill!|calc!)", re.IGNORECASE)  # a formula without a result


def figure_like(text: str) -> bool:
    """Whether ``text`` can only be meant as a figure (1,234 · １２ · 12a · 22（其中修订16件）) or as a mark in place of one."""
    short = normal(text)
    return bool(_FIGURE.fullmatch(short)) or short in _MARKS or short.lower() in _NAN or bool(_FAILED.fullmatch(short))


def has_digit(texts: Iterable[str]) -> bool:
    """Whether any of ``texts`` shows a digit."""
    return any(char.isdigit() for text in texts for char in text)
