"""Workbooks (xlsx), read from their XML: the digits as stored, formulas that nobody computed, what is hidden, each cell's place.

ECMA-376-1:2016, 18 (SpreadsheetML). A figure is rounded to fifteen significant digits, as Excel shows it: the binary noise of a
computed sum is none of the report's.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from govreport_check.errors import SourceError
from govreport_check.readers.containers import Container, open_zip
from govreport_check.readers.document import Document
from govreport_check.readers.docx import main_part
from govreport_check.readers.docx_hygiene import author_remarks, comment_remarks
from govreport_check.readers.docx_numbers import child, local, number, value
from govreport_check.readers.figure_formats import BUILT_IN, shown
from govreport_check.readers.limits import Limits, too_much
from govreport_check.readers.worksheet import Span, Spot, Worksheet, document_of

MAIN = "xl/workbook.xml"
CHECKS = "govreport_checks"
"""The name defined for a sheet that only checks the figures of the others."""
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_ROWS, _COLUMNS = 1_048_576, 16_384


@dataclass(frozen=True, slots=True)
class Book:
    """What the sheets of a workbook share: texts, the number format of each style, the system in which days are counted, which styles
    rule lines around a cell."""

    texts: Sequence[str]
    formats: Sequence[str]
    from_1904: bool
    ruled: frozenset[int] = frozenset()


def read_xlsx(content: bytes, name: str, limits: Limits) -> Document:
    """The document that ``content`` is. Raises SourceError for what cannot be read."""
    container = open_zip(content, name, limits)
    sheets = _sheets(container, name, limits)
    remarks = [*author_remarks(container, name), *comment_remarks(container, name)]
    return document_of(sheets, name, limits, remarks)


def read_sheets(content: bytes, name: str, limits: Limits) -> list[Worksheet]:
    """Every sheet of a workbook as cells, what is hidden or filtered away too. Raises SourceError for what cannot be read."""
    return _sheets(open_zip(content, name, limits), name, limits)


def _sheets(container: Container, name: str, limits: Limits) -> list[Worksheet]:
    main = main_part(container, MAIN)
    if main.endswith(".bin") or (main not in container.names and "xl/workbook.bin" in container.names):
        raise SourceError(name, "is a binary workbook (xlsb); save it as xlsx", "是二进制工作簿（xlsb），请另存为xlsx格式")
    root = container.xml(main)
    targets = _targets(container, main)
    book, checks = _book(container, root, targets), _checks(root)
    sheets = []
    for one in _children(root, "sheets", "sheet"):
        part, kind = targets.get(value(one, "id") or "", ("", ""))
        if kind == "worksheet" and part in container.names:
            title, hidden = value(one, "name") or "", value(one, "state") in ("hidden", "veryHidden")
            if title not in checks:
                sheets.append(_sheet(container.xml(part), title, book, limits, name, hidden))
    if not sheets:
        raise SourceError(name, "holds no worksheet; save it again as xlsx", "文件中没有工作表，请重新另存为xlsx格式")
    return sheets


def _targets(container: Container, main: str) -> dict[str, tuple[str, str]]:
    """(part, kind) by relationship id."""
    folder, file = posixpath.split(main)
    rels = f"{folder}/_rels/{file}.rels"
    found = {}
    for one in container.xml(rels) if rels in container.names else ():
        target = value(one, "Target") or ""
        part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        found[value(one, "Id") or ""] = (part, (value(one, "Type") or "").rpartition("/")[2])
    return found


def _book(container: Container, root: Any, targets: Mapping[str, tuple[str, str]]) -> Book:
    parts = {kind: part for part, kind in targets.values() if part in container.names}
    texts = [text_of(one) for one in container.xml(parts["sharedStrings"]) if local(one) == "si"] if "sharedStrings" in parts else []
    styles = container.xml(parts["styles"]) if "styles" in parts else ()
    return Book(texts, list(_formats(styles)), value(child(root, "workbookPr"), "date1904") in ("1", "true"), frozenset(_ruled(styles)))


def _ruled(styles: Any) -> Iterator[int]:
    """The numbers of the styles with a line at some side."""
    lined = [any(value(side, "style") not in (None, "none") for side in one) for one in _children(styles, "borders", "border")]
    for number_, one in enumerate(_children(styles, "cellXfs", "xf")):
        at = number(value(one, "borderId"), 0, len(lined))
        if at < len(lined) and lined[at]:
            yield number_


def _formats(styles: Any) -> Iterator[str]:
    own = {number(value(one, "numFmtId"), 0): value(one, "formatCode") or "" for one in _children(styles, "numFmts", "numFmt")}
    for one in _children(styles, "cellXfs", "xf"):
        which = number(value(one, "numFmtId"), 0)
        yield own.get(which, BUILT_IN.get(which, ""))


def _checks(root: Any) -> set[str]:
    """The sheets of checks that were written beside a form: they hold nothing that the report says."""
    named = [one.text or "" for one in _children(root, "definedNames", "definedName") if value(one, "name") == CHECKS]
    return {text.rpartition("!")[0].strip("'").replace("''", "'") for text in named}


def _children(root: Any, group: str, name: str) -> Iterator[Any]:
    found = child(root, group)
    return (one for one in found if local(one) == name) if found is not None else iter(())


def text_of(element: Any) -> str:
    """The text of a string item, its runs together, without what is printed above it as a guide to pronunciation."""
    pieces: list[str] = []
    for one in element:
        name = local(one)
        if name == "t":
            pieces.append(one.text or "")
        elif name == "r":
            pieces.append(text_of(one))
    return "".join(pieces)


# --- a sheet --------------------------------------------------------------------------------------------------------------------


def _sheet(root: Any, title: str, book: Book, limits: Limits, source: str, hidden: bool) -> Worksheet:
    cells: dict[Spot, str] = {}
    formulas: list[Spot] = []
    invisible: list[Spot] = []
    rows: set[int] = set()
    framed: set[Spot] = set()
    for row, line in counted(_children(root, "sheetData", "row"), 0):
        if value(line, "hidden") in ("1", "true"):
            rows.add(row)
        for column, cell in counted((one for one in line if local(one) == "c"), 1):
            text, computed = _cell(cell, book)
            if text is None:
                invisible.append((row, column))
            elif text:
                cells[row, column] = text
            elif number(value(cell, "s"), 0) in book.ruled:
                framed.add((row, column))
            if not computed:
                formulas.append((row, column))
        if len(cells) > limits.cells:
            raise too_much(source, "cells in its tables", limits.cells, "个单元格")
    return Worksheet(
        title,
        cells,
        tuple(_spans(root)),
        frozenset(rows),
        _hidden_columns(root),
        tuple(formulas),
        tuple(invisible),
        not hidden,
        frozenset(framed),
    )


def counted(elements: Iterator[Any], part: int) -> Iterator[tuple[int, Any]]:
    """Rows (``part`` 0) or cells (1) of a sheet (lxml) with their number, which those that do not state it have from the one before."""
    last = 0
    for one in elements:
        stated = value(one, "r") or ""
        match = _REFERENCE.fullmatch(stated)
        behind = last + 1
        last = number(stated, behind, _ROWS) if not part else _letters(match[1]) if match else behind
        yield last, one


def _letters(text: str) -> int:
    count = 0
    for letter in text:
        count = 26 * count + ord(letter) - ord("A") + 1
    return min(count, _COLUMNS)


def _cell(cell: Any, book: Book) -> tuple[str | None, bool]:
    """(what the cell shows, whether it was computed). None for what its format hides; the formula itself where nobody computed it."""
    kind = value(cell, "t") or "n"
    stored = child(cell, "v")
    formula = child(cell, "f")
    text = (stored.text or "") if stored is not None else ""
    if formula is not None and not text and kind != "inlineStr" and (kind != "str" or stored is None):
        return f"={formula.text or '…'}", False
    if kind == "s":
        at = number(text, len(book.texts), len(book.texts))
        return (book.texts[at] if at < len(book.texts) else "?"), True
    if kind == "inlineStr":
        inline = child(cell, "is")
        return (text_of(inline) if inline is not None else ""), True
    if kind == "b":
        return ("TRUE" if text == "1" else "FALSE"), True
    style = number(value(cell, "s"), 0)
    code = book.formats[style] if style < len(book.formats) else ""
    return (shown(text, code, from_1904=book.from_1904) if kind == "n" and text else text), True


def _spans(root: Any) -> Iterator[Span]:
    for one in _children(root, "mergeCells", "mergeCell"):
        ends = [_REFERENCE.fullmatch(end) for end in (value(one, "ref") or "").split(":")]
        if len(ends) == 2 and ends[0] and ends[1]:
            (left, top), (right, bottom) = ((_letters(end[1]), min(int(end[2]), _ROWS)) for end in ends if end)
            yield Span(min(top, bottom), min(left, right), max(top, bottom), max(left, right))


def _hidden_columns(root: Any) -> frozenset[int]:
    hidden: set[int] = set()
    for one in _children(root, "cols", "col"):
        if value(one, "hidden") in ("1", "true"):
            first, last = (number(value(one, end), 1, _COLUMNS) for end in ("min", "max"))
            hidden.update(range(first, last + 1))
    return frozenset(hidden)
