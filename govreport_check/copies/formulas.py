"""What formulas of a workbook show once figures that they rest on have changed: plain sums exactly, of all others that it is not known.

A formula is outdated when it names a changed cell, another outdated one, or anything that is not plainly a cell (a defined name, INDIRECT).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import Any, TypeAlias

from govreport_check.copies.sheets import cells_of, column_of, spot_of
from govreport_check.readers.docx_numbers import child, value
from govreport_check.readers.worksheet import Spot, reference

CellName: TypeAlias = "tuple[str, Spot]"
"""(title of the sheet, spot)"""
Range: TypeAlias = "tuple[str, Spot, Spot]"
"""(title of the sheet, its first spot, its last)"""
Known: TypeAlias = "Mapping[CellName, Decimal | str | None]"
"""What stands in cells: a figure, a text, None for what is not known (yet); empty ones are left out."""

_CELL = r"(\$?)([A-Z]{1,3})(\$?)([1-9]\d{0,6})"
_NAMED = re.compile(rf"(?:(?:'((?:[^']|'')+)'|([^\s'!()+\-*/,:;=<>&^\"{{}}]+))!)?{_CELL}(?::{_CELL})?(?![\w(.!])")
_TEXT = re.compile(r'"(?:[^"]|"")*"')
_WORD = re.compile(r"[^\W\d][\w.]*(?!\w|\()|\$?\d+:\$?\d+")
_UNSURE = re.compile(r"\b(?:INDIRECT|OFFSET|NOW|TODAY|RAND\w*)\(", re.IGNORECASE)
_SUM = re.compile(r"([+-]?)\s*(?:SUM\(([^()]*)\)|([^()+\-]+))\s*", re.IGNORECASE)
_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_LONGEST = 8192  # characters that a formula may have (Excel)
_MOST = 10_000
"""Cells in a range that are added up."""
_MOST_FORMULAS = 5_000
"""Formulas that are looked into: of more, all count as outdated."""


def formulas_in(sheets: Mapping[str, Any]) -> dict[CellName, str]:
    """The formulas of all sheets (lxml, by title); those shared by several cells as each has it, '' where nobody can tell."""
    found: dict[CellName, str] = {}
    for title, root in sheets.items():
        shared: dict[str, tuple[Spot, str]] = {}
        for spot, cell in cells_of(root):
            formula = child(cell, "f")
            if formula is None:
                continue
            index = value(formula, "si") or ""
            text = formula.text if formula.text and len(formula.text) <= _LONGEST else ""
            if text and index:
                shared[index] = spot, text
            begun = shared.get(index)
            found[title, spot] = text or (_shifted(begun[1], begun[0], spot) if begun else "")
    return found


def _shifted(formula: str, first: Spot, now: Spot) -> str:
    """A formula copied from one cell to another, as its references change."""
    down, right = now[0] - first[0], now[1] - first[1]

    def moved(match: re.Match[str]) -> str:
        ends = [_moved(match.groups()[at : at + 4], down, right) for at in (2, 6) if match[at + 2]]
        head = match[0][: match.start(3) - match.start(0)]
        return head + ":".join(ends)

    pieces = re.split(f"({_TEXT.pattern})", formula)
    return "".join(piece if number % 2 else _NAMED.sub(moved, piece) for number, piece in enumerate(pieces))


def _moved(parts: tuple[str, ...], down: int, right: int) -> str:
    fixed_column, letters, fixed_row, digits = parts
    row = int(digits) if fixed_row else int(digits) + down
    column = column_of(letters) if fixed_column else column_of(letters) + right
    name = reference(max(1, row), max(1, column))
    letters = name.rstrip("0123456789")
    return f"{fixed_column}{letters}{fixed_row}{name[len(letters) :]}"


def outdated(formulas: Mapping[CellName, str], changed: Collection[CellName]) -> set[CellName]:
    """The cells whose formula rests on a changed cell, on whatever ways."""
    rests = {name: _rests_on(name, text) for name, text in formulas.items()}
    if len(formulas) > _MOST_FORMULAS:
        return set(formulas)
    old: set[CellName] = {name for name, ranges in rests.items() if ranges is None}
    fresh = {*changed, *old}
    while fresh:
        fresh = {name for name, ranges in rests.items() if name not in old and _touches(ranges or (), fresh)}
        old |= fresh
    return old


def _rests_on(name: CellName, formula: str) -> list[Range] | None:
    """The ranges that a formula names; None where it names what nobody can tell."""
    bare = _TEXT.sub("", formula)
    if not bare or _UNSURE.search(bare) or "[" in bare or _WORD.search(_NAMED.sub(" ", bare)):
        return None
    return [_range(match, name[0]) for match in _NAMED.finditer(bare)]


def _range(match: re.Match[str], title: str) -> Range:
    sheet = (match[1] or "").replace("''", "'") or match[2] or title
    first = spot_of(f"{match[4]}{match[6]}")
    last = spot_of(f"{match[8]}{match[10]}") if match[8] else first
    return sheet, (min(first[0], last[0]), min(first[1], last[1])), (max(first[0], last[0]), max(first[1], last[1]))


def _touches(ranges: Collection[Range], cells: Collection[CellName]) -> bool:
    return any(_holds(one, cell) for one in ranges for cell in cells)


def _holds(named: Range, cell: CellName) -> bool:
    (sheet, first, last), (title, spot) = named, cell
    return sheet == title and first[0] <= spot[0] <= last[0] and first[1] <= spot[1] <= last[1]


def worked_out(formulas: Mapping[CellName, str], old: Collection[CellName], figures: Known) -> dict[CellName, Decimal]:
    """The results of those ``old`` formulas that are plain sums of ``figures`` and of each other."""
    known = {**figures, **dict.fromkeys(old)}
    waiting = set(old) if len(old) <= _MOST_FORMULAS else set()
    results: dict[CellName, Decimal] = {}
    while found := {name: result for name in waiting if (result := _sum(name, formulas[name], known)) is not None}:
        results.update(found)
        known.update(found)
        waiting -= found.keys()
    return results


def _sum(name: CellName, formula: str, known: Known) -> Decimal | None:
    """The value of a formula that only adds and takes away cells, figures and SUMs; None for any other, or where a part is not known."""
    total, at = Decimal(0), 0
    for match in _SUM.finditer(formula.strip()):
        if match.start() != at or (at and not match[1]):
            return None
        at = match.end()
        part = _single(name, match[3].strip(), known) if match[2] is None else _added(name, match[2], known)
        if part is None:
            return None
        total += -part if match[1] == "-" else part
    return total if at and at == len(formula.strip()) else None


def _added(name: CellName, inside: str, known: Known) -> Decimal | None:
    """What SUM makes of its arguments: texts and empty cells do not count."""
    total = Decimal(0)
    for piece in (piece.strip() for piece in inside.split(",")):
        if _FIGURE.fullmatch(piece):
            total += Decimal(piece)
            continue
        match = _NAMED.fullmatch(piece)
        named = _range(match, name[0]) if match else None
        if named is None or _size(named) > _MOST:
            return None
        values = [known[cell] for cell in _spread(named) if cell in known]
        if None in values:
            return None
        total += sum((one for one in values if isinstance(one, Decimal)), Decimal(0))
    return total


def _single(name: CellName, piece: str, known: Known) -> Decimal | None:
    """A figure, or that of a cell, an empty one being nought; None for a text."""
    if _FIGURE.fullmatch(piece):
        return Decimal(piece)
    match = _NAMED.fullmatch(piece)
    if match is None or match[8]:
        return None
    sheet, first, _ = _range(match, name[0])
    figure = known.get((sheet, first), Decimal(0))
    return figure if isinstance(figure, Decimal) else None


def _size(named: Range) -> int:
    _, (top, left), (bottom, right) = named
    return (bottom - top + 1) * (right - left + 1)


def _spread(named: Range) -> Iterator[CellName]:
    sheet, (top, left), (bottom, right) = named
    return ((sheet, (row, column)) for row in range(top, bottom + 1) for column in range(left, right + 1))
