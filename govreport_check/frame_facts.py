"""Facts, parts and lists of many reports as columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import nan
from typing import Any

import numpy as np

from govreport_check.expr.columns import FALSE, TRUE, UNKNOWN, Column, Dates, Numbers, Texts, Truth, sound
from govreport_check.expr.functions import make_dates
from govreport_check.expr.names import RESERVED, SECTION_FACTS, facts, member_names, member_places
from govreport_check.expr.nodes import Kind
from govreport_check.figures import Figure, read_prose
from govreport_check.form import Form
from govreport_check.frame_tables import size_of
from govreport_check.model import Report, Section, State
from govreport_check.patterns import later


def about_column(form: Form, key: str, reports: Sequence[Report]) -> Column:
    """One fact, (reports,); ``notes.requests`` is whether the table has notes, ``note.requests`` their text."""
    if key.startswith("notes."):
        return Truth(np.array([TRUE if report.notes.get(key[6:]) else FALSE for report in reports], np.int8))
    if key.startswith("note."):
        notes = [" ".join(report.notes.get(key[5:], ())) for report in reports]
        return fact_column("text", notes, [State.VALUE if note else State.ABSENT for note in notes])
    return stated_column(form, key, [report.about for report in reports])


def stated_column(form: Form, key: str, abouts: Sequence[Mapping[str, Any]]) -> Column:
    """One fact of what reports state about themselves, (reports,); nothing is given where nothing at all is stated."""
    values = [about.get(key) for about in abouts]
    return fact_column(facts(form)[key], values, [fact_state(value, about) for value, about in zip(values, abouts, strict=True)])


def fact_state(value: Any, about: Mapping[str, Any]) -> State:
    """What is known of one fact of a report that states ``about``."""
    return State.VALUE if value is not None and value != "" else State.ABSENT if about else State.NOT_GIVEN


def fact_column(kind: Kind, values: Sequence[Any], states: Sequence[State]) -> Column:
    """Values of one kind as a column; what is not in state VALUE is unknown."""
    if kind == "number":
        figures = [figure_of(value) if state is State.VALUE else None for value, state in zip(values, states, strict=True)]
        return _number_column(figures, states, 0)
    if kind == "date":
        return _dates([date_parts(value) for value in values], states)
    if kind == "bool":
        return Truth(np.array([UNKNOWN if value is None else TRUE if value else FALSE for value in values], np.int8))
    return _texts([None if state is not State.VALUE else str(value) for value, state in zip(values, states, strict=True)], states)


def figure_of(value: Any) -> Figure:
    return value if isinstance(value, Figure) else _read(str(value))


_read = lru_cache(maxsize=4096)(read_prose)


def _number_column(figures: Sequence[Figure | None], states: Sequence[State], places: int) -> Numbers:
    unit = 10**places
    lo = np.array([-np.inf if f is None else np.floor(float(f.lo * unit)) for f in figures])
    hi = np.array([np.inf if f is None else np.ceil(float(f.hi * unit)) for f in figures])
    minus = np.array([0.0 if f is None else float(f.minus * unit) for f in figures])
    plus = np.array([0.0 if f is None else float(f.plus * unit) for f in figures])
    slack = minus.any() or plus.any()
    finite = np.concatenate([lo[np.isfinite(lo)], hi[np.isfinite(hi)]])
    state = np.array([f.state if f and s is State.VALUE else s for f, s in zip(figures, states, strict=True)], np.uint8)
    hi = lo if np.array_equal(lo, hi) else hi
    return sound(Numbers(lo, hi, minus if slack else None, plus if slack else None, bound=size_of(finite), state=state))


def _texts(values: Sequence[str | None], states: Sequence[State]) -> Texts:
    texts = np.empty(len(values), object)
    texts[:] = values
    lengths = np.array([0.0 if value is None else float(len(value.strip())) for value in values])
    return Texts(texts, lengths, np.array(states, np.uint8))


_DATE = later(r"\s*(\d{1,4})-(\d{1,2})(?:-(\d{1,2}))?\s*")


def date_parts(value: Any) -> tuple[float, float, float]:
    return _day(value) if isinstance(value, str) else (nan, nan, nan)


@lru_cache(maxsize=65536)
def _day(value: str) -> tuple[float, float, float]:
    match = _DATE.fullmatch(value)
    if match is None:
        return nan, nan, nan
    return float(match[1]), float(match[2]), float(match[3]) if match[3] else nan


def _dates(parts: Sequence[tuple[float, float, float]], states: Sequence[State]) -> Dates:
    known = np.array(parts, np.float64).reshape(len(parts), 3)
    state = np.array(states, np.uint8)
    state[(state == State.VALUE) & np.isnan(known).all(axis=1)] = State.UNREADABLE
    return make_dates(known[:, 0], known[:, 1], known[:, 2], state)


_NUMBER = later(r"\s*[#*\s]*[（(]?([一二三四五六七八九十]+|\d{1,2})\s*[）)]?\s*[、.．,，:：\s]")


def section_column(form: Form, attribute: str, reports: Sequence[Report]) -> Column:
    """(parts, reports) of one attribute of the parts."""
    rows = [[section_value(attribute, name, report) for report in reports] for name in (*RESERVED, *form.sections)]
    values = [[value for value, _ in row] for row in rows]
    states = [state for row in rows for _, state in row]
    shape = (len(rows), len(reports))
    if SECTION_FACTS[attribute] == "text":
        texts = _texts([value for row in values for value in row], states)
        return Texts(
            None if texts.values is None else texts.values.reshape(shape), texts.lengths.reshape(shape), texts.state.reshape(shape)
        )
    numbers = np.array([[np.nan if value is None else float(value) for value in row] for row in values]).reshape(shape)
    unknown = np.isnan(numbers)
    state = np.array(states, np.uint8).reshape(shape)
    lo = np.where(unknown, 0.0, numbers)
    return Numbers(lo, np.where(unknown, np.inf, numbers) if unknown.any() else lo, bound=100.0, state=state)


def plain_parts(form: Form, attribute: str, documents: Sequence[Mapping[str, Mapping[str, str | None]]]) -> Texts:
    """(parts, reports) of the headings or the texts of parts in Python data, none of them unread; the same as :func:`section_column`."""
    names = (*RESERVED, *form.sections)
    parts = [document.get(name) for name in names for document in documents]
    values = [None if part is None else part[attribute] for part in parts]
    lengths = np.array([0.0 if not value else float(len(value.strip())) for value in values])
    if attribute == "text":
        state = np.where([part is None for part in parts], State.ABSENT, np.where(lengths > 0, State.VALUE, State.BLANK))
    else:
        state = np.where([not value for value in values], State.ABSENT, State.VALUE)
    texts, shape = np.empty(len(values), object), (len(names), len(documents))
    texts[:] = values
    return Texts(texts.reshape(shape), lengths.reshape(shape), state.astype(np.uint8).reshape(shape))


def section_value(attribute: str, name: str, report: Report) -> tuple[Any, State]:
    if report.sections is None:
        return None, State.NOT_GIVEN
    section = report.sections.get(name)
    if section is None:
        return (0 if attribute == "copies" else None), State.ABSENT
    if section.unread:
        return None, State.UNREADABLE
    return _printed_part(attribute, name, section, report.sections)


def _printed_part(attribute: str, name: str, section: Section, sections: Mapping[str, Section]) -> tuple[Any, State]:
    match attribute:
        case "position":
            printed = [key for key, other in sections.items() if key not in RESERVED and not other.unread]
            return (printed.index(name) + 1 if name in printed else None), State.VALUE
        case "copies":
            return section.copies, State.VALUE
        case "number":
            match_ = _NUMBER.match(section.heading or "")
            return (match_[1], State.VALUE) if match_ else (None, State.ABSENT)
        case "heading":
            return section.heading, State.VALUE if section.heading else State.ABSENT
        case _:
            return section.text, State.VALUE if section.text.strip() else State.BLANK


def member_column(form: Form, flat: str, attribute: str, items: Sequence[Mapping[str, Any]]) -> Column:
    """One attribute of the members of a flat axis, (members,)."""
    if attribute == "":
        return Truth(np.ones(len(items), np.int8))
    kind = member_names(form, flat)[attribute]
    values = [item.get(attribute) for item in items]
    states = [State.VALUE if value is not None else State.ABSENT for value in values]
    if kind == "number":
        places = member_places(kind, flat, attribute)
        return _number_column([None if value is None else figure_of(value) for value in values], states, places)
    if kind == "date":
        return _dates([(np.nan, np.nan, np.nan) if value is None else value for value in values], states)
    return fact_column(kind, values, states)
