"""Automatic numbering of Word: the number that stands before a paragraph on the page but not in its text (一、 made by a list).

ECMA-376-1:2016, 17.9 (numbering) and 17.18.59 (ST_NumberFormat). Numbers are produced in document order, as Word counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

_DIGITS = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"))
_ROMAN_ONES = ((5, "v"), (4, "iv"), (1, "i"))
_LEVELS = 9
_MOST = 32767  # 17.9: a decimal number of a list; larger ones are a mistake of the file
_ENDS = re.compile(r"\w$")


def local(element: Any) -> str:
    """The name of an element (lxml) without its namespace: transitional and strict files differ in that alone. '' for a comment."""
    tag = element.tag
    return _bare(tag) if isinstance(tag, str) else ""


@lru_cache(maxsize=4096)
def _bare(tag: str) -> str:
    return tag.rpartition("}")[2]


def child(element: Any, *names: str) -> Any:
    """The first child of that name, or child's child and so on; None when there is none."""
    for name in names:
        if element is None:
            return None
        element = next((one for one in element if local(one) == name), None)
    return element


def value(element: Any, name: str = "val") -> str | None:
    """An attribute whatever its namespace; None when the element or the attribute is not there."""
    if element is None:
        return None
    return next((text for key, text in element.items() if _bare(key) == name), None)


def number(text: str | None, default: int, most: int = _MOST) -> int:
    """A whole number of an attribute, at most ``most``; ``default`` for what is none."""
    return min(int(text), most) if text and re.fullmatch(r"\d{1,9}", text) else default


def is_on(element: Any) -> bool | None:
    """Whether an on/off property is on; None when it is not set."""
    return None if element is None else value(element) not in ("0", "false", "off")


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list. ``text`` holds %1 … %9 for the numbers of the levels; ``style`` is the paragraph style tied to it."""

    start: int
    format: str
    text: str
    restart: int | None
    legal: bool
    style: str | None


@dataclass(slots=True)
class Numbering:
    """The lists of a document and how far each has been counted. ``lists`` goes from numId to (list, first numbers of its own)."""

    levels: Mapping[str, Mapping[int, Level]] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, Mapping[int, int]]] = field(default_factory=dict)
    _counts: dict[str, list[int | None]] = field(default_factory=dict)
    _begun: set[str] = field(default_factory=set)

    def level_of(self, list_id: str, style: str | None) -> int:
        """The level that a paragraph style is tied to, 0 when none is."""
        levels = self.levels.get(self.lists.get(list_id, ("", {}))[0], {})
        return next((at for at, level in levels.items() if style and level.style == style), 0)

    def next(self, list_id: str, at: int) -> str:
        """Counts a paragraph of a list and gives its number as printed, '' for a bullet or a list that is not there."""
        abstract, starts = self.lists.get(list_id, ("", {}))
        levels = self.levels.get(abstract, {})
        if at not in levels:
            return ""
        counts = self._counts.setdefault(abstract, [None] * _LEVELS)
        if list_id not in self._begun:
            self._begun.add(list_id)
            for level, first in starts.items():
                counts[level] = first - 1
        self._count(counts, levels, at)
        return _printed(levels, counts, at)

    def _count(self, counts: list[int | None], levels: Mapping[int, Level], at: int) -> None:
        for upper in range(at):
            if counts[upper] is None and upper in levels:
                counts[upper] = levels[upper].start
        counts[at] = levels[at].start if (now := counts[at]) is None else now + 1
        for lower in range(at + 1, _LEVELS):
            restart = levels[lower].restart if lower in levels else None
            if restart is None or (restart and at < restart):
                counts[lower] = None


def read_numbering(root: Any, linked: Mapping[str, str]) -> Numbering:
    """The lists that numbering.xml (lxml, or None) defines. ``linked`` goes from a numbering style's id to its numId."""
    if root is None:
        return Numbering()
    abstracts = {value(one, "abstractNumId") or "": one for one in root if local(one) == "abstractNum"}
    lists = {value(one, "numId") or "": (value(child(one, "abstractNumId")) or "", _starts(one)) for one in root if local(one) == "num"}
    levels = {name: {**dict(_levels(one))} for name, one in abstracts.items()}
    for name, one in abstracts.items():
        style = value(child(one, "numStyleLink"))
        target = lists.get(linked.get(style or "", ""), ("", {}))[0]
        if style and not levels[name] and target in levels:
            levels[name] = levels[target]
    return Numbering(levels, lists)


def _starts(element: Any) -> dict[int, int]:
    overrides = [one for one in element if local(one) == "lvlOverride"]
    found = {number(value(one, "ilvl"), 0, _LEVELS - 1): value(child(one, "startOverride")) for one in overrides}
    return {level: number(text, 1) for level, text in found.items() if text is not None}


def _levels(abstract: Any) -> Iterator[tuple[int, Level]]:
    for one in abstract:
        if local(one) == "lvl":
            restart = value(child(one, "lvlRestart"))
            yield (
                number(value(one, "ilvl"), 0, _LEVELS - 1),
                Level(
                    start=number(value(child(one, "start")), 0),
                    format=value(child(one, "numFmt")) or "decimal",
                    text=value(child(one, "lvlText")) or "",
                    restart=number(restart, 0) if restart is not None else None,
                    legal=bool(is_on(child(one, "isLgl"))),
                    style=value(child(one, "pStyle")),
                ),
            )


def _printed(levels: Mapping[int, Level], counts: list[int | None], at: int) -> str:
    own = levels[at]
    if own.format in ("bullet", "none"):
        return ""

    def shown(match: re.Match[str]) -> str:
        index = int(match[1]) - 1
        level, count = levels.get(index), counts[index]
        if level is None or count is None:
            return ""
        return written(count, "decimal" if own.legal and level.format != "none" else level.format)

    text = re.sub(r"%([1-9])", shown, own.text)
    return f"{text} " if _ENDS.search(text) else text


# --- the formats ----------------------------------------------------------------------------------------------------------------


def written(count: int, form: str) -> str:
    """A whole number in one of Word's number formats; a format that is not known here is written in digits."""
    return _FORMATS.get(form, str)(count)


def _chinese(count: int, digits: str = _DIGITS, units: tuple[str, str, str] = ("十", "百", "千")) -> str:
    """一, 十, 十二, 二十, 一百零五; below ten thousand, digits above."""
    if not 0 < count < 10_000:
        return digits[0] if count == 0 else str(count)
    text = ""
    for place, unit in ((1000, units[2]), (100, units[1]), (10, units[0]), (1, "")):
        digit = count // place % 10
        text += digits[digit] + unit if digit else ("零" if text and not text.endswith("零") else "")
    text = text.rstrip("零")
    return text[1:] if text.startswith(f"一{units[0]}") else text


def _one_by_one(count: int) -> str:
    return "".join(_DIGITS[int(digit)] for digit in str(count))


def _roman(count: int) -> str:
    text = ""
    for worth, letters in (*_ROMAN, *_ROMAN_ONES):
        text += letters * (count // worth)
        count %= worth
    return text


def _letters(count: int) -> str:
    return chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1) if count else "0"


def _from(first: str, most: int) -> Callable[[int], str]:
    return lambda count: chr(ord(first) + count - 1) if 0 < count <= most else str(count)


def _cycle(signs: str) -> Callable[[int], str]:
    return lambda count: signs[(count - 1) % len(signs)] if count else "0"


_FORMATS: Mapping[str, Callable[[int], str]] = {
    **dict.fromkeys(
        ("chineseCounting", "chineseCountingThousand", "taiwaneseCounting", "taiwaneseCountingThousand", "japaneseCounting"), _chinese
    ),
    "chineseLegalSimplified": lambda count: _chinese(count, _LEGAL, ("拾", "佰", "仟")),
    **dict.fromkeys(("ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital", "koreanDigital2"), _one_by_one),
    "ideographTraditional": _cycle(_STEMS),
    "ideographZodiac": _cycle(_BRANCHES),
    **dict.fromkeys(("decimalEnclosedCircle", "decimalEnclosedCircleChinese"), _from("①", 20)),
    "decimalEnclosedParen": _from("⑴", 20),
    "decimalEnclosedFullstop": _from("⒈", 20),
    "decimalFullWidth": lambda count: str(count).translate({ord("0") + i: ord("０") + i for i in range(10)}),
    "decimalZero": lambda count: f"{count:02}",
    "upperRoman": lambda count: _roman(count).upper(),
    "lowerRoman": _roman,
    "upperLetter": lambda count: _letters(count).upper(),
    "lowerLetter": _letters,
}
