"""The text of a Word paragraph as the page shows it: insertions, moved text, content controls, fields, symbols; not deletions, hidden
text or page numbers. What is left out is kept count of.

ECMA-376-1:2016, 17.3 (paragraphs and runs), 17.13.5 (revisions), 17.16 (fields).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from govreport_check.readers.docx_numbers import Numbering, child, is_on, local, number, value

THROUGH = frozenset(
    {"ins", "moveTo", "hyperlink", "smartTag", "sdt", "sdtContent", "customXml", "bdo", "dir", "fldSimple", "oMath", "oMathPara"}
)
"""Elements whose content stands on the page as if they were not there."""
GONE = frozenset({"del", "moveFrom"})
_PAGE = re.compile(r"\s*(?:PAGE|NUMPAGES|SECTIONPAGES|SECTION)\b", re.IGNORECASE)
_SYMBOL = frozenset("0123456789+,-./:;<=>()%")
_DRAWN = frozenset({"drawing", "pict", "object"})


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph or character style, as far as it changes what is printed. ``list_id`` and ``level`` of its numbering."""

    based_on: str | None = None
    list_id: str | None = None
    level: int | None = None
    hidden: bool | None = None


@dataclass(slots=True)
class Told:
    """What the reading leaves out or finds behind the text. ``hidden`` and ``embedded`` hold (what is there, number of the paragraph),
    ``revised`` the numbers of paragraphs with revisions that nobody accepted."""

    hidden: list[tuple[str, int]] = field(default_factory=list)
    revised: list[int] = field(default_factory=list)
    embedded: list[tuple[str, int]] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Field:
    """A complex field that is open: its instruction so far, and whether its result has begun."""

    code: str = ""
    result: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph as printed. ``boxes`` are text boxes anchored in it (lxml), ``notes`` the ids of its footnotes (f…) and endnotes (e…).
    ``ends`` is false when its end was deleted, so that the next paragraph goes on in it. ``breaks``: a page begins in it."""

    text: str
    boxes: tuple[Any, ...] = ()
    notes: tuple[str, ...] = ()
    ends: bool = True
    breaks: bool = False


@dataclass(slots=True)
class TextReader:
    """Reads the paragraphs of a document one behind the other: fields may reach over several, lists count on. ``count`` is how many
    there were outside tables, empty ones left out."""

    styles: Mapping[str, Style]
    numbering: Numbering
    told: Told = field(default_factory=Told)
    count: int = 0
    _default: str | None = None
    _fields: list[_Field] = field(default_factory=list)
    _boxes: list[Any] = field(default_factory=list)
    _notes: list[str] = field(default_factory=list)
    _breaks: bool = False

    def line(self, paragraph: Any, *, cell: bool = False) -> Line:
        """What a ``w:p`` prints. In a table ``cell`` raised signs behind a figure are set in brackets, so that they are no digits of it."""
        self.count += not cell
        self._boxes, self._notes, self._breaks = [], [], False
        properties = child(paragraph, "pPr")
        style = value(child(properties, "pStyle")) or self._default
        pieces: list[str] = []
        for piece, raised in self._inside(paragraph, style):
            behind = cell and raised and piece.strip() and "".join(pieces)[-1:].isdigit()
            pieces.append(f"（{piece.strip()}）" if behind else piece)
        text = "".join(pieces)
        if text.strip() or cell:
            text = self._number(properties, style) + text
        if not cell and not text.strip():
            self.count -= 1  # an empty line is no paragraph that anybody counts
        marks = child(properties, "rPr")
        ends = child(marks, "del") is None and child(marks, "moveFrom") is None
        if not ends or child(marks, "ins") is not None:
            self.told.revised.append(self.count)
        breaks = self._breaks or bool(is_on(child(properties, "pageBreakBefore")))
        return Line(text, tuple(self._boxes), tuple(self._notes), ends, breaks)

    def _number(self, properties: Any, style: str | None) -> str:
        own = child(properties, "numPr")
        chain = list(_chain(style, self.styles))
        inherited = next((one for one in chain if self.styles[one].list_id is not None), None)
        list_id = value(child(own, "numId")) or (self.styles[inherited].list_id if inherited else None)
        if list_id is None or list_id == "0":
            return ""
        level = value(child(own, "ilvl")) if own is not None else None
        if level is None and inherited:
            stated = self.styles[inherited].level
            level = str(stated if stated is not None else self.numbering.level_of(list_id, inherited))
        return self.numbering.next(list_id, number(level, 0, 8))

    def _inside(self, element: Any, style: str | None) -> Iterator[tuple[str, bool]]:
        """(text, whether raised) of everything in a paragraph that the page shows."""
        for one in element:
            name = local(one)
            if name == "r":
                yield from self._run(one, style)
            elif name == "fldSimple" and _PAGE.match(value(one, "instr") or ""):
                continue
            elif name in THROUGH:
                if name in ("ins", "moveTo"):
                    self.told.revised.append(self.count)
                yield from self._inside(one, style)
            elif name in GONE:
                self.told.revised.append(self.count)
            elif name == "AlternateContent":
                yield from self._inside(chosen(one), style)
            elif name == "ruby":
                yield from self._inside(child(one, "rubyBase"), style)
            elif name == "txbxContent":
                self._boxes.append(one)

    def _run(self, run: Any, style: str | None) -> Iterator[tuple[str, bool]]:
        properties = child(run, "rPr")
        hidden = self._hidden(properties, style)
        raised = value(child(properties, "vertAlign")) == "superscript"
        text = "".join(self._signs(run, style))
        if text and hidden:
            self.told.hidden.append((text, self.count))
        elif text:
            yield text, raised

    def _hidden(self, properties: Any, style: str | None) -> bool:
        own = is_on(child(properties, "vanish"))
        chains = (*_chain(value(child(properties, "rStyle")), self.styles), *_chain(style, self.styles))
        return bool(next((on for on in (own, *(self.styles[one].hidden for one in chains)) if on is not None), False))

    def _signs(self, run: Any, style: str | None) -> Iterator[str]:
        for one in run:
            name = local(one)
            if name == "fldChar":
                yield from self._field(one)
            elif name == "instrText":
                if self._fields and not self._fields[-1].result:
                    self._fields[-1].code += one.text or ""
            elif name in _DRAWN or name == "AlternateContent":
                self._drawn(chosen(one) if name == "AlternateContent" else one)
            elif self._shown():
                yield self._sign(one, name, style)

    def _sign(self, one: Any, name: str, style: str | None) -> str:
        if name == "t":
            return one.text or ""
        if name == "br":
            self._breaks = self._breaks or value(one, "type") == "page"
            return "\n"
        if name == "sym":
            return symbol(value(one, "font") or "", value(one, "char") or "")
        if name in ("footnoteReference", "endnoteReference"):
            self._notes.append(name[0] + (value(one, "id") or ""))
            return ""
        if name == "ruby":
            return "".join(text for text, _ in self._inside(child(one, "rubyBase"), style))
        return {"tab": "\t", "ptab": "\t", "cr": "\n", "noBreakHyphen": "-"}.get(name, "")

    def _field(self, sign: Any) -> Iterator[str]:
        kind = value(sign, "fldCharType")
        if kind == "begin":
            self._fields.append(_Field())
            choices = child(sign, "ffData", "ddList")
            if choices is not None and all(field_.result for field_ in self._fields[:-1]):
                yield _chosen_entry(choices)
        elif kind == "separate" and self._fields:
            self._fields[-1].result = True
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _shown(self) -> bool:
        return all(one.result and not _PAGE.match(one.code) for one in self._fields)

    def _drawn(self, element: Any) -> None:
        """Text boxes of a drawing; a worksheet put into the page is told, since it is only a picture here."""
        boxes = list(_boxes(element))
        self._boxes.extend(boxes)
        for one in element.iter() if not boxes else ():
            program = value(one, "ProgID") if local(one) == "OLEObject" else None
            if program:
                self.told.embedded.append((program, self.count))


def _boxes(element: Any) -> Iterator[Any]:
    for one in element:
        name = local(one)
        if name == "txbxContent":
            yield one
        elif name == "AlternateContent":
            yield from _boxes(chosen(one))
        else:
            yield from _boxes(one)


def chosen(alternatives: Any) -> Any:
    """One branch of an ``mc:AlternateContent``: both hold the same words. Itself where it has none."""
    branches = [one for one in alternatives if local(one) in ("Choice", "Fallback")]
    return branches[0] if branches else alternatives


def symbol(font: str, code: str) -> str:
    """The character that a symbol font shows for ``code`` (hexadecimal); U+FFFD, which no figure holds, where it is not known."""
    point = int(code, 16) if re.fullmatch(r"[0-9A-Fa-f]{1,4}", code) else 0xFFFD
    low = chr(point & 0xFF)
    if 0xF000 <= point <= 0xF0FF:
        return low if font == "Symbol" and low in _SYMBOL else "\ufffd"
    return chr(point) if point >= 0x20 and not 0xD800 <= point <= 0xDFFF else "\ufffd"


def _chosen_entry(choices: Any) -> str:
    entries = [value(one) or "" for one in choices if local(one) == "listEntry"]
    at = number(value(child(choices, "result")) or value(child(choices, "default")), 0)
    return entries[at] if at < len(entries) else ""


def _chain(style: str | None, styles: Mapping[str, Style]) -> Iterator[str]:
    """A style and those it is based on; a circle is followed once."""
    met: set[str] = set()
    while style is not None and style in styles and style not in met:
        met.add(style)
        yield style
        style = styles[style].based_on


def read_styles(root: Any) -> tuple[dict[str, Style], str | None, dict[str, str]]:
    """(styles by id, the default paragraph style, numId by numbering style) of styles.xml (lxml, or None)."""
    styles: dict[str, Style] = {}
    default, linked = None, {}
    for one in root if root is not None else ():
        name = value(one, "styleId")
        if local(one) != "style" or name is None:
            continue
        numbers = child(one, "pPr", "numPr")
        list_id, level = value(child(numbers, "numId")), value(child(numbers, "ilvl"))
        hidden = is_on(child(one, "rPr", "vanish"))
        styles[name] = Style(value(child(one, "basedOn")), list_id, number(level, 0, 8) if level else None, hidden)
        if value(one, "type") == "numbering" and list_id:
            linked[name] = list_id
        if value(one, "type") == "paragraph" and value(one, "default") in ("1", "true", "on"):
            default = name
    return styles, default, linked
