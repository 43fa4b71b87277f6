"""What a report lists besides its figures: the labels it prints, the dates and claims of its prose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

from govreport_check.form import Form, FormLabel
from govreport_check.frame import Item, Listed
from govreport_check.kept import kept_for
from govreport_check.labels import compare_label
from govreport_check.model import Label, Report, Section
from govreport_check.readers.claims import claims_of
from govreport_check.readers.facts import dates_of
from govreport_check.rule import Rule


@kept_for
def lists_named(rules: Sequence[Rule], form: Form) -> frozenset[str]:
    """The flat axes that ``rules`` name. Looking for the others in a report's prose costs time and tells nothing."""
    return frozenset(name for rule in rules if form.id in rule.bound for name in rule.bound[form.id].lists)


def listed(report: Report, form: Form, named: frozenset[str] | None = None) -> Listed:
    """Members of every flat axis of ``form``, or of those ``named``, in the order of the report: ``labels``, ``dates.<name>``,
    ``claims.<name>``. They depend on the text alone, so that a report of which a figure was changed lists what it listed before."""
    parts = (None,) if report.sections is None else tuple(chain.from_iterable(report.sections.items()))
    return _listed(report.source, report.labels, form, named, *parts)


@kept_for
def _listed(source: str, labels: tuple[Label, ...] | None, form: Form, named: frozenset[str] | None, *parts: Any) -> Listed:
    """``parts``: the names of the sections and the sections, one after the other, since what holds them may be changed; None for none."""
    sections: dict[str, Section] | None = None if parts == (None,) else dict(zip(parts[::2], parts[1::2], strict=True))
    report = Report(source, form.id, sections=sections, labels=labels)
    dates, claims = _of_kind("dates", named), _of_kind("claims", named)
    lists: dict[str, list[Item]] = {"labels": list(_labels(report, form)) if named is None or "labels" in named else []}
    if report.sections is not None and (form.dates or form.claims):
        for date in dates_of(report, form, dates):
            parts = (_number(date.year), _number(date.month), _number(date.day))
            values = {"year": date.year, "month": date.month, "day": date.day, "text": date.text, "section": date.section, "value": parts}
            lists.setdefault(f"dates.{date.name}", []).append(Item(values, f"sections.{date.section}", date.place))
        for claim in claims_of(report, form, claims):
            stated = {**claim.captures, "value": claim.value, "text": claim.text, "section": claim.section, "sentence": claim.sentence}
            lists.setdefault(f"claims.{claim.name}", []).append(Item(stated, f"sections.{claim.section}", claim.place))
    return lists


@lru_cache(maxsize=256)
def _of_kind(kind: str, named: frozenset[str] | None) -> frozenset[str] | None:
    """The names behind ``kind.`` in ``named``; None where nothing is named and all are meant."""
    return None if named is None else frozenset(name[len(kind) + 1 :] for name in named if name.startswith(f"{kind}."))


def _number(part: int | None) -> float:
    return float("nan") if part is None else float(part)


def prescribed_labels(form: Form) -> Iterator[tuple[str, str, FormLabel]]:
    """(address, kind, label) of every label that the form prescribes; the kinds are column, row, parent, head, head_note, heading."""
    for name, table in form.tables.items():
        yield from ((f"{name}.columns.{key}", "column", label) for key, label in zip(table.columns, table.column_labels, strict=True))
        yield from ((f"{name}.rows.{key}", "row", label) for key, label in zip(table.rows, table.row_labels, strict=True))
        yield from ((f"{name}.parents.{key}", "parent", label) for key, label in table.parents.items())
        yield from ((f"{name}.heads.{i}", "head", label) for i, label in enumerate(table.heads))
        if table.head_note:
            yield f"{name}.head_note", "head_note", FormLabel(table.head_note)
    for key, section in form.sections.items():
        yield f"sections.{key}.heading", "heading", section.label


def _labels(report: Report, form: Form) -> Iterator[Item]:
    if report.labels is None and report.sections is None:
        return
    prescribed = _prescribed(form)
    printed = [(label.at, label.printed, label.place) for label in report.labels or ()]
    for key, section in (report.sections or {}).items():
        if section.heading and key in form.sections:
            printed.append((f"sections.{key}.heading", section.heading, section.place))
    for at, text, place in printed:
        if at in prescribed:
            kind, label = prescribed[at]
            values = {"printed": text.strip(), "text": text, "prescribed": label.text, "kind": kind, "match": compare_label(text, label)}
            yield Item(values, f"labels.{at}", place)
    if report.labels is not None:
        yield from _missing(prescribed, {at for at, _, _ in printed})


@kept_for
def _prescribed(form: Form) -> Mapping[str, tuple[str, FormLabel]]:
    """(kind, label) by address."""
    return {at: (kind, label) for at, kind, label in prescribed_labels(form)}


def _missing(prescribed: Mapping[str, tuple[str, FormLabel]], printed: set[str]) -> Iterator[Item]:
    """Labels that are not there, of tables of which some are."""
    if prescribed.keys() <= printed:
        return
    tables = {at.partition(".")[0] for at in printed}
    for at in [at for at in prescribed if at not in printed]:
        kind, label = prescribed[at]
        if kind != "heading" and at.partition(".")[0] in tables:
            yield Item({"printed": "", "text": "", "prescribed": label.text, "kind": kind, "match": "missing"}, f"labels.{at}")
