"""Many reports at once, for programs: from columns in memory or from Python data, with words only for those that are asked for.

The same frames, rules and evaluation as everywhere. Reports whose figures are all plain numbers go side by side as they are, the others
side by side apart from them; data that is not regular is read and checked as any other source.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any

import numpy as np

from govreport_check.batch_told import VERDICTS, Told, Work, not_plainly_read
from govreport_check.built_in import Reading, built_in_findings
from govreport_check.engine import BATCH, Job, check_jobs, findings_by_report
from govreport_check.evaluation import evaluate_rules
from govreport_check.expr.columns import Array, Column, Dates, Numbers
from govreport_check.expr.evaluate import mapped
from govreport_check.figures import LIMIT
from govreport_check.findings import Finding, Outcome, ReportResult
from govreport_check.form import Form
from govreport_check.frame import Frame, frame_of_columns
from govreport_check.frame_tables import plain_columns
from govreport_check.model import Report
from govreport_check.pack import BUILT_IN, Pack, load_pack
from govreport_check.readers.regular import outline_of
from govreport_check.regular_frame import Documents, Words, plain_frame, regular_frame, sorted_out, words_of
from govreport_check.selection import Options, checked_options, gated, select_rules

__all__ = ["VERDICTS", "Batch", "Told", "check_columns", "check_data"]


@dataclass(frozen=True, slots=True)
class Batch:
    """What the rules say of many reports. ``counts`` by outcome and ``verdicts`` (see :data:`VERDICTS`) are (reports,)."""

    counts: Mapping[Outcome, Array]
    verdicts: Array
    told: tuple[Told, ...]
    explain: Callable[[int], list[Finding]] = field(repr=False)

    def findings(self, report: int) -> list[Finding]:
        """The findings of one report with their words and places, made when they are asked for."""
        return self.explain(report)


@lru_cache(maxsize=1)
def _own() -> Pack:
    return load_pack(BUILT_IN)


def _work(form: Form, pack: Pack, options: Options, size: int) -> Work:
    chosen = select_rules([pack, _own()], options)
    counts = {outcome: np.zeros(size, np.int64) for outcome in Outcome}
    return Work(chosen[pack.id], options, gated(chosen, options), counts, np.zeros(size, np.uint8), [])


def _done(work: Work, explain: Callable[[int], list[Finding]]) -> Batch:
    return Batch(work.counts, work.verdicts, tuple(sorted(work.told, key=lambda one: one.report)), explain)


# --- data ----------------------------------------------------------------------------------------------------------------------


def check_data(documents: Sequence[Mapping[str, Any]], form: Form, pack: Pack, options: Options | None = None) -> Batch:
    """What the rules of ``pack`` say of reports in Python data (``govreport-report/1``), each by itself and in their order.

    ``form`` is the one that most of them are of; others are checked as well. Raises UsageError for a bad option.
    """
    checked = checked_options(options or Options(), [pack])
    work, outline = _work(form, pack, checked, len(documents)), outline_of(form)
    words = words_of(work.rules, form)
    alone = partial(_alone, documents, pack, checked)
    for start in range(0, len(documents), BATCH):
        found = sorted_out(documents[start : start + BATCH], form, outline)
        if found.plain:
            work.add(plain_frame(form, found, words), np.array([i for i, _ in found.plain]) + start)
        unread = _add_odd(work, form, found.odd, words, start)
        for i, _ in (*found.other, *unread):
            work.add_result(alone(i + start), i + start)
    return _done(work, lambda i: alone(i).findings)


def _add_odd(work: Work, form: Form, odd: Documents, words: Words, start: int) -> Documents:
    """Adds the documents of which every figure was read; the others are left to be checked by themselves."""
    if not odd:
        return []
    frame = regular_frame(form, odd, words)
    unread = not_plainly_read(frame)
    if unread.any():
        read = [one for one, bad in zip(odd, unread, strict=True) if not bad]
        return _add_odd(work, form, read, words, start) + [one for one, bad in zip(odd, unread, strict=True) if bad]
    work.add(frame, np.array([i for i, _ in odd]) + start)
    return []


def _alone(documents: Sequence[Mapping[str, Any]], pack: Pack, options: Options, i: int) -> ReportResult:
    return check_jobs([Job(documents[i])], [pack], options).reports[0]


# --- columns -------------------------------------------------------------------------------------------------------------------


def check_columns(
    form: Form,
    pack: Pack,
    tables: Mapping[str, Array],
    abouts: Mapping[str, Column] | None = None,
    lengths: Array | None = None,
    options: Options | None = None,
) -> Batch:
    """What the rules of ``pack`` say of reports in columns, as ``frame_of_columns`` takes them. Raises UsageError for a bad option."""
    checked = checked_options(options or Options(), [pack])
    given = _Given(form, tables, abouts or {}, lengths)
    work = _work(form, pack, checked, given.size)
    for start in range(0, given.size, BATCH):
        chunk = given.taken(slice(start, start + BATCH))
        odd = chunk.odd()
        if not odd.all():
            plain = chunk.taken(np.flatnonzero(~odd)) if odd.any() else chunk
            work.add(plain.frame(plain=True), np.flatnonzero(~odd) + start)
        if odd.any():
            frame = chunk.taken(np.flatnonzero(odd)).frame(plain=False)
            work.add(frame, np.flatnonzero(odd) + start)
            for i in np.flatnonzero(odd)[not_plainly_read(frame)] + start:
                work.add_findings(_built_in(given, pack, checked, int(i)), int(i))
    return _done(work, partial(_explained, given, pack, checked))


@dataclass(frozen=True, slots=True)
class _Given:
    """Columns as they were handed in."""

    form: Form
    tables: Mapping[str, Array]
    abouts: Mapping[str, Column]
    lengths: Array | None

    @property
    def size(self) -> int:
        return int(next(iter(self.tables.values())).shape[-1])

    def taken(self, which: Array | slice) -> _Given:
        """Some of the reports; a slice copies nothing."""
        tables = {name: values[..., which] for name, values in self.tables.items()}
        abouts = {key: mapped(column, lambda values: values[..., which]) for key, column in self.abouts.items()}
        return _Given(self.form, tables, abouts, None if self.lengths is None else self.lengths[..., which])

    def odd(self) -> Array:
        """Which reports have a figure that is not exactly a whole number of its units, (reports,)."""
        odd = np.zeros(self.size, bool)
        for values in self.tables.values():
            odd |= (np.floor(values) != values).any(axis=(0, 1))
            odd |= (values.max(axis=(0, 1)) >= LIMIT) | (values.min(axis=(0, 1)) <= -LIMIT)
        return odd

    def frame(self, plain: bool) -> Frame:
        """The frame of all reports; ``plain`` says that none of them is odd."""
        known = {name: plain_columns(self.form.tables[name], values) for name, values in self.tables.items()} if plain else self.tables
        return frame_of_columns(self.form, known, self.abouts, self.lengths)

    def report(self, i: int) -> Report:
        """One report in the shape in which findings are explained."""
        tables = {name: _raw_table(self.form, name, values[..., i]) for name, values in self.tables.items()}
        about = {key: _raw_fact(mapped(column, lambda values: values[..., [i]])) for key, column in self.abouts.items()}
        return Report(source=str(i), form=self.form.id, about=about, tables=tables)


def _raw_table(form: Form, name: str, values: Array) -> dict[str, dict[str, Any]]:
    table = form.tables[name]
    rows = [[_raw(value, 10**table.places) for value in row] for row in values.tolist()]
    return {row: dict(zip(table.columns, cells, strict=True)) for row, cells in zip(table.rows, rows, strict=True)}


def _raw(value: float, unit: int) -> Any:
    if value != value:
        return None
    return int(value) if unit == 1 and value.is_integer() else str(value / unit)


def _raw_fact(column: Column) -> Any:
    if isinstance(column, Dates):
        return "-".join(f"{part[0]:02.0f}" for part in (column.year, column.month, column.day) if np.isfinite(part[0]))
    return int(column.lo[0]) if isinstance(column, Numbers) and np.isfinite(column.lo[0]) else None


def _built_in(given: _Given, pack: Pack, options: Options, i: int) -> list[Finding]:
    chosen, lang = select_rules([pack, _own()], options), options.lang or pack.languages[0]
    frame = given.taken(slice(i, i + 1)).frame(plain=False)
    return list(built_in_findings(Reading(frame, 0, given.report(i), {rule.name: rule for rule in chosen[BUILT_IN]}, lang)))


def _explained(given: _Given, pack: Pack, options: Options, i: int) -> list[Finding]:
    chosen, lang = select_rules([pack, _own()], options), options.lang or pack.languages[0]
    frame, report = given.taken(slice(i, i + 1)).frame(plain=False), given.report(i)
    told = findings_by_report(frame, [report], evaluate_rules(frame, chosen[pack.id]), lang)
    return [*_built_in(given, pack, options, i), *told.get(0, ())]
