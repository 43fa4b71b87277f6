"""What every document format is read into: lines of text and rows of tables, in their order, each with its place.

A reader of a format (``text.py``) knows nothing of forms; ``recognise.py`` knows nothing of formats. In between stands
:class:`Document`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from govreport_check.figures import normal
from govreport_check.model import Place

_NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class CellText:
    """The text of one printed table cell (or of a line that turns out to be a label)."""

    text: str
    place: Place = _NOWHERE


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of running text. ``wraps``: it may be a piece of a paragraph that goes on in the next; ``gap``: empty lines, a page
    break or the document's beginning stand before it."""

    text: str
    place: Place = _NOWHERE
    wraps: bool = False
    gap: bool = False


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
    """A document as an ordered tuple of blocks. ``name`` is what places call it."""

    name: str
    blocks: tuple[Block, ...] = ()


_MARKS = frozenset({"-", "--", "—", "——", "–", "−", "/", "\\", "*", "无", "零", "〇", "?", "…", "<1", "不适用", "N/A"})
_FIGURE = re.compile(r"[约近超上]?[-+−–]?(?:\d[\d,]*)?\d(?:\.\d+)?(?:e[-+]?\d+)?[^\d\s.,、)年月日号(]{0,4}(?:\(.*\))?", re.IGNORECASE)
_NAN = frozenset({"nan", "inf", "-inf", "infinity", "-infinity", "#div/0!", "#ref!", "#value!"})


def figure_like(text: str) -> bool:
    """Whether ``text`` can only be meant as a figure (1,234 · １２ · 12a · 22（其中修订16件）) or as a mark in place of one."""
    short = normal(text)
    return bool(_FIGURE.fullmatch(short)) or short in _MARKS or short.lower() in _NAN


def has_digit(texts: Iterable[str]) -> bool:
    """Whether any of ``texts`` shows a digit."""
    return any(char.isdigit() for text in texts for char in text)
