"""What the rules of a form notice: of a consistent report, which changed figures some rule tells.

The report is made from the form by the rules themselves; every figure of it is changed alone in several ways, then every pair of one
table at once. Only rules that are on by default count, on this report alone: no prose, no report of the year before.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from typing import TypeAlias

import numpy as np

from govreport_check.conditions import Choice, Question
from govreport_check.evaluation import FAIL, evaluate_rule
from govreport_check.expr.columns import Array
from govreport_check.expr.nodes import Cells, references
from govreport_check.form import Form, Table
from govreport_check.frame import frame_of_columns
from govreport_check.locate.system import Constraint, Key, Number, constraint
from govreport_check.model import cell_address
from govreport_check.pack import Pack
from govreport_check.rule import Rule
from govreport_check.rule_conditions import Requirements

MOST_PAIRS = 20_000
"""So many pairs of one table are tried; of more, as many are drawn, always the same."""

AT_ONCE = 4096
"""Reports side by side in one frame."""


@dataclass(frozen=True, slots=True)
class Guarded:
    """How one figure is guarded: of so many changes to it alone, so many are told."""

    table: str
    address: str
    changes: int
    caught: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Two figures of a table changed at once, alike or by ``opposite`` amounts, which no rule tells."""

    first: str
    second: str
    opposite: bool


@dataclass(frozen=True, slots=True)
class TableCoverage:
    """One table: its figures, and of so many pairs changed at once how many are told. ``missed``: the others."""

    table: str
    cells: tuple[Guarded, ...]
    pairs: int
    missed: tuple[Pair, ...]

    @property
    def changes(self) -> int:
        return sum(cell.changes for cell in self.cells)

    @property
    def caught(self) -> int:
        return sum(cell.caught for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Coverage:
    """By table. ``broken``: rules that the report made for this breaks, so that nothing could be measured."""

    tables: tuple[TableCoverage, ...]
    broken: tuple[str, ...] = ()

    @property
    def unguarded(self) -> list[Guarded]:
        """Figures of which no change is told."""
        return [cell for table in self.tables for cell in table.cells if not cell.caught]


def coverage_of(pack: Pack, form: Form, found: Requirements) -> Coverage:
    """How the rules of ``pack`` that are on by default guard the figures of ``form``."""
    rules = [rule for rule in pack.rules if rule.default and _is_about_figures(rule, form)]
    clean = clean_report(form, found)
    told = _told(form, rules, clean, [()])
    if bool(told[0]):
        return Coverage((), tuple(_failing(form, rules, clean)))
    return Coverage(tuple(_table_coverage(form, rules, clean, table) for table in form.tables.values()))


def _is_about_figures(rule: Rule, form: Form) -> bool:
    bound = rule.bound.get(form.id)
    if bound is None or bound.flat is not None:
        return False
    return any(isinstance(one, Cells) and one.world == "here" for one in references(bound.assertion))


def clean_report(form: Form, found: Requirements) -> dict[str, Array]:
    """Figures by table, (rows, columns), under which every rule on figures that is on by default holds; most of them differ and none is
    nought where the rules allow that."""
    kept = [one.condition for one in found.requirements if one.numeric and one.rule.default]
    asked = Question(kept, found.domains)
    wishes = [wish for table in form.tables.values() for wish in _wishes(table, found)]
    values = asked.solution((tuple(chain.from_iterable(wishes)),)) or asked.solution(_possible(asked, wishes)) or {}
    return {
        table.id: np.array([[_figure(table, r, c, values, found) for c in _columns(table)] for r in _rows(table)])
        for table in form.tables.values()
    }


def _rows(table: Table) -> range:
    return range(len(table.rows))


def _columns(table: Table) -> range:
    return range(len(table.columns))


def _wished(table: Table, r: int, c: int) -> int:
    """Small figures of which neighbours differ, in units of the table."""
    return int((2 + (7 * r + 5 * c) % 11) * 10**table.places)


def _wishes(table: Table, found: Requirements) -> Iterator[tuple[Constraint, ...]]:
    """For each row: no figure of it that a rule names is less than the wished one."""
    for r in _rows(table):
        keys = [(("cell", "here", table.id, r, c), c) for c in _columns(table)]
        yield tuple(constraint(None, ((1, key),), ">=", _wished(table, r, c)) for key, c in keys if key in found.domains)


def _possible(asked: Question, wishes: Iterable[tuple[Constraint, ...]]) -> Choice:
    """Of the wishes as many as can be had, first come first served."""
    granted: tuple[Constraint, ...] = ()
    for wish in wishes:
        if asked.against(((*granted, *wish),)) is None:
            granted = (*granted, *wish)
    return (granted,)


def _figure(table: Table, r: int, c: int, values: Mapping[Key, Number], found: Requirements) -> float:
    """The figure of the solution; one that it does not name rests at nought, one that no rule names may be any."""
    key = ("cell", "here", table.id, r, c)
    return float(values.get(key, 0)) if key in found.domains else float(_wished(table, r, c))


Change: TypeAlias = "tuple[tuple[str, int, int, float], ...]"
"""(table, row, column, new figure) of every figure that is changed."""

Cell: TypeAlias = "tuple[int, int]"


def _told(form: Form, rules: Sequence[Rule], clean: dict[str, Array], changes: Sequence[Change]) -> Array:
    """Whether some rule fails, by change."""
    found = [_told_at_once(form, rules, clean, changes[i : i + AT_ONCE]) for i in range(0, len(changes), AT_ONCE)]
    return np.concatenate(found) if found else np.zeros(0, bool)


def _told_at_once(form: Form, rules: Sequence[Rule], clean: dict[str, Array], changes: Sequence[Change]) -> Array:
    tables = {name: np.repeat(figures[:, :, None], len(changes), axis=2) for name, figures in clean.items()}
    for i, change in enumerate(changes):
        for name, row, column, figure in change:
            tables[name][row, column, i] = figure
    touched = {name for change in changes for name, *_ in change}
    frame = frame_of_columns(form, dict(tables))
    told = np.zeros(len(changes), bool)
    for rule in rules:
        bound = rule.bound[form.id]
        if not touched or touched & {one.table for one in references(bound.assertion) if isinstance(one, Cells)}:
            codes = evaluate_rule(frame, rule, bound).codes
            told |= (codes == FAIL).reshape(-1, len(changes)).any(axis=0)
    return told


def _failing(form: Form, rules: Sequence[Rule], clean: dict[str, Array]) -> Iterator[str]:
    frame = frame_of_columns(form, {name: figures[:, :, None] for name, figures in clean.items()})
    return (rule.id for rule in rules if bool((evaluate_rule(frame, rule, rule.bound[form.id]).codes == FAIL).any()))


def _table_coverage(form: Form, rules: Sequence[Rule], clean: dict[str, Array], table: Table) -> TableCoverage:
    cells = [(r, c) for r in range(len(table.rows)) for c in range(len(table.columns))]
    guarded = tuple(_guarded(form, rules, clean, table, cells))
    ways = [(first, second, opposite) for first, second in _pairs(cells) for opposite in (False, True)]
    told = _told(form, rules, clean, [_pair(table, clean[table.id], *way) for way in ways])
    missed = (way for way, caught in zip(ways, told, strict=True) if not caught)
    named = (Pair(_address(table, first), _address(table, second), opposite) for first, second, opposite in missed)
    return TableCoverage(table.id, guarded, len(ways), tuple(named))


def _guarded(form: Form, rules: Sequence[Rule], clean: dict[str, Array], table: Table, cells: Sequence[Cell]) -> Iterator[Guarded]:
    others = {(r, c): list(_others(table, c, float(clean[table.id][r, c]))) for r, c in cells}
    told = iter(_told(form, rules, clean, [((table.id, *cell, new),) for cell in cells for new in others[cell]]))
    for cell in cells:
        caught = sum(bool(next(told)) for _ in others[cell])
        yield Guarded(table.id, _address(table, cell), len(others[cell]), caught)


def _others(table: Table, column: int, figure: float) -> Iterator[float]:
    """What the figure might be changed to: one more, one less, a digit more, a digit less, nought; in units of the table."""
    kind = table.kinds[column]
    unit, least = 10.0 ** (table.places - kind.places), None if kind.low is None else float(kind.low) * 10**table.places
    found = dict.fromkeys((figure + unit, figure - unit, figure * 10, figure // (10 * unit) * unit, 0.0))
    return (new for new in found if new != figure and (least is None or new >= least))


def _pairs(cells: Sequence[Cell]) -> Iterable[tuple[Cell, Cell]]:
    number = len(cells) * (len(cells) - 1) // 2
    if number <= MOST_PAIRS:
        return combinations(cells, 2)
    drawn = random.Random(0)
    return (tuple(drawn.sample(cells, 2)) for _ in range(MOST_PAIRS))  # type: ignore[misc]


def _pair(table: Table, figures: Array, first: Cell, second: Cell, opposite: bool) -> Change:
    units = [10.0 ** (table.places - table.kinds[c].places) for _, c in (first, second)]
    step = max(units)
    return (
        (table.id, *first, float(figures[first]) + step),
        (table.id, *second, float(figures[second]) + (-step if opposite else step)),
    )


def _address(table: Table, cell: tuple[int, int]) -> str:
    return cell_address(table.id, table.rows[cell[0]], table.columns[cell[1]])
