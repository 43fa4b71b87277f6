"""A checked expression: what a rule's sentence is once every name is resolved and every type known.

Nodes are frozen and compare by what they mean, so that a node is the key of the column it evaluates to: the dictionary
*node → column* is both the cache of shared parts and the trace that explanations read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal, TypeAlias

from govreport_check.frozen import dataclass

Kind: TypeAlias = Literal["number", "text", "date", "bool"]
World: TypeAlias = Literal["here", "prior", "parts"]
"""This report, the one of the year before, or the reports of which it is the sum (a flat axis)."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What an expression's values are, and along which axes they lie.

    ``axes`` are names of dense axes, sorted; the last axis of every array is the report, or the members of ``flat``.
    Numbers are whole multiples of 10**-``places``.
    """

    kind: Kind
    axes: tuple[str, ...] = ()
    flat: str | None = None
    places: int = 0

    def __reduce__(self) -> tuple[Any, ...]:
        return shape, (self.kind, self.axes, self.flat, self.places)


@lru_cache(maxsize=4096)
def shape(kind: Kind, axes: tuple[str, ...], flat: str | None, places: int) -> Shape:
    """A shape that is shared with all of its kind: of a pack's thousands only dozens differ."""
    return Shape(kind, axes, flat, places)


@dataclass(frozen=True, slots=True)
class Pick:
    """Which rows or columns a reference takes: one (``axis`` is None) or those along an axis; -1 is past the end (not applicable)."""

    axis: str | None
    indices: tuple[int, ...]

    def __reduce__(self) -> tuple[Any, ...]:
        return Pick, (self.axis, self.indices)


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal of the rule."""

    shape: Shape
    value: Decimal | str | bool | int

    @property
    def parts(self) -> tuple[Node, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class Cells:
    """Figures of a table."""

    shape: Shape
    world: World
    table: str
    rows: Pick
    columns: Pick
    _hash: int = field(default=0, init=False, repr=False, compare=False)

    @property
    def parts(self) -> tuple[Node, ...]:
        return ()

    def __hash__(self) -> int:
        return self._hash or _kept_hash(self, (self.shape, self.world, self.table, self.rows, self.columns))

    def __reduce__(self) -> tuple[Any, ...]:
        return Cells, (self.shape, self.world, self.table, self.rows, self.columns)


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact about the report: ``about.year``."""

    shape: Shape
    world: World
    key: str

    @property
    def parts(self) -> tuple[Node, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class SectionFact:
    """The text, heading, number, position or copies of sections."""

    shape: Shape
    world: World
    attribute: str
    sections: Pick

    @property
    def parts(self) -> tuple[Node, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class Member:
    """An attribute of what a report lists: a date, a claim, a label. Lies along the flat axis ``shape.flat``."""

    shape: Shape
    attribute: str

    @property
    def parts(self) -> tuple[Node, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class Available:
    """Whether there is a report of the year before."""

    shape: Shape
    world: World

    @property
    def parts(self) -> tuple[Node, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class Call:
    """An operator with its operands. A reduction folds the dense axes ``folds`` and, with ``folds_flat``, the flat one.

    ``option`` is a literal that belongs to the operator itself: the places and mode of ``round``, the pattern of ``matches``.
    """

    shape: Shape
    operator: str
    parts: tuple[Node, ...]
    folds: tuple[str, ...] = ()
    folds_flat: bool = False
    option: tuple[str | int, ...] = ()
    _hash: int = field(default=0, init=False, repr=False, compare=False)

    def __hash__(self) -> int:
        return self._hash or _kept_hash(self, (self.shape, self.operator, self.parts, self.folds, self.folds_flat, self.option))

    def __reduce__(self) -> tuple[Any, ...]:
        return Call, (self.shape, self.operator, self.parts, self.folds, self.folds_flat, self.option)


def _kept_hash(node: Cells | Call, parts: tuple[object, ...]) -> int:
    """A node is a key on every step of an evaluation, and its hash a walk over the whole tree: it is computed once.

    A pickle leaves it out, since the hashes of strings differ between processes.
    """
    value = hash(parts) or 1
    object.__setattr__(node, "_hash", value)
    return value


Reference: TypeAlias = "Cells | Fact | SectionFact | Member"
Node: TypeAlias = "Constant | Cells | Fact | SectionFact | Member | Available | Call"

COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">="})


@dataclass(frozen=True, slots=True)
class Variable:
    """What ``for`` binds: rows, columns or sections of the form (dense), or what each report lists (flat)."""

    name: str
    kind: Literal["row", "column", "section", "flat"]
    ids: tuple[str, ...] = ()
    table: str | None = None
    flat: str | None = None


def fitted(node: Node, tables: Mapping[str, Spread], known: dict[Node, Node]) -> Node:
    """``node`` with its picks in tables that a report fills in itself moved to where their rows and columns went. ``known`` keeps
    what is done already."""
    found = known.get(node)
    if found is None:
        found = known[node] = _fitted(node, tables, known)
    return found


def _fitted(node: Node, tables: Mapping[str, Spread], known: dict[Node, Node]) -> Node:
    if isinstance(node, Cells) and node.table in tables:
        rows, columns = tables[node.table]
        return Cells(node.shape, node.world, node.table, _moved(node.rows, rows), _moved(node.columns, columns))
    if isinstance(node, Call):
        parts = tuple(fitted(part, tables, known) for part in node.parts)
        if any(new is not old for new, old in zip(parts, node.parts, strict=True)):
            return Call(node.shape, node.operator, parts, node.folds, node.folds_flat, node.option)
    return node


Spread: TypeAlias = "tuple[tuple[tuple[int, ...], ...], tuple[tuple[int, ...], ...]]"
"""Of a table that a report fills in: where each row went, and each column."""


def _moved(pick: Pick, places: tuple[tuple[int, ...], ...]) -> Pick:
    return Pick(pick.axis, tuple(place for i in pick.indices for place in (places[i] if i >= 0 else (-1,))))


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, operands first to last."""
    yield node
    for part in node.parts:
        yield from walk(part)


def references(node: Node) -> Iterator[Reference]:
    """The facts that a node names, in reading order, repeats included."""
    return (part for part in walk(node) if isinstance(part, (Cells, Fact, SectionFact, Member)))
