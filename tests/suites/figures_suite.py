"""Others' cases on figures alone: their rules in our language, bound to the form of one record, as the localiser's constraints."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

from govreport_check.constraints import domain_of, instances
from govreport_check.figures import read_cell
from govreport_check.flat import FlatFile, flat_form, flat_reports, types_of
from govreport_check.form import Form, Table
from govreport_check.form_building import build_form
from govreport_check.locate import Constraint, Variable
from govreport_check.rule import bind
from govreport_check.rule_file import RuleFile

TABLE, PLACES = "record", 2
NAME = re.compile(r"[A-Za-z]\w*")


@dataclass(frozen=True)
class Problem:
    """One case for the localiser, everything in units of 10**-PLACES."""

    variables: dict[str, Variable]
    constraints: list[Constraint]


def published(shared: Path, suite: str) -> Any:
    """A suite's known answers, decimals exact."""
    return json.loads((shared / "suites" / suite / "known_answers.json").read_text(encoding="utf-8"), parse_float=Decimal)


def problems(
    rules: Sequence[str],
    data: Mapping[str, Any],
    weights: Mapping[str, Any] | None = None,
    instead: Mapping[str, Sequence[str]] | None = None,
) -> list[Problem]:
    """The case as a problem; ``instead`` gives a rule as alternatives of which one must hold, and then there is a problem for each."""
    fields = tuple("" if value is None else f"{Decimal(value):f}" for value in data.values())
    file = FlatFile("case", tuple(data), tuple(data), (fields,), (2,))
    number = {"number": "", "places": PLACES}
    form = build_form(flat_form("flat/case", {TABLE: types_of(file, **dict.fromkeys(data, number))}))
    variables = _variables(file, form, weights or {})
    ways = product(*((instead or {}).get(rule, (rule,)) for rule in rules))
    return [Problem(variables, [row for i, rule in enumerate(way) for row in _constraints(rule, i, form)]) for way in ways]


def _variables(file: FlatFile, form: Form, weights: Mapping[str, Any]) -> dict[str, Variable]:
    table, report = form.tables[TABLE], flat_reports(file, form, TABLE)[0]
    row = dict((report.tables or {})[TABLE]["this"])  # type: ignore[arg-type]
    found = {}
    for kind, column in zip(table.kinds, table.columns, strict=True):
        value = read_cell(row[column], kind, form.marks).value
        low, places = domain_of(kind, table.places)
        weight = weights.get(column, 1)
        fixed = weight == "inf" or weight == math.inf
        found[column] = Variable(None if value is None else value.scaleb(table.places), low, None, places, fixed, 1 if fixed else weight)
    return found


def _constraints(text: str, number: int, form: Form) -> list[Constraint]:
    """One of the case's rules, as its constraints over columns."""
    ours = NAME.sub(lambda match: f"{TABLE}[this, {match[0]}]", text)
    words = {"zh": text, "en": text}
    examples = [{"expect": "pass", "given": {}}, {"expect": "fail", "given": {}}]
    data = {"schema": "govreport-rule/1", "title": words, "severity": "error", "assert": ours, "message": words, "why": words, "fix": words}
    found = instances(bind(RuleFile.model_validate({**data, "examples": examples}), form))
    assert found, f"{ours} is not linear"
    return [_named(one, number, form.tables[TABLE]) for instance in found for one in instance.constraints]


def _named(one: Constraint, number: int, table: Table) -> Constraint:
    terms = tuple((coefficient, table.columns[key[3]]) for coefficient, key in one.terms)  # type: ignore[index]
    return Constraint(number, terms, one.low, one.high, one.strict)
