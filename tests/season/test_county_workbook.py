"""The whole county in the workbook: five sheets that say exactly what is wrong, decisions, and what became of it in a second round."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from made_county import COPIED_FROM, FAULTS, make_county

from govreport_check.renderers.sheets.season import season_workbook
from govreport_check.season.model import Season
from govreport_check.workbook import next_round, read_workbook

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported.*")

UNITS, PROBLEMS, FILES, SUMS, STATISTICS = "1 总表", "2 问题明细", "3 未报、重报、串年、雷同", "4 汇总核对", "5 统计"
TOP, ZONE = "云岭县人民政府", "云岭县经济开发区管理委员会"
SUM, CARRY, SCHOOLS = "云岭县民政局", "云岭县交通运输局", "云岭县教育局"
AFTER = {CARRY: "wrong_carry_over", SCHOOLS: "wrong_sum"}
"""The second round: all have mended but one, and one has spoilt what was right."""
Row = dict[str, Any]


def with_fault(*faults: str) -> set[str]:
    return {unit for unit, its in FAULTS.items() if its in faults}


def rows_of(content: bytes) -> dict[str, list[Row]]:
    """Every sheet's rows by their heads."""
    found = {}
    for sheet in openpyxl.load_workbook(io.BytesIO(content)):
        heads = [cell.value for cell in sheet[1]]
        rows = [dict(zip(heads, row, strict=True)) for row in sheet.iter_rows(min_row=2, values_only=True)]
        found[sheet.title] = [row for row in rows if row[heads[1]] is not None]
    return found


@pytest.fixture(scope="module")
def first(season: Season) -> dict[str, list[Row]]:
    return rows_of(season_workbook(season))


def test_the_first_sheet_has_every_unit_with_its_conclusion(first: dict[str, list[Row]]) -> None:
    rows = first[UNITS]
    assert Counter(row["结论"] for row in rows) == {"通过": 51, "需更正": 2, "需核实": 3, "未报": 4}
    told = {row["单位名称"]: row["结论"] for row in rows if row["结论"] != "通过"}
    words = {
        "missing": "未报",
        "last_year": "未报",
        "late": "需核实",
        "wrong_carry_over": "需核实",
        "wrong_sum": "需更正",
        "wrong_summary": "需更正",
    }
    assert told == {unit: words[fault] for unit, fault in FAULTS.items() if fault in words}
    assert {row["单位名称"] for row in rows if row["是否收到"] == "否"} == with_fault("missing") | with_fault("last_year")
    assert {row["单位名称"]: row["逾期天数"] for row in rows if row["逾期天数"]} == dict.fromkeys(with_fault("late"), 42)
    assert {row["单位名称"]: row["报告年度"] for row in rows if row["报告年度"] not in (2024, None)} == dict.fromkeys(
        with_fault("last_year"), 2023
    )


def test_the_second_sheet_has_the_faults_and_nothing_else(first: dict[str, list[Row]]) -> None:
    found = Counter((row["单位名称"], row["级别"]) for row in first[PROBLEMS])
    late = {(unit, "存疑"): 1 for unit in with_fault("late")}
    assert found == {(SUM, "错误"): 2, (ZONE, "错误"): 6, (CARRY, "存疑"): 2, **late}


def test_the_third_sheet_has_the_files(first: dict[str, list[Row]]) -> None:
    told = {(row["类别"], frozenset(row["单位"].split("、"))) for row in first[FILES]}
    alone = {"missing": "未报", "late": "逾期", "last_year": "串年"}
    expected = {(alone[fault], frozenset({unit})) for unit, fault in FAULTS.items() if fault in alone}
    assert told == expected | {("雷同", frozenset({COPIED_FROM, *with_fault("copied")}))}


def test_the_fourth_sheet_has_the_sums(first: dict[str, list[Row]]) -> None:
    rows = first[SUMS]
    wrong = [(row["上级/汇总单位"], row["差额"]) for row in rows if row["差额"] and not row["缺报单位"]]
    assert wrong == [(ZONE, 3)] * 6
    open_ = [row for row in rows if row["上级/汇总单位"] == TOP]
    assert {frozenset(row["缺报单位"].split("、")) for row in open_} == {frozenset(with_fault("missing", "last_year"))}
    assert len({row["核对结果"] for row in open_}) == 1


def test_the_fifth_sheet_counts_them(first: dict[str, list[Row]]) -> None:
    total = first[STATISTICS][0]
    assert (total["单位数"], total["未报"], total["需更正"], total["需核实"]) == (60, 4, 2, 3)


@pytest.fixture(scope="module")
def second(
    season: Season, reviewed: Callable[..., Season], tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, list[Row]], list[Row]]:
    """Every finding adopted but the zone's first, then the mended files reviewed: the second workbook, and what was decided."""
    folder = tmp_path_factory.mktemp("second")
    book = openpyxl.load_workbook(io.BytesIO(season_workbook(season)))
    sheet = book[PROBLEMS]
    column = next(cell.column for cell in sheet[1] if cell.value == "审核意见")
    keys = next(cell.column for cell in sheet[1] if cell.value == "问题标识")
    number = sum(1 for row in range(2, sheet.max_row + 1) if sheet.cell(row, keys).value)
    for row in range(2, 2 + number):
        sheet.cell(row, column).value = "不采纳" if row == 2 else "采纳"
    book.save(folder / "decided.xlsx")
    decided = rows_of((folder / "decided.xlsx").read_bytes())[PROBLEMS]
    now = reviewed(make_county(folder / "county", AFTER, formats=("txt",)))
    again = next_round(now, read_workbook(folder / "decided.xlsx"))
    assert again.remarks == ()
    return rows_of(season_workbook(now, again.round)), decided


def test_the_second_round_says_what_is_mended_open_and_new(second: tuple[dict[str, list[Row]], list[Row]]) -> None:
    found = Counter((row["单位名称"], row["复核结果"]) for row in second[0][PROBLEMS])
    late = {(unit, "已改"): 1 for unit in with_fault("late")}
    above = {(TOP, "新增"): 1}  # now that all have reported, the wrong total shows in the county's sum as well
    assert found == {(SUM, "已改"): 2, (ZONE, "已改"): 6, (CARRY, "未改"): 2, (SCHOOLS, "新增"): 2, **above, **late}
    assert second[0][FILES] == []


def test_the_second_round_keeps_every_decision(second: tuple[dict[str, list[Row]], list[Row]]) -> None:
    book, decided = second
    kept = {(row["单位名称"], row["问题标识"]): row["审核意见"] for row in book[PROBLEMS]}
    assert {key: kept[key] for key in kept if key[0] not in (SCHOOLS, TOP)} == {
        (row["单位名称"], row["问题标识"]): row["审核意见"] for row in decided
    }
    assert {kept[key] for key in kept if key[0] in (SCHOOLS, TOP)} == {None}
