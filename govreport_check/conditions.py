"""Conditions over linear constraints: which can hold together, which follow from others, and what a figure can be then.

A condition is a choice of conjunctions of linear constraints. All questions are one: can these hold together? What follows from others
is what cannot be broken while they hold. Only the constraints that a solution breaks are looked at (lazily), so that a question costs
what it touches and not the size of the rule set. Over the rationals: what is said to be impossible is so for whole numbers too.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

from govreport_check.locate.system import Constraint, Given, Key, Number, constraint, exact
from govreport_check.simplex import ZERO, Pair, Reasons, Tableau, at_rest

Choice: TypeAlias = "tuple[tuple[Constraint, ...], ...]"
"""One of these conjunctions must hold; none: never; an empty conjunction: always."""

ALWAYS: Choice = ((),)
NEVER: Choice = ()

MOST = 4096
"""A condition with more alternatives is not taken apart."""


@dataclass(frozen=True, slots=True)
class Condition:
    """``holds`` under a ``name`` of its own; ``broken`` is its negation."""

    name: Hashable
    holds: Choice
    broken: Choice


@dataclass(frozen=True, slots=True)
class Domain:
    """The ends of a variable, None being open; ``whole``: it takes whole numbers only."""

    lo: Given | None = None
    hi: Given | None = None
    whole: bool = False


ANY = Domain()


class TooMany(ValueError):
    """A condition that has more than :data:`MOST` alternatives."""


# --- making conditions -----------------------------------------------------------------------------------------------------------


def both(a: Choice, b: Choice) -> Choice:
    """a and b. Raises :class:`TooMany`."""
    if len(a) * len(b) > MOST:
        raise TooMany
    return tuple((*one, *other) for one, other in product(a, b))


def either(a: Choice, b: Choice) -> Choice:
    """a or b. Raises :class:`TooMany`."""
    if len(a) + len(b) > MOST:
        raise TooMany
    return ALWAYS if ALWAYS in (a, b) else (*a, *b)


def compared(terms: Iterable[tuple[Given, Key]], sign: str, right: Given, tolerance: Given = 0) -> Choice:
    """Σ coefficient · variable ``sign`` right, as a choice; ``!=`` is two."""
    joined: dict[Key, Number] = {}
    for coefficient, key in terms:
        joined[key] = exact(joined.get(key, 0) + exact(coefficient))
    left = [(coefficient, key) for key, coefficient in joined.items() if coefficient]
    signs = ("<", ">") if sign == "!=" else (sign,)
    if not left:
        return ALWAYS if any(_true(one, exact(right), exact(tolerance)) for one in signs) else NEVER
    return tuple((constraint(None, left, one, right, tolerance),) for one in signs)


def _true(sign: str, right: Number, tolerance: Number) -> bool:
    """0 ``sign`` right"""
    return _inside(_look(constraint(None, (), sign, right, tolerance)), {})


OPPOSITE: Mapping[str, str] = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


# --- questions -------------------------------------------------------------------------------------------------------------------


class Question:
    """Conditions that are to hold together; ``domains`` of the variables that are not any number."""

    def __init__(self, conditions: Iterable[Condition], domains: Mapping[Key, Domain]) -> None:
        self.conditions = {one.name: one for one in conditions}
        self.order = {name: i for i, name in enumerate(self.conditions)}
        self.domains = domains
        self.looks = {one.name: tuple(tuple(map(_look, part)) for part in one.holds) for one in self.conditions.values()}
        self.touching: dict[Key, list[Hashable]] = {}
        for name, look in self.looks.items():
            for key in dict.fromkeys(key for part in look for row in part for _, key in row.terms):
                self.touching.setdefault(key, []).append(name)
        self.rest: dict[Key, Pair] = {key: (at_rest(*_ends_of(domains.get(key, ANY))), 0) for key in self.touching}
        self.at_rest = [name for name, look in self.looks.items() if _is_broken(look, self.rest)]

    def against(self, assumed: Choice = ALWAYS, active: Collection[Hashable] | None = None) -> tuple[Hashable, ...] | None:
        """Conditions that cannot hold together with what is ``assumed``; None where all (or the ``active`` ones) can."""
        found = _Search(self, active).any(assumed, None)
        return None if found is None else tuple(sorted(found - {None}, key=lambda name: self.order[name]))

    def least_against(self, assumed: Choice = ALWAYS) -> tuple[Hashable, ...] | None:
        """The same, none of them idle: without any one of them the others can hold."""
        left = self.against(assumed)
        for name in left or ():
            if left is not None and name in left:
                fewer = self.against(assumed, set(left) - {name})
                left = left if fewer is None else fewer
        return left

    def solution(self, assumed: Choice = ALWAYS) -> dict[Key, Number] | None:
        """Values under which all conditions hold, None where they cannot. What is not named rests nearest to 0; of a value that only has
        to be more or less than some number, that number is told."""
        found = self.witness(assumed)
        return None if found is None else {key: value[0] for key, value in found.items()}

    def witness(self, assumed: Choice) -> dict[Key, Pair] | None:
        """The same with infinitesimal parts, for :func:`holds_in`."""
        search = _Search(self, None)
        return search.values() if search.any(assumed, None) is None else None

    def holds_in(self, choice: Choice, witness: Mapping[Key, Pair]) -> bool:
        """Whether a choice over these variables holds under the values of a witness."""
        return not _is_broken([map(_look, part) for part in choice], {**self.rest, **witness})


class _Search:
    """One question: a tableau of what was looked at so far."""

    def __init__(self, question: Question, active: Collection[Hashable] | None) -> None:
        self.question, self.active = question, active
        self.tableau = Tableau()
        self.seen: dict[Key, Pair] = {}
        self.wrong: list[Hashable] = question.at_rest

    def any(self, choice: Choice, name: Hashable) -> Reasons | None:
        """Takes the first part of the choice that goes with everything else; reasons where none does."""
        against: Reasons = frozenset({name})
        for part in choice:
            mark = self.tableau.mark()
            found = assert_all(self.tableau, part, name, self.question.domains)
            found = self.all_else() if found is None else found
            if found is None:
                return None
            self.tableau.undo(mark)
            if name is not None and name not in found:
                return found
            against |= found
        return against

    def all_else(self) -> Reasons | None:
        """Adds what the present solution breaks until nothing is broken, first what leaves no choice."""
        while True:
            found = self.tableau.check()
            if found is not None:
                return found
            broken = self.broken()
            if not broken:
                return None
            single = [one for one in broken if len(one.holds) == 1]
            if not single:
                return self.any(broken[0].holds, broken[0].name)
            for one in single:
                found = assert_all(self.tableau, one.holds[0], one.name, self.question.domains)
                if found is not None:
                    return found

    def values(self) -> dict[Key, Pair]:
        return {key: self.tableau.values[i] for key, i in self.tableau.known.items()}

    def broken(self) -> list[Condition]:
        """What the present solution breaks; only what it may have changed since the last one is looked at."""
        question, values = self.question, self.values()
        moved = [key for key, value in values.items() if value != self.seen.get(key, question.rest.get(key, ZERO))]
        names = dict.fromkeys([*self.wrong, *(name for key in moved for name in question.touching.get(key, ()))])
        now = question.rest | values
        asked = (name for name in names if self.active is None or name in self.active)
        self.seen, self.wrong = values, [name for name in asked if _is_broken(question.looks[name], now)]
        return [question.conditions[name] for name in self.wrong]


@dataclass(frozen=True, slots=True)
class _Look:
    """A constraint as it is looked at again and again."""

    terms: tuple[tuple[Number, Key], ...]
    low: Pair | None
    high: Pair | None
    strict: bool


def _look(row: Constraint) -> _Look:
    low, high = (None if end is None else (exact(end), 0) for end in (row.low, row.high))
    return _Look(tuple((exact(a), key) for a, key in row.terms), low, high, row.strict)


def _is_broken(look: Iterable[Iterable[_Look]], values: Mapping[Key, Pair]) -> bool:
    return not any(all(_inside(row, values) for row in part) for part in look)


def _inside(row: _Look, values: Mapping[Key, Pair]) -> bool:
    real: Number = 0
    small: Number = 0
    for a, key in row.terms:
        value = values[key]
        real += a * value[0]
        if value[1]:
            small += a * value[1]
    total = (real, small)
    if row.strict:
        return (row.low is None or total > row.low) and (row.high is None or total < row.high)
    return (row.low is None or total >= row.low) and (row.high is None or total <= row.high)


def _ends_of(domain: Domain) -> tuple[Number | None, Number | None]:
    return (None if domain.lo is None else exact(domain.lo)), (None if domain.hi is None else exact(domain.hi))


def assert_all(tableau: Tableau, part: Iterable[Constraint], name: Hashable, domains: Mapping[Key, Domain]) -> Reasons | None:
    """Narrows the bounds of a tableau by a conjunction; the reasons against it where nothing is left between them."""
    for row in part:
        terms = {tableau.variable(key, *_ends_of(domains.get(key, ANY))): exact(a) for a, key in row.terms}
        i, factor = tableau.form(terms)
        ends = [None if end is None else (exact(end[0] * factor), exact(end[1] * factor)) for end in _pairs(row, domains)]
        low, high = ends if factor > 0 else ends[::-1]
        found = tableau.bound(i, low, high, name)
        if found is not None:
            return found
    return None


def _pairs(row: Constraint, domains: Mapping[Key, Domain]) -> tuple[Pair | None, Pair | None]:
    """The ends of a constraint; a strict one over whole numbers ends at the next whole number."""
    low, high = (None if end is None else exact(end) for end in (row.low, row.high))
    if not row.strict:
        return (None if low is None else (low, 0)), (None if high is None else (high, 0))
    numbers = [*(exact(a) for a, _ in row.terms), *(end for end in (low, high) if end is not None)]
    whole = all(domains.get(key, ANY).whole for _, key in row.terms) and all(isinstance(one, int) for one in numbers)
    step = (1, 0) if whole else (0, 1)
    return (None if low is None else (low + step[0], step[1])), (None if high is None else (high - step[0], -step[1]))


# --- what people ask -------------------------------------------------------------------------------------------------------------


def contradiction(conditions: Iterable[Condition], domains: Mapping[Key, Domain], assumed: Choice = ALWAYS) -> tuple[Hashable, ...] | None:
    """Conditions that cannot hold together (with what is ``assumed``), none of them idle; None where all can."""
    return Question(conditions, domains).least_against(assumed)


def implied_by(one: Condition, others: Iterable[Condition], domains: Mapping[Key, Domain]) -> tuple[Hashable, ...] | None:
    """Of the other conditions some from which this one follows, none of them idle; None where it does not follow."""
    return Question((other for other in others if other.name != one.name), domains).least_against(one.broken)


def bounds(key: Key, conditions: Iterable[Condition], domains: Mapping[Key, Domain]) -> tuple[Number | None, Number | None] | None:
    """The least and greatest value that a variable comes near to while all hold, None being open; None where they cannot hold together.

    Looks at every way through the choices. Raises :class:`TooMany`.
    """
    ways: Choice = ALWAYS
    for one in conditions:
        ways = both(ways, one.holds)
    ends = [found for way in ways if (found := _ends_along(key, way, domains)) is not None]
    if not ends:
        return None
    lows, highs = [low for low, _ in ends], [high for _, high in ends]
    low = None if None in lows else min(one for one in lows if one is not None)[0]
    high = None if None in highs else max(one for one in highs if one is not None)[0]
    return low, high


def _ends_along(key: Key, way: Iterable[Constraint], domains: Mapping[Key, Domain]) -> tuple[Pair | None, Pair | None] | None:
    tableau = Tableau()
    i = tableau.variable(key, *_ends_of(domains.get(key, ANY)))
    if assert_all(tableau, way, None, domains) is not None or tableau.check() is not None:
        return None
    return tableau.extreme(i, up=False), tableau.extreme(i, up=True)
