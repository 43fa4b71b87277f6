"""Which kind of file some bytes or some text are, told by content: a name may say anything."""

from __future__ import annotations

import re
from itertools import islice
from typing import Literal, TypeAlias

from govreport_check.patterns import later
from govreport_check.readers.containers import open_zip
from govreport_check.readers.limits import Limits

Binary: TypeAlias = Literal["pdf", "docx", "xlsx", "ofd", "office"]
Written: TypeAlias = Literal["json", "yaml", "html", "mhtml", "markdown", "text"]

OTHERS: tuple[tuple[bytes, str, str], ...] = (
    (b"\x89PNG", "a PNG picture", "图片"),
    (b"\xff\xd8\xff", "a JPEG picture", "图片"),
    (b"GIF8", "a GIF picture", "图片"),
    (b"BM", "a BMP picture", "图片"),
    (b"II*\x00", "a TIFF picture", "图片"),
    (b"MM\x00*", "a TIFF picture", "图片"),
    (b"\x1f\x8b", "a gzip archive", "压缩包"),
    (b"Rar!", "a RAR archive", "压缩包"),
    (b"7z\xbc\xaf", "a 7z archive", "压缩包"),
    (b"PK\x05\x06", "an empty zip archive", "空压缩包"),
    (b"PK\x03\x04", "a zip archive that holds no document", "压缩包，其中没有可读取的文档"),
)
"""Kinds that are not read: how they begin, what they are."""

_CHARSET = later(rb"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_OLE, _ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
_MEMBERS: tuple[tuple[str, Binary], ...] = (
    ("word/", "docx"),
    ("xl/", "xlsx"),
    ("OFD.xml", "ofd"),
    ("content.xml", "office"),  # OpenDocument
)
_HEAD = 4096
_YAML = later(r"^schema:[ \t]*[\"']?govreport-report/", re.MULTILINE)
_JSON = later(r"\s*(?:\{\s*(?:[\"}]|$)|\[\s*(?:[\[{\"\]\d-]|$))")
_TAGS = "html|head|body|table|tbody|tr|td|div|p|span|h[1-6]|meta|title|article|section|main|center|font|br|hr|ul|ol|style|script|base|link"
_HTML = later(rf"(?>\s+|<\?xml[^>]*>|<!--.*?-->)*+<(?:!doctype\s+html|(?:{_TAGS})[\s>/])", re.IGNORECASE | re.DOTALL)
_TABLE, _CELL = later(r"<table[\s>]", re.IGNORECASE), later(r"<t[dh][\s>]", re.IGNORECASE)
_PAGE = later(r"<(?:!doctype|html|head|body|p)[\s>]", re.IGNORECASE)
_CLOSING, _LEAST_CLOSED = later(r"</(?:p|div)>", re.IGNORECASE), 20
_MHTML = later(r"(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?content-type:\s*multipart/related", re.IGNORECASE)
_MARKDOWN = later(r"^ {0,3}(?:#{1,6} +\S|\|?[ \t]*:?-{3,}:?[ \t]*\|[ \t|:-]*$)", re.MULTILINE)


def binary_kind(content: bytes, name: str, limits: Limits) -> Binary | None:
    """What a file that is no text is, None for any other. Raises SourceError for a container that is damaged or hostile."""
    if b"%PDF-" in content[:1024]:
        return "pdf"
    if content.startswith(_OLE):
        return "office"
    if content.startswith(b"{\\rtf"):
        return "office"
    if content.startswith(_ZIP):
        names = open_zip(content, name, limits).names
        return next((kind for begins, kind in _MEMBERS if any(member.startswith(begins) for member in names)), None)
    return None


def encoding_of(head: bytes) -> str:
    """The encoding of a page, or a message, that is not in UTF-8: Big5 where its head says so, else GB18030."""
    match = _CHARSET.search(head[:_HEAD])
    return "big5hkscs" if match and match[1].lower().startswith(b"big5") else "gb18030"


def written_kind(text: str) -> Written:
    """What a text is written in; ``text`` when in nothing of the others."""
    if text.lstrip()[:1] in ("{", "[") and _JSON.match(text):  # prose may begin with a bracket
        return "json"
    if _YAML.search(text):
        return "yaml"
    if _MHTML.match(text[:_HEAD]):
        return "mhtml"
    if _HTML.match(text) and (_PAGE.search(text) or not _MARKDOWN.search(text)):
        return "html"
    if len(list(islice(_CLOSING.finditer(text), _LEAST_CLOSED))) == _LEAST_CLOSED:  # a page whose beginning was cut off
        return "html"
    return "markdown" if _MARKDOWN.search(text) or _holds_table(text) else "text"


def _holds_table(text: str) -> bool:
    """Whether a table in HTML stands somewhere in the text, as converters leave them in Markdown."""
    table = _TABLE.search(text)
    return table is not None and _CELL.search(text, table.end()) is not None
