"""Milliseconds to read one report from text, Markdown and web pages, the latter beside Beautiful Soup, with their cells right.

    python tests/benchmarks/readers.py

Each program gets the same page: as it should be, and with the end tags of cells, rows and paragraphs left out. Beautiful Soup's tags go
through the same flow of spans as our own. A cell is right when the program gives the figure in its row and column of the table's grid.
``report`` is the whole way, from the bytes to the report of the form.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "readers")]

from documents import Grid, as_html, printed  # noqa: E402
from reader_reports import FORM, YUNLING  # noqa: E402
from test_html import soup  # noqa: E402
from test_markdown import written  # noqa: E402

from govreport_check.model import Place  # noqa: E402
from govreport_check.readers import load_source, recognise  # noqa: E402
from govreport_check.readers.document import Row  # noqa: E402
from govreport_check.readers.grids import Spanning, gridded  # noqa: E402
from govreport_check.readers.limits import DEFAULT  # noqa: E402

ROUNDS = 15
ITEMS = printed(recognise(load_source(YUNLING), FORM), FORM)
PAGE = as_html(ITEMS)
GRIDS = [item for item in ITEMS if isinstance(item, Grid)]
FIGURES = {(t, r, c): cell.text for t, grid in enumerate(GRIDS, 1) for r, c, cell in grid.placed() if cell.text.replace(".", "").isdigit()}

Figures = dict[tuple[int, int, int], str]


def figures(rows: list[Row]) -> Figures:
    return {
        (cell.place.table or 0, (cell.place.row or 0) - 1, (cell.place.column or 0) - 1): cell.text for row in rows for cell in row.cells
    }


def own(content: bytes) -> Figures:
    document = load_source(content).document
    return figures([block for block in document.blocks if isinstance(block, Row)] if document else [])


def beautiful_soup(parser: str) -> Callable[[bytes], Figures]:
    def read(content: bytes) -> Figures:
        import bs4

        rows: list[Row] = []
        for number, table in enumerate(bs4.BeautifulSoup(content, parser).find_all("table"), 1):
            cells = [[spanning(td) for td in tr.find_all(["td", "th"])] for tr in table.find_all("tr")]
            rows += gridded(cells, [Place()] * len(cells), number, "", DEFAULT)
        return figures(rows)

    return read


def spanning(td: Any) -> Spanning:
    return Spanning(td.get_text(strip=True), Place(), int(td.get("rowspan", 1)), int(td.get("colspan", 1)))


def report(content: bytes) -> Figures:
    tables = recognise(load_source(content), FORM).tables or {}
    cells = [raw for rows in tables.values() for columns in rows.values() if not isinstance(columns, str) for raw in columns.values()]
    return dict(zip(FIGURES, map(str, cells), strict=False))


def timed(read: Callable[[bytes], Figures], content: bytes) -> float:
    """Milliseconds, the median of several rounds behind one to warm up."""
    read(content)
    rounds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        read(content)
        rounds.append(time.perf_counter() - start)
    return 1000 * statistics.median(rounds)


def put(line: str) -> None:
    sys.stdout.write(line + "\n")


def main() -> None:
    pages = {"html": PAGE.encode(), "html, tag soup": soup(PAGE).encode()}
    readers = {"govreport": own, "bs4 (html.parser)": beautiful_soup("html.parser"), "bs4 (html5lib)": beautiful_soup("html5lib")}
    put(f"{'document':<16}{'program':<20}{'ms':>8}{'ratio':>8}  cells right")
    for kind, content in pages.items():
        base = timed(own, content)
        for name, read in readers.items():
            try:
                took, found = timed(read, content), read(content)
            except Exception as error:
                put(f"{kind:<16}{name:<20}{'':>8}{'':>8}  {type(error).__name__}")
                continue
            right = sum(found.get(at) == figure for at, figure in FIGURES.items())
            put(f"{kind:<16}{name:<20}{took:>8.1f}{took / base:>8.2f}  {right} of {len(FIGURES)}")
    for kind, content in {"txt": YUNLING.encode(), "md": written().encode(), **pages}.items():
        found = sum(one == other for one, other in zip(report(content).values(), report(YUNLING.encode()).values(), strict=True))
        put(f"{kind:<16}{'govreport, report':<20}{timed(report, content):>8.1f}{'':>8}  {found} of {len(FIGURES)}")


if __name__ == "__main__":
    main()
