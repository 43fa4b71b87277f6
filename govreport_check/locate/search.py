"""All smallest sets of cells whose change makes every constraint hold.

A row that follows from the constraints, in which no free cell stands and which does not hold, must lose one of its figures: so the
search frees a cell of the most telling such row, eliminates it exactly, and goes on with what is still wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import chain, product

from govreport_check.locate.bounds import Bounds, bounds_of, is_possible
from govreport_check.locate.slips import NO_SLIP, slip_of
from govreport_check.locate.system import Constraint, Key, Number, Row, State, System, Variable, domain_row, exact, freed, rows_of, system

MOST_CELLS = 3
"""So many cells are changed together at most."""

BUDGET = 20_000
"""So many eliminations are made for one cause before it is given up: about half a second."""


@dataclass(frozen=True, slots=True)
class Change:
    """A cell that changes: ``old`` is None where nothing was known; ``new`` None where several values do, from ``low`` to ``high``.

    ``slip``: the typing slip that turns ``new`` into ``old``, one of ``slips.SLIPS``; None where there is none.
    """

    key: Key
    old: Number | None
    new: Number | None
    low: Number | None
    high: Number | None
    slip: str | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Cells that, changed together, make every constraint of their cause hold."""

    changes: tuple[Change, ...]
    weight: Number

    @property
    def keys(self) -> frozenset[Key]:
        return frozenset(change.key for change in self.changes)


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
        """The lightest sets of cells that explain everything: one explanation of each cause, in every way. Nothing broken: one empty set."""
        for chosen in product(*(cause.explanations for cause in self.causes)):
            yield frozenset(chain.from_iterable(one.keys for one in chosen))


def locate(
    variables: Mapping[Key, Variable], constraints: Sequence[Constraint], *, most: int = MOST_CELLS, budget: int = BUDGET
) -> Located:
    """All lightest sets of at most ``most`` cells that, changed, make every constraint hold, with the values that they would take.

    Every figure outside a set keeps its value, unknown ones take any in their domain; all numbers are exact. Weights being equal, the
    lightest sets are the smallest. Causes and explanations come in a fixed order. ``budget`` is counted in eliminations for each cause.
    Raises KeyError for a constraint over a key that is not among ``variables``.
    """
    raise NotImplementedError
