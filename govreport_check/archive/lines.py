"""Findings as lines of a table: what is told of every failed instance, worked out for all reports of a batch side by side.

The words come from where every finding has them: values from the trace that evaluation left, numbers and dates from ``expr/say.py``, the
sentence from the rule's template. What needs more than that is explained by ``explain.py``, one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite
from operator import add
from typing import NamedTuple, TypeAlias

import numpy as np

from govreport_check.archive.layout import Layout
from govreport_check.archive.statics import Instance, Stated, instance_of, is_plainly_told, raw_name
from govreport_check.case import Case
from govreport_check.evaluation import FAIL, UNDECIDED, Evaluation
from govreport_check.explain import finding_of, undecided_of
from govreport_check.expr.columns import TRUE, Array, Dates, Numbers, Texts, Truth
from govreport_check.expr.evaluate import evaluate
from govreport_check.expr.nodes import COMPARISONS, Call, Cells, Node
from govreport_check.expr.say import date_text, number_text
from govreport_check.findings import Finding
from govreport_check.frame import Frame
from govreport_check.model import Report, State
from govreport_check.records import sealed
from govreport_check.rule import Placeholder
from govreport_check.wording import pick

Where: TypeAlias = "tuple[Array, ...]"
"""Instances: their positions on the rule's dense axes, and the report of the frame."""


class Line(NamedTuple):
    """One finding. ``report``: its row in the batch; ``at``: what the rule's variables stand for; ``cells``: the addresses it rests on."""

    report: int
    rule: str
    severity: str
    outcome: str
    at: str
    cells: tuple[str, ...]
    left: str | None
    operator: str | None
    right: str | None
    difference: str | None
    message: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Told:
    """Where lines come from: a frame of some ``rows`` of a batch. ``printed`` gives what a fact of a report reads, ``stated`` what those
    read that places of a rule rest on, ``named`` the lines of fingerprints that name reports, ``report`` a report itself, for what is
    explained one by one; ``instances`` keeps what is the same in every report; ``skip``: rows of which nothing is to be told."""

    frame: Frame
    layout: Layout
    rows: Array
    lang: str
    printed: Callable[[Stated, int], str]
    stated: Callable[[Sequence[Instance], Sequence[int]], list[list[str]]]
    named: Callable[[Sequence[int]], list[tuple[str, ...]]]
    report: Callable[[int], Report]
    instances: dict[tuple[str, tuple[int, ...]], Instance]
    skip: Array | None = None


def lines_of(told: Told, evaluations: Sequence[Evaluation]) -> Iterator[Line]:
    """A line for every failed instance, and one for every rule that left some of a report undecided."""
    found = [(one, _instances(told, one, FAIL), _instances(told, one, UNDECIDED)) for one in evaluations]
    told.named(np.unique(np.concatenate([told.rows[failed[-1]] for _, failed, _ in found])).tolist() if found else [])  # all at once
    for evaluation, failed, undecided in found:
        if len(failed[-1]):
            yield from _plainly(told, evaluation, failed) if is_plainly_told(evaluation.bound) else _explained(told, evaluation, failed)
        if len(undecided[-1]):
            yield from _undecided(told, evaluation, undecided)


def _instances(told: Told, evaluation: Evaluation, code: int) -> Where:
    flags = evaluation.codes == code
    if told.skip is not None and flags.any():
        flags = flags & ~told.skip
    return np.unravel_index(np.flatnonzero(flags), flags.shape)


def line_of(finding: Finding, row: int) -> Line:
    """A finding that was explained, as a line."""
    at = ", ".join(f"{name}={value}" for name, value in finding.bindings.items())
    cells = tuple(cell.address for cell in finding.cells)
    sides = (finding.left, finding.operator, finding.right, finding.difference)
    return Line(row, finding.rule, finding.severity.value, finding.outcome, at, cells, *sides, finding.message, finding.fingerprint)


# --- one by one ----------------------------------------------------------------------------------------------------------------


def _case(told: Told, evaluation: Evaluation, instance: tuple[int, ...]) -> Case:
    report = told.report(int(told.rows[instance[-1]]))
    return Case(evaluation, told.frame, report, instance[-1], instance, told.lang)


def _explained(told: Told, evaluation: Evaluation, where: Where) -> Iterator[Line]:
    for instance in zip(*(part.tolist() for part in where), strict=True):
        yield line_of(finding_of(_case(told, evaluation, instance)), int(told.rows[instance[-1]]))


def _undecided(told: Told, evaluation: Evaluation, where: Where) -> Iterator[Line]:
    cases: dict[int, list[Case]] = {}
    for instance in zip(*(part.tolist() for part in where), strict=True):
        cases.setdefault(instance[-1], []).append(_case(told, evaluation, instance))
    for index, own in sorted(cases.items()):
        yield line_of(undecided_of(own), int(told.rows[index]))


# --- side by side --------------------------------------------------------------------------------------------------------------


def _plainly(told: Told, evaluation: Evaluation, where: Where) -> Iterator[Line]:
    rule, bound = evaluation.rule, evaluation.bound
    size = len(where[-1])
    sides = _sides(told, evaluation, where)
    severities = _severities(told, evaluation, where)
    places = [_instance(told, evaluation, position) for position in zip(*(part.tolist() for part in where[:-1]), strict=True)]
    places = places or [_instance(told, evaluation, ())] * size
    rows = told.rows[where[-1]].tolist()
    stated = told.stated(places, rows)
    pieces = [_piece(told, evaluation, where, piece, sides, places, stated) for piece in bound.messages[told.lang]]
    nothing = [None] * size
    columns = zip(
        *(sides.get(name, nothing) for name in ("left", "operator", "right", "difference")),
        map("".join, zip(*pieces, strict=True)),
        strict=True,
    )
    for row, name, severity, place, told_of, (left, operator, right, difference, message) in zip(
        rows, told.named(rows), severities, places, stated, columns, strict=True
    ):
        print_ = _fingerprint(name, rule.id, place, told_of)
        yield Line(row, rule.id, severity, "fail", place.at, place.cells, left, operator, right, difference, str(message), print_)


def _instance(told: Told, evaluation: Evaluation, position: tuple[int, ...]) -> Instance:
    key = (evaluation.rule.id, position)
    known = told.instances.get(key)
    if known is None:
        known = told.instances[key] = instance_of(evaluation.bound, position, told.layout, told.lang)
    return known


def _fingerprint(named: tuple[str, ...], rule: str, place: Instance, stated: Sequence[str]) -> str:
    """What ``records.seal`` makes of the same facts."""
    return sealed((*named, rule, *place.sealed, *map(add, place.labels, map(stated.__getitem__, place.order))))


def _severities(told: Told, evaluation: Evaluation, where: Where) -> list[str]:
    severities = [evaluation.rule.severity.value] * len(where[-1])
    for lowered, condition in evaluation.bound.lowered:
        truth = evaluate(condition, told.frame, evaluation.trace)
        if isinstance(truth, Truth):
            flags = truth.value[_at(condition, evaluation, where, truth.value)] == TRUE
            severities = [lowered.to if low else one for low, one in zip(flags.tolist(), severities, strict=True)]
    return severities


def _at(node: Node, evaluation: Evaluation, where: Where, column: Array) -> Where:
    """Where the values of a node at the instances stand in its column."""
    axes = {variable.name: part for variable, part in zip(evaluation.bound.dense, where, strict=False)}
    last = np.zeros_like(where[-1]) if column.shape[-1] == 1 else where[-1]
    return (*(axes[axis] for axis in node.shape.axes), last)


def _sides(told: Told, evaluation: Evaluation, where: Where) -> Mapping[str, Sequence[str]]:
    """Both sides of the comparison that decides, in words, as far as it has them for each instance."""
    node = evaluation.bound.assertion
    known = {variable.name for variable in evaluation.bound.dense}
    if not isinstance(node, Call) or node.operator not in COMPARISONS or not set(node.shape.axes) <= known:
        return {}
    if any(part.shape.kind not in ("number", "date") for part in node.parts):
        return {}
    left, right = (_texts(told, evaluation, where, part) for part in node.parts[:2])
    return {"left": left, "right": right, "operator": [node.operator] * len(left), **_gaps(told, evaluation, where, node)}


def _gaps(told: Told, evaluation: Evaluation, where: Where, node: Call) -> Mapping[str, Sequence[str]]:
    ends = [_ends(told, evaluation, where, part) for part in node.parts[:2]]
    if any(end is None for end in ends):
        return {}
    (left_lo, left_hi), (right_lo, right_hi) = (end for end in ends if end is not None)
    scale = node.parts[0].shape.places
    exactly = (left_lo == left_hi) & (right_lo == right_hi)
    gap = np.where(right_lo > left_hi, right_lo - left_hi, right_hi - left_lo)
    words = [_gap(value, known, scale, told.lang) for value, known in zip(gap.tolist(), exactly.tolist(), strict=True)]
    differences = [
        _text(value, scale) if known else None for value, known in zip((left_lo - right_lo).tolist(), exactly.tolist(), strict=True)
    ]
    return {"gap": words, "difference": differences}  # type: ignore[dict-item]


def _gap(value: float, known: bool, places: int, lang: str) -> str:
    """right - left in words: 多3, at least 2 too few."""
    size = _text(abs(value), places)
    least = ("", "") if known else ("至少", "at least ")
    return pick((f"{least[0]}{'多' if value > 0 else '少'}{size}", f"{least[1]}{size} too {'many' if value > 0 else 'few'}"), lang)


def _text(value: float, places: int) -> str:
    if not places and value.is_integer():
        return str(int(value))
    return f"{Decimal(value).scaleb(-places).normalize():f}"


def _ends(told: Told, evaluation: Evaluation, where: Where, node: Node) -> tuple[Array, Array] | None:
    column = evaluate(node, told.frame, evaluation.trace)
    if not isinstance(column, Numbers) or column.over is not None:
        return None
    at = _at(node, evaluation, where, column.lo)
    return column.lo[at], column.hi[at]


def _texts(told: Told, evaluation: Evaluation, where: Where, node: Node) -> list[str]:
    """The value of a node at every instance, as it is told."""
    column = evaluate(node, told.frame, evaluation.trace)
    match column:
        case Numbers():
            return _number_texts(column, _at(node, evaluation, where, column.lo), node.shape.places)
        case Truth():
            flags = column.value[_at(node, evaluation, where, column.value)].tolist()
            return [{1: "true", -1: "false"}.get(flag, "?") for flag in flags]
        case Dates():
            at = _at(node, evaluation, where, column.year)
            return [date_text(column, one, told.lang) for one in zip(*(part.tolist() for part in at), strict=True)]
        case Texts():
            values = column.values
            found = [None] * len(where[-1]) if values is None else values[_at(node, evaluation, where, values)].tolist()
            return ["" if value is None else " ".join(str(value).split()) for value in found]


def _number_texts(column: Numbers, at: Where, places: int) -> list[str]:
    if places or column.over is not None:
        return [number_text(column, one, places) for one in zip(*(part.tolist() for part in at), strict=True)]
    ends = zip(column.lo[at].tolist(), column.hi[at].tolist(), strict=True)
    return [
        str(int(lo)) if lo == hi and isfinite(lo) else number_text(column, tuple(int(part[i]) for part in at), 0)
        for i, (lo, hi) in enumerate(ends)
    ]


def _piece(
    told: Told,
    evaluation: Evaluation,
    where: Where,
    piece: str | Placeholder,
    sides: Mapping[str, Sequence[str]],
    places: Sequence[Instance],
    stated: Sequence[Sequence[str]],
) -> Sequence[str]:
    """One piece of the sentence, for every instance."""
    if isinstance(piece, str):
        return [piece] * len(places)
    if piece.kind == "variable":
        return [place.variables[piece.text] for place in places]
    if piece.kind == "value" and piece.node is not None:
        return _as_printed(told, evaluation, where, piece.node)
    if piece.text == "difference":
        return [(one or "?").removeprefix("-") for one in sides.get("difference", ["?"] * len(places))]
    first = {"spot": [place.spot for place in places], "at": [place.cells[0] if place.cells else "" for place in places]}
    first |= {"printed": [own[0] if own else "" for own in stated], "number": [str(len(place.cells)) for place in places]}
    return first.get(piece.text) or sides.get(piece.text) or ["?"] * len(places)


def _as_printed(told: Told, evaluation: Evaluation, where: Where, node: Node) -> list[str]:
    """The value of a node; of a figure that is not plainly known what the page says, not the bounds that are known of it."""
    texts = _texts(told, evaluation, where, node)
    state = told.frame.table("here", node.table).state if isinstance(node, Cells) and node.world == "here" else None
    if state is None or not isinstance(node, Cells):
        return texts
    for i, position in enumerate(zip(*(part.tolist() for part in where), strict=True)):
        name = raw_name(node, dict(zip((v.name for v in evaluation.bound.dense), position, strict=False)), told.layout)
        if name.cell is not None and State(int(state[(*name.where, position[-1])])) not in (State.VALUE, State.ZERO, State.EMPTY):
            texts[i] = told.printed(name, int(told.rows[position[-1]])) or texts[i]
    return texts
