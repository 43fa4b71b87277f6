"""The line of one unit: what the roster says of it, what its report says, what the rules say of that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from govreport_check.findings import LOUDNESS, Finding, ReportResult, Severity
from govreport_check.pack import Pack
from govreport_check.pack_file import DueSpec
from govreport_check.pack_season import kinds_of
from govreport_check.roster import Unit
from govreport_check.season.figures import NOT_READ
from govreport_check.season.matching import Matched
from govreport_check.season.model import Heading, KeyFigure, Line, Problems
from govreport_check.season.taking import Taken

_LEAST = Severity.WARNING


@dataclass(frozen=True, slots=True)
class Known:
    """All from which the lines are made; mappings are by unit."""

    year: int | None
    due: date | None
    packs: tuple[Pack, ...]
    matched: Matched
    paths: Mapping[str, tuple[str, ...]]
    counties: Mapping[str, str]
    results: Mapping[str, ReportResult]
    before: Mapping[str, ReportResult]
    kinds: tuple[Heading, ...]
    figures_named: tuple[Heading, ...]
    figures: Mapping[str, tuple[KeyFigure, ...]]


def line_of(number: int, unit: Unit, known: Known) -> Line:
    """The line of a unit, ``number`` in the roster."""
    now, other, prior = (group.get(unit.name) for group in (known.matched.now, known.matched.other, known.matched.before))
    sent = now or other
    result, earlier = known.results.get(unit.name), known.before.get(unit.name)
    day, day_from = _published(unit, sent)
    pack = next((pack for pack in known.packs if sent is not None and pack.id == sent.pack), None)
    due = known.due or _due(unit, sent, pack or next(iter(known.packs), None), known.year)
    return Line(
        number=number,
        unit=unit.name,
        path=known.paths[unit.name],
        county=known.counties[unit.name],
        level=_stated(unit, sent, "level"),
        kind=_stated(unit, sent, "kind"),
        parent=unit.parent,
        year=sent.year if sent else None,
        form=sent.report.form if sent and sent.report else None,
        published_on=day,
        day_from=day_from,
        due=due,
        days_late=max(0, (day - due).days) if day and due and now else None,
        address=unit.address,
        file=sent.name if sent else None,
        copies=known.matched.copies.get(unit.name, ()),
        prior=prior.name if prior else None,
        report=result,
        prior_report=earlier,
        problems=_problems(result, known),
        prior_problems=_problems(earlier, known),
        same_problems=_same(result, earlier),
        figures=known.figures.get(unit.name) or tuple(KeyFigure(one.id, None, NOT_READ) for one in known.figures_named),
    )


def _stated(unit: Unit, sent: Taken | None, key: str) -> str | None:
    value = unit.about.get(key) or (sent.report.about.get(key) if sent and sent.report else None)
    return str(value) if value else None


def _published(unit: Unit, sent: Taken | None) -> tuple[date | None, str | None]:
    """The day of publication and what says so: the roster, else the report."""
    for key in ("published_on", "signed_on"):
        value = _stated(unit, sent, key)
        try:
            if value:
                return date.fromisoformat(value), key
        except ValueError:
            continue  # a day that is not in the calendar is told of the report
    return None, None


def _due(unit: Unit, sent: Taken | None, pack: Pack | None, year: int | None) -> date | None:
    level, kind = _stated(unit, sent, "level"), _stated(unit, sent, "kind")
    spec = next((one for one in pack.season.due if _meant(one, level, kind)), None) if pack else None
    return date.fromisoformat(f"{year + 1}-{spec.day}") if spec is not None and year is not None else None


def _meant(spec: DueSpec, level: str | None, kind: str | None) -> bool:
    return (not spec.level or level in spec.level) and (not spec.kind or kind in spec.kind)


def _problems(result: ReportResult | None, known: Known) -> dict[str, Problems]:
    counted: dict[str, list[Finding]] = {one.id: [] for one in known.kinds}
    sections = {rule.id: (pack, rule.section) for pack in known.packs for rule in pack.rules} if result and result.findings else {}
    for finding in result.findings if result else ():
        pack, section = sections.get(finding.rule, (None, ""))
        for one in (pack,) if pack else known.packs:
            for kind in kinds_of(one.season, finding.rule, section):
                counted[kind].append(finding)
    return {kind: _counted(findings) for kind, findings in counted.items()}


def _counted(findings: list[Finding]) -> Problems:
    failed = [one.severity for one in findings if one.outcome == "fail" and not one.waived]
    undecided = sum(one.instances for one in findings if one.outcome == "undecided" and not one.waived)
    return Problems(failed.count(Severity.ERROR), failed.count(Severity.WARNING), failed.count(Severity.NOTE), undecided)


def _same(result: ReportResult | None, earlier: ReportResult | None) -> tuple[str, ...]:
    """The rules that both years break, errors and warnings alone."""
    now, before = ({one.rule: None for one in (given.findings if given else ()) if _counts(one)} for given in (result, earlier))
    return tuple(rule for rule in now if rule in before)


def _counts(finding: Finding) -> bool:
    return finding.outcome == "fail" and not finding.waived and LOUDNESS[finding.severity] >= LOUDNESS[_LEAST]
