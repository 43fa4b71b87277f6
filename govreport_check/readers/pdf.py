"""PDF files: characters and ruled lines of every page, taken out with pdfium.

ISO 32000-1: 8.5 (paths), 8.10 (form XObjects), 9.4 (text). What they mean is worked out in ``pages.py``.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from ctypes import byref, c_double, c_float, c_int, c_void_p, cast
from typing import Any, NamedTuple

from govreport_check.errors import SourceError
from govreport_check.readers.document import Document
from govreport_check.readers.extras import library
from govreport_check.readers.limits import Limits, too_much
from govreport_check.readers.pages import document_of
from govreport_check.readers.pdf_apart import SECONDS, is_light, sheets_apart, too_heavy
from govreport_check.readers.sheet import UNKNOWN, Glyph, Matrix, Point, Rule, Sheet, box_rules, moved, readable, stroke_rules, times

_WIDEST = 3.0
"""No character is more ems wide or high."""

_PATH, _IMAGE, _FORM = 2, 3, 5
_CORNERS = 6
"""A filled path of so few points is a box, or something as small."""

_DEEPEST = 8
_MOST_OBJECTS, _MOST_GLYPHS, _MOST_POINTS = 60_000, 40_000, 20_000
"""A page that draws more is a map or a picture: its lines are none of a table. A page of print has a few thousand characters."""

_PASSWORD = 4


def read_pdf(content: bytes, name: str, limits: Limits) -> Document:
    """The document that a PDF's bytes hold. Raises SourceError for one that is locked, damaged, without text, or too large."""
    sheets = sheets_of(content, name, limits) if is_light(content) else sheets_apart(content, name, limits)
    return document_of(sheets, name)


def sheets_of(content: bytes, name: str, limits: Limits) -> list[Sheet]:
    """The pages of a PDF. Raises SourceError."""
    pdfium = library("pypdfium2", "pdf", name)
    raw = library("pypdfium2.raw", "pdf", name)
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        if error.err_code == _PASSWORD:
            raise SourceError(name, "is protected by a password; save it without one", "设有打开密码，请取消密码后另存") from None
        raise SourceError(name, "is damaged or incomplete; save or fetch it again", "文件已损坏或不完整，请重新保存或重新获取") from None
    try:
        if len(document) > limits.pages:
            raise too_much(name, "pages", limits.pages, "页")
        return list(_pages(document, name, raw))
    except pdfium.PdfiumError:
        raise SourceError(
            name, "is damaged: a page cannot be opened; save or fetch it again", "文件已损坏，有页面无法打开，请重新保存"
        ) from None
    finally:
        document.close()


def _pages(document: Any, name: str, raw: Any) -> Iterator[Sheet]:
    """Page by page, as long as there is time."""
    end = time.monotonic() + SECONDS
    for index in range(len(document)):
        if time.monotonic() > end:
            raise too_heavy(name)
        yield _sheet(document[index], index + 1, name, raw)


def _sheet(page: Any, number: int, name: str, raw: Any) -> Sheet:
    left, bottom, right, top = page.get_cropbox()
    textpage = page.get_textpage()
    if raw.FPDFText_CountChars(textpage.raw) > _MOST_GLYPHS:
        raise too_much(name, "characters on a page", _MOST_GLYPHS, "个字符（单页）")
    runs: dict[int, _Run] = {}
    drawn = list(_glyphs(textpage.raw, raw, runs))
    turn = _main_turn(drawn)
    place = _placed(turn, (left, bottom, right, top))
    width, height = (right - left, top - bottom) if turn % 2 == 0 else (top - bottom, right - left)
    glyphs = [_seen(glyph, turn, place) for glyph in drawn]
    inside = [glyph for glyph in glyphs if glyph.x1 >= -1 and glyph.x0 <= width + 1 and -1 <= glyph.base <= height + 1]
    pictures = [0.0]
    rules = [_turned(rule, place) for rule in _rules(page, raw, pictures)]
    area = max(width * height, 1.0)
    textpage.close()
    page.close()
    unseen = {run.number for run in runs.values() if run.unseen}
    return Sheet(number, width, height, inside, rules, min(1.0, pictures[0] / area), sum(glyph.run in unseen for glyph in inside))


# --- characters -----------------------------------------------------------------------------------------------------------------


class _Run(NamedTuple):
    """What the characters of a text object share. ``size`` in points; ``turn`` in quarters to the left, None for tilted text; ``unseen``:
    it is laid over a picture to be searched for, and not drawn."""

    number: int
    size: float
    turn: int | None
    unseen: bool


def _glyphs(textpage: Any, raw: Any, runs: dict[int, _Run]) -> Iterator[Glyph]:
    """The characters of a page in the order drawn, in the page's own coordinates (y up). ``runs`` is filled, by address."""
    box, x, y = raw.FS_RECTF(), c_double(), c_double()
    for index in range(raw.FPDFText_CountChars(textpage)):
        if raw.FPDFText_IsGenerated(textpage, index) == 1:
            continue
        code = raw.FPDFText_GetUnicode(textpage, index)
        unmapped = code == 0 or raw.FPDFText_HasUnicodeMapError(textpage, index) == 1
        hyphen = code in (2, 0xFFFE) and raw.FPDFText_IsHyphen(textpage, index) == 1
        text = "-" if hyphen else UNKNOWN if unmapped or 0xD800 <= code < 0xE000 else readable(chr(code))
        run, size, turn, _ = _run(textpage, index, raw, runs)
        if not text or turn is None or size <= 0 or not raw.FPDFText_GetLooseCharBox(textpage, index, byref(box)):
            continue
        if max(box.right - box.left, box.top - box.bottom) > _WIDEST * size:  # pdfium scales the boxes of upright writing twice
            yield Glyph(text, *_ink(textpage, index, size, raw), size, run, turn)
            continue
        raw.FPDFText_GetCharOrigin(textpage, index, byref(x), byref(y))
        base = y.value if turn % 2 == 0 else x.value
        yield Glyph(text, box.left, box.bottom, box.right, box.top, base, size, run, turn)


def _ink(textpage: Any, index: int, size: float, raw: Any) -> tuple[float, float, float, float, float]:
    """The box around what is inked of a character, and a base under it."""
    left, right, bottom, top = c_double(), c_double(), c_double(), c_double()
    raw.FPDFText_GetCharBox(textpage, index, byref(left), byref(right), byref(bottom), byref(top))
    middle = (bottom.value + top.value) / 2
    return left.value, middle - size / 2, right.value, middle + size / 2, middle - 0.35 * size


def _run(textpage: Any, index: int, raw: Any, known: dict[int, _Run]) -> _Run:
    """The run of a character."""
    handle = raw.FPDFText_GetTextObject(textpage, index)
    address = _address(handle)
    if address not in known:
        matrix = raw.FS_MATRIX()
        raw.FPDFText_GetMatrix(textpage, index, byref(matrix))
        size = raw.FPDFText_GetFontSize(textpage, index) * math.hypot(matrix.c, matrix.d)
        quarters = math.atan2(matrix.b, matrix.a) / (math.pi / 2)
        turn = round(quarters) % 4 if abs(quarters - round(quarters)) <= 0.06 else None
        known[address] = _Run(len(known), size, turn, raw.FPDFTextObj_GetTextRenderMode(handle) == raw.FPDF_TEXTRENDERMODE_INVISIBLE)
    return known[address]


def _address(handle: Any) -> int:
    return cast(handle, c_void_p).value or 0


def _main_turn(glyphs: list[Glyph]) -> int:
    """How most of a page's text is turned: pages that are set sideways are read sideways."""
    turns = [0, 0, 0, 0]
    for glyph in glyphs:
        turns[glyph.turn] += not glyph.text.isspace()
    return turns.index(max(turns))


def _placed(turn: int, crop: tuple[float, float, float, float]) -> Callable[[float, float], Point]:
    """From the page's coordinates to those of :class:`Sheet`, the page turned so that its text is upright."""
    left, bottom, right, top = crop
    to: tuple[Callable[[float, float], Point], ...] = (
        lambda x, y: (x - left, top - y),
        lambda x, y: (y - bottom, x - left),
        lambda x, y: (right - x, y - bottom),
        lambda x, y: (top - y, right - x),
    )
    return to[turn]


def _seen(glyph: Glyph, turn: int, place: Callable[[float, float], Point]) -> Glyph:
    (xa, ya), (xb, yb) = place(glyph.x0, glyph.y0), place(glyph.x1, glyph.y1)
    own = glyph.turn % 2 == 0
    at = place(glyph.x0, glyph.base) if own else place(glyph.base, glyph.y0)
    base = at[1] if (glyph.turn - turn) % 2 == 0 else at[0]
    return glyph._replace(x0=min(xa, xb), y0=min(ya, yb), x1=max(xa, xb), y1=max(ya, yb), base=base, turn=(glyph.turn - turn) % 4)


# --- lines ----------------------------------------------------------------------------------------------------------------------


def _turned(rule: Rule, place: Callable[[float, float], Point]) -> Rule:
    a, b = ((rule.at, rule.start), (rule.at, rule.end)) if rule.upright else ((rule.start, rule.at), (rule.end, rule.at))
    (xa, ya), (xb, yb) = place(*a), place(*b)
    upright = abs(xa - xb) < abs(ya - yb)
    return Rule(True, xa, min(ya, yb), max(ya, yb)) if upright else Rule(False, ya, min(xa, xb), max(xa, xb))


def _rules(page: Any, raw: Any, pictures: list[float]) -> Iterator[Rule]:
    """The level and upright lines that a page draws, in its own coordinates. The area of its pictures is added to ``pictures``."""
    for handle, matrix in _objects(page.raw, raw):
        kind = raw.FPDFPageObj_GetType(handle)
        if kind == _PATH:
            yield from _path(handle, matrix, raw)
        elif kind == _IMAGE:
            x0, y0, x1, y1 = _bounds(handle, matrix, raw)
            pictures[0] += (x1 - x0) * (y1 - y0)
            yield from box_rules(x0, y0, x1, y1)  # old printer drivers draw lines as pictures


def _objects(page: Any, raw: Any) -> Iterator[tuple[Any, Matrix]]:
    """What a page draws, forms opened, each with the matrix of the form that it stands in."""
    unit = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    count = raw.FPDFPage_CountObjects(page)
    pending: list[tuple[Any, Matrix, int]] = [(raw.FPDFPage_GetObject(page, i), unit, 0) for i in range(count) if count <= _MOST_OBJECTS]
    for handle, matrix, depth in pending:
        if raw.FPDFPageObj_GetType(handle) != _FORM:
            yield handle, matrix
        elif depth < _DEEPEST and len(pending) + raw.FPDFFormObj_CountObjects(handle) <= _MOST_OBJECTS:
            inner = times(_matrix(handle, raw), matrix)
            pending.extend((raw.FPDFFormObj_GetObject(handle, i), inner, depth + 1) for i in range(raw.FPDFFormObj_CountObjects(handle)))


def _matrix(handle: Any, raw: Any) -> Matrix:
    own = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(handle, byref(own))
    return own.a, own.b, own.c, own.d, own.e, own.f


def _bounds(handle: Any, matrix: Matrix, raw: Any) -> tuple[float, float, float, float]:
    left, bottom, right, top = c_float(), c_float(), c_float(), c_float()
    raw.FPDFPageObj_GetBounds(handle, byref(left), byref(bottom), byref(right), byref(top))
    corners = [moved((x, y), matrix) for x in (left.value, right.value) for y in (bottom.value, top.value)]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _path(handle: Any, matrix: Matrix, raw: Any) -> Iterator[Rule]:
    fill, stroke = c_int(), c_int()
    raw.FPDFPath_GetDrawMode(handle, byref(fill), byref(stroke))
    if not fill.value and not stroke.value:
        return
    if not stroke.value and raw.FPDFPath_CountSegments(handle) <= _CORNERS:
        yield from box_rules(*_bounds(handle, matrix, raw))
        return
    for points, straight in _strokes(handle, times(_matrix(handle, raw), matrix), raw):
        yield from stroke_rules(points, stroke=bool(stroke.value), fill=bool(fill.value) and straight)


def _strokes(handle: Any, matrix: Matrix, raw: Any) -> Iterator[tuple[list[Point], bool]]:
    """The parts of a path that are drawn without lifting the pen, and whether their lines are straight."""
    x, y = c_float(), c_float()
    points: list[Point] = []
    straight = True
    for index in range(min(raw.FPDFPath_CountSegments(handle), _MOST_POINTS)):
        segment = raw.FPDFPath_GetPathSegment(handle, index)
        raw.FPDFPathSegment_GetPoint(segment, byref(x), byref(y))
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            if len(points) > 1:
                yield points, straight
            points, straight = [], True
        straight = straight and kind != raw.FPDF_SEGMENT_BEZIERTO
        points.append(moved((x.value, y.value), matrix))
        if raw.FPDFPathSegment_GetClose(segment) and points:
            points.append(points[0])
    if len(points) > 1:
        yield points, straight
