"""Many reports in several processes: each file read in one of them and kept on disk until its turn, then checked side by side with others.

Memory holds the reports of a chunk, never those of a whole folder. A file that ends or stops its process is told as any other that
cannot be read. What was read can be kept in a folder of the user's, so that a run that was broken off goes on where it was. Needs the
extra ``jobs`` (pebble: processes that can be stopped one by one).
"""

from __future__ import annotations

import hashlib
import os
import pickle
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import chain, repeat
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from govreport_check.drafts import Chosen, Draft, Drawn, Progress, Work, chunks, drafts_of, other, take
from govreport_check.errors import SourceError, UsageError
from govreport_check.jobs import Job
from govreport_check.model import Report
from govreport_check.open_form import Members, expanded
from govreport_check.pack import BUILT_IN, Pack, pack_to_check
from govreport_check.pack_cache import code_stamp, is_own, own_content
from govreport_check.readers import Given
from govreport_check.recognition import Recognised, prior_among
from govreport_check.rule import Rule
from govreport_check.selection import Options, select_rules

if TYPE_CHECKING:
    from concurrent.futures import Future

    from pebble import ProcessPool

FEW = 64
"""Reports checked side by side in one process: enough to be fast, few enough to hold."""
MOST_SECONDS = 300
"""How long one file may be read before its process is stopped."""
AHEAD = 8
"""Files handed to each process before it asks."""
_DIGEST = 32


@dataclass(slots=True)
class Crew:
    """How work is done in ``workers`` processes; what was read is kept in the folder ``kept``, or for as long as the work lasts. ``left``
    says afterwards how many jobs an interrupt left undone."""

    workers: int
    kept: Path | None = None
    seconds: float = MOST_SECONDS
    left: int = field(default=0, init=False)

    def __call__(self, work: Work, chosen: Chosen, progress: Progress | None) -> Drawn:
        """As :func:`govreport_check.drafts.drawn_up`; an interrupt ends the reading, and what is read by then is checked. Raises UsageError
        where ``kept`` cannot be used, SourceError for a prior or part that cannot be read."""
        with folder_of(self.kept) as folder, pool_of(self.workers, work.packs, folder) as pool:
            seen = self._read(pool, work, progress)
            self.left += len(work.jobs) - len(seen)
            taken = {i: one.recognised(work.packs) for i, one in seen.items() if isinstance(one, Seen)}
            drafts = _checked(pool, work, {i: seen[i].file for i in taken}, taken)
        return {i: drafts[i] for i in sorted(drafts)}, {i: one for i, one in seen.items() if not isinstance(one, Seen)}

    def _read(self, pool: ProcessPool, work: Work, progress: Progress | None) -> dict[int, Any]:
        seen: dict[int, Any] = {}
        tasks = ((i, (job, work.asked[i])) for i, job in enumerate(work.jobs))
        with suppress(KeyboardInterrupt):
            for i, future in each_done(pool, _see, tasks, self.workers * AHEAD, self.seconds):
                seen[i] = _outcome(future, work.jobs[i], work.asked[i], self.seconds)
                if progress is not None:
                    progress(len(seen), len(work.jobs))
        return dict(sorted(seen.items()))


# --- this process --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Seen:
    """What must be known of a report to set it beside others; all of it is in ``file``."""

    file: str
    pack: str
    form: str
    members: Members
    report: Report
    sha256: str | None

    def recognised(self, packs: Sequence[Pack]) -> Recognised:
        pack = next(one for one in packs if one.id == self.pack)
        return Recognised(self.report, expanded(pack.forms[self.form], self.members), pack, self.sha256)


@contextmanager
def folder_of(kept: Path | None) -> Iterator[Path]:
    """The folder in which reports are kept: ``kept``, made where it is not there, or one that goes with the work. Raises UsageError."""
    if kept is None:
        with TemporaryDirectory(prefix="govreport-") as folder:
            yield Path(folder)
        return
    try:
        kept.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{kept} cannot hold what is read: {error.strerror}") from None
    if not is_own(kept.lstat()):
        raise UsageError(f"{kept} must be a folder of yours that nobody else can write")
    yield kept


@contextmanager
def pool_of(workers: int, packs: Sequence[Pack], folder: Path) -> Iterator[ProcessPool]:
    """Processes that know the packs. They begin from nothing on every system, so that none inherits a lock in the wrong state."""
    try:
        from pebble import ProcessPool
    except ImportError:
        raise UsageError('several processes need pebble: pip install "govreport-check[jobs]", or --jobs 1') from None
    pool = ProcessPool(workers, context=get_context("spawn"), initializer=_begin, initargs=(pickle.dumps(tuple(packs)), str(folder)))
    try:
        yield pool
        pool.close()
    finally:
        pool.stop()
        pool.join()


def each_done(
    pool: ProcessPool, function: Any, tasks: Iterator[tuple[int, tuple[Any, ...]]], ahead: int, seconds: float | None
) -> Iterator[tuple[int, Future[Any]]]:
    """Every task's number and its outcome, as they are done; at most ``ahead`` of them are under way."""
    from concurrent.futures import FIRST_COMPLETED, wait

    under_way: dict[Future[Any], int] = {}
    try:
        for i, given in chain(tasks, repeat((None, ()))):
            if i is not None:
                under_way[pool.schedule(function, args=given, timeout=seconds)] = i
            if not under_way:
                return
            if i is None or len(under_way) >= ahead:
                done, _ = wait(under_way, return_when=FIRST_COMPLETED)
                yield from ((under_way.pop(future), future) for future in done)
    finally:
        for future in under_way:
            future.cancel()


def _outcome(future: Future[Any], job: Job, options: Options, seconds: float) -> Any:
    found = outcome_of(future, job.name or str(job.source)[:80], seconds)
    return found.told(options.lang or "zh") if isinstance(found, SourceError) else found


def outcome_of(future: Future[Any], name: str, seconds: float) -> Any:
    """What a process found; the reason as a SourceError where the file ``name`` stopped it."""
    from pebble import ProcessExpired

    try:
        return future.result()
    except TimeoutError:
        return SourceError(name, f"was given up after {seconds:g} seconds of reading", f"读取超过{seconds:g}秒，已中止")
    except ProcessExpired:
        return SourceError(name, "ended the process that read it", "读取时进程异常终止，文件可能已损坏")
    except MemoryError:
        return SourceError(name, "needs more memory than there is", "读取所需内存超出可用内存")


def _checked(pool: ProcessPool, work: Work, files: Mapping[int, str], taken: Mapping[int, Recognised]) -> dict[int, Draft]:
    before = prior_among(taken)
    drafts: dict[int, Draft] = {}
    numbered = list(chunks(taken, work.asked, FEW))
    given = (tuple(_own(work.jobs[i], files, i, before[i]) for i in numbers) for numbers in numbered)
    tasks = ((n, (own, work.asked[numbered[n][0]], work.max_size)) for n, own in enumerate(given))
    for n, future in each_done(pool, _draw, tasks, len(numbered) + 1, None):
        drafts.update(zip(numbered[n], future.result(), strict=True))
    return drafts


def _own(job: Job, files: Mapping[int, str], i: int, before: int | None) -> _Own:
    return _Own(files[i], job.prior, None if before is None else files[before], tuple(job.parts))


# --- the other processes -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Known:
    packs: tuple[Pack, ...]
    folder: Path


@dataclass(frozen=True, slots=True)
class _Own:
    """One report to check: its file, last year's report as given or as kept in ``before``, and the reports that it sums up."""

    file: str
    prior: Given | None
    before: str | None
    parts: tuple[Given, ...]


_KNOWN: list[Known] = []
"""What a process was told when it began; empty in all others."""


def at_hand() -> Known:
    """What this process, one of a pool's, was told when it began."""
    return _KNOWN[0]


def _begin(packs: bytes, folder: str) -> None:
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to every process; the first one decides what it means
    _KNOWN[:] = [Known(pickle.loads(packs), Path(folder))]


def _see(job: Job, options: Options) -> Seen | str | None:
    """A report read, and kept for :func:`_draw`; read before where the folder has it. Why not, or None, as ``take``."""
    known = _KNOWN[0]
    file = known.folder / f"{_key(job, options, known.packs)}.report"
    kept = _load(file)
    if kept is not None:
        return kept[0]
    found = take(job, known.packs, options)
    if not isinstance(found, Recognised):
        return found
    seen = Seen(str(file), found.pack.id, found.form.id, found.form.members, _thin(found.report), found.sha256)
    keep(file, (seen, found.report))
    return seen


def _key(job: Job, options: Options, packs: Sequence[Pack]) -> str:
    """SHA-256 of all that a report as read depends on: the file, what is stated of it, the packs, this package."""
    digest = hashlib.sha256()
    with suppress(OSError):
        digest.update(job.source.read_bytes() if isinstance(job.source, Path) else repr(job.source).encode("utf-8", "surrogatepass"))
    stated = (job.name, sorted((job.about or {}).items()), options.max_size, options.printed, [pack.hash for pack in packs], code_stamp())
    digest.update(repr(stated).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _draw(given: Sequence[_Own], options: Options, max_size: int | None) -> list[Draft]:
    """Drafts of reports of one form, without the text that they were made from."""
    packs = _KNOWN[0].packs
    taken = [_whole(Path(one.file)) for one in given]
    parts = [[other(part, packs, max_size) for part in one.parts] for one in given]
    drafts = drafts_of(taken, _chosen(options), options, [_before(one, max_size) for one in given], parts)
    return [replace(draft, subject=replace(draft.subject, report=_thin(draft.subject.report))) for draft in drafts]


@lru_cache(maxsize=32)
def _chosen(options: Options) -> Mapping[str, Sequence[Rule]]:
    return select_rules([*_KNOWN[0].packs, pack_to_check(BUILT_IN)], options)


def _before(one: _Own, max_size: int | None) -> Report | None:
    if one.prior is None:
        return _whole(Path(one.before)).report if one.before else None
    return _named(one.prior, max_size) if isinstance(one.prior, (str, Path)) else other(one.prior, _KNOWN[0].packs, max_size)


@lru_cache(maxsize=8)
def _named(prior: str | Path, max_size: int | None) -> Report:
    """A report that many are held against is read once."""
    return other(prior, _KNOWN[0].packs, max_size)


def _thin(report: Report) -> Report:
    """The report without its text and figures, but with whether it has them."""
    return Report(
        report.source,
        report.form,
        report.about,
        sections=None if report.sections is None else {},
        tables=None if report.tables is None else {},
        labels=None if report.labels is None else (),
        partial=report.partial,
    )


# --- what is kept --------------------------------------------------------------------------------------------------------------


def keep(file: Path, content: object) -> None:
    """Puts what was read into a file of its own, as a whole or not at all. Raises OSError."""
    packed = zlib.compress(pickle.dumps(content, pickle.HIGHEST_PROTOCOL), 1)
    new = file.with_suffix(f".{os.getpid()}.tmp")
    try:
        new.touch(mode=0o600)
        new.write_bytes(hashlib.sha256(packed).digest() + packed)
        new.replace(file)
    except OSError:
        new.unlink(missing_ok=True)
        raise


def kept_in(file: Path) -> Any:
    """What :func:`keep` put there, None where there is nothing whole that this user put there."""
    try:
        content = own_content(file)
        digest, packed = content[:_DIGEST], content[_DIGEST:]
        return pickle.loads(zlib.decompress(packed)) if digest == hashlib.sha256(packed).digest() else None
    except (OSError, zlib.error, pickle.UnpicklingError, ImportError, AttributeError, LookupError, TypeError, ValueError, EOFError):
        return None


def _load(file: Path) -> tuple[Seen, Report] | None:
    found: tuple[Seen, Report] | None = kept_in(file)
    return None if found is None else (replace(found[0], file=str(file)), found[1])


def _whole(file: Path) -> Recognised:
    found = _load(file)
    if found is None:
        raise UsageError(f"{file} was changed while it was used")
    return replace(found[0].recognised(_KNOWN[0].packs), report=found[1])
