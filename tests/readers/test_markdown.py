"""Markdown: what plain text gives, its markup undone; tables in HTML inside it; the same report whatever it is written in."""

from __future__ import annotations

from typing import Any

import pytest
from documents import Grid, Text, as_html, printed
from reader_reports import FORM, YUNLING

from govreport_check import check, read
from govreport_check.readers import load_source
from govreport_check.readers.document import Document, Row
from govreport_check.readers.limits import DEFAULT
from govreport_check.readers.markdown import read_markdown
from govreport_check.readers.text import read_text

PLAIN = read(YUNLING)
ITEMS = printed(PLAIN, FORM)


def bars(grid: Grid) -> str:
    """A table between bars, as GFM writes it: no spans, a line under the first row."""
    width = grid.width
    lines = []
    for r in range(len(grid.rows)):
        texts = [""] * width
        for row, column, cell in grid.placed():
            if row == r:
                texts[column] = cell.text.replace("|", "\\|")
        lines.append("| " + " | ".join(texts) + " |")
    lines.insert(1, "|" + "---|" * width)
    return "\n".join(lines)


def written(table: Any = bars) -> str:
    marks = {"title": "# ", "heading": "## "}
    return "\n\n".join(marks.get(item.kind, "") + item.text if isinstance(item, Text) else table(item) for item in ITEMS) + "\n"


def in_html(grid: Grid) -> str:
    return as_html([grid]).partition("<body>\n")[2].partition("\n</body>")[0]


def same(report: Any) -> bool:
    texts = {name: section.text for name, section in report.sections.items()}
    return (report.tables, texts, report.about) == (PLAIN.tables, {name: s.text for name, s in (PLAIN.sections or {}).items()}, PLAIN.about)


@pytest.mark.parametrize("table", [bars, in_html], ids=["bars", "html"])
def test_the_report_is_the_same(table: Any) -> None:
    source = written(table)
    assert load_source(source).kind == "markdown"
    assert same(read(source))
    told = [(f.rule, f.outcome, f.bindings) for f in check(source).findings]
    assert told == [(f.rule, f.outcome, f.bindings) for f in check(YUNLING).findings]


def document(text: str) -> Document:
    return read_markdown(text, "r.md", DEFAULT)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("## **一、总体情况**", "一、总体情况"),
        ("一\\.总体\\_情况", "一.总体_情况"),
        ("见[《条例》](http://x.cn/a_b_c.html)第五十条", "见《条例》第五十条"),
        ("`128`条&nbsp;&amp;", "128条\xa0&"),
        ("根据<中华人民共和国政府信息公开条例>编制", "根据<中华人民共和国政府信息公开条例>编制"),
        ("- 主动公开", "主动公开"),
        ("1. 属于国家秘密 0", "1. 属于国家秘密 0"),
        ("- 128", "- 128"),
        ("<u>总计</u>", "总计"),
        ("2024*年", "2024*年"),
    ],
)
def test_markup_of_a_line_is_undone(line: str, shown: str) -> None:
    assert [block.text for block in document(line + "\n").blocks] == [shown]


def test_a_row_with_more_cells_than_heads_keeps_them() -> None:
    found = document("| a | b |\n|---|---|\n| 1 | 2 | 3 |\n| **4** | x\\|y |\n").blocks
    assert [[cell.text for cell in block.cells] for block in found if isinstance(block, Row)] == [["a", "b"], ["1", "2", "3"], ["4", "x|y"]]


def test_a_table_in_html_has_its_lines_and_its_number() -> None:
    found = document("# 题\n\n|a|b|\n|---|---|\n|1|2|\n\n文\n<table>\n<tr><td>3\n<td>4</table> 后\n\n|a|b|\n|---|---|\n|5|6|\n").blocks
    assert [(block.text, block.place.line) for block in found] == [
        ("题", 1),
        ("a b", 3),
        ("1 2", 5),
        ("文", 7),
        ("3 4", 9),
        ("后", 10),
        ("a b", 12),
        ("5 6", 14),
    ]
    assert [block.grid for block in found if isinstance(block, Row)] == [1, 1, 2, 3, 3]


@pytest.mark.shared
@pytest.mark.parametrize("name", ["shuyang_2025", "shanghai_gao_2025"])
def test_published_documents_are_read_as_their_text_is(name: str, shared: Any) -> None:
    text = (shared / "cn" / "reports" / f"{name}.md").read_text(encoding="utf-8")
    assert document(text).blocks == read_text(text, "r.md").blocks


@pytest.mark.parametrize(
    "text", ["<table>" * 5000, "</table>" * 5000, "# a\n" + "|" * 50_000, "# a\n" + "*_" * 20_000, "# a\n" + "[" * 20_000]
)
def test_strange_text_takes_no_time(text: str) -> None:
    import time

    start = time.process_time()
    check(text + "\n")
    assert time.process_time() - start < 8
