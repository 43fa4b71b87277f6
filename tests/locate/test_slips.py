from __future__ import annotations

from fractions import Fraction

import pytest

from govreport_check.locate.slips import NO_SLIP, SLIPS, rank, slip_of, slips_together


@pytest.mark.parametrize(
    ("printed", "right", "slip"),
    [
        (161, 116, "swapped"),
        (62, 642, "dropped"),
        (19979, 1979, "doubled"),
        (1973, 173, "added"),
        (90, 9, "zeros"),
        (9000, 9, "zeros"),
        (-18, 18, "sign"),
        (57, 54, "replaced"),
        (9, 90, "dropped"),
        (9, 9000, "point"),
        (0, 37, "omitted"),
        (0, 3, None),
        (6, 0, None),
        (5, 8, None),
        (613, 45, None),
    ],
)
def test_slips_of_one_figure(printed: int, right: int, slip: str | None) -> None:
    assert slip_of(printed, right) == slip


def test_a_neighbours_figure_tells_something_when_it_has_two_digits() -> None:
    assert slip_of(45, 613, neighbours=[45]) == "copied"
    assert slip_of(4, 6, neighbours=[4]) is None


def test_a_part_counted_twice() -> None:
    assert slip_of(81, 58, parts=[23, 35]) == "twice"
    assert slip_of(35, 58, parts=[23, 35]) is None


def test_amounts_are_read_as_they_are_written() -> None:
    assert slip_of(Fraction(1255, 100), Fraction(1525, 100), places=2) == "swapped"
    assert slip_of(Fraction(1, 3), 5, places=None) is None


def test_what_several_cells_have_in_common() -> None:
    assert slips_together([(3, 8), (8, 3)]) == "exchanged"
    assert slips_together([(6, 0), (7, 1)]) == "together"
    assert slips_together([(6, 0), (7, 2)]) is None
    assert slips_together([(6, 0)]) is None


def test_no_slip_ranks_after_every_slip() -> None:
    assert [rank(slip) for slip in SLIPS] == sorted(rank(slip) for slip in SLIPS)
    assert rank(None) == NO_SLIP > rank(SLIPS[-1])
