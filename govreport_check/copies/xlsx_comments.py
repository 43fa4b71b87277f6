"""A workbook with comments at its cells, and nothing else changed.

ECMA-376-1:2016, 18.7 (comments); their boxes are VML drawings (ECMA-376-4:2016, 19). Comments that are there already stay: to one at the
same cell the new words are added behind its own.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from govreport_check.copies.parts import Parts, elements, new_root
from govreport_check.copies.runs import SPACE
from govreport_check.copies.sheet_boxes import box, drawing
from govreport_check.copies.sheets import inner, put_before, sheet_parts, spot_of, tag, within
from govreport_check.copies.told import Told
from govreport_check.errors import UsageError
from govreport_check.model import Place
from govreport_check.readers.docx_numbers import child, value
from govreport_check.readers.worksheet import Spot, reference

_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_BEHIND = (
    "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst",
)  # fmt: skip
_SHAPE = re.compile(rb"_x0000_s(\d+)")
_BLOCK = re.compile(rb"idmap\b[^>]*\bdata=\"(\d{1,5})")


def commented(parts: Parts, told: Sequence[Told], title: Place, author: str) -> bytes:
    """The workbook with ``told`` as comments; what has no place of its own stands at ``title``. Raises SourceError."""
    sheets = sheet_parts(parts)
    found: dict[str, dict[Spot, list[str]]] = {}
    for one in told:
        place = next((cell.place for cell in one.cells if cell.place.sheet in sheets and cell.place.cell), title)
        spot = spot_of(place.cell or "A1")
        part = sheets[place.sheet] if place.sheet in sheets else next(iter(sheets.values()))
        found.setdefault(part, {}).setdefault(spot, []).append("\n".join(one.lines))
    for part, texts in found.items():
        comment(parts, part, {spot: "\n\n".join(blocks) for spot, blocks in texts.items()}, author)
    return parts.saved()


def comment(parts: Parts, sheet: str, texts: Mapping[Spot, str], author: str) -> None:
    """Puts ``texts`` at the cells of a sheet's part."""
    root = _comments(parts, sheet)
    listed = inner(root, "commentList")
    known = {value(one, "ref"): one for one in listed}
    identity = _author(root, author)
    fresh: list[tuple[Spot, str]] = []
    for spot, text in sorted(_apart(texts, _threads(parts, sheet)).items()):
        if reference(*spot) in known:
            _say(inner(known[reference(*spot)], "text"), f"\n\n{author}：\n{text}")
            continue
        new = within(listed, "comment")
        new.set("ref", reference(*spot))
        new.set("authorId", identity)
        _say(within(new, "text"), text)
        fresh.append((spot, text))
    _draw(parts, sheet, fresh)


def _apart(texts: Mapping[Spot, str], threads: set[str]) -> dict[Spot, str]:
    """``texts``; where people talk in a thread, which shows no comment beside it, at the next cell to the right, which says so."""
    told: dict[Spot, str] = {}
    for spot, text in texts.items():
        free = spot
        while reference(*free) in threads:
            free = free[0], free[1] + 1
        said = text if free == spot else f"{reference(*spot)}：\n{text}"
        told[free] = f"{told[free]}\n\n{said}" if free in told else said
    return told


def _threads(parts: Parts, sheet: str) -> set[str]:
    found = [one.part for one in parts.related(sheet) if one.kind == "threadedComment" and parts.has(one.part)]
    return {value(one, "ref") or "" for part in found for one in elements(parts.xml(part), "threadedComment")}


def _comments(parts: Parts, sheet: str) -> Any:
    """The root of the part with a sheet's comments, a new one where there is none."""
    found = next((one.part for one in parts.related(sheet) if one.kind == "comments" and parts.has(one.part)), None)
    if found is not None:
        return parts.changing(found)
    own = parts.xml(sheet)
    root = new_root(tag(own, "comments"), {None: tag(own, "").strip("{}")})
    part = parts.free(posixpath.join(posixpath.dirname(posixpath.dirname(sheet)), "comments{}.xml"))
    parts.add(part, root, _TYPE)
    parts.relate(sheet, "comments", part)
    return root


def _author(root: Any, name: str) -> str:
    """The number of an author, who is added where he is not known."""
    authors = inner(root, "authors", first=True)
    names = [one.text or "" for one in authors]
    if name not in names:
        within(authors, "author").text = name
        names.append(name)
    return str(names.index(name))


def _say(text: Any, words: str) -> None:
    run = within(text, "r")
    within(within(run, "rPr"), "sz").set("val", "9")
    said = within(run, "t")
    said.text = words
    said.set(SPACE, "preserve")


# --- boxes ----------------------------------------------------------------------------------------------------------------------


def _draw(parts: Parts, sheet: str, fresh: Iterable[tuple[Spot, str]]) -> None:
    """A box for every new comment, in the sheet's drawing of such, a new one where there is none. Drawings are changed as text: those
    that office programs write need not be XML."""
    fresh = list(fresh)
    if not fresh:
        return
    root = parts.xml(sheet)
    identity = value(child(root, "legacyDrawing"), "id")
    part = next((one.part for one in parts.related(sheet) if one.id == identity and parts.has(one.part)), None)
    old = parts.read(part) if part else drawing(list(sheet_parts(parts).values()).index(sheet) + 1)
    head, end, tail = old.rpartition(b"</xml>")
    if not end:
        raise UsageError(f"{parts.container.name}: the boxes of its comments cannot be read; open the file and save it again")
    first = _first_shape(old)
    boxes = "".join(box(root, first + at, spot, text) for at, (spot, text) in enumerate(fresh))
    parts.written[part or _new_drawing(parts, sheet)] = head + boxes.encode("utf-8") + end + tail


def _first_shape(drawn: bytes) -> int:
    """The first number of a shape that a drawing has not given yet."""
    block = _BLOCK.search(drawn)
    return 1 + max(map(int, _SHAPE.findall(drawn)), default=1024 * int(block[1]) if block else 1024)


def _new_drawing(parts: Parts, sheet: str) -> str:
    part = parts.free(posixpath.join(posixpath.dirname(posixpath.dirname(sheet)), "drawings/vmlDrawing{}.vml"))
    parts.declare("Default", "Extension", "vml", _VML_TYPE)
    identity = parts.relate(sheet, "vmlDrawing", part)
    root = parts.changing(sheet)
    new = root.makeelement(tag(root, "legacyDrawing"), {f"{{{parts.family()}}}id": identity})
    put_before(root, new, _BEHIND)
    return part
