"""What printed characters mean as a number."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govreport_check.figures import LIMIT, Between, CellType, chinese_integer, read_cell, read_prose
from govreport_check.model import Repeated, State

COUNT = CellType("count", suffixes=("件",))
MONEY = CellType("amount", places=6)
SIGNED = CellType("number", places=2, low=None)
MARKS: dict[str, Any] = {"": State.ZERO, "-": State.ZERO, "n/a": State.NOT_APPLICABLE, "x": State.UNREADABLE, "<5": Between(0, 5)}


@pytest.mark.parametrize(
    ("raw", "kind", "state", "low", "high"),
    [
        (12, COUNT, State.VALUE, 12, 12),
        ("12", COUNT, State.VALUE, 12, 12),
        ("１２", COUNT, State.VALUE, 12, 12),
        ("012", COUNT, State.VALUE, 12, 12),
        ("1,234,567", COUNT, State.VALUE, 1234567, 1234567),
        ("1,234.5", MONEY, State.VALUE, Decimal("1234.5"), Decimal("1234.5")),
        ("12件", COUNT, State.VALUE, 12, 12),
        ("22（其中修订16件）", COUNT, State.VALUE, 22, 22),
        ("－3", COUNT, State.VALUE, -3, -3),
        ("3.0", COUNT, State.VALUE, 3, 3),
        (Decimal("1935.87208"), MONEY, State.VALUE, Decimal("1935.87208"), Decimal("1935.87208")),
        (Decimal("0E+100"), COUNT, State.VALUE, 0, 0),
        (Decimal("-0"), COUNT, State.VALUE, 0, 0),
        ("12a", COUNT, State.UNREADABLE, 0, math.inf),
        ("12元", COUNT, State.UNREADABLE, 0, math.inf),
        ("1,2345", COUNT, State.UNREADABLE, 0, math.inf),
        ("1 2 3 4 a", SIGNED, State.UNREADABLE, -math.inf, math.inf),
        ("NaN", COUNT, State.UNREADABLE, 0, math.inf),
        (Decimal("NaN"), COUNT, State.UNREADABLE, 0, math.inf),
        (Decimal("sNaN"), COUNT, State.UNREADABLE, 0, math.inf),
        (Decimal("-Infinity"), COUNT, State.UNREADABLE, 0, math.inf),
        ("1e5", COUNT, State.UNREADABLE, 0, math.inf),
        (Decimal("0.5"), COUNT, State.OUT_OF_RANGE, 0, 1),
        (Decimal("-0.5"), SIGNED, State.VALUE, Decimal("-0.5"), Decimal("-0.5")),
        (Decimal("-0.005"), SIGNED, State.OUT_OF_RANGE, Decimal("-0.01"), 0),
        (Decimal("1e-400"), COUNT, State.OUT_OF_RANGE, 0, 1),
        (Decimal("-1e-400"), COUNT, State.OUT_OF_RANGE, -1, 0),
        (LIMIT - 1, COUNT, State.VALUE, LIMIT - 1, LIMIT - 1),
        (LIMIT, COUNT, State.OUT_OF_RANGE, LIMIT, math.inf),
        (-LIMIT, SIGNED, State.OUT_OF_RANGE, -math.inf, -(LIMIT // 100)),
        (10**4000, COUNT, State.OUT_OF_RANGE, LIMIT, math.inf),
        (Decimal("1e400"), COUNT, State.OUT_OF_RANGE, LIMIT, math.inf),
        ("约" + "9" * 400, COUNT, State.OUT_OF_RANGE, LIMIT, math.inf),
        ("9" * 40 + "亿", COUNT, State.OUT_OF_RANGE, LIMIT, math.inf),
        (None, COUNT, State.EMPTY, 0, 0),
        ("", COUNT, State.EMPTY, 0, 0),
        (" 　", COUNT, State.EMPTY, 0, 0),
        ("-", COUNT, State.ZERO, 0, 0),
        ("n/a", COUNT, State.NOT_APPLICABLE, 0, math.inf),
        ("x", COUNT, State.UNREADABLE, 0, math.inf),
        (Repeated((1, "1", " 1")), COUNT, State.VALUE, 1, 1),
        (Repeated((1, 2)), COUNT, State.AMBIGUOUS, 0, math.inf),
        (Repeated((1, "?")), COUNT, State.AMBIGUOUS, 0, math.inf),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_cells(raw: Any, kind: CellType, state: State, low: Any, high: Any) -> None:
    figure = read_cell(raw, kind, MARKS)
    assert (figure.state, figure.lo, figure.hi) == (state, low, high)


@pytest.mark.parametrize(("raw", "state"), [(None, State.BLANK), ("", State.BLANK), ("-", State.ZERO), (3, State.VALUE)])
def test_nothing_printed_in_a_total_is_not_known(raw: Any, state: State) -> None:
    assert read_cell(raw, COUNT, MARKS, total=True).state is state


@pytest.mark.parametrize(
    ("text", "value", "minus", "plus"),
    [
        ("约20", 20, 5, 5),
        ("约25", 25, Decimal("0.5"), Decimal("0.5")),
        ("1.2万", 12000, 500, 500),
        ("3万", 30000, 5000, 5000),
        ("20余", 20, 0, 9),
        ("上百", 100, 50, 50),
        ("近300", 300, 50, 50),
        ("十余", 10, 0, 9),
        ("1亿多", 10**8, 0, 10**8 - 1),
    ],
)
def test_rough_figures(text: str, value: int, minus: Any, plus: Any) -> None:
    figure = read_prose(text)
    assert (figure.state, figure.lo, figure.hi, figure.minus, figure.plus) == (State.ROUNDED, value, value, minus, plus)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234", 1234),
        ("１２", 12),
        ("12.5", Decimal("12.5")),
        ("十二", 12),
        ("两", 2),
        ("三百零五", 305),
        ("一万二千", 12000),
        ("二〇二二", 2022),
    ],
)
def test_exact_figures_in_prose(text: str, value: Any) -> None:
    assert (read_prose(text).state, read_prose(text).value) == (State.VALUE, value)


@pytest.mark.parametrize("text", ["", "三四", "二三百", "1,23", "很多", "1 万 2 千a", "12.", "-"])
def test_what_is_no_figure(text: str) -> None:
    assert read_prose(text).state is State.UNREADABLE


def test_too_large_in_prose() -> None:
    for text in ("9" * 400, "九" * 400, "九" * 20 + "亿"):
        assert read_prose(text).state in (State.OUT_OF_RANGE, State.UNREADABLE)
        assert read_prose(text).hi == math.inf


def spelled(number: int) -> str:
    """A number below ten thousand in Chinese numerals."""
    digits, text, gap = "零一二三四五六七八九", "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            text += ("零" if gap and text else "") + digits[digit] + name
        gap = digit == 0
    return text or "零"


@given(st.integers(0, 9999))
def test_chinese_numerals(number: int) -> None:
    assert chinese_integer(spelled(number)) == number


@given(
    st.one_of(st.integers(), st.decimals(allow_nan=True), st.text(max_size=12), st.text("0123456789,.-+()（）件约余万 ", max_size=12)),
    st.sampled_from([COUNT, MONEY, SIGNED]),
)
def test_whatever_is_printed_has_bounds_in_order(raw: Any, kind: CellType) -> None:
    figure = read_cell(raw, kind, MARKS)
    assert figure.lo <= figure.hi
    assert figure.minus >= 0 <= figure.plus
    if isinstance(raw, int | Decimal) and not (isinstance(raw, Decimal) and not raw.is_finite()):
        assert figure.lo <= raw <= figure.hi
    if figure.state is State.VALUE:
        assert figure.lo == figure.hi
        assert Decimal(figure.lo).scaleb(kind.places) % 1 == 0
