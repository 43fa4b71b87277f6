"""A reviewer at work: cells of a workbook filled in, rows and columns moved, with openpyxl."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

PROBLEMS, UNITS = "2 问题明细", "1 总表"
Entry = Mapping[str, Any]


def put(sheet: Worksheet, row: int, **entry: Any) -> None:
    """Write into a row by the heads of its columns."""
    heads = {cell.value: cell.column for cell in sheet[1]}
    for head, value in entry.items():
        sheet.cell(row, heads[head]).value = value


def filled(
    content: bytes,
    path: Path,
    *,
    problems: Mapping[int, Entry] | None = None,
    units: Mapping[int, Entry] | None = None,
    change: Callable[[openpyxl.Workbook], None] | None = None,
) -> Path:
    """The workbook with entries in rows (counted from one below the heads), saved as ``path``."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for name, entries in ((PROBLEMS, problems or {}), (UNITS, units or {})):
        for row, entry in entries.items():
            put(book[name], row + 1, **entry)
    if change:
        change(book)
    book.save(path)
    return path
