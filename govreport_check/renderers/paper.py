"""What a paper is made of before it becomes a Word file or Markdown: paragraphs, numbered items, tables with merged cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["title", "heading", "text", "left", "right", "item", "caption", "small"]
"""``text`` begins with an indent, ``left`` does not; ``item`` is numbered, from one again after anything else; ``caption`` stays with
the table below it."""


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph, on one line whatever is in its text."""

    text: str
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Box:
    """A cell of a table; a line end in its text begins a new line. ``across`` and ``down``: how many columns and rows it takes, as in
    HTML; ``cell``: which figure of a form it holds, by row and column."""

    text: str
    across: int = 1
    down: int = 1
    head: bool = False
    centred: bool = False
    cell: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table. ``lines`` hold what begins in each; ``widths`` are shares of the columns; the first ``heads`` lines stand on every page."""

    lines: tuple[tuple[Box, ...], ...]
    widths: tuple[int, ...]
    heads: int = 0


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows begins on a page of its own."""


Block: TypeAlias = "Words | Sheet | NewPage"


@dataclass(frozen=True, slots=True)
class Layout:
    """An A4 page: margins (top, right, bottom, left) in millimetres, sizes in points. ``line``: points from line to line, 0 for what the
    font asks for; ``numbered``: pages bear their number."""

    margins: tuple[int, int, int, int]
    body: float
    title: float
    small: float
    line: float = 0
    wide: bool = False
    numbered: bool = True


LETTER = Layout((37, 26, 35, 28), body=16, title=22, small=12, line=28)
"""Margins, sizes and lines of GB/T 9704-2012, the format of official documents of party and government organs."""
PLAIN_LETTER = Layout((25, 25, 25, 25), body=11.5, title=16, small=10, line=16)
SLIP = Layout((15, 18, 12, 18), body=10.5, title=18, small=9, numbered=False)
FORM = Layout((20, 18, 18, 18), body=12, title=18, small=9)
WIDE = Layout((15, 15, 15, 15), body=11, title=16, small=7.5, wide=True)


@dataclass(frozen=True, slots=True)
class Paper:
    """A document in one language."""

    lang: str
    blocks: tuple[Block, ...]
    layout: Layout


def boxes(lines: Sequence[Sequence[Box]]) -> Iterator[tuple[int, int, Box]]:
    """(line, column, box) of every box, counted from nought; columns that boxes from above take are passed over."""
    taken: set[tuple[int, int]] = set()
    for row, line in enumerate(lines):
        column = 0
        for box in line:
            while (row, column) in taken:
                column += 1
            yield row, column, box
            taken.update((row + down, column + across) for down in range(box.down) for across in range(box.across))
            column += box.across
