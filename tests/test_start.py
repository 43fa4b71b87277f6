"""What checking a text does not import: it would take longer than the check."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from some_reports import ROOT

RUN = """
import json, sys
from govreport_check.cli import main
code = main()
sys.stderr.write("modules:" + json.dumps([code, sorted(sys.modules)]))
"""
OTHERS = """
from typing import get_type_hints
from pydantic import BaseModel
from govreport_check.findings import Counts
assert get_type_hints(Counts)["passed"] is int
class Mine(BaseModel):
    counts: Counts
print(Mine(counts=Counts(passed=1)).model_dump_json(by_alias=True).removeprefix('{"counts":').removesuffix("}"))
"""
FOREIGN = {"docx", "xlsx", "pdf", "ofd", "office", "html", "markdown", "structured", "foia_xml", "foia_csv", "flat_csv"}


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


def imported(cache: Path, *words: str) -> tuple[int, set[str]]:
    """The exit code of a command in a process of its own, and the modules that it had imported at its end."""
    environment = {name: value for name, value in os.environ.items() if name != "GOVREPORT_CACHE"}
    environment |= {"XDG_CACHE_HOME": str(cache), "LOCALAPPDATA": str(cache), "PYTHONPATH": str(ROOT)}
    run = subprocess.run([sys.executable, "-c", RUN, *words], env=environment, cwd=ROOT, capture_output=True, text=True, check=True)
    code, modules = json.loads(run.stderr.rpartition("modules:")[2])
    return code, set(modules)


def test_a_clean_text_imports_little(cache: Path) -> None:
    words = ("check", "docs/examples/yunling-2024.txt", "--format", "concise")
    imported(cache, *words)  # the packs are kept now
    code, modules = imported(cache, *words)
    assert code == 0
    assert {"pydantic", "pydantic_core", "yaml", "msgspec", "lxml", "importlib.metadata", "asyncio", "multiprocessing"} & modules == set()
    assert {f"govreport_check.readers.{name}" for name in FOREIGN} & modules == set()
    assert {"numpy._core", "numpy._globals"} & modules == set()  # under its own name stands what would import it
    assert {f"govreport_check.{name}" for name in ("suspects", "locate", "splitting", "excusing", "pack_loading")} & modules == set()
    assert {name for name in modules if name.startswith("govreport_check.cli_")} == {
        f"govreport_check.cli_{name}" for name in ("check", "config", "copies", "output")
    }


def test_a_finding_imports_what_tells_it(cache: Path) -> None:
    words = ("check", "docs/examples/yunling-2024-mistakes.txt", "--format", "concise")
    imported(cache, *words)
    code, modules = imported(cache, *words)
    assert code == 1
    assert {"govreport_check.suspects", "numpy._core"} <= modules
    assert not {"pydantic", "yaml", "govreport_check.pack_loading"} & modules


def test_the_version_imports_no_engine(cache: Path) -> None:
    _, modules = imported(cache, "--version")
    assert not {"numpy._core", "pydantic", "re2", "govreport_check.engine", "govreport_check.cli_check"} & modules


def test_records_are_known_to_others_before_pydantic_was_asked_of_them() -> None:
    told = subprocess.run([sys.executable, "-c", OTHERS], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert json.loads(told) == {"pass": 1, "fail": 0, "undecided": 0, "not_applicable": 0}


def test_a_program_that_runs_the_command_keeps_its_numpy() -> None:
    asked = "import sys; from govreport_check.cli import main; main(['--version']); print('numpy' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert told.split()[-1] == "False"
