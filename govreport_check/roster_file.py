"""A roster as a table of text: CSV or a workbook, each cell with its row and column, under the column names of this package.

Names of columns, levels and kinds may be written in Chinese; dates that a workbook holds as dates are right as they are.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, TypeAlias

from govreport_check.errors import UsageError
from govreport_check.figures import normal
from govreport_check.readers.extras import library
from govreport_check.readers.limits import DEFAULT

Column: TypeAlias = Literal["unit", "level", "kind", "parent", "scope", "file", "address", "published_on", "prior", "aliases"]
COLUMNS: tuple[Column, ...] = ("unit", "level", "kind", "parent", "scope", "file", "address", "published_on", "prior", "aliases")
NAMES: Mapping[str, Column] = {
    **{name: name for name in COLUMNS},
    "单位名称": "unit",
    "单位": "unit",
    "层级": "level",
    "类型": "kind",
    "单位类型": "kind",
    "上级单位": "parent",
    "上级": "parent",
    "汇总单位": "parent",
    "范围": "scope",
    "报告范围": "scope",
    "文件": "file",
    "网址": "address",
    "发布日期": "published_on",
    "上年报告": "prior",
    "别名": "aliases",
}
NOT_USED = frozenset({"序号", "备注", "联系人", "联系电话", "no.", "number", "remarks", "contact", "phone"})
"""What rosters that people keep have besides; nothing follows from it."""
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_ENCODINGS = ("utf-8-sig", "gb18030")
_MOST_ROWS = 200_000


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell, without white space around it, and its place; rows and columns count from one."""

    text: str
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """``columns``: the known columns and where they stand. ``strange`` are heads that name none, ``doubled`` those that stand twice.
    ``rows`` hold the cells of the known columns; ``long`` are cells beyond the last head."""

    columns: Mapping[Column, int]
    strange: tuple[Cell, ...]
    doubled: tuple[Cell, ...]
    rows: tuple[Mapping[Column, Cell], ...]
    long: tuple[Cell, ...]


def read_sheet(path: Path, told: Callable[..., str]) -> Sheet:
    """The table of a CSV file (UTF-8 or GB18030) or of the first sheet of a workbook. ``told(name, **words)`` says what is wrong.

    Raises UsageError where the file cannot be read, SourceError where reading it needs what is not installed.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(told("cannot_read", path=path, reason=error.strerror or error)) from None
    if len(content) > DEFAULT.max_size:
        raise UsageError(told("too_large", path=path))
    lines = _of_workbook(content, path, told) if content.startswith(WORKBOOKS) else _of_csv(content, path, told)
    return _sheet([(row, cells) for row, cells in lines if any(cells)])


def _of_csv(content: bytes, path: Path, told: Callable[..., str]) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(_decoded(content, path, told), newline=""), strict=False)
    try:
        found = []
        last = 0
        for cells in reader:  # a quoted cell may run over several lines: a row is told by its first
            found.append((last + 1, [cell.strip() for cell in cells]))
            last = reader.line_num
        return found
    except csv.Error as error:
        raise UsageError(told("not_csv", path=path, row=reader.line_num, reason=error)) from None


def _decoded(content: bytes, path: Path, told: Callable[..., str]) -> str:
    starts = []
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as error:
            starts.append(error.start)
    before = content[: max(starts)]  # the encoding that went further is the likelier
    row = before.count(b"\n") + 1
    column = before[before.rfind(b"\n") + 1 :].count(b",") + 1
    raise UsageError(told("wrong_encoding", path=path, row=row, column=column))


def _of_workbook(content: bytes, path: Path, told: Callable[..., str]) -> list[tuple[int, list[str]]]:
    calamine = library("python_calamine", "xlsx", str(path))
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheet = book.get_sheet_by_index(0)
        cells = sheet.to_python(skip_empty_area=False)
    except (calamine.CalamineError, OSError, ValueError, IndexError) as error:
        raise UsageError(told("not_workbook", path=path, reason=" ".join(str(error).split()))) from None
    if len(cells) > _MOST_ROWS:
        raise UsageError(told("too_large", path=path))
    return [(number, [_as_text(cell) for cell in row]) for number, row in enumerate(cells, 1)]


def _as_text(value: Any) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _sheet(lines: Sequence[tuple[int, list[str]]]) -> Sheet:
    if not lines:
        return Sheet({}, (), (), (), ())
    top, heads = lines[0]
    columns: dict[Column, int] = {}
    strange, doubled = [], []
    for number, head in enumerate(heads, 1):
        name = NAMES.get(normal(head).casefold()) if head else None
        if name is None:
            strange += [Cell(head, top, number)] if head and normal(head).casefold() not in NOT_USED else []
        elif name in columns:
            doubled.append(Cell(head, top, number))
        else:
            columns[name] = number
    rows = tuple(dict(_cells(row, cells, columns)) for row, cells in lines[1:])
    long = tuple(
        Cell(cell, row, number) for row, cells in lines[1:] for number, cell in enumerate(cells, 1) if number > len(heads) and cell
    )
    return Sheet(columns, tuple(strange), tuple(doubled), rows, long)


def _cells(row: int, cells: Sequence[str], columns: Mapping[Column, int]) -> Iterator[tuple[Column, Cell]]:
    for name, number in columns.items():
        yield name, Cell(cells[number - 1] if number <= len(cells) else "", row, number)
