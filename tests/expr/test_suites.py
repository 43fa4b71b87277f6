"""Known answers that others published, written in our grammar."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from small_form import outcomes, report, rule, truth

pytestmark = pytest.mark.shared

A, B = "counts[r1, a] == 0", "counts[r1, b] == 0"
PRINTED = {True: 0, False: 1, None: "?"}


@pytest.fixture
def tables(shared: Path) -> dict[str, Any]:
    return dict(json.loads((shared / "suites" / "three_valued_logic.json").read_text(encoding="utf-8")))


@pytest.mark.parametrize(("table", "text"), [("and_", f"{A} and {B}"), ("or_", f"{A} or {B}"), ("implies", f"implies({A}, {B})")])
def test_kleene(tables: dict[str, Any], table: str, text: str) -> None:
    assert len(tables[table]) == 9
    found = [[a, b, truth(text, {"counts r1 a": PRINTED[a], "counts r1 b": PRINTED[b]})] for a, b, _ in tables[table]]
    assert found == tables[table]


def test_kleene_not(tables: dict[str, Any]) -> None:
    assert [[a, truth(f"not {A}", {"counts r1 a": PRINTED[a]})] for a, _ in tables["not_"]] == tables["not_"]


FIGURES = "figures[r1, a]", "figures[r1, b]", "figures[r1, c]"


def figures(*values: str | None) -> dict[str, Any]:
    return {f"figures r1 {name}": "?" if value is None else Decimal(value) for name, value in zip("abc", values, strict=False)}


def _lines(total: str) -> str:
    """n = 2 lines of 10 against their total, 0.01 allowed for each line."""
    tolerance = {"abs": "0.01 * count(present(figures[r1, few]))", "because": "each line is rounded"}
    cells = {**figures("10", "10"), "figures r1 total": Decimal(total)}
    return str(outcomes(rule("sum(figures[r1, few]) == figures[r1, total]", tolerance=tolerance), report(cells)))


X, Y, Z = FIGURES
PRODUCT = f'round({X} * 0.19, 2, "half_up")'
CASES: dict[str, list[tuple[Any, Any]]] = {
    "185.76 + 14.29 == 200.05": [
        (truth(f"{X} + {Y} == {Z}", figures("185.76", "14.29", "200.05")), True),
        (truth("185.76 + 14.29 == 200.05"), True),
    ],
    "201.48 - 7.05 == 194.43": [
        (truth(f"{X} - {Y} == {Z}", figures("201.48", "7.05", "194.43")), True),
        (truth("201.48 - 7.05 == 194.43"), True),
    ],
    "25.55 + 74.45 == 100": [(truth(f"{X} + {Y} == {Z}", figures("25.55", "74.45", "100")), True)],
    "round_half_up(-1710.50 * 0.19, 2) == -325.00": [
        (truth(f"{PRODUCT} == -325.00", figures("-1710.50")), True),
        (truth(f"{PRODUCT} == -324.99", figures("-1710.50")), False),
    ],
    "61.5000 * -174.65 rounded to 2": [
        (truth(f'round({X} * {Y}, 2, "half_up") == -10740.98', figures("61.5", "-174.65")), True),
        (truth('round(61.5000 * -174.65, 2, "half_up") == -10740.97'), False),
    ],
    "1.000002 within 1 +/- (1*1e-6 + 1e-6), inclusive": [
        (truth("abs(money[r1, a] - 1) <= 1 * 0.000001 + 0.000001", {"money r1 a": Decimal("1.000002")}), True),
        (truth("abs(money[r1, a] - 1) <= 1 * 0.000001 + 0.000001", {"money r1 a": Decimal("1.000003")}), False),
    ],
    "sum of n line amounts vs total, tolerance 0.01*n": [(_lines("20.01"), "pass"), (_lines("20.02"), "pass"), (_lines("20.05"), "fail")],
    "null >= 0": [(truth(f"{X} >= 0", figures(None)), None)],
    "3000000 (nearest million) vs 3100000 (nearest 100k)": [
        (truth(f'round({X} / 1000000, 0, "half_up") == round({Y} / 1000000, 0, "half_up")', figures("3000000", "3100000")), True),
        (truth(f'round({X} / 1000000, 0, "half_up") == round({Y} / 1000000, 0, "half_up")', figures("3000000", "3500000")), False),
    ],
}


def test_every_published_decimal_case_is_written_here(shared: Path) -> None:
    published = json.loads((shared / "suites" / "decimal_regressions.json").read_text(encoding="utf-8"))["cases"]
    assert {case["expr"] for case in published} == set(CASES)


@pytest.mark.parametrize("name", list(CASES))
def test_decimal_regressions(name: str) -> None:
    assert [found for found, _ in CASES[name]] == [wanted for _, wanted in CASES[name]]
