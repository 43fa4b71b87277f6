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
from govreport_check.drafts import BATCH, findings_by_report
from govreport_check.engine import Job, check_jobs
from govreport_check.evaluation import evaluate_rules
from govreport_check.expr.columns import Array, Column, Dates, Numbers
from govreport_check.expr.evaluate import mapped
from govreport_check.figures import LIMIT
from govreport_check.findings import Finding, Outcome, ReportResult
from govreport_check.form import Form
from govreport_check.frame import Frame, frame_of_columns
from govreport_check.frame_tables import plain_columns
from govreport_check.model import Report
from govreport_check.pack import BUILT_IN, Pack, pack_to_check
from govreport_check.readers.regular import Outline, outline_of
from govreport_check.regular_frame import Documents, Words, plain_frame, regular_frame, sorted_out, words_of
from govreport_check.rule import Rule
from govreport_check.selection import Options, checked_options, gated, select_rules
from govreport_check.suspects import with_suspects

COLUMNS = 8192
"""Reports in columns side by side at a time: enough that what a rule costs apart from its figures does not show."""

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


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is the same for every batch: the rules that were selected, and what they need of a report of the form."""

    form: Form
    pack: Pack
    options: Options
    chosen: Mapping[str, Sequence[Rule]]
    outline: Outline
    words: Words

    def work(self, size: int) -> Work:
        counts = {outcome: np.zeros(size, np.int64) for outcome in Outcome}
        gate = gated(self.chosen, self.options)
        return Work(self.chosen[self.pack.id], self.options, gate, counts, np.zeros(size, np.uint8), [])

    @property
    def lang(self) -> str:
        return self.options.lang or self.pack.languages[0]


@lru_cache(maxsize=16)
def _plan(form: str, pack: Pack, options: Options) -> _Plan:
    checked = checked_options(options, [pack])
    chosen = select_rules([pack, pack_to_check(BUILT_IN)], checked)
    known = pack.forms[form]
    return _Plan(known, pack, checked, chosen, outline_of(known), words_of(chosen[pack.id], known))


def _done(work: Work, explain: Callable[[int], list[Finding]]) -> Batch:
    return Batch(work.counts, work.verdicts, tuple(sorted(work.told, key=lambda one: one.report)), explain)


# --- data ----------------------------------------------------------------------------------------------------------------------


def check_data(documents: Sequence[Mapping[str, Any]], form: str, pack: Pack, options: Options | None = None) -> Batch:
    """What the rules of ``pack`` say of reports in Python data (``govreport-report/1``), each by itself and in their order.

    ``form`` is the id of the form that most of them are of; others are checked as well. Raises UsageError for a bad option.
    """
    plan = _plan(form, pack, options or Options())
    work, alone = plan.work(len(documents)), partial(_alone, documents, plan)
    for start in range(0, len(documents), BATCH):
        found = sorted_out(documents[start : start + BATCH], plan.form, plan.outline)
        if found.plain:
            work.add(plain_frame(plan.form, found, plan.words), np.array([i for i, _ in found.plain]) + start)
        unread = _add_odd(work, plan, found.odd, start)
        for i, _ in (*found.other, *unread):
            work.add_result(alone(i + start), i + start)
    return _done(work, lambda i: alone(i).findings)


def _add_odd(work: Work, plan: _Plan, odd: Documents, start: int) -> Documents:
    """Adds the documents of which every figure was read; the others are left to be checked by themselves."""
    if not odd:
        return []
    frame = regular_frame(plan.form, odd, plan.words)
    unread = not_plainly_read(frame)
    if unread.any():
        read = [one for one, bad in zip(odd, unread, strict=True) if not bad]
        return _add_odd(work, plan, read, start) + [one for one, bad in zip(odd, unread, strict=True) if bad]
    work.add(frame, np.array([i for i, _ in odd]) + start)
    return []


def _alone(documents: Sequence[Mapping[str, Any]], plan: _Plan, i: int) -> ReportResult:
    return check_jobs([Job(documents[i])], [plan.pack], plan.options).reports[0]


# --- columns -------------------------------------------------------------------------------------------------------------------


def check_columns(
    form: str,
    pack: Pack,
    tables: Mapping[str, Array],
    abouts: Mapping[str, Column] | None = None,
    lengths: Array | None = None,
    options: Options | None = None,
) -> Batch:
    """What the rules of ``pack`` say of reports in columns, as ``frame_of_columns`` takes them. Raises UsageError for a bad option."""
    plan = _plan(form, pack, options or Options())
    given = _Given(plan.form, tables, abouts or {}, lengths)
    work = plan.work(given.size)
    for start in range(0, given.size, COLUMNS):
        chunk = given.taken(slice(start, start + COLUMNS))
        sizes = chunk.sizes()
        odd = chunk.odd(sizes)
        if not odd.all():
            plain = chunk.taken(np.flatnonzero(~odd)) if odd.any() else chunk
            bounds = {name: float(size[~odd].max()) for name, size in sizes.items()}
            work.add(plain.frame(bounds), np.flatnonzero(~odd) + start)
        if odd.any():
            frame = chunk.taken(np.flatnonzero(odd)).frame()
            work.add(frame, np.flatnonzero(odd) + start)
            for i in np.flatnonzero(odd)[not_plainly_read(frame)] + start:
                work.add_findings(_built_in(given, plan, int(i)), int(i))
    return _done(work, partial(_explained, given, plan))


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

    def sizes(self) -> dict[str, Array]:
        """The greatest absolute figure of every report in each table, (reports,); nan where one is not printed."""
        return {name: np.maximum(values.max(axis=(0, 1)), -values.min(axis=(0, 1))) for name, values in self.tables.items()}

    def odd(self, sizes: Mapping[str, Array]) -> Array:
        """Which reports have a figure that is not exactly a whole number of its units, (reports,)."""
        odd = np.zeros(self.size, bool)
        for name, values in self.tables.items():
            odd |= ~(sizes[name] < LIMIT) | (np.floor(values) != values).any(axis=(0, 1))
        return odd

    def frame(self, bounds: Mapping[str, float] | None = None) -> Frame:
        """The frame of all reports; where none of them is odd, ``bounds`` are the greatest absolute figures of the tables."""
        tables: dict[str, Array | Numbers] = dict(self.tables)
        if bounds is not None:
            tables = {name: plain_columns(self.form.tables[name], values, bounds[name]) for name, values in self.tables.items()}
        return frame_of_columns(self.form, tables, self.abouts, self.lengths)

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


def _built_in(given: _Given, plan: _Plan, i: int) -> list[Finding]:
    frame, rules = given.taken(slice(i, i + 1)).frame(), {rule.name: rule for rule in plan.chosen[BUILT_IN]}
    return list(built_in_findings(Reading(frame, 0, given.report(i), rules, plan.lang)))


def _explained(given: _Given, plan: _Plan, i: int) -> list[Finding]:
    frame = given.taken(slice(i, i + 1)).frame()
    evaluations = evaluate_rules(frame, plan.chosen[plan.pack.id])
    told = [*_built_in(given, plan, i), *findings_by_report(frame, [given.report(i)], evaluations, plan.lang).get(0, ())]
    return with_suspects(frame, 0, evaluations, told, plan.lang)
