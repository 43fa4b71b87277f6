"""Cells of formats that print one figure in one place (XML, CSV): what is kept of them, and what several at one address are."""

from __future__ import annotations

from collections.abc import Sequence

from govreport_check.model import Place, Raw, Repeated

_LONGEST = 15


def raw_of(text: str | None) -> Raw:
    """A cell as printed: a whole number where it is plain digits, otherwise its characters, None for nothing printed."""
    if text is None or not text.strip():
        return None
    if text.isdigit() and text.isascii() and len(text) <= _LONGEST and (text[0] != "0" or text == "0"):
        return int(text)
    return text


def one_of(copies: Sequence[tuple[Raw, Place]]) -> Raw:
    """What is printed at one address; the same characters twice are one figure."""
    raws = tuple(raw for raw, _ in copies)
    return raws[0] if all(raw == raws[0] for raw in raws) else Repeated(raws, tuple(place for _, place in copies))
