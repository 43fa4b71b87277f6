"""THE MEANING: what every operator of the rule language does to columns. Written once, for one report and for a million.

Operands arrive aligned (same axes, same unit). Reductions get the positions of the axes to fold and, when they fold the flat
axis, the report of each member. Contract: ``rule-language`` section 4; Kleene's strong tables for and, or, not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

import numpy as np

from govreport_check.expr.columns import (
    EXACT,
    FALSE,
    TRUE,
    UNKNOWN,
    Array,
    Column,
    Dates,
    Numbers,
    Texts,
    Truth,
    both,
    either,
    no_slack,
    points,
    sound,
    truth,
)
from govreport_check.frozen import dataclass
from govreport_check.model import State


@dataclass(frozen=True, slots=True)
class Fold:
    """What a reduction folds: dense axes by position; the flat axis onto ``reports`` reports, ``of[i]`` being member i's."""

    axes: tuple[int, ...]
    of: Array | None = None
    reports: int = 0


# --- arithmetic ----------------------------------------------------------------------------------------------------------------


def add(a: Numbers, b: Numbers) -> Numbers:
    a, b, over = _common(a, b)
    lo = a.lo + b.lo
    hi = lo if a.hi is a.lo and b.hi is b.lo else a.hi + b.hi
    return sound(Numbers(lo, hi, *_slack(a.minus, b.minus, a.plus, b.plus), over, either(a.na, b.na), a.bound + b.bound))


def subtract(a: Numbers, b: Numbers) -> Numbers:
    a, b, over = _common(a, b)
    lo = a.lo - b.hi
    hi = lo if a.hi is a.lo and b.hi is b.lo else a.hi - b.lo
    return sound(Numbers(lo, hi, *_slack(a.minus, b.plus, a.plus, b.minus), over, either(a.na, b.na), a.bound + b.bound))


def negative(a: Numbers) -> Numbers:
    lo = -a.hi
    return replace(a, lo=lo, hi=lo if a.hi is a.lo else -a.lo, minus=a.plus, plus=a.minus, state=None)


def multiply(a: Numbers, b: Numbers) -> Numbers:
    if not _exact(b):
        a, b = b, a
    na, bound = either(a.na, b.na), a.bound * b.bound
    over = a.over if b.over is None else b.over if a.over is None else a.over * b.over
    if _exact(a) and _exact(b):
        product = a.lo * b.lo
        return sound(Numbers(product, product, over=over, na=na, bound=bound))
    if _exact(b):
        return _times_known(a, b, over, na, bound)
    a, b = no_slack(a), no_slack(b)
    ends = np.stack([_product(x, y) for x in (a.lo, a.hi) for y in (b.lo, b.hi)])
    return sound(Numbers(ends.min(axis=0), ends.max(axis=0), over=over, na=na, bound=max(bound, EXACT)))


def _times_known(a: Numbers, b: Numbers, over: Array | None, na: Array | None, bound: float) -> Numbers:
    up = b.lo >= 0
    one, other = _product(a.lo, b.lo), _product(a.hi, b.lo)
    minus, plus = a.minus, a.plus
    if minus is not None and plus is not None:
        size = np.abs(b.lo)
        minus, plus = np.where(up, minus, plus) * size, np.where(up, plus, minus) * size
    lo, hi = np.where(up, one, other), np.where(up, other, one)
    return sound(Numbers(lo, hi, minus, plus, over, na, bound))


def divide(a: Numbers, b: Numbers) -> Numbers:
    """The quotient, kept as a fraction over a known divisor; a divisor that is unknown or zero leaves everything open."""
    b = no_slack(b)
    known = (b.lo == b.hi) & (b.lo != 0)
    sign = np.where(b.lo < 0, -1.0, 1.0)
    size = np.where(known, np.abs(b.lo), 1.0)
    top = multiply(a if b.over is None else multiply(a, points(b.over)), points(sign, 1.0))
    lo, hi = np.where(known, top.lo, -np.inf), np.where(known, top.hi, np.inf)
    over = size if top.over is None else size * top.over
    return replace(top, lo=lo, hi=lo if bool(known.all()) and top.hi is top.lo else hi, over=over, na=either(a.na, b.na))


def scale(a: Numbers, places: int) -> Numbers:
    """``a`` in units finer by 10**places."""
    return multiply(a, points(np.asarray(10.0**places), 10.0**places))


def absolute(a: Numbers) -> Numbers:
    a = no_slack(a)
    low = np.where((a.lo <= 0) & (a.hi >= 0), 0.0, np.minimum(np.abs(a.lo), np.abs(a.hi)))
    return replace(a, lo=low, hi=low if a.hi is a.lo else np.maximum(np.abs(a.lo), np.abs(a.hi)), state=None)


def rounded(a: Numbers, unit: int, mode: str) -> Numbers:
    """``a`` rounded to whole multiples of ``unit`` of its own units, then in those; half_up is away from zero."""
    a = no_slack(a)
    step = np.asarray((np.float64(1.0) if a.over is None else a.over) * unit)
    lo = _round(a.lo, step, mode)
    return sound(Numbers(lo, lo if a.hi is a.lo else _round(a.hi, step, mode), na=a.na, bound=a.bound))


def _round(value: Array, step: Array, mode: str) -> Array:
    size = np.where(np.isfinite(value), np.abs(value), 0.0)
    whole = np.floor(size / step)
    rest = size - whole * step  # exact: below 2**53 both products are, and it repairs a quotient rounded upwards
    whole, rest = np.where(rest < 0, whole - 1, whole), np.where(rest < 0, rest + step, rest)
    tie = rest * 2 == step
    up = (rest * 2 > step) | (tie if mode == "half_up" else tie & (whole % 2 == 1))
    result: Array = np.where(np.isfinite(value), np.copysign(whole + up, value), value) + 0.0
    return result


def _exact(a: Numbers) -> bool:
    return a.hi is a.lo and a.minus is None


def _product(a: Array, b: Array) -> Array:
    with np.errstate(invalid="ignore"):
        product: Array = a * b
    return np.where(np.isnan(product), 0.0, product)  # 0 · inf: nothing of something unbounded is nothing


def _slack(minus_a: Array | None, minus_b: Array | None, plus_a: Array | None, plus_b: Array | None) -> tuple[Array | None, Array | None]:
    if minus_a is None or plus_a is None:
        return minus_b, plus_b
    return (minus_a, plus_a) if minus_b is None or plus_b is None else (minus_a + minus_b, plus_a + plus_b)


def _common(a: Numbers, b: Numbers) -> tuple[Numbers, Numbers, Array | None]:
    """Both over one divisor, which is returned apart."""
    if a.over is None and b.over is None:
        return a, b, None
    one = np.float64(1.0)
    over_a, over_b = (one if n.over is None else n.over for n in (a, b))
    wide_a = multiply(replace(a, over=None), points(np.asarray(over_b)))
    wide_b = multiply(replace(b, over=None), points(np.asarray(over_a)))
    return wide_a, wide_b, np.asarray(over_a * over_b)


# --- comparison ----------------------------------------------------------------------------------------------------------------


def compare(operator: str, a: Column, b: Column, tolerance: Numbers | None = None) -> Truth:
    """The truth of ``a operator b`` for every value of the unknown parts and some value of the slacks, within ``tolerance``."""
    if isinstance(a, Dates) and isinstance(b, Dates):
        return compare(operator, a.days, b.days)
    if isinstance(a, Texts) and isinstance(b, Texts):
        return _compare_texts(operator, a, b)
    if isinstance(a, Truth) and isinstance(b, Truth):
        same = Truth(a.value * b.value, either(a.na, b.na))
        return same if operator == "==" else not_(same)
    if not (isinstance(a, Numbers) and isinstance(b, Numbers)):
        raise TypeError(f"{operator} on {type(a).__name__} and {type(b).__name__}")  # the type check lets none through
    if _exact(a) and _exact(b) and tolerance is None and a.over is None and b.over is None and max(a.bound, b.bound) < EXACT:
        return Truth(truth(getattr(np, _EXACT[operator])(a.lo, b.lo)), either(a.na, b.na))
    return within(operator, subtract(a, b), tolerance)


def within(operator: str, d: Numbers, tolerance: Numbers | None) -> Truth:
    """The truth of ``d operator 0`` within ``tolerance``; a divisor of either is multiplied out."""
    if tolerance is None:
        return sign_test(operator, replace(d, over=None))
    d, tolerance, _ = _common(d, tolerance)
    found = sign_test(operator, replace(d, over=None), replace(tolerance, over=None))
    return replace(found, na=either(found.na, tolerance.na))


_EXACT = {"==": "equal", "!=": "not_equal", "<": "less", "<=": "less_equal", ">": "greater", ">=": "greater_equal"}
"""What numpy calls them."""


def sign_test(operator: str, d: Numbers, tolerance: Numbers | None = None) -> Truth:
    """The truth of ``d operator 0``; a positive divisor of d does not matter and is to be left out."""
    if operator in ("!=", "<", ">"):
        return not_(sign_test({"!=": "==", "<": ">=", ">": "<="}[operator], d))
    t = points(np.asarray(0.0)) if tolerance is None else no_slack(tolerance)
    e, f = (np.float64(0.0) if s is None else s for s in (d.minus, d.plus))
    if operator == "==":
        yes, no = (d.lo >= -f - t.lo) & (d.hi <= e + t.lo), (d.hi < -f - t.hi) | (d.lo > e + t.hi)
    elif operator == "<=":
        yes, no = d.hi <= e + t.lo, d.lo > e + t.hi
    else:
        yes, no = d.lo >= -f - t.lo, d.hi < -f - t.hi
    return Truth(np.where(yes, np.int8(TRUE), np.where(no, np.int8(FALSE), np.int8(UNKNOWN))), d.na)


def _compare_texts(operator: str, a: Texts, b: Texts) -> Truth:
    if a.values is None or b.values is None:
        shape = np.broadcast_shapes(a.state.shape, b.state.shape)
        return Truth(np.zeros(shape, np.int8), either(a.na, b.na))
    known = (a.state == State.VALUE) & (b.state == State.VALUE)
    same = np.asarray(a.values == b.values, dtype=bool)
    flags = truth(same if operator == "==" else ~same)
    return Truth(np.where(known, flags, UNKNOWN), either(a.na, b.na))


# --- logic ---------------------------------------------------------------------------------------------------------------------


def not_(a: Truth) -> Truth:
    return Truth(-a.value, a.na)


def and_(a: Truth, b: Truth) -> Truth:
    return Truth(np.minimum(_filled(a, TRUE), _filled(b, TRUE)), both(a.na, b.na))


def or_(a: Truth, b: Truth) -> Truth:
    return Truth(np.maximum(_filled(a, FALSE), _filled(b, FALSE)), both(a.na, b.na))


def implies(a: Truth, b: Truth) -> Truth:
    return or_(not_(a), b)


def _filled(a: Truth, with_: int) -> Array:
    return a.value if a.na is None else np.where(a.na, with_, a.value)


def choose(condition: Truth, a: Column, b: Column) -> Column:
    """``a if condition else b``; where the condition is undecided, anything from the one to the other."""
    yes, no = condition.value == TRUE, condition.value == FALSE
    if isinstance(a, Truth) and isinstance(b, Truth):
        na, half = _chosen_na(yes, no, a.na, b.na)
        same = np.where((a.value == b.value) & ~half, a.value, UNKNOWN)
        return Truth(np.where(yes, a.value, np.where(no, b.value, same)), either(na, condition.na))
    if isinstance(a, Texts) and isinstance(b, Texts):
        return _chosen_text(condition, a, b)
    if not (isinstance(a, Numbers) and isinstance(b, Numbers)):
        raise TypeError("only values of one kind are chosen between")  # the type check lets nothing else through
    a, b, over = _common(no_slack(a), no_slack(b))
    na, half = _chosen_na(yes, no, a.na, b.na)
    lo = np.where(yes, a.lo, np.where(no, b.lo, np.where(half, -np.inf, np.minimum(a.lo, b.lo))))
    hi = np.where(yes, a.hi, np.where(no, b.hi, np.where(half, np.inf, np.maximum(a.hi, b.hi))))
    return Numbers(lo, hi, over=over, na=either(na, condition.na), bound=max(a.bound, b.bound))


def _chosen_text(condition: Truth, a: Texts, b: Texts) -> Texts:
    """Either text; unread where the condition is undecided."""
    yes, no = condition.value == TRUE, condition.value == FALSE
    nothing = np.full(1, None, object)
    one, other = (nothing if text.values is None else text.values for text in (a, b))
    values = np.where(yes, one, np.where(no, other, nothing))
    lengths = np.where(yes, a.lengths, np.where(no, b.lengths, 0.0))
    state = np.where(yes, a.state, np.where(no, b.state, np.uint8(State.UNREADABLE))).astype(np.uint8)
    return Texts(values, lengths, state, either(_chosen_na(yes, no, a.na, b.na)[0], condition.na))


def _chosen_na(yes: Array, no: Array, a: Array | None, b: Array | None) -> tuple[Array | None, Array]:
    """(where the choice is not applicable, where one of the two branches is not and the condition is undecided: all is open)."""
    if a is None and b is None:
        return None, np.asarray(False)
    na_a, na_b = (np.asarray(False) if na is None else na for na in (a, b))
    return np.where(yes, na_a, np.where(no, na_b, na_a & na_b)), na_a ^ na_b


# --- reductions ----------------------------------------------------------------------------------------------------------------


def _fold(values: Array, fold: Fold, ufunc: Literal["add", "minimum", "maximum"]) -> Array:
    """Fold dense axes, then members onto their reports, starting from what changes nothing."""
    function: np.ufunc = getattr(np, ufunc)
    neutral: float = {"add": 0.0, "minimum": np.inf, "maximum": -np.inf}[ufunc]
    if values.dtype == np.int8:
        neutral = {"add": 0.0, "minimum": 1.0, "maximum": -1.0}[ufunc]
    # only an axis of no members needs to be told what changes nothing
    empty = {"initial": values.dtype.type(neutral)} if 0 in values.shape else {}
    result: Array = function.reduce(values, axis=fold.axes, **empty) if fold.axes else values
    if fold.of is None:
        return result
    out = np.full((*result.shape[:-1], fold.reports), neutral, dtype=result.dtype)
    function.at(np.moveaxis(out, -1, 0), fold.of, np.moveaxis(result, -1, 0))
    return out


def _some(na: Array | None, like: Array, fold: Fold) -> tuple[Array, Array | None]:
    """(what counts, what is not applicable after folding): over nothing, a reduction is not applicable."""
    counts = np.ones(like.shape, np.float64) if na is None else (~np.broadcast_to(na, like.shape)).astype(np.float64)
    none = _fold(counts, fold, "add") == 0
    return counts, none if none.any() else None


def total(a: Numbers, fold: Fold) -> Numbers:
    if a.over is not None:
        raise TypeError("a sum of quotients")  # the type check lets none through
    width = int(np.prod([a.lo.shape[i] for i in fold.axes], initial=1)) * (a.lo.shape[-1] if fold.of is not None else 1)
    none = None
    if a.na is not None or fold.of is not None or width == 0:
        counts, none = _some(a.na, a.lo, fold)
        a = _changed(a, lambda values: np.where(counts > 0, values, 0.0))
    summed = _changed(a, lambda values: _fold(np.broadcast_to(values, a.lo.shape), fold, "add"))
    summed = replace(summed, na=none, bound=a.bound * width, state=None, low=None)
    return summed if summed.bound < EXACT else _widened(summed, a, fold)


def _changed(a: Numbers, change: Callable[[Array], Array]) -> Numbers:
    lo = change(a.lo)
    minus, plus = (None if slack is None else change(slack) for slack in (a.minus, a.plus))
    return replace(a, lo=lo, hi=lo if a.hi is a.lo else change(a.hi), minus=minus, plus=plus)


def _widened(summed: Numbers, a: Numbers, fold: Fold) -> Numbers:
    """A sum whose parts together reach 2**53, opened by what its additions may have rounded, though they may cancel in the end."""
    size = _in_order(np.maximum(*(np.where(np.isfinite(end), np.abs(end), 0.0) for end in (a.lo, a.hi))), fold)
    big = size >= EXACT
    if not big.any():
        return summed
    error = np.where(big, size * _in_order(np.ones(a.lo.shape), fold) * 2.0**-52, 0.0)
    lo, hi = (np.where(big, _in_order(end, fold), known) for end, known in ((a.lo, summed.lo), (a.hi, summed.hi)))
    return sound(replace(summed, lo=lo - error, hi=hi + error))


def _in_order(values: Array, fold: Fold) -> Array:
    """The sum, one after another: numpy adds in an order that depends on how many reports there are, which shows beyond 2**53."""
    parts = np.moveaxis(values, fold.axes, range(len(fold.axes))).reshape(-1, *_fold(values, replace(fold, of=None), "add").shape)
    return _fold(sum(parts[1:], start=parts[0]), replace(fold, axes=()), "add")


def least(a: Numbers, fold: Fold) -> Numbers:
    return _extreme(a, fold, "minimum", np.inf)


def greatest(a: Numbers, fold: Fold) -> Numbers:
    return _extreme(a, fold, "maximum", -np.inf)


def _extreme(a: Numbers, fold: Fold, ufunc: Literal["minimum", "maximum"], nothing: float) -> Numbers:
    a = no_slack(a)
    counts, none = _some(a.na, a.lo, fold)
    lo = _fold(np.where(counts > 0, a.lo, nothing), fold, ufunc)
    hi = lo if a.hi is a.lo else _fold(np.where(counts > 0, a.hi, nothing), fold, ufunc)
    if none is not None:
        lo = np.where(none, 0.0, lo)
        hi = lo if a.hi is a.lo else np.where(none, 0.0, hi)
    return Numbers(lo, hi, na=none, bound=a.bound)


def mean(a: Numbers, fold: Fold) -> Numbers:
    counts, _ = _some(a.na, a.lo, fold)
    number = _fold(counts, fold, "add")
    return replace(total(a, fold), over=np.maximum(number, 1.0))


def every(a: Truth, fold: Fold) -> Truth:
    _, none = _some(a.na, a.value, fold)
    return Truth(_fold(_filled(a, TRUE), fold, "minimum"), none)


def some(a: Truth, fold: Fold) -> Truth:
    _, none = _some(a.na, a.value, fold)
    return Truth(_fold(_filled(a, FALSE), fold, "maximum"), none)


def count(a: Truth, fold: Fold) -> Numbers:
    """[true, true + undecided]; what is not applicable is not counted."""
    value = _filled(a, FALSE)
    lo = _fold((value == TRUE).astype(np.float64), fold, "add")
    hi = _fold((value >= UNKNOWN).astype(np.float64), fold, "add")
    return Numbers(lo, lo if np.array_equal(lo, hi) else hi, bound=float(hi.max(initial=0.0)))
