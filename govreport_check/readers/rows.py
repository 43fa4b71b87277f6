"""Printed rows: where a row's label ends and its figures begin, and which figure stands in which column."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from govreport_check.figures import normal
from govreport_check.frozen import dataclass
from govreport_check.model import Place, Raw
from govreport_check.patterns import later
from govreport_check.readers.document import CellText, Row, figure_like
from govreport_check.readers.labels import RowLabels, RowMatch, key

_WHOLE = later(r"0|[1-9][0-9]*")
_DECIMAL = later(r"(?:0|[1-9][0-9]*)\.[0-9]+")
_RUN = later(r"-?\d[\d.,-]*[^\d.,()-]{0,2}")
_LEADING = later(r"0\d+")
UNREADABLE = "?"


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed row with figures. ``own`` are its label cells; ``before`` the labels and lines that stand between it and the row
    before it; ``figures`` everything behind the label, empty cells included; ``exact`` and ``run`` as in :class:`~.document.Row`;
    ``offset`` is how many cells stand before the figures."""

    own: tuple[CellText, ...]
    before: tuple[CellText, ...]
    figures: tuple[CellText, ...]
    place: Place
    grid: int = 0
    exact: bool = True
    match: RowMatch | None = None
    label: str = ""
    offset: int = 0
    run: str | None = None

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

    ``least``: so many cells must stand behind the label where none of them can be seen to be a figure. Places that the label covers
    are its own.
    """
    end = _label_end(row, labels, least)
    while end is not None and 0 < end < len(row.cells) and row.cells[end].covered == "across":
        end += 1
    return end


def _label_end(row: Row, labels: RowLabels, least: int) -> int | None:
    first = next((i for i, cell in enumerate(row.cells) if figure_like(cell.text)), None)
    limit = len(row.cells) if first is None else first + 2
    named = [i for i, cell in enumerate(row.cells[:limit]) if _names_row(cell.text, labels)]
    if first is None:
        behind = [cell for cell in row.cells[named[-1] + 1 :] if not cell.covered] if named else []
        return named[-1] + 1 if named and len(behind) >= least and not any(key(cell.text) in labels.every for cell in behind) else None
    texts = max((i + 1 for i, cell in enumerate(row.cells[:first]) if cell.text), default=0)
    # A short label with more text behind it is a piece of its neighbour: 其他 | 2.逾期不缴费 | 10
    return named[-1] + 1 if named and (len(key(row.cells[named[-1]].text)) > 2 or texts <= named[-1] + 1) else texts


def _names_row(text: str, labels: RowLabels) -> bool:
    match = None if not text or figure_like(text) else labels.find(text)
    return match is not None and match.strength == "exact"


def align(figures: Sequence[CellText], columns: int, start: int | None = None) -> tuple[CellText, ...] | None:
    """The cells of the columns, None when it is not certain which are which.

    Empty cells at both ends may belong to a spanned label or to a wider table above; ``start`` is where the first column stands by
    the rows around. Where columns of several kinds of rows stand above each other, a figure may cover places that other rows part: as
    many cells as columns, those places left out, are the columns.
    """
    apart = tuple(cell for cell in figures if cell.covered != "across")
    if len(apart) == columns < len(figures):
        return apart
    starts = starts_of(figures, columns)
    if start is not None and (start in starts or not starts):
        starts = [start] if start in starts else []
    elif len(starts) == 1 and len(figures) > columns and not figures[starts[0]].text:
        return None  # an empty first column, or a label's empty cell and a last column that was left out
    if len(starts) == 1 or (starts and not any(cell.text for cell in figures)):
        return tuple(figures[starts[0] : starts[0] + columns])
    return None


def run_of(printed: Printed, columns: int) -> str | None:
    """The figures of a row as they are printed in one, None where fused digits are not what keeps them from being told apart.

    Cells that the format shows are taken for what they are: only a row with a single one can be fused. A label that ends in a digit
    may have taken the first figure.
    """
    filled = printed.filled
    if printed.run is None and ((printed.grid and len(filled) != 1) or (printed.own and printed.own[-1].text[-1:].isdigit())):
        return None
    text = printed.run if printed.run is not None else " ".join(filled)
    short = normal(text)
    return text.strip() if columns > 1 and sum(map(str.isdigit, short)) >= columns and _RUN.fullmatch(short) else None


def is_parted(printed: Printed) -> bool:
    """Whether what stands apart is one figure each: no number begins with 0, so 00 is two that run together."""
    return printed.run is None or not any(_LEADING.fullmatch(normal(text)) for text in printed.filled)


def starts_of(figures: Sequence[CellText], columns: int) -> list[int]:
    """How many empty cells may be left out in front so that ``columns`` cells hold everything that is printed."""
    filled = [i for i, cell in enumerate(figures) if cell.text]
    first, last = (filled[0], filled[-1]) if filled else (len(figures), -1)
    return [start for start in range(len(figures) - columns + 1) if start <= first and last < start + columns]
