"""The next round: what a former workbook decided, and what became of its findings, beside the season as it is now.

A finding is *open* when the same rule still fails at the same place, also with other figures; *mended* when it is gone from a report that
was read; *not rechecked* when nothing can be said: no report, not wholly read, the rule undecided, or last year's report not there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from govreport_check.findings import Verdict
from govreport_check.renderers.sheets.files import key_of
from govreport_check.renderers.sheets.problems import WITH_PRIOR, listed
from govreport_check.renderers.sheets.round import NOTHING, Again, Round, Stray, Told, Typed
from govreport_check.season.model import Line, Season
from govreport_check.workbook.reading import Kept
from govreport_check.workbook.words import say


@dataclass(frozen=True, slots=True)
class NextRound:
    """The round, and what is to be told of entries that no longer belong to anything."""

    round: Round
    remarks: tuple[str, ...]


def next_round(season: Season, kept: Kept, *, notes: bool = False, waived: bool = False) -> NextRound:
    """What ``kept`` decided, bound to the findings of ``season``; ``notes`` and ``waived`` as the next workbook lists them."""
    now: dict[str, list[Told]] = defaultdict(list)
    for _, told in listed(season, kept.lang, notes=notes, waived=waived):
        now[told.unit].append(told)
    lines = {line.unit: line for line in season.lines}
    old: dict[str, list[tuple[Told, Typed]]] = defaultdict(list)
    for told, typed in kept.findings:
        old[told.unit].append((told, decided(typed, kept.units.get(told.unit, NOTHING))))
    done = {unit: _unit_round(lines[unit], old[unit], now[unit]) for unit in lines}
    strays = [_stray(told, typed) for unit, rows in old.items() if unit not in lines for told, typed in rows if typed]
    away = [(unit, typed) for unit, typed in kept.units.items() if unit not in lines and typed]
    strays += [Stray(kept.source, unit, unit, typed) for unit, typed in away]
    names = dict.fromkeys(stray.unit for stray in strays)
    there = {key_of(one) for one in season.anomalies}
    strays += [said for key, said in kept.files.items() if key not in there]
    return NextRound(
        round=Round(
            units={unit: _of_unit(kept.units[unit], done[unit]) for unit in lines if unit in kept.units},
            findings={key: typed for one in done.values() for key, typed in one.findings.items() if typed},
            again={key: again for one in done.values() for key, again in one.again.items()},
            gone=tuple(told for one in done.values() for told in one.gone),
            strays=(*kept.strays, *strays),
            files={key: said.typed.remark for key, said in kept.files.items() if key in there},
        ),
        remarks=tuple(say(kept.lang, "unit_gone", at=kept.source, unit=unit) for unit in names),
    )


def decided(own: Typed, of_unit: Typed) -> Typed:
    """What holds for a finding: its own decision and day, else its unit's; the remark is its own."""
    if own.adopted is None and not own.word and of_unit.adopted is not None:
        own = replace(own, adopted=of_unit.adopted)
    return own


def _of_unit(typed: Typed, done: Round) -> Typed:
    """A unit's decision stands beside its findings now; it is not taken to mean findings that nobody has seen yet."""
    return replace(typed, adopted=None) if Again.NEW in done.again.values() else typed


def _stray(told: Told, typed: Typed) -> Stray:
    return Stray("", told.unit, told.message, typed)


# --- one unit -------------------------------------------------------------------------------------------------------------------


def _unit_round(line: Line, old: Sequence[tuple[Told, Typed]], now: Sequence[Told]) -> Round:
    """``old`` rows and ``now`` findings of one unit paired: by fingerprint, then by rule and place."""
    now = list({told.fingerprint: told for told in now}.values())  # a mistake that is made twice in one place is decided once
    pairs = _paired([told for told, _ in old], now)
    typed = {(line.unit, now[new].fingerprint): old[former][1] for former, new in pairs.items()}
    again = {(line.unit, told.fingerprint): Again.NEW for told in now}
    again |= {(line.unit, now[new].fingerprint): Again.OPEN for new in pairs.values()}
    left = [told for at, (told, _) in enumerate(old) if at not in pairs]
    gone = tuple(replace(told, again=_fate(told, line)) for told in left)
    typed |= {(line.unit, told.fingerprint): said for at, (told, said) in enumerate(old) if at not in pairs}
    return Round(findings=typed, again=again, gone=gone)


_KEYS: tuple[Callable[[Told], Hashable], ...] = (
    lambda told: told.fingerprint,
    lambda told: (told.rule, told.place, told.year),
)


def _paired(old: Sequence[Told], now: Sequence[Told]) -> dict[int, int]:
    """Positions in ``now`` by positions in ``old``."""
    pairs: dict[int, int] = {}
    for key in _KEYS:
        waiting: Mapping[Hashable, list[int]] = _grouped(now, key, set(pairs.values()))
        for at, told in enumerate(old):
            if at not in pairs and waiting.get(key(told)):
                pairs[at] = waiting[key(told)].pop(0)
    return pairs


def _grouped(told: Iterable[Told], key: Callable[[Told], Hashable], taken: set[int]) -> dict[Hashable, list[int]]:
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for at, one in enumerate(told):
        if at not in taken:
            groups[key(one)].append(at)
    return groups


def _fate(told: Told, line: Line) -> Again:
    """What became of a finding that the present check does not list."""
    report = line.report
    if told.again is Again.MENDED:
        return Again.MENDED
    if report is None or report.form is None or report.verdict is Verdict.NOT_VERIFIED:
        return Again.UNKNOWN
    if any(finding.fingerprint == told.fingerprint for finding in report.findings):
        return Again.OPEN  # it is there, but the sheet does not list it: waived, or a note
    undecided = any(one.rule == told.rule and one.outcome == "undecided" for one in report.findings)
    without_prior = told.place.endswith(WITH_PRIOR) and line.prior is None and line.prior_report is None
    return Again.UNKNOWN if undecided or without_prior else Again.MENDED
