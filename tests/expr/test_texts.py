"""Texts in the rule language: chosen between, and looked for in one another."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from small_form import FORM, frame, refused, report, truth

from govreport_check.expr.columns import Texts
from govreport_check.expr.evaluate import evaluate
from govreport_check.expr.picks import Scope
from govreport_check.expr.typecheck import check_expression
from govreport_check.model import State


def chosen(text: str, *cells: dict[str, Any]) -> Texts:
    column = evaluate(check_expression(text, Scope(FORM), wanted="text"), frame(*(report(one) for one in cells)), {})
    assert isinstance(column, Texts) and column.values is not None
    return column


def test_a_text_is_chosen_report_by_report() -> None:
    column = chosen('"many" if counts[r1, a] > 9 else ""', {"counts r1 a": 10}, {"counts r1 a": 9})
    assert column.values is not None
    assert (column.values.tolist(), column.lengths.tolist()) == (["many", ""], [4.0, 0.0])


def test_a_text_is_unread_where_the_condition_is_undecided() -> None:
    column = chosen('"many" if counts[r1, a] > 9 else "few"', {"counts r1 a": "?"})
    assert column.values is not None
    assert (column.values.tolist(), np.asarray(column.state).tolist()) == ([None], [State.UNREADABLE])


def test_texts_and_numbers_are_not_chosen_between() -> None:
    assert "two texts" in refused('"many" if counts[r1, a] > 9 else 0').message


@pytest.mark.parametrize(
    ("whole", "piece", "expected"),
    [
        ("吕梁市中阳县人民政府", "中阳县", True),
        ("中阳县 人民政府", "中阳县人民政府", True),
        ("中阳县", "离石区", False),
        (None, "离石区", None),
    ],
)
def test_whether_a_name_stands_in_another(whole: str | None, piece: str, expected: bool | None) -> None:
    assert truth("contains(about.agency, about.scope)", about={"agency": whole, "scope": piece}) is expected
