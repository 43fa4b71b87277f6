"""Taking a report in: a path, bytes, text or data, told apart by content, never by file name."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import field, replace
from pathlib import Path
from typing import Literal, TypeAlias

from govreport_check.errors import SourceError
from govreport_check.frozen import dataclass
from govreport_check.marked import MarkedError, Node, parse_json, parse_yaml
from govreport_check.model import Report
from govreport_check.patterns import later
from govreport_check.readers.document import Document
from govreport_check.readers.kinds import OTHERS, Binary, Written, binary_kind, encoding_of, written_kind
from govreport_check.readers.limits import DEFAULT, Limits, check_size, too_much

Given: TypeAlias = "str | os.PathLike[str] | bytes | Mapping[str, object] | Report"

_PAGE = later(rb"<(?:!doctype|html|head|body|table|p|div)[\s>]", re.IGNORECASE)
_INTACT = 500
_LINES = 4  # of a text, for each block that it may hold
_OPENING = 4096
_CONTROL = later(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Source:
    """A report taken in but not yet understood. Exactly one of ``document``, ``node``, ``data`` and ``report`` is set: the last for a
    format that says itself which form it has. ``content``: what was read, where it was bytes or a file."""

    name: str
    kind: Written | Binary | Literal["xml", "data"]
    document: Document | None = None
    node: Node | None = None
    data: Mapping[str, object] | None = None
    report: Report | None = None
    content: bytes | None = field(default=None, repr=False)


def load_source(source: Given, *, name: str | None = None, limits: Limits = DEFAULT) -> Source:
    """Takes in a path, a report's text or bytes, or a mapping.

    A ``str`` with a line end in it is text, any other ``str`` is a path. ``name`` is what places and errors call it. Raises
    :class:`~govreport_check.errors.SourceError` for what cannot be read at all, or asks for more than ``limits`` allow.
    """
    if isinstance(source, Report):
        return Source(name or source.source, "data", report=source)
    if isinstance(source, Mapping):
        return Source(name or "<data>", "data", data=source)
    if isinstance(source, bytes | bytearray | memoryview):
        return _kept(bytes(source), name or "<bytes>", limits)
    if isinstance(source, str) and ("\n" in source or "\r" in source):
        check_size(len(source), name or "<text>", limits)
        return _from_text(source.removeprefix("\ufeff"), name or "<text>", limits)
    return _from_path(source, name, limits)


def _from_path(path: str | os.PathLike[str], name: str | None, limits: Limits) -> Source:
    called = name or os.fspath(path)
    try:
        with Path(path).open("rb") as file:
            content = file.read(limits.max_size + 1)
            check_size(max(len(content), os.fstat(file.fileno()).st_size), called, limits)
    except FileNotFoundError:
        raise SourceError(called, "no such file; check the path", "没有这个文件，请核对路径") from None
    except IsADirectoryError:
        raise SourceError(called, "this is a folder; name the report file in it", "这是文件夹，请指明其中的报告文件") from None
    except (OSError, ValueError) as error:
        if Path(path).is_dir():  # some systems refuse to open a folder instead of saying what it is
            raise SourceError(called, "this is a folder; name the report file in it", "这是文件夹，请指明其中的报告文件") from None
        raise SourceError(
            called, f"cannot be opened ({_reason(error)}); check the path and its permissions", "无法打开，请核对路径和权限"
        ) from None
    return _kept(content, called, limits)


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _kept(content: bytes, name: str, limits: Limits) -> Source:
    return replace(_from_bytes(content, name, limits), content=content)


def _from_bytes(content: bytes, name: str, limits: Limits) -> Source:
    check_size(len(content), name, limits)
    if _is_foia_xml(content) or (name.lower().endswith(".xml") and content.strip()):
        from govreport_check.readers.foia_xml import read_foia_xml

        return Source(name, "xml", report=read_foia_xml(content, name))
    if binary := binary_kind(content, name, limits):
        return Source(name, binary, document=_bounded(_document(binary, content, name, limits), limits))
    if content[:3] not in (b"\xef\xbb\xbf",) and content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise SourceError(name, "is encoded in UTF-16; save it as UTF-8", "编码是UTF-16，请另存为UTF-8")
    kind, zh = next(((what, told) for magic, what, told in OTHERS if content.startswith(magic)), ("", ""))
    if kind and (b"\x00" in content or _as_utf8(content) is None or kind.startswith(("a zip", "an "))):
        advice = f"is binary ({kind}); save it as text, or copy its text into a file"
        raise SourceError(name, advice, f"不是文本文件（{zh}），请另存为文本，或把文字复制到文本文件")
    if b"\x00" in content:
        raise SourceError(name, "is binary (it holds NUL bytes); save it as text in UTF-8", "不是文本文件（含有空字节），请另存为UTF-8文本")
    return _from_text(_decoded(content, name), name, limits)


def _is_foia_xml(content: bytes) -> bool:
    opening = content[:_OPENING]
    if b"<" not in opening:
        return False
    from govreport_check.readers.foia_xml import is_foia_xml

    return is_foia_xml(opening)


def _bounded(document: Document, limits: Limits) -> Document:
    """``document``, if it holds no more than a report may. Raises SourceError."""
    if len(document.blocks) > limits.blocks:
        raise too_much(document.name, "paragraphs and rows", limits.blocks, "个段落和表格行")
    return document


def _document(kind: Binary, content: bytes, name: str, limits: Limits) -> Document:
    """A file of ``kind`` read by its reader, imported when it is needed."""
    if kind == "pdf":
        from govreport_check.readers.pdf import read_pdf as reader
    elif kind == "docx":
        from govreport_check.readers.docx import read_docx as reader
    elif kind == "xlsx":
        from govreport_check.readers.xlsx import read_xlsx as reader
    elif kind == "ofd":
        from govreport_check.readers.ofd import read_ofd as reader
    else:
        from govreport_check.readers.office import read_office as reader
    return reader(content, name, limits)


def _as_utf8(content: bytes) -> str | None:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def _decoded(content: bytes, name: str) -> str:
    text = _as_utf8(content)
    if text is not None:
        return text
    try:
        text = content.decode(encoding_of(content) if b"<" in content[:4096] else "gb18030")
    except UnicodeDecodeError:
        text = ""
    if not text and _PAGE.search(content[:4096]):
        text = _mended(content)
    # GB18030 accepts nearly every run of bytes: only Chinese text without control characters is believed to be meant.
    if not re.search(r"[\u4e00-\u9fff]", text) or _CONTROL.search(text):
        raise SourceError(
            name, "is encoded neither in UTF-8 nor in GB18030; save it as UTF-8", "编码既不是UTF-8也不是GB18030，请另存为UTF-8"
        )
    return text


def _mended(content: bytes) -> str:
    """A web page with a few broken characters, each of them U+FFFD; empty when it is broken throughout."""
    texts = (content.decode(encoding, "replace") for encoding in ("utf-8", encoding_of(content)))
    return next((text for text in texts if text.count("\ufffd") <= max(1, len(text) // _INTACT)), "")


def _from_text(text: str, name: str, limits: Limits) -> Source:
    if not text.strip("\ufeff\u200b \t\r\n\f\v\u3000"):
        raise SourceError(name, "is empty; give the report's text", "文件是空的，请提供报告文字")
    kind = written_kind(text)
    if kind == "json" or kind == "yaml":
        return Source(name, kind, node=_parsed(text, name, kind))
    if kind != "html" and text.count("\n") + text.count("\r") > _LINES * limits.blocks:
        raise too_much(name, "lines", _LINES * limits.blocks, "行")
    return Source(name, kind, document=_bounded(_written(kind, text, name, limits), limits))


def _written(kind: Written, text: str, name: str, limits: Limits) -> Document:
    """A text that is ``kind`` read by its reader."""
    if kind == "html":
        from govreport_check.readers.html import read_html

        return read_html(text, name, limits)
    if kind == "mhtml":
        from govreport_check.readers.html import read_mhtml

        return read_mhtml(text, name, limits)
    if kind == "markdown":
        from govreport_check.readers.markdown import read_markdown

        return read_markdown(text, name, limits)
    from govreport_check.readers.text import read_text

    return read_text(text, name)


def _parsed(text: str, name: str, kind: str) -> Node:
    try:
        return parse_json(text) if kind == "json" else parse_yaml(text)
    except MarkedError as error:
        raise SourceError(
            f"{name}:{error.line}:{error.column}", f"{error.message}; mend the file there", f"格式有误（{error.message}），请在该处更正"
        ) from None
