"""Every figure of tables 3 and 4 changed, in published reports: exactly the sums that hold it break, or it is told itself.

What should break is computed here from the form's lists of rows and columns, with plain sums.
"""

from __future__ import annotations

import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from some_reports import FORM, SUMMED, YUNLING, changed, equations, load, rules_of

from govreport_check import Report, check, load_pack
from govreport_check.engine import Options, Recognised, check_reports, select_rules
from govreport_check.findings import ReportResult
from govreport_check.pack import BUILT_IN
from govreport_check.readers.structured import read_structured

SUMS = list(equations())
Cell = tuple[str, str, str]
Found = set[tuple[str, frozenset[Cell]]]


def numbers(document: dict[str, Any]) -> dict[Cell, int]:
    """The figures as the form's marks mean them; an annotated figure is its number."""
    tables = document["tables"]

    def number(raw: Any) -> int:
        if raw in (None, "", "-", "/"):
            return 0
        return int(str(raw).partition("（")[0])

    return {(table, row, column): number(tables[table][row][column]) for table, row, column in SUMMED}


def broken(figures: dict[Cell, Any]) -> Found:
    return {
        (rule, frozenset((*left, *right))) for rule, left, right in SUMS if sum(figures[c] for c in left) != sum(figures[c] for c in right)
    }


def holding(cell: Cell) -> Found:
    return {(rule, frozenset((*left, *right))) for rule, left, right in SUMS if cell in (*left, *right)}


def told(result: ReportResult) -> Found:
    """The sums that are told as broken, each with its cells."""
    names = {rule for rule, _, _ in SUMS}
    found = set()
    for finding in result.findings:
        if (rule := finding.rule.partition("/")[2]) in names and finding.outcome == "fail":
            found.add((rule, frozenset(address_of(cell.address) for cell in finding.cells)))
    return found


def address_of(address: str) -> Cell:
    table, _, rest = address.removesuffix("]").partition("[")
    row, _, column = rest.partition(", ")
    return table, row, column


def results_of(reports: list[Report]) -> list[ReportResult]:
    pack, own = load_pack("cn-disclosure"), load_pack(BUILT_IN)
    rules = [rule for rule in pack.rules if rule.section in ("requests", "disputes")]
    chosen = {pack.id: rules, BUILT_IN: select_rules([own], Options())[BUILT_IN]}
    return check_reports([Recognised(report, FORM, pack) for report in reports], chosen, Options(suspects=False))


def own_finding(result: ReportResult, cell: Cell) -> set[str]:
    """The rules by which a cell itself is told."""
    names = {"requests-counts-valid", "disputes-counts-valid", "out-of-range-cell", "unreadable-cell"}
    failed = [finding for finding in result.findings if finding.outcome == "fail"]
    return {finding.rule.partition("/")[2] for finding in failed if cell in [address_of(one.address) for one in finding.cells]} & names


def left_open(document: dict[str, Any], cell: Cell) -> Found:
    """The sums that rest on a total in which nothing is printed: it is not known, so they need not be decided."""
    blank = {c for c in SUMMED if document["tables"][c[0]][c[1]][c[2]] is None and (c[1] == "result_total" or c[2] == "total")}
    return {(rule, cells) for rule, cells in holding(cell) if cells & (blank - {cell})}


def swept(document: dict[str, Any]) -> None:
    base, report = numbers(document), read_structured(document, FORM, "figures")
    assert broken(base) == set()
    chance = random.Random(20240101)
    for kind in ("integer", "half", "forty digits"):
        values: dict[Cell, Any] = {}
        for cell in SUMMED:
            whole = chance.choice([base[cell] + 1, base[cell] - 1, chance.randint(-(10**6), 10**6)])
            values[cell] = {"integer": whole if whole != base[cell] else whole + 1, "half": Decimal("0.5"), "forty digits": int("7" * 40)}[
                kind
            ]
        results = results_of([report.with_cell(*cell, values[cell]) for cell in SUMMED])
        for cell, result in zip(SUMMED, results, strict=True):
            if kind == "half":
                assert told(result) <= holding(cell), (cell, kind)
            else:
                wanted, open_ = broken({**base, cell: values[cell]}), left_open(document, cell)
                assert wanted == holding(cell)
                assert wanted - open_ <= told(result) <= wanted, (cell, kind)
            assert bool(own_finding(result, cell)) == (kind != "integer" or values[cell] < 0), (cell, values[cell])
            assert result.verdict == "findings"


def test_the_example() -> None:
    swept(YUNLING)


FILES = [
    "hangzhou_style_2025",
    "hongze_2024",
    "pingtan_2021",
    "pingtan_2022",
    "pingtan_2025",
    "report29_2023",
    "shanghai_gao_2025",
    "shuyang_2025",
    "shuyang_drc_2023",
    "suqian_2023",
    "zhongyang_2022",
]


@pytest.mark.shared
@pytest.mark.parametrize("name", FILES)
def test_no_published_figures_break_a_sum(shared: Path, name: str) -> None:
    document = load(shared / "cn" / "figures" / f"{name}.json")
    assert broken(numbers(document)) == set()
    failed = [finding for finding in check(document).findings if finding.outcome == "fail"]
    assert not {finding.rule.partition("/")[2] for finding in failed} & {rule for rule, _, _ in SUMS}


@pytest.mark.shared
def test_the_list_of_published_figures_is_complete(shared: Path) -> None:
    documents = {path.stem: load(path) for path in (shared / "cn" / "figures").glob("*.json")}
    whole = {name for name, document in documents.items() if document["form"] == FORM.id and not name.endswith("_partial")}
    assert whole == set(FILES)


@pytest.mark.shared
@pytest.mark.parametrize("name", FILES)
def test_published_figures(shared: Path, name: str) -> None:
    swept(load(shared / "cn" / "figures" / f"{name}.json"))


def test_the_sums_are_those_of_the_form() -> None:
    counted = [rule for rule, _, _ in SUMS]
    assert {rule: counted.count(rule) for rule in counted} == {
        "requests-row-total": 25,
        "requests-result-total": 7,
        "requests-balance": 7,
        "disputes-total": 3,
    }
    assert all(holding(cell) for cell in SUMMED)
    broken_total = changed(YUNLING, {("requests", "granted", "total"): 0})
    assert "requests-row-total" in rules_of(check(broken_total))
