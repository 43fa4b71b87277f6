"""Sheet 5: problems by kind and county, this year and last, for a circular."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from govreport_check.findings import ReportResult
from govreport_check.renderers.sheets.table import Chart, Column, Row, Series, Sheet, Value
from govreport_check.renderers.sheets.units import pick_title
from govreport_check.renderers.sheets.words import say
from govreport_check.renderers.words import group_of
from govreport_check.season.model import Conclusion, Heading, Line, Problems, Season

_HEADS = (
    ("county", 18),
    ("count.units", 8),
    ("count.received", 8),
    ("count.late", 8),
    *((one.value, 8) for one in Conclusion),
    ("found", 8),
    ("found.last", 8),
)
_MOST = 15
_WIDTH = 8


def statistics_sheet(season: Season, lang: str) -> Sheet:
    """A row for all, then one for each county in the order of the roster. ``kinds``: this year's columns, then last year's."""
    counties = list(dict.fromkeys(line.county for line in season.lines if line.county))
    groups = [season.lines, *([line for line in season.lines if line.county == county] for county in counties)]
    names = [say(lang, "total"), *counties]
    rows = tuple(Row((name, *_counts(lines, season.kinds))) for name, lines in zip(names, groups, strict=True))
    kinds = [Column(f"kind.{one.id}", pick_title(one.title, lang), _WIDTH, "number") for one in season.kinds]
    last = [Column(f"last.{one.id}", say(lang, "last", title=pick_title(one.title, lang)), _WIDTH, "number") for one in season.kinds]
    heads = [Column(id_, say(lang, id_), width, "text" if id_ == "county" else "number") for id_, width in _HEADS]
    missing = any(line.report and not line.prior_report for line in season.lines)
    return Sheet(
        id="statistics",
        title=say(lang, "statistics"),
        columns=(*heads, *kinds, *last),
        rows=rows,
        frozen=1,
        foot=(say(lang, "statistics.foot"), *((say(lang, "statistics.no_last"),) if missing else ())),
        bars=("found",),
        charts=tuple(_charts(len(heads), len(kinds), len(counties), lang)),
    )


def _counts(lines: Sequence[Line], kinds: Sequence[Heading]) -> tuple[Value, ...]:
    conclusions = [line.conclusion for line in lines]
    return (
        len(lines),
        sum(line.report is not None for line in lines),
        sum(bool(line.days_late) for line in lines),
        *(conclusions.count(one) for one in Conclusion),
        _told([line.report for line in lines]),
        _told([line.prior_report for line in lines]),
        *(_of_kind([line.problems for line in lines if line.report], one.id) for one in kinds),
        *(_of_kind([line.prior_problems for line in lines if line.prior_report], one.id) for one in kinds),
    )


def _told(reports: Sequence[ReportResult | None]) -> int | None:
    """Errors and points to verify; of no report at all nothing is known."""
    known = [report for report in reports if report]
    return sum(group_of(finding) in ("error", "warning") for report in known for finding in report.findings) if known else None


def _of_kind(problems: Sequence[Mapping[str, Problems]], kind: str) -> int | None:
    return sum(found[kind].told for found in problems if kind in found) if problems else None


def _charts(heads: int, kinds: int, counties: int, lang: str) -> Iterable[Chart]:
    """Problems by kind, from the row for all; problems by county, the first fifteen."""
    if kinds:
        at = ((0, heads, 0, heads + kinds - 1), (1, heads, 1, heads + kinds - 1), (1, heads + kinds, 1, heads + 2 * kinds - 1))
        yield _chart(say(lang, "chart.kinds"), kinds, at, lang)
    if counties > 1:
        last, found = 1 + min(counties, _MOST), heads - 2
        at = ((2, 0, last, 0), (2, found, last, found), (2, found + 1, last, found + 1))
        yield _chart(say(lang, "chart.counties"), last - 1, at, lang)


def _chart(title: str, length: int, at: Sequence[tuple[int, int, int, int]], lang: str) -> Chart:
    names, this, last = at
    return Chart(title, length, (Series(say(lang, "this_year"), names, this), Series(say(lang, "last_year"), names, last)))
