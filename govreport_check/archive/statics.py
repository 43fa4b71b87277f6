"""What is the same for one place of a rule in every report: its names, its addresses, and which facts it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from govreport_check.archive.layout import Layout
from govreport_check.expr.linear import cells_of
from govreport_check.expr.nodes import Call, Cells, Fact, Member, Node, SectionFact, references, walk
from govreport_check.model import Place
from govreport_check.records import address_of
from govreport_check.rule import Bound, Placeholder
from govreport_check.wording import cell_spot, label_text, section_name

_NOWHERE = Place()
_PLAIN = ("left", "right", "difference", "gap", "spot", "printed", "at", "number")


@dataclass(frozen=True, slots=True)
class Stated:
    """A fact by its address; ``cell`` is the number of its column where it is a figure, ``where`` its row and column in the table."""

    address: str
    cell: int | None
    where: tuple[int, int] = (-1, -1)


@dataclass(frozen=True, slots=True)
class Instance:
    """One place of a rule. ``at``: its bindings in words; ``cells``: the addresses of ``stated``, ``order`` their alphabetical order;
    ``spot``: where a person finds the first; ``variables``: their labels; ``sealed``: the lines of a fingerprint for its bindings,
    ``labels``: how those for its facts begin, in ``order``; ``is_whole``: whether all are figures without decimal places, ``numbers``
    being their columns."""

    at: str
    bindings: Mapping[str, str]
    cells: tuple[str, ...]
    stated: tuple[Stated, ...]
    spot: str
    variables: Mapping[str, str]
    order: tuple[int, ...]
    sealed: tuple[str, ...]
    labels: tuple[str, ...]
    is_whole: bool
    numbers: tuple[int, ...]


def is_plainly_told(bound: Bound) -> bool:
    """Whether a failed instance can be told from columns alone: one comparison, or a question about what is printed, of this report."""
    node = bound.assertion
    if not isinstance(node, Call) or node.operator in ("and", "or", "implies") or bound.readings or bound.flat:
        return False
    named = list(references(node)) + (list(references(bound.when)) if bound.when is not None else [])
    if not named or any(isinstance(one, Member) or one.world != "here" for one in named):
        return False
    pieces = [piece for template in bound.messages.values() for piece in template if isinstance(piece, Placeholder)]
    special = {piece.text for piece in pieces if piece.kind == "special"}
    about_first = special & {"spot", "printed"}
    return special <= set(_PLAIN) and (not about_first or isinstance(named[0], Cells))


def instance_of(bound: Bound, position: tuple[int, ...], layout: Layout, lang: str) -> Instance:
    """The place of a rule at ``position`` on its dense axes."""
    at = {variable.name: index for variable, index in zip(bound.dense, position, strict=True)}
    bindings = {variable.name: variable.ids[at[variable.name]] for variable in bound.variables}
    stated = tuple({one.address: one for one in _stated(bound, at, layout)}.values())
    first = stated[0] if stated else None
    spot = ""
    if first is not None and first.cell is not None:
        spot = cell_spot(layout.cells[first.cell].table, first.where[0], first.where[1], _NOWHERE, lang)
    labels = {variable.name: _label(bound, variable.name, at, layout, lang) for variable in bound.variables}
    told = ", ".join(f"{name}={value}" for name, value in bindings.items())
    addresses = tuple(one.address for one in stated)
    order = tuple(sorted(range(len(stated)), key=addresses.__getitem__))
    numbers = tuple(one.cell for one in stated if one.cell is not None)
    is_whole = len(numbers) == len(stated) and all(layout.cells[number].places == 0 for number in numbers)
    sealed = tuple(f"{name}={value}" for name, value in sorted(bindings.items()))
    heads = tuple(f"{addresses[i]}=" for i in order)
    return Instance(told, bindings, addresses, stated, spot, labels, order, sealed, heads, is_whole, numbers)


def _stated(bound: Bound, at: Mapping[str, int], layout: Layout) -> Iterator[Stated]:
    """The facts that the place rests on, in the order in which the rule names them."""
    for node in (bound.assertion, *((bound.when,) if bound.when is not None else ())):
        for reference in references(node):
            match reference:
                case Cells():
                    for row, column in cells_of(reference, at):
                        yield _of_cell(reference, row, column, layout)
                case Fact():
                    yield Stated(f"about.{reference.key}", None)
                case SectionFact():
                    yield from _of_sections(reference, at, layout)


def _of_cell(cells: Cells, row: int, column: int, layout: Layout) -> Stated:
    return Stated(address_of(cells, row, column, layout.form), layout.position(cells.table, row, column), (row, column))


def raw_name(cells: Cells, at: Mapping[str, int], layout: Layout) -> Stated:
    """The first figure that a reference takes at a place."""
    found = next(cells_of(cells, at), None)
    return Stated("", None) if found is None else _of_cell(cells, *found, layout)


def _of_sections(fact: SectionFact, at: Mapping[str, int], layout: Layout) -> Iterator[Stated]:
    pick = fact.sections
    bound = pick.axis in at and pick.axis is not None
    for i in (pick.indices[at[pick.axis or ""]],) if bound else pick.indices:
        if i >= 0:
            yield Stated(f"sections.{layout.parts[i]}", None)


def _label(bound: Bound, name: str, at: Mapping[str, int], layout: Layout, lang: str) -> str:
    variable = next(one for one in bound.variables if one.name == name)
    member = variable.ids[at[name]]
    if variable.kind == "section":
        return section_name(layout.form, member, lang)
    table = layout.form.tables[variable.table or ""]
    labels, ids = (table.row_labels, table.rows) if variable.kind == "row" else (table.column_labels, table.columns)
    return label_text(labels[ids.index(member)], lang)


# --- what rules need -----------------------------------------------------------------------------------------------------------

_OF_LENGTH = frozenset({"length", "present", "blank", "absent", "applicable"})


def needs_prose(bound: Bound) -> bool:
    """Whether a rule asks for words that an archive does not hold in columns: text of parts, what it states, labels as printed, notes."""
    if bound.lists:
        return True
    nodes = [bound.assertion, bound.when, *(node for _, node in (*bound.lowered, *bound.readings))]
    nodes += [piece.node for template in bound.messages.values() for piece in template if isinstance(piece, Placeholder)]
    return any(_reads_text(node) for node in nodes if node is not None)


def _reads_text(node: Node) -> bool:
    inner = node.parts
    if isinstance(node, Call) and node.operator in _OF_LENGTH:
        inner = tuple(part for part in node.parts if not _is_text(part))
    if _is_text(node) or (isinstance(node, Fact) and node.key.startswith(("note.", "notes."))):
        return True
    return any(_reads_text(part) for part in inner)


def _is_text(node: Node) -> bool:
    return isinstance(node, SectionFact) and node.attribute == "text"


def needs_others(bound: Bound) -> bool:
    """Whether a rule is about another report: last year's, or the parts of a sum."""
    nodes = [bound.assertion, *([bound.when] if bound.when is not None else [])]
    return any(getattr(part, "world", "here") != "here" for node in nodes for part in walk(node))
