"""Positioned characters to text: characters to lines, lines to the text of a cell or to paragraphs.

Breaks that setting the text made are undone, those that somebody wrote are kept. Which is which, geometry tells: a line was broken by
setting where what stands at the beginning of the next would not have fitted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from govreport_check.readers.labels import is_enumerated
from govreport_check.readers.sheet import Glyph, is_wide

APART = "  "
"""What stands between words that are set as far apart as columns are."""

_WORD_GAP, _COLUMN_GAP, _MIXED_GAP = 0.18, 1.0, 0.7
"""In ems: the space between two words, between two columns, and between two of which one is Chinese: there a figure begins."""

_ROOM = 12.0
"""Points that cells leave free beside their text, both sides together."""

_SHORT = 8
"""No measure is so narrow that a line of fewer characters is full."""

_LEADING, _INDENT, _LONG = 1.4, 1.2, 0.6
_FIGURE = re.compile(r"[\d.,%]")
_FIRST = re.compile(r"[（《〈“‘「『【〔(\[{]*(?:[A-Za-z\d.,%\-]+|.)[，。、；：！？”’）》〉」』】〕)\]},.;:!?%]*", re.DOTALL)
_PAUSE = re.compile(r"[，。；：、]")
_CLOSED = re.compile(r"[。！？；：!?;:][”’」』）)】]*$")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text. ``first`` is the width of what stands at its beginning and is not broken, ``size`` its height, in points."""

    text: str
    x0: float
    x1: float
    base: float
    size: float
    first: float = 0.0


# --- lines ----------------------------------------------------------------------------------------------------------------------


def lines_of(glyphs: Iterable[Glyph]) -> list[Line]:
    """The lines that ``glyphs`` make, from the top. Characters that are turned are read along their own lines."""
    found: list[Line] = []
    ordered = sorted(glyphs, key=lambda glyph: glyph.turn)
    for turn, turned in groupby(ordered, key=lambda glyph: glyph.turn):
        for level in _levels([_upright(glyph, turn) for glyph in turned]):
            line = _line(level)
            found.extend([line] if line.text else [])
    return found


def _upright(glyph: Glyph, turn: int) -> Glyph:
    """A turned character as it stands when the page is turned to read it."""
    x0, y0, x1, y1 = glyph.x0, glyph.y0, glyph.x1, glyph.y1
    if turn == 1:  # upwards
        return glyph._replace(x0=-y1, y0=x0, x1=-y0, y1=x1, base=x0 + 0.85 * (x1 - x0))
    if turn == 2:
        return glyph._replace(x0=-x1, y0=-y1, x1=-x0, y1=-y0, base=-y0 - 0.15 * (y1 - y0))
    if turn == 3:  # downwards
        return glyph._replace(x0=y0, y0=-x1, x1=y1, y1=-x0, base=-x0 - 0.15 * (x1 - x0))
    return glyph


def _levels(glyphs: list[Glyph]) -> Iterator[list[Glyph]]:
    """The characters line by line."""
    level: list[Glyph] = []
    for glyph in sorted(glyphs, key=lambda glyph: glyph.base):
        if level and glyph.base - level[-1].base > 0.35 * max(glyph.size, level[-1].size):
            yield sorted(level, key=lambda glyph: glyph.x0)
            level = []
        level.append(glyph)
    if level:
        yield sorted(level, key=lambda glyph: glyph.x0)


def _line(level: Sequence[Glyph]) -> Line:
    text = "".join(_space(left, right) + right.text for left, right in zip((None, *level[:-1]), level, strict=True)).strip()
    printed = [glyph for glyph in level if not glyph.text.isspace()] or list(level)
    size = max(glyph.size for glyph in printed)
    return Line(text, printed[0].x0, max(glyph.x1 for glyph in printed), printed[0].base, size, _first_width(printed))


def _space(left: Glyph | None, right: Glyph) -> str:
    """What stands between two characters of a line that are set apart."""
    if left is None:
        return ""
    gap, size = right.x0 - left.x1, max(left.size, right.size)
    if gap > (_COLUMN_GAP if is_wide(left.text[-1]) == is_wide(right.text[0]) else _MIXED_GAP) * size:
        return APART
    spaced = left.text.isspace() or right.text.isspace() or is_wide(left.text[-1]) or is_wide(right.text[0])
    return " " if gap > _WORD_GAP * size and not spaced else ""


def _first_width(printed: Sequence[Glyph]) -> float:
    """The width of what begins a line and cannot be parted: a number, or a character with the punctuation around it."""
    text = "".join(glyph.text[:1] for glyph in printed[:24])
    match = _FIRST.match(text)
    last = printed[max(0, (match.end() if match else 1) - 1)]
    return last.x1 - printed[0].x0


# --- cells ----------------------------------------------------------------------------------------------------------------------


def cell_text(lines: Sequence[Line], width: float) -> str:
    """The text of a cell ``width`` points wide. Figures are put together only where a line was too short for the next one."""
    text = lines[0].text if lines else ""
    for above, below in pairwise(lines):
        text += _glue(above, below, width) + below.text
    return text


def _glue(above: Line, below: Line, width: float) -> str:
    last, first = above.text[-1], below.text[0]
    if _FIGURE.match(last) and _FIGURE.match(first):
        each = (below.x1 - below.x0) / len(below.text)
        return "" if is_full(above, each, width - _ROOM) else " / "
    return " " if last.isascii() and last.isalpha() and first.isascii() and first.isalpha() else ""


def is_full(line: Line, needed: float, width: float) -> bool:
    """Whether ``needed`` points more would not have fitted beside ``line`` into ``width``."""
    return line.x1 - line.x0 + needed > width


# --- paragraphs -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Margins:
    """Where lines of running text begin and end, and their size."""

    left: float
    right: float
    size: float


def margins_of(lines: Sequence[Line]) -> Margins:
    """The margins of a text by its longer lines; those of all lines when it has none."""
    long = [line for line in lines if len(line.text) >= 20] or list(lines)
    if not long:
        return Margins(0.0, 0.0, 0.0)
    lefts, rights = sorted(line.x0 for line in long), sorted(line.x1 for line in long)
    size = sorted(line.size for line in long)[len(long) // 2]
    return Margins(lefts[len(lefts) // 20], rights[-1 - len(rights) // 20], size)


def goes_on(above: Line, below: Line, margins: Margins, leading: float | None) -> bool:
    """Whether ``below`` continues the paragraph of ``above``. ``leading`` is the text's usual distance of lines, None across pages."""
    size = max(above.size, below.size)
    if APART in above.text or APART in below.text or len(above.text) < _SHORT or abs(above.size - below.size) > 0.15 * size:
        return False
    if leading is not None and below.base - above.base > max(_LEADING * leading, 1.6 * size):
        return False
    if above.size > 1.15 * margins.size:  # titles and headings, which may be centred
        return is_full(above, below.first + 0.35 * size, margins.right - margins.left)
    begins = _CLOSED.search(above.text) and is_enumerated(below.text) and not _indented(above, margins)
    if begins or _indented(below, margins):
        return False
    return margins.right - above.x1 <= below.first + 0.35 * size or _is_open(above, below, margins)


def _indented(line: Line, margins: Margins) -> bool:
    return line.x0 > margins.left + _INDENT * line.size


def _is_open(above: Line, below: Line, margins: Margins) -> bool:
    """Whether a rather long line stops in the middle of a sentence: programs differ in what they do not part."""
    long = above.x1 - margins.left > _LONG * (margins.right - margins.left)
    return long and bool(_PAUSE.search(above.text)) and not _CLOSED.search(above.text) and not is_enumerated(below.text)


def joined(above: str, below: Line) -> str:
    """A paragraph with one more line. Only Latin words had a space where the line was broken."""
    last, first = above[-1:], below.text[:1]
    spaced = last.isascii() and first.isascii() and (last.isalpha() or last in ",.;:") and first.isalnum()
    return above + (" " if spaced else "") + below.text


def usual_leading(lines: Sequence[Line]) -> float:
    """The distance that most lines have from the one above; 0 for less than two lines."""
    steps = sorted(below.base - above.base for above, below in pairwise(lines) if below.base > above.base)
    return steps[len(steps) // 3] if steps else 0.0
