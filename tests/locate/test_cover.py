"""With a solver: it only proposes, and the exact search and it agree."""

from __future__ import annotations

import pytest
from test_search import grid, sets

from govreport_check.locate import locate
from govreport_check.locate.cover import cover
from govreport_check.locate.search import Search
from govreport_check.locate.system import system

pytest.importorskip("highspy")

FIVE = [[10, 20, 31, 60], [44, 50, 60, 150], [70, 83, 90, 240], [7, 8, 9, 29], [127, 158, 189, 479]]
"""A table with five wrong cells."""


def test_the_solver_finds_a_set_as_small_as_the_search_does() -> None:
    variables, sums = grid(FIVE)
    smallest = sets(locate(variables, sums, most=6, beyond=0))
    whole = system(variables, sums)
    first, sure = cover(whole, Search(whole, 0), 6)
    assert sure
    assert first is not None
    assert frozenset(whole.keys[i] for i in first[0]) in smallest


def test_sets_of_more_than_three_cells_are_looked_for_where_there_is_none_of_three() -> None:
    variables, sums = grid(FIVE)
    assert sets(locate(variables, sums, beyond=0)) == set()
    found = sets(locate(variables, sums))
    assert found == sets(locate(variables, sums, most=6, beyond=0))
    assert {len(cells) for cells in found} == {5}


def test_where_the_search_gives_up_the_solver_still_answers() -> None:
    variables, sums = grid(FIVE)
    located = locate(variables, sums, budget=30)
    assert sets(located) <= sets(locate(variables, sums))
    assert sets(located)
