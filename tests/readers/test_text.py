"""Plain text into lines and rows."""

from __future__ import annotations

from govreport_check.readers.document import Paragraph, Row, figure_like
from govreport_check.readers.text import plain_line, read_text


def cells(text: str) -> list[list[str]]:
    return [[cell.text for cell in block.cells] for block in read_text(text, "t").blocks if isinstance(block, Row)]


def paragraphs(text: str) -> list[str]:
    return [block.text for block in read_text(text, "t").blocks if isinstance(block, Paragraph)]


def test_cells_between_tabs_keep_the_empty_ones() -> None:
    assert cells("规章\t0\t\t3\t\n") == [["规章", "0", "", "3", ""]]


def test_cells_between_bars_without_the_drawn_line() -> None:
    assert cells("| 项目 | 数量 |\n|---|:-:|\n| **规章** |  |\n") == [["项目", "数量"], ["规章", ""]]


def test_cells_set_apart_with_spaces() -> None:
    assert cells("信息内容    本年制发件数   现行有效件数\n规章      2        11\n") == [
        ["信息内容", "本年制发件数", "现行有效件数"],
        ["规章", "2", "11"],
    ]


def test_wide_spaces_in_prose_are_no_table() -> None:
    assert cells("云岭县  2024年  政府信息公开工作年度报告\n\n　　2024年，我县认真贯彻落实条例。\n") == []


def test_page_numbers_and_form_feeds_are_gaps() -> None:
    text = "第一行\n— 3 —\n\f第二行\n- 4 -\n第 5 页 共 9 页\n第三行\n第四行"
    blocks = read_text(text, "t").blocks
    assert [block.text for block in blocks] == ["第一行", "第二行", "第三行", "第四行"]
    assert [block.gap for block in blocks if isinstance(block, Paragraph)] == [True, True, True, False]
    assert [block.place.line for block in blocks] == [1, 3, 6, 7]


def test_marks_of_markdown_are_not_text() -> None:
    assert plain_line("### **一是**加强领导") == "一是加强领导"
    assert paragraphs("----\n# 标题\n") == ["标题"]


def test_tables_are_counted() -> None:
    grids = [block.grid for block in read_text("a\t1\nb\t2\n文字\nc\t3\n", "t").blocks if isinstance(block, Row)]
    assert grids == [1, 1, 2]


def test_what_can_only_be_a_figure() -> None:
    assert all(
        map(
            figure_like,
            ["0", "12", "１２", "1,234", "12a", "-3", "0.5", "22（其中修订16件）", "-", "无", "约20", "1.2万", "9" * 40, "NaN", "1e400"],
        )
    )
    assert not any(map(figure_like, ["", "1.", "一、", "2024年", "1月", "规章", "第二十条", "1、2", "3.其他", "12（"]))
