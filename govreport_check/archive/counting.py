"""What an archive holds, counted: reports by form and year, figures by state; findings by rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from govreport_check.archive.layout import APART, ODD, arrow, fact_name
from govreport_check.archive.store import parts_of
from govreport_check.errors import UsageError
from govreport_check.model import State

if TYPE_CHECKING:
    import pyarrow


@dataclass(frozen=True, slots=True)
class Year:
    """The reports of a form and year (None where it is not known): how many, how many of them columns do not hold (``apart``), and the
    figures that are not plainly printed, by state."""

    form: str
    year: int | None
    reports: int
    apart: int
    states: Mapping[State, int]


def years_of(root: Path) -> list[Year]:
    """The reports of an archive by form and year. Raises UsageError."""
    arrow()
    reports, apart, states = Counter[tuple[str, int | None]](), Counter[tuple[str, int | None]](), Counter[tuple[str, int | None, int]]()
    for form, batch in _groups(root):
        year = batch.column(fact_name("year"))[0].as_py()  # a file holds reports of one year
        reports[form, year] += batch.num_rows
        apart[form, year] += batch.num_rows - batch.column(APART).null_count
        odd = batch.column(ODD).flatten()
        states.update((form, year, state) for state in (odd.field("state").to_pylist() if len(odd) else []))
    ordered = sorted(reports, key=lambda key: (key[0], key[1] is None, key[1] or 0))
    return [Year(*key, reports[key], apart[key], {state: n for state in State if (n := states[(*key, int(state))])}) for key in ordered]


def _groups(root: Path) -> Iterator[tuple[str, pyarrow.RecordBatch]]:
    import pyarrow.parquet as pq

    for part in parts_of(root):
        with pq.ParquetFile(part.path) as file:
            for group in range(len(part.groups)):
                for batch in file.read_row_group(group, columns=[fact_name("year"), APART, ODD]).combine_chunks().to_batches():
                    yield part.form, batch


def rules_in(findings: Path) -> dict[tuple[str, str, str], int]:
    """How often each (rule, outcome, severity) stands in a file of findings, the most frequent first. Raises UsageError."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    names = ("rule", "outcome", "severity")
    try:
        table = pq.read_table(findings, columns=list(names))
    except (OSError, pa.ArrowInvalid) as error:
        raise UsageError(f"{findings} is no file of findings: {error}") from None
    counts = Counter(zip(*(table.column(name).to_pylist() for name in names), strict=True))
    return dict(sorted(counts.items(), key=lambda one: (-one[1], one[0])))
