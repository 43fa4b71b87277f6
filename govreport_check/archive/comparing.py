"""What two rule sets say of the same reports: findings that come and findings that go, by rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from govreport_check.archive.checking import findings_schema
from govreport_check.archive.store import write_parquet

if TYPE_CHECKING:
    import pyarrow

NEW, GONE = "new", "gone"
EXAMPLES = 3

_KEY = ("hash", "rule", "at", "outcome", "severity", "cells")
"""What makes a finding the same under both rule sets; its words and its two sides may differ."""


def changes_schema() -> pyarrow.Schema:
    """The Arrow schema of changes: ``change`` (new or gone), then the finding."""
    import pyarrow as pa

    return pa.schema([("change", pa.string()), *findings_schema()])


def changed(before: pyarrow.RecordBatch, after: pyarrow.RecordBatch) -> pyarrow.RecordBatch:
    """The findings that are only in one of two record batches of findings about the same reports."""
    import pyarrow as pa

    old, new = _keys(before), _keys(after)
    gone = [i for i, key in enumerate(old) if key not in set(new)] if old != new else []
    come = [i for i, key in enumerate(new) if key not in set(old)] if old != new else []
    taken = [(NEW, after.take(pa.array(come, pa.int64()))), (GONE, before.take(pa.array(gone, pa.int64())))]
    tables = [pa.Table.from_batches([part]).add_column(0, "change", pa.array([word] * part.num_rows, pa.string())) for word, part in taken]
    whole = pa.concat_tables([table.cast(changes_schema()) for table in tables]).combine_chunks()
    return whole.to_batches()[0] if whole.num_rows else pa.RecordBatch.from_pylist([], changes_schema())


def write_changes(target: Path, batches: Sequence[pyarrow.RecordBatch]) -> None:
    """The changes one by one, as Parquet. Raises UsageError."""
    write_parquet(target, batches, changes_schema())


def _keys(batch: pyarrow.RecordBatch) -> list[tuple[Any, ...]]:
    columns = [batch.column(name).to_pylist() for name in _KEY]
    return [(*key[:-1], tuple(key[-1] or ())) for key in zip(*columns, strict=True)]


@dataclass(frozen=True, slots=True)
class Change:
    """What one rule says differently: how many findings and reports, and the first few."""

    rule: str
    change: str
    findings: int
    reports: int
    examples: tuple[Mapping[str, Any], ...]


def changes(batches: Iterable[pyarrow.RecordBatch]) -> list[Change]:
    """The changes by rule, the most frequent first."""
    found: dict[tuple[str, str], tuple[set[str], list[Mapping[str, Any]], list[int]]] = {}
    for batch in batches:
        for row in batch.to_pylist():
            reports, examples, count = found.setdefault((row["rule"], row["change"]), (set(), [], [0]))
            count[0] += 1
            reports.add(row["hash"])
            if len(examples) < EXAMPLES:
                examples.append(row)
    made = [Change(rule, change, count[0], len(reports), tuple(few)) for (rule, change), (reports, few, count) in found.items()]
    return sorted(made, key=lambda one: (-one.findings, one.rule, one.change))
