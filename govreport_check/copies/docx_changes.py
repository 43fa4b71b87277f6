"""A Word file with changes that can be accepted or rejected: the words that differ deleted and inserted, formatted as they were.

ECMA-376-1:2016, 17.13.5 (revisions). To reject all changes gives the text as it was.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

from govreport_check.copies.changes import Change, checked, edits, where
from govreport_check.copies.docx_comments import stamp
from govreport_check.copies.docx_places import Opened, apart, opened, words_at
from govreport_check.copies.parts import Parts, elements
from govreport_check.copies.runs import SPACE, Words, cut, words_of
from govreport_check.errors import UsageError
from govreport_check.readers.docx_numbers import child, local, number, value

_REVISIONS = ("ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange", "cellIns", "cellDel", "tblPrChange", "trPrChange")
_BROKEN = {"\n": "br", "\t": "tab"}


@dataclass(frozen=True, slots=True)
class _Signed:
    """Who changes, when, and the numbers that revisions are given."""

    author: str
    at: datetime | None
    numbers: count[int]

    def attributes(self) -> Mapping[str, str]:
        return {"id": str(next(self.numbers)), "author": self.author, **stamp(self.at)}


def tracked(parts: Parts, changes: Sequence[Change], author: str, at: datetime | None) -> bytes:
    """The file with ``changes`` as revisions. Raises UsageError for one that cannot be made, naming its place; SourceError."""
    file = opened(parts)
    taken = (number(value(one, "id"), 0) for one in elements(file.root, *_REVISIONS))
    signed = _Signed(author, at, count(1 + max(taken, default=0)))
    for change in changes:
        _make(file, checked(change), signed)
    return parts.saved()


def _make(file: Opened, change: Change, signed: _Signed) -> None:
    words = words_at(file, change.place, change.old)
    if words is None:
        raise UsageError(f"{where(change)}: is not in the document; check it again and change it there")
    if any(apart(paragraph) is not None for paragraph in words.paragraphs) or any(_is_twofold(run) for _, _, run in words.runs):
        raise UsageError(f"{where(change)}: stands in a text box or a note; change it in the file itself")
    old, new = _unnumbered(words, change)
    start, end = _span(words, change, old)
    for first, last, text in edits(words.text[start:end], new):
        if "\n" in words.text[start + first : start + last]:
            raise UsageError(f"{where(change)}: has other lines than it had; change it in the file itself")
        _replace(words_of(words.paragraphs), start + first, start + last, text, signed)


def _is_twofold(run: Any) -> bool:
    """Whether a run is one of two that say the same, for older and newer programs."""
    return any(local(one) == "AlternateContent" for one in run.iterancestors())


def _unnumbered(words: Words, change: Change) -> tuple[str, str]:
    """Old and new without a number that a list makes: it is printed, but not written in the paragraph."""
    text = words.text.strip()
    ahead = change.old.strip().removesuffix(text) if text and change.old.strip().endswith(text) else ""
    if ahead and not change.new.startswith(ahead):
        raise UsageError(f"{where(change)}: its number “{ahead}” is made by a list; change it in the file itself")
    return change.old.strip().removeprefix(ahead), change.new.removeprefix(ahead)


def _span(words: Words, change: Change, old: str) -> tuple[int, int]:
    """Where the old text stands. In a table it must be all of the cell."""
    whole = len(words.text) - len(words.text.lstrip()), len(words.text.rstrip())
    if words.is_all(old):
        return whole if whole[0] < whole[1] else (0, 0)
    found = None if change.place.table else words.find(old)
    if found is None:
        raise UsageError(f"{where(change)}: “{words.text.strip()[:60]}” stands there, not “{old[:60]}” once; check it again")
    return found


def _replace(words: Words, start: int, end: int, text: str, signed: _Signed) -> None:
    """Marks the characters ``start`` to ``end`` as deleted and puts ``text`` behind them as inserted."""
    runs = cut(words, start, end)
    wrapped = [_wrap(run, "del", signed) for run in runs]
    for run in runs:
        for one in run:
            if local(one) == "t":
                one.tag = one.tag.removesuffix("}t") + "}delText"
    if not text:
        return
    if wrapped:
        _insert(wrapped[-1], runs[-1], text, signed)
        return
    behind = _run_before(words, start)
    if behind is not None:
        _insert(behind, behind, text, signed)
    else:
        _insert_first(words, text, signed)


def _run_before(words: Words, at: int) -> Any:
    """The run that ends with the character before ``at``, cut off there; None at the beginning of a paragraph."""
    if at == 0 or (words.text[at - 1] == "\n" and not any(first < at <= last for first, last, _ in words.runs)):
        return None
    return cut(words, at - 1, at)[-1]


def _insert(behind: Any, like: Any, text: str, signed: _Signed) -> None:
    """``text`` as an insertion behind an element, formatted as the run ``like``; an insertion around both is divided."""
    place = _divided(behind)
    place.addnext(_inserted(like, child(like, "rPr"), text, signed))


def _divided(behind: Any) -> Any:
    """What an insertion may stand behind: where ``behind`` stands in another's insertion, that is ended there and begun anew."""
    outer = behind.getparent()
    if local(outer) not in ("ins", "moveTo"):
        return behind
    rest = outer.makeelement(outer.tag, dict(outer.attrib))
    rest.extend(list(behind.itersiblings()))
    if len(rest):
        outer.addnext(rest)
    return _divided(outer)


def _insert_first(words: Words, text: str, signed: _Signed) -> None:
    """``text`` at the very beginning: before the first run, formatted as it, or in a paragraph that has none, formatted as its mark."""
    first = words.runs[0][2] if words.runs else None
    if first is not None:
        place = first
        while local(place.getparent()) in ("ins", "moveTo"):
            place = place.getparent()
        place.addprevious(_inserted(first, child(first, "rPr"), text, signed))
        return
    paragraph = words.paragraphs[0]
    properties = child(paragraph, "pPr")
    new = _inserted(paragraph, child(properties, "rPr"), text, signed)
    if properties is None:
        paragraph.insert(0, new)
    else:
        properties.addnext(new)


def _inserted(like: Any, properties: Any, text: str, signed: _Signed) -> Any:
    """A ``w:ins`` with a run of ``text``."""
    space = like.tag.rpartition("}")[0] + "}"
    insertion = like.makeelement(space + "ins", {space + name: told for name, told in signed.attributes().items()})
    run = insertion.makeelement(space + "r")
    insertion.append(run)
    if properties is not None:
        run.append(_plain(properties, space))
    line = ""
    for char in (*text, ""):
        if line and (not char or char in _BROKEN):
            written = run.makeelement(space + "t", {SPACE: "preserve"})
            written.text, line = line, ""
            run.append(written)
        if char in _BROKEN:
            run.append(run.makeelement(space + _BROKEN[char]))
        else:
            line += char
    return insertion


def _plain(properties: Any, space: str) -> Any:
    """A copy of a run's formatting without the revisions of it."""
    new = copy.deepcopy(properties)
    new.tag = space + "rPr"
    for one in [one for one in new if local(one) in (*_REVISIONS, "vanish")]:
        new.remove(one)
    return new


def _wrap(run: Any, name: str, signed: _Signed) -> Any:
    space = run.tag.rpartition("}")[0] + "}"
    wrapper = run.makeelement(space + name, {space + key: told for key, told in signed.attributes().items()})
    run.addprevious(wrapper)
    wrapper.append(run)
    return wrapper
