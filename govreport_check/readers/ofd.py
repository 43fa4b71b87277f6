"""OFD files, the format of official documents in China: a zip of XML with positioned text and paths.

GB/T 33190-2016: 7.5 (document root), 7.7 (pages), 8.2 (layers and blocks), 9 (paths), 11 (text), 13 (composite objects). Lengths there are
millimetres, y down. Seals, signatures, annotations and attachments stand beside the pages and are not read. What the pages mean is
worked out in ``pages.py``.
"""

from __future__ import annotations

import math
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from govreport_check.errors import SourceError
from govreport_check.readers.containers import Container, open_zip
from govreport_check.readers.document import Document
from govreport_check.readers.limits import Limits, too_much
from govreport_check.readers.pages import document_of
from govreport_check.readers.sheet import Glyph, Matrix, Point, Rule, Sheet, is_wide, moved, readable, stroke_rules, times

_POINTS = 72 / 25.4
_A4 = (0.0, 0.0, 210.0, 297.0)
_DEEPEST = 8
_MOST_OBJECTS = 200_000
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?")
_STEP = re.compile(rf"g\s+(?P<times>\d{{1,5}})\s+(?P<step>{_NUMBER.pattern})|(?P<one>{_NUMBER.pattern})")
_PIECE = re.compile(rf"([SMLQBAC])((?:[\s,]*{_NUMBER.pattern})*)")
_POINTS_OF = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7}


def read_ofd(content: bytes, name: str, limits: Limits) -> Document:
    """The document that an OFD's bytes hold. Raises SourceError for one that is locked, damaged, without text, or too large."""
    return document_of(_sheets(open_zip(content, name, limits), limits), name)


@dataclass(frozen=True, slots=True)
class _Body:
    """A document of the container: its root element, the folder that its paths start from, and the resources drawn by number."""

    container: Container
    folder: str
    root: Any
    units: dict[str, Any]

    def at(self, path: str) -> str:
        return posixpath.normpath(path.lstrip("/") if path.startswith("/") else posixpath.join(self.folder, path))


def _sheets(container: Container, limits: Limits) -> list[Sheet]:
    if any(posixpath.basename(name) == "Encryptions.xml" for name in container.names):
        raise SourceError(container.name, "is encrypted; save it without a password", "已加密，请解除加密后另存")
    start = container.xml("OFD.xml")
    roots = [path for path in _texts(start, "DocRoot") if path]
    if not roots:
        raise SourceError(container.name, "is damaged: it names no document; save or fetch it again", "文件已损坏，未指明文档，请重新获取")
    body = _body(container, roots[0].lstrip("/"))
    pages = [page for group in _children(body.root, "Pages") for page in _children(group, "Page")]
    if len(pages) > limits.pages:
        raise too_much(container.name, "pages", limits.pages, "页")
    templates = {page.get("ID", ""): page.get("BaseLoc", "") for page in body.root.iter() if _is(page, "TemplatePage")}
    return [_sheet(body, page.get("BaseLoc", ""), number, templates) for number, page in enumerate(pages, 1)]


def _body(container: Container, path: str) -> _Body:
    root, folder = container.xml(posixpath.normpath(path)), posixpath.dirname(posixpath.normpath(path))
    body = _Body(container, folder, root, {})
    for name in ("PublicRes", "DocumentRes"):
        for path in _texts(root, name):
            if body.at(path) in container.names:
                body.units.update(
                    {unit.get("ID", ""): unit for unit in container.xml(body.at(path)).iter() if _is(unit, "CompositeGraphicUnit")}
                )
    return body


# --- elements -------------------------------------------------------------------------------------------------------------------


def _is(element: Any, name: str) -> bool:
    """Whether an element has this name, in whatever namespace: producers differ."""
    return isinstance(element.tag, str) and element.tag.rpartition("}")[2] == name


def _children(element: Any, name: str) -> list[Any]:
    return [child for child in element if _is(child, name)]


def _texts(element: Any, name: str) -> list[str]:
    return [(found.text or "").strip() for found in element.iter() if _is(found, name)]


def _numbers(text: str | None) -> list[float]:
    return [number for match in _NUMBER.findall(text or "") if math.isfinite(number := float(match))]


def _box(element: Any, name: str) -> tuple[float, float, float, float] | None:
    """Four numbers: left, top, width, height."""
    numbers = _numbers(element.get(name) if element is not None else None)
    return (numbers[0], numbers[1], numbers[2], numbers[3]) if len(numbers) == 4 else None


# --- pages ----------------------------------------------------------------------------------------------------------------------


def _sheet(body: _Body, path: str, number: int, templates: dict[str, str]) -> Sheet:
    page = body.container.xml(body.at(path))
    left, top, width, height = _area(page) or _area(body.root) or _A4
    place: Matrix = (_POINTS, 0.0, 0.0, _POINTS, -left * _POINTS, -top * _POINTS)
    named = [templates.get(template.get("TemplateID", ""), "") for template in _children(page, "Template")]
    contents = [page, *(body.container.xml(body.at(template)) for template in named if template)]
    objects = [found for content in contents for found in _objects(content, place, body)]
    glyphs = [glyph for run, (one, matrix) in enumerate(objects) if _is(one, "TextObject") for glyph in _glyphs(one, matrix, run)]
    rules = [rule for one, matrix in objects if _is(one, "PathObject") for rule in _rules(one, matrix)]
    images = (box for one, _ in objects if _is(one, "ImageObject") and (box := _box(one, "Boundary")))
    pictures = min(1.0, sum(wide * high for _, _, wide, high in images) / max(width * height, 1.0))
    return Sheet(number, width * _POINTS, height * _POINTS, glyphs, rules, pictures)


def _area(element: Any) -> tuple[float, float, float, float] | None:
    """The page's area that a page states, or a document for all of its pages."""
    found = (numbers for text in _texts(element, "PhysicalBox") if len(numbers := _numbers(text)) == 4)
    box = next(found, None)
    return (box[0], box[1], box[2], box[3]) if box and box[2] > 0 and box[3] > 0 else None


def _objects(content: Any, place: Matrix, body: _Body) -> Iterator[tuple[Any, Matrix]]:
    """What a page draws, composite objects opened, each with the matrix from its own coordinates to the page's."""
    layers = [layer for group in _children(content, "Content") for layer in _children(group, "Layer")]
    pending = [(child, place, 0) for layer in layers for child in layer]
    for element, outer, depth in pending:
        if len(pending) > _MOST_OBJECTS:
            raise too_much(body.container.name, "objects on a page", _MOST_OBJECTS, "个图元")
        if _is(element, "PageBlock"):
            pending.extend((child, outer, depth + 1) for child in element if depth < 4 * _DEEPEST)
            continue
        own = times(_own(element), outer)
        unit = body.units.get(element.get("ResourceID", "")) if _is(element, "CompositeObject") else None
        if unit is None:
            yield element, own
        elif depth < _DEEPEST:
            pending.extend((child, own, depth + 1) for inner in _children(unit, "Content") for child in inner)


def _own(element: Any) -> Matrix:
    """From the coordinates of an object to those that it stands in: its CTM, then the corner of its boundary."""
    numbers = _numbers(element.get("CTM"))
    ctm = (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]) if len(numbers) == 6 else (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    box = _box(element, "Boundary") or (0.0, 0.0, 0.0, 0.0)
    return times(ctm, (1.0, 0.0, 0.0, 1.0, box[0], box[1]))


# --- text -----------------------------------------------------------------------------------------------------------------------


def _glyphs(element: Any, matrix: Matrix, run: int) -> Iterator[Glyph]:
    """The characters of a text object; tilted ones are left out."""
    size = next(iter(_numbers(element.get("Size"))), 0.0)
    quarters = -math.degrees(math.atan2(matrix[1], matrix[0])) / 90
    if size <= 0 or abs(quarters - round(quarters)) > 0.06:
        return
    turn = round(quarters) % 4
    height = size * math.hypot(matrix[2], matrix[3])
    for code in _children(element, "TextCode"):
        for char, x, y, step in _placed(code, size):
            if text := readable(char):
                yield _glyph(text, (x, y), step, size, height, matrix, run, turn)


def _placed(code: Any, size: float) -> Iterator[tuple[str, float, float, float]]:
    """(character, x, y, width) of a text code: where no step is given, Chinese characters are square and others half as wide."""
    x, y = (next(iter(_numbers(code.get(name))), 0.0) for name in ("X", "Y"))
    across, down = _steps(code.get("DeltaX")), _steps(code.get("DeltaY"))
    for index, char in enumerate(code.text or ""):
        usual = size if is_wide(char) else size / 2
        step = across[index] if index < len(across) else 0.0 if index < len(down) else usual
        yield char, x, y, min(step, usual) if step > 0 else usual
        x += step
        y += down[index] if index < len(down) else 0.0


def _steps(text: str | None) -> list[float]:
    """Distances from character to character; ``g 3 5`` stands for 5 5 5."""
    steps: list[float] = []
    for match in _STEP.finditer(text or ""):
        steps.extend([float(match["step"])] * int(match["times"]) if match["times"] else [float(match["one"])])
        if len(steps) > _MOST_OBJECTS:
            break
    return steps


def _glyph(text: str, at: Point, width: float, size: float, height: float, matrix: Matrix, run: int, turn: int) -> Glyph:
    (xa, ya), (xb, yb) = moved((at[0], at[1] - 0.88 * size), matrix), moved((at[0] + width, at[1] + 0.12 * size), matrix)
    x, y = moved(at, matrix)
    return Glyph(text, min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb), y if turn % 2 == 0 else x, height, run, turn)


# --- lines ----------------------------------------------------------------------------------------------------------------------


def _rules(element: Any, matrix: Matrix) -> Iterator[Rule]:
    stroke, fill = element.get("Stroke", "true") == "true", element.get("Fill", "false") == "true"
    for data in _texts(element, "AbbreviatedData"):
        for points, straight in _strokes(data):
            yield from stroke_rules([moved(point, matrix) for point in points], stroke=stroke, fill=fill and straight)


def _strokes(data: str) -> Iterator[tuple[list[Point], bool]]:
    """The parts of a path that are drawn without lifting the pen, and whether their lines are straight."""
    points: list[Point] = []
    straight = True
    for kind, text in _PIECE.findall(data):
        numbers = _numbers(text)
        if kind in "SM":
            if len(points) > 1:
                yield points, straight
            points, straight = [], True
        if kind == "C" and points:
            points.append(points[0])
        width = _POINTS_OF.get(kind, 0)
        if width and len(numbers) >= width:
            straight = straight and kind in "SML"
            points.append((numbers[width - 2], numbers[width - 1]))
    if len(points) > 1:
        yield points, straight
