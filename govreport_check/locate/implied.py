"""The values that unknown figures must have (de Waal, Pannekoek and Scholtus 2011, chapter 9): exactly one under the constraints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from govreport_check.locate.apart import components
from govreport_check.locate.bounds import MOST_LOOSE, bounds_of, is_possible
from govreport_check.locate.system import Constraint, Key, Number, State, System, Variable, system


def implied_values(variables: Mapping[Key, Variable], constraints: Sequence[Constraint]) -> dict[Key, Number]:
    """The unknown figures that can have one value only, with it, in the order of ``variables``; every known figure keeps its own.

    Nothing is implied by constraints that contradict one another or the figures, so far as they hang together by unknown ones.
    """
    known = {key: one if one.value is None else Variable(one.value, fixed=True) for key, one in variables.items()}
    found: dict[Key, Number] = {}
    for keys, mine in components(known, constraints):
        if any(known[key].value is None for key in keys):
            found |= _implied(system({key: known[key] for key in keys}, mine))
    return {key: found[key] for key in variables if key in found}


def _implied(whole: System) -> dict[Key, Number]:
    state = whole.start
    if not _holds(state, whole):
        return {}
    many = len(state.loose) > MOST_LOOSE
    sure = [i for i, row in state.solved.items() if state.loose.isdisjoint(row.changes)] if many else [*state.solved, *sorted(state.loose)]
    ends = {whole.keys[i]: bounds_of(state, whole, i) for i in sure}
    return {key: low for key, (low, high) in ends.items() if low is not None and low == high}


def _holds(state: State, whole: System) -> bool:
    if any(row.low for row in state.equations):
        return False
    if any(not row.holds() for row in state.ranges if state.loose.isdisjoint(row.changes)):
        return False
    sure = ((cell, row) for cell, row in state.solved.items() if state.loose.isdisjoint(row.changes))
    if any(not whole.variables[cell].admits(whole.values[cell] + (row.low or 0)) for cell, row in sure):
        return False
    return not state.loose or len(state.loose) > MOST_LOOSE or is_possible(state, whole)
