"""An archive on a real Dask scheduler with two worker processes, one of which is killed in the middle."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from archived_reports import FORM, documents, files
from test_archive_building import contents

from govreport_check import UsageError, load_pack
from govreport_check.archive.running import added_up, build, check_archive, diff_archive, engine_of, rules_of
from govreport_check.archive.store import append
from govreport_check.selection import Options
from tests.benchmarks.archived import record_batch
from tests.benchmarks.data import BESIDE, WORK, generate

pytest.importorskip("distributed")
pytestmark = pytest.mark.slow
OF_WORK = Options(select=WORK, ignore=BESIDE)


def started(*arguments: str) -> subprocess.Popen[str]:
    program = [sys.executable, "-m", "distributed.cli.dask_scheduler" if arguments[0] == "scheduler" else "distributed.cli.dask_worker"]
    return subprocess.Popen([*program, *arguments[1:]], stderr=subprocess.PIPE, text=True)


def drained(process: subprocess.Popen[str]) -> None:
    threading.Thread(target=lambda: list(process.stderr or ()), daemon=True).start()


@pytest.fixture
def cluster() -> Iterator[tuple[str, list[subprocess.Popen[str]]]]:
    """The address of a scheduler and its two workers, each a process without a nanny that would start it again."""
    scheduler = started("scheduler", "--port", "0", "--no-dashboard")
    address = next(found[1] for line in scheduler.stderr or () if (found := re.search(r"Scheduler at:\s+(tcp://\S+)", line)))
    drained(scheduler)
    workers = [started("worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard") for _ in range(2)]
    for worker in workers:
        next(line for line in worker.stderr or () if "Registered to" in line)
        drained(worker)
    try:
        yield address, workers
    finally:
        for process in (*workers, scheduler):
            process.terminate()
            process.wait(20)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    form = load_pack("cn-disclosure").forms[FORM]
    for i in range(8):
        append(tmp_path / "a", record_batch(generate(form, 4_000, seed=20 + i), i * 4_000))
    return tmp_path / "a"


def test_dask_finds_what_processes_find_though_a_worker_dies(
    cluster: tuple[str, list[subprocess.Popen[str]]], archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("govreport_check.archive.running.TOGETHER", 2_000)  # small files, and yet many tasks
    address, workers = cluster
    rules, (local, dask) = [rules_of("cn-disclosure")], (archive.parent / name for name in ("local.parquet", "dask.parquet"))
    with engine_of("local", 2) as run:
        known = check_archive(archive, rules, run, local, OF_WORK)
    killed = []

    def kill_one(run: object) -> object:
        def killing(work: object, tasks: object) -> Iterator[object]:
            for i, result in enumerate(run(work, tasks)):  # type: ignore[operator]
                if i == 3:
                    os.kill(workers[0].pid, signal.SIGKILL)
                    killed.append(workers[0].wait())
                yield result

        return killing

    with engine_of("dask", scheduler=address) as run:
        found = check_archive(archive, rules, kill_one(run), dask, OF_WORK)  # type: ignore[arg-type]
        assert killed == [-signal.SIGKILL]
        assert found == known
        assert dask.read_bytes() == local.read_bytes()
        assert next(iter(diff_archive(archive, rules[0], rules[0], run, OF_WORK))).num_rows == 0


def test_a_worker_that_dies_while_building_loses_and_doubles_nothing(
    cluster: tuple[str, list[subprocess.Popen[str]]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, workers = cluster
    monkeypatch.setattr("govreport_check.archive.running.FILES_AT_A_TIME", 5)
    paths = files(tmp_path / "reports", documents(load_pack("cn-disclosure").forms[FORM], 60))
    with engine_of("local", 1) as run:
        known = added_up(build(tmp_path / "local", paths, run, ["cn-disclosure"]))
    threading.Timer(0.7, lambda: os.kill(workers[1].pid, signal.SIGKILL)).start()
    with engine_of("dask", scheduler=address) as run:
        done = added_up(build(tmp_path / "dask", paths, run, ["cn-disclosure"]))
    time.sleep(0.1)
    assert workers[1].poll() == -signal.SIGKILL
    assert done == known
    assert {name: found for name, found in contents(tmp_path / "dask").items() if not Path(name).name.startswith(".")} == contents(
        tmp_path / "local"
    )


def test_no_scheduler_is_said() -> None:
    with pytest.raises(UsageError, match="no Dask scheduler answers"), engine_of("dask", scheduler="tcp://127.0.0.1:9"):
        pass
