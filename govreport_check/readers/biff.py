"""What the records of an old workbook (xls) say that calamine does not: errors, formulas nobody computed, hidden parts, formats.

[MS-XLS] of Microsoft's open specifications, BIFF8; of BIFF5 the same but for the names of formats.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from govreport_check.readers.figure_formats import BUILT_IN

_BOF, _END, _SHEET, _LOCKED, _STYLE, _FORMAT = 0x0809, 0x000A, 0x0085, 0x002F, 0x00E0, 0x041E
_ROW, _COLUMNS, _FORMULA, _FAILED = 0x0208, 0x007D, 0x0006, 0x0205
_CELLS = frozenset({0x0203, 0x00FD, 0x0204, 0x027E, 0x00D6, _FORMULA, _FAILED})
_SEVERAL = 0x00BD
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}


class Record(NamedTuple):
    kind: int
    data: bytes


@dataclass(slots=True)
class SheetRecords:
    """A sheet as its records say. Rows and columns count from one; ``errors`` holds what a failed cell shows, ``formulas`` the cells to be
    computed when the file is opened, ``empty`` those whose formula gave nothing, or was written by a program that computes none; ``styles``
    each cell's format by number."""

    at: int
    visible: bool
    is_sheet: bool
    rows: int = 0
    columns: int = 0
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    formulas: list[tuple[int, int]] = field(default_factory=list)
    empty: list[tuple[int, int]] = field(default_factory=list)
    styles: dict[tuple[int, int], int] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


@dataclass(slots=True)
class BookRecords:
    """A workbook as its records say. ``locked``: it is encrypted. ``formats`` holds the number format of each style."""

    locked: bool = False
    sheets: list[SheetRecords] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)


def read_records(stream: bytes) -> BookRecords:
    """What the stream ``Workbook`` of an xls file says. Records that break off are left out."""
    book = BookRecords()
    codes = dict(BUILT_IN)
    styles: list[int] = []
    for kind, data in _records(stream, 0):
        if kind == _LOCKED:
            book.locked = True
            return book
        if kind == _SHEET and len(data) >= 6:
            at, state, sort = struct.unpack_from("<IBB", data)
            book.sheets.append(SheetRecords(at, state & 3 == 0, sort == 0))
        elif kind == _STYLE and len(data) >= 4:
            styles.append(struct.unpack_from("<H", data, 2)[0])
        elif kind == _FORMAT and len(data) >= 5:
            number, length, wide = struct.unpack_from("<HHB", data)
            codes[number] = data[5 : 5 + length * (1 + wide % 2)].decode("utf-16-le" if wide % 2 else "latin-1", "replace")
    book.formats = [codes.get(style, "") for style in styles]
    for sheet in book.sheets:
        for record in _records(stream, sheet.at):
            _take(sheet, record)
    return book


def _records(stream: bytes, at: int) -> Iterator[Record]:
    """The records from ``at`` to the end of what begins there, those of charts in it left out."""
    depth = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        depth += (kind == _BOF) - (kind == _END)
        if depth == 0 and kind == _END:
            return
        if depth <= 1:
            yield Record(kind, stream[at + 4 : at + 4 + size])
        at += 4 + size


def _take(sheet: SheetRecords, record: Record) -> None:
    kind, data = record
    if kind == _ROW and len(data) >= 16:
        row, flags = struct.unpack_from("<H", data)[0], data[12]
        if flags & 0x20:
            sheet.hidden_rows.add(row + 1)
    elif kind == _COLUMNS and len(data) >= 10:
        first, last, _, _, flags = struct.unpack_from("<HHHHH", data)
        if flags & 1:
            sheet.hidden_columns.update(range(first + 1, min(last, 255) + 2))
    elif kind == _SEVERAL and len(data) >= 6:
        row, first = struct.unpack_from("<HH", data)
        for i in range((len(data) - 6) // 6):
            _cell(sheet, row, first + i, struct.unpack_from("<H", data, 4 + 6 * i)[0])
    elif kind in _CELLS and len(data) >= 6:
        spot = _cell(sheet, *struct.unpack_from("<HHH", data))
        _result(sheet, spot, record)


def _cell(sheet: SheetRecords, row: int, column: int, style: int) -> tuple[int, int]:
    spot = (row + 1, column + 1)
    sheet.styles[spot] = style
    sheet.rows, sheet.columns = max(sheet.rows, spot[0]), max(sheet.columns, spot[1])
    return spot


def _result(sheet: SheetRecords, spot: tuple[int, int], record: Record) -> None:
    kind, data = record
    if kind == _FAILED and len(data) >= 8 and data[7] == 1:
        sheet.errors[spot] = _ERRORS.get(data[6], "#N/A")
    elif kind == _FORMULA and len(data) >= 16:
        if data[12:14] == b"\xff\xff" and data[6] == 2:
            sheet.errors[spot] = _ERRORS.get(data[8], "#N/A")
        elif data[12:14] == b"\xff\xff" and data[6] == 3:
            sheet.empty.append(spot)
        elif data[14] & 2:  # to be computed on opening: what is stored is nobody's result
            sheet.formulas.append(spot)
