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


def timed(what: Callable[[], T]) -> tuple[float, T]:
    begun = time.perf_counter()
    found = what()
    return time.perf_counter() - begun, found


def reviewed(county: County, files: list[Path], processes: int) -> Season:
    units = read_roster(county.roster, needs=("unit",), whole=True)
    return check_season(units, [(path, path.name) for path in files], packs=PACKS, reading=Reading(processes))


def main(counties: int = 34, processes: int = 2) -> None:
    with TemporaryDirectory() as folder:
        making, county = timed(lambda: make_county(Path(folder), counties=names(counties)))
        files = sorted(county.folder.iterdir())
        print(f"{len(county.units)} units, {len(files)} files, made in {making:.0f} s; {processes} processes")
        season_s, season = timed(lambda: reviewed(county, files, processes))
        memory = [resource.getrusage(who).ru_maxrss >> 10 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        book_s, book = timed(lambda: season_workbook(season))
        jobs = [Job(path, path.name) for path in files]
        plain_s, _ = timed(lambda: check_jobs(jobs, PACKS, Options(), None, Crew(processes)))
        print(f"season check {season_s:.1f} s, workbook {book_s:.1f} s ({len(book) >> 10} KiB), plain check {plain_s:.1f} s")
        print(f"ratio to plain check {season_s / plain_s:.2f}; peak {memory[0]} MiB, of a process {memory[1]} MiB")
        print(f"anomalies {len(season.anomalies)}, sums {len(season.sums)}, lines {len(season.lines)}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
