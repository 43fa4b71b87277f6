"""Text of a report made inert for formats that others interpret: JSON, XML, URIs."""

from __future__ import annotations

import json
import re
from pathlib import PurePath
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape

from govreport_check.renderers.lines import clean

_STEERING = re.compile(
    "[\x7f-\x9f\u00ad\u0600-\u0605\u061c\u06dd\u070f\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_NOT_XML = re.compile("[\ufffe\uffff]")


def json_text(value: Any, indent: int | None = None) -> str:
    """``value`` as JSON in which no character steers a terminal or breaks a line: those are written as their numbers."""
    return escaped(json.dumps(value, ensure_ascii=False, indent=indent))


def escaped(text: str) -> str:
    r"""JSON with what is invisible (C1 controls, direction marks, U+2028 ...) as ``\uXXXX``, which is the same document."""
    harmless = text.replace("##[", r"##\u005b")  # which GitHub's runner takes for a command anywhere in a line
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}" if found[0] <= "\uffff" else json.dumps(found[0])[1:-1], harmless)


def plain_text(text: str) -> str:
    """``text`` on one line, for an element of a tree; what XML 1.0 cannot hold is left out."""
    return _NOT_XML.sub("", clean(text))


def xml_text(text: str) -> str:
    """``text`` on one line, for an element or an attribute in double quotes; what XML 1.0 cannot hold is left out."""
    return escape(plain_text(text), {'"': "&quot;"}).replace("##[", "##&#91;")


def uri(source: str) -> str:
    """The name of a file as a URI reference (RFC 3986): relative where the name is, ``file:`` where it is absolute."""
    path = PurePath(source)
    told = quote(path.as_posix().encode("utf-8", "surrogatepass"), safe="/")
    return f"file:///{told.lstrip('/')}" if path.is_absolute() else told
