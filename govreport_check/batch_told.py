"""What a batch tells: the outcomes of many reports as numbers, and each failed or undecided instance without words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from govreport_check.built_in import TELLING
from govreport_check.evaluation import FAIL, UNDECIDED, Evaluation, evaluate_rules
from govreport_check.expr.columns import TRUE, Array, Column, Dates, Numbers, Truth
from govreport_check.expr.evaluate import evaluate, fit
from govreport_check.expr.nodes import COMPARISONS, Call, Node, Shape
from govreport_check.findings import LOUDNESS, Finding, Outcome, ReportResult, Verdict, is_loud
from govreport_check.frame import Frame
from govreport_check.rule import Rule
from govreport_check.selection import Options

VERDICTS = tuple(Verdict)
"""What the numbers in a batch's verdicts mean."""

Where: TypeAlias = "tuple[Array, ...]"
"""Instances: their positions on the rule's dense axes and in the last axis."""


@dataclass(frozen=True, slots=True)
class Told:
    """One failed or undecided instance, without words.

    ``at``: what the rule's variables stand for; ``left`` and ``right``: the two sides of its comparison, or the figure that it is about,
    nan where not known.
    """

    report: int
    rule: str
    outcome: Outcome
    at: tuple[str, ...]
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Work:
    """A batch in the making: ``rules`` to evaluate, ``gate`` as of a profile; ``counts`` and ``verdicts`` are (reports,)."""

    rules: Sequence[Rule]
    options: Options
    gate: frozenset[str]
    counts: Mapping[Outcome, Array]
    verdicts: Array
    told: list[Told]

    def add(self, frame: Frame, at: Array) -> None:
        """Reports side by side of which everything was read; ``at`` are their numbers."""
        evaluations = evaluate_rules(frame, self.rules)
        numbers = [evaluation.counted(frame.size) for evaluation in evaluations]
        for outcome, counts in self.counts.items():
            counts[at] = sum(number[outcome] for number in numbers)
        for evaluation in evaluations:
            self._tell(evaluation, frame, at, FAIL, Outcome.FAIL)
            self._tell(evaluation, frame, at, UNDECIDED, Outcome.UNDECIDED)

    def _tell(self, evaluation: Evaluation, frame: Frame, at: Array, code: int, outcome: Outcome) -> None:
        flags = evaluation.codes == code
        if not flags.any():
            return
        found = np.flatnonzero(flags)
        where = np.unravel_index(found, evaluation.codes.shape)
        owners = at[where[-1] if evaluation.owner is None else evaluation.owner[where[-1]]]
        if code == FAIL or self.options.strict:
            loud = _loudness(evaluation, where, frame) >= LOUDNESS[self.options.fail_on]
            self.verdicts[owners[loud | (evaluation.rule.id in self.gate)]] = VERDICTS.index(Verdict.FINDINGS)
        left, right = _sides(evaluation, where, frame)
        rows = zip(owners.tolist(), _names(evaluation, where, frame), left, right, strict=True)
        self.told.extend(Told(owner, evaluation.rule.id, outcome, names, a, b) for owner, names, a, b in rows)

    def add_result(self, result: ReportResult, at: int) -> None:
        """A report that was checked by itself."""
        numbers = result.counts
        for outcome, number in zip(Outcome, (numbers.passed, numbers.fail, numbers.undecided, numbers.not_applicable), strict=True):
            self.counts[outcome][at] = number
        self.add_findings(result.findings, at)
        self.verdicts[at] = VERDICTS.index(result.verdict)

    def add_findings(self, findings: Sequence[Finding], at: int) -> None:
        """Findings that were made one by one."""
        for one in findings:
            names = tuple(one.bindings.values())
            self.told.append(Told(at, one.rule, Outcome(one.outcome), names, _number(one.left), _number(one.right)))
        if any(is_loud(one, self.options.fail_on, strict=self.options.strict, gate=self.gate) for one in findings):
            self.verdicts[at] = VERDICTS.index(Verdict.FINDINGS)


def _number(text: str | None) -> float:
    try:
        return float(text or "nan")
    except ValueError:
        return float("nan")


def not_plainly_read(frame: Frame) -> Array:
    """Which reports have a figure that is a finding by itself, (reports,)."""
    told = np.zeros(frame.size, bool)
    for name in frame.form.tables:
        figures = frame.table("here", name)
        if figures.state is not None:
            open_ended = np.isin(figures.state, list(TELLING)) & ~np.isfinite(figures.hi - figures.lo)  # a fraction is read
            told |= open_ended.any(axis=(0, 1))
    return told


def _loudness(evaluation: Evaluation, where: Where, frame: Frame) -> Array:
    loudness = np.full(len(where[-1]), LOUDNESS[evaluation.rule.severity])
    for lowered, condition in evaluation.bound.lowered:
        truth = _along(condition, evaluation, frame)
        if isinstance(truth, Truth):
            loudness[np.broadcast_to(truth.value, evaluation.codes.shape)[where] == TRUE] = LOUDNESS[lowered.to]
    return loudness


def _along(node: Node, evaluation: Evaluation, frame: Frame) -> Column:
    """A node's column along the axes of the rule's instances, from the trace."""
    shape = Shape("bool", tuple(variable.name for variable in evaluation.bound.dense), evaluation.bound.flat)
    return fit(evaluate(node, frame, evaluation.trace), node.shape, shape, frame)


def _sides(evaluation: Evaluation, where: Where, frame: Frame) -> tuple[list[float], list[float]]:
    """The two sides of the rule's comparison at ``where``; of any other rule the first thing that it is about, and nan."""
    node = evaluation.bound.assertion
    nothing = [float("nan")] * len(where[-1])
    if not isinstance(node, Call) or node.parts[0].shape.kind not in ("number", "date"):
        return nothing, nothing
    left = _values(node.parts[0], evaluation, where, frame)
    return left, _values(node.parts[1], evaluation, where, frame) if node.operator in COMPARISONS else nothing


def _values(node: Node, evaluation: Evaluation, where: Where, frame: Frame) -> list[float]:
    column = _along(node, evaluation, frame)
    numbers = column.days if isinstance(column, Dates) else column
    if not isinstance(numbers, Numbers) or numbers.over is not None:
        return [float("nan")] * len(where[-1])
    lo, hi = (np.broadcast_to(ends, evaluation.codes.shape)[where] for ends in (numbers.lo, numbers.hi))
    known: list[float] = np.where(lo == hi, lo / 10**node.shape.places, np.nan).tolist()
    return known


def _names(evaluation: Evaluation, where: Where, frame: Frame) -> list[tuple[str, ...]]:
    """What the rule's variables stand for at ``where``, in the order in which the rule names them."""
    dense = {variable.name: where[i].tolist() for i, variable in enumerate(evaluation.bound.dense)}
    columns: list[list[str]] = []
    for variable in evaluation.bound.variables:
        if variable.kind == "flat":
            items = frame.flats[variable.flat or ""].items
            columns.append([items[i].address for i in where[-1]])
        else:
            columns.append([variable.ids[i] for i in dense[variable.name]])
    return list(zip(*columns, strict=True)) if columns else [()] * len(where[-1])
