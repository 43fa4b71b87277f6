"""What stands in the page, without a browser; ``test_html_page.py`` uses it as a person does."""

from __future__ import annotations

import base64
import hashlib
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from some_reports import ROOT

from govreport_check import check, check_many, render
from govreport_check.errors import UsageError
from govreport_check.findings import PrintedHead, PrintedTable, Result
from govreport_check.renderers.html_grid import grid_of
from govreport_check.renderers.html_marks import Marks, prose
from govreport_check.renderers.html_overview import charts, row

MISTAKES = ROOT / "docs" / "examples" / "yunling-2024-mistakes.txt"


@pytest.fixture(scope="module")
def broken() -> Result:
    return check(MISTAKES, printed=True)


def page_of(result: Result, **options: Any) -> Any:
    return html.document_fromstring(render(result, "html", **options))


def words_in(element: Any) -> str:
    """What is shown of an element, without signs and what is for screen readers alone."""
    return "".join(element.xpath(".//text()[not(ancestor::*[@class='vh' or @class='sign'])]")).strip()


def test_the_verdict_comes_first(broken: Result) -> None:
    page = page_of(broken)
    verdict = page.xpath("//div[contains(@class, 'verdict')]")[0]
    assert broken.reports[0].sentence in verdict.text_content()
    assert not verdict.xpath("preceding::table | preceding::details")


def test_every_figure_stands_as_printed(broken: Result) -> None:
    page = page_of(broken)
    shown = [words_in(td) for td in page.xpath("//table[contains(@class, 'official')]/tbody//td")]
    assert shown == [text for table in broken.reports[0].printed.tables for line in table.cells for text in line]  # type: ignore[union-attr]
    assert len(shown) == 200


def test_the_page_allows_its_own_style_and_script_alone(broken: Result) -> None:
    page = page_of(broken)
    policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert policy.startswith("default-src 'none';")
    for name in ("style", "script"):
        (text,) = page.xpath(f"//{name}/text()")
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy
    assert page.xpath("//@src | //@style | //@onclick | //link[not(starts-with(@href, 'data:'))]") == []
    assert "url(http" not in page.xpath("//style/text()")[0]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_page_of_one_report_is_small(lang: str) -> None:
    assert len(render(check(MISTAKES, printed=True, lang=lang), "html").encode()) < 300_000


@pytest.mark.shared
def test_a_page_of_a_report_with_many_components_is_small(shared: Path) -> None:
    result = check(shared / "us-foia" / "sample" / "2023" / "dhs-2023.xml", printed=True)
    assert len(render(result, "html").encode()) < 300_000


def test_every_id_is_there_once_and_every_reference_leads_to_one(broken: Result) -> None:
    page = page_of(check_many([MISTAKES, MISTAKES], printed=True))
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    named = {mark.split(":")[0] for marks in page.xpath("//@data-marks") for mark in marks.split()}
    named |= {name for names in page.xpath("//@data-f") for name in names.split()} | set(page.xpath("//@aria-controls"))
    named |= {guess.split(":")[0] for guesses in page.xpath("//@data-guesses") for guess in guesses.split()}
    assert named <= set(ids)
    assert len(named) > 50


def test_a_misprinted_label_is_shown_as_printed_and_marked(broken: Result) -> None:
    page = page_of(broken)
    (head,) = [th for th in page.xpath("//th[@data-f]") if words_in(th) == "本年度止件数"]
    assert head.xpath(".//button[contains(@class, 'g-warning')]")


def test_a_wrong_date_is_underlined_where_it_stands(broken: Result) -> None:
    page = page_of(broken)
    marked = {words_in(mark): mark.xpath(".//button") for mark in page.xpath("//mark")}
    assert marked["2024年9月31日"]
    assert marked["2024年12月21日"]
    assert not marked["2024"]  # the year in the title is only what the period is held against


def test_without_the_report_each_finding_shows_its_excerpt() -> None:
    page = page_of(check(MISTAKES))
    assert page.xpath("//table[contains(@class, 'official')]") == []
    assert len(page.xpath("//table[@class='ex']//td[@class='mk']")) > 10


def test_many_reports_show_excerpts_and_an_overview() -> None:
    page = page_of(check_many([MISTAKES] * 21, printed=True))
    assert page.xpath("//table[contains(@class, 'official')]") == []
    assert len(page.xpath("//table[@class='sortable']/tbody/tr")) == 21


def test_a_table_that_was_not_found_is_said_to_be_missing() -> None:
    text = MISTAKES.read_text(encoding="utf-8")
    start, end = text.index("行政复议					行政诉讼"), text.index("五、存在的主要问题")
    page = page_of(check(text[:start] + text[end:], printed=True))
    assert [words_in(one) for one in page.xpath("//section[contains(@class, 'p-disputes')]//p[@class='missing']")] == [
        "表四 报告中未找到。"
    ]


def test_the_command_writes_the_whole_report_into_the_page(tmp_path: Path) -> None:
    from govreport_check.cli import main

    target = tmp_path / "report.html"
    assert main(["check", str(MISTAKES), "--no-config", "--output", f"html={target}"]) == 1
    assert len(html.document_fromstring(target.read_text(encoding="utf-8")).xpath("//table[contains(@class, 'official')]")) == 5


def test_nothing_to_check_is_said() -> None:
    page = page_of(check("no report at all", printed=True))
    assert page.xpath("//p[@class='stamp']")[0].text_content().strip().endswith("未能核对")


def test_what_is_waived_and_noted_is_in_the_page_but_not_chosen(result: Result) -> None:
    page = page_of(result)
    chosen = {box.get("value"): box.get("checked") is not None for box in page.xpath("//input[@name='group']")}
    assert chosen == {"error": True, "warning": True, "undecided": True, "note": False, "waived": False}
    assert page_of(result, notes=True).xpath("//input[@name='group' and @value='note']/@checked")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_fixed_words_are_of_one_language(lang: str, broken: Result) -> None:
    page = page_of(check(MISTAKES, printed=True, lang=lang))
    assert page.get("lang") == {"zh": "zh-Hans", "en": "en"}[lang]
    fixed = " ".join(page.xpath("//h2/text() | //legend/text() | //label/span/text() | //form/button/text()"))
    assert bool(re.search("[一-鿿]", fixed)) == (lang == "zh")


def test_without_jinja2_the_extra_is_named(monkeypatch: pytest.MonkeyPatch, broken: Result) -> None:
    from govreport_check.renderers.html import _environment

    _environment.cache_clear()
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(UsageError, match=r"govreport-check\[html\]"):
        render(broken, "html")


# --- how tables are drawn --------------------------------------------------------------------------------------------------------


def test_heads_span_what_they_stand_over(broken: Result) -> None:
    (table,) = [table for table in broken.reports[0].printed.tables if table.id == "requests"]  # type: ignore[union-attr]
    grid = grid_of(table)
    assert [[(head.text, head.across, head.down) for head in line] for line in grid.tops[:2]] == [
        [("申请人情况", 7, 1)],
        [("自然人", 1, 2), ("法人或其他组织", 5, 1), ("总计", 1, 2)],
    ]
    assert grid.corner is not None and (grid.corner.across, grid.corner.down) == (3, 3)
    stub = [[(head.text, head.across, head.down) for head in line.heads] for line in grid.lines]
    assert stub[0] == [("一、本年新收政府信息公开申请数量", 3, 1)]
    assert stub[2] == [("三、本年度办理结果", 1, 22), ("（一）予以公开", 2, 1)]
    assert stub[4] == [("（三）不予公开", 1, 8), ("1.属于国家秘密", 1, 1)]


def test_rows_side_by_side_are_one_line(broken: Result) -> None:
    (table,) = [table for table in broken.reports[0].printed.tables if table.id == "disputes"]  # type: ignore[union-attr]
    grid = grid_of(table)
    assert [[(head.text, head.across, head.down) for head in line] for line in grid.tops[:2]] == [
        [("行政复议", 5, 2), ("行政诉讼", 10, 1)],
        [("未经复议直接起诉", 5, 1), ("复议后起诉", 5, 1)],
    ]
    assert len(grid.lines) == 1
    assert len(grid.lines[0].figures) == 15


@pytest.mark.parametrize("over", [(), ((0, 1),), ((0, 2), (0, 0)), ((1, 2), (2, 2), (1, 2))])
def test_every_place_of_a_table_is_covered_once(over: tuple[tuple[int, int], ...]) -> None:
    heads = [PrintedHead(text=str(i), at=f"t.heads.{i}", first=first, last=last) for i, (first, last) in enumerate(over)]
    names = [(name, name) for name in "abc"]
    grid = grid_of(
        PrintedTable(
            id="t", part="p", title="T", columns=names, rows=names, over_columns=heads, over_rows=heads, cells=[["1", "2", "3"]] * 3
        )
    )
    assert grid.corner is not None
    wide = grid.corner.across + 3
    assert sum(head.across * head.down for line in grid.tops for head in line) == 3 * len(grid.tops)
    stubs = sum(head.across * head.down for line in grid.lines for head in line.heads)
    assert stubs == 3 * (wide - 3)


# --- prose and charts ------------------------------------------------------------------------------------------------------------


def test_overlapping_words_are_marked_once(narrative: Any) -> None:
    inner = narrative.model_copy(
        update={"cells": [narrative.cells[0].model_copy(update={"raw": "申请75件", "address": "claims.other"})], "fingerprint": "other"}
    )
    marks = Marks("e", {})
    (pieces,) = prose("overview", [(12, "全年共收到申请75件。")], [narrative, inner], marks)
    assert "".join(piece.text for piece in pieces) == "全年共收到申请75件。"
    assert [piece.text for piece in pieces if piece.id] == ["共收到申请75件"]
    assert sorted(mark.finding for found in marks.at.values() for mark in found) == [0, 1]


def test_words_on_their_own_line_go_before_the_same_words_elsewhere(narrative: Any) -> None:
    told = prose("overview", [(3, "共收到申请75件"), (12, "共收到申请75件")], [narrative], Marks("e", {}))
    assert [[piece.text for piece in pieces if piece.id] for pieces in told] == [[], ["共收到申请75件"]]


def test_charts_count_what_calls_for_something(result: Result) -> None:
    one, other = row("r0", result.reports[0]), row("r1", result.reports[0].model_copy(update={"about": {"agency": "B", "year": "2023"}}))
    told = [(one, "P", "R", "error"), (one, "P", "R", "warning"), (other, "P", "S", "error"), (other, "Q", "S", "note")]
    found = {chart.key: [(bar.label, bar.total) for bar in chart.bars] for chart in charts(told)}
    assert found == {"by_rule": [("R", 2), ("S", 1)], "by_agency": [(one.agency, 2), ("B", 1)], "by_year": [("2023", 1), ("2024", 2)]}
