"""A season's tables and charts in the HTML page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import lxml.html
from seasons import finding, line, season

from govreport_check.renderers import render
from govreport_check.renderers.sheets.season import season_sheets
from govreport_check.season.model import Season

HOSTILE = "<script>alert(1)</script>\u202e{{ 7 * 7 }}"


def page_of(one: Season) -> Any:
    return lxml.html.fromstring(render(one.result, "html", sheets=season_sheets(one)))


def texts(page: Any, path: str) -> list[str]:
    return [" ".join(one.text_content().split()) for one in page.xpath(path)]


def test_the_tables_come_before_the_reports_and_without_their_keys() -> None:
    page = page_of(season())
    assert texts(page, "//section[@class='season']/details/summary") == [
        "1 总表 4",
        "3 未报、重报、串年、雷同 4",
        "4 汇总核对 2",
        "5 统计 3",
    ]
    heads = texts(page, "//section[@class='season']/details[1]//thead//button")
    assert "审核意见" in heads and "单位标识" not in heads
    assert texts(page, "//section[@class='season']/details[1]//tbody/tr/td[3]") == ["甲县民政局", "甲县水利局", "甲县教育局", "乙县教育局"]


def test_charts_say_their_numbers_and_what_is_not_known() -> None:
    (kinds, counties) = page_of(season()).xpath("//section[@class='season']//figure")
    assert texts(kinds, ".//tbody/tr/*[not(self::td[.//*])]") == ["表三", "2", "–", "文表一致", "1", "–"]
    assert texts(counties, ".//tbody/tr/th") == ["甲县", "乙县"]
    assert [bar.get("width") for bar in kinds.xpath(".//tbody//rect[@class='y-1']")] == ["100.00", "50.00"]


def test_a_page_without_a_season_has_no_tables() -> None:
    assert "season" not in lxml.html.fromstring(render(season().result, "html")).xpath("string(//section/@class)")


def test_hostile_names_are_text() -> None:
    bad = replace(season([line(1, HOSTILE, HOSTILE, [finding(1, message=HOSTILE)])]), anomalies=(), sums=())
    page = page_of(bad)
    assert len(page.xpath("//script")) == 1
    assert any("<script>alert(1)</script>{{ 7 * 7 }}" in text for text in texts(page, "//section[@class='season']//td"))
