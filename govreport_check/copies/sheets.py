"""The sheets of a workbook as parts, and their rows and cells by number, made where there are none.

ECMA-376-1:2016, 18.3 (worksheets).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from govreport_check.copies.parts import Parts
from govreport_check.readers.docx import main_part
from govreport_check.readers.docx_numbers import child, local, value
from govreport_check.readers.worksheet import Spot, reference
from govreport_check.readers.xlsx import MAIN, counted

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")


def book_part(parts: Parts) -> str:
    """The part that lists the sheets."""
    return main_part(parts.container, MAIN)


def sheet_parts(parts: Parts) -> dict[str, str]:
    """The parts of the worksheets by their titles, in the order of the workbook."""
    book = book_part(parts)
    targets = {one.id: one.part for one in parts.related(book) if one.kind == "worksheet" and parts.has(one.part)}
    listed = child(parts.xml(book), "sheets")
    sheets = list(listed) if listed is not None else []
    return {value(one, "name") or "": targets[value(one, "id") or ""] for one in sheets if value(one, "id") in targets}


def spot_of(cell: str) -> Spot:
    """(14, 3) of C14. Raises ValueError."""
    match = _REFERENCE.fullmatch(cell)
    if match is None:
        raise ValueError(cell)
    return int(match[2]), column_of(match[1])


def column_of(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number


def cells_of(root: Any) -> Iterator[tuple[Spot, Any]]:
    """The cells of a sheet (lxml) with where they stand."""
    for row, line in rows_of(root):
        for column, cell in counted((one for one in line if local(one) == "c"), 1):
            yield (row, column), cell


def rows_of(root: Any) -> Iterator[tuple[int, Any]]:
    data = child(root, "sheetData")
    return counted((one for one in data if local(one) == "row"), 0) if data is not None else iter(())


def cell_at(root: Any, spot: Spot) -> Any:
    """The cell at ``spot``, a new one where the sheet has none there."""
    row = _numbered(inner(root, "sheetData"), list(rows_of(root)), spot[0], "row", str(spot[0]))
    cells = list(counted((one for one in row if local(one) == "c"), 1))
    return _numbered(row, cells, spot[1], "c", reference(*spot))


def _numbered(parent: Any, known: Sequence[tuple[int, Any]], wanted: int, name: str, stated: str) -> Any:
    found = next((one for number, one in known if number == wanted), None)
    if found is not None:
        return found
    new = parent.makeelement(tag(parent, name), {"r": stated})
    behind = next((one for number, one in known if number > wanted), None)
    if behind is None:
        parent.append(new)
    else:
        behind.set("r", behind.get("r") or stated_of(known, behind, name, wanted))
        behind.addprevious(new)
    return new


def stated_of(known: Sequence[tuple[int, Any]], one: Any, name: str, wanted: int) -> str:
    """What a row or cell that did not state its number is called, now that one is put before it."""
    number = next(number for number, other in known if other is one)
    return str(number) if name == "row" else reference(int(value(one.getparent(), "r") or 1), number)


def within(parent: Any, name: str) -> Any:
    """A new last child."""
    new = parent.makeelement(tag(parent, name))
    parent.append(new)
    return new


def inner(parent: Any, name: str, *, first: bool = False) -> Any:
    """The child of that name, a new one (the last, or the ``first``) where there is none."""
    found = child(parent, name)
    if found is None:
        found = within(parent, name)
        if first:
            parent.insert(0, found)
    return found


def tag(element: Any, name: str) -> str:
    """``name`` in the namespace of ``element``: transitional and strict files differ in it."""
    return f"{str(element.tag).rpartition('}')[0]}}}{name}"


def put_before(root: Any, new: Any, followers: Sequence[str]) -> None:
    """Puts a child where the order of the schema wants it: before the first of ``followers`` that is there."""
    behind = next((one for one in root if local(one) in followers), None)
    if behind is None:
        root.append(new)
    else:
        behind.addprevious(new)
