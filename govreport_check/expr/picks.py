"""Which rows, columns and parts a name stands for, in the scope of one rule and one form."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import field

from govreport_check.expr import names
from govreport_check.expr.nodes import Node, Pick, Variable
from govreport_check.expr.parse import ExpressionError, Syntax
from govreport_check.form import Form, is_open
from govreport_check.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression may name: a form, what ``for`` binds, what ``let`` defines. ``tolerance`` widens its comparisons."""

    form: Form
    variables: Mapping[str, Variable] = field(default_factory=dict)
    lets: Mapping[str, Node] = field(default_factory=dict)
    tolerance: Node | None = None


class Picks:
    """The names of one expression; ``axes`` remembers where each group was named, for complaints."""

    def __init__(self, syntax: Syntax, scope: Scope) -> None:
        self.syntax, self.scope = syntax, scope
        self.axes: dict[str, list[tuple[int, str]]] = {}

    def forget(self, folded: tuple[str, ...], before: Mapping[str, int]) -> None:
        """Groups that a reduction has folded are no longer to be complained of; ``before`` counts those named before it."""
        for axis in folded:
            del self.axes.get(axis, [])[before.get(axis, 0) :]

    def fail(self, node: ast.AST, message: str) -> ExpressionError:
        return ExpressionError(message, self.syntax.column(node))

    def section(self, name: str, node: ast.expr) -> Pick:
        order = (*names.RESERVED, *self.scope.form.sections)
        variable = self.scope.variables.get(name)
        if variable is not None and variable.kind == "section":
            return Pick(variable.name, tuple(map(order.index, variable.ids)))
        if name == "sections":
            return self.axis_of("section", tuple(self.scope.form.sections), order, name, node)
        if name not in order:
            raise self.fail(node, names.unknown(name, order))
        return Pick(None, (order.index(name),))

    def pick(self, node: ast.expr, kind: str, ids: tuple[str, ...], groups: Mapping[str, tuple[int, ...]]) -> Pick:
        if isinstance(node, ast.Call):
            return self.moved(node, ids, groups)
        path = names.dotted(node)
        name = ".".join(path) if path else ""
        variable = self.scope.variables.get(name)
        if variable is not None:
            return self.along(variable, ids, node)
        if name in ids:
            return Pick(None, (ids.index(name),))
        if name == f"{kind}s":
            return self.axis_of(kind, ids, ids, name, node)
        if name in groups:
            return self.axis_of(kind, tuple(ids[i] for i in groups[name]), ids, name, node)
        raise self.fail(node, names.unknown(name or "this", [*ids, *groups, *self.scope.variables], what=kind))

    def along(self, variable: Variable, ids: tuple[str, ...], node: ast.expr) -> Pick:
        missing = [name for name in variable.ids if name not in ids]
        if variable.kind not in ("row", "column") or missing:
            raise self.fail(node, f"{variable.name} stands for {missing[0] if missing else 'no row or column'}, which is not here")
        return Pick(variable.name, tuple(map(ids.index, variable.ids)))

    def axis_of(self, kind: str, members: tuple[str, ...], ids: tuple[str, ...], name: str, node: ast.expr) -> Pick:
        axis = f"~{kind} {','.join(members)}"
        self.axes.setdefault(axis, []).append((self.syntax.column(node), name))
        return Pick(axis, tuple(map(ids.index, members)))

    def moved(self, node: ast.Call, ids: tuple[str, ...], groups: Mapping[str, tuple[int, ...]]) -> Pick:
        """``next(v)``: the member after v's; ``same(v, group)``: the group's member in v's position. -1 past the end."""
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        words = [".".join(names.dotted(argument) or ()) for argument in node.args]
        variable = self.scope.variables.get(words[0]) if words else None
        if variable is None or variable.kind not in ("row", "column"):
            raise self.fail(node, "write next(variable) or same(variable, group)")
        if any(is_open(member) for member in variable.ids):
            raise self.fail(node, f"{variable.name} stands for what a report lists, which has no order to go by")
        if name == "next" and len(words) == 1:
            here = self.along(variable, ids, node).indices
            return Pick(variable.name, (*here[1:], -1))
        if name == "same" and len(words) == 2 and words[1] in groups:
            there = groups[words[1]]
            return Pick(variable.name, tuple(there[i] if i < len(there) else -1 for i in range(len(variable.ids))))
        raise self.fail(node, "write next(variable) or same(variable, group)")
