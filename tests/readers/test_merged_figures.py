"""A figure that is printed once over several cells is the first one's; the others are not known, in every format that shows cells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from documents import Grid, Item, as_docx, as_html, as_xlsx, printed
from reader_reports import FORM, YUNLING

from govreport_check.model import Report
from govreport_check.readers import load_source, recognise

WRITERS: list[Callable[[list[Item]], Any]] = [as_docx, as_html, as_xlsx]


def merged(row: int, at: int, text: str, *, down: int = 1, across: int = 1) -> list[Item]:
    """The clean report; in table three the ``at``-th cell of a printed row reaches over its neighbours."""

    def change(grid: Grid) -> Grid:
        rows = [list(cells) for cells in grid.rows]
        rows[row][at] = replace(rows[row][at], text=text, down=down, across=across)
        del rows[row][at + 1 : at + across]
        for below in range(row + 1, row + down):
            del rows[below][at]
        return Grid(grid.id, tuple(map(tuple, rows)))

    items = printed(recognise(load_source(YUNLING), FORM), FORM)
    return [change(item) if isinstance(item, Grid) and item.id == "requests" else item for item in items]


def read(write: Callable[[list[Item]], Any], items: list[Item]) -> Report:
    return recognise(load_source(write(items), name="report"), FORM)


def figures(report: Report, row: str) -> list[object]:
    cells = (report.tables or {})["requests"][row]
    assert not isinstance(cells, str)
    return list(cells.values())


@pytest.mark.parametrize("write", WRITERS)
def test_over_the_row_below(write: Callable[[list[Item]], Any]) -> None:
    report = read(write, merged(3, 1, "86", down=2))
    assert (figures(report, "new_received")[0], figures(report, "carried_over")[0]) == (86, "?")


@pytest.mark.parametrize("write", WRITERS)
def test_over_the_next_column(write: Callable[[list[Item]], Any]) -> None:
    report = read(write, merged(5, 3, "5", across=2))
    assert figures(report, "granted") == [31, 5, "?", 1, 1, 1, 40]


@pytest.mark.parametrize("write", WRITERS)
def test_a_blank_over_others_is_blank(write: Callable[[list[Item]], Any]) -> None:
    report = read(write, merged(5, 3, "", across=2))
    assert figures(report, "granted") == [31, None, None, 1, 1, 1, 40]
