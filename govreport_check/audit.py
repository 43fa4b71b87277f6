"""A rule set checked as a whole: rules that contradict one another, that follow from others, that never speak or never fail.

Said for certain only (``conditions``): what depends on texts, dates or marks is taken as free. What rules are for is left to their
authors: a rule that follows from others may well stay, since it says where the mistake is; its file then tells why (``stays``).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from govreport_check.audit_names import Unused, unused_names
from govreport_check.conditions import Question
from govreport_check.coverage import Coverage, coverage_of
from govreport_check.form import Form
from govreport_check.form_file import Bilingual
from govreport_check.locate.system import Key
from govreport_check.pack import Pack
from govreport_check.rule_conditions import Name, Requirement, Requirements, requirements_of
from govreport_check.simplex import Pair


@dataclass(frozen=True, slots=True)
class Places:
    """A rule at some of its places. ``bindings``: of one place, what its variables stand for; ``whole``: at all of its places."""

    rule: str
    number: int
    bindings: Mapping[str, str]
    whole: bool


@dataclass(frozen=True, slots=True)
class Conflict:
    """Rules that no report can keep together, none of them idle. ``when``: they can, but only while this rule does not speak."""

    rules: tuple[Places, ...]
    when: Places | None = None


@dataclass(frozen=True, slots=True)
class Redundant:
    """A rule that follows from ``by`` at these places. ``stays``: why it is kept, as its file says."""

    rule: Places
    by: tuple[Places, ...]
    stays: Bilingual | None


@dataclass(frozen=True, slots=True)
class Idle:
    """A rule that never speaks (``never_applies``), or cannot fail where it does."""

    rule: Places
    never_applies: bool


@dataclass(frozen=True, slots=True)
class FormAudit:
    """What there is to say of the rules for one form; of rules that contradict everything follows, and then nothing is said to."""

    form: str
    rules: int
    places: int
    conflicts: tuple[Conflict, ...]
    redundant: tuple[Redundant, ...]
    idle: tuple[Idle, ...]
    unused: tuple[Unused, ...]
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class Audit:
    """The audit of a pack. ``stale``: rules whose ``stays`` has nothing to explain in any form; ``must``: tables of which every figure
    must be guarded, as the pack says."""

    pack: str
    forms: tuple[FormAudit, ...]
    stale: tuple[str, ...]
    must: tuple[str, ...]

    @property
    def unguarded(self) -> list[tuple[str, str]]:
        """(form, address) of figures that must be guarded and are not."""
        return [(form.form, cell.address) for form in self.forms for cell in form.coverage.unguarded if cell.table in self.must]

    @property
    def sound(self) -> bool:
        """Nothing contradicts, and what must be guarded is."""
        return not self.unguarded and not any(form.conflicts for form in self.forms)


def audit_pack(pack: Pack) -> Audit:
    """The rules of a pack against each of its forms."""
    forms = tuple(audit_form(pack, form) for form in sorted(pack.forms.values(), key=lambda form: form.first_year))
    explained = {one.rule.rule for form in forms for one in form.redundant}
    looked = not any(one.when is None for form in forms for one in form.conflicts)
    stale = tuple(rule.id for rule in pack.rules if looked and rule.file.stays and rule.id not in explained)
    return Audit(pack.id, forms, stale, pack.guarded)


def audit_form(pack: Pack, form: Form) -> FormAudit:
    """The rules of a pack that are bound to one form."""
    rules = [rule for rule in pack.rules if form.id in rule.bound]
    found = requirements_of(rules, form)
    places = {rule.id: sum(one.rule is rule for one in found.requirements) for rule in rules}
    asked = Question(found.conditions, found.domains)
    conflicts, idle = _conflicts(found, asked, places), _idle(found, places)
    redundant = (
        () if any(one.when is None for one in conflicts) else tuple(_redundant(found, asked, places, {one.rule.rule for one in idle}))
    )
    coverage = coverage_of(pack, form, found)
    return FormAudit(form.id, len(rules), len(found.requirements), conflicts, redundant, idle, tuple(unused_names(pack, form)), coverage)


def _conflicts(found: Requirements, asked: Question, places: Mapping[str, int]) -> tuple[Conflict, ...]:
    by_name = {one.name: one for one in found.requirements}
    against = asked.least_against()
    if against is not None:
        return (Conflict(_places(against, by_name, places)),)
    conflicts: dict[str, Conflict] = {}
    witnesses: list[Mapping[Key, Pair]] = []
    for one in found.requirements:
        known = one.rule.id in conflicts or any(asked.holds_in(one.kept, values) for values in witnesses)
        if known or not one.numeric or not one.applies or one.condition.holds == one.kept:
            continue
        values = asked.witness(one.kept)
        if values is not None:
            witnesses.append(values)
            continue
        others = [name for name in asked.least_against(one.kept) or () if name != one.name]
        if others:
            conflicts[one.rule.id] = Conflict(_places(others, by_name, places), _place(one, places))
    return tuple(conflicts.values())


def _idle(found: Requirements, places: Mapping[str, int]) -> tuple[Idle, ...]:
    """Rules that speak at none of their places, or can fail at none."""
    alone = Question((), found.domains)
    silent, sure = dict.fromkeys(places, True), dict.fromkeys(places, True)
    for one in found.requirements:
        silent[one.rule.id] = silent[one.rule.id] and alone.against(one.applies) is not None
        sure[one.rule.id] = sure[one.rule.id] and alone.against(one.condition.broken) is not None
    idle = [rule for rule in places if silent[rule] or sure[rule]]
    return tuple(Idle(Places(rule, places[rule], {}, True), silent[rule]) for rule in idle)


def _redundant(found: Requirements, asked: Question, places: Mapping[str, int], idle: set[str]) -> Iterator[Redundant]:
    """One rule after another is taken away where the rest implies it, first those that are said to stay, last places first: what is left
    implies everything."""
    by_name = {one.name: one for one in found.requirements}
    active = set(by_name)
    gone: dict[str, list[tuple[Requirement, tuple[Hashable, ...]]]] = {}
    for one in _in_order(found.requirements):
        if not one.numeric or one.rule.id in idle:
            continue
        against = asked.against(one.condition.broken, active - {one.name})
        if against is not None:
            active.discard(one.name)
            gone.setdefault(one.rule.id, []).append((one, _without_idle(asked, one, against)))
    for rule, taken in gone.items():
        by = _places(dict.fromkeys(name for _, names in taken for name in names), by_name, places)
        first = taken[0][0]
        what = _place(first, places) if len(taken) == 1 else Places(rule, len(taken), {}, len(taken) == places[rule])
        yield Redundant(what, by, first.rule.file.stays)


def _without_idle(asked: Question, one: Requirement, against: tuple[Hashable, ...]) -> tuple[Hashable, ...]:
    """What implies a place, without rules that are not needed for it."""
    for rule in dict.fromkeys(name[0] for name in against if isinstance(name, tuple)):
        fewer = {name for name in against if isinstance(name, tuple) and name[0] != rule}
        against = asked.against(one.condition.broken, fewer) or against
    return against


def _in_order(requirements: Iterable[Requirement]) -> list[Requirement]:
    """Those that are said to stay first, then rules that are off, then those of most variables; of a rule its last place first, where
    totals stand."""

    def weight(one: Requirement) -> tuple[bool, bool, int, str, tuple[int, ...]]:
        return one.rule.file.stays is None, one.rule.default, -len(one.at), one.rule.id, tuple(-i for i in one.at)

    return sorted(requirements, key=weight)


def _places(names: Iterable[object], by_name: Mapping[Name, Requirement], places: Mapping[str, int]) -> tuple[Places, ...]:
    """The rules among these, each with its number of places."""
    taken: dict[str, list[Requirement]] = {}
    for name in names:
        one = by_name[name]  # type: ignore[index]
        taken.setdefault(one.rule.id, []).append(one)
    return tuple(
        _place(ones[0], places) if len(ones) == 1 else Places(rule, len(ones), {}, len(ones) == places[rule])
        for rule, ones in taken.items()
    )


def _place(one: Requirement, places: Mapping[str, int]) -> Places:
    return Places(one.rule.id, 1, one.bindings, places[one.rule.id] == 1)
