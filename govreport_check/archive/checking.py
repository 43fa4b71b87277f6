"""A record batch of reports and a pack → a record batch of findings. Pure; what it needs it gets, and it can run anywhere."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from govreport_check.archive.frames import Reports, frame_of, reports_of, unusual
from govreport_check.archive.layout import APART, FORM, HASH, REPORT, SOURCE, Layout, fact_name, layout_of
from govreport_check.archive.lines import Line, Told, line_of, lines_of
from govreport_check.archive.reading import plain_text
from govreport_check.archive.screen import Screen, screened
from govreport_check.archive.statics import Instance, Stated, needs_others, needs_prose
from govreport_check.built_in import TELLING, Reading, built_in_findings
from govreport_check.engine import Job, check_jobs
from govreport_check.errors import UsageError
from govreport_check.evaluation import evaluate_rules
from govreport_check.expr.columns import Array
from govreport_check.model import Raw, Report, Section
from govreport_check.pack import BUILT_IN, Pack, pack_to_check
from govreport_check.rule import Rule
from govreport_check.selection import Options, checked_options, select_rules

if TYPE_CHECKING:
    import pyarrow

AT_A_TIME = 1 << 16
"""Reports side by side: enough that what a rule costs apart from its figures does not show; what is added up goes in blocks."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How the reports of a form are checked. ``screened`` rules are asked only of reports that the ``screen`` turns over, ``others`` of
    all; ``prose`` need the reports' words, ``of_others`` another report, and are not evaluated from columns."""

    layout: Layout
    pack: Pack
    options: Options
    screen: Screen
    screened: tuple[Rule, ...]
    others: tuple[Rule, ...]
    built_in: Mapping[str, Rule]
    prose: tuple[Rule, ...]
    of_others: tuple[Rule, ...]
    instances: dict[tuple[str, tuple[int, ...]], Instance] = field(default_factory=dict, compare=False)

    @property
    def lang(self) -> str:
        return self.options.lang or self.pack.languages[0]

    @property
    def own(self) -> Options:
        """The options for a report that is checked by itself, with the same rules."""
        named = [rule.id for rule in (*self.screened, *self.others, *self.built_in.values())]
        return replace(self.options, select=tuple(named), ignore=(), suspects=False)

    @property
    def of_words(self) -> Options:
        """The options for what columns cannot say."""
        return replace(self.options, select=tuple(rule.id for rule in (*self.prose, *self.of_others)), ignore=(), suspects=False)


@lru_cache(maxsize=32)
def plan_of(name: str, pack: Pack, options: Options) -> Plan:
    """The plan for the reports of a form of the pack. Raises UsageError for a bad option."""
    form = pack.forms[name]
    checked = checked_options(options, [pack])
    chosen = select_rules([pack, pack_to_check(BUILT_IN)], checked)
    rules = [rule for rule in chosen[pack.id] if form.id in rule.bound]
    layout = layout_of(form)
    prose = tuple(rule for rule in rules if needs_prose(rule.bound[form.id]))
    of_others = tuple(rule for rule in rules if rule not in prose and needs_others(rule.bound[form.id]))
    plain = [rule for rule in rules if rule not in prose and rule not in of_others]
    screen, kept = screened(plain, layout) if layout.cells else (Screen((), ()), ())
    others = tuple(rule for rule in plain if rule not in kept)
    built_in = {rule.name: rule for rule in chosen[BUILT_IN]}
    return Plan(layout, pack, checked, screen, kept, others, built_in, prose, of_others)


def check_batch(
    batch: pyarrow.RecordBatch, pack: Pack | str | Path, options: Options | None = None, *, whole: bool = False
) -> pyarrow.RecordBatch:
    """The findings about a record batch of reports of one form, in their order; :func:`findings_schema` says what a finding has.

    ``whole``: rules about prose are evaluated too, from the column ``report``. Raises PackError, UsageError; never for what a report holds.
    """
    if not batch.num_rows:
        return table_of([], batch)
    loaded = pack if isinstance(pack, Pack) else pack_to_check(pack)
    name = batch.column(FORM)[0].as_py()
    if name not in loaded.forms:
        raise UsageError(f"the pack {loaded.id} has no form {name}; it has {', '.join(loaded.forms)}")
    plan = plan_of(name, loaded, options or Options())
    lines = [line for start in range(0, batch.num_rows, AT_A_TIME) for line in _checked(batch.slice(start, AT_A_TIME), start, plan, whole)]
    return table_of(lines, batch)


def _checked(batch: pyarrow.RecordBatch, start: int, plan: Plan, whole: bool) -> list[Line]:
    lines = list(_from_columns(batch, plan)) if plan.layout.cells else []
    lines += _by_themselves(batch, APART, plan.own, plan)
    if whole and (plan.prose or plan.of_others):
        lines += [line for column in (APART, REPORT) for line in _by_themselves(batch, column, plan.of_words, plan)]
    lines.sort(key=lambda line: (line.report, line.rule, line.at, line.fingerprint))
    return [line._replace(report=line.report + start) for line in lines] if start else lines


# --- from columns --------------------------------------------------------------------------------------------------------------


def _from_columns(batch: pyarrow.RecordBatch, plan: Plan) -> Iterator[Line]:
    reports = reports_of(batch, plan.layout)
    closer = (reports.is_odd | unusual(reports)) & ~reports.apart
    left = closer | reports.apart
    suspects = np.flatnonzero(plan.screen.broken(reports.cells, reports.size) & ~left) if plan.screened else np.zeros(0, np.intp)
    rows = np.flatnonzero(closer)
    told = _Printed(reports)
    told.gather(np.concatenate([suspects, rows]))
    if plan.others and not left.all():
        frame = frame_of(reports, None)
        yield from lines_of(told.of(frame, np.arange(reports.size), plan, left), evaluate_rules(frame, plan.others))
    odd = np.concatenate([rows, suspects])
    if len(odd):  # one frame for both: a rule costs more by itself than on a few reports
        told_of = told.of(frame_of(reports, odd, figures=True), odd, plan)
        yield from lines_of(told_of, evaluate_rules(told_of.frame, plan.screened))
    if len(rows):
        told_of = told.of(frame_of(reports, rows, figures=True), rows, plan)
        yield from lines_of(told_of, evaluate_rules(told_of.frame, plan.others))
        yield from _built_in(told, told_of, plan)


def _built_in(printed: _Printed, told: Told, plan: Plan) -> Iterator[Line]:
    """What reading has to say of odd figures."""
    telling = {int(state) for state in TELLING}
    remarked = {one.report for one in printed.reports.odd if one.state in telling or (one.raw or "").rstrip().endswith((")", "）"))}
    for i, row in enumerate(told.rows.tolist() if plan.built_in else []):
        if row in remarked:
            reading = Reading(told.frame, i, printed.report(row), plan.built_in, plan.lang)
            yield from (line_of(finding, row) for finding in built_in_findings(reading))


class _Printed:
    """What the reports of a batch read, looked up where a finding asks for it."""

    def __init__(self, reports: Reports) -> None:
        self.reports = reports
        self.odd: dict[int, dict[int, str | None]] = {}
        for one in reports.odd:
            self.odd.setdefault(one.report, {})[one.cell] = one.raw
        self.facts: dict[tuple[str, int], Any] = {}
        self.names: dict[int, tuple[str, ...]] = {}
        self.figures: dict[int, list[int]] = {}
        self.reported: dict[int, Report] = {}

    def of(self, frame: Any, rows: Array, plan: Plan, skip: Array | None = None) -> Told:
        return Told(frame, plan.layout, rows, plan.lang, self.printed, self.stated, self.named, self.report, plan.instances, skip)

    def raw(self, cell: int, row: int) -> str | None:
        odd = self.odd.get(row, {})
        if cell in odd:
            return odd[cell]
        if row not in self.figures:
            self.gather(np.array([row]))
        units, places = self.figures[row][cell], self.reports.layout.cells[cell].places
        return plain_text(units, places) if places else str(units)

    def gather(self, rows: Array) -> None:
        """Takes the figures of some reports out of the columns."""
        figures = np.ascontiguousarray(np.array([column[rows] for column in self.reports.cells]).T).tolist()
        self.figures.update(zip(rows.tolist(), figures, strict=True))

    def stated(self, places: Sequence[Instance], rows: Sequence[int]) -> list[list[str]]:
        """What the facts of a report read that a place of a rule rests on, for each place and row."""
        self.look_up({one.address.removeprefix("about.") for one in (places[0].stated if places else ())}, rows)
        return [
            self.whole(place, row) if place.is_whole else [self.printed(one, row) for one in place.stated]
            for place, row in zip(places, rows, strict=True)
        ]

    def whole(self, place: Instance, row: int) -> list[str]:
        """The same of a place that rests on whole figures only."""
        if row not in self.figures:
            self.gather(np.array([row]))
        texts = list(map(str, map(self.figures[row].__getitem__, place.numbers)))
        for number, raw in self.odd.get(row, {}).items():
            if number in place.numbers:
                texts[place.numbers.index(number)] = raw or ""
        return texts

    def named(self, rows: Sequence[int]) -> list[tuple[str, ...]]:
        """What fingerprints say of reports: form, agency and year."""
        new = [row for row in rows if row not in self.names]
        self.look_up(("agency", "year"), new)
        for row in new:
            facts = (self.facts.get((key, row)) for key in ("agency", "year"))
            self.names[row] = (self.reports.layout.form.id, *("" if fact is None else str(fact) for fact in facts))
        return [self.names[row] for row in rows]

    def look_up(self, keys: Iterable[str], rows: Iterable[int]) -> None:
        """Takes facts of some reports out of their columns together: one by one costs more than all of them."""
        import pyarrow as pa

        for key in self.reports.layout.facts.keys() & set(keys):
            wanted = list(dict.fromkeys(row for row in rows if (key, row) not in self.facts))
            if wanted:
                values = self.reports.batch.column(fact_name(key)).take(pa.array(wanted, pa.int64())).to_pylist()
                self.facts.update({(key, row): _in_words(value) for row, value in zip(wanted, values, strict=True)})

    def printed(self, fact: Stated, row: int) -> str:
        if fact.cell is not None:
            return self.raw(fact.cell, row) or ""
        kind, _, name = fact.address.partition(".")
        if kind == "sections":
            code = int(self.reports.headings[self.reports.layout.parts.index(name), row])
            return "" if code < 0 else self.reports.words[code]
        value = self.fact(name, row)
        return "" if value is None else str(value)

    def fact(self, key: str, row: int) -> Any:
        if (key, row) not in self.facts:
            self.look_up((key,), (row,))
        return self.facts.get((key, row))

    def report(self, row: int) -> Report:
        """One report as far as columns hold it, in the shape in which findings are explained."""
        known = self.reported.get(row)
        if known is None:
            known = self.reported[row] = self._report(row)
        return known

    def _report(self, row: int) -> Report:
        layout = self.reports.layout
        about = {key: value for key in layout.facts if (value := self.fact(key, row)) is not None}
        tables: dict[str, dict[str, dict[str, Raw]]] = {}
        for i, cell in enumerate(layout.cells):
            rows = tables.setdefault(cell.table.id, {}).setdefault(cell.table.rows[cell.row], {})
            rows[cell.table.columns[cell.column]] = self.raw(i, row)
        source, sections = str(self.reports.batch.column(SOURCE)[row]), self._sections(row) if self.reports.given[row] else None
        return Report(source, layout.form.id, about, sections, tables)

    def _sections(self, row: int) -> dict[str, Section]:
        stands = [part for i, part in enumerate(self.reports.layout.parts) if not np.isnan(self.reports.lengths[i, row])]
        return {part: Section(self.printed(Stated(f"sections.{part}", None), row) or None) for part in stands}


def _in_words(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime.date) else value


# --- by themselves -------------------------------------------------------------------------------------------------------------


def _by_themselves(batch: pyarrow.RecordBatch, column: str, options: Options, plan: Plan) -> list[Line]:
    """The findings about reports that are there as ``govreport-report/1``."""
    if column not in batch.schema.names:
        if column == REPORT:
            raise UsageError("the column report is needed for rules about prose")
        return []
    texts = batch.column(column)
    rows = np.flatnonzero(np.asarray(texts.is_valid())).tolist()
    if not rows:
        return []
    jobs = [Job(texts[row].as_py().encode(), _as_json(str(batch.column(SOURCE)[row]))) for row in rows]
    results = check_jobs(jobs, [plan.pack], options).reports
    return [line_of(finding, row) for row, result in zip(rows, results, strict=True) for finding in result.findings]


def _as_json(source: str) -> str:
    """The name of a source that tells what is read now: a report, not the document that it stood in."""
    return source if source.endswith(".json") else f"{source}.json"


# --- as a table ----------------------------------------------------------------------------------------------------------------

_WORDS = ("rule", "severity", "outcome", "at", "left", "operator", "right", "difference", "message", "fingerprint")


def findings_schema() -> pyarrow.Schema:
    """The Arrow schema of findings: which report (``hash``, ``source``, ``form``, ``year``), then what a finding says."""
    import pyarrow as pa

    words = [(name, pa.string()) for name in _WORDS]
    return pa.schema(
        [
            (HASH, pa.string()),
            (SOURCE, pa.string()),
            (FORM, pa.string()),
            ("year", pa.int64()),
            *words[:4],
            ("cells", pa.list_(pa.string())),
            *words[4:],
        ]
    )


def table_of(lines: Sequence[Line], batch: pyarrow.RecordBatch) -> pyarrow.RecordBatch:
    """Lines about the reports of a batch as a record batch."""
    import pyarrow as pa

    schema, rows = findings_schema(), pa.array([line.report for line in lines], pa.int64())
    columns = {HASH: HASH, SOURCE: SOURCE, FORM: FORM, "year": fact_name("year")}
    own = [batch.column(there).take(rows).cast(schema.field(here).type) for here, there in columns.items()]
    said = dict(zip(Line._fields, zip(*lines, strict=True), strict=True)) if lines else {}
    told = [pa.array(said.get(name, ()), schema.field(name).type) for name in schema.names[4:]]
    return pa.RecordBatch.from_arrays([*own, *told], schema=schema)
