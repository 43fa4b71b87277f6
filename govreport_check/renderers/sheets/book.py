"""Sheets as a workbook (xlsx, ECMA-376), written by XlsxWriter: the same sheets give the same bytes.

Whatever a report says is written as a string, so a cell never holds a formula of a report's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any

from govreport_check.errors import UsageError
from govreport_check.renderers.lines import clean
from govreport_check.renderers.sheets.table import Chart, Column, Row, Sheet, Value

if TYPE_CHECKING:
    from xlsxwriter import Workbook

_A3 = 8
_LONGEST = 32_767  # characters that a cell can hold (ECMA-376-1:2016, 18.3.1.40)
_EXACT = 15  # significant digits that a workbook's figures keep
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_PERCENT = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?)%")
_BORN = datetime(2000, 1, 1)  # a workbook says when it was made; ours always says the same
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")

_FONT = "微软雅黑"
_INK, _LINE, _HEAD, _TYPED, _DIM = "#1F2933", "#C9D1D9", "#E8EDF2", "#FFFDF2", "#6B7785"
_FILLS = {
    "error": "#FBE9E7",
    "warning": "#FFF6DD",
    "undecided": "#EFEAF6",
    "note": "#EEF3F8",
    "good": "#EAF5EC",
    "done": "#F3F4F5",
}
_FEW = 10  # up to so many, an axis counts by one
_NARROW, _SHORT = 12, 6
_BAR = "#A9BFD6"
_SERIES = ("#5B7FA6", "#C4CED9")


def workbook(sheets: Sequence[Sheet], title: str) -> bytes:
    """The workbook of ``sheets``, in order. Raises UsageError where XlsxWriter is not installed."""
    try:
        from xlsxwriter import Workbook
    except ImportError:
        raise UsageError('the format xlsx needs XlsxWriter: pip install "govreport-check[xlsx]"') from None
    into = BytesIO()
    with Workbook(into, {"in_memory": True}) as book:
        book.set_properties({"title": clean(title), "created": _BORN})
        formats = _Formats(book)
        for sheet in sheets:
            _put(book, sheet, formats)
    return into.getvalue()


class _Formats:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._cells: dict[tuple[Column, str], Any] = {}

    def of(self, **properties: Any) -> Any:
        whole = {"font_name": _FONT, "font_size": 10, "font_color": _INK, "valign": "vcenter", **properties}
        key = tuple(sorted(whole.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(whole)
        return self._made[key]

    def head(self, typed: bool) -> Any:
        fill = _TYPED if typed else _HEAD
        return self.of(bold=True, text_wrap=True, align="center", border=1, border_color=_LINE, bg_color=fill)

    def cell(self, column: Column, look: str) -> Any:
        if (column, look) not in self._cells:
            self._cells[column, look] = self._cell(column, look)
        return self._cells[column, look]

    def _cell(self, column: Column, look: str) -> Any:
        fill = _FILLS.get(look) or (_TYPED if column.typed else None)
        own: dict[str, Any] = {"border": 1, "border_color": _LINE, "text_wrap": column.kind != "key"}
        own |= {"bg_color": fill} if fill else {}
        own |= {"font_color": _DIM} if look == "done" else {}
        own |= {"num_format": "yyyy-mm-dd", "align": "center"} if column.kind == "day" else {}
        own |= {"align": "center"} if column.kind == "choice" or (column.kind == "text" and column.width <= _NARROW) else {}
        own |= {"align": "left", "indent": 1} if column.kind == "words" else {}
        own |= {"align": "center"} if column.kind == "number" and column.width <= _SHORT else {}
        own |= {"align": "right", "indent": 1} if column.kind in ("number", "share") and column.width > _SHORT else {}
        own |= {"num_format": "0.0%"} if column.kind == "share" else {}
        return self.of(**own)


def _put(book: Workbook, sheet: Sheet, formats: _Formats) -> None:
    page = book.add_worksheet(_NOT_IN_NAMES.sub(" ", sheet.title)[:31])
    for at, column in enumerate(sheet.columns):
        options = {"hidden": True} if column.kind == "key" else {}
        page.set_column(at, at, column.width, formats.of(), options)
        page.write_string(0, at, clean(column.head), formats.head(column.typed))
    page.set_row(0, 15 * _lines_of_heads(sheet.columns))
    for line, row in enumerate(sheet.rows, 1):
        _put_row(page, line, sheet, row, formats)
    for line, sentence in enumerate(sheet.foot, len(sheet.rows) + 2):
        page.write_string(line, 0, clean(sentence)[:_LONGEST], formats.of(font_color=_DIM))
    _set_up(page, sheet)
    for number, chart in enumerate(sheet.charts):
        _put_chart(book, page, sheet, chart, number)


def _put_row(page: Any, line: int, sheet: Sheet, row: Row, formats: _Formats) -> None:
    looks: Mapping[str, str] = dict(row.looks)
    lines = 1
    for at, (column, value) in enumerate(zip(sheet.columns, row.values, strict=True)):
        _put_value(page, (line, at), column, value, formats.cell(column, looks.get(column.id, looks.get("", ""))))
        if isinstance(value, str) and column.kind in ("text", "words"):
            lines = max(lines, lines_in(value, column.width))
    page.set_row(line, min(14 * lines + 4, 400))


def lines_in(text: str, width: int) -> int:
    """How many lines ``text`` takes in a cell so wide; a Chinese character takes two digits' width."""
    taken = sum(1 if char < "\u1100" else 2 for char in text)
    return max(1, -(-taken // max(1, width - 2)))


def _lines_of_heads(columns: Iterable[Column]) -> int:
    return max((lines_in(column.head, column.width) for column in columns if column.kind != "key"), default=1) + 1


def _put_value(page: Any, at: tuple[int, int], column: Column, value: Value, look: Any) -> None:
    if value is None or value == "":
        page.write_blank(*at, None, look)
    elif isinstance(value, date):
        page.write_datetime(*at, datetime(value.year, value.month, value.day), look)
    elif isinstance(value, int):
        page.write_number(*at, value, look)
    elif (number := _number(column, value)) is not None:
        page.write_number(*at, number, look)
    else:
        page.write_string(*at, clean(value)[:_LONGEST], look)


def _number(column: Column, value: str) -> Decimal | None:
    """The figure that a cell can hold exactly; others, and marks, stay characters."""
    if column.kind == "share" and (found := _PERCENT.fullmatch(value)):
        return Decimal(found[1]) / 100
    if column.kind == "number" and _NUMBER.fullmatch(value) and len(value.strip("-").replace(".", "").lstrip("0")) <= _EXACT:
        return Decimal(value)
    return None


def _set_up(page: Any, sheet: Sheet) -> None:
    """Frozen heads, a filter, A3 across, one page wide, heads on every page."""
    last, width = max(1, len(sheet.rows)), len(sheet.columns) - 1
    page.freeze_panes(1, sheet.frozen)
    page.autofilter(0, 0, last, width)
    page.set_landscape()
    page.set_paper(_A3)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    page.set_header("&L&A")
    page.set_footer("&R&P / &N")
    page.hide_gridlines(2)
    page.ignore_errors({"number_stored_as_text": f"A1:XFD{last + 1}"})
    for at, column in enumerate(sheet.columns):
        if column.kind == "choice" and sheet.choices:
            page.data_validation(1, at, last, at, {"validate": "list", "source": list(sheet.choices), "error_type": "warning"})
        if column.id in sheet.bars and last > 1:
            page.conditional_format(2, at, last, at, {"type": "data_bar", "bar_color": _BAR, "bar_solid": True})


def _most(sheet: Sheet, chart: Chart) -> int:
    """The longest bar."""
    blocks = (one.values for one in chart.series)
    cells = (value for top, left, bottom, right in blocks for row in sheet.rows[top - 1 : bottom] for value in row.values[left : right + 1])
    return max((value for value in cells if isinstance(value, int)), default=0)


def _put_chart(book: Workbook, page: Any, sheet: Sheet, chart: Chart, number: int) -> None:
    drawn: Any = book.add_chart({"type": "bar"})
    name = page.get_name()
    for color, series in zip(_SERIES, chart.series, strict=False):
        ranges = {"categories": [name, *series.names], "values": [name, *series.values]}
        drawn.add_series({"name": clean(series.name), **ranges, "fill": {"color": color}, "gap": 60})
    drawn.set_title({"name": chart.title, "name_font": {"name": _FONT, "size": 11, "bold": False}, "overlay": False})
    drawn.set_y_axis({"reverse": True, "num_font": {"name": _FONT, "size": 9}})
    axis = {"major_gridlines": {"visible": True, "line": {"color": _LINE}}, "num_font": {"size": 9}, "min": 0, "num_format": "0"}
    drawn.set_x_axis(axis | ({"major_unit": 1} if _most(sheet, chart) <= _FEW else {}))
    drawn.set_legend({"position": "bottom"} if len(chart.series) > 1 else {"none": True})
    drawn.set_size({"width": 620, "height": 120 + 26 * chart.length * len(chart.series)})
    page.insert_chart(len(sheet.rows) + len(sheet.foot) + 3, 1 + 8 * number, drawn)
