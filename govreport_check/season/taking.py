"""Reports taken in, many at a time: each file read once, in several processes, and kept so that an interrupted season can go on."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from govreport_check.drafts import Progress
from govreport_check.engine import ENGINE
from govreport_check.errors import SourceError
from govreport_check.essence import essence_of
from govreport_check.model import Report
from govreport_check.pack import Pack
from govreport_check.pack_cache import code_stamp
from govreport_check.parallel import AHEAD, MOST_SECONDS, at_hand, each_done, folder_of, keep, kept_in, outcome_of, pool_of
from govreport_check.readers import load_source
from govreport_check.readers.limits import limits_of
from govreport_check.recognition import Recognised, recognise, with_figures

Named: TypeAlias = "tuple[Path, str]"
"""A file and what places and findings call it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How files are read: in how many processes, ``kept`` in which folder, where the next run finds what was read, of what size at most,
    and who is told how far it is."""

    workers: int = 1
    kept: Path | None = None
    max_size: int | None = None
    progress: Progress | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """A file as read. ``digest``: SHA-256 of its bytes; ``content``: of what it says, whatever it is saved as.

    ``report`` is None where it could not be read (``unread`` says why) or is of no known form.
    """

    path: Path
    name: str
    digest: str
    content: str | None = None
    report: Report | None = None
    pack: str | None = None
    unread: SourceError | None = None

    @property
    def year(self) -> int | None:
        """The reporting year that the report states."""
        year = self.report.about.get("year") if self.report else None
        return year if isinstance(year, int) else None

    @property
    def period(self) -> int | None:
        """The year that its figures are of by the period that it states; None where that is no single year, or signed before its end."""
        begin, end, signed = (
            str(self.report.about.get(key) or "") if self.report else "" for key in ("period_start", "period_end", "signed_on")
        )
        year, plain = begin[:4], bool(begin and end) and begin[:4] == end[:4]
        return int(year) if plain and year.isdecimal() and (not signed or signed > end) else None


def take_all(files: Sequence[Named], packs: Sequence[Pack], how: Reading) -> list[Taken]:
    """The files as read, in their order.

    Raises UsageError when the folder cannot be used, or processes need a package that is not installed.
    """
    seen: dict[int, Taken] = {}
    with nullcontext() if how.kept is None else folder_of(how.kept) as folder:
        reader = _Reader(tuple(packs), folder, how.max_size)
        for i, one in _in_order(files, reader) if how.workers < 2 else _in_processes(files, reader, how.workers):
            seen[i] = one
            if how.progress is not None:
                how.progress(len(seen), len(files))
    return [seen[i] for i in range(len(files))]


def _in_order(files: Sequence[Named], reader: _Reader) -> Iterator[tuple[int, Taken]]:
    yield from enumerate(map(reader.take, files))


def _in_processes(files: Sequence[Named], reader: _Reader, workers: int) -> Iterator[tuple[int, Taken]]:
    lean = replace(reader, packs=())
    tasks = ((i, (lean, file)) for i, file in enumerate(files))
    with pool_of(workers, reader.packs, reader.folder or Path()) as pool:
        for i, future in each_done(pool, _take, tasks, workers * AHEAD, MOST_SECONDS):
            found = outcome_of(future, files[i][1], MOST_SECONDS)
            yield i, Taken(*files[i], "", unread=found) if isinstance(found, SourceError) else found


def _take(reader: _Reader, file: Named) -> Taken:
    return replace(reader, packs=at_hand().packs).take(file)


@dataclass(frozen=True, slots=True)
class _Reader:
    packs: tuple[Pack, ...]
    folder: Path | None
    max_size: int | None

    def take(self, file: Named) -> Taken:
        path, name = file
        limits = limits_of(self.max_size)
        try:
            with path.open("rb") as opened:
                content = opened.read(limits.max_size + 1)
        except OSError as error:
            reason = error.strerror or str(error)
            return Taken(path, name, "", unread=SourceError(name, f"cannot be opened ({reason})", f"无法打开（{reason}）"))
        place = None if self.folder is None else self.folder / f"{self._key(content, path, name)}.taken"
        known: Taken | None = None if place is None else kept_in(place)
        if known is not None:
            return known
        taken = self._read(path, name, content)
        if place is not None:
            with suppress(OSError):  # what cannot be kept will be read again
                keep(place, taken)
        return taken

    def _read(self, path: Path, name: str, content: bytes) -> Taken:
        digest = hashlib.sha256(content).hexdigest()
        try:
            found = recognise(load_source(content, name=name, limits=limits_of(self.max_size)), self.packs)
        except SourceError as error:
            return Taken(path, name, digest, unread=error)
        if found is None:
            return Taken(path, name, digest)
        whole: Recognised = with_figures(found)
        return Taken(path, name, digest, essence_of(whole).digest, whole.report, whole.pack.id)

    def _key(self, content: bytes, path: Path, name: str) -> str:
        """SHA-256 of all that what is read follows from."""
        packs = [pack.hash for pack in self.packs]
        about = repr((ENGINE, packs, code_stamp(), sys.version, str(path), name, self.max_size)).encode()
        return hashlib.sha256(about + content).hexdigest()
