"""A Word file with changes: accepted they are the new text, rejected the old one, in exactly the words that differ."""

from __future__ import annotations

import io
from datetime import datetime

import docx
import pytest
from copied import NAME, W, decided, document, parts_of, report_of, said_of, set_in_type, with_parts, word_report
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from office_files import p, r, tbl, tc, tr, word_file

from govreport_check import UsageError
from govreport_check.copies import Change, changes_of, mended
from govreport_check.copies.changes import edits
from govreport_check.model import Place

TYPES = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
WRONG = {
    "requests[denied.internal_affairs, natural_person]": "5",
    "disputes[litigation_direct, total]": "4",
    "labels.documents.columns.repealed": "本年废止件数",
    "labels.requests.rows.denied.internal_affairs": "5.属于三类内部事务信息",
}
FIRST = Place(element="1")
CELL = Place(table=1, row=1, column=2)


@pytest.fixture(scope="module")
def file() -> bytes:
    return word_report()


@pytest.fixture(scope="module")
def changes(file: bytes) -> list[Change]:
    report = report_of(file)
    claim = next(finding for finding in said_of(file).findings if finding.cells[0].raw == "不予公开23件")
    return [*changes_of(report, WRONG), Change(claim.cells[0].place, "不予公开23件", "不予公开24件")]


def by_hand(body: str, **parts: str) -> bytes:
    return with_parts(word_file(body, **parts), {"[Content_Types].xml": TYPES})


def all_text(root: object) -> list[str]:
    return ["".join(text for _, text in pieces) for pieces in set_in_type(root)]


def test_accepting_gives_the_new_text_and_rejecting_the_old_one(file: bytes, changes: list[Change]) -> None:
    copy = mended(file, NAME, changes, author="李四")
    assert set_in_type(decided(copy, accept=False)) == set_in_type(document(file))
    old, new = all_text(document(file)), all_text(decided(copy, accept=True))
    differ = [(before, after) for before, after in zip(old, new, strict=True) if before != after]
    assert len(differ) == len(changes)
    assert ("4", "5") in differ
    assert ("本年度止件数", "本年废止件数") in differ
    assert [(before, after) for before, after in differ if "不予公开23件" in before] == [
        (before, before.replace("不予公开23件", "不予公开24件")) for before, _ in differ if "不予公开23件" in before
    ]


def test_only_the_words_that_differ_are_marked(file: bytes, changes: list[Change]) -> None:
    root = document(mended(file, NAME, changes, author="李四", at=datetime(2025, 1, 20)))
    gone = ["".join(text.text for text in one.iter(f"{W}delText")) for one in root.iter(f"{W}del")]
    new = ["".join(text.text for text in one.iter(f"{W}t")) for one in root.iter(f"{W}ins")]
    assert sorted(gone) == sorted(["4", "5", "度", "容", "23"])
    assert sorted(new) == sorted(["5", "4", "废", "部", "24"])
    marks = [*root.iter(f"{W}ins"), *root.iter(f"{W}del")]
    assert {(one.get(f"{W}author"), one.get(f"{W}date")) for one in marks} == {("李四", "2025-01-20T00:00:00Z")}
    assert len({one.get(f"{W}id") for one in marks}) == len(marks)


def test_the_copy_is_read_with_the_new_figures_and_its_finding_is_gone(file: bytes, changes: list[Change]) -> None:
    before, after = said_of(file), said_of(mended(file, NAME, changes))
    gone = {finding.message for finding in before.findings} - {finding.message for finding in after.findings}
    assert [message for message in gone if "未经复议直接起诉" in message or "不予公开23件" in message or "印为“本年度止件数”" in message]
    assert len(gone) == 5
    assert [finding.severity for finding in after.findings if finding.rule == "form/unaccepted-revisions"] == ["note"]


def test_other_parts_stay_byte_for_byte_and_the_same_call_gives_the_same_bytes(file: bytes, changes: list[Change]) -> None:
    copy = mended(file, NAME, changes)
    old, new = parts_of(file), parts_of(copy)
    assert [name for name in new if old.get(name) != new[name]] == ["word/document.xml"]
    assert copy == mended(file, NAME, changes)
    assert mended(file, NAME, []) == file


@pytest.mark.parametrize(
    ("body", "change", "accepted"),
    [
        (p(r("收到1", "<w:b/>"), r("2件", "<w:i/>")), Change(FIRST, "12", "13"), "收到13件"),
        (p("收到", '<w:ins w:id="7" w:author="x"><w:r><w:t>12件</w:t></w:r></w:ins>', "。"), Change(FIRST, "12件", "13件"), "收到13件。"),
        (p('<w:hyperlink><w:r><w:t>收到12件</w:t></w:r></w:hyperlink>'), Change(FIRST, "12件", "9件"), "收到9件"),
        (p('<w:sdt><w:sdtContent><w:r><w:t>12</w:t></w:r></w:sdtContent></w:sdt>', "件"), Change(FIRST, "12件", "1件"), "1件"),
        (p("收到件"), Change(FIRST, "收到件", "收到12件"), "收到12件"),
        (p("收到12件"), Change(FIRST, "收到12件", "共收到12件"), "共收到12件"),
        (p("收到12件"), Change(FIRST, "收到12件", "收到12件。"), "收到12件。"),
        (p("收到12件，多余。"), Change(FIRST, "，多余", ""), "收到12件。"),
        (p('<w:r><w:t>收到</w:t><w:tab/><w:t>12件</w:t></w:r>'), Change(FIRST, "12件", "13件"), "收到<tab>13件"),
        (p("收到12件"), Change(FIRST, "12件", "13件\n其中\t1件"), "收到13件<br>其中<tab>1件"),
        (p("甲") + tbl(tr("数", "90"), tr("乙", "1")), Change(CELL, "90", "9"), "9"),
        (p("甲") + tbl(tr("数", ""), tr("乙", "1")), Change(CELL, "", "9"), "9"),
        (p("甲") + tbl(tr("数", tc(p("1"), p("2"))), tr("乙", "1")), Change(CELL, "1\n2", "1\n3"), "3"),
    ],
)  # fmt: skip
def test_a_change_in_any_kind_of_text(body: str, change: Change, accepted: str) -> None:
    file = by_hand(body)
    copy = mended(file, NAME, [change])
    assert accepted in all_text(decided(copy, accept=True))
    original = decided(file, accept=False)
    assert set_in_type(decided(copy, accept=False)) == set_in_type(original)


def test_what_is_inserted_is_formatted_as_what_it_stands_for() -> None:
    bold = '<w:b/><w:sz w:val="21"/>'
    copy = mended(by_hand(p("收到", r("12", bold), "件")), NAME, [Change(FIRST, "12", "13")])
    (new,) = document(copy).iter(f"{W}ins")
    assert [one.tag for one in new.find(f"{W}r/{W}rPr")] == [f"{W}b", f"{W}sz"]
    empty = by_hand(p("甲") + tbl(tr("数", tc(p(properties=f"<w:rPr>{bold}</w:rPr>"))), tr("乙", "1")))
    (new,) = document(mended(empty, NAME, [Change(CELL, "", "9")])).iter(f"{W}ins")
    assert [one.tag for one in new.find(f"{W}r/{W}rPr")] == [f"{W}b", f"{W}sz"]


def test_another_persons_revisions_stay_theirs() -> None:
    body = p("收到", '<w:ins w:id="7" w:author="x"><w:r><w:t>共12件</w:t></w:r></w:ins>', "。")
    root = document(mended(by_hand(body), NAME, [Change(FIRST, "12", "13")], author="李四"))
    told = [(one.get(f"{W}author"), "".join(text.text for text in one.iter(f"{W}t", f"{W}delText"))) for one in root.iter(f"{W}ins")]
    assert told == [("x", "共12"), ("李四", "13"), ("x", "件")]
    assert len({one.get(f"{W}id") for one in root.iter(f"{W}ins", f"{W}del")} - {"7"}) == 2


def test_a_heading_that_a_list_numbers() -> None:
    numbers = '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>\
<w:lvlText w:val="%1、"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    body = p("总体情况", properties='<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')
    file = by_hand(body, numbering=numbers)
    assert all_text(decided(mended(file, NAME, [Change(FIRST, "一、总体情况", "一、总体工作情况")]), accept=True)) == ["总体工作情况"]
    with pytest.raises(UsageError, match="made by a list"):
        mended(file, NAME, [Change(FIRST, "一、总体情况", "二、总体情况")])


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (Change(CELL, "91", "9"), "table 1, row 1, column 2: “90” stands there"),
        (Change(CELL, "9", "8"), "“90” stands there"),  # a part of a cell is not the cell
        (Change(Place(table=3, row=1, column=1), "1", "2"), "is not in the document"),
        (Change(Place(), "1", "2"), "no place"),
        (Change(FIRST, "12件", "13件"), "once"),
        (Change(FIRST, "甲12件", "\x00"), "control characters"),
        (Change(FIRST, "甲12件", "\ud800"), "control characters"),
        (Change(Place(element="2"), "框内", "框外"), "text box"),
        (Change(CELL, "1", "2", "requests[granted, total]"), r"requests\[granted, total\] \(table 1"),
    ],
)
def test_what_cannot_be_changed_is_refused_with_its_place(change: Change, why: str) -> None:
    box = f"<w:r><w:pict><w:txbxContent>{p('框内')}</w:txbxContent></w:pict></w:r>"
    file = by_hand(p("甲12件，乙12件", box) + tbl(tr("数", "90"), tr("乙", "1")))
    with pytest.raises(UsageError, match=why):
        mended(file, NAME, [change])


def test_words_that_stand_twice_for_old_and_new_programs_are_refused() -> None:
    branches = f'<mc:Choice Requires="w14">{r("12件")}</mc:Choice><mc:Fallback>{r("12件")}</mc:Fallback>'
    both = f"<mc:AlternateContent>{branches}</mc:AlternateContent>"
    with pytest.raises(UsageError, match="paragraph 1: stands in a text box"):
        mended(by_hand(p("收到", both)), NAME, [Change(FIRST, "12件", "13件")])


def test_an_author_is_inert_and_a_language_known(file: bytes, changes: list[Change]) -> None:
    root = document(mended(file, NAME, changes, author="李\x00四\u202e"))
    assert {one.get(f"{W}author") for one in root.iter(f"{W}ins")} == {"李四"}
    with pytest.raises(UsageError, match="no language is called fr"):
        mended(file, NAME, changes, lang="fr")


def test_addresses_that_a_report_does_not_have(file: bytes) -> None:
    report = report_of(file)
    for address in ("requests[nothing, total]", "labels.documents.columns.x", "sections.x", "nonsense", "about.year"):
        with pytest.raises(UsageError, match="nothing of that name"):
            changes_of(report, {address: "1"})
    heading = changes_of(report, {"sections.overview": "一、总体工作情况"})
    assert "一、总体工作情况" in all_text(decided(mended(file, NAME, heading), accept=True))


def test_python_docx_opens_the_copy(file: bytes, changes: list[Change]) -> None:
    assert len(docx.Document(io.BytesIO(mended(file, NAME, changes))).tables) == 3


@given(old=st.text("甲乙12,.% \n", max_size=12), new=st.text("甲乙12,.% \n", max_size=12))
def test_edits_lead_from_old_to_new(old: str, new: str) -> None:
    made = old
    for start, end, text in edits(old, new):
        made = made[:start] + text + made[end:]
    assert made == new


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_any_cells_changed_keep_all_others(data: st.DataObject, file: bytes) -> None:
    report = report_of(file)
    addresses = sorted(address for address in report.places if address.startswith(("requests[", "disputes[", "decisions[")))
    chosen = data.draw(st.lists(st.sampled_from(addresses), unique=True, max_size=8))
    new = {address: data.draw(st.from_regex(r"[1-9][0-9]{0,4}", fullmatch=True)) for address in chosen}
    copy = mended(file, NAME, changes_of(report, new))
    again = report_of(copy)
    was, stands = ({address: change.old for address, change in zip(addresses, changes_of(one, dict.fromkeys(addresses, "")), strict=True)}
                   for one in (report, again))  # fmt: skip
    assert stands == {**was, **new}
    assert set_in_type(decided(copy, accept=False)) == set_in_type(document(file))
