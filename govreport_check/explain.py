"""An outcome and its columns → a finding: what is wrong, where, by how much, why and by which law.

Nothing is computed again: values are looked up in the trace that evaluation left.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Literal

from govreport_check.case import Case, facts_of, index_of, records_of, value_text
from govreport_check.excerpt import excerpt_of
from govreport_check.expr.columns import Numbers
from govreport_check.expr.evaluate import evaluate
from govreport_check.expr.linear import LinearTerm, cells_of, linear_terms
from govreport_check.expr.nodes import COMPARISONS, Call, Cells, Fact, Node, references
from govreport_check.expr.say import number_text
from govreport_check.findings import CellRecord, Cite, Finding, Reading, Severity, Term
from govreport_check.model import State
from govreport_check.records import address_of, fingerprint, is_unknown, reason_of
from govreport_check.rule import Placeholder
from govreport_check.wording import label_text, pick, section_name


def finding_of(case: Case) -> Finding:
    """The finding of a failed or undecided case."""
    rule, file = case.rule, case.rule.file
    comparison = _blamed(case.evaluation.bound.assertion, case)
    sides = _sides(comparison, case)
    cells = list(facts_of(case))
    reason = None if case.failed else reason_of(cells, case.lang)
    return Finding(
        rule=rule.id,
        outcome="fail" if case.failed else "undecided",
        severity=_severity(case),
        confidence=file.confidence,
        title=getattr(file.title, case.lang),
        message=_message(case, sides, cells) if case.failed else _undecided_message(case, reason),
        reason=reason,
        why=getattr(file.why, case.lang),
        fix=getattr(file.fix, case.lang),
        fingerprint=fingerprint(case.report, rule.id, _bindings(case), cells, _sides_of_parts(sides, case)),
        bindings=_bindings(case),
        entity=_entity(case),
        left=sides.get("left"),
        operator=sides.get("operator"),
        right=sides.get("right"),
        difference=sides.get("difference"),
        terms=_terms(comparison, case) if comparison else [],
        readings=_readings(case),
        cells=cells,
        cites=[Cite(document=cite.document, at=cite.at) for cite in file.cites if cite.is_law_for(case.form)],
        excerpt=excerpt_of(case.form, case.report, [cell.address for cell in cells], case.lang),
    )


def undecided_of(cases: Sequence[Case]) -> Finding:
    """The undecided instances of one rule in one report, as one finding: how many, and which facts are not known."""
    if len(cases) == 1:
        return finding_of(cases[0])
    first = cases[0]
    records = (record for case in cases for record in facts_of(case) if is_unknown(record))
    cells = list({record.address: record for record in records}.values())
    reason = reason_of(cells, first.lang)
    whole = finding_of(first)
    return whole.model_copy(
        update={
            "message": _undecided_message(first, reason, len(cases)),
            "reason": reason,
            "fingerprint": fingerprint(first.report, first.rule.id, {}, cells),
            "instances": len(cases),
            "bindings": {},
            "entity": None,
            "left": None,
            "operator": None,
            "right": None,
            "difference": None,
            "terms": [],
            "readings": [],
            "cells": cells,
            "excerpt": None,
        }
    )


def _severity(case: Case) -> Severity:
    severity = case.rule.severity
    for lowered, condition in case.evaluation.bound.lowered:
        if value_text(condition, case) == "true":
            severity = Severity(lowered.to)
    return severity


# --- values --------------------------------------------------------------------------------------------------------------------


def _blamed(node: Node, case: Case) -> Call | None:
    """The comparison that decided the case: the first one of the failing branch."""
    if not isinstance(node, Call):
        return None
    if node.operator in COMPARISONS:
        return node if all(part.shape.kind in ("number", "date") for part in node.parts) else None
    if node.operator in ("and", "or", "implies"):
        parts = node.parts if node.operator != "implies" else node.parts[1:]
        guilty = [part for part in parts if value_text(part, case) != "true"] or list(parts)
        return _blamed(guilty[0], case)
    return None


def _sides(comparison: Call | None, case: Case) -> dict[str, str]:
    if comparison is None or any(axis not in case.position for axis in comparison.shape.axes):
        return {}
    left, right = (value_text(part, case) for part in comparison.parts[:2])
    return {"left": left, "right": right, "operator": comparison.operator, **_gap(comparison, case)}


def _sides_of_parts(sides: Mapping[str, str], case: Case) -> dict[str, str]:
    """Both sides of a rule about the parts of a sum: their figures are no cells of the finding, and yet part of what it says."""
    if not any(isinstance(one, Cells | Fact) and one.world == "parts" for one in references(case.evaluation.bound.assertion)):
        return {}
    return {f"parts.{name}": sides[name] for name in ("left", "right") if name in sides}


def _gap(comparison: Call, case: Case) -> dict[str, str]:
    """``difference``: left - right where both are known; ``gap``: right - left in words, at least as much as is known."""
    ends = [_ends(part, case) for part in comparison.parts[:2]]
    if any(end is None for end in ends):
        return {}
    (left_lo, left_hi), (right_lo, right_hi) = (end for end in ends if end is not None)
    known = left_lo == left_hi and right_lo == right_hi
    gap = right_lo - left_hi if right_lo > left_hi else right_hi - left_lo
    many, size = gap > 0, f"{abs(gap).normalize():f}"
    least = ("", "") if known else ("至少", "at least ")
    zh, en = f"{least[0]}{'多' if many else '少'}{size}", f"{least[1]}{size} too {'many' if many else 'few'}"
    told = {"gap": pick((zh, en), case.lang)}
    return {**told, "difference": f"{(left_lo - right_lo).normalize():f}"} if known else told


def _ends(node: Node, case: Case) -> tuple[Decimal, Decimal] | None:
    """The unknown part of a number at the case, in whole units; None for dates and quotients."""
    column = evaluate(node, case.frame, case.evaluation.trace)
    if not isinstance(column, Numbers) or column.over is not None:
        return None
    at = index_of(node, column.lo.shape[-1], case)
    lo, hi = (Decimal(float(end[at])).scaleb(-node.shape.places) for end in (column.lo, column.hi))
    return lo, hi


def _terms(comparison: Call, case: Case) -> list[Term]:
    sides = [(side, part, linear_terms(part)) for side, part in _both(comparison)]
    if any(linear is not None and not linear[0] for _, _, linear in sides):
        return []  # compared with a constant: there is no equation to lay out
    return [term for side, part, linear in sides for term in _terms_of(side, part, linear[0] if linear else [], case)]


def _terms_of(side: Literal["left", "right"], part: Node, linear: list[LinearTerm], case: Case) -> Iterator[Term]:
    for term in linear:
        scale = Decimal(10) ** (part.shape.places - term.cells.shape.places)
        for row, column in cells_of(term.cells, case.position):
            value = _figure(term.cells, row, column, case)
            address = address_of(term.cells, row, column, case.form)
            yield Term(side=side, coefficient=f"{(term.coefficient / scale).normalize():f}", address=address, value=value)


def _both(comparison: Call) -> tuple[tuple[Literal["left"], Node], tuple[Literal["right"], Node]]:
    return ("left", comparison.parts[0]), ("right", comparison.parts[1])


def _figure(cells: Cells, row: int, column: int, case: Case) -> str | None:
    table = case.frame.table(cells.world, cells.table)
    if table.lo[row, column, case.index] != table.hi[row, column, case.index]:
        return None
    return number_text(table, (row, column, case.index), cells.shape.places)


# --- words ---------------------------------------------------------------------------------------------------------------------


def _bindings(case: Case) -> dict[str, str]:
    bindings = {}
    for variable in case.evaluation.bound.variables:
        if variable.kind == "flat":
            bindings[variable.name] = case.item.address if case.item else ""
        else:
            bindings[variable.name] = variable.ids[case.position[variable.name]]
    return bindings


def _entity(case: Case) -> str | None:
    """The member that the case is about, of what the report lists itself."""
    for variable in case.evaluation.bound.dense:
        table = case.form.tables.get(variable.table or "")
        if variable.kind == "row" and table is not None and table.row_entity is not None:
            return variable.ids[case.position[variable.name]]
    return None


def _message(case: Case, sides: Mapping[str, str], cells: list[CellRecord]) -> str:
    pieces = case.evaluation.bound.messages[case.lang]
    return "".join(piece if isinstance(piece, str) else _filled(piece, case, sides, cells) for piece in pieces)


def _undecided_message(case: Case, reason: str | None, number: int = 1) -> str:
    """A requirement that could not be decided is not told in the words of one that is broken."""
    title = getattr(case.rule.file.title, case.lang)
    named = [_variable_text(variable.name, case) for variable in case.evaluation.bound.variables] if number == 1 else []
    if case.lang == "en":
        where = f" ({', '.join(named)})" if named else f" ({number} places)" if number > 1 else ""
        return f"“{title}”{where} was not decided: {reason or 'a fact that it needs is not known'}. This is not a pass."
    where = f"（{'、'.join(named)}）" if named else ""
    return f"“{title}”{where}{'一' if number == 1 else number}项未作判断：{reason or '所需内容不明'}，不等于通过。"


def _filled(piece: Placeholder, case: Case, sides: Mapping[str, str], cells: list[CellRecord]) -> str:
    if piece.kind == "variable":
        return _variable_text(piece.text, case)
    if piece.kind == "value" and piece.node is not None:
        return _as_printed(piece.node, case) or value_text(piece.node, case)
    first = cells[0] if cells else None
    match piece.text:
        case "difference":
            return sides.get("difference", "?").removeprefix("-")
        case "spot":
            return first.spot if first else ""
        case "printed":
            return (first.raw or "") if first else ""
        case "at":
            return first.address if first else ""
        case "reason":
            return reason_of(cells, case.lang) or ""
        case "number":
            return str(len(cells))
        case "reading":
            return ""
    return sides.get(piece.text, "?")


def _as_printed(node: Node, case: Case) -> str | None:
    """What the page says in a cell whose figure is not plainly known: 97.5, not the bounds that are known of it."""
    if not isinstance(node, Cells) or node.world != "here":
        return None
    record = next(records_of(node, case))
    return record.raw if State[record.state.upper()] not in (State.VALUE, State.ZERO, State.EMPTY) else None


def _variable_text(name: str, case: Case) -> str:
    variable = next(v for v in case.evaluation.bound.variables if v.name == name)
    if variable.kind == "flat":
        return str((case.item.values.get("text") or case.item.values.get("printed") or "") if case.item else "")
    member = variable.ids[case.position[name]]
    if variable.kind == "section":
        return section_name(case.form, member, case.lang)
    table = case.form.tables[variable.table or ""]
    labels = table.row_labels if variable.kind == "row" else table.column_labels
    ids = table.rows if variable.kind == "row" else table.columns
    return label_text(labels[ids.index(member)], case.lang)


def _readings(case: Case) -> list[Reading]:
    bound = case.evaluation.bound
    of = next((node for name, node in bound.readings if name == "of"), None)
    if of is None:
        return []
    stated = value_text(of, case)
    return [_reading(name, stated, value_text(node, case)) for name, node in bound.readings if name != "of"]


def _reading(label: str, stated: str, value: str) -> Reading:
    try:
        difference = f"{(Decimal(stated) - Decimal(value)).normalize():f}"
    except ArithmeticError:
        return Reading(label=label, value=None, difference=None)
    return Reading(label=label, value=value, difference=difference)
