"""What of a workbook is read, and where: digits, formulas, merged cells, prose in cells, what is hidden."""

from __future__ import annotations

import io

import pytest
from office_files import remarks, rows, sheet, sheet_file, texts

from govreport_check.errors import SourceError
from govreport_check.readers.document import Document, Paragraph, Row, figure_like
from govreport_check.readers.figure_formats import shown
from govreport_check.readers.limits import DEFAULT
from govreport_check.readers.office import read_office
from govreport_check.readers.worksheet import reference
from govreport_check.readers.xlsx import read_xlsx


def cell(inside: str, attributes: str = "") -> str:
    return f"<c {attributes}>{inside}</c>"


def text(words: str) -> str:
    return cell(f"<is><t>{words}</t></is>", 't="inlineStr"')


def row(*cells: str, attributes: str = "") -> str:
    """A row; cells that are no XML are text, or numbers as stored."""
    made = (one if one.startswith("<") else cell(f"<v>{one}</v>") if one[:1].isdigit() else text(one) for one in cells)
    return f"<row {attributes}>{''.join(made)}</row>"


@pytest.mark.parametrize(
    ("inside", "attributes", "read"),
    [
        ("<v>12</v>", "", "12"),
        ("<v>3268.4179050000002</v>", "", "3268.417905"),
        ("<v>0.30000000000000004</v>", "", "0.3"),
        ("<v>1.2E3</v>", "", "1200"),
        ("<v>-0.0</v>", "", "0"),
        ("<v>0</v>", 't="s"', "共享"),
        ("<v>1</v>", 't="s"', "分段的"),
        ("<v>9</v>", 't="s"', "?"),
        ("<is><t>１２</t></is>", 't="inlineStr"', "１２"),
        ("<v>1</v>", 't="b"', "TRUE"),
        ("<v>#DIV/0!</v>", 't="e"', "#DIV/0!"),
        ("<f>A1+1</f><v>13</v>", "", "13"),
        ("<f>A1</f><v>总计</v>", 't="str"', "总计"),
        ("<f>SUM(A1:A2)</f>", "", "=SUM(A1:A2)"),
        ("<f>SUM(A1:A2)</f><v></v>", "", "=SUM(A1:A2)"),
        ('<f t="shared" si="0"/>', "", "=…"),
        ("<v>0.467</v>", 's="1"', "46.7%"),
        ("<v>45679</v>", 's="2"', "2025年1月22日"),
        ("<v>45679</v>", 's="3"', "2025年1月22日"),
        ("<v>12.5</v>", 's="4"', "12.5"),
    ],
)
def test_a_cell_is_read_as_stored(inside: str, attributes: str, read: str) -> None:
    strings = "<si><t>共享</t></si><si><r><t>分段</t></r><r><t>的</t></r><rPh><t>feng</t></rPh></si>"
    styles = """<numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@"/>
    <numFmt numFmtId="165" formatCode="[Red]0_ "/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="10"/><xf numFmtId="14"/>
    <xf numFmtId="164"/><xf numFmtId="165"/></cellXfs>"""
    document = sheet(row("甲", cell(inside, attributes)), strings=strings, styles=styles)
    assert rows(document) == [["甲", read]]


@pytest.mark.parametrize("stored", ["#DIV/0!", "#N/A", "#NAME?", "#NUM!", "#NULL!", "#REF!", "#VALUE!", "=SUM(A1:A2)", "=…"])
def test_what_no_formula_gave_stands_where_a_figure_should(stored: str) -> None:
    assert figure_like(stored)


def test_days_are_counted_from_1904_where_the_workbook_says_so() -> None:
    assert shown("44217", "yyyy-m-d", from_1904=True) == "2025年1月22日"
    assert shown("59", "yyyy-m-d") == "1900年2月28日"
    assert shown("2958466", "yyyy-m-d") == "2958466"
    assert shown("5", ";;;") is None


def test_each_cell_has_its_reference() -> None:
    document = sheet(row("甲", "1", attributes='r="3"') + row(cell("<v>2</v>", 'r="C14"'), text("乙"), attributes='r="14"'), name="表三")
    last = document.blocks[-1]
    assert isinstance(last, Row)
    assert [(one.text, one.place.sheet, one.place.cell) for one in last.cells if one.text] == [("2", "表三", "C14"), ("乙", "表三", "D14")]
    assert (last.cells[0].place.row, last.cells[0].place.column) == (14, 3)


def test_references() -> None:
    assert [reference(1, column) for column in (1, 26, 27, 702, 703)] == ["A1", "Z1", "AA1", "ZZ1", "AAA1"]


def test_a_formula_that_nobody_computed_is_told_with_its_place() -> None:
    document = sheet(row("甲", "1") + row("乙", cell("<f>B1*2</f>")) + row("丙", cell("<f>B1*3</f>")), name="表三")
    told = remarks(document)["uncomputed-formula"]
    assert (told.said["number"], told.said["printed"], told.place.cell) == ("2", "表三!B2", "B2")


# --- tables and prose -----------------------------------------------------------------------------------------------------------


def merged(*ranges: str) -> str:
    inside = "".join(f'<mergeCell ref="{one}"/>' for one in ranges)
    return f"<mergeCells>{inside}</mergeCells>"


def test_merged_cells_cover_their_range() -> None:
    data = row("头", "<c/>", "列") + row("竖", "甲", "1") + row("<c/>", "乙", "2")
    document = sheet(data, behind=merged("A1:B1", "A2:A3"))
    assert rows(document) == [["头", "", "列"], ["竖", "甲", "1"], ["", "乙", "2"]]
    found = [block for block in document.blocks if isinstance(block, Row)]
    assert [[one.covered for one in block.cells] for block in found] == [["", "across", ""], ["", "", ""], ["down", "", ""]]


def test_overlapping_and_backward_merges_do_not_hide_what_is_read() -> None:
    document = sheet(row("甲", "1", "2") + row("乙", "3", "4"), behind=merged("B1:A1", "A1:A2", "B1:C2"))
    assert rows(document) == [["甲", "", "2"], ["乙", "3", "4"]]
    assert remarks(document)["hidden-text"].place.cell == "B1"


def test_prose_in_cells_is_paragraphs_and_labels_of_empty_rows_are_rows() -> None:
    data = row("年度报告") + row("一、总体情况") + row("全年主动公开信息。\n（一）其他。") + row() + row("规章", "", "1")
    data += row("行政许可") + row("行政处罚", "", "2")
    document = sheet(data)
    assert texts(document) == ["年度报告", "一、总体情况", "全年主动公开信息。", "（一）其他。"]
    assert rows(document) == [["规章", "", "1"], ["行政许可", "", ""], ["行政处罚", "", "2"]]


def test_an_empty_row_parts_two_tables() -> None:
    data = row("甲", "1", attributes='r="1"') + row("乙", "2", attributes='r="2"') + row("丙", "3", attributes='r="5"')
    assert [block.grid for block in sheet(data).blocks if isinstance(block, Row)] == [1, 1, 2]


# --- what is hidden -------------------------------------------------------------------------------------------------------------


def test_hidden_rows_and_columns_are_told_and_not_read() -> None:
    data = row("甲", "1", "9") + row("乙", "2", "9", attributes='hidden="1"') + row("丙", "3", "9")
    document = sheet(data, before='<cols><col min="3" max="3" hidden="1"/></cols>')
    assert rows(document) == [["甲", "1"], ["丙", "3"]]
    assert len({block.grid for block in document.blocks if isinstance(block, Row)}) == 1
    told = remarks(document)["hidden-rows"]
    assert (told.said["number"], told.place.cell) == ("2", "C1")


def test_hidden_sheets_are_told_and_not_read() -> None:
    sheets = {name: f"<sheetData>{row(name, '1')}</sheetData>" for name in ("表三", "草稿", "底稿")}
    document = read_xlsx(sheet_file(sheets, states={"草稿": "hidden", "底稿": "veryHidden"}), "a.xlsx", DEFAULT)
    assert rows(document) == [["表三", "1"]]
    assert dict(remarks(document)["hidden-sheets"].said) == {"number": "2", "printed": "草稿、底稿"}


def test_a_format_that_shows_nothing_hides_a_cell() -> None:
    styles = '<numFmts><numFmt numFmtId="170" formatCode=";;;"/></numFmts><cellXfs><xf/><xf numFmtId="170"/></cellXfs>'
    document = sheet(row("甲", cell("<v>5</v>", 's="1"'), "6"), styles=styles)
    assert rows(document) == [["甲", "", "6"]]
    assert remarks(document)["hidden-text"].place.cell == "B1"


def test_nothing_visible_is_refused() -> None:
    with pytest.raises(SourceError, match="no figures and no text"):
        read_xlsx(sheet_file({"空": "<sheetData/>"}), "a.xlsx", DEFAULT)


# --- the old format -------------------------------------------------------------------------------------------------------------


def old(fill: object) -> Document:
    xlwt = pytest.importorskip("xlwt")
    book = xlwt.Workbook(encoding="utf-8")
    fill(book, xlwt)  # type: ignore[operator]
    buffer = io.BytesIO()
    book.save(buffer)
    return read_office(buffer.getvalue(), "a.xls", DEFAULT)


def test_an_old_workbook_is_read_with_what_its_records_say() -> None:
    def fill(book: object, xlwt: object) -> None:
        page = book.add_sheet("表三")  # type: ignore[attr-defined]
        lines = [("甲", 12), ("乙", 3268.417905), ("丙", "１２"), ("丁", True), ("戊", 7)]
        for at, line in enumerate(lines):
            for column, value in enumerate(line):
                page.write(at, column, value)
        page.write(5, 0, "己")
        page.write(5, 1, xlwt.Formula("B1*2"))  # type: ignore[attr-defined]
        page.write(6, 0, "庚")
        page.row(6).set_cell_error(1, "#DIV/0!")
        page.write_merge(7, 7, 0, 1, "尾注：无。")
        page.write(8, 0, "藏")
        page.write(8, 1, 9)
        page.row(8).hidden = True
        away = book.add_sheet("底稿")  # type: ignore[attr-defined]
        away.write(0, 0, "内部")
        away.visibility = 1

    document = old(fill)
    assert rows(document) == [
        ["甲", "12"], ["乙", "3268.417905"], ["丙", "１２"], ["丁", "TRUE"], ["戊", "7"], ["己", ""], ["庚", "#DIV/0!"],
    ]  # fmt: skip
    assert [block.text for block in document.blocks if isinstance(block, Paragraph)] == ["尾注：无。"]
    assert set(remarks(document)) == {"uncomputed-formula", "hidden-rows", "hidden-sheets"}


def test_shares_and_days_of_an_old_workbook() -> None:
    def fill(book: object, xlwt: object) -> None:
        page = book.add_sheet("表")  # type: ignore[attr-defined]
        page.write(0, 0, 0.467, xlwt.easyxf(num_format_str="0.0%"))  # type: ignore[attr-defined]
        page.write(0, 1, 45679, xlwt.easyxf(num_format_str="yyyy-mm-dd"))  # type: ignore[attr-defined]

    assert rows(old(fill)) == [["46.7%", "2025年1月22日"]]
