"""Taking a report in: a path, bytes, text or data, told apart by content, never by file name."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from govreport_check.errors import SourceError
from govreport_check.marked import MarkedError, Node, parse_json, parse_yaml
from govreport_check.model import Report
from govreport_check.readers.document import Document
from govreport_check.readers.foia_xml import is_foia_xml, read_foia_xml
from govreport_check.readers.text import read_text

Given: TypeAlias = "str | os.PathLike[str] | bytes | Mapping[str, object] | Report"

_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "a PDF", "PDF"),
    (b"PK\x03\x04", "a zip archive (docx, xlsx, wps)", "压缩包，如docx、xlsx、wps"),
    (b"PK\x05\x06", "an empty zip archive", "空压缩包"),
    (b"\xd0\xcf\x11\xe0", "an old Office file (doc, xls, wps)", "旧版Office文件，如doc、xls、wps"),
    (b"\x89PNG", "a PNG picture", "图片"),
    (b"\xff\xd8\xff", "a JPEG picture", "图片"),
    (b"GIF8", "a GIF picture", "图片"),
    (b"BM", "a BMP picture", "图片"),
    (b"\x1f\x8b", "a gzip archive", "压缩包"),
    (b"Rar!", "a RAR archive", "压缩包"),
    (b"7z\xbc\xaf", "a 7z archive", "压缩包"),
    (b"II*\x00", "a TIFF picture", "图片"),
    (b"MM\x00*", "a TIFF picture", "图片"),
)
_OPENING = 4096
_YAML = re.compile(r"^schema:[ \t]*[\"']?govreport-report/", re.MULTILINE)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Source:
    """A report taken in but not yet understood. Exactly one of ``document``, ``node``, ``data`` and ``report`` is set: the last for a
    format that says itself which form it has."""

    name: str
    kind: Literal["text", "json", "yaml", "xml", "data"]
    document: Document | None = None
    node: Node | None = None
    data: Mapping[str, object] | None = None
    report: Report | None = None


def load_source(source: Given, *, name: str | None = None) -> Source:
    """Takes in a path, a report's text or bytes, or a mapping.

    A ``str`` with a line end in it is text, any other ``str`` is a path. ``name`` is what places and errors call it. Raises
    :class:`~govreport_check.errors.SourceError` for what cannot be read at all.
    """
    if isinstance(source, Report):
        return Source(name or source.source, "data", report=source)
    if isinstance(source, Mapping):
        return Source(name or "<data>", "data", data=source)
    if isinstance(source, bytes | bytearray | memoryview):
        return _from_bytes(bytes(source), name or "<bytes>")
    if isinstance(source, str) and ("\n" in source or "\r" in source):
        return _from_text(source.removeprefix("\ufeff"), name or "<text>")
    return _from_path(source, name)


def _from_path(path: str | os.PathLike[str], name: str | None) -> Source:
    called = name or os.fspath(path)
    try:
        content = Path(path).read_bytes()
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
    return _from_bytes(content, called)


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _from_bytes(content: bytes, name: str) -> Source:
    if is_foia_xml(content[:_OPENING]) or (name.lower().endswith(".xml") and content.strip()):
        return Source(name, "xml", report=read_foia_xml(content, name))
    if content[:3] not in (b"\xef\xbb\xbf",) and content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise SourceError(name, "is encoded in UTF-16; save it as UTF-8", "编码是UTF-16，请另存为UTF-8")
    kind, zh = next(((what, told) for magic, what, told in _MAGIC if content.startswith(magic)), ("", ""))
    if kind and (b"\x00" in content or _as_utf8(content) is None or kind.startswith(("a PDF", "a zip", "an "))):
        advice = f"is binary ({kind}); save it as text, or copy its text into a file"
        raise SourceError(name, advice, f"不是文本文件（{zh}），请另存为文本，或把文字复制到文本文件")
    if b"\x00" in content:
        raise SourceError(name, "is binary (it holds NUL bytes); save it as text in UTF-8", "不是文本文件（含有空字节），请另存为UTF-8文本")
    return _from_text(_decoded(content, name), name)


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
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        text = ""
    # GB18030 accepts nearly every run of bytes: only Chinese text without control characters is believed to be meant.
    if not re.search(r"[\u4e00-\u9fff]", text) or _CONTROL.search(text):
        raise SourceError(
            name, "is encoded neither in UTF-8 nor in GB18030; save it as UTF-8", "编码既不是UTF-8也不是GB18030，请另存为UTF-8"
        )
    return text


def _from_text(text: str, name: str) -> Source:
    if not text.strip("\ufeff\u200b \t\r\n\f\v\u3000"):
        raise SourceError(name, "is empty; give the report's text", "文件是空的，请提供报告文字")
    if text.lstrip()[:1] in ("{", "[") and _is_json(text):
        return Source(name, "json", node=_parsed(text, name, "json"))
    if _YAML.search(text):
        return Source(name, "yaml", node=_parsed(text, name, "yaml"))
    return Source(name, "text", document=read_text(text, name))


def _is_json(text: str) -> bool:
    """Whether what begins like JSON goes on like it: prose may begin with a bracket."""
    return re.match(r"\s*(?:\{\s*(?:[\"}]|$)|\[\s*(?:[\[{\"\]\d-]|$))", text) is not None


def _parsed(text: str, name: str, kind: str) -> Node:
    try:
        return parse_json(text) if kind == "json" else parse_yaml(text)
    except MarkedError as error:
        raise SourceError(
            f"{name}:{error.line}:{error.column}", f"{error.message}; mend the file there", f"格式有误（{error.message}），请在该处更正"
        ) from None
