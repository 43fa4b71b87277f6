"""Whose file is whose: by the roster, else by the agency that a report names; and what is amiss with files as such.

Nothing is guessed: a name that is only near is told with the units that it may mean, and its report is nobody's.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from govreport_check.figures import normal
from govreport_check.roster import Unit
from govreport_check.season.model import Anomaly, AnomalyKind
from govreport_check.season.naming import Names
from govreport_check.season.taking import Taken

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_EMPTY = hashlib.sha256(b"").hexdigest()
_FEWEST = 2
"""Units that have reported on the next year, when that is the season's: one may have mistaken the year."""


@dataclass(frozen=True, slots=True)
class Matched:
    """By unit: ``now`` this year's report, ``copies`` further files with the same content, ``before`` last year's report, ``other`` a
    report of another year that was sent in place of this year's. ``strays`` are this season's files that are nobody's."""

    now: Mapping[str, Taken] = field(default_factory=dict)
    copies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    before: Mapping[str, Taken] = field(default_factory=dict)
    other: Mapping[str, Taken] = field(default_factory=dict)
    strays: tuple[Taken, ...] = ()
    anomalies: tuple[Anomaly, ...] = ()


def season_year(taken: Sequence[Taken]) -> int | None:
    """The year of most reports, the later of two that are as frequent; the one after it where those who reported on that lie there
    with both: an archive of last year beside the first reports of this one."""
    years = Counter(one.year for one in taken if one.year is not None)
    year = max(years, key=lambda year: (years[year], year), default=None)
    if year is None:
        return None
    agencies = {when: {next(_stated_names(one), one.name) for one in taken if one.year == when} for when in (year, year + 1)}
    further = {next(_stated_names(one), one.name) for one in taken if one.year == one.period == year + 1}
    both = further & agencies[year]
    return year + 1 if len(both) >= _FEWEST and 2 * len(both) >= len(agencies[year + 1]) else year


def match(units: Sequence[Unit], taken: Sequence[Taken], names: Names, year: int | None, lang: str = "zh") -> Matched:
    """Every file given to its unit. ``year`` is the one that is reviewed, ``lang`` that in which reasons are told."""
    told: list[Anomaly] = []
    of_unit, priors, strays = _assigned(units, taken, names, told, lang)
    named = _by_file_name(strays, names, year)
    now, copies, before, other = {}, {}, {}, {}
    for unit in units:
        mine = of_unit.get(unit.name, [])
        this = _of_year(mine, year) or named.get(unit.name, [])
        last = priors.get(unit.name) or [one for one in mine if year is not None and one.year == year - 1 and one not in this]
        if this:
            now[unit.name], copies[unit.name] = _one_of(unit, this, told)
        elif mine:
            other[unit.name] = mine[0]
        if last:
            before[unit.name] = _one_of(unit, last, told)[0]
        sent = [one for one in mine if one not in this and (not this or _is_later(one, year))]  # older ones are an archive
        told += [Anomaly(AnomalyKind.OTHER_YEAR, (unit.name,), (one.name,), year=one.year) for one in sent]
    told += _shared(now)
    used = [one for unit in now for one in named.get(unit, ()) if one.name in (now[unit].name, *copies[unit])]
    return Matched(now, copies, before, other, tuple(one for one in strays if one not in used), tuple(told))


def _by_file_name(strays: Sequence[Taken], names: Names, year: int | None) -> dict[str, list[Taken]]:
    """What cannot be read and so names nobody, by the one unit whose full name its file has: who sent a broken file is not absent."""
    found: dict[str, list[Taken]] = defaultdict(list)
    for one in strays:
        years = _YEAR.findall(normal(one.path.stem))
        units = names.named_in(one.path.stem) if one.unread is not None and (not years or str(year) in years) else ()
        if len(units) == 1:
            found[units[0]].append(one)
    return found


def _of_year(mine: Sequence[Taken], year: int | None) -> list[Taken]:
    """Those of the year; where there is none, those whose title has another but whose figures are of it by the period they state."""
    if year is None:
        return list(mine)
    return [one for one in mine if one.year in (year, None)] or [one for one in mine if one.period == year]


def _is_later(one: Taken, year: int | None) -> bool:
    return year is not None and one.year is not None and one.year > year


def _assigned(
    units: Sequence[Unit], taken: Sequence[Taken], names: Names, told: list[Anomaly], lang: str
) -> tuple[dict[str, list[Taken]], dict[str, list[Taken]], list[Taken]]:
    """By unit its files and, from the roster, last year's report; and the files that are nobody's."""
    stated = {unit.file.resolve(): unit.name for unit in units if unit.file is not None}
    earlier: dict[Path, list[str]] = defaultdict(list)
    for unit in units:
        if unit.prior is not None:
            earlier[unit.prior.resolve()].append(unit.name)
    of_unit: dict[str, list[Taken]] = defaultdict(list)
    priors: dict[str, list[Taken]] = {}
    strays: list[Taken] = []
    for one in taken:
        path = one.path.resolve()
        priors.update({name: [one] for name in earlier.get(path, ())})
        if path in stated:
            of_unit[stated[path]].insert(0, one)  # what the roster names comes first
            told += _of_another(one, stated[path], names)
        elif path not in earlier:
            name = _named(one, names)
            if name is None:
                strays.append(one)
                told.append(_stray(one, names, lang))
            else:
                of_unit[name].append(one)
    return of_unit, priors, strays


def _stated_names(one: Taken) -> Iterator[str]:
    """Who the report says that it is of, the agency in its title first."""
    for key in ("agency", "signed_by"):
        value = one.report.about.get(key) if one.report else None
        if isinstance(value, str) and value.strip():
            yield value


def _named(one: Taken, names: Names) -> str | None:
    return next((found for stated in _stated_names(one) if (found := names.unit(stated))), None)


def _of_another(one: Taken, unit: str, names: Names) -> list[Anomaly]:
    """Told where the file that the roster names for one unit says that it is another's."""
    for stated in _stated_names(one):
        found = names.unit(stated)
        if found is not None:
            same = found == unit or names.without_ending(found) == names.without_ending(unit)
            return [] if same else [Anomaly(AnomalyKind.NAME_NEAR, (unit, found), (one.name,), said=stated)]
    return []


def _stray(one: Taken, names: Names, lang: str) -> Anomaly:
    if one.unread is not None or one.report is None:
        said = None if one.unread is None else one.unread.told(lang)
        return Anomaly(AnomalyKind.UNREAD_FILE, names.named_in(one.path.stem), (one.name,), said=said)
    stated = next(_stated_names(one), None)
    near = names.near(stated) if stated else ()
    kind = AnomalyKind.NAME_NEAR if near else AnomalyKind.UNMATCHED_FILE
    return Anomaly(kind, near, (one.name,), said=stated, year=one.year)


def _one_of(unit: Unit, files: Sequence[Taken], told: list[Anomaly]) -> tuple[Taken, tuple[str, ...]]:
    """The file that counts, the first one, and its copies; several that say different things are told."""
    first, *more = files
    copies = tuple(one.name for one in more if _same(first, one))
    others = [one.name for one in more if not _same(first, one)]
    if copies:
        told.append(Anomaly(AnomalyKind.SAME_FILE, (unit.name,), (first.name, *copies), year=first.year))
    if others:
        told.append(Anomaly(AnomalyKind.TWO_FILES, (unit.name,), (first.name, *others), year=first.year))
    return first, copies


def _same(a: Taken, b: Taken) -> bool:
    return (a.digest not in ("", _EMPTY) and a.digest == b.digest) or (a.content is not None and a.content == b.content)


def _shared(now: Mapping[str, Taken]) -> Iterator[Anomaly]:
    """Files of one content that several units sent."""
    groups: dict[str, list[str]] = defaultdict(list)
    for name, one in now.items():
        said = "" if one.digest == _EMPTY else one.content or one.digest  # two empty files are not one report sent twice
        groups[said or one.name].append(name)
    for members in groups.values():
        if len(members) > 1:
            yield Anomaly(AnomalyKind.SAME_FILE, tuple(members), tuple(now[name].name for name in members))
