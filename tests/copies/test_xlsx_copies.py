"""A workbook with comments and with changed cells: at the right cells, formulas honest, everything else as it was."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import openpyxl
import pytest
from copied import NAME, book_report, one_finding, parts_of, report_of, said_of, with_parts
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from office_files import sheet_file

from govreport_check import UsageError
from govreport_check.copies import Change, annotated, changes_of, mended
from govreport_check.findings import PlaceRecord, ReportResult
from govreport_check.model import Place

TYPES = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
WRONG = {
    "requests[denied.internal_affairs, natural_person]": "5",
    "disputes[litigation_direct, total]": "4",
    "labels.documents.columns.repealed": "本年废止件数",
}


@pytest.fixture(scope="module")
def file() -> bytes:
    return book_report()


@pytest.fixture(scope="module")
def said(file: bytes) -> ReportResult:
    return said_of(file)


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def comments(content: bytes) -> dict[str, str]:
    cells = (cell for sheet in opened(content) for row in sheet.iter_rows() for cell in row if cell.comment)
    return {f"{cell.parent.title}!{cell.coordinate}": cell.comment.text for cell in cells}


def values(content: bytes) -> dict[str, Any]:
    return {f"{sheet.title}!{cell.coordinate}": cell.value for sheet in opened(content) for row in sheet.iter_rows() for cell in row}


def by_hand(rows: str, *, behind: str = "", styles: str = "", strings: str = "") -> bytes:
    file = sheet_file({"表": f"<sheetData>{rows}</sheetData>{behind}"}, styles=styles, strings=strings)
    return with_parts(file, {"[Content_Types].xml": TYPES})


def at(cell: str, *, table: int | None = 1) -> Place:
    return Place(table=table, sheet="表", cell=cell)


# --- comments -------------------------------------------------------------------------------------------------------------------


def test_comments_stand_at_the_right_cells_and_no_value_changes(file: bytes, said: ReportResult) -> None:
    copy = annotated(file, NAME, said, lang="zh")
    found = comments(copy)
    assert found["表四!J4"].startswith("【错误】表四“未经复议直接起诉”")
    assert "行名印为" in found["表三!C12"]
    assert "属于三类内部事务信息”行" in found["表三!J12"]
    assert "【存疑】“一、总体情况”称“不予公开23件”" in found["年度报告!A6"]  # two findings in one cell, one comment
    assert "【存疑】“一、总体情况”称“上年结转7件”" in found["年度报告!A6"]
    told = [finding.message for finding in said.findings if finding.severity != "note"]
    assert [message for message in told if not any(message in text for text in found.values())] == []
    assert values(copy) == values(file)
    assert copy == annotated(file, NAME, said, lang="zh")


def test_only_parts_with_comments_change(file: bytes, said: ReportResult) -> None:
    old, new = parts_of(file), parts_of(annotated(file, NAME, said, lang="zh"))
    assert list(new)[: len(old)] == list(old)
    assert {name for name in old if new[name] != old[name]} == {
        "[Content_Types].xml",
        *(f"xl/worksheets/sheet{i}.xml" for i in (1, 2, 3, 4)),
    }
    drawn = b"".join(part for name, part in new.items() if name.endswith(".vml"))
    shapes = [piece.partition(b'"')[0] for piece in drawn.split(b'id="_x0000_s')[1:]]
    assert len(shapes) == len(set(shapes)) == len(comments(annotated(file, NAME, said, lang="zh")))


def test_comments_that_are_there_stay(file: bytes, said: ReportResult) -> None:
    book = opened(file)
    for cell in ("J4", "A1"):
        book["表四"][cell].comment = openpyxl.comments.Comment("请法规科核对", "李四")
    buffer = io.BytesIO()
    book.save(buffer)
    copy = annotated(buffer.getvalue(), NAME, said, lang="zh")
    found = comments(copy)
    assert found["表四!A1"] == "请法规科核对"
    assert found["表四!J4"].startswith("请法规科核对\n\ngovreport_check：\n【错误】表四")
    assert opened(copy)["表四"]["J4"].comment.author == "李四"
    assert set(found) == {*comments(annotated(file, NAME, said, lang="zh")), "表四!A1"}


def test_a_thread_is_left_alone_and_the_next_cell_says_which_is_meant() -> None:
    kind = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
    rels = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    rels += f'<Relationship Id="rId9" Type="{kind}" Target="../threadedComments/threadedComment1.xml"/></Relationships>'
    thread = '<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"><threadedComment ref="B1" \
dT="2025-01-01T00:00:00" personId="x" id="y"><text>?</text></threadedComment></ThreadedComments>'
    file = with_parts(
        by_hand('<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>'),
        {"xl/worksheets/_rels/sheet1.xml.rels": rels.encode(), "xl/threadedComments/threadedComment1.xml": thread.encode()},
    )
    copy = parts_of(annotated(file, NAME, one_finding(PlaceRecord(source=NAME, sheet="表", cell="B1"), "2"), lang="zh"))
    assert b'ref="C1"' in copy["xl/comments.xml"]
    assert "B1：\n【错误】此处不符。".encode() in copy["xl/comments.xml"]
    assert copy["xl/threadedComments/threadedComment1.xml"] == thread.encode()


def test_what_has_no_place_stands_at_the_first_words(file: bytes) -> None:
    for place in (PlaceRecord(source=NAME), PlaceRecord(source=NAME, sheet="没有", cell="A1")):
        assert comments(annotated(file, NAME, one_finding(place, None), lang="en")) == {"年度报告!A1": "[error] 此处不符。"}


# --- changes --------------------------------------------------------------------------------------------------------------------


def test_changed_cells_show_the_new_and_say_the_old(file: bytes) -> None:
    changes = changes_of(report_of(file), WRONG)
    claim = next(finding for finding in said_of(file).findings if finding.cells[0].raw == "不予公开23件")
    copy = mended(file, NAME, [*changes, Change(claim.cells[0].place, "不予公开23件", "不予公开24件")], author="李四")
    old, new = values(file), values(copy)
    assert {cell: new[cell] for cell in new if new[cell] != old[cell]} == {
        "表三!D12": 5,
        "表四!J4": 4,
        "表二!C2": "本年废止件数",
        "年度报告!A6": old["年度报告!A6"].replace("不予公开23件", "不予公开24件"),
    }
    assert comments(copy)["表三!D12"] == "修改：原为“4”，改为“5”。"
    assert comments(mended(file, NAME, changes, lang="en"))["表三!D12"] == "Changed: was “4”, now “5”."
    before, after = said_of(file), said_of(copy)
    gone = {finding.message for finding in before.findings} - {finding.message for finding in after.findings}
    assert len([message for message in gone if "未经复议直接起诉" in message or "不予公开23件" in message or "止件数" in message]) == 3


def test_a_formula_is_refused_and_sums_that_rest_on_a_change_follow() -> None:
    sums = {"J12": "SUM(D12:I12)", "J27": "SUM(J6:J26)", "K1": "J12*2", "K2": "J12+J27-1", "K3": "D4"}
    file = computed(book_report(formulas=sums), {"J12": "5", "J27": "110", "K1": "10", "K2": "114", "K3": "60"})
    place = Place(table=2, sheet="表三", cell="J12")
    with pytest.raises(UsageError, match="表三!J12: is computed by a formula"):
        mended(file, NAME, [Change(place, "5", "4")])
    copy = mended(file, NAME, [Change(Place(table=2, sheet="表三", cell="D12"), "4", "7")])
    assert cached(copy) == {"J12": "7", "J27": "112", "K1": None, "K2": "118", "K3": "60"}
    assert b'fullCalcOnLoad="1"' in parts_of(copy)["xl/workbook.xml"]
    assert [finding.severity for finding in said_of(copy).findings if finding.rule == "form/uncomputed-formula"] != []


def computed(content: bytes, results: Mapping[str, str]) -> bytes:
    """The workbook with results in the formulas of 表三, which openpyxl leaves out."""
    part = parts_of(content)["xl/worksheets/sheet3.xml"].decode()
    for cell, result in results.items():
        head, mark, tail = part.partition(f'<c r="{cell}"')
        part = (
            head
            + mark
            + tail.replace("<v></v>", f"<v>{result}</v>", 1).replace("<v />", f"<v>{result}</v>", 1).replace("<v/>", f"<v>{result}</v>", 1)
        )
    return with_parts(content, {"xl/worksheets/sheet3.xml": part.encode()})


def cached(content: bytes) -> dict[str, str | None]:
    from lxml import etree

    root = etree.fromstring(parts_of(content)["xl/worksheets/sheet3.xml"])
    formulas = [cell for cell in root.iter("{*}c") if cell.find("{*}f") is not None]
    return {cell.get("r"): cell.findtext("{*}v") for cell in sorted(formulas, key=lambda cell: cell.get("r"))}


@pytest.mark.parametrize(
    ("cell", "old", "new", "stored"),
    [
        ('<c r="B1"><v>90</v></c>', "90", "9", '<c r="B1"><v>9</v></c>'),
        ('<c r="B1" s="0"><v>90</v></c>', "90", "9.5", '<c r="B1" s="0"><v>9.5</v></c>'),
        ('<c r="B1"/>', "", "9", '<c r="B1"><v>9</v></c>'),
        ("", "", "9", '<c r="B1"><v>9</v></c>'),
        ('<c r="B1"><v>90</v></c>', "90", "", '<c r="B1"/>'),
        ('<c r="B1" t="s"><v>0</v></c>', "12件", "13", '<c r="B1" t="inlineStr"><is><t xml:space="preserve">13</t></is></c>'),
        ('<c r="B1"><v>90</v></c>', "90", "=cmd()", '<c r="B1" t="inlineStr"><is><t xml:space="preserve">=cmd()</t></is></c>'),
        ('<c r="B1"><v>90</v></c>', "90", "007", '<c r="B1" t="inlineStr"><is><t xml:space="preserve">007</t></is></c>'),
    ],
)
def test_a_value_is_stored_as_what_it_was(cell: str, old: str, new: str, stored: str) -> None:
    file = by_hand(f'<row r="1"><c r="A1"><v>1</v></c>{cell}<c r="C1"><v>3</v></c></row>', strings="<si><t>12件</t></si>", styles=PERCENT)
    copy = parts_of(mended(file, NAME, [Change(at("B1"), old, new)]))
    assert stored in copy["xl/worksheets/sheet1.xml"].decode()


PERCENT = '<cellXfs><xf numFmtId="0"/><xf numFmtId="10"/></cellXfs>'


@pytest.mark.parametrize(
    ("rows", "change", "why"),
    [
        ('<c r="A1" s="1"><v>0.5</v></c>', Change(at("A1"), "50%", "60"), "表!A1: would not show “60”"),
        ('<c r="A1"><v>1</v></c>', Change(at("A1"), "2", "3"), "表!A1: “1” stands there, not “2”"),
        ('<c r="A1"><v>1</v></c>', Change(Place(sheet="别", cell="A1"), "1", "3"), "别!A1: is not in the workbook"),
        ('<c r="A1"><v>1</v></c>', Change(Place(), "1", "3"), "no place: is not in the workbook"),
        ('<c r="A1"><v>1</v></c>', Change(at("A1"), "1", "\x0b"), "control characters"),
        ('<c r="A1"><v>1</v></c><c r="B1"><f t="array" ref="B1:C1">A1</f><v>1</v></c><c r="C1"><v>1</v></c>',
         Change(at("C1"), "1", "3"), "表!C1: is computed by a formula"),
    ],
)  # fmt: skip
def test_what_cannot_be_changed_is_refused_with_its_cell(rows: str, change: Change, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        mended(by_hand(f'<row r="1">{rows}<c r="D1"><v>4</v></c></row>', styles=PERCENT), NAME, [change])


def test_a_cell_is_not_changed_twice() -> None:
    file = by_hand('<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>')
    with pytest.raises(UsageError, match="“3” stands there"):
        mended(file, NAME, [Change(at("A1"), "1", "3"), Change(at("A1"), "1", "4")])


def test_rows_and_cells_that_do_not_state_where_they_are() -> None:
    file = by_hand("<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c><c><v>4</v></c></row>")
    copy = parts_of(mended(file, NAME, [Change(at("B2"), "4", "9")]))
    assert "<c><v>3</v></c><c><v>9</v></c>" in copy["xl/worksheets/sheet1.xml"].decode()


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_any_cells_changed_keep_all_others(data: st.DataObject, file: bytes) -> None:
    report = report_of(file)
    addresses = sorted(address for address in report.places if address.startswith(("requests[", "disputes[", "decisions[")))
    chosen = data.draw(st.lists(st.sampled_from(addresses), unique=True, max_size=8))
    new = {address: data.draw(st.from_regex(r"[1-9][0-9]{0,4}", fullmatch=True)) for address in chosen}
    again = report_of(mended(file, NAME, changes_of(report, new)))
    was, stands = (
        {address: change.old for address, change in zip(addresses, changes_of(one, dict.fromkeys(addresses, "")), strict=True)}
        for one in (report, again)
    )
    assert stands == {**was, **new}
