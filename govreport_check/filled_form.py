"""The official form to be filled in, or filled with what a report says: what is printed stays as printed, what is blank stays blank."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from govreport_check.as_printed import as_printed
from govreport_check.equations import equations_of
from govreport_check.errors import UsageError
from govreport_check.findings import Printed, PrintedTable
from govreport_check.form import OPEN, OVERALL, Form, Table
from govreport_check.model import Cells, Raw, Report, Section
from govreport_check.open_form import expanded
from govreport_check.pack import Pack
from govreport_check.readers.rows import UNREADABLE
from govreport_check.renderers.drawn_form import DrawnForm, DrawnPart, DrawnTable, paragraphs_of
from govreport_check.renderers.form_docx import form_docx
from govreport_check.renderers.form_xlsx import form_xlsx
from govreport_check.renderers.live_sums import Spot, sums_of

_RESERVED = ("title", "preamble", "signature")
_ROOM = 3
"""So many rows and columns are left for what whoever fills in a form lists there."""


@dataclass(frozen=True, slots=True)
class Filling:
    """A form and what is to stand in it. ``report`` has every table and part of the form; ``left`` is how many figures the report that
    it was filled with does not have, which stand blank; ``runs`` the rows (table, row, what is printed) whose figures run together, which
    stand as unread: a blank would be taken for nought."""

    form: Form
    pack: Pack
    report: Report
    left: int = 0
    runs: tuple[tuple[str, str, str], ...] = ()


def blank(form: str, packs: Sequence[Pack]) -> Filling:
    """The form of this id, nothing in it. Raises UsageError for one that no pack has."""
    found = {name: (pack, one) for pack in packs for name, one in pack.forms.items()}
    if form not in found:
        raise UsageError(f"no form is called {form}; there are {', '.join(found)}")
    pack, own = found[form]
    open_ids = [OPEN + name for name in own.entities] + [name for table in own.tables.values() for name in table.listed]
    room = tuple(f"{OPEN}{number}" for number in range(1, _ROOM + 1))
    own = expanded(own, tuple((name, room) for name in dict.fromkeys(open_ids)))
    return Filling(own, pack, _whole(Report(source="", form=own.id), own))


def filling(report: Report, form: Form, pack: Pack) -> Filling:
    """The form with what ``report`` says; what the form has and the report has not stands there, blank."""
    runs = tuple((name, row, run) for name, rows in (report.tables or {}).items() for row, run in rows.items() if isinstance(run, str))
    report = _runs_unread(report, form)
    given = report.tables or {}
    required = [table for table in form.tables.values() if table.required or table.id in given]
    left = sum(not _has(given.get(table.id, {}), table, row, column) for table in required for row, column in table.cells)
    return Filling(form, pack, _whole(report, form), left, runs)


def _runs_unread(report: Report, form: Form) -> Report:
    if report.tables is None:
        return report
    unread = {name: dict.fromkeys(form.tables[name].columns, UNREADABLE) for name in report.tables}
    apart = {
        name: {row: unread[name] if isinstance(cells, str) else cells for row, cells in rows.items()}
        for name, rows in report.tables.items()
    }
    return replace(report, tables=apart)


def _has(rows: Cells, table: Table, row: str, column: str) -> bool:
    return column in rows.get(table.merged(rows).get(row, row), ())


def _whole(report: Report, form: Form) -> Report:
    given = report.tables or {}
    tables = {name: given.get(name, {}) for name, table in form.tables.items() if table.required or name in given or not report.tables}
    sections = {name: Section() for name in form.sections} | dict(report.sections or {})
    title = report.about.get("title")
    if "title" not in sections and title:
        sections["title"] = Section(text=str(title))
    return replace(report, tables=tables, sections=sections)


def drawn(one: Filling, lang: str) -> DrawnForm:
    """The form as it is drawn, labels as the report has them, in ``lang`` where the form knows them."""
    printed = as_printed(one.form, one.report, lang)
    return DrawnForm(lang, tuple(_parts(one, printed)))


def _parts(one: Filling, printed: Printed) -> Iterator[DrawnPart]:
    for part in printed.parts:
        tables = tuple(_table(one, table) for table in printed.tables if table.part == part.id)
        notes = {note for table in tables for note in table.notes}
        said = tuple(text for text in paragraphs_of(part) if text not in notes)
        yield DrawnPart(part.id, "" if part.id in _RESERVED else part.heading, said, tables)


def _table(one: Filling, table: PrintedTable) -> DrawnTable:
    form = one.form.tables[table.id]
    rows: Mapping[str, Mapping[str, Raw] | str] = (one.report.tables or {}).get(table.id, {})
    alone = dict.fromkeys(form.merged(rows).values())
    kept = list(range(len(form.rows)))
    for parent in alone:
        table, kept = _merged(table, kept, form, parent)
    headed = any(head.text == form.caption for head in form.heads)
    return DrawnTable(table, tuple(kept), headed, tuple(one.report.notes.get(table.id, ())))


def _merged(table: PrintedTable, kept: list[int], form: Table, parent: str) -> tuple[PrintedTable, list[int]]:
    """The table with one row for ``parent`` in place of those under it; its figures stand in the last of them."""
    leaves = form.row_groups[parent]
    first, last = kept.index(leaves[0]), kept.index(leaves[-1])
    label = next(head.text for head in table.over_rows if head.at.endswith(f".parents.{parent}"))
    rows = [*table.rows[:first], (parent, label), *table.rows[last + 1 :]]
    cells = [*table.cells[:first], table.cells[last], *table.cells[last + 1 :]]
    less = last - first
    heads = [
        head.model_copy(
            update={"first": head.first - less if head.first > last else head.first, "last": head.last - less * (head.last >= last)}
        )
        for head in table.over_rows
        if not head.at.endswith(f".parents.{parent}")
    ]
    return table.model_copy(update={"rows": rows, "cells": cells, "over_rows": heads}), [*kept[:first], *leaves[-1:], *kept[last + 1 :]]


def as_docx(one: Filling, lang: str) -> bytes:
    """The form as a Word file."""
    return form_docx(drawn(one, lang))


def as_xlsx(one: Filling, lang: str) -> bytes:
    """The form as a workbook with live sums and checks. Raises UsageError where XlsxWriter is not installed."""
    equations = equations_of(one.form, one.pack.rules, lang)
    return form_xlsx(drawn(one, lang), sums_of(equations, partial(_is_total, one.form)), equations, blank=not one.report.source)


def _is_total(form: Form, spot: Spot) -> bool:
    table = form.tables[spot[0]]
    return table.is_total(spot[1], spot[2]) or table.rows[spot[1]] == OVERALL
