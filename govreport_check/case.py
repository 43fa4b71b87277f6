"""One rule at one place of one report: the values that evaluation left there, and the facts that they rest on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from govreport_check.evaluation import FAIL, Evaluation
from govreport_check.expr.columns import Column, Dates, Numbers, Texts, Truth
from govreport_check.expr.evaluate import evaluate
from govreport_check.expr.linear import cells_of
from govreport_check.expr.names import RESERVED
from govreport_check.expr.nodes import Cells, Fact, Member, Node, SectionFact, references
from govreport_check.expr.say import date_text, number_text
from govreport_check.findings import CellRecord
from govreport_check.form import Form
from govreport_check.frame import Frame, Item
from govreport_check.model import Place, Report, State
from govreport_check.records import cell_record, label_spot, place_record
from govreport_check.rule import Rule
from govreport_check.wording import FACTS, VALUES, pick, section_label


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
    def cells(self) -> dict[tuple[str, str, int, int], CellRecord]:
        """The cells that were told, by world, table, row and column: one stands in the rule, in its message and in its condition."""
        return {}

    @cached_property
    def failed(self) -> bool:
        return bool(self.evaluation.codes[self.instance] == FAIL)


def index_of(node: Node, column_size: int, case: Case) -> tuple[int, ...]:
    """Where in its column the value of a node at the case stands."""
    last = case.instance[-1] if node.shape.flat else case.index
    return (*(case.position[axis] for axis in node.shape.axes), 0 if column_size == 1 else last)


def value_text(node: Node, case: Case) -> str:
    """The value of a node at the case, as it is told."""
    column: Column = evaluate(node, case.frame, case.evaluation.trace)
    match column:
        case Numbers():
            return number_text(column, index_of(node, column.lo.shape[-1], case), node.shape.places)
        case Truth():
            flag = int(column.value[index_of(node, column.value.shape[-1], case)])
            return {1: "true", -1: "false"}.get(flag, "?")
        case Dates():
            return date_text(column, index_of(node, column.year.shape[-1], case), case.lang)
        case Texts():
            value = None if column.values is None else column.values[index_of(node, column.state.shape[-1], case)]
            return "" if value is None else " ".join(str(value).split())


def facts_of(case: Case) -> Iterator[CellRecord]:
    """The facts that the case rests on, in the order in which the rule names them, each once."""
    bound = case.evaluation.bound
    nodes = (bound.assertion, *((bound.when,) if bound.when is not None else ()))
    seen: set[str] = set()
    for node in nodes:
        for reference in references(node):
            for record in records_of(reference, case):
                if record.address not in seen:
                    seen.add(record.address)
                    yield record


def records_of(reference: Node, case: Case) -> Iterator[CellRecord]:
    """What one reference of the rule is to at the case, as a finding tells it."""
    match reference:
        case Cells() if reference.world != "parts":
            for row, column in cells_of(reference, case.position):
                yield _cell(reference, row, column, case)
        case Fact() if reference.world != "parts":
            yield _fact_record(reference, case)
        case SectionFact():
            yield from _section_records(reference, case)
        case Member() if case.item is not None and reference.shape.flat == case.evaluation.bound.flat:
            yield _item_record(case.item, case)


def _cell(cells: Cells, row: int, column: int, case: Case) -> CellRecord:
    key = (cells.world, cells.table, row, column)
    found = case.cells.get(key)
    if found is None:
        found = case.cells[key] = cell_record(case.frame, case.report, cells, (row, column, case.index), case.lang)
    return found


def _fact_record(fact: Fact, case: Case) -> CellRecord:
    if fact.world == "prior":
        return _prior_fact_record(fact, case)
    address = f"about.{fact.key}"
    value = case.report.about.get(fact.key)
    spec = case.form.about.get(fact.key)
    names = spec.name if spec and spec.name else FACTS.get(fact.key, (fact.key, fact.key))
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
    value = value_text(fact, case)
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
