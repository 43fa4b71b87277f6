"""What people type into a workbook: a decision, a day."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

from govreport_check.renderers.sheets.words import WORDS

_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s.*)?")
_EPOCH = date(1899, 12, 30)  # day 0 of a workbook's days since 1900-03-01 (ECMA-376-1:2016, 18.17.4.1)
_FIRST, _LAST = 36_526, 73_050  # 2000-01-01, 2099-12-31


def decision_of(said: str) -> tuple[bool | None, str]:
    """(adopted, what was not understood): 采纳 or 不采纳, in either language, spaces and width apart."""
    word = "".join(unicodedata.normalize("NFKC", said).split()).lower()
    for words in WORDS.values():
        if word in (words["adopt"], words["reject"]):
            return word == words["adopt"], ""
    return None, said


def day_of(said: str) -> tuple[date | None, str]:
    """(day, what was not understood): 2025-03-15, 2025/3/15, 2025年3月15日, or the number by which a workbook knows the day."""
    text = unicodedata.normalize("NFKC", said)
    if text.isdigit() and _FIRST <= int(text[:6]) <= _LAST and len(text) == len(str(_FIRST)):
        return _EPOCH + timedelta(days=int(text)), ""
    found = _DAY.fullmatch(text)
    try:
        return (date(*map(int, found.groups())), "") if found else (None, said)
    except ValueError:
        return None, said
