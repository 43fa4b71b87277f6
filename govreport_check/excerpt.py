"""The piece of a table that a finding is about, as printed, with its cells marked."""

from __future__ import annotations

import re
from collections.abc import Sequence

from govreport_check.findings import Excerpt
from govreport_check.form import Form, Table
from govreport_check.model import Report
from govreport_check.records import printed
from govreport_check.wording import label_text

MAX_ROWS = 14
WHOLE_ROWS = 6
"""Up to so many rows are shown with all their columns, as a person sees them; longer excerpts only with the columns in question."""

_ADDRESS = re.compile(r"(\w+)\[([\w.]+), (\w+)\]")


def excerpt_of(form: Form, report: Report, addresses: Sequence[str], lang: str) -> Excerpt | None:
    """The rows and columns of the first table that ``addresses`` name; None when they name no cell.

    Every marked row is kept up to :data:`MAX_ROWS`; rows of zeros go first when there are more.
    """
    found = [match.groups() for address in addresses if (match := _ADDRESS.fullmatch(address))]
    if not found:
        return None
    table = form.tables[found[0][0]]
    cells = {(table.rows.index(row), table.columns.index(column)) for name, row, column in found if name == table.id}
    rows = _kept(table, report, sorted({row for row, _ in cells}), {column for _, column in cells})
    columns = sorted({column for _, column in cells}) if len(rows) > WHOLE_ROWS else list(range(len(table.columns)))
    return Excerpt(
        title=table.name[lang],
        columns=[label_text(table.column_labels[column], lang) for column in columns],
        rows=[(label_text(table.row_labels[row], lang), [printed(report, table, row, column) or "" for column in columns]) for row in rows],
        marked=[(r, c) for r, row in enumerate(rows) for c, column in enumerate(columns) if (row, column) in cells],
    )


def _kept(table: Table, report: Report, rows: list[int], columns: set[int]) -> list[int]:
    if len(rows) <= MAX_ROWS:
        return rows
    telling = [row for row in rows if any(printed(report, table, row, column) != "0" for column in columns)]
    told = telling or rows
    return told if len(told) <= MAX_ROWS else [*told[: MAX_ROWS - 1], told[-1]]  # a total stands last
