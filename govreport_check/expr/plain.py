"""The same sentences over one report's plain values: a rule that is certainly met, or does not apply, is known without an array.

Whatever is not told here raises :class:`Unsure`, and then the arrays decide: they are the meaning (``operators.py``), this is a short
way to the same verdict. A property test holds it to them (``tests/test_alone.py``).

Values lie in the order of the node's dense axes, or of the members of its flat axis.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import product
from math import inf, prod
from typing import Any, NamedTuple, TypeAlias

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
)
from govreport_check.expr.plain_operators import (
    ANSWERS,
    FUNCTIONS,
    LOGIC,
    REDUCTIONS,
    UNKNOWN,
    Printed,
    Run,
    Unsure,
    Values,
    answered,
    comparison,
    constant_of,
    greatest,
    lengths,
    lifted,
    lifted_one,
    rounding,
    valid,
)


class Layout(NamedTuple):
    """Of every table of a form: its number of columns, and the least that a figure of each can be, in its units."""

    width: int
    least: tuple[float, ...]


class Steps:
    """Expressions of the rules of one form as steps over :class:`Values`; what two rules share is computed once a report.

    A node without axes has one value, any other a sequence of them.
    """

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
            return lambda values: [run(values)] * values.size(flat)
        if not own.axes:
            number = prod(sizes[axis] for axis in wanted.axes)
            return lambda values: [run(values)] * number
        places = _spread(own.axes, wanted.axes, sizes)
        return lambda values: list(map(run(values).__getitem__, places))

    def _made(self, node: Node) -> Run:
        match node:
            case Constant():
                constant = constant_of(node)
                return lambda _: constant
            case Available(world=world):
                return lambda values: values.available(world)
            case Call():
                return self._call(node)
            case Cells() if node.shape.kind != "number":
                raise Unsure
            case _:
                read = self._read(node)
                return _first_value(read) if is_single(node) else lambda values: read(values).values

    # --- facts ------------------------------------------------------------------------------------------------------------------

    def _read(self, node: Reference) -> Read:
        """What a reference is to, as printed; of what is past the end there is nothing, a value and a state None."""
        match node:
            case Fact(world=world, key=key):
                return _once(("fact", world, key), lambda values: values.fact(world, key))
            case Member(attribute=attribute):
                flat = node.shape.flat or ""
                return _once(("member", flat, attribute), lambda values: values.member(flat, attribute))
            case SectionFact(world=world, attribute=attribute):
                parts = _picker(node.sections.indices)
                whole = _once(("section", world, attribute), lambda values: values.section(world, attribute))
                return lambda values: _picked(whole(values), parts)
            case Cells(world=world, table=table):
                cells = _picker(_places(node, self.layouts[table].width))
                figures = _once(("cells", world, table), lambda values: values.cells(world, table))
                return lambda values: _picked(figures(values), cells)

    def _question(self, node: Call) -> Run:
        """``present`` and its like: what is printed, by its state."""
        part = node.parts[0]
        if not isinstance(part, (Cells, Fact, SectionFact, Member)) or (isinstance(part, Cells) and part.shape.kind != "number"):
            raise Unsure
        kind, read = part.shape.kind, self._read(part)
        answers = ANSWERS[node.operator, kind == "text"]
        least = self._least(part) if isinstance(part, Cells) else ()
        if node.operator == "valid":
            return _single(node, lambda values: valid(read(values), answers, least, kind))
        return _single(node, lambda values: answered(read(values), answers))

    def _least(self, node: Cells) -> Sequence[float]:
        """The least that each of the figures can be; empty where nothing is too little."""
        layout = self.layouts[node.table]
        lows = [layout.least[place % layout.width] for place in _places(node, layout.width)]
        return lows if any(low != -inf for low in lows) else ()

    # --- operators --------------------------------------------------------------------------------------------------------------

    def _call(self, node: Call) -> Run:
        name = node.operator
        sizes = axis_sizes(node)
        numbers = (part for part in (node, *node.parts) if part.shape.kind == "number") if name in COMPARISONS else (node,)
        if name != "/" and any(part.shape.kind == "number" and greatest(part, sizes) >= EXACT for part in numbers):
            raise Unsure
        if (name, False) in ANSWERS:
            return self._question(node)
        if name in REDUCTIONS:
            return self._reduced(node)
        if name == "length":
            return self._length(node)
        if name in LOGIC:
            one, many = LOGIC[name]
            return (one if is_single(node) else many)(*(self._perhaps(part, node.shape, sizes) for part in node.parts))
        parts = [self.laid(part, node.shape, sizes) for part in node.parts]
        if name == "matches":
            return _with(lambda values, text: values.finds(str(node.option[0]), text), parts[0], is_single(node))
        function = self._function(node)
        return lifted_one(function, parts) if is_single(node) else lifted(function, parts)

    def _function(self, node: Call) -> Callable[..., Any]:
        """What an operator does to the values at one place."""
        if node.operator in COMPARISONS and len(node.parts) == 2:
            return comparison(node)
        if node.operator == "scale":
            factor = 10 ** int(node.option[0])
            return lambda value: value * factor
        if node.operator == "round":
            return rounding(int(node.option[0]), str(node.option[1]))
        if node.operator not in FUNCTIONS:
            raise Unsure
        return FUNCTIONS[node.operator]

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
        read = self._read(part)
        return _single(node, lambda values: lengths(read(values)))

    def _reduced(self, node: Call) -> Run:
        part = node.parts[0]
        run, reduce = self.of(part), REDUCTIONS[node.operator]
        if is_single(part) or (part.shape.flat and (part.shape.axes or not node.folds_flat)):
            raise Unsure
        if is_single(node):
            return lambda values: reduce(run(values))
        groups = _groups(part.shape.axes, node.shape.axes, axis_sizes(part))
        return lambda values: [reduce([found[place] for place in group]) for found in (run(values),) for group in groups]


def is_single(node: Node) -> bool:
    """Whether a node has one value."""
    return not node.shape.axes and node.shape.flat is None


Read: TypeAlias = "Callable[[Values], Printed]"


def _once(key: tuple[str, ...], make: Read) -> Read:
    def read(values: Values) -> Printed:
        found = values.seen.get(key)
        if found is None:
            found = values.seen[key] = make(values)
        return found

    return read


def _first_value(read: Read) -> Run:
    return lambda values: read(values).values[0]


def _single(node: Node, run: Run) -> Run:
    """The one value of a node that has one."""
    return (lambda values: run(values)[0]) if is_single(node) else run


def _with(function: Callable[[Values, Any], Any], run: Run, single: bool) -> Run:
    """``function`` of every value that is there and known."""
    if single:

        def one(values: Values) -> Any:
            value = run(values)
            return value if value is None or value is UNKNOWN else function(values, value)

        return one
    return lambda values: [one if one is None or one is UNKNOWN else function(values, one) for one in run(values)]


# --- where values lie -------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def axis_sizes(node: Node) -> Mapping[str, int]:
    """The size of every dense axis that a node names, or what is below it."""
    picks = (node.rows, node.columns) if isinstance(node, Cells) else (node.sections,) if isinstance(node, SectionFact) else ()
    sizes = {pick.axis: len(pick.indices) for pick in picks if pick.axis is not None}
    for part in node.parts:
        sizes.update(axis_sizes(part))
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


def _unsure(_: Values) -> Any:
    raise Unsure


def _kept(run: Run, name: int) -> Run:
    def kept(values: Values) -> Any:
        memo = values.memo
        if name not in memo:
            memo[name] = run(values)
        return memo[name]

    return kept
