"""What is to be checked: one source with all that belongs to it, and files of several reports taken apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from govreport_check.errors import SourceError
from govreport_check.frozen import dataclass
from govreport_check.pack import Pack
from govreport_check.readers import Given
from govreport_check.selection import Options
from govreport_check.tabular import held


@dataclass(frozen=True, slots=True)
class Job:
    """One source to check: what to call it, facts that it does not state, last year's report, the reports of which it is the sum, and
    the files that excuse findings of it: waivers and a baseline. ``unread``: why it is known not to be readable; ``options``: how to
    check it, where that is not how the others are checked."""

    source: Given
    name: str | None = None
    about: Mapping[str, Any] | None = None
    prior: Given | None = None
    parts: Sequence[Given] = ()
    waivers: Path | None = None
    baseline: Path | None = None
    unread: SourceError | None = None
    options: Options | None = None


def apart(jobs: Sequence[Job], packs: Sequence[Pack]) -> list[Job]:
    """The jobs, those that hold several reports (CSV files) as one for each."""
    found: dict[int, list[Job]] = {i: [job] for i, job in enumerate(jobs)}
    for one in held([(job.source, job.name) for job in jobs], packs):
        first = jobs[one.positions[0]]
        found.update({i: [] for i in one.positions})
        failed = [replace(first, name=one.error.source, unread=one.error)] if one.error else []
        found[one.positions[0]] = failed or [replace(first, source=report, name=report.source) for report in one.reports]
    return [job for own in found.values() for job in own]
