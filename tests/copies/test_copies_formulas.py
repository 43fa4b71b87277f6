"""Which formulas rest on a change, and what they are then: checked against what they mean, not against how they are found."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from lxml import etree

from govreport_check.copies.formulas import formulas_in, outdated, worked_out

A1, A2, A3, A4 = (("表", (row, 1)) for row in (1, 2, 3, 4))


@pytest.mark.parametrize(
    ("formula", "rests"),
    [
        ("A1", True),
        ("$A$1+1", True),
        ("SUM(A1:A3)", True),
        ("SUM(A2:B3)", False),
        ("表!A1", True),
        ("'表'!A1*2", True),
        ("别!A1", False),
        ("'别 表'!A1", False),
        ('"A1"&B1', False),
        ("LOG10(B1)", False),
        ("A10", False),
        ("AA1", False),
        ("合计数", True),  # a name: nobody can tell what it means
        ("INDIRECT(B1)", True),
        ("SUM(A:A)", True),
        ("SUM(1:1)", True),
        ("[1]表!B1", True),
        ("IF(B1>0,TRUE,B2)", True),
    ],
)
def test_what_rests_on_a_cell(formula: str, rests: bool) -> None:
    assert (A4 in outdated({A4: formula}, [A1])) is rests


def test_what_rests_on_it_through_others() -> None:
    formulas = {A2: "A1+1", A3: "A2*2", A4: "B9"}
    assert outdated(formulas, [A1]) == {A2, A3}
    assert outdated({A1: "A2", A2: "A1"}, [A3]) == set()


@pytest.mark.parametrize(
    ("formula", "result"),
    [
        ("SUM(A1:A2)", "3.5"),
        ("A1+A2", "3.5"),
        ("A1-A2 + 10", "7.5"),
        ("-A1", "-0.5"),
        ("SUM(A1:A2,B1:B9,7)-SUM(A1)", "10"),
        ("A1+B7", "0.5"),  # an empty cell is nought
        ("SUM(A1,C1)", "0.5"),  # SUM leaves a text out
        ("A1+C1", None),  # and + does not
        ("A1*2", None),
        ("SUM(A1:A2)*2", None),
        ("SUM(A1:A2)A1", None),
        ("ROUND(A1,0)", None),
        ("SUM(SUM(A1))", None),
        ("A1:A2", None),
        ("", None),
    ],
)
def test_plain_sums_are_worked_out_exactly(formula: str, result: str | None) -> None:
    figures = {A1: Decimal("0.5"), A2: Decimal(3), ("表", (1, 3)): "text"}
    found = worked_out({A4: formula}, [A4], figures)
    assert found == ({A4: Decimal(result)} if result else {})


def test_sums_of_sums_and_circles() -> None:
    formulas = {A2: "A1+1", A3: "SUM(A1:A2)", A4: "A4+1", ("表", (5, 1)): "A4"}
    assert worked_out(formulas, list(formulas), {A1: Decimal(1)}) == {A2: Decimal(2), A3: Decimal(3)}


def sheet(cells: str) -> Any:
    return etree.fromstring(f"<worksheet><sheetData>{cells}</sheetData></worksheet>")


def test_a_formula_shared_by_several_cells_is_told_as_each_has_it() -> None:
    shared = '<f t="shared" si="0"/>'
    rows = f'<row r="1"><c r="C1"><f t="shared" ref="C1:D2" si="0">SUM($A1:B$1)+"A1"</f></c><c r="D1">{shared}</c></row>'
    rows += f'<row r="2"><c r="C2">{shared}</c><c r="D2"><f t="shared" si="7"/></c></row>'
    found = formulas_in({"表": sheet(rows)})
    assert [found["表", spot] for spot in ((1, 4), (2, 3), (2, 4))] == ['SUM($A1:C$1)+"A1"', 'SUM($A2:B$1)+"A1"', ""]
    assert ("表", (2, 4)) in outdated(found, [("别", (1, 1))])
