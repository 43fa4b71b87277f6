"""Reports to measure with: consistent ones of form cn-disclosure/2021, and two in a hundred with one known fault each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from govreport_check.expr.columns import Array, Column, points
from govreport_check.expr.functions import make_dates
from govreport_check.expr.names import RESERVED
from govreport_check.form import Form

WORK = (
    *("documents-counts-valid", "decisions-counts-valid", "fees-amount-valid", "requests-counts-valid", "disputes-counts-valid"),
    *("documents-blanks", "requests-blanks", "disputes-blanks"),
    *("requests-row-total", "requests-result-total", "requests-balance", "disputes-total"),
    *("sections-present", "sections-not-empty", "period-start", "period-end", "signature-year"),
)
"""The rules of the work W: 200 figures present and in their domain, 42 sums, six parts and three dates."""

BESIDE = ("requests-row-totals-printed", "requests-result-totals-printed", "disputes-totals-printed")
"""Rules that begin as others do, and that the work leaves out."""

TABULAR = ("disclosure", "applications", "disputes")
"""The parts that consist of a table: the pack does not ask them for text."""

FAULTY = 0.02
UNITS = 10**6
"""Fees are held in millionths of their unit."""

TEXT = "本年度各项工作按期完成，群众和企业最常查、最常问的事项均已在网站公开。"


@dataclass(frozen=True, slots=True)
class Generated:
    """``tables``: float64 (rows, columns, reports) in the form's units, nan where nothing is printed. ``lengths``: (parts, reports),
    nan where the part is missing. ``dates``: (year, month, day) × reports. ``faulty``: the kind of fault by report."""

    form: Form
    tables: Mapping[str, Array]
    lengths: Array
    year: Array
    dates: Mapping[str, Array]
    faulty: Mapping[int, str]

    @property
    def size(self) -> int:
        return len(self.year)

    def abouts(self) -> dict[str, Column]:
        """The facts as columns of a frame."""
        known = np.zeros(self.size, np.uint8)
        return {"year": points(self.year), **{key: make_dates(*parts, known) for key, parts in self.dates.items()}}


def generate(form: Form, size: int, seed: int = 1) -> Generated:
    """``size`` reports, the same for the same ``seed``."""
    random = np.random.default_rng(seed)
    year = random.integers(2021, 2026, size).astype(np.float64)
    one, twelve, last = np.ones(size), np.full(size, 12.0), np.full(size, 31.0)
    dates = {
        "period_start": np.stack([year, one, one]),
        "period_end": np.stack([year, twelve, last]),
        "signed_on": np.stack([year + 1, one, random.integers(2, 29, size).astype(np.float64)]),
    }
    lengths = np.full((len(RESERVED) + len(form.sections), size), float(len(TEXT)))
    lengths[: len(RESERVED)] = np.nan
    made = Generated(form, _tables(form, size, random), lengths, year, dates, {})
    return _with_faults(made, random)


def _figures(random: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Figures as reports have them: many noughts, some tens, few thousands."""
    return np.floor(np.exp(random.normal(0.5, 1.6, shape)) * (random.random(shape) < 0.5))


def _tables(form: Form, size: int, random: np.random.Generator) -> dict[str, Array]:
    tables = {name: _figures(random, (len(table.rows), len(table.columns), size)) for name, table in form.tables.items()}
    tables["fees"] = random.integers(0, 5 * 10**9, (1, 1, size)).astype(np.float64)
    requests, rows = tables["requests"], form.tables["requests"].rows.index
    outcomes = list(form.tables["requests"].row_groups["outcomes"])
    requests[rows("result_total")] = requests[outcomes].sum(axis=0)
    ended = requests[rows("result_total")] + requests[rows("carried_forward")]
    requests[rows("carried_over")] = np.minimum(requests[rows("carried_over")], ended)
    requests[rows("new_received")] = ended - requests[rows("carried_over")]
    requests[:, -1] = requests[:, :-1].sum(axis=1)
    tables["disputes"][:, -1] = tables["disputes"][:, :-1].sum(axis=1)
    return tables


# --- faults --------------------------------------------------------------------------------------------------------------------


def _with_faults(made: Generated, random: np.random.Generator) -> Generated:
    kinds = list(FAULTS)
    faulty = np.sort(random.permutation(made.size)[: max(1, round(made.size * FAULTY))])
    names = {int(report): kinds[i % len(kinds)] for i, report in enumerate(faulty)}
    for report, kind in names.items():
        FAULTS[kind](made, report, random)
    return Generated(made.form, made.tables, made.lengths, made.year, made.dates, names)


def _cell(made: Generated, random: np.random.Generator, table: str, totals: bool = True) -> tuple[int, int]:
    rows, columns = made.tables[table].shape[:2]
    row = int(random.integers(rows))
    if not totals:  # nothing printed in a total is not known, elsewhere it counts as nought
        row = int(random.choice([r for r in range(rows) if r not in made.form.tables[table].total_rows]))
    return row, int(random.integers(columns if totals else columns - 1))


def _wrong(made: Generated, report: int, random: np.random.Generator) -> None:
    made.tables["requests"][(*_cell(made, random, "requests"), report)] += float(random.integers(1, 100))


def _wrong_dispute(made: Generated, report: int, random: np.random.Generator) -> None:
    made.tables["disputes"][(*_cell(made, random, "disputes"), report)] += 1.0


def _negative(made: Generated, report: int, random: np.random.Generator) -> None:
    made.tables["requests"][(*_cell(made, random, "requests"), report)] = -3.0


def _fraction(made: Generated, report: int, random: np.random.Generator) -> None:
    made.tables["requests"][(*_cell(made, random, "requests"), report)] += 10.5


def _blank(made: Generated, report: int, random: np.random.Generator) -> None:
    made.tables["requests"][(*_cell(made, random, "requests", totals=False), report)] = np.nan


def _missing_part(made: Generated, report: int, random: np.random.Generator) -> None:
    made.lengths[len(RESERVED) + int(random.integers(len(made.form.sections))), report] = np.nan


def _empty_part(made: Generated, report: int, random: np.random.Generator) -> None:
    written = [i for i, name in enumerate(made.form.sections) if name not in TABULAR]
    made.lengths[len(RESERVED) + int(random.choice(written)), report] = 0.0


def _wrong_date(made: Generated, report: int, random: np.random.Generator) -> None:
    key = ("period_start", "period_end", "signed_on")[int(random.integers(3))]
    made.dates[key][0, report] -= 1.0


FAULTS: Mapping[str, Callable[[Generated, int, np.random.Generator], None]] = {
    "a wrong figure": _wrong,
    "a wrong dispute": _wrong_dispute,
    "a negative figure": _negative,
    "a fraction": _fraction,
    "a blank figure": _blank,
    "a missing part": _missing_part,
    "an empty part": _empty_part,
    "a wrong date": _wrong_date,
}


# --- as Python data ------------------------------------------------------------------------------------------------------------


def dicts(made: Generated, start: int = 0, stop: int | None = None) -> list[dict[str, Any]]:
    """The reports ``start`` to ``stop`` as ``govreport-report/1``."""
    return [_dict(made, report) for report in range(start, made.size if stop is None else stop)]


def _dict(made: Generated, report: int) -> dict[str, Any]:
    dates = {key: "{:04.0f}-{:02.0f}-{:02.0f}".format(*parts[:, report]) for key, parts in made.dates.items()}
    return {
        "schema": "govreport-report/1",
        "form": made.form.id,
        "about": {"agency": "云岭县人民政府", "year": int(made.year[report]), **dates},
        "sections": _sections(made, report),
        "tables": {name: _table(made, name, report) for name in made.form.tables},
    }


def _sections(made: Generated, report: int) -> dict[str, dict[str, str]]:
    lengths = made.lengths[len(RESERVED) :, report]
    return {
        name: {"heading": f"{section.number}、{section.heading}", "text": TEXT[: int(length)]}
        for (name, section), length in zip(made.form.sections.items(), lengths, strict=True)
        if not np.isnan(length)
    }


def _table(made: Generated, name: str, report: int) -> dict[str, dict[str, Any]]:
    table, figures = made.form.tables[name], made.tables[name][:, :, report].tolist()
    return {
        row: {column: _raw(value, name) for column, value in zip(table.columns, values, strict=True)}
        for row, values in zip(table.rows, figures, strict=True)
    }


def _raw(value: float, table: str) -> Any:
    if value != value:
        return None
    if table == "fees":
        return value / UNITS
    return int(value) if value.is_integer() else value
