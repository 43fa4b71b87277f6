"""What of a Word document is read, and where: the constructs that people and programs make, one by one."""

from __future__ import annotations

import io
import zipfile

import pytest
from office_files import p, packed, r, remarks, rows, tbl, tc, texts, tr, word, word_file, word_part

from govreport_check.errors import SourceError
from govreport_check.readers.document import Paragraph, Row
from govreport_check.readers.docx import read_docx
from govreport_check.readers.limits import DEFAULT

BEGIN, SEPARATE, END = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end"))
BOX = "<w:txbxContent><w:p><w:r><w:t>框内</w:t></w:r></w:p></w:txbxContent>"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
HIDDEN = "<w:vanish/>"


def code(text: str) -> str:
    return f"<w:r><w:instrText>{text}</w:instrText></w:r>"


@pytest.mark.parametrize(
    ("inside", "read"),
    [
        (r("收到") + f'<w:ins w:id="1">{r("12")}</w:ins>' + r("件"), ["收到12件"]),
        (r("收到1") + '<w:del w:id="1"><w:r><w:delText>3</w:delText></w:r></w:del>' + r("2件"), ["收到12件"]),
        (f"<w:moveFrom>{r('旧')}</w:moveFrom><w:moveTo>{r('新')}</w:moveTo>", ["新"]),
        (f"<w:sdt><w:sdtPr/><w:sdtContent>{r('控件')}</w:sdtContent></w:sdt>", ["控件"]),
        (f"<w:smartTag>{r('2024年')}</w:smartTag><w:hyperlink>{r('网址')}</w:hyperlink><w:bdo>{r('。')}</w:bdo>", ["2024年网址。"]),
        (BEGIN + code(" DATE ") + SEPARATE + r("2025年1月") + END + r("印"), ["2025年1月印"]),
        (r("第") + BEGIN + code(" PAGE ") + SEPARATE + r("7") + END + r("页"), ["第页"]),
        (BEGIN + code(" IF ") + BEGIN + code(" PAGE ") + SEPARATE + r("7") + END + SEPARATE + r("甲") + END, ["甲"]),
        (BEGIN + code(" SUM ") + END + r("无结果"), ["无结果"]),
        (f'<w:fldSimple w:instr=" NUMPAGES ">{r("9")}</w:fldSimple><w:fldSimple w:instr="REF a">{r("见")}</w:fldSimple>', ["见"]),
        ('<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="有"/>'
         '<w:listEntry w:val="无"/></w:ddList></w:ffData></w:fldChar></w:r>' + code(" FORMDROPDOWN ") + END, ["无"]),
        (r("3") + '<w:r><w:noBreakHyphen/></w:r>' + r("4") + "<w:r><w:softHyphen/></w:r>" + r("月"), ["3-4月"]),
        (r("上") + "<w:r><w:br/></w:r>" + r("下"), ["上", "下"]),
        (r("一、") + "<w:r><w:tab/></w:r>" + r("总体情况"), ["一、 总体情况"]),
        (f"<w:ruby><w:rt>{r('zi')}</w:rt><w:rubyBase>{r('字')}</w:rubyBase></w:ruby>", ["字"]),
        ('<w:r><w:sym w:font="Symbol" w:char="F02D"/><w:sym w:font="Symbol" w:char="F035"/></w:r>', ["-5"]),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>', ["\ufffd"]),
        (r("件") + r("5", HIDDEN), ["件"]),
        (r("件") + r("5", '<w:vanish w:val="0"/>'), ["件5"]),
    ],
)  # fmt: skip
def test_a_paragraph_is_read_as_the_page_shows_it(inside: str, read: list[str]) -> None:
    assert texts(word(f"<w:p>{inside}</w:p>" + p("尾"))) == [*read, "尾"]


def test_one_branch_of_alternatives_and_text_boxes_once() -> None:
    shape = f'<mc:Choice Requires="wps"><w:drawing>{BOX}</w:drawing></mc:Choice><mc:Fallback><w:pict>{BOX}</w:pict></mc:Fallback>'
    document = word(f"<w:p>{r('外')}<w:r><mc:AlternateContent>{shape}</mc:AlternateContent></w:r></w:p>")
    assert texts(document) == ["外", "框内"]
    block = f'<mc:AlternateContent><mc:Choice Requires="x">{p("甲")}</mc:Choice><mc:Fallback>{p("乙")}</mc:Fallback></mc:AlternateContent>'
    assert texts(word(block)) == ["甲"]


def test_a_paragraph_whose_end_was_deleted_goes_on_in_the_next() -> None:
    assert texts(word(p("前半", properties='<w:rPr><w:del w:id="1"/></w:rPr>') + p("后半"))) == ["前半后半"]


def test_lines_of_a_page_turned_into_paragraphs_go_on_in_one_another() -> None:
    line = "全县全年主动公开政府信息六千八百四十二条其中县政府"
    broken = word("".join(p(line) for _ in range(8)) + p("门户网站四千条。"))
    assert {block.wraps for block in broken.blocks if isinstance(block, Paragraph)} == {True}
    whole = word("".join(p(f"{line}门户网站。") for _ in range(8)) + p(line))
    assert {block.wraps for block in whole.blocks if isinstance(block, Paragraph)} == {False}


def test_strict_files_and_other_main_parts_are_read() -> None:
    strict = word_file(p("正文"), namespace=STRICT)
    assert texts(read_docx(strict, "a", DEFAULT)) == ["正文"]
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        'Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument" Target="/word/document2.xml"/></Relationships>'
    )
    moved = packed({"_rels/.rels": rels, "word/document2.xml": word_part("document", f"<w:body>{p('别处')}</w:body>")})
    assert texts(read_docx(moved, "a", DEFAULT)) == ["别处"]


# --- numbers that Word makes ----------------------------------------------------------------------------------------------------


def level(at: int, form: str, text: str, more: str = "") -> str:
    return f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/>{more}</w:lvl>'


LEVELS = level(0, "chineseCounting", "%1、") + level(1, "chineseCountingThousand", "（%2）") + level(2, "decimal", "%3.")
LISTS = f"""<w:abstractNum w:abstractNumId="7">{LEVELS}</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="99"/></w:num>"""


def listed(text: str, list_id: int = 1, at: int = 0) -> str:
    return p(text, properties=f'<w:numPr><w:ilvl w:val="{at}"/><w:numId w:val="{list_id}"/></w:numPr>')


def test_automatic_numbers_are_produced() -> None:
    body = (
        listed("总体情况")
        + listed("主动公开", at=1)
        + listed("依申请", at=1)
        + listed("甲", at=2)
        + p("正文")
        + listed("主动公开政府信息情况")
    )
    body += listed("再数", at=1) + listed("另起", 2) + listed("没有", 3) + listed("不编号", 0)
    numbers = ["一、", "（一）", "（二）", "1.", "", "二、", "（一）", "一、", "", ""]
    words = ["总体情况", "主动公开", "依申请", "甲", "正文", "主动公开政府信息情况", "再数", "另起", "没有", "不编号"]
    assert texts(word(body, numbering=LISTS)) == [number + text for number, text in zip(numbers, words, strict=True)]


def test_a_style_may_number() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="H1"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="H2"><w:basedOn w:val="H1"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Loop"><w:basedOn w:val="Loop"/></w:style>'
    )
    body = "".join(p(text, properties=f'<w:pStyle w:val="{style}"/>') for text, style in (("总", "H1"), ("主", "H2"), ("圈", "Loop")))
    body += p("末", properties='<w:pStyle w:val="H1"/><w:numPr><w:numId w:val="0"/></w:numPr>')
    assert texts(word(body, numbering=LISTS, styles=styles)) == ["一、总", "二、主", "圈", "末"]


def test_numbers_stand_in_cells_too() -> None:
    table = tbl(tr(tc(listed("予以公开", at=1)), "3"), tr(tc(listed("部分公开", at=1)), "4"))
    assert rows(word(table, numbering=LISTS)) == [["（一）予以公开", "3"], ["（二）部分公开", "4"]]


@pytest.mark.parametrize(
    ("form", "numbers"),
    [
        ("decimal", {1: "1", 12: "12"}),
        ("chineseCounting", {1: "一", 10: "十", 11: "十一", 20: "二十", 21: "二十一", 105: "一百零五", 110: "一百一十"}),
        ("chineseLegalSimplified", {1: "壹", 10: "壹拾", 23: "贰拾叁"}),
        ("ideographDigital", {10: "一〇", 24: "二四"}),
        ("ideographTraditional", {1: "甲", 10: "癸"}),
        ("decimalEnclosedCircleChinese", {1: "①", 20: "⑳", 21: "21"}),
        ("decimalFullWidth", {12: "１２"}),
        ("decimalZero", {7: "07"}),
        ("upperRoman", {4: "IV", 1999: "MCMXCIX"}),
        ("lowerLetter", {1: "a", 26: "z", 27: "aa"}),
        ("unknownFormat", {3: "3"}),
    ],
)
def test_number_formats(form: str, numbers: dict[int, str]) -> None:
    from govreport_check.readers.docx_numbers import written

    assert {count: written(count, form) for count in numbers} == numbers


# --- tables ---------------------------------------------------------------------------------------------------------------------


def span(number: int) -> str:
    return f'<w:gridSpan w:val="{number}"/>'


DOWN, ON = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"


def test_spans_fill_the_grid() -> None:
    table = tbl(
        tr(tc("头", properties=span(2)), "列"),
        tr(tc("竖", properties=DOWN), "甲", "1"),
        tr(tc("看不见", properties=ON), "乙", "2"),
        tr("丙", "丁", "3"),
    )
    document = word(p("前") + table)
    assert rows(document) == [["头", "", "列"], ["竖", "甲", "1"], ["", "乙", "2"], ["丙", "丁", "3"]]
    found = [block for block in document.blocks if isinstance(block, Row)]
    assert [cell.covered for cell in found[0].cells] == ["", "across", ""]
    assert [cell.covered for cell in found[2].cells] == ["down", "", ""]
    place = found[2].cells[2].place
    assert (place.source, place.table, place.row, place.column) == ("report.docx", 1, 3, 3)


def test_a_cell_that_goes_on_nothing_is_a_cell() -> None:
    assert rows(word(tbl(tr(tc("甲", properties=ON), "1"), tr("乙", "2")))) == [["甲", "1"], ["乙", "2"]]


def test_rows_that_begin_late_or_end_early() -> None:
    table = tbl(tr("甲", "乙", "丙"), tr("1", properties='<w:gridBefore w:val="2"/>'), tr("2", "3", properties='<w:gridAfter w:val="1"/>'))
    assert rows(word(table)) == [["甲", "乙", "丙"], ["", "", "1"], ["2", "3", ""]]


def test_slivers_between_dragged_borders_are_no_columns() -> None:
    table = tbl(
        tr("甲", tc("1", properties=span(2)), "2"),
        tr(tc("乙", properties=span(2)), "3", "4"),
        widths=(2000, 40, 1000, 1000),
    )
    assert rows(word(table)) == [["甲", "1", "2"], ["乙", "3", "4"]]


def test_rows_with_other_columns_have_a_grid_of_their_own() -> None:
    three, two = (1, 2, 1, 2), (2, 1, 3)
    table = tbl(
        tr(*(tc(text, properties=span(wide)) for text, wide in zip(("规章", "0", "1", "2"), three, strict=True))),
        tr(*(tc(text, properties=span(wide)) for text, wide in zip(("行政许可", "共", "7"), two, strict=True))),
        widths=(1000,) * 6,
    )
    document = word(table)
    assert rows(document) == [["规章", "0", "1", "2"], ["行政许可", "共", "7"]]
    assert [block.grid for block in document.blocks if isinstance(block, Row)] == [1, 2]
    assert [block.place.table for block in document.blocks] == [1, 1]


def test_cells_and_rows_in_content_controls_and_revisions() -> None:
    wrapped = f"<w:sdt><w:sdtContent>{tc('5')}</w:sdtContent></w:sdt>"
    table = tbl(
        tr("甲", wrapped),
        f"<w:sdt><w:sdtContent>{tr('乙', '6')}</w:sdtContent></w:sdt>",
        tr("删", "7", properties="<w:del/>"),
        tr("新", "8", properties="<w:ins/>"),
    )
    document = word(table)
    assert rows(document) == [["甲", "5"], ["乙", "6"], ["新", "8"]]
    assert "unaccepted-revisions" in remarks(document)


def test_a_table_in_a_cell_is_a_table_of_its_own() -> None:
    inner = tbl(tr("内", "1"), tr("里", "2"))
    document = word(tbl(tr("外", tc("说明", inner, "尾")), tr("下", "3")))
    assert [block.text for block in document.blocks] == ["外", "说明", "内 1", "里 2", "尾", "下 3"]


def test_a_frame_around_text_is_no_table() -> None:
    document = word(tbl(tr(tc("一、总体情况", "正文。", tbl(tr("甲", "1"))))))
    assert [block.text for block in document.blocks] == ["一、总体情况", "正文。", "甲 1"]


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        (tc(p("１２")), "１２"),
        (tc("230", "2"), "230\n2"),
        (tc(p("12", r("1", '<w:vertAlign w:val="superscript"/>'))), "12（1）"),
        (tc(p("12", '<w:r><w:footnoteReference w:id="2"/></w:r>')), "12"),
        (tc(p("1", r("9", HIDDEN), "2")), "12"),
        (tc(p("自", "<w:r><w:tab/></w:r>", "然人")), "自 然人"),
    ],
)
def test_what_stands_in_a_cell(cell: str, read: str) -> None:
    assert rows(word(tbl(tr("甲", cell)))) == [["甲", read]]


def test_footnotes_follow_what_they_belong_to() -> None:
    note = f'<w:footnote w:id="2">{p("含上年度结转案件")}</w:footnote><w:footnote w:id="0" w:type="separator">{p("-")}</w:footnote>'
    cell = tc(p("5", '<w:r><w:footnoteReference w:id="2"/></w:r>'))
    document = word(tbl(tr("甲", cell), tr("乙", "6")) + p("后"), footnotes=note)
    assert [block.text for block in document.blocks] == ["甲 5", "乙 6", "注：含上年度结转案件", "后"]


def test_figures_set_apart_by_tabs_are_a_row() -> None:
    tab = "<w:r><w:tab/></w:r>"
    assert rows(word(p("总计", tab, "87", tab, "12") + p("尾"))) == [["总计", "87", "12"]]


# --- what a publisher should take out -------------------------------------------------------------------------------------------


def test_a_clean_file_has_no_remarks() -> None:
    assert word(p("正文")).remarks == ()


def test_hidden_text_is_told_and_not_read() -> None:
    styles = '<w:style w:type="character" w:styleId="Gone"><w:rPr><w:vanish/></w:rPr></w:style>'
    document = word(p("见", r("内部", '<w:rStyle w:val="Gone"/>'), r("意见", HIDDEN)), styles=styles)
    told = remarks(document)["hidden-text"]
    assert texts(document) == ["见"]
    assert (told.said["number"], told.said["printed"], told.place.element) == ("2", "内部", "1")


def test_hidden_rows_are_told_and_not_read() -> None:
    document = word(tbl(tr("甲", "1"), tr("乙", "2", properties="<w:hidden/>")))
    assert rows(document) == [["甲", "1"]]
    assert remarks(document)["hidden-rows"].place.row == 2


def test_comments_revisions_authors_and_embedded_sheets_are_told() -> None:
    comments = f'<w:comment w:id="0" w:author="张三">{p("数字待核")}</w:comment>'
    sheet = '<w:object><o:OLEObject ProgID="Excel.Sheet.12"/></w:object>'
    body = word_file(p("甲", f"<w:ins>{r('乙')}</w:ins>", f"<w:r>{sheet}</w:r>") + "<w:altChunk/>", comments=comments)
    people = "<dc:creator>李四</dc:creator><cp:lastModifiedBy>李四</cp:lastModifiedBy>"
    core = f"<cp:coreProperties xmlns:cp='c' xmlns:dc='d'>{people}</cp:coreProperties>"
    app = "<Properties><Company>某公司</Company></Properties>"
    archive = zipfile.ZipFile(io.BytesIO(body))
    parts = {name: archive.read(name) for name in archive.namelist()}
    document = read_docx(packed({**parts, "docProps/core.xml": core, "docProps/app.xml": app}), "a.docx", DEFAULT)
    told = {rule: dict(remark.said) for rule, remark in remarks(document).items()}
    assert told == {
        "document-author": {"printed": "李四、某公司"},
        "document-comments": {"number": "1", "printed": "数字待核"},
        "unaccepted-revisions": {"number": "1"},
        "embedded-object": {"number": "2", "printed": "Excel.Sheet.12"},
    }


def test_pages_of_pictures_are_refused_with_what_to_do() -> None:
    with pytest.raises(SourceError, match=r"a\.docx: holds no text"):
        read_docx(word_file("<w:p><w:r><w:drawing/></w:r></w:p>"), "a.docx", DEFAULT)
