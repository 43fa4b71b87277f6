"""Rules × reports: the outcome of every rule at every place, as arrays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from math import prod

import numpy as np

from govreport_check.expr.columns import Array, Numbers, Truth
from govreport_check.expr.evaluate import NOT_APPLICABLE, Trace, evaluate, fit, outcome_codes
from govreport_check.expr.nodes import Cells, Fact, Member, Node, Reference, SectionFact, Shape, references
from govreport_check.findings import Outcome
from govreport_check.form import Form
from govreport_check.frame import Frame
from govreport_check.frozen import dataclass
from govreport_check.model import UNATTRIBUTED, State
from govreport_check.rule import Bound, Rule

CODES: dict[int, Outcome] = {1: Outcome.PASS, 0: Outcome.UNDECIDED, -1: Outcome.FAIL, 2: Outcome.NOT_APPLICABLE}
PASS, UNDECIDED, FAIL = 1, 0, -1


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One rule on a frame. ``codes``: int8 (dense variables by name…, reports or members), see :data:`CODES`."""

    rule: Rule
    bound: Bound
    codes: Array
    trace: Trace
    owner: Array | None

    def counted(self, reports: int) -> dict[Outcome, Array]:
        """How many instances of each outcome every report has, (reports,); a rule that does not apply at all counts once."""
        every = self.codes.reshape(-1)
        others = np.flatnonzero(every != PASS)  # few, as a rule
        if not len(others) and len(every) and self.owner is None:
            return {**dict.fromkeys(Outcome, np.zeros(reports, np.int64)), Outcome.PASS: self._instances(reports)}
        members = others % self.codes.shape[-1] if len(others) else others
        codes, owners = every[others], members if self.owner is None else self.owner[members]
        counts = {outcome: np.bincount(owners[codes == code], minlength=reports) for code, outcome in CODES.items()}
        counts[Outcome.PASS] = self._instances(reports) - np.bincount(owners, minlength=reports)
        decided = counts[Outcome.PASS] + counts[Outcome.UNDECIDED] + counts[Outcome.FAIL]
        counts[Outcome.NOT_APPLICABLE] = np.where(decided == 0, 1, counts[Outcome.NOT_APPLICABLE])
        return counts

    def _instances(self, reports: int) -> Array:
        each = prod(self.codes.shape[:-1])
        members = np.ones(reports, np.int64) if self.owner is None else np.bincount(self.owner, minlength=reports)
        return each * members

    def told(self, code: int) -> Iterator[tuple[int, tuple[int, ...]]]:
        """(report, instance) of every outcome of this code, by report and then in the order of the form."""
        found = self.codes == code
        for where in np.argwhere(np.moveaxis(found, -1, 0)) if found.any() else ():
            last = int(where[0])
            yield (last if self.owner is None else int(self.owner[last])), (*map(int, where[1:]), last)


def evaluate_rules(frame: Frame, rules: Iterable[Rule]) -> list[Evaluation]:
    """Every rule that is bound to the frame's form, evaluated; built-in ones have no expression and are passed over."""
    bound = ((rule, rule.bound.get(frame.form.id)) for rule in rules)
    return [evaluate_rule(frame, rule, checked) for rule, checked in bound if checked is not None]


def evaluate_rule(frame: Frame, rule: Rule, bound: Bound) -> Evaluation:
    """One rule on a frame."""
    trace: Trace = {}
    shape = Shape("bool", tuple(variable.name for variable in bound.dense), bound.flat)
    owner = frame.owner(bound.flat) if bound.flat else None
    full = (*(len(variable.ids) for variable in bound.dense), frame.size if owner is None else len(owner))
    assertion = _truth(bound.assertion, shape, frame, trace)
    when = None if bound.when is None else _truth(bound.when, shape, frame, trace)
    codes = outcome_codes(assertion, when)
    codes = codes if codes.shape == full else np.broadcast_to(codes, full)
    codes = _nobodys(_presumed(_not_given(codes, bound, shape, frame), rule, frame), bound)
    return Evaluation(rule, bound, _in_years(codes, rule, frame, owner), trace, owner)


def held_everywhere(frame: Frame, rule: Rule, bound: Bound) -> Evaluation:
    """A rule without flat axis of which it is known that it holds at every place."""
    return Evaluation(rule, bound, np.full((*(len(variable.ids) for variable in bound.dense), frame.size), PASS, np.int8), {}, None)


def _truth(node: Node, shape: Shape, frame: Frame, trace: Trace) -> Truth:
    fitted = fit(evaluate(node, frame, trace), node.shape, shape, frame)
    if not isinstance(fitted, Truth):
        raise TypeError("an assertion is a condition")  # the type check lets nothing else through
    return fitted


def _presumed(codes: Array, rule: Rule, frame: Frame) -> Array:
    """What was presumed to hold when fused digits were split is no evidence."""
    marked = [(*instance, i) for i, known in frame.presumed.items() for name, instance in known if name == rule.id]
    if marked:
        codes = codes.copy()
        codes[tuple(np.array(marked).T)] = NOT_APPLICABLE
    return codes


def _nobodys(codes: Array, bound: Bound) -> Array:
    """A row that the report gives to nobody is not compared with what another table, or last year's, has of it: it may be another's."""
    for axis, strange in nobodys(bound):
        codes = codes.copy()
        codes[(slice(None),) * axis + (strange,)] = NOT_APPLICABLE
    return codes


def nobodys(bound: Bound) -> list[tuple[int, list[int]]]:
    """The dense axes of a rule about several tables on which rows stand that the report gives to nobody, and where."""
    tables = {(reference.world, reference.table) for reference in named(bound.assertion, bound.when) if isinstance(reference, Cells)}
    if len(tables) < 2:
        return []
    strange = ([i for i, name in enumerate(variable.ids) if name.startswith(UNATTRIBUTED)] for variable in bound.dense)
    return [(axis, places) for axis, places in enumerate(strange) if places]


def _in_years(codes: Array, rule: Rule, frame: Frame, owner: Array | None) -> Array:
    """Not applicable to reports of years outside the rule's, where its form covers more years than the rule does."""
    first, last = rule.file.span
    year = None if covers(rule, frame.form) else frame.fact("here", "year")
    if not isinstance(year, Numbers):
        return codes
    outside = (year.hi < first) | (year.lo > (np.inf if last is None else last))
    return np.where(outside if owner is None else outside[owner], NOT_APPLICABLE, codes)


def covers(rule: Rule, form: Form) -> bool:
    """Whether a rule is for every year of a form."""
    first, last = rule.file.span
    return first <= form.first_year and (last is None or (form.last_year is not None and form.last_year <= last))


def _not_given(codes: Array, bound: Bound, shape: Shape, frame: Frame) -> Array:
    """What is undecided because a part was not handed in is not applicable."""
    for reference in named(bound.assertion, bound.when):
        mask = _missing_part(reference, shape, frame)
        if mask is None:
            continue
        anyway = isinstance(reference, Member)  # nothing is listed of a part that is not there: that decides nothing
        codes = np.where(mask & ((codes == UNDECIDED) | anyway), NOT_APPLICABLE, codes)
    return codes


@lru_cache(maxsize=4096)
def named(assertion: Node, when: Node | None) -> tuple[Reference, ...]:
    """The facts that a rule names, each once, the assertion's first."""
    both = (*references(assertion), *(references(when) if when is not None else ()))
    return tuple(dict.fromkeys(both))


def _missing_part(reference: Reference, shape: Shape, frame: Frame) -> Array | None:
    """Where ``reference`` is to a part that was not handed in, along the axes of the rule's instances."""
    if isinstance(reference, Member):
        if reference.shape.flat == shape.flat:
            return None
        missing = ~frame.flats[reference.shape.flat or ""].given
        return missing if missing.any() else None
    if reference.shape.flat == "parts":
        return None  # a part that states less than the whole is undecided, not left out
    column = _column_of(reference, frame)
    state = getattr(column, "state", None)
    if state is None or not (state == State.NOT_GIVEN).any():
        return None
    mask = np.asarray(evaluate(reference, frame, {}).state) == State.NOT_GIVEN  # type: ignore[union-attr]
    open_axes = tuple(i for i, axis in enumerate(reference.shape.axes) if axis not in shape.axes)
    folded = mask.any(axis=open_axes) if open_axes else mask
    own = Shape("bool", tuple(axis for axis in reference.shape.axes if axis in shape.axes), reference.shape.flat)
    fitted = fit(Truth(folded), own, shape, frame)
    return fitted.value if isinstance(fitted, Truth) else None


def _column_of(reference: Cells | Fact | SectionFact, frame: Frame) -> object:
    match reference:
        case Cells():
            return frame.table(reference.world, reference.table)
        case Fact():
            return frame.fact(reference.world, reference.key)
        case SectionFact():
            return frame.section(reference.world, reference.attribute)
