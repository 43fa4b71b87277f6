"""A season, and what reviewers typed, as the sheets of one workbook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import PurePath

from govreport_check.findings import Finding, ReportResult, Result
from govreport_check.renderers.lines import clean
from govreport_check.renderers.sheets.book import workbook
from govreport_check.renderers.sheets.files import files_sheet, strays_sheet, sums_sheet
from govreport_check.renderers.sheets.problems import problems_sheet
from govreport_check.renderers.sheets.round import FIRST, Round
from govreport_check.renderers.sheets.statistics import statistics_sheet
from govreport_check.renderers.sheets.table import Sheet
from govreport_check.renderers.sheets.units import units_sheet
from govreport_check.renderers.sheets.words import say
from govreport_check.renderers.words import group_of
from govreport_check.season.model import Heading, Line, Problems, Season


def season_sheets(season: Season, round_: Round = FIRST, lang: str = "zh", *, notes: bool = False, waived: bool = False) -> list[Sheet]:
    """The five sheets of a season, and a sixth where something typed belongs to nothing any more.

    ``round_`` is what :func:`govreport_check.workbook.next_round` made of a former workbook.
    """
    sheets = [
        units_sheet(season, round_, lang),
        problems_sheet(season, round_, lang, notes=notes, waived=waived),
        files_sheet(season, round_.files, lang),
        sums_sheet(season, lang),
        statistics_sheet(season, lang),
    ]
    return [*sheets, strays_sheet(round_.strays, lang)] if round_.strays else sheets


def result_sheets(result: Result, lang: str, *, notes: bool = False, waived: bool = False) -> list[Sheet]:
    """Sheets 1, 2 and 5 of a plain check: every report is its unit."""
    season = season_of(result)
    return [
        units_sheet(season, FIRST, lang),
        problems_sheet(season, FIRST, lang, notes=notes, waived=waived),
        statistics_sheet(season, lang),
    ]


def season_workbook(season: Season, round_: Round = FIRST, lang: str = "zh", *, notes: bool = False, waived: bool = False) -> bytes:
    """The workbook (xlsx) of a season. Raises UsageError where XlsxWriter is not installed."""
    return workbook(season_sheets(season, round_, lang, notes=notes, waived=waived), say(lang, "book"))


def season_of(result: Result) -> Season:
    """A season without a roster: a line for each report, named by its agency, with its year and file where that is not enough."""
    agencies = [clean(str(report.about.get("agency") or PurePath(report.source).name)) for report in result.reports]
    named = Counter(agencies)
    dated = [_dated(agency, report) if named[agency] > 1 else agency for agency, report in zip(agencies, result.reports, strict=True)]
    often = Counter(dated)
    names = [f"{name} · {clean(report.source)}" if often[name] > 1 else name for name, report in zip(dated, result.reports, strict=True)]
    lines = tuple(_line(number, name, report, result) for number, (name, report) in enumerate(zip(names, result.reports, strict=True), 1))
    return Season(None, lines, (), (), result, tuple(Heading(id_, title) for id_, title in result.kinds.items()))


def _dated(agency: str, report: ReportResult) -> str:
    return f"{agency} {clean(str(report.about.get('year') or ''))}".rstrip()


def _line(number: int, name: str, report: ReportResult, result: Result) -> Line:
    level, kind = (str(report.about[fact]) if report.about.get(fact) else None for fact in ("level", "kind"))
    problems = {id_: _problems([one for one in report.findings if _is_of(one, id_, result)]) for id_ in result.kinds}
    return Line(number, name, level=level, kind=kind, form=report.form, file=report.source, report=report, problems=problems)


def _is_of(finding: Finding, kind: str, result: Result) -> bool:
    return finding.rule in result.rules and kind in result.rules[finding.rule].kinds


def _problems(findings: Sequence[Finding]) -> Problems:
    counted = Counter(map(group_of, findings))
    return Problems(counted["error"], counted["warning"], counted["note"], counted["undecided"])
