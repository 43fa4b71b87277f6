"""Suspects on findings: the localiser on reports. ``tests/benchmarks/faults.py`` measures how often it is right; here on fewer cases."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from some_reports import YUNLING, changed

from govreport_check import Result, check
from govreport_check.findings import Finding, Suspect, Verdict
from tests.benchmarks.faults import STRUCTURED, Clean, clean_reports, random_faults, share, structured_faults

CASES = 60


def told(report: Any, **options: Any) -> Result:
    return check(report, lang="zh", **options)


def suspected(result: Result) -> list[Finding]:
    return [finding for finding in result.findings if finding.suspects]


def ends(suspect: Suspect) -> dict[str, tuple[str, str]]:
    return {cell["address"]: (cell["from"], cell["to"]) for cell in suspect.cells}


def figures() -> dict[str, Any]:
    """The clean example without its prose."""
    return {key: copy.deepcopy(YUNLING[key]) for key in ("schema", "form", "about", "tables")}


def cell(report: dict[str, Any], table: str, row: str, column: str) -> int:
    return int(report["tables"][table][row][column])


# --- figures of published reports ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def clean(shared: Path) -> list[Clean]:
    return clean_reports(shared / "cn" / "figures")


@pytest.mark.shared
def test_a_changed_cell_is_always_named_and_nearly_always_first_with_its_value(clean: list[Clean]) -> None:
    found = share(random_faults(clean, 1, CASES))
    assert found.among == 1
    assert found.first >= 0.98
    assert found.right >= 0.98


@pytest.mark.shared
@pytest.mark.parametrize(("number", "least"), [(2, 0.95), (3, 0.90)])
def test_several_changed_cells_are_among_the_smallest_sets(clean: list[Clean], number: int, least: float) -> None:
    assert share(random_faults(clean, number, CASES)).among >= least


@pytest.mark.shared
@pytest.mark.parametrize("kind", STRUCTURED)
def test_structured_slips_are_among_the_smallest_sets_wherever_a_smaller_one_does_not_explain(clean: list[Clean], kind: str) -> None:
    found = share(structured_faults(kind, clean, CASES // 2))
    assert found.cases == CASES // 2
    assert found.among + found.smaller == 1
    assert found.first >= 0.6


@pytest.mark.shared
def test_pingtan_2020_has_two_explanations_of_two_cells_each(shared: Path) -> None:
    findings = suspected(told(shared / "cn" / "figures" / "pingtan_2020.json"))
    assert [finding.bindings["who"] for finding in findings] == ["natural_person", "total"]
    for finding in findings:
        assert [ends(suspect) for suspect in finding.suspects] == [
            {"requests[partially_granted, natural_person]": ("6", "0"), "requests[partially_granted, total]": ("6", "0")},
            {"requests[granted, natural_person]": ("6", "0"), "requests[granted, total]": ("7", "1")},
        ]
        assert all(suspect.explains == [one.fingerprint for one in findings] for suspect in finding.suspects)


# --- the example ---------------------------------------------------------------------------------------------------------------


def test_findings_of_one_wrong_cell_name_it_and_one_another() -> None:
    clean_ = figures()
    right = cell(clean_, "requests", "result_total", "natural_person")
    result = told(changed(clean_, {("requests", "result_total", "natural_person"): right * 10}))
    findings = suspected(result)
    assert {finding.rule for finding in findings} == {
        "cn-disclosure/requests-row-total",
        "cn-disclosure/requests-result-total",
        "cn-disclosure/requests-balance",
    }
    for finding in findings:
        (suspect,) = finding.suspects
        assert ends(suspect) == {"requests[result_total, natural_person]": (str(right * 10), str(right))}
        assert set(suspect.explains) == {one.fingerprint for one in findings}
        assert suspect.slip == "zeros"


def test_a_cell_of_disputes_has_its_five_candidates() -> None:
    clean_ = figures()
    right = cell(clean_, "disputes", "review", "upheld")
    (finding,) = suspected(told(changed(clean_, {("disputes", "review", "upheld"): right + 1})))
    lighter = {f"disputes[review, {column}]" for column in ("upheld", "corrected", "other", "pending", "total")}
    possible = {address for address in lighter if address.endswith(("upheld]", "total]")) or cell(clean_, *split(address)) > 0}
    assert {address for suspect in finding.suspects for address in ends(suspect)} == possible
    (fewer,) = suspected(told(changed(clean_, {("disputes", "review", "upheld"): right - 1})))
    assert {address for suspect in fewer.suspects for address in ends(suspect)} == lighter


def split(address: str) -> tuple[str, str, str]:
    table, _, rest = address.partition("[")
    row, column = rest.rstrip("]").split(", ")
    return table, row, column


def test_suspects_change_neither_verdict_nor_counts_nor_figures() -> None:
    clean_ = figures()
    wrong = changed(clean_, {("requests", "granted", "total"): cell(clean_, "requests", "granted", "total") + 7})
    result = told(wrong).reports[0]
    assert result.verdict is Verdict.FINDINGS
    assert result.counts.fail == sum(finding.outcome == "fail" for finding in result.findings)
    assert any(cell_.value == str(wrong["tables"]["requests"]["granted"]["total"]) for one in result.findings for cell_ in one.cells)


def test_a_report_without_broken_sums_has_no_suspects() -> None:
    assert suspected(told(figures())) == []


def test_selecting_one_rule_does_not_make_other_figures_suspect() -> None:
    clean_ = figures()
    right = cell(clean_, "requests", "new_received", "natural_person")
    wrong = changed(clean_, {("requests", "new_received", "natural_person"): right + 30})
    (finding,) = suspected(told(wrong, select=["requests-balance"]))
    assert [ends(suspect) for suspect in finding.suspects] == [{"requests[new_received, natural_person]": (str(right + 30), str(right))}]


@pytest.mark.parametrize("raw", ["8x6", None])
def test_an_unreadable_or_forgotten_figure_that_can_be_one_only_is_told_so(raw: str | None) -> None:
    clean_ = figures()
    right = cell(clean_, "requests", "granted", "total")
    result = told(changed(clean_, {("requests", "granted", "total"): raw}))
    implied = {finding.rule: ends(one) for finding in result.findings for one in finding.suspects if one.slip == "implied"}
    rule = "form/unreadable-cell" if raw else "cn-disclosure/requests-row-totals-printed"
    assert implied[rule] == {"requests[granted, total]": ("?", str(right))}


def test_what_can_be_several_figures_is_not_told() -> None:
    clean_ = figures()
    unread = {("disputes", "review", "upheld"): "x", ("disputes", "review", "total"): "x"}
    assert suspected(told(changed(clean_, unread))) == []


def test_an_unreadable_figure_between_sums_that_contradict_is_not_guessed() -> None:
    clean_ = figures()
    wrong = {
        ("requests", "granted", "natural_person"): "x",
        ("requests", "granted", "total"): cell(clean_, "requests", "granted", "total") + 5,
    }
    result = told(changed(clean_, wrong))
    assert not [one for finding in result.findings for one in finding.suspects if one.slip == "implied"]


def test_last_years_figure_alone_is_no_suspect() -> None:
    now, before = figures(), figures()
    before["about"] = {"agency": now["about"]["agency"], "year": now["about"]["year"] - 1}
    carried = now["tables"]["requests"]["carried_over"]
    before["tables"]["requests"]["carried_forward"] = {**carried, "natural_person": carried["natural_person"] + 2}
    result = told(now, prior=before)
    assert "cn-disclosure/carry-over" in {finding.rule for finding in result.findings if finding.outcome == "fail"}
    assert not [one for finding in result.findings for one in finding.suspects if finding.rule == "cn-disclosure/carry-over"]


def test_a_table_that_no_few_cells_mend_is_said_to_be_so() -> None:
    clean_ = figures()
    rows = list(clean_["tables"]["requests"])[:7]
    wrong = changed(clean_, {("requests", row, "natural_person"): 1000 + 13 * i for i, row in enumerate(rows)})
    findings = [one for one in told(wrong).findings if one.rule == "cn-disclosure/requests-row-total"]
    assert [[suspect.slip for suspect in one.suspects] for one in findings] == [["none"]] * len(rows)
    assert all(not suspect.cells for one in findings for suspect in one.suspects)


def test_a_rounded_figure_leaves_its_slack_to_the_others() -> None:
    clean_ = figures()
    right, other = cell(clean_, "requests", "new_received", "total"), cell(clean_, "requests", "granted", "total")
    rounded = {("requests", "new_received", "total"): f"约{right}"}
    assert suspected(told(changed(clean_, rounded))) == []
    findings = suspected(told(changed(clean_, {**rounded, ("requests", "granted", "total"): other + 30})))
    assert [ends(one) for finding in findings for one in finding.suspects] == [
        {"requests[granted, total]": (str(other + 30), str(other))}
    ] * len(findings)


def test_rows_that_are_printed_as_one_are_no_hindrance() -> None:
    clean_ = figures()
    rows = clean_["tables"]["requests"]
    parts = [row for row in rows if row.startswith("other.")]
    rows["other"] = {column: sum(rows[row][column] for row in parts) for column in rows[parts[0]]}
    for row in parts:
        del rows[row]
    assert suspected(told(clean_)) == []
    right = cell(clean_, "requests", "granted", "natural_person")
    findings = suspected(told(changed(clean_, {("requests", "granted", "natural_person"): right + 40})))
    assert len(findings) == 2
    assert all(
        ends(one) == {"requests[granted, natural_person]": (str(right + 40), str(right))} for each in findings for one in each.suspects
    )
