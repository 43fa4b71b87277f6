"""Decisions read back from workbooks as people leave them."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from filled import PROBLEMS, UNITS, filled, put
from seasons import season

from govreport_check.errors import UsageError
from govreport_check.renderers.sheets.round import Typed
from govreport_check.renderers.sheets.season import season_workbook
from govreport_check.workbook import Kept, read_workbook
from govreport_check.workbook.typed import day_of, decision_of

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported.*")

DAY = date(2025, 3, 15)


def typed(kept: Kept) -> dict[str, Typed]:
    return {told.fingerprint.lstrip("0"): said for told, said in kept.findings}


@pytest.mark.parametrize(
    ("said", "adopted", "left"),
    [
        ("采纳", True, ""),
        (" 不 采纳　", False, ""),
        ("Adopt", True, ""),
        ("", None, ""),
        ("同意", None, "同意"),
        ("采纳？", None, "采纳？"),
    ],
)
def test_decisions_are_two_words(said: str, adopted: bool | None, left: str) -> None:
    assert decision_of(said) == (adopted, left)


@pytest.mark.parametrize(
    ("said", "day", "left"),
    [
        ("2025-03-15", DAY, ""),
        ("2025/3/15", DAY, ""),
        ("２０２５年3月15日", DAY, ""),
        ("2025.3.15", DAY, ""),
        ("45731", DAY, ""),
        ("2025-03-15 00:00:00", DAY, ""),
        ("", None, ""),
        ("3月15日", None, "3月15日"),
        ("2025-02-30", None, "2025-02-30"),
        ("20250315", None, "20250315"),
        ("月底前", None, "月底前"),
    ],
)
def test_days_are_read_as_people_and_programs_write_them(said: str, day: date | None, left: str) -> None:
    if said:
        assert day_of(said) == (day, left)
    else:
        assert day_of(said)[0] is None


def test_what_was_typed_is_read_back(tmp_path: Path) -> None:
    path = filled(
        season_workbook(season()),
        tmp_path / "a.xlsx",
        problems={
            1: {"审核意见": "采纳", "备注": "=再核", "整改期限": datetime(2025, 3, 15)},
            2: {"审核意见": "不采纳", "整改期限": 45731},
            3: {"整改期限": "2025年3月15日"},
        },
        units={2: {"备注": "催报", "审核意见": "采纳"}},
    )
    kept = read_workbook(path)
    assert typed(kept) == {"1": Typed(True, "=再核", DAY), "2": Typed(False, "", DAY), "3": Typed(None, "", DAY)}
    assert kept.units["甲县水利局"] == Typed(True, "催报")
    assert kept.remarks == () and kept.strays == ()


def test_findings_are_read_back_as_they_were_told(tmp_path: Path) -> None:
    told = read_workbook(filled(season_workbook(season()), tmp_path / "a.xlsx")).findings[0][0]
    assert (told.unit, told.group, told.rule, told.left, told.right, told.year) == (
        "甲县民政局",
        "error",
        "cn/requests-balance",
        "1",
        "2",
        "2024",
    )
    assert told.message.startswith("表三第1行") and told.basis == "国办公开办函〔2021〕30号，附件 表三"


def test_sorted_filtered_and_moved_tables_are_read(tmp_path: Path) -> None:
    def rework(book: openpyxl.Workbook) -> None:
        sheet = book[PROBLEMS]
        put(sheet, 3, 审核意见="采纳")
        lines = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=1, max_row=4)]
        order = list(reversed(range(len(lines[0]))))
        sheet.delete_rows(1, sheet.max_row)
        sheet.append(["甲县审核情况"])
        for line in (lines[0], lines[3], lines[2], lines[1]):
            sheet.append(["核" if line is not lines[0] else "我的列", *(line[at] for at in order)])
        sheet.row_dimensions[4].hidden = True
        sheet.title = "明细（改）"
        book.move_sheet(sheet, -1)

    kept = read_workbook(filled(season_workbook(season()), tmp_path / "a.xlsx", change=rework))
    assert {key: said.adopted for key, said in typed(kept).items()} == {"1": None, "2": True, "3": None}


def test_unknown_words_are_told_with_their_cell_and_kept(tmp_path: Path) -> None:
    entries = {1: {"审核意见": "同意", "整改期限": "月底前"}}
    kept = read_workbook(filled(season_workbook(season()), tmp_path / "a.xlsx", problems=entries))
    assert typed(kept)["1"] == Typed(None, "", None, "同意", "月底前")
    assert [remark.partition("：")[0] for remark in kept.remarks] == [f"{PROBLEMS}!M2", f"{PROBLEMS}!O2"]


def test_rows_without_a_key_and_torn_rows_are_put_aside(tmp_path: Path) -> None:
    def rework(book: openpyxl.Workbook) -> None:
        sheet = book[PROBLEMS]
        put(sheet, 2, 审核意见="采纳", 单位名称="乙县教育局")  # sorted without its key
        put(sheet, 5, 单位名称="丙局", 问题="自行发现的问题", 审核意见="采纳")

    kept = read_workbook(filled(season_workbook(season()), tmp_path / "a.xlsx", change=rework))
    assert [(stray.at, stray.unit, stray.typed.adopted) for stray in kept.strays] == [
        (f"{PROBLEMS}!M2", "乙县教育局", True),
        (f"{PROBLEMS}!M5", "丙局", True),
    ]
    assert "1" not in typed(kept) and len(kept.remarks) == 2


def test_two_rows_of_one_finding_that_differ_decide_nothing(tmp_path: Path) -> None:
    def rework(book: openpyxl.Workbook) -> None:
        sheet = book[PROBLEMS]
        put(sheet, 2, 审核意见="采纳")
        sheet.append([cell.value for cell in sheet[2]])
        put(sheet, sheet.max_row, 审核意见="不采纳")

    kept = read_workbook(filled(season_workbook(season()), tmp_path / "a.xlsx", change=rework))
    assert typed(kept)["1"] == Typed() and [stray.typed.adopted for stray in kept.strays] == [True, False]


def test_two_rows_of_one_finding_are_decided_by_one(tmp_path: Path) -> None:
    def rework(book: openpyxl.Workbook) -> None:
        sheet = book[PROBLEMS]
        sheet.append([cell.value for cell in sheet[2]])
        put(sheet, sheet.max_row, 审核意见="采纳")

    kept = read_workbook(filled(season_workbook(season()), tmp_path / "a.xlsx", change=rework))
    assert typed(kept)["1"] == Typed(True) and kept.strays == ()


def test_a_second_column_of_the_same_name_is_told(tmp_path: Path) -> None:
    def rework(book: openpyxl.Workbook) -> None:
        book[PROBLEMS].cell(1, 30).value = "备注"

    kept = read_workbook(filled(season_workbook(season()), tmp_path / "a.xlsx", change=rework))
    assert [remark.partition("：")[0] for remark in kept.remarks] == [f"{PROBLEMS}!AD1"]


def test_other_files_are_refused_with_a_reason(tmp_path: Path) -> None:
    text, other, keyless = tmp_path / "a.xlsx", tmp_path / "b.xlsx", tmp_path / "c.xlsx"
    text.write_text("没有", encoding="utf-8")
    openpyxl.Workbook().save(other)
    filled(season_workbook(season()), keyless, change=lambda book: book[UNITS].delete_cols(book[UNITS].max_column))
    for path in (text, other, keyless, tmp_path / "none.xlsx"):
        with pytest.raises(UsageError, match=path.name):
            read_workbook(path)


def test_an_english_workbook_is_read(tmp_path: Path) -> None:
    def rework(book: openpyxl.Workbook) -> None:
        put(book["2 Findings"], 2, Decision="adopt", **{"Mend by": datetime(2025, 3, 15)})

    kept = read_workbook(filled(season_workbook(season(), lang="en"), tmp_path / "a.xlsx", change=rework))
    assert kept.lang == "en" and typed(kept)["1"] == Typed(True, "", DAY)
