"""Frames from Python data that is plainly regular (``readers/regular.py``): figures go into arrays without a report in between."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np

from govreport_check.expr.columns import Array, Column, Numbers
from govreport_check.expr.nodes import Fact, Node, references
from govreport_check.figures import LIMIT
from govreport_check.form import Form
from govreport_check.frame import Frame, OnDemand, build_frame
from govreport_check.frame_facts import about_column, plain_parts, section_column, stated_column
from govreport_check.frame_tables import in_units, plain_columns
from govreport_check.listed import listed, lists_named
from govreport_check.model import Report
from govreport_check.readers import about_of, derived_facts
from govreport_check.readers.regular import Outline, figures_of, is_regular, regular_report
from govreport_check.rule import Rule

Documents: TypeAlias = "list[tuple[int, Mapping[str, Any]]]"
"""Reports with their numbers."""


@dataclass(frozen=True, slots=True)
class Words:
    """What of the words the rules need: what reports list (``lists``), facts that follow from others (``derived``), and facts that
    the text may state where the report does not (``stated``)."""

    lists: frozenset[str]
    derived: bool
    stated: frozenset[str]


def words_of(rules: Sequence[Rule], form: Form) -> Words:
    """What of a report's words ``rules`` name."""
    bound = [rule.bound[form.id] for rule in rules if form.id in rule.bound]
    nodes: list[Node | None] = [node for one in bound for node in (one.assertion, one.when, *(low for _, low in one.lowered))]
    named = [reference for node in nodes if node is not None for reference in references(node)]
    keys = {reference.key for reference in named if isinstance(reference, Fact)}
    derived = any(spec.values and key in keys for key, spec in form.about.items())
    # an agency's level follows from its name, which the text may state
    needed = keys | {of for key, spec in form.about.items() if key in keys for of in spec.of}
    return Words(
        lists_named(rules, form) - {"parts"}, derived, frozenset(key for key in needed if key in form.about and form.about[key].reads)
    )


@dataclass(frozen=True, slots=True)
class Sorted:
    """Documents by what can be done with them: those with plain figures (int64, reports × cells), other regular ones, the rest."""

    plain: Documents
    figures: Array
    odd: Documents
    other: Documents


def sorted_out(documents: Sequence[Mapping[str, Any]], form: Form, outline: Outline) -> Sorted:
    """What can be done with each of ``documents``."""
    plain: Documents = []
    odd: Documents = []
    other: Documents = []
    flat, units = array("q"), _units(form)
    scaled = [(i, unit) for i, unit in enumerate(units) if unit > 1]
    for i, document in enumerate(documents):
        figures = figures_of(document, outline) if is_regular(document, outline) else None
        if figures is None:
            other.append((i, document))
        elif _appended(flat, figures, scaled):
            plain.append((i, document))
        else:
            odd.append((i, document))
    whole: Array = np.frombuffer(flat, np.int64).reshape(len(plain), len(units))
    exact = np.logical_and.reduce(np.abs(whole) < LIMIT, axis=1)
    kept = [one for one, good in zip(plain, exact, strict=True) if good]
    lost = [one for one, good in zip(plain, exact, strict=True) if not good]
    return Sorted(kept, whole[exact] if lost else whole, odd + lost, other)


def _units(form: Form) -> list[int]:
    """For every cell of the form how many units make one."""
    return [unit for table in form.tables.values() for unit in [10**table.places] * (len(table.rows) * len(table.columns))]


def _appended(flat: array[int], figures: list[Any], scaled: list[tuple[int, int]]) -> bool:
    """Whether all figures are whole numbers of their units; if so they stand in ``flat``."""
    try:
        for i, unit in scaled:
            figures[i] = in_units(figures[i], unit)
        flat.extend(array("q", figures))
    except (TypeError, ValueError, OverflowError):
        return False
    return True


def plain_frame(form: Form, found: Sorted, words: Words) -> Frame:
    """The frame of the documents with plain figures."""
    columns, start = np.ascontiguousarray(found.figures.T, np.float64), 0
    tables: dict[str, Numbers] = {}
    for name, table in form.tables.items():
        height, width = len(table.rows), len(table.columns)
        tables[name] = plain_columns(table, columns[start : start + height * width].reshape(height, width, len(found.plain)))
        start += height * width
    if words.lists:
        return replace(regular_frame(form, found.plain, words, figures=False), form=form, tables=tables)
    documents = [document for _, document in found.plain]
    abouts = [_about(document, form, words) for document in documents]
    return Frame(
        form=form,
        size=len(documents),
        tables=tables,
        abouts=OnDemand(lambda key: _stated(form, key, abouts)),
        sections=OnDemand(lambda attribute: _section(form, attribute, documents)),
    )


def regular_frame(form: Form, found: Documents, words: Words, *, figures: bool = True) -> Frame:
    """The frame of regular documents, whatever their figures; without these when they are to be filled in."""
    reports = [replace(regular_report(document, str(i)), about=_about(document, form, words)) for i, document in found]
    lists = [listed(report, form, words.lists) for report in reports] if words.lists else None
    return build_frame(form if figures else replace(form, tables={}), reports, lists)


def _about(document: Mapping[str, Any], form: Form, words: Words) -> Mapping[str, Any]:
    about: Mapping[str, Any] = document["about"]
    missing = [key for key in words.stated if about.get(key) is None]
    if missing:
        about = {**about_of(regular_report(document, ""), form, missing)[0], **about}
    return {**derived_facts(about, form), **about} if words.derived else about


def _stated(form: Form, key: str, abouts: Sequence[Mapping[str, Any]]) -> Column:
    if key.startswith("notes."):
        return about_column(form, key, [Report("", form.id)] * len(abouts))
    return stated_column(form, key, abouts)


def _section(form: Form, attribute: str, documents: Sequence[Mapping[str, Any]]) -> Column:
    if attribute in ("heading", "text"):
        return plain_parts(form, attribute, [document["sections"] for document in documents])
    return section_column(form, attribute, [regular_report(document, "") for document in documents])
