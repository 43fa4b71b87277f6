from __future__ import annotations

import pytest

from govreport_check.findings import Excerpt
from govreport_check.renderers import grid
from govreport_check.renderers.lines import cells, plain

HEADS = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]


def excerpt(marked: list[tuple[int, int]]) -> Excerpt:
    rows = [("一、本年新收政府信息公开申请数量", list("1234567")), ("3. 危及“三安全一稳定”", ["10", "20", "30", "40", "50", "60", "70"])]
    return Excerpt(title="表三", columns=HEADS, rows=rows, marked=marked)


def drawn(marked: list[tuple[int, int]], width: int, *, brackets: bool = True) -> list[str]:
    return [plain(line) for line in grid.draw(excerpt(marked), width=width, indent=4, lang="zh", brackets=brackets)]


def test_only_operands_stand_in_brackets() -> None:
    text = "\n".join(drawn([(0, 1), (1, 6)], 140))
    assert text.count("[") == 2
    assert "[2]" in text
    assert "[70]" in text


def test_with_color_operands_have_a_style_and_no_brackets() -> None:
    lines = grid.draw(excerpt([(0, 1)]), width=140, indent=4, lang="zh", brackets=False)
    assert [text.strip() for line in lines for text, style in line if style == "mark"] == ["2"]
    assert "[" not in "".join(map(plain, lines))


@pytest.mark.parametrize("width", [60, 80, 100, 140])
def test_it_fits_and_figures_stand_one_under_another(width: int) -> None:
    lines = drawn([(0, 0)], width)
    assert all(cells(line) <= width for line in lines)
    first, second = (next(line for line in lines if figure in line) for figure in ("[1]", "10"))
    assert cells(first[: first.index("1]")]) == cells(second[: second.index("10")]) + 1


def test_columns_left_out_are_named_and_never_marked() -> None:
    lines = drawn([(1, 4)], 50)
    assert "[50]" in "\n".join(lines)
    assert "70" in "\n".join(lines)
    assert "未列出" in lines[-1]
    assert "其他" in lines[-1]
    assert "总计" not in lines[-1]


def test_a_short_row_is_drawn_with_gaps() -> None:
    ragged = Excerpt(title="表二", columns=["甲", "乙"], rows=[("丙", ["1"])], marked=[(0, 1)])
    assert "[]" in plain(grid.draw(ragged, width=80, indent=0, lang="zh", brackets=True)[-1])
