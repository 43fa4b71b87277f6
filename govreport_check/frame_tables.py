"""Tables of many reports as arrays: from what programs hand in, and from what readers read."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from operator import itemgetter
from typing import Any

import numpy as np

from govreport_check.expr.columns import Array, Numbers
from govreport_check.figures import LIMIT, CellType, Figure, read_cell
from govreport_check.form import OVERALL, Form, Table
from govreport_check.model import UNATTRIBUTED, Cells, Report, State


def table_columns(table: Table, form: Form, reports: Sequence[Report]) -> Numbers:
    """The figures of one table, (rows, columns, reports). Whole numbers are taken as they are; the rest is looked at one by one."""
    size, width = len(reports), len(table.rows) * len(table.columns)
    flat = array("d", bytes(8 * size * width))
    odd: list[tuple[int, list[Figure]]] = []
    for i, report in enumerate(reports):
        plain = plain_figures(table, report.tables)
        if plain is None:
            odd.append((i, _figures(table, form, report)))
        else:
            flat[i * width : (i + 1) * width] = plain
    lo = np.ascontiguousarray(np.frombuffer(flat, np.float64).reshape(size, width).T)
    return _with_odd(lo, odd, table, size)


@lru_cache(maxsize=256)
def _getter(columns: tuple[str, ...]) -> Any:
    return itemgetter(*columns) if len(columns) > 1 else lambda cells: tuple(cells[column] for column in columns)


def plain_figures(table: Table, tables: Mapping[str, Cells] | None) -> array[float] | None:
    """The figures of a table that holds nothing but whole numbers of its units; None where anything needs a closer look, as a decimal does
    beside columns that have fewer places."""
    if tables is None:
        return None
    get, unit = _getter(table.columns), 10**table.places
    try:
        rows = tables[table.id]
        values = [value for row in table.rows for value in get(rows[row])]
        kinds = set(map(type, values))
        if kinds == {int} and unit == 1:
            figures = array("d", values)
        elif kinds <= {int} or (kinds <= {int, float, Decimal} and len({kind.places for kind in table.kinds}) == 1):
            figures = array("d", [decimal_in_units(value, unit) if type(value) is Decimal else in_units(value, unit) for value in values])
        else:
            return None
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    return figures if max(figures, default=0) < LIMIT and min(figures, default=0) > -LIMIT else None


def in_units(value: float, unit: int) -> float:
    """A float as the shortest decimal that it stands for, in units; ValueError when that is not a whole number of them."""
    whole = round(value * unit)
    if whole / unit != value or abs(whole) >= 10**15:
        raise ValueError
    return whole


def decimal_in_units(value: Decimal, unit: int) -> int:
    """A decimal in units; ValueError when it is not a whole number of them, or too long to be asked quickly."""
    if not value.is_finite() or not -_LONGEST < value.adjusted() < _LONGEST or len(value.as_tuple().digits) > _LONGEST:
        raise ValueError
    numerator, denominator = value.as_integer_ratio()
    whole, rest = divmod(numerator * unit, denominator)
    if rest:
        raise ValueError
    return whole


_LONGEST = 24
"""Digits of a decimal, at most: no figure in its units has as many."""


def _figures(table: Table, form: Form, report: Report) -> list[Figure]:
    rows = None if report.tables is None else report.tables.get(table.id)
    merged = table.merged(rows) if rows else {}
    return [figure for r, row in enumerate(table.rows) for figure in _row(table, form, report, r, rows, merged.get(row))]


def _row(table: Table, form: Form, report: Report, r: int, rows: Cells | None, parent: str | None) -> list[Figure]:
    """The figures of one row; of rows that are printed as one, the last has them and the others do not apply."""
    if parent is not None and r != table.row_groups[parent][-1]:
        return [Figure(State.NOT_APPLICABLE, *kind.domain) for kind in table.kinds]
    cells = None if rows is None else rows.get(parent or table.rows[r])
    if isinstance(cells, str):  # a run of fused digits that could not be split
        return [Figure(State.UNREADABLE, *kind.domain) for kind in table.kinds]
    figures = []
    for c, column in enumerate(table.columns):
        kind = table.kinds[c]
        if cells is None or column not in cells:
            figures.append(_missing(_left_out(table, table.rows[r], c, cells), kind, report))
        else:
            figures.append(read_cell(exact(cells[column]), kind, form.marks, total=table.is_total(r, c)))
    return figures


def exact(raw: Any) -> Any:
    """A binary float handed in by a program, as the decimal that it prints; every other raw figure as it is."""
    return Decimal(repr(raw)) if isinstance(raw, float) else raw


def _left_out(table: Table, row: str, column: int, cells: object) -> str:
    """What the form says of a figure that is left out, with its whole row or by itself."""
    if cells is None and table.row_entity is not None and row.startswith(UNATTRIBUTED):
        return "not_applicable"
    members = table.absent_members if cells is None and row != OVERALL else None
    return members or table.absent[column]


def _missing(absent: str, kind: CellType, report: Report) -> Figure:
    """A figure that is left out, as the form says of its column."""
    if report.tables is None or report.partial:
        return Figure(State.NOT_GIVEN, *kind.domain)
    if absent == "zero":
        return Figure(State.EMPTY, 0, 0)
    return Figure(State.NOT_APPLICABLE if absent == "not_applicable" else State.ABSENT, *kind.domain)


def _with_odd(lo: Array, odd: list[tuple[int, list[Figure]]], table: Table, size: int) -> Numbers:
    shape = (len(table.rows), len(table.columns), size)
    lows = np.broadcast_to(_least(table), (shape[0], shape[1], 1))
    if not odd:
        return plain_columns(table, lo.reshape(shape))
    state, hi = np.zeros(lo.shape, np.uint8), lo.copy()
    minus = plus = None
    unit = 10**table.places
    for i, row in odd:
        lo[:, i] = [float(figure.lo * unit) for figure in row]
        hi[:, i] = [float(figure.hi * unit) for figure in row]
        state[:, i] = [figure.state for figure in row]
        if any(figure.minus or figure.plus for figure in row):
            minus = np.zeros(lo.shape) if minus is None else minus
            plus = np.zeros(lo.shape) if plus is None else plus
            minus[:, i] = [float(figure.minus * unit) for figure in row]
            plus[:, i] = [float(figure.plus * unit) for figure in row]
    return _numbers(lo.reshape(shape), hi.reshape(shape), state.reshape(shape), lows, minus, plus)


def figures_at(table: Table, values: Array, odd: Iterable[tuple[int, int, int, Figure]]) -> Numbers:
    """Figures in the table's units, (rows, columns, reports), but what ``odd`` says of single ones: (row, column, report, figure)."""
    lo, hi, state = values, values.copy(), np.zeros(values.shape, np.uint8)
    minus, plus, unit = np.zeros(values.shape), np.zeros(values.shape), 10**table.places
    slack = False
    for row, column, report, figure in odd:
        at = (row, column, report)
        lo[at], hi[at], state[at] = float(figure.lo * unit), float(figure.hi * unit), figure.state
        minus[at], plus[at] = float(figure.minus * unit), float(figure.plus * unit)
        slack = slack or bool(figure.minus or figure.plus)
    lows = np.broadcast_to(_least(table), (*values.shape[:2], 1))
    return _numbers(lo, hi, state, lows, minus if slack else None, plus if slack else None)


def _least(table: Table) -> Array:
    """The least that a figure of each column can be, (1, columns, 1)."""
    return np.array(least_of(table))[None, :, None]


def least_of(table: Table) -> list[float]:
    """The least that a figure of each column can be, in the table's units."""
    unit = 10**table.places
    return [-np.inf if kind.low is None else float(kind.low * unit) for kind in table.kinds]


def _numbers(lo: Array, hi: Array, state: Array, low: Array, minus: Array | None, plus: Array | None) -> Numbers:
    na = state == State.NOT_APPLICABLE
    lo_, hi_ = (lo, lo) if np.array_equal(lo, hi) else (lo, hi)
    minus, plus = (None if slack is None else slack.reshape(lo.shape) for slack in (minus, plus))
    bound = max(size_of(lo[np.isfinite(lo)]), size_of(hi[np.isfinite(hi)]))
    return Numbers(lo_, hi_, minus, plus, na=na if na.any() else None, bound=bound, state=state, low=low)


def size_of(values: Array) -> float:
    """The greatest absolute value; 0 of nothing."""
    return float(max(values.max(initial=0.0), -values.min(initial=0.0)))


def nothing_given(table: Table, size: int) -> Numbers:
    """A table of which nothing was handed in, (rows, columns, size)."""
    shape = (len(table.rows), len(table.columns), size)
    lo = np.broadcast_to(_least(table), shape)
    return Numbers(lo, np.full(shape, np.inf), state=np.full(shape, State.NOT_GIVEN, np.uint8))


def plain_columns(table: Table, values: Array, bound: float | None = None) -> Numbers:
    """Figures of which each is exactly a whole number of the table's units, (rows, columns, reports); none is greater than ``bound``."""
    low = np.broadcast_to(_least(table), (*values.shape[:2], 1))
    return Numbers(values, values, bound=size_of(values) if bound is None else bound, low=low)


def columns_in_memory(form: Form, table: Table, values: Array) -> Numbers:
    """Figures from float64 columns in the form's units, (rows, columns, reports), nan where nothing is printed."""
    whole = np.floor(values)
    odd = ~(np.abs(values) < LIMIT) | (whole != values)
    if not odd.any():
        return plain_columns(table, values)
    low = np.broadcast_to(_least(table), (*values.shape[:2], 1))
    total = np.zeros((*values.shape[:2], 1), bool)
    total[list(table.total_rows)] = True
    total[:, list(table.total_columns)] = True
    nothing, empty_is_zero = np.isnan(values), form.marks.get("") is State.ZERO
    zero = nothing & ~total if empty_is_zero else np.zeros_like(nothing)
    state = np.where(nothing, np.where(zero, State.EMPTY, State.BLANK), np.where(odd, State.OUT_OF_RANGE, State.VALUE)).astype(np.uint8)
    big, floor, ceiling = np.abs(values) >= LIMIT, np.clip(whole, -LIMIT, LIMIT), np.clip(np.ceil(values), -LIMIT, LIMIT)
    lo = np.where(nothing, np.where(zero, 0.0, low), np.where(big & (values < 0), -np.inf, floor))
    hi = np.where(nothing, np.where(zero, 0.0, np.inf), np.where(big & (values > 0), np.inf, ceiling))
    return _numbers(lo, hi, state, low, None, None)
