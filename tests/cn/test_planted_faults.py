"""Faults planted one at a time in a clean report: how many of each kind a rule of the right family finds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import pytest
from planting import Fault, figures_alone, planted, stock_years, with_percentages

from govreport_check import check, check_many
from govreport_check.findings import ReportResult

SUMS = {"requests-row-total", "requests-result-total", "requests-balance", "disputes-total"}
STOCK = {"stock-continues", "stock-above-possible", "stock-not-negative"}
PARTS = {"sections-present", "sections-not-empty", "sections-numbered", "sections-in-order", "unread-section", "absent-table"}
DEADLINES = {"deadline-county", "deadline-prefecture", "deadline-march", "deadline-january"}
TITLE_YEAR = {"title-year", "preamble-year", "period-start", "period-end", "form-fits-year"}

KINDS: Mapping[str, tuple[set[str], int, float]] = {
    **{f"{table}: digit {slip}": (SUMS, 20, 1.0) for table in ("requests", "disputes") for slip in ("swapped", "dropped", "doubled")},
    **{f"documents: digit {slip}": (STOCK, 20, 1.0) for slip in ("swapped", "dropped", "doubled")},
    "row shifted": (SUMS, 20, 1.0),
    "column swapped": (SUMS, 20, 1.0),
    "section removed": (PARTS, 20, 0.95),
    "heading misprinted": ({"heading-misprinted", "heading-other"}, 40, 1.0),
    "label misprinted": ({"label-misprinted", "label-shortened", "label-other", "unrecognised-row", "absent-row"}, 20, 0.95),
    "year of another report": (TITLE_YEAR, 20, 1.0),
    "agency of another report": ({"preamble-agency", "signature-agency"}, 20, 1.0),
    "wrong document number": ({"notice-number", "regulation-number"}, 20, 1.0),
    "percentage off by one": ({"outcome-share", "outcome-shares-total"}, 20, 1.0),
    "period misprinted": ({"period-start", "period-end", "dates-possible", "years-malformed"}, 20, 1.0),
    "date after the deadline": (DEADLINES, 20, 1.0),
}
"""Kind → the rules that may find it, how many are planted at least, and the share that is found, as measured."""
OVERALL = 0.95


@dataclass(frozen=True)
class Tried:
    fault: Fault
    told: ReportResult

    @property
    def found(self) -> bool:
        rules = KINDS[self.fault.kind][0]
        return any(finding.rule.partition("/")[2] in rules for finding in self.told.findings)


def tried(faults: Sequence[Fault]) -> list[Tried]:
    """Side by side with those of the same year before; each alone where another one might be taken for its year before."""
    if faults[0].kind == "year of another report":
        return [Tried(fault, check(fault.report).reports[0]) for fault in faults]
    groups = [list(group) for _, group in groupby(faults, key=lambda fault: id(fault.prior))]
    told = [one for group in groups for one in check_many([fault.report for fault in group], prior=group[0].prior).reports]
    return [Tried(fault, one) for fault, one in zip(faults, told, strict=True)]


@pytest.fixture(scope="module")
def results(clean: str) -> dict[str, list[Tried]]:
    return {kind: tried(faults) for kind, faults in planted(clean).items()}


def test_what_is_planted_in_is_clean(clean: str) -> None:
    now, before = next(stock_years())
    texts = [clean, *(with_percentages(clean, places) for places in (0, 1, 2))]
    told = [*check_many([*texts, figures_alone()]).reports, *check(now, prior=before).reports]
    assert [[finding.message for finding in report.findings] for report in told] == [[]] * 6


def test_every_kind_is_planted(results: dict[str, list[Tried]]) -> None:
    assert set(results) == set(KINDS)
    assert {kind: len(faults) for kind, faults in results.items() if len(faults) < KINDS[kind][1]} == {}


@pytest.mark.parametrize("kind", KINDS)
def test_share_found(results: dict[str, list[Tried]], kind: str) -> None:
    faults = results[kind]
    missed = [fault.fault.told for fault in faults if not fault.found]
    assert len(faults) - len(missed) >= KINDS[kind][2] * len(faults), missed


@pytest.mark.parametrize(
    "kind", ["heading misprinted", "label misprinted", "agency of another report", "wrong document number", "percentage off by one"]
)
def test_no_error_is_told_of_what_is_right(results: dict[str, list[Tried]], kind: str) -> None:
    """A misprint, a name, a citation, a percentage: nothing of that makes a figure or a part of the report wrong."""
    errors = [
        (one.fault.told, f.message) for one in results[kind] for f in one.told.findings if f.outcome == "fail" and f.severity == "error"
    ]
    assert errors == []


def test_nineteen_of_twenty_are_found(results: dict[str, list[Tried]]) -> None:
    lines = [f"{'kind':<28}{'planted':>8}{'found':>8}{'share':>8}"]
    rows = [(kind, len(faults), sum(fault.found for fault in faults)) for kind, faults in results.items()]
    rows.append(("all", sum(row[1] for row in rows), sum(row[2] for row in rows)))
    lines += [f"{kind:<28}{number:>8}{found:>8}{found / number:>8.1%}" for kind, number, found in rows]
    print("\n" + "\n".join(lines))  # noqa: T201 the table is asked for with pytest -s
    assert rows[-1][2] >= OVERALL * rows[-1][1]
