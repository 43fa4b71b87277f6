"""The reviewer's workbook as openpyxl reads it: five sheets, heads, order, what is typed, and hostile text that does nothing."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from seasons import finding, line, season

from govreport_check.errors import UsageError
from govreport_check.findings import Severity
from govreport_check.renderers import render, render_file
from govreport_check.renderers.sheets.as_csv import csv_files, inert
from govreport_check.renderers.sheets.book import lines_in, workbook
from govreport_check.renderers.sheets.round import FIRST, Again, Round, Typed
from govreport_check.renderers.sheets.season import season_of, season_sheets, season_workbook
from govreport_check.renderers.sheets.table import Column, Row, Sheet
from govreport_check.season.model import Season

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported.*")

HEADS = [
    *(
        "序号",
        "市/县",
        "单位名称",
        "类型层级",
        "上级/汇总单位",
        "是否收到",
        "报告年度",
        "格式",
        "发布日期",
        "期限",
        "逾期天数",
        "文件或网址",
    ),
    *("读取完整度", "结论", "错误数", "存疑数", "表三", "文表一致", "主要问题", "上年同类问题", "审核意见", "备注", "整改期限", "复核结果"),
    *("本年新收", "其他处理占比", "单位标识"),
]
HOSTILE = "=cmd|' /C calc'!A0\x1b[31m<script>\u202egnp]]>\x07\ufffe_x0041_"


def opened(content: bytes) -> dict[str, Worksheet]:
    return {sheet.title: sheet for sheet in openpyxl.load_workbook(io.BytesIO(content))}


def rows(sheet: Worksheet) -> list[dict[str, Any]]:
    heads = [cell.value for cell in sheet[1]]
    return [dict(zip(heads, line, strict=True)) for line in sheet.iter_rows(min_row=2, values_only=True)]


def book_of(one: Season, round_: Round = FIRST, lang: str = "zh") -> dict[str, Worksheet]:
    return opened(season_workbook(one, round_, lang))


def test_there_are_five_sheets_with_the_heads_that_reviewers_know() -> None:
    book = book_of(season())
    assert list(book) == ["1 总表", "2 问题明细", "3 未报、重报、串年、雷同", "4 汇总核对", "5 统计"]
    assert [cell.value for cell in book["1 总表"][1]] == HEADS


def test_every_sheet_is_frozen_filtered_and_printed_on_a3_one_page_wide() -> None:
    for sheet in book_of(season()).values():
        assert sheet.freeze_panes and sheet.freeze_panes.endswith("2")
        assert sheet.auto_filter.ref == f"A1:{openpyxl.utils.get_column_letter(sheet.max_column)}{max(2, len(rows_filled(sheet)) + 1)}"
        assert (int(sheet.page_setup.paperSize), sheet.page_setup.orientation) == (8, "landscape")
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows == "$1:$1"


def rows_filled(sheet: Worksheet) -> list[dict[str, Any]]:
    """The rows of the table, without what stands below it."""
    first = sheet[1][1].value
    return [row for row in rows(sheet) if row[first] is not None]


def test_units_stand_by_county_and_severity_and_the_absent_are_among_them() -> None:
    told = rows(book_of(season())["1 总表"])
    assert [(row["市/县"], row["单位名称"], row["结论"]) for row in told] == [
        ("甲县", "甲县民政局", "需更正"),
        ("甲县", "甲县水利局", "未报"),
        ("甲县", "甲县教育局", "通过"),
        ("乙县", "乙县教育局", "需核实"),
    ]
    wrong, absent = told[0], told[1]
    assert (wrong["错误数"], wrong["存疑数"], wrong["表三"], wrong["读取完整度"], wrong["格式"]) == (2, 0, "错误2", "200/200、6/6", 2021)
    assert (wrong["发布日期"], wrong["期限"], wrong["逾期天数"]) == (datetime(2025, 1, 20), datetime(2025, 1, 31), 0)
    assert (wrong["本年新收"], wrong["其他处理占比"], wrong["类型层级"]) == (75, 0.125, "县级 部门")
    assert "2处不符" in wrong["主要问题"]
    unknown = ("报告年度", "格式", "逾期天数", "读取完整度", "错误数", "存疑数", "表三", "本年新收")
    assert absent["是否收到"] == "否" and {absent[head] for head in unknown} == {None}


def test_findings_stand_by_county_and_severity_with_both_figures_and_the_law() -> None:
    told = rows_filled(book_of(season())["2 问题明细"])
    assert [(row["单位名称"], row["级别"], row["左"], row["右"], row["差额"]) for row in told] == [
        ("甲县民政局", "错误", 1, 2, -1),
        ("甲县民政局", "错误", 2, 3, -1),
        ("乙县教育局", "存疑", 3, 4, -1),
    ]
    assert told[0]["依据"] == "国办公开办函〔2021〕30号，附件 表三"
    assert told[0]["问题"].startswith("表三第1行") and told[0]["问题标识"] == f"{1:016x}"


def test_decisions_are_chosen_from_a_list_and_keys_are_hidden() -> None:
    book = book_of(season())
    for name in ("1 总表", "2 问题明细"):
        sheet = book[name]
        heads = {cell.value: cell.column_letter for cell in sheet[1]}
        (rule,) = sheet.data_validations.dataValidation
        assert rule.formula1 == '"采纳,不采纳"' and str(rule.sqref).startswith(f"{heads['审核意见']}2:")
        assert sheet.column_dimensions[heads["单位标识"]].hidden
        assert not sheet.column_dimensions[heads["审核意见"]].hidden


def test_what_is_amiss_with_files_is_told_in_words() -> None:
    told = rows(book_of(season())["3 未报、重报、串年、雷同"])
    assert [(row["类别"], row["单位"], row["相似度"], row["逾期天数"]) for row in told] == [
        ("未报", "甲县水利局", None, None),
        ("逾期", "甲县民政局", None, 3),
        ("雷同", "甲县教育局、乙县教育局", 0.92, None),
        ("单位名称相近", "甲县民政局", None, None),
    ]
    assert "甲县民政局机关" in told[3]["说明"]


def test_sums_say_what_is_missing_and_know_nothing_where_nothing_is_known() -> None:
    told = rows(book_of(season())["4 汇总核对"])
    assert [(row["各单位合计"], row["汇总表数"], row["差额"], row["核对结果"], row["缺报单位"]) for row in told] == [
        (70, 73, 3, "汇总表数较大", None),
        (None, 4, None, "未能核对", "甲县水利局"),
    ]


def test_statistics_count_by_county_and_kind_this_year_and_last() -> None:
    this = season()
    last = replace(this.lines[1], prior_report=this.lines[2].report, prior_problems=this.lines[2].problems)
    told = rows_filled(book_of(replace(this, lines=(this.lines[0], last, *this.lines[2:])))["5 统计"])
    assert [(row["市/县"], row["单位数"], row["已报"], row["未报"], row["问题数"], row["表三"]) for row in told] == [
        ("合计", 4, 3, 1, 3, 2),
        ("甲县", 3, 2, 1, 2, 2),
        ("乙县", 1, 1, 0, 1, 0),
    ]
    assert [(row["上年问题数"], row["上年：文表一致"]) for row in told] == [(1, 1), (1, 1), (None, None)]  # nothing known is not nought


def test_statistics_have_charts() -> None:
    with zipfile.ZipFile(io.BytesIO(season_workbook(season()))) as parts:
        charts = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/charts/chart")]
    assert len(charts) == 2 and all("表三" in one or "甲县" in one for one in charts)


def test_the_same_season_gives_the_same_bytes() -> None:
    assert season_workbook(season()) == season_workbook(season())


def test_a_second_round_says_what_became_of_every_finding() -> None:
    told = {"甲县民政局": Again.OPEN, "乙县教育局": Again.NEW}
    again = {("甲县民政局", f"{1:016x}"): Again.OPEN, ("乙县教育局", f"{3:016x}"): Again.NEW}
    typed = {("甲县民政局", f"{1:016x}"): Typed(True, "再核", date(2025, 3, 15))}
    book = book_of(season(), Round(units={"甲县民政局": Typed(word="同意")}, findings=typed, again=again))
    assert [row["复核结果"] for row in rows_filled(book["2 问题明细"])] == ["未改", None, "新增"]
    first = rows_filled(book["2 问题明细"])[0]
    assert (first["审核意见"], first["备注"], first["整改期限"]) == ("采纳", "再核", datetime(2025, 3, 15))
    units = {row["单位名称"]: row for row in rows(book["1 总表"])}
    assert {unit: units[unit]["复核结果"] for unit in told} == {"甲县民政局": "未改1", "乙县教育局": "新增1"}
    assert units["甲县民政局"]["审核意见"] == "同意"  # what was not understood is not lost


def test_hostile_text_is_text_everywhere() -> None:
    bad = line(1, HOSTILE, HOSTILE, [finding(1, message=HOSTILE, rule=HOSTILE, severity=Severity.WARNING)])
    content = season_workbook(replace(season([bad]), anomalies=(), sums=()))
    cells = [cell for sheet in opened(content).values() for row_ in sheet.iter_rows() for cell in row_ if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    hit = [cell.value for cell in cells if isinstance(cell.value, str) and "cmd|" in cell.value]
    assert hit and all("\x1b" not in text and "\u202e" not in text and "_x0041_" in text for text in hit)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert not any(b"<f>" in parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets"))


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=1+1", "'=1+1"),
        ("@x", "'@x"),
        ("  +x", "'  +x"),
        ("-3", "-3"),
        ("-3.5", "-3.5"),
        ("－x", "'－x"),
        ("12.5%", "12.5%"),
        (None, ""),
        (7, "7"),
    ],
)
def test_csv_values_are_no_formulas(value: str | int | None, written: str) -> None:
    assert inert(value) == written


def test_the_same_tables_are_csv_files() -> None:
    files = csv_files(season_sheets(season()))
    assert list(files) == ["1-units.csv", "2-problems.csv", "3-files.csv", "4-sums.csv", "5-statistics.csv"]
    assert all(content.startswith(b"\xef\xbb\xbf") for content in files.values())
    read = list(csv.reader(io.StringIO(files["1-units.csv"].decode("utf-8-sig"))))
    assert read[0] == HEADS and len(read) == 5
    assert read[1][HEADS.index("期限")] == "2025-01-31" and read[2][HEADS.index("结论")] == "未报"


def test_figures_that_a_workbook_cannot_hold_exactly_stay_characters() -> None:
    columns = (Column("n", "数", 20, "number"),)
    values = ("12345678901234567", "0.1", "－", "123456789012345")
    sheet = opened(workbook([Sheet("x", "表", columns, tuple(Row((value,)) for value in values))], "x"))["表"]
    assert [sheet.cell(at, 1).value for at in range(2, 6)] == ["12345678901234567", 0.1, "－", 123456789012345]


def test_a_chinese_character_takes_two_widths() -> None:
    assert lines_in("汉字汉字", 6) == 2 and lines_in("abcd", 6) == 1 and lines_in("", 5) == 1


def test_a_plain_check_has_the_sheets_that_need_no_roster() -> None:
    result = season().result
    book = opened(render_file(result, "xlsx", ".xlsx", lang="zh"))
    assert list(book) == ["1 总表", "2 问题明细", "5 统计"]
    assert len(rows(book["1 总表"])) == len(result.reports)
    with pytest.raises(UsageError):
        render(result, "xlsx")


def test_reports_of_one_agency_are_told_apart() -> None:
    result = season().result
    twice = result.model_copy(update={"reports": [result.reports[1], result.reports[1].model_copy(update={"source": "x.txt"})]})
    names = [one.unit for one in season_of(twice).lines]
    assert len(set(names)) == 2


def test_an_english_workbook_speaks_english() -> None:
    book = book_of(season(), lang="en")
    assert next(iter(book)) == "1 Units" and rows(book["1 Units"])[1]["Conclusion"] == "not reported"
