"""An outcome and its columns → a finding: what is wrong, where, by how much, why and by which law.

Nothing is computed again: values are looked up in the trace that evaluation left.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Literal

from govreport_check.evaluation import FAIL, Evaluation
from govreport_check.excerpt import excerpt_of
from govreport_check.expr.columns import Column, Dates, Numbers, Texts, Truth
from govreport_check.expr.evaluate import evaluate
from govreport_check.expr.linear import LinearTerm, cells_of, linear_terms
from govreport_check.expr.names import RESERVED
from govreport_check.expr.nodes import COMPARISONS, Call, Cells, Fact, Member, Node, SectionFact, references
from govreport_check.expr.say import date_text, number_text
from govreport_check.findings import CellRecord, Cite, Finding, Reading, Severity, Term
from govreport_check.form import Form
from govreport_check.frame import Frame, Item
from govreport_check.model import Place, Report, State
from govreport_check.records import address_of, cell_record, fingerprint, is_unknown, label_spot, place_record, reason_of
from govreport_check.rule import Placeholder, Rule
from govreport_check.wording import FACTS, VALUES, label_text, pick, section_label, section_name


@dataclass(frozen=True)
class Case:
    """One rule at one place of one report: ``instance`` is the position on the rule's dense axes and then in the last axis."""

    evaluation: Evaluation
    frame: Frame
    report: Report
    index: int
    instance: tuple[int, ...]
    lang: str

    @property
    def rule(self) -> Rule:
        return self.evaluation.rule

    @property
    def form(self) -> Form:
        return self.frame.form

    @cached_property
    def position(self) -> dict[str, int]:
        """Position on each bound dense axis, by variable."""
        return {variable.name: at for variable, at in zip(self.evaluation.bound.dense, self.instance, strict=False)}

    @cached_property
    def item(self) -> Item | None:
        """The listed thing that this instance is about."""
        flat = self.evaluation.bound.flat
        return self.frame.flats[flat].items[self.instance[-1]] if flat else None

    @cached_property
    def failed(self) -> bool:
        return bool(self.evaluation.codes[self.instance] == FAIL)


def finding_of(case: Case) -> Finding:
    """The finding of a failed or undecided case."""
    rule, file = case.rule, case.rule.file
    comparison = _blamed(case.evaluation.bound.assertion, case)
    sides = _sides(comparison, case)
    cells = list(_cells(case))
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
    records = (record for case in cases for record in _cells(case) if is_unknown(record))
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
        if _scalar(condition, case) == "true":
            severity = Severity(lowered.to)
    return severity


# --- values --------------------------------------------------------------------------------------------------------------------


def _index(node: Node, column_size: int, case: Case) -> tuple[int, ...]:
    last = case.instance[-1] if node.shape.flat else case.index
    return (*(case.position[axis] for axis in node.shape.axes), 0 if column_size == 1 else last)


def _scalar(node: Node, case: Case) -> str:
    """The value of a node at the case, as it is told."""
    column: Column = evaluate(node, case.frame, case.evaluation.trace)
    match column:
        case Numbers():
            return number_text(column, _index(node, column.lo.shape[-1], case), node.shape.places)
        case Truth():
            flag = int(column.value[_index(node, column.value.shape[-1], case)])
            return {1: "true", -1: "false"}.get(flag, "?")
        case Dates():
            return date_text(column, _index(node, column.year.shape[-1], case), case.lang)
        case Texts():
            value = None if column.values is None else column.values[_index(node, column.state.shape[-1], case)]
            return "" if value is None else " ".join(str(value).split())


def _blamed(node: Node, case: Case) -> Call | None:
    """The comparison that decided the case: the first one of the failing branch."""
    if not isinstance(node, Call):
        return None
    if node.operator in COMPARISONS:
        return node if all(part.shape.kind in ("number", "date") for part in node.parts) else None
    if node.operator in ("and", "or", "implies"):
        parts = node.parts if node.operator != "implies" else node.parts[1:]
        guilty = [part for part in parts if _scalar(part, case) != "true"] or list(parts)
        return _blamed(guilty[0], case)
    return None


def _sides(comparison: Call | None, case: Case) -> dict[str, str]:
    if comparison is None or any(axis not in case.position for axis in comparison.shape.axes):
        return {}
    left, right = (_scalar(part, case) for part in comparison.parts[:2])
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
    at = _index(node, column.lo.shape[-1], case)
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


# --- facts ---------------------------------------------------------------------------------------------------------------------


def _cells(case: Case) -> Iterator[CellRecord]:
    """The facts that the case rests on, in the order in which the rule names them, each once."""
    bound = case.evaluation.bound
    nodes = (bound.assertion, *((bound.when,) if bound.when is not None else ()))
    seen: set[str] = set()
    for node in nodes:
        for reference in references(node):
            for record in _records(reference, case):
                if record.address not in seen:
                    seen.add(record.address)
                    yield record


def _records(reference: Node, case: Case) -> Iterator[CellRecord]:
    match reference:
        case Cells() if reference.world != "parts":
            for row, column in cells_of(reference, case.position):
                yield cell_record(case.frame, case.report, reference, (row, column, case.index), case.lang)
        case Fact() if reference.world != "parts":
            yield _fact_record(reference, case)
        case SectionFact():
            yield from _section_records(reference, case)
        case Member() if case.item is not None and reference.shape.flat == case.evaluation.bound.flat:
            yield _item_record(case.item, case)


def _fact_record(fact: Fact, case: Case) -> CellRecord:
    if fact.world == "prior":
        return _prior_fact_record(fact, case)
    address = f"about.{fact.key}"
    value = case.report.about.get(fact.key)
    spec = case.form.about.get(fact.key)
    names = (spec.name.zh, spec.name.en) if spec and spec.name else FACTS.get(fact.key, (fact.key, fact.key))
    name = pick(names, case.lang)
    state = State.ABSENT if value is None else State.VALUE
    raw = None if value is None else str(value)
    place = place_record(case.report.place_of(address))
    word = VALUES.get(fact.key, {}).get(raw or "")
    spot = name if word is None else f"{name}: {pick(word, case.lang)}" if case.lang == "en" else f"{name}：{pick(word, case.lang)}"
    shown = raw if word is None else None  # an id of ours is told in words
    return CellRecord(address=address, label=name, spot=spot, raw=shown, value=raw, state=state.name.lower(), place=place)


def _prior_fact_record(fact: Fact, case: Case) -> CellRecord:
    """A fact of the year before, as it was read; its report is not at hand for what it printed."""
    value = _scalar(fact, case)
    name = pick(("上年", "last year's "), case.lang) + pick(FACTS.get(fact.key, (fact.key, fact.key)), case.lang)
    return CellRecord(address=f"prior.about.{fact.key}", label=name, spot=name, value=value or None)


def _section_records(fact: SectionFact, case: Case) -> Iterator[CellRecord]:
    order = (*RESERVED, *case.form.sections)
    pick_ = fact.sections
    indices = pick_.indices if pick_.axis not in case.position else (pick_.indices[case.position[pick_.axis or ""]],)
    for i in indices if pick_.axis is not None else pick_.indices:
        if i < 0:
            continue
        section = (case.report.sections or {}).get(order[i])
        label = section_label(case.form, order[i], case.lang)
        state = State.ABSENT if section is None else State.UNREADABLE if section.unread else State.VALUE
        heading = section.heading if section else None
        place = place_record(section.place if section else Place(source=case.report.source))
        yield CellRecord(address=f"sections.{order[i]}", label=label, spot=label, raw=heading, state=state.name.lower(), place=place)


def _item_record(item: Item, case: Case) -> CellRecord:
    section = item.values.get("section")
    text = str(item.values.get("text") or item.values.get("printed") or "")
    where = section_label(case.form, str(section), case.lang) if section else label_spot(case.form, item.address, case.lang)
    value = item.values.get("prescribed")
    place = place_record(item.place if item.place.source else Place(case.report.source, line=item.place.line))
    return CellRecord(address=item.address, label=where, spot=where, raw=text or None, value=value, place=place)


# --- words ---------------------------------------------------------------------------------------------------------------------


def _bindings(case: Case) -> dict[str, str]:
    bindings = {}
    for variable in case.evaluation.bound.variables:
        if variable.kind == "flat":
            bindings[variable.name] = case.item.address if case.item else ""
        else:
            bindings[variable.name] = variable.ids[case.position[variable.name]]
    return bindings


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
        return _as_printed(piece.node, case) or _scalar(piece.node, case)
    first = cells[0] if cells else None
    words = {
        "difference": sides.get("difference", "?").removeprefix("-"),
        "spot": first.spot if first else "",
        "printed": (first.raw or "") if first else "",
        "at": first.address if first else "",
        "reason": reason_of(cells, case.lang) or "",
        "number": str(len(cells)),
        "reading": "",
    }
    return words.get(piece.text, sides.get(piece.text, "?"))


def _as_printed(node: Node, case: Case) -> str | None:
    """What the page says in a cell whose figure is not plainly known: 97.5, not the bounds that are known of it."""
    if not isinstance(node, Cells) or node.world != "here":
        return None
    record = next(_records(node, case))
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
    stated = _scalar(of, case)
    return [_reading(name, stated, _scalar(node, case)) for name, node in bound.readings if name != "of"]


def _reading(label: str, stated: str, value: str) -> Reading:
    try:
        difference = f"{(Decimal(stated) - Decimal(value)).normalize():f}"
    except ArithmeticError:
        return Reading(label=label, value=None, difference=None)
    return Reading(label=label, value=value, difference=difference)
