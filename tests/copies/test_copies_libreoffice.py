"""What LibreOffice makes of a copy: it opens it, shows the comments at their cells and the changes as changes."""

from __future__ import annotations

import io
import shutil
from typing import Any

import docx
import openpyxl
import pytest
from copied import NAME, W, book_report, comments_of, decided, document, report_of, said_of, set_in_type, word_report
from documents import as_docx, as_xlsx, printed
from lxml import etree
from some_reports import FORM

from govreport_check import SourceError, read
from govreport_check.copies import annotated, changes_of, mended
from govreport_check.readers.docx import read_docx
from govreport_check.readers.limits import DEFAULT
from govreport_check.readers.office import convert
from govreport_check.recognition import known_report, packs_of, with_figures

needs_libreoffice = pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice (soffice) on the path")
WRONG = {"requests[denied.internal_affairs, natural_person]": "5", "disputes[litigation_direct, total]": "4"}


def resaved(content: bytes, kind: str) -> bytes:
    return convert(content, NAME, kind, kind, DEFAULT)


@needs_libreoffice
def test_a_word_file_keeps_its_comments_and_its_text() -> None:
    file = word_report()
    copy = annotated(file, NAME, said_of(file), lang="zh")
    content = resaved(copy, "docx")
    seen, wanted = (sorted((*one.lines, one.around) for one in comments_of(file_)) for file_ in (content, copy))
    assert seen == wanted
    shown = docx.Document(io.BytesIO(content))
    assert [row.cells[0].text for table in shown.tables for row in table.rows] == [
        row.cells[0].text for table in docx.Document(io.BytesIO(file)).tables for row in table.rows
    ]


@needs_libreoffice
def test_exactly_the_changed_cells_are_tracked_changes() -> None:
    file = word_report()
    shown = resaved(mended(file, NAME, changes_of(report_of(file), WRONG), author="李四"), "docx")
    root = document(shown)
    assert sorted("".join(one.itertext()) for one in root.iter(f"{W}del")) == ["4", "5"]
    assert sorted("".join(one.itertext()) for one in root.iter(f"{W}ins")) == ["4", "5"]
    assert words(decided(shown, accept=False)) == words(document(file))


def words(root: Any) -> list[str]:
    return list(filter(None, ("".join(text for _, text in pieces) for pieces in set_in_type(root))))


@needs_libreoffice
def test_a_workbook_keeps_its_comments_and_computes_what_rests_on_a_change() -> None:
    file = book_report(formulas={"J12": "SUM(D12:I12)", "K1": "J12*2"})
    copy = mended(file, NAME, changes_of(report_of(file), {"requests[denied.internal_affairs, natural_person]": "7"}))
    shown = openpyxl.load_workbook(io.BytesIO(resaved(copy, "xlsx")), data_only=True)["表三"]
    assert (shown["D12"].value, shown["J12"].value, shown["K1"].value) == (7, 7, 14)
    assert shown["D12"].comment.text == "修改：原为“4”，改为“7”。"


@needs_libreoffice
@pytest.mark.slow
@pytest.mark.parametrize(("made", "old", "new"), [("docx", "doc", "docx"), ("xlsx", "xls", "xlsx")])
def test_an_older_file_is_converted_for_its_copy(made: str, old: str, new: str) -> None:
    older = convert(word_report() if made == "docx" else book_report(), NAME, made, old, DEFAULT)
    copy = annotated(older, NAME, said_of(older), lang="zh")
    found = etree.tostring(document(copy)).count(b"commentReference") if new == "docx" else _commented(copy)
    assert found >= 12


def _commented(content: bytes) -> int:
    return sum(
        cell.comment is not None for sheet in openpyxl.load_workbook(io.BytesIO(content)) for row in sheet.iter_rows() for cell in row
    )


@pytest.mark.shared
@pytest.mark.slow
def test_every_published_report_keeps_its_text(shared: Any) -> None:
    tried = 0
    for path in sorted((shared / "cn" / "reports").iterdir()):
        try:
            report = with_figures(known_report(path, packs_of(None))).report
        except SourceError:
            continue
        fused = any(isinstance(cells, str) for rows in (report.tables or {}).values() for cells in rows.values())
        if report.form != FORM.id or not report.sections or fused:
            continue
        items = printed(report, FORM)
        word, book = as_docx(items), as_xlsx(items)
        copy = annotated(word, NAME, said_of(word), lang="zh", notes=True)
        assert set_in_type(document(copy)) == set_in_type(document(word))
        assert read_docx(copy, NAME, DEFAULT).blocks == read_docx(word, NAME, DEFAULT).blocks
        assert {**vars_of(read(annotated(book, NAME, said_of(book), lang="zh"), name=NAME))} == vars_of(read(book, name=NAME))
        tried += 1
    assert tried >= 5


def vars_of(report: Any) -> dict[str, Any]:
    return {name: getattr(report, name) for name in ("about", "sections", "tables", "labels", "notes", "places")}
