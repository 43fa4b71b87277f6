"""The sheets of a season as tables of the HTML page, their charts as bars."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from govreport_check.renderers.html_overview import percent
from govreport_check.renderers.lines import clean
from govreport_check.renderers.sheets.table import Chart, Column, Look, Row, Series, Sheet, Value

_LEFT_OUT = frozenset({"problems"})
"""The page has every finding already, with its equation."""


@dataclass(frozen=True, slots=True)
class SeasonBar:
    """A name with this year's and last year's number, and their widths in percent of the longest; None where nothing is known."""

    name: str
    bars: tuple[tuple[int | None, str], ...]


@dataclass(frozen=True, slots=True)
class SeasonChart:
    title: str
    legend: tuple[str, ...]
    bars: tuple[SeasonBar, ...]


@dataclass(frozen=True, slots=True)
class SeasonTable:
    """``heads`` are (text, class of the cells below: n numbers, words text that wraps); ``rows`` of (text, look)."""

    id: str
    title: str
    heads: tuple[tuple[str, str], ...]
    rows: tuple[tuple[tuple[str, Look], ...], ...]
    foot: tuple[str, ...]
    charts: tuple[SeasonChart, ...]


def season_tables(sheets: Iterable[Sheet]) -> list[SeasonTable]:
    """The sheets that the page shows, without their keys."""
    return [_table(sheet) for sheet in sheets if sheet.id not in _LEFT_OUT]


def _table(sheet: Sheet) -> SeasonTable:
    shown = [at for at, column in enumerate(sheet.columns) if column.kind != "key"]
    heads = tuple((clean(sheet.columns[at].head), _class(sheet.columns[at])) for at in shown)
    rows = tuple(tuple(_cells(sheet, row, shown)) for row in sheet.rows)
    return SeasonTable(sheet.id, clean(sheet.title), heads, rows, sheet.foot, tuple(_chart(sheet, chart) for chart in sheet.charts))


def _class(column: Column) -> str:
    """n: a number; words: text that wraps."""
    if column.kind in ("number", "share"):
        return "n"
    return "words" if column.kind == "words" else ""


def _cells(sheet: Sheet, row: Row, shown: Iterable[int]) -> Iterator[tuple[str, Look]]:
    looks = dict(row.looks)
    yield from ((_text(row.values[at]), looks.get(sheet.columns[at].id, looks.get("", ""))) for at in shown)


def _text(value: Value) -> str:
    return "" if value is None else clean(str(value))


def _chart(sheet: Sheet, chart: Chart) -> SeasonChart:
    names = [_text(value) for value in _block(sheet, chart.series[0].names)]
    numbers = [[value if isinstance(value, int) else None for value in _block(sheet, series.values)] for series in chart.series]
    most = max((number for series in numbers for number in series if number), default=1)
    bars = (SeasonBar(name, tuple((own[at], percent(own[at] or 0, most)) for own in numbers)) for at, name in enumerate(names))
    return SeasonChart(clean(chart.title), tuple(_legend(chart.series)), tuple(bars))


def _legend(series: Iterable[Series]) -> Iterator[str]:
    return (clean(one.name) for one in series)


def _block(sheet: Sheet, block: tuple[int, int, int, int]) -> list[Value]:
    """The values of a block of the sheet, row by row; row 0 are the heads."""
    top, left, bottom, right = block
    lines: list[tuple[Value, ...]] = [tuple(column.head for column in sheet.columns), *(row.values for row in sheet.rows)]
    return [lines[row][column] for row in range(top, bottom + 1) for column in range(left, right + 1)]
