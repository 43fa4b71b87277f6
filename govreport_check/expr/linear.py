"""Linear rules: Σ aᵢ·xᵢ + c ⋈ 0 over the cells of a form, from the checked expression.

The evaluator uses them where a figure stands more than once in a comparison (each unknown must be counted once); explanations
read their terms; the localiser and the audit will read the same rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from govreport_check.expr import operators as op
from govreport_check.expr.columns import EXACT, Array, Numbers, points
from govreport_check.expr.nodes import Call, Cells, Constant, Node, Pick
from govreport_check.frozen import dataclass

if TYPE_CHECKING:
    from govreport_check.expr.evaluate import Facts

Instance: TypeAlias = "Mapping[str, int]"
"""Position on each bound dense axis."""


@dataclass(frozen=True, slots=True)
class LinearTerm:
    """A coefficient (in units of the expression) of one reference to cells, group axes still open."""

    coefficient: Decimal
    cells: Cells


def linear_terms(node: Node, factor: Decimal = Decimal(1)) -> tuple[list[LinearTerm], Decimal] | None:
    """The terms and the constant of a linear expression; None where it is not linear in cells."""
    match node:
        case Constant():
            return ([], factor * node.value.scaleb(node.shape.places)) if isinstance(node.value, Decimal) else None
        case Cells():
            return [LinearTerm(factor, node)], Decimal(0)
        case Call(operator="+" | "-" as sign, parts=(a, b)):
            return _joined(linear_terms(a, factor), linear_terms(b, factor if sign == "+" else -factor))
        case Call(operator="negative", parts=(a,)):
            return linear_terms(a, -factor)
        case Call(operator="scale", parts=(a,), option=(places,)):
            return linear_terms(a, factor * Decimal(10) ** int(places))
        case Call(operator="sum", parts=(a,), folds_flat=False):
            return linear_terms(a, factor)
        case Call(operator="*", parts=(a, b)):
            known, other = (a, b) if isinstance(a, Constant) else (b, a)
            if isinstance(known, Constant) and isinstance(known.value, Decimal):
                return linear_terms(other, factor * known.value.scaleb(known.shape.places))
    return None


Linear: TypeAlias = "tuple[list[LinearTerm], Decimal]"


def _joined(a: Linear | None, b: Linear | None) -> Linear | None:
    return None if a is None or b is None else (a[0] + b[0], a[1] + b[1])


def cells_of(cells: Cells, instance: Instance) -> Iterator[tuple[int, int]]:
    """The (row, column) indices that a reference takes at one instance; group axes run."""
    axes = [pick.axis for pick in (cells.rows, cells.columns) if pick.axis is not None and pick.axis not in instance]
    sizes = {pick.axis: len(pick.indices) for pick in (cells.rows, cells.columns) if pick.axis}
    for position in product(*(range(sizes[axis]) for axis in dict.fromkeys(axes))):
        at = {**instance, **dict(zip(dict.fromkeys(axes), position, strict=True))}
        row, column = _at(cells.rows, at), _at(cells.columns, at)
        if row >= 0 and column >= 0:
            yield row, column


def _at(pick: Pick, position: Mapping[str, int]) -> int:
    return pick.indices[0] if pick.axis is None else pick.indices[position[pick.axis]]


@lru_cache(maxsize=4096)
def _repeats(node: Call) -> tuple[list[LinearTerm], Decimal] | None:
    """The terms of left - right when some cell may stand in two of them; None when each cell stands once or it is not linear."""
    joined = _joined(linear_terms(node.parts[0]), linear_terms(node.parts[1], Decimal(-1)))
    if joined is None:
        return None
    terms = joined[0]
    overlap = any(_overlap(a.cells, b.cells) for i, a in enumerate(terms) for b in terms[i + 1 :])
    return joined if overlap else None


def _overlap(a: Cells, b: Cells) -> bool:
    if (a.world, a.table) != (b.world, b.table):
        return False
    return bool(set(a.rows.indices) & set(b.rows.indices)) and bool(set(a.columns.indices) & set(b.columns.indices))


def difference(node: Call, facts: Facts) -> Numbers | None:
    """left - right of a linear comparison with every cell counted once, shaped as the comparison; None where that is not needed."""
    joined = _repeats(node)
    if joined is None:
        return None
    terms, constant = joined
    sizes = {p.axis: len(p.indices) for t in terms for p in (t.cells.rows, t.cells.columns) if p.axis in node.shape.axes}
    shape = tuple(sizes[axis] for axis in node.shape.axes)
    result = points(np.full((*shape, 1), float(constant)))
    for world, table in dict.fromkeys((term.cells.world, term.cells.table) for term in terms):
        figures = facts.table(world, table)
        mine = [term for term in terms if (term.cells.world, term.cells.table) == (world, table)]
        weights = _weights(mine, node.shape.axes, shape, figures.lo.shape[:2])
        result = op.add(result, _weighted(weights, figures))
    return result


def _weights(terms: list[LinearTerm], axes: tuple[str, ...], shape: tuple[int, ...], table: tuple[int, ...]) -> Array:
    weights = np.zeros((*shape, *table))
    for position in np.ndindex(*shape):
        instance = dict(zip(axes, map(int, position), strict=True))
        for term in terms:
            for cell in cells_of(term.cells, instance):
                weights[(*position, *cell)] += float(term.coefficient)
    return weights


def _weighted(weights: Array, figures: Numbers) -> Numbers:
    """Σ weight · figure over the last two axes of ``weights``, ends of intervals by the weight's sign."""
    figures = _applicable(figures)
    flat = weights.reshape(*weights.shape[:-2], -1)
    shape = (flat.shape[-1], figures.lo.shape[-1])
    up, down = np.maximum(flat, 0.0), np.minimum(flat, 0.0)

    def ends(high: Array, low: Array) -> Array:
        # 0 · inf must stay 0: only cells that carry a weight are multiplied
        result = np.zeros((*flat.shape[:-1], shape[1]))
        for i in range(shape[0]):
            for weight, values in ((up[..., i], high[i]), (down[..., i], low[i])):
                if weight.any():
                    with np.errstate(invalid="ignore"):
                        result += np.where(weight[..., None] != 0, weight[..., None] * values, 0.0)
        return result

    lo, hi = figures.lo.reshape(shape), figures.hi.reshape(shape)
    size = float(np.abs(flat).sum(axis=-1).max(initial=0.0)) * figures.bound
    low, high = ends(lo, hi), ends(hi, lo)
    if size >= EXACT:
        # the additions may have rounded, though the terms may cancel in the end
        parts = [np.where(np.isfinite(end), np.abs(end), 0.0) for end in (lo, hi)]
        total = np.abs(flat) @ np.maximum(*parts)
        error = np.where(total >= EXACT, total * shape[0] * 2.0**-52, 0.0)
        low, high = low - error, high + error
    if figures.minus is None or figures.plus is None:
        return Numbers(low, high, bound=size)
    minus, plus = figures.minus.reshape(shape), figures.plus.reshape(shape)
    return Numbers(low, high, ends(minus, -plus), ends(plus, -minus), bound=size)


def _applicable(figures: Numbers) -> Numbers:
    """``figures`` with nought where a figure does not apply: sums pass over it."""
    if figures.na is None:
        return figures
    na = figures.na
    lo, hi = np.where(na, 0.0, figures.lo), np.where(na, 0.0, figures.hi)
    minus, plus = (None if slack is None else np.where(na, 0.0, slack) for slack in (figures.minus, figures.plus))
    return Numbers(lo, hi, minus, plus, bound=figures.bound)
