"""Structured reports (``govreport-report/1``, JSON, YAML or a mapping) → :class:`~govreport_check.model.Report`.

Nothing that was handed in is dropped silently: what does not fit the form is a remark, a cell of an impossible kind is
unreadable, a key that stands twice makes a :class:`~govreport_check.model.Repeated` cell.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from numbers import Integral, Real
from typing import cast

from govreport_check.errors import SourceError
from govreport_check.form import Form, Table
from govreport_check.marked import MAX_DEPTH, Node, Scalar, find, find_key, plain
from govreport_check.model import Label, Place, Raw, Remark, Repeated, Report, Section, cell_address
from govreport_check.open_form import expanded, members_of
from govreport_check.readers.plainly import plainly_read
from govreport_check.readers.regular import figures_of, is_regular, outline_of
from govreport_check.readers.rows import UNREADABLE
from govreport_check.readers.shape import RESERVED, SCHEMA, Misfit, misfits
from govreport_check.readers.tables import WHOLE, ordinal

_LARGEST = 10**4000
_MOST_COPIES = 1000
_PARTS = ("about", "sections", "tables", "labels", "notes", "entities", "reading")


def read_structured(given: Node | Mapping[str, object], form: Form, name: str) -> Report:
    """The report of ``form`` that ``given`` is.

    Raises :class:`~govreport_check.errors.SourceError` only when it is no mapping or says that it is something else.
    """
    plainly = None if isinstance(given, Node) else plainly_read(given, form, name)
    if plainly is not None:
        return plainly
    node = given if isinstance(given, Node) else node_of(given)
    _claims_to_be_a_report(node, name)
    document = cast("dict[str, object]", plain(node))
    form = _filled_in(form, node, document.get("tables"))
    cells, doubled = _cells(node.get("tables"), form, name)
    runs = tuple(_runs(node.get("tables"), form, name))
    tables, doubled_runs = _tables(cells, runs)
    restored = tuple(_restored(node.get("reading")))
    told = {(remark.rule, remark.at) for remark in restored}
    misfitting = (_remark(misfit, node, name) for misfit in _misfits(document, form))
    remarks = [remark for remark in (*doubled, *doubled_runs, *misfitting) if (remark.rule, remark.at) not in told]
    about = {key.scalar: value for key, value in _pairs(node.get("about")) if value.kind == "scalar"}
    return Report(
        source=name,
        form=form.id,
        about={str(key): _fact(value) for key, value in about.items() if key != "partial" and not isinstance(value.scalar, bool)},
        sections=_sections(node.get("sections"), form, name),
        tables=tables if _given(node.get("tables")) else None,
        labels=_labels(node.get("labels"), name),
        notes={_word(key): tuple(_texts(value)) for key, value in _pairs(node.get("notes"))},
        entities={_word(key): tuple(_entities(value)) for key, value in _pairs(node.get("entities"))},
        partial=bool(about.get("partial") and about["partial"].scalar is True),
        places={**_places(node, cells, name), **_run_places(runs)},
        remarks=(*restored, *remarks),
    )


def _filled_in(form: Form, node: Node, tables: object) -> Form:
    """The form with the rows and columns that the report lists itself."""
    entities = {_word(key): tuple(_entities(value)) for key, value in _pairs(node.get("entities"))}
    return expanded(form, members_of(form, entities, tables if isinstance(tables, Mapping) else None))


def _misfits(document: Mapping[str, object], form: Form) -> list[Misfit]:
    outline = outline_of(form)
    plainly_regular = is_regular(document, outline) and figures_of(document, outline) is not None
    return [] if plainly_regular else misfits(document, form)


def _claims_to_be_a_report(node: Node, name: str) -> None:
    if node.kind != "map":
        raise SourceError(
            name,
            f"is no report but a {node.kind}; a structured report is a mapping with `schema: {SCHEMA}`",
            f"不是报告；结构化报告应有“schema: {SCHEMA}”",
        )
    schema = node.get("schema")
    stated = schema.scalar if schema else None
    if stated is None and not any(node.get(part) for part in _PARTS):
        raise SourceError(
            name,
            f"is no report: it has neither `schema: {SCHEMA}` nor any part of a report",
            f"不是报告：既没有“schema: {SCHEMA}”，也没有报告的任何部分",
        )
    if stated is not None and stated != SCHEMA:
        raise SourceError(
            name, f"has the schema {stated}; a structured report has `schema: {SCHEMA}`", f"的schema是“{stated}”，应为“{SCHEMA}”"
        )


# --- data as nodes --------------------------------------------------------------------------------------------------------------


def node_of(value: object, depth: int = 0) -> Node:
    """Python data as a tree without places. What is neither a mapping, a sequence nor a plain value becomes an empty list."""
    if isinstance(value, Mapping) and depth <= MAX_DEPTH:
        pairs = tuple((Node("scalar", str(key), (), 0, 0), node_of(item, depth + 1)) for key, item in value.items())
        return Node("map", None, pairs, 0, 0)
    if isinstance(value, list | tuple) and depth <= MAX_DEPTH:
        return Node("list", None, tuple((i, node_of(item, depth + 1)) for i, item in enumerate(value)), 0, 0)
    known, scalar = _scalar(value)
    return Node("scalar" if known else "list", scalar, (), 0, 0)


def _scalar(value: object) -> tuple[bool, Scalar]:
    """A plain value; numbers exact, those that are none as words."""
    if value is None or isinstance(value, str | bool):
        return True, value
    if isinstance(value, datetime.date):
        return True, value.isoformat()[:10]
    if isinstance(value, Integral):
        whole = int(value)
        return True, whole if abs(whole) < _LARGEST else Decimal(whole)  # Python writes no larger integer out
    if isinstance(value, Decimal | Real):
        exact = value if isinstance(value, Decimal) else Decimal(float.__repr__(float(value)))
        return True, exact if exact.is_finite() else str(exact).lower()
    return False, None


# --- parts ----------------------------------------------------------------------------------------------------------------------


def _given(node: Node | None) -> bool:
    return node is not None and node.kind != "scalar"


def _pairs(node: Node | None) -> Iterator[tuple[Node, Node]]:
    for key, value in node.items if node is not None and node.kind == "map" else ():
        if isinstance(key, Node):
            yield key, value


def _items(node: Node | None) -> Iterator[Node]:
    return (value for _, value in node.items) if node is not None and node.kind == "list" else iter(())


def _word(node: Node) -> str:
    return "" if node.scalar is None else str(node.scalar)


def _texts(node: Node) -> Iterator[str]:
    return (_word(item) for item in _items(node) if item.kind == "scalar")


def _fact(node: Node) -> str | int | Decimal | None:
    return None if isinstance(node.scalar, bool) else node.scalar


def _entities(node: Node) -> Iterator[dict[str, str]]:
    for item in _items(node):
        yield {_word(key): _word(value) for key, value in _pairs(item)}


def _place(node: Node, name: str, section: str | None = None) -> Place:
    return Place(source=name, line=node.line or None, section=section)


def _sections(node: Node | None, form: Form, name: str) -> dict[str, Section] | None:
    if not _given(node):
        return None
    sections: dict[str, Section] = {}
    for key, value in _pairs(node):
        section = _word(key)
        if value.kind != "map" or section not in (*RESERVED, *form.sections):
            continue
        read = _section(value, _place(key, name, section))
        known = sections.get(section)
        text = f"{known.text}\n{read.text}" if known else ""
        sections[section] = replace(known, text=text, copies=known.copies + read.copies) if known else read
    return sections


def _section(node: Node, place: Place) -> Section:
    heading, text, unread, copies = (node.get(key) for key in ("heading", "text", "unread", "copies"))
    return Section(
        heading=heading.scalar if heading and isinstance(heading.scalar, str) else None,
        text=text.scalar if text and isinstance(text.scalar, str) else "",
        place=replace(place, line=text.line or None) if text else place,
        copies=min(copies.scalar, _MOST_COPIES) if copies and isinstance(copies.scalar, int) and copies.scalar > 0 else 1,
        unread=unread is not None and unread.scalar is True,
    )


def _labels(node: Node | None, name: str) -> tuple[Label, ...] | None:
    if not _given(node):
        return None
    found = ((item, item.get("at"), item.get("printed")) for item in _items(node))
    return tuple(Label(_word(at), _word(printed), _place(item, name)) for item, at, printed in found if at and printed)


def _restored(node: Node | None) -> Iterator[Remark]:
    """The remarks that whoever read the document first wrote down."""
    for item in _items(node):
        finding, at, said = item.get("finding"), item.get("at"), item.get("said")
        if finding and isinstance(finding.scalar, str):
            words = {_word(key): _word(value) for key, value in _pairs(said)}
            yield Remark(finding.scalar, _word(at) if at and at.scalar is not None else None, Place(), words)


# --- cells ----------------------------------------------------------------------------------------------------------------------


def _cells(node: Node | None, form: Form, name: str) -> tuple[dict[tuple[str, str], dict[str, list[tuple[Raw, Place]]]], list[Remark]]:
    """Per (table, row) of the form the columns' cells, each with all its copies; and a remark for what stands twice."""
    cells: dict[tuple[str, str], dict[str, list[tuple[Raw, Place]]]] = {}
    doubled: list[Remark] = []
    for table_key, rows in _pairs(node):
        table = form.tables.get(_word(table_key))
        for row_key, columns in _pairs(rows) if table else ():
            if table is None or (row := _word(row_key)) not in (*table.rows, *table.parents) or columns.kind != "map":
                continue
            found = cells.setdefault((table.id, row), {})
            twice = False
            for column_key, cell in _pairs(columns):
                if (column := _word(column_key)) in table.columns:
                    spot = replace(_place(cell, name), row=ordinal(table, row), column=table.columns.index(column) + 1)
                    copies = found.setdefault(column, [])
                    copies.append((_raw(cell), spot))
                    twice = twice or len(copies) > 1
            if twice:
                doubled.append(Remark("doubled-row", f"{table.id}.{row}", _place(row_key, name), {"printed": row}))
    return cells, doubled


def _runs(node: Node | None, form: Form, name: str) -> Iterator[tuple[Table, str, str, Place]]:
    """The rows that are handed in as one run of digits, and the tables that are."""
    for table_key, rows in _pairs(node):
        table = form.tables.get(_word(table_key))
        for row_key, run in _pairs(rows) if table else ():
            row = _word(row_key)
            if table and row in (*table.rows, *table.parents, WHOLE) and run.kind == "scalar" and isinstance(run.scalar, str):
                yield table, row, run.scalar, _place(run, name)


def _raw(node: Node) -> Raw:
    if node.kind != "scalar" or isinstance(node.scalar, bool):
        return UNREADABLE
    return node.scalar


def _tables(
    cells: Mapping[tuple[str, str], Mapping[str, list[tuple[Raw, Place]]]], runs: Sequence[tuple[Table, str, str, Place]]
) -> tuple[dict[str, dict[str, dict[str, Raw] | str]], list[Remark]]:
    """The tables, and a remark for each run of a row that also stands otherwise: then nothing is known of the row."""
    tables: dict[str, dict[str, dict[str, Raw] | str]] = {}
    doubled: list[Remark] = []
    for (table, row), columns in cells.items():
        tables.setdefault(table, {})[row] = {column: _one(copies) for column, copies in columns.items()}
    for form_table, row, run, place in runs:
        rows = tables.setdefault(form_table.id, {})
        if row in rows:
            doubled.append(Remark("doubled-row", f"{form_table.id}.{row}", place, {"printed": run}))
            rows[row] = run if rows[row] == run else dict.fromkeys(form_table.columns, UNREADABLE)
        else:
            rows[row] = run
    for form_table in {table.id: table for table, *_ in runs}.values():
        rows = tables[form_table.id]
        tables[form_table.id] = {row: rows[row] for row in sorted(rows, key=lambda row: ordinal(form_table, row))}
    return tables, doubled


def _one(copies: list[tuple[Raw, Place]]) -> Raw:
    if len(copies) == 1:
        return copies[0][0]
    return Repeated(tuple(raw for raw, _ in copies), tuple(place for _, place in copies))


def _places(node: Node, cells: Mapping[tuple[str, str], Mapping[str, list[tuple[Raw, Place]]]], name: str) -> dict[str, Place]:
    places = {
        cell_address(table, row, column): copies[0][1] for (table, row), columns in cells.items() for column, copies in columns.items()
    }
    for part in ("about", "sections"):
        for key, _ in _pairs(node.get(part)):
            places.setdefault(f"{part}.{_word(key)}", _place(key, name, _word(key) if part == "sections" else None))
    return places


def _run_places(runs: Sequence[tuple[Table, str, str, Place]]) -> dict[str, Place]:
    """The place of every run, and of every cell that it holds."""
    places: dict[str, Place] = {}
    for table, row, _, place in runs:
        places.setdefault(f"{table.id}.{row}", place)
        for name in table.rows if row == WHOLE else (row,):
            for i, column in enumerate(table.columns, 1):
                places.setdefault(cell_address(table.id, name, column), replace(place, row=ordinal(table, name), column=i))
    return places


def _remark(misfit: Misfit, node: Node, name: str) -> Remark:
    spot = (find_key if misfit.rule == "unknown-key" else find)(node, misfit.path)
    value = find(node, misfit.path)
    printed = _word(value) if value.kind == "scalar" else f"({value.kind})"
    return Remark(misfit.rule, ".".join(map(str, misfit.path)), _place(spot, name), {"printed": printed})
