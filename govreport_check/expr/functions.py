"""The named functions of the rule language: texts, dates, and the table from which the type check and the evaluator work.

To add a function, add one entry to :data:`FUNCTIONS`.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, Literal

import numpy as np
import re2

from govreport_check.expr import operators as op
from govreport_check.expr import printed
from govreport_check.expr.columns import FALSE, TRUE, UNKNOWN, Array, Dates, Numbers, Texts, Truth, either, no_slack, points, truth
from govreport_check.expr.nodes import Kind
from govreport_check.frozen import dataclass
from govreport_check.model import State
from govreport_check.patterns import later


@dataclass(frozen=True, slots=True)
class Function:
    """``takes`` are the kinds of its operands ("printed": any fact by name); ``reduces`` folds the axes that ``for`` leaves open;
    ``places`` are the decimal places of a number that it makes."""

    takes: tuple[Kind | Literal["printed"], ...]
    gives: Kind
    run: Callable[..., Any]
    reduces: bool = False
    places: int = 0


# --- dates ---------------------------------------------------------------------------------------------------------------------


def make_dates(year: Array, month: Array, day: Array, state: Array) -> Dates:
    """Dates from their printed parts (nan where unknown); a date that is not in the calendar is not valid and of unknown day."""
    known = np.isfinite(year) & np.isfinite(month) & np.isfinite(day)
    if known.all():
        return _known_dates(year, month, day, state)
    y, m, d = (np.clip(np.where(np.isfinite(part), part, 1), -1, 10**4).astype(np.int64) for part in (year, month, day))
    in_range = (y >= 1) & (y <= 9998) & (m >= 1) & (m <= 12) & (d >= 1)
    months = (np.where(in_range, y, 1970) - 1970) * 12 + np.where(in_range, m, 1) - 1
    first = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    length = (months + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) - first
    partly = ((m < 1) | (m > 12) | (d < 1) | (d > 31)) & (np.isfinite(month) | np.isfinite(day))
    exists = in_range & (d <= length)
    valid = np.where(known, truth(exists), np.where(partly, np.int8(FALSE), np.int8(UNKNOWN)))
    ordinal = (first + d - 1 + _EPOCH).astype(np.float64)
    usable = known & exists
    lo = np.where(usable, ordinal, -np.inf)
    days = Numbers(lo, lo if bool(usable.all()) else np.where(usable, ordinal, np.inf), bound=4e6)
    return Dates(days, year, month, day, valid.astype(np.int8), state)


def _known_dates(year: Array, month: Array, day: Array, state: Array) -> Dates:
    """Dates of which every part is known: most of them, and most of these exist."""
    y, m, d = (np.clip(part, -1, 10**4).astype(np.int64) for part in (year, month, day))
    in_range = (y >= 1) & (y <= 9998) & (m >= 1) & (m <= 12) & (d >= 1)
    months = np.where(in_range, (y - 1970) * 12 + m - 1, 0)
    first = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    in_month = d <= 28
    if not in_month.all():
        in_month = d <= (months + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) - first
    exists = in_range & in_month
    ordinal = (first + d + (_EPOCH - 1)).astype(np.float64)
    if exists.all():
        return Dates(Numbers(ordinal, ordinal, bound=4e6), year, month, day, truth(exists), state)
    lo, hi = np.where(exists, ordinal, -np.inf), np.where(exists, ordinal, np.inf)
    return Dates(Numbers(lo, hi, bound=4e6), year, month, day, truth(exists), state)


_EPOCH = datetime.date(1970, 1, 1).toordinal()


def year(a: Dates) -> Numbers:
    return _part(a.year)


def month(a: Dates) -> Numbers:
    return _part(a.month)


def day(a: Dates) -> Numbers:
    return _part(a.day)


def _part(values: Array) -> Numbers:
    known = np.isfinite(values)
    if bool(known.all()):
        return points(values, 1e4)
    return Numbers(np.where(known, values, -np.inf), np.where(known, values, np.inf), bound=1e4)


def days(a: Dates, b: Dates) -> Numbers:
    """Days from ``a`` to ``b``; negative when ``b`` is earlier."""
    return op.subtract(b.days, a.days)


def date(year: Numbers, month: Numbers, day: Numbers) -> Dates:
    """The date of three numbers, unknown where one of them is."""
    parts = [np.where((n.lo == n.hi) & np.isfinite(n.lo), n.lo, np.nan) for n in map(no_slack, (year, month, day))]
    y, m, d = np.broadcast_arrays(*parts)
    unknown = np.isnan(y) | np.isnan(m) | np.isnan(d)
    return make_dates(y, m, d, np.where(unknown, State.ABSENT, State.VALUE).astype(np.uint8))


def dates_of_days(figures: Numbers, unit: int) -> Dates:
    """Table cells that hold dates: proleptic Gregorian ordinals, in ``unit`` parts of a day."""
    scaled = figures if unit == 1 else replace(figures, lo=figures.lo / unit, hi=figures.hi / unit)
    known = np.isfinite(scaled.lo) & (scaled.lo == scaled.hi)
    ordinals = np.where(known, scaled.lo, _EPOCH).astype(np.int64) - _EPOCH
    moments = ordinals.astype("datetime64[D]")
    months = moments.astype("datetime64[M]")
    parts = (moments.astype("datetime64[Y]").astype(np.int64) + 1970, months.astype(np.int64) % 12 + 1)
    day_ = (moments - months.astype("datetime64[D]")).astype(np.int64) + 1
    year_, month_, dom = (np.where(known, part.astype(np.float64), np.nan) for part in (*parts, day_))
    state = np.zeros(known.shape, np.uint8) if figures.state is None else figures.state
    valid = np.where(known, TRUE, np.where(state == State.OUT_OF_RANGE, FALSE, UNKNOWN)).astype(np.int8)
    lo, hi = np.where(known, scaled.lo, -np.inf), np.where(known, scaled.hi, np.inf)
    return Dates(Numbers(lo, lo if known.all() else hi, na=figures.na, bound=4e6), year_, month_, dom, valid, state)


# --- texts ---------------------------------------------------------------------------------------------------------------------


def length(a: Texts) -> Numbers:
    """Characters, white space at the ends not counted; unknown where there may be a text that was not read."""
    open_ended = (a.state == State.UNREADABLE) | (a.state == State.NOT_GIVEN)
    lo = np.where(open_ended, 0.0, a.lengths)
    hi = np.where(open_ended, np.inf, a.lengths) if bool(open_ended.any()) else lo
    return Numbers(lo, hi, bound=float(lo.max(initial=0.0)), na=a.na)


def lengths_of(figures: Numbers) -> Texts:
    """Table cells that hold words: how many characters, and whether anything is printed."""
    state = np.zeros(figures.lo.shape, np.uint8) if figures.state is None else figures.state
    return Texts(None, np.where(np.isfinite(figures.hi), figures.lo, 0.0), state, figures.na)


@lru_cache(maxsize=512)
def pattern(text: str) -> Any:
    """The compiled RE2 pattern. Raises ``re2.error`` when it is none."""
    options = re2.Options()
    options.log_errors = False
    return re2.compile(text, options=options)


def matches(a: Texts, wanted: str) -> Truth:
    """Whether the pattern is found in the text."""
    search = pattern(wanted).search
    values = a.values if a.values is not None else np.full(a.state.shape, None, object)
    known = {text: UNKNOWN if text is None else TRUE if search(text) else FALSE for text in dict.fromkeys(values.flat)}
    flags = [known[text] for text in values.flat]
    return Truth(np.array(flags, np.int8).reshape(values.shape), a.na)


def similarity(a: Texts, b: Texts) -> Numbers:
    """How alike two texts are once figures and layout are left out: 0 nothing in common, 1 the same (Jaccard index of the
    character triples, Broder 1997); unknown where one of them is."""
    pairs = np.broadcast_arrays(_values(a), _values(b))
    found = [_alike(one, other) for one, other in zip(*(pair.flat for pair in pairs), strict=True)]
    known = np.array([value is not None for value in found]).reshape(pairs[0].shape)
    lo = np.array([0.0 if value is None else float(round(value * 10**SHARE_PLACES)) for value in found]).reshape(pairs[0].shape)
    return Numbers(lo, lo if known.all() else np.where(known, lo, 10.0**SHARE_PLACES), na=either(a.na, b.na), bound=10.0**SHARE_PLACES)


SHARE_PLACES = 4
"""Decimal places of a share that a function computes."""


def _values(a: Texts) -> Array:
    return a.values if a.values is not None else np.full(a.state.shape, None, object)


def _alike(a: str | None, b: str | None) -> float | None:
    if not a or not b:
        return None
    one, other = _triples(a), _triples(b)
    return len(one & other) / len(one | other) if one | other else None


@lru_cache(maxsize=4096)
def _triples(text: str) -> frozenset[str]:
    bare = "".join(char for char in text if char.isalpha())
    return frozenset(bare[i : i + 3] for i in range(len(bare) - 2))


def contains(a: Texts, b: Texts) -> Truth:
    """Whether the second text stands in the first, layout left out; unknown where one of them is."""
    pairs = np.broadcast_arrays(_values(a), _values(b))
    found = [stands_in(one, other) for one, other in zip(*(pair.flat for pair in pairs), strict=True)]
    return Truth(np.array(found, np.int8).reshape(pairs[0].shape), either(a.na, b.na))


def stands_in(whole: str | None, piece: str | None) -> int:
    if whole is None or not piece:
        return UNKNOWN
    return TRUE if "".join(piece.split()) in "".join(whole.split()) else FALSE


@lru_cache(maxsize=4096)
def repeats(text: str) -> int:
    """Words of two to four characters that stand twice in a row (审核审核), and the single ones that are always a slip (的的)."""
    return sum(match[1] not in _JOINTS for match in _DOUBLED.finditer(text))


_DOUBLED = later(r"([\u4e00-\u9fff]{2,4})\1|的的|了了|和和|在在|是是")
_JOINTS = frozenset({"公开", "行政", "工作", "信息", "政府", "管理", "服务", "建设"})
"""Words that end one term and begin the next: 主动公开公开内容 is no slip."""


def repeated(a: Texts) -> Numbers:
    """How many words stand twice in a row."""
    values = _values(a)
    counts = np.array([0.0 if text is None else float(repeats(text)) for text in values.flat]).reshape(values.shape)
    return Numbers(counts, counts, na=a.na, bound=float(counts.max(initial=0.0)))


FUNCTIONS: Mapping[str, Function] = {
    "sum": Function(("number",), "number", op.total, reduces=True),
    "min": Function(("number",), "number", op.least, reduces=True),
    "max": Function(("number",), "number", op.greatest, reduces=True),
    "mean": Function(("number",), "number", op.mean, reduces=True),
    "count": Function(("bool",), "number", op.count, reduces=True),
    "all": Function(("bool",), "bool", op.every, reduces=True),
    "any": Function(("bool",), "bool", op.some, reduces=True),
    "abs": Function(("number",), "number", op.absolute),
    "implies": Function(("bool", "bool"), "bool", op.implies),
    "present": Function(("printed",), "bool", printed.present),
    "blank": Function(("printed",), "bool", printed.blank),
    "absent": Function(("printed",), "bool", printed.absent),
    "applicable": Function(("printed",), "bool", printed.applicable),
    "valid": Function(("printed",), "bool", printed.valid),
    "length": Function(("text",), "number", length),
    "similarity": Function(("text", "text"), "number", similarity, places=SHARE_PLACES),
    "contains": Function(("text", "text"), "bool", contains),
    "repeated": Function(("text",), "number", repeated),
    "year": Function(("date",), "number", year),
    "month": Function(("date",), "number", month),
    "day": Function(("date",), "number", day),
    "days": Function(("date", "date"), "number", days),
    "date": Function(("number", "number", "number"), "date", date),
}

ELEMENTWISE: Mapping[str, Callable[..., Any]] = {
    "+": op.add,
    "-": op.subtract,
    "*": op.multiply,
    "/": op.divide,
    "negative": op.negative,
    "and": op.and_,
    "or": op.or_,
    "not": op.not_,
    "if": op.choose,
}
"""Operators that stand between their operands; comparisons, ``scale``, ``round`` and ``matches`` carry an option of their own."""
