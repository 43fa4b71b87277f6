"""Annual FOIA reports as data, and what the pack says of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

from govreport_check import check, load_pack

ROOT = Path(__file__).resolve().parents[2]
RULES = ROOT / "rules" / "us-foia"
MAP = ROOT / "docs" / "us-foia.md"
PACK = load_pack("us-foia")

Tables: TypeAlias = "Mapping[str, Any]"


def report(tables: Tables, year: int = 2024) -> dict[str, Any]:
    """A report of the Department of Examples with these tables, and no others."""
    about = {"agency": "Department of Examples", "abbreviation": "DEX", "year": year}
    return {"schema": "govreport-report/1", "form": "us-foia/2008", "about": about, "tables": tables}


def failing(source: Any, rule: str, **options: Any) -> list[tuple[str, ...]]:
    """What the instances of one rule that fail are bound to: the component, the column, in the order of the rule's ``for``."""
    (one,) = check(source, packs=[PACK], select=[rule], lang="en", **options).reports
    return [tuple(f.bindings.values()) for f in one.findings if f.rule == f"us-foia/{rule}" and f.outcome == "fail"]


def undecided(source: Any, rule: str) -> int:
    """How many instances of one rule were not decided."""
    (one,) = check(source, packs=[PACK], select=[rule], lang="en").reports
    return sum(f.instances for f in one.findings if f.rule == f"us-foia/{rule}" and f.outcome == "undecided")
