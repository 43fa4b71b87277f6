"""Dates as Chinese texts write them: 2022年3月5日 · 2022年3月 · 2022年度 · 3月5日 · 2022-03-05 · 2022.3.5 · 二〇二二年三月五日."""

from __future__ import annotations

import re
from typing import TypeAlias

from govreport_check.figures import chinese_integer, normal
from govreport_check.patterns import later

YearMonthDay: TypeAlias = "tuple[int | None, int | None, int | None]"

_YEAR = r"(?:[0-9](?:\s*[0-9]){3}|[〇○零一二三四五六七八九]{4})"
_SMALL = r"(?:[0-9](?:\s*[0-9])?|[一二三四五六七八九十]{1,3})"
_POINTS = r"[0-9]{4}\s*[-./]\s*[0-9]{1,2}\s*[-./]\s*[0-9]{1,2}"
_MONTH_DAY = rf"{_SMALL}\s*月\s*{_SMALL}\s*[日号]"

FULL = rf"(?:{_YEAR}\s*年\s*{_MONTH_DAY}|{_POINTS})"
"""A year, a month and a day, as a pattern for ``re`` and RE2 alike (over folded text)."""

ANY = rf"(?:{_YEAR}\s*年\s*{_MONTH_DAY}|{_POINTS}|{_YEAR}\s*年\s*{_SMALL}\s*月|{_MONTH_DAY}|{_YEAR}\s*年度?)"
"""Every way of writing a date or a part of one, the longest first."""

_PARTS = later(r"(?:([^年月日号]+)年度?)?(?:([^年月日号]+)月)?(?:([^年月日号]+)[日号])?")


def read_date(text: str) -> YearMonthDay:
    """(year, month, day) as printed, whether or not the calendar has such a day; None for what is not printed."""
    short = normal(text).replace("○", "〇").replace("零", "〇")
    points = re.fullmatch(r"(\d+)[-./](\d+)[-./](\d+)", short)
    if points:
        return int(points[1]), int(points[2]), int(points[3])
    match = _PARTS.fullmatch(short)
    if not match:
        return None, None, None
    return _number(match[1]), _number(match[2]), _number(match[3])


def _number(text: str | None) -> int | None:
    if text is None:
        return None
    return int(text) if text.isdecimal() else chinese_integer(text)


def iso(year: int | None, month: int | None, day: int | None) -> str:
    """``2022-02-30`` for what was printed, be it in the calendar or not; parts that were not printed are left out."""
    words = [
        f"{year:04d}" if year is not None else "",
        f"{month:02d}" if month is not None else "",
        f"{day:02d}" if day is not None else "",
    ]
    return "-".join(word for word in words if word)
