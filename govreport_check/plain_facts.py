"""The facts of one report as plain values: what :mod:`govreport_check.expr.plain` is run on.

Only what is plainly known has a value; everything else is left to the arrays of the report's frame, which are made when somebody asks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from govreport_check.expr.columns import Array, Dates, Numbers, Texts, Truth
from govreport_check.expr.names import RESERVED, SECTION_FACTS, member_names, member_places
from govreport_check.expr.nodes import Kind, World
from govreport_check.expr.plain_operators import LARGEST, UNKNOWN, Printed, Unsure, day_of
from govreport_check.frame import Frame, Listed, kind_of
from govreport_check.frame_facts import date_parts, fact_state, figure_of, section_value
from govreport_check.frame_tables import plain_figures
from govreport_check.model import Report, State


@dataclass(slots=True)
class PlainFacts:
    """One report that stands alone in ``frame``; ``finds`` says whether a pattern is found in a text, ``kinds`` keeps those of the
    form's facts (``about``, key) and of the attributes of what is listed."""

    report: Report
    frame: Frame
    lists: Listed
    finds: Callable[[str, str], bool]
    kinds: dict[tuple[str, str], Kind]
    memo: dict[int, Any] = field(default_factory=dict)
    seen: dict[tuple[str, ...], Printed] = field(default_factory=dict)

    def cells(self, world: World, name: str) -> Printed:
        plain = plain_figures(self.frame.form.tables[name], self.report.tables) if world == "here" else None
        if plain is not None and max(plain, default=0) < LARGEST and min(plain, default=0) > -LARGEST:
            self.frame.plain.add(name)
            return Printed(plain.tolist(), ())
        if world == "parts":
            raise Unsure
        return _of_numbers(self.frame.table(world, name))

    def fact(self, world: World, key: str) -> Printed:
        if world != "here":
            return _of_column(self.frame.fact(world, key), world)
        if key.startswith("notes."):
            return Printed([bool(self.report.notes.get(key[6:]))], [State.VALUE])
        if key.startswith("note."):
            return _of_column(self.frame.fact(world, key), world)
        value = self.report.about.get(key)
        return _printed(self._kind("about", key), [value], [fact_state(value, self.report.about)])

    def section(self, world: World, attribute: str) -> Printed:
        if world != "here":
            return _of_column(self.frame.section(world, attribute), world)
        parts = [section_value(attribute, name, self.report) for name in (*RESERVED, *self.frame.form.sections)]
        values, states = [value for value, _ in parts], [state for _, state in parts]
        if SECTION_FACTS[attribute] == "text":
            return Printed([UNKNOWN if value is None else value for value in values], states)
        return Printed([UNKNOWN if value is None else int(value) for value in values], states)

    def member(self, flat: str, attribute: str) -> Printed:
        items = self.lists.get(flat, ())
        if attribute == "":
            return Printed([True] * len(items), [State.VALUE] * len(items))
        if not items:
            return Printed([], ())
        kind = self._kind(flat, attribute)
        values = [item.values.get(attribute) for item in items]
        states = [State.VALUE if value is not None else State.ABSENT for value in values]
        if kind == "date":
            return Printed([day_of(*value) if value is not None else UNKNOWN for value in values], states)
        return _printed(kind, values, states, member_places(kind, flat, attribute))

    def _kind(self, of: str, name: str) -> Kind:
        kind = self.kinds.get((of, name))
        if kind is None:
            form = self.frame.form
            kind = self.kinds[of, name] = kind_of(form, name) if of == "about" else member_names(form, of)[name]
        return kind

    def size(self, flat: str) -> int:
        return len(self.lists.get(flat, ()))

    def given(self, flat: str) -> bool:
        """Whether the part that the list is taken from was handed in."""
        return (self.report.labels if flat == "labels" else self.report.sections) is not None

    def available(self, world: World) -> bool:
        known = {"here": self.frame, "prior": self.frame.before, "parts": self.frame.members}[world]
        return known is not None and bool(world == "here" or self.frame.available(world)[0])


# --- values in Python ---------------------------------------------------------------------------------------------------------


def _printed(kind: Kind, values: Sequence[Any], states: Sequence[State], places: int = 0) -> Printed:
    """Facts of one kind; what is not in state VALUE is unknown."""
    if kind == "number":
        figures = [_number(value, state, places) for value, state in zip(values, states, strict=True)]
        return Printed([value for value, _ in figures], [state for _, state in figures])
    if kind == "date":
        days = [_date(value, state) for value, state in zip(values, states, strict=True)]
        return Printed([day for day, _ in days], [state for _, state in days])
    if kind == "bool":
        return Printed([UNKNOWN if value is None else bool(value) for value in values], states)
    return Printed([str(value) if state is State.VALUE else UNKNOWN for value, state in zip(values, states, strict=True)], states)


def _number(value: Any, state: State, places: int) -> tuple[Any, State]:
    """A number in units of 10**-``places`` where it is a whole number of them and exactly known, and its state."""
    if state is not State.VALUE:
        return UNKNOWN, state
    figure = figure_of(value)
    if figure.lo != figure.hi or figure.minus or figure.plus:
        return UNKNOWN, figure.state
    scaled = figure.lo * 10**places
    known = abs(scaled) < LARGEST and scaled == int(scaled)
    return int(scaled) if known else UNKNOWN, figure.state


def _date(value: Any, state: State) -> tuple[Any, State]:
    year, month, day = date_parts(value)
    if state is State.VALUE and year != year and month != month and day != day:
        return UNKNOWN, State.UNREADABLE
    return day_of(year, month, day), state


# --- values of a frame of one report ------------------------------------------------------------------------------------------


def _of_column(column: object, world: World) -> Printed:
    """A column of one report."""
    if world == "parts":
        raise Unsure
    if isinstance(column, Numbers):
        return _of_numbers(column)
    if isinstance(column, Texts) and column.values is not None:
        values = column.values.reshape(-1).tolist()
        return Printed([UNKNOWN if value is None else value for value in values], column.state.reshape(-1).tolist())
    if isinstance(column, Dates):
        parts = zip(column.year.tolist(), column.month.tolist(), column.day.tolist(), strict=True)
        return Printed([day_of(*part) for part in parts], column.state.tolist())
    if isinstance(column, Truth):
        flags = column.value.tolist()
        return Printed([{1: True, -1: False}.get(flag, UNKNOWN) for flag in flags], [State.VALUE] * len(flags))
    raise Unsure


def _of_numbers(column: Numbers) -> Printed:
    """Figures of one report: points without slack have a value, what does not apply has None."""
    known = (column.lo == column.hi) & (abs(column.lo) < LARGEST)
    for slack in (column.minus, column.plus):
        known = known if slack is None else known & (slack == 0)
    values = _flat(column.lo)
    values = [value if sure else UNKNOWN for value, sure in zip(values, _flat(known), strict=True)]
    if column.na is not None:
        values = [None if na else value for value, na in zip(values, _flat(column.na), strict=True)]
    return Printed(values, [State.VALUE] * len(values) if column.state is None else _flat(column.state))


def _flat(values: Array) -> list[Any]:
    flat: list[Any] = values.reshape(-1).tolist()
    return flat
