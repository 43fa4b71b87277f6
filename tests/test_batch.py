"""Many reports at once give what each of them gives by itself, whichever way its figures take."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from govreport_check import check, load_pack
from govreport_check.batch import VERDICTS, Batch, check_columns, check_data
from govreport_check.findings import Outcome
from govreport_check.pack import Pack
from govreport_check.selection import Options
from tests.benchmarks.data import BESIDE, WORK, dicts, generate

FORM = "cn-disclosure/2021"
OF_WORK = Options(select=WORK, ignore=BESIDE)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack("cn-disclosure")


def told(batch: Batch) -> set[tuple[int, str, Outcome, tuple[str, ...]]]:
    return {(one.report, one.rule, one.outcome, one.at) for one in batch.told}


def alone(document: dict[str, Any], i: int, pack: Pack) -> set[tuple[int, str, Outcome, tuple[str, ...]]]:
    result = check(document, packs=[pack], name=str(i)).reports[0]
    return {(i, one.rule, Outcome(one.outcome), tuple(one.bindings.values())) for one in result.findings if one.outcome == "fail"}


def changed(document: dict[str, Any], table: str, row: str, column: str, raw: Any) -> dict[str, Any]:
    other = copy.deepcopy(document)
    other["tables"][table][row][column] = raw
    return other


def without(document: dict[str, Any], *path: str) -> dict[str, Any]:
    other = copy.deepcopy(document)
    inner = other
    for key in path[:-1]:
        inner = inner[key]
    del inner[path[-1]]
    return other


@pytest.fixture(scope="module")
def documents(pack: Pack) -> list[dict[str, Any]]:
    made = dicts(generate(pack.forms[FORM], 60, seed=3))
    first = made[0]
    odd = [None, "-", "1,234", "12a", -1, 2.5, 2.0, Decimal("7"), 2**53, 10**30, True, "約", float("nan"), float("inf"), [], {}]
    cells = [changed(first, "requests", "granted", "commercial", raw) for raw in odd]
    fees = [changed(first, "fees", "administrative", "amount", raw) for raw in (1, 0.1, 1e-7, "3.5", None, -2.25)]
    shapes = [
        without(first, "tables", "disputes"),
        without(first, "tables", "requests", "granted"),
        without(first, "tables", "requests", "granted", "total"),
        without(first, "sections"),
        without(first, "sections", "problems"),
        without(first, "about", "year"),
        without(first, "about"),
        {**first, "surprise": 1},
        {**first, "about": {**first["about"], "surprise": "1"}},
        {**first, "about": {**first["about"], "year": True}},
        {**first, "about": {**first["about"], "period_end": "2022-13-41", "signed_on": None}},
        {**first, "sections": {**first["sections"], "overview": {"heading": None, "text": None}}},
        {**first, "sections": {**first["sections"], "overview": {"heading": "一、总体情况", "text": " \n"}}},
        {**first, "sections": {**first["sections"], "overview": {"heading": "一、总体情况", "text": "x", "unread": True}}},
        {**first, "labels": [{"at": "requests.columns.public_welfare", "printed": "社会组织"}]},
    ]
    return [*made, *cells, *fees, *shapes]


def test_data_side_by_side_is_data_alone(documents: list[dict[str, Any]], pack: Pack) -> None:
    batch = check_data(documents, FORM, pack)
    for i, document in enumerate(documents):
        report = check(document, packs=[pack]).reports[0]
        assert VERDICTS[batch.verdicts[i]] is report.verdict, document
        counts = report.counts
        assert [batch.counts[outcome][i] for outcome in Outcome] == [counts.passed, counts.fail, counts.undecided, counts.not_applicable]
        assert {one for one in told(batch) if one[0] == i and one[2] is Outcome.FAIL} == alone(document, i, pack)


def test_findings_are_those_of_the_report_alone(documents: list[dict[str, Any]], pack: Pack) -> None:
    batch = check_data(documents, FORM, pack)
    faulty = next(iter(batch.told)).report
    assert batch.findings(faulty) == check(documents[faulty], packs=[pack]).reports[0].findings != []


def test_columns_give_what_data_give(pack: Pack) -> None:
    made = generate(pack.forms[FORM], 800, seed=5)
    columns = check_columns(FORM, pack, made.tables, made.abouts(), made.lengths, OF_WORK)
    data = check_data(dicts(made), FORM, pack, OF_WORK)
    assert told(columns) == told(data)
    assert {one[0] for one in told(columns)} == set(made.faulty)
    assert np.array_equal(columns.verdicts, data.verdicts)
    assert all(np.array_equal(columns.counts[outcome], data.counts[outcome]) for outcome in Outcome)


def test_both_sides_are_told_and_explained_from_columns(pack: Pack) -> None:
    made = generate(pack.forms[FORM], 200, seed=5)
    row = pack.forms[FORM].tables["disputes"].rows.index("review")
    made.tables["disputes"][row, :, 7] = [1, 1, 1, 1, 5]
    batch = check_columns(FORM, pack, made.tables, made.abouts(), made.lengths, Options(select=("disputes-total",), ignore=BESIDE))
    one = next(one for one in batch.told if one.report == 7)
    assert (one.rule, one.at, one.left, one.right) == ("cn-disclosure/disputes-total", ("review",), 4.0, 5.0)
    (finding,) = batch.findings(7)
    assert (finding.left, finding.right, [cell.raw for cell in finding.cells]) == ("4", "5", ["1", "1", "1", "1", "5"])


def test_a_figure_that_is_none_is_told_from_columns(pack: Pack) -> None:
    made = generate(pack.forms[FORM], 20, seed=5)
    made.tables["requests"][0, 0, 3] = np.inf
    batch = check_columns(FORM, pack, made.tables, made.abouts(), made.lengths)
    assert (3, "form/out-of-range-cell") in {(one.report, one.rule) for one in batch.told}
    assert VERDICTS[batch.verdicts[3]].value == "findings"


def test_of_nothing_nothing_is_said(pack: Pack) -> None:
    batch = check_data([], FORM, pack)
    assert (len(batch.verdicts), batch.told) == (0, ())


def test_the_generated_reports_carry_their_known_faults(pack: Pack) -> None:
    made = generate(pack.forms[FORM], 400, seed=9)
    assert {one.report for one in check_data(dicts(made), FORM, pack, OF_WORK).told} == set(made.faulty)
    assert len(set(made.faulty.values())) == 8
