"""A small form to try expressions on, and what an expression says of one report of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from govreport_check.evaluation import CODES, evaluate_rule
from govreport_check.expr.columns import Numbers, Truth
from govreport_check.expr.evaluate import evaluate
from govreport_check.expr.nodes import Variable
from govreport_check.expr.parse import ExpressionError
from govreport_check.expr.picks import Scope
from govreport_check.expr.typecheck import check_expression
from govreport_check.form import Form
from govreport_check.form_building import build_form
from govreport_check.form_file import FormFile
from govreport_check.frame import Frame, build_frame
from govreport_check.listed import listed
from govreport_check.model import Report, Section
from govreport_check.rule import Rule, bind
from govreport_check.rule_file import RuleFile

ROWS, COLUMNS = ("r1", "r2", "r3", "r4"), ("a", "b", "c", "total")


def _table(cells: Any, **more: Any) -> dict[str, Any]:
    columns = {name: f"column {name}" for name in COLUMNS}
    rows = {"r1": "row one", "r2": "row two", "deep": {"r3": "row three", "r4": "row four"}}
    groups = {"row_groups": {"early": ["r1", "r2"], "late": ["deep"]}, "column_groups": {"parts": ["a", "b", "c"], "few": ["a", "b"]}}
    return {
        "section": "one",
        "name": {"zh": "表", "en": "Table"},
        "cells": {"all": cells},
        "columns": columns,
        "rows": rows,
        **groups,
        **more,
    }


FORM: Form = build_form(
    FormFile.model_validate(
        {
            "schema": "govreport-form/1",
            "id": "small/1",
            "years": "2000-",
            "marks": {"": "zero", "-": "zero", "n/a": "not_applicable", "<5": {"above": 0, "below": 5}},
            "sections": {
                "one": {"heading": "总体情况", "number": "一"},
                "two": {"heading": "存在问题", "number": "二"},
                "three": {"heading": "其他事项", "number": "三"},
            },
            "tables": {
                "counts": _table("count", totals={"columns": ["total"]}),
                "figures": _table("number"),
                "money": _table({"amount": "万元", "places": 6}),
            },
            "dates": {"mentioned": {"in": "any"}},
        }
    )
)
LEAVES = ("r1", "r2", "deep.r3", "deep.r4")
BLANK = {table: {row: dict.fromkeys(COLUMNS, 0) for row in LEAVES} for table in FORM.tables}


def report(
    cells: Mapping[str, Any] | None = None, about: Mapping[str, Any] | None = None, sections: Mapping[str, str] | None = None
) -> Report:
    """A report whose figures are nought but for ``cells`` (``"counts r1 a"`` → raw) and whose parts have these texts."""
    tables: dict[str, Any] = {table: {row: dict(columns) for row, columns in rows.items()} for table, rows in BLANK.items()}
    for address, raw in (cells or {}).items():
        table, row, column = address.split()
        if raw is ...:
            del tables[table][row][column]
        else:
            tables[table][row][column] = raw
    parts = None if sections is None else {name: Section(f"一、{name}", text) for name, text in sections.items()}
    return Report("small", FORM.id, dict(about or {}), parts, tables)


def frame(*reports: Report, before: list[Report | None] | None = None) -> Frame:
    return build_frame(FORM, reports, [listed(one, FORM) for one in reports], before)


def truth(
    text: str, cells: Mapping[str, Any] | None = None, about: Any = None, sections: Any = None, lets: Mapping[str, str] | None = None
) -> Any:
    """True, False, None (undecided) or "n/a" of a condition on one report."""
    scope = Scope(FORM, {}, {name: check_expression(let, Scope(FORM)) for name, let in (lets or {}).items()})
    column = evaluate(check_expression(text, scope, wanted="bool"), frame(report(cells, about, sections)), {})
    assert isinstance(column, Truth)
    if column.na is not None and bool(np.broadcast_to(column.na, column.value.shape)[0]):
        return "n/a"
    return {1: True, 0: None, -1: False}[int(column.value[0])]


def bounds(text: str, cells: Mapping[str, Any] | None = None, about: Any = None) -> tuple[float, float]:
    """The unknown part of a number on one report, in its own units."""
    column = evaluate(check_expression(text, Scope(FORM), wanted="number"), frame(report(cells, about)), {})
    assert isinstance(column, Numbers)
    return float(column.lo[0]), float(column.hi[0])


def refused(text: str, *, wanted: Any = None, variables: Mapping[str, Variable] | None = None) -> ExpressionError:
    """How an expression is refused."""
    try:
        node = check_expression(text, Scope(FORM, variables or {}), wanted=wanted)
    except ExpressionError as error:
        return error
    raise AssertionError(f"accepted: {node}")


def rule(assertion: str | None = None, **more: Any) -> Rule:
    words = {"zh": "一", "en": "one"}
    examples = [{"expect": "pass", "given": {}}, {"expect": "fail", "given": {}}]
    stated = {"assert": assertion} if assertion is not None else {}
    data = {"schema": "govreport-rule/1", "title": words, "severity": "error", "message": words, "why": words, "fix": words}
    file = RuleFile.model_validate({**data, "examples": examples, **stated, **more})
    return Rule("small/rule", file, "rule.yaml", "", {FORM.id: bind(file, FORM)})


def outcomes(checked: Rule, *reports: Report, before: list[Report | None] | None = None) -> list[Any]:
    """The outcomes of every instance, reports last; one report alone loses that axis."""
    evaluation = evaluate_rule(frame(*reports, before=before), checked, checked.bound[FORM.id])
    names = (
        np.vectorize(lambda code: str(CODES[int(code)]), otypes=[object])(evaluation.codes) if evaluation.codes.size else evaluation.codes
    )
    if len(reports) == 1 and evaluation.owner is None:
        names = names[..., 0]
    return names.tolist()
