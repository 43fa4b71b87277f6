"""Markdown: lines and tables between bars as plain text has them (``text.py``), each line's markup undone by markdown-it-py, and tables
in HTML, which converters leave where cells span, read as in a page.

CommonMark 0.31 for what stands in a line; bars are split by ``text.py``, as GFM drops the cells that a row has more than its head.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from govreport_check.readers.document import Block, Document, Row, moved
from govreport_check.readers.html import fragment
from govreport_check.readers.limits import Limits
from govreport_check.readers.text import read_text

_TABLE = re.compile(r"<(/?)table\b[^>]*>", re.IGNORECASE)
_FENCE = re.compile(r"^ {0,3}(?:`{3,}|~{3,})[^`~]*$", re.MULTILINE)
_MARKED = re.compile(r"[\\*_`<&\[]")
_BARS = re.compile(r"(?<!\\)\|")
_BULLET = re.compile(r"^(\s*)[-*+] +(?=[^\W\d_])")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)


def read_markdown(text: str, name: str, limits: Limits) -> Document:
    """The document that ``text`` is; every block's place carries its line. Raises SourceError for a table that is too large."""
    blocks: list[Block] = []
    tables = 0
    for start, end, is_table in _pieces(text):
        piece = text[start:end]
        found = fragment(piece, name, limits) if is_table else list(read_text(_plain(piece), name).blocks)
        blocks.extend(moved(found, text.count("\n", 0, start), tables))
        tables = max((block.grid for block in blocks if isinstance(block, Row)), default=tables)
    return Document(name, tuple(blocks))


def _pieces(text: str) -> Iterator[tuple[int, int, bool]]:
    """(start, end, whether it is a table in HTML) of the stretches of a text, in order."""
    at, start, depth = 0, 0, 0
    for tag in _TABLE.finditer(text):
        if depth == 0 and not tag[1]:
            yield at, tag.start(), False
            start = tag.start()
        depth = max(0, depth + (-1 if tag[1] else 1))
        if depth == 0 and tag[1] and start >= at:
            yield start, tag.end(), True
            at, start = tag.end(), -1
    yield (start, len(text), True) if depth else (at, len(text), False)


def _plain(text: str) -> str:
    """The lines of ``text`` without what marks them up, each in its place."""
    inline = _inline()
    text = _FENCE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "\n".join(_line(line, inline) for line in text.split("\n"))


def _line(line: str, inline: Callable[[str], str]) -> str:
    line = _BULLET.sub(r"\1", line)
    if not _MARKED.search(line):
        return line
    pieces = _BARS.split(line)
    if len(pieces) > 1:  # a bar that is escaped stays so
        return "|".join(inline(piece).replace("|", "\\|") if _MARKED.search(piece) else piece for piece in pieces)
    return inline(line)


@cache
def _inline() -> Callable[[str], str]:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": True})

    def text_of(line: str) -> str:
        lead = line[: len(line) - len(line.lstrip())]
        tokens = parser.parseInline(line.strip())[0].children or []
        return lead + "".join(map(_word, tokens))

    return text_of


def _word(token: Any) -> str:
    """What a reader sees of one inline token."""
    if token.type in ("text", "code_inline"):
        return str(token.content)
    if token.type == "html_inline" and not _BREAK.fullmatch(token.content):
        return "" if token.content.startswith(("<", "</")) else str(token.content)
    return "<br>" if token.type == "html_inline" else ""
