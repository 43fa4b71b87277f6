"""Which reports certainly keep the linear rules: sums over whole-number columns, before anything else is asked.

A rule that holds of every report whose figures are plain numbers of their kind (the evaluator says so of such a report with every figure
left open) need not be asked of each. Linear rules are rows of one sparse integer matrix, added up column by column in blocks that stay in
the processor's caches. What is not certain here is left to the evaluator: a screen turns reports over to it and never passes judgement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING

import numpy as np

from govreport_check.archive.layout import Layout
from govreport_check.constraints import instances
from govreport_check.evaluation import PASS, evaluate_rule
from govreport_check.expr.columns import Array, Numbers
from govreport_check.expr.nodes import Cells, references
from govreport_check.figures import LIMIT
from govreport_check.form import Form, Table
from govreport_check.frame import frame_of_columns
from govreport_check.model import State
from govreport_check.rule import Bound, Rule

if TYPE_CHECKING:
    from govreport_check.locate.system import Constraint

BLOCK = 8192
"""Reports added up at a time: the sum and the columns that it shares with the next stay in the second cache."""


@dataclass(frozen=True, slots=True)
class Sum:
    """Σ coefficient · cell, which must lie in [least, most]; None where it may be anything."""

    terms: tuple[tuple[int, int], ...]
    least: int | None
    most: int | None


@dataclass(frozen=True, slots=True)
class Screen:
    """What every report is screened for: ``sums``, and figures less than their kind can be (``lows``, None where there is no least)."""

    sums: tuple[Sum, ...]
    lows: tuple[int | None, ...]

    def broken(self, cells: Sequence[Array], size: int) -> Array:
        """Which reports break a sum or have a figure below its least, (reports,)."""
        found = np.zeros(size, bool)
        for start in range(0, size, BLOCK):
            block = slice(start, min(start + BLOCK, size))
            _screen(self, [column[block] for column in cells], found[block])
        return found


def _screen(screen: Screen, cells: Sequence[Array], found: Array) -> None:
    total, part = np.empty(len(found), np.int64), np.empty(len(found), np.int64)
    flags = np.empty(len(found), bool)
    signs = np.zeros(len(found), np.int64)
    for low, column in zip(screen.lows, cells, strict=True):
        if low == 0:
            np.bitwise_or(signs, column, out=signs)  # its sign bit tells whether any was negative
        elif low is not None:
            found |= column < low
    found |= signs < 0
    for one in screen.sums:
        _add_up(one, cells, total, part)
        if one.least is not None and one.least == one.most:
            np.not_equal(total, one.least, out=flags)
            np.logical_or(found, flags, out=found)
            continue
        if one.least is not None:
            found |= total < one.least
        if one.most is not None:
            found |= total > one.most


def _add_up(one: Sum, cells: Sequence[Array], total: Array, part: Array) -> None:
    (first, at), *rest = one.terms
    if first == 1 and rest and rest[0][0] == 1:
        np.add(cells[at], cells[rest.pop(0)[1]], out=total)
    else:
        np.multiply(cells[at], first, out=total)
    for factor, at in rest:
        if factor == 1:
            np.add(total, cells[at], out=total)
        elif factor == -1:
            np.subtract(total, cells[at], out=total)
        else:
            np.multiply(cells[at], factor, out=part)
            np.add(total, part, out=total)


def screened(rules: Sequence[Rule], layout: Layout) -> tuple[Screen, tuple[Rule, ...]]:
    """The screen for the linear rules among ``rules`` and those that plain figures always keep, and these rules: a report that it does not
    turn over, and of which every figure is plainly printed, passes every instance of them."""
    kept: list[Rule] = []
    sums: list[Sum] = []
    for rule in rules:
        bound = rule.bound[layout.form.id]
        own = () if _always(rule, bound, layout.form) else _sums(rule, bound, layout)
        if own is not None:
            kept.append(rule)
            sums += own
    lows = tuple(_low(cell.table, cell.column) for cell in layout.cells)
    return Screen(tuple(dict.fromkeys(sums)), lows), tuple(kept)


def _low(table: Table, column: int) -> int | None:
    low = table.kinds[column].low
    return None if low is None else low * 10**table.places


def _always(rule: Rule, bound: Bound, form: Form) -> bool:
    """Whether the rule holds of every report whose figures are plain, whatever they are."""
    named = [*references(bound.assertion), *(references(bound.when) if bound.when is not None else ())]
    if not named or any(not isinstance(one, Cells) or one.world != "here" for one in named) or not _of_all_years(rule, form):
        return False
    return bool((evaluate_rule(frame_of_columns(form, {t.id: _open(t) for t in form.tables.values()}), rule, bound).codes == PASS).all())


def _open(table: Table) -> Numbers:
    """One report whose figures are printed, and may be anything of their kind."""
    shape = (len(table.rows), len(table.columns), 1)
    lows = np.array([-np.inf if (low := _low(table, i)) is None else low for i in range(shape[1])], np.float64)[None, :, None]
    least = np.broadcast_to(lows, shape).copy()
    return Numbers(least, np.full(shape, np.inf), state=np.full(shape, State.VALUE, np.uint8), low=least)


def _of_all_years(rule: Rule, form: Form) -> bool:
    """Whether the rule is in force in all years of the form."""
    first, last = rule.file.span
    return first <= form.first_year and (last is None or (form.last_year is not None and form.last_year <= last))


def _sums(rule: Rule, bound: Bound, layout: Layout) -> list[Sum] | None:
    """The rule as sums; None where it is more than linear, or does not hold of all years."""
    if bound.when is not None or not _of_all_years(rule, layout.form):
        return None
    found = [_sum(one, layout) for instance in instances(bound) for one in instance.constraints]
    return [one for one in found if one is not None] if found and None not in found else None


def _sum(one: Constraint, layout: Layout) -> Sum | None:
    """A constraint in whole numbers; None where it is about another report, or could become greater than int64 holds."""
    if any(key[0] != "here" for _, key in one.terms):
        return None
    numbers = [Fraction(value) for value in (*(factor for factor, _ in one.terms), one.low, one.high) if value is not None]
    scale = lcm(*(number.denominator for number in numbers))
    terms = tuple((int(Fraction(factor) * scale), layout.position(*key[1:])) for factor, key in one.terms)
    least = None if one.low is None else int(Fraction(one.low) * scale) + one.strict
    most = None if one.high is None else int(Fraction(one.high) * scale) - one.strict
    return Sum(terms, least, most) if sum(abs(factor) for factor, _ in terms) * LIMIT < 2**63 else None
