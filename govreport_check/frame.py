"""Reports side by side, as arrays: what rules are evaluated on. A report alone is a frame of length one.

One array per table with axes (row, column, report); one per fact; what a report lists (dates, claims, labels) lies on a flat axis
with the report of each member. Reading figures into states happens here, once (``figures.py`` says what characters mean).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from govreport_check.expr.columns import Array, Column, Numbers, Texts
from govreport_check.expr.evaluate import mapped
from govreport_check.expr.names import SECTION_FACTS, facts
from govreport_check.expr.nodes import Kind, World
from govreport_check.form import Form
from govreport_check.frame_facts import about_column, fact_column, member_column, section_column
from govreport_check.frame_tables import columns_in_memory, nothing_given, table_columns
from govreport_check.model import Place, Report, State

NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a report lists: a date, a claim, a label. ``values`` by attribute; a number is a :class:`Figure`."""

    values: Mapping[str, Any]
    address: str
    place: Place = NOWHERE


Listed: TypeAlias = "Mapping[str, Sequence[Item]]"
"""What one report lists, by flat axis: ``dates.mentioned``, ``claims.received``, ``labels``."""


@dataclass(frozen=True, slots=True)
class FlatColumns:
    """Members of one flat axis over all reports; ``of[i]`` is the report of member i, ``given`` whether a report's part was handed in."""

    of: Array
    items: tuple[Item, ...]
    given: Array


@dataclass(frozen=True, slots=True)
class Frame:
    """Many reports of one form. Implements ``expr.evaluate.Facts``.

    ``tables``: (rows, columns, reports); ``abouts``: (reports,); ``sections``: (parts, reports), parts being the reserved ones and then
    the form's; ``before``: the reports of the year before, None when none was given.
    """

    form: Form
    size: int
    tables: Mapping[str, Numbers]
    abouts: Mapping[str, Column]
    sections: Mapping[str, Column]
    flats: Mapping[str, FlatColumns] = field(default_factory=dict)
    before: Frame | None = None
    has_before: Array | None = None
    columns: dict[tuple[str, str], Column] = field(default_factory=dict, compare=False, repr=False)

    def _world(self, world: World) -> Frame:
        return self if world == "here" or self.before is None else self.before

    def table(self, world: World, name: str) -> Numbers:
        if world == "prior" and self.before is None:
            return nothing_given(self.form.tables[name], self.size)
        return self._world(world).tables[name]

    def fact(self, world: World, key: str) -> Column:
        if world == "prior" and self.before is None:
            return fact_column(_kind_of(self.form, key), [None] * self.size, [State.NOT_GIVEN] * self.size)
        return self._world(world).abouts[key]

    def section(self, world: World, attribute: str) -> Column:
        return self._world(world).sections[attribute]

    def member(self, flat: str, attribute: str) -> Column:
        known = self.columns.get((flat, attribute))
        if known is None:
            known = self.columns[flat, attribute] = member_column(
                self.form, flat, attribute, [item.values for item in self.flats[flat].items]
            )
        return known

    def owner(self, flat: str) -> Array:
        return self.flats[flat].of

    def available(self, world: World) -> Array:
        if world == "here":
            return np.ones(self.size, bool)
        return np.zeros(self.size, bool) if self.has_before is None else self.has_before


def _kind_of(form: Form, key: str) -> Kind:
    return "bool" if key.startswith("notes.") else facts(form)[key]


def build_frame(
    form: Form, reports: Sequence[Report], listed: Sequence[Listed] | None = None, before: Sequence[Report | None] | None = None
) -> Frame:
    """The frame of ``reports``; ``listed[i]`` and ``before[i]`` belong to ``reports[i]``. Never raises for what a report holds."""
    earlier = None
    if before is not None and any(before):
        nothing = Report(source="", form=form.id)
        earlier = build_frame(form, [_loosely(report) if report else nothing for report in before])
    return Frame(
        form=form,
        size=len(reports),
        tables={name: table_columns(table, form, reports) for name, table in form.tables.items()},
        abouts={key: about_column(form, key, reports) for key in (*facts(form), *(f"notes.{name}" for name in form.tables))},
        sections={name: section_column(form, name, reports) for name in SECTION_FACTS},
        flats=_flats(form, listed or [{}] * len(reports), reports),
        before=earlier,
        has_before=None if before is None else np.array([report is not None for report in before]),
    )


def _loosely(report: Report) -> Report:
    """A report of the year before: what this year's form asks and it lacks is not its mistake, but not given."""
    return Report(report.source, report.form, report.about, report.sections, report.tables, places=report.places, partial=True)


def frame_of_columns(
    form: Form, tables: Mapping[str, Array], abouts: Mapping[str, Column] | None = None, lengths: Array | None = None
) -> Frame:
    """A frame from columns in memory, without a Python object per report.

    ``tables[name]``: float64 (rows, columns, reports) in the form's units, nan where nothing is printed. ``lengths``: (parts, reports),
    the characters of every part (reserved parts first), nan where it is absent. What is left out was not handed in.
    """
    size = next(iter(tables.values())).shape[-1]
    bare = build_frame(form, [Report(source="", form=form.id)])
    numbers = {name: columns_in_memory(form, form.tables[name], values) for name, values in tables.items()}
    absent = {name: nothing_given(table, size) for name, table in form.tables.items() if name not in tables}
    widened = {key: _repeat(column, size) for key, column in bare.abouts.items()}
    sections = {name: _repeat(column, size) for name, column in bare.sections.items()}
    if lengths is not None:
        state = np.where(np.isnan(lengths), State.ABSENT, np.where(lengths > 0, State.VALUE, State.BLANK)).astype(np.uint8)
        sections["text"] = Texts(None, np.nan_to_num(lengths), state)
        sections["heading"] = Texts(None, np.nan_to_num(lengths), np.where(np.isnan(lengths), State.ABSENT, State.VALUE).astype(np.uint8))
    nothing_listed = _flats(form, [], [Report(source="", form=form.id)] * size)
    return Frame(form, size, {**numbers, **absent}, {**widened, **(abouts or {})}, sections, nothing_listed)


def _repeat(column: Column, size: int) -> Column:
    return mapped(column, lambda values: np.broadcast_to(values, (*values.shape[:-1], size)))


def _flats(form: Form, listed: Sequence[Listed], reports: Sequence[Report]) -> dict[str, FlatColumns]:
    names = [*(f"dates.{name}" for name in form.dates), *(f"claims.{name}" for name in form.claims), "labels"]
    flats = {}
    for name in names:
        owners = [i for i, lists in enumerate(listed) for _ in lists.get(name, ())]
        items = tuple(item for lists in listed for item in lists.get(name, ()))
        given = np.array([(report.labels if name == "labels" else report.sections) is not None for report in reports], bool)
        flats[name] = FlatColumns(np.array(owners, np.intp), items, given)
    return flats
