"""What a workbook shows for a stored number: its digits, a share, a date. Number formats of ECMA-376-1:2016, 18.8.30."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Context, Decimal, InvalidOperation

BUILT_IN: Mapping[int, str] = {
    9: "0%",
    10: "0.00%",
    **dict.fromkeys((14, 15, 22, *range(27, 32), 36, *range(50, 55), 57, 58), "yyyy-m-d"),
    **dict.fromkeys((16, 17), "d-mmm"),
}
"""Format codes that files name by number alone, as far as they change what is read here."""

_FIFTEEN = Context(prec=15)
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_LONGEST = 40  # a figure with more digits is none of a report
_LAST_DAY = 2_958_465  # 31 December 9999
_LEAP = 60  # the 29 February 1900 that Excel counts and that never was


def shown(stored: str, code: str, *, from_1904: bool = False) -> str | None:
    """The text of a stored number under the format ``code``; None where the format hides every number (``;;;``).

    Digits are those that Excel knows, fifteen at most; rounding by the format is not followed, so that no part of a figure is lost.
    """
    try:
        figure = Decimal(stored.strip())
    except InvalidOperation:
        return stored
    if not figure.is_finite() or abs(figure.adjusted()) > _LONGEST:
        return stored
    figure = _FIFTEEN.plus(figure)
    bare = _LITERAL.sub("", code)
    if bare.count(";") >= 2 and not bare.replace(";", "").strip():
        return None
    if re.search("[yd]", bare, re.IGNORECASE) and "general" not in bare.lower():
        return _day(figure, from_1904) or plain(figure)
    return f"{plain(_FIFTEEN.multiply(figure, Decimal(100)))}%" if "%" in bare else plain(figure)


def plain(figure: Decimal) -> str:
    """A number without an exponent or idle noughts."""
    short = figure.normalize(_FIFTEEN)
    return format(short if short else Decimal(0), "f")


def _day(figure: Decimal, from_1904: bool) -> str | None:
    """2025年1月22日; None for what is no day of the calendar."""
    if not 0 <= figure <= _LAST_DAY:
        return None
    serial = int(figure)
    start = date(1904, 1, 1) if from_1904 else date(1899, 12, 31) if serial < _LEAP else date(1899, 12, 30)
    if serial > (date.max - start).days:
        return None
    day = start + timedelta(days=serial)
    return f"{day.year}年{day.month}月{day.day}日"
