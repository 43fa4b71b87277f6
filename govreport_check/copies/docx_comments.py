"""A Word file with a comment at the words of each finding, and nothing else changed.

ECMA-376-1:2016, 17.13.4 (comments). Comments that are there already stay as they are.
"""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from govreport_check.copies.docx_places import Opened, apart, opened, title_of, words_at
from govreport_check.copies.parts import Parts, elements, new_root
from govreport_check.copies.runs import SPACE, Words, cut, words_of
from govreport_check.copies.told import Told
from govreport_check.readers.docx_numbers import local, number, value

_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_INITIALS = 9
_INSIDE = frozenset({"p", "sdtContent", "hyperlink", "smartTag", "customXml"})
_REVISED = frozenset({"ins", "moveTo"})


def commented(parts: Parts, told: Sequence[Told], title: str, author: str, at: datetime | None) -> bytes:
    """The file with ``told`` as comments; what has no place of its own stands at ``title``. Raises SourceError for a file that cannot be
    read."""
    file = opened(parts)
    comments = _comments(file)
    at_title = title_of(file, title)
    first = 1 + max((number(value(one, "id"), 0) for one in elements(comments, "comment")), default=-1)
    for identity, one in enumerate(told, first):
        _mark(file, one, at_title, str(identity))
        comments.append(_comment(comments, one.lines, str(identity), author, at))
    return parts.saved()


def _comments(file: Opened) -> Any:
    """The root of the part with the comments, a new one where there is none."""
    found = next((one.part for one in file.parts.related(file.main) if one.kind == "comments" and file.parts.has(one.part)), None)
    if found is not None:
        return file.parts.changing(found)
    part = file.parts.free(posixpath.join(posixpath.dirname(file.main), "comments{}.xml"))
    root = new_root(_tag(file.root, "comments"), {"w": _namespace(file.root)})
    file.parts.add(part, root, _TYPE)
    file.parts.relate(file.main, "comments", part)
    return root


def _mark(file: Opened, one: Told, title: Sequence[Any], identity: str) -> None:
    """Marks the passage that a comment belongs to: the words of the first cell that is found, else the title's paragraphs."""
    for cell in one.cells:
        words = words_at(file, cell.place, cell.raw)
        if words is not None and words.paragraphs:
            _around(file, words, cell.raw, identity)
            return
    if title:
        _around(file, words_of(title), None, identity)


def _around(file: Opened, words: Words, raw: str | None, identity: str) -> None:
    """Sets the marks around ``raw`` where it stands once in ``words``, else around all of them. A comment may not stand in a text box or
    a note: it goes around what bears those."""
    bearer = _bearer(file, words.paragraphs[0])
    if bearer is not None:
        _put(next(one for one in bearer.iterancestors() if local(one) == "p"), [bearer], identity)
        return
    span = words.find(raw) if raw else None
    runs = cut(words, *span) if span else [run for _, _, run in words.runs]
    _put(words.paragraphs[0], runs, identity)


def _bearer(file: Opened, paragraph: Any) -> Any:
    """The run on the page that bears the text box or the note in which ``paragraph`` stands; None where it stands in none."""
    found = None
    while (inside := apart(found if found is not None else paragraph)) is not None:
        found = _run_of(inside) if local(inside) == "txbxContent" else _referring(file, inside)
        if found is None:
            return None
    return found


def _run_of(box: Any) -> Any:
    return next((one for one in box.iterancestors() if local(one) == "r"), None)


def _referring(file: Opened, note: Any) -> Any:
    """The run that refers to a foot- or endnote."""
    references = elements(file.root, f"{local(note)}Reference")
    return next((one.getparent() for one in references if value(one, "id") == value(note, "id")), None)


def _put(paragraph: Any, runs: Sequence[Any], identity: str) -> None:
    start, end = (paragraph.makeelement(_tag(paragraph, f"commentRange{edge}")) for edge in ("Start", "End"))
    reference = paragraph.makeelement(_tag(paragraph, "r"))
    reference.append(paragraph.makeelement(_tag(paragraph, "commentReference")))
    for one in (start, end, reference[0]):
        one.set(_tag(paragraph, "id"), identity)
    if runs:
        _climbed(runs[0], _INSIDE | _REVISED).addprevious(start)
        _climbed(runs[-1], _INSIDE | _REVISED).addnext(end)
    else:
        paragraph.append(start)
        paragraph.append(end)
    _climbed(end, _INSIDE).addnext(reference)


def _climbed(one: Any, within: frozenset[str]) -> Any:
    """``one``, or what it stands in where that is a field, say: marks stand only ``within`` some; what refers to the comment, in no
    insertion, which people may reject."""
    while local(one.getparent()) not in within:
        one = one.getparent()
    return one


def _comment(root: Any, lines: Sequence[str], identity: str, author: str, at: datetime | None) -> Any:
    comment = root.makeelement(_tag(root, "comment"))
    stated = {"id": identity, "author": author, "initials": author[:_INITIALS], **stamp(at)}
    for name, text in stated.items():
        comment.set(_tag(root, name), text)
    for line in lines:
        run = _within(_within(comment, "p"), "r")
        text = _within(run, "t")
        text.text = line
        text.set(SPACE, "preserve")
    return comment


def _within(parent: Any, name: str) -> Any:
    new = parent.makeelement(_tag(parent, name))
    parent.append(new)
    return new


def stamp(at: datetime | None) -> dict[str, str]:
    """When something was written, as an attribute; nothing where that is not told. A time without a zone is taken for UTC."""
    if at is None:
        return {}
    return {"date": (at.astimezone(UTC) if at.tzinfo else at).strftime("%Y-%m-%dT%H:%M:%SZ")}


def _namespace(element: Any) -> str:
    return str(element.tag).partition("}")[0].lstrip("{")


def _tag(element: Any, name: str) -> str:
    """``name`` in the namespace of ``element``: transitional and strict files differ in it."""
    return f"{{{_namespace(element)}}}{name}"
