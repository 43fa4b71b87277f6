"""The work on whole archives, part by part, on one engine or another: processes of this machine, or a Dask cluster.

Every task is a plain function of plain data and writes nothing but whole files whose names follow from their content, so that it may be
done twice. Results come in the order of the tasks, whoever did them first.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

from govreport_check.archive.checking import check_batch, findings_schema, plan_of
from govreport_check.archive.comparing import changed
from govreport_check.archive.layout import REPORT, Layout, arrow, coded, layout_of, schema_of
from govreport_check.archive.reading import Unread, hash_of, read_batch
from govreport_check.archive.store import Part, append, known_hashes, parts_of, write_parquet
from govreport_check.errors import UsageError
from govreport_check.pack import Pack, pack_to_check
from govreport_check.rule import Rule
from govreport_check.selection import Options
from govreport_check.verdict import NOT_EXCUSABLE

if TYPE_CHECKING:
    import pyarrow

T = TypeVar("T")
R = TypeVar("R")
Map: TypeAlias = "Callable[[Callable[[Any], Any], Iterable[Any]], Iterator[Any]]"
Engine: TypeAlias = Literal["local", "dask"]

FILES_AT_A_TIME = 256
"""Documents that are read by one task and written into one file for each form and year."""

TOGETHER = 1 << 14
"""Reports of small files that are checked together: what a batch costs apart from its reports then shows no more, and large archives
still are many tasks."""

AHEAD = 4
"""Tasks handed out for each process beyond those it works on: results wait for their turn, and memory is bounded."""


# --- engines -------------------------------------------------------------------------------------------------------------------


@contextmanager
def engine_of(name: Engine = "local", jobs: int | None = None, scheduler: str | None = None) -> Iterator[Map]:
    """A ``map`` that runs tasks elsewhere and gives their results in order. Raises UsageError where the engine is not there."""
    if scheduler is not None and name != "dask":
        raise UsageError("--scheduler goes with --engine dask")
    jobs = jobs or os.cpu_count() or 1
    if name == "dask":
        with _dask(jobs, scheduler) as run:
            yield run
    elif jobs == 1:
        yield lambda work, tasks: map(work, tasks)
    else:
        with _processes(jobs) as run:
            yield run


@contextmanager
def _processes(jobs: int) -> Iterator[Map]:
    # not fork: pyarrow's threads do not survive it
    context = multiprocessing.get_context("forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn")
    if context.get_start_method() == "forkserver":
        context.set_forkserver_preload([__name__])
    with ProcessPoolExecutor(jobs, mp_context=context) as pool:
        try:
            yield partial(_in_order, pool, jobs)
        except BrokenProcessPool:
            raise UsageError("a process was ended from outside (out of memory?); run again: what is written is kept") from None
        finally:
            pool.shutdown(cancel_futures=True)


def _in_order(pool: ProcessPoolExecutor, jobs: int, work: Callable[[T], R], tasks: Iterable[T]) -> Iterator[R]:
    waiting: deque[Future[R]] = deque()
    for task in tasks:
        waiting.append(pool.submit(work, task))
        if len(waiting) >= jobs + AHEAD:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


@contextmanager
def _dask(jobs: int, scheduler: str | None) -> Iterator[Map]:
    try:
        client = _client(jobs, scheduler)
    except (OSError, TimeoutError, ValueError) as error:
        raise UsageError(f"no Dask scheduler answers at {scheduler}: {error}") from None
    with client:
        yield partial(_on_dask, client)


def _client(jobs: int, scheduler: str | None) -> Any:
    try:
        import distributed
    except ImportError:
        raise UsageError("--engine dask needs distributed: pip install 'govreport-check[dask]'") from None
    make: Callable[..., Any] = distributed.Client
    return make(scheduler, timeout=10) if scheduler else make(n_workers=jobs, threads_per_worker=1, dashboard_address=None)


def _on_dask(client: Any, work: Callable[[T], R], tasks: Iterable[T]) -> Iterator[R]:
    """A task whose worker dies is done by another: it may die several times before that is called a mistake."""
    from distributed import KilledWorker

    futures = client.map(work, list(tasks), pure=False, batch_size=64)
    try:
        for future in futures:
            yield future.result()
            future.release()
    except KilledWorker as error:
        raise UsageError(f"a task ended several workers, one after the other: {error}") from None


# --- packs ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rules:
    """A pack by its name or folder, and the hash of its files: whoever loads it elsewhere must find the same."""

    name: str
    hash: str


def rules_of(name: str | Path) -> Rules:
    """Raises PackError, UsageError."""
    return Rules(str(name), pack_to_check(name).hash)


@lru_cache(maxsize=8)
def loaded(rules: Rules) -> Pack:
    """The pack. Raises UsageError where it is not the one that was meant."""
    pack = pack_to_check(rules.name)
    if pack.hash != rules.hash:
        raise UsageError(f"the pack {rules.name} is another one here ({pack.hash[:12]} instead of {rules.hash[:12]})")
    return pack


# --- building ------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Built:
    """What building did: reports ``added``; files ``known`` from before, and those that stand ``twice`` among the given; ``unread``."""

    added: int = 0
    known: int = 0
    twice: int = 0
    unread: tuple[Unread, ...] = ()


def added_up(steps: Iterable[Built]) -> Built:
    """What was done in all steps."""
    done = list(steps)
    unread = tuple(one for step in done for one in step.unread)
    return Built(sum(step.added for step in done), sum(step.known for step in done), sum(step.twice for step in done), unread)


@dataclass(frozen=True, slots=True)
class _Reading:
    root: Path
    paths: tuple[Path, ...]
    packs: tuple[Rules, ...] | None
    max_size: int | None


def build(
    root: Path, paths: Iterable[Path], run: Map, packs: Sequence[str | Path] | None = None, max_size: int | None = None
) -> Iterator[Built]:
    """Reads documents into the archive at ``root`` and says what was done after every task. A file that is in it already is not read
    again. Raises UsageError, PackError."""
    arrow()
    known, seen = {name.partition("#")[0] for name in known_hashes(root)}, set[str]()
    wanted, was_known, twice = [], 0, 0
    for path in paths:
        key = hash_of(path)
        if key is not None and key in known:
            was_known += 1
        elif key is not None and key in seen:
            twice += 1
        else:
            wanted.append(path)
            seen |= {key} if key is not None else set()
    yield Built(known=was_known, twice=twice)
    rules = None if packs is None else tuple(map(rules_of, packs))
    chunks = (tuple(wanted[start : start + FILES_AT_A_TIME]) for start in range(0, len(wanted), FILES_AT_A_TIME))
    yield from run(_built, (_Reading(root, chunk, rules, max_size) for chunk in chunks))


def _built(task: _Reading) -> Built:
    packs = None if task.packs is None else [loaded(rules) for rules in task.packs]
    taken = read_batch(task.paths, packs, max_size=task.max_size)
    for batch in taken.batches.values():
        append(task.root, batch)
    return Built(added=sum(batch.num_rows for batch in taken.batches.values()), unread=taken.unread)


# --- checking ------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Group:
    """A row group of a file; ``meta``: what Parquet says of the file, None where that is to be read."""

    path: Path
    number: int
    meta: Any = field(default=None, compare=False, repr=False)

    def __reduce__(self) -> tuple[Any, ...]:
        return Group, (self.path, self.number)  # a task that goes elsewhere travels light


@dataclass(frozen=True, slots=True)
class Piece:
    """Row groups of files of an archive, one behind the other, and how their reports are checked; ``before``: the rules to compare with."""

    groups: tuple[Group, ...]
    form: str
    rules: Rules
    options: Options
    whole: bool
    before: Rules | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """What checking an archive came to: ``reports``, those of forms that no pack has (``strange``, by form), ``findings`` by
    (rule, outcome), how many ``faulty`` reports there are, how many findings keep a report from being clean (``loud``), and
    the rules that were not evaluated."""

    reports: int
    strange: Mapping[str, int]
    faulty: int
    loud: int
    findings: Mapping[tuple[str, str], int] = field(default_factory=dict)
    prose: tuple[str, ...] = ()
    of_others: tuple[str, ...] = ()


def by_form(packs: Sequence[Rules]) -> dict[str, Rules]:
    """The pack of each form; the first that has it."""
    return {form: rules for rules in reversed(packs) for form in loaded(rules).forms}


def pieces_of(
    parts: Sequence[Part], packs: Mapping[str, Rules], options: Options, whole: bool, before: Mapping[str, Rules] | None = None
) -> list[Piece]:
    """The tasks of which checking an archive consists, in its order; packs by form. What is compared goes by row groups."""
    earlier = before or {}
    return [
        Piece(groups, form, packs[form], options, whole, earlier.get(form))
        for form, groups in _together((part for part in parts if part.form in packs), 1 if before else TOGETHER)
    ]


def _together(parts: Iterable[Part], most: int) -> Iterator[tuple[str, tuple[Group, ...]]]:
    """Row groups that follow one another, as long as they are of one form and have no more than ``most`` reports together."""
    taken: list[Group] = []
    form, held = "", 0
    for part in parts:
        for number, size in enumerate(part.groups):
            if taken and (part.form != form or held + size > most):
                yield form, tuple(taken)
                taken, held = [], 0
            taken.append(Group(part.path, number, part.meta))
            form, held = part.form, held + size
    if taken:
        yield form, tuple(taken)


def read_piece(piece: Piece, pack: Pack) -> pyarrow.RecordBatch:
    """The reports of a piece, with the columns that checking needs."""
    import pyarrow as pa

    layout = layout_of(pack.forms[piece.form])
    schema = schema_of(layout)
    names = [name for name in schema.names if piece.whole or name != REPORT]
    tables = [_read_group(group, names, layout) for group in piece.groups]
    (there,) = pa.concat_tables(tables, promote_options="default").combine_chunks().to_batches()
    read = dict(zip(there.schema.names, there.columns, strict=True))
    columns = [read[name] if name in read else pa.nulls(there.num_rows, schema.field(name).type) for name in names]
    return pa.RecordBatch.from_arrays(columns, names)


def _read_group(group: Group, names: Sequence[str], layout: Layout) -> pyarrow.Table:
    """The columns of a row group but those that hold nothing: to read a column costs more than its figures."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(group.path, metadata=group.meta, read_dictionary=coded(layout), memory_map=True) as file:
        empty = _empty(file.metadata.row_group(group.number))
        table = file.read_row_group(group.number, columns=[name for name in names if name not in empty], use_threads=False)
    missing = set(names) - empty - set(table.column_names)
    if missing:
        raise UsageError(
            f"{group.path} was built for another form {layout.form.id}: it has no column {min(missing)}; build the archive anew"
        )
    return table


def _empty(meta: Any) -> set[str]:
    """The columns of a row group that are null in every report."""
    columns = ((column.path_in_schema, column.statistics) for column in map(meta.column, range(meta.num_columns)))
    return {name for name, known in columns if known is not None and known.has_null_count and known.null_count == meta.num_rows}


def check_piece(piece: Piece) -> pyarrow.RecordBatch:
    """The findings about the reports of a row group."""
    pack = loaded(piece.rules)
    return check_batch(read_piece(piece, pack), pack, piece.options, whole=piece.whole)


def check_archive(
    root: Path, packs: Sequence[Rules], run: Map, target: Path, options: Options | None = None, *, whole: bool = False
) -> Checked:
    """Checks all reports and writes the findings to ``target``, in the order of the archive. Raises UsageError, PackError."""
    arrow()
    forms, parts, options = by_form(packs), parts_of(root), options or Options()
    pieces = pieces_of(parts, forms, options, whole)
    plans = [plan_of(form, loaded(forms[form]), options) for form in dict.fromkeys(piece.form for piece in pieces)]
    counted = _Counted()
    write_parquet(target, map(counted.add, run(check_piece, pieces)), findings_schema())
    strange = _strange(parts, forms)
    prose = () if whole else _names(plan.prose for plan in plans)
    others = _names(plan.of_others for plan in plans)
    reports = sum(part.size for part in parts) - sum(strange.values())
    return Checked(reports, strange, counted.faulty, counted.loud, counted.findings, prose, others)


def _names(groups: Iterable[Iterable[Rule]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(rule.id for rules in groups for rule in rules))


def _strange(parts: Sequence[Part], known: Collection[str]) -> dict[str, int]:
    strange: dict[str, int] = {}
    for part in parts:
        if part.form not in known:
            strange[part.form] = strange.get(part.form, 0) + part.size
    return strange


class _Counted:
    """Findings counted as they come."""

    def __init__(self) -> None:
        self.faulty = self.loud = 0
        self.findings: dict[tuple[str, str], int] = {}

    def add(self, batch: pyarrow.RecordBatch) -> pyarrow.RecordBatch:
        columns = [batch.column(name).to_pylist() for name in ("hash", "rule", "outcome", "severity")]
        self.faulty += len(set(columns[0]))
        for rule, outcome, severity in zip(*columns[1:], strict=True):
            self.findings[rule, outcome] = self.findings.get((rule, outcome), 0) + 1
            self.loud += (outcome, severity) == ("fail", "error") or rule in NOT_EXCUSABLE
        return batch


# --- comparing -----------------------------------------------------------------------------------------------------------------


def diff_piece(piece: Piece) -> pyarrow.RecordBatch:
    """What two rule sets say differently about the reports of a row group."""
    new, old = loaded(piece.rules), loaded(piece.before or piece.rules)
    batch = read_piece(piece, new)
    now = check_batch(batch, new, piece.options, whole=piece.whole)
    return changed(check_batch(batch, old, piece.options, whole=piece.whole), now)


def diff_archive(
    root: Path, before: Rules, after: Rules, run: Map, options: Options | None = None, *, whole: bool = False
) -> Iterator[pyarrow.RecordBatch]:
    """What ``after`` newly flags and no longer flags, batch by batch in the order of the archive. Raises UsageError, PackError."""
    arrow()
    old, new, parts = by_form([before]), by_form([after]), parts_of(root)
    missing = sorted({part.form for part in parts if part.form in new} - set(old))
    if missing or not any(part.form in new for part in parts):
        raise UsageError(f"{before.name} and {after.name} do not both have the form {missing[0] if missing else parts[0].form}")
    yield from run(diff_piece, pieces_of(parts, new, options or Options(), whole, old))
