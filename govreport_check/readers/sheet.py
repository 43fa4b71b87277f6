"""A printed page as a drawing: characters and ruled lines with their positions. What PDF and OFD files are before they are read.

Lengths are points (1/72 inch); x grows to the right, y down, from the page's upper left corner as it is read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple, TypeAlias

UNKNOWN = "\ufffd"
"""Stands for a character that the file draws without saying which it is. No figure holds one, so it is never read as something else."""

Point: TypeAlias = "tuple[float, float]"
Matrix: TypeAlias = "tuple[float, float, float, float, float, float]"
"""(a, b, c, d, e, f) as in PDF and OFD: x' = a x + c y + e, y' = b x + d y + f."""

_THIN = 3.5
"""A filled box as thin as this is a line."""

_SLACK = 0.6
"""Points by which a level or upright line may be off."""

_DOUBLED = 0.2
"""Characters that are drawn again this near (in ems), to look bold, are printed once."""


class Glyph(NamedTuple):
    """A printed character in its box. ``base`` is where it stands on its line, ``size`` its height in points, ``run`` counts the pieces
    that the file draws text in, ``turn`` its quarter turns to the left."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    base: float
    size: float
    run: int
    turn: int = 0


class Rule(NamedTuple):
    """A ruled line: ``upright`` at x = ``at`` from y = ``start`` to ``end``, else at y = ``at`` from x = ``start`` to ``end``."""

    upright: bool
    at: float
    start: float
    end: float


class Sheet(NamedTuple):
    """A page. ``number`` counts from one; ``pictures`` is the share of the page that pictures cover, 0 to 1; ``unseen`` of the
    characters are not drawn, as those that OCR lays over a picture."""

    number: int
    width: float
    height: float
    glyphs: Sequence[Glyph]
    rules: Sequence[Rule]
    pictures: float = 0.0
    unseen: int = 0


def printed_once(glyphs: Iterable[Glyph]) -> list[Glyph]:
    """``glyphs`` without those that only make another bold: the same character drawn again in nearly the same place."""
    kept: list[Glyph] = []
    seen: dict[tuple[str, int, int], list[Glyph]] = {}
    for glyph in glyphs:
        step = max(glyph.size * _DOUBLED, 0.1)
        x, y = int(glyph.x0 // step), int(glyph.base // step)
        near = (other for i in (x - 1, x, x + 1) for j in (y - 1, y, y + 1) for other in seen.get((glyph.text, i, j), ()))
        if any(_doubles(glyph, other) for other in near):
            continue
        kept.append(glyph)
        seen.setdefault((glyph.text, x, y), []).append(glyph)
    return kept


def _doubles(glyph: Glyph, other: Glyph) -> bool:
    near = _DOUBLED * min(glyph.size, other.size)
    return glyph.run != other.run and abs(glyph.x0 - other.x0) < near and abs(glyph.base - other.base) < near


_PRIVATE = re.compile("[\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff\U000f0000-\U0010ffff]")


def readable(text: str) -> str:
    """A character as people read it: compatibility ideographs and radicals folded, private ones :data:`UNKNOWN`, '' for controls."""
    if len(text) == 1 and (text < " " or "\x7f" <= text < "\xa0" or text in "\xad\u200b\u200c\u200d\ufeff"):
        return ""
    if "\u2e80" <= text <= "\u2fdf" or "\uf900" <= text <= "\ufaff":  # fonts map ideographs to radicals that look the same
        return unicodedata.normalize("NFKC", text)
    return UNKNOWN if _PRIVATE.search(text) else text


def is_wide(char: str) -> bool:
    """Whether a character is set in a square, as Chinese ones and their punctuation are; no space is printed beside such."""
    return unicodedata.east_asian_width(char) in "WFA" and not char.isspace()


def moved(point: Point, matrix: Matrix) -> Point:
    """Where ``matrix`` takes a point."""
    a, b, c, d, e, f = matrix
    return point[0] * a + point[1] * c + e, point[0] * b + point[1] * d + f


def times(first: Matrix, second: Matrix) -> Matrix:
    """The matrix that does what ``first`` does, then ``second``."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = second
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


# --- lines ----------------------------------------------------------------------------------------------------------------------


def stroke_rules(points: Sequence[Point], *, stroke: bool, fill: bool) -> Iterator[Rule]:
    """The ruled lines that one part of a path is: each straight piece that is drawn, the whole where it fills a thin box."""
    if stroke:
        yield from (rule for a, b in pairwise(points) for rule in _line(a, b))
    if fill:
        xs, ys = [x for x, _ in points], [y for _, y in points]
        yield from box_rules(min(xs), min(ys), max(xs), max(ys))


def _line(a: Point, b: Point) -> Iterator[Rule]:
    if abs(a[0] - b[0]) <= _SLACK < abs(a[1] - b[1]):
        yield Rule(True, (a[0] + b[0]) / 2, min(a[1], b[1]), max(a[1], b[1]))
    elif abs(a[1] - b[1]) <= _SLACK < abs(a[0] - b[0]):
        yield Rule(False, (a[1] + b[1]) / 2, min(a[0], b[0]), max(a[0], b[0]))


def box_rules(x0: float, y0: float, x1: float, y1: float) -> Iterator[Rule]:
    """The line that a thin box is; a dot may be one of a level or of an upright line."""
    if x1 - x0 <= _THIN and (y1 - y0 > x1 - x0 or y1 - y0 <= _THIN):
        yield Rule(True, (x0 + x1) / 2, y0, y1)
    if y1 - y0 <= _THIN and (x1 - x0 > y1 - y0 or x1 - x0 <= _THIN):
        yield Rule(False, (y0 + y1) / 2, x0, x1)
