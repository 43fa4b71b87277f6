"""Expressions and their values in words: numbers and dates as a person writes them, formulas as sentences of arithmetic."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from math import isfinite

import numpy as np

from govreport_check.expr.columns import Dates, Numbers
from govreport_check.expr.nodes import Call, Cells, Constant, Node

MOST_DIGITS = 20
"""A quotient with more digits before its point is told without decimals."""


def number_text(column: Numbers, at: tuple[int, ...], places: int) -> str:
    """The number at ``at``: exact decimals, ``≥12`` or ``3–5`` where only its bounds are known, ``?`` where nothing is."""
    lo, hi = float(column.lo[at]), float(column.hi[at])
    over = 1.0 if column.over is None else float(np.broadcast_to(column.over, column.lo.shape)[at])
    low, high = (_decimal(end, over, places) for end in (lo, hi))
    if low == high and low is not None:
        return low
    if places and (lo, hi, over) == (1.0, 10.0**places - 1, 1.0):
        return "<1"  # as the mark is written that stands for it
    if low is None:
        return "?" if high is None else f"≤{high}"
    return (f"≥{low}" if low != "0" else "?") if high is None else f"{low}–{high}"


def _decimal(units: float, over: float, places: int) -> str | None:
    if not isfinite(units):
        return None
    if not places and over == 1.0:
        return str(int(units))
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


Namer = Callable[[Cells], str]
"""How a formula names figures: the labels of a form, in one language."""

_SIGNS = {"==": "=", "!=": "≠", "<": "<", "<=": "≤", ">": ">", ">=": "≥", "+": "+", "-": "−", "*": "×", "/": "÷"}
_CALLS = {
    "sum": ("合计", "sum of"),
    "min": ("最小的", "the least of"),
    "max": ("最大的", "the greatest of"),
    "mean": ("平均", "the mean of"),
    "abs": ("绝对值", "the size of"),
}


def formula(node: Node, name: Namer, lang: str) -> str | None:
    """A checked expression as a formula over the form's labels; None where it is about more than figures."""
    match node:
        case Constant():
            return f"{node.value:f}" if isinstance(node.value, Decimal) else None
        case Cells():
            return name(node) if node.world == "here" else None
        case Call(operator="scale", parts=(a,)):
            return formula(a, name, lang)
        case Call(operator=sign, parts=(a, b, *_)) if sign in _SIGNS:
            sides = [formula(part, name, lang) for part in (a, b)]
            return None if None in sides else f"{sides[0]} {_SIGNS[sign]} {sides[1]}"
        case Call(operator=word, parts=(a,)) if word in _CALLS:
            inner = formula(a, name, lang)
            return None if inner is None else f"{_CALLS[word][lang == 'en']} ({inner})" if lang == "en" else f"{_CALLS[word][0]}（{inner}）"
    return None
