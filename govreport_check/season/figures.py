"""The key figures of reports: the expressions that a pack names, evaluated on all reports of a form at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from govreport_check.expr.columns import Array, Numbers
from govreport_check.expr.evaluate import Trace, evaluate
from govreport_check.expr.nodes import Cells, Node, references, walk
from govreport_check.expr.say import number_text
from govreport_check.form import Form
from govreport_check.frame import Frame, build_frame
from govreport_check.listed import listed
from govreport_check.model import Report, State
from govreport_check.pack import Pack
from govreport_check.pack_season import key_figures
from govreport_check.season.model import KeyFigure

NOT_READ = "not_read"
_SIDE_BY_SIDE = 512


def figures_of(reports: Sequence[Report], form: Form, pack: Pack) -> list[tuple[KeyFigure, ...]]:
    """The key figures of every report of one form, in the order of the pack."""
    nodes = key_figures(pack.season, form)
    flats = (reference.shape.flat for node in nodes.values() for reference in references(node))
    named = frozenset(flat for flat in flats if flat)
    found: list[tuple[KeyFigure, ...]] = []
    for start in range(0, len(reports), _SIDE_BY_SIDE):
        chunk = reports[start : start + _SIDE_BY_SIDE]
        frame = build_frame(form, chunk, [listed(report, form, named) for report in chunk])
        columns = _columns(frame, nodes)
        found += [tuple(_figure(name, nodes, columns, frame, i) for name in pack.season.figures) for i in range(len(chunk))]
    return found


def _columns(frame: Frame, nodes: Mapping[str, Node]) -> dict[str, Numbers]:
    trace: Trace = {}
    columns = {name: evaluate(node, frame, trace) for name, node in nodes.items()}
    return {name: column for name, column in columns.items() if isinstance(column, Numbers)}


def _figure(name: str, nodes: Mapping[str, Node], columns: Mapping[str, Numbers], frame: Frame, i: int) -> KeyFigure:
    column = columns.get(name)
    if column is None:
        return KeyFigure(name, None, State.ABSENT.name.lower())  # the form of this year has no such figure
    node, size = nodes[name], frame.size
    if column.na is not None and bool(np.broadcast_to(column.na, (size,))[i]):
        return KeyFigure(name, None, State.NOT_APPLICABLE.name.lower())
    known = bool(np.broadcast_to(_known(column), (size,))[i])
    at = (i if column.lo.shape[-1] == size else 0,)
    state = State.VALUE if known else _worst(node, frame, i)
    return KeyFigure(name, number_text(column, at, node.shape.places) if known else None, state.name.lower())


def _known(column: Numbers) -> Array:
    """Whether the figure is a point without slack, (reports,)."""
    known: Array = (column.lo == column.hi) & np.isfinite(column.lo)
    for slack in (column.minus, column.plus):
        known = known if slack is None else known & (slack == 0)
    return known


def _worst(node: Node, frame: Frame, i: int) -> State:
    """Why the figure is not known: the greatest trouble among the cells that it is made of."""
    states = [_state(one, frame, i) for one in walk(node) if isinstance(one, Cells)]
    return State(max(states, default=State.RANGE)) if any(states) else State.RANGE


def _state(cells: Cells, frame: Frame, i: int) -> int:
    states = frame.table(cells.world, cells.table).state
    if states is None:
        return int(State.VALUE)
    return int(states[np.ix_(cells.rows.indices, cells.columns.indices, [i])].max(initial=0))
