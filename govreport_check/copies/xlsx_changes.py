"""A workbook with changed cells, each with a comment that says what stood there: workbooks have no revisions that all programs share.

ECMA-376-1:2016, 18.3.1.4 (cells), 18.2.2 (calculation). Styles stay. A result of a formula that rests on a changed cell is worked out
where it is a plain sum, else taken out, so that the next program computes it: no cell shows a figure that is no longer true.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

from govreport_check.copies.changes import Change, checked, where
from govreport_check.copies.formulas import CellName, Known, formulas_in, outdated, worked_out
from govreport_check.copies.parts import Parts, elements
from govreport_check.copies.runs import SPACE
from govreport_check.copies.sheets import book_part, cell_at, cells_of, put_before, sheet_parts, spot_of, tag, within
from govreport_check.copies.xlsx_comments import comment
from govreport_check.errors import UsageError
from govreport_check.readers.document import Document, Row
from govreport_check.readers.docx_numbers import child, local, number, value
from govreport_check.readers.worksheet import Spot
from govreport_check.readers.xlsx import read_xlsx, text_of

_FIGURE = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,14})?")
_ENDS = re.compile(r"([A-Z]{1,3}\d{1,7})(?::([A-Z]{1,3}\d{1,7}))?")
_SAID = {"zh": "修改：原为“{}”，改为“{}”。", "en": "Changed: was “{}”, now “{}”."}
_EMPTY = {"zh": "空白", "en": "blank"}
Shown: TypeAlias = "dict[tuple[str | None, str | None], str]"
"""What the cells of a workbook show, without white space, by title of the sheet and name."""
_BEHIND_CALC = (
    "oleSize", "customWorkbookViews", "pivotCaches", "smartTagPr", "smartTagTypes", "webPublishing", "fileRecoveryPr", "webPublishObjects",
    "extLst",
)  # fmt: skip


def changed(parts: Parts, content: bytes, changes: Sequence[Change], author: str, lang: str) -> bytes:
    """The workbook ``content`` with ``changes`` in its cells. Raises UsageError, naming the cell, for one that cannot be made, and
    SourceError."""
    name, limits = parts.container.name, parts.container.limits
    stood, sheets, shared = _shown(read_xlsx(content, name, limits)), sheet_parts(parts), _shared(parts)
    told: dict[str, dict[Spot, str]] = {}
    for change in changes:
        part, spot = _spot(change, sheets)
        new = _whole(parts.xml(part), spot, checked(change), stood, shared)
        _put(cell_at(parts.changing(part), spot), new)
        stood[change.place.sheet, change.place.cell] = _squeezed(new)
        said = told.setdefault(part, {})
        said[spot] = "\n".join(filter(None, (said.get(spot), _said(change, lang))))
    _recompute(parts, sheets, {(change.place.sheet or "", spot_of(change.place.cell or "")) for change in changes})
    for part, texts in told.items():
        comment(parts, part, texts, author)
    copy = parts.saved()
    _look_again(_shown(read_xlsx(copy, name, limits)), changes)
    return copy


def _said(change: Change, lang: str) -> str:
    return _SAID[lang].format(*(one.strip() or _EMPTY[lang] for one in (change.old, change.new)))


def _look_again(stands: Shown, changes: Sequence[Change]) -> None:
    """Raises UsageError where a cell does not show what was put into it: its number format makes something else of it."""
    for change in changes:
        found, wanted = stands.get((change.place.sheet, change.place.cell), ""), _squeezed(change.new)
        if found != wanted and not (_is_prose(change) and wanted in found):
            raise UsageError(f"{where(change)}: would not show “{change.new[:60]}” in the format of its cell; change it in the file itself")


def _shown(document: Document) -> Shown:
    found: Shown = {}
    for block in document.blocks:
        for cell in block.cells if isinstance(block, Row) else (block,):
            key = cell.place.sheet, cell.place.cell
            found[key] = found.get(key, "") + _squeezed(cell.text)
    return found


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _is_prose(change: Change) -> bool:
    return change.place.table is None


def _shared(parts: Parts) -> list[str]:
    """The texts that cells share, by their number."""
    found = (one.part for one in parts.related(book_part(parts)) if one.kind == "sharedStrings" and parts.has(one.part))
    return [text_of(one) for part in found for one in parts.xml(part) if local(one) == "si"]


def _spot(change: Change, sheets: Mapping[str, str]) -> tuple[str, Spot]:
    """The sheet's part and the cell of a change. Raises UsageError where the workbook has none such."""
    place = change.place
    if place.sheet is None or place.sheet not in sheets or not _ENDS.fullmatch(place.cell or ""):
        raise UsageError(f"{where(change)}: is not in the workbook; check it again and change it there")
    return sheets[place.sheet], spot_of(place.cell or "")


def _whole(root: Any, spot: Spot, change: Change, stood: Shown, shared: Sequence[str]) -> str:
    """The new text of the whole cell. Raises UsageError where a formula computes it, or the old text does not stand there."""
    cell = cell_at(root, spot)
    if child(cell, "f") is not None or _in_array(root, spot):
        raise UsageError(f"{where(change)}: is computed by a formula; change the figures that it rests on, or the formula itself")
    found, text = stood.get((change.place.sheet, change.place.cell), ""), _text(cell, shared)
    if found == _squeezed(change.old):
        return change.new
    if _is_prose(change) and change.old and text.count(change.old) == 1:
        return text.replace(change.old, change.new)
    raise UsageError(f"{where(change)}: “{found[:60]}” stands there, not “{change.old[:60]}” once; check it again")


def _text(cell: Any, shared: Sequence[str]) -> str:
    """The text of a cell that holds one."""
    inline, stored = child(cell, "is"), child(cell, "v")
    if inline is not None:
        return text_of(inline)
    at = number(stored.text, len(shared), len(shared)) if stored is not None and value(cell, "t") == "s" else len(shared)
    return shared[at] if at < len(shared) else ""


def _put(cell: Any, new: str) -> None:
    """Puts a text into a cell: as a number where one stood there or nothing, else as text."""
    figure = bool(_FIGURE.fullmatch(new.strip())) and (value(cell, "t") or "n") == "n"
    for one in [one for one in cell if local(one) in ("v", "is")]:
        cell.remove(one)
    cell.attrib.pop("t", None)
    if figure:
        within(cell, "v").text = new.strip()
    elif new.strip():
        cell.set("t", "inlineStr")
        said = within(within(cell, "is"), "t")
        said.text = new
        said.set(SPACE, "preserve")


def _in_array(root: Any, spot: Spot) -> bool:
    """Whether a cell is one of several that a formula fills together."""
    for formula in elements(root, "f"):
        ends = _ENDS.fullmatch(value(formula, "ref") or "") if value(formula, "t") in ("array", "dataTable") else None
        if ends:
            (top, left), (bottom, right) = spot_of(ends[1]), spot_of(ends[2] or ends[1])
            if top <= spot[0] <= bottom and left <= spot[1] <= right:
                return True
    return False


# --- formulas -------------------------------------------------------------------------------------------------------------------


def _recompute(parts: Parts, sheets: Mapping[str, str], changes: set[CellName]) -> None:
    """New results for formulas that rest on changed cells; the workbook is to be computed when it is opened."""
    roots = {title: parts.xml(part) for title, part in sheets.items()}
    formulas = formulas_in(roots)
    if not formulas:
        return
    old = outdated(formulas, changes)
    results = worked_out(formulas, old, _figures(roots))
    for title, spot in sorted(old):
        _result(cell_at(parts.changing(sheets[title]), spot), results.get((title, spot)))
    _compute_when_opened(parts)


def _figures(roots: Mapping[str, Any]) -> Known:
    return {(title, spot): found for title, root in roots.items() for spot, cell in cells_of(root) if (found := _stored(cell)) is not None}


def _stored(cell: Any) -> Decimal | str | None:
    stored = child(cell, "v")
    if (value(cell, "t") or "n") != "n":
        return "text"
    try:
        return Decimal(stored.text) if stored is not None and stored.text else None
    except InvalidOperation:
        return "text"


def _result(cell: Any, result: Decimal | None) -> None:
    for one in [one for one in cell if local(one) == "v"]:
        cell.remove(one)
    cell.attrib.pop("t", None)
    if result is not None:
        within(cell, "v").text = f"{result:f}"


def _compute_when_opened(parts: Parts) -> None:
    root = parts.changing(book_part(parts))
    settings = child(root, "calcPr")
    if settings is None:
        settings = root.makeelement(tag(root, "calcPr"))
        put_before(root, settings, _BEHIND_CALC)
    settings.set("fullCalcOnLoad", "1")
