"""Where the command meets others: pre-commit, GitHub's runner, shells, locales, and a look at its own installation."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from some_reports import EXAMPLES, ROOT

from govreport_check import cli_config, console, doctor
from govreport_check.cli import govreport, main
from govreport_check.help_text import in_chinese

GOOD, BAD = EXAMPLES / "yunling-2024.txt", EXAMPLES / "yunling-2024-mistakes.txt"
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))


def run(*arguments: str | Path, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    known = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "GIT_DIR", "GIT_INDEX_FILE")}
    return subprocess.run(
        [str(one) for one in arguments], cwd=folder, env={**known, **environment}, capture_output=True, text=True, check=False, timeout=900
    )


# --- help ----------------------------------------------------------------------------------------------------------------------


def texts(command: click.Command) -> Iterator[str]:
    yield from (text for text in (command.help, *(one.help for one in command.params if isinstance(one, click.Option))) if text)
    for name in command.list_commands(click.Context(command)) if isinstance(command, click.Group) else ():
        below = command.get_command(click.Context(command), name)
        yield from texts(below)


def test_every_help_text_has_its_chinese() -> None:
    assert [text for text in texts(govreport) if in_chinese(text) is None] == []
    assert in_chinese("Nothing says so.") is None


@pytest.mark.parametrize(("variable", "value", "zh"), [("GOVREPORT_LANG", "zh", True), ("LANG", "zh_CN.UTF-8", True), ("LANG", "C", False)])
def test_help_follows_the_environment(
    variable: str, value: str, zh: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("GOVREPORT_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, value)
    for arguments in (["--help"], ["check", "--help"], ["rules", "--help"]):
        main(arguments)
        out = capsys.readouterr().out
        assert ("用法：" in out, "Usage:" in out, "Show this message" in out) == (zh, not zh, not zh)


def test_chinese_help_has_no_english_in_its_brackets(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("GOVREPORT_LANG", "zh")
    for command in ("form", "serve"):
        main([command, "--help"])
    out = capsys.readouterr().out
    assert ("（必填）" in out, "required" in out, "default" in out) == (True, False, False)


def test_shells_complete_commands() -> None:
    done = run(
        sys.executable,
        "-m",
        "govreport_check",
        folder=ROOT,
        _GOVREPORT_COMPLETE="bash_complete",
        COMP_WORDS="govreport ver",
        COMP_CWORD="1",
    )
    assert "verify" in done.stdout


# --- doctor --------------------------------------------------------------------------------------------------------------------


def test_the_installation_is_looked_at(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert all(name in out for name in ("python", "cn-disclosure", "soffice", "fonts", "cache"))


def test_what_is_missing_is_no_failure_and_what_is_broken_is(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(doctor, "EXTRAS", {"pdf": ("no-such-package", ("读取PDF", "reads PDF"))})
    monkeypatch.setattr(doctor.shutil, "which", lambda _: None)
    assert main(["doctor", "--lang", "zh"]) == 0
    out = capsys.readouterr().out
    assert "pip install 'govreport-check[pdf]'" in out
    assert "未找到LibreOffice" in out
    monkeypatch.setattr(doctor, "OLDEST", (9, 0))
    assert main(["doctor"]) == 1


def test_the_extras_are_those_of_the_package() -> None:
    import tomllib

    stated = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert {name: stated[name][0].partition(">")[0] for name in doctor.EXTRAS} == {
        name: package for name, (package, _) in doctor.EXTRAS.items()
    }


# --- the bar -------------------------------------------------------------------------------------------------------------------


def test_a_bar_is_shown_on_a_terminal_alone(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(GOOD), str(GOOD), "--format", "concise"]) == 0
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(console, "is_terminal", lambda stream: stream is sys.stderr)
    monkeypatch.setattr(cli_config, "_PATIENCE", -1.0)
    assert main(["check", str(GOOD), str(GOOD), "--format", "concise"]) == 0
    err = capsys.readouterr().err
    assert "2/2" in err
    assert err.endswith("\r\033[K")


# --- the action ----------------------------------------------------------------------------------------------------------------


def step(name: str) -> dict[str, Any]:
    return next(one for one in ACTION["runs"]["steps"] if one["name"] == name)


@pytest.fixture
def runner(tmp_path: Path) -> dict[str, str]:
    """What GitHub's runner has in the environment; the command that the first step installs stands in for itself."""
    bin_ = tmp_path / "govreport" / "bin"
    bin_.mkdir(parents=True)
    (bin_ / "govreport").write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m govreport_check "$@"\n', encoding="utf-8")
    (bin_ / "govreport").chmod(0o755)
    return {"RUNNER_TEMP": str(tmp_path), "GITHUB_OUTPUT": str(tmp_path / "output"), "GITHUB_STEP_SUMMARY": str(tmp_path / "summary")}


def test_the_action_states_all_that_its_steps_use() -> None:
    used = {text for one in ACTION["runs"]["steps"] for text in one.get("env", {}).values()}
    assert used == {"${{ github.action_path }}", *(f"${{{{ inputs.{name} }}}}" for name in ACTION["inputs"])}
    assert all(one["shell"] == "bash" and "${{" not in one["run"] for one in ACTION["runs"]["steps"])  # no text of others in a script


@pytest.mark.skipif(shutil.which("bash") is None or sys.platform == "win32", reason="the action's steps are for bash")
@pytest.mark.parametrize(("report", "arguments", "code"), [(GOOD, "", 0), (BAD, "", 1), (BAD, "--fail-on never --lang en", 0)])
def test_the_step_that_checks_runs_as_written(report: Path, arguments: str, code: int, runner: dict[str, str], tmp_path: Path) -> None:
    shutil.copy(report, tmp_path / "a report.txt")
    script = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step("Check")["run"]]
    done = run(*script, folder=tmp_path, FILES="a report.txt\n", ARGUMENTS=arguments, **runner)
    assert done.returncode == code, done.stderr
    assert ("::error" in done.stdout) is (report is BAD)
    assert (tmp_path / "summary").read_text(encoding="utf-8").strip()
    result = (tmp_path / "output").read_text(encoding="utf-8").strip().removeprefix("result=")
    assert "govreport-result/1" in Path(result).read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="the action's steps are for bash")
def test_the_step_that_installs_runs_as_written(runner: dict[str, str], tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "govreport")
    script = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step("Install")["run"]]
    done = run(*script, folder=tmp_path, ACTION=str(ROOT), PYTHON=sys.executable, **runner)
    if done.returncode and "No matching distribution" in done.stderr + done.stdout:
        pytest.skip("packages cannot be fetched here")
    assert done.returncode == 0, done.stderr
    assert run(tmp_path / "govreport" / "bin" / "govreport", "check", GOOD, folder=tmp_path).returncode == 0


# --- pre-commit ----------------------------------------------------------------------------------------------------------------


def test_the_hook_is_about_reports() -> None:
    import re

    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    wanted = re.compile(hook["files"])
    assert all(wanted.search(name) for name in ("reports/2024.docx", "a/reports/b/c.pdf", "reports/x.HTML".lower()))
    assert not any(wanted.search(name) for name in ("src/a.json", "reports/a.py", "myreports/a.txt"))


@pytest.mark.slow
def test_pre_commit_passes_a_clean_report_and_fails_a_broken_one(tmp_path: Path) -> None:
    pytest.importorskip("pre_commit")
    if shutil.which("git") is None:
        pytest.skip("git is missing")
    hooks, project = tmp_path / "hooks", tmp_path / "project"
    names = ("govreport_check", "rules", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml")
    for name in names:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, hooks / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            hooks.mkdir(exist_ok=True)
            shutil.copy(source, hooks / name)
    (project / "reports").mkdir(parents=True)
    shutil.copy(GOOD, project / "reports" / "2024.txt")
    commit = ("git", "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "x")
    for folder in (hooks, project):
        for command in (("git", "init", "-q"), ("git", "add", "-A"), commit):
            assert run(*command, folder=folder).returncode == 0
    tried = ("pre-commit", "try-repo", str(hooks), "govreport-check", "--all-files")
    home = {"PRE_COMMIT_HOME": str(tmp_path / "home")}
    done = run(*tried, folder=project, **home)
    if "No matching distribution" in done.stdout:
        pytest.skip("packages cannot be fetched here")
    assert done.returncode == 0, done.stdout
    shutil.copy(BAD, project / "reports" / "2024.txt")
    run("git", "add", "-A", folder=project)
    done = run(*tried, folder=project, **home)
    assert done.returncode == 1
    assert "disputes-total" in done.stdout
