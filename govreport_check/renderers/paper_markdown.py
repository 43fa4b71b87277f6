"""A paper as Markdown (GitHub's): what is merged in a table stands in its first cell."""

from __future__ import annotations

from collections.abc import Iterator

from govreport_check.renderers.markdown import inert
from govreport_check.renderers.paper import Block, NewPage, Paper, Sheet, Words, boxes

_BEFORE = {"title": "# ", "heading": "## "}


def markdown_of(paper: Paper) -> str:
    """The paper as text."""
    parts: list[str] = []
    number = 0
    for block in paper.blocks:
        number = number + 1 if isinstance(block, Words) and block.kind == "item" else 0
        parts.append("\n".join(_lines(block, number)))
    return "\n\n".join(part for part in parts if part) + "\n"


def _lines(block: Block, number: int) -> Iterator[str]:
    if isinstance(block, NewPage):
        yield "---"
    elif isinstance(block, Sheet):
        yield from _table(block)
    elif block.text:
        before = f"{number}. " if number else _BEFORE.get(block.kind, "")
        yield before + _begun(inert(block.text).strip())


def _begun(line: str) -> str:
    """A line that begins no list, heading or quotation of its own."""
    return f"\\{line}" if line[:1] in ("#", "-", "+", "=") else line


def _table(sheet: Sheet) -> Iterator[str]:
    at = {(row, column): box.text for row, column, box in boxes(sheet.lines)}
    rows = [[inert(at.get((row, column), "")) for column in range(len(sheet.widths))] for row in range(len(sheet.lines))]
    head, body = (rows[0], rows[1:]) if sheet.heads else ([""] * len(sheet.widths), rows)
    for row in (head, ["---"] * len(sheet.widths), *body):
        yield f"| {' | '.join(row)} |"
