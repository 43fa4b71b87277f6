"""A roster of units: who is to report, and what reports do not state of them (level, kind, superior, day of publication)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from govreport_check.errors import Complaint, PackError
from govreport_check.figures import normal
from govreport_check.roster_file import COLUMNS, NAMES, Cell, Column, Sheet, read_sheet
from govreport_check.wording import VALUES

LEVELS = ("state", "province", "prefecture", "county", "township")
KINDS = ("government", "office", "department", "vertical")
SCOPES = ("complete",)
_VALUES: Mapping[Column, tuple[str, ...]] = {"level": LEVELS, "kind": KINDS, "scope": SCOPES}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_OTHER_DAY = re.compile(r"(\d{4})\D{1,3}(\d{1,2})\D{1,3}(\d{1,2})\D{0,2}")
_PARTED = re.compile(r"[;；、|\n]")
_TOLD: Mapping[str, tuple[str, str]] = {
    "cannot_read": ("{path}无法读取：{reason}", "{path} cannot be read: {reason}"),
    "too_large": ("{path}太大，不是名册", "{path} is too large for a roster"),
    "not_csv": ("{path}第{row}行不是CSV表格：{reason}", "{path}, row {row} is no CSV: {reason}"),
    "not_workbook": ("{path}无法打开：{reason}。请另存为 .xlsx 或 CSV", "{path} cannot be opened: {reason}; save it as .xlsx or CSV"),
    "wrong_encoding": (
        "{path}第{row}行第{column}列：编码既不是UTF-8也不是GB18030，请另存为UTF-8",
        "{path}, row {row}, column {column}: encoded neither in UTF-8 nor in GB18030; save it as UTF-8",
    ),
    "unknown_column": ("没有名为“{text}”的列，可用的列：{known}", "unknown column {text}; there are {known}"),
    "doubled_column": ("“{text}”一列重复", "the column {text} stands twice"),
    "missing_column": ("缺少“{text}”列", "the column {text} is missing"),
    "long_row": ("“{text}”超出表头的列数", "{text} stands beyond the last head"),
    "no_unit": ("没有填写单位名称", "the unit has no name"),
    "doubled_unit": ("“{text}”与第{row}行重复；名称、别名不得重复", "{text} stands in row {row} already, as a name or an alias"),
    "unknown_value": ("“{text}”不是可用的值：{known}", "{column} {text} is none of {known}"),
    **{f"known_{name}": ("、".join(f"{one}（{VALUES[name][one][0]}）" for one in ids), ", ".join(ids)) for name, ids in _VALUES.items()},
    **{f"column_{name}": (next(head for head in NAMES if NAMES[head] == name and head != name), name) for name in COLUMNS},
    "between": ("、", ", "),
    "bad_day": ("“{text}”不是2025-01-31这样的日期", "{text} is not a day like 2025-01-31"),
    "spelt_day": ("日期“{text}”应写作{day}", "write the day {text} as {day}"),
    "no_such_day": ("没有“{text}”这一天", "{text} is not in the calendar"),
    "unknown_parent": ("上级“{text}”不在名册中{near}", "the superior {text} is not in the roster{near}"),
    "near": ("，是否为“{text}”？", "; did you mean {text}?"),
    "own_parent": ("上下级循环：{text}", "the superiors lead back to the unit: {text}"),
    "doubled_file": (
        "{text}已是第{row}行“{unit}”的文件；一个文件只能对应一个单位",
        "{text} stands for more than one unit (row {row}: {unit})",
    ),
    "no_file": ("没有这个文件：{text}", "no such file: {text}"),
    "empty": ("名册中没有单位", "the roster has no units"),
}


@dataclass(frozen=True, slots=True)
class Unit:
    """One line of a roster; ``file`` and ``prior`` are paths beside the roster. ``row`` is its row there.

    ``about`` are the facts for its report (level, kind, scope, published_on); ``aliases`` are other names that its report may state.
    """

    name: str
    file: Path | None
    prior: Path | None
    about: Mapping[str, Any] = field(default_factory=dict)
    parent: str | None = None
    address: str | None = None
    aliases: tuple[str, ...] = ()
    row: int = 0


def read_roster(path: Path, *, needs: Sequence[Column] = ("unit", "file"), whole: bool = False, lang: str = "en") -> list[Unit]:
    """The units of a roster, CSV (UTF-8 or GB18030) or a workbook, with columns of :data:`COLUMNS`, in their order.

    ``needs`` are the columns that must be there. ``whole``: it lists everybody, so superiors must be among its units and the files it names
    must exist. Raises PackError with every mistake in the language ``lang``, each with its row and column, UsageError when the file
    cannot be read.
    """
    told = partial(_say, lang)
    sheet = read_sheet(path, told)
    found = [*_of_heads(sheet, needs, told)]
    units = [_unit(cells, path, found, told) for cells in sheet.rows]
    if whole:
        found += [*_of_units(sheet, units, told), *_of_parents(sheet, told), *_of_paths(sheet, units, told)]
        found += [] if units or found else [(Cell("", 1, 1), told("empty"))]
    found += _of_files(sheet, units, told)
    if found:
        raise PackError([Complaint(str(path), cell.row, cell.column, message) for cell, message in found])
    return units


def unit_of(units: Iterable[Unit], source: Path) -> Unit | None:
    """The unit whose file ``source`` is."""
    return next((unit for unit in units if unit.file is not None and unit.file.resolve() == source.resolve()), None)


def _say(lang: str, name: str, **words: Any) -> str:
    return _TOLD[name][lang == "en"].format(**words)


_Told = Callable[..., str]
_Found = tuple[Cell, str]


def _of_heads(sheet: Sheet, needs: Sequence[Column], told: _Told) -> Iterator[_Found]:
    names = {name: told(f"column_{name}") for name in COLUMNS}
    known = told("between").join(names.values())
    yield from ((cell, told("unknown_column", text=cell.text, known=known)) for cell in sheet.strange)
    yield from ((cell, told("doubled_column", text=cell.text)) for cell in sheet.doubled)
    yield from ((Cell("", 1, 1), told("missing_column", text=names[name])) for name in needs if name not in sheet.columns)
    yield from ((cell, told("long_row", text=cell.text)) for cell in sheet.long)


def _unit(cells: Mapping[Column, Cell], path: Path, found: list[_Found], told: _Told) -> Unit:
    text = {name: cell.text for name, cell in cells.items()}
    if "unit" in cells and not text["unit"]:
        found.append((cells["unit"], told("no_unit")))
    about: dict[str, Any] = {name: value for name in _VALUES if (value := _value(cells.get(name), name, found, told))}
    day = _day(cells.get("published_on"), found, told)
    about.update({"published_on": day} if day else {})
    named = [text.get(name, "") for name in ("file", "prior")]
    files = [path.parent / name if name and not _is_address(name) else None for name in named]
    address = text.get("address") or next((name for name in named[:1] if _is_address(name)), None)
    aliases = tuple(name.strip() for name in _PARTED.split(text.get("aliases", "")) if name.strip())
    row = next((cell.row for cell in cells.values()), 0)
    return Unit(text.get("unit", ""), files[0], files[1], about, text.get("parent") or None, address or None, aliases, row)


def _is_address(text: str) -> bool:
    return bool(re.match(r"(?i)[a-z][a-z0-9+.-]+://", text))


def _value(cell: Cell | None, name: Column, found: list[_Found], told: _Told) -> str | None:
    """The id of a level or kind, which may be told by its words as well."""
    if cell is None or not cell.text:
        return None
    words = {word: key for key, pair in VALUES[name].items() for word in pair}
    value = words.get(cell.text, cell.text)
    if value not in _VALUES[name]:
        found.append((cell, told("unknown_value", text=cell.text, column=name, known=told(f"known_{name}"))))
        return None
    return value


def _day(cell: Cell | None, found: list[_Found], told: _Told) -> str | None:
    if cell is None or not cell.text:
        return None
    other = _OTHER_DAY.fullmatch(normal(cell.text))
    try:
        if _DAY.fullmatch(cell.text):
            return date.fromisoformat(cell.text).isoformat()
        message = told("spelt_day", text=cell.text, day=date(*map(int, other.groups()))) if other else told("bad_day", text=cell.text)
    except ValueError:
        message = told("no_such_day", text=cell.text)
    found.append((cell, message))
    return None


# --- what only several rows together say --------------------------------------------------------------------------------------


def _of_units(sheet: Sheet, units: Sequence[Unit], told: _Told) -> Iterator[_Found]:
    seen: dict[str, int] = {}
    for cells, unit in zip(sheet.rows, units, strict=True):
        for name, column in ((unit.name, "unit"), *((alias, "aliases") for alias in unit.aliases)):
            key = normal(name)
            if key and seen.setdefault(key, unit.row) != unit.row:
                yield cells[column], told("doubled_unit", text=name, row=seen[key])  # type: ignore[index]


def _of_parents(sheet: Sheet, told: _Told) -> Iterator[_Found]:
    rows = [row for row in sheet.rows if "unit" in row and "parent" in row]
    parents = {row["unit"].text: row["parent"].text for row in reversed(rows)}
    for row in rows:
        unit, cell = row["unit"].text, row["parent"]
        if cell.text and cell.text not in parents:
            near = nearest(cell.text, parents)
            yield cell, told("unknown_parent", text=cell.text, near=told("near", text=near) if near else "")
        chain = _chain(unit, cell.text, parents)
        if chain[-1] == unit and len(chain) > 1:
            yield cell, told("own_parent", text=" → ".join(chain))


def _chain(unit: str, parent: str, parents: Mapping[str, str]) -> list[str]:
    """The unit and its superiors, from it upwards, until there is none or one comes again."""
    chain = [unit]
    while parent and parent not in chain[1:]:
        chain.append(parent)
        parent = "" if parent == unit else parents.get(parent, "")
    return chain


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that is most like ``name``, None where none is like it."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(name, list(known), 1, 0.7)), None)


def _of_files(sheet: Sheet, units: Sequence[Unit], told: _Told) -> Iterator[_Found]:
    seen: dict[Path, Unit] = {}
    for cells, unit in zip(sheet.rows, units, strict=True):
        if unit.file is None:
            continue
        first = seen.setdefault(unit.file.resolve(), unit)
        if first is not unit:
            yield cells["file"], told("doubled_file", text=unit.file, row=first.row, unit=first.name)


def _of_paths(sheet: Sheet, units: Sequence[Unit], told: _Told) -> Iterator[_Found]:
    for cells, unit in zip(sheet.rows, units, strict=True):
        for name, path in (("file", unit.file), ("prior", unit.prior)):
            if path is not None and not path.is_file():
                yield cells[name], told("no_file", text=path)  # type: ignore[index]
