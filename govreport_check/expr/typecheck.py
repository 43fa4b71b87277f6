"""Names resolved and types checked, once, when a pack is loaded; after that evaluation cannot raise."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any, Literal

from govreport_check.expr import names
from govreport_check.expr.functions import FUNCTIONS
from govreport_check.expr.nodes import (
    Available,
    Call,
    Cells,
    Constant,
    Fact,
    Kind,
    Member,
    Node,
    Pick,
    SectionFact,
    Shape,
    Variable,
    World,
)
from govreport_check.expr.parse import ExpressionError, Syntax
from govreport_check.expr.picks import Picks, Scope
from govreport_check.expr.units import has_quotient, same_places, scaled
from govreport_check.form import Table

MAX_PLACES = 12
MAX_DIGITS = 30

__all__ = ["Scope", "check_expression"]


def check_expression(text: str, scope: Scope, *, wanted: Kind | None = None) -> Node:
    """``text`` as a checked node that has one value per instance of ``for``. Raises :class:`ExpressionError`."""
    checker = _Checker(Syntax(text), scope)
    node = checker.check(checker.syntax.body)
    open_axes = [axis for axis in node.shape.axes if axis not in scope.variables]
    if open_axes:
        column, name = next(iter(checker.picks.axes.get(open_axes[0], [])), (1, open_axes[0]))
        raise ExpressionError(f"{name} stands for several values; {_ONE}", column)
    if node.shape.flat and not any(variable.flat == node.shape.flat for variable in scope.variables.values()):
        raise ExpressionError(f"{node.shape.flat} stands for several values; {_ONE}")
    if wanted and node.shape.kind != wanted:
        raise ExpressionError(f"a {names.KINDS[wanted]} is needed here, this is a {names.KINDS[node.shape.kind]}")
    return node


_ONE = "bind it with for:, or make one of them with sum(…), count(…), all(…), any(…)"


class _Checker:
    """One pass over the syntax tree."""

    def __init__(self, syntax: Syntax, scope: Scope) -> None:
        self.syntax, self.scope = syntax, scope
        self.picks = Picks(syntax, scope)

    def fail(self, node: ast.AST, message: str) -> ExpressionError:
        return self.picks.fail(node, message)

    def check(self, node: ast.expr) -> Node:
        return _FORMS[type(node)](self, node)

    def kind(self, node: ast.expr, wanted: Kind) -> Node:
        checked = self.check(node)
        if checked.shape.kind != wanted:
            raise self.fail(node, f"a {names.KINDS[wanted]} is needed here, this is a {names.KINDS[checked.shape.kind]}")
        return checked

    # --- values

    def constant(self, node: ast.Constant) -> Node:
        if isinstance(node.value, bool):
            return Constant(Shape("bool"), node.value)
        if isinstance(node.value, str):
            return Constant(Shape("text"), node.value)
        if not isinstance(node.value, (int, float)):
            raise self.fail(node, f"{node.value!r} is not part of the rule language")
        value = self.syntax.number(node)
        places = max(0, -int(value.as_tuple().exponent))
        if places > MAX_PLACES or value.adjusted() >= MAX_DIGITS:
            raise self.fail(node, f"a number has at most {MAX_DIGITS} digits and {MAX_PLACES} decimal places")
        return Constant(Shape("number", places=places), value)

    def name(self, node: ast.expr) -> Node:
        path = names.dotted(node)
        if path is None:
            raise self.fail(node, "only names have attributes")
        found = self.resolve(path, node)
        if found is None:
            raise self.fail(node, names.unknown(".".join(path), self.known()))
        return found

    def resolve(self, path: tuple[str, ...], node: ast.expr) -> Node | None:
        scope, head = self.scope, path[0]
        if path in (("true",), ("false",)):  # as YAML writes them
            return Constant(Shape("bool"), head == "true")
        if len(path) == 1 and head in scope.lets:
            return scope.lets[head]
        variable = scope.variables.get(head)
        if variable is not None:
            return self.of_variable(variable, path[1:], node)
        world = names.WORLDS.get(head, "here")
        rest = path if world == "here" else path[1:]
        year = names.form_year(scope.form, path)
        if year is not None:
            return Constant(Shape("number"), Decimal(year))
        if len(rest) == 2 and rest[0] == "about":
            kind = names.fact_kind(scope.form, rest[1])
            return kind and Fact(Shape(kind, flat="parts" if world == "parts" else None), world, rest[1])
        if world == "here":
            flat, attribute = names.split_flat(scope.form, path)
            if flat and attribute:
                return self.member(flat, attribute, node)
        if rest and rest[0] in scope.form.tables:
            raise self.fail(node, f"write {'.'.join(path)}[row, column]")
        return None

    def of_variable(self, variable: Variable, attribute: tuple[str, ...], node: ast.expr) -> Node:
        if variable.kind == "flat" and variable.flat and len(attribute) == 1:
            return self.member(variable.flat, attribute[0], node)
        if variable.kind == "section" and len(attribute) == 1:
            return self.section_fact(attribute[0], self.picks.section(variable.name, node), node)
        what = "needs an attribute" if not attribute else f"has no .{'.'.join(attribute)}"
        raise self.fail(node, f"{variable.name} stands for a {variable.kind.replace('flat', 'listed thing')} and {what}")

    def member(self, flat: str, attribute: str, node: ast.expr) -> Node:
        kind = names.member_kind(self.scope.form, flat, attribute)
        if kind is None:
            raise self.fail(node, names.unknown(attribute, names.member_names(self.scope.form, flat)))
        return Member(Shape(kind, flat=flat, places=names.member_places(kind, flat, attribute)), attribute)

    def section_fact(self, attribute: str, pick: Pick, node: ast.expr) -> SectionFact:
        kind = names.SECTION_FACTS.get(attribute)
        if kind is None:
            raise self.fail(node, names.unknown(attribute, names.SECTION_FACTS))
        return SectionFact(Shape(kind, axes=(pick.axis,) if pick.axis else ()), "here", attribute, pick)

    def known(self) -> list[str]:
        form = self.scope.form
        return [
            *self.scope.lets,
            *self.scope.variables,
            *form.tables,
            *(f"about.{key}" for key in names.facts(form)),
            *names.WORLDS,
            "sections",
        ]

    # --- cells

    def subscript(self, node: ast.Subscript) -> Node:
        path = names.dotted(node.value) or ()
        world = names.WORLDS.get(path[0] if path else "", "here")
        table_id = ".".join(path if world == "here" else path[1:])
        table = self.scope.form.tables.get(table_id)
        if table is None:
            raise self.fail(node, names.unknown(table_id, self.scope.form.tables))
        if not isinstance(node.slice, ast.Tuple) or len(node.slice.elts) != 2:
            raise self.fail(node.slice, f"write {table_id}[row, column]")
        row, column = node.slice.elts
        rows = self.picks.pick(row, "row", table.rows, table.row_groups)
        columns = self.picks.pick(column, "column", table.columns, table.column_groups)
        axes = tuple(sorted({axis for axis in (rows.axis, columns.axis) if axis}))
        flat = "parts" if world == "parts" else None
        kind = self.kind_of_cells(table, columns, column)
        return Cells(Shape(kind, axes, flat, table.places), world, table_id, rows, columns)

    def kind_of_cells(self, table: Table, columns: Pick, node: ast.expr) -> Kind:
        found = {_CELL_KINDS.get(table.kinds[i].name, "number") for i in columns.indices if i >= 0}
        if len(found) > 1:
            raise self.fail(node, f"these columns of {table.id} hold {' and '.join(sorted(found))}s; name columns of one kind")
        return found.pop()

    # --- operators

    def binary(self, node: ast.BinOp) -> Node:
        a, b = self.kind(node.left, "number"), self.kind(node.right, "number")
        sign = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}[type(node.op)]
        if sign == "*":
            places = a.shape.places + b.shape.places
            if places > MAX_PLACES:
                raise self.fail(node, f"a product with more than {MAX_PLACES} decimal places")
            return self.call(node, sign, (a, b), "number", places)
        a, b = same_places(a, b)
        return self.call(node, sign, (a, b), "number", 0 if sign == "/" else a.shape.places)

    def unary(self, node: ast.UnaryOp) -> Node:
        if isinstance(node.op, ast.Not):
            return self.call(node, "not", (self.kind(node.operand, "bool"),), "bool")
        a = self.kind(node.operand, "number")
        return self.call(node, "negative", (a,), "number", a.shape.places)

    def boolean(self, node: ast.BoolOp) -> Node:
        name = "and" if isinstance(node.op, ast.And) else "or"
        return self.joined(node, name, [self.kind(value, "bool") for value in node.values])

    def joined(self, node: ast.expr, name: str, parts: list[Node]) -> Node:
        result = parts[0]
        for part in parts[1:]:
            result = self.call(node, name, (result, part), "bool")
        return result

    def comparison(self, node: ast.Compare) -> Node:
        operands = [node.left, *node.comparators]
        pairs = zip(node.ops, operands, operands[1:], strict=False)
        return self.joined(node, "and", [self.compared(node, sign, a, b) for sign, a, b in pairs])

    def compared(self, node: ast.expr, sign: ast.cmpop, left: ast.expr, right: ast.expr) -> Node:
        if isinstance(sign, (ast.In, ast.NotIn)):
            if not isinstance(right, ast.Tuple) or not right.elts:
                raise self.fail(right, "in needs values in brackets: (a, b)")
            found = self.joined(node, "or", [self.pair(node, "==", self.check(left), self.check(one)) for one in right.elts])
            return found if isinstance(sign, ast.In) else self.call(node, "not", (found,), "bool")
        return self.pair(node, names.SIGNS[type(sign)], self.check(left), self.check(right))

    def pair(self, node: ast.expr, sign: str, a: Node, b: Node) -> Node:
        if a.shape.kind != b.shape.kind:
            raise self.fail(node, f"a {names.KINDS[a.shape.kind]} is compared with a {names.KINDS[b.shape.kind]}")
        if a.shape.kind in ("text", "bool") and sign not in ("==", "!="):
            raise self.fail(node, f"{sign} needs numbers or dates")
        if a.shape.kind != "number":
            return self.call(node, sign, (a, b), "bool")
        a, b = same_places(a, b)
        tolerance = self.scope.tolerance
        if tolerance is None or sign in ("!=", "<", ">"):
            return self.call(node, sign, (a, b), "bool")
        finest = max(a.shape.places, tolerance.shape.places)
        return self.call(node, sign, (scaled(a, finest), scaled(b, finest), scaled(tolerance, finest)), "bool")

    def choice(self, node: ast.IfExp) -> Node:
        condition, a, b = self.kind(node.test, "bool"), self.check(node.body), self.check(node.orelse)
        if a.shape.kind != b.shape.kind or a.shape.kind not in ("number", "bool", "text"):
            raise self.fail(node, "if … else chooses between two numbers, two conditions or two texts")
        if a.shape.kind == "number":
            a, b = same_places(a, b)
        return self.call(node, "if", (condition, a, b), a.shape.kind, a.shape.places)

    def call(self, node: ast.AST, name: str, parts: tuple[Node, ...], kind: Kind, places: int = 0) -> Call:
        flats = {part.shape.flat for part in parts if part.shape.flat}
        if len(flats) > 1:
            raise self.fail(node, f"{' and '.join(sorted(flats))} cannot be combined")
        axes = tuple(sorted({axis for part in parts for axis in part.shape.axes}))
        return Call(Shape(kind, axes, next(iter(flats), None), places), name, parts)

    def list_alone(self, node: ast.Tuple) -> Node:
        raise self.fail(node, "a list of values stands only behind in")

    # --- functions

    def function(self, node: ast.Call) -> Node:
        if not isinstance(node.func, ast.Name) or node.keywords:
            raise self.fail(node, "only named functions can be called, without keywords")
        name = node.func.id
        if name in _SPECIAL:
            return _SPECIAL[name](self, node)
        function = FUNCTIONS.get(name)
        if function is None:
            raise self.fail(node, names.unknown(name, [*FUNCTIONS, *_SPECIAL], what="function"))
        if len(node.args) != len(function.takes):
            raise self.fail(node, f"{name} takes {len(function.takes)} value(s), {len(node.args)} are given")
        named = {axis: len(places) for axis, places in self.picks.axes.items()}
        parts = tuple(self.operand(wanted, part) for wanted, part in zip(function.takes, node.args, strict=True))
        if function.reduces:
            reduced = self.reduction(node, name, parts[0], function.gives)
            self.picks.forget(reduced.folds, named)
            return reduced
        return self.call(node, name, parts, function.gives, parts[0].shape.places if name == "abs" else function.places)

    def operand(self, wanted: Kind | Literal["printed"], node: ast.expr) -> Node:
        if wanted == "number" and isinstance(node, ast.Constant) and isinstance(node.value, str):
            raise self.fail(node, "a number is needed here, this is a text")
        if wanted == "bool":
            listed, attribute = names.split_flat(self.scope.form, names.dotted(node) or ())
            if listed and not attribute:
                return Member(Shape("bool", flat=listed), "")
        checked = self.check(node)
        if wanted == "printed" and not isinstance(checked, (Cells, Fact, SectionFact, Member)):
            raise self.fail(node, "a fact by its name is needed here")
        if wanted != "printed" and checked.shape.kind != wanted:
            raise self.fail(node, f"a {names.KINDS[wanted]} is needed here, this is a {names.KINDS[checked.shape.kind]}")
        return checked

    def reduction(self, node: ast.Call, name: str, part: Node, gives: Kind) -> Call:
        bound = self.scope.variables
        folds = tuple(axis for axis in part.shape.axes if axis not in bound)
        flat = part.shape.flat
        folds_flat = flat is not None and all(variable.flat != flat for variable in bound.values())
        if not folds and not folds_flat:
            raise self.fail(node, f"{name}(…) needs several values, this is one")
        if part.shape.kind == "number" and has_quotient(part):
            raise self.fail(node, f"{name}(…) of quotients is not defined exactly; divide the {name} instead")
        axes = tuple(axis for axis in part.shape.axes if axis in bound)
        shape = Shape(gives, axes, None if folds_flat else flat, 0 if name == "count" else part.shape.places)
        return Call(shape, name, (part,), folds, folds_flat)

    def round(self, node: ast.Call) -> Node:
        mode = node.args[2] if len(node.args) == 3 else None
        if not isinstance(mode, ast.Constant) or mode.value not in ("half_up", "half_even") or not isinstance(node.args[1], ast.Constant):
            raise self.fail(node, 'write round(x, places, "half_up" or "half_even")')
        wanted = self.syntax.number(node.args[1])
        if wanted != int(wanted) or wanted > MAX_PLACES:
            raise self.fail(node.args[1], f"places are a whole number from 0 to {MAX_PLACES}")
        places = int(wanted)
        a = self.kind(node.args[0], "number")
        a = scaled(a, max(places, a.shape.places))
        return replace(self.call(node, "round", (a,), "number", places), option=(10 ** (a.shape.places - places), str(mode.value)))

    def date(self, node: ast.Call) -> Node:
        """``date(y, m, d)`` or ``date(y, "MM-DD")``"""
        last = node.args[-1] if node.args else node
        parts: list[Node] = [self.whole(node.args[0])] if node.args else []
        if len(node.args) == 2 and isinstance(last, ast.Constant) and isinstance(last.value, str):
            words = last.value.split("-")
            if len(words) != 2 or not all(word.isdigit() for word in words):
                raise self.fail(last, 'the day of the year is written "MM-DD"')
            parts += [Constant(Shape("number"), Decimal(int(word))) for word in words]
        elif len(node.args) == 3:
            parts += [self.whole(argument) for argument in node.args[1:]]
        else:
            raise self.fail(node, 'write date(year, month, day) or date(year, "MM-DD")')
        return self.call(node, "date", tuple(parts), "date")

    def whole(self, node: ast.expr) -> Node:
        checked = self.kind(node, "number")
        if checked.shape.places or has_quotient(checked):
            raise self.fail(node, "a date is made of whole numbers")
        return checked

    def matches(self, node: ast.Call) -> Node:
        if len(node.args) != 2 or not isinstance(node.args[1], ast.Constant) or not isinstance(node.args[1].value, str):
            raise self.fail(node, 'write matches(text, "pattern")')
        complaint = names.bad_pattern(node.args[1].value)
        if complaint:
            raise self.fail(node.args[1], f"not a RE2 pattern: {complaint}")
        return replace(self.call(node, "matches", (self.kind(node.args[0], "text"),), "bool"), option=(node.args[1].value,))

    def of_section(self, node: ast.Call) -> Node:
        """``text(s)``, ``heading(overview)``, ``position(next(s))``, ``text(prior.problems)``"""
        attribute = node.func.id if isinstance(node.func, ast.Name) else ""
        inner = node.args[0] if len(node.args) == 1 else node
        after = isinstance(inner, ast.Call) and inner is not node and isinstance(inner.func, ast.Name) and inner.func.id == "next"
        path = names.dotted(inner.args[0] if after and isinstance(inner, ast.Call) and inner.args else inner)
        world: World = "prior" if path and path[0] == "prior" and len(path) == 2 else "here"
        if path is None or len(path) != (1 if world == "here" else 2):
            raise self.fail(node, f"write {attribute}(section)")
        pick = self.picks.section(path[-1], node)
        if after:
            pick = replace(pick, indices=(*pick.indices[1:], -1))
        return replace(self.section_fact(attribute, pick, node), world=world)

    def noted(self, node: ast.Call) -> Node:
        """``noted(table)``: whether it has notes; ``note(table)``: their text"""
        path = names.dotted(node.args[0]) if len(node.args) == 1 else None
        word = node.func.id if isinstance(node.func, ast.Name) else ""
        if path is None or path[0] not in self.scope.form.tables:
            raise self.fail(node, f"write {word}(table)")
        return Fact(Shape("bool"), "here", f"notes.{path[0]}") if word == "noted" else Fact(Shape("text"), "here", f"note.{path[0]}")

    def available(self, node: ast.Call) -> Node:
        path = names.dotted(node.args[0]) if len(node.args) == 1 else None
        if path is None or len(path) != 1 or path[0] not in names.WORLDS:
            raise self.fail(node, "write available(prior) or available(parts)")
        return Available(Shape("bool"), names.WORLDS[path[0]])


_CELL_KINDS: dict[str, Kind] = {"date": "date", "text": "text"}

_FORMS: dict[type[ast.expr], Callable[[_Checker, Any], Node]] = {
    ast.Constant: _Checker.constant,
    ast.Name: _Checker.name,
    ast.Attribute: _Checker.name,
    ast.Subscript: _Checker.subscript,
    ast.BinOp: _Checker.binary,
    ast.UnaryOp: _Checker.unary,
    ast.BoolOp: _Checker.boolean,
    ast.Compare: _Checker.comparison,
    ast.IfExp: _Checker.choice,
    ast.Call: _Checker.function,
    ast.Tuple: _Checker.list_alone,
}

_SPECIAL: dict[str, Callable[[_Checker, ast.Call], Node]] = {
    "round": _Checker.round,
    "date": _Checker.date,
    "matches": _Checker.matches,
    "noted": _Checker.noted,
    "note": _Checker.noted,
    "available": _Checker.available,
    **dict.fromkeys(("text", "heading", "position", "copies"), _Checker.of_section),
}
