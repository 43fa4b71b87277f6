"""Sheet 2: a row per finding, with what a letter says of it and what binds a decision to it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias

from govreport_check.findings import Finding
from govreport_check.renderers.causes import Cause, causes
from govreport_check.renderers.lines import clean
from govreport_check.renderers.places import placed
from govreport_check.renderers.sheets.round import NOTHING, Again, Round, Told, Typed
from govreport_check.renderers.sheets.table import Column, Kind, Look, Row, Sheet, Value
from govreport_check.renderers.sheets.words import joined, say
from govreport_check.renderers.words import group_of
from govreport_check.renderers.words import say as say_fixed
from govreport_check.season.model import Line, Season

GROUPS = ("error", "warning", "undecided", "note", "waived")
"""From the loudest; notes and what is waived are listed only where that is asked for."""

Layout: TypeAlias = tuple[tuple[str, int, Kind], ...]
"""Columns by id, width and kind."""

_LAYOUT: Layout = (
    ("number", 6, "number"),
    ("county", 12, "text"),
    ("unit", 22, "text"),
    ("year", 8, "number"),
    ("group", 9, "text"),
    ("spot", 24, "text"),
    ("message", 50, "words"),
    ("left", 10, "number"),
    ("right", 10, "number"),
    ("difference", 8, "number"),
    ("fix", 34, "words"),
    ("basis", 26, "words"),
    ("decision", 10, "choice"),
    ("remark", 18, "words"),
    ("until", 12, "day"),
    ("again", 9, "text"),
    ("title", 30, "key"),
    ("key.unit", 10, "key"),
    ("key.finding", 18, "key"),
    ("key.rule", 18, "key"),
    ("key.place", 18, "key"),
    ("key.sure", 10, "key"),
)
TYPED = ("decision", "remark", "until")
_SPOTS = 2
WITH_PRIOR = "+prior"
"""How the key of a place ends where the finding compares with last year's report."""


def columns_of(layout: Layout, lang: str) -> tuple[Column, ...]:
    """Columns by (id, width, kind), headed in ``lang``."""
    return tuple(Column(id_, say(lang, id_), width, kind, id_ in TYPED) for id_, width, kind in layout)


def told_of(line: Line, finding: Finding, lang: str) -> Told:
    """A finding as the workbook tells it."""
    report = line.report
    told = bool(finding.terms) or finding.operator == "=="  # else the sides are parts of dates and lengths
    return Told(
        unit=line.unit,
        fingerprint=finding.fingerprint,
        group=group_of(finding),
        rule=finding.rule,
        place=_place_key(finding),
        confidence=finding.confidence,
        county=line.county,
        year=_year(line),
        title=clean(str(report.about.get("title") or "")) if report else "",
        spot=_spot(finding, report.source if report else "", lang),
        message=clean(finding.message),
        left=clean(finding.left or "") if told else "",
        right=clean(finding.right or "") if told else "",
        difference=clean(finding.difference or "") if told and finding.outcome == "fail" else "",
        fix=clean(finding.fix),
        basis=joined(lang, [say_fixed(lang, "cite", document=clean(one.document), at=clean(one.at)) for one in finding.cites], "stop"),
    )


def _year(line: Line) -> str:
    stated = line.report.about.get("year") if line.report else None
    return clean(str(stated or line.year or ""))


def _spot(finding: Finding, source: str, lang: str) -> str:
    cells = [cell for cell in placed(finding, source) or finding.cells if cell.raw is not None or cell.spot != source]
    spots = list(dict.fromkeys(clean(cell.spot or cell.label) for cell in cells))
    if len(spots) > _SPOTS:
        return say_fixed(lang, "and_more", first=spots[0], n=len(spots))
    return joined(lang, spots)


def _place_key(finding: Finding) -> str:
    """The same for a rule at a place whatever the figures there: 16 hexadecimal digits of SHA-256, and whether last year's report has a
    part in it."""
    lines = [f"{name}={value}" for name, value in sorted(finding.bindings.items())]
    lines += [finding.entity or "", *sorted(cell.address for cell in finding.cells)]
    last_year = any(cell.address.startswith("prior.") for cell in finding.cells)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16] + (WITH_PRIOR if last_year else "")


def listed(season: Season, lang: str, *, notes: bool = False, waived: bool = False) -> Iterator[tuple[Line, Told]]:
    """The findings that the sheet lists, with their lines, in the order of the lines."""
    left_out = _left_out(notes, waived)
    for line in season.lines:
        shown = [finding for finding in line.report.findings if group_of(finding) not in left_out] if line.report else []
        yield from ((line, told_of(line, finding, lang)) for finding in shown if group_of(finding) != "undecided")
        yield from ((line, _untold(line, cause, lang)) for cause in causes(one for one in shown if group_of(one) == "undecided"))


def _untold(line: Line, cause: Cause, lang: str) -> Told:
    """What could not be decided, told once for all rules that wanted it."""
    told = told_of(line, cause.findings[0], lang)
    if cause.speaks_for_itself:
        return told
    what = clean(cause.headline(lang)).rstrip("。.")
    return replace(told, message=say(lang, "unread", what=what, n=len(cause.findings)))


def _left_out(notes: bool, waived: bool) -> set[str]:
    return {group for group, shown in (("note", notes), ("waived", waived)) if not shown}


def problems_sheet(season: Season, round_: Round, lang: str, *, notes: bool = False, waived: bool = False) -> Sheet:
    """Sheet 2, sorted by county, then by severity, then by unit; what has gone since a former workbook stands where it would."""
    told = [one for _, one in listed(season, lang, notes=notes, waived=waived)]
    order = {line.unit: (_county_rank(season, line.county), line.number) for line in season.lines}
    rows = sorted([*told, *round_.gone], key=lambda one: _rank(one, order, len(season.lines)))
    return Sheet(
        id="problems",
        title=say(lang, "problems"),
        columns=columns_of(_LAYOUT, lang),
        rows=tuple(_row(number, one, round_, lang) for number, one in enumerate(rows, 1)),
        frozen=3,
        choices=(say(lang, "adopt"), say(lang, "reject")),
        foot=tuple(_foot(season, lang, notes, waived)),
    )


def _county_rank(season: Season, county: str) -> int:
    return min((line.number for line in season.lines if line.county == county), default=0)


def _rank(one: Told, order: dict[str, tuple[int, int]], last: int) -> tuple[int, int, int]:
    county, unit = order.get(one.unit, (last + 1, last + 1))
    return county, GROUPS.index(one.group) if one.group in GROUPS else len(GROUPS), unit


def _foot(season: Season, lang: str, notes: bool, waived: bool) -> Iterator[str]:
    groups = [group_of(finding) for line in season.lines if line.report for finding in line.report.findings]
    for group, key in (("note", "notes_left"), ("waived", "waived_left")):
        if group in _left_out(notes, waived) and group in groups:
            yield say(lang, key, n=groups.count(group))


def _row(number: int, told: Told, round_: Round, lang: str) -> Row:
    again = told.again or round_.again.get((told.unit, told.fingerprint))
    typed = round_.findings.get((told.unit, told.fingerprint), NOTHING)
    values: tuple[Value, ...] = (
        number,
        told.county,
        told.unit,
        told.year,
        group_word(told.group, lang),
        told.spot,
        told.message,
        told.left,
        told.right,
        told.difference,
        told.fix,
        told.basis,
        *typed_values(typed, lang),
        say(lang, again.value) if again else "",
        told.title,
        told.unit,
        told.fingerprint,
        told.rule,
        told.place,
        told.confidence,
    )
    if again is Again.MENDED:
        return Row(values, (("", "done"),))
    return Row(values, (("group", look_of(told.group)), ("again", "good" if again is Again.NEW else "")))


def group_word(group: str, lang: str) -> str:
    return say_fixed(lang, "waived") if group == "waived" else say(lang, group)


def look_of(group: str) -> Look:
    looks: dict[str, Look] = {"error": "error", "warning": "warning", "undecided": "undecided", "note": "note"}
    return looks.get(group, "")


def typed_values(typed: Typed, lang: str) -> tuple[Value, Value, Value]:
    """Decision, remark and day, as they are written back; what was not understood as it was typed."""
    word = typed.word if typed.adopted is None else say(lang, "adopt" if typed.adopted else "reject")
    return word, typed.remark, typed.until or typed.day
