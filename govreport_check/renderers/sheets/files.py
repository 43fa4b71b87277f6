"""Sheets 3, 4 and 6: what is amiss with files, the sums up the roster, and entries that belong to nothing any more."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from govreport_check.renderers.sheets.problems import Layout, columns_of, typed_values
from govreport_check.renderers.sheets.round import Stray
from govreport_check.renderers.sheets.table import Look, Row, Sheet
from govreport_check.renderers.sheets.units import details, pick_title
from govreport_check.renderers.sheets.words import joined, say
from govreport_check.season.model import Anomaly, AnomalyKind, Season, SumLine, SumState

_FILES: Layout = (
    ("number", 6, "number"),
    ("what", 14, "text"),
    ("county", 14, "text"),
    ("names", 40, "words"),
    ("filenames", 50, "words"),
    ("details", 50, "words"),
    ("similarity", 9, "share"),
    ("late", 9, "number"),
    ("remark", 30, "words"),
    ("key.place", 18, "key"),
)
_SUMS: Layout = (
    ("number", 6, "number"),
    ("parent", 26, "text"),
    ("item", 50, "words"),
    ("sum_of_parts", 12, "number"),
    ("summary", 12, "number"),
    ("difference", 10, "number"),
    ("state", 14, "text"),
    ("parts", 10, "number"),
    ("missing", 40, "words"),
    ("unknown_units", 40, "words"),
    ("address", 20, "key"),
)
_STRAYS: Layout = (
    ("number", 6, "number"),
    ("unit", 30, "text"),
    ("stood", 24, "text"),
    ("typed", 60, "words"),
    ("decision", 10, "choice"),
    ("remark", 40, "words"),
    ("until", 12, "day"),
)
_STATES = (SumState.MORE, SumState.LESS, SumState.OPEN, SumState.EQUAL)
_LOOKS: dict[SumState, Look] = {SumState.MORE: "error", SumState.LESS: "error", SumState.OPEN: "undecided", SumState.EQUAL: "good"}


def files_sheet(season: Season, remarks: Mapping[str, str], lang: str) -> Sheet:
    """Sheet 3, by kind; ``remarks`` by :func:`key_of`."""
    order = list(AnomalyKind)
    counties = {line.unit: line.county for line in season.lines}
    found = sorted(season.anomalies, key=lambda one: order.index(one.kind))
    rows = tuple(_file_row(number, one, counties, remarks, lang) for number, one in enumerate(found, 1))
    return Sheet(id="files", title=say(lang, "files"), columns=columns_of(_FILES, lang), rows=rows)


def _file_row(number: int, one: Anomaly, counties: dict[str, str], remarks: Mapping[str, str], lang: str) -> Row:
    alike = None if one.similarity is None else f"{one.similarity}%"
    names, files = joined(lang, list(one.units)), joined(lang, list(one.files))
    what = say(lang, f"file.{one.kind.value}")
    return Row(
        values=(
            number,
            what,
            joined(lang, list(dict.fromkeys(counties.get(unit, "") for unit in one.units))),
            names,
            files,
            details(one, lang),
            alike,
            one.days,
            remarks.get(key_of(one), ""),
            key_of(one),
        ),
        looks=(("what", "undecided" if one.kind in (AnomalyKind.NAME_NEAR, AnomalyKind.SIMILAR_TEXT) else "warning"),),
    )


def key_of(one: Anomaly) -> str:
    """By what a remark is bound to its row: 16 hexadecimal digits of SHA-256 over kind, units and files."""
    return hashlib.sha256("\n".join((one.kind.value, *one.units, *one.files)).encode()).hexdigest()[:16]


def sums_sheet(season: Season, lang: str) -> Sheet:
    """Sheet 4: by superior unit as the roster has them, what does not agree first."""
    first = {line.unit: line.number for line in season.lines}
    listed = [one for one in season.sums if one.state is not SumState.EQUAL or one.total != "0"]
    found = sorted(listed, key=lambda one: (first.get(one.parent, 0), one.parent, _STATES.index(one.state)))
    rows = tuple(_sum_row(number, one, lang) for number, one in enumerate(found, 1))
    foot = (say(lang, "sums_left", n=left),) if (left := len(season.sums) - len(listed)) else ()
    return Sheet(id="sums", title=say(lang, "sums"), columns=columns_of(_SUMS, lang), rows=rows, frozen=3, foot=foot)


def _sum_row(number: int, one: SumLine, lang: str) -> Row:
    return Row(
        values=(
            number,
            one.parent,
            pick_title(dict(one.label), lang),
            one.total,
            one.summary,
            one.difference,
            say(lang, f"sum.{one.state.value}"),
            one.parts or None,
            joined(lang, list(one.missing)),
            joined(lang, list(one.unknown)),
            one.address,
        ),
        looks=(("state", _LOOKS[one.state]),),
    )


def strays_sheet(strays: Iterable[Stray], lang: str) -> Sheet:
    """Sheet 6, made only where there is something to keep."""
    rows = tuple(Row((number, one.unit, one.at, one.text, *typed_values(one.typed, lang))) for number, one in enumerate(strays, 1))
    return Sheet(id="strays", title=say(lang, "strays"), columns=columns_of(_STRAYS, lang), rows=rows)
