"""How reports lie in columns: a column for each figure of the form, and the few things about each figure that are not a plain number.

Figures are whole numbers of the units of their table (int64), exact. A figure of which the printed characters are not simply that number
stands in ``odd`` besides, as printed: its meaning is read from there. ``sections`` says whether the parts of a report were handed in. A
report that columns cannot hold (a row that is missing, a figure printed twice, remarks of its reader, a form that the report fills in
itself) is kept as ``govreport-report/1`` in ``apart``, any other in ``report``, which only rules about prose read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from govreport_check.errors import UsageError
from govreport_check.expr.names import RESERVED, facts
from govreport_check.expr.nodes import Kind
from govreport_check.form import Form, Table, is_open

if TYPE_CHECKING:
    import pyarrow

MISSING = "archives need pyarrow: pip install 'govreport-check[archive]'"

HASH, SOURCE, FORM, GIVEN, ODD, APART, REPORT = "hash", "source", "form", "sections", "odd", "apart", "report"


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of a form: its column in an archive, its table, where it stands there, and the decimal places of its units."""

    name: str
    table: Table
    row: int
    column: int
    places: int


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """The columns of a form's reports. ``cells`` in the form's order, none where reports fill in the form themselves; ``first`` says
    where each table's begin; ``facts`` with their kinds; ``parts`` in their order, reserved ones first; ``keys``: how many
    tables, rows and figures a whole report names."""

    form: Form
    cells: tuple[Cell, ...]
    first: Mapping[str, int]
    facts: Mapping[str, Kind]
    parts: tuple[str, ...]
    keys: int

    def position(self, table: str, row: int, column: int) -> int:
        """The number of a figure among ``cells``."""
        return self.first[table] + row * len(self.form.tables[table].columns) + column


def is_filled_in(form: Form) -> bool:
    """Whether reports list rows or columns of the form themselves."""
    return bool(form.entities) or any(is_open(name) for table in form.tables.values() for name in (*table.rows, *table.columns))


def layout_of(form: Form) -> Layout:
    """The columns of the reports of ``form``."""
    tables = () if is_filled_in(form) else tuple(form.tables.values())
    cells = tuple(
        Cell(f"{table.id}.{row}.{column}", table, r, c, places)
        for table, places in ((table, table.places) for table in tables)
        for r, row in enumerate(table.rows)
        for c, column in enumerate(table.columns)
    )
    first: dict[str, int] = {}
    for i, cell in enumerate(cells):
        first.setdefault(cell.table.id, i)
    keys = len(form.tables) + sum(len(table.rows) for table in form.tables.values()) + len(cells)
    return Layout(form, cells, first, facts(form), (*RESERVED, *form.sections), keys)


def length_name(part: str) -> str:
    return f"sections.{part}.length"


def heading_name(part: str) -> str:
    return f"sections.{part}.heading"


def fact_name(key: str) -> str:
    return f"about.{key}"


def arrow() -> None:
    """Raises UsageError where pyarrow is not installed."""
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        raise UsageError(MISSING) from None


def schema_of(layout: Layout) -> pyarrow.Schema:
    """The Arrow schema of a form's reports."""
    import pyarrow as pa

    kinds = {"number": pa.int64(), "date": pa.date32(), "bool": pa.bool_(), "text": pa.string()}
    odd = pa.list_(pa.struct([("cell", pa.uint32()), ("state", pa.uint8()), ("raw", pa.string())]))
    fields = [pa.field(HASH, pa.string(), nullable=False), (SOURCE, pa.string()), (FORM, pa.string())]
    fields += [(fact_name(key), kinds[kind]) for key, kind in layout.facts.items()]
    fields += [(cell.name, pa.int64()) for cell in layout.cells]
    fields += [(GIVEN, pa.bool_())]
    fields += [(length_name(part), pa.int32()) for part in layout.parts]
    fields += [(heading_name(part), pa.string()) for part in layout.parts]
    return pa.schema([*fields, (ODD, odd), (APART, pa.string()), (REPORT, pa.string())])


def coded(layout: Layout) -> list[str]:
    """The columns of words that repeat, which are read as codes into a dictionary."""
    return [FORM, *(fact_name(key) for key, kind in layout.facts.items() if kind == "text"), *map(heading_name, layout.parts)]
