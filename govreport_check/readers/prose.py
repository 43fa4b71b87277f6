"""Lines put together into paragraphs, with the line that every piece came from."""

from __future__ import annotations

from collections.abc import Iterable

from govreport_check.figures import normal
from govreport_check.model import Place, Section
from govreport_check.patterns import later
from govreport_check.readers.document import Block, Paragraph
from govreport_check.readers.labels import is_enumerated

_END = later(r"[。！？：；!?;:][”’」』）)】]*$")
_PAUSE = later(r"[。，；：！？]")
_SHORT = 15


def section_of(heading: str | None, place: Place, blocks: Iterable[Block], *, joined: bool = True) -> Section:
    """A section whose text is ``blocks``: paragraphs apart by a line end, the pieces of one joined (``joined``)."""
    text, spots = "", []
    before: Block | None = None
    for block in blocks:
        if before is not None:
            text += _between(before, block) if joined else "\n"
        spots.append((len(text), block.place))
        text += block.text
        before = block
    return Section(heading, text, place, tuple(spots))


def _between(before: Block, after: Block) -> str:
    """What stands between two lines once page breaks and wrapping are undone: nothing, a space, or a line end."""
    if not (isinstance(before, Paragraph) and isinstance(after, Paragraph) and before.wraps and after.wraps):
        return "\n"
    if _END.search(before.text) or is_enumerated(after.text) or len(normal(before.text)) < _SHORT or _stands_alone(before.text):
        return "\n"
    return " " if before.text[-1].isascii() and after.text[0].isascii() and before.text[-1].isalpha() and after.text[0].isalpha() else ""


def _stands_alone(text: str) -> bool:
    """A sub-heading: enumerated, and without any punctuation of a sentence."""
    return is_enumerated(text) and not _PAUSE.search(text)
