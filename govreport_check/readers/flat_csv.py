"""Reports as a flat CSV, one figure per line, in and out: ``report, agency, year, table, row, column, value``.

``section`` and ``component`` do as names for ``table`` and ``row``; ids and printed labels both name a table, a row or a column. A line
whose table is ``about`` states a fact, one whose column is ``note`` a footnote of its table, one whose table is an entity of the form
(``components``) the name of a member. A value that a spreadsheet would run as a formula is written behind an apostrophe, and read
without it.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from govreport_check.errors import SourceError
from govreport_check.form import Form, FormLabel, Table, is_open
from govreport_check.model import Place, Raw, Remark, Repeated, Report, cell_address
from govreport_check.readers.raw import one_of, raw_of
from govreport_check.readers.tables import WHOLE

COLUMNS = ("report", "agency", "year", "table", "row", "column", "value")
_NAMES = {"section": "table", "component": "row"}
_NEEDED = frozenset({"table", "row", "column", "value"})
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"[-+]?[0-9][0-9,]*(?:\.[0-9]+)?%?")


# --- out ------------------------------------------------------------------------------------------------------------------------


def to_flat_csv(report: Report) -> str:
    """The report's facts, members, figures and footnotes as CSV text. Sections, labels and remarks are not in it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    agency, year = (_told(report.about.get(fact)) for fact in ("agency", "year"))
    for line in _lines(report):
        writer.writerow([inert(text) for text in (report.source, agency, year, *line)])
    return out.getvalue()


def inert(text: str) -> str:
    """``text`` with an apostrophe before it where a spreadsheet would take it for a formula; numbers with a sign stay as they are."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def _as_written(text: str) -> str:
    """What :func:`inert` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def _told(value: object) -> str:
    return "" if value is None else str(value)


def _lines(report: Report) -> Iterator[tuple[str, str, str, str]]:
    for fact, value in report.about.items():
        if fact not in ("agency", "year"):
            yield "about", "", fact, _told(value)
    if report.partial:
        yield "about", "", "partial", "true"
    for entity, members in report.entities.items():
        for member in members:
            yield entity, member.get("id", ""), "name", member.get("name", "")
    for table, rows in (report.tables or {}).items():
        for row, cells in rows.items():
            yield from ((table, row, column, value) for column, value in _values(cells))
    for table, notes in report.notes.items():
        yield from ((table, "", "note", note) for note in notes)


def _values(cells: Mapping[str, Raw] | str) -> Iterator[tuple[str, str]]:
    """The (column, value) pairs of a row; a run of fused digits has no column."""
    if isinstance(cells, str):
        yield "", cells
        return
    for column, raw in cells.items():
        yield from ((column, _told(one)) for one in (raw.values if isinstance(raw, Repeated) else (raw,)))


# --- in -------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its cells by the names of :data:`COLUMNS`, its line of the file, and its value's column in it."""

    cells: Mapping[str, str]
    number: int
    column: int

    def __getitem__(self, name: str) -> str:
        return self.cells.get(name, "")


def is_flat_csv(opening: str) -> bool:
    """Whether a text that begins like this is a flat CSV: its first line has a table, a row, a column and a value."""
    first = next(iter(opening.removeprefix("\ufeff").lstrip("\r\n").splitlines()), "")
    return _delimiter(first) is not None


def read_flat_csv(text: str, name: str, form: Form) -> list[Report]:
    """The reports of ``form`` that a flat CSV holds, one for each report, agency and year it names, in the order they appear.

    A name that the form does not have is a remark. Raises SourceError for what is no such CSV.
    """
    found: dict[tuple[str, ...], _Found] = {}
    names = _names_of(form)
    for line in _read(text, name):
        key = (line["report"], line["agency"], line["year"])
        _take(line, found.setdefault(key, _Found()), names, form, name)
    return [_report(key, one, form, name, alone=len(found) == 1) for key, one in found.items()]


def first_row(opening: str, delimiter: str) -> list[str]:
    """The cells of a text's first line; none where it is not CSV at all."""
    try:
        return next(csv.reader([opening.removeprefix("\ufeff").lstrip().split("\n", 1)[0]], delimiter=delimiter), [])
    except csv.Error:
        return []


def _heads(first: str, delimiter: str) -> list[str]:
    heads = first_row(first, delimiter)
    return [_NAMES.get(head.strip().lower(), head.strip().lower()) for head in heads]


def _delimiter(first: str) -> str | None:
    return next((delimiter for delimiter in ",;\t" if set(_heads(first, delimiter)) >= _NEEDED), None)


def _read(text: str, name: str) -> Iterator[Line]:
    text = text.removeprefix("\ufeff").lstrip("\r\n")
    first = text.split("\n", 1)[0]
    delimiter = _delimiter(first)
    if delimiter is None:
        raise SourceError(
            name,
            "is no flat CSV: its first line must name the columns table, row, column and value",
            "不是逐项CSV：首行应有table、row、column、value各列",
        )
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        heads = _heads(first, delimiter)
        next(reader, None)
        start = reader.line_num + 1
        for row in reader:
            if any(cell.strip() for cell in row):
                yield Line(dict(_cells(heads, row)), start, heads.index("value") + 1)
            start = reader.line_num + 1
    except csv.Error as error:
        raise SourceError(f"{name}:{reader.line_num}", f"is broken as CSV ({error}); save it again", "CSV格式有误，请重新保存") from None


def _cells(heads: Iterable[str], row: Iterable[str]) -> Iterator[tuple[str, str]]:
    for head, cell in zip(heads, row, strict=False):
        text = _as_written(cell)
        yield head, text if head == "value" else text.strip()


@dataclass(slots=True)
class _Found:
    """What has been read of one report."""

    about: dict[str, str | int] = field(default_factory=dict)
    cells: dict[tuple[str, str], dict[str, list[tuple[Raw, Place]]]] = field(default_factory=dict)
    runs: dict[tuple[str, str], str] = field(default_factory=dict)
    notes: dict[str, list[str]] = field(default_factory=dict)
    entities: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)


def _take(line: Line, found: _Found, names: _Names, form: Form, name: str) -> None:
    place = Place(source=name, line=line.number, column=line.column)
    for fact in ("agency", "year"):
        _state(found, fact, line[fact], place)
    if line["table"].lower() == "about":
        _state(found, line["column"], line["value"], place)
    elif line["table"] in form.entities and line["column"] == "name":  # an entity may be called as its table is (statutes)
        found.entities.setdefault(line["table"], []).append({"id": line["row"], "name": line["value"]})
    elif (table := form.tables.get(names.tables.get(same(line["table"]), ""))) is not None:
        _take_cell(line, table, found, names, place)
    else:
        found.remarks.append(_unknown(line, place))


def _state(found: _Found, fact: str, value: str, place: Place) -> None:
    if value.strip() and fact not in found.about:
        raw = raw_of(value.strip())
        found.about[fact] = raw if isinstance(raw, int) and fact == "year" else value.strip()
        found.places[f"about.{fact}"] = place


def _take_cell(line: Line, table: Table, found: _Found, names: _Names, place: Place) -> None:
    row, column = names.row(table, line["row"]), names.column(table, line["column"])
    if same(line["column"]) == "note" and not line["row"]:
        found.notes.setdefault(table.id, []).append(line["value"])
    elif row is not None and not line["column"]:
        found.runs[table.id, row] = line["value"]
        found.places.setdefault(f"{table.id}.{row}", place)
    elif row is None or row == WHOLE or column is None:
        found.remarks.append(_unknown(line, place))
    else:
        copies = found.cells.setdefault((table.id, row), {}).setdefault(column, [])
        if len(copies) == 1:
            found.remarks.append(Remark("doubled-row", f"{table.id}.{row}", place, {"printed": line["row"]}))
        copies.append((raw_of(line["value"]), place))
        found.places.setdefault(cell_address(table.id, row, column), place)


def _unknown(line: Line, place: Place) -> Remark:
    at = ".".join(text for text in ("tables", line["table"], line["row"], line["column"]) if text)
    return Remark("unknown-key", at, place, {"printed": line["value"]})


def _report(key: tuple[str, ...], found: _Found, form: Form, name: str, *, alone: bool) -> Report:
    tables: dict[str, dict[str, Any]] = {}
    for (table, row), columns in found.cells.items():
        tables.setdefault(table, {})[row] = {column: one_of(copies) for column, copies in columns.items()}
    for (table, row), run in found.runs.items():
        tables.setdefault(table, {}).setdefault(row, run)
    partial = str(found.about.pop("partial", "")).lower() == "true"
    return Report(
        source=name if alone else f"{name} ({' '.join(filter(None, key[:1] if key[0] else key))})",
        form=form.id,
        about=found.about,
        tables=tables,
        notes={table: tuple(notes) for table, notes in found.notes.items()},
        entities={entity: tuple(members) for entity, members in found.entities.items()},
        partial=partial,
        places=found.places,
        remarks=tuple(found.remarks),
    )


# --- names ----------------------------------------------------------------------------------------------------------------------


def same(text: str) -> str:
    """A label for comparison: case, punctuation and white space do not matter."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.sub(r"[\W_]+", " ", folded).split())


@dataclass(frozen=True, slots=True)
class _Names:
    """What names the tables, rows and columns of a form: their ids, and the labels that only one of them has."""

    tables: Mapping[str, str]
    rows: Mapping[str, Mapping[str, str]]
    columns: Mapping[str, Mapping[str, str]]

    def row(self, table: Table, text: str) -> str | None:
        known = text if text in (*table.rows, *table.parents, WHOLE) and not is_open(text) else self.rows[table.id].get(same(text))
        if known is None and table.row_entity is not None and not is_open(text):
            return text or None
        return WHOLE if text == WHOLE else known

    def column(self, table: Table, text: str) -> str | None:
        known = text if text in table.columns and not is_open(text) else self.columns[table.id].get(same(text))
        return (text or None) if known is None and table.listed and not is_open(text) else known


def _names_of(form: Form) -> _Names:
    tables = [(table.id, (table.id, table.caption or "", *table.name.values())) for table in form.tables.values()]
    return _Names(
        tables=_unique(tables),
        rows={table.id: _unique(_spellings(table.rows, table.row_labels)) for table in form.tables.values()},
        columns={table.id: _unique(_spellings(table.columns, table.column_labels)) for table in form.tables.values()},
    )


def _spellings(ids: Iterable[str], labels: Iterable[FormLabel]) -> list[tuple[str, tuple[str, ...]]]:
    pairs = zip(ids, labels, strict=True)
    return [(name, (name, label.text, label.en or "", *label.accepts)) for name, label in pairs if not is_open(name)]


def _unique(spellings: Iterable[tuple[str, tuple[str, ...]]]) -> dict[str, str]:
    """From spelling to the id that alone has it."""
    owners: dict[str, set[str]] = {}
    for name, texts in spellings:
        for text in filter(None, map(same, texts)):
            owners.setdefault(text, set()).add(name)
    return {text: names.pop() for text, names in owners.items() if len(names) == 1}
