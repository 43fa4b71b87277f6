"""Figures printed once over several cells: what stands in the cells that they cover is not known, and not nought."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from govreport_check.model import Place
from govreport_check.readers.document import CellText
from govreport_check.readers.tables import FoundRow

Spot: TypeAlias = "tuple[str | None, int | None, int, int]"
"""(sheet, table, row, column)"""


def cells_by_spot(rows: Sequence[FoundRow]) -> dict[Spot, CellText]:
    """The figures' cells by the places that their document counts; formats without visible tables have none."""
    return {spot: cell for row in rows for cell in row.cells or () if (spot := _spot(cell.place)) is not None}


def is_under_a_figure(cell: CellText, known: Mapping[Spot, CellText]) -> bool:
    """Whether a cell with something printed in it reaches over ``cell`` from above or from the left; also where it is a cell of no row
    of figures, since then nobody knows what it means here."""
    spot, found = _spot(cell.place), cell
    while found.covered and spot is not None:
        sheet, table, row, column = spot
        spot = (sheet, table, row - 1, column) if found.covered == "down" else (sheet, table, row, column - 1)
        if spot not in known:
            return True
        found = known[spot]
    return bool(found.text)


def _spot(place: Place) -> Spot | None:
    return None if place.row is None or place.column is None else (place.sheet, place.table, place.row, place.column)
