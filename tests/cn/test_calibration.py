"""How loud the pack is on the published reports: what each draws, counted, and that nothing piles up where nothing is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from published import DOCUMENTS, Checked

from govreport_check import load_pack, read
from govreport_check.findings import Finding
from govreport_check.listed import listed

pytestmark = pytest.mark.shared

COUNTS: dict[tuple[str, str | None], tuple[int, int, int]] = {
    ("zhongyang_2022", None): (0, 5, 3),
    ("pingtan_2019", None): (0, 2, 5),
    ("pingtan_2020", None): (2, 1, 4),
    ("pingtan_2020", "pingtan_2019"): (2, 2, 4),
    ("pingtan_2021", None): (0, 0, 8),
    ("pingtan_2021", "pingtan_2020"): (0, 0, 8),
    ("pingtan_2022", None): (0, 1, 5),
    ("pingtan_2022", "pingtan_2021"): (0, 1, 5),
    ("pingtan_2025", None): (0, 0, 4),
    ("hongze_2024", None): (0, 3, 3),
    ("suqian_2023", None): (0, 1, 4),
    ("shuyang_2025", None): (0, 2, 2),
    ("shuyang_drc_2023", None): (3, 1, 2),
    ("shanghai_gao_2025", None): (0, 0, 2),
    ("hangzhou_style_2025", None): (0, 3, 3),
}
"""(document, year before) → what is known to be wrong: errors, warnings, notes. Each has been held against its document by eye."""

TABLE_CLAIMS = {
    *("received", "received_natural", "received_organisations", "received_commercial", "received_split", "all_natural", "no_applications"),
    *("carried_over", "done", "carried_forward", "all_done", "outcomes", "share", "granted", "partially_granted", "granted_or_partial"),
    *("denied", "unable", "not_processed", "otherwise", "review", "litigation", "review_and_litigation", "no_review", "no_litigation"),
    *(
        "none_corrected",
        "all_upheld",
        "all_closed",
        "documents_issued",
        "documents_repealed",
        "documents_in_force",
        "regulations_disclosed",
    ),
    *("documents_disclosed", "licensing", "penalty", "coercion"),
}
"""Claims that state a figure of the tables; sums within the prose, fees and growth are not among them."""
MOST_NOTES = 5


def part_of(finding: Finding) -> str:
    """Which part of the report a finding stands in: its section, its table, or what is known of the report."""
    address = finding.cells[0].address
    return address.split(".")[1] if address.startswith(("sections.", "labels.")) else address.partition("[")[0].partition(".")[0]


@pytest.mark.parametrize(("name", "prior"), COUNTS)
def test_counts(name: str, prior: str | None, checked: Checked) -> None:
    found = Counter(finding.severity.value for finding in checked(name, prior=prior).findings if finding.outcome == "fail")
    assert (found["error"], found["warning"], found["note"]) == COUNTS[name, prior]


def test_every_document_is_counted() -> None:
    assert {name for name, _ in COUNTS} == set(DOCUMENTS)


@pytest.mark.parametrize(("name", "prior"), COUNTS)
def test_no_clean_part_draws_more_than_five_notes(name: str, prior: str | None, checked: Checked) -> None:
    found = [finding for finding in checked(name, prior=prior).findings if finding.outcome == "fail"]
    wrong = {part_of(finding) for finding in found if finding.severity != "note"}
    notes = Counter(part_of(finding) for finding in found if finding.severity == "note")
    assert {part: count for part, count in notes.items() if count > MOST_NOTES and part not in wrong} == {}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_each_is_told_once(name: str, checked: Checked) -> None:
    told = [(finding.rule, finding.message) for finding in checked(name).findings]
    assert [one for one, count in Counter(told).items() if count > 1] == []


def test_at_least_45_claims_about_table_cells_are_read(document: Callable[[str], Path]) -> None:
    forms = load_pack("cn-disclosure").forms
    assert {name for form in forms.values() for name in form.claims} >= TABLE_CLAIMS
    counts: Counter[str] = Counter()
    for name in DOCUMENTS:
        report = read(document(name))
        counts[name] = sum(
            len(items) for at, items in listed(report, forms[report.form]).items() if at.removeprefix("claims.") in TABLE_CLAIMS
        )
    assert counts.total() >= 45, counts


def test_of_the_claims_none_is_said_to_be_wrong_that_is_right(checked: Checked) -> None:
    """The mismatches of prose and tables in these documents, all of them looked at: one, where the prose speaks of one office."""
    found = [
        name for name in DOCUMENTS for finding in checked(name).findings if finding.rule.endswith("-stated") and finding.outcome == "fail"
    ]
    assert found == ["hongze_2024"]
