"""Which rules are evaluated, and which of their findings stop a report: selection and profiles."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from govreport_check.errors import UsageError
from govreport_check.expr.names import unknown
from govreport_check.extending import unfit_severity, with_severity
from govreport_check.findings import LOUDNESS, FailOn
from govreport_check.frozen import dataclass
from govreport_check.pack import Pack
from govreport_check.rule import VERSION, Rule
from govreport_check.wording import LANGUAGES


@dataclass(frozen=True, slots=True)
class Override:
    """Another severity for the rules that ``rule`` names, and why. ``at``: the file and line where it is stated."""

    rule: str
    to: str
    because: str
    at: str = ""


@dataclass(frozen=True, slots=True)
class Options:
    """How to check. ``lang`` None follows the report; ``select`` and ``ignore`` name rules, their ids, folders or beginnings.

    ``profile`` is one of the pack's: it adds rules that are off, leaves rules out, hides what is not loud enough to be told, and names
    rules whose findings stop a report however loud they are (``gate``, filled in by :func:`with_profile`). ``today`` is the day on which
    waivers are looked at, None for the day of the check: nothing else depends on a clock. ``max_size``:
    how many bytes a file may have, None for what is usual; ``entities``: the components whose findings are shown, all where there are none;
    ``suspects``: whether the wrong figure is looked for behind broken sums, which takes most of the time of a wrong report.
    ``printed``: results hold their report as printed, which pages that show it need. ``as_of``: rules that came with a later version
    than this are off, unless they are selected by their whole names; ``overrides``: other severities than rule files state.
    """

    lang: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: FailOn = "error"
    strict: bool = False
    profile: str | None = None
    add: tuple[str, ...] = ()
    gate: tuple[str, ...] = ()
    least: str = "note"
    entities: tuple[str, ...] = ()
    suspects: bool = True
    today: date | None = None
    max_size: int | None = None
    printed: bool = False
    as_of: str | None = None
    overrides: tuple[Override, ...] = ()


def checked_options(options: Options, packs: Sequence[Pack]) -> Options:
    """The options with their profile worked out. Raises UsageError for an unknown language, severity or profile."""
    if options.lang not in (None, *LANGUAGES):
        raise UsageError(f"unknown language {options.lang}; there are {' and '.join(LANGUAGES)}")
    if options.fail_on not in LOUDNESS:
        raise UsageError(f"unknown severity {options.fail_on}; there are {', '.join(LOUDNESS)}")
    if options.as_of is not None and not re.fullmatch(VERSION, options.as_of):
        raise UsageError(f"rules as of {options.as_of}: a version such as 0.3 is expected")
    return with_profile(options, packs)


def with_profile(options: Options, packs: Sequence[Pack]) -> Options:
    """The options as the profile changes them. Raises UsageError when no pack has one of that name."""
    if options.profile is None:
        return options
    known = {name: profile for pack in packs for name, profile in pack.profiles.items()}
    profile = known.get(options.profile)
    if profile is None:
        raise UsageError(unknown(options.profile, known, what="profile"))
    ignore = (*options.ignore, *profile.ignore)
    return replace(options, add=tuple(profile.add), ignore=ignore, gate=tuple(profile.gate), least=profile.least)


def select_rules(packs: Sequence[Pack], options: Options) -> Mapping[str, Sequence[Rule]]:
    """The rules to evaluate, by pack. Raises UsageError for a name that selects nothing."""
    return _selection(tuple(packs), options)


@lru_cache(maxsize=64)
def _selection(packs: tuple[Pack, ...], options: Options) -> Mapping[str, Sequence[Rule]]:
    rules = [rule for pack in packs for rule in pack.rules]
    select, ignore, add = (_meant(rules, wanted) for wanted in (options.select, options.ignore, options.add))
    exact = {rule.id for rule in rules if {rule.id, rule.name} & {*options.select, *options.add}}
    severities = _severities(rules, options.overrides)
    chosen: dict[str, list[Rule]] = {pack.id: [] for pack in packs}
    for pack in packs:
        for rule in pack.rules:
            wanted = rule.id in select if options.select else rule.default or rule.id in add
            known = options.as_of is None or rule.id in exact or not is_newer(rule.file.since, options.as_of)
            if wanted and known and rule.id not in ignore:
                to = severities.get(rule.id)
                chosen[pack.id].append(with_severity(rule, to) if to else rule)
    return chosen


def is_newer(version: str, other: str) -> bool:
    """Whether a version comes after the other: 0.10 after 0.9, 1 as 1.0."""
    mine, its = (list(map(int, text.split("."))) for text in (version, other))
    longest = max(len(mine), len(its))
    return mine + [0] * (longest - len(mine)) > its + [0] * (longest - len(its))


def _severities(rules: Sequence[Rule], overrides: Sequence[Override]) -> dict[str, str]:
    """The severities that rules are to have, by id; the later of two overrides holds. Raises UsageError."""
    found: dict[str, str] = {}
    for override in overrides:
        meant = [rule for rule in rules if rule.id in _meant(rules, [override.rule])]
        for rule in meant:
            unfit = unfit_severity(rule, override.to)
            if unfit and len(meant) == 1:  # of a whole folder the rules that can be so loud are meant
                raise UsageError(f"{override.at}: {unfit}" if override.at else unfit)
            found.update({} if unfit else {rule.id: override.to})
    return found


def _meant(rules: Sequence[Rule], names: Sequence[str]) -> frozenset[str]:
    """The ids of all rules that ``names`` mean. Raises UsageError for a name that means none."""
    meant = [_named(rules, name) for name in names]
    for name, found in zip(names, meant, strict=True):
        if not found:
            raise UsageError(unknown(name, [rule.name for rule in rules], what="rule"))
    return frozenset().union(*meant)


def _named(rules: Sequence[Rule], name: str) -> frozenset[str]:
    """The rules with this id, name or former name; else those of this pack or folder; else those whose name begins so."""
    exact = frozenset(rule.id for rule in rules if name in (rule.id, rule.name, *rule.file.was))
    group = frozenset(rule.id for rule in rules if name in (rule.id.partition("/")[0], rule.section))
    return exact or group or frozenset(rule.id for rule in rules if rule.id.startswith(name) or rule.name.startswith(name))


def gated(chosen: Mapping[str, Sequence[Rule]], options: Options) -> frozenset[str]:
    """The ids of the rules whose failure stops a report whatever their severity."""
    rules = [rule for group in chosen.values() for rule in group]
    return frozenset().union(*(_named(rules, name) for name in options.gate))
