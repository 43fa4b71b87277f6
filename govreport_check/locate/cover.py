"""Beyond a few cells, with a solver of integer programmes: extra ``locate`` (highspy).

The solver only chooses which cells to free so that every conflict found so far is met; whether they explain is worked out in exact
numbers, and where they do not, what is still wrong is one more conflict (logic-based Benders decomposition, Hooker 2003). So no figure
passes through the solver, however large, and no answer rests on its tolerances.
"""

from __future__ import annotations

from collections.abc import Collection
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol

from govreport_check.locate.system import Number, State, System, exact, freed

MOST_RUNS = 40
"""So many integer programmes are solved for one cause before it is given up, each of"""

MOST_NODES = 200
"""so many branches at most."""


class Conflicts(Protocol):
    """What the search knows of a state: rows that follow from the constraints, and those that follow only from the cells set free."""

    def certain(self, state: State) -> list[Collection[int]]: ...

    def conditional(self, state: State) -> list[Collection[int]]: ...


def is_installed() -> bool:
    """Whether there is a solver."""
    return find_spec("highspy") is not None


def cover(whole: System, conflicts: Conflicts, most: int) -> tuple[tuple[tuple[int, ...], State] | None, bool]:
    """A lightest set of at most ``most`` cells that explains, with its state, None where there is none; and whether that is certain."""
    open_ = [i for i, one in enumerate(whole.variables) if one.value is not None and not one.fixed]
    chooser = _Chooser(open_, [exact(whole.variables[i].weight) for i in open_])
    for _ in range(MOST_RUNS):
        chosen, sure = chooser.choose()
        if chosen is None or len(chosen) > most:
            return None, sure
        state = whole.start
        for cell in chosen:
            state = freed(state, cell)
        certain, conditional = conflicts.certain(state), conflicts.conditional(state)
        if not certain and not conditional:
            return (chosen, state), True
        for cells in certain:
            chooser.demand(cells, ())
        for cells in conditional:
            chooser.demand(cells, chosen)
    return None, False


class _Chooser:
    """The integer programme: one binary variable for each cell that may be freed."""

    def __init__(self, cells: list[int], weights: list[Number]) -> None:
        self.highspy: Any = import_module("highspy")
        self.solver = self.highspy.Highs()
        options = {"output_flag": False, "threads": 1, "random_seed": 0, "mip_rel_gap": 0.0, "mip_max_nodes": MOST_NODES}
        for option, value in options.items():
            self.solver.setOptionValue(option, value)
        self.column = {cell: i for i, cell in enumerate(cells)}
        self.cells = cells
        for weight in weights:
            self.solver.addBinary(obj=float(weight))

    def demand(self, cells: Collection[int], unless: Collection[int]) -> None:
        """One of ``cells`` must be freed, unless one of ``unless`` is not."""
        columns = [self.column[cell] for cell in cells if cell in self.column]
        others = [self.column[cell] for cell in unless]
        values = [1.0] * len(columns) + [-1.0] * len(others)
        self.solver.addRow(1.0 - len(others), float("inf"), len(values), [*columns, *others], values)

    def choose(self) -> tuple[tuple[int, ...] | None, bool]:
        """The lightest cells that meet every demand, None where none do; and whether that is certain."""
        self.solver.run()
        status, known = self.solver.getModelStatus(), self.highspy.HighsModelStatus
        if status != known.kOptimal:
            return None, status == known.kInfeasible
        values = self.solver.getSolution().col_value
        return tuple(cell for cell, value in zip(self.cells, values, strict=True) if value > 0.5), True
