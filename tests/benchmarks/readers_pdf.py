"""PDF files: milliseconds a page and cells right, beside pdfplumber, in the same run on the same files.

    python tests/benchmarks/readers_pdf.py [FILE FIGURES]...

Own file: a report set by ``tests/printing.py`` on A4, and on small pages where rows are cut. FIGURES is a ``govreport-report/1`` JSON of
what FILE says. What pdfplumber finds (its tables, the text around them) goes through our recogniser; line ends in its cells are taken out.
"""

from __future__ import annotations

import io
import json
import logging
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "readers")]

import documents  # noqa: E402
import printing  # noqa: E402
from reader_reports import FORM, YUNLING, differing  # noqa: E402

from govreport_check.model import Place  # noqa: E402
from govreport_check.readers import load_source, recognise  # noqa: E402
from govreport_check.readers.document import Block, CellText, Document, Paragraph, Row  # noqa: E402
from govreport_check.readers.limits import DEFAULT  # noqa: E402
from govreport_check.readers.pdf import read_pdf  # noqa: E402
from govreport_check.readers.recognise import recognise_document  # noqa: E402

RUNS = 5


def by_pdfplumber(content: bytes) -> Document:
    """What pdfplumber sees: per page its tables, and the lines of text outside of them."""
    import pdfplumber

    blocks: list[Block] = []
    grid = 0
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        for number, page in enumerate(pdf.pages, 1):
            found: list[tuple[float, Any]] = []
            rest = page
            for table in page.find_tables():
                rest = rest.outside_bbox(table.bbox)
                found.append((table.bbox[1], table.extract()))
            found += [(line["top"], line["text"]) for line in rest.extract_text_lines()]
            for _, item in sorted(found, key=lambda one: one[0]):
                grid += not isinstance(item, str)
                blocks += [Paragraph(item, Place(page=number), wraps=True)] if isinstance(item, str) else rows(item, grid, number)
    return Document("report.pdf", tuple(blocks))


def rows(table: list[list[str | None]], grid: int, page: int) -> list[Row]:
    places = [Place(page=page, table=grid, row=r + 1) for r in range(len(table))]
    cells = [tuple(CellText((text or "").replace("\n", ""), place) for text in line) for line, place in zip(table, places, strict=True)]
    return [Row(line, place, grid) for line, place in zip(cells, places, strict=True)]


def timed(read: Callable[[bytes], Document], content: bytes) -> tuple[float, Document]:
    """The best of several runs, in milliseconds."""
    document = read(content)
    best = float("inf")
    for _ in range(RUNS):
        start = time.perf_counter()
        read(content)
        best = min(best, time.perf_counter() - start)
    return 1000 * best, document


def compared(name: str, content: bytes, wanted: dict[str, Any]) -> str:
    import pypdfium2

    pages = len(pypdfium2.PdfDocument(content))
    cells = sum(len(row) for table in wanted.values() for row in table.values())
    own, peer = timed(lambda one: read_pdf(one, "report.pdf", DEFAULT), content), timed(by_pdfplumber, content)
    right = [cells - len(differing(recognise_document(document, FORM), wanted)) for _, document in (own, peer)]
    return (
        f"{name}: {pages} pages; govreport {own[0] / pages:.1f} ms a page, {right[0]}/{cells} cells; "
        f"pdfplumber {peer[0] / pages:.1f} ms a page, {right[1]}/{cells} cells; ratio {peer[0] / own[0]:.1f}"
    )


def main(arguments: list[str]) -> None:
    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it complains of every character of a font that is not embedded
    report = recognise(load_source(YUNLING, name="yunling.txt"), FORM)
    items, wanted = documents.printed(report, FORM), dict(report.tables or {})
    for name, style in (("A4", printing.Style()), ("small pages", printing.Style(width=420, height=500, margin=40))):
        sys.stdout.write(compared(name, printing.as_pdf(printing.laid_out(items, style), style), wanted) + "\n")
    for file, figures in zip(arguments[::2], arguments[1::2], strict=True):
        stated = json.loads(Path(figures).read_text(encoding="utf-8"), parse_float=Decimal)["tables"]
        stated = {t: {r: c for r, c in lines.items() if any(v is not None for v in c.values())} for t, lines in stated.items()}
        sys.stdout.write(compared(Path(file).name, Path(file).read_bytes(), stated) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
