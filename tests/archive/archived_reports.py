"""Reports for archives: generated ones with known faults, and such as are printed in odd ways."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from govreport_check.engine import Job, Options, check_jobs
from govreport_check.findings import Finding
from govreport_check.form import Form
from govreport_check.pack import Pack
from tests.benchmarks.data import dicts, generate

FORM = "cn-disclosure/2021"
SAID = ("rule", "outcome", "severity", "at", "cells", "left", "operator", "right", "difference", "message", "fingerprint")


def documents(form: Form, size: int = 16) -> list[dict[str, Any]]:
    """Generated reports, then one report with everything odd, one thing at a time."""
    made = dicts(generate(form, size, seed=3))
    first = made[0]
    odd = [None, "-", "1,234", "12a", -1, 2.5, "0", "22（其中修订16件）", "约20", 2**53, 10**30, "２", ""]
    cells = [_with(first, raw, "tables", "requests", "granted", "commercial") for raw in odd]
    totals = [_with(first, raw, "tables", "requests", "granted", "total") for raw in (None, "-", "12a")]
    fees = [_with(first, raw, "tables", "fees", "administrative", "amount") for raw in (1, 0.1, 1e-7, "3.50", None, -2.25)]
    parts = [
        _with(first, {"heading": "一、总体情况", "text": " \n"}, "sections", "overview"),
        _with(first, {"heading": "五、主要问题", "text": "无"}, "sections", "problems"),
        _with(first, {"heading": "一、总体情况", "text": "x", "unread": True}, "sections", "overview"),
        _without(first, "sections"),
        _without(first, "sections", "problems"),
    ]
    facts = [
        _with(first, "2022-13-41", "about", "period_end"),
        _with(first, None, "about", "signed_on"),
        _with(first, "1", "about", "surprise"),
        _without(first, "about"),
        _without(first, "about", "year"),
    ]
    shapes = [
        _without(first, "tables", "disputes"),
        _without(first, "tables", "requests", "granted"),
        _with(first, True, "about", "partial"),
    ]
    return [*made, *cells, *totals, *fees, *parts, *facts, *shapes]


def _with(document: Mapping[str, Any], value: Any, *path: str) -> dict[str, Any]:
    new: dict[str, Any] = copy.deepcopy(dict(document))
    inner = new
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return new


def _without(document: Mapping[str, Any], *path: str) -> dict[str, Any]:
    new = _with(document, None, *path)
    inner = new
    for key in path[:-1]:
        inner = inner[key]
    del inner[path[-1]]
    return new


def files(folder: Path, reports: Iterable[Mapping[str, Any]]) -> list[Path]:
    """A JSON file for each report, made different by blanks at its end."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for i, report in enumerate(reports):
        path = folder / f"{i:04d}.json"
        path.write_text(json.dumps(report, ensure_ascii=False) + " " * i, encoding="utf-8")
        paths.append(path)
    return paths


def told(finding: Finding) -> tuple[Any, ...]:
    """A finding as an archive tells it."""
    at = ", ".join(f"{name}={value}" for name, value in finding.bindings.items())
    cells = tuple(cell.address for cell in finding.cells)
    sides = (finding.left, finding.operator, finding.right, finding.difference)
    return (finding.rule, finding.outcome, finding.severity.value, at, cells, *sides, finding.message, finding.fingerprint)


def key(line: Sequence[Any]) -> list[str]:
    return [str(value) for value in line]


def of_rows(rows: Iterable[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
    """Lines of a findings table as :func:`told` gives them, in an order of their own."""
    return sorted((tuple(tuple(row[name]) if name == "cells" else row[name] for name in SAID) for row in rows), key=key)


def alone(path: Path, pack: Pack, rules: Sequence[str] = ()) -> list[tuple[Any, ...]]:
    """What ``check`` says of one report by itself."""
    found = check_jobs([Job(path)], [pack], Options(select=tuple(rules), suspects=False)).reports[0].findings
    return sorted((told(finding) for finding in found), key=key)
