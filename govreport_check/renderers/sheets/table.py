"""A sheet as plain data: what a workbook, a folder of CSV files and a web page are written from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["text", "words", "number", "share", "day", "choice", "key"]
"""``words`` are long and wrap; ``number`` is an exact figure as characters; ``share`` likewise, in percent with its sign; ``choice``
offers the words of the sheet's ``choices``; ``key`` is hidden and binds a row to what it is about."""

Value: TypeAlias = str | int | date | None
Look: TypeAlias = Literal["", "error", "warning", "undecided", "note", "good", "done"]


@dataclass(frozen=True, slots=True)
class Column:
    """``width`` in the widths of a Latin digit, of which a Chinese character takes two; ``typed``: for the reviewer to fill in."""

    id: str
    head: str
    width: int
    kind: Kind = "text"
    typed: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """``values`` in the order of the columns; ``looks`` are colours by column id, which never are the only sign."""

    values: tuple[Value, ...]
    looks: tuple[tuple[str, Look], ...] = ()


Block: TypeAlias = tuple[int, int, int, int]
"""First row, first column, last row, last column of a sheet, from zero; row 0 holds the heads."""


@dataclass(frozen=True, slots=True)
class Series:
    name: str
    names: Block
    values: Block


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars, one group for each of ``length`` names."""

    title: str
    length: int
    series: tuple[Series, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """``frozen`` is how many columns stay in view; ``foot`` are sentences below the table; ``choices`` are the words of a choice;
    ``bars`` the columns whose figures are drawn as bars, those of the first row apart, which is their sum."""

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    frozen: int = 0
    choices: tuple[str, ...] = ()
    foot: tuple[str, ...] = ()
    bars: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()

    def at(self, column: str) -> int:
        """The position of a column. Raises KeyError."""
        places = {one.id: number for number, one in enumerate(self.columns)}
        return places[column]
