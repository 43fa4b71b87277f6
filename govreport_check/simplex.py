"""Can these linear constraints hold together? In exact numbers, with the reason where they cannot.

The simplex of Dutertre and de Moura (A Fast Linear-Arithmetic Solver for DPLL(T), 2006): every linear form is a variable with bounds,
so that a constraint is taken back by taking back its bounds. Numbers are integers or fractions; a strict bound is a pair (number, ±1),
the second part being a multiple of something smaller than any number.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from fractions import Fraction
from typing import TypeAlias

from govreport_check.locate.system import Key, Number, exact

Pair: TypeAlias = "tuple[Number, Number]"
"""A number and its infinitesimal part; pairs compare as they should."""

Reason: TypeAlias = Hashable
Bound: TypeAlias = "tuple[Pair, Reason]"
Reasons: TypeAlias = "frozenset[Reason]"

ZERO: Pair = (0, 0)


def _over(a: Number, b: Number) -> Number:
    return exact(Fraction(a) / b)


def at_rest(lo: Number | None, hi: Number | None) -> Number:
    """The value in [lo, hi] that is nearest to 0: where a variable stands of which nothing is asked."""
    if lo is not None and lo > 0:
        return lo
    return hi if hi is not None and hi < 0 else 0


class Tableau:
    """Variables by number, basic ones as rows over the others; bounds with their reasons.

    ``mark`` and ``undo`` bracket a try: bounds are taken back, rows stay.
    """

    def __init__(self) -> None:
        self.known: dict[Key, int] = {}
        self.forms: dict[Key, int] = {}
        self.values: list[Pair] = []
        self.lower: list[Bound | None] = []
        self.upper: list[Bound | None] = []
        self.rows: dict[int, dict[int, Number]] = {}
        self.columns: list[set[int]] = []
        self.trail: list[tuple[int, bool, Bound | None]] = []

    # --- variables

    def variable(self, key: Key, lo: Number | None = None, hi: Number | None = None) -> int:
        """The number of ``key``; its domain is [lo, hi] when it is new."""
        known = self.known.get(key)
        if known is not None:
            return known
        new = self._new()
        self.known[key] = new
        self.lower[new] = None if lo is None else ((lo, 0), None)
        self.upper[new] = None if hi is None else ((hi, 0), None)
        self.values[new] = (at_rest(lo, hi), 0)
        return new

    def _new(self) -> int:
        self.values.append(ZERO)
        self.lower.append(None)
        self.upper.append(None)
        self.columns.append(set())
        return len(self.values) - 1

    def form(self, terms: Mapping[int, Number]) -> tuple[int, Number]:
        """A variable that is proportional to Σ coefficient · variable, and the factor: form = factor · Σ."""
        first = min(terms)
        factor = _over(1, terms[first])
        if len(terms) == 1:
            return first, factor
        scaled = {i: exact(factor * a) for i, a in sorted(terms.items())}
        key = tuple(scaled.items())
        if key not in self.forms:
            self.forms[key] = self._row(scaled)
        return self.forms[key], factor

    def _row(self, terms: Mapping[int, Number]) -> int:
        new = self._new()
        row: dict[int, Number] = {}
        for i, coefficient in terms.items():
            for j, inner in self.rows.get(i, {i: 1}).items():
                _add(row, j, coefficient * inner)
        self.rows[new] = row
        for j in row:
            self.columns[j].add(new)
        self.values[new] = self._sum(row)
        return new

    def _sum(self, row: Mapping[int, Number]) -> Pair:
        real = sum(a * self.values[j][0] for j, a in row.items())
        small = sum(a * self.values[j][1] for j, a in row.items() if self.values[j][1])
        return exact(real), exact(small)

    # --- bounds

    def mark(self) -> int:
        return len(self.trail)

    def undo(self, mark: int) -> None:
        """Takes back every bound since ``mark``."""
        while len(self.trail) > mark:
            i, low, before = self.trail.pop()
            (self.lower if low else self.upper)[i] = before

    def bound(self, i: int, low: Pair | None, high: Pair | None, reason: Reason) -> Reasons | None:
        """Narrows the bounds of a variable; the reasons against it where nothing is left between them."""
        for end, is_low in ((low, True), (high, False)):
            if end is not None:
                against = self._narrow(i, end, is_low, reason)
                if against is not None:
                    return against
        return None

    def _narrow(self, i: int, end: Pair, is_low: bool, reason: Reason) -> Reasons | None:
        own, other = (self.lower, self.upper) if is_low else (self.upper, self.lower)
        now, across = own[i], other[i]
        if now is not None and (now[0] >= end if is_low else now[0] <= end):
            return None
        if across is not None and (across[0] < end if is_low else across[0] > end):
            return frozenset({reason, across[1]} - {None})
        self.trail.append((i, is_low, now))
        own[i] = (end, reason)
        if i not in self.rows and (self.values[i] < end if is_low else self.values[i] > end):
            self._move(i, end)
        return None

    def _move(self, i: int, value: Pair) -> None:
        """A variable that is no row takes another value, and every row with it."""
        step = (value[0] - self.values[i][0], value[1] - self.values[i][1])
        self.values[i] = value
        for b in self.columns[i]:
            a = self.rows[b][i]
            self.values[b] = (exact(self.values[b][0] + a * step[0]), exact(self.values[b][1] + a * step[1]))

    # --- the search

    def check(self) -> Reasons | None:
        """None when all bounds hold together (``values`` then do), else reasons that cannot hold together, none of them idle."""
        while True:
            broken = min((b for b in self.rows if self._outside(b)), default=None)
            if broken is None:
                return None
            low = self.lower[broken]
            up = low is not None and self.values[broken] < low[0]
            target = low if up else self.upper[broken]
            entering = min((j for j, a in self.rows[broken].items() if self._can_move(j, (a > 0) == up)), default=None)
            if target is None or entering is None:
                return self._reasons(broken, up)
            self._pivot(broken, entering, target[0])

    def _outside(self, i: int) -> bool:
        low, high, value = self.lower[i], self.upper[i], self.values[i]
        return (low is not None and value < low[0]) or (high is not None and value > high[0])

    def _can_move(self, j: int, up: bool) -> bool:
        end = (self.upper if up else self.lower)[j]
        return end is None or (self.values[j] < end[0] if up else self.values[j] > end[0])

    def _reasons(self, broken: int, up: bool) -> Reasons:
        own = (self.lower if up else self.upper)[broken]
        ends = [own, *((self.upper if (a > 0) == up else self.lower)[j] for j, a in self.rows[broken].items())]
        return frozenset(end[1] for end in ends if end is not None and end[1] is not None)

    def _pivot(self, leaving: int, entering: int, value: Pair) -> None:
        """``entering`` takes the place of the row ``leaving``, which takes ``value``."""
        a = self.rows[leaving][entering]
        was, now = self.values[leaving], self.values[entering]
        gap = (_over(value[0] - was[0], a), _over(value[1] - was[1], a))
        self._move(entering, (exact(now[0] + gap[0]), exact(now[1] + gap[1])))
        self.values[leaving] = value
        self._swap(leaving, entering)

    def _swap(self, leaving: int, entering: int) -> None:
        old = self.rows.pop(leaving)
        a = old.pop(entering)
        new = {j: _over(-coefficient, a) for j, coefficient in old.items()}
        new[leaving] = _over(1, a)
        for j in old:
            self.columns[j].discard(leaving)
        users = self.columns[entering] - {leaving}
        self.columns[entering] = set()
        for b in users:
            factor = self.rows[b].pop(entering)
            for j, coefficient in new.items():
                self._add_to(b, j, factor * coefficient)
        self.rows[entering] = new
        for j in new:
            self.columns[j].add(entering)

    def _add_to(self, b: int, j: int, amount: Number) -> None:
        row = self.rows[b]
        _add(row, j, amount)
        (self.columns[j].add if j in row else self.columns[j].discard)(b)

    # --- extremes

    def extreme(self, i: int, up: bool) -> Pair | None:
        """The greatest (``up``) or least value of a variable under the bounds, which must hold together; None when there is none."""
        if i not in self.rows and self.columns[i]:  # as a row over the others its way is seen
            self._swap(min(self.columns[i]), i)
        if i not in self.rows:
            end = (self.upper if up else self.lower)[i]
            return None if end is None else end[0]
        while True:
            entering = min((j for j, a in self.rows[i].items() if self._can_move(j, (a > 0) == up)), default=None)
            if entering is None:
                return self.values[i]
            rising = (self.rows[i][entering] > 0) == up
            room = min(self._room(entering, rising), default=None)
            if room is None:
                return None
            (step, small), blocking = room
            sign, now = (1 if rising else -1), self.values[entering]
            self._move(entering, (exact(now[0] + sign * step), exact(now[1] + sign * small)))
            if blocking == i:
                return self.values[i]
            if blocking != entering:
                self._swap(blocking, entering)

    def _room(self, j: int, up: bool) -> Iterator[tuple[Pair, int]]:
        """How far ``j`` may move until it, or a row that moves with it, comes to its end."""
        moving: list[tuple[int, Number]] = [(j, 1), *((b, self.rows[b][j]) for b in self.columns[j])]
        for b, a in moving:
            rising = (a > 0) == up
            end = (self.upper if rising else self.lower)[b]
            if end is not None:
                far: Pair = end[0] if rising else self.values[b]
                near: Pair = self.values[b] if rising else end[0]
                rate = a if a > 0 else -a
                yield (_over(far[0] - near[0], rate), _over(far[1] - near[1], rate)), b


def _add(row: dict[int, Number], j: int, amount: Number) -> None:
    value = exact(row.get(j, 0) + amount)
    if value:
        row[j] = value
    else:
        row.pop(j, None)
