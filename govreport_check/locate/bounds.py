"""What free cells that no equation fixes can still become: linear programmes in exact numbers.

The simplex method in dictionaries with Bland's rule (Chvátal, Linear Programming, 1983, chapters 2 and 3), which cannot cycle; whole
numbers by branching. The programmes are small: a row or two of a table that could not be read.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from govreport_check.locate.system import Coefficients, Number, Row, State, System, domain_row, exact, rows_of, steps

MOST_BRANCHES = 200
"""So many programmes are solved for one set of cells; where whole numbers are still not found, they are taken to be there."""

MOST_LOOSE = 6
"""So many unknown figures may be left open by the equations of one cause; with more it is given up before it is begun."""

_SHIFT, _MARGIN, _START, _SLACK = -1, -2, -3, -4
"""Numbers of variables that are no cells: what every cell is less than its own, the margin of strict rows, the one that starts, slacks."""


@dataclass(slots=True)
class _Dictionary:
    """basic = constant + Σ coefficient · nonbasic, all variables at least 0; and the objective in the same shape."""

    rows: dict[int, tuple[Number, Coefficients]]
    objective: tuple[Number, Coefficients]

    def pivot(self, entering: int, leaving: int) -> None:
        constant, coefficients = self.rows.pop(leaving)
        factor = coefficients.pop(entering)
        coefficients[leaving] = -1
        solved = (_over(-constant, factor), {i: _over(-c, factor) for i, c in coefficients.items()})
        self.rows = {basic: _put(row, entering, solved) for basic, row in self.rows.items()}
        self.rows[entering] = solved
        self.objective = _put(self.objective, entering, solved)

    def maximise(self) -> bool:
        """Raises the objective as far as it goes; False where it has no end."""
        while True:
            entering = max((i for i, c in self.objective[1].items() if c > 0), default=None)
            if entering is None:
                return True
            ratios = [(Fraction(row[0]) / -row[1][entering], -basic) for basic, row in self.rows.items() if row[1].get(entering, 0) < 0]
            if not ratios:
                return False
            self.pivot(entering, -min(ratios)[1])


def _over(value: Number, factor: Number) -> Number:
    return value if factor == 1 else -value if factor == -1 else exact(Fraction(value) / factor)


def _put(row: tuple[Number, Coefficients], entering: int, solved: tuple[Number, Coefficients]) -> tuple[Number, Coefficients]:
    factor = row[1].get(entering)
    if not factor:
        return row
    changes = {i: c for i, c in row[1].items() if i != entering}
    for i, c in solved[1].items():
        changes[i] = changes.get(i, 0) + factor * c
    return row[0] + factor * solved[0], {i: c for i, c in changes.items() if c}


def _inequalities(rows: Iterable[Row], cells: Sequence[int]) -> list[tuple[Number, Coefficients]]:
    """Each end of a row as slack = constant + Σ coefficient · variable."""
    found: list[tuple[Number, Coefficients]] = []
    for row in rows:
        loose = {i: row.changes[i] for i in cells if i in row.changes}
        margin: Coefficients = {_MARGIN: -1} if row.strict else {}
        shift = sum(loose.values())
        if row.high is not None:
            found.append((row.high, {**{i: -c for i, c in loose.items()}, _SHIFT: shift, **margin}))
        if row.low is not None:
            found.append((-row.low, {**loose, _SHIFT: -shift, **margin}))
    if any(row.strict for row in rows):
        found.append((1, {_MARGIN: -1}))
    return found


def _started(rows: Sequence[Row], cells: Sequence[int]) -> _Dictionary | None:
    """A dictionary whose constants are all at least 0; None where the rows contradict one another."""
    inequalities = _inequalities(rows, cells)
    kept = {_SLACK - i: (constant, {k: c for k, c in changes.items() if c}) for i, (constant, changes) in enumerate(inequalities)}
    if all(constant >= 0 for constant, _ in kept.values()):
        return _Dictionary(kept, (0, {}))
    begun = _Dictionary({i: (constant, {**changes, _START: 1}) for i, (constant, changes) in kept.items()}, (0, {_START: -1}))
    begun.pivot(_START, min(kept, key=lambda i: (kept[i][0], -i)))
    begun.maximise()
    if begun.objective[0] < 0:
        return None
    if _START in begun.rows:
        others = begun.rows[_START][1]
        if others:
            begun.pivot(max(others), _START)
        else:
            begun.rows.pop(_START)
    dropped = {i: (constant, {k: c for k, c in changes.items() if k != _START}) for i, (constant, changes) in begun.rows.items()}
    return _Dictionary(dropped, (0, {}))


def _greatest(rows: Sequence[Row], cells: Sequence[int], objective: Coefficients) -> tuple[Number | None, Coefficients] | None:
    """The greatest Σ coefficient · cell (None without end) and a point where it stands; None where the rows contradict one another."""
    begun = _started(rows, cells)
    if begun is None:
        return None
    wanted: Coefficients = {**objective, _SHIFT: -sum(objective.values())} if objective else {_MARGIN: 1}
    begun.objective = (0, {i: c for i, c in wanted.items() if c and i not in begun.rows})
    for i, c in wanted.items():
        if i in begun.rows and c:
            constant, changes = begun.rows[i]
            merged = dict(begun.objective[1])
            for k, d in changes.items():
                merged[k] = merged.get(k, 0) + c * d
            begun.objective = (begun.objective[0] + c * constant, {k: d for k, d in merged.items() if d})
    bounded = begun.maximise() if objective or any(row.strict for row in rows) else True
    point = {i: begun.rows.get(i, (0, {}))[0] - begun.rows.get(_SHIFT, (0, {}))[0] for i in cells}
    if not objective and any(row.strict for row in rows) and begun.objective[0] <= 0:
        return None
    return (begun.objective[0] if bounded else None), point


def is_possible(state: State, whole: System) -> bool:
    """Whether the loose cells can take values with which every row holds and every domain is kept."""
    tried = [0]
    cells = sorted(state.loose)
    stepped = [(Row({cell: -1}, 0, 0), cell) for cell in cells]
    stepped += [(row, cell) for cell, row in state.solved.items() if row.changes.keys() & state.loose]

    def possible(rows: list[Row]) -> bool:
        tried[0] += 1
        found = _greatest(rows, cells, {})
        if found is None or tried[0] > MOST_BRANCHES:
            return found is not None
        broken = _between_steps(stepped, found[1], whole)
        return broken is None or any(possible([*rows, row]) for row in broken)

    return possible(list(rows_of(state, whole)))


def _between_steps(stepped: Iterable[tuple[Row, int]], point: Coefficients, whole: System) -> tuple[Row, Row] | None:
    """The two sides of the first cell that is not a whole number of its steps, as rows."""
    for row, cell in stepped:
        places = whole.variables[cell].places
        if places is None:
            continue
        change = (row.low or 0) - sum(c * point.get(i, 0) for i, c in row.changes.items())
        unit = steps(places)
        at = (whole.values[cell] + change) / unit
        if at.denominator != 1:
            below, above = exact(math.floor(at) * unit), exact(math.ceil(at) * unit)
            base = domain_row(whole, cell, row)
            now = whole.values[cell] + (row.low or 0)
            return Row(base.changes, None, below - now), Row(base.changes, above - now, None)
    return None


def bounds_of(state: State, whole: System, cell: int) -> tuple[Number | None, Number | None]:
    """The least and the greatest value that a free cell can take, None being open; in whole steps where it has them.

    The ends of strict rows count as reached, and other cells' steps are not looked at: the range is never too narrow.
    """
    row = state.solved.get(cell, Row({cell: -1}, 0, 0))
    now = whole.values[cell] + (row.low or 0)
    loose = {i: -c for i, c in row.changes.items() if i in state.loose}
    if not loose:
        return now, now
    rows, cells = list(rows_of(state, whole)), sorted(state.loose)
    high, low = (_greatest(rows, cells, {i: sign * c for i, c in loose.items()}) for sign in (1, -1))
    ends = (None if low is None or low[0] is None else now - low[0], None if high is None or high[0] is None else now + high[0])
    return _in_steps(ends, whole.variables[cell].places)


def _in_steps(ends: tuple[Number | None, Number | None], places: int | None) -> tuple[Number | None, Number | None]:
    if places is None:
        return ends
    unit = steps(places)
    low, high = ends
    return (
        None if low is None else exact(math.ceil(low / unit) * unit),
        None if high is None else exact(math.floor(high / unit) * unit),
    )
