"""Do a rule's examples notice when the rule is changed? Every small change to it must turn one of them, or be explained in its file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from govreport_check.conditions import Question, TooMany, both
from govreport_check.evaluation import evaluate_rule
from govreport_check.examples import form_of, fragment, line_of, verdict
from govreport_check.expr.mutants import changes
from govreport_check.expr.parse import ExpressionError
from govreport_check.form import Form
from govreport_check.form_file import Bilingual
from govreport_check.frame import Frame, build_frame
from govreport_check.listed import listed, lists_named
from govreport_check.pack import Pack
from govreport_check.rule import Bound, Rule, RuleErrors, bind
from govreport_check.rule_conditions import Requirement, requirements_of
from govreport_check.rule_file import ExampleSpec, RuleFile

DROPPED = "(nothing)"


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed rule. ``path``: the key of the rule file that was changed; ``said``: ``when: before → after``."""

    path: tuple[str, ...]
    said: str
    file: RuleFile


@dataclass(frozen=True, slots=True)
class Survivor:
    """A change that no example notices. ``because`` is empty where the rule file does not explain it."""

    rule: str
    said: str
    because: str
    source: str
    line: int


@dataclass(frozen=True, slots=True)
class Mutation:
    """What became of a pack's mutants. ``same``: so many make no difference, by proof; ``stale``: explanations in rule files that no
    surviving change needs."""

    mutants: int
    same: int
    survivors: tuple[Survivor, ...]
    stale: tuple[Survivor, ...]

    @property
    def unexplained(self) -> tuple[Survivor, ...]:
        return tuple(survivor for survivor in self.survivors if not survivor.because)


@dataclass(frozen=True, slots=True)
class _Bench:
    """The examples of one rule for one form, side by side in one frame."""

    form: Form
    frame: Frame
    examples: tuple[ExampleSpec, ...]


def mutate_pack(pack: Pack) -> Mutation:
    """Every change to every rule of the pack against the rule's own examples."""
    return joined(_mutate(rule, pack) for rule in pack.rules if not rule.file.built_in)


def joined(found: Iterable[Mutation]) -> Mutation:
    """Several results as one."""
    each = list(found)
    survivors, stale = (tuple(chain.from_iterable(getattr(one, name) for one in each)) for name in ("survivors", "stale"))
    return Mutation(sum(one.mutants for one in each), sum(one.same for one in each), survivors, stale)


def _mutate(rule: Rule, pack: Pack) -> Mutation:
    benches = _benches(rule, pack)
    mutants = [mutant for mutant in mutants_of(rule.file, pack) if _means_something(mutant, benches)]
    unnoticed = [mutant for mutant in mutants if _survives(rule, mutant, benches)]
    living = [mutant for mutant in unnoticed if not _means_the_same(rule, mutant, pack)]
    known = {_folded(one.change): one.because for one in rule.file.survives}
    needed = {_folded(mutant.said) for mutant in living}
    stale = (_stale(rule, i, one.change) for i, one in enumerate(rule.file.survives) if _folded(one.change) not in needed)
    told = tuple(_told(rule, mutant, known) for mutant in living)
    return Mutation(len(mutants), len(unnoticed) - len(living), told, tuple(stale))


def _folded(text: str) -> str:
    return " ".join(text.split())


def _told(rule: Rule, mutant: Mutant, known: Mapping[str, str]) -> Survivor:
    return Survivor(rule.id, mutant.said, known.get(_folded(mutant.said), ""), rule.source, line_of(rule, mutant.path))


def _stale(rule: Rule, i: int, change: str) -> Survivor:
    return Survivor(rule.id, _folded(change), "", rule.source, line_of(rule, ("survives", i)))


# --- mutants ---------------------------------------------------------------------------------------------------------------------


def mutants_of(file: RuleFile, pack: Pack) -> Iterator[Mutant]:
    """Every change to what decides the rule's outcome: ``when``, ``let``, ``assert``, ``readings``, ``tolerance``."""
    always = file.model_copy(update={"when": None})
    if file.when is not None and not _goes_without_saying(file, always):
        yield Mutant(("when",), f"when: {_folded(str(file.when))} → {DROPPED}", always)
    last = dict(_last_members(pack))
    for path, text in _deciding(file):
        made = (Mutant(path, f"{'.'.join(path)}: {change.said}", _with(file, path, change.text)) for change in changes(text, last))
        yield from (mutant for mutant in made if not _goes_without_saying(file, mutant.file))
    for name in file.readings or {}:
        if name != "of" and len(file.readings or {}) > 2:
            left = {key: text for key, text in (file.readings or {}).items() if key != name}
            yield Mutant(("readings", name), f"readings.{name} → {DROPPED}", file.model_copy(update={"readings": left}))


def _deciding(file: RuleFile) -> list[tuple[tuple[str, ...], str]]:
    """The rule's expressions by their keys; a ``let`` that only messages name decides nothing."""
    found: list[tuple[tuple[str, ...], str]] = []
    if file.when is not None:
        found.append((("when",), str(file.when)))
    if file.assert_ is not None:
        found.append((("assert",), str(file.assert_)))
    found += [(("readings", name), str(text)) for name, text in (file.readings or {}).items()]
    if file.tolerance is not None:
        found.append((("tolerance", "abs"), str(file.tolerance.abs)))
    for name, text in reversed(file.let.items()):  # a later one may use an earlier one
        if any(_names(one, name) for _, one in found):
            found.append((("let", name), str(text)))
    return found


def _goes_without_saying(file: RuleFile, changed: RuleFile) -> bool:
    """Whether a change leaves out nothing but ``available(prior)`` or ``available(parts)`` from a rule that speaks of it: such a rule does
    not apply without it anyway."""
    before, after = (" ".join(text for _, text in _deciding(one)) for one in (file, changed))
    for world in ("prior", "parts"):
        said = f"available({world})"
        rest = before.replace(f"{said} and ", "").replace(f" and {said}", "").replace(said, "")
        if said in before and said not in after and f"{world}." in after and _bare(rest) == _bare(after):
            return True
    return False


def _bare(text: str) -> str:
    return "".join(text.replace("(", " ").replace(")", " ").split())


def _names(text: str, name: str) -> bool:
    return re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", text) is not None


def _with(file: RuleFile, path: tuple[str, ...], text: str) -> RuleFile:
    match path:
        case ("let" | "readings" as key, name):
            return file.model_copy(update={key: {**getattr(file, key), name: text}})
        case ("tolerance", _):
            return file.model_copy(update={"tolerance": file.tolerance.model_copy(update={"abs": text}) if file.tolerance else None})
        case ("assert",):
            return file.model_copy(update={"assert_": text})
    return file.model_copy(update={path[0]: text})


def _last_members(pack: Pack) -> Iterator[tuple[tuple[str, str], str]]:
    """Groups that all forms of the pack end alike: a rule is written for all of them."""
    for form in sorted(pack.forms.values(), key=lambda one: one.first_year):
        for name, table in form.tables.items():
            yield (name, "rows"), table.rows[-1]
            yield (name, "columns"), table.columns[-1]
            yield from (((name, group), table.rows[members[-1]]) for group, members in table.row_groups.items() if members)
            yield from (((name, group), table.columns[members[-1]]) for group, members in table.column_groups.items() if members)


# --- examples --------------------------------------------------------------------------------------------------------------------


def _benches(rule: Rule, pack: Pack) -> list[_Bench]:
    by_form: dict[str, list[ExampleSpec]] = {}
    for example in rule.file.examples:
        form = form_of(rule, example, pack)
        if form is not None and form.id in rule.bound:
            by_form.setdefault(form.id, []).append(example)
    return [_bench(rule, pack.forms[name], examples) for name, examples in by_form.items()]


def _bench(rule: Rule, form: Form, examples: Sequence[ExampleSpec]) -> _Bench:
    reports = [fragment(example.given, form) for example in examples]
    given = [example.given for example in examples]
    before = [fragment(one["prior"], form) if one.get("prior") is not None else None for one in given]
    parts = [[fragment(part, form) for part in one.get("parts") or ()] for one in given]
    lists = [listed(report, form, lists_named([rule], form)) for report in reports]
    return _Bench(form, build_frame(form, reports, lists, before, parts), tuple(examples))


_SILENT = Bilingual(zh=" ", en=" ")


def _means_something(mutant: Mutant, benches: Sequence[_Bench]) -> bool:
    """Whether the changed rule can still be loaded; what the type check refuses, every author sees."""
    try:
        for bench in benches:
            _bound(mutant, bench.form)
    except (RuleErrors, ExpressionError):
        return False
    return True


def _bound(mutant: Mutant, form: Form) -> Bound:
    return bind(mutant.file.model_copy(update={"message": _SILENT, "lowered": []}), form)


def _means_the_same(rule: Rule, mutant: Mutant, pack: Pack) -> bool:
    """Whether a change makes no difference to any report that is plainly read, as far as arithmetic can tell."""
    for form in (pack.forms[name] for name in rule.bound):
        own, other = requirements_of([rule], form), requirements_of([replace(rule, bound={form.id: _bound(mutant, form)})], form)
        if [one.name for one in own.requirements] != [one.name for one in other.requirements]:
            return False
        asked = Question((), {**own.domains, **other.domains})
        pairs = zip(own.requirements, other.requirements, strict=True)
        if not all(_differ_nowhere(asked, a, b) and _differ_nowhere(asked, b, a) for a, b in pairs):
            return False
    return True


def _differ_nowhere(asked: Question, a: Requirement, b: Requirement) -> bool:
    """Whether nothing keeps ``a`` and breaks ``b``, nor makes ``a`` alone speak."""
    try:
        return all(asked.against(both(*ways)) is not None for ways in ((a.kept, b.condition.broken), (a.applies, b.silent)))
    except TooMany:
        return False


def _survives(rule: Rule, mutant: Mutant, benches: Sequence[_Bench]) -> bool:
    for bench in benches:
        evaluation = evaluate_rule(bench.frame, rule, _bound(mutant, bench.form))
        for i, example in enumerate(bench.examples):
            if verdict(evaluation, example.only, i) != example.expect:
                return False
    return True
