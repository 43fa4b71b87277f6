"""The page in a real browser: what a person clicks, tabs to, filters, prints and hears."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import PHONE, Browser, chromium
from hostile import hostile_result
from seasons import season
from some_reports import ROOT

from govreport_check import check, check_many
from govreport_check.findings import Result
from govreport_check.renderers.sheets.season import season_sheets

MISTAKES = ROOT / "docs" / "examples" / "yunling-2024-mistakes.txt"
RIGHT = ROOT / "docs" / "examples" / "yunling-2024.txt"

driver = pytest.fixture(scope="module")(chromium)


@pytest.fixture
def browser(driver: Any, tmp_path: Path) -> Iterator[Browser]:
    """Every test of the page is also one that nothing goes wrong behind it, and that nothing leaves it."""
    one = Browser(driver, tmp_path)
    yield one
    assert one.said == []
    assert one.outside() == []


@pytest.fixture(scope="module")
def broken() -> Result:
    return check(MISTAKES, printed=True)


@pytest.fixture(scope="module")
def several() -> Result:
    text = RIGHT.read_text(encoding="utf-8")
    other = text.replace("云岭县", "青川县").replace(
        "一、本年新收政府信息公开申请数量			86", "一、本年新收政府信息公开申请数量			87"
    )
    return check_many([MISTAKES, RIGHT, other], names=["a.txt", "b.txt", "c.txt"], printed=True)


def cell(page: Any, row: str, column: int) -> Any:
    """The figure in the ``column``-th place of the row of table three that begins so."""
    return page.locator(".p-applications tr", has=page.get_by_role("rowheader", name=row)).locator("td").nth(column)


def test_clicking_a_wrong_figure_shows_its_equation_and_marks_its_operands(browser: Browser, broken: Result) -> None:
    page = browser.show(broken)
    cell(page, "一、本年新收", 4).locator("button").click()
    card = page.locator("details.f[open]")
    assert card.count() == 1
    assert "6 应等于 5，相差 1" in card.inner_text()
    marked = page.locator("td.on")
    assert [marked.nth(i).inner_text().split("\n")[0].strip("×") for i in range(4)] == ["4", "2", "5", "0"]
    assert [marked.nth(i).get_attribute("data-sign") for i in range(4)] == ["+", "+", "+", "+"]
    assert page.locator("svg.arrows path.arrow").count() == 4


def test_a_total_is_marked_as_what_its_parts_are_compared_with(browser: Browser, broken: Result) -> None:
    page = browser.show(broken)
    total = page.locator(".p-disputes td button.w")
    assert total.count() == 1
    total.click()
    assert page.locator("td.as-t").get_attribute("data-sign") == "="
    assert page.locator("td.as-l").count() == 4
    assert page.locator("svg.arrows path.arrow").count() == 4


def test_arrows_end_at_the_figure_that_is_compared(browser: Browser, broken: Result) -> None:
    page = browser.show(broken)
    page.locator(".p-disputes td button.w").click()
    target = page.locator("td.as-t").bounding_box()
    ends = page.eval_on_selector_all(
        "path.arrow",
        """paths => paths.map(path => {
            const at = path.getPointAtLength(path.getTotalLength()).matrixTransform(path.getScreenCTM());
            return [at.x, at.y];
        })""",
    )
    assert len(ends) == 4
    assert all(target["x"] <= x <= target["x"] + target["width"] and abs(y - target["y"]) < 8 for x, y in ends)


def test_an_explanation_is_shown_in_the_table_with_its_value(browser: Browser, broken: Result) -> None:
    page = browser.show(broken)
    page.locator(".p-disputes td button.w").click()
    ways = page.locator("details.f[open] .ways button")
    assert ways.count() == 5
    ways.nth(4).click()
    assert [text.strip() for text in page.locator(".to").all_inner_texts()] == ["→ 4"]
    assert ways.nth(4).get_attribute("aria-pressed") == "true"
    ways.nth(0).click()
    assert [text.strip() for text in page.locator(".to").all_inner_texts()] == ["→ 3"]


def test_words_of_the_prose_lead_to_their_finding(browser: Browser, broken: Result) -> None:
    page = browser.show(broken)
    page.locator("mark", has_text="2024年9月31日").locator("button").click()
    assert "不是日历上存在的日期" in page.locator("details.f[open] summary").inner_text()


def test_the_keyboard_alone_is_enough(browser: Browser, broken: Result) -> None:
    page = browser.show(broken)
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.p-disputes td button.w')"):
            break
    else:
        pytest.fail("Tab does not reach the wrong figure")
    assert page.locator("#tip").is_visible()  # a look at it, on focus alone
    assert page.locator("td.on").count() == 5
    page.keyboard.press("Enter")
    assert page.locator("details.f[open]").count() == 1
    assert page.evaluate("document.activeElement.getAttribute('aria-expanded')") == "true"
    page.keyboard.press("Escape")
    assert page.locator("details.f[open]").count() == 0
    assert page.evaluate("document.activeElement.matches('.p-disputes td button.w')")


def test_hovering_shows_the_equation(browser: Browser, broken: Result) -> None:
    page = browser.show(broken)
    page.locator(".p-disputes td button.w").hover()
    assert page.locator("#tip").inner_text() == "4 应等于 5，相差 1"
    page.mouse.move(5, 5)
    assert page.locator("td.on").count() == 0


def test_filters_hide_findings_and_unmark_their_figures(browser: Browser, broken: Result) -> None:
    page = browser.show(broken)
    whole = page.locator("details.f:visible").count()
    page.locator("select[name=part]").select_option("disputes")
    assert page.locator("details.f:visible").count() == 1
    assert not page.locator(".p-applications td button.w").first.is_enabled()
    page.locator("button[type=reset]").click()
    page.wait_for_function(f"[...document.querySelectorAll('details.f')].filter(one => !one.hidden).length === {whole}")
    page.locator("label.chip.g-error").click()
    assert set(page.locator("details.f:visible").evaluate_all("all => all.map(one => one.dataset.group)")) == {"warning"}
    page.locator("label.chip.g-error").click()
    page.locator("select[name=rule]").select_option("cn-disclosure/requests-balance")
    assert page.locator("details.f:visible").count() == 2
    assert page.locator("output").inner_text() == f"显示 2 / {whole} 条"


@pytest.mark.shared
def test_notes_are_hidden_until_asked_for(browser: Browser, shared: Path) -> None:
    result = check(shared / "us-foia" / "sample" / "2023" / "dhs-2023.xml", printed=True)
    page = browser.show(result)
    assert page.locator("details.f.g-note:visible").count() == 0
    page.locator("label.chip.g-note").click()
    assert page.locator("details.f.g-note:visible").count() == 1


@pytest.mark.shared
def test_components_filter_and_quiet_tables_are_folded(browser: Browser, shared: Path) -> None:
    page = browser.show(check(shared / "us-foia" / "sample" / "2023" / "dhs-2023.xml", printed=True))
    page.locator("select[name=entity]").select_option("ICE")
    assert set(page.locator("details.f:visible").evaluate_all("all => all.map(one => one.dataset.entity)")) == {"ICE"}
    assert page.locator("table.official:visible").count() < page.locator("table.official").count() / 2
    assert page.locator("table.official:visible button.w:enabled").count() > 0


def test_the_overview_sorts_and_opens_reports(browser: Browser, several: Result) -> None:
    page = browser.show(several)
    sorting = page.get_by_role("columnheader", name="错误")
    sorting.get_by_role("button").click()
    assert sorting.get_attribute("aria-sort") == "descending"
    order = page.locator(".sortable tbody tr").evaluate_all("rows => rows.map(row => row.lastElementChild.textContent)")
    assert order[0] == "a.txt"
    assert order[-1] == "b.txt"
    page.locator(".sortable a", has_text="青川县").click()
    assert page.locator("details.report[open]").count() == 1
    assert "青川县" in page.locator("details.report[open] > summary").inner_text()
    page.locator("details.report[open] td button.w:visible").first.click()
    assert page.locator("details.report[open] td.on").count() >= 2


def test_the_search_narrows_the_overview(browser: Browser, several: Result) -> None:
    page = browser.show(several)
    page.locator("input[name=words]").fill("青川县")
    assert page.locator(".sortable tbody tr:visible").count() == 1
    assert page.locator("details.report:visible").count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_runs_over_the_edge_of_a_phone(browser: Browser, broken: Result, several: Result, scheme: str) -> None:
    for result in (broken, several):
        page = browser.show(result, PHONE, scheme)
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_on_a_phone_the_equation_floats_below_its_figure(browser: Browser, broken: Result) -> None:
    page = browser.show(broken, PHONE)
    wrong = page.locator(".p-disputes td button.w")
    wrong.click()
    card = page.locator("details.f.afloat")
    place, sheet = wrong.bounding_box(), card.bounding_box()
    assert sheet["y"] + sheet["height"] <= PHONE["height"] + 1
    assert place["y"] >= 0 and place["y"] + place["height"] <= sheet["y"]
    card.locator(".shut").click()
    assert page.locator("details.f[open]").count() == 0


def test_on_paper_every_finding_is_open(browser: Browser, broken: Result) -> None:
    page = browser.show(broken)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator("details.f[open]").count() == page.locator("details.f").count() > 10
    assert page.locator("form.filters").is_hidden()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details.f[open]").count() == 0


def test_hostile_text_stays_text(browser: Browser) -> None:
    page = browser.show(hostile_result(), notes=True, waived=True)
    page.locator("details.f > summary").first.click()
    assert page.locator("script").count() == 1  # the page's own
    assert page.locator("main img, main iframe, main a[href^=http]").count() == 0
    assert "<script>alert(1)</script>" in page.locator("details.f[open]").first.inner_text()


def season_page(browser: Browser, **options: Any) -> Any:
    one = season()
    return browser.show(one.result, sheets=season_sheets(one), **options)


def test_a_seasons_tables_sort_by_their_heads(browser: Browser) -> None:
    units = season_page(browser).locator(".season details").first
    units.get_by_role("button", name="存疑数").click()
    assert units.locator("tbody tr td:nth-child(3)").first.inner_text() == "乙县教育局"


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("no npm to fetch axe-core with")
    folder = tmp_path_factory.mktemp("axe")
    done = subprocess.run(
        [npm, "install", "--no-audit", "--no-fund", "axe-core@4"], cwd=folder, capture_output=True, check=False, timeout=120
    )
    if done.returncode:
        pytest.skip("axe-core cannot be fetched")
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def violations(page: Any, axe: str) -> list[tuple[str, str, str]]:
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    loud = [one for one in found if one["impact"] in ("serious", "critical")]
    return [(one["id"], one["nodes"][0]["html"], one["nodes"][0]["failureSummary"]) for one in loud]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_axe_finds_nothing_serious(browser: Browser, several: Result, axe: str, scheme: str, lang: str) -> None:
    one = check(MISTAKES, printed=True, lang=lang)
    page = browser.show(one, scheme=scheme)
    assert violations(page, axe) == []
    page.locator(".p-disputes td button.w").click()
    page.locator("details.f[open] .ways button").first.click()
    assert violations(page, axe) == []
    page = browser.show(several, scheme=scheme, lang=lang)
    page.locator(".sortable a").first.click()
    assert violations(page, axe) == []


def test_axe_finds_nothing_serious_on_a_phone(browser: Browser, broken: Result, axe: str) -> None:
    page = browser.show(broken, PHONE)
    page.locator(".p-disputes td button.w").click()
    assert violations(page, axe) == []


def test_axe_finds_nothing_serious_in_a_seasons_tables(browser: Browser, axe: str) -> None:
    for options in ({"size": PHONE}, {"scheme": "dark"}):
        page = season_page(browser, **options)
        page.locator(".season details:not([open]) > summary").first.click()
        assert violations(page, axe) == []
