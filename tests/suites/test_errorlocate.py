"""errorlocate's cases: the cells that it finds wrong are among the lightest sets that our localiser lists.

It breaks ties at random, we list all. Its three rules on categories are left out: the localiser changes figures, not words. Two forms of
rule are not linear as they stand and are written as errorlocate itself rewrites them: a ratio is multiplied out, and an implication between
figures is the alternatives of which one must hold, the lightest of their answers being the answer.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from figures_suite import Problem, problems, published

from govreport_check.locate import locate

pytestmark = pytest.mark.shared

NUMERIC = (
    "profit balance",
    "readme",
    "weights 2,2,1",
    "weights 2,1,2",
    "weights 1,2,2",
    "inf weights a",
    "inf weights b",
    "chain",
    "two equalities",
    "two equalities, x trusted",
    "equality in condition",
    "strict equality ok",
    "strict equality bad",
    "issue 34 (seven equalities)",
    "issue 31 (missing takes part)",
    "inf weight z",
    "ratio rewritten",
    "in_range low",
    "in_range ok",
    "x+y==z, x<1",
    "missing profit no error",
    "row weights 1",
    "row weights 2",
    "issue 30 large value",
)
CATEGORICAL = {
    "categorical domain": "a is a word",
    "under-aged out of domain": "all three are words",
    "married age": "married is a truth value",
}
INSTEAD = {
    "cost/turnover >= 0.6": ("cost >= 0.6 * turnover",),
    "x / y <= 1": ("x <= y",),
    "if a == 0 then b == 0": ("a < 0", "a > 0", "b == 0"),
}


def case_of(shared: Path, name: str) -> dict[str, Any]:
    return next(case for case in published(shared, "errorlocate")["cases"] if case["name"] == name)


def lightest(alternatives: list[Problem]) -> set[frozenset[Any]]:
    """The sets of cells with the least weight, over all alternatives."""
    found = []
    for problem in alternatives:
        located = locate(problem.variables, problem.constraints)
        assert located.complete
        found += [(sum(problem.variables[key].weight for key in keys), keys) for keys in located.sets()]
    least = min((weight for weight, _ in found), default=0)
    return {keys for weight, keys in found if weight == least}


TIES = {"issue 31 (missing takes part)": {frozenset({"x"}), frozenset({"z"})}}
"""Where the rules leave more than one answer."""


@pytest.mark.parametrize("name", NUMERIC)
def test_contains_the_known_answer_and_no_other(shared: Path, name: str) -> None:
    case = case_of(shared, name)
    found, known = lightest(problems(case["rules"], case["data"], case.get("weights"), INSTEAD)), frozenset(case["erroneous"])
    assert known in found
    assert found == TIES.get(name, {known})


@pytest.mark.parametrize("name", [pytest.param(name, id=f"{name}: left out, {reason}") for name, reason in CATEGORICAL.items()])
def test_left_out_are_those_with_words(shared: Path, name: str) -> None:
    values = case_of(shared, name)["data"].values()
    assert any(isinstance(value, str | bool) for value in values)


def test_every_case_is_named(shared: Path) -> None:
    assert {case["name"] for case in published(shared, "errorlocate")["cases"]} == {*NUMERIC, *CATEGORICAL}
