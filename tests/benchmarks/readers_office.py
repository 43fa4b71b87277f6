"""Milliseconds to read one report from a Word file or a workbook, beside python-docx and openpyxl, with their cells right.

    python tests/benchmarks/readers_office.py

Each program gets the same bytes: the official form with merged cells, plain and as people leave it (insertions tracked, a content
control). A cell is right when the program gives the figure in its row and column of the table's grid.
"""

from __future__ import annotations

import io
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "readers")]

from documents import Grid, as_docx, as_xlsx, printed, revised  # noqa: E402
from reader_reports import FORM, YUNLING  # noqa: E402

from govreport_check.readers import load_source, recognise  # noqa: E402
from govreport_check.readers.document import Row  # noqa: E402

ROUNDS = 15
ITEMS = printed(recognise(load_source(YUNLING), FORM), FORM)
GRIDS = [item for item in ITEMS if isinstance(item, Grid)]
FIGURES = {(t, r, c): cell.text for t, grid in enumerate(GRIDS) for r, c, cell in grid.placed() if cell.text.replace(".", "").isdigit()}
"""The 200 figures by table, row and column of the grid."""

Figures = dict[tuple[int, int, int], str]


def own(content: bytes) -> Figures:
    rows = [block for block in load_source(content).document.blocks if isinstance(block, Row)]  # type: ignore[union-attr]
    cells = [cell for row in rows for cell in row.cells if cell.text]
    if rows[0].place.sheet is None:
        return {((one := cell.place).table - 1, one.row - 1, one.column - 1): cell.text for cell in cells}  # type: ignore[operator]
    sheets = list(dict.fromkeys(row.place.sheet for row in rows))
    return {(sheets.index(cell.place.sheet), cell.place.row - 1, cell.place.column - 1): cell.text for cell in cells}  # type: ignore[operator]


def python_docx(content: bytes) -> Figures:
    import docx

    tables = docx.Document(io.BytesIO(content)).tables
    return {(t, r, c): cell.text for t, table in enumerate(tables) for r, row in enumerate(table.rows) for c, cell in enumerate(row.cells)}


def openpyxl_(content: bytes) -> Figures:
    import openpyxl

    sheets = openpyxl.load_workbook(io.BytesIO(content), data_only=True).worksheets[1:]
    rows = ((t, r, row) for t, sheet in enumerate(sheets) for r, row in enumerate(sheet.iter_rows(values_only=True)))
    return {(t, r, c): "" if value is None else str(value) for t, r, row in rows for c, value in enumerate(row)}


def calamine(content: bytes) -> Figures:
    import python_calamine

    book = python_calamine.load_workbook(io.BytesIO(content))
    pages = [book.get_sheet_by_index(i).to_python(skip_empty_area=False) for i in range(1, len(book.sheet_names))]
    cells = ((t, r, c, value) for t, page in enumerate(pages) for r, row in enumerate(page) for c, value in enumerate(row))
    return {(t, r, c): f"{value:g}" if isinstance(value, float) and value.is_integer() else str(value) for t, r, c, value in cells}


def right(found: Figures) -> int:
    return sum(found.get(spot) == text for spot, text in FIGURES.items())


def milliseconds(read: Callable[[bytes], Figures], content: bytes) -> float:
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        read(content)
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


def line(name: str, content: bytes, *readers: Callable[[bytes], Figures]) -> None:
    """A row: each reader's time, its ratio to the peer behind it, its right cells."""
    first, *peers = [(read.__name__.strip("_"), milliseconds(read, content), right(read(content))) for read in readers]
    print(f"{name:<28} govreport {first[1]:7.1f} ms  {first[2]}/{len(FIGURES)}")  # noqa: T201
    for peer, took, good in peers:
        print(f"{'':<28} {peer:<9} {took:7.1f} ms  {good}/{len(FIGURES)}  ratio {took / first[1]:.2f}")  # noqa: T201


def main() -> None:
    line("docx", as_docx(ITEMS), own, python_docx)
    line("docx, revised", as_docx(ITEMS, revised), own, python_docx)
    line("xlsx", as_xlsx(ITEMS, sheets=True), own, openpyxl_, calamine)


if __name__ == "__main__":
    main()
