"""The form and the reports that the readers are tried on, and how reports are compared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from govreport_check import marked
from govreport_check.form import Form, build_form
from govreport_check.form_file import FormFile
from govreport_check.model import Report

ROOT = Path(__file__).resolve().parent.parent.parent


def load_form(path: Path) -> Form:
    return build_form(FormFile.model_validate(marked.plain(marked.parse_yaml(path.read_text(encoding="utf-8")))))


FORM = load_form(ROOT / "rules" / "cn-disclosure" / "forms" / "2021.yaml")
YUNLING = (ROOT / "docs" / "examples" / "yunling-2024.txt").read_text(encoding="utf-8")


def differing(report: Report, wanted: dict[str, Any]) -> list[str]:
    """The addresses at which ``report`` holds something other than ``wanted``."""
    tables = report.tables or {}
    return [
        f"{table}[{row}, {column}]"
        for table, rows in wanted.items()
        for row, cells in rows.items()
        for column, value in cells.items()
        if tables.get(table, {}).get(row, {}).get(column, "absent") != value
    ]


def rules_of(report: Report) -> list[tuple[str, str | None]]:
    return [(remark.rule, remark.at) for remark in report.remarks]
