"""What a Word file carries besides the report and a publisher should take out of it: authors, comments, revisions, hidden text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from govreport_check.model import Place, Remark
from govreport_check.readers.containers import Container
from govreport_check.readers.docx_numbers import local, value
from govreport_check.readers.docx_text import Told

_EXCERPT = 30
_COMMENTS = re.compile(r"^(?:word/comments\.xml|xl/(?:comments/)?comments?\d*\.xml)$")


def remarks_of(container: Container, name: str, told: Told) -> Iterator[Remark]:
    """A remark for each kind of thing found, with how often and the first of them."""
    yield from author_remarks(container, name)
    yield from comment_remarks(container, name)
    if told.revised:
        yield Remark("unaccepted-revisions", None, _paragraph(name, told.revised[0]), {"number": str(len(told.revised))})
    if told.hidden:
        text, at = told.hidden[0]
        yield Remark("hidden-text", None, _paragraph(name, at), {"number": str(len(told.hidden)), "printed": excerpt(text)})
    if told.rows:
        yield Remark("hidden-rows", None, Place(source=name, row=told.rows[0]), {"number": str(len(told.rows)), "printed": ""})
    if told.embedded:
        text, at = told.embedded[0]
        yield Remark("embedded-object", None, _paragraph(name, at), {"number": str(len(told.embedded)), "printed": excerpt(text)})


def author_remarks(container: Container, name: str) -> Iterator[Remark]:
    """Who the file's properties say wrote it, saved it last and for whom; the same in every Office format."""
    people: list[str] = []
    for part, wanted in (("docProps/core.xml", ("creator", "lastModifiedBy")), ("docProps/app.xml", ("Manager", "Company"))):
        root = container.xml(part) if part in container.names else ()
        people += [(one.text or "").strip() for one in root if local(one) in wanted]
    names = list(dict.fromkeys(filter(None, people)))
    if names:
        yield Remark("document-author", None, Place(source=name), {"printed": "、".join(excerpt(one) for one in names)})


def comment_remarks(container: Container, name: str) -> Iterator[Remark]:
    """The comments that reviewers left, in a document or in the sheets of a workbook."""
    parts = [part for part in container.names if _COMMENTS.search(part)]
    comments = [one for part in parts for one in container.xml(part).iter() if local(one) in ("comment", "threadedComment")]
    if comments:
        said = {"number": str(len(comments)), "printed": excerpt(_text(comments[0]))}
        yield Remark("document-comments", None, Place(source=name, cell=value(comments[0], "ref")), said)


def _text(element: Any) -> str:
    return "".join(one.text or "" for one in element.iter() if local(one) in ("t", "text"))


def _paragraph(name: str, number: int) -> Place:
    return Place(source=name, element=str(number))


def excerpt(text: str) -> str:
    """``text`` in one line, cut after thirty characters."""
    line = " ".join(text.split())
    return line if len(line) <= _EXCERPT else f"{line[:_EXCERPT]}…"
