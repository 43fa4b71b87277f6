"""The letter: what it asks for, in which order, and what it never says."""

from __future__ import annotations

import hashlib
import io
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path

import docx
import pytest
from hostile import TEXT, hostile_finding, hostile_result
from some_reports import ROOT

from govreport_check import check, render
from govreport_check.findings import CellRecord, Cite, Finding, PlaceRecord, ReportResult, Result, Severity, Verdict, Waived
from govreport_check.renderers import render_file
from govreport_check.renderers.letter import Letterhead, letter_docx, letter_markdown, letter_of

SOURCE = "a.docx"
MISTAKES = "docs/examples/yunling-2024-mistakes.txt"


def finding(name: str, **changes: object) -> Finding:
    cell = CellRecord(address=f"{name}[a, b]", label=name, raw="1", value="1", place=PlaceRecord(source=SOURCE))
    values: dict[str, object] = {
        "rule": f"cn-disclosure/{name}",
        "outcome": "fail",
        "severity": Severity.ERROR,
        "title": name,
        "message": f"说明{name}。",
        "fingerprint": f"of-{name}",
        "cells": [cell],
        "cites": [Cite(document="通知", at=f"附件{name}")],
    }
    return Finding(**{**values, **changes})  # type: ignore[arg-type]


def report(*findings: Finding, **about: str) -> ReportResult:
    return ReportResult(
        source=SOURCE, form="cn-disclosure/2021", about=about, verdict=Verdict.FINDINGS, sentence="结论。", findings=list(findings)
    )


def unread(name: str, state: str, reason: str = "未能识别", source: str = SOURCE) -> Finding:
    cell = CellRecord(address=f"{name}[a, b]", label=name, spot=f"表{name}", state=state, place=PlaceRecord(source=source))
    return finding(name, outcome="undecided", reason=reason, cells=[cell])


def test_facts_come_before_readings_and_the_rest_is_not_there() -> None:
    waived = Waived(reason="已说明")
    letter = letter_of(
        report(
            finding("甲"),
            finding("乙", severity=Severity.WARNING),
            finding("丙", confidence="likely"),
            finding("丁", severity=Severity.NOTE),
            finding("戊", waived=waived),
        ),
        lang="zh",
    )
    assert letter is not None
    assert (letter.correct, letter.verify) == (("说明甲。",), ("说明乙。", "说明丙。"))
    assert letter.law == "依据：《通知》附件甲；附件乙；附件丙。"


def test_the_opening_is_as_prescribed() -> None:
    one = report(finding("甲"), agency="云岭县人民政府", year="2024", title="云岭县人民政府2024年\n政府信息公开工作年度报告")
    letter = letter_of(one, lang="zh", head=Letterhead(due=date(2025, 2, 20)))
    assert letter is not None
    named = "《云岭县人民政府2024年政府信息公开工作年度报告》"
    assert letter.opening == f"经审核，你单位{named}存在以下问题，请于2月20日前核实更正、重新发布，并反馈整改情况。"
    assert (letter.title, letter.unit) == (f"关于{named}的整改意见", "云岭县人民政府：")


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ({"title": "《云岭县年报》", "year": "2024"}, "你单位《云岭县年报》（2024年度）存在"),
        ({"title": "云岭县2024年年报", "year": "2024"}, "你单位《云岭县2024年年报》存在"),
        ({"year": "2024"}, "你单位2024年度报告存在"),
        ({}, "你单位所报送的年度报告存在"),
    ],
)
def test_a_report_is_called_by_its_title_and_year(about: dict[str, str], said: str) -> None:
    letter = letter_of(report(finding("甲"), **about), lang="zh")
    assert letter is not None
    assert said in letter.opening


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (None, "请于　　月　　日前"),
        (Letterhead(due=date(2026, 1, 9), day=date(2025, 12, 30)), "请于2026年1月9日前"),
        (Letterhead(due=date(2025, 3, 9), day=date(2025, 2, 1)), "请于3月9日前"),
    ],
)
def test_the_last_day_is_said_or_left_to_be_written(head: Letterhead | None, said: str) -> None:
    letter = letter_of(report(finding("甲")), lang="zh", head=head)
    assert letter is not None
    assert said in letter.opening


def test_lists_are_numbered_by_those_that_are_there() -> None:
    letter = letter_of(report(finding("乙", severity=Severity.WARNING)), lang="zh")
    assert letter is not None
    assert re.findall(r"^## (.*)", letter_markdown(letter), flags=re.M) == ["一、需核实的问题"]


def test_what_could_not_be_read_is_asked_for_once() -> None:
    letter = letter_of(report(unread("甲", "blank"), unread("甲", "blank", "另一处")), lang="zh")
    assert letter is not None
    assert letter.correct == ()
    assert len(letter.verify) == 1
    assert "表甲" in letter.verify[0]


def test_what_follows_from_a_table_that_was_not_read_is_not_asked_beside_it() -> None:
    own = finding("缺表", outcome="undecided", cells=[CellRecord(address="tables.甲", label="", place=PlaceRecord(source=SOURCE))])
    letter = letter_of(report(own, unread("甲", "absent"), unread("乙", "absent")), lang="zh")
    assert letter is not None
    assert len(letter.verify) == 2
    assert letter.verify[0] == "说明缺表。"
    assert letter.verify[1].startswith("未能识别")


def lost(address: str) -> Finding:
    """A finding of the reading itself about ``address``."""
    return finding(address, outcome="undecided", cells=[CellRecord(address=address, label="", place=PlaceRecord(source=SOURCE))])


@pytest.mark.parametrize("address", ["甲", "甲.a", "甲[a, b]"])
def test_what_follows_from_a_row_or_cell_that_was_not_read_is_not_asked_beside_it(address: str) -> None:
    letter = letter_of(report(lost(address), unread("甲", "unreadable")), lang="zh")
    assert letter is not None
    assert letter.verify == (f"说明{address}。",)


@pytest.mark.parametrize("address", ["甲.c", "甲[c, b]"])
def test_a_row_that_was_not_read_does_not_hide_another(address: str) -> None:
    letter = letter_of(report(lost(address), unread("甲", "blank", "某行未填写")), lang="zh")
    assert letter is not None
    assert [one.partition("，")[0] for one in letter.verify] == [f"说明{address}。", "某行未填写"]


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ("某条例", "依据：《某条例》一。"),
        ("某办法（某函〔2020〕1号）", "依据：《某办法》（某函〔2020〕1号）一。"),
        ("某函〔2020〕1号", "依据：某函〔2020〕1号，一。"),
        ("5 U.S.C. 552(e)", "依据：5 U.S.C. 552(e)，一。"),
    ],
)
def test_a_law_is_named_in_title_marks_and_a_number_is_not(document: str, said: str) -> None:
    letter = letter_of(report(finding("甲", cites=[Cite(document=document, at="一")])), lang="zh")
    assert letter is not None
    assert letter.law == said


def test_what_the_reviewer_did_not_hand_in_is_not_asked_for() -> None:
    assert letter_of(report(unread("甲", "not_given"), unread("乙", "blank", source="govreport.waivers.yaml")), lang="zh") is None


def test_a_reviewer_chooses_and_adds() -> None:
    one = report(finding("甲"), finding("乙"), unread("丙", "blank"))
    letter = letter_of(one, lang="zh", adopted={"of-乙"}, remarks={"of-乙": "请附台账", "of-甲": "没有采纳"})
    assert letter is not None
    assert (letter.correct, letter.verify) == (("说明乙。（审核说明：请附台账）",), ())
    assert letter_of(one, lang="zh", adopted=()) is None


def test_nothing_to_ask_is_said() -> None:
    result = Result(engine="0", reports=[report(finding("丁", severity=Severity.NOTE), year="2024")])
    assert render(result, "letter") == "2024年度报告没有需要发函整改的问题。结论。\n"
    assert "结论。" in docx.Document(io.BytesIO(render_file(result, "letter", ".docx"))).paragraphs[0].text


def test_what_is_no_report_gets_no_letter_and_no_all_clear() -> None:
    result = check(b"%PDF-1.4 nothing", name="a.pdf")
    assert letter_of(result.reports[0], lang="zh") is None
    text = render(result, "letter", lang="zh")
    assert text.startswith("a.pdf：未能核对（不等于通过）")
    assert "没有需要" not in text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_suspect_no_note_no_program_is_named(lang: str) -> None:
    result = check(ROOT / MISTAKES, name=MISTAKES, lang=lang, profile="review")
    assert any(one.suspects for one in result.findings)
    text = render(result, "letter", lang=lang)
    assert not re.search(r"govreport|cn-disclosure/|推算|Inferred|yunling", text)
    notes = [one.message for one in result.findings if one.severity is Severity.NOTE]
    assert [note for note in notes if note in text] == []
    failed = [one for one in result.findings if one.outcome == "fail" and one.severity is not Severity.NOTE]
    assert len(re.findall(r"^\d+\. ", text, flags=re.M)) == len(failed)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_word_file_says_what_the_markdown_says(lang: str) -> None:
    result = check(ROOT / MISTAKES, name=MISTAKES, lang=lang)
    head = Letterhead(due=date(2025, 2, 20), sender="政务公开办", number="〔2025〕3号", day=date(2025, 2, 5))
    letter = letter_of(result.reports[0], lang=lang, head=head)
    assert letter is not None
    words = [one for one in docx.Document(io.BytesIO(letter_docx(letter))).paragraphs if one.text]
    written = [re.sub(r"\\(.)|&#8203;", r"\1", line) for line in letter_markdown(letter).splitlines() if line]
    assert [one.text for one in words] == [re.sub(r"^(#+|\d+\.) ", "", line) for line in written]
    items = [one for one in words if one.style.name == "item"]
    assert [one.text for one in items] == [*letter.correct, *letter.verify]
    assert len({one._p.pPr.numPr.numId.val for one in items}) == 2
    assert letter_docx(letter) == letter_docx(letter)


def test_several_reports_have_a_page_each() -> None:
    result = Result(engine="0", reports=[report(finding("甲")), report(finding("乙"))])
    paper = docx.Document(io.BytesIO(render_file(result, "letter", ".docx")))
    assert [one.style.name for one in paper.paragraphs if one.paragraph_format.page_break_before] == ["title"]
    assert render(result, "letter").count("\n---\n") == 1


@pytest.mark.parametrize("format_", ["letter", "slip"])
def test_hostile_text_stays_text(format_: str) -> None:
    result = hostile_result()
    about = {"agency": TEXT, "title": TEXT, "year": TEXT}
    many = result.reports[0].model_copy(update={"about": about, "findings": [hostile_finding(i) for i in range(30)]})
    content = render_file(result.model_copy(update={"reports": [many]}), format_, ".DOCX")
    read = docx.Document(io.BytesIO(content))
    said = [one.text for one in read.paragraphs] + [cell.text for table in read.tables for row in table.rows for cell in row.cells]
    assert any("<script>alert(1)</script>" in text for text in said)
    assert not any(char in text for text in said for char in "\x00\x1b\u202e\u2066\ufffe\uffff")


def test_the_slip_names_the_document_by_its_hash() -> None:
    content = (ROOT / MISTAKES).read_bytes()
    result = check(content, name=MISTAKES, printed=True)
    (about, found, signed) = docx.Document(io.BytesIO(render_file(result, "slip", ".docx"))).tables
    cells = [cell.text for row in about.rows for cell in row.cells]
    assert {hashlib.sha256(content).hexdigest(), MISTAKES, "云岭县人民政府", "2024", "cn-disclosure/2021"} <= set(cells)
    assert result.reports[0].sentence in cells
    assert f"cn-disclosure 0.1.0（{result.packs[0].hash[:12]}）" in cells
    assert [row.cells[0].text for row in found.rows] == ["序号", *map(str, range(1, 13))]
    assert "共14处" in render(result, "slip")
    assert len(signed.rows) == 2


def test_the_slip_has_no_hash_where_there_is_no_file() -> None:
    report_ = check({"schema": "govreport-report/1", "form": "cn-disclosure/2021", "about": {"year": 2024}, "tables": {}}, printed=True)
    assert report_.reports[0].printed is not None
    assert report_.reports[0].printed.sha256 is None
    assert "| 文件SHA-256 | — |" in render(report_, "slip")


@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice (soffice) on the path")
def test_the_slip_is_one_page_whatever_is_found(tmp_path: Path) -> None:
    pypdfium2 = pytest.importorskip("pypdfium2")
    result = hostile_result()
    many = result.reports[0].model_copy(
        update={"about": {"agency": "中" * 400, "year": TEXT}, "sentence": TEXT, "findings": [hostile_finding(i) for i in range(30)]}
    )
    (tmp_path / "slip.docx").write_bytes(render_file(result.model_copy(update={"reports": [many]}), "slip", ".docx"))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", "--headless", profile, "--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "slip.docx")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert len(pypdfium2.PdfDocument(tmp_path / "slip.pdf")) == 1
