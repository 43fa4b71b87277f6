"""How a document was understood: its pieces in order, each with what it was taken for. What ``read --explain`` shows.

Readers make outlines (``readers/outlined.py``), a renderer draws them; neither knows the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from govreport_check.model import Place, Remark

TextKind: TypeAlias = Literal["title", "preamble", "heading", "paragraph", "signature", "note", "aside", "extra"]


@dataclass(frozen=True, slots=True)
class TextPiece:
    """A line of text. ``section`` is the part of the form that it stands in, or that it is the heading of."""

    text: str
    place: Place
    kind: TextKind
    section: str | None = None


@dataclass(frozen=True, slots=True)
class RowPiece:
    """A printed row. ``cells`` as the grid shows them, None where another cell covers the place; ``columns`` says, per cell, which column
    of the form it is taken for (from one); ``table`` and ``rows`` which table and rows of the form. ``figures``: it holds some."""

    cells: tuple[str | None, ...]
    place: Place
    grid: int
    table: str | None = None
    rows: tuple[str, ...] = ()
    columns: tuple[int | None, ...] = ()
    figures: bool = False


Piece: TypeAlias = "TextPiece | RowPiece"


@dataclass(frozen=True, slots=True)
class Outline:
    """A whole document. ``form`` is None when it is of no known one."""

    source: str
    kind: str
    form: str | None
    pieces: tuple[Piece, ...] = ()
    remarks: tuple[Remark, ...] = ()
