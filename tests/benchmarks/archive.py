"""The work W (``data.py``) from disk to findings, in one run: ``python -m tests.benchmarks.archive [reports] [rounds]``.

Contenders take turns, and the best of the rounds counts: the machine may be shared. Ratios hold within one run. Whoever does all of W is
held to the same set of findings; then come the cost of a report by size, the memory, and the limits of the machine.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from govreport_check.archive import running
from govreport_check.archive.checking import check_batch
from govreport_check.archive.ndjson import check_lines
from govreport_check.archive.store import parts_of
from govreport_check.form import Form
from govreport_check.pack import Pack, load_pack
from tests.benchmarks.archived import written
from tests.benchmarks.data import Generated, dicts, generate
from tests.benchmarks.on_disk import Found, by_duckdb, by_pandera, by_polars, wide
from tests.benchmarks.peers import cerberus_checker, pydantic_checker
from tests.benchmarks.plain import compiled
from tests.benchmarks.work import OF_WORK

# ruff: noqa: T201

CHUNK = 500_000
LINES = 20_000
"""Reports that are read from NDJSON."""


@dataclass
class Entry:
    """A contender: what it runs on how many reports, what it found, and the seconds of each round."""

    name: str
    reports: int
    run: Callable[[], object]
    found: object = None
    seconds: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return self.reports / min(self.seconds)


def chunks(form: Form, size: int) -> Iterator[tuple[int, Generated]]:
    for first in range(0, size, CHUNK):
        yield first, generate(form, min(CHUNK, size - first), seed=1 + first // CHUNK)


def laid_out(folder: Path, form: Form, size: int) -> None:
    """The same reports as an archive and as a wide table."""
    writer = None
    for first, made in chunks(form, size):
        written(folder / f"archive-{size}", made, first)
        table = wide(made, first)
        if writer is None:
            plain = {field.name: "zstd" if pa.types.is_string(field.type) else "none" for field in table.schema}
            writer = pq.ParquetWriter(folder / f"wide-{size}.parquet", table.schema, compression=plain)
        writer.write_table(table, row_group_size=1 << 16)
    if writer is not None:
        writer.close()


def checked(folder: Path, size: int, run: running.Map) -> Found:
    """What govreport finds, from its findings file."""
    target = folder / "findings.parquet"
    running.check_archive(folder / f"archive-{size}", [running.rules_of("cn-disclosure")], run, target, OF_WORK)
    return set(_found(pq.read_table(target, columns=["hash", "rule", "at"])))


def _found(table: Any) -> Iterable[tuple[str, str, str]]:
    rules = (rule.partition("/")[2] for rule in table.column("rule").to_pylist())
    return zip(table.column("hash").to_pylist(), rules, table.column("at").to_pylist(), strict=True)


def in_turn(entries: list[Entry], rounds: int) -> None:
    for _ in range(rounds):
        for one in entries:
            start = time.perf_counter()
            one.found = one.run()
            one.seconds.append(time.perf_counter() - start)


def from_parquet(folder: Path, form: Form, size: int, rounds: int) -> list[Entry]:
    wide_table = folder / f"wide-{size}.parquet"
    with running.engine_of("local", 2) as two, running.engine_of("local", 1) as one:
        checked(folder, size, two)  # the processes are there before anybody is timed
        entries = [
            Entry("govreport, 2 processes", size, lambda: checked(folder, size, two)),
            Entry("polars, hand-written, 2 threads", size, lambda: by_polars(wide_table, form)),
            Entry("DuckDB, hand-written, 2 threads", size, lambda: by_duckdb(wide_table, form)),
            Entry("govreport, 1 process", size, lambda: checked(folder, size, one)),
        ]
        in_turn(entries, rounds)
        most = max(two(memory, range(16)))
    for entry in entries[1:]:
        if entry.found != entries[0].found:
            raise SystemExit(f"{entry.name} does not find what govreport finds")
    print(f"\n{size:,} reports from Parquet: {len(entries[0].found)} findings, the same set by everyone")  # type: ignore[arg-type]
    print(f"  most memory of a process of govreport: {most:.2f} GB")
    return entries


def pandera_entry(folder: Path, form: Form, rounds: int) -> Entry:
    """pandera on a smaller table, which it does not mind."""
    size = 100_000
    laid_out(folder, form, size)
    entry = Entry("pandera on polars", size, lambda: by_pandera(folder / f"wide-{size}.parquet", form))
    in_turn([entry], min(rounds, 2))
    return entry


def from_lines(folder: Path, form: Form, pack: Pack, rounds: int) -> list[Entry]:
    """One JSON document a line; one process each."""
    import msgspec

    path = folder / "reports.ndjson"
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in dicts(generate(form, LINES))), encoding="utf-8")
    plain, cerberus, pydantic = compiled(form), cerberus_checker(form), pydantic_checker(form)
    decode = msgspec.json.decode

    def each(checker: Callable[[Any], list[Any]], most: int) -> int:
        with path.open("rb") as lines:
            return sum(len(checker(decode(line))) for _, line in zip(range(most), lines, strict=False))

    def ours() -> int:
        with path.open("rb") as lines:
            return check_lines(((str(i), line) for i, line in enumerate(lines)), form.id, pack, OF_WORK).num_rows

    entries = [
        Entry("msgspec + generated Python", LINES, lambda: each(plain, LINES)),
        Entry("govreport check_lines", LINES, ours),
        Entry("pydantic", 4_000, lambda: each(pydantic, 4_000)),
        Entry("Cerberus", 400, lambda: each(cerberus, 400)),
    ]
    in_turn(entries, rounds)
    if entries[0].found != entries[1].found:
        raise SystemExit("from NDJSON, govreport does not find what generated Python finds")
    return entries


# --- limits --------------------------------------------------------------------------------------------------------------------


def limits(folder: Path, size: int, pack: Pack, rounds: int) -> list[Entry]:
    """What only reading takes, and what only checking takes, in one process."""
    forms = running.by_form([running.rules_of("cn-disclosure")])
    pieces = running.pieces_of(parts_of(folder / f"archive-{size}"), forms, OF_WORK, False)[:2]
    batches = [running.read_piece(piece, pack) for piece in pieces]
    few = sum(batch.num_rows for batch in batches)
    entries = [
        Entry("limit: Parquet decoded, 1 process", few, lambda: [running.read_piece(piece, pack) for piece in pieces]),
        Entry("limit: govreport on columns in memory, 1 process", few, lambda: [check_batch(batch, pack, OF_WORK) for batch in batches]),
    ]
    in_turn(entries, rounds + 2)
    return entries


def by_size(folder: Path, form: Form, sizes: Iterable[int], rounds: int) -> list[tuple[int, float]]:
    """Microseconds a report in one process, for archives of several sizes."""
    found = []
    for size in sizes:
        if not (folder / f"archive-{size}").exists():
            laid_out(folder, form, size)
        with running.engine_of("local", 1) as one:
            entry = Entry("", size, lambda size=size, one=one: checked(folder, size, one))  # type: ignore[misc]
            in_turn([entry], rounds + (3 if size < 100_000 else 0))
        found.append((size, 1e6 / entry.rate))
    return found


def memory(_task: int) -> float:
    """The most that this process held, in gigabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def print_entries(entries: list[Entry], first: Entry) -> None:
    for one in entries:
        print(f"  {one.name:52}{one.reports:>10,}{one.rate:>12,.0f} /s{first.rate / one.rate:>10.2f} x")


def main(size: int = 1_000_000, rounds: int = 3) -> None:
    os.environ.setdefault("POLARS_MAX_THREADS", "2")
    pack = load_pack("cn-disclosure")
    form = pack.forms["cn-disclosure/2021"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        laid_out(folder, form, size)
        parquet = from_parquet(folder, form, size, rounds)
        print(f"\n{'':54}{'reports':>10}{'reports/s':>15}{'govreport is':>12}")
        ours = parquet[0]
        print_entries(parquet, ours)
        print_entries([pandera_entry(folder, form, rounds)], ours)
        print_entries(from_lines(folder, form, pack, rounds), ours)
        print_entries(limits(folder, size, pack, rounds), ours)
        print("\none process, µs a report by size of the archive:")
        for number, micro in by_size(folder, form, [n for n in (1, 1_000, 10_000, 100_000, 1_000_000) if n <= size], rounds):
            print(f"  {number:>10,}{micro:>12,.2f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
