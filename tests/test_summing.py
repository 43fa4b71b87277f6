"""The sum of reports, cell by cell; what is unknown in one of them is unknown in the sum."""

from __future__ import annotations

from typing import Any

import pytest

from govreport_check import UsageError, load_pack
from govreport_check.model import Report
from govreport_check.recognition import Recognised
from govreport_check.summing import sum_of

PACK = load_pack("cn-disclosure")
FORM = PACK.forms["cn-disclosure/2021"]


def part(total: Any, amount: Any = 0) -> Recognised:
    tables = {"requests": {"granted": {"total": total}}, "fees": {"administrative": {"amount": amount}}}
    return Recognised(Report(source="part", form=FORM.id, tables=tables, about={"year": 2024}), FORM, PACK)


def test_figures_add_up_exactly() -> None:
    tables = sum_of([part(1, "0.1"), part(2, "0.2")]).tables or {}
    assert tables["requests"]["granted"]["total"] == 3  # type: ignore[index]
    assert str(tables["fees"]["administrative"]["amount"]) == "0.3"  # type: ignore[index]


def test_unknown_in_one_is_unknown_in_the_sum() -> None:
    tables = sum_of([part(1), part("12a")]).tables or {}
    assert tables["requests"]["granted"]["total"] == "?"  # type: ignore[index]


def test_different_forms_are_not_summed() -> None:
    other = PACK.forms["cn-disclosure/2019"]
    with pytest.raises(UsageError):
        sum_of([part(1), Recognised(Report(source="x", form=other.id), other, PACK)])
    with pytest.raises(UsageError):
        sum_of([])
