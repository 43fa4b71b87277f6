"""A season of reviews from end to end: a roster and files in, a :class:`~govreport_check.season.model.Season` out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeAlias

from govreport_check.engine import Job, check_jobs
from govreport_check.errors import SourceError
from govreport_check.findings import ReportResult, Result
from govreport_check.model import Report
from govreport_check.open_form import expanded, members_of
from govreport_check.pack import Pack
from govreport_check.recognition import Packs, Recognised, packs_of
from govreport_check.roster import Unit
from govreport_check.season.alike import alike, own_words
from govreport_check.season.figures import figures_of
from govreport_check.season.lines import Known, line_of
from govreport_check.season.matching import Matched, match, season_year
from govreport_check.season.model import Anomaly, AnomalyKind, Decision, Heading, KeyFigure, Line, Season, SumLine
from govreport_check.season.naming import Names, counties_of, paths_of
from govreport_check.season.sums import is_part, sums_of
from govreport_check.season.taking import Named, Reading, Taken, take_all
from govreport_check.selection import Options

COMPLETE = "complete"
"""What ``scope`` says of a superior whose units are all in the roster (rules/<pack>/parts)."""

Check: TypeAlias = "Callable[[Sequence[Job]], Result]"


@dataclass(frozen=True, slots=True)
class _Season:
    """What is known before anything is checked."""

    units: tuple[Unit, ...]
    packs: tuple[Pack, ...]
    names: Names
    paths: Mapping[str, tuple[str, ...]]
    year: int | None
    matched: Matched
    below: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def missing(self, parent: str) -> tuple[str, ...]:
        """The units below ``parent`` whose report of this year could not be had."""
        own = self.matched.now.get(parent)
        form = own.report.form if own is not None and own.report is not None else None
        return tuple(name for name in self.below.get(parent, ()) if self.part(name, form) is None)

    def parts(self, parent: str) -> dict[str, Report]:
        own = self.matched.now.get(parent)
        form = own.report.form if own is not None and own.report is not None else None
        found = ((name, self.part(name, form)) for name in self.below.get(parent, ()))
        return {name: report for name, report in found if report is not None}

    def part(self, name: str, form: str | None) -> Report | None:
        taken = self.matched.now.get(name)
        report = taken.report if taken is not None else None
        return report if report is not None and report.tables is not None and form in (None, report.form) else None


def check_season(
    units: Sequence[Unit],
    files: Sequence[Named],
    *,
    packs: Packs | None = None,
    year: int | None = None,
    due: date | None = None,
    decisions: Mapping[tuple[str, str], Decision] | None = None,
    reading: Reading | None = None,
    check: Check | None = None,
    lang: str | None = None,
) -> Season:
    """What is told of every unit of a roster, of their files as a whole, and of the sums up the roster.

    ``files`` are paths and what findings call them; those that the roster names are added. ``year`` is the reporting year, else that of
    most files; ``due`` the day until which all had to publish, else as the pack says. ``check`` checks the jobs, as ``check_jobs`` with the
    usual options does; ``lang`` tells why files cannot be read, the first report's by default. Raises PackError, UsageError.
    """
    loaded = packs_of(packs)
    taken = take_all(_with_stated(units, files), loaded, reading or Reading())
    begun = _begun(tuple(units), tuple(loaded), taken, year, lang or _language(loaded, taken))
    result, earlier = _results(begun, check or (lambda jobs: check_jobs(jobs, packs, Options())))
    known = _known(begun, dict(zip(begun.matched.now, result.reports, strict=False)), earlier, due)
    lines = tuple(line_of(number, unit, known) for number, unit in enumerate(units, 1))
    return Season(
        year=begun.year,
        lines=lines,
        anomalies=_in_order([*begun.matched.anomalies, *_of_lines(lines), *_similar(begun)], begun),
        sums=tuple(line for parent in begun.below for line in _sums(begun, parent)),
        result=result,
        kinds=known.kinds,
        figures=known.figures_named,
        decisions=dict(decisions or {}),
    )


def _language(packs: Sequence[Pack], taken: Sequence[Taken]) -> str:
    first = next((one.pack for one in taken if one.pack is not None), None)
    return next((pack.languages[0] for pack in packs if pack.id == first), "zh")


def _results(begun: _Season, check: Check) -> tuple[Result, dict[str, ReportResult]]:
    """The result of this season's files, those of the units first, and by unit what the rules say of last year's report."""
    now, before = list(_jobs(begun)), {name: one for name, one in begun.matched.before.items() if one.report is not None}
    sources = [*now, *map(_alone, begun.matched.strays)]
    result = check([*sources, *map(_alone, before.values())])
    shown, earlier = result.reports[: len(sources)], result.reports[len(sources) :]
    return result.model_copy(update={"reports": shown}), dict(zip(before, earlier, strict=True))


def _with_stated(units: Sequence[Unit], files: Sequence[Named]) -> list[Named]:
    known = {path.resolve() for path, _ in files}
    stated = dict.fromkeys(path for unit in units for path in (unit.file, unit.prior) if path is not None)
    return [*files, *((path, str(path)) for path in stated if path.resolve() not in known)]


def _begun(units: tuple[Unit, ...], packs: tuple[Pack, ...], taken: Sequence[Taken], year: int | None, lang: str) -> _Season:
    meant = [pack for pack in packs if pack.id in {one.pack for one in taken}]
    endings = tuple(tuple(group) for pack in meant for group in pack.season.endings)
    names = Names(units, endings, tuple(end for pack in meant for end in pack.season.places))
    year = year or season_year(taken)
    below: dict[str, tuple[str, ...]] = {}
    for unit in units:
        if unit.parent is not None:
            below[unit.parent] = (*below.get(unit.parent, ()), unit.name)
    in_order = {unit.name: below[unit.name] for unit in units if unit.name in below}
    return _Season(units, packs, names, paths_of(units), year, match(units, taken, names, year, lang), in_order)


# --- what is checked -----------------------------------------------------------------------------------------------------------


def _jobs(begun: _Season) -> Iterator[Job]:
    """This year's reports, in the order of the roster, each with the facts, last year's report and the parts that belong to it."""
    units = {unit.name: unit for unit in begun.units}
    for name, one in begun.matched.now.items():
        about = dict(units[name].about)
        if about.get("scope") == COMPLETE and begun.missing(name):
            del about["scope"]  # what is missing may be the difference
        prior = begun.matched.before.get(name)
        if one.year not in (None, begun.year):  # its title errs: against that year its day would look late, last year's report like itself
            prior = None
            about.pop("published_on", None)
        yield replace(
            _alone(one), about=about, prior=prior.report if prior else None, parts=tuple(begun.parts(name).values()) if one.report else ()
        )


def _alone(one: Taken) -> Job:
    if one.report is not None:
        return Job(one.report, one.name)
    reason = one.unread or SourceError(one.name, "is not a report of any known form", "未识别为任何已知格式的报告")
    return Job(b"", one.name, unread=reason)


# --- what is told --------------------------------------------------------------------------------------------------------------


def _known(begun: _Season, results: Mapping[str, ReportResult], before: Mapping[str, ReportResult], due: date | None) -> Known:
    kinds = tuple(_headings(begun, "problems"))
    figures = tuple(_headings(begun, "figures"))
    counties = {name: begun.names.without_ending(county) for name, county in counties_of(begun.units).items()}
    return Known(begun.year, due, begun.packs, begun.matched, begun.paths, counties, results, before, kinds, figures, _figures(begun))


def _headings(begun: _Season, key: str) -> Iterator[Heading]:
    used = _packs_used(begun)
    found = {name: spec.title for pack in used for name, spec in getattr(pack.season, key).items()}
    yield from (Heading(name, {"zh": title.zh, "en": title.en}) for name, title in found.items())


def _packs_used(begun: _Season) -> list[Pack]:
    used = {one.pack for one in begun.matched.now.values()}
    return [pack for pack in begun.packs if pack.id in used]


def _recognised(begun: _Season, one: Taken) -> Recognised | None:
    if one.report is None:
        return None
    pack = next(pack for pack in begun.packs if pack.id == one.pack)
    form = pack.forms[one.report.form]
    return Recognised(one.report, expanded(form, members_of(form, one.report.entities, one.report.tables)), pack)


def _figures(begun: _Season) -> dict[str, tuple[KeyFigure, ...]]:
    groups: dict[tuple[str, object], list[tuple[str, Recognised]]] = defaultdict(list)
    for name, one in begun.matched.now.items():
        found = _recognised(begun, one)
        if found is not None:
            groups[found.form.id, found.form.members].append((name, found))
    figures: dict[str, tuple[KeyFigure, ...]] = {}
    for group in groups.values():
        first = group[0][1]
        made = figures_of([one.report for _, one in group], first.form, first.pack)
        figures.update(zip((name for name, _ in group), made, strict=True))
    return figures


def _sums(begun: _Season, parent: str) -> list[SumLine]:
    own = begun.matched.now.get(parent)
    parts = begun.parts(parent)
    forms = Counter(report.form for report in parts.values())
    like = own if own is not None and own.report is not None else None
    like = like or next((begun.matched.now[name] for name in parts if parts[name].form == max(forms, key=lambda f: (forms[f], f))), None)
    found = None if like is None else _recognised(begun, like)
    if found is None:
        return []
    fitting = {name: report for name, report in parts.items() if is_part(report, found.form)}
    missing = tuple(name for name in begun.below[parent] if name not in fitting)
    complete = any(unit.name == parent and unit.about.get("scope") == COMPLETE for unit in begun.units)
    return sums_of(parent, found.form, own.report if own is not None else None, fitting, missing, complete=complete)


def _similar(begun: _Season) -> Iterator[Anomaly]:
    """Pairs of units that hand in one text; those that hand in one file are told already."""
    shared = {frozenset(one.units) for one in begun.matched.anomalies if one.kind is AnomalyKind.SAME_FILE}
    texts: dict[str, str] = {}
    for name, one in begun.matched.now.items():
        found = _recognised(begun, one)
        if found is not None:
            texts[name] = own_words(found.report, found.form, begun.names.spoken((*begun.paths[name], name)))
    names = list(texts)
    for pair in alike(list(texts.values())):
        both = (names[pair.first], names[pair.second])
        if not any(set(both) <= group for group in shared):
            yield Anomaly(AnomalyKind.SIMILAR_TEXT, both, tuple(begun.matched.now[name].name for name in both), similarity=pair.share)


def _of_lines(lines: Sequence[Line]) -> Iterator[Anomaly]:
    for line in lines:
        if not line.received:
            yield Anomaly(AnomalyKind.ABSENT, (line.unit,))
        if line.days_late:
            yield Anomaly(AnomalyKind.LATE, (line.unit,), (line.file or "",), days=line.days_late, said=line.day_from)


def _in_order(anomalies: Sequence[Anomaly], begun: _Season) -> tuple[Anomaly, ...]:
    kinds = {kind: i for i, kind in enumerate(AnomalyKind)}
    rows = {unit.name: i for i, unit in enumerate(begun.units)}
    return tuple(sorted(anomalies, key=lambda one: (kinds[one.kind], [rows[name] for name in one.units], one.files)))
