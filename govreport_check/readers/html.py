"""Web pages, and pages saved whole (MHTML): read with lxml, with a flow of spans of our own (``grids.py``).

A page's tables, paragraphs and headings, each with the line of the source where it begins; what is hidden is not read. Nothing is ever
fetched. WHATWG HTML (living standard) for tables and tags, RFC 2557 for MHTML.
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Iterator
from typing import Any

from govreport_check.errors import SourceError
from govreport_check.model import Place
from govreport_check.readers.document import Block, Document, Paragraph
from govreport_check.readers.html_blocks import Page, plain
from govreport_check.readers.html_site import apart
from govreport_check.readers.html_walk import empty, events, parsed
from govreport_check.readers.kinds import encoding_of
from govreport_check.readers.limits import Limits, check_size

_SITE = re.compile(r"\s*[_|丨–—-]\s*|\s*[<>《]\s*")
_MOST_PARTS = 2000


def read_html(text: str, name: str, limits: Limits) -> Document:
    """The document that a page is. Raises SourceError for a page with nothing in it, or that asks too much."""
    root = parsed(text, name, limits)
    page = Page(root, name, limits)
    page.take(events(root))
    if not page.found:
        raise empty(name)
    blocks = apart(page.found)
    return Document(name, (*_title(root, blocks, name), *blocks))


def fragment(text: str, name: str, limits: Limits) -> list[Block]:
    """The blocks of a piece of a page, lines counted from its beginning. Raises SourceError."""
    root = parsed(text, name, limits)
    page = Page(root, name, limits)
    page.take(events(root))
    return [found.block for found in page.found]


def _title(root: Any, blocks: list[Block], name: str) -> Iterator[Paragraph]:
    """The page's title, where what it says stands nowhere on the page: without the site's name behind it."""
    element = next(root.iter("title"), None)
    if element is None:
        return
    text = _SITE.split(plain(element.text or ""))[0]
    squeezed = "".join("".join(block.text.split()) for block in blocks)
    if text and "".join(text.split()) not in squeezed:
        yield Paragraph(text, Place(source=name, line=element.sourceline, element="title"), gap=True, aside=True)


# --- pages saved whole ----------------------------------------------------------------------------------------------------------


def read_mhtml(text: str, name: str, limits: Limits) -> Document:
    """The document that the first page of an MHTML file is; lines are those of that page. Raises SourceError."""
    head, _, body = _split(text)
    boundary = re.search(r"boundary\s*=\s*(?:\"([^\"\n]{1,200})\"|([^\s;]{1,200}))", head, re.IGNORECASE)
    parts = body.split(f"--{boundary[1] or boundary[2]}", _MOST_PARTS) if boundary else [text]
    for part in parts:
        about, _, content = _split(part.lstrip())
        if re.search(r"content-type:\s*text/html", about, re.IGNORECASE):
            page = _decoded(about, content)
            check_size(len(page), name, limits)
            return read_html(page, name, limits)
    raise SourceError(name, "is a saved page without a page in it; save it again", "保存的网页文件中没有网页，请重新保存")


def _split(text: str) -> tuple[str, str, str]:
    """Head and body, parted by the first empty line."""
    match = re.search(r"\r?\n[ \t]*\r?\n", text)
    return (text[: match.start()], match.group(), text[match.end() :]) if match else ("", "", text)


def _decoded(about: str, content: str) -> str:
    how = re.search(r"content-transfer-encoding:\s*([\w-]+)", about, re.IGNORECASE)
    raw = content.encode("utf-8", "surrogateescape")
    if how and how[1].lower() == "quoted-printable":
        raw = quopri.decodestring(raw)
    elif how and how[1].lower() == "base64":
        raw = _from_base64(raw)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode(encoding_of(about.encode("utf-8", "replace") + raw), "replace")


def _from_base64(raw: bytes) -> bytes:
    try:
        return base64.b64decode(raw)
    except (binascii.Error, ValueError):
        return b""
