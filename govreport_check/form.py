"""What a report looks like: the official template of a period, with every path, group and cell type worked out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from govreport_check.figures import Between, CellType, Mark, normal
from govreport_check.form_file import (
    AboutSpec,
    ClaimSpec,
    DatesSpec,
    EntitySpec,
    FormFile,
    ListedSpec,
    ParentSpec,
    SectionSpec,
    TableSpec,
    TotalsSpec,
)
from govreport_check.model import State


@dataclass(frozen=True, slots=True)
class FormLabel:
    """A prescribed label. ``text`` as the form prints it."""

    text: str
    en: str | None = None
    accepts: tuple[str, ...] = ()
    mistaken: tuple[str, ...] = ()

    def in_language(self, lang: str) -> str:
        return self.en if lang == "en" and self.en else self.text


OPEN = "*"
"""Begins the id that stands for the rows or columns that a report lists itself."""


OVERALL = "overall"
"""The row for all members of an entity."""


def is_open(name: str) -> bool:
    """Whether an id stands for what a report lists."""
    return name.startswith(OPEN)


@dataclass(frozen=True, slots=True)
class Entity:
    """What a report lists itself (its components), and the row for all of them: its id ``overall`` and its label."""

    id: str
    name: Mapping[str, str]
    overall: FormLabel | None


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the form; rows × columns, every cell with its type.

    ``parents`` goes from the id of a row group with a printed head (``denied``) to its label; ``row_groups`` and
    ``column_groups`` hold indices, groups within groups resolved to their leaves. ``places`` are the decimal places in whose
    units the table's figures are held; ``absent`` says for each column what a figure means that is left out, ``absent_members`` what
    those of a member mean that has no row.

    ``heads_over``: over which columns or rows each of ``heads`` stands, ("rows", first, last); ("", 0, 0) where the form does not say.

    In a table that a report fills in itself, an id that begins with :data:`OPEN` stands for all that it lists: rows for the members of
    ``row_entity``, columns as ``listed`` says (its id → an entity, or "" for whatever is printed). ``expanded`` (``open_form.py``) puts
    them in; ``row_map`` and ``column_map`` then say what became of each row and column.
    """

    id: str
    section: str
    name: Mapping[str, str]
    caption: str | None
    layout: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    row_labels: tuple[FormLabel, ...]
    column_labels: tuple[FormLabel, ...]
    heads: tuple[FormLabel, ...]
    parents: Mapping[str, FormLabel]
    kinds: tuple[CellType, ...]
    absent: tuple[str, ...]
    required: bool
    head_note: str | None
    row_groups: Mapping[str, tuple[int, ...]]
    column_groups: Mapping[str, tuple[int, ...]]
    total_rows: frozenset[int]
    total_columns: frozenset[int]
    row_entity: str | None = None
    listed: Mapping[str, str] = field(default_factory=dict)
    row_map: tuple[tuple[int, ...], ...] = ()
    column_map: tuple[tuple[int, ...], ...] = ()
    absent_members: str | None = None
    heads_over: tuple[tuple[str, int, int], ...] = ()

    @property
    def places(self) -> int:
        return max(kind.places for kind in self.kinds)

    @property
    def cells(self) -> Iterator[tuple[str, str]]:
        """(row, column) ids in the form's order."""
        return ((row, column) for row in self.rows for column in self.columns)

    def is_total(self, row: int, column: int) -> bool:
        return row in self.total_rows or column in self.total_columns

    def merged(self, printed: Collection[str]) -> dict[str, str]:
        """Rows for which only their parent's row is printed: the last leaf of such a parent stands for it, the others are not
        applicable. ``{leaf: parent}``; the standing leaf is the last one of its parent."""
        alone = [parent for parent in self.parents if parent in printed]
        leaves = {parent: [self.rows[i] for i in self.row_groups.get(parent, ())] for parent in alone}
        return {leaf: parent for parent in alone if not set(leaves[parent]) & set(printed) for leaf in leaves[parent]}


@dataclass(frozen=True, slots=True)
class FormSection:
    """A section of the form, and the spellings of its heading."""

    id: str
    heading: str
    number: str | None
    en: str | None
    required: bool
    accepts: tuple[str, ...]
    mistaken: tuple[str, ...]

    @property
    def label(self) -> FormLabel:
        return FormLabel(self.heading, self.en, self.accepts, self.mistaken)


@dataclass(frozen=True, slots=True)
class Form:
    """The official template of a period. ``first_year`` and ``last_year`` are inclusive; ``None`` is "until further notice".

    ``members``: of an expanded form, what the report lists for each open id.
    """

    id: str
    first_year: int
    last_year: int | None
    marks: Mapping[str, Mark]
    about: Mapping[str, AboutSpec]
    sections: Mapping[str, FormSection]
    tables: Mapping[str, Table]
    claims: Mapping[str, ClaimSpec] = field(default_factory=dict)
    dates: Mapping[str, DatesSpec] = field(default_factory=dict)
    annotation: str | None = None
    entities: Mapping[str, Entity] = field(default_factory=dict)
    members: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def pack(self) -> str:
        return self.id.partition("/")[0]

    @property
    def cell_count(self) -> int:
        return sum(len(table.rows) * len(table.columns) for table in self.tables.values())

    def covers(self, year: int) -> bool:
        return self.first_year <= year and (self.last_year is None or year <= self.last_year)


class FormError(ValueError):
    """A form file that pydantic accepts but that contradicts itself; ``path`` is where in the file."""

    def __init__(self, path: tuple[str | int, ...], message: str) -> None:
        self.path, self.message = path, message
        super().__init__(message)


def years_of(text: str) -> tuple[int, int | None]:
    """``2021-`` → (2021, None), ``2019-2020`` → (2019, 2020), ``2022`` → (2022, 2022)."""
    first, dash, last = text.partition("-")
    return int(first), (int(last) if last else None) if dash else int(first)


def build_form(file: FormFile) -> Form:
    """The form with every group and cell type worked out. Raises :class:`FormError` on a name that is not there."""
    first, last = years_of(file.years)
    return Form(
        id=file.id,
        first_year=first,
        last_year=last,
        marks={normal(text): _mark(spec) for text, spec in file.marks.items()},
        about=file.about,
        sections={name: _section(name, spec) for name, spec in file.sections.items()},
        tables={name: _table(name, spec, file) for name, spec in file.tables.items()},
        claims=file.claims,
        dates=file.dates,
        annotation=file.annotation,
        entities={name: _entity(name, spec) for name, spec in file.entities.items()},
    )


def _entity(name: str, spec: EntitySpec) -> Entity:
    return Entity(name, {"zh": spec.name.zh, "en": spec.name.en}, label_of(spec.overall) if spec.overall else None)


def _mark(spec: Any) -> Mark:
    if isinstance(spec, str):
        return State[spec.upper()]
    return Between(spec["above"], spec["below"])


def _section(name: str, spec: SectionSpec) -> FormSection:
    return FormSection(name, spec.heading, spec.number, spec.en, spec.required, tuple(spec.accepts), tuple(spec.mistaken))


def label_of(spec: Any) -> FormLabel:
    """A label as the file states it: characters, or characters with spellings."""
    if isinstance(spec, str):
        return FormLabel(spec)
    return FormLabel(spec.printed, spec.en, tuple(spec.accepts), tuple(spec.mistaken))


def _table(name: str, spec: TableSpec, file: FormFile) -> Table:
    path = ("tables", name)
    if spec.section not in file.sections:
        raise FormError((*path, "section"), f"no section is called {spec.section}")
    tree = _entity_rows(spec.rows, file, (*path, "rows")) if isinstance(spec.rows, str) else spec.rows
    leaves = dict(_leaves(tree, ""))
    listed = _listed(name, spec, file)
    columns = {open_id(name, key) if isinstance(label, ListedSpec) else key: label for key, label in spec.columns.items()}
    groups: dict[str, tuple[int, ...]] = {key: (i,) for i, (key, label) in enumerate(spec.columns.items()) if isinstance(label, ListedSpec)}
    rows = tuple(leaves)
    parents = dict(_parents(tree, "", list(leaves)))
    known: dict[str, tuple[int, ...]] = {spec.rows: (0,)} if isinstance(spec.rows, str) else parents
    totals = _totals(spec.totals, rows, tuple(columns), (*path, "totals"))
    row_groups = _groups(spec.row_groups, rows, (*path, "row_groups"), known)
    column_groups = _groups(spec.column_groups, tuple(columns), (*path, "column_groups"), groups)
    return Table(
        id=name,
        section=spec.section,
        name={"zh": spec.name.zh, "en": spec.name.en},
        caption=spec.caption,
        layout=spec.layout,
        rows=rows,
        columns=tuple(columns),
        row_labels=tuple(leaves.values()),
        column_labels=tuple(FormLabel(key) if isinstance(label, ListedSpec) else label_of(label) for key, label in columns.items()),
        heads=tuple(label_of(head) for head in spec.heads),
        parents=dict(_parent_labels(tree)),
        kinds=_kinds(spec, tuple(spec.columns), file.suffixes, (*path, "cells")),
        absent=_absent(spec, (*path, "absent")),
        required=spec.required,
        head_note=spec.head_note,
        row_groups=row_groups,
        column_groups=column_groups,
        total_rows=totals[0],
        total_columns=totals[1],
        row_entity=spec.rows if isinstance(spec.rows, str) else None,
        absent_members=spec.absent_members,
        listed=listed,
        heads_over=_heads_over(spec, {"columns": _single(columns) | column_groups, "rows": _single(rows) | row_groups}, path),
    )


def _single(names: Iterable[str]) -> dict[str, tuple[int, ...]]:
    return {name: (i,) for i, name in enumerate(names)}


def _heads_over(
    spec: TableSpec, known: Mapping[str, Mapping[str, tuple[int, ...]]], path: tuple[str | int, ...]
) -> tuple[tuple[str, int, int], ...]:
    spans = []
    for i, names in enumerate(getattr(head, "over", []) for head in spec.heads):
        kind = next((kind for kind, groups in known.items() if names and set(names) <= set(groups)), "")
        if names and not kind:
            raise FormError((*path, "heads", i, "over"), f"no columns, and no rows, are called {', '.join(names)}")
        found = sorted(place for name in names for place in known[kind][name])
        spans.append((kind, found[0], found[-1]) if found else ("", 0, 0))
    return tuple(spans)


def open_id(table: str, group: str) -> str:
    """The id of all the columns that a report lists in ``table`` as ``group``."""
    return f"{OPEN}{table}.{group}"


def _entity_rows(name: str, file: FormFile, path: tuple[str | int, ...]) -> dict[str, Any]:
    if name not in file.entities:
        raise FormError(path, f"no entity is called {name}")
    overall = file.entities[name].overall
    return {OPEN + name: OPEN + name, **({} if overall is None else {OVERALL: overall})}


def _listed(name: str, spec: TableSpec, file: FormFile) -> dict[str, str]:
    listed = {}
    for key, label in spec.columns.items():
        if isinstance(label, ListedSpec):
            entity = "" if label.listed is True else label.listed
            if entity and entity not in file.entities:
                raise FormError(("tables", name, "columns", key, "listed"), f"no entity is called {entity}")
            listed[open_id(name, key)] = entity
    return listed


def _absent(spec: TableSpec, path: tuple[str | int, ...]) -> tuple[str, ...]:
    if isinstance(spec.absent, str):
        return (spec.absent,) * len(spec.columns)
    for name in spec.absent:
        if name != "all" and name not in spec.columns:
            raise FormError((*path, name), f"no column is called {name}")
    return tuple(spec.absent.get(name, spec.absent.get("all", "unknown")) for name in spec.columns)


def _children(spec: Any) -> Mapping[str, Any] | None:
    return spec.leaves if isinstance(spec, ParentSpec) else spec if isinstance(spec, dict) else None


def _leaves(rows: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, FormLabel]]:
    for name, spec in rows.items():
        children = _children(spec)
        if children is None:
            yield prefix + name, label_of(spec)
        else:
            yield from _leaves(children, f"{prefix}{name}.")


def _parents(rows: Mapping[str, Any], prefix: str, leaves: list[str]) -> Iterator[tuple[str, tuple[int, ...]]]:
    for name, spec in rows.items():
        if _children(spec) is not None:
            start = f"{prefix}{name}."
            yield prefix + name, tuple(i for i, leaf in enumerate(leaves) if leaf.startswith(start))


def _parent_labels(rows: Mapping[str, Any]) -> Iterator[tuple[str, FormLabel]]:
    for name, spec in rows.items():
        if isinstance(spec, ParentSpec):
            yield name, label_of(spec)


def _groups(
    spec: Mapping[str, list[str]], names: tuple[str, ...], path: tuple[str | int, ...], known: dict[str, tuple[int, ...]]
) -> dict[str, tuple[int, ...]]:
    groups = dict(known)
    for group, members in spec.items():
        indices: list[int] = []
        for i, member in enumerate(members):
            if member not in groups and member not in names:
                raise FormError((*path, group, i), f"no row, column or earlier group is called {member}")
            indices.extend(groups.get(member) or (names.index(member),))
        groups[group] = tuple(indices)
    return groups


def _totals(
    spec: TotalsSpec, rows: tuple[str, ...], columns: tuple[str, ...], path: tuple[str | int, ...]
) -> tuple[frozenset[int], frozenset[int]]:
    for kind, wanted, names in (("rows", spec.rows, rows), ("columns", spec.columns, columns)):
        for i, name in enumerate(wanted):
            if name not in names:
                raise FormError((*path, kind, i), f"no {kind[:-1]} is called {name}")
    return frozenset(map(rows.index, spec.rows)), frozenset(map(columns.index, spec.columns))


_BASE = {
    "count": CellType("count"),
    "number": CellType("number", places=2, low=None),
    "amount": CellType("amount", places=2),
    "share": CellType("share", places=4),
    "days": CellType("days", places=2),
    "date": CellType("date", low=1),
    "text": CellType("text"),
}


def _kinds(
    spec: TableSpec, columns: tuple[str, ...], suffixes: Mapping[str, list[str]], path: tuple[str | int, ...]
) -> tuple[CellType, ...]:
    for name in spec.cells:
        if name != "all" and name not in columns:
            raise FormError((*path, name), f"no column is called {name}")
    missing = [name for name in columns if name not in spec.cells and "all" not in spec.cells]
    if missing:
        raise FormError(path, f"the type of the cells in column {missing[0]} is not given")
    return tuple(_kind(spec.cells.get(name, spec.cells.get("all")), suffixes, path) for name in columns)


def _kind(spec: Any, suffixes: Mapping[str, list[str]], path: tuple[str | int, ...]) -> CellType:
    name, unit, places = spec, None, None
    if isinstance(spec, Mapping):
        known = [key for key in spec if key in _BASE]
        if not known or set(spec) - {"places", "low", known[0]}:
            raise FormError(path, f"a cell type is one of {', '.join(_BASE)}, with a unit and places")
        name, unit, places = known[0], spec[known[0]], spec.get("places")
    if name not in _BASE:
        raise FormError(path, f"{name} is not a cell type ({', '.join(_BASE)})")
    base = _BASE[str(name)]
    low = spec["low"] if isinstance(spec, Mapping) and "low" in spec else base.low
    words = tuple(suffixes.get(base.name, ())) + ((str(unit),) if unit else ())
    return CellType(base.name, base.places if places is None else int(places), low, unit and str(unit), words)
