"""The command from start to finish beside others on a small file each: ``python -m tests.benchmarks.command``. Medians of seven, in ms.

Everyone runs from compiled modules, as installed programs do: a checkout that may not write its own would compile itself at every start.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

# ruff: noqa: T201

ROUNDS = 7
EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "yunling-2024.txt"


def commands() -> dict[str, list[str]]:
    """What is run, by name."""
    scripts = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    tool = {name: shutil.which(name, path=scripts) for name in ("govreport", "frictionless", "yamllint")}
    wanted = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "python -c 'import numpy'": [sys.executable, "-c", "import numpy"],
        "python -c 'import pydantic'": [sys.executable, "-c", "from pydantic import BaseModel\nclass A(BaseModel): a: int"],
        "govreport --version": [tool["govreport"] or "", "--version"],
        "govreport check, concise": [tool["govreport"] or "", "check", str(EXAMPLE), "--format", "concise"],
        "govreport check, rich": [tool["govreport"] or "", "check", str(EXAMPLE), "--format", "rich"],
        "yamllint": [tool["yamllint"] or "", "small.yaml"],
        "frictionless validate": [tool["frictionless"] or "", "validate", "small.csv"],
    }
    for name in (name for name, words in wanted.items() if not words[0]):
        print(f"{name.split()[0]} is not installed and left out (extra bench)")
    return {name: words for name, words in wanted.items() if words[0]}


def surroundings(folder: str) -> dict[str, str]:
    """The environment of every run: compiled modules are kept in ``folder``."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(Path(folder) / "compiled")}


def spent(words: list[str], folder: str) -> tuple[float, float]:
    """(wall, processor) milliseconds of one run. Raises CalledProcessError when it does not end well."""
    before, start = os.times(), time.perf_counter()
    subprocess.run(words, cwd=folder, env=surroundings(folder), check=True, stdout=subprocess.DEVNULL)
    wall, after = time.perf_counter() - start, os.times()
    return wall * 1000, (after.children_user + after.children_system - before.children_user - before.children_system) * 1000


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "small.csv").write_text("id,name\n1,a\n2,b\n")
        (Path(folder) / "small.yaml").write_text("---\nname: a\n")
        wanted = commands()
        times: dict[str, list[tuple[float, float]]] = {name: [] for name in wanted}
        for words in wanted.values():
            spent(words, folder)  # everything is compiled now
        for _ in range(ROUNDS):
            for name, words in wanted.items():
                times[name].append(spent(words, folder))
    yardstick = median(cpu for _, cpu in times["frictionless validate"]) if "frictionless validate" in times else float("nan")
    print(f"{'':30}{'wall, ms':>10}{'CPU, ms':>10}{'x frictionless (CPU)':>22}")
    for name, pairs in times.items():
        wall, cpu = median(wall for wall, _ in pairs), median(cpu for _, cpu in pairs)
        print(f"{name:30}{wall:10.0f}{cpu:10.0f}{cpu / yardstick:22.2f}")


if __name__ == "__main__":
    main()
