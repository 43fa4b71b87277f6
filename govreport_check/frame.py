"""Reports side by side, as arrays: what rules are evaluated on. A report alone is a frame of length one.

One array per table with axes (row, column, report); one per fact; what a report lists (dates, claims, labels) lies on a flat axis
with the report of each member. Reading figures into states happens here, once (``figures.py`` says what characters mean).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from functools import partial
from typing import Any, TypeAlias, TypeVar

import numpy as np

from govreport_check.expr.columns import Array, Column, Numbers, Texts
from govreport_check.expr.evaluate import mapped
from govreport_check.expr.names import RESERVED, facts
from govreport_check.expr.nodes import Kind, World
from govreport_check.form import Form
from govreport_check.frame_facts import about_column, fact_column, member_column, section_column
from govreport_check.frame_tables import columns_in_memory, nothing_given, table_columns
from govreport_check.frozen import dataclass
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


T = TypeVar("T")


class OnDemand(dict[str, T]):
    """Columns by name, each made when it is first asked for: most rules name few of the facts."""

    def __init__(self, make: Callable[[str], T], known: Mapping[str, T] | None = None) -> None:
        super().__init__(known or {})
        self.make = make

    def __missing__(self, name: str) -> T:
        column = self[name] = self.make(name)
        return column


@dataclass(frozen=True, slots=True)
class Frame:
    """Many reports of one form. Implements ``expr.evaluate.Facts``.

    ``tables``: (rows, columns, reports); ``abouts``: (reports,); ``sections``: (parts, reports), parts being the reserved ones and then
    the form's; ``before``: the reports of the year before, None when none was given; ``members``: the reports of which these are the sums,
    ``owners[i]`` being the sum that member i belongs to; ``presumed``: by report, the (rule, instance) by which fused digits were split;
    ``plain``: tables that are known, before their array is made, to hold plain values only.
    """

    form: Form
    size: int
    tables: Mapping[str, Numbers]
    abouts: Mapping[str, Column]
    sections: Mapping[str, Column]
    flats: Mapping[str, FlatColumns] = field(default_factory=dict)
    before: Frame | None = None
    has_before: Array | None = None
    members: Frame | None = None
    owners: Array | None = None
    presumed: Mapping[int, frozenset[tuple[str, tuple[int, ...]]]] = field(default_factory=dict)
    columns: dict[tuple[str, str], Column] = field(default_factory=dict, compare=False, repr=False)
    plain: set[str] = field(default_factory=set, compare=False, repr=False)

    def _world(self, world: World) -> Frame | None:
        return {"here": self, "prior": self.before, "parts": self.members}[world]

    def table(self, world: World, name: str) -> Numbers:
        frame = self._world(world)
        if frame is None:
            return nothing_given(self.form.tables[name], self.size if world == "prior" else 0)
        return frame.tables[name]

    def states(self, name: str) -> Array | None:
        """The states of a table's figures, (rows, columns, reports); None where all are plain values."""
        return None if name in self.plain else self.table("here", name).state

    def fact(self, world: World, key: str) -> Column:
        frame = self._world(world)
        if frame is None:
            size = self.size if world == "prior" else 0
            return fact_column(kind_of(self.form, key), [None] * size, [State.NOT_GIVEN] * size)
        return frame.abouts[key]

    def section(self, world: World, attribute: str) -> Column:
        frame = self._world(world)
        if frame is None:
            return section_column(self.form, attribute, [Report(source="", form=self.form.id)] * self.size)
        return frame.sections[attribute]

    def member(self, flat: str, attribute: str) -> Column:
        known = self.columns.get((flat, attribute))
        if known is None:
            known = self.columns[flat, attribute] = member_column(
                self.form, flat, attribute, [item.values for item in self.flats[flat].items]
            )
        return known

    def owner(self, flat: str) -> Array:
        if flat == "parts":
            return np.zeros(0, np.intp) if self.owners is None else self.owners
        return self.flats[flat].of

    def available(self, world: World) -> Array:
        if world == "parts":
            return np.isin(np.arange(self.size), self.owner("parts"))
        if world == "here":
            return np.ones(self.size, bool)
        return np.zeros(self.size, bool) if self.has_before is None else self.has_before


def kind_of(form: Form, key: str) -> Kind:
    return "bool" if key.startswith("notes.") else "text" if key.startswith("note.") else facts(form)[key]


def build_frame(
    form: Form,
    reports: Sequence[Report],
    listed: Sequence[Listed] | None = None,
    before: Sequence[Report | None] | None = None,
    parts: Sequence[Sequence[Report]] | None = None,
) -> Frame:
    """The frame of ``reports``; ``listed[i]``, ``before[i]`` and ``parts[i]`` belong to ``reports[i]``. Never raises for what a report
    holds."""
    members = [part for own in parts or () for part in own]
    earlier = None
    if before is not None and any(before):
        nothing = Report(source="", form=form.id)
        earlier = build_frame(form, [_loosely(report) if report else nothing for report in before])
    return Frame(
        form=form,
        size=len(reports),
        tables=OnDemand(partial(_figures, form, reports)),
        abouts=OnDemand(partial(_about, form, reports)),
        sections=OnDemand(partial(_section, form, reports)),
        flats=OnDemand(partial(_flat, listed or [{}] * len(reports), reports)),
        before=earlier,
        has_before=None if before is None or earlier is None else np.array([report is not None for report in before]),
        members=build_frame(form, [_loosely(part) for part in members]) if members else None,
        owners=np.array([i for i, own in enumerate(parts or ()) for _ in own], np.intp) if members else None,
        presumed={i: report.presumed for i, report in enumerate(reports) if report.presumed},
    )


def _figures(form: Form, reports: Sequence[Report], name: str) -> Numbers:
    return table_columns(form.tables[name], form, reports)


def _about(form: Form, reports: Sequence[Report], key: str) -> Column:
    return about_column(form, key, reports)


def _section(form: Form, reports: Sequence[Report], attribute: str) -> Column:
    return section_column(form, attribute, reports)


def _loosely(report: Report) -> Report:
    """A report of the year before: what this year's form asks and it lacks is not its mistake, but not given."""
    return Report(report.source, report.form, report.about, report.sections, report.tables, places=report.places, partial=True)


def frame_of_columns(
    form: Form, tables: Mapping[str, Array | Numbers], abouts: Mapping[str, Column] | None = None, lengths: Array | None = None
) -> Frame:
    """A frame from columns in memory, without a Python object per report.

    ``tables[name]``: figures, or float64 (rows, columns, reports) in the form's units, nan where nothing is printed. ``lengths``:
    (parts, reports), the characters of every part (reserved parts first), nan where it is absent. What is left out was not handed in.
    """
    bare = [Report(source="", form=form.id)]
    numbers = {
        name: values if isinstance(values, Numbers) else columns_in_memory(form, form.tables[name], values)
        for name, values in tables.items()
    }
    size = next(iter(numbers.values())).lo.shape[-1]
    absent = {name: nothing_given(table, size) for name, table in form.tables.items() if name not in tables}
    return Frame(
        form=form,
        size=size,
        tables={**numbers, **absent},
        abouts=OnDemand(lambda key: _repeat(about_column(form, key, bare), size), abouts),
        sections=OnDemand(lambda name: _repeat(section_column(form, name, bare), size), _parts_of(form, lengths)),
        flats={name: FlatColumns(np.zeros(0, np.intp), (), np.zeros(size, bool)) for name in _flat_names(form)},
    )


def _parts_of(form: Form, lengths: Array | None) -> dict[str, Column]:
    """Texts and headings of parts of which the lengths are known; a part that is there stands under the form's own heading."""
    if lengths is None:
        return {}
    absent, known = np.isnan(lengths), np.nan_to_num(lengths)
    state = np.where(absent, State.ABSENT, np.where(known > 0, State.VALUE, State.BLANK)).astype(np.uint8)
    headings = [*[None] * len(RESERVED), *(section.heading for section in form.sections.values())]
    printed = np.where(absent, State.ABSENT, State.VALUE).astype(np.uint8)
    printed[: len(RESERVED)] = State.ABSENT
    sizes = np.array([[float(len(heading or ""))] for heading in headings])
    return {"text": Texts(None, known, state), "heading": Texts(np.array(headings, object)[:, None], sizes, printed)}


def _repeat(column: Column, size: int) -> Column:
    return mapped(column, lambda values: np.broadcast_to(values, (*values.shape[:-1], size)))


def _flat_names(form: Form) -> list[str]:
    return [*(f"dates.{name}" for name in form.dates), *(f"claims.{name}" for name in form.claims), "labels"]


def _flat(listed: Sequence[Listed], reports: Sequence[Report], name: str) -> FlatColumns:
    owners = [i for i, lists in enumerate(listed) for _ in lists.get(name, ())]
    items = tuple(item for lists in listed for item in lists.get(name, ()))
    given = np.array([(report.labels if name == "labels" else report.sections) is not None for report in reports], bool)
    return FlatColumns(np.array(owners, np.intp), items, given)
