"""validatetools' cases on figures (github.com/data-cleaning/validatetools, MIT): what contradicts, what follows, what a figure can be.

Their rules are put into our language and bound to a record of figures. Cases with a rule on categories (``A in {a1, a2}``) are named and
left out: the audit claims nothing about texts.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from govreport_check.conditions import Condition, Domain, bounds, contradiction, implied_by
from govreport_check.form import Form
from govreport_check.form_building import build_form
from govreport_check.form_file import FormFile
from govreport_check.locate import Constraint
from govreport_check.rule import Rule, bind
from govreport_check.rule_conditions import Requirements, requirements_of
from govreport_check.rule_file import RuleFile

pytestmark = pytest.mark.shared

NAME = re.compile(r"\b(?!and\b|or\b|not\b|implies\b)[a-z]\w*")
CASES = Path(os.environ.get("GOVREPORT_SHARED", Path(__file__).resolve().parents[3] / "shared")) / "suites/validatetools/known_answers.json"
KNOWN: dict[str, Any] = json.loads(CASES.read_text(encoding="utf-8")) if CASES.is_file() else {}
PLACES = 2


def named(rules: Sequence[str] | Mapping[str, str]) -> dict[str, str]:
    return dict(rules) if isinstance(rules, Mapping) else {f"r{i}": text for i, text in enumerate(rules, 1)}


def numeric(case: Mapping[str, Any]) -> bool:
    return not any("'" in text or "{" in text for text in named(case["rules"]).values())


def cases(part: str) -> list[Any]:
    """The part's cases, those on categories skipped."""
    skip = pytest.mark.skip(reason="a rule on categories")
    marks = [() if numeric(case) else (skip,) for case in KNOWN.get(part, ())]
    found = zip(KNOWN.get(part, ()), marks, strict=True)
    return [pytest.param(case, marks=mark, id="; ".join(named(case["rules"]).values())) for case, mark in found]


def form_of(names: Sequence[str]) -> Form:
    words = {"zh": "记录", "en": "record"}
    columns = dict.fromkeys(names, "列")
    table = {
        "section": "all",
        "name": words,
        "cells": {"all": {"number": "", "places": PLACES}},
        "columns": columns,
        "rows": {"this": "行"},
    }
    data = {"schema": "govreport-form/1", "id": "case/all", "years": "2000-", "sections": {"all": {"heading": "记录"}}}
    return build_form(FormFile.model_validate({**data, "tables": {"t": table}}))


def ours(text: str) -> str:
    """Their rule in our language: ``if p then q`` is ``implies(p, q)``."""
    found = re.fullmatch(r"if (.+) then (.+)", text)
    said = f"implies({found[1]}, {found[2]})" if found else text
    return NAME.sub(lambda match: f"t[this, {match[0]}]", said)


def read(rules: Mapping[str, str]) -> Requirements:
    """The rules bound to a form that has their figures."""
    names = sorted({name for text in rules.values() for name in NAME.findall(re.sub(r"\b(if|then)\b", "", text))})
    form = form_of(names)
    words = {"zh": "规则", "en": "a rule"}
    examples = [{"expect": "pass", "given": {}}, {"expect": "fail", "given": {}}]
    head = {"schema": "govreport-rule/1", "title": words, "severity": "error", "message": words, "why": words, "fix": words}
    files = {name: RuleFile.model_validate({**head, "assert": ours(text), "examples": examples}) for name, text in rules.items()}
    return requirements_of([Rule(name, file, name, "", {form.id: bind(file, form)}) for name, file in files.items()], form)


def asked(rules: Sequence[str] | Mapping[str, str]) -> tuple[dict[str, Condition], Mapping[Any, Domain]]:
    found = read(named(rules))
    return {one.name[0]: one.condition for one in found.requirements}, found.domains


def by(names: Sequence[Any] | None) -> list[str] | None:
    return None if names is None else sorted(name for name, _ in names)


def test_the_suite_is_there(shared: Path) -> None:
    assert {part: len(KNOWN[part]) for part in KNOWN if isinstance(KNOWN[part], list)} == {
        "infeasible": 8,
        "contradicted_by": 3,
        "redundant": 4,
        "implied_by": 5,
        "boundary": 2,
        "fixed": 3,
        "conflicting_ifs": 3,
    }
    assert sum(numeric(case) for part in KNOWN.values() if isinstance(part, list) for case in part) == 23


@pytest.mark.parametrize("case", cases("infeasible"))
def test_infeasible(case: dict[str, Any]) -> None:
    conditions, domains = asked(case["rules"])
    found = contradiction(conditions.values(), domains)
    assert (found is not None) == case["infeasible"]
    if found is not None:  # none of those named is idle
        fewer = [[one for one in conditions.values() if one.name in found and one.name != left] for left in found]
        assert [contradiction(one, domains) for one in fewer] == [None] * len(found)


@pytest.mark.parametrize("case", cases("contradicted_by"))
def test_contradicted_by(case: dict[str, Any]) -> None:
    """Theirs are all rules that take part in some conflict with the rule; ours is one smallest set of them at a time."""
    conditions, domains = asked(case["rules"])
    rule, left, found = case["rule"], dict(conditions), set()
    while True:
        others = [one for name, one in left.items() if name != rule]
        conflict = by(contradiction(others, domains, assumed=conditions[rule].holds))
        if conflict is None:
            break
        found |= set(conflict)
        left.pop(conflict[0])
    assert sorted(found) == case["by"]


@pytest.mark.parametrize("case", cases("redundant"))
def test_redundant(case: dict[str, Any]) -> None:
    conditions, domains = asked(case["rules"])
    found = [name for name, one in conditions.items() if implied_by(one, conditions.values(), domains) is not None]
    assert found == case["redundant"]
    left = dict(conditions)
    for name in list(conditions):
        if implied_by(conditions[name], left.values(), domains) is not None:
            left.pop(name)
    gone = [name for name in conditions if name not in left]
    assert gone == case.get("after_removal", case["redundant"])


@pytest.mark.parametrize("case", cases("implied_by"))
def test_implied_by(case: dict[str, Any]) -> None:
    """Theirs are all rules that take part in implying it, one way after the other; ours is one smallest set at a time."""
    conditions, domains = asked(case["rules"])
    left, found = dict(conditions), set()
    while True:
        names = by(implied_by(conditions[case["rule"]], left.values(), domains))
        if not names:
            break
        found |= set(names)
        left.pop(names[0])
    assert sorted(found) == case["by"]


def ends(name: str, case: Mapping[str, Any]) -> list[float | None]:
    conditions, domains = asked(case["rules"])
    names = sorted({found for text in named(case["rules"]).values() for found in NAME.findall(text)})
    found = bounds(("cell", "here", "t", 0, names.index(name)), conditions.values(), domains)
    assert found is not None
    return [None if end is None else float(end / 10**PLACES) for end in found]


@pytest.mark.parametrize("case", cases("boundary"))
def test_boundary(case: dict[str, Any]) -> None:
    assert {name: ends(name, case) for name in case["bounds"]} == case["bounds"]


@pytest.mark.parametrize("case", cases("fixed"))
def test_fixed(case: dict[str, Any]) -> None:
    names = sorted({found for text in named(case["rules"]).values() for found in NAME.findall(text)})
    found = {name: ends(name, case) for name in names}
    assert {name: low for name, (low, high) in found.items() if low == high and low is not None} == case["fixed"]


@pytest.mark.parametrize("case", cases("conflicting_ifs"))
def test_conflicting_ifs(case: dict[str, Any]) -> None:
    """Two rules that can both be kept only while their condition is false."""
    rules = named(case["rules"])
    conditions, domains = asked({**rules, "when": case["when"]})
    assert by(contradiction([conditions[name] for name in rules], domains)) is None
    assert by(contradiction([conditions[name] for name in rules], domains, assumed=conditions["when"].holds)) == case["rules_in_conflict"]


def test_whole_numbers_end_at_the_next_one() -> None:
    row = Constraint(None, ((1, "x"),), 0, 1, strict=True)
    one = Condition("between", ((row,),), ())
    assert contradiction([one], {}) is None
    assert contradiction([one], {"x": Domain(whole=True)}) == ("between",)
