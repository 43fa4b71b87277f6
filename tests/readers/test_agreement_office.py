"""One report as text, Word file, workbook and what LibreOffice makes of them: the same report and findings, each with its own places."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import cache

import pytest
from documents import Item, Text, as_docx, as_xlsx, changed, numbered, printed, revised
from reader_reports import FORM, YUNLING
from some_reports import ROOT, differences, said

from govreport_check import check, render
from govreport_check.findings import Finding
from govreport_check.model import Report
from govreport_check.readers import load_source, office, recognise
from govreport_check.readers.limits import DEFAULT

MISTAKES = (ROOT / "docs" / "examples" / "yunling-2024-mistakes.txt").read_text(encoding="utf-8")
needs_libreoffice = pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice (soffice) on the path")


def items(text: str, *, apart: bool = False) -> list[Item]:
    return printed(recognise(load_source(text), FORM), FORM, apart=apart)


once = cache(office.convert)


@pytest.fixture(autouse=True)
def converted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """LibreOffice takes seconds: each file is converted once."""
    monkeypatch.setattr(office, "convert", once)


@cache
def through(kind: str, wanted: str, text: str) -> bytes:
    """The report saved by LibreOffice in another format."""
    source = as_docx(items(text)) if kind == "docx" else as_xlsx(items(text))
    return once(source, "report", kind, wanted, DEFAULT)


FORMATS: dict[str, Callable[[str], bytes]] = {
    "docx": lambda text: as_docx(items(text)),
    "docx, revised": lambda text: as_docx(items(text), revised),
    "docx, numbers made by a list": lambda text: as_docx(items(text), numbered),
    "docx, table two in parts": lambda text: as_docx(items(text, apart=True)),
    "xlsx": lambda text: as_xlsx(items(text)),
    "xlsx, a sheet per table": lambda text: as_xlsx(items(text), sheets=True),
    "xlsx, table two in parts": lambda text: as_xlsx(items(text, apart=True), sheets=True),
    "xlsx, figures as text": lambda text: as_xlsx(items(text), numbers=False),
}
CONVERTED = {
    "doc": ("docx", "doc"),
    "odt": ("docx", "odt"),
    "rtf": ("docx", "rtf"),
    "xls": ("xlsx", "xls"),
    "ods": ("xlsx", "ods"),
    "docx by LibreOffice": ("odt", "docx"),
    "xlsx by LibreOffice": ("ods", "xlsx"),
}


def content(name: str, text: str) -> bytes:
    if name in FORMATS:
        return FORMATS[name](text)
    kind, wanted = CONVERTED[name]
    if kind in ("docx", "xlsx"):
        return through(kind, wanted, text)
    return once(through(wanted, kind, text), "report", kind, wanted, DEFAULT)


ALL = [*FORMATS, *(pytest.param(name, marks=needs_libreoffice) for name in CONVERTED)]


def words(report: Report) -> dict[str, object]:
    """A report without its places."""
    sections = {name: (one.heading, one.text, one.copies, one.unread) for name, one in (report.sections or {}).items()}
    labels = [(label.at, label.printed) for label in report.labels or ()]
    return {"about": dict(report.about), "sections": sections, "tables": report.tables, "labels": labels, "notes": dict(report.notes)}


def assert_same_report(name: str, text: str) -> None:
    report = recognise(load_source(content(name, text), name="report"), FORM)
    assert words(report) == words(recognise(load_source(text), FORM))
    tables = report.tables or {}
    assert sum(len(cells) for rows in tables.values() for cells in rows.values()) == 200
    assert set(FORM.sections) <= set(report.sections or {})


@pytest.mark.parametrize("name", FORMATS)
def test_a_clean_report_is_the_same(name: str) -> None:
    assert_same_report(name, YUNLING)


@pytest.mark.parametrize("name", ALL)
def test_a_report_with_mistakes_is_the_same_and_so_are_its_findings(name: str) -> None:
    assert_same_report(name, MISTAKES)
    result = check(content(name, MISTAKES), ignore=("form/converted-file", "form/unaccepted-revisions"), name="report").reports[0]
    assert differences(said(result, places=False), said(check(MISTAKES).reports[0], places=False)) == []


def finding(source: bytes, rule: str) -> Finding:
    return next(one for one in check(source, name="report").findings if one.rule.endswith(rule))


def test_a_finding_in_a_word_file_names_table_row_and_column() -> None:
    wrong = changed(items(YUNLING), "requests", 3, 3, "87")  # 一、本年新收 · 自然人
    place = next(cell.place for cell in finding(as_docx(wrong), "requests-row-total").cells if cell.raw == "87")
    assert (place.source, place.table, place.row, place.column) == ("report", 2, 4, 4)


def test_its_place_is_told_in_words_and_for_programs() -> None:
    wrong = check(as_docx(changed(items(YUNLING), "requests", 3, 3, "87")), name="a.docx")
    assert "a.docx 第2个表格第4行第" in render(wrong)
    assert "a.docx#table=2&row=4&column=" in render(wrong, "concise")


def test_a_finding_in_a_workbook_names_sheet_and_cell() -> None:
    wrong = changed(items(YUNLING), "requests", 3, 3, "87")
    place = next(cell.place for cell in finding(as_xlsx(wrong, sheets=True), "requests-row-total").cells if cell.raw == "87")
    assert (place.sheet, place.cell) == ("表三", "D4")


def test_a_formula_without_a_result_is_never_nought() -> None:
    wrong = changed(items(YUNLING), "requests", 3, 9, "=SUM(D4:I4)")
    result = check(as_xlsx(wrong, sheets=True)).reports[0]
    told = {one.rule: one for one in result.findings}
    assert result.verdict.value == "not_verified"
    assert told["form/unreadable-cell"].cells[0].raw == "=SUM(D4:I4)"
    assert told["form/unreadable-cell"].cells[0].place.cell == "J4"
    assert "表三!J4" in told["form/uncomputed-formula"].message


def test_tables_behind_the_text_are_read() -> None:
    whole = items(YUNLING)
    behind = [*(item for item in whole if isinstance(item, Text)), *(item for item in whole if not isinstance(item, Text))]
    report = recognise(load_source(as_docx(behind)), FORM)
    assert (report.tables, report.remarks) == (recognise(load_source(YUNLING), FORM).tables, ())
