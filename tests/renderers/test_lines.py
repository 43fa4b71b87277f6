from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govreport_check.renderers.lines import breaks, cells, clean, flow, paint, plain, wrap

ESCAPE = re.compile("\x1b\\[[0-9;]*m")


@pytest.mark.parametrize("hostile", ["\x1b[31m红", "a\x07b\x9b2Jc", "x\u202ey", "行一\n行二\t三\r", "\ud800"])
def test_nothing_that_steers_a_terminal_is_left(hostile: str) -> None:
    assert not any(ord(char) < 32 or 0x7F <= ord(char) < 0xA0 or char in "\u202e\ud800" for char in clean(hostile))


def test_cleaning_keeps_what_is_printed() -> None:
    assert clean("表三第8行“自然人”列：１２件，３％") == "表三第8行“自然人”列：１２件，３％"


@given(st.text(alphabet="表三第行列“”，。（）1234 abc件", max_size=80), st.integers(min_value=2, max_value=40))
def test_lines_hold_all_characters_and_fit(text: str, width: int) -> None:
    parts = breaks(text, width)
    assert "".join(text[start:end] for start, end in parts) == text
    assert all(cells(line, wide=True) <= width for line in wrap(text, width))


_PHRASES = st.lists(
    st.tuples(st.sampled_from("表三核对"), st.text(alphabet="，。：；）”", max_size=3)).map("".join), min_size=1, max_size=40
)


@given(_PHRASES, st.integers(min_value=8, max_value=40))
def test_no_line_starts_with_a_stop(phrases: list[str], width: int) -> None:
    assert all(line[0] in "表三核对" for line in wrap("".join(phrases), width))


@pytest.mark.parametrize(("text", "whole"), [("相差共计3件请核对", "3件"), ("应为2024年1月1日", "2024年"), ("见表三第18行总计", "第18行")])
def test_a_number_stays_with_what_it_counts(text: str, whole: str) -> None:
    assert all(whole in "\n".join(wrap(text, width)) for width in range(cells(whole) + 1, cells(text)))


def test_later_lines_hang_below_the_first_word() -> None:
    lines = [plain(line) for line in flow([("核对" * 20, "")], 40, first=(("错误", "error"), ("  ", "")), indent=6)]
    assert lines[0].startswith("错误  核对")
    assert len(lines) > 1
    assert all(re.match(" {6}[核对]", line) for line in lines[1:])


def test_paint_without_color_has_no_escape_and_with_it_says_the_same() -> None:
    lines = [(("错误", "error"), ("  [red]x[/red] “三安全”", "strong")), (("60", "mark"),)]
    painted = paint(lines, color=True)
    assert paint(lines, color=False) == "错误  [red]x[/red] “三安全”\n60\n"
    assert "\x1b[1;31m错误\x1b[0m" in painted
    assert ESCAPE.sub("", painted) == paint(lines, color=False)
