"""How a printed label compares with the prescribed one."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Literal, TypeAlias

from govreport_check.form import FormLabel
from govreport_check.patterns import later

LabelKind: TypeAlias = Literal["exact", "accepted", "shortened", "misprint", "other", "missing"]

_ENUMERATOR = later(r"^(?:\(?[一二三四五六七八九十]+\)|[一二三四五六七八九十]+[、.]|\(?\d{1,2}[.)、])")


@lru_cache(maxsize=65536)
def plain(text: str) -> str:
    """A label without what layout changes: widths folded, spaces and punctuation gone."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(char for char in folded if unicodedata.category(char)[0] in "LN" or char in "<>%")


@lru_cache(maxsize=65536)
def bare(text: str) -> str:
    """A label also without its enumerator: （三）不予公开 → 不予公开, 1. 属于国家秘密 → 属于国家秘密."""
    folded = "".join(unicodedata.normalize("NFKC", text).split())
    return plain(_ENUMERATOR.sub("", folded)) or plain(folded)


@lru_cache(maxsize=65536)
def distance(a: str, b: str, limit: int = 8) -> int:
    """Insertions, deletions and replacements from ``a`` to ``b`` (Levenshtein 1966); ``limit + 1`` when there are more."""
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    row = list(range(len(b) + 1))
    for i, char in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, other in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (char != other))
        if min(row) > limit:
            return limit + 1
    return min(row[-1], limit + 1)


def compare_label(printed: str, label: FormLabel) -> LabelKind:
    """Exact (layout aside), accepted, a misprint (characters replaced or lost inside), shortened (a part of it), or something other.

    A whole beginning, middle or end of the prescribed label is a shortening, chosen by people; characters replaced, or lost in
    the middle, are a slip.
    """
    mine, prescribed = bare(printed), bare(label.text)
    if mine == prescribed:
        return "exact"
    if any(mine == bare(text) for text in label.accepts):
        return "accepted"
    if any(mine == bare(text) for text in label.mistaken):
        return "misprint"
    if len(mine) >= 2 and mine in prescribed:
        return "shortened"
    allowed = max(1, len(prescribed) // 3)
    return "misprint" if distance(mine, prescribed, allowed) <= allowed else "other"


def trimmed(text: str) -> str:
    """A label without its enumerator and the remark in brackets at its end, otherwise as written: for sentences."""
    bare_text = _PRINTED_ENUMERATOR.sub("", text.strip())
    short = _REMARK.sub("", bare_text)
    return short or bare_text or text.strip()


_PRINTED_ENUMERATOR = later(r"^(?:[（(]?[一二三四五六七八九十]+[）)]|[一二三四五六七八九十]+[、.．]|[（(]?\d{1,2}[.．)）、])\s*")
_REMARK = later(r"[（(][^（()）]{6,}[）)]$")
