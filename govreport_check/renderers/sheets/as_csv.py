"""Sheets as CSV files (RFC 4180) in UTF-8 with a byte order mark, by which spreadsheet programs know the encoding."""

from __future__ import annotations

import csv
import re
from codecs import BOM_UTF8
from collections.abc import Iterable
from io import StringIO

from govreport_check.renderers.lines import clean
from govreport_check.renderers.sheets.table import Sheet, Value

_STEERS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_PLAIN = re.compile(r"-?[0-9]+(?:\.[0-9]+)?%?")


def csv_files(sheets: Iterable[Sheet]) -> dict[str, bytes]:
    """The content of a file for each sheet, by its name: ``1-units.csv``."""
    return {f"{number}-{sheet.id}.csv": csv_of(sheet) for number, sheet in enumerate(sheets, 1)}


def csv_of(sheet: Sheet) -> bytes:
    """One sheet: its heads, then its rows; the keys are columns like the others."""
    into = StringIO()
    writer = csv.writer(into, lineterminator="\r\n")
    writer.writerow([inert(column.head) for column in sheet.columns])
    writer.writerows([inert(value) for value in row.values] for row in sheet.rows)
    return BOM_UTF8 + into.getvalue().encode("utf-8")


def inert(value: Value) -> str:
    """``value`` as characters that no spreadsheet program takes for a formula: those that could be get an apostrophe in front."""
    text = "" if value is None else clean(str(value))
    return f"'{text}" if text.lstrip().startswith(_STEERS) and not _PLAIN.fullmatch(text) else text
