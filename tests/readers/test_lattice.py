"""Ruled lines to cells: what encloses what, whatever the lines are made of."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from govreport_check.readers.lattice import Box, Grid, grids_of
from govreport_check.readers.ruled import Piece, Ruled, continued
from govreport_check.readers.setting import Line, Margins, cell_text, goes_on, lines_of
from govreport_check.readers.sheet import Glyph, Rule, box_rules, printed_once, readable


def level(y: float, x0: float, x1: float) -> Rule:
    return Rule(False, y, x0, x1)


def upright(x: float, y0: float, y1: float) -> Rule:
    return Rule(True, x, y0, y1)


def frame(xs: list[float], ys: list[float]) -> list[Rule]:
    return [*(level(y, xs[0], xs[-1]) for y in ys), *(upright(x, ys[0], ys[-1]) for x in xs)]


def boxes(grid: Grid) -> list[tuple[int, int, int, int]]:
    return [(box.row, box.column, box.down, box.across) for box in grid.boxes]


def test_four_fields() -> None:
    (grid,) = grids_of(frame([0, 50, 100], [0, 20, 40]))
    assert boxes(grid) == [(0, 0, 1, 1), (0, 1, 1, 1), (1, 0, 1, 1), (1, 1, 1, 1)]
    assert (grid.top, grid.bottom) == ((True, True), (True, True))


def test_merged_cells_reach_as_far_as_no_line_parts_them() -> None:
    rules = [*frame([0, 100], [0, 60]), upright(50, 0, 60), level(20, 50, 100), level(40, 0, 100), upright(75, 40, 60)]
    (grid,) = grids_of(rules)
    assert boxes(grid) == [(0, 0, 2, 1), (0, 1, 1, 2), (1, 1, 1, 2), (2, 0, 1, 1), (2, 1, 1, 1), (2, 2, 1, 1)]


def test_a_line_of_pieces_dashes_or_two_strokes_is_one() -> None:
    dashes = [level(20, x, x + 4) for x in range(0, 98, 7)]
    dots = [rule for y in range(0, 40, 3) for rule in box_rules(49.6, y, 50.4, y + 0.8)]
    double = [level(0, 0, 100), level(1.5, 0, 100)]
    rules = [*double, level(40, 0, 100), upright(0, 0, 40), upright(100, 0, 40), *dashes, *dots]
    (grid,) = grids_of(rules)
    assert len(grid.boxes) == 4 and len(grid.ys) == 3


def test_corners_that_are_drawn_short_meet() -> None:
    rules = [level(y, 2, 98) for y in (0, 20, 40)] + [upright(x, 2, 38) for x in (0, 50, 100)]
    (grid,) = grids_of(rules)
    assert len(grid.boxes) == 4


def test_open_sides_end_where_the_lines_across_end() -> None:
    (grid,) = grids_of([level(0, 0, 100), level(20, 0, 100), level(40, 0, 100), upright(50, 0, 60)])
    assert grid.xs == (0, 50, 100) and grid.ys == (0, 20, 40, 60)
    assert (grid.top, grid.bottom) == ((True, True), (False, False))


def test_a_frame_an_underline_and_a_drawing_are_no_tables() -> None:
    assert grids_of(frame([0, 100], [0, 40])) == []
    assert grids_of([level(20, 30, 60)]) == []
    assert grids_of([upright(float(x), 0, 700) for x in range(0, 8000, 4)] + [level(0, 0, 8000)]) == []
    (grid,) = grids_of([*frame([0, 50, 100], [0, 20, 40]), level(15, 60, 90)])  # a word underlined in its cell
    assert len(grid.boxes) == 4


def test_two_tables_are_two_and_come_in_order() -> None:
    lower, upper = frame([0, 50, 100], [100, 120, 140]), frame([0, 30, 100], [0, 20, 40])
    assert [grid.ys[0] for grid in grids_of([*lower, *upper])] == [0, 100]


def test_the_edge_of_a_cell_that_is_cut_above_and_below_belongs_to_the_table() -> None:
    rules = [*frame([30, 50, 100], [0, 20, 40]), upright(0, 0, 40)]
    (grid,) = grids_of(rules)
    assert grid.xs == (0, 30, 50, 100) and grid.boxes[grid.fields[0][0]] == Box(0, 0, 2, 1)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 5), st.integers(2, 5), st.data())
def test_every_field_belongs_to_a_box_and_boxes_cover_their_fields(columns: int, rows: int, data: st.DataObject) -> None:
    xs, ys = [40.0 * i for i in range(columns + 1)], [25.0 * i for i in range(rows + 1)]
    walls = [upright(x, y, y + 25) for x in xs[1:-1] for y in ys[:-1]] + [level(y, x, x + 40) for y in ys[1:-1] for x in xs[:-1]]
    kept = [wall for wall in walls if data.draw(st.booleans())]
    for grid in grids_of([*frame([xs[0], xs[-1]], [ys[0], ys[-1]]), *kept]):
        seen = {index for row in grid.fields for index in row}
        assert seen == set(range(len(grid.boxes)))
        for r, row in enumerate(grid.fields):
            for c, index in enumerate(row):
                box = grid.boxes[index]
                assert box.row <= r < box.row + box.down and box.column <= c < box.column + box.across


# --- characters -----------------------------------------------------------------------------------------------------------------


def glyphs(text: str, x: float, y: float, size: float = 10, run: int = 0, step: float | None = None) -> list[Glyph]:
    wide = step or size
    return [Glyph(c, x + i * wide, y - size, x + i * wide + size, y, y, size, run) for i, c in enumerate(text)]


def test_lines_come_from_the_top_and_words_apart_stay_apart() -> None:
    found = lines_of([*glyphs("下行", 0, 40), *glyphs("上", 0, 20), *glyphs("行", 60, 20)])
    assert [line.text for line in found] == ["上  行", "下行"]


def test_characters_drawn_twice_are_printed_once_and_doubled_figures_twice() -> None:
    bold = [*glyphs("11", 0, 20, step=5), *glyphs("11", 0.3, 20, run=1, step=5)]
    assert "".join(glyph.text for glyph in printed_once(bold)) == "11"


def test_upright_labels_are_read_downwards() -> None:
    column = [glyph for i, char in enumerate("办理结果") for glyph in glyphs(char, 0, 20 + 12 * i)]
    assert cell_text(lines_of(column), 14) == "办理结果"


def test_what_characters_are() -> None:
    assert [readable(char) for char in "⼀一\ue123\x01\u200b"] == ["一", "一", "\ufffd", "", ""]


# --- paragraphs -----------------------------------------------------------------------------------------------------------------

MARGINS = Margins(0, 100, 10)


def line(text: str, x0: float = 0, x1: float = 100, base: float = 20, first: float = 10) -> Line:
    return Line(text, x0, x1, base, 10, first)


def test_a_full_line_goes_on_and_a_short_one_ends() -> None:
    below = line("下一行", base=36)
    assert goes_on(line("一行从头到尾都写满的文字"), below, MARGINS, 16)
    assert not goes_on(line("这一行没有写满就结束了的", x1=60), below, MARGINS, 16)
    assert goes_on(line("写满，末尾的数字不能断开", x1=70), line("2024年", base=36, first=40), MARGINS, 16)


def test_an_indent_a_gap_and_a_number_begin_a_paragraph() -> None:
    above = line("一句写满的话。")
    assert not goes_on(above, line("缩进", x0=20, base=36), MARGINS, 16)
    assert not goes_on(above, line("隔行", base=60), MARGINS, 16)
    assert not goes_on(above, line("（二）下一项", base=36), MARGINS, 16)
    assert goes_on(line("首行缩进而写满的一句话。", x0=20), line("（二）不是新的一项", base=36), MARGINS, None)


# --- tables on several pages ----------------------------------------------------------------------------------------------------


def cell(text: str, x0: float, page: int, *, begins: bool = True, open_: bool = False) -> Ruled:
    lines = (Line(text, x0 + 2, x0 + 2 + 10 * len(text), 20, 10, 10),) if text else ()
    return Ruled(lines, x0, x0 + 50, page, begins, open_, open_)


def piece(page: int, *rows: list[Ruled]) -> Piece:
    return Piece(tuple(map(tuple, rows)), 0, 50.0 * len(rows[0]), 70, page)


def texts(whole: Piece | None) -> list[list[str]]:
    return [[one.text for one in row] for row in whole.rows] if whole else []


def test_a_row_that_was_cut_is_put_together_and_a_whole_one_is_not() -> None:
    above = piece(1, [cell("信访举报", 0, 1), cell("3", 50, 1)])
    assert texts(continued(above, piece(2, [cell("投诉", 0, 2), cell("", 50, 2)]))) == [["信访举报投诉", "3"]]
    assert texts(continued(above, piece(2, [cell("投诉", 0, 2), cell("4", 50, 2)]))) == [["信访举报", "3"], ["投诉", "4"]]
    assert texts(continued(above, piece(2, [cell("2.重复", 0, 2), cell("", 50, 2)]))) == [["信访举报", "3"], ["2.重复", ""]]


def test_figures_set_at_the_foot_of_a_cut_row_are_its_own_where_no_line_parts_it() -> None:
    upper, lower = [cell("信访举报", 0, 1), cell("", 50, 1)], [cell("", 0, 2), cell("3", 50, 2)]
    assert len(texts(continued(piece(1, upper), piece(2, lower)))) == 2
    upper, lower = ([cell(one.text, one.x0, one.page, open_=True) for one in row] for row in (upper, lower))
    assert texts(continued(piece(1, upper), piece(2, lower))) == [["信访举报", "3"]]


def test_heads_that_are_repeated_are_dropped_and_rows_of_figures_never() -> None:
    head, row = [cell("项目", 0, 1), cell("件数", 50, 1)], [cell("许可", 0, 1), cell("3", 50, 1)]
    again = [cell("项目", 0, 2), cell("件数", 50, 2)]
    assert texts(continued(piece(1, head, row), piece(2, again, row))) == [["项目", "件数"], ["许可", "3"], ["许可", "3"]]
    assert len(texts(continued(piece(1, row), piece(2, row)))) == 2


def test_another_page_or_width_is_another_table() -> None:
    above = piece(1, [cell("许可", 0, 1), cell("3", 50, 1)])
    assert continued(above, piece(3, [cell("许可", 0, 3), cell("3", 50, 3)])) is None
    assert continued(above, piece(2, [cell("许可", 0, 2)])) is None
