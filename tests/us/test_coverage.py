"""Every rule of the official web form, every statement of the IEPD document and every calculated field has its place in the pack."""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from us_reports import MAP, PACK, RULES, report

from govreport_check import check_many, read
from govreport_check.rule import fitted_rules

FORM = PACK.forms["us-foia/2008"]
TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in sorted(RULES.glob("*/*.yaml")) if path.parent.name != "forms"}


def rows_of_the_map(prefix: str) -> dict[str, str]:
    """The lines of tables in docs/us-foia.md that name an id: id → line. ``JS-26 … JS-28`` names the three."""
    found: dict[str, str] = {}
    for line in MAP.read_text(encoding="utf-8").splitlines():
        for first, last in re.findall(rf"{prefix}-(\d+)(?: … {prefix}-(\d+))?", line) if line.startswith("|") else ():
            found.update({f"{prefix}-{k}": line for k in range(int(first), int(last or first) + 1)})
    return found


def cited(text: str) -> set[int]:
    """The rules of the web form that a rule file names under ``cites``."""
    return {int(k) for k in re.findall(r"JS-(\d\d)", text.partition("\ncites:")[2].partition("\nmessage:")[0])}


def test_every_rule_of_the_web_form_is_cited_or_listed_with_a_reason() -> None:
    named = set().union(*map(cited, TEXTS.values()))
    assert set(range(1, 80)) - named - {int(key[3:]) for key in rows_of_the_map("JS")} == set()
    assert named <= set(range(1, 80))


def test_what_the_pack_does_otherwise_than_the_web_form_is_listed() -> None:
    assert {"JS-1", "JS-20", "JS-60", "JS-62"} <= set(rows_of_the_map("JS"))


def test_every_statement_of_the_document_is_listed_with_its_rule_or_the_reason() -> None:
    listed = rows_of_the_map("IEPD")
    assert set(listed) == {f"IEPD-{k}" for k in range(1, 51)}
    for key, line in listed.items():
        where = line.rstrip("| ").rpartition("|")[2]
        named = re.findall(r"`([a-z0-9-]+)`", where)
        assert set(named) <= set(TEXTS), key
        assert named or where.strip(), key


def test_the_map_lists_every_rule_and_no_other() -> None:
    linked = Counter(re.findall(r"\[`([a-z0-9-]+)`\]\(rules/us-foia/", MAP.read_text(encoding="utf-8")))
    assert set(linked) == set(TEXTS)
    assert [rule for rule, times in linked.items() if times > 1] == []


# --- the 175 calculated fields -----------------------------------------------------------------------------------------------------


class Place(NamedTuple):
    kind: str
    table: str
    row: str
    column: str


SUMS = {
    "V.A": 4, "V.B.(1)": 13, "V.B.(2)": 1, "V.B.(3)": 14, "VI.A": 4, "VI.B": 5, "VI.C.(1)": 14, "VI.C.(2)": 11, "VI.C.(3)": 1,
    "VII.C.(1)": 14, "VII.C.(2)": 14, "VII.C.(3)": 14, "VII.D": 3, "VIII.A": 3, "VIII.B": 2, "IX": 6, "X": 1, "XI.A": 1, "XI.B": 2,
    "XII.A": 2, "XII.B": 4, "XII.D.(1)": 4, "XII.D.(2)": 2, "XII.E.(1)": 4, "XII.E.(2)": 2,
}  # fmt: skip
"""Fields that the web form computes as overall = sum of the components, by section (rules.md, section 2): 145."""

PARTS = {
    "V.B.(1)": ["dispositions"],
    "V.B.(2)": ["other_reasons"],
    "VI.C.(3)": ["appeal_other_reasons"],
    "VI.B": ["appeal_dispositions"],
    "VII.C": ["simple_increments", "complex_increments", "expedited_increments"],
    "IX staff": ["personnel"],
    "IX costs": ["personnel"],
    "IV": ["statutes"],
}
"""Fields that the web form computes from their own row, and the tables that hold them: 8."""

TIMES = {"appeal_times": [""], "response_times": ["simple_", "complex_", "expedited_"], "granted_times": ["simple_", "complex_", "expedited_"]}
CALCULATED = {"part": 8, "sum": 145, "flow": 6, "extreme": 14, "percent": 2}
NOT_ADDED_UP = {"median", "average", "percent", "days", "date"}


def component(table: str) -> dict[str, Any]:
    """A row of a component in which everything adds up: one of each count, the total of a row the sum of its parts."""
    columns = [column for column in FORM.tables[table].columns if not column.startswith("*")]
    row: dict[str, Any] = {column: 1 for column in columns if not any(part in column for part in NOT_ADDED_UP) or "days_1" in column}
    if table.startswith("oldest"):
        return {}
    if "total" in row and table != "statutes":
        row["total"] = len(row) - 1
    return row
