"""An archive on disk: a folder of Parquet files by form and year, each written as a whole or not at all.

A file's name follows from the reports in it. So what was written before a crash is readable as it stands, and the same work done twice
leaves the same files. Nothing else is kept: what an archive holds is what its files hold.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from govreport_check.archive.layout import FORM, HASH, fact_name
from govreport_check.errors import UsageError

if TYPE_CHECKING:
    import pyarrow

NO_YEAR = "__HIVE_DEFAULT_PARTITION__"
ROW_GROUP = 1 << 16
"""Reports in a row group: few enough for memory, enough that a column's head costs nothing."""


@dataclass(frozen=True, slots=True)
class Part:
    """One file of an archive, with the form of its reports and how many there are in each row group; ``meta``: what Parquet says of it."""

    path: Path
    form: str
    groups: tuple[int, ...]
    meta: Any = field(compare=False, repr=False)

    @property
    def size(self) -> int:
        return sum(self.groups)


def parts_of(root: Path) -> list[Part]:
    """The files of the archive, in the order of their names. Raises UsageError where there is none, or one cannot be read."""
    paths = sorted(root.glob("form=*/year=*/*.parquet")) if root.is_dir() else []
    if not paths:
        raise UsageError(f"{root} is no archive: it has no form=…/year=….parquet; `govreport archive build` makes one")
    return [_part(path) for path in paths if not path.name.startswith(".")]


def _part(path: Path) -> Part:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        meta = pq.read_metadata(path)
    except (OSError, pa.ArrowInvalid) as error:
        raise UsageError(f"{path} cannot be read: {error}; remove it and build again") from None
    form = unquote(path.parent.parent.name.partition("=")[2])
    return Part(path, form, tuple(meta.row_group(i).num_rows for i in range(meta.num_row_groups)), meta)


def known_hashes(root: Path) -> set[str]:
    """The hashes of all reports in the archive; none where there is no archive yet."""
    import pyarrow.parquet as pq

    if not root.is_dir() or not any(root.glob("form=*/year=*/*.parquet")):
        return set()
    found: set[str] = set()
    for part in parts_of(root):
        found.update(pq.ParquetFile(part.path).read(columns=[HASH]).column(HASH).to_pylist())
    return found


def append(root: Path, batch: pyarrow.RecordBatch) -> list[Path]:
    """Writes the reports of one form, a file for each year, and gives the files. Raises UsageError where it cannot be written."""
    import pyarrow as pa

    if not batch.num_rows:
        return []
    whole = pa.Table.from_batches([batch])
    return [_write(root, years) for years in _by_year(whole)]


def _by_year(table: pyarrow.Table) -> Iterator[pyarrow.Table]:
    import pyarrow.compute as pc

    year = table.column(fact_name("year"))
    for one in sorted(pc.unique(year).to_pylist(), key=lambda value: (value is None, value)):
        yield table.filter(pc.is_null(year) if one is None else pc.equal(year, one))


def _write(root: Path, table: pyarrow.Table) -> Path:
    year = table.column(fact_name("year"))[0].as_py()
    form = table.column(FORM)[0].as_py()
    folder = root / f"form={quote(form, safe='')}" / f"year={NO_YEAR if year is None else year}"
    name = hashlib.sha256("\n".join(table.column(HASH).to_pylist()).encode()).hexdigest()[:16]
    target = folder / f"{name}.parquet"
    write_parquet(target, [table])
    return target


def _compression(schema: pyarrow.Schema) -> dict[str, str]:
    """Words are compressed; figures, which are packed into few bits already, are not: that would double the time to read them."""
    import pyarrow as pa

    return {field.name: "none" if pa.types.is_int64(field.type) else "zstd" for field in schema}


def write_parquet(target: Path, tables: Iterable[pyarrow.Table | pyarrow.RecordBatch], schema: pyarrow.Schema | None = None) -> int:
    """Writes tables of one schema, one after the other, as a whole or not at all; how many rows there are. Raises UsageError."""
    import pyarrow.parquet as pq

    beside = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    writer, rows = None, 0
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        for table in tables:
            if writer is None:
                writer = pq.ParquetWriter(beside, table.schema, compression=_compression(table.schema))
            writer.write(table, row_group_size=ROW_GROUP)
            rows += table.num_rows
        if writer is None:
            writer = pq.ParquetWriter(beside, schema, compression="zstd")
        writer.close()
        beside.replace(target)
    except OSError as error:
        raise UsageError(f"{target} could not be written: {error.strerror or error}") from None
    finally:
        beside.unlink(missing_ok=True)
    return rows
