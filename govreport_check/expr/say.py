"""Expressions and their values in words: numbers and dates as a person writes them, formulas as sentences of arithmetic."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

import numpy as np

from govreport_check.expr.columns import Dates, Numbers
from govreport_check.expr.nodes import Call, Cells, Constant, Fact, Member, Node, SectionFact

MOST_DIGITS = 20
"""A quotient with more digits before its point is told without decimals."""


def number_text(column: Numbers, at: tuple[int, ...], places: int) -> str:
    """The number at ``at``: exact decimals, ``≥12`` or ``3–5`` where only its bounds are known, ``?`` where nothing is."""
    lo, hi = float(column.lo[at]), float(column.hi[at])
    over = 1.0 if column.over is None else float(np.broadcast_to(column.over, column.lo.shape)[at])
    low, high = (_decimal(end, over, places) for end in (lo, hi))
    if low == high and low is not None:
        return low
    if low is None:
        return "?" if high is None else f"≤{high}"
    return (f"≥{low}" if low != "0" else "?") if high is None else f"{low}–{high}"


def _decimal(units: float, over: float, places: int) -> str | None:
    if not np.isfinite(units):
        return None
    value = Decimal(int(units)).scaleb(-places)
    if over != 1.0:
        value /= Decimal(over)
        value = value.quantize(Decimal("0.0001"), ROUND_HALF_UP) if value.adjusted() < MOST_DIGITS else value.to_integral_value()
    plain = f"{value.normalize():f}"
    return "0" if plain in ("-0", "0") else plain


def date_text(column: Dates, at: tuple[int, ...], lang: str) -> str:
    """2022年1月13日 or 2022-01-13, as far as it is printed."""
    year, month, day = (float(part[at]) for part in (column.year, column.month, column.day))
    numbers = [None if np.isnan(part) else int(part) for part in (year, month, day)]
    if lang == "en":
        return "-".join(f"{number:02d}" for number in numbers if number is not None) or "?"
    return "".join(f"{number}{unit}" for number, unit in zip(numbers, "年月日", strict=True) if number is not None) or "?"


Namer = Callable[[Node], str]
"""How a formula names a reference: the labels of a form, in one language."""

_SIGNS = {"==": "=", "!=": "≠", "<": "<", "<=": "≤", ">": ">", ">=": "≥", "+": "+", "-": "−", "*": "×", "/": "÷"}
_LOGIC = {"and": ("且", "and"), "or": ("或", "or"), "implies": ("则须", "implies")}
_CALLS: dict[str, tuple[str, str]] = {
    "sum": ("合计", "sum of"),
    "count": ("个数", "number of"),
    "all": ("每一个都", "all of"),
    "any": ("至少一个", "any of"),
    "min": ("最小值", "least of"),
    "max": ("最大值", "greatest of"),
    "mean": ("平均", "mean of"),
    "abs": ("绝对值", "size of"),
    "present": ("已填写", "is printed:"),
    "blank": ("空白", "is blank:"),
    "absent": ("缺失", "is absent:"),
    "applicable": ("适用", "applies:"),
    "valid": ("数值有效", "is valid:"),
    "length": ("字数", "characters of"),
    "year": ("年份", "year of"),
    "month": ("月份", "month of"),
    "day": ("日", "day of"),
    "days": ("天数", "days between"),
    "date": ("日期", "date"),
    "matches": ("含有", "contains"),
    "contains": ("包含", "contains"),
    "round": ("四舍五入", "rounded"),
}


def formula(node: Node, name: Namer, lang: str) -> str:
    """A checked expression as a formula over the form's labels."""
    index = 1 if lang == "en" else 0
    match node:
        case Constant():
            return f"{node.value:f}" if isinstance(node.value, Decimal) else f"“{node.value}”"
        case Cells() | Fact() | SectionFact() | Member():
            return name(node)
        case Call(operator="negative", parts=(a,)):
            return f"−{formula(a, name, lang)}"
        case Call(operator="scale", parts=(a,)):
            return formula(a, name, lang)
        case Call(operator="not", parts=(a,)):
            return f"{('非', 'not ')[index]}（{formula(a, name, lang)}）" if index == 0 else f"not ({formula(a, name, lang)})"
        case Call(operator=sign, parts=(a, b, *_)) if sign in _SIGNS:
            return f"{formula(a, name, lang)} {_SIGNS[sign]} {formula(b, name, lang)}"
        case Call(operator=word, parts=(a, b)) if word in _LOGIC:
            return f"({formula(a, name, lang)}) {_LOGIC[word][index]} ({formula(b, name, lang)})"
        case Call(operator=word, parts=parts):
            told = ", ".join(formula(part, name, lang) for part in parts)
            return f"{_CALLS.get(word, (word, word))[index]}({told})"
    return "?"
