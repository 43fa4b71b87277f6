"""Generated reports (``data.py``) as an archive, without a document in between."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from govreport_check.archive.layout import (
    APART,
    FORM,
    GIVEN,
    HASH,
    ODD,
    REPORT,
    SOURCE,
    Layout,
    fact_name,
    heading_name,
    layout_of,
    length_name,
    schema_of,
)
from govreport_check.archive.reading import plain_text
from govreport_check.archive.store import append
from govreport_check.expr.columns import Array
from govreport_check.expr.names import RESERVED
from govreport_check.model import State
from tests.benchmarks.data import Generated


def record_batch(made: Generated, first: int = 0) -> pa.RecordBatch:
    """The reports as a record batch of an archive; ``first``: the number of the first among all that are generated."""
    layout = layout_of(made.form)
    size, columns = made.size, {}
    names = [f"generated-{first + i:08d}" for i in range(size)]
    columns |= {HASH: pa.array(names), SOURCE: pa.array(names), FORM: pa.array([made.form.id] * size)}
    columns |= {fact_name(key): pa.nulls(size, kind) for key, kind in _fact_kinds(layout).items()}
    columns[fact_name("agency")] = pa.array(["云岭县人民政府"] * size)
    columns[fact_name("year")] = pa.array(made.year.astype(np.int64))
    columns |= {fact_name(key): pa.array(days(parts)) for key, parts in made.dates.items()}
    odd: list[list[dict[str, object]] | None] = [None] * size
    for i, cell in enumerate(layout.cells):
        columns[cell.name] = _figures(made.tables[cell.table.id][cell.row, cell.column], i, layout, odd)
    for i, part in enumerate(layout.parts):
        absent = np.isnan(made.lengths[i])
        columns[length_name(part)] = pa.array(np.where(absent, 0, made.lengths[i]).astype(np.int32), mask=absent)
        heading = None if part in RESERVED else f"{made.form.sections[part].number}、{made.form.sections[part].heading}"
        columns[heading_name(part)] = pa.array([None if gone else heading for gone in absent.tolist()], pa.string())
    schema = schema_of(layout)
    columns |= {
        ODD: pa.array(odd, schema.field(ODD).type),
        GIVEN: pa.array([True] * size),
        APART: pa.nulls(size, pa.string()),
        REPORT: pa.nulls(size, pa.string()),
    }
    return pa.RecordBatch.from_arrays([columns[name].cast(schema.field(name).type) for name in schema.names], schema=schema)


def _fact_kinds(layout: Layout) -> dict[str, pa.DataType]:
    schema = schema_of(layout)
    return {key: schema.field(fact_name(key)).type for key in layout.facts}


def days(parts: Array) -> Array:
    months = (parts[0].astype(np.int64) - 1970) * 12 + parts[1].astype(np.int64) - 1
    return (months.astype("datetime64[M]").astype("datetime64[D]") + (parts[2].astype(np.int64) - 1)).astype("datetime64[D]")


def _figures(values: Array, number: int, layout: Layout, odd: list[list[dict[str, object]] | None]) -> pa.Array:
    """A column of figures; what is none, or not a whole number of units, goes to ``odd`` as it would be printed."""
    places = layout.cells[number].places
    whole = np.isfinite(values) & (np.floor(values) == values)
    for report in np.flatnonzero(~whole).tolist():
        value = float(values[report])
        state = State.EMPTY if np.isnan(value) else State.OUT_OF_RANGE
        raw = None if np.isnan(value) else plain_text(int(value), places) if value.is_integer() else f"{value:f}".rstrip("0")
        odd[report] = [*(odd[report] or []), {"cell": number, "state": int(state), "raw": raw}]
    return pa.array(np.where(whole, values, 0).astype(np.int64), mask=~whole)


def written(root: Path, made: Generated, first: int = 0) -> None:
    """Appends the reports to the archive."""
    append(root, record_batch(made, first))
