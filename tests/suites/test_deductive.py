"""deductive's cases: typing slips put right (Scholtus 2009) and values that follow (de Waal, Pannekoek and Scholtus 2011).

A slip counts as put right where the likeliest explanation is one, and the corrected record is the known one. One disagreement of eight:
of ``x1 == x2, x2 < 10`` with (10, 1) deductive abstains, though x1 = 1 satisfies both and 10 is 1 with a nought too many; we say so.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from figures_suite import PLACES, problems, published

from govreport_check.locate import implied_values, locate

pytestmark = pytest.mark.shared

TYPOS, IMPUTED = range(8), range(9)
ABSTAINS = 5
"""The case in which deductive corrects nothing and we correct x1."""


def put_right(case: dict[str, Any]) -> dict[str, Any]:
    """The record with every broken part corrected by its likeliest explanation, where that is a typing slip."""
    fixed = dict.fromkeys(case.get("fixate", ()), "inf")
    (problem,) = problems(case["rules"], case["data"], fixed)
    record = dict(case["data"])
    for cause in locate(problem.variables, problem.constraints).causes:
        changes = cause.explanations[0].changes if cause.explanations else ()
        if all(change.slip and change.new is not None for change in changes):
            record.update({change.key: Decimal(str(change.new)).scaleb(-PLACES) for change in changes})
    return record


@pytest.mark.parametrize("i", [i for i in TYPOS if i != ABSTAINS])
def test_typing_slips(shared: Path, i: int) -> None:
    case = published(shared, "deductive")["typos"][i]
    assert put_right(case) == (case["corrected"] or case["data"])


def test_where_deductive_abstains(shared: Path) -> None:
    case = published(shared, "deductive")["typos"][ABSTAINS]
    assert case["corrected"] is None
    assert put_right(case) == {"x1": 1, "x2": 1}


@pytest.mark.parametrize("i", IMPUTED)
def test_implied_values(shared: Path, i: int) -> None:
    case = published(shared, "deductive")["impute"][i]
    (problem,) = problems(case["rules"], case["data"])
    found = implied_values(problem.variables, problem.constraints)
    known = {name: value for name, value in case["imputed"].items() if case["data"][name] is None and value is not None}
    assert {key: Decimal(str(value)).scaleb(-PLACES) for key, value in found.items()} == known


def test_every_case_is_run(shared: Path) -> None:
    suite = published(shared, "deductive")
    assert (len(suite["typos"]), len(suite["impute"])) == (len(TYPOS), len(IMPUTED))
