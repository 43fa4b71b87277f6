"""Which figures of a report are likely the wrong ones: its broken sums through the localiser, told on the findings.

An inference by arithmetic: it changes no verdict and no figure. A report without broken sums and without unreadable figures costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from decimal import Decimal
from fractions import Fraction

import numpy as np

from govreport_check.constraints import CellKey, domain_of, instances, is_evidence
from govreport_check.evaluation import FAIL, PASS, UNDECIDED, Evaluation, evaluate_rule, held_everywhere
from govreport_check.expr.columns import TRUE, Array, Numbers, Truth
from govreport_check.expr.evaluate import evaluate, fit
from govreport_check.expr.nodes import Shape, World
from govreport_check.findings import Finding, Outcome, Suspect
from govreport_check.form import Table
from govreport_check.frame import Frame
from govreport_check.frozen import dataclass
from govreport_check.locate.implied import implied_values
from govreport_check.locate.search import Cause, Change, Explanation, locate
from govreport_check.locate.system import Constraint, Number, Variable, exact
from govreport_check.model import State, cell_address
from govreport_check.rule import Rule
from govreport_check.wording import cell_words, pick

UNKNOWN = (State.BLANK, State.OUT_OF_RANGE, State.ABSENT, State.AMBIGUOUS, State.UNREADABLE)
"""States of cells of which it is told where they can have one value only."""

IMPLIED = "implied"
"""The ``slip`` of a suspect that says what a figure that could not be read must be."""


NONE, GIVEN_UP = "none", "given-up"
"""The ``slip`` of a suspect without cells: no few cells explain; not every explanation was looked for."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The linear constraints of one report that are decided or need an unknown figure, and the figures in them.

    ``places`` by name of a constraint (a number): the rule and the position of its instance, and its outcome.
    """

    frame: Frame
    index: int
    variables: Mapping[CellKey, Variable]
    constraints: tuple[Constraint, ...]
    places: Mapping[int, tuple[Evaluation, tuple[int, ...], int]]


def with_unselected(frame: Frame, evaluations: Sequence[Evaluation], rules: Iterable[Rule]) -> list[Evaluation]:
    """``evaluations`` and, of the other ``rules``, those that are evidence: a figure is not right because nobody asked for its rule."""
    known = {one.rule.id for one in evaluations}
    bound = ((rule, rule.bound.get(frame.form.id)) for rule in rules if rule.id not in known and rule.default and is_evidence(rule))
    return [*evaluations, *(evaluate_rule(frame, rule, mine) for rule, mine in bound if mine is not None and instances(mine))]


def in_order(frame: Frame, evaluations: Sequence[Evaluation], rules: Iterable[Rule], everywhere: Mapping[str, Outcome]) -> list[Evaluation]:
    """What is evidence among ``rules``, in their order: from ``evaluations``, or evaluated now unless it has one outcome ``everywhere``."""
    known = {one.rule.id: one for one in evaluations}
    asked = (rule for rule in rules if everywhere.get(rule.id) is not Outcome.NOT_APPLICABLE and is_evidence(rule))
    bound = ((rule, rule.bound.get(frame.form.id)) for rule in asked)
    mine = [(rule, one, held_everywhere if rule.id in everywhere else evaluate_rule) for rule, one in bound if one and instances(one)]
    return [known.get(rule.id) or made(frame, rule, one) for rule, one, made in mine]


def with_suspects(
    frame: Frame,
    index: int,
    evaluations: Sequence[Evaluation],
    findings: Sequence[Finding],
    lang: str,
    evidence: Callable[[], Iterable[Evaluation]] | None = None,
) -> list[Finding]:
    """``findings`` of the report at ``index``, with the suspects of those that broken sums or unknown figures brought about.

    ``evidence`` makes the evaluations to reason from, where they are not the ``evaluations`` that the findings come from.
    """
    failed = {finding.rule for finding in findings if finding.outcome == "fail"}
    broken = bool(_linear(one for one in evaluations if one.rule.id in failed))
    unread = {cell.address for finding in findings for cell in finding.cells if _is_about(finding) and _is_unknown(cell.state)}
    if not broken and not unread:
        return list(findings)
    known = evidence_of(frame, index, evaluations if evidence is None else evidence())
    suspects: dict[str, list[Suspect]] = {}
    if broken:
        for cause in locate(known.variables, known.constraints).causes:
            _tell_cause(cause, known, findings, suspects, lang)
    if unread:
        _tell_implied(known, findings, suspects, lang)
    return [one.model_copy(update={"suspects": suspects[one.fingerprint]}) if one.fingerprint in suspects else one for one in findings]


def _is_about(finding: Finding) -> bool:
    return finding.outcome == "fail" or finding.reason in (None, finding.message)


def _is_unknown(state: str) -> bool:
    return State[state.upper()] in UNKNOWN


# --- evidence ------------------------------------------------------------------------------------------------------------------


def _linear(evaluations: Iterable[Evaluation]) -> list[Evaluation]:
    return [one for one in evaluations if one.bound.flat is None and is_evidence(one.rule) and instances(one.bound)]


def evidence_of(frame: Frame, index: int, evaluations: Iterable[Evaluation]) -> Evidence:
    """What the certain linear rules say of the report at ``index``."""
    constraints: list[Constraint] = []
    places: dict[int, tuple[Evaluation, tuple[int, ...], int]] = {}
    figures = _Figures(frame, index)
    for one in _linear(evaluations):
        codes, asked = one.codes[..., index], _asked(one, frame, index)
        for instance in instances(one.bound):
            code = int(codes[instance.position])
            if code in (PASS, FAIL) or (code == UNDECIDED and asked[instance.position]):
                name = len(places)
                places[name] = (one, instance.position, code)
                constraints.extend(figures.stated(row, name) for row in instance.constraints)
    used = dict.fromkeys(key for one in constraints for _, key in one.terms)
    order = sorted(used, key=lambda key: (key[0] != "here", list(frame.form.tables).index(key[1]), key[2:]))
    return Evidence(frame, index, {key: figures.variable(key) for key in order}, tuple(constraints), places)


def _asked(one: Evaluation, frame: Frame, index: int) -> Array:
    """Where the rule's condition is certainly met, along its dense axes."""
    size = tuple(len(variable.ids) for variable in one.bound.dense)
    if one.bound.when is None:
        return np.ones(size, bool)
    shape = Shape("bool", tuple(variable.name for variable in one.bound.dense))
    column = fit(evaluate(one.bound.when, frame, one.trace), one.bound.when.shape, shape, frame)
    if not isinstance(column, Truth):
        return np.zeros(size, bool)
    met = (column.value == TRUE) if column.na is None else (column.value == TRUE) & ~column.na
    return np.broadcast_to(met, (*size, met.shape[-1]))[..., index if met.shape[-1] > 1 else 0]


@dataclass(frozen=True, slots=True)
class _Figures:
    """The figures of one report, in whole units of their tables; ``known`` are those of the tables that were asked for."""

    frame: Frame
    index: int
    known: dict[tuple[World, str], list[list[int | None]]] = field(default_factory=dict)

    def table(self, key: CellKey) -> Numbers:
        return self.frame.table(key[0], key[1])

    def at(self, key: CellKey, values: Array | None) -> float:
        return 0.0 if values is None else float(values[key[2], key[3], self.index])

    def applies(self, key: CellKey) -> bool:
        na = self.table(key).na
        return na is None or not na[key[2], key[3], self.index]

    def values(self, world: World, name: str) -> list[list[int | None]]:
        """The figures of a table, by row and column; None where one is not known."""
        found = self.known.get((world, name))
        if found is None:
            numbers = self.frame.table(world, name)
            ends = (end[..., self.index].tolist() for end in (numbers.lo, numbers.hi))
            found = [[int(lo) if lo == hi else None for lo, hi in zip(*row, strict=True)] for row in zip(*ends, strict=True)]
            self.known[world, name] = found
        return found

    def stated(self, row: Constraint, name: int) -> Constraint:
        """``row`` with the slack of rounded figures, without figures that do not apply."""
        if not any(self._is_special(world, table) for world, table in {key[:2] for _, key in row.terms}):
            return Constraint(name, row.terms, row.low, row.high, row.strict)
        terms = tuple((coefficient, key) for coefficient, key in row.terms if self.applies(key))
        less = more = Fraction(0)
        for coefficient, key in terms:
            numbers, factor = self.table(key), Fraction(coefficient)
            minus, plus = (Fraction(self.at(key, slack)) for slack in (numbers.minus, numbers.plus))
            less += factor * minus if factor > 0 else -factor * plus
            more += factor * plus if factor > 0 else -factor * minus
        low, high = (None if end is None else exact(end) for end in (row.low, row.high))
        low, high = (None if low is None else exact(low - more)), (None if high is None else exact(high + less))
        return Constraint(name, terms, low, high, row.strict)

    def _is_special(self, world: World, table: str) -> bool:
        numbers = self.frame.table(world, table)
        return numbers.na is not None or numbers.minus is not None or numbers.plus is not None

    def variable(self, key: CellKey) -> Variable:
        table, values = self.frame.form.tables[key[1]], self.values(key[0], key[1])
        low, places = domain_of(table.kinds[key[3]], table.places)
        value = values[key[2]][key[3]]
        if value is not None:
            return Variable(value, low, None, places, neighbours=_beside(values, key[2], key[3]))
        numbers = self.table(key)
        ends = (self.at(key, numbers.lo), self.at(key, numbers.hi))
        lo, hi = (int(end) if np.isfinite(end) else None for end in ends)
        return Variable(None, lo, hi, places)


def _beside(values: Sequence[Sequence[int | None]], row: int, column: int) -> tuple[int, ...]:
    """The known figures above, below, left and right of one."""
    above = [values[row - 1][column]] if row else []
    below = [values[row + 1][column]] if row + 1 < len(values) else []
    same = values[row]
    return tuple([one for one in (*above, *below, *same[max(column - 1, 0) : column], *same[column + 1 : column + 2]) if one is not None])


# --- told ----------------------------------------------------------------------------------------------------------------------


def _tell_cause(cause: Cause, evidence: Evidence, findings: Sequence[Finding], suspects: dict[str, list[Suspect]], lang: str) -> None:
    explains = _explained(cause, evidence, findings)
    if not explains or not _tells_something(cause, evidence):
        return
    told = [_suspect(one, explains, evidence, lang) for one in cause.explanations]
    if not cause.complete or not told:
        told.append(Suspect(cells=[], explains=explains, slip=NONE if cause.complete else GIVEN_UP))
    for fingerprint in explains:
        suspects.setdefault(fingerprint, []).extend(told)


def _explained(cause: Cause, evidence: Evidence, findings: Sequence[Finding]) -> list[str]:
    """The fingerprints of the findings that a cause stands behind."""
    wanted = set()
    for name in cause.broken:
        if isinstance(name, int):
            one, position, _ = evidence.places[name]
            wanted.add((one.rule.id, tuple(variable.ids[at] for variable, at in zip(one.bound.dense, position, strict=True))))
    return [one.fingerprint for one in findings if one.outcome == "fail" and _place(one) in wanted]


def _place(finding: Finding) -> tuple[str, tuple[str, ...]]:
    return finding.rule, tuple(value for _, value in sorted(finding.bindings.items()))


def _tells_something(cause: Cause, evidence: Evidence) -> bool:
    """Whether it is worth telling: a sum is broken, and figures of this report with their values would settle it, or none do."""
    sums = any(len(one.terms) > 1 for one in evidence.constraints if one.name in cause.broken)
    return sums and (not cause.explanations or any(all(_is_own_and_sure(change) for change in one.changes) for one in cause.explanations))


def _is_own_and_sure(change: Change) -> bool:
    return change.new is not None and isinstance(change.key, tuple) and change.key[0] == "here"


def _suspect(one: Explanation, explains: list[str], evidence: Evidence, lang: str) -> Suspect:
    slips = list(dict.fromkeys(change.slip for change in one.changes))
    slip = one.slip or (slips[0] if len(slips) == 1 else None)
    return Suspect(cells=[_cell(change, evidence, lang) for change in one.changes], explains=explains, slip=slip)


def _cell(change: Change, evidence: Evidence, lang: str) -> dict[str, str]:
    key: CellKey = change.key
    table = evidence.frame.form.tables[key[1]]
    numbers = evidence.frame.table(key[0], key[1])
    state = State.VALUE if numbers.state is None else State(int(numbers.state[key[2], key[3], evidence.index]))
    old = "" if state is State.EMPTY else _text(change.old, table.places)
    return {**_named(key, table, lang), "from": old, "to": _reached(change, table.places)}


def _named(key: CellKey, table: Table, lang: str) -> dict[str, str]:
    world, name, row, column = key
    address = cell_address(name, table.rows[row], table.columns[column])
    words = cell_words(table, row, column, lang)
    if world == "prior":
        address, words = f"prior.{address}", (pick(("上年", "last year: "), lang) + words[0], *words[1:])
    return {"address": address, **dict(zip(("table", "row", "column"), words, strict=True))}


def _text(value: Number, places: int) -> str:
    number = Decimal(Fraction(value).numerator) / Decimal(Fraction(value).denominator)
    return f"{number.scaleb(-places).normalize():f}"


def _reached(change: Change, places: int) -> str:
    """``9``; where several values would do, ``3…9``, ``≤9`` or ``≥3``."""
    low, high = (None if end is None else _text(end, places) for end in (change.low, change.high))
    if change.new is not None:
        return _text(change.new, places)
    if low is not None and high is not None:
        return f"{low}…{high}"
    return f"≤{high}" if high is not None else f"≥{low}" if low is not None else "?"


def _tell_implied(evidence: Evidence, findings: Sequence[Finding], suspects: dict[str, list[Suspect]], lang: str) -> None:
    """What unknown figures must be, on the findings about them, under the sums that are not broken."""
    kept = [one for one in evidence.constraints if isinstance(one.name, int) and evidence.places[one.name][2] != FAIL]
    for key, value in implied_values(evidence.variables, kept).items():
        table = evidence.frame.form.tables[key[1]]
        named = _named(key, table, lang)
        cell = {**named, "from": "?", "to": _text(value, table.places)}
        for finding in findings:
            if _is_about(finding) and any(one.address == named["address"] and _is_unknown(one.state) for one in finding.cells):
                own = Suspect(cells=[cell], explains=[finding.fingerprint], slip=IMPLIED)
                suspects.setdefault(finding.fingerprint, []).append(own)
