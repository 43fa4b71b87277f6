"""A Word file with comments: at the very words, of every finding that counts, and nothing else is another."""

from __future__ import annotations

import io
from datetime import datetime

import docx
import pytest
from copied import NAME, Comment, comments_of, document, one_finding, parts_of, said_of, set_in_type, with_parts, word_report
from office_files import p, r, tbl, tr, word_file

from govreport_check.copies import annotated
from govreport_check.findings import PlaceRecord, ReportResult, Severity, Waived

TYPES = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
BOX = f"<w:txbxContent>{p('框内')}</w:txbxContent>"


@pytest.fixture(scope="module")
def file() -> bytes:
    return word_report()


@pytest.fixture(scope="module")
def said(file: bytes) -> ReportResult:
    return said_of(file)


def about(comments: list[Comment], words: str) -> Comment:
    return next(comment for comment in comments if words in comment.lines[0])


def by_hand(body: str, **parts: str) -> bytes:
    return with_parts(word_file(body, **parts), {"[Content_Types].xml": TYPES})


def test_every_finding_that_counts_has_a_comment_and_the_text_is_the_same(file: bytes, said: ReportResult) -> None:
    copy = annotated(file, NAME, said, lang="zh")
    counted = [finding.message for finding in said.findings if finding.severity != "note"]
    assert [comment.lines[0].partition("】")[2] for comment in comments_of(copy)] == counted
    old, new = (docx.Document(io.BytesIO(one)) for one in (file, copy))
    assert [one.text for one in new.paragraphs] == [one.text for one in old.paragraphs]
    assert [[cell.text for cell in row.cells] for table in new.tables for row in table.rows] == [
        [cell.text for cell in row.cells] for table in old.tables for row in table.rows
    ]
    assert set_in_type(document(copy)) == set_in_type(document(file))
    assert [one.text.splitlines()[0] for one in new.comments] == [comment.lines[0] for comment in comments_of(copy)]


def test_comments_stand_at_the_words_concerned(file: bytes, said: ReportResult) -> None:
    comments = comments_of(annotated(file, NAME, said, lang="zh"))
    assert about(comments, "未经复议直接起诉").around == "5"  # the total, which the parts are held against
    assert about(comments, "属于三类内部事务信息”行").around == "5"
    assert about(comments, "行名印为").around == "5.属于三类内容事务信息"  # a label in a merged row
    assert about(comments, "表头印为").around == "本年度止件数"
    assert about(comments, "不予公开23件").around == "不予公开23件"
    assert about(comments, "9月31日").around == "2024年9月31日"
    assert about(comments, "只有标题").around == "六、其他需要报告的事项"
    ended = about(comments, "至2024年12月21日止")
    assert ended.around == ended.paragraph
    assert ended.paragraph.endswith("12月21日。")


def test_a_comment_says_severity_fix_and_law_in_the_language(file: bytes) -> None:
    comment = about(comments_of(annotated(file, NAME, said_of(file), lang="zh")), "未经复议直接起诉")
    assert [line[:3] for line in comment.lines] == ["【错误", "更正：", "依据："]
    english = comments_of(annotated(file, NAME, said_of(file, "en"), lang="en"))
    assert {line.split()[0].rstrip(":") for one in english for line in one.lines} >= {"[error]", "[warning]", "Fix", "Law"}
    assert {one.author for one in english} == {"govreport_check"}


def test_undecided_is_told_and_waived_is_not(file: bytes, said: ReportResult) -> None:
    first, second, *others = said.findings
    changed = [
        first.model_copy(update={"outcome": "undecided", "reason": "表二“行政强制”未能识别"}),
        second.model_copy(update={"waived": Waived(reason="机构改革")}),
        *others,
    ]
    comments = comments_of(annotated(file, NAME, said.model_copy(update={"findings": changed}), lang="zh"))
    assert comments[0].lines[0].startswith("【未能核对】")
    assert comments[0].lines[1] == "原因：表二“行政强制”未能识别"
    assert len(comments) == len([one for one in changed if one.severity != "note"]) - 1


def test_notes_come_where_they_are_asked_for(file: bytes, said: ReportResult) -> None:
    note = said.findings[0].model_copy(update={"severity": Severity.NOTE})
    alone = said.model_copy(update={"findings": [note]})
    assert annotated(file, NAME, alone, lang="zh") == file
    assert len(comments_of(annotated(file, NAME, alone, lang="zh", notes=True))) == 1


def test_what_has_no_place_stands_at_the_title(file: bytes) -> None:
    for place in (
        PlaceRecord(source=NAME),
        PlaceRecord(source=NAME, table=9, row=1, column=1),
        PlaceRecord(source="last year", element="9"),
    ):
        (comment,) = comments_of(annotated(file, NAME, one_finding(place, "5"), lang="zh"))
        assert comment.around == "云岭县人民政府2024年政府信息公开工作年度报告"


def test_the_title_is_where_the_report_says_it(file: bytes) -> None:
    said = one_finding(PlaceRecord(source=NAME), None)
    site = by_hand(p("来源：网站") + p("某县2024年 报告", properties="") + p("正文"))
    titled = said.model_copy(update={"about": {"title": "某县2024年报告"}})
    assert comments_of(annotated(site, NAME, titled, lang="zh"))[0].around == "某县2024年 报告"
    assert comments_of(annotated(site, NAME, said, lang="zh"))[0].around == "来源：网站"


def test_other_parts_stay_byte_for_byte_and_in_order(file: bytes, said: ReportResult) -> None:
    old, new = parts_of(file), parts_of(annotated(file, NAME, said, lang="zh"))
    assert list(new)[: len(old)] == list(old)
    touched = {"[Content_Types].xml", "word/document.xml", "word/_rels/document.xml.rels"}
    assert {name for name in old if new[name] != old[name]} == touched
    assert set(new) - set(old) == {"word/comments.xml"}


def test_the_same_file_gives_the_same_bytes_and_a_date_only_where_given(file: bytes, said: ReportResult) -> None:
    copy = annotated(file, NAME, said, lang="zh")
    assert copy == annotated(file, NAME, said, lang="zh")
    assert {comment.date for comment in comments_of(copy)} == {None}
    dated = annotated(file, NAME, said, lang="zh", at=datetime(2025, 1, 20, 9, 30))
    assert {comment.date for comment in comments_of(dated)} == {"2025-01-20T09:30:00Z"}


def test_comments_that_are_there_stay(file: bytes, said: ReportResult) -> None:
    reviewed = docx.Document(io.BytesIO(file))
    reviewed.add_comment(reviewed.paragraphs[0].runs, text="请科室核对", author="李四", initials="李")
    buffer = io.BytesIO()
    reviewed.save(buffer)
    comments = comments_of(annotated(buffer.getvalue(), NAME, said, lang="zh"))
    assert (comments[0].lines, comments[0].author, comments[0].around) == (["请科室核对"], "李四", reviewed.paragraphs[0].text)
    assert len(comments) == 1 + len([one for one in said.findings if one.severity != "note"])


def test_a_second_copy_adds_to_the_first(file: bytes, said: ReportResult) -> None:
    twice = comments_of(annotated(annotated(file, NAME, said, lang="zh"), NAME, said, lang="zh"))
    half = len(twice) // 2
    assert twice[:half] == twice[half:]


@pytest.mark.parametrize(
    ("body", "raw", "around"),
    [
        (p(r("收到申请1", "<w:b/>"), r("2", "<w:i/>"), r("件，办结12件")), "收到申请12件", "收到申请12件"),
        (p("收到12件，办结12件"), "12件", "收到12件，办结12件"),  # twice: nobody knows which
        (p(f'<w:ins w:id="5" w:author="x">{r("收到12件")}</w:ins>', "，办结"), "12件", "12件"),
        (p(f'<w:hyperlink>{r("收到12件")}</w:hyperlink>'), "12件", "12件"),
        (p(f'<w:sdt><w:sdtContent>{r("收到12件")}</w:sdtContent></w:sdt>'), "收到12件", "收到12件"),
        (p(f'<w:fldSimple w:instr="REF a">{r("收到12件")}</w:fldSimple>'), "12件", "收到12件"),
        (p("收到", '<w:r><w:tab/><w:t>12</w:t><w:br/><w:t>件</w:t></w:r>'), "12", "12"),
        (p("收到", '<w:del w:id="3"><w:r><w:delText>9</w:delText></w:r></w:del>', "12件"), "收到12件", "收到12件"),
    ],
)  # fmt: skip
def test_words_are_found_across_runs(body: str, raw: str, around: str) -> None:
    file = by_hand(body)
    copy = annotated(file, NAME, one_finding(PlaceRecord(source=NAME, element="1"), raw), lang="zh")
    assert comments_of(copy)[0].around == around
    assert set_in_type(document(copy)) == set_in_type(document(file))


def test_a_comment_on_a_text_box_or_a_note_stands_where_it_is_borne() -> None:
    shape = f'<mc:Choice Requires="wps"><w:drawing>{BOX}</w:drawing></mc:Choice><mc:Fallback><w:pict>{BOX}</w:pict></mc:Fallback>'
    boxed = by_hand(f"<w:p>{r('外')}<w:r><mc:AlternateContent>{shape}</mc:AlternateContent></w:r></w:p>{p('尾')}")
    copy = annotated(boxed, NAME, one_finding(PlaceRecord(source=NAME, element="2"), "框内"), lang="zh")
    (start,) = document(copy).iter("{*}commentRangeStart")
    assert [one.tag.rpartition("}")[2] for one in start.iterancestors()] == ["p", "body", "document"]
    note = f'<w:footnote w:id="2">{p("含上年度结转")}</w:footnote>'
    noted = by_hand(p("收到12件", '<w:r><w:footnoteReference w:id="2"/></w:r>') + p("尾"), footnotes=note)
    copy = annotated(noted, NAME, one_finding(PlaceRecord(source=NAME, element="2"), "含上年度结转"), lang="zh")
    (start,) = document(copy).iter("{*}commentRangeStart")
    assert start.getnext().find("{*}footnoteReference") is not None


def test_an_empty_cell_and_a_strict_file() -> None:
    strict = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    rels = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" \
Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument" Target="word/document.xml"/></Relationships>'
    file = with_parts(word_file(p("题") + tbl(tr("甲", ""), tr("乙", "2")), strict), {"[Content_Types].xml": TYPES, "_rels/.rels": rels})
    copy = parts_of(annotated(file, NAME, one_finding(PlaceRecord(source=NAME, table=1, row=1, column=2), None), lang="zh"))
    assert strict.encode() in copy["word/comments.xml"]
    assert b"purl.oclc.org/ooxml/officeDocument/relationships/comments" in copy["word/_rels/document.xml.rels"]
    assert copy["word/document.xml"].count(b"commentReference") == 1


def test_hostile_words_are_inert(file: bytes) -> None:
    message = "<script>x</script> ]]> \x1b[2J \u202egnp \x00\ufffe =cmd()|'/c calc'!A1"
    copy = annotated(file, NAME, one_finding(PlaceRecord(source=NAME), None, message=message), lang="zh")
    assert comments_of(copy)[0].lines == ["【错误】<script>x</script> ]]> [2J gnp  =cmd()|'/c calc'!A1"]
