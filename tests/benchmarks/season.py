"""A season of some two thousand made-up units from roster to workbook, against a plain check of the same files in the same run.

    python -m tests.benchmarks.season [COUNTIES [PROCESSES]]

Each county has sixty units; reports are a third each Word files, web pages and texts. Prints seconds, ratio and peak memory.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from made_county import County, make_county

from govreport_check.engine import Job, Options, check_jobs
from govreport_check.parallel import Crew
from govreport_check.renderers.sheets.season import season_workbook
from govreport_check.roster import read_roster
from govreport_check.season.check import check_season
from govreport_check.season.model import Season
from govreport_check.season.taking import Reading

T = TypeVar("T")
FIRST, SECOND = "云山石水白青金安长新", "岭河溪林平"
PACKS = ["cn-disclosure"]


def names(number: int) -> list[str]:
    return [f"{a}{b}县" for a in FIRST for b in SECOND][:number]


def timed(what: Callable[[], T]) -> tuple[str, float, T]:
    """(seconds by the clock and of processors, the latter, what was found); a machine that others use has only the latter to compare."""
    begun, used = time.perf_counter(), processors()
    found = what()
    spent = processors() - used
    return f"{time.perf_counter() - begun:.1f} s ({spent:.1f} s of processors)", spent, found


def processors() -> float:
    own = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in own)


def reviewed(county: County, files: list[Path], processes: int) -> Season:
    units = read_roster(county.roster, needs=("unit",), whole=True)
    named = [(path, path.name) for path in files]
    crew = Crew(processes)
    reading = Reading(processes)
    return check_season(units, named, packs=PACKS, reading=reading, check=lambda jobs: check_jobs(jobs, PACKS, Options(), None, crew))


def main(counties: int = 34, processes: int = 2) -> None:
    with TemporaryDirectory() as folder:
        made, _, county = timed(lambda: make_county(Path(folder), counties=names(counties)))
        files = sorted(county.folder.iterdir())
        say(f"{len(county.units)} units, {len(files)} files, made in {made}; {processes} processes")
        told, spent, season = timed(lambda: reviewed(county, files, processes))
        memory = [resource.getrusage(who).ru_maxrss >> 10 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        say(f"season check {told}; peak {memory[0]} MiB, of a process {memory[1]} MiB")
        say(f"{len(season.anomalies)} anomalies, {len(season.sums)} sums, {len(season.lines)} lines")
        told, _, book = timed(lambda: season_workbook(season))
        say(f"workbook {told}, {len(book) >> 10} KiB")
        jobs = [Job(path, path.name) for path in files]
        told, plain, _ = timed(lambda: check_jobs(jobs, PACKS, Options(), None, Crew(processes)))
        say(f"plain check {told}; season check is {spent / plain:.2f} of it")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
