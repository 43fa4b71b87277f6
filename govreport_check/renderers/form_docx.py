"""The official form as a Word file."""

from __future__ import annotations

from collections.abc import Iterator

from govreport_check.renderers.drawn_form import Drawing, DrawnForm, DrawnPart, DrawnTable, caption_above, drawing_of
from govreport_check.renderers.lines import cells as width_of
from govreport_check.renderers.paper import FORM, WIDE, Block, Box, Kind, Paper, Sheet, Words, boxes
from govreport_check.renderers.paper_docx import docx_of

_MOST_UPRIGHT = 10
"""A table of more columns of figures (rows side by side apart) wants the page on its side."""
_LEAST, _HEAD, _LONG = 6, 9, 40
"""Characters that a column has room for: the least, what a head or a label over others may ask for, and any other text."""
_KINDS: dict[str, Kind] = {"title": "title", "signature": "right"}


def form_docx(form: DrawnForm) -> bytes:
    """The form as the content of a ``.docx`` file, on its side where a table is wide."""
    tables = [table for part in form.parts for table in part.tables]
    wide = any(len(one.table.columns) > _MOST_UPRIGHT for one in tables)
    return docx_of(Paper(form.lang, tuple(block for part in form.parts for block in _blocks(part)), WIDE if wide else FORM))


def _blocks(part: DrawnPart) -> Iterator[Block]:
    if part.heading:
        yield Words(part.heading, "heading")
    yield from (Words(text, _KINDS.get(part.id, "text")) for text in part.paragraphs)
    for one in part.tables:
        yield from _table(one, part.heading)


def _table(one: DrawnTable, heading: str) -> Iterator[Block]:
    above = caption_above(one)
    if above and above != heading:
        yield Words(above, "caption")
    drawing = drawing_of(one)
    yield Sheet(tuple(tuple(map(_flat, line)) for line in drawing.lines), _widths(drawing), drawing.heads)
    yield from (Words(note, "small") for note in one.notes)


def _flat(box: Box) -> Box:
    """A box on one line: what stands in a report makes no lines of its own."""
    return Box(" ".join(box.text.split()), box.across, box.down, box.head, box.centred, box.cell)


def _widths(drawing: Drawing) -> tuple[int, ...]:
    """Shares by what stands in the columns: long texts get more, figures about alike, labels that stand over others little."""
    shares = [_LEAST] * drawing.wide
    for _, column, box in boxes(drawing.lines):
        if box.across == 1:
            shares[column] = max(shares[column], min(_most(box), width_of(box.text)))
    return tuple(shares)


def _most(box: Box) -> int:
    return _HEAD if box.down > 1 or (box.head and box.centred) else _LONG
