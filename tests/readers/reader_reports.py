"""The form and the reports that the readers are tried on, and how reports are compared."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from govreport_check import marked
from govreport_check.form import Form
from govreport_check.form_building import build_form
from govreport_check.form_file import FormFile
from govreport_check.model import Cells, Report

ROOT = Path(__file__).resolve().parent.parent.parent


def load_form(path: Path) -> Form:
    return build_form(FormFile.model_validate(marked.plain(marked.parse_yaml(path.read_text(encoding="utf-8")))))


FORM = load_form(ROOT / "rules" / "cn-disclosure" / "forms" / "2021.yaml")
FORM_2019 = load_form(ROOT / "rules" / "cn-disclosure" / "forms" / "2019.yaml")
YUNLING = (ROOT / "docs" / "examples" / "yunling-2024.txt").read_text(encoding="utf-8")


def differing(report: Report, wanted: dict[str, Any]) -> list[str]:
    """The addresses at which ``report`` holds something other than ``wanted``."""
    tables = report.tables or {}
    return [
        f"{table}[{row}, {column}]"
        for table, rows in wanted.items()
        for row, cells in rows.items()
        for column, value in cells.items()
        if cell_of(tables, table, row, column) != value
    ]


def cell_of(tables: Mapping[str, Cells], table: str, row: str, column: str) -> object:
    """What stands in a cell, ``absent`` or ``run`` where it has none of its own."""
    rows = tables.get(table, {})
    cells = rows.get(row, rows.get("*", {}))
    return "run" if isinstance(cells, str) else cells.get(column, "absent")


def runs_of(report: Report) -> dict[tuple[str, str], str]:
    """The runs of fused digits by table and row."""
    return {(table, row): cells for table, rows in (report.tables or {}).items() for row, cells in rows.items() if isinstance(cells, str)}


def digits_of(wanted: dict[str, Any], table: str, row: str) -> str:
    """The figures of a row, or of a whole table (``*``), one behind the other."""
    rows = wanted[table].values() if row == "*" else [wanted[table][row]]
    return "".join(str(value) for cells in rows for value in cells.values())


def row_line(label: str) -> str:
    """The line of the clean report in which a row stands."""
    return next(line for line in YUNLING.split("\n") if label in line and "\t" in line and re.search(r"\t\d", line))


def table_lines(text: str, change: Callable[[str], str]) -> str:
    """``text`` with every table row changed."""
    return "\n".join(change(line) if "\t" in line else line for line in text.split("\n"))


def rules_of(report: Report) -> list[tuple[str, str | None]]:
    return [(remark.rule, remark.at) for remark in report.remarks]
