"""The reviewer's workbook of a plain check: a row for each report, a row for each finding, and statistics. ``docs/workbook.md``."""

from __future__ import annotations

from govreport_check.errors import UsageError
from govreport_check.findings import Result
from govreport_check.renderers.sheets.book import workbook
from govreport_check.renderers.sheets.season import result_sheets
from govreport_check.renderers.sheets.words import say


def render(result: Result, **_shown: object) -> str:
    """Raises UsageError: a workbook is no text."""
    raise UsageError("a workbook is no text; write it into a file: --output xlsx=FILE.xlsx")


def render_file(result: Result, *, lang: str, notes: bool, waived: bool, **_shown: object) -> bytes:
    """The workbook; notes and what is waived stand in it where that is asked for. Raises UsageError where XlsxWriter is not installed."""
    return workbook(result_sheets(result, lang, notes=notes, waived=waived), say(lang, "book"))
