"""A reviewer's workbook read back, as people leave it: rows sorted, filtered or deleted, columns moved or added, saved by another program.

Nothing that was typed is lost: what belongs to no unit and no finding, or is not understood, is told with its sheet and cell and kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from govreport_check.errors import SourceError, UsageError
from govreport_check.readers.limits import DEFAULT
from govreport_check.readers.worksheet import Worksheet, reference
from govreport_check.readers.xlsx import read_sheets
from govreport_check.renderers.lines import clean
from govreport_check.renderers.sheets.problems import TYPED
from govreport_check.renderers.sheets.round import Again, Stray, Told, Typed
from govreport_check.renderers.sheets.words import WORDS
from govreport_check.workbook.typed import day_of, decision_of
from govreport_check.workbook.words import say

LIMITS = replace(DEFAULT, xml_tags=10_000_000, cells=5_000_000)
"""A workbook of two thousand units is larger than any report."""

_SEARCHED = 20  # rows in which heads are looked for: people put titles above them
_MARKS: Mapping[str, tuple[str, ...]] = {
    "problems": ("key.finding", "key.unit", "decision"),
    "strays": ("stood", "typed", "decision"),
    "files": ("what", "names", "remark", "key.place"),
    "units": ("key.unit", "decision"),
}
"""By which heads a sheet is known, whatever it is called; the first that fits."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What a workbook holds of decisions. ``findings`` in the order of their rows; ``remarks``: what was not understood, with its place."""

    source: str
    lang: str = "zh"
    units: Mapping[str, Typed] = field(default_factory=dict)
    findings: tuple[tuple[Told, Typed], ...] = ()
    files: Mapping[str, Stray] = field(default_factory=dict)
    strays: tuple[Stray, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    """A row: its text by column id, and where it stands."""

    sheet: str
    row: int
    text: Mapping[str, str]
    columns: Mapping[str, int]

    def at(self, column: str) -> str:
        return f"{self.sheet}!{reference(self.row, self.columns[column])}"


@dataclass(frozen=True, slots=True)
class _Table:
    kind: str
    lang: str
    lines: tuple[_Line, ...]


def read_workbook(path: Path) -> Kept:
    """The decisions of the workbook ``path``. Raises UsageError for a file that is none of ours or cannot be read."""
    try:
        sheets = read_sheets(path.read_bytes(), str(path), LIMITS)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    except SourceError as error:
        raise UsageError(f"{error} (xlsx)") from None
    remarks: list[str] = []
    tables = [table for sheet in sheets if (table := _table(sheet, remarks)) is not None]
    kinds = {table.kind for table in tables}
    if "problems" not in kinds or "units" not in kinds:
        missing = "“1 总表”“2 问题明细”"
        raise UsageError(f"{path}: {say('zh', 'not_ours', sheets=missing)} / {say('en', 'not_ours', sheets=missing)}")
    return _kept(path, tables, remarks)


# --- tables ---------------------------------------------------------------------------------------------------------------------


def _table(sheet: Worksheet, remarks: list[str]) -> _Table | None:
    """The sheet as one of ours, if it is one."""
    name = clean(sheet.name)
    for row in range(1, _SEARCHED + 1):
        for lang in WORDS:
            columns = _columns(sheet, row, lang)
            kind = next((kind for kind, marks in _MARKS.items() if all(mark in columns for mark in marks)), None)
            if kind:
                remarks += [say(lang, "twice", at=f"{name}!{reference(row, at)}") for at in _doubled(sheet, row, columns)]
                return _Table(kind, lang, tuple(_lines(sheet, name, row, columns)))
    return None


def _columns(sheet: Worksheet, row: int, lang: str) -> dict[str, int]:
    """The columns by id, of those that are headed alike the first."""
    ids = {head: id_ for id_, head in reversed(WORDS[lang].items())}
    heads = sorted((column, clean(text).strip()) for (at, column), text in sheet.cells.items() if at == row)
    columns: dict[str, int] = {}
    for column, head in heads:
        if head in ids:
            columns.setdefault(ids[head], column)
    return columns


def _doubled(sheet: Worksheet, row: int, columns: Mapping[str, int]) -> list[int]:
    typed = {clean(sheet.cells[row, columns[id_]]).strip(): columns[id_] for id_ in TYPED if id_ in columns}
    return [at for (line, at), text in sorted(sheet.cells.items()) if line == row and typed.get(clean(text).strip(), at) != at]


def _lines(sheet: Worksheet, name: str, head: int, columns: Mapping[str, int]) -> Iterator[_Line]:
    by_row: dict[int, dict[int, str]] = {}
    for (row, column), text in sheet.cells.items():
        if row > head:
            by_row.setdefault(row, {})[column] = text
    for row, cells in sorted(by_row.items()):
        yield _Line(name, row, {id_: clean(cells.get(at, "")).strip() for id_, at in columns.items()}, columns)


# --- what was typed -------------------------------------------------------------------------------------------------------------


def _kept(path: Path, tables: Sequence[_Table], remarks: list[str]) -> Kept:
    lang = next(table.lang for table in tables if table.kind == "problems")
    lines = {kind: [line for table in tables if table.kind == kind for line in table.lines] for kind in _MARKS}
    strays = [_stray_again(line, lang, remarks) for line in lines["strays"] if line.text.get("typed") or line.text.get("unit")]
    units = dict(_units(lines["units"], lang, strays, remarks))
    findings = tuple(_findings(lines["problems"], lang, strays, remarks))
    files = dict(_files(lines["files"], strays))
    return Kept(str(path), lang, units, findings, files, tuple(strays), tuple(remarks))


def _files(lines: Sequence[_Line], strays: list[Stray]) -> Iterator[tuple[str, Stray]]:
    """Remarks on files, by the key of their row; those of a row without one are put aside."""
    for line in lines:
        if remark := line.text["remark"]:
            said = Stray(line.at("remark"), line.text["names"], line.text["what"], Typed(remark=remark))
            if line.text["key.place"]:
                yield line.text["key.place"], said
            else:
                strays.append(said)


def _typed(line: _Line, lang: str, remarks: list[str]) -> Typed:
    """What was typed in a row; what is not understood is told and kept as it is."""
    adopted, word = decision_of(line.text.get("decision", ""))
    until, day = day_of(line.text.get("until", ""))
    if word:
        remarks.append(say(lang, "word", at=line.at("decision"), said=word))
    if day:
        remarks.append(say(lang, "day", at=line.at("until"), said=day))
    return Typed(adopted, line.text.get("remark", ""), until, word, day)


def _units(lines: Sequence[_Line], lang: str, strays: list[Stray], remarks: list[str]) -> Iterator[tuple[str, Typed]]:
    often = Counter(line.text["key.unit"] for line in lines)
    for line in lines:
        typed, key = _typed(line, lang, remarks), line.text["key.unit"]
        if key and often[key] == 1 and _belongs(line):
            yield key, typed
        elif typed:
            _put_aside(line, typed, _why(key, often[key]), lang, strays, remarks)


def _findings(lines: Sequence[_Line], lang: str, strays: list[Stray], remarks: list[str]) -> Iterator[tuple[Told, Typed]]:
    rows = [(line, _typed(line, lang, remarks)) for line in lines]
    said: dict[tuple[str, str], set[Typed]] = {}
    for line, typed in rows:
        said.setdefault(_key(line), set()).update({typed} - {Typed()})
    seen: set[tuple[str, str]] = set()
    for line, typed in rows:
        key = _key(line)
        whole = all(key) and _belongs(line)
        if whole and len(said[key]) <= 1:
            if key not in seen:
                yield _told(line, lang), next(iter(said[key]), Typed())
            seen.add(key)
        else:
            if whole and key not in seen:
                yield _told(line, lang), Typed()  # the finding is not forgotten, only undecided
                seen.add(key)
            if typed:
                _put_aside(line, typed, _why("".join(key) if all(key) else "", len(said[key])), lang, strays, remarks)


def _key(line: _Line) -> tuple[str, str]:
    return line.text["key.unit"], line.text["key.finding"]


def _belongs(line: _Line) -> bool:
    """Whether the row's key is that of the unit it shows: sorting a part of the columns tears rows apart."""
    shown = line.text.get("unit")
    return not shown or shown == line.text["key.unit"]


def _why(key: str, often: int) -> str:
    return "no_key" if not key else "differ" if often > 1 else "torn"


def _put_aside(line: _Line, typed: Typed, why: str, lang: str, strays: list[Stray], remarks: list[str]) -> None:
    at = line.at("decision")
    remarks.append(say(lang, why, at=at))
    strays.append(Stray(at, line.text.get("unit", ""), line.text.get("message") or line.text.get("main", ""), typed))


def _stray_again(line: _Line, lang: str, remarks: list[str]) -> Stray:
    return Stray(line.text.get("stood", ""), line.text.get("unit", ""), line.text.get("typed", ""), _typed(line, lang, remarks))


def _told(line: _Line, lang: str) -> Told:
    text, words = line.text, WORDS[lang]
    groups = {words[group]: group for group in ("error", "warning", "undecided", "note")}
    states = {words[again.value]: again for again in Again}
    plain = ("county", "year", "title", "spot", "message", "left", "right", "difference", "fix", "basis")
    return Told(
        unit=text["key.unit"],
        fingerprint=text["key.finding"],
        group=groups.get(text.get("group", ""), "warning"),
        rule=text.get("key.rule", ""),
        place=text.get("key.place", ""),
        confidence=text.get("key.sure", "certain"),
        again=states.get(text.get("again", "")),
        **{name: text.get(name, "") for name in plain},
    )
