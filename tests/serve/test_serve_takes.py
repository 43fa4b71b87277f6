"""The person's own file, mended or with comments, and the letter, as the page offers them."""

from __future__ import annotations

import io
from urllib.parse import unquote

import docx
import openpyxl
import pytest
from documents import as_docx, as_workbook, printed, saved
from serving import CLEAN, MISTAKES, Serving, as_the_command_says
from some_reports import FORM

from govreport_check import check, read


@pytest.fixture(scope="module")
def word() -> bytes:
    return as_docx(printed(read(MISTAKES), FORM))


@pytest.fixture(scope="module")
def book() -> bytes:
    return saved(as_workbook(printed(read(MISTAKES), FORM), sheets=True))


def suspected(content: bytes, name: str) -> list[dict[str, str]]:
    """The change that arithmetic suggests for the first finding that has one."""
    report = as_the_command_says(content, name, lang="zh")["reports"][0]
    suspect = next(one for finding in report["findings"] for one in finding["suspects"] if one["cells"])
    return [{"at": cell["address"], "to": cell["to"]} for cell in suspect["cells"]]


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_the_mended_file_has_the_findings_that_the_page_showed(page: Serving, kind: str, word: bytes, book: bytes) -> None:
    content, name = (word if kind == "docx" else book), f"云岭.{kind}"
    (id_,) = page.hand_in((name, content))
    wanted = {"id": id_, "edits": suspected(content, name)}
    taken = page.client.post("api/take/mended", json={"documents": [wanted], "lang": "zh"})
    assert taken.status_code == 200, taken.text
    assert unquote(taken.headers["content-disposition"]).endswith(f"云岭-修订稿.{kind}")
    shown = page.check(wanted, lang="zh")["result"]["reports"][0]["findings"]
    of_the_file = check(taken.content, name=name, lang="zh").reports[0].findings
    told = [finding for finding in of_the_file if finding.rule.partition("/")[0] != "form" or finding.severity != "note"]
    assert {one.fingerprint for one in told} == {
        one["fingerprint"] for one in shown if one["rule"].partition("/")[0] != "form" or one["severity"] != "note"
    }


def test_text_is_mended_too_and_changes_of_nothing_are_left_out(page: Serving, word: bytes) -> None:
    (id_,) = page.hand_in(("a.docx", word))
    before = next(part for part in page.check({"id": id_})["reports"][0]["printed"]["parts"] if part["id"] == "overview")
    text = before["paragraphs"][1][1]
    edits = [
        {"at": "sections.overview", "line": 2, "to": text + "另有说明。"},
        {"at": "sections.overview.heading", "to": before["heading"]},
    ]
    taken = page.client.post("api/take/mended", json={"documents": [{"id": id_, "edits": edits}], "lang": "zh"})
    assert taken.status_code == 200, taken.text
    (overview,) = [part.text for name, part in (read(taken.content).sections or {}).items() if name == "overview"]
    assert "另有说明。" in overview
    xml = "".join(part.part.blob.decode(errors="replace") for part in [docx.Document(io.BytesIO(taken.content))])
    assert xml.count("<w:ins ") == 1 and xml.count("<w:del ") == 0


def test_what_cannot_be_mended_is_told(page: Serving, word: bytes) -> None:
    ids = page.hand_in(("a.docx", word), ("a.txt", CLEAN))
    cell = {"at": "requests[granted, total]", "to": "5"}
    cases = [
        ({"id": ids[0]}, "not-available"),
        ({"id": ids[1], "edits": [cell]}, "usage"),
        ({"id": ids[0], "edits": [{"at": "sections.overview", "line": 7, "to": "新的一段。"}]}, "not-available"),
    ]
    for document, code in cases:
        answer = page.client.post("api/take/mended", json={"documents": [document], "lang": "zh"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, code), answer.text


def test_the_annotated_file_has_a_comment_for_what_was_found(page: Serving, word: bytes, book: bytes) -> None:
    ids = page.hand_in(("a.docx", word), ("a.xlsx", book))
    letter, sheet = (page.client.post("api/take/annotated", json={"documents": [{"id": id_}], "lang": "zh"}) for id_ in ids)
    comments = [comment.text for comment in docx.Document(io.BytesIO(letter.content)).comments]
    notes = [
        cell.comment.text for tab in openpyxl.load_workbook(io.BytesIO(sheet.content)) for row in tab.rows for cell in row if cell.comment
    ]
    assert len(comments) >= 5 and len(notes) >= 3
    message = check(word, lang="zh").reports[0].findings[0].message
    assert any(message in comment for comment in comments)


def test_the_letter_asks_for_what_is_wrong_after_the_changes(page: Serving) -> None:
    (id_,) = page.hand_in(("a.txt", MISTAKES))
    details = {"unit": "云岭县人民政府", "due": "2026-03-31"}
    wanted = {"documents": [{"id": id_}], "lang": "zh", "details": details}
    taken = page.client.post("api/take/letter", json=wanted)
    told = "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(taken.content)).paragraphs)
    assert "云岭县人民政府" in told and "3月31日" in told
    assert page.client.post("api/take/slip", json=wanted).status_code == 200
    for details in ({"due": "soon"}, {"nix": "x"}):
        refused = page.client.post("api/take/letter", json={**wanted, "details": details})
        assert (refused.status_code, refused.json()["error"]["code"]) == (422, "not-available")


def test_every_kind_that_is_offered_can_be_made_and_no_other(page: Serving, word: bytes) -> None:
    offered = page.client.get("api/options").json()["take"]
    (id_,) = page.hand_in(("a.docx", word))
    for one in offered:
        edits = suspected(word, "a.docx") if one["kind"] == "mended" else []
        taken = page.client.post(f"api/take/{one['kind']}", json={"documents": [{"id": id_, "edits": edits}], "lang": "en"})
        assert taken.status_code == 200 and taken.content, one
