"""govreport_check: a compliance validator for government transparency reports.

``check`` says what the rules say of a report, ``read`` shows how it was read, ``load_pack`` gives a country's forms and rules,
``render`` turns a result into text. Nothing here prints, logs, or keeps state; every function may be called from many threads.
See ``docs/python.md``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from govreport_check.engine import check, check_many, read
    from govreport_check.errors import Complaint, GovreportError, PackError, SourceError, UsageError
    from govreport_check.examples import ExampleResult, test_pack
    from govreport_check.findings import Exit, Finding, Outcome, ReportResult, Result, Severity, Verdict
    from govreport_check.model import Report
    from govreport_check.pack import Pack, load_pack, packs_available, rule_schema
    from govreport_check.renderers import render

__version__ = "0.1.0"

_HOMES = {
    "engine": ("check", "check_many", "read"),
    "errors": ("Complaint", "GovreportError", "PackError", "SourceError", "UsageError"),
    "examples": ("ExampleResult", "test_pack"),
    "findings": ("Exit", "Finding", "Outcome", "ReportResult", "Result", "Severity", "Verdict"),
    "model": ("Report",),
    "pack": ("Pack", "load_pack", "packs_available", "rule_schema"),
    "renderers": ("render",),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "Complaint",
    "ExampleResult",
    "Exit",
    "Finding",
    "GovreportError",
    "Outcome",
    "Pack",
    "PackError",
    "Report",
    "ReportResult",
    "Result",
    "Severity",
    "SourceError",
    "UsageError",
    "Verdict",
    "__version__",
    "check",
    "check_many",
    "load_pack",
    "packs_available",
    "read",
    "render",
    "rule_schema",
    "test_pack",
]


def __getattr__(name: str) -> Any:
    """Public names are imported when first used, so that ``import govreport_check`` costs nothing."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    from importlib import import_module

    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value
