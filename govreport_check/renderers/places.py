"""Where a finding stands, for formats that point into files."""

from __future__ import annotations

from govreport_check.findings import CellRecord, Finding, PlaceRecord
from govreport_check.renderers.lines import clean

_WORDS = {
    "zh": {"page": "第{}页", "table": "第{}个表格", "row": "第{}行", "column": "第{}列", "comma": ""},
    "en": {"page": "page {}", "table": "table {}", "row": "row {}", "column": "column {}", "comma": ", "},
}

_NOWHERE = PlaceRecord()


def placed(finding: Finding, source: str) -> list[CellRecord]:
    """The cells of a finding of the report ``source`` that stand somewhere, the one to look at first: printed ones before facts worked
    out, this report's before last year's."""
    return sorted((cell for cell in finding.cells if _stands(cell.place)), key=lambda cell: _rank(cell, source))


def _rank(cell: CellRecord, source: str) -> tuple[bool, bool]:
    return file_of(cell.place, source) != source, cell.address.startswith("about.")


def _stands(place: PlaceRecord) -> bool:
    return place != _NOWHERE


def place_of(finding: Finding, source: str) -> PlaceRecord:
    """The place to look at first, the whole file where no cell has one. A finding about a waiver stands in the waivers file."""
    found = placed(finding, source)
    return found[0].place if found else PlaceRecord(source=source)


def file_of(place: PlaceRecord, source: str) -> str:
    """The file that a place is in: its own, else the report's."""
    return place.source or source


def told(place: PlaceRecord, lang: str) -> str:
    """A place in a file without lines, in words: 第3页, 表三!C14, table 2, row 4, column 3; nothing where it has a line or no place."""
    words = _WORDS.get(lang, _WORDS["zh"])
    if place.line:
        return ""
    if place.sheet and place.cell:
        return clean(f"{place.sheet}!{place.cell}")
    named = ((key, getattr(place, key)) for key in ("page", "table", "row", "column"))
    return words["comma"].join(words[key].format(number) for key, number in named if number)
