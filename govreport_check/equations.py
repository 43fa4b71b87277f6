"""The rules of a pack that say that two sums of figures of one report are equal, place by place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import product

from govreport_check.constraints import is_evidence
from govreport_check.expr.linear import LinearTerm, cells_of, linear_terms
from govreport_check.expr.nodes import Call, Node, Variable
from govreport_check.form import Form, Table
from govreport_check.model import State
from govreport_check.renderers.live_sums import Equation, Side, Spot
from govreport_check.rule import Bound, Rule, fitted_rules
from govreport_check.wording import label_text, section_label, table_name


def equations_of(form: Form, rules: Sequence[Rule], lang: str) -> list[Equation]:
    """The equations that hold for certain in every report of ``form``, without tolerance and condition, in the order of the rules."""
    found: list[Equation] = []
    for rule in fitted_rules(rules, form):
        bound = rule.bound.get(form.id)
        if bound is not None and rule.default and is_evidence(rule) and bound.when is None and bound.flat is None:
            found.extend(_equations(rule, bound, form, lang))
    return found


def _equations(rule: Rule, bound: Bound, form: Form, lang: str) -> Iterator[Equation]:
    comparison = bound.assertion
    if not isinstance(comparison, Call) or comparison.operator != "==" or len(comparison.parts) != 2 or comparison.shape.flat:
        return
    sides = [linear_terms(part) for part in comparison.parts]
    terms = [term for side in sides if side is not None for term in side[0]]
    if None in sides or not terms or any(term.cells.world != "here" for term in terms):
        return
    title = getattr(rule.file.title, lang)
    for position in product(*(range(len(variable.ids)) for variable in bound.dense)):
        at = {variable.name: place for variable, place in zip(bound.dense, position, strict=True)}
        left, right = (_side(side, part, at, form) for side, part in zip(sides, comparison.parts, strict=True) if side is not None)
        spots = [spot for side in (left, right) for _, spot in side.terms]
        if spots:
            yield Equation(_named(title, bound.dense, at, form, spots[0][0], lang), left, right, _needed(spots, form))


def _side(side: tuple[list[LinearTerm], Decimal], node: Node, at: Mapping[str, int], form: Form) -> Side:
    """A side in the figures' own units; the expression counts in units of its decimal places, each table in units of its own."""
    terms: dict[Spot, Decimal] = {}
    for term in side[0]:
        factor = term.coefficient.scaleb(form.tables[term.cells.table].places - node.shape.places)
        for row, column in cells_of(term.cells, at):
            spot = (term.cells.table, row, column)
            terms[spot] = terms.get(spot, Decimal(0)) + factor
    return Side(tuple((factor, spot) for spot, factor in terms.items()), side[1].scaleb(-node.shape.places))


def _needed(spots: Sequence[Spot], form: Form) -> frozenset[Spot]:
    """Where nothing printed is nothing known: totals, and every figure where the form does not say that a blank, or what is left out of
    its column, is nought."""
    zero = form.marks.get("") is State.ZERO
    return frozenset(spot for spot in spots if _is_needed(form.tables[spot[0]], spot[1], spot[2], zero))


def _is_needed(table: Table, row: int, column: int, zero: bool) -> bool:
    return table.absent[column] == "unknown" and (not zero or table.is_total(row, column))


def _named(title: str, variables: Sequence[Variable], at: Mapping[str, int], form: Form, table: str, lang: str) -> str:
    names = [_name(variable, at[variable.name], form, lang) for variable in variables]
    first = table_name(form.tables[table], lang)
    if lang == "en":
        return f"{first}: {title}" + (f" ({', '.join(names)})" if names else "")
    return f"{first} {title}" + (f"（{'、'.join(names)}）" if names else "")


def _name(variable: Variable, place: int, form: Form, lang: str) -> str:
    name = variable.ids[place]
    if variable.kind == "section":
        return section_label(form, name, lang)
    table = form.tables[variable.table or ""]
    ids, labels = (table.rows, table.row_labels) if variable.kind == "row" else (table.columns, table.column_labels)
    return label_text(labels[ids.index(name)], lang)
