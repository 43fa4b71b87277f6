"""Changes on the page: checked at once, only what changed drawn anew, undone and taken back; what is slow or lost on the way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from clerk import MISTAKES, PHONE, Clerk, clerk_at

TOTAL = "disputes[litigation_direct, total]"
NAME = "云岭县.txt"


@pytest.fixture
def clerk(driver: Any, address: str) -> Iterator[Clerk]:
    """At the page with a report that has fourteen findings."""
    with clerk_at(driver, address) as one:
        one.drop((NAME, MISTAKES.read_bytes()))
        yield one


def changes(clerk: Clerk) -> list[str]:
    return [" ".join(text.split()) for text in clerk.page.locator(".changes li").all_text_contents()]


def press(clerk: Clerk, keys: str) -> None:
    clerk.page.keyboard.press(keys)
    clerk.settled()


def test_findings_go_while_a_figure_is_typed(clerk: Clerk) -> None:
    clerk.at(TOTAL).click()
    assert clerk.page.locator("details.f[open]").count() == 1  # why it is wrong stands beside
    clerk.page.keyboard.type("4")
    clerk.until("document.querySelectorAll('details.f').length === 13")
    assert clerk.page.evaluate("document.activeElement.matches('.edit')")  # still in the middle of it
    assert clerk.page.locator(".counts").first.inner_text().startswith("通过 577")
    clerk.page.keyboard.press("Escape")
    clerk.until("document.querySelectorAll('details.f').length === 14")
    assert clerk.printed(TOTAL) == "5"
    assert changes(clerk) == []


def test_the_verdict_is_read_out_when_it_changes(clerk: Clerk) -> None:
    clerk.change(clerk.at(TOTAL), "4")
    clerk.until("document.getElementById('said').textContent.includes('错误8处')")


def test_changes_are_listed_and_undone_and_made_again(clerk: Clerk) -> None:
    clerk.change(clerk.at(TOTAL), "4")
    clerk.change(clerk.at("requests[granted, natural_person]"), "41")
    assert len(clerk.messages()) > 13
    assert changes(clerk) == ["表四 · 未经复议直接起诉 · 总计5 → 4恢复原文", "表三 · （一）予以公开 · 自然人31 → 41恢复原文"]
    press(clerk, "Control+z")
    assert clerk.printed("requests[granted, natural_person]") == "31"
    assert len(clerk.messages()) == 13
    press(clerk, "Control+z")
    assert len(clerk.messages()) == 14
    assert clerk.page.get_by_role("button", name="撤销").is_disabled()
    press(clerk, "Control+Shift+z")
    press(clerk, "Control+y")
    assert len(changes(clerk)) == 2
    clerk.page.locator("details.changes summary").click()
    clerk.page.get_by_role("button", name="恢复原文：表四").click()
    clerk.settled()
    assert clerk.printed(TOTAL) == "5"
    assert len(changes(clerk)) == 1
    press(clerk, "Control+z")  # taking one back is a step too
    assert clerk.printed(TOTAL) == "4"


def test_an_inferred_figure_is_used_with_one_button(clerk: Clerk) -> None:
    clerk.page.locator("details.f", has_text="未经复议直接起诉").locator("summary").click()
    card = clerk.page.locator("details.f[open]")
    assert card.locator("button.use").count() == 5
    card.locator("button.use").nth(4).click()
    clerk.settled()
    assert clerk.printed(TOTAL) == "4"
    assert len(clerk.messages()) == 13
    assert clerk.page.evaluate("document.activeElement.dataset.at") == TOTAL
    press(clerk, "Control+z")
    assert len(clerk.messages()) == 14


def test_a_sentence_a_heading_and_a_label_are_changed(clerk: Clerk) -> None:
    before = set(clerk.messages())
    paragraph = clerk.at("sections.preamble", 0)
    clerk.change(paragraph, paragraph.inner_text().replace("×", "").replace("12月21日", "12月31日"))
    assert not any("12月21日" in message for message in clerk.messages())
    label = clerk.at("labels.documents.columns.repealed")
    clerk.change(label, "本年废止件数")
    assert not any("本年度止件数" in message for message in clerk.messages())
    clerk.change(clerk.at("sections.overview.heading"), "一、概况")
    assert len(changes(clerk)) == 3
    assert any("概况" in message for message in clerk.messages())
    for _ in range(3):
        press(clerk, "Control+z")
    assert set(clerk.messages()) == before


def test_a_section_without_text_can_be_written(clerk: Clerk) -> None:
    assert any("只有标题，没有内容" in message for message in clerk.messages())
    clerk.change(clerk.at("sections.other_matters", 0), "本年度未收取政府信息公开信息处理费。")
    assert not any("只有标题，没有内容" in message for message in clerk.messages())
    clerk.change(clerk.at("sections.other_matters", 0), "")
    assert any("只有标题，没有内容" in message for message in clerk.messages())
    assert changes(clerk) == []


def test_only_what_changed_is_drawn_anew(clerk: Clerk) -> None:
    clerk.page.evaluate("""() => {
        for (const el of document.querySelectorAll("td, details.f, p")) el.mine = true;
        document.querySelector(".findings").scrollTop = 120;
        document.querySelector("[data-at='requests[new_received, natural_person]']").scrollIntoView({ block: "center" });
    }""")
    clerk.page.locator("[data-at='requests[new_received, natural_person]']").evaluate("el => el.click()")
    top = clerk.page.evaluate("scrollY")
    clerk.page.keyboard.type("1")
    clerk.settled()
    clerk.page.keyboard.type("1")
    clerk.settled()
    assert clerk.page.evaluate("scrollY") == top
    assert clerk.page.evaluate("document.querySelector('.findings').scrollTop") > 0
    assert clerk.page.evaluate("document.querySelector('.edit').value") == "11"
    assert clerk.page.evaluate("[...document.querySelectorAll('.official td')].every(el => el.mine)")
    kept = clerk.page.evaluate("[...document.querySelectorAll('details.f')].filter(el => el.mine).length")
    assert kept >= 12


def test_an_answer_to_an_older_question_is_not_shown(clerk: Clerk) -> None:
    waiting: list[Any] = []
    clerk.page.route("**/api/check", lambda route: waiting.append(route))
    clerk.at(TOTAL).click()
    for figure in ("7", "8", "4"):
        clerk.page.locator(".edit").fill(figure)
    clerk.until("document.getElementById('stage').ariaBusy === 'true'")
    clerk.page.wait_for_timeout(50)
    assert len(waiting) == 1  # of the others only the last is asked
    waiting.pop().continue_()
    clerk.page.wait_for_timeout(400)
    assert len(clerk.messages()) == 14
    waiting.pop().continue_()
    clerk.until("document.querySelectorAll('details.f').length === 13")
    clerk.page.unroute("**/api/check")


def test_a_change_that_is_taken_back_while_it_is_checked_is_not_shown(clerk: Clerk) -> None:
    waiting: list[Any] = []
    clerk.page.route("**/api/check", lambda route: waiting.append(route))
    clerk.at(TOTAL).click()
    clerk.page.locator(".edit").fill("4")
    clerk.page.keyboard.press("Escape")
    clerk.until("document.getElementById('stage').ariaBusy === 'true'")
    with clerk.page.expect_response("**/api/check"):
        waiting.pop().continue_()
    clerk.settled()
    clerk.page.wait_for_timeout(100)
    assert waiting == []  # what stands there was checked before
    assert (len(clerk.messages()), clerk.printed(TOTAL), changes(clerk)) == (14, "5", [])
    clerk.page.unroute("**/api/check")


def test_a_lost_connection_is_said_and_the_change_is_kept(clerk: Clerk) -> None:
    clerk.page.route("**/api/check", lambda route: route.abort())
    clerk.change(clerk.at(TOTAL), "4")
    clerk.wait("#trouble")
    assert "连接已断开" in clerk.page.locator("#trouble").inner_text()
    clerk.page.unroute("**/api/check")
    clerk.change(clerk.at("requests[granted, natural_person]"), "30")
    clerk.page.wait_for_selector("#trouble", state="hidden")
    assert len(changes(clerk)) == 2
    clerk.said.clear()


def test_hostile_text_stays_text(clerk: Clerk) -> None:
    trick = "<img src=x onerror=alert(1)> ]]> =cmd() 2024年13月40日 \u202e"
    clerk.change(clerk.at("sections.overview", 0), trick)
    clerk.change(clerk.at(TOTAL), "<b>4</b>")
    clerk.page.locator("details.changes summary").click()
    assert clerk.page.locator("main img, main script, td b").count() == 0
    assert any("<img src=x" in text for text in changes(clerk))
    assert any("<b>4</b>" in message for message in clerk.messages())


def test_by_touch_the_first_tap_shows_and_the_second_changes(driver: Any, address: str) -> None:
    with clerk_at(driver, address, PHONE, has_touch=True, is_mobile=True) as clerk:
        clerk.drop((NAME, MISTAKES.read_bytes()))
        clerk.at(TOTAL).tap()
        assert clerk.page.locator("details.f.afloat").count() == 1
        assert clerk.page.locator(".edit").count() == 0
        clerk.at(TOTAL).tap()
        clerk.page.locator(".edit").fill("4")
        clerk.page.keyboard.press("Enter")
        clerk.until("document.querySelectorAll('details.f').length === 13")


def test_on_paper_only_the_report_and_its_findings_stand(clerk: Clerk) -> None:
    clerk.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    clerk.page.emulate_media(media="print")
    assert clerk.page.locator("#tools, .bar, #files").evaluate_all("all => all.every(el => !el.checkVisibility())")
    assert clerk.page.locator("details.f[open]").count() == 14
