"""Many reports at a glance: a line for each, and where their findings are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from govreport_check.findings import ReportResult
from govreport_check.renderers.lines import clean
from govreport_check.renderers.words import group_of

COUNTED = ("error", "warning", "undecided")
"""The groups that charts count: notes and what is waived call for nothing."""

MOST_BARS = 6


@dataclass(frozen=True, slots=True)
class Row:
    """One report in the overview; ``counts`` by group."""

    anchor: str
    report: ReportResult
    agency: str
    year: str
    counts: Counter[str]


@dataclass(frozen=True, slots=True)
class Bar:
    """``pieces`` are (group, start, width) in percent of the longest bar."""

    label: str
    total: int
    counts: tuple[tuple[str, int], ...]
    pieces: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """``others``: so many more labels have findings that have no bar."""

    key: str
    bars: tuple[Bar, ...]
    others: int


def row(anchor: str, report: ReportResult) -> Row:
    agency = clean(str(report.about.get("agency") or report.about.get("title") or Path(report.source).name))
    return Row(anchor, report, agency, clean(str(report.about.get("year") or "")), Counter(map(group_of, report.findings)))


def charts(told: Iterable[tuple[Row, str, str, str]]) -> list[Chart]:
    """Of (report's row, section, what the rule demands, group) of every finding: its charts, those with a single bar left out."""
    counted = {key: Counter[tuple[str, str]]() for key in ("by_rule", "by_part", "by_agency", "by_year")}
    for row_, part, rule, group in told:
        if group in COUNTED:
            for key, label in (("by_rule", rule), ("by_part", part), ("by_agency", row_.agency), ("by_year", row_.year)):
                counted[key][label, group] += 1
    return [found for key, counts in counted.items() if len((found := _chart(key, counts)).bars) > 1]


def _chart(key: str, counts: Counter[tuple[str, str]]) -> Chart:
    totals = Counter[str]()
    for (label, _), number in counts.items():
        totals[label] += number
    kept = sorted(totals.items(), key=lambda one: (-one[1], one[0]))[:MOST_BARS]
    shown = sorted(label for label, _ in kept) if key == "by_year" else [label for label, _ in kept]
    most = max(totals.values(), default=1)
    return Chart(key, tuple(_bar(label, totals[label], counts, most) for label in shown), len(totals) - len(kept))


def _bar(label: str, total: int, counts: Counter[tuple[str, str]], most: int) -> Bar:
    numbers = tuple((group, counts[label, group]) for group in COUNTED if counts[label, group])
    return Bar(label, total, numbers, tuple(_pieces(numbers, most)))


def _pieces(numbers: Sequence[tuple[str, int]], most: int) -> Iterable[tuple[str, str, str]]:
    start = 0
    for group, number in numbers:
        yield group, percent(start, most), percent(number, most)
        start += number


def percent(part: int, whole: int) -> str:
    """``33.33``; a width on paper, no figure of a report."""
    return f"{part * 10000 // whole // 100}.{part * 10000 // whole % 100:02d}"
