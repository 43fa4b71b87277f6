"""A rule set of one's own that rests on another: its rules beside or in place of the other's, some of those off or of another severity."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from govreport_check.expr.names import unknown
from govreport_check.rule import Rule

if TYPE_CHECKING:
    from govreport_check.rule_file import OverrideSpec

Complain: TypeAlias = "Callable[[tuple[str | int, ...], str], None]"
"""Takes the path of a value in ``pack.yaml`` and what is wrong with it."""


def extended(
    inherited: Sequence[Rule], own: Sequence[Rule], off: Sequence[str], severity: Mapping[str, OverrideSpec], complain: Complain
) -> list[Rule]:
    """The rules of both, in the order of the inherited ones and then the own.

    An own rule takes the place of the inherited one of its name; what is ``off`` is evaluated only when it is selected. Names that mean
    no inherited rule, and severities that a rule cannot have, are complained of.
    """
    replaced = {rule.name: rule for rule in own}
    silent = {id(rule) for i, name in enumerate(off) if (rule := _meant(inherited, name, ("off", i), complain)) is not None}
    louder = dict(_overrides(inherited, severity, complain))
    rules = [replaced.get(rule.name) or _changed(rule, id(rule) in silent, louder.get(id(rule))) for rule in inherited]
    names = {rule.name for rule in inherited}
    return [*rules, *(rule for rule in own if rule.name not in names)]


def with_severity(rule: Rule, to: str) -> Rule:
    """The rule with another severity."""
    return replace(rule, file=rule.file.model_copy(update={"severity": to}))


def unfit_severity(rule: Rule, to: str) -> str | None:
    """Why the rule cannot have this severity; None when it can."""
    likely = rule.file.confidence == "likely" and to == "error"
    return f"{rule.id} interprets prose (confidence: likely): at most a warning" if likely else None


def rule_named(rules: Iterable[Rule], name: str) -> Rule | None:
    """The rule of this id, name or former name."""
    return next((rule for rule in rules if name in (rule.id, rule.name, *rule.file.was)), None)


def _overrides(rules: Sequence[Rule], severity: Mapping[str, OverrideSpec], complain: Complain) -> Iterator[tuple[int, str]]:
    for name, override in severity.items():
        rule = _meant(rules, name, ("severity", name), complain)
        if rule is None:
            continue
        unfit = unfit_severity(rule, override.to)
        if unfit:
            complain(("severity", name, "to"), unfit)
        yield id(rule), override.to


def _meant(rules: Sequence[Rule], name: str, path: tuple[str | int, ...], complain: Complain) -> Rule | None:
    rule = rule_named(rules, name)
    if rule is None:
        complain(path, unknown(name, [rule.name for rule in rules], what="rule"))
    return rule


def _changed(rule: Rule, silent: bool, to: str | None) -> Rule:
    rule = with_severity(rule, to) if to else rule
    return replace(rule, file=rule.file.model_copy(update={"default": "off"})) if silent else rule
