"""The command's own work: options in, exit codes and streams out. What a check finds is tested elsewhere."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import govreport_check
from govreport_check.cli import main
from govreport_check.engine import Job, Options
from govreport_check.errors import Complaint, PackError, SourceError, UsageError
from govreport_check.examples import ExampleResult
from govreport_check.findings import Finding, ReportResult, Result, Severity, Verdict

EXAMPLES = Path(__file__).parent.parent / "docs" / "examples"
EXAMPLE, MISTAKES = EXAMPLES / "yunling-2024.txt", EXAMPLES / "yunling-2024-mistakes.txt"
HEAVY = ("numpy._core", "pydantic", "rich", "yaml", "cerberus", "re2", "lxml")


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("sys.excepthook", sys.excepthook)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")
    return


class Checks:
    """A stand-in for the engine that keeps what it was asked and answers with one verdict."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []
        self.packs: Any = None
        self.options = Options()
        self.verdict = Verdict.CLEAN

    @property
    def sources(self) -> list[Any]:
        return [job.source for job in self.jobs]

    def __call__(self, jobs: list[Job], packs: Any, options: Options, *_: Any) -> Result:
        self.jobs, self.packs, self.options = list(jobs), packs, options
        finding = Finding(rule="a/b", outcome="fail", severity=Severity.NOTE, title="t", message="只是提示", fingerprint="f")
        reports = [
            ReportResult(source=str(source)[:40], form="f/2021", verdict=self.verdict, sentence="一句话。", findings=[finding])
            for source in self.sources
        ]
        return Result(engine="0", reports=reports)


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> Checks:
    stand_in = Checks()
    monkeypatch.setattr("govreport_check.engine.check_jobs", stand_in)
    return stand_in


def raising(error: BaseException) -> Callable[..., Any]:
    def raise_it(*_: Any, **__: Any) -> Any:
        raise error

    return raise_it


def test_options_reach_the_engine(checks: Checks) -> None:
    options = ["--select", "a,b", "--select", "c", "--ignore", "d , e", "--pack", "p", "--lang", "en", "--strict", "--prior", "last.txt"]
    others = ["--fail-on", "warning", "--profile", "draft", "--about", "level=county", "--about", "year=2024", "--max-size", "3"]
    assert main(["check", "x.txt", *options, *others]) == 0
    assert checks.jobs == [Job(Path("x.txt"), "x.txt", {"level": "county", "year": 2024}, "last.txt")]
    assert checks.packs == ("p",)
    assert checks.options == Options("en", ("a", "b", "c"), ("d", "e"), "warning", True, "draft", max_size=3 << 20)


def test_files_that_excuse_findings_reach_the_engine(checks: Checks, tmp_path: Path) -> None:
    beside = tmp_path / "govreport.waivers.yaml"
    beside.write_text("", encoding="utf-8")
    report = str(tmp_path / "x.txt")
    main(["check", report, "--baseline", "b.json", "--today", "2026-12-31"])
    assert checks.jobs == [Job(Path(report), report, {}, waivers=beside, baseline=Path("b.json"))]
    assert checks.options.today == date(2026, 12, 31)
    main(["check", report, "--waivers", "w.yaml"])
    assert checks.jobs == [Job(Path(report), report, {}, waivers=Path("w.yaml"))]


def test_nothing_is_assumed_without_options(checks: Checks) -> None:
    main(["check", "x.txt"])
    assert checks.jobs == [Job(Path("x.txt"), "x.txt", {})]
    assert (checks.packs, checks.options) == (None, Options())


def test_parts_belong_to_one_report(checks: Checks) -> None:
    assert main(["check", "sum.txt", "--parts", "a.txt", "--parts", "b.txt"]) == 0
    assert checks.jobs[0].parts == ("a.txt", "b.txt")
    assert main(["check", "sum.txt", "other.txt", "--parts", "a.txt"]) == 2


def test_a_roster_gives_facts_by_file(checks: Checks, tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text("unit,file,level,prior\n云岭县,a.txt,county,last.txt\n", encoding="utf-8")
    assert main(["check", str(tmp_path / "a.txt"), str(tmp_path / "b.txt"), "--roster", str(tmp_path / "roster.csv")]) == 0
    assert [(job.about, job.prior) for job in checks.jobs] == [({"level": "county"}, tmp_path / "last.txt"), ({}, None)]


@pytest.mark.parametrize(("verdict", "code"), [(Verdict.CLEAN, 0), (Verdict.FINDINGS, 1), (Verdict.NOT_VERIFIED, 1)])
def test_the_exit_code_is_the_verdict(checks: Checks, verdict: Verdict, code: int) -> None:
    checks.verdict = verdict
    assert main(["check", "x.txt"]) == code


def test_a_folder_stands_for_its_readable_files_by_name(checks: Checks, tmp_path: Path) -> None:
    folder = tmp_path / "《云岭县》 年报"
    for name in ("b.txt", "a.MD", "c.yml", "x.png", ".hidden.txt", "d/e.json", ".git/f.txt"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", encoding="utf-8")
    assert main(["check", str(folder), str(folder / "x.png")]) == 0
    assert [path.relative_to(folder).as_posix() for path in checks.sources] == ["a.MD", "b.txt", "c.yml", "d/e.json", "x.png"]


@pytest.mark.parametrize("arguments", [[], ["."]])
def test_no_file_is_exit_3_and_one_line(
    checks: Checks, arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["check", *arguments]) == 3
    printed = capsys.readouterr()
    assert printed.out == ""
    assert len(printed.err.splitlines()) == 1
    assert checks.sources == []


def test_standard_input_is_a_report(checks: Checks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO("年报".encode("gb18030"))))
    assert main(["check", "-"]) == 0
    assert checks.sources == ["年报".encode("gb18030")]
    assert [job.name for job in checks.jobs] == ["<stdin>"]


def test_notes_and_formats(checks: Checks, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", "x.txt"])
    assert "只是提示" not in capsys.readouterr().out
    main(["check", "x.txt", "--notes"])
    assert "只是提示" in capsys.readouterr().out
    main(["check", "x.txt", "--format", "json"])
    assert json.loads(capsys.readouterr().out)["schema"] == "govreport-result/1"


def test_output_goes_to_the_file_alone(
    checks: Checks, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("FORCE_COLOR", "1")
    target = tmp_path / "《结果》.txt"
    assert main(["check", "x.txt", "--output-file", str(target)]) == 0
    assert capsys.readouterr().out == ""
    text = target.read_text(encoding="utf-8")
    assert "一句话。" in text
    assert "\x1b" not in text


def test_a_file_that_cannot_be_written_is_exit_2(checks: Checks, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "x.txt", "--output-file", str(tmp_path / "no" / "where.txt")]) == 2
    assert "where.txt" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "code", "lines"),
    [
        (UsageError("no pack is called x"), 2, 1),
        (SourceError("a.txt", "is empty"), 3, 1),
        (PackError([Complaint("r.yaml", 3, 1, "b"), Complaint("r.yaml", 2, 7, "a")]), 2, 3),
        (KeyboardInterrupt(), 130, 0),
    ],
)
def test_what_goes_wrong_is_said_in_lines(
    error: BaseException, code: int, lines: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("govreport_check.engine.check_jobs", raising(error))
    assert main(["check", "x.txt"]) == code
    printed = capsys.readouterr()
    assert printed.out == ""
    assert len(printed.err.strip().splitlines()) == lines
    if isinstance(error, PackError):
        assert printed.err.splitlines()[:2] == ["r.yaml:2:7: a", "r.yaml:3:1: b"]


@pytest.mark.parametrize("arguments", [["chekc"], ["check", "--fail-on", "sometimes", "x"], ["check", "--nope"], ["rules", "schema", "x"]])
def test_a_wrong_call_is_exit_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert "Error" in capsys.readouterr().err


def test_examples_that_do_not_hold_are_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    hold = ExampleResult("cn/balance", 0, "pass", "pass", "", "rules/cn/balance.yaml", 20)
    broken = ExampleResult("cn/balance", 1, "fail", "pass", "expected fail, got pass", "rules/cn/balance.yaml", 30)
    idle = ExampleResult("cn/balance", -1, "pass", "pass", "requests[…] matters to no passing example", "rules/cn/balance.yaml", 18)
    monkeypatch.setattr(govreport_check, "load_pack", lambda _: "cn")
    monkeypatch.setattr(govreport_check, "test_pack", lambda _: [hold, broken, idle])
    assert main(["rules", "test", "cn"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "rules/cn/balance.yaml:30: cn/balance: expected fail, got pass",
        "rules/cn/balance.yaml:18: cn/balance: requests[…] matters to no passing example",
        "2 of 3 examples of 1 rules do not hold",
    ]


def test_the_bundled_examples_hold(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "test"]) == 0
    assert re.fullmatch(r"\d+ examples of \d+ rules hold\n", capsys.readouterr().out)


def test_a_bad_pack_stops_the_run_with_every_complaint(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "pack.yaml").write_text("schema: govreport-pack/1\nid: bad\nversio: 1\n", encoding="utf-8")
    (tmp_path / "rule.yaml").write_text("schema: [", encoding="utf-8")
    report = tmp_path / "report.txt"
    report.write_text("年报", encoding="utf-8")
    assert main(["check", "--pack", str(tmp_path), str(report)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert {line.split(":")[0] for line in printed.err.splitlines()[:-1]} == {str(tmp_path / name) for name in ("pack.yaml", "rule.yaml")}


@pytest.mark.parametrize("kind", ["rule", "form", "pack"])
def test_schemas_are_json(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "schema", kind]) == 0
    assert json.loads(capsys.readouterr().out)["type"] == "object"


def test_read_prints_what_check_takes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", str(EXAMPLE)]) == 0
    structured = tmp_path / "《报告》 一.json"
    structured.write_text(capsys.readouterr().out, encoding="utf-8")
    assert json.loads(structured.read_text(encoding="utf-8"))["schema"] == "govreport-report/1"
    assert main(["check", str(structured)]) == 0


def test_read_of_nothing_is_exit_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", str(tmp_path / "no.txt")]) == 3
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_pages_are_written_by_pack(tmp_path: Path) -> None:
    assert main(["rules", "docs", "-o", str(tmp_path)]) == 0
    assert (tmp_path / "index.md").is_file()
    assert (tmp_path / "cn-disclosure" / "requests-balance.md").is_file()
    assert (tmp_path / "form" / "unreadable-cell.md").is_file()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [([EXAMPLE], 0), ([MISTAKES], 1), ([MISTAKES, "--fail-on", "never"], 0), (["no.txt"], 3), ([EXAMPLE, "no.txt"], 1)],
)
def test_real_checks_end_as_the_contract_says(arguments: list[Path | str], code: int) -> None:
    assert main(["check", *map(str, arguments)]) == code


# --- the process ---------------------------------------------------------------------------------------------------------------


def run(code: str, *, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[bytes]:
    """``code`` in a fresh interpreter, after ``govreport_check as g`` and ``main`` are imported."""
    start = "import sys, govreport_check as g\nfrom govreport_check.cli import main\n"
    return subprocess.run(
        [sys.executable, "-c", start + code], capture_output=True, env={**os.environ, **(environment or {})}, timeout=60, check=False
    )


@pytest.mark.parametrize("argument", ["--version", "--help"])
def test_version_and_help_import_nothing_heavy(argument: str) -> None:
    done = run(f"main(['{argument}']); print([name for name in {HEAVY!r} if name in sys.modules])")
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == b"[]"


def test_the_version_is_the_distribution_s() -> None:
    from importlib.metadata import version

    assert run("main(['--version'])").stdout.decode().split() == ["govreport", version("govreport-check")]


def test_the_module_is_the_command() -> None:
    done = subprocess.run([sys.executable, "-m", "govreport_check", "check"], capture_output=True, timeout=60, check=False)
    assert done.returncode == 3


BUG = "import govreport_check.engine as engine\nengine.check_jobs = lambda *a, **k: 1 / 0\nsys.exit(main(['check', 'x.txt']))"


def test_a_bug_is_one_line_and_exit_2() -> None:
    done = run(BUG, environment={"GOVREPORT_DEBUG": ""})
    assert done.returncode == 2
    (line,) = done.stderr.decode().splitlines()
    assert "internal error" in line
    assert "ZeroDivisionError" in line


def test_a_bug_is_shown_whole_to_who_asks() -> None:
    done = run(BUG, environment={"GOVREPORT_DEBUG": "1"})
    assert done.returncode == 2
    assert b"Traceback" in done.stderr


ANSWER = """
import govreport_check.engine as engine
from govreport_check.findings import *
report = ReportResult(source="《云岭》\U0001f600.txt", form="f", verdict=Verdict.CLEAN, sentence="未发现错误 ✓")
engine.check_jobs = lambda *a, **k: Result(engine="0", reports=[report] * COUNT)
sys.exit(main(['check', 'x.txt', *sys.argv[1:]]))
"""


@pytest.mark.parametrize("encoding", ["gbk", "ascii", "latin-1", "utf-8"])
def test_no_console_fails_for_a_character(encoding: str) -> None:
    done = run(ANSWER.replace("COUNT", "1"), environment={"PYTHONIOENCODING": encoding})
    assert done.returncode == 0
    assert done.stderr == b""
    assert done.stdout.decode(encoding)


def test_a_reader_that_goes_away_changes_nothing() -> None:
    code = "import sys, govreport_check as g\nfrom govreport_check.cli import main\n" + ANSWER.replace("COUNT", "5000")
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if process.stdout is None or process.stderr is None:
        pytest.fail("no pipes")
    process.stdout.close()
    said = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=60) == 0
    assert said == b""
