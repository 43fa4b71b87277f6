"""Milliseconds from a keypress in a figure until the page shows what the report now is, in Debian's Chromium against ``govreport serve``.

    python -m tests.benchmarks.serve_page

Measured in the page: from the time stamp of the input event until the next frame after everything is drawn. Its part in the server is from
sending the question until the whole answer is there. The peer in the same run is ``check`` called directly on the same report.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "serve")]

from browser import chromium  # noqa: E402
from clerk import MISTAKES, Clerk, clerk_at  # noqa: E402
from serving import started  # noqa: E402

from govreport_check import check, read  # noqa: E402

# ruff: noqa: T201

ROUNDS = 40
PAUSE = 250
"""Milliseconds between two keys, as of one who types with care."""
CELL = ("requests", "granted", "total")
ASKED = """() => performance.getEntriesByType("resource").filter(one => one.name.endsWith("api/check"))
    .map(one => one.responseEnd - one.startTime)"""
SHOWN = "() => performance.getEntriesByName('edit').map(one => one.duration)"


def told(name: str, found: list[float]) -> float:
    print(f"{name:<56} {median(found):7.1f} ms   best {min(found):.1f}, worst {max(found):.1f} of {len(found)}")
    return median(found)


def directly(file: Path) -> list[float]:
    report = read(file)
    found = []
    for i in range(ROUNDS + 2):
        begun = time.perf_counter()
        check(report.with_cell(*CELL, i), lang="zh", printed=True)
        found.append((time.perf_counter() - begun) * 1000)
    return found[2:]


def typed(clerk: Clerk, file: Path) -> tuple[list[float], list[float]]:
    """(keypress to shown, question to answer) of every edit."""
    clerk.drop(("a.txt", file.read_bytes()))
    clerk.at(f"{CELL[0]}[{CELL[1]}, {CELL[2]}]").click()
    shown: list[float] = []
    for i in range(ROUNDS + 2):
        clerk.page.keyboard.press("Backspace" if i % 2 else str(i // 2 % 9 + 1))
        clerk.page.wait_for_timeout(PAUSE)  # looking all the time would take from what is measured
        clerk.until(f"performance.getEntriesByName('edit').length > {i}")
    shown = clerk.page.evaluate(SHOWN)[2:]
    asked = clerk.page.evaluate(ASKED)[-ROUNDS:]
    return shown, asked


def measured(driver: Any, title: str, file: Path) -> None:
    print(f"\n{title}")
    peer = told("check called directly", directly(file))
    with started("--no-browser", "--lang", "zh") as serving:
        address = f"{serving.address}#token={serving.client.headers['X-Govreport-Token']}&lang=zh"
        with clerk_at(driver, address) as clerk:
            shown, asked = typed(clerk, file)
    whole = told("an edit, from keypress to shown", shown)
    told("  of it the answer of the server", asked)
    print(f"{'an edit beside check called directly':<56} {whole / peer:7.2f} x")


def main() -> None:
    print(f"load of this machine {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores")
    driver: Any = next(found := chromium())
    measured(driver, "a report that was right, the figure typed is wrong", MISTAKES.with_name("yunling-2024.txt"))
    measured(driver, "a report with ten mistakes", MISTAKES)
    found.close()


if __name__ == "__main__":
    main()
