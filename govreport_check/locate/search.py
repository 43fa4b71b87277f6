"""All smallest sets of cells whose change makes every constraint hold.

A row that follows from the constraints, in which no free cell stands and which does not hold, must lose one of its figures: so the
search frees a cell of the most telling such row, eliminates it exactly, and goes on with what is still wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, product

from govreport_check.locate.apart import components, independent
from govreport_check.locate.bounds import MOST_LOOSE, bounds_of, is_possible
from govreport_check.locate.cover import cover, is_installed
from govreport_check.locate.slips import rank, slip_of, slips_together
from govreport_check.locate.system import Constraint, Key, Number, State, System, Variable, exact, freed, outside, rows_of, system

MOST_CELLS = 3
"""So many cells are changed together at most."""

MOST_WITH_SOLVER = 6
"""So many where there is a solver, and no explanation with fewer."""

BUDGET = 3_000
"""So many eliminations are made for one cause before it is given up."""


_FEW = 100


@dataclass(frozen=True, slots=True)
class Change:
    """A cell that changes from ``old``; ``new`` is None where several values do, from ``low`` to ``high`` (None: open).

    ``slip``: the typing slip that makes ``old`` out of ``new``, one of ``slips.SLIPS``; None where there is none.
    """

    key: Key
    old: Number
    new: Number | None
    low: Number | None
    high: Number | None
    slip: str | None = None
    weight: Number = 1


@dataclass(frozen=True, slots=True)
class Explanation:
    """Cells that, changed together, make every constraint of their cause hold; ``slip``: what all changes have in common."""

    changes: tuple[Change, ...]
    slip: str | None = None

    @property
    def weight(self) -> Number:
        return sum((change.weight for change in self.changes), start=0)

    @property
    def keys(self) -> frozenset[Key]:
        return frozenset(change.key for change in self.changes)

    def part(self, keys: Collection[Key]) -> Explanation:
        """What this says of some of its cells."""
        return together([change for change in self.changes if change.key in keys])


@dataclass(frozen=True, slots=True)
class Cause:
    """Constraints that break together, and all lightest explanations of it, the likeliest slip first.

    ``complete`` is False where the work was given up; without explanations there is none of up to the most cells looked for.
    """

    broken: tuple[Key, ...]
    explanations: tuple[Explanation, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class Located:
    """What is wrong, in parts that have nothing to do with one another."""

    causes: tuple[Cause, ...]

    @property
    def complete(self) -> bool:
        """Whether nothing was given up."""
        return all(cause.complete for cause in self.causes)

    def sets(self) -> Iterator[frozenset[Key]]:
        """The lightest sets of cells that explain everything, one explanation of each cause; the empty set where all holds."""
        for chosen in product(*(cause.explanations for cause in self.causes)):
            yield frozenset(chain.from_iterable(one.keys for one in chosen))


def locate(
    variables: Mapping[Key, Variable],
    constraints: Sequence[Constraint],
    *,
    most: int = MOST_CELLS,
    beyond: int = MOST_WITH_SOLVER,
    budget: int = BUDGET,
) -> Located:
    """All lightest sets of at most ``most`` cells that, changed, make every constraint hold, with the values that they would take.

    Every figure outside a set keeps its value, unknown ones take any in their domain; all numbers are exact. Weights being equal, the
    lightest sets are the smallest. Where there is none and highspy is installed, sets of up to ``beyond`` cells are looked for. Causes and
    explanations come in a fixed order. ``budget`` is counted in eliminations for each cause. Raises KeyError for a constraint over a key
    that is not among ``variables``.
    """
    causes: list[Cause] = []
    for keys, mine in components(variables, constraints):
        if all(variables[key].value is not None for key in keys) and not any(is_broken(one, variables) for one in mine):
            continue
        whole = system({key: variables[key] for key in keys}, mine)
        search = Search(whole, budget)
        if len(whole.start.loose) > MOST_LOOSE:
            broken = tuple(one.name for one in mine if is_broken(one, variables))
            causes.extend([Cause(broken, (), False)] if broken else [])
            continue
        if search.conflicts(whole.start):
            search.deepen(most)
            if not search.found and beyond > most and is_installed():
                search.widen(beyond, most)
            causes.extend(_causes(search, mine))
    return Located(tuple(causes))


def _causes(search: Search, constraints: Sequence[Constraint]) -> Iterator[Cause]:
    whole = search.whole
    known = dict(zip(whole.keys, whole.variables, strict=True))
    broken = tuple(one.name for one in constraints if is_broken(one, known))
    sums = _sums(whole, constraints)
    explanations = [explanation(cells, state, whole, sums) for cells, state in search.found]
    told = [one for one in explanations if all(change.new != change.old for change in one.changes)]
    for names, mine in independent(told, broken, constraints, whole):
        yield Cause(names, tuple(sorted(mine, key=lambda one: _order(one, whole))), search.complete)


def is_broken(one: Constraint, variables: Mapping[Key, Variable]) -> bool:
    """Whether a constraint fails whatever the unknown figures in it are."""
    low: Number | None = 0
    high: Number | None = 0
    for coefficient, key in one.terms:
        factor, variable = exact(coefficient), variables[key]
        ends = (variable.lo, variable.hi) if variable.value is None else (variable.value, variable.value)
        least, most = ends if factor >= 0 else (ends[1], ends[0])
        low = None if low is None or least is None else low + factor * exact(least)
        high = None if high is None or most is None else high + factor * exact(most)
    above = low is not None and one.high is not None and outside(low, None, exact(one.high), one.strict)
    below = high is not None and one.low is not None and outside(high, exact(one.low), None, one.strict)
    return above or below


# --- the search ----------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Search:
    """One system, and what was found in it so far: sets of cells of the least ``weight``, each with its state."""

    whole: System
    budget: int
    spent: int = 0
    complete: bool = True
    weight: Number | None = None
    found: list[tuple[tuple[int, ...], State]] = field(default_factory=list)

    def deepen(self, most: int, least: int = 1) -> None:
        """Looks for sets of ``least`` cells, then of one more, and so on, while a larger set could be as light as those found."""
        weights = sorted(exact(one.weight) for one in self.whole.variables if one.value is not None and not one.fixed)
        for size in range(least, most + 1):
            if self.weight is not None and sum(weights[:size]) > self.weight:
                return
            self.look(self.whole.start, (), size, frozenset())
            if not self.complete:
                return

    def widen(self, most: int, done: int) -> None:
        """Looks for sets larger than ``done``; where that is given up, for sets as large as the smallest that a solver finds."""
        self.spent = 0
        self.deepen(most, done + 1 if self.complete else 1)
        if self.complete:
            return
        first, sure = cover(self.whole, self, most)
        if first is not None:
            self.spent = 0
            self._keep(*first)
            self.look(self.whole.start, (), len(first[0]), frozenset())
        self.complete = self.spent <= self.budget and sure

    def weigh(self, cells: Collection[int]) -> Number:
        return sum((exact(self.whole.variables[i].weight) for i in cells), start=0)

    def look(self, state: State, chosen: tuple[int, ...], left: int, barred: frozenset[int]) -> None:
        """Every set that holds ``chosen``, at most ``left`` more cells and none that is ``barred``."""
        conflicts = self.conflicts(state)
        if not conflicts:
            self._keep(chosen, state)
            return
        self.spent += 1 + len(state.equations) // _FEW  # an elimination goes through all of them
        self.complete = self.spent <= self.budget
        if not left or not self.complete:
            return
        open_ = [[i for i in cells if i not in barred and self._may_change(i)] for cells in conflicts]
        for cell, later in _branches(open_, left):
            if self.weight is None or self.weigh((*chosen, cell)) <= self.weight:
                self.look(freed(state, cell), (*chosen, cell), left - 1, barred.union(later))

    def _may_change(self, cell: int) -> bool:
        one = self.whole.variables[cell]
        return not one.fixed and one.value is not None

    def _keep(self, chosen: tuple[int, ...], state: State) -> None:
        weight = self.weigh(chosen)
        if self.weight is None or weight < self.weight:
            self.weight, self.found = weight, []
        cells = set(chosen)
        if weight == self.weight and not any(set(other) <= cells for other, _ in self.found):
            self.found.append((chosen, state))

    def conflicts(self, state: State) -> list[Collection[int]]:
        """For every row that does not hold, the cells of which one must change as well."""
        certain = self.certain(state)
        return certain + self.conditional(state, impossible=not certain)

    def certain(self, state: State) -> list[Collection[int]]:
        """Conflicts that follow from the constraints, whichever cells are free."""
        rows: list[Collection[int]] = [row.changes for row in state.equations if row.low]
        return rows + [row.changes for row in state.ranges if not row.holds() and state.loose.isdisjoint(row.changes)]

    def conditional(self, state: State, *, impossible: bool = True) -> list[Collection[int]]:
        """Conflicts of the free cells with their domains; ``impossible``: also of those that no equation fixes, which takes longer."""
        found: list[Collection[int]] = []
        loose, values, variables = state.loose, self.whole.values, self.whole.variables
        for cell, row in state.solved.items():
            if not variables[cell].admits(values[cell] + (row.low or 0)) and loose.isdisjoint(row.changes):
                found.append(row.changes)
        if impossible and not found and loose and not is_possible(state, self.whole):
            found.append(list(dict.fromkeys(i for row in rows_of(state, self.whole) for i in row.changes if i not in loose)))
        return found


def _branches(conflicts: Sequence[Sequence[int]], left: int) -> Iterator[tuple[int, list[int]]]:
    """The cells to free next, and those that need not be looked at any more beside each.

    Each of the ``left`` cells can settle no more conflicts than it stands in: where that cannot be enough, there is nothing to free.
    """
    hits = Counter(chain.from_iterable(conflicts))
    if not all(conflicts) or sum(number for _, number in hits.most_common(left)) < len(conflicts):
        return
    most = hits.most_common(1)[0][1]
    done: list[int] = []
    fewest = min(conflicts, key=len)
    for cell in sorted(fewest):
        if hits[cell] + (left - 1) * most >= len(conflicts) and _rest_can_be_hit(conflicts, cell, left):
            yield cell, list(done)
            done.append(cell)


def _rest_can_be_hit(conflicts: Sequence[Sequence[int]], cell: int, left: int) -> bool:
    """With one cell to come after ``cell``, whether some cell stands in every conflict that ``cell`` does not."""
    if left != 2:
        return True
    rest = [cells for cells in conflicts if cell not in cells]
    return not rest or bool(set(rest[0]).intersection(*rest[1:]))


# --- what was found ------------------------------------------------------------------------------------------------------------


def explanation(cells: Sequence[int], state: State, whole: System, sums: Mapping[int, Collection[int]]) -> Explanation:
    """The changes of a set of free cells, in the order of the variables; ``sums`` are the cells that stand in a sum with each."""
    return together([_change(cell, state, whole, sums[cell]) for cell in sorted(cells)])


def together(changes: Sequence[Change]) -> Explanation:
    """The explanation that ``changes`` are, with the slip that they have in common."""
    sure = [(change.old, change.new) for change in changes if change.new is not None]
    return Explanation(tuple(changes), slips_together(sure) if len(sure) == len(changes) else None)


def _change(cell: int, state: State, whole: System, sums: Collection[int]) -> Change:
    key, one, old = whole.keys[cell], whole.variables[cell], whole.values[cell]
    low, high = bounds_of(state, whole, cell)
    new = low if low is not None and low == high else None
    slip = None
    if new is not None and new != old:
        parts = {exact(whole.variables[i].value or 0) for i in sums}
        slip = slip_of(old, new, {exact(value) for value in one.neighbours}, parts, one.places)
    return Change(key, old, new, low, high, slip, exact(one.weight))


def _sums(whole: System, constraints: Sequence[Constraint]) -> dict[int, set[int]]:
    """By cell, the cells that stand in a sum with it."""
    found: dict[int, set[int]] = {i: set() for i in range(len(whole.keys))}
    for one in constraints:
        cells = {whole.number[key] for _, key in one.terms}
        for cell in cells:
            found[cell] |= cells - {cell}
    return found


def _order(one: Explanation, whole: System) -> tuple[int, int, list[int]]:
    """Likelier slips first, then the same change made several times, then as the variables were given."""
    ranks = sorted(rank(change.slip) for change in one.changes)
    likely = sum(ranks) if one.slip is None else rank(one.slip) if one.slip == "exchanged" else rank(one.slip) + ranks[0]
    different = len({(change.old, change.new) for change in one.changes})
    return likely, different, [whole.number[change.key] for change in one.changes]
