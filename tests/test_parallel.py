"""Many reports in several processes: the same findings as in one, whatever a file does to its process, and after an interrupt."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from some_reports import EXAMPLES, YUNLING

from govreport_check.engine import Job, Options, check_jobs
from govreport_check.errors import SourceError, UsageError
from govreport_check.findings import Result, Verdict
from govreport_check.parallel import Crew

pytest.importorskip("pebble")
MISTAKES = EXAMPLES / "yunling-2024-mistakes.txt"
CLEAN = EXAMPLES / "yunling-2024.txt"
WORD = "2024年"


class Deadly(dict[str, Any]):
    """A report that ends the process that looks at it."""

    def __repr__(self) -> str:
        os._exit(3)


class Endless(dict[str, Any]):
    """A report that is never read to its end."""

    def __repr__(self) -> str:
        time.sleep(600)
        return ""


class Costly(dict[str, Any]):
    """A report that needs more memory than there is."""

    def __repr__(self) -> str:
        raise MemoryError


def _checked(jobs: list[Job], crew: Crew | None, options: Options | None = None, progress: Any = None) -> Result:
    return check_jobs(jobs, ["cn-disclosure"], options or Options(), progress, crew)


def _folder(tmp_path: Path, count: int) -> list[Job]:
    """Reports of several agencies and years: with mistakes, without, and one that is none."""
    paths = []
    for number in range(count):
        path = tmp_path / f"{number:02}.txt"
        text = (MISTAKES if number % 3 == 0 else CLEAN).read_text(encoding="utf-8")
        path.write_text(
            text.replace(WORD, f"{2024 + number % 2}年") if number < 2 else text.replace("云岭", f"云{number}岭"), encoding="utf-8"
        )
        paths.append(path)
    strange = tmp_path / "strange.txt"
    strange.write_text("买菜记录\n白菜 3\n", encoding="utf-8")
    return [Job(path, path.name) for path in [*paths, strange, tmp_path / "absent.txt"]]


def test_several_processes_find_what_one_finds(tmp_path: Path) -> None:
    waivers = tmp_path / "w.yaml"
    jobs = _folder(tmp_path, 5)
    alone = _checked(jobs, None)
    known = next(finding for report in alone.reports for finding in report.findings if finding.severity == "warning")
    spec = f'{{finding: "{known.fingerprint}", reason: 已核实, by: 张三, until: "2027-01-01"}}'
    waivers.write_text(f"schema: govreport-waivers/1\nwaivers:\n  - {spec}\n", encoding="utf-8")
    options = Options(printed=True)
    jobs = [replace(job, waivers=waivers, prior=CLEAN if number == 3 else None) for number, job in enumerate(jobs)]
    one, two = _checked(jobs, None, options), _checked(jobs, Crew(2), options)
    assert one.model_dump() == two.model_dump()
    assert [report.printed for report in one.reports] == [report.printed for report in two.reports]
    assert [finding.excerpt for finding in one.findings] == [finding.excerpt for finding in two.findings]
    assert any(finding.waived for finding in two.findings)
    assert [report.source for report in two.reports] == [job.name for job in jobs]


@pytest.mark.parametrize(("report", "words"), [(Deadly, "进程异常终止"), (Endless, "已中止"), (Costly, "内存")])
def test_a_file_that_stops_its_process_stops_no_other(report: Callable[..., Any], words: str) -> None:
    jobs = [Job(YUNLING, "a"), Job(report(YUNLING), "b"), Job(YUNLING, "c")]
    result = _checked(jobs, Crew(1, seconds=3))
    assert [one.verdict for one in result.reports] == [Verdict.CLEAN, Verdict.NOT_VERIFIED, Verdict.CLEAN]
    assert words in result.reports[1].sentence
    assert [finding.rule for finding in result.reports[1].findings] == ["form/unreadable-file"]


def test_a_prior_that_cannot_be_read_is_told_as_in_one_process(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="absent"):
        _checked([Job(MISTAKES, prior=tmp_path / "absent.docx")], Crew(1))


def test_what_was_read_is_not_read_again(tmp_path: Path) -> None:
    kept, jobs = tmp_path / "kept", _folder(tmp_path, 3)
    first = _checked(jobs, Crew(1, kept))
    times = {path: path.stat().st_mtime_ns for path in kept.iterdir()}
    assert len(times) == 3
    second = _checked(jobs, Crew(2, kept))
    assert {path: path.stat().st_mtime_ns for path in kept.iterdir()} == times
    assert first.model_dump() == second.model_dump()
    (tmp_path / "01.txt").write_text(MISTAKES.read_text(encoding="utf-8"), encoding="utf-8")
    third = _checked(jobs, Crew(1, kept))
    assert len(list(kept.iterdir())) == 4
    assert third.model_dump() == _checked(jobs, None).model_dump()


def test_what_somebody_else_could_have_written_is_not_used(tmp_path: Path) -> None:
    kept, jobs = tmp_path / "kept", _folder(tmp_path, 1)
    kept.mkdir()
    kept.chmod(0o777)
    with pytest.raises(UsageError, match="nobody else"):
        _checked(jobs, Crew(1, kept))
    kept.chmod(0o700)
    _checked(jobs, Crew(1, kept))
    for path in kept.iterdir():
        path.write_bytes(path.read_bytes()[:50])
    assert _checked(jobs, Crew(1, kept)).model_dump() == _checked(jobs, None).model_dump()


def test_an_interrupt_leaves_what_is_read_checked(tmp_path: Path) -> None:
    jobs = [*_folder(tmp_path, 3), Job(Endless(YUNLING), "endless"), Job(YUNLING, "never")]
    crew = Crew(1, tmp_path / "kept")

    def interrupt(done: int, _total: int) -> None:
        if done == 5:
            threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        result = _checked(jobs, crew, progress=interrupt)
    finally:
        signal.signal(signal.SIGINT, before)
    assert crew.left == 2
    assert result.model_dump() == _checked(jobs[:5], None).model_dump()
