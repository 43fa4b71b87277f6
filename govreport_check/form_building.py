"""A form file made into a form: groups within groups resolved, every cell with its type, every name that is not there complained of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from govreport_check.figures import Between, CellType, Mark, normal
from govreport_check.form import (
    OPEN,
    OVERALL,
    About,
    Dated,
    Entity,
    Form,
    FormError,
    FormLabel,
    FormSection,
    Stated,
    Table,
    open_id,
    years_of,
)
from govreport_check.form_file import (
    AboutSpec,
    ClaimSpec,
    EntitySpec,
    FormFile,
    ListedSpec,
    ParentSpec,
    SectionSpec,
    TableSpec,
    TotalsSpec,
)
from govreport_check.literals import needs_of
from govreport_check.model import State


def build_form(file: FormFile) -> Form:
    """The form with every group and cell type worked out. Raises :class:`FormError` on a name that is not there."""
    first, last = years_of(file.years)
    sources = dict.fromkeys(_patterns(file))
    return Form(
        id=file.id,
        first_year=first,
        last_year=last,
        marks={normal(text): _mark(spec) for text, spec in file.marks.items()},
        about={name: _about(spec) for name, spec in file.about.items()},
        sections={name: _section(name, spec) for name, spec in file.sections.items()},
        tables={name: _table(name, spec, file) for name, spec in file.tables.items()},
        claims={name: _stated(spec) for name, spec in file.claims.items()},
        dates={name: Dated(_parts(spec.in_), tuple(spec.unless)) for name, spec in file.dates.items()},
        annotation=file.annotation,
        entities={name: _entity(name, spec) for name, spec in file.entities.items()},
        needs={source: needs for source in sources if (needs := needs_of(source))},
    )


def _patterns(file: FormFile) -> Iterator[str]:
    for fact in file.about.values():
        yield from (*fact.reads, *fact.unless, *(pattern for patterns in fact.values.values() for pattern in patterns))
    for claim in file.claims.values():
        yield from (source for source in (*claim.reads, *claim.says, claim.whole, *claim.unless) if source)
    for dated in file.dates.values():
        yield from dated.unless


def _parts(stated: str | list[str]) -> tuple[str, ...]:
    return (stated,) if isinstance(stated, str) else tuple(stated)


def _about(spec: AboutSpec) -> About:
    return About(
        type=spec.type,
        in_=_parts(spec.in_),
        reads=tuple(spec.reads),
        unless=tuple(spec.unless),
        of=tuple(spec.of),
        values={value: tuple(patterns) for value, patterns in spec.values.items()},
        name=(spec.name.zh, spec.name.en) if spec.name else None,
    )


def _stated(spec: ClaimSpec) -> Stated:
    return Stated(
        in_=_parts(spec.in_),
        reads=tuple(spec.reads),
        says=tuple(spec.says),
        value=spec.value,
        unless=tuple(spec.unless),
        span=spec.span,
        whole=spec.whole,
        opens=spec.opens,
        part=spec.part,
        open_end=spec.open_end,
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
