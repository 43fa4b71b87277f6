"""The work W from disk by others: polars, DuckDB and pandera from Parquet in the layout that suits them, one float64 column a figure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from govreport_check.expr.columns import Array
from govreport_check.expr.names import RESERVED
from govreport_check.form import Form
from tests.benchmarks.archived import days
from tests.benchmarks.data import TABULAR, Generated
from tests.benchmarks.plain import BLANK, VALID, where

Found: TypeAlias = "set[tuple[str, str, str]]"
"""(report, rule, place) of every violation; places as findings of an archive name them."""

_VARIABLES = {"requests": ("r", "who"), "disputes": ("r", "c"), "documents": ("r", "c"), "decisions": ("r",), "fees": ()}


def wide(made: Generated, first: int = 0) -> Any:
    """The reports as an Arrow table: figures as float64, null where nothing is printed."""
    import pyarrow as pa

    columns: dict[str, Any] = {"hash": [f"generated-{first + i:08d}" for i in range(made.size)], "year": made.year.astype(np.int64)}
    columns |= {key: days(parts) for key, parts in made.dates.items()}
    for name, table in made.form.tables.items():
        for r, row in enumerate(table.rows):
            columns |= {f"{name}.{row}.{c}": _nullable(made.tables[name][r, i]) for i, c in enumerate(table.columns)}
    columns |= {f"length.{part}": _nullable(made.lengths[len(RESERVED) + i]) for i, part in enumerate(made.form.sections)}
    return pa.table(columns)


def _nullable(values: Array) -> Any:
    import pyarrow as pa

    return pa.array(values, mask=np.isnan(values))


# --- the checks, in any language of columns ------------------------------------------------------------------------------------


def checks(form: Form) -> Iterator[tuple[str, str, str]]:
    """(rule, place, what is true where it is broken, as SQL over the columns): the 251 checks of W, and blanks by table."""
    blanks: dict[str, list[str]] = {}
    for name, table in form.tables.items():
        for row in table.rows:
            for column in table.columns:
                cell = f'"{name}.{row}.{column}"'
                blanks.setdefault(BLANK[name], []).append(f"{cell} IS NULL")
                broken = f"{cell} < 0" if name == "fees" else f"({cell} < 0 OR {cell} <> floor({cell}))"
                at = zip(_VARIABLES[name], where(table, row, column), strict=True)
                yield VALID[name], ", ".join(f"{variable}={value}" for variable, value in at), broken
    for name, conditions in blanks.items():
        yield f"{name}-blanks", "", "(" + " OR ".join(conditions) + ")"
    yield from _sums(form)
    for part in form.sections:
        yield "sections-present", f"s={part}", f'"length.{part}" IS NULL'
        if part not in TABULAR:
            yield "sections-not-empty", f"s={part}", f'"length.{part}" = 0'
    yield "period-start", "", "(year(period_start) <> year OR month(period_start) <> 1 OR day(period_start) <> 1)"
    yield "period-end", "", "(year(period_end) <> year OR month(period_end) <> 12 OR day(period_end) <> 31)"
    yield "signature-year", "", "year(signed_on) <= year"


def _sums(form: Form) -> Iterator[tuple[str, str, str]]:
    for name, rule in (("requests", "requests-row-total"), ("disputes", "disputes-total")):
        *parts, total = form.tables[name].columns
        for row in form.tables[name].rows:
            yield rule, f"r={row}", _unequal([f"{name}.{row}.{c}" for c in parts], [f"{name}.{row}.{total}"])
    table = form.tables["requests"]
    for column in table.columns:
        cell = {row: f"requests.{row}.{column}" for row in table.rows}
        outcomes = [cell[table.rows[i]] for i in table.row_groups["outcomes"]]
        yield "requests-result-total", f"who={column}", _unequal(outcomes, [cell["result_total"]])
        ends = [cell["new_received"], cell["carried_over"]], [cell["result_total"], cell["carried_forward"]]
        yield "requests-balance", f"who={column}", _unequal(*ends)


def _unequal(left: list[str], right: list[str]) -> str:
    sides = (" + ".join(f'coalesce("{name}", 0)' for name in names) for names in (left, right))
    return "({} <> {})".format(*sides)


# --- those who do them ---------------------------------------------------------------------------------------------------------


def by_polars(path: Path, form: Form) -> Found:
    """Expressions over the columns, as fast as they can be written: faulty rows are filtered, and only they are asked what is wrong."""
    import polars as pl

    known = list(checks(form))
    expressions = [polars_check(text) for _, _, text in known]
    faulty = pl.scan_parquet(path).filter(pl.any_horizontal(expressions)).collect(engine="streaming")
    flags = faulty.select(pl.col("hash"), *(one.alias(str(i)) for i, one in enumerate(expressions)))
    return {(name, rule, at) for i, (rule, at, _) in enumerate(known) for name in flags.filter(pl.col(str(i)))["hash"].to_list()}


def polars_check(text: str) -> Any:
    """A check as a polars expression; sums as ``sum_horizontal``, which passes over nulls."""
    import re

    import polars as pl

    if "coalesce" in text:
        left, right = (re.findall(r'"([^"]+)"', side) for side in text.split("<>"))
        sides = [pl.sum_horizontal(names) if len(names) > 1 else pl.col(names[0]).fill_null(0) for names in (left, right)]
        return sides[0] != sides[1]
    names = re.findall(r'"([^"]+)"', text)
    if "IS NULL" in text:
        return pl.any_horizontal([pl.col(name).is_null() for name in names])
    column = pl.col(names[0]) if names else pl.col(re.findall(r"year\((\w+)\)", text)[0])
    if not names:
        if "<=" in text:
            return column.dt.year() <= pl.col("year")
        month, day = (int(number) for number in re.findall(r"<> (\d+)", text))
        return column != pl.date(pl.col("year"), month, day)
    if "floor" in text:
        return ((column < 0) | (column != column.floor())).fill_null(False)
    return (column < 0 if "<" in text else column == 0).fill_null(False)


def by_duckdb(path: Path, form: Form, threads: int = 2) -> Found:
    """One SQL query over the columns."""
    import duckdb

    known = list(checks(form))
    flags = ", ".join(f'coalesce({text}, false) AS "{i}"' for i, (_, _, text) in enumerate(known))
    either = " OR ".join(f"({text})" for _, _, text in known)
    with duckdb.connect(config={"threads": threads}) as connection:
        rows = connection.sql(f"SELECT hash, {flags} FROM read_parquet('{path}') WHERE {either}").to_arrow_table()
    names = np.array(rows.column("hash").to_pylist(), object)
    return {(name, rule, at) for i, (rule, at, _) in enumerate(known) for name in names[np.asarray(rows.column(str(i)))]}


def by_pandera(path: Path, form: Form) -> int:
    """A schema of pandera on polars, all failures collected; how many there are."""
    import pandera.polars as pa
    import polars as pl
    from pandera.errors import SchemaErrors

    made = [pa.Check(_pandera(polars_check(text)), name=f"{rule} {at}") for rule, at, text in checks(form)]
    try:
        pa.DataFrameSchema(checks=made).validate(pl.read_parquet(path), lazy=True)
    except SchemaErrors as errors:
        return len(errors.failure_cases)
    return 0


def _pandera(broken: Any) -> Callable[[Any], Any]:
    return lambda data: data.lazyframe.select(~broken)
