"""Every ``scenarios/*.scenario``: a command, exactly what it prints, and its exit code.

    # What it shows (any number of lines).
    $ govreport check docs/examples/yunling-2024.txt
    --- out
    what is printed
    --- err
    what is said on standard error; a stream without a block prints nothing
    --- exit 0

The terminal's look is asserted here and nowhere else. To accept a new look, run with ``GOVREPORT_ACCEPT=1`` and read the
difference; commands run in the project's folder, 100 columns wide, without colour.
"""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from govreport_check.cli import main

ROOT = Path(__file__).parent.parent
SCENARIOS = sorted((ROOT / "tests" / "scenarios").glob("*.scenario"))


@dataclass(frozen=True)
class Scenario:
    head: str
    command: str
    out: str
    err: str
    code: int

    @classmethod
    def parse(cls, text: str) -> Scenario:
        head, _, rest = text.partition("$ ")
        command, _, body = rest.partition("\n")
        blocks: dict[str, list[str]] = {"out": [], "err": []}
        code, into = None, None
        for line in body.splitlines():
            word = line.removeprefix("--- ") if line.startswith("--- ") else None
            if word in blocks:
                into = blocks[word]
            elif word and word.startswith("exit "):
                code = int(word.removeprefix("exit "))
            elif into is None:
                raise ValueError(f"{line!r} stands in no block")
            else:
                into.append(line)
        if code is None:
            raise ValueError("a scenario ends with its exit code")
        return cls(head, command, _text(blocks["out"]), _text(blocks["err"]), code)

    def __str__(self) -> str:
        blocks = "".join(f"--- {name}\n{text}" for name, text in (("out", self.out), ("err", self.err)) if text)
        return f"{self.head}$ {self.command}\n{blocks}--- exit {self.code}\n"


def _text(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_scenario(path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setattr("sys.excepthook", None)
    expected = Scenario.parse(path.read_text(encoding="utf-8"))
    program, *arguments = shlex.split(expected.command)
    code = main(arguments)
    printed = capsys.readouterr()
    got = replace(expected, out=printed.out, err=printed.err, code=code)
    if os.environ.get("GOVREPORT_ACCEPT"):
        path.write_text(str(got), encoding="utf-8")
    assert program == "govreport"
    assert str(got) == str(expected)


def test_there_are_scenarios() -> None:
    assert len(SCENARIOS) >= 5
