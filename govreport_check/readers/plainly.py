"""A structured report in Python data of which every part is as the contract says: read without a tree and without Cerberus.

Whatever is read here reads the same by ``structured.py``; everything else is left to it, and it alone has anything to complain of.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import partial
from itertools import chain
from typing import Any

from govreport_check.form import Form
from govreport_check.kept import kept_for
from govreport_check.model import Label, Place, Places, Raw, Report, Section, cell_address
from govreport_check.readers.regular import Outline, figures_of, outline_of
from govreport_check.readers.shape import SCHEMA
from govreport_check.readers.tables import ordinal

_TOP = frozenset({"schema", "form", "about", "sections", "tables", "labels", "notes"})
_SECTION = {"heading", "text"}
_LABEL = {"at", "printed"}
_WORDS = frozenset({str, type(None)})
_WORD = frozenset({str})
_DICT = frozenset({dict})
_WHOLE = frozenset({int})
_LARGEST = 2**63


def plainly_read(given: Mapping[str, object], form: Form, name: str) -> Report | None:
    """The report that ``given`` is, without remarks; None where it is not plainly one of ``form``."""
    if type(given) is not dict or not given.keys() <= _TOP or form.entities or given.get("form") != form.id:
        return None
    if given.get("schema", SCHEMA) != SCHEMA or any(table.listed for table in form.tables.values()):
        return None
    outline, numbers = _outline(form)
    about, notes, tables = _about(given.get("about"), outline, numbers), _notes(given.get("notes"), form), _tables(given, outline)
    sections, labels = _sections(given.get("sections"), outline, name), _labels(given.get("labels"), name)
    if about is None or notes is None or tables is None:
        return None
    if (sections is None and "sections" in given) or (labels is None and "labels" in given):
        return None
    places = Places(partial(_places, name, form, tables, tuple(about), tuple(sections or ())))
    return Report(name, form.id, about, sections, tables, labels, notes, places=places)


@kept_for
def _outline(form: Form) -> tuple[Outline, frozenset[str]]:
    """The outline of the form, and the names of its facts that are whole numbers."""
    return outline_of(form), frozenset(name for name, spec in form.about.items() if spec.type == "number") | {"year"}


def _about(about: object, outline: Outline, numbers: frozenset[str]) -> dict[str, Any] | None:
    if type(about) is not dict:
        return None
    for key, value in about.items():
        if key in numbers:
            if type(value) is not int or abs(value) >= _LARGEST:
                return None
        elif key not in outline.about or type(value) not in _WORDS:
            return None
    return dict(about) if _WORD.issuperset(map(type, about)) else None


def _sections(sections: object, outline: Outline, name: str) -> dict[str, Section] | None:
    if type(sections) is not dict or not sections.keys() <= outline.sections or not _WORD.issuperset(map(type, sections)):
        return None
    parts = sections.values()
    if not all(type(part) is dict and part.keys() <= _SECTION and _WORDS.issuperset(map(type, part.values())) for part in parts):
        return None
    return {key: Section(part.get("heading"), part.get("text") or "", Place(source=name, section=key)) for key, part in sections.items()}


def _labels(labels: object, name: str) -> tuple[Label, ...] | None:
    if type(labels) is not list:
        return None
    if not all(type(one) is dict and one.keys() == _LABEL and type(one["at"]) is type(one["printed"]) is str for one in labels):
        return None
    place = Place(source=name)
    return tuple(Label(one["at"], one["printed"], place) for one in labels)


def _notes(notes: object, form: Form) -> dict[str, tuple[str, ...]] | None:
    if notes is None:
        return {}
    if type(notes) is not dict or not notes.keys() <= form.tables.keys() or not _WORD.issuperset(map(type, notes)):
        return None
    good = all(type(texts) is list and all(type(text) is str for text in texts) for texts in notes.values())
    return {key: tuple(texts) for key, texts in notes.items()} if good else None


def _tables(given: dict[str, Any], outline: Outline) -> dict[str, dict[str, dict[str, Raw] | str]] | None:
    """A copy of the tables; binary floats as the decimals that they print."""
    figures = figures_of(given, outline)
    tables = given.get("tables")
    if figures is None or type(tables) is not dict or not _DICT.issuperset(map(type, tables.values())):
        return None
    rows = list(chain.from_iterable(table.values() for table in tables.values()))
    if not _DICT.issuperset(map(type, rows)) or not _WORD.issuperset(map(type, chain(tables, *tables.values(), *rows))):
        return None
    try:
        return {name: _table(table) for name, table in tables.items()}
    except ValueError:
        return None


def _table(table: Mapping[str, dict[str, Any]]) -> dict[str, dict[str, Raw] | str]:
    """A copy of one table. Raises ValueError for a figure that ``structured.py`` has to look at."""
    figures = [*chain.from_iterable(cells.values() for cells in table.values())]
    if set(map(type, figures)) == _WHOLE and max(figures) < _LARGEST and min(figures) > -_LARGEST:
        return {row: dict(cells) for row, cells in table.items()}
    return {row: {column: _exact(raw) for column, raw in cells.items()} for row, cells in table.items()}


def _exact(raw: Any) -> Raw:
    """A figure as it is kept. Raises ValueError as :func:`_table` does."""
    if type(raw) is int and abs(raw) >= _LARGEST:
        raise ValueError
    number = Decimal(float.__repr__(raw)) if type(raw) is float else raw
    if isinstance(number, Decimal) and not number.is_finite():
        raise ValueError
    return number


def _places(
    name: str, form: Form, tables: Mapping[str, Mapping[str, Any]], about: tuple[str, ...], sections: tuple[str, ...]
) -> dict[str, Place]:
    """Where every fact stands: in data without lines that is the form's row and column."""
    places = dict(_cells(name, form, tables))
    places.update((f"about.{key}", Place(source=name)) for key in about)
    places.update((f"sections.{key}", Place(source=name, section=key)) for key in sections)
    return places


def _cells(name: str, form: Form, tables: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, Place]]:
    for table, rows in ((form.tables[table], rows) for table, rows in tables.items()):
        numbers = {column: i for i, column in enumerate(table.columns, 1)}
        for row, cells in rows.items():
            number = ordinal(table, row)
            yield from ((cell_address(table.id, row, key), Place(source=name, row=number, column=numbers[key])) for key in cells)
