"""A made-up county from the first workbook to the second, by the commands that reviewers use."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest
from filled import PROBLEMS, UNITS, put
from made_county import County, make_county

from govreport_check.cli import main

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported.*")

ZONE = "云岭县经济开发区管理委员会"
CIVIL, TRAFFIC, WATER, NUMBERS, SCHOOLS = (f"云岭县{name}局" for name in ("民政", "交通运输", "水利", "统计", "教育"))
BEFORE = {CIVIL: "wrong_sum", TRAFFIC: "wrong_carry_over", WATER: "missing", NUMBERS: "last_year", ZONE: "wrong_summary"}
AFTER = {TRAFFIC: "wrong_carry_over", SCHOOLS: "wrong_sum"}
Table = list[dict[str, object]]


def is_meant(name: str) -> bool:
    return name in BEFORE or name == SCHOOLS or "经济开发区" in name


def some(county: County) -> County:
    """The same roster with a dozen units, so that the test is quick."""
    with county.roster.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    names = {row["unit"] for row in rows if is_meant(row["unit"])}
    with county.roster.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(row | {"parent": row["parent"] if row["parent"] in names else ""} for row in rows if row["unit"] in names)
    for path in county.folder.iterdir():
        if not is_meant(path.stem[:-4]):
            path.unlink()
    return county


def checked(folder: Path, faults: Mapping[str, str], *options: str) -> tuple[int, dict[str, Table]]:
    """The exit code of a round and its workbook, sheet by sheet."""
    county = some(make_county(folder, faults, formats=("txt",)))
    common = ("--roster", str(county.roster), "-o", str(folder / "book.xlsx"), "--jobs", "1", "--no-config", "--pack", "cn-disclosure")
    code = main(["season", "check", str(county.folder), *common, *options])
    book = openpyxl.load_workbook(folder / "book.xlsx")
    return code, {sheet.title: table(sheet) for sheet in book}


def table(sheet: openpyxl.worksheet.worksheet.Worksheet) -> Table:
    heads = [cell.value for cell in sheet[1]]
    rows = (dict(zip(heads, row, strict=True)) for row in sheet.iter_rows(min_row=2, values_only=True))
    return [row for row in rows if row[heads[1]] is not None]


@pytest.fixture(scope="module")
def rounds(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Table], dict[str, Table]]:
    """Both workbooks: everything is adopted by unit, the zone's first finding is rejected; then some mend and some do not."""
    folder = tmp_path_factory.mktemp("rounds")
    code, first = checked(folder / "1", BEFORE)
    assert code == 1
    book = openpyxl.load_workbook(folder / "1" / "book.xlsx")
    for row in range(2, len(first[UNITS]) + 2):
        put(book[UNITS], row, 审核意见="采纳", 备注="第一轮")
    rejected = next(at for at, row in enumerate(first[PROBLEMS], 2) if row["单位名称"] == ZONE)
    put(book[PROBLEMS], rejected, 审核意见="不采纳", 整改期限="2025年3月15日")
    book.save(folder / "decided.xlsx")
    _, second = checked(folder / "2", AFTER, "--decisions", str(folder / "decided.xlsx"))
    return first, second


def conclusions(book: dict[str, Table]) -> dict[object, object]:
    return {row["单位名称"]: row["结论"] for row in book[UNITS] if is_faulty(str(row["单位名称"]))}


def is_faulty(unit: str) -> bool:
    return unit in BEFORE or unit in AFTER


def test_the_first_workbook_says_exactly_what_is_wrong(rounds: tuple[dict[str, Table], dict[str, Table]]) -> None:
    first, _ = rounds
    wrong = {CIVIL: "需更正", TRAFFIC: "需核实", WATER: "未报", NUMBERS: "未报", ZONE: "需更正", SCHOOLS: "通过"}
    assert conclusions(first) == wrong
    assert {row["结论"] for row in first[UNITS] if not is_faulty(str(row["单位名称"]))} == {"通过"}
    assert {row["单位名称"] for row in first[PROBLEMS]} == {CIVIL, TRAFFIC, ZONE}
    assert sorted((str(row["类别"]), str(row["单位"])) for row in first["3 未报、重报、串年、雷同"]) == [("串年", NUMBERS), ("未报", WATER)]
    assert {row["差额"] for row in first["4 汇总核对"] if row["核对结果"] != "相符"} == {3}
    total = first["5 统计"][0]
    assert (total["单位数"], total["已报"], total["未报"], total["需更正"], total["需核实"]) == (
        len(first[UNITS]),
        len(first[UNITS]) - 2,
        2,
        2,
        1,
    )
    assert {row["复核结果"] for row in (*first[UNITS], *first[PROBLEMS])} == {None}


def test_the_second_workbook_says_exactly_what_is_mended_open_and_new(rounds: tuple[dict[str, Table], dict[str, Table]]) -> None:
    first, second = rounds
    became = {(row["单位名称"], row["复核结果"]) for row in second[PROBLEMS]}
    assert became == {(CIVIL, "已改"), (ZONE, "已改"), (TRAFFIC, "未改"), (SCHOOLS, "新增")}
    mended = [row["问题标识"] for row in second[PROBLEMS] if row["复核结果"] == "已改"]
    assert sorted(mended) == sorted(row["问题标识"] for row in first[PROBLEMS] if row["单位名称"] in (CIVIL, ZONE))
    assert conclusions(second) == dict.fromkeys((CIVIL, WATER, NUMBERS, ZONE), "通过") | {TRAFFIC: "需核实", SCHOOLS: "需更正"}
    told = {row["单位名称"]: row["复核结果"] for row in second[UNITS]}
    assert (told[TRAFFIC], told[SCHOOLS], told[WATER]) == ("未改2", "新增2", None)


def test_no_decision_is_lost_and_none_is_taken_for_what_is_new(rounds: tuple[dict[str, Table], dict[str, Table]]) -> None:
    first, second = rounds
    decided = {row["问题标识"]: row["审核意见"] for row in second[PROBLEMS]}
    rejected = next(row["问题标识"] for row in first[PROBLEMS] if row["单位名称"] == ZONE)
    assert decided == {
        row["问题标识"]: "不采纳" if row["问题标识"] == rejected else None if row["单位名称"] == SCHOOLS else "采纳"
        for row in second[PROBLEMS]
    }
    units = {row["单位名称"]: (row["审核意见"], row["备注"]) for row in second[UNITS]}
    assert units[SCHOOLS] == (None, "第一轮") and units[CIVIL] == ("采纳", "第一轮")


def test_letters_of_the_second_round_ask_for_what_is_still_open(
    rounds: tuple[dict[str, Table], dict[str, Table]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = next(tmp_path_factory.getbasetemp().glob("rounds*/2/book.xlsx"))
    out = tmp_path_factory.mktemp("letters")
    assert main(["season", "letters", str(path), "-o", str(out), "--format", "md"]) == 0
    assert [file.name for file in out.iterdir()] == [f"{TRAFFIC}.md"]
