"""A real browser for the tests of pages: Debian's Chromium, driven by playwright; tests that ask for it are skipped without them."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from govreport_check.findings import Result
from govreport_check.renderers import render

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 1000}


@dataclass
class Browser:
    """``said`` is what pages wrote to the console, ``asked`` what they requested besides themselves."""

    chromium: Any
    folder: Path
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def show(self, result: Result, size: dict[str, int] = DESK, scheme: str = "light", **options: Any) -> Any:
        """A page on ``result``, opened as a file."""
        path = self.folder / f"{len(list(self.folder.iterdir()))}.html"
        path.write_text(render(result, "html", **options), encoding="utf-8")
        page = self.chromium.new_page(viewport=size, color_scheme=scheme)
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url) if request.url != path.as_uri() else None)
        page.on("dialog", lambda dialog: self.said.append(dialog.message) or dialog.dismiss())
        page.goto(path.as_uri())
        return page

    def outside(self) -> list[str]:
        """What was asked for that is not in the file."""
        return [url for url in self.asked if not url.startswith("data:") and "#" not in url]


def chromium() -> Iterator[Any]:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("no chromium is installed")
    sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def axe_script(folder: Path) -> str:
    """axe-core, which finds what shuts people out; fetched into ``folder``."""
    return fetched(folder, "axe-core@4", "axe.min.js")


def fetched(folder: Path, package: str, file: str) -> str:
    """A text file of a package of npm; the test is skipped where it cannot be had."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip(f"no npm to fetch {package} with")
    done = subprocess.run([npm, "install", "--no-audit", "--no-fund", package], cwd=folder, capture_output=True, check=False, timeout=120)
    if done.returncode:
        pytest.skip(f"{package} cannot be fetched")
    return (folder / "node_modules" / package.rpartition("@")[0] / file).read_text(encoding="utf-8")


def violations(page: Any, axe: str) -> list[tuple[str, str, str]]:
    """What is serious or critical, with the first place and why."""
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    loud = [one for one in found if one["impact"] in ("serious", "critical")]
    return [(one["id"], one["nodes"][0]["html"], one["nodes"][0]["failureSummary"]) for one in loud]
