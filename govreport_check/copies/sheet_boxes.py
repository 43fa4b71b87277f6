"""The boxes in which a workbook shows comments: VML, as Excel wants it (ECMA-376-4:2016, 19.1 and 19.4)."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from govreport_check.copies.sheets import rows_of
from govreport_check.readers.docx_numbers import child, local, number, value
from govreport_check.readers.worksheet import Spot

_DRAWING = """<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" \
xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{block}"/></o:shapelayout>\
<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>\
<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype></xml>"""
_BOX = """<v:shape xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" \
xmlns:x="urn:schemas-microsoft-com:office:excel" id="_x0000_s{id}" type="#_x0000_t202" \
style="position:absolute;width:{width}pt;height:{height}pt;z-index:{z};visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">\
<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>\
<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>\
<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor><x:AutoFill>False</x:AutoFill>\
<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"""

_WIDTH, _LINE, _CHARS = 320, 16, 24  # pixels, pixels, and wide characters to a line of 9 points
_GAP = 12
_COLUMN, _ROW = 64, 20  # pixels, where a sheet says nothing
_WIDE = re.compile(r"[^\x00-\xff]")
_SHORTEST = 4


def drawing(block: int) -> bytes:
    """A drawing without boxes. ``block``: its shapes are numbered from 1024 times this on."""
    return _DRAWING.format(block=block).encode()


def box(sheet: Any, identity: int, spot: Spot, text: str) -> str:
    """The box of a comment at ``spot`` of a sheet (lxml), hidden until the cell is pointed at, large enough for ``text``."""
    height = _LINE * (max(_SHORTEST, sum(map(_lines, text.split("\n")))) + 1)
    row, column = spot
    right, right_offset = _reach(_widths(sheet), column, _GAP + _WIDTH)
    bottom, bottom_offset = _reach(_heights(sheet), row - 1, height)
    anchor = f"{column}, {_GAP}, {row - 1}, 2, {right}, {right_offset}, {bottom}, {bottom_offset}"
    size = {"width": _WIDTH * 3 // 4, "height": height * 3 // 4}
    return _BOX.format(id=identity, z=identity % 1024, anchor=anchor, row=row - 1, column=column - 1, **size)


def _lines(line: str) -> int:
    halves = len(line) + len(_WIDE.findall(line))
    return max(1, -(-halves // (2 * _CHARS)))


def _reach(size: Callable[[int], int], first: int, wanted: int) -> tuple[int, int]:
    """(number from nought, offset in pixels) of the column or row in which ``wanted`` pixels from the beginning of ``first`` end."""
    at = first
    while wanted > size(at):
        wanted -= size(at)
        at += 1
    return at, wanted


def _widths(sheet: Any) -> Callable[[int], int]:
    """The width of a column (counted from nought) in pixels."""
    usual = _pixels(value(child(sheet, "sheetFormatPr"), "defaultColWidth"), 7, _COLUMN)
    columns = child(sheet, "cols")
    stated = [
        (number(value(one, "min"), 1), number(value(one, "max"), 1), _pixels(value(one, "width"), 7, usual))
        for one in (columns if columns is not None else ())
        if local(one) == "col"
    ]
    return lambda at: next((width for low, high, width in stated if low <= at + 1 <= high), usual)


def _heights(sheet: Any) -> Callable[[int], int]:
    usual = _pixels(value(child(sheet, "sheetFormatPr"), "defaultRowHeight"), Decimal(4) / 3, _ROW)
    stated = {row: _pixels(value(one, "ht"), Decimal(4) / 3, usual) for row, one in rows_of(sheet)}
    return lambda at: stated.get(at + 1, usual)


def _pixels(text: str | None, factor: Decimal | int, usual: int) -> int:
    """A stated size in pixels, at least one; ``usual`` where it is not stated."""
    try:
        return max(1, int(Decimal(text) * factor)) if text else usual
    except InvalidOperation:
        return usual
