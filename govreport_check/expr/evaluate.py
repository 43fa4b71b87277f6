"""The one evaluator: a checked node and the facts of many reports in, a column out.

The trace (*node → column*) is filled on the way: shared parts are computed once, and explanations look values up in it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import Protocol, TypeAlias

import numpy as np

from govreport_check.expr import operators as op
from govreport_check.expr.columns import FALSE, TRUE, Array, Column, Dates, Numbers, Texts, Truth, either, points
from govreport_check.expr.functions import ELEMENTWISE, FUNCTIONS, dates_of_days, lengths_of, matches
from govreport_check.expr.linear import difference
from govreport_check.expr.nodes import COMPARISONS, Available, Call, Cells, Constant, Fact, Member, Node, Pick, SectionFact, Shape, World


class Facts(Protocol):
    """What reports hold, side by side: what a frame offers to the evaluator."""

    @property
    def size(self) -> int:
        """The number of reports."""

    def table(self, world: World, name: str) -> Numbers:
        """Figures, (rows, columns, reports)."""

    def fact(self, world: World, key: str) -> Column:
        """One fact, (reports,)."""

    def section(self, world: World, attribute: str) -> Column:
        """One attribute of all parts, (parts, reports)."""

    def member(self, flat: str, attribute: str) -> Column:
        """One attribute of all that is listed, (members,)."""

    def owner(self, flat: str) -> Array:
        """The report of each member, (members,)."""

    def available(self, world: World) -> Array:
        """Whether the report of the other world is there, (reports,)."""


Trace: TypeAlias = "dict[Node, Column]"


def evaluate(node: Node, facts: Facts, trace: Trace) -> Column:
    """The column of ``node``; never raises for what a report holds."""
    known = trace.get(node)
    if known is None:
        known = trace[node] = _evaluate(node, facts, trace)
    return known


def _evaluate(node: Node, facts: Facts, trace: Trace) -> Column:
    match node:
        case Constant():
            return _constant(node)
        case Cells():
            return _cells(node, facts)
        case Fact():
            return facts.fact(node.world, node.key)
        case SectionFact():
            return _parts(node, facts)
        case Member():
            return facts.member(node.shape.flat or "", node.attribute)
        case Available():
            return Truth(np.where(facts.available(node.world), np.int8(TRUE), np.int8(FALSE)))
        case Call():
            return _call(node, facts, trace)


def _constant(node: Constant) -> Column:
    value = node.value
    if isinstance(value, bool):
        return Truth(np.array([TRUE if value else FALSE], np.int8))
    if isinstance(value, Decimal):
        scaled = value.scaleb(node.shape.places)
        exact = float(scaled)
        near = np.array([exact])
        return (
            points(near) if Decimal(exact) == scaled else Numbers(np.nextafter(near, -np.inf), np.nextafter(near, np.inf), bound=abs(exact))
        )
    return Texts(np.array([value], object), np.array([len(str(value))], np.float64), np.zeros(1, np.uint8))


@lru_cache(maxsize=4096)
def _index(pick: Pick) -> int | slice | list[int]:
    """The cheapest numpy index of a pick: views where it can be one."""
    if not pick.indices:
        return slice(0, 0)
    first = pick.indices[0]
    if pick.axis is None:
        return first
    if pick.indices == tuple(range(first, first + len(pick.indices))) and first >= 0:
        return slice(first, first + len(pick.indices))
    return list(pick.indices)


def _cells(node: Cells, facts: Facts) -> Column:
    figures = _figures(node, facts)
    if node.shape.kind == "date":
        return dates_of_days(figures, 10**node.shape.places)
    return lengths_of(figures) if node.shape.kind == "text" else figures


def _figures(node: Cells, facts: Facts) -> Numbers:
    table = facts.table(node.world, node.table)
    rows, columns = node.rows, node.columns
    if rows.axis is not None and rows.axis == columns.axis:
        picked = mapped_numbers(table, lambda array: array[list(rows.indices), list(columns.indices)])
    else:
        crossed = rows.axis is not None and columns.axis is not None and columns.axis < rows.axis
        across = (slice(None), _index(columns)) if rows.axis is not None else _index(columns)
        picked = mapped_numbers(table, lambda array: array[_index(rows)][across].swapaxes(0, 1 if crossed else 0))
    return _past_the_end(node, picked) if -1 in rows.indices + columns.indices else picked


def _past_the_end(node: Cells, picked: Numbers) -> Numbers:
    na = np.zeros(picked.lo.shape, bool)
    for pick in (node.rows, node.columns):
        if pick.axis is not None:
            shape = [1] * na.ndim
            shape[node.shape.axes.index(pick.axis)] = len(pick.indices)
            na |= (np.array(pick.indices) == -1).reshape(shape)
    return replace(picked, na=either(picked.na, na))


def _parts(node: SectionFact, facts: Facts) -> Column:
    column = mapped(facts.section(node.world, node.attribute), lambda array: array[_index(node.sections)])
    if -1 not in node.sections.indices or not isinstance(column, (Numbers, Texts)):
        return column
    past = (np.array(node.sections.indices) == -1)[:, None]
    return replace(column, na=either(column.na, past))


def _call(node: Call, facts: Facts, trace: Trace) -> Column:
    name = node.operator
    parts = [evaluate(part, facts, trace) for part in node.parts]
    function = FUNCTIONS.get(name)
    if function is not None and function.reduces:
        return function.run(parts[0], _fold_of(node, parts[0], facts))  # type: ignore[no-any-return]
    fitted = [fit(column, part.shape, node.shape, facts) for part, column in zip(node.parts, parts, strict=True)]
    if name in COMPARISONS:
        return _compared(node, fitted, facts)
    if name == "scale":
        return op.scale(fitted[0], int(node.option[0]))  # type: ignore[arg-type]
    if name == "round":
        return op.rounded(fitted[0], int(node.option[0]), str(node.option[1]))  # type: ignore[arg-type]
    if name == "matches":
        return matches(fitted[0], str(node.option[0]))  # type: ignore[arg-type]
    run = function.run if function is not None else ELEMENTWISE[name]
    return run(*fitted)  # type: ignore[no-any-return]


def _compared(node: Call, fitted: list[Column], facts: Facts) -> Truth:
    left, right = fitted[0], fitted[1]
    tolerance = fitted[2] if len(fitted) > 2 and isinstance(fitted[2], Numbers) else None
    if isinstance(left, Numbers) and isinstance(right, Numbers) and (left.hi is not left.lo or right.hi is not right.lo):
        merged = difference(node, facts)  # a figure that stands on both sides must not be counted as two unknowns
        if merged is not None:
            return op.within(node.operator, replace(merged, na=either(left.na, right.na)), tolerance)
    return op.compare(node.operator, left, right, tolerance)


def _fold_of(node: Call, column: Column, facts: Facts) -> op.Fold:
    axes = node.parts[0].shape.axes
    positions = tuple(axes.index(axis) for axis in node.folds)
    if not node.folds_flat:
        return op.Fold(positions)
    return op.Fold(positions, facts.owner(node.parts[0].shape.flat or ""), facts.size)


def fit(column: Column, own: Shape, wanted: Shape, facts: Facts) -> Column:
    """``column`` laid along the axes of ``wanted``, ready for broadcasting; report-wide values go to the members by indexing."""
    if own.axes == wanted.axes and own.flat == wanted.flat:
        return column
    gather = facts.owner(wanted.flat) if wanted.flat and not own.flat else None
    missing = tuple(i for i, axis in enumerate(wanted.axes) if axis not in own.axes)

    def change(array: Array) -> Array:
        if gather is not None and array.shape[-1] != 1:
            array = array[..., gather]
        if not missing or array.ndim == 0:
            return array
        lead = array.ndim - 1 - len(own.axes)
        return np.expand_dims(array, tuple(lead + i for i in missing))

    return mapped(column, change)


def mapped(column: Column, change: Callable[[Array], Array]) -> Column:
    """``column`` with every array changed alike; an unknown part that is a point stays one array."""
    match column:
        case Numbers():
            return mapped_numbers(column, change)
        case Truth(value, na):
            return Truth(change(value), None if na is None else change(na))
        case Texts(values, lengths, state, na):
            texts = None if values is None else change(values)
            return Texts(texts, change(lengths), change(state), None if na is None else change(na))
        case Dates():
            days = mapped_numbers(column.days, change)
            return Dates(days, *(change(array) for array in (column.year, column.month, column.day, column.valid, column.state)))


def mapped_numbers(column: Numbers, change: Callable[[Array], Array]) -> Numbers:
    def maybe(array: Array | None) -> Array | None:
        return None if array is None else change(array)

    lo = change(column.lo)
    return Numbers(
        lo,
        lo if column.hi is column.lo else change(column.hi),
        maybe(column.minus),
        maybe(column.plus),
        maybe(column.over),
        maybe(column.na),
        column.bound,
        maybe(column.state),
        maybe(column.low),
    )


def outcome_codes(truth: Truth, when: Truth | None) -> Array:
    """PASS 1, UNDECIDED 0, FAIL -1, NOT APPLICABLE 2 of an assertion under a condition, as broadcast by their shapes."""
    value = truth.value if truth.na is None else np.where(truth.na, NOT_APPLICABLE, truth.value)
    if when is None:
        return np.asarray(value)
    if when.na is None and (when.value == TRUE).all():
        return np.asarray(value) if value.ndim == when.value.ndim else np.broadcast_arrays(value, when.value)[0]
    off = when.value == FALSE if when.na is None else (when.value == FALSE) | when.na
    return np.where(off, NOT_APPLICABLE, np.where(when.value == TRUE, value, np.where(value == NOT_APPLICABLE, value, np.int8(0))))


NOT_APPLICABLE = 2
