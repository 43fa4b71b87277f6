"""What the reading itself has to say of figures: remarks in brackets, merged rows."""

from __future__ import annotations

from typing import Any

import pytest

from govreport_check import check
from govreport_check.findings import Finding


def told(tables: dict[str, Any], *rules: str) -> list[Finding]:
    report = {"schema": "govreport-report/1", "form": "cn-disclosure/2021", "about": {"partial": True}, "tables": tables}
    return check(report, select=rules or ("form",)).findings


@pytest.mark.parametrize(("printed", "more"), [("22（其中修订16件）", False), ("22（其中修订22件）", False), ("22(含自然失效29件)", True)])
def test_a_part_in_brackets_is_not_more_than_its_whole(printed: str, more: bool) -> None:
    findings = told({"documents": {"regulations": {"issued": printed}}})
    assert [finding.rule for finding in findings] == (["form/annotation-exceeds"] if more else []) + ["form/annotated-cell"]
    assert {finding.cells[0].address for finding in findings} == {"documents[regulations, issued]"}


def test_remarks_are_told_once_per_table() -> None:
    findings = told({"documents": {"regulations": {"issued": "2（注）", "repealed": "1（注）"}}}, "annotated-cell")
    assert [len(finding.cells) for finding in findings] == [2]


def test_a_row_for_several_is_a_finding_and_keeps_its_sums() -> None:
    row = {"natural_person": 2, "commercial": 0, "research": 0, "public_welfare": 0, "legal_service": 0, "other": 0, "total": 3}
    findings = told({"requests": {"other": row}}, "merged-row", "requests-row-total")
    assert [(finding.rule, finding.severity) for finding in findings] == [
        ("cn-disclosure/requests-row-total", "error"),
        ("form/merged-row", "warning"),
    ]
