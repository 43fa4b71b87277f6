"""What a report is: printed figures, sections and labels, each with the place where it stood.

A :class:`Report` keeps what the page said; what a figure means (``figures.py``) and what must hold (``rule.py``) are other
people's business. Contract ``govreport-report/1``: ``docs/architecture.md``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field, replace
from decimal import Decimal
from enum import IntEnum
from operator import itemgetter
from types import MappingProxyType
from typing import Any, TypeAlias

from govreport_check.frozen import dataclass


class State(IntEnum):
    """What is known of a figure. The order is that of trouble: of several reasons for *undecided*, the greatest is told."""

    VALUE = 0  # printed, and read exactly
    ROUNDED = 1  # printed as an approximation: 约20, 1.2万
    RANGE = 2  # a mark that the form declares to mean a range: <1
    ZERO = 3  # a mark that the form declares to mean zero
    EMPTY = 4  # nothing printed, which the form declares to mean zero
    NOT_APPLICABLE = 5  # a mark that the form declares to mean "does not apply"
    NOT_GIVEN = 6  # belongs to a part that was not handed in
    BLANK = 7  # nothing printed, or a mark, where that means nothing known
    OUT_OF_RANGE = 8  # more decimals or digits than a figure of its kind can have
    ABSENT = 9  # its row, column or table is not in the report
    AMBIGUOUS = 10  # one address, several different figures
    UNREADABLE = 11  # something is printed that is not a figure


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stood, in the words of its document. Everything counts from one; what a format does not have is None.

    ``table``, ``row`` and ``column`` are those of the printed table as the document shows it, heads included; a format without visible
    tables (text, JSON) has the form's row and column instead, and no ``table``. ``block`` is the number of the paragraph or row in the
    order of reading: formats without lines have no other order. Findings do not tell it.
    """

    source: str | None = None
    page: int | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None
    sheet: str | None = None
    cell: str | None = None
    line: int | None = None
    section: str | None = None
    element: str | None = None
    block: int | None = None


class Places(Mapping[str, Place]):
    """Places by address, made when one is first asked for: nobody asks where the figures of a report without findings stand."""

    __slots__ = ("_known", "_make")

    def __init__(self, make: Callable[[], Mapping[str, Place]]) -> None:
        self._make = make
        self._known: Mapping[str, Place] | None = None

    @property
    def known(self) -> Mapping[str, Place]:
        if self._known is None:
            self._known = self._make()
        return self._known

    def __getitem__(self, address: str) -> Place:
        return self.known[address]

    def __iter__(self) -> Iterator[str]:
        return iter(self.known)

    def __len__(self) -> int:
        return len(self.known)


@dataclass(frozen=True, slots=True)
class Repeated:
    """Several figures printed at one address, in order. Equal ones are one figure, different ones are *ambiguous*."""

    values: tuple[Raw, ...]
    places: tuple[Place, ...] = ()


UNATTRIBUTED = "?"
"""Begins the id of a row that a report prints and gives to nobody: it counts in the sums of its table and nowhere else."""

Raw: TypeAlias = "int | Decimal | str | Repeated | None"
"""A cell as printed: a number, ``None`` (nothing printed), or the printed characters."""

Cells: TypeAlias = "Mapping[str, Mapping[str, Raw] | str]"
"""The rows of a table; a row that is a string is a run of fused digits."""


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the report. ``spots`` says where the pieces of ``text`` stood: (offset, place), ascending.

    ``unread``: the part is not where its heading should be, but content that may be its own is (a lost heading).
    """

    heading: str | None = None
    text: str = ""
    place: Place = Place()
    spots: tuple[tuple[int, Place], ...] = ()
    copies: int = 1
    unread: bool = False

    def place_at(self, offset: int) -> Place:
        """Where the character at ``offset`` stood."""
        passed = bisect_right(self.spots, offset, key=itemgetter(0))
        return self.spots[passed - 1][1] if passed else self.place


@dataclass(frozen=True, slots=True)
class Label:
    """A label of the form as this report prints it. ``at`` is ``table.columns.id``, ``table.rows.id`` or ``table.head_note``."""

    at: str
    printed: str
    place: Place = Place()


@dataclass(frozen=True, slots=True)
class Remark:
    """What a reader has to say of the document: a built-in finding (``form/<rule>``) with the words its message needs."""

    rule: str
    at: str | None = None
    place: Place = Place()
    said: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def __reduce__(self) -> tuple[Any, ...]:
        return Remark, (self.rule, self.at, self.place, dict(self.said))


@dataclass(frozen=True, slots=True)
class Report:
    """One government's annual report, as read.

    ``tables[table][row][column]`` holds :data:`Raw` figures. A part that is ``None`` was not handed in (unknown), one that is
    empty has nothing in it (absent). A row that is a string is a run of fused digits. ``presumed`` are the (rule, instance) by which
    runs were split: they are no evidence about this report. ``places`` goes from address (``requests[granted, total]``, ``about.year``,
    ``sections.overview``) to place.
    """

    source: str
    form: str
    about: Mapping[str, str | int | Decimal | None] = field(default_factory=dict)
    sections: Mapping[str, Section] | None = None
    tables: Mapping[str, Cells] | None = None
    labels: tuple[Label, ...] | None = None
    notes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    entities: Mapping[str, tuple[Mapping[str, str], ...]] = field(default_factory=dict)
    partial: bool = False
    places: Mapping[str, Place] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()
    presumed: frozenset[tuple[str, tuple[int, ...]]] = frozenset()

    def place_of(self, address: str) -> Place:
        """Where ``address`` stands; its source alone when no place was kept."""
        return self.places.get(address) or Place(source=self.source)

    def with_cell(self, table: str, row: str, column: str, raw: Raw) -> Report:
        """This report with one figure replaced."""
        rows = (self.tables or {}).get(table, {})
        cells = rows.get(row)
        changed = {**(cells if isinstance(cells, Mapping) else {}), column: raw}
        return replace(self, tables={**(self.tables or {}), table: {**rows, row: changed}})


def cell_address(table: str, row: str, column: str) -> str:
    """``requests[granted, total]``"""
    return f"{table}[{row}, {column}]"


def with_runs(report: Report) -> list[str]:
    """The tables of the report in which figures run together."""
    return [name for name, rows in (report.tables or {}).items() if any(isinstance(cells, str) for cells in rows.values())]
