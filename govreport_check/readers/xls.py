"""Old workbooks (xls), read by calamine, with what it leaves out taken from the file's own records."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator
from typing import Any

from govreport_check.errors import SourceError
from govreport_check.readers.biff import BookRecords, SheetRecords, read_records
from govreport_check.readers.document import Document
from govreport_check.readers.extras import library
from govreport_check.readers.figure_formats import shown
from govreport_check.readers.limits import Limits, too_much
from govreport_check.readers.ole import damaged
from govreport_check.readers.worksheet import Span, Spot, Worksheet, document_of


def read_xls(content: bytes, stream: bytes, name: str, limits: Limits) -> Document:
    """The document that an xls file is; ``stream`` is its stream of records. Raises SourceError for what cannot be read."""
    records = read_records(stream)
    if records.locked:
        raise SourceError(name, "is protected by a password; save it without one", "设有打开密码，请取消密码后另存")
    for sheet in records.sheets:
        if sheet.rows * sheet.columns > limits.cells:  # calamine makes room for every cell between the first and the last
            raise too_much(name, "cells in its tables", limits.cells, "个单元格")
    calamine = library("python_calamine", "xlsx", name)
    wanted = [sheet.is_sheet for sheet in records.sheets]
    try:
        book = calamine.load_workbook(io.BytesIO(content))
        names = book.sheet_names
        read = [_values(book, title) if own else ([], []) for title, own in zip(names, wanted, strict=False)]
    except (calamine.CalamineError, ValueError, OverflowError, OSError):
        raise damaged(name) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # calamine's own mistake over a broken file; it derives from BaseException
            raise
        raise damaged(name) from None
    pairs = zip(names, read, records.sheets, strict=False)
    sheets = [_sheet(title, rows, spans, sheet, records) for title, (rows, spans), sheet in pairs if sheet.is_sheet]
    return document_of(sheets, name, limits, ())


def _values(book: Any, title: str) -> tuple[list[list[Any]], list[Any]]:
    sheet = book.get_sheet_by_name(title)
    return sheet.to_python(skip_empty_area=False), sheet.merged_cell_ranges or []


def _sheet(title: str, rows: list[list[Any]], spans: list[Any], records: SheetRecords, book: BookRecords) -> Worksheet:
    cells: dict[Spot, str] = {}
    invisible: list[Spot] = []
    for spot, stored in _filled(rows):
        text = _text(stored, _format(records.styles.get(spot, 0), book))
        if text is None:
            invisible.append(spot)
        else:
            cells[spot] = text
    cells |= records.errors | dict.fromkeys(records.formulas, "=…")
    return Worksheet(
        title,
        cells,
        tuple(Span(top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in spans),
        frozenset(records.hidden_rows),
        frozenset(records.hidden_columns),
        tuple(sorted([*records.formulas, *records.empty])),
        tuple(invisible),
        records.visible,
    )


def _filled(rows: list[list[Any]]) -> Iterator[tuple[Spot, Any]]:
    return (((r, c), cell) for r, row in enumerate(rows, 1) for c, cell in enumerate(row, 1) if cell != "")


def _format(style: int, book: BookRecords) -> str:
    return book.formats[style] if style < len(book.formats) else ""


def _text(stored: Any, code: str) -> str | None:
    if isinstance(stored, bool):
        return str(stored).upper()
    if isinstance(stored, int | float):
        return shown(repr(stored), code)
    if isinstance(stored, datetime.date):
        return f"{stored.year}年{stored.month}月{stored.day}日"
    return str(stored)
