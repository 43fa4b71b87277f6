"""What an expression evaluates to: columns of numbers, dates, texts and truth values over many reports.

Every array's last axis is the report (or the members of a flat axis); the axes before it are the dense ones of the node's
shape, in its order. Numbers are whole multiples of the shape's unit in float64, exact to 2**53; a result beyond is widened
outwards, so that a verdict is never decided by a rounding.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from govreport_check.frozen import dataclass

if TYPE_CHECKING:
    import numpy.typing as npt

Array: TypeAlias = "npt.NDArray[Any]"

EXACT = 2.0**53

TRUE, UNKNOWN, FALSE = 1, 0, -1
"""In arrays of int8."""


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """Unknown parts [lo, hi] with a slack -minus…+plus; ``hi is lo`` when every one is a point.

    ``over`` is a known positive divisor still to be divided by; ``na`` marks what is not applicable; ``bound`` is at least the
    size of every finite end. ``state`` and ``low`` (the least admissible value) are there for figures as printed.
    """

    lo: Array
    hi: Array
    minus: Array | None = None
    plus: Array | None = None
    over: Array | None = None
    na: Array | None = None
    bound: float = 0.0
    state: Array | None = None
    low: Array | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """1 true, 0 undecided, -1 false (int8); ``na`` marks what is not applicable."""

    value: Array
    na: Array | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """Characters (object array, None where there are none), their lengths, and the state of each. ``values`` may be left out
    in a batch that carries only lengths."""

    values: Array | None
    lengths: Array
    state: Array
    na: Array | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Dates:
    """Days as proleptic Gregorian ordinals, unknown ones as (-inf, inf); parts as printed (nan where unknown).

    ``valid`` is true where the printed date exists in the calendar.
    """

    days: Numbers
    year: Array
    month: Array
    day: Array
    valid: Array
    state: Array


Column: TypeAlias = "Numbers | Truth | Texts | Dates"


def points(values: Array, bound: float | None = None) -> Numbers:
    """Exactly known numbers."""
    size = bound if bound is not None else float(np.abs(values).max(initial=0.0))
    return Numbers(values, values, bound=size)


def either(a: Array | None, b: Array | None) -> Array | None:
    """``a or b`` of two masks, None being all false."""
    return b if a is None else a if b is None else a | b


def both(a: Array | None, b: Array | None) -> Array | None:
    """``a and b`` of two masks, None being all false."""
    return None if a is None or b is None else a & b


def sound(numbers: Numbers) -> Numbers:
    """``numbers`` widened outwards by one step where a result may have been rounded (beyond 2**53)."""
    if numbers.bound < EXACT:
        return numbers
    # each end by itself: 12 or more is still exactly 12 or more, whatever stands beside it in the batch
    big_lo, big_hi = np.abs(numbers.lo) >= EXACT, np.isfinite(numbers.hi) & (np.abs(numbers.hi) >= EXACT)
    if not big_lo.any() and not big_hi.any():
        return replace(numbers, bound=EXACT)
    lo = np.where(big_lo, np.nextafter(numbers.lo, -np.inf), numbers.lo)
    hi = np.where(big_hi, np.nextafter(numbers.hi, np.inf), numbers.hi)
    return replace(numbers, lo=lo, hi=hi)


def no_slack(numbers: Numbers) -> Numbers:
    """The slack taken into the unknown part, for operations that slack does not survive."""
    if numbers.minus is None or numbers.plus is None:
        return numbers
    bound = numbers.bound + float(max(numbers.minus.max(initial=0.0), numbers.plus.max(initial=0.0)))
    return replace(numbers, lo=numbers.lo - numbers.minus, hi=numbers.hi + numbers.plus, minus=None, plus=None, bound=bound)


def truth(values: Array) -> Array:
    """A boolean array as true and false."""
    flags: Array = values.view(np.int8) * np.int8(2)
    flags -= np.int8(1)
    return flags
