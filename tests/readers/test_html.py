"""Web pages: the same report as its text, whatever the tags; the site's words aside; lines of the source; hostile pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from documents import as_html, printed
from reader_reports import YUNLING

from govreport_check import Report, check, load_pack, read
from govreport_check.errors import SourceError
from govreport_check.model import Raw
from govreport_check.readers import load_source
from govreport_check.readers.document import Document, Paragraph, Row

PLAIN = read(YUNLING)
ITEMS = printed(PLAIN, load_pack("cn-disclosure").forms[PLAIN.form])
PAGE = as_html(ITEMS)


def document(page: str) -> Document:
    loaded = load_source(page if "\n" in page else page + "\n", name="r.html").document
    assert loaded is not None
    return loaded


def rows(page: str) -> list[list[str]]:
    return [[cell.text for cell in block.cells] for block in document(page).blocks if isinstance(block, Row)]


def texts(page: str, *, aside: bool = False) -> list[str]:
    return [block.text for block in document(page).blocks if isinstance(block, Paragraph) and block.aside == aside]


def cells(report: Report) -> dict[tuple[str, str, str], Raw]:
    return {
        (table, row, column): raw
        for table, lines in (report.tables or {}).items()
        for row, columns in lines.items()
        if not isinstance(columns, str)
        for column, raw in columns.items()
    }


def parts(report: Report) -> dict[str, tuple[str | None, str]]:
    return {name: (section.heading, section.text) for name, section in (report.sections or {}).items()}


# --- one report, many pages ------------------------------------------------------------------------------------------------------


def soup(page: str) -> str:
    """No end tags that HTML lets out, and those of cells and rows besides; attributes without quotes, tags in capitals."""
    page = re.sub(r"</(?:td|tr|p|tbody)>", "", page)
    page = re.sub(r'(rowspan|colspan)="(\d+)"', r"\1=\2", page)
    return re.sub(r"<(/?)(table|tr|td)\b", lambda tag: f"<{tag[1]}{tag[2].upper()}", page)


def nested(page: str) -> str:
    """Laid out with tables around the report's own, as pages were made long ago; the one to the left holds a menu."""
    page = page.replace("<body>", "<body><table width=960><tr><td><table><tr><td>首页<tr><td>公开指南</table></td><td class=content>")
    return page.replace("</body>", "</td></tr></table></body>")


def dressed(page: str) -> str:
    """As an editor leaves it: a tag around every word, spans, blanks, line ends, a paragraph in each cell."""
    page = re.sub(r"<(td[^>]*)>([^<]*)</td>", r"<\1>\n <p style='text-align:center'><span>\n  \2&nbsp;</span></p>\n</td>", page)
    return re.sub(r"<p>([^<]+)</p>", r"<p>\n&emsp;&emsp;<font face='仿宋'>\1</font><o:p></o:p></p>", page)


def headed(page: str) -> str:
    """Heads in thead with th, the rest in tbody; the last row of table three in a tfoot that stands before it."""
    page = page.replace("<table>", "<table><caption>附表</caption><colgroup><col><col></colgroup><tbody>").replace(
        "</table>", "</tbody></table>"
    )
    start = page.index("<tr><td", page.index("结转下年度继续办理") - 60)
    end = page.index("</tr>", start) + 5
    table = page.rindex("<tbody>", 0, start)
    foot = f"<tfoot>{page[start:end]}</tfoot>"
    return page[:table] + foot + page[table:start] + page[end:]


def hidden(page: str) -> str:
    """With rows, cells and words that nobody sees."""
    page = page.replace("</tr>", "<td style='display: none'>999</td></tr><tr hidden><td>规章</td><td>9</td><td>9</td><td>9</td></tr>")
    return page.replace(
        "</p>", "<script>var a = '一、总体情况';</script><!-- 99 --><style>p{}</style><span style='DISPLAY:none'>9</span></p>"
    )


def in_a_site(page: str) -> str:
    """With a site around: menus, the way here, lines about the page, what comes below."""
    top = (
        "<div id=top><ul><li>首页<li>政务公开<li>办事服务</ul><div>首页 &gt; 政务公开 &gt; 年度报告</div></div><div id=main>"
        "<div class=info>索引号：014312/2025-00012<br>发布日期：2025-01-20<br>浏览次数：1024</div><div id=zoom>"
    )
    below = (
        "</div><div>[打印] [关闭]</div><div>上一篇：云岭县2023年政府信息公开工作年度报告</div><div>相关链接</div>"
        "<ul><li>一图读懂<li>2022年年报</ul></div><div class=foot><p>主办：云岭县人民政府办公室</p>"
        "<p>备案号：滇ICP备12000001号 电话：0870-1234567</p></div>"
    )
    return page.replace("<body>", f"<body>{top}").replace("</body>", f"{below}</body>")


CHANGES: dict[str, Callable[[str], str]] = {
    "as it is": lambda page: page,
    "soup": soup,
    "nested": nested,
    "nested soup": lambda page: nested(soup(page)),
    "dressed": dressed,
    "headed": headed,
    "hidden": hidden,
    "in a site": in_a_site,
    "in a site, soup": lambda page: in_a_site(soup(page)),
    "in one line": lambda page: page.replace("\n", " ") + "\n",
    "full width": lambda page: re.sub(r"(?<=>)\d+(?=</td>)", lambda n: "".join(chr(ord(c) + 0xFEE0) for c in n.group()), page),
    "windows": lambda page: page.replace("\n", "\r\n"),
    "divs": lambda page: page.replace("<p>", "<div>").replace("</p>", "</div>"),
    "breaks": lambda page: page.replace("<p>", "").replace("</p>", "<br/>"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_report_is_the_same(change: Callable[[str], str]) -> None:
    report = read(change(PAGE))
    found, wanted = cells(report), cells(PLAIN)
    if change is not CHANGES["full width"]:
        assert found == wanted
    assert (len(found), report.remarks) == (200, ())
    assert {name: text for name, (_, text) in parts(report).items()} == {name: text for name, (_, text) in parts(PLAIN).items()}
    assert report.about == PLAIN.about


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_findings_are_the_same(change: Callable[[str], str], mistakes: str) -> None:
    def told(source: str) -> list[tuple[Any, ...]]:
        return [(f.rule, f.outcome, f.severity, f.bindings, [cell.value for cell in f.cells]) for f in check(source).findings]

    faulty = read(mistakes)
    page = as_html(printed(faulty, load_pack("cn-disclosure").forms[faulty.form]))
    assert told(change(page)) == told(mistakes)


@pytest.fixture(scope="module")
def mistakes() -> str:
    from pathlib import Path

    return (Path(__file__).parents[2] / "docs" / "examples" / "yunling-2024-mistakes.txt").read_text(encoding="utf-8")


# --- what a page shows -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "shown"),
    [
        ("<tr><td rowspan=2>a<td>b<tr><td>c", [["a", "b"], ["", "c"]]),
        ("<tr><td colspan=2>a<td>b<tr><td>c<td>d<td>e", [["a", "", "b"], ["c", "d", "e"]]),
        ("<tr><td rowspan=0>a<td>b<tr><td>c<tr><td>d", [["a", "b"], ["", "c"], ["", "d"]]),
        ("<tr><td rowspan=1000000>a<td>b<tr><td>c", [["a", "b"], ["", "c"]]),
        ("<tr><td rowspan=2>a<td>b<td rowspan=2>c<tr><td colspan=3>d", [["a", "b", "c"], ["", "d", "", ""]]),
        ("<tr><td colspan=x>a<td rowspan=-1>b<tr><td colspan=0>c", [["a", "b"], ["c"]]),
        ("<td>a<td>b", [["a", "b"]]),
        ("<tr><td><div>a<td>b<tr><td>c", [["a", "b"], ["c"]]),
        ("<tr><td>1<td>2</td>3<td>4", [["1", "2", "4"]]),
        ("<tr><td>规<br>章<td>12<br>34<td>5<p>&nbsp;</p>", [["规章", "12⏎34", "5"]]),
        ("<tr><td>12<sup>1</sup><td>注<sup>2</sup><td>3<del>4</del>", [["12^1", "注2", "3"]]),
        ("<tr><td><table><tr><td>7</table><td>8", [["7", "8"]]),
        ("<tr><td>a<tr><tr><td>b", [["a"], ["b"]]),
        ("<tr><td>行政\n许可<td> 1\u00a0 <td>a\n b", [["行政许可", "1", "a b"]]),
        ("<tfoot><tr><td>z</tfoot><tbody><tr><td>b</tbody><thead><tr><th>a</thead>", [["a"], ["b"], ["z"]]),
        ("<tr style='Display:None'><td>a<tr><td>b<td hidden>c", [["b"]]),
    ],
)
def test_tables_as_a_browser_lays_them_out(table: str, shown: list[list[str]]) -> None:
    assert rows(f"<p>x</p>\n<table>{table}</table>") == shown


def test_what_a_cell_covers_is_told_from_what_is_empty() -> None:
    (first, second) = (
        block for block in document("<table>\n<tr><td colspan=2 rowspan=2>a<td>b<tr><td></table>").blocks if isinstance(block, Row)
    )
    assert [cell.covered for cell in (*first.cells, *second.cells)] == ["", "across", "", "down", "down", ""]
    assert [(cell.place.table, cell.place.row, cell.place.column) for cell in second.cells] == [(1, 2, 1), (1, 2, 2), (1, 2, 3)]


def test_every_block_has_its_line() -> None:
    page = "<html>\n<body>\n<p>\n  甲\n</p><script>\n\n</script>\n乙<!--\n--><p>丙<br>\n丁</p>\n<table>\n<tr>\n<td>1\n<td>2\n</table>戊"
    blocks = document(page).blocks
    assert [(block.text, block.place.line) for block in blocks] == [("甲", 4), ("乙", 8), ("丙", 9), ("丁", 10), ("1 2", 12), ("戊", 15)]
    assert [cell.place.line for block in blocks if isinstance(block, Row) for cell in block.cells] == [13, 14]


def test_lines_go_on_where_the_parser_stops_counting() -> None:
    assert [block.place.line for block in document("<p>甲</p>" + "\n" * 70_000 + "<p>乙</p>\n<p>丙</p>").blocks] == [1, 70_001, 70_002]


def test_a_finding_names_the_line_of_its_figure() -> None:
    page = PAGE.replace("<td>", "\n<td>")
    at = page.index("<td>", page.index("结转下年度继续办理"))
    line = page[:at].count("\n") + 1
    wrong = page[:at] + "<td>77</td>" + page[page.index("</td>", at) + 5 :]
    found = [cell for finding in check(wrong).findings for cell in finding.cells if cell.raw == "77"]
    assert {(cell.place.line, cell.place.table, cell.place.column) for cell in found} == {(line, 2, 4)}


def test_preformatted_text_is_read_as_text_is() -> None:
    assert cells(read(f"<html><body>\n<pre>{YUNLING}</pre></body></html>")) == cells(PLAIN)


def test_the_sites_own_words_stand_aside() -> None:
    page = in_a_site(PAGE)
    assert texts(page)[:1] == [PLAIN.sections["title"].text] if PLAIN.sections else False
    beside = texts(page, aside=True)
    assert {"首页", "上一篇：云岭县2023年政府信息公开工作年度报告", "主办：云岭县人民政府办公室", "一图读懂"} <= set(beside)
    assert not {"一图读懂", "办事服务"} & set(texts(page))


def test_a_title_may_stand_outside_of_the_report() -> None:
    report = read(PAGE.replace("<body>", "<body><div>").replace("</h1>", "</h1></div><div>").replace("</body>", "</div></body>"))
    assert report.about == PLAIN.about
    only = re.sub("<h1>.*?</h1>", "", PAGE).replace(
        "<title>年度报告", "<title>云岭县2024年政府信息公开工作年度报告_政府信息公开_云岭县人民政府"
    )
    report = read(only)
    assert (report.sections or {})["title"].text == "云岭县2024年政府信息公开工作年度报告"
    assert report.about["year"] == 2024


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig"])
@pytest.mark.parametrize("named", ["gb2312", "GBK", "utf-8", "x-unknown", "hex"])
def test_the_encoding_is_told_by_the_bytes(encoding: str, named: str) -> None:
    assert cells(read(PAGE.replace('"utf-8"', f'"{named}"').encode(encoding))) == cells(PLAIN)


def test_a_page_in_big5_is_read_in_big5() -> None:
    loaded = load_source("<meta charset=big5>\n<p>政府資訊公開</p>".encode("big5")).document
    assert loaded is not None
    assert [block.text for block in loaded.blocks] == ["政府資訊公開"]


@pytest.mark.parametrize("how", ["quoted-printable", "base64", "8bit"])
def test_a_page_saved_whole(how: str) -> None:
    import base64
    import quopri

    raw = PAGE.encode("gb18030") if how != "8bit" else PAGE.encode()
    body = {"quoted-printable": quopri.encodestring, "base64": base64.encodebytes, "8bit": bytes}[how](raw)
    head = b'From: <Saved>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="--b"\r\n\r\n\r\n'
    part = f"Content-Type: text/html; charset=gb2312\r\nContent-Transfer-Encoding: {how}\r\n\r\n".encode()
    saved = head + b"----b\r\nContent-Type: image/png\r\n\r\nAAAA\r\n----b\r\n" + part + body + b"\r\n----b--\r\n"
    assert load_source(saved).kind == "mhtml"
    assert cells(read(saved)) == cells(PLAIN)


# --- hostile pages ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "says"),
    [
        ("<div>" * 100_000 + "x\n", "in each other"),
        ("<table><tr><td>" * 50_000 + "\n", "in each other"),
        ("<p>x</p>\n<table><tr>" + "<td>1</td>" * 10_000 + "</table>", "columns"),
        ("<p>x</p>\n<table><tr>" + "<td colspan=1000>1</td>" * 10 + "</table>", "columns"),
        ("<p>x</p>\n<table>" + "<tr><td colspan=1000>1</td></tr>" * 1000 + "</table>", "cells"),
        ("<p>x</p>\n<table>" + "<tr><td rowspan=65534>1</td></tr>" * 1900 + "</table>", "cells"),
        ("<html><body></body></html>\n", "."),
        ("<!doctype html>\n", "."),
    ],
)
def test_what_asks_too_much_is_one_line(page: str, says: str) -> None:
    found = [finding.message for finding in check(page, lang="en").findings]
    assert len(found) == 1
    assert re.search(says, found[0])
    assert "\n" not in found[0]


@pytest.mark.parametrize(
    "page",
    [
        "<b>" * 1500 + "x</b>" * 1500,
        "<table>" * 1900 + "<b>x</b>" * 20_000,
        "<table><tr><td>x<td>" * 400 + "<td>1" * 20_000,
        "<p>" + "<!-- -->" * 50_000 + "x",
        "<!-- a -->" * 50_000 + "x",
        "<p>" + "&nbsp;" * 200_000 + "x",
        "<p>" + "<x " * 100_000,
        "<table " * 100_000 + "<td>",
        "\x00\x01<p>a\x0c\x1eb</p>",
        "<?xml version='1.0' encoding='gb2312'?>\n<html><p>中</p></html>",
        "<!DOCTYPE html [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]>\n<p>&b;</p>",
    ],
)
def test_strange_pages_take_no_time(page: str) -> None:
    import time

    start = time.process_time()
    check(page + "\n")
    assert time.process_time() - start < 5


def test_nothing_is_fetched(tmp_path: Any) -> None:
    (tmp_path / "secret.txt").write_text("秘密")
    page = f'<!DOCTYPE html SYSTEM "{tmp_path}/secret.txt" [<!ENTITY x SYSTEM "file://{tmp_path}/secret.txt">]>\n<p>甲&x;</p>'
    assert not any("秘密" in block.text for block in document(page).blocks)


def test_an_empty_page_says_so() -> None:
    with pytest.raises(SourceError, match="without any text"):
        load_source("<html></html>\n")


def test_of_several_reports_on_one_page_the_first_is_read_and_the_other_told() -> None:
    other = as_html(printed(read(YUNLING.replace("2024", "2023").replace("2025", "2024")), load_pack("cn-disclosure").forms[PLAIN.form]))
    page = PAGE.replace("</body>", "<hr>" + other[other.index("<h1>") :])
    report = read(page)
    assert (cells(report), parts(report)) == (cells(PLAIN), parts(PLAIN))
    (remark,) = report.remarks
    assert remark.rule == "several-reports"
    assert page.split("\n")[(remark.place.line or 0) - 1].endswith("2023年政府信息公开工作年度报告</h1>")
    assert check(page).reports[0].verdict.value == "not_verified"
