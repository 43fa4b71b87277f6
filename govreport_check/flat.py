"""Any CSV with a header as reports of a form made from that header: one record, one report.

A column of figures is a column of a table with the single row ``this`` (``person[this, age]``), any other column a fact (``about.season``).
Rules that speak of several records speak of the *parts* of a report: the whole file's are all its records (:func:`whole`), one record's
are those that :func:`related` finds for it (the persons of a household, the children of a parent).
"""

from __future__ import annotations

import csv
import io
import keyword
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeAlias

from govreport_check.drafts import BATCH
from govreport_check.engine import ENGINE, check_reports
from govreport_check.errors import SourceError
from govreport_check.figures import normal
from govreport_check.findings import PackRecord, Result
from govreport_check.form import Form
from govreport_check.form_file import CellSpec, FormFile
from govreport_check.model import Place, Remark, Report, Section, cell_address
from govreport_check.pack import BUILT_IN, Pack, pack_to_check
from govreport_check.recognition import Recognised
from govreport_check.records import rule_records
from govreport_check.selection import Options, checked_options, select_rules

THIS = "this"
"""The one row of a record's table."""

UNKNOWN = ("", "NA")
"""What stands in a field of which nothing is known; it is never zero."""

UNREAD = "?"
"""A figure of a field that could not be told from its neighbours."""

Types: TypeAlias = "Mapping[str, CellSpec]"
"""By column: a cell type of form files (``count``, ``{number: "", places: 3}``), ``text`` or ``date``."""

Key: TypeAlias = "Callable[[Report], Hashable | None]"
"""What a record is joined by; None where that is unknown."""


@dataclass(frozen=True, slots=True)
class FlatFile:
    """A CSV as it stands. ``columns``: ids made from ``header``; ``records``: fields as printed, short or long ones as they are;
    ``lines``: the line on which each begins."""

    name: str
    header: tuple[str, ...]
    columns: tuple[str, ...]
    records: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]

    @property
    def labels(self) -> dict[str, str]:
        """The columns as they are printed, by id."""
        return dict(zip(self.columns, self.header, strict=True))


# --- the file ------------------------------------------------------------------------------------------------------------------


def read_flat(source: str | Path | bytes, *, name: str | None = None) -> FlatFile:
    """A CSV (UTF-8 or GB18030) of a path or of bytes; empty lines are passed over.

    Raises SourceError where it cannot be read, has no header, or names a column twice.
    """
    called = name or ("<bytes>" if isinstance(source, bytes) else str(source))
    rows, lines = _rows(_text(source, called), called)
    if not rows:
        raise SourceError(called, "is empty; a header is expected in its first line", "是空的，第一行应为表头")
    header = tuple(field.strip() for field in rows[0])
    columns = tuple(column_id(field, i) for i, field in enumerate(header, 1))
    twice = [column for column, number in Counter(columns).items() if number > 1]
    if twice:
        raise SourceError(called, f"names the column {twice[0]} twice; rename one", f"的表头中“{twice[0]}”出现两次，请改名")
    return FlatFile(called, header, columns, tuple(rows[1:]), tuple(lines[1:]))


def _text(source: str | Path | bytes, name: str) -> str:
    try:
        raw = source if isinstance(source, bytes) else Path(source).read_bytes()
    except OSError as error:
        raise SourceError(name, f"cannot be opened ({error.strerror}); check the path", "无法打开，请核对路径和权限") from None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SourceError(name, "is encoded neither in UTF-8 nor in GB18030; save it as UTF-8", "编码既不是UTF-8也不是GB18030，请另存为UTF-8")


def _rows(text: str, name: str) -> tuple[list[tuple[str, ...]], list[int]]:
    reader, rows, lines = csv.reader(io.StringIO(text, newline="")), [], []
    begins = 1
    try:
        for fields in reader:
            if any(field.strip() for field in fields):
                rows.append(tuple(fields))
                lines.append(begins)
            begins = reader.line_num + 1
    except csv.Error as error:
        raise SourceError(f"{name}:{begins}", f"is not CSV: {error}", f"不是CSV格式（{error}）") from None
    return rows, lines


def column_id(header: str, number: int = 1) -> str:
    """The name under which rules know a column: ``person-id`` → ``person_id``, ``1st`` → ``c_1st``, nothing → ``column_<number>``."""
    name = re.sub(r"\W+", "_", unicodedata.normalize("NFKC", header)).strip("_")
    if not name:
        return f"column_{number}"
    return f"c_{name}" if name[0].isdigit() else f"{name}_" if keyword.iskeyword(name) else name


# --- the form ------------------------------------------------------------------------------------------------------------------

_FIGURE = re.compile(r"[-+]?\d+(?:\.(\d+))?")


def types_of(file: FlatFile, **stated: CellSpec) -> dict[str, CellSpec]:
    """The types of a file's columns: those ``stated``, else ``number`` where every known field is a figure (with the most decimal places
    that occur), else ``text``."""
    return {column: stated.get(column) or _type(file, i) for i, column in enumerate(file.columns)}


def _type(file: FlatFile, column: int) -> CellSpec:
    known = [text for record in file.records for field in record[column : column + 1] if (text := normal(field)) not in UNKNOWN]
    figures = [_FIGURE.fullmatch(text) for text in known]
    if not known or not all(figures):
        return "text"
    return {"number": "", "places": max(len(figure[1] or "") for figure in figures if figure)}


def flat_form(form: str, tables: Mapping[str, Types], *, labels: Mapping[str, str] | None = None) -> FormFile:
    """The form of records of one or more files: ``tables`` gives each file's columns with their types.

    ``labels`` are the names of columns and tables in findings. :func:`form_text` writes it into a pack, ``build_form`` makes a form of it.
    """
    names = labels or {}
    return FormFile.model_validate(
        {
            "schema": "govreport-form/1",
            "id": form,
            "years": "0001-",
            "marks": dict.fromkeys(UNKNOWN, "blank"),
            "about": {
                name: _fact(spec, names.get(name, name)) for types in tables.values() for name, spec in types.items() if _is_fact(spec)
            },
            "sections": {table: {"heading": table} for table in tables},
            "tables": {table: _table(table, types, names) for table, types in tables.items() if not all(map(_is_fact, types.values()))},
        }
    )


def _is_fact(spec: CellSpec) -> bool:
    return spec in ("text", "date")


def _fact(spec: CellSpec, label: str) -> dict[str, object]:
    return {"name": {"zh": label, "en": label}, "type": spec}


def _table(table: str, types: Types, labels: Mapping[str, str]) -> dict[str, object]:
    figures = {name: spec for name, spec in types.items() if not _is_fact(spec)}
    return {
        "section": table,
        "name": {"zh": labels.get(table, table), "en": labels.get(table, table)},
        "cells": figures,
        "columns": {name: labels.get(name, name) for name in figures},
        "rows": {THIS: {"printed": "本条记录", "en": "this record"}},
    }


def form_text(file: FormFile) -> str:
    """A form as the YAML text of a form file."""
    import yaml

    data = file.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, default_flow_style=None, width=140)


# --- the reports ---------------------------------------------------------------------------------------------------------------


def flat_reports(file: FlatFile, form: Form, table: str, *, key: str | None = None) -> list[Report]:
    """A report of ``form`` for every record; ``key`` is the column by which records are told apart, and becomes the report's agency.

    Of a record with too few fields the last ones are unreadable, of one with too many all are, for nobody knows which is which; either
    carries a remark. Figures of the form's other tables are not given.
    """
    return [_report(file, i, form, table, key) for i in range(len(file.records))]


def _report(file: FlatFile, index: int, form: Form, table: str, key: str | None) -> Report:
    record, place = file.records[index], Place(file.name, row=index + 1, line=file.lines[index])
    width = len(file.columns)
    beyond = any(field.strip() for field in record[width:])
    fields = {} if beyond else dict(zip(file.columns, record, strict=False))
    figures = [name for name in file.columns if table in form.tables and name in form.tables[table].columns]
    about = {name: text.strip() for name, text in fields.items() if name in form.about and normal(text) not in UNKNOWN}
    called = {"agency": fields[key].strip()} if key and normal(fields.get(key, "")) not in UNKNOWN else {}
    told = Remark("unread-row", f"{table}.{THIS}", place, {"printed": ",".join(record)})
    return Report(
        source=file.name,
        form=form.id,
        about={**called, **about},
        sections={table: Section(heading=table, place=place)},
        tables={table: {THIS: {name: fields.get(name, UNREAD) for name in figures}}} if figures else {},
        labels=(),
        partial=len(form.tables) > 1,
        places={**{cell_address(table, THIS, name): place for name in figures}, **{f"about.{name}": place for name in about}},
        remarks=(told,) if beyond or len(record) < width else (),
    )


def whole(name: str, form: Form) -> Report:
    """The report on a file as a whole, of which every record is a part: ``check_flat([whole(…)], pack, parts=[records])``."""
    return Report(source=name, form=form.id, labels=(), partial=True)


def by(*columns: str) -> Key:
    """The key that one or more columns make, compared as printed; None where one of them is unknown."""
    return partial(_key, columns)


def _key(columns: tuple[str, ...], report: Report) -> Hashable | None:
    fields = tuple(_field(report, column) for column in columns)
    return None if any(field in UNKNOWN for field in fields) else fields


def _field(report: Report, column: str) -> str:
    if column in report.about:
        return normal(str(report.about[column]))
    rows = [row for cells in (report.tables or {}).values() if isinstance(row := cells.get(THIS), Mapping) and column in row]
    return normal(str(rows[0][column])) if rows else ""


def related(owners: Sequence[Report], key: Key, others: Sequence[Report], foreign: Key, *, strays: bool = True) -> list[list[Report]]:
    """For every owner those of the others whose ``foreign`` key is the owner's ``key``.

    Where a key is unknown, any may belong to any: an owner gets a part of which nothing is known for each of the others that may be its
    own, so that its rules are decided only where that does not matter. ``strays`` False: others of unknown key belong to nobody.
    """
    found: dict[Hashable, list[Report]] = defaultdict(list)
    for other in others:
        found[foreign(other)].append(other)
    lost = found.pop(None, []) if strays else []
    return [_parts(owner, key(owner), found, len(lost), len(others)) for owner in owners]


def _parts(owner: Report, wanted: Hashable | None, found: Mapping[Hashable, list[Report]], strays: int, others: int) -> list[Report]:
    unknown = Report(source=owner.source, form=owner.form, partial=True)
    return [unknown] * others if wanted is None else [*found.get(wanted, ()), *[unknown] * strays]


# --- the check -----------------------------------------------------------------------------------------------------------------


def check_flat(
    reports: Sequence[Report], pack: Pack, *, parts: Sequence[Sequence[Report]] | None = None, options: Options | None = None
) -> Result:
    """What the pack's rules say of every record, in their order; ``parts[i]`` belong to ``reports[i]``. Raises UsageError for options."""
    own = pack_to_check(BUILT_IN)
    chosen_options = checked_options(options or Options(), [pack])
    chosen = select_rules([pack, own], chosen_options)
    taken = [Recognised(report, pack.forms[report.form], pack) for report in reports]
    results = []
    for start in range(0, len(taken), BATCH):
        mine = None if parts is None else parts[start : start + BATCH]
        results += check_reports(taken[start : start + BATCH], chosen, chosen_options, parts=mine)
    return Result(
        engine=ENGINE,
        lang=chosen_options.lang or pack.languages[0],
        fail_on=chosen_options.fail_on,
        profile=chosen_options.profile,
        packs=[PackRecord(id=one.id, version=one.version, hash=one.hash) for one in (pack, own)],
        reports=results,
        rules=rule_records([pack, own], results),
    )
