"""Typing slips: how a right figure became the printed one. They rank explanations; they prove nothing.

Kinds after Damerau (1964) and Scholtus (2009), with those of tables: a neighbour's figure, a part counted twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from fractions import Fraction

from govreport_check.locate.system import Number, exact, steps

SLIPS = (
    "exchanged",
    "swapped",
    "dropped",
    "doubled",
    "zeros",
    "added",
    "sign",
    "copied",
    "point",
    "together",
    "twice",
    "replaced",
    "omitted",
)
"""The likeliest first. exchanged: two figures in one another's place; swapped: two digits; dropped, doubled, added: a digit; zeros: too
many; copied: a neighbour's figure; point: a decimal point moved; together: figures off by the same, as where a total was worked out from
a wrong figure; twice: a part counted twice; replaced: one digit; omitted: nothing entered where there was something."""

NO_SLIP = len(SLIPS) + 2
"""The rank of a change that no slip explains: worse than the likelier of two that slips do."""


LEAST_TELLING = 10
"""Figures of one digit are alike by chance too often to say that one was copied."""


def rank(slip: str | None) -> int:
    """The place of a slip in :data:`SLIPS`."""
    return NO_SLIP if slip is None else SLIPS.index(slip)


def slip_of(
    old: Number, new: Number, neighbours: Collection[Number] = (), parts: Collection[Number] = (), places: int | None = 0
) -> str | None:
    """The likeliest slip by which ``new`` was printed as ``old``; ``places``: the decimal places in which both are written.

    ``neighbours`` are the figures beside it, ``parts`` those that stand with it in a sum.
    """
    printed, right = _digits(old, places), _digits(new, places)
    if printed is None or right is None:
        return None
    if old == 0:
        return "omitted" if new >= LEAST_TELLING else None
    if old == -new:
        return "sign"
    by_digits = next(_digit_slips(printed, right), None) if (old < 0) == (new < 0) else None
    if by_digits in ("swapped", "dropped", "doubled", "zeros", "added"):
        return by_digits
    if not -LEAST_TELLING < old < LEAST_TELLING and old in neighbours:
        return "copied"
    if _is_shifted(old, new):
        return "point"
    if new and old - new >= LEAST_TELLING and old - new in parts:
        return "twice"
    return by_digits


def _digits(value: Number, places: int | None) -> str | None:
    if places is None:
        return str(abs(value)) if isinstance(value, int) else None
    whole = exact((value if value >= 0 else -value) / steps(places))
    return str(whole) if isinstance(whole, int) else None


def _digit_slips(printed: str, right: str) -> Iterator[str]:
    if len(printed) == len(right):
        different = [i for i, (a, b) in enumerate(zip(printed, right, strict=True)) if a != b]
        if len(different) == 2 and different[1] == different[0] + 1:
            i, j = different
            if printed[i] == right[j] and printed[j] == right[i]:
                yield "swapped"
        if len(different) == 1 and len(right) > 1:
            yield "replaced"
    elif len(printed) + 1 == len(right) and printed in _shorter(right):
        yield "dropped"
    elif len(printed) == len(right) + 1 and right in _shorter(printed):
        yield _added(printed, right)
    elif printed.startswith(right) and not printed[len(right) :].strip("0"):
        yield "zeros"


def _shorter(digits: str) -> set[str]:
    return {digits[:i] + digits[i + 1 :] for i in range(len(digits))}


def _added(printed: str, right: str) -> str:
    if printed == right + "0":
        return "zeros"
    twice = {right[: i + 1] + right[i:] for i in range(len(right))}
    return "doubled" if printed in twice else "added"


def _is_shifted(old: Number, new: Number) -> bool:
    """Whether the two differ by a power of ten."""
    if not old or not new:
        return False
    ratio = abs(Fraction(old) / Fraction(new))
    digits = str(max(ratio.numerator, ratio.denominator))
    return min(ratio.numerator, ratio.denominator) == 1 and len(digits) > 1 and digits.rstrip("0") == "1"


def slips_together(changes: Sequence[tuple[Number, Number]]) -> str | None:
    """The slip that (printed, right) of several cells have in common: exchanged, or off by the same."""
    if len(changes) < 2:
        return None
    olds, news = zip(*changes, strict=True)
    if sorted(olds) == sorted(news) and all(old != new for old, new in changes):
        return "exchanged"
    return "together" if len({old - new for old, new in changes}) == 1 else None
