"""Reports that the tests of the whole are tried on, what is changed in them, and what is compared of their results."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from govreport_check import Result, load_pack
from govreport_check.findings import ReportResult
from govreport_check.form import Form

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "docs" / "examples"
FORM: Form = load_pack("cn-disclosure").forms["cn-disclosure/2021"]
CELLS = [(table.id, row, column) for table in FORM.tables.values() for row, column in table.cells]
SUMMED = [cell for cell in CELLS if cell[0] in ("requests", "disputes")]


def load(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal))


YUNLING = load(EXAMPLES / "yunling-2024.json")


def changed(report: Mapping[str, Any], cells: Mapping[tuple[str, str, str], Any]) -> dict[str, Any]:
    """A copy with these cells replaced; ``...`` takes a cell out."""
    new: dict[str, Any] = copy.deepcopy(dict(report))
    for (table, row, column), raw in cells.items():
        if raw is ...:
            new["tables"][table][row].pop(column, None)
        else:
            new["tables"][table][row][column] = raw
    return new


def said(result: ReportResult, *, places: bool = True) -> dict[str, Any]:
    """Everything that is said of one report; without places, also without the words that tell them."""
    told = result.model_dump(mode="json")
    if places:
        return told
    findings = []
    for finding in told["findings"]:
        cells = [{key: cell[key] for key in ("address", "raw", "value", "state")} for cell in finding["cells"]]
        findings.append(
            {**{key: finding[key] for key in ("rule", "outcome", "severity", "bindings", "left", "right", "difference")}, "cells": cells}
        )
    return {"verdict": told["verdict"], "counts": told["counts"], "read": told["read"], "findings": findings}


def differences(one: Any, other: Any, at: str = "") -> list[str]:
    """Where two results differ, each with both values: short enough to be read in a failing test."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        return [found for key in one for found in differences(one[key], other[key], f"{at}.{key}")]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [found for i, pair in enumerate(zip(one, other, strict=True)) for found in differences(*pair, f"{at}[{i}]")]
    return [] if one == other else [f"{at}: {str(one)[:120]} | {str(other)[:120]}"]


def rules_of(result: Result) -> list[str]:
    return [finding.rule.partition("/")[2] for finding in result.findings]


Equation = tuple[str, list[tuple[str, str, str]], list[tuple[str, str, str]]]


def equations() -> Iterator[Equation]:
    """The 42 sums of form 2021, (rule, cells on the left, cells on the right), from the form's lists of rows and columns alone."""
    rows, columns = FORM.tables["requests"].rows, FORM.tables["requests"].columns
    frame = ("new_received", "carried_over", "result_total", "carried_forward")
    results = [row for row in rows if row not in frame]
    for row in rows:
        yield "requests-row-total", [("requests", row, c) for c in columns if c != "total"], [("requests", row, "total")]
    for column in columns:
        yield "requests-result-total", [("requests", row, column) for row in results], [("requests", "result_total", column)]
        yield "requests-balance", [("requests", row, column) for row in frame[:2]], [("requests", row, column) for row in frame[2:]]
    for row in FORM.tables["disputes"].rows:
        yield (
            "disputes-total",
            [("disputes", row, c) for c in FORM.tables["disputes"].columns if c != "total"],
            [("disputes", row, "total")],
        )
