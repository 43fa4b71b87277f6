"""An archive on disk: appended once, readable whatever happens, and the same whoever built it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from archived_reports import FORM, alone, documents, files, of_rows

from govreport_check import UsageError, load_pack
from govreport_check.archive import running
from govreport_check.archive.running import Built, added_up, build, check_archive, engine_of, rules_of
from govreport_check.archive.store import known_hashes, parts_of, write_parquet
from govreport_check.pack import Pack
from govreport_check.selection import Options

pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack("cn-disclosure")


@pytest.fixture(scope="module")
def paths(pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return files(tmp_path_factory.mktemp("reports"), documents(pack.forms[FORM], 12)[:30])


def built(root: Path, paths: list[Path], jobs: int = 1) -> Built:
    with engine_of("local", jobs) as run:
        return added_up(build(root, paths, run, ["cn-disclosure"]))


def contents(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def test_the_same_files_are_not_added_twice(paths: list[Path], tmp_path: Path) -> None:
    root = tmp_path / "a"
    assert built(root, paths[:10]).added == 10
    before = contents(root)
    again = built(root, paths[:12])
    assert (again.added, again.known) == (2, 10)
    assert before.items() <= contents(root).items()
    assert built(root, paths[:12]) == Built(known=12)
    assert sum(part.size for part in parts_of(root)) == len(known_hashes(root)) == 12


def test_copies_are_added_once(paths: list[Path], tmp_path: Path) -> None:
    copy = tmp_path / "copy.json"
    copy.write_bytes(paths[0].read_bytes())
    assert built(tmp_path / "a", [paths[0], copy, paths[1]]) == Built(added=2, twice=1)


def test_what_could_not_be_read_is_told(paths: list[Path], tmp_path: Path) -> None:
    (tmp_path / "none.txt").write_text("食堂菜单", encoding="utf-8")
    done = built(tmp_path / "a", [tmp_path / "none.txt", paths[0], tmp_path / "missing.pdf"])
    assert (done.added, [Path(one.source).name for one in done.unread]) == (1, ["none.txt", "missing.pdf"])


def test_the_bytes_are_the_same_on_every_engine(paths: list[Path], tmp_path: Path) -> None:
    built(tmp_path / "one", paths[:6])
    built(tmp_path / "two", paths[:6], jobs=2)
    assert contents(tmp_path / "one") == contents(tmp_path / "two") != {}


def test_reports_lie_by_form_and_year(paths: list[Path], tmp_path: Path) -> None:
    root = tmp_path / "a"
    built(root, paths)
    assert {part.form for part in parts_of(root)} == {FORM}
    for part in parts_of(root):
        years = set(pq.ParquetFile(part.path).read(columns=["about.year"]).column(0).to_pylist())
        assert f"year={next(iter(years))}" == part.path.parent.name


def test_a_whole_archive_gets_the_findings_of_its_reports(paths: list[Path], pack: Pack, tmp_path: Path) -> None:
    root, target = tmp_path / "a", tmp_path / "findings.parquet"
    built(root, paths)
    with engine_of("local", 1) as run:
        checked = check_archive(root, [rules_of("cn-disclosure")], run, target)
    rows = pq.read_table(target).to_pylist()
    assert (checked.reports, sum(checked.findings.values())) == (len(paths), len(rows))
    unasked = {*checked.prose, *checked.of_others}
    for path in paths:
        known = [line for line in alone(path, pack) if line[0] not in unasked]
        assert of_rows(row for row in rows if row["source"] == str(path)) == known, path


def test_findings_do_not_depend_on_the_number_of_processes(paths: list[Path], tmp_path: Path) -> None:
    root = tmp_path / "a"
    built(root, paths)
    for jobs in (1, 2):
        with engine_of("local", jobs) as run:
            check_archive(root, [rules_of("cn-disclosure")], run, tmp_path / f"{jobs}.parquet", Options(select=("requests",)))
    assert (tmp_path / "1.parquet").read_bytes() == (tmp_path / "2.parquet").read_bytes()


def test_small_files_are_checked_together_as_each_by_itself(
    paths: list[Path], pack: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, rules = tmp_path / "a", rules_of("cn-disclosure")
    for half in (paths[::2], paths[1::2]):  # several files a year, none of them with every column
        built(root, half)
    parts, tables, pieces = parts_of(root), [], []
    for together in (1, running.TOGETHER):
        monkeypatch.setattr(running, "TOGETHER", together)
        pieces.append(len(running.pieces_of(parts, running.by_form([rules]), Options(), False)))
        with engine_of("local", 1) as run:
            check_archive(root, [rules], run, tmp_path / "findings.parquet", whole=True)
        tables.append(pq.read_table(tmp_path / "findings.parquet"))
    assert pieces == [len(parts), 1]
    assert tables[0].equals(tables[1])


def test_a_build_that_is_killed_leaves_what_can_be_read_and_is_taken_up(pack: Pack, tmp_path: Path) -> None:
    paths, root = files(tmp_path / "reports", documents(pack.forms[FORM], 60)), tmp_path / "a"
    program = (
        "import sys; from pathlib import Path; from govreport_check.archive import running; running.FILES_AT_A_TIME = 4\n"
        "with running.engine_of('local', 1) as run:\n"
        "    for _ in running.build(Path(sys.argv[1]), map(Path, sys.argv[2:]), run, ['cn-disclosure']): pass"
    )
    process = subprocess.Popen([sys.executable, "-c", program, str(root), *map(str, paths)])
    while process.poll() is None and not list(root.rglob("*.parquet")):
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    left = known_hashes(root)
    assert 0 < len(left) < len(paths)
    assert sum(part.size for part in parts_of(root)) == len(left)
    (parts_of(root)[0].path.with_name(".half.parquet.1.tmp")).write_bytes(b"PAR1 half")  # as a crash while writing leaves it
    done = built(root, paths)
    assert (done.added, done.known) == (len(paths) - len(left), len(left))
    assert sum(part.size for part in parts_of(root)) == len(known_hashes(root)) == len(paths)


def test_a_file_that_is_none_is_said(paths: list[Path], tmp_path: Path) -> None:
    root = tmp_path / "a"
    built(root, paths[:2])
    parts_of(root)[0].path.write_bytes(b"PAR1")
    with pytest.raises(UsageError, match=r"cannot be read.*build again"):
        parts_of(root)


def test_no_archive_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="archive build"):
        parts_of(tmp_path)


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    import pyarrow as pa

    def tables() -> object:
        yield pa.table({"a": [1]})
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_parquet(tmp_path / "f.parquet", tables())  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []
