"""The same sentences over one report's plain values: a rule that is certainly met, or does not apply, is known without an array.

Whatever is not told here raises :class:`Unsure`, and then the arrays decide: they are the meaning (``operators.py``), this is a short
way to the same verdict. A property test holds it to them (``tests/expr/test_plain.py``).

Values lie in the order of the node's dense axes, or of the members of its flat axis.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import product
from typing import Any, NamedTuple

from govreport_check.expr.columns import EXACT
from govreport_check.expr.nodes import (
    COMPARISONS,
    Available,
    Call,
    Cells,
    Constant,
    Fact,
    Member,
    Node,
    Reference,
    SectionFact,
    Shape,
    walk,
)
from govreport_check.expr.plain_operators import (
    ANSWERS,
    FUNCTIONS,
    LOGIC,
    REDUCTIONS,
    Printed,
    Run,
    Unsure,
    Values,
    answered,
    comparison,
    constant_of,
    greatest,
    length,
    lifted,
    matching,
    valid,
)


class Layout(NamedTuple):
    """Of every table of a form: its number of columns, and the least that a figure of each can be, in its units."""

    width: int
    least: tuple[float, ...]


class Steps:
    """Expressions of the rules of one form as steps over :class:`Values`; what two rules share is computed once a report."""

    def __init__(self, layouts: Mapping[str, Layout], shared: Collection[Node]) -> None:
        self.layouts, self.shared = layouts, shared
        self.known: dict[Node, Run] = {}

    def of(self, node: Node) -> Run:
        """The values of ``node``. Raises :class:`Unsure` where nothing is said of it here."""
        run = self.known.get(node)
        if run is None:
            run = self._made(node)
            run = self.known[node] = _kept(run, len(self.known)) if node in self.shared else run
        return run

    def laid(self, node: Node, wanted: Shape, sizes: Mapping[str, int]) -> Run:
        """The values of ``node`` along the axes of ``wanted``."""
        run, own = self.of(node), node.shape
        if own.axes == wanted.axes and own.flat == wanted.flat:
            return run
        if own.flat or (wanted.flat and wanted.axes) or (wanted.flat and own.axes):
            raise Unsure
        if wanted.flat:
            flat = wanted.flat
            return lambda values: [*run(values)] * values.size(flat)
        places = _spread(own.axes, wanted.axes, sizes)
        return lambda values: list(map(run(values).__getitem__, places))

    def _made(self, node: Node) -> Run:
        match node:
            case Constant():
                constant = (constant_of(node),)
                return lambda _: constant
            case Available(world=world):
                return lambda values: (values.available(world),)
            case Call():
                return self._call(node)
            case Cells():
                return self._cells(node)
            case _:
                read = self.read(node)
                return lambda values: read(values).values

    # --- facts ------------------------------------------------------------------------------------------------------------------

    def read(self, node: Reference) -> Callable[[Values], Printed]:
        """What a reference is to, as printed; of what is past the end there is nothing, a value and a state None."""
        match node:
            case Fact(world=world, key=key):
                return lambda values: values.fact(world, key)
            case Member(attribute=attribute):
                flat = node.shape.flat or ""
                return lambda values: values.member(flat, attribute)
            case SectionFact(world=world, attribute=attribute):
                parts = _picker(node.sections.indices)
                return lambda values: _picked(values.section(world, attribute), parts)
            case Cells(world=world, table=table):
                cells = _picker(_places(node, self.layouts[table].width))
                return lambda values: _picked(values.cells(world, table), cells)

    def _cells(self, node: Cells) -> Run:
        if node.shape.kind != "number":
            raise Unsure
        pick, world, table = _picker(_places(node, self.layouts[node.table].width)), node.world, node.table
        return lambda values: pick(values.cells(world, table).values)

    def _question(self, node: Call) -> Run:
        """``present`` and its like: what is printed, by its state."""
        part = node.parts[0]
        if not isinstance(part, (Cells, Fact, SectionFact, Member)) or (isinstance(part, Cells) and part.shape.kind != "number"):
            raise Unsure
        answers, read = ANSWERS[node.operator, part.shape.kind == "text"], self.read(part)
        if node.operator == "valid":
            least = self._least(part)
            return lambda values: valid(read(values), answers, least, part.shape.kind)
        return lambda values: answered(read(values), answers)

    def _least(self, node: Reference) -> Sequence[float]:
        """The least that each of the figures can be; empty where nothing is too little."""
        if not isinstance(node, Cells):
            return ()
        layout = self.layouts[node.table]
        lows = [layout.least[place % layout.width] for place in _places(node, layout.width)]
        return lows if any(low != -float("inf") for low in lows) else ()

    # --- operators --------------------------------------------------------------------------------------------------------------

    def _call(self, node: Call) -> Run:
        name = node.operator
        if node.shape.kind == "number" and greatest(node, axis_sizes(node)) >= EXACT:
            raise Unsure
        if (name, False) in ANSWERS:
            return self._question(node)
        if name in REDUCTIONS:
            return self._reduced(node)
        if name == "length":
            return self._length(node)
        sizes = axis_sizes(node)
        if name in LOGIC:
            return LOGIC[name](*(self._perhaps(part, node.shape, sizes) for part in node.parts))
        parts = [self.laid(part, node.shape, sizes) for part in node.parts]
        if name in COMPARISONS and len(parts) == 2:
            return lifted(comparison(node), parts)
        if name == "matches":
            return matching(parts[0], str(node.option[0]))
        if name == "scale":
            factor = 10 ** int(node.option[0])
            return lifted(lambda value: value * factor, parts)
        if name in FUNCTIONS:
            return lifted(FUNCTIONS[name], parts)
        raise Unsure

    def _perhaps(self, node: Node, wanted: Shape, sizes: Mapping[str, int]) -> Run:
        """Like :meth:`laid`; where nothing is said of ``node``, another part may still decide."""
        try:
            return self.laid(node, wanted, sizes)
        except Unsure:
            return _unsure

    def _length(self, node: Call) -> Run:
        part = node.parts[0]
        if not isinstance(part, (Fact, SectionFact, Member)):
            raise Unsure
        read = self.read(part)
        return lambda values: [None if state is None else length(text, state) for text, state in zip(*read(values), strict=True)]

    def _reduced(self, node: Call) -> Run:
        part = node.parts[0]
        run, reduce = self.of(part), REDUCTIONS[node.operator]
        if part.shape.flat:
            if part.shape.axes or not node.folds_flat:
                raise Unsure
            return lambda values: (reduce(run(values)),)
        if not node.shape.axes:
            return lambda values: (reduce(run(values)),)
        groups = _groups(part.shape.axes, node.shape.axes, axis_sizes(part))
        return lambda values: _by_group(run(values), groups, reduce)


# --- where values lie -------------------------------------------------------------------------------------------------------------


def axis_sizes(*nodes: Node) -> dict[str, int]:
    """The size of every dense axis that the nodes name."""
    sizes: dict[str, int] = {}
    for node in (part for one in nodes for part in walk(one)):
        picks = (node.rows, node.columns) if isinstance(node, Cells) else (node.sections,) if isinstance(node, SectionFact) else ()
        sizes.update({pick.axis: len(pick.indices) for pick in picks if pick.axis is not None})
    return sizes


def _places(node: Cells, width: int) -> tuple[int, ...]:
    """Where the cells of a reference stand in a table row by row, along its axes; -1 past the end."""
    rows, columns = node.rows, node.columns
    if rows.axis is not None and rows.axis == columns.axis:
        pairs: Iterable[tuple[int, int]] = zip(rows.indices, columns.indices, strict=True)
    elif rows.axis is not None and columns.axis is not None and columns.axis < rows.axis:
        pairs = ((row, column) for column in columns.indices for row in rows.indices)
    else:
        pairs = product(rows.indices, columns.indices)
    return tuple(-1 if -1 in pair else pair[0] * width + pair[1] for pair in pairs)


def _picker(places: tuple[int, ...]) -> Callable[[Sequence[Any]], Sequence[Any]]:
    if -1 in places:
        return lambda values: [None if place < 0 else values[place] for place in places]
    if len(places) > 1:
        return operator.itemgetter(*places)
    return lambda values: [values[place] for place in places]


def _picked(known: Printed, pick: Callable[[Sequence[Any]], Sequence[Any]]) -> Printed:
    return Printed(pick(known.values), pick(known.states) if known.states else ())


def _positions(axes: Sequence[str], sizes: Mapping[str, int]) -> list[dict[str, int]]:
    return [dict(zip(axes, at, strict=True)) for at in product(*(range(sizes[axis]) for axis in axes))]


def _spread(own: Sequence[str], wanted: Sequence[str], sizes: Mapping[str, int]) -> list[int]:
    """For every place along ``wanted`` the one along ``own``."""
    at = {tuple(place.values()): i for i, place in enumerate(_positions(own, sizes))}
    return [at[tuple(place[axis] for axis in own)] for place in _positions(wanted, sizes)]


def _groups(axes: Sequence[str], kept: Sequence[str], sizes: Mapping[str, int]) -> list[tuple[int, ...]]:
    """For every place along the axes that are ``kept`` those that are folded onto it."""
    owners = _spread(kept, axes, sizes)
    groups: list[list[int]] = [[] for _ in _positions(kept, sizes)]
    for place, owner in enumerate(owners):
        groups[owner].append(place)
    return [tuple(group) for group in groups]


def _by_group(values: Sequence[Any], groups: Sequence[tuple[int, ...]], reduce: Callable[[Sequence[Any]], Any]) -> list[Any]:
    return [reduce([values[place] for place in group]) for group in groups]


def _unsure(_: Values) -> Sequence[Any]:
    raise Unsure


def _kept(run: Run, name: int) -> Run:
    def kept(values: Values) -> Sequence[Any]:
        found = values.memo.get(name)
        if found is None:
            found = values.memo[name] = run(values)
        return found

    return kept
