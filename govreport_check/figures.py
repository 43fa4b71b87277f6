"""What printed characters mean as a number: the one reading of figures, for cells and for prose.

A :class:`Figure` is an unknown part [lo, hi], a slack -minus…+plus around it, and a state (``docs/architecture.md``, "Numbers").
All numbers here are exact: Python integers and decimals, or infinities for open ends.
"""

from __future__ import annotations

import datetime
import math
import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import TypeAlias

from govreport_check.frozen import dataclass
from govreport_check.model import Raw, Repeated, State
from govreport_check.patterns import later

Number: TypeAlias = "int | Decimal | float"  # float only for the infinities

LIMIT = 2**53


@dataclass(frozen=True, slots=True)
class CellType:
    """A kind of cell. ``places`` are its decimal places, ``low`` the least it can be; ``suffixes`` may stand behind the figure."""

    name: str
    places: int = 0
    low: int | None = 0
    unit: str | None = None
    suffixes: tuple[str, ...] = ()

    @property
    def domain(self) -> tuple[float, float]:
        """[lo, hi] of a figure of which nothing is known."""
        return (-math.inf if self.low is None else float(self.low), math.inf)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as far as it is known, in whole or decimal units of the cell (not scaled)."""

    state: State
    lo: Number
    hi: Number
    minus: Number = 0
    plus: Number = 0
    note: str | None = None

    @property
    def value(self) -> Decimal | None:
        """The number, when the unknown part is a point."""
        return Decimal(self.lo) if self.lo == self.hi and not isinstance(self.lo, float) else None


@dataclass(frozen=True, slots=True)
class Between:
    """What a mark stands for when it is neither zero nor unknown: a number above ``above`` and below ``below``."""

    above: int
    below: int


Mark: TypeAlias = "State | Between"

_FIGURE = later(
    r"(?P<sign>[-+])?(?P<whole>\d{1,3}(?:,\d{3})+|\d+|(?=\.\d))(?:\.(?P<fraction>\d+))?(?P<suffix>[^\d(.,]{0,4}?)(?P<note>\([^()]*(?:\([^()]*\)[^()]*)*\))?"
)
_ROUGH = later(r"(?P<about>约|近|超|上)?(?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<fraction>\d+))?(?P<scale>[万亿])?(?P<more>余|多)?")
_MINUS = str.maketrans({"−": "-", "－": "-", "﹣": "-", "–": "-"})


def normal(text: str) -> str:
    """Full-width forms folded, every white space removed."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def read_cell(raw: Raw, kind: CellType, marks: Mapping[str, Mark], *, total: bool = False) -> Figure:
    """The figure that a cell of ``kind`` holds.

    ``marks`` goes from normalised characters (``""`` is nothing printed) to what the form declares them to mean; in a ``total``
    cell nothing printed means nothing known, whatever ``marks`` say.
    """
    if isinstance(raw, Repeated):
        return _repeated(raw, kind, marks, total)
    if raw is None:
        return _marked("", kind, marks, total)
    if kind.name in ("date", "text"):
        return _worded(str(raw), kind, marks)
    if isinstance(raw, str):
        return _printed(raw, kind, marks, total)
    return _number(Decimal(raw), kind)


def _repeated(raw: Repeated, kind: CellType, marks: Mapping[str, Mark], total: bool) -> Figure:
    figures = {read_cell(value, kind, marks, total=total) for value in raw.values}
    return figures.pop() if len(figures) == 1 else Figure(State.AMBIGUOUS, *kind.domain)


def _marked(text: str, kind: CellType, marks: Mapping[str, Mark], total: bool) -> Figure:
    mark = marks.get(text, State.BLANK)
    if isinstance(mark, Between):
        middle = Decimal(mark.above + mark.below) / 2
        half = Decimal(mark.below - mark.above) / 2 - Decimal(1).scaleb(-kind.places)  # neither end is meant
        half = max(half, Decimal(0))
        return Figure(State.RANGE, middle, middle, half, half)
    if mark is State.ZERO and not (total and text == ""):
        return Figure(State.EMPTY if text == "" else State.ZERO, 0, 0)
    return Figure(State.BLANK if mark is State.ZERO else mark, *kind.domain)


def _printed(raw: str, kind: CellType, marks: Mapping[str, Mark], total: bool) -> Figure:
    text = normal(raw)
    if text in marks or text == "":
        return _marked(text, kind, marks, total)
    text = text.translate(_MINUS)
    match = _FIGURE.fullmatch(text)
    if match and (match["suffix"] == "" or match["suffix"] in kind.suffixes):
        digits = f"{match['sign'] or ''}{match['whole'].replace(',', '') or '0'}.{match['fraction'] or '0'}"
        return _number(Decimal(digits), kind, match["note"])
    return _rough(text, kind)


_DAY = later(r"(\d{4})-(\d{2})-(\d{2})")


def _worded(text: str, kind: CellType, marks: Mapping[str, Mark]) -> Figure:
    """A cell of words as their number of characters; a date as its day, counted from the first of the calendar.

    In a column of dates 0 stands for none. A day that is not in the calendar is out of range.
    """
    short = normal(text)
    if short == "" or short in marks:
        return _marked(short, kind, marks, total=False)
    if kind.name == "text":
        return Figure(State.VALUE, len(text.strip()), len(text.strip()))
    if short == "0":
        return Figure(State.NOT_APPLICABLE, *kind.domain)
    match = _DAY.fullmatch(short)
    if match is None:
        return Figure(State.UNREADABLE, *kind.domain)
    try:
        day = datetime.date(int(match[1]), int(match[2]), int(match[3])).toordinal()
    except ValueError:
        return Figure(State.OUT_OF_RANGE, *kind.domain)
    return Figure(State.VALUE, day, day)


def _number(value: Decimal, kind: CellType, note: str | None = None) -> Figure:
    if not value.is_finite():
        return Figure(State.UNREADABLE, *kind.domain)
    if value == 0:
        return Figure(State.VALUE, 0, 0, note=note)
    if value.adjusted() > 40 or abs(value) * 10**kind.places >= LIMIT:
        edge = LIMIT // 10**kind.places
        return Figure(State.OUT_OF_RANGE, edge, math.inf) if value > 0 else Figure(State.OUT_OF_RANGE, -math.inf, -edge)
    if value.adjusted() < -40:
        value = Decimal(1).scaleb(-41).copy_sign(value)
    unit = Decimal(1).scaleb(-kind.places)
    low = (value // unit) * unit
    if low > value:  # decimal division truncates towards zero
        low -= unit
    if low != value:
        return Figure(State.OUT_OF_RANGE, low, low + unit, note=note)
    return Figure(State.VALUE, _plain(low), _plain(low), note=note)


def _plain(value: Decimal) -> int | Decimal:
    return int(value) if value == value.to_integral_value() else value.normalize()


def _rough(text: str, kind: CellType) -> Figure:
    match = _ROUGH.fullmatch(text)
    if not match or not any(match[part] for part in ("about", "scale", "more")):
        return Figure(State.UNREADABLE, *kind.domain)
    return rough_figure(match)


_TOO_LARGE = Figure(State.OUT_OF_RANGE, LIMIT, math.inf)


def rough_figure(match: re.Match[str]) -> Figure:
    """A rounded figure (约20, 1.2万, 20余, 近300, 上百): the point that is printed and the slack that its rounding leaves.

    Half of the last non-zero place either way; for 余 and 多 upwards only, up to one short of the next such place.
    """
    digits, fraction = match["digits"].replace(",", ""), match["fraction"] or ""
    scale = {"万": 10**4, "亿": 10**8}.get(match["scale"] or "", 1)
    value = Decimal(f"{digits}.{fraction or '0'}") * scale
    places = -len(fraction) if fraction else len(digits) - len(digits.rstrip("0") or "0")
    if value >= LIMIT:
        return _TOO_LARGE
    step = Decimal(scale).scaleb(places) if value else Decimal(1)
    if match["more"]:
        return Figure(State.ROUNDED, _plain(value), _plain(value), 0, _plain(max(step - 1, Decimal(0))))
    return Figure(State.ROUNDED, _plain(value), _plain(value), _plain(step / 2), _plain(step / 2))


# --- numbers in prose ----------------------------------------------------------------------------------------------------------

_DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_SCALES = {"十": 10, "百": 100, "千": 1000}
CHINESE = "〇零一二两三四五六七八九十百千万亿"
_TWO_DIGITS = later("[一二两三四五六七八九]{2}")
_MOST_NUMERALS = 20


def chinese_integer(text: str) -> int | None:
    """十二 → 12, 三百零五 → 305, 二〇二二 → 2022, 1 万 2 千 is not one; None when ``text`` is not such a numeral."""
    if not text or any(char not in CHINESE for char in text):
        return None
    if all(char in _DIGITS for char in text):
        # 二〇二二 is a row of digits; 三四 is "three or four", which is not a number
        spelled = len(text) == 1 or (4 <= len(text) <= _MOST_NUMERALS) or any(char in "〇零" for char in text)
        return int("".join(str(_DIGITS[char]) for char in text)) if spelled else None
    if _TWO_DIGITS.search(text):
        return None
    total, group, digit = 0, 0, 0
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif char in _SCALES:
            group, digit = group + (digit or 1) * _SCALES[char], 0
        else:
            total, group, digit = (total + group + digit) * (10**4 if char == "万" else 10**8), 0, 0
    return total + group + digit


def read_prose(text: str) -> Figure:
    """A number as the prose writes it: 1,234 · １２ · 1.2万 · 十二 · 两 · 20余 · 近300 · 约20 · 上百. Unreadable when it is none."""
    text = normal(text)
    plain = re.fullmatch(r"(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?", text)
    if plain:
        value = Decimal(text.replace(",", ""))
        return Figure(State.VALUE, _plain(value), _plain(value)) if value < LIMIT else _TOO_LARGE
    numeral = chinese_integer(text)
    if numeral is not None:
        return Figure(State.VALUE, numeral, numeral) if numeral < LIMIT else _TOO_LARGE
    match = _ROUGH.fullmatch(text) or _ROUGH.fullmatch(_in_digits(text))
    return rough_figure(match) if match else Figure(State.UNREADABLE, 0, math.inf)


def _in_digits(text: str) -> str:
    """The Chinese numeral inside a rough figure as digits: 上百 → 上100, 十余 → 10余."""
    match = re.fullmatch(rf"([约近超上]?)([{CHINESE}]+)([余多]?)", text)
    numeral = chinese_integer(match[2]) if match else None
    return f"{match[1]}{numeral}{match[3]}" if match and numeral is not None else text
