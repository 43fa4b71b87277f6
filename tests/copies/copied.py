"""Files that copies are made of, and what is in a copy: its words with and without its changes, its comments and where they stand."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from documents import as_docx, as_workbook, printed, saved
from lxml import etree
from some_reports import EXAMPLES, FORM

from govreport_check import check, read
from govreport_check.findings import CellRecord, Finding, PlaceRecord, ReportResult, Severity, Verdict
from govreport_check.model import Report

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MISTAKES = EXAMPLES / "yunling-2024-mistakes.txt"
NAME = "report"


def report_of(content: bytes) -> Report:
    return read(content, name=NAME)


def said_of(content: bytes, lang: str = "zh") -> ReportResult:
    return check(content, name=NAME, lang=lang).reports[0]


def word_report() -> bytes:
    """The report with mistakes in cells, headings and prose, as a Word file."""
    return as_docx(printed(read(MISTAKES), FORM))


def book_report(*, formulas: Mapping[str, str] | None = None) -> bytes:
    """The same as a workbook; ``formulas`` of 表三 by cell."""
    book = as_workbook(printed(read(MISTAKES), FORM), sheets=True)
    for cell, formula in (formulas or {}).items():
        book["表三"][cell] = f"={formula}"
    return saved(book)


def one_finding(place: PlaceRecord, raw: str | None, *, address: str = "sections.overview", message: str = "此处不符。") -> ReportResult:
    """A report's result with one finding, about one cell."""
    cell = CellRecord(address=address, label="", raw=raw, place=place)
    finding = Finding(rule="x/y", outcome="fail", severity=Severity.ERROR, title="", message=message, fingerprint="0", cells=[cell])
    return ReportResult(source=NAME, form="x", verdict=Verdict.FINDINGS, sentence="", findings=[finding])


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_parts(content: bytes, new: Mapping[str, bytes]) -> bytes:
    """The file with these parts put in, or in place of its own."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in {**parts_of(content), **new}.items():
            archive.writestr(name, part)
    return buffer.getvalue()


def document(content: bytes) -> Any:
    return etree.fromstring(parts_of(content)["word/document.xml"])


def decided(content: bytes, *, accept: bool) -> Any:
    """The document part with all changes accepted, or all rejected."""
    root = document(content)
    for gone in list(root.iter(f"{W}del" if accept else f"{W}ins")):
        gone.getparent().remove(gone)
    for kept in list(root.iter(f"{W}ins" if accept else f"{W}del")):
        for one in list(kept):
            kept.addprevious(one)
        kept.getparent().remove(kept)
    for text in root.iter(f"{W}delText"):
        text.tag = f"{W}t"
    return root


def set_in_type(root: Any) -> list[list[tuple[bytes, str]]]:
    """Every paragraph as pieces of one formatting, (formatting, text): what people see of it, however runs are cut."""
    return [list(_pieces(paragraph)) for paragraph in root.iter(f"{W}p")]


def _pieces(paragraph: Any) -> Iterator[tuple[bytes, str]]:
    before, text = b"", ""
    for run in paragraph.iter(f"{W}r"):
        properties = run.find(f"{W}rPr")
        format_ = b"" if properties is None else etree.tostring(properties, method="c14n")
        said = "".join(one.text or "" if one.tag == f"{W}t" else f"<{etree.QName(one).localname}>" for one in run if one is not properties)
        said = said.replace("<commentReference>", "")
        if format_ != before and text:
            yield before, text
            text = ""
        before, text = format_, text + said
    if text:
        yield before, text


@dataclass(frozen=True)
class Comment:
    """A comment of a Word file: its lines, the text that it is set around, and that of the paragraph where it begins."""

    lines: Sequence[str]
    around: str
    paragraph: str
    author: str
    date: str | None


def comments_of(content: bytes, part: str = "word/comments.xml") -> list[Comment]:
    root = document(content)
    return [_comment(root, one) for one in etree.fromstring(parts_of(content)[part])]


def _comment(root: Any, comment: Any) -> Comment:
    identity = comment.get(f"{W}id")
    inside, around, paragraph = False, "", ""
    for one in root.iter():
        if one.tag == f"{W}commentRangeStart" and one.get(f"{W}id") == identity:
            inside = True
            paragraph = "".join(text.text or "" for text in one.iterancestors(f"{W}p").__next__().iter(f"{W}t"))
        elif one.tag == f"{W}commentRangeEnd" and one.get(f"{W}id") == identity:
            inside = False
        elif inside and one.tag == f"{W}t":
            around += one.text or ""
    lines = ["".join(text.text or "" for text in line.iter(f"{W}t")) for line in comment.iter(f"{W}p")]
    assert len([one for one in root.iter(f"{W}commentReference") if one.get(f"{W}id") == identity]) == 1
    return Comment(lines, around, paragraph, comment.get(f"{W}author"), comment.get(f"{W}date"))
