"""Tutorials: their commands run in their order, in a folder of its own, and print what the page shows; the site's pages are there."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from some_reports import ROOT

from govreport_check.cli import main

SLOW = {"tutorial-rule-authors"}
"""It tests a whole pack, a quarter of a minute."""
PAGES = sorted((ROOT / "docs").glob("tutorial-*.md"))
SITE = tomllib.loads((ROOT / "docs" / "zensical.toml").read_text(encoding="utf-8"))["project"]
DONE, FINDINGS = 0, 1


def commands(page: Path) -> list[tuple[str, list[str]]]:
    """Each command of the page with the lines that it is said to print."""
    found: list[tuple[str, list[str]]] = []
    for block in re.findall(r"^```console\n(.*?)^```", page.read_text(encoding="utf-8"), flags=re.M | re.S):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line.removeprefix("$ "), []))
            else:
                found[-1][1].append(line)
    return found


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(ROOT / "docs" / "examples", tmp_path / "docs" / "examples")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr("sys.excepthook", None)
    return tmp_path


RUN = [pytest.param(page, id=page.stem, marks=[pytest.mark.slow] if page.stem in SLOW else []) for page in PAGES if commands(page)]


@pytest.mark.parametrize("page", RUN)
def test_every_command_runs_and_prints_what_is_shown(page: Path, desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command, shown in commands(page):
        program, *arguments = shlex.split(command)
        code = main(arguments)
        printed = capsys.readouterr()
        assert (program, code in (DONE, FINDINGS), printed.err if code > FINDINGS else "") == ("govreport", True, ""), command
        assert [line for line in shown if line not in printed.out] == [], command
        written = [value for value in arguments if value.endswith((".docx", ".xlsx", ".html", ".json", ".xml", ".sarif")) and "=" in value]
        assert [value for value in written if not (desk / value.partition("=")[2]).is_file()] == [], command


@pytest.mark.parametrize(("name", "lang"), [("tutorial-clerks-zh.md", "zh"), ("tutorial-clerks.md", "en")], ids=["zh", "en"])
def test_the_verdict_that_is_shown_is_the_real_one(name: str, lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    (shown,) = re.findall(r"^```text\n(.*?)^```", (ROOT / "docs" / name).read_text(encoding="utf-8"), flags=re.M | re.S)
    main(["check", str(ROOT / "docs" / "examples" / "yunling-2024-mistakes.txt"), "--lang", lang, "--profile", "draft"])
    assert "".join(shown.split()) in "".join(capsys.readouterr().out.split())


def pages_of(nav: Any) -> Iterator[str]:
    for entry in nav:
        for value in entry.values():
            yield from [value] if isinstance(value, str) else pages_of(value)


def test_the_site_has_the_pages_that_it_names_each_once() -> None:
    named = list(pages_of(SITE["nav"]))
    assert [name for name in named if not (ROOT / "docs" / name).is_file()] == []
    assert len(named) == len(set(named))


def test_every_page_is_reached_from_the_index_or_the_navigation() -> None:
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    lost = {page.name for page in (ROOT / "docs").glob("*.md")} - set(pages_of(SITE["nav"])) - set(re.findall(r"\]\(([^)#]+)", index))
    assert lost == set()


@pytest.mark.skipif(shutil.which("zensical") is None, reason="no zensical on the path (the extra docs)")
def test_the_site_is_built_without_a_broken_link_and_asks_no_other_host_for_anything(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "docs", tmp_path / "docs", ignore=shutil.ignore_patterns("site", ".cache"))
    command = ["zensical", "build", "--strict", "-f", str(tmp_path / "docs" / "zensical.toml")]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=tmp_path, check=False, timeout=300)
    assert done.returncode == 0, done.stdout[-2000:]
    pages = [page.read_text(encoding="utf-8") for page in (tmp_path / "docs" / "site").rglob("*.html")]
    assert len(pages) > 100
    loaded = r"""<(?:script|img|iframe|source)\b[^>]*\bsrc="?https?:|<link\b[^>]*\bhref="?https?:"""
    assert [found for page in pages for found in re.findall(loaded, page)] == []
