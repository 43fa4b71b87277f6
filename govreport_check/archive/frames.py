"""Record batches → frames: columns of an archive as the arrays that rules are evaluated on, without a Python object per report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np

from govreport_check.archive.layout import APART, GIVEN, ODD, Layout, fact_name, heading_name, length_name
from govreport_check.expr.columns import Array, Column, Dates, Numbers, Texts, Truth, points
from govreport_check.expr.evaluate import mapped
from govreport_check.expr.functions import make_dates
from govreport_check.figures import Figure, read_cell
from govreport_check.form import Form
from govreport_check.frame import FlatColumns, Frame, OnDemand
from govreport_check.frame_facts import section_column
from govreport_check.frame_tables import figures_at, plain_columns
from govreport_check.model import Report, Section, State

if TYPE_CHECKING:
    import pyarrow


@dataclass(frozen=True, slots=True)
class Odd:
    """A figure that is not printed simply as its number: of which report (row of the batch), which cell, its state, as printed."""

    report: int
    cell: int
    state: int
    raw: str | None


@dataclass(frozen=True, slots=True)
class Reports:
    """A batch as arrays. ``cells``: int64 (reports,) each; ``odd`` in the order of the reports, ``is_odd`` (reports,); ``lengths``:
    (parts, reports), nan where a part is missing; ``headings``: (parts, reports) codes into ``words``, -1 where there is none;
    ``usual`` (parts,) the code that most reports have, and ``usually_there`` whether a part stands in most of them; ``given``: whether
    its parts were handed in; ``apart``: whether a report is not in columns."""

    layout: Layout
    batch: pyarrow.RecordBatch
    cells: Sequence[Array]
    odd: Sequence[Odd]
    is_odd: Array
    apart: Array
    given: Array
    lengths: Array
    headings: Array
    words: Sequence[str]
    usual: Array
    usually_there: Array

    @property
    def size(self) -> int:
        return len(self.is_odd)


def reports_of(batch: pyarrow.RecordBatch, layout: Layout) -> Reports:
    """The arrays of a record batch of the form's reports; figures are not copied."""
    apart = np.asarray(batch.column(APART).is_valid())
    odd, is_odd = _odd_of(batch)
    codes, words = _headings(batch, layout)
    lengths = np.stack([_floats(batch.column(length_name(part))) for part in layout.parts])
    cells = [whole_numbers(batch.column(cell.name)) for cell in layout.cells]
    given = np.asarray(batch.column(GIVEN).fill_null(False))
    return Reports(layout, batch, cells, odd, is_odd, apart, given, lengths, codes, words, _usual(codes), _usually_there(lengths))


def whole_numbers(column: pyarrow.Array) -> Array:
    """The int64 values of a column as they lie in memory; what stands where it has none is not defined."""
    data = column.buffers()[1]
    return np.frombuffer(data, np.int64, count=len(column), offset=column.offset * 8) if len(column) else np.zeros(0, np.int64)


def _floats(column: pyarrow.Array) -> Array:
    return np.asarray(column.to_numpy(zero_copy_only=False), np.float64)


def _odd_of(batch: pyarrow.RecordBatch) -> tuple[list[Odd], Array]:
    column = batch.column(ODD)
    is_odd = np.asarray(column.is_valid())
    found = []
    for report in np.flatnonzero(is_odd).tolist():
        found += [Odd(report, one["cell"], one["state"], one["raw"]) for one in column[report].as_py()]
    return found, is_odd


def _headings(batch: pyarrow.RecordBatch, layout: Layout) -> tuple[Array, list[str]]:
    """The codes of all headings, (parts, reports), and the words that they stand for."""
    words: dict[str, int] = {}
    codes = np.empty((len(layout.parts), batch.num_rows), np.int32)
    for i, part in enumerate(layout.parts):
        own, known = codes_of(batch.column(heading_name(part)))
        table = np.array([-1, *(words.setdefault(word, len(words)) for word in known)], np.int32)
        codes[i] = table[own + 1]
    return codes, list(words)


def codes_of(column: pyarrow.Array) -> tuple[Array, list[str]]:
    """A column of words as codes, -1 where there is none, and its words."""
    import pyarrow as pa

    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    codes = column.indices.fill_null(-1) if column.null_count else column.indices
    return np.asarray(codes), column.dictionary.to_pylist()


# --- frames --------------------------------------------------------------------------------------------------------------------


class _Tables(dict[str, Numbers]):
    """Tables by name, each set together when a rule first asks for it."""

    def __init__(self, make: Callable[[str], Numbers]) -> None:
        super().__init__()
        self.make = make

    def __missing__(self, name: str) -> Numbers:
        figures = self[name] = self.make(name)
        return figures


def frame_of(reports: Reports, which: Array | None, *, figures: bool = False) -> Frame:
    """The frame of some reports (their rows), or of all. ``figures``: what odd figures mean is looked at; else none of them may be odd,
    or nobody may ask about those that are."""
    size = reports.size if which is None else len(which)
    layout = reports.layout
    tables = _Tables(partial(_table, reports, which, figures))
    if figures:
        for name in layout.form.tables:
            tables[name] = tables.make(name)
    return Frame(
        form=layout.form,
        size=size,
        tables=tables,
        abouts=OnDemand(partial(_fact, reports, which)),
        sections=OnDemand(partial(_section, reports, which)),
        flats={name: FlatColumns(np.zeros(0, np.intp), (), np.zeros(size, bool)) for name in _lists(layout.form)},
    )


def _lists(form: Form) -> list[str]:
    return [*(f"dates.{name}" for name in form.dates), *(f"claims.{name}" for name in form.claims), "labels"]


def _table(reports: Reports, which: Array | None, figures: bool, name: str) -> Numbers:
    table, first = reports.layout.form.tables[name], reports.layout.first[name]
    height, width = len(table.rows), len(table.columns)
    size = reports.size if which is None else len(which)
    values = np.empty((height * width, size))
    for i, column in enumerate(reports.cells[first : first + height * width]):
        values[i] = column if which is None else column[which]
    whole = values.reshape(height, width, size)
    if not figures:
        return plain_columns(table, whole)
    return figures_at(table, whole, _figures(reports, which, name))


def _figures(reports: Reports, which: Array | None, name: str) -> list[tuple[int, int, int, Figure]]:
    """(row, column, report of the frame, figure) of the odd figures of a table."""
    table, first = reports.layout.form.tables[name], reports.layout.first[name]
    width = len(table.columns)
    rows = {report: i for i, report in enumerate(range(reports.size) if which is None else which.tolist())}
    inside = range(first, first + len(table.rows) * width)
    return [
        (*divmod(one.cell - first, width), rows[one.report], _meant(reports.layout, one.cell, one.raw))
        for one in reports.odd
        if one.cell in inside and one.report in rows
    ]


@lru_cache(maxsize=1 << 16)
def _meant(layout: Layout, cell: int, raw: str | None) -> Figure:
    one = layout.cells[cell]
    return read_cell(raw, one.table.kinds[one.column], layout.form.marks, total=one.table.is_total(one.row, one.column))


def _fact(reports: Reports, which: Array | None, key: str) -> Column:
    kind = reports.layout.facts.get(key)
    size = reports.size if which is None else len(which)
    if kind is None:  # notes: a report that has any is not in columns
        if key.startswith("notes."):
            return Truth(np.full(size, -1, np.int8))
        return Texts(np.full(size, None, object), np.zeros(size), np.full(size, State.ABSENT, np.uint8))
    column = reports.batch.column(fact_name(key))
    if which is not None:
        column = column.take(_rows(which))
    missing = np.asarray(column.is_null())
    state = np.where(missing, State.ABSENT, State.VALUE).astype(np.uint8)
    return _FACTS[kind](column, missing, state)


def _rows(which: Array) -> Any:
    import pyarrow as pa

    return pa.array(which)


def _number(column: pyarrow.Array, missing: Array, state: Array) -> Column:
    if not missing.any():
        return Numbers(values := whole_numbers(column).astype(np.float64), values, bound=points(values).bound, state=state)
    values = np.where(missing, 0.0, whole_numbers(column))
    lo, hi = np.where(missing, -np.inf, values), np.where(missing, np.inf, values)
    return Numbers(lo, hi, bound=points(values).bound, state=state)


_EPOCH = 719163
"""The ordinal of 1970-01-01, from which Arrow counts its days."""


def _date(column: pyarrow.Array, missing: Array, state: Array) -> Dates:
    """Days from a table of the days between the first and the last: reports share few of them."""
    days = (
        np.frombuffer(column.buffers()[1], np.int32, count=len(column), offset=column.offset * 4) if len(column) else np.zeros(0, np.int32)
    )
    days = np.where(missing, days[~missing][:1] if not missing.all() else 0, days) if missing.any() else days
    first = int(days.min(initial=0)) if not len(days) else int(days.min())
    all_days = (first + np.arange(int(days.max(initial=first)) - first + 1)).astype("datetime64[D]")
    months = all_days.astype("datetime64[M]")
    years = months.astype("datetime64[Y]").astype(np.int64) + 1970
    parts = (years, months.astype(np.int64) % 12 + 1, (all_days - months.astype("datetime64[D]")).astype(np.int64) + 1)
    at = days - first
    year, month, day = (part.astype(np.float64)[at] for part in parts)
    if not missing.any():
        ordinal = days + float(_EPOCH)
        return Dates(Numbers(ordinal, ordinal, bound=4e6), year, month, day, np.ones(len(days), np.int8), state)
    year, month, day = (np.where(missing, np.nan, part) for part in (year, month, day))
    return make_dates(year, month, day, state)


def _text(column: pyarrow.Array, missing: Array, state: Array) -> Column:
    codes, words = codes_of(column)
    values = np.array([*words, None], object)[codes]
    lengths = np.array([*(float(len(word.strip())) for word in words), 0.0])[codes]
    return Texts(values, lengths, state)


def _condition(column: pyarrow.Array, missing: Array, state: Array) -> Column:
    values = np.asarray(column.fill_null(False))
    return Truth(np.where(missing, 0, np.where(values, 1, -1)).astype(np.int8))


_FACTS: dict[str, Callable[[Any, Array, Array], Column]] = {"number": _number, "date": _date, "bool": _condition, "text": _text}


def _section(reports: Reports, which: Array | None, attribute: str) -> Column:
    """(parts, reports) of one attribute; of all reports together only those with the usual headings are meant, whose heads are alike."""
    rows = slice(None) if which is None else which
    lengths, given = reports.lengths[:, rows], reports.given[rows]
    if attribute == "text":
        missing = np.isnan(lengths)
        state = np.where(lengths > 0, np.uint8(State.VALUE), np.uint8(State.BLANK))
        state[missing] = State.ABSENT
        state[:, ~given] = State.NOT_GIVEN
        return Texts(None, np.where(missing, 0.0, lengths), state)
    if which is None:
        return _of_headings(reports, reports.usual[:, None], reports.usually_there[:, None], np.ones(1, bool), attribute)
    return _of_headings(reports, reports.headings[:, rows], ~np.isnan(lengths), given, attribute)


def _of_headings(reports: Reports, codes: Array, there: Array, given: Array, attribute: str) -> Column:
    """An attribute that follows from the headings, worked out once for each way in which they are printed."""
    kinds, where = np.unique(np.concatenate([codes, there, given[None]]), axis=1, return_inverse=True)
    half = len(codes)
    made = [_with_headings(reports, kind[:half], kind[half:-1], bool(kind[-1])) for kind in kinds.T]
    at = np.reshape(where, -1)
    return mapped(section_column(reports.layout.form, attribute, made), lambda values: values[:, at])


def _with_headings(reports: Reports, codes: Array, there: Array, given: bool) -> Report:
    parts = zip(reports.layout.parts, codes.tolist(), there.tolist(), strict=True)
    sections = {part: Section(None if code < 0 else reports.words[code]) for part, code, stands in parts if stands}
    return Report("", reports.layout.form.id, sections=sections if given else None)


def _usual(headings: Array) -> Array:
    return np.array([np.bincount(row).argmax() - 1 if len(row) else -1 for row in headings + 1])


def _usually_there(lengths: Array) -> Array:
    return np.isnan(lengths).mean(axis=1) < 0.5 if lengths.shape[1] else np.ones(len(lengths), bool)


def unusual(reports: Reports) -> Array:
    """Which reports print other headings than most, or lack a part that most have, or all of them, (reports,)."""
    there = ~np.isnan(reports.lengths) != reports.usually_there[:, None]
    return np.asarray((reports.headings != reports.usual[:, None]).any(axis=0) | there.any(axis=0) | ~reports.given)
