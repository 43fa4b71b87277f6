"""From a source to a report with its form and pack: which pack knows it, which form fits it, what is known about its agency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from govreport_check import readers
from govreport_check.errors import SourceError
from govreport_check.figures import normal
from govreport_check.form import Form
from govreport_check.frozen import dataclass
from govreport_check.model import Place, Places, Report, with_runs
from govreport_check.open_form import expanded, members_of
from govreport_check.pack import Pack, bundled, pack_to_check
from govreport_check.readers import Given, Source, load_source
from govreport_check.readers.limits import limits_of
from govreport_check.rule import fitted_rules

LEAST_FIT = 0.2
"""A form fits a document of which at least this share of its labels is shown."""

Packs: TypeAlias = "Sequence[str | Path | Pack]"


@dataclass(frozen=True, slots=True)
class Recognised:
    """A report with its form and pack; ``sha256`` of its file, where that was asked for."""

    report: Report
    form: Form
    pack: Pack
    sha256: str | None = None


def packs_of(packs: Packs | None) -> list[Pack]:
    """The packs that are meant: the given ones, or every bundled one. Raises PackError, UsageError."""
    wanted: Packs = bundled() if packs is None else packs
    return [pack if isinstance(pack, Pack) else pack_to_check(pack) for pack in wanted]


def read(source: Given, *, packs: Packs | None = None, name: str | None = None, max_size: int | None = None) -> Report:
    """The structured report of a path, text, bytes or mapping. Raises SourceError when it cannot be read or is of no known form.

    ``max_size``: how many bytes a file may have, None for what is usual.
    """
    return known_report(source, packs_of(packs), name=name, max_size=max_size).report


def known_report(source: Given, packs: Sequence[Pack], *, name: str | None = None, max_size: int | None = None) -> Recognised:
    """Like :func:`read`, with the form and pack. Raises SourceError."""
    found = recognise(load_source(source, name=name, limits=limits_of(max_size)), packs)
    if found is None:
        raise SourceError(name or str(source)[:80], "is not a report of any known form", "未识别为任何已知格式的报告")
    return found


def recognise(source: Source, packs: Sequence[Pack], about: Mapping[str, Any] | None = None) -> Recognised | None:
    """The report that a source is, None when it is of no known form. ``about`` states facts that it does not."""
    opening = readers.title_text(source)
    known = [pack for pack in packs if pack.recognises(opening)] or packs
    forms = [(readers.fits(source, form), pack, form) for pack in known for form in pack.forms.values()]
    most = max((fit for fit, _, _ in forms), default=0.0)
    if most < LEAST_FIT:
        return None
    pack, form = _of_its_year(source, [(pack, form) for fit, pack, form in forms if fit == most])
    report = readers.recognise(source, form)
    if source.node is not None or source.data is not None:
        report = with_facts_of_text(report, form)
    form = expanded(form, members_of(form, report.entities, report.tables))
    stated = {**report.about, **(about or {})}
    return Recognised(replace(report, about={**readers.derived_facts(stated, form), **stated}), form, pack)


def _of_its_year(source: Source, fitting: Sequence[tuple[Pack, Form]]) -> tuple[Pack, Form]:
    """Of forms that fit equally well the one for the year that the report states; the first where it states none."""
    if len(fitting) == 1:
        return fitting[0]
    year = readers.recognise(source, fitting[0][1]).about.get("year")
    return next((one for one in fitting if isinstance(year, int) and one[1].covers(year)), fitting[0])


def with_facts_of_text(report: Report, form: Form) -> Report:
    """A structured report with the facts that its text states and it does not, as they would be read from a document."""
    wanted = {name for name in form.about if report.about.get(name) is None} if report.sections else set()
    found, places = readers.about_of(report, form, wanted) if wanted else ({}, {})
    both = Places(partial(_both, places, report.places))
    return replace(report, about={**found, **report.about}, places=both) if found else report


def _both(found: Mapping[str, Place], own: Mapping[str, Place]) -> dict[str, Place]:
    return {**found, **own}


def with_figures(found: Recognised) -> Recognised:
    """The report with its fused digits split where the pack's sums leave one way."""
    if not with_runs(found.report):
        return found
    from govreport_check.splitting import split_runs

    return replace(found, report=split_runs(found.report, found.form, fitted_rules(found.pack.rules, found.form)))


def prior_among(taken: Mapping[int, Recognised]) -> dict[int, int | None]:
    """For each report, by its number, the one of the year before by the same agency, where exactly one of the others is it."""
    by_year: dict[tuple[str, str, int], list[int]] = {}
    keys = {i: _agency_and_year(one) for i, one in taken.items()}
    for i, key in keys.items():
        if key is not None:
            by_year.setdefault(key, []).append(i)
    return {i: _before(key, by_year) for i, key in keys.items()}


def _before(key: tuple[str, str, int] | None, by_year: Mapping[tuple[str, str, int], list[int]]) -> int | None:
    found = by_year.get((key[0], key[1], key[2] - 1), []) if key else []
    return found[0] if len(found) == 1 else None


def _agency_and_year(one: Recognised) -> tuple[str, str, int] | None:
    about = one.report.about
    agency, year = about.get("abbreviation") or about.get("agency"), about.get("year")
    if not agency or not isinstance(year, int):
        return None
    name = normal(str(agency))
    same = next((group[0] for group in one.pack.same_agency if name in group), name)
    return one.pack.id, same, year
