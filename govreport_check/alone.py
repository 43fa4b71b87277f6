"""The rules of one report by the short way (``expr/plain.py``): how many places certainly pass or do not apply, and which rules are left.

Left are all that fail or are undecided at any place, and all of which the short way knows nothing: the arrays decide and explain those.
So a rule that is counted here needs no words, and no finding comes from here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from functools import partial
from typing import Any, TypeAlias

from govreport_check.evaluation import covers, named, nobodys
from govreport_check.expr.functions import pattern
from govreport_check.expr.nodes import Call, Cells, Kind, Member, Node, Shape, walk
from govreport_check.expr.plain import Layout, Steps, axis_sizes
from govreport_check.expr.plain_operators import UNKNOWN, Run, Unsure
from govreport_check.findings import Outcome
from govreport_check.form import Form
from govreport_check.frame import Frame, Listed
from govreport_check.frame_tables import least_of
from govreport_check.frozen import dataclass
from govreport_check.kept import kept_for
from govreport_check.model import Report
from govreport_check.plain_facts import PlainFacts
from govreport_check.rule import Bound, Rule
from govreport_check.sieve import Sieve, sieve_of
from govreport_check.verdict import Judged, is_equation

Laid: TypeAlias = "Callable[[], Run]"


@dataclass(frozen=True, slots=True)
class Step:
    """One rule. ``foreign``: lists that it names and is not about. ``when``, where it has a condition, and ``assertion`` lay out its
    expressions, which a report that does not ask the rule needs not at all; they raise :class:`Unsure` where nothing is known here."""

    rule: Rule
    flat: str | None
    single: bool
    when: Laid | None
    assertion: Laid
    equation: bool
    foreign: tuple[str, ...]

    def outcome(self, facts: PlainFacts) -> tuple[int, int]:
        """(places that pass, places that do not apply). Raises :class:`Unsure` where anything else is the case."""
        if self.flat is not None and not facts.size(self.flat):
            return 0, 1
        if not all(facts.given(flat) for flat in self.foreign):
            raise Unsure
        if self.when is not None and self.single:
            asked = self.when()(facts)
            if asked is False or asked is None:
                return 0, 1
            if asked is UNKNOWN:
                raise Unsure
        elif self.when is not None:
            return self._among(facts, self.when()(facts))
        held = self.assertion()(facts)
        return _counted([held] if self.single else held)

    def _among(self, facts: PlainFacts, asked: Sequence[Any]) -> tuple[int, int]:
        """The outcome where a rule is asked for some of its places."""
        if UNKNOWN in asked:
            raise Unsure
        if True not in asked:
            return 0, 1
        return _counted([one if on else None for on, one in zip(asked, self.assertion()(facts), strict=True)])


def _counted(codes: Sequence[Any]) -> tuple[int, int]:
    if False in codes or UNKNOWN in codes:
        raise Unsure
    passed = codes.count(True)
    return passed, len(codes) - passed if passed else 1


@dataclass(frozen=True, slots=True)
class Plan:
    """The rules of a form as steps."""

    steps: tuple[Step, ...]
    sieve: Sieve
    kinds: dict[tuple[str, str], Kind] = field(default_factory=dict)

    def judged(self, report: Report, frame: Frame, lists: Listed) -> Judged:
        """The rules on one report that stands alone in ``frame``."""
        facts = PlainFacts(report, frame, lists, Finder(self.sieve), self.kinds)
        left: list[Rule] = []
        found = Judged(left)
        for step in self.steps:
            try:
                passed, others = step.outcome(facts)
            except Unsure:
                left.append(step.rule)
                continue
            if not passed or not others:
                found.everywhere[step.rule.id] = Outcome.PASS if passed else Outcome.NOT_APPLICABLE
            for counts in (found.counts, found.equations) if step.equation else (found.counts,):
                counts[Outcome.PASS] += passed
                counts[Outcome.NOT_APPLICABLE] += others
        return found


class Finder:
    """Whether patterns are found in the texts of one report."""

    def __init__(self, sieve: Sieve) -> None:
        self.sieve = sieve

    def __call__(self, wanted: str, text: str) -> bool:
        found = self.sieve.found(text)
        return pattern(wanted).search(text) is not None if found is None else wanted in found


# --- made once for the rules of a form --------------------------------------------------------------------------------------------


def plan_for(form: Form, rules: Sequence[Rule]) -> Plan | None:
    """The plan of these rules, kept; None for a form that each report fills in itself."""
    return None if form.members else _kept_plan(form, rules)


def plan_of(form: Form, rules: Iterable[Rule]) -> Plan:
    """The rules that are bound to ``form`` as steps."""
    bound = [(rule, rule.bound[form.id]) for rule in rules if form.id in rule.bound]
    nodes = [part for _, one in bound for node in _own(one) for part in walk(node)]
    layouts = {name: Layout(len(table.columns), tuple(least_of(table))) for name, table in form.tables.items()}
    steps = Steps(layouts, {node for node, times in Counter(nodes).items() if times > 1 and isinstance(node, (Call, Cells))})
    wanted = dict.fromkeys(str(node.option[0]) for node in nodes if isinstance(node, Call) and node.operator == "matches")
    return Plan(tuple(_step(rule, one, form, steps) for rule, one in bound), sieve_of(tuple(wanted)))


_kept_plan = kept_for(plan_of)


def _own(bound: Bound) -> tuple[Node, ...]:
    return (bound.assertion,) if bound.when is None else (bound.when, bound.assertion)


def _step(rule: Rule, bound: Bound, form: Form, steps: Steps) -> Step:
    shape = Shape("bool", tuple(variable.name for variable in bound.dense), bound.flat)
    sizes = {variable.name: len(variable.ids) for variable in bound.dense}
    foreign = {
        one.shape.flat or "" for one in named(bound.assertion, bound.when) if isinstance(one, Member) and one.shape.flat != bound.flat
    }
    told = not (bound.flat and bound.dense) and covers(rule, form) and not nobodys(bound)
    laid = partial(_laid, shape, sizes, steps, told)
    return Step(
        rule=rule,
        flat=bound.flat,
        single=not bound.variables,
        when=None if bound.when is None else laid(bound.when),
        assertion=laid(bound.assertion),
        equation=is_equation(bound),
        foreign=tuple(sorted(foreign)),
    )


def _laid(shape: Shape, sizes: Mapping[str, int], steps: Steps, told: bool, node: Node) -> Laid:
    """What gives the steps of one expression, made when they are first asked for. It raises :class:`Unsure` where there are none."""
    known: list[Run | None] = []

    def run() -> Run:
        if not known:
            known.append(_run(node, shape, sizes, steps) if told else None)
        if known[0] is None:
            raise Unsure
        return known[0]

    return run


def _run(node: Node, shape: Shape, sizes: Mapping[str, int], steps: Steps) -> Run | None:
    """The steps of one expression; None where nothing is said of it here."""
    try:
        return steps.laid(node, shape, {**axis_sizes(node), **sizes})
    except Unsure:
        return None
