"""The piece of a table that a finding is about, as printed, with its cells marked."""

from __future__ import annotations

from collections.abc import Sequence

from govreport_check.findings import Excerpt
from govreport_check.form import Form, Table
from govreport_check.kept import kept_for
from govreport_check.model import Report, cell_address
from govreport_check.records import printed
from govreport_check.wording import label_text

MAX_ROWS = 14
WHOLE_ROWS = 6
"""Up to so many rows are shown with all their columns, as a person sees them; longer excerpts only with the columns in question."""


def excerpt_of(form: Form, report: Report, addresses: Sequence[str], lang: str) -> Excerpt | None:
    """The rows and columns of the first table that ``addresses`` name; None when they name no cell.

    Every marked row is kept up to :data:`MAX_ROWS`; rows of zeros go first when there are more.
    """
    named = [name for address in addresses if (name := address.partition("[")[0]) in form.tables and address != name]
    if not named:
        return None
    table = form.tables[named[0]]
    known = cells_of(table)
    cells = {known[address] for address in addresses if address in known}
    if not cells:
        return None
    rows = _kept(table, report, sorted({row for row, _ in cells}), {column for _, column in cells})
    columns = sorted({column for _, column in cells}) if len(rows) > WHOLE_ROWS else list(range(len(table.columns)))
    return Excerpt(
        title=table.name[lang],
        columns=[label_text(table.column_labels[column], lang) for column in columns],
        rows=[(label_text(table.row_labels[row], lang), [printed(report, table, row, column) or "" for column in columns]) for row in rows],
        marked=[(r, c) for r, row in enumerate(rows) for c, column in enumerate(columns) if (row, column) in cells],
    )


@kept_for
def cells_of(table: Table) -> dict[str, tuple[int, int]]:
    """(row, column) by address."""
    return {cell_address(table.id, row, column): (r, c) for r, row in enumerate(table.rows) for c, column in enumerate(table.columns)}


def _kept(table: Table, report: Report, rows: list[int], columns: set[int]) -> list[int]:
    if len(rows) <= MAX_ROWS:
        return rows
    telling = [row for row in rows if any(printed(report, table, row, column) != "0" for column in columns)]
    told = telling or rows
    return told if len(told) <= MAX_ROWS else [*told[: MAX_ROWS - 1], told[-1]]  # a total stands last
