"""Forms that a report fills in itself: a row for each of its components, a column for each reason that it names.

A rule is bound to the open form once; for a report the open ids are replaced by what the report lists, in the form here and in the
rules by :func:`govreport_check.rule.fitted`. After that an expanded table is a table like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

from govreport_check.form import OPEN, OVERALL, Form, FormLabel, Table, is_open
from govreport_check.model import UNATTRIBUTED

Members: TypeAlias = "tuple[tuple[str, tuple[str, ...]], ...]"
"""What a report lists for each open id of a form, in the report's order."""

_MOST_KEPT = 1024
_EXPANDED: dict[tuple[int, Members], tuple[Form, Form]] = {}


def members_of(form: Form, entities: Mapping[str, Iterable[Mapping[str, str]]], tables: Mapping[str, Any] | None) -> Members:
    """What a report lists: the members that ``entities`` names, then those that only its ``tables`` have rows for; the columns that it
    prints in tables whose columns are its own."""
    stated = {name: [one["id"] for one in entities.get(name, ()) if one.get("id")] for name in form.entities}
    printed = {name: _rows_of(tables, table) for name, table in form.tables.items()}
    members: dict[str, tuple[str, ...]] = {}
    for entity in form.entities:
        lost = [column for name, table in form.tables.items() if entity in table.listed.values() for column in _nobodys(printed[name])]
        rows = [row for name, table in form.tables.items() if table.row_entity == entity for row in printed[name]]
        members[OPEN + entity] = tuple(dict.fromkeys([*stated[entity], *(row for row in rows if row not in _FIXED), *lost]))
    for name, table in form.tables.items():
        fixed = {column for column in table.columns if not is_open(column)}
        for key, entity in table.listed.items():
            columns = (column for cells in printed[name].values() if isinstance(cells, Mapping) for column in cells)
            members[key] = members[OPEN + entity] if entity else tuple(dict.fromkeys(c for c in columns if c not in fixed))
    return tuple(members.items())


def _nobodys(rows: Mapping[str, Any]) -> Iterator[str]:
    """The columns that a table of one column per member gives to nobody."""
    return (column for cells in rows.values() if isinstance(cells, Mapping) for column in cells if column.startswith(UNATTRIBUTED))


_FIXED = frozenset({OVERALL, OPEN})


def _rows_of(tables: Mapping[str, Any] | None, table: Table) -> Mapping[str, Any]:
    rows = (tables or {}).get(table.id)
    return rows if isinstance(rows, Mapping) else {}


def expanded(form: Form, members: Members) -> Form:
    """``form`` with what a report lists in place of its open ids; one object for equal members, so that reports can share it."""
    if not form.entities and not any(table.listed for table in form.tables.values()):
        return form
    known = _EXPANDED.get((id(form), members))
    if known is None or known[0] is not form:
        if len(_EXPANDED) >= _MOST_KEPT:
            _EXPANDED.clear()
        listed = dict(members)
        tables = {name: _table(table, listed) for name, table in form.tables.items()}
        known = _EXPANDED[id(form), members] = (form, replace(form, tables=tables, members=members))
    return known[1]


def _table(table: Table, listed: Mapping[str, tuple[str, ...]]) -> Table:
    rows, row_map = _filled(table.rows, listed)
    columns, column_map = _filled(table.columns, listed)
    if rows == table.rows and columns == table.columns:
        return table
    return replace(
        table,
        rows=rows,
        columns=columns,
        row_labels=tuple(_spread(table.rows, table.row_labels, row_map, rows)),
        column_labels=tuple(_spread(table.columns, table.column_labels, column_map, columns)),
        kinds=tuple(kind for kind, places in zip(table.kinds, column_map, strict=True) for _ in places),
        absent=tuple(absent for absent, places in zip(table.absent, column_map, strict=True) for _ in places),
        row_groups={name: _mapped(group, row_map) for name, group in table.row_groups.items()},
        column_groups={name: _mapped(group, column_map) for name, group in table.column_groups.items()},
        total_rows=frozenset(_mapped(sorted(table.total_rows), row_map)),
        total_columns=frozenset(_mapped(sorted(table.total_columns), column_map)),
        row_map=row_map,
        column_map=column_map,
        heads_over=tuple(_span(kind, row_map if kind == "rows" else column_map, first, last) for kind, first, last in table.heads_over),
    )


def _span(kind: str, places: tuple[tuple[int, ...], ...], first: int, last: int) -> tuple[str, int, int]:
    """Where a head stands once what is under it is filled in; nowhere where nothing is."""
    under = [place for of in places[first : last + 1] for place in of] if kind else []
    return (kind, under[0], under[-1]) if under else ("", 0, 0)


def _filled(names: tuple[str, ...], listed: Mapping[str, tuple[str, ...]]) -> tuple[tuple[str, ...], tuple[tuple[int, ...], ...]]:
    """The ids with members in place of the open ones, and where each of ``names`` went."""
    found: list[str] = []
    places: list[tuple[int, ...]] = []
    for name in names:
        members = listed.get(name, ()) if is_open(name) else (name,)
        places.append(tuple(range(len(found), len(found) + len(members))))
        found.extend(members)
    return tuple(found), tuple(places)


def _spread(
    names: tuple[str, ...], labels: tuple[FormLabel, ...], places: tuple[tuple[int, ...], ...], filled: tuple[str, ...]
) -> Iterator[FormLabel]:
    for name, label, indices in zip(names, labels, places, strict=True):
        yield from (_label(filled[i]) for i in indices) if is_open(name) else (label,)


def _label(name: str) -> FormLabel:
    """A member's label is its id; a row that is nobody's is told so."""
    if not name.startswith(UNATTRIBUTED):
        return FormLabel(name)
    more = f" {name.removeprefix(UNATTRIBUTED)}".rstrip()
    return FormLabel(f"（未指明单位{more}）", f"(no component{more})")


def _mapped(indices: Iterable[int], places: tuple[tuple[int, ...], ...]) -> tuple[int, ...]:
    return tuple(place for i in indices for place in places[i])
