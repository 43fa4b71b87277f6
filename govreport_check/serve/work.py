"""What a worker does: it reads documents, applies changes to them and checks them, with the engine that the command uses.

Documents stay with the server as byte strings (:func:`kept`), so that any worker can go on with any of them.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from govreport_check.engine import Job, Options, check_jobs
from govreport_check.errors import SourceError
from govreport_check.findings import Result
from govreport_check.form import Form
from govreport_check.jobs import apart
from govreport_check.marked import MarkedError, parse_json
from govreport_check.model import Report
from govreport_check.open_form import expanded, members_of
from govreport_check.pack import Pack
from govreport_check.readers import Source, load_source
from govreport_check.readers.limits import Limits, limits_of
from govreport_check.recognition import Recognised, recognise, with_figures
from govreport_check.serve.edits import Edit, EditError, edited

UNKNOWN = ""
"""The form of a report that is of none: it is kept, so that the check says so."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A document that was read: its reports (more than one of a CSV), or why it could not be; ``kind`` of file it is."""

    name: str
    kind: str = ""
    reports: tuple[Report, ...] = ()
    unread: SourceError | None = None


def limits(max_size: int, seconds: float) -> Limits:
    """The usual ones, for files of so many bytes, with LibreOffice ended after so many seconds."""
    return replace(limits_of(max_size), seconds=seconds)


def kept(taken: Taken) -> bytes:
    """A document as the server keeps it. Only a worker unpacks it."""
    return pickle.dumps(taken, protocol=5)


def unpacked(content: bytes) -> Taken:
    """A document again. The last small ones stay unpacked: between two edits it is the same."""
    return _unpacked(content) if len(content) <= _SMALL else _unpacked.__wrapped__(content)


_SMALL = 1 << 20


@lru_cache(maxsize=8)
def _unpacked(content: bytes) -> Taken:
    found: Taken = pickle.loads(content)
    return found


def read_document(
    content: bytes, name: str, packs: Sequence[Pack], *, max_size: int, seconds: float, progress: Callable[[float], None]
) -> Taken:
    """The reports that a document holds. Never raises for what it says."""
    jobs = apart([Job(content, name)], packs)
    if jobs[0].source is not content:
        reports = tuple(job.source for job in jobs if isinstance(job.source, Report))
        return Taken(name, "csv", reports, jobs[0].unread)
    try:
        source = load_source(content, name=name, limits=limits(max_size, seconds))
        progress(0.6)
        return _recognised(source, packs)
    except SourceError as error:
        return Taken(name, unread=error)


def read_data(text: bytes, name: str, packs: Sequence[Pack]) -> Taken:
    """The report that stands under ``report`` in a JSON object, numbers exact."""
    try:
        node = parse_json(text.decode("utf-8")).get("report")
        return Taken(name) if node is None else _recognised(Source(name, "json", node=node), packs)
    except (MarkedError, UnicodeDecodeError) as error:
        return Taken(name, unread=SourceError(name, str(error), f"格式有误（{error}）"))
    except SourceError as error:
        return Taken(name, unread=error)


def _recognised(source: Source, packs: Sequence[Pack]) -> Taken:
    found = recognise(source, packs)
    return Taken(source.name, source.kind, (found.report if found else Report(source.name, UNKNOWN),))


# --- checking -------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """A document to check: with which changes, against which report of the year before, with which facts that it does not state."""

    taken: Taken
    edits: tuple[Edit, ...] = ()
    prior: Taken | None = None
    about: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Checked:
    """``documents[i]`` is the number of the document that the i-th report of the result is of; ``reports`` as they were checked, None
    where there is none."""

    result: Result
    documents: tuple[int, ...]
    reports: tuple[Report | None, ...]


def check_documents(asked: Sequence[Asked], packs: Sequence[Pack], lang: str | None, *, printed: bool) -> Checked:
    """What the rules say of documents, each with its changes. Raises EditError, UsageError, PackError."""
    jobs, documents = [], []
    for number, one in enumerate(asked):
        own = jobs_of(one, packs)
        jobs += own
        documents += [number] * len(own)
    result = check_jobs(jobs, packs, Options(lang=lang, printed=printed))
    return Checked(result, tuple(documents), tuple(job.source if isinstance(job.source, Report) else None for job in jobs))


def jobs_of(asked: Asked, packs: Sequence[Pack]) -> list[Job]:
    """The jobs that a document is to the engine. Raises EditError, SourceError where the report of the year before cannot be used."""
    taken, prior = asked.taken, _prior(asked.prior)
    if taken.unread is not None:
        return [Job(b"", taken.name, unread=taken.unread)]
    reports = taken.reports
    if asked.edits:
        if len(reports) != 1:
            raise EditError(taken.name, "该文件含有多份报告，不能在此更正", "the file holds several reports and cannot be changed here")
        reports = (with_edits(reports[0], packs, asked.edits),)
    return [Job(report, report.source, asked.about or None, prior) for report in reports]


def _prior(taken: Taken | None) -> Report | None:
    if taken is None:
        return None
    if taken.unread is not None:
        raise taken.unread
    if len(taken.reports) != 1 or taken.reports[0].form == UNKNOWN:
        raise SourceError(taken.name, "is not one report of a known form", "不是一份已知格式的报告")
    return taken.reports[0]


def with_edits(report: Report, packs: Sequence[Pack], edits: Sequence[Edit]) -> Report:
    """The report, with its fused digits split where the sums leave one way, and every change made. Raises EditError."""
    found = with_figures(placed(report, packs))
    return edited(found.report, found.form, edits)


def placed(report: Report, packs: Sequence[Pack]) -> Recognised:
    """A report with its form and pack. Raises EditError where it is of no known form."""
    found: list[tuple[Pack, Form]] = [(pack, form) for pack in packs for form in pack.forms.values() if form.id == report.form]
    if not found:
        raise EditError(report.source, "未识别为任何已知格式的报告", "is not a report of any known form")
    pack, form = found[0]
    return Recognised(report, expanded(form, members_of(form, report.entities, report.tables)), pack)
