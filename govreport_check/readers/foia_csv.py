"""The tables that FOIA.gov offers for all agencies of a year (``all_agencies_csv_<year>.zip``) → a partial Report per agency and year.

A file is one table: ``Agency, Component, Fiscal Year`` and the table's columns by their printed labels. The total over all agencies is
left out. Known defects of the published archives are met: names with `` (19)`` behind them, unfinished downloads, a table of another
year beside the right one, a head line repeated inside a file, a label that stands for two columns.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from govreport_check.errors import SourceError
from govreport_check.form import Form, Table, is_open
from govreport_check.model import Place, Raw, Remark, Report, cell_address
from govreport_check.readers.flat_csv import same
from govreport_check.readers.foia_names import OVERALL
from govreport_check.readers.foia_parts import listed_id
from govreport_check.readers.raw import one_of, raw_of

_HEADS = ("agency", "component", "fiscal year")
_TOTAL = "all agencies"
_UNFINISHED = (".crdownload", ".part")
_REASON, _TIMES = "reason", "times"
"""What stands for the column of a listed reason and for its figure."""


@dataclass(frozen=True, slots=True)
class _Record:
    """One line of one file: whose it is, its cells by (table, column), and where; ``unread`` are the heads that the form does not have."""

    agency: str
    component: str
    year: int
    cells: tuple[tuple[str, str, str, int], ...]
    place: Place
    unfinished: bool
    unread: tuple[str, ...]


def is_agency_csv(opening: str) -> bool:
    """Whether a text that begins like this is a table of all agencies."""
    first = next(csv.reader(opening.removeprefix("\ufeff").lstrip().splitlines()[:1]), [])
    return tuple(same(head) for head in first[:3]) == _HEADS


def read_agency_csvs(files: Sequence[tuple[str, bytes]], form: Form) -> list[Report]:
    """The partial reports (``overall`` rows) that the tables hold, by agency and year in the order they appear.

    ``files`` are (path, content). Of two tables in one folder that are the same but for their year, the one of the folder's year is used.
    Raises SourceError for a file that is no such table or of which its name and columns do not tell which it is.
    """
    records = {name: tuple(_records(name, content, form)) for name, content in files}
    years = _years_of_folders(records)
    taken: dict[tuple[str, int], _Taken] = {}
    strays: list[tuple[str, int, _Record]] = []
    for name, found in records.items():
        year, misplaced = years[_folder(name)], _misplaced(name, records, years)
        for record in found:
            if misplaced:
                strays.append((name, year, record))
            else:
                _take(record, taken.setdefault((same(record.agency), record.year), _Taken(record.agency, record.year)), form)
    _tell_strays(strays, taken)
    return [_report(one, form) for one in taken.values()]


# --- lines ----------------------------------------------------------------------------------------------------------------------


def _records(name: str, content: bytes, form: Form) -> Iterator[_Record]:
    unfinished = name.lower().endswith(_UNFINISHED)
    text = _text(content, name)
    if unfinished:  # its last line may be cut off in the middle of a figure
        text = text[: text.rfind("\n") + 1]
    reader = csv.reader(io.StringIO(text, newline=""))
    columns: tuple[tuple[str, str] | None, ...] | None = None
    unread: tuple[str, ...] = ()
    try:
        for row in reader:
            if tuple(same(cell) for cell in row[:3]) == _HEADS:
                columns = _columns(row[3:], name, form)
                unread = tuple(head for head, at in zip(row[3:], columns, strict=True) if at is None)
            elif columns is None:
                raise _no_table(name)
            elif any(cell.strip() for cell in row) and same(row[0]) != _TOTAL:
                yield _record(row, columns, Place(source=name, line=reader.line_num), unfinished, unread)
    except csv.Error as error:
        raise SourceError(f"{name}:{reader.line_num}", f"is broken as CSV ({error}); fetch it again", "CSV格式有误，请重新下载") from None
    if columns is None:
        raise _no_table(name)


def _record(
    row: Sequence[str], columns: Sequence[tuple[str, str] | None], place: Place, unfinished: bool, unread: tuple[str, ...]
) -> _Record:
    year = row[2].strip() if len(row) > 2 else ""
    if not re.fullmatch("[0-9]{4}", year):
        raise SourceError(
            f"{place.source}:{place.line}", "has a line without its fiscal year; fetch the file again", "有一行缺少财政年度，请重新下载"
        )
    cells = tuple((*at, cell, i) for i, (at, cell) in enumerate(zip(columns, row[3:], strict=False), 4) if at is not None)
    return _Record(row[0].strip(), row[1].strip(), int(year), cells, place, unfinished, unread)


def _text(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if name.lower().endswith(_UNFINISHED):  # cut off within a character
            return content[: error.start].decode("utf-8-sig")
        raise SourceError(name, "is not encoded in UTF-8; fetch it again", "编码不是UTF-8，请重新下载") from None


def _no_table(name: str) -> SourceError:
    return SourceError(
        name,
        "is no table of all agencies: its first line must begin with Agency, Component, Fiscal Year",
        "不是FOIA.gov的各机构汇总表：首行应以Agency、Component、Fiscal Year开头",
    )


# --- columns --------------------------------------------------------------------------------------------------------------------


def _letters(text: str) -> str:
    """The letters of a name, as FOIA.gov makes file names of titles: no figures, no punctuation."""
    return "-".join(re.findall("[a-z]+", text.lower()))


def title_of(name: str) -> str:
    """``All Agencies 2016/foia-foia-personnel (1).csv`` → ``foia-personnel``"""
    stem = PurePosixPath(name.replace("\\", "/")).name.lower()
    stem = re.sub(r"(?:\.crdownload|\.part|\.csv)+$", "", stem)
    return _letters(re.sub(r"\s*\(\d+\)$", "", stem)).removeprefix("foia-")


def _columns(heads: Sequence[str], name: str, form: Form) -> tuple[tuple[str, str] | None, ...]:
    """The (table, column) of each head; None for one that the form does not have. Raises SourceError where the table is unclear."""
    title = title_of(name)
    meant = [table for table in form.tables.values() if _letters(table.name["en"]) == title]
    tables = meant or list(form.tables.values())
    labels = {table.id: _labels(table) for table in tables}
    if not meant:
        tables = [table for table in tables if _only_here(heads, table, labels)]
    found = [_column(head, heads[i + 1 : i + 2], tables, labels) for i, head in enumerate(heads)]
    if not any(found):
        raise SourceError(
            name,
            "does not show which table it is; keep the file name that FOIA.gov gives it",
            "看不出是哪一张表，请保留FOIA.gov所给的文件名",
        )
    return tuple(_told_apart(found, {table.id: table for table in tables}))


def _labels(table: Table) -> dict[str, str]:
    """From spelling to column, the table's listed reasons and their figures among them."""
    labels = {}
    for column, label in zip(table.columns, table.column_labels, strict=True):
        if not is_open(column):
            labels.update({same(text): column for text in (label.text, label.en or "", *label.accepts) if text})
    return labels


def _only_here(heads: Sequence[str], table: Table, labels: Mapping[str, Mapping[str, str]]) -> bool:
    """Whether a head is a label of this table and of no other."""
    return any(same(head) in labels[table.id] and sum(same(head) in other for other in labels.values()) == 1 for head in heads)


def _column(head: str, behind: Sequence[str], tables: Sequence[Table], labels: Mapping[str, Mapping[str, str]]) -> tuple[str, str] | None:
    key = same(head)
    for table in tables:
        if key in labels[table.id]:
            return table.id, labels[table.id][key]
        if "" in table.listed.values() and key.startswith(("description of", "number of times")):
            return table.id, _REASON if key.startswith("description") else _TIMES
        days = labels[table.id].get(same(behind[0])) if behind else None
        if key == "date" and days is not None and days.startswith("days_"):
            return table.id, days.replace("days_", "date_")
    return None


def _told_apart(found: Sequence[tuple[str, str] | None], tables: Mapping[str, Table]) -> Iterator[tuple[str, str] | None]:
    """Where one label heads two columns, the second is the next column of the form: the site prints 181-200 Days over 201-300."""
    used: set[tuple[str, str]] = set()
    for at in found:
        if at is not None and at in used:
            columns = tables[at[0]].columns
            following = columns[columns.index(at[1]) + 1 :][:1] if at[1] in columns else ()
            at = (at[0], following[0]) if following and (at[0], following[0]) not in found else None
        if at is not None:
            used.add(at)
        yield at


# --- reports --------------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Taken:
    """What has been read of one agency's year."""

    agency: str
    year: int
    cells: dict[tuple[str, str], dict[str, list[tuple[Raw, Place]]]] = field(default_factory=dict)
    remarks: dict[tuple[str, str | None, str], Remark] = field(default_factory=dict)
    components: dict[str, None] = field(default_factory=dict)
    statutes: dict[str, str] = field(default_factory=dict)


def _folder(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[0]


def _years_of_folders(records: Mapping[str, Sequence[_Record]]) -> dict[str, int]:
    """The year that most files of each folder are of."""
    years: dict[str, Counter[int]] = {}
    for name, found in records.items():
        years.setdefault(_folder(name), Counter()).update({record.year for record in found})
    return {folder: count.most_common(1)[0][0] if count else 0 for folder, count in years.items()}


def _misplaced(name: str, records: Mapping[str, Sequence[_Record]], years: Mapping[str, int]) -> bool:
    """Whether a file is of another year than its folder, which has the same table of its own year."""
    year = years[_folder(name)]
    beside = (other for other in records if other != name and _folder(other) == _folder(name) and title_of(other) == title_of(name))
    return all(record.year != year for record in records[name]) and any(
        record.year == year for other in beside for record in records[other]
    )


def _tell_strays(strays: Sequence[tuple[str, int, _Record]], taken: Mapping[tuple[str, int], _Taken]) -> None:
    for name, year, record in strays:
        here = taken.get((same(record.agency), year))
        if here is not None:
            said = {"printed": name, "year": str(year), "other": str(record.year)}
            here.remarks.setdefault(("other-year-file", None, name), Remark("other-year-file", None, Place(source=name), said))


def _take(record: _Record, taken: _Taken, form: Form) -> None:
    row = OVERALL if same(record.component) in ("agency overall", OVERALL, "") else record.component
    if row != OVERALL:
        taken.components.setdefault(row)
    for head in record.unread:
        taken.remarks.setdefault(("unknown-key", head, ""), Remark("unknown-key", head, record.place, {"printed": head}))
    by_table: dict[str, dict[str, tuple[Raw, Place]]] = {}
    for table, column, text, i in record.cells:
        place = Place(source=record.place.source, line=record.place.line, column=i, section=form.tables[table].caption)
        by_table.setdefault(table, {})[column] = (raw_of(text), place)
    for table, cells in by_table.items():
        if record.unfinished:
            said = {"printed": record.place.source or ""}
            taken.remarks.setdefault(("unfinished-file", table, ""), Remark("unfinished-file", table, record.place, said))
        if form.tables[table].row_entity == "statutes":
            _take_statute(table, row, cells, taken)
        else:
            _add(taken, table, row, _listed(cells))


def _listed(cells: Mapping[str, tuple[Raw, Place]]) -> dict[str, tuple[Raw, Place]]:
    """The cells of a line, a described reason as the column that it is."""
    found = {column: cell for column, cell in cells.items() if column not in (_REASON, _TIMES)}
    reason = cells.get(_REASON, (None, Place()))[0]
    if reason is not None and _TIMES in cells:
        found[listed_id(str(reason))] = cells[_TIMES]
    return found


def _take_statute(table: str, row: str, cells: Mapping[str, tuple[Raw, Place]], taken: _Taken) -> None:
    """A statute is a row of its own; its count stands in ``total``, or in the column of the component whose line it is."""
    text = cells.get("text", (None, Place()))[0]
    if text is None:
        return
    name = listed_id(str(text))
    taken.statutes.setdefault(name, name)
    _add(taken, table, name, {row if column == "total" and row != OVERALL else column: cell for column, cell in cells.items()})


def _add(taken: _Taken, table: str, row: str, cells: Mapping[str, tuple[Raw, Place]]) -> None:
    found = taken.cells.setdefault((table, row), {})
    for column, cell in cells.items():
        found.setdefault(column, []).append(cell)


def _report(taken: _Taken, form: Form) -> Report:
    tables: dict[str, dict[str, dict[str, Raw]]] = {}
    places: dict[str, Place] = {}
    for (table, row), columns in taken.cells.items():
        tables.setdefault(table, {})[row] = {column: one_of(copies) for column, copies in columns.items()}
        places.update({cell_address(table, row, column): copies[0][1] for column, copies in columns.items()})
    return Report(
        source=f"{taken.agency} {taken.year}",
        form=form.id,
        about={"agency": taken.agency, "year": taken.year},
        tables=tables,
        entities={
            "components": tuple({"id": one, "name": one} for one in taken.components),
            "statutes": tuple({"id": key, "name": name} for key, name in taken.statutes.items()),
        },
        partial=True,
        places=places,
        remarks=tuple(taken.remarks.values()),
    )
