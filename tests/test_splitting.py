"""Fused digits are split only when the sums leave one way, and what was used for it is no evidence."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govreport_check import check, load_pack
from govreport_check.model import Report
from govreport_check.splitting import split_runs

PACK = load_pack("cn-disclosure")
FORM = PACK.forms["cn-disclosure/2021"]
COLUMNS = FORM.tables["requests"].columns


def split(tables: dict[str, Any]) -> Report:
    return split_runs(Report(source="test", form=FORM.id, tables=tables), FORM, PACK.rules)


def row_of(report: Report, row: str) -> Any:
    return (report.tables or {})["requests"][row]


def test_one_way_is_taken_and_told() -> None:
    report = split({"requests": {"granted": "640020470"}})
    assert row_of(report, "granted") == dict(zip(COLUMNS, (64, 0, 0, 2, 0, 4, 70), strict=True))
    assert [remark.rule for remark in report.remarks] == ["split-digits"]
    assert ("cn-disclosure/requests-row-total", (2,)) in report.presumed


@pytest.mark.parametrize("run", ["1100000", "123", "12a0000", "", "0000000000000000000000000000001"])
def test_what_cannot_be_split_stays_and_is_remarked_on(run: str) -> None:
    report = split({"requests": {"granted": run}})
    assert row_of(report, "granted") == run
    assert [(remark.rule, remark.at) for remark in report.remarks] == [("unread-row", "requests.granted")]


def test_white_space_is_a_certain_boundary() -> None:
    report = split({"requests": {"granted": "23 0 00 0 023"}})
    assert tuple(row_of(report, "granted").values()) == (23, 0, 0, 0, 0, 0, 23)


def test_several_ways_are_decided_by_the_other_rows() -> None:
    figures = {"new_received": (1, 11, 0, 0, 0, 0, 12), "carried_over": (0,) * 7, "result_total": (1, 11, 0, 0, 0, 0, 12)}
    tables = {row: dict(zip(COLUMNS, values, strict=True)) for row, values in figures.items()}
    alone = split({"requests": {"carried_forward": "111000012"}})
    assert row_of(alone, "carried_forward") == "111000012"  # 1 and 11, or 11 and 1
    beside = split({"requests": {**tables, "carried_forward": "0000000", "new_received": "111000012"}})
    assert tuple(row_of(beside, "new_received").values()) == figures["new_received"]


def test_the_sums_that_split_are_no_evidence() -> None:
    data = {"schema": "govreport-report/1", "form": FORM.id, "about": {"partial": True}, "tables": {"requests": {"granted": "640020470"}}}
    (result,) = check(data, select=["requests-row-total"]).reports
    assert result.counts.passed == 0
    assert result.counts.fail == 0


def test_a_whole_table_is_split_by_its_rows() -> None:
    report = split({"disputes": {"*": "10203120001200000"}})
    assert [tuple(cells.values()) for cells in (report.tables or {})["disputes"].values()] == [(1, 0, 2, 0, 3), (12, 0, 0, 0, 12), (0,) * 5]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(0, 999), min_size=6, max_size=6))
def test_a_split_is_never_wrong(parts: list[int]) -> None:
    printed = (*parts, sum(parts))
    report = split({"requests": {"granted": "".join(map(str, printed))}})
    cells = row_of(report, "granted")
    assert isinstance(cells, str) or tuple(cells.values()) == printed
