"""Bound rules as linear constraints over single cells: what the localiser and the audit of a rule set reason about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import product
from typing import TypeAlias

from govreport_check.expr.linear import LinearTerm, cells_of, linear_terms
from govreport_check.expr.nodes import Call, Constant, Node, World
from govreport_check.figures import CellType
from govreport_check.findings import Severity
from govreport_check.locate.system import Constraint, constraint, exact
from govreport_check.rule import Bound, Rule

CellKey: TypeAlias = "tuple[World, str, int, int]"
"""World, table, row and column of a cell."""

RELATIONS = frozenset({"==", "<=", ">=", "<", ">"})


@dataclass(frozen=True, slots=True)
class Instance:
    """A rule at one place: ``position`` on its dense axes, and what must hold there, each over :data:`CellKey` in units of the tables."""

    position: tuple[int, ...]
    constraints: tuple[Constraint, ...]


def is_evidence(rule: Rule) -> bool:
    """Whether a rule speaks for certain: a likely one or a note says nothing of which figure is wrong."""
    return rule.file.confidence == "certain" and rule.severity is not Severity.NOTE


def instances(bound: Bound) -> tuple[Instance, ...]:
    """Every place of a rule as linear constraints over cells; none where the rule is not linear in cells, or about listed things."""
    if bound.flat is not None:
        return ()
    return _instances(bound.assertion, tuple((variable.name, len(variable.ids)) for variable in bound.dense))


@lru_cache(maxsize=2048)
def _instances(assertion: Node, axes: tuple[tuple[str, int], ...]) -> tuple[Instance, ...]:
    pieces = list(_comparisons(assertion))
    linear = [_linear(piece) for piece in pieces]
    if not pieces or any(one is None or not one[0] for one in linear):
        return ()
    found = []
    for position in product(*(range(size) for _, size in axes)):
        at = dict(zip((name for name, _ in axes), position, strict=True))
        rows = (_row(one[0], one[1], piece, at) for one, piece in zip(linear, pieces, strict=True) if one is not None)
        found.append(Instance(position, tuple(rows)))
    return tuple(found)


def _comparisons(node: Node) -> Iterator[Node]:
    """The conditions that must all hold."""
    if isinstance(node, Call) and node.operator == "and":
        for part in node.parts:
            yield from _comparisons(part)
    else:
        yield node


def _linear(node: Node) -> tuple[list[LinearTerm], Decimal] | None:
    """left - right of a comparison; None where that is not linear in cells of single reports, or the tolerance is no constant."""
    if not isinstance(node, Call) or node.operator not in RELATIONS or len(node.parts) > 3 or node.shape.flat is not None:
        return None
    left, right = linear_terms(node.parts[0]), linear_terms(node.parts[1], Decimal(-1))
    if left is None or right is None or (len(node.parts) == 3 and not isinstance(node.parts[2], Constant)):
        return None
    terms = [*left[0], *right[0]]
    return None if any(term.cells.world == "parts" for term in terms) else (terms, left[1] + right[1])


def _row(terms: list[LinearTerm], constant: Decimal, node: Node, at: dict[str, int]) -> Constraint:
    relation = node.operator if isinstance(node, Call) else "=="
    last = node.parts[2] if len(node.parts) == 3 else None
    tolerance = last.value.scaleb(last.shape.places) if isinstance(last, Constant) and isinstance(last.value, Decimal) else 0
    cells = tuple(
        (exact(term.coefficient), (term.cells.world, term.cells.table, row, column))
        for term in terms
        for row, column in cells_of(term.cells, at)
    )
    return constraint(None, cells, relation, -constant, tolerance)


def domain_of(kind: CellType, places: int) -> tuple[int | None, int]:
    """(least value, decimal places of the steps) of a cell in units of 10**-``places``."""
    return None if kind.low is None else kind.low * 10**places, kind.places - places
