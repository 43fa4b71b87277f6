"""Printed rows: where a row's label ends and its figures begin, and which figure stands in which column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from govreport_check.model import Place, Raw
from govreport_check.readers.document import CellText, Row, figure_like
from govreport_check.readers.labels import RowLabels, RowMatch, key

_WHOLE = re.compile(r"0|[1-9][0-9]*")
_DECIMAL = re.compile(r"(?:0|[1-9][0-9]*)\.[0-9]+")
UNREADABLE = "?"


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed row with figures. ``own`` are its label cells; ``before`` the labels and lines that stand between it and the row
    before it; ``figures`` everything behind the label, empty cells included; ``exact`` as in :class:`~.document.Row`."""

    own: tuple[CellText, ...]
    before: tuple[CellText, ...]
    figures: tuple[CellText, ...]
    place: Place
    grid: int = 0
    exact: bool = True
    match: RowMatch | None = None
    label: str = ""
    fragments: tuple[str, ...] = field(default=())

    @property
    def text(self) -> str:
        return " ".join(cell.text for cell in (*self.own, *self.figures) if cell.text)

    @property
    def filled(self) -> tuple[str, ...]:
        return tuple(cell.text for cell in self.figures if cell.text)


def raw_of(text: str) -> Raw:
    """A cell as the model keeps it: a number when exactly a number is printed, None when nothing is."""
    if _WHOLE.fullmatch(text):
        return int(text) if len(text) < 4000 else Decimal(text)
    if _DECIMAL.fullmatch(text):
        return Decimal(text)
    return text or None


def label_end(row: Row, labels: RowLabels, least: int) -> int | None:
    """The index behind the last label cell, None for a row without figures (a head, a parent's label).

    ``least``: so many cells must stand behind the label where none of them can be seen to be a figure.
    """
    first = next((i for i, cell in enumerate(row.cells) if figure_like(cell.text)), None)
    limit = len(row.cells) if first is None else first + 2
    named = [i for i, cell in enumerate(row.cells[:limit]) if _names_row(cell.text, labels)]
    if first is None:
        return named[-1] + 1 if named and len(row.cells) - named[-1] - 1 >= least else None
    texts = max((i + 1 for i, cell in enumerate(row.cells[:first]) if cell.text), default=0)
    # A short label with more text behind it is a piece of its neighbour: 其他 | 2.逾期不缴费 | 10
    return named[-1] + 1 if named and (len(key(row.cells[named[-1]].text)) > 2 or texts <= named[-1] + 1) else texts


def _names_row(text: str, labels: RowLabels) -> bool:
    match = None if not text or figure_like(text) else labels.find(text)
    return match is not None and match.strength == "exact"


def align(figures: Sequence[CellText], columns: int, shift: int | None = None) -> tuple[CellText, ...] | None:
    """The cells of the columns, None when it is not certain which are which.

    Empty cells at both ends may belong to a spanned label or to a wider table above; ``shift`` is how many of those in front did
    in a row of the same shape.
    """
    spare = len(figures) - columns
    if spare < 0:
        return None
    starts = starts_of(figures, columns)
    if len(starts) > 1 and shift in starts:
        starts = [shift]
    if len(starts) == 1 or (starts and not any(cell.text for cell in figures)):
        return tuple(figures[starts[0] : starts[0] + columns])
    return None


def starts_of(figures: Sequence[CellText], columns: int) -> list[int]:
    """How many empty cells may be left out in front so that ``columns`` cells hold everything that is printed."""
    filled = [i for i, cell in enumerate(figures) if cell.text]
    first, last = (filled[0], filled[-1]) if filled else (len(figures), -1)
    return [start for start in range(len(figures) - columns + 1) if start <= first and last < start + columns]
