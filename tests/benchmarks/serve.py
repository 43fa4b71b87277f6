"""Milliseconds of an edit and seconds of reading a 5 MB docx, asked of ``govreport serve`` over its own socket.

    python -m tests.benchmarks.serve

An edit is a POST of /api/check for a stored document with one figure changed, until the whole answer (findings, the report redrawn) is
there; its peer in the same run is ``check`` and ``render`` called directly, so that the ratio is what the server costs. Reading is from
the upload until the document is ready; its peer is python-docx walking the same file's paragraphs and cells.
"""

from __future__ import annotations

import io
import os
import random
import statistics
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "serve")]

from documents import as_docx, printed  # noqa: E402
from serving import MISTAKES, Serving, started  # noqa: E402
from some_reports import FORM  # noqa: E402

from govreport_check import check, read  # noqa: E402
from govreport_check.renderers.html import article  # noqa: E402

ROUNDS = 40
SIZE = 5 << 20


def timed(work: Callable[[], Any], rounds: int) -> list[float]:
    """Milliseconds of each of ``rounds``, after two that do not count."""
    found = []
    for i in range(rounds + 2):
        begun = time.perf_counter()
        work()
        found += [(time.perf_counter() - begun) * 1000] if i > 1 else []
    return found


def told(name: str, found: list[float], unit: str = "ms") -> float:
    middle = statistics.median(found)
    print(f"{name:<52} {middle:8.1f} {unit}   worst of {len(found)}: {max(found):.1f}")  # noqa: T201
    return middle


def edits(server: Serving) -> None:
    (id_,) = server.hand_in(("a.txt", MISTAKES))
    numbers = iter(range(1, 1000))

    def edit() -> None:
        change = {"at": "requests[granted, total]", "to": str(next(numbers))}
        answer = server.client.post("api/check", json={"documents": [{"id": id_, "edits": [change]}], "lang": "zh"})
        assert answer.json()["reports"][0]["html"]

    report = read(MISTAKES)

    def directly() -> None:
        changed = report.with_cell("requests", "granted", "total", next(numbers))
        result = check(changed, lang="zh", printed=True)
        article(result.reports[0], lang="zh")

    here = told("an edit, check and article called directly", timed(directly, ROUNDS))
    there = told("an edit over the socket, answer parsed", timed(edit, ROUNDS))
    print(f"{'ratio':<52} {there / here:8.2f}")  # noqa: T201


def with_pictures() -> bytes:
    """A report with pictures in it, as people hand them in: 5 MB."""
    content = io.BytesIO(as_docx(printed(read(MISTAKES), FORM)))
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("word/media/image1.png", random.Random(1).randbytes(SIZE))
    return content.getvalue()


def with_text() -> bytes:
    """A report with as much prose that the file has 5 MB: far more than any report has."""
    dice = random.Random(2)
    signs = [chr(code) for code in range(0x4E00, 0x9FA5)]
    items = list(printed(read(MISTAKES), FORM))
    lines = ["".join(dice.choices(signs, k=330)) + "。" for _ in range(8000)]
    place = next(i for i, item in enumerate(items) if getattr(item, "kind", "") == "heading") + 1
    return as_docx([*items[:place], *(type(items[0])(line) for line in lines), *items[place:]])


def python_docx(content: bytes) -> int:
    import docx

    document = docx.Document(io.BytesIO(content))
    cells = sum(len(cell.text) for table in document.tables for row in table.rows for cell in row.cells)
    return cells + sum(len(paragraph.text) for paragraph in document.paragraphs)


def reading(server: Serving, name: str, content: bytes) -> None:
    shares: list[float] = []

    def hand_in() -> None:
        (one,) = server.client.post("api/documents", files={"file": ("a.docx", content)}).json()["documents"]
        while (state := server.client.get(f"api/documents/{one['id']}").json())["state"] == "reading":
            shares.append(state["progress"])
            time.sleep(0.02)
        assert state["state"] == "ready", state

    here = told(f"{name}: python-docx", timed(lambda: python_docx(content), 3))
    there = told(f"{name}: handed in until ready", timed(hand_in, 3))
    print(f"{'ratio':<52} {there / here:8.2f}   {len(content) / 2**20:.1f} MiB, progress told: {sorted(set(shares))}")  # noqa: T201


def main() -> None:
    os.environ.pop("GOVREPORT_CACHE", None)
    with started("--no-browser") as server:
        edits(server)
        reading(server, "docx with pictures", with_pictures())
        reading(server, "docx with prose", with_text())


if __name__ == "__main__":
    main()
