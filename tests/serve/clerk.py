"""A person at the page: a real browser, and what is done and seen there. Nothing may go wrong behind it and nothing may leave it."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import documents
import printing
from some_reports import EXAMPLES, FORM

from govreport_check import check
from govreport_check.findings import ReportResult
from govreport_check.readers import load_source
from govreport_check.recognition import recognise
from govreport_check.renderers.html import GROUPS
from govreport_check.renderers.words import group_of

MISTAKES = EXAMPLES / "yunling-2024-mistakes.txt"
RIGHT = EXAMPLES / "yunling-2024.txt"
PHONE, TABLET, DESK = {"width": 390, "height": 844}, {"width": 1024, "height": 900}, {"width": 1440, "height": 1000}

DROP = """([files]) => {
    const held = new DataTransfer();
    for (const [name, content] of files) {
        const bytes = Uint8Array.from(atob(content), (char) => char.charCodeAt(0));
        held.items.add(new File([bytes], name));
    }
    for (const kind of ["dragenter", "dragover", "drop"])
        document.getElementById("drop").dispatchEvent(new DragEvent(kind, { dataTransfer: held, bubbles: true, cancelable: true }));
}"""

PRINTED = """el => {
    const copy = el.cloneNode(true);
    copy.querySelectorAll(".sign, .vh").forEach((one) => one.remove());
    return copy.textContent.trim();
}"""
FINDINGS = "all => all.map(one => [one.dataset.rule, one.querySelector('.message').textContent])"


@dataclass
class Clerk:
    """``said`` is what the page wrote to the console, ``left`` what it asked of others than the server."""

    page: Any
    origin: str
    said: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def drop(self, *files: tuple[str, bytes]) -> None:
        """Drops files on the page and waits for what they say."""
        self.page.evaluate(DROP, [[[name, base64.b64encode(content).decode()] for name, content in files]])
        self.wait("article.checked" if len(files) == 1 else "#stage .overview")

    def wait(self, selector: str) -> None:
        self.page.wait_for_selector(f"{selector}:visible", timeout=30_000)

    def until(self, condition: str) -> None:
        """Waits for a condition in JavaScript, which the page's policy does not let it evaluate itself."""
        for _ in range(500):
            if self.page.evaluate(condition):
                return
            self.page.wait_for_timeout(30)
        raise AssertionError(f"never: {condition}")

    def at(self, address: str, nth: int | None = None) -> Any:
        """The place of an address."""
        return self.page.locator(f"[data-at='{address}']" + (f"[data-nth='{nth}']" if nth is not None else ""))

    def change(self, place: Any, text: str) -> None:
        """Writes another text at a place, and waits until the findings are of it."""
        place.click()
        if place.locator(".edit").count() == 0:
            place.click()  # the first click on what is wrong in prose shows why
        place.locator(".edit").fill(text)
        self.page.keyboard.press("Enter")
        self.settled()

    def settled(self) -> None:
        """Waits until no check is under way."""
        self.page.wait_for_selector("#stage:not([aria-busy=true])", state="attached", timeout=30_000)

    def messages(self) -> list[str]:
        """The findings' sentences, whatever is filtered."""
        found: list[str] = self.page.locator("details.f .message").all_text_contents()
        return found

    def printed(self, address: str) -> str:
        """What stands at an address, without what is for screen readers."""
        found: str = self.at(address).first.evaluate(PRINTED)
        return found


@contextmanager
def clerk_at(chromium: Any, address: str, size: Mapping[str, int] = DESK, **options: Any) -> Iterator[Clerk]:
    context = chromium.new_context(viewport=size, locale="zh-CN", **options)
    page = context.new_page()
    clerk = Clerk(page, address.partition("#")[0].rstrip("/"))
    page.on("console", lambda message: clerk.said.append(message.text))
    page.on("pageerror", lambda error: clerk.said.append(str(error)))
    page.on("request", lambda request: clerk.left.append(request.url) if not is_own(request.url, clerk.origin) else None)
    page.goto(address)
    page.wait_for_selector("#formats:not(:empty), #entrance:visible", state="attached")
    yield clerk
    context.close()
    assert clerk.said == []
    assert clerk.left == []


def is_own(url: str, origin: str) -> bool:
    return url.startswith((f"{origin}/", "data:", f"blob:{origin}/"))


def told(report: ReportResult) -> list[tuple[str, str]]:
    """The (rule, sentence) of every finding, in order of their severity as the page has them."""
    found = sorted(report.findings, key=lambda one: GROUPS.index(group_of(one)))
    return [(one.rule, one.message) for one in found]


def shown(clerk: Clerk) -> list[tuple[str, str]]:
    """The same as the page shows it."""
    found = clerk.page.locator("details.f").evaluate_all(FINDINGS)
    return [(rule, message) for rule, message in found]


def in_every_format(path: Path) -> dict[str, bytes]:
    """The report in ``path`` as the files that people have."""
    from govreport_check.engine import packs_of

    found = recognise(load_source(path), packs_of(None))
    assert found is not None
    items: Sequence[Any] = documents.printed(found.report, FORM)
    return {
        "txt": path.read_bytes(),
        "docx": documents.as_docx(items),
        "html": documents.as_html(items).encode(),
        "xlsx": documents.as_xlsx(items),
        "pdf": printing.as_pdf(printing.laid_out(items)),
    }


def checked(content: bytes, name: str, **options: Any) -> ReportResult:
    return check(content, name=name, **options).reports[0]
