"""The page in a real browser: files in, findings, filters, several files, languages, keyboard, files out."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import axe_script, violations
from clerk import DESK, MISTAKES, PHONE, RIGHT, TABLET, Clerk, checked, clerk_at, in_every_format, shown, told

from govreport_check import check


@pytest.fixture
def clerk(driver: Any, address: str) -> Iterator[Clerk]:
    with clerk_at(driver, address) as one:
        yield one


@pytest.fixture(scope="module")
def broken() -> dict[str, bytes]:
    return in_every_format(MISTAKES)


@pytest.mark.parametrize("ending", ["txt", "docx", "html", "xlsx", "pdf"])
def test_what_is_dropped_is_shown_with_the_findings_of_the_command(clerk: Clerk, broken: dict[str, bytes], ending: str) -> None:
    name = f"云岭县.{ending}"
    clerk.drop((name, broken[ending]))
    report = checked(broken[ending], name)
    assert shown(clerk) == told(report)
    assert len(shown(clerk)) == 14
    assert clerk.page.locator(".verdict .sentence").inner_text() == report.sentence
    assert clerk.page.locator("table.official td").count() == 200
    assert clerk.page.locator("td button.w").count() > 5
    assert clerk.page.locator("mark button.w").count() > 2


def test_the_token_does_not_stay_in_the_address(clerk: Clerk) -> None:
    assert "token" not in clerk.page.url


def test_a_finding_and_its_cells_light_each_other_up(clerk: Clerk) -> None:
    clerk.drop(("a.txt", MISTAKES.read_bytes()))
    clerk.page.locator("details.f", has_text="未经复议直接起诉").locator("summary").click()
    assert clerk.page.locator("td.on").count() == 5
    assert clerk.page.locator("td.as-t").get_attribute("data-at") == "disputes[litigation_direct, total]"
    assert clerk.page.locator("svg.arrows path.arrow").count() == 4
    clerk.page.locator(".p-applications td button.w").first.click()
    card = clerk.page.locator("details.f[open]")
    assert card.count() == 1
    assert "未经复议" not in card.inner_text()
    for word in ("左", "右", "说明", "更正", "依据"):
        assert word in card.inner_text()


def test_filters_narrow_the_list_and_stay_when_a_figure_changes(clerk: Clerk) -> None:
    clerk.drop(("a.txt", MISTAKES.read_bytes()))
    clerk.page.locator("select[name=part]").select_option("applications")
    before = clerk.page.locator("details.f:visible").count()
    assert 0 < before < 14
    clerk.change(clerk.at("disputes[litigation_direct, total]"), "4")
    assert clerk.page.locator("select[name=part]").input_value() == "applications"
    assert clerk.page.locator("details.f:visible").count() == before
    clerk.page.locator("input[name=words]").fill("六类申请人合计4件")
    assert clerk.page.locator("details.f:visible").count() == 1
    clerk.page.locator("button[type=reset]").click()
    clerk.until("[...document.querySelectorAll('details.f')].every(one => !one.hidden)")
    assert clerk.page.locator("details.f:visible").count() == 13


def test_text_can_be_pasted(clerk: Clerk) -> None:
    clerk.page.locator("#paste").click()
    assert clerk.page.evaluate("document.activeElement.id") == "text"
    clerk.page.locator("#text").fill(RIGHT.read_text(encoding="utf-8"))
    clerk.page.locator("#pasted button[type=submit]").click()
    clerk.wait("article.checked")
    assert clerk.page.locator(".verdict.v-clean").count() == 1


def test_what_cannot_be_read_is_said_and_is_no_pass(clerk: Clerk) -> None:
    clerk.drop(("坏.docx", b"PK\x03\x04 this is no document" * 20))
    assert clerk.page.locator(".verdict.v-not_verified").count() == 1
    assert clerk.page.locator("details.f").count() == 1
    assert "坏.docx" in clerk.page.locator("#files").inner_text()


def test_an_unreadable_figure_is_undecided_and_shown_as_such(clerk: Clerk) -> None:
    row = "一、本年新收政府信息公开申请数量			"
    text = MISTAKES.read_text(encoding="utf-8").replace(f"{row}86", f"{row}#?")
    clerk.drop(("a.txt", text.encode()))
    assert clerk.page.locator("details.f.g-undecided").count() > 0
    assert clerk.at("requests[new_received, natural_person]").locator("button.w").count() == 1
    assert shown(clerk) == told(checked(text.encode(), "a.txt"))


def test_several_files_make_an_overview_from_which_a_report_opens(clerk: Clerk) -> None:
    clerk.drop(("错.txt", MISTAKES.read_bytes()), ("对.txt", RIGHT.read_bytes()), ("坏.pdf", b"%PDF-1.4 nothing"))
    assert clerk.page.locator(".sortable tbody tr").count() == 3
    assert clerk.page.locator(".charts svg rect").count() > 3
    clerk.page.get_by_role("columnheader", name="错误").get_by_role("button").click()
    assert clerk.page.locator(".sortable tbody tr").first.locator(".file").inner_text() == "错.txt"
    clerk.page.locator(".sortable tr", has_text="错.txt").locator("a").click()
    clerk.wait("article.checked")
    assert shown(clerk) == told(checked(MISTAKES.read_bytes(), "错.txt"))
    clerk.change(clerk.at("disputes[litigation_direct, total]"), "4")
    assert len(shown(clerk)) == 13
    clerk.page.locator("#files button", has_text="总览").click()
    clerk.wait("#stage .overview")
    clerk.settled()
    assert clerk.page.locator(".sortable tr", has_text="错.txt").locator("td.n").nth(1).inner_text() == "8"


def test_years_of_one_agency_are_held_against_each_other(clerk: Clerk) -> None:
    earlier = RIGHT.read_text(encoding="utf-8").replace("2024", "2023")
    clerk.drop(("2024.txt", RIGHT.read_bytes()), ("2023.txt", earlier.encode()))
    clerk.page.locator(".sortable tr", has_text="2024.txt").locator("a").click()
    clerk.wait("article.checked")
    assert clerk.page.locator("select[name=prior] option:checked").inner_text() == "2023.txt"
    wanted = told(check(RIGHT.read_bytes(), name="2024.txt", prior=earlier).reports[0])
    assert shown(clerk) == wanted
    clerk.page.locator("select[name=prior]").select_option("")
    clerk.settled()
    assert shown(clerk) != wanted
    assert shown(clerk) == told(checked(RIGHT.read_bytes(), "2024.txt"))


def test_level_and_last_year_can_be_given(clerk: Clerk, tmp_path: Path) -> None:
    clerk.drop(("2024.txt", RIGHT.read_bytes()))
    earlier = tmp_path / "2023.txt"
    earlier.write_text(RIGHT.read_text(encoding="utf-8").replace("2024", "2023"), encoding="utf-8")
    with clerk.page.expect_file_chooser() as chooser:
        clerk.page.locator("select[name=prior]").select_option("+")
    chooser.value.set_files(str(earlier))
    clerk.wait("details.f")
    given = told(check(RIGHT.read_bytes(), name="2024.txt", prior=earlier).reports[0])
    assert shown(clerk) == given
    clerk.page.locator("select[name=level]").select_option("province")
    clerk.settled()
    wanted = check(RIGHT.read_bytes(), name="2024.txt", prior=earlier, about={"level": "province"}).reports[0]
    assert shown(clerk) == told(wanted)


def test_the_language_is_switched_and_remembered(clerk: Clerk) -> None:
    clerk.drop(("a.txt", MISTAKES.read_bytes()))
    clerk.change(clerk.at("disputes[litigation_direct, total]"), "4")
    clerk.page.get_by_role("button", name="English").click()
    clerk.until("document.querySelector('.stamp').textContent.includes('findings')")
    assert clerk.page.locator("html").get_attribute("lang") == "en"
    assert "1 change(s)" in clerk.page.locator("#tools").inner_text()  # a change of the language is not one of the report
    assert len(clerk.messages()) == 13
    assert {message for _, message in told(checked(MISTAKES.read_bytes(), "a.txt", lang="en"))} > set(clerk.messages())
    clerk.page.goto("about:blank")
    clerk.page.goto(clerk.origin + "/")
    clerk.page.wait_for_selector("#formats:not(:empty)")
    assert clerk.page.locator("h1:visible").inner_text() == "Drop the report here"


def downloaded(clerk: Clerk, kind: str) -> tuple[str, bytes]:
    if not clerk.page.locator("details.take").evaluate("menu => menu.open"):
        clerk.page.locator("details.take summary").click()
    with clerk.page.expect_download() as found:
        clerk.page.locator(f"button[data-take={kind}]").click()
    return found.value.suggested_filename, Path(found.value.path()).read_bytes()


def test_what_is_taken_away_holds_the_change(clerk: Clerk, broken: dict[str, bytes]) -> None:
    clerk.drop(("云岭县.docx", broken["docx"]))
    clerk.change(clerk.at("disputes[litigation_direct, total]"), "4")
    name, page = downloaded(clerk, "html")
    assert name.endswith(".html") and page.decode().count('class="f g-') == 13
    _, report = downloaded(clerk, "report")
    assert len(check(report, name="a.json").reports[0].findings) == 13
    _, result = downloaded(clerk, "json")
    assert len(json.loads(result)["reports"][0]["findings"]) == 13
    clerk.page.locator("details.take summary").click()
    assert clerk.page.locator("button[data-take=manifest]").is_disabled()
    assert "先导出修订稿" in clerk.page.locator("#what-manifest").inner_text()


def test_the_persons_own_file_comes_back_mended(clerk: Clerk, broken: dict[str, bytes]) -> None:
    clerk.drop(("云岭县.docx", broken["docx"]))
    clerk.page.locator("details.take summary").click()
    mended = clerk.page.locator("button[data-take=mended]")
    assert mended.is_disabled()
    assert "尚未修改" in clerk.page.locator("#what-mended").inner_text()
    clerk.change(clerk.at("disputes[litigation_direct, total]"), "4")
    name, content = downloaded(clerk, "mended")
    assert name.endswith(".docx")
    found = [one for one in told(checked(content, name)) if one[0] != "form/unaccepted-revisions"]
    assert found == shown(clerk)
    _, annotated = downloaded(clerk, "annotated")
    assert "word/comments.xml" in zipfile.ZipFile(io.BytesIO(annotated)).namelist()
    _, letter = downloaded(clerk, "letter")
    assert "word/document.xml" in zipfile.ZipFile(io.BytesIO(letter)).namelist()


def test_what_a_format_does_not_have_is_said(clerk: Clerk) -> None:
    clerk.drop(("a.txt", RIGHT.read_bytes()))
    clerk.page.locator("details.take summary").click()
    for kind in ("mended", "annotated", "letter"):
        assert clerk.page.locator(f"button[data-take={kind}]").is_disabled()
    assert ".docx" in clerk.page.locator("#what-annotated").inner_text()
    assert clerk.page.locator("button[data-take=html]").is_enabled()
    _, manifest = downloaded(clerk, "manifest")
    assert b"a.txt" in manifest and json.loads(manifest)


def tab_to(clerk: Clerk, selector: str, most: int = 120) -> None:
    for _ in range(most):
        clerk.page.keyboard.press("Tab")
        if clerk.page.evaluate(f"document.activeElement.matches({json.dumps(selector)})"):
            return
    pytest.fail(f"Tab does not reach {selector}")


def test_the_keyboard_alone_is_enough(clerk: Clerk) -> None:
    tab_to(clerk, "#paste")
    clerk.page.keyboard.press("Enter")
    clerk.page.evaluate(f"document.activeElement.value = {json.dumps(MISTAKES.read_text(encoding='utf-8'))}")
    tab_to(clerk, "#pasted button[type=submit]")
    clerk.page.keyboard.press("Enter")
    clerk.wait("article.checked")
    tab_to(clerk, ".p-disputes td button.w")
    clerk.page.keyboard.press("Enter")
    assert clerk.page.locator("details.f[open]").count() == 1
    assert clerk.page.evaluate("document.activeElement.matches('.edit')")
    clerk.page.keyboard.type("4")
    clerk.page.keyboard.press("Enter")
    clerk.settled()
    assert len(clerk.messages()) == 13
    assert clerk.page.evaluate("document.activeElement.dataset.at") == "disputes[litigation_direct, total]"
    clerk.page.keyboard.press("ArrowLeft")
    assert clerk.page.evaluate("document.activeElement.dataset.at") == "disputes[litigation_direct, pending]"
    clerk.page.keyboard.press("Control+z")
    clerk.settled()
    assert len(clerk.messages()) == 14
    tab_to(clerk, "details.f summary")
    clerk.page.keyboard.press("Enter")
    assert clerk.page.locator("details.f[open]").count() == 1
    clerk.page.keyboard.press("Escape")
    assert clerk.page.locator("details.f[open]").count() == 0


def test_skip_links_come_first(clerk: Clerk) -> None:
    clerk.drop(("a.txt", MISTAKES.read_bytes()))
    clerk.page.evaluate("document.activeElement.blur()")
    clerk.page.keyboard.press("Tab")
    assert clerk.page.evaluate("document.activeElement.matches('.skip')")
    clerk.page.keyboard.press("Tab")
    clerk.page.keyboard.press("Enter")
    assert clerk.page.evaluate("document.activeElement.matches('.findings')")


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    return axe_script(tmp_path_factory.mktemp("axe"))


def test_axe_finds_nothing_serious(driver: Any, address: str, axe: str) -> None:
    with clerk_at(driver, address, bypass_csp=True) as clerk:
        assert violations(clerk.page, axe) == []
        clerk.drop(("a.txt", MISTAKES.read_bytes()))
        clerk.change(clerk.at("disputes[litigation_direct, total]"), "4")
        clerk.page.locator(".p-applications td button.w").first.click()
        clerk.page.locator("details.changes summary").click()
        assert violations(clerk.page, axe) == []


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", [DESK, TABLET, PHONE], ids=["desk", "tablet", "phone"])
def test_axe_finds_nothing_serious_anywhere(driver: Any, address: str, axe: str, lang: str, scheme: str, size: dict[str, int]) -> None:
    with clerk_at(driver, address.replace("lang=zh", f"lang={lang}"), size, color_scheme=scheme, bypass_csp=True) as clerk:
        assert violations(clerk.page, axe) == []
        clerk.drop(("a.txt", MISTAKES.read_bytes()))
        clerk.page.locator(".p-disputes td button.w").click()
        assert violations(clerk.page, axe) == []
        clerk.page.keyboard.press("Escape")
        for menu in ("changes", "take"):
            clerk.page.locator(f"details.{menu} summary").click()
            assert violations(clerk.page, axe) == []
        clerk.drop(("b.txt", RIGHT.read_bytes()), ("c.txt", RIGHT.read_bytes()))
        assert violations(clerk.page, axe) == []


@pytest.mark.parametrize("size", [DESK, TABLET, PHONE], ids=["desk", "tablet", "phone"])
def test_nothing_runs_over_the_edge(driver: Any, address: str, size: dict[str, int]) -> None:
    with clerk_at(driver, address, size) as clerk:
        widths = [clerk.page.evaluate("document.documentElement.scrollWidth")]
        clerk.drop(("a.txt", MISTAKES.read_bytes()))
        widths.append(clerk.page.evaluate("document.documentElement.scrollWidth"))
        findings, report = clerk.page.locator(".findings").bounding_box(), clerk.page.locator(".document").bounding_box()
        assert (findings["x"] > report["x"] + report["width"]) == (size is not PHONE)
        clerk.drop(("b.txt", RIGHT.read_bytes()), ("c.txt", RIGHT.read_bytes()))
        widths.append(clerk.page.evaluate("document.documentElement.scrollWidth"))
        assert widths == [size["width"]] * 3


def test_without_the_token_it_is_asked_for(driver: Any, address: str) -> None:
    with clerk_at(driver, address.partition("#")[0]) as clerk:
        clerk.wait("#entrance")
        assert clerk.page.evaluate("document.activeElement.id") == "token"
        assert clerk.said and all("401" in text for text in clerk.said)
        clerk.said.clear()
        clerk.page.locator("#token").fill(address.partition("token=")[2].partition("&")[0])
        clerk.page.keyboard.press("Enter")
        clerk.wait("#drop")


@pytest.mark.shared
@pytest.mark.slow
def test_every_document_has_the_findings_of_the_command(driver: Any, address: str, shared: Path) -> None:
    for path in sorted(path for path in (shared / "cn" / "reports").iterdir() if path.name != "README.md"):
        with clerk_at(driver, address) as clerk:
            clerk.drop((path.name, path.read_bytes()))
            report = checked(path.read_bytes(), path.name)
            assert shown(clerk) == told(report), path.name
            assert clerk.page.locator(".verdict .sentence").inner_text() == " ".join(report.sentence.split())
