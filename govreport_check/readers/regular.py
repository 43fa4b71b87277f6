"""Python data that plainly has the shape of a structured report, seen without a tree and without Cerberus.

For programs that check many reports. Whatever is said here to be regular has no misfit (``shape.py``) and reads as it stands; of
anything else nothing is said, and ``structured.py`` reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from operator import itemgetter
from typing import Any

from govreport_check.form import Form
from govreport_check.model import Report, Section
from govreport_check.readers.shape import ABOUT, RESERVED, SCHEMA

_TOP = frozenset({"schema", "form", "about", "sections", "tables"})
_take_section = itemgetter("heading", "text")
_WORDS = frozenset({str, type(None)})
_RAW = frozenset({int, Decimal, float, str, type(None)})

Getter = Callable[[Mapping[str, Any]], "tuple[Any, ...]"]


@dataclass(frozen=True, slots=True)
class Outline:
    """What a regular report of a form has: its ``tables`` as (id, rows, columns and how to take all of them out)."""

    form: str
    about: frozenset[str]
    sections: frozenset[str]
    tables: tuple[tuple[str, int, Getter, int, Getter], ...]


def outline_of(form: Form) -> Outline:
    """The outline of the regular reports of ``form``."""
    texts = frozenset(name for name, spec in form.about.items() if spec.type != "number")
    tables = ((name, len(t.rows), _getter(t.rows), len(t.columns), _getter(t.columns)) for name, t in form.tables.items())
    return Outline(form.id, frozenset(ABOUT) | texts, frozenset((*RESERVED, *form.sections)), tuple(tables))


def _getter(names: tuple[str, ...]) -> Getter:
    if len(names) > 1:
        return itemgetter(*names)
    if not names:
        return lambda _: ()
    name = names[0]
    return lambda mapping: (mapping[name],)


def figures_of(document: Any, outline: Outline) -> list[Any] | None:
    """The raw figures of all tables, in the form's order; None unless exactly the form's tables, rows and columns are there."""
    figures: list[Any] = []
    try:
        tables = document["tables"]
        if len(tables) != len(outline.tables):
            return None
        for name, height, take_rows, width, take_cells in outline.tables:
            rows = tables[name]
            picked = take_rows(rows)
            if len(rows) != height or sum(map(len, picked)) != height * width:
                return None
            figures.extend(chain.from_iterable(map(take_cells, picked)))
    except (KeyError, TypeError):
        return None
    return figures if set(map(type, figures)) <= _RAW else None


def is_regular(document: Any, outline: Outline) -> bool:
    """Whether everything but the tables has the shape that the form gives it, and nothing else is there."""
    if type(document) is not dict or not document.keys() <= _TOP:
        return False
    if document.get("form") != outline.form or document.get("schema", SCHEMA) != SCHEMA:
        return False
    return _regular_about(document.get("about"), outline) and _regular_sections(document.get("sections"), outline)


def _regular_about(about: Any, outline: Outline) -> bool:
    if type(about) is not dict or type(about.get("year", 0)) is not int:
        return False
    kinds = {type(value) for key, value in about.items() if key != "year"}
    return kinds <= _WORDS and about.keys() - {"year"} <= outline.about


def _regular_sections(sections: Any, outline: Outline) -> bool:
    if type(sections) is not dict or not sections.keys() <= outline.sections:
        return False
    parts = sections.values()
    try:
        words = list(chain.from_iterable(map(_take_section, parts)))
        return sum(map(len, parts)) == len(words) and set(map(type, words)) <= _WORDS
    except (KeyError, TypeError):
        return False


def regular_report(document: Mapping[str, Any], name: str) -> Report:
    """The report that a regular document is, without places: its parts are those of the document."""
    sections = {key: Section(section.get("heading"), section.get("text") or "") for key, section in document["sections"].items()}
    return Report(name, document["form"], document["about"], sections, document["tables"])
