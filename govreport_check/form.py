"""What a report looks like: the official template of a period, with every path, group and cell type worked out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import field
from typing import Literal

from govreport_check.figures import CellType, Mark
from govreport_check.frozen import dataclass
from govreport_check.literals import Needs


@dataclass(frozen=True, slots=True)
class FormLabel:
    """A prescribed label. ``text`` as the form prints it."""

    text: str
    en: str | None = None
    accepts: tuple[str, ...] = ()
    mistaken: tuple[str, ...] = ()

    def in_language(self, lang: str) -> str:
        return self.en if lang == "en" and self.en else self.text


OPEN = "*"
"""Begins the id that stands for the rows or columns that a report lists itself."""


OVERALL = "overall"
"""The row for all members of an entity."""


def is_open(name: str) -> bool:
    """Whether an id stands for what a report lists."""
    return name.startswith(OPEN)


def open_id(table: str, group: str) -> str:
    """The id of all the columns that a report lists in ``table`` as ``group``."""
    return f"{OPEN}{table}.{group}"


@dataclass(frozen=True, slots=True)
class Entity:
    """What a report lists itself (its components), and the row for all of them: its id ``overall`` and its label."""

    id: str
    name: Mapping[str, str]
    overall: FormLabel | None


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the form; rows × columns, every cell with its type.

    ``parents`` goes from the id of a row group with a printed head (``denied``) to its label; ``row_groups`` and
    ``column_groups`` hold indices, groups within groups resolved to their leaves. ``places`` are the decimal places in whose
    units the table's figures are held; ``absent`` says for each column what a figure means that is left out, ``absent_members`` what
    those of a member mean that has no row.

    ``heads_over``: over which columns or rows each of ``heads`` stands, ("rows", first, last); ("", 0, 0) where the form does not say.

    In a table that a report fills in itself, an id that begins with :data:`OPEN` stands for all that it lists: rows for the members of
    ``row_entity``, columns as ``listed`` says (its id → an entity, or "" for whatever is printed). ``expanded`` (``open_form.py``) puts
    them in; ``row_map`` and ``column_map`` then say what became of each row and column.
    """

    id: str
    section: str
    name: Mapping[str, str]
    caption: str | None
    layout: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    row_labels: tuple[FormLabel, ...]
    column_labels: tuple[FormLabel, ...]
    heads: tuple[FormLabel, ...]
    parents: Mapping[str, FormLabel]
    kinds: tuple[CellType, ...]
    absent: tuple[str, ...]
    required: bool
    head_note: str | None
    row_groups: Mapping[str, tuple[int, ...]]
    column_groups: Mapping[str, tuple[int, ...]]
    total_rows: frozenset[int]
    total_columns: frozenset[int]
    row_entity: str | None = None
    listed: Mapping[str, str] = field(default_factory=dict)
    row_map: tuple[tuple[int, ...], ...] = ()
    column_map: tuple[tuple[int, ...], ...] = ()
    absent_members: str | None = None
    heads_over: tuple[tuple[str, int, int], ...] = ()

    @property
    def places(self) -> int:
        return max(kind.places for kind in self.kinds)

    @property
    def cells(self) -> Iterator[tuple[str, str]]:
        """(row, column) ids in the form's order."""
        return ((row, column) for row in self.rows for column in self.columns)

    def is_total(self, row: int, column: int) -> bool:
        return row in self.total_rows or column in self.total_columns

    def merged(self, printed: Collection[str]) -> dict[str, str]:
        """Rows for which only their parent's row is printed: the last leaf of such a parent stands for it, the others are not
        applicable. ``{leaf: parent}``; the standing leaf is the last one of its parent."""
        alone = [parent for parent in self.parents if parent in printed]
        leaves = {parent: [self.rows[i] for i in self.row_groups.get(parent, ())] for parent in alone}
        return {leaf: parent for parent in alone if not set(leaves[parent]) & set(printed) for leaf in leaves[parent]}


@dataclass(frozen=True, slots=True)
class FormSection:
    """A section of the form, and the spellings of its heading."""

    id: str
    heading: str
    number: str | None
    en: str | None
    required: bool
    accepts: tuple[str, ...]
    mistaken: tuple[str, ...]

    @property
    def label(self) -> FormLabel:
        return FormLabel(self.heading, self.en, self.accepts, self.mistaken)


@dataclass(frozen=True, slots=True)
class About:
    """A fact about the report and how the prose states it, as ``form_file.AboutSpec`` says it. ``name`` in Chinese and English."""

    type: Literal["text", "date", "number"]
    in_: tuple[str, ...]
    reads: tuple[str, ...]
    unless: tuple[str, ...]
    of: tuple[str, ...]
    values: Mapping[str, tuple[str, ...]]
    name: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Stated:
    """What the prose states, as ``form_file.ClaimSpec`` says it."""

    in_: tuple[str, ...]
    reads: tuple[str, ...]
    says: tuple[str, ...]
    value: int | None
    unless: tuple[str, ...]
    span: str
    whole: str | None
    opens: str | None
    part: str | None
    open_end: str | None


@dataclass(frozen=True, slots=True)
class Dated:
    """Where the prose names dates, as ``form_file.DatesSpec`` says it."""

    in_: tuple[str, ...]
    unless: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """The official template of a period. ``first_year`` and ``last_year`` are inclusive; ``None`` is "until further notice".

    ``members``: of an expanded form, what the report lists for each open id. ``needs``: by pattern of ``about``, ``claims`` and ``dates``,
    the words without which it matches nowhere.
    """

    id: str
    first_year: int
    last_year: int | None
    marks: Mapping[str, Mark]
    about: Mapping[str, About]
    sections: Mapping[str, FormSection]
    tables: Mapping[str, Table]
    claims: Mapping[str, Stated] = field(default_factory=dict)
    dates: Mapping[str, Dated] = field(default_factory=dict)
    annotation: str | None = None
    entities: Mapping[str, Entity] = field(default_factory=dict)
    members: tuple[tuple[str, tuple[str, ...]], ...] = ()
    needs: Mapping[str, Needs] = field(default_factory=dict, compare=False, repr=False)

    @property
    def pack(self) -> str:
        return self.id.partition("/")[0]

    @property
    def cell_count(self) -> int:
        return sum(len(table.rows) * len(table.columns) for table in self.tables.values())

    def covers(self, year: int) -> bool:
        return self.first_year <= year and (self.last_year is None or year <= self.last_year)


class FormError(ValueError):
    """A form file that pydantic accepts but that contradicts itself; ``path`` is where in the file."""

    def __init__(self, path: tuple[str | int, ...], message: str) -> None:
        self.path, self.message = path, message
        super().__init__(message)


def years_of(text: str) -> tuple[int, int | None]:
    """``2021-`` → (2021, None), ``2019-2020`` → (2019, 2020), ``2022`` → (2022, 2022)."""
    first, dash, last = text.partition("-")
    return int(first), (int(last) if last else None) if dash else int(first)
