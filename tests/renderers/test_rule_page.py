from __future__ import annotations

import re

import pytest

from govreport_check.renderers.lines import cells, plain
from govreport_check.renderers.rule_page import Page, Sample, card, index, markdown

PAGE = Page(
    id="cn-disclosure/requests-balance",
    title={"zh": "收支平衡", "en": "Requests in equal requests out"},
    severity="error",
    message={"zh": "表三“{who}”列：相差{difference}件。", "en": "Table 3, {who}: difference {difference}."},
    why={"zh": "必须相等。", "en": "They must be equal."},
    fix={"zh": "核对*更正*。", "en": "Check_and_correct."},
    formula=(("for", "{who: requests.columns}"), ("assert", "inflow == a + b")),
    cites=(("国办公开办函〔2021〕30号", "表三"),),
    samples=(Sample("pass", ("requests[granted, total] = 1",)), Sample("undecided", (), "an unreadable count")),
)
BARE = Page(id="form/unreadable-cell", title={"zh": "无法识别", "en": "Unreadable"}, severity="warning", default=False)


def headings(text: str) -> list[str]:
    return re.findall(r"^## (.+)$", text, flags=re.M)


def test_every_page_has_the_same_headings() -> None:
    assert headings(markdown(PAGE)) == headings(markdown(BARE))
    assert len(headings(markdown(PAGE))) == 7


def test_a_page_says_all_that_the_rule_says() -> None:
    text = markdown(PAGE)
    assert "# 收支平衡 · Requests in equal requests out" in text
    assert text.index("必须相等。") < text.index("They must be equal.")
    assert "assert: inflow == a + b" in text
    assert "表三“…”列：相差…件。" in text
    assert "requests[granted, total] = 1" in text
    assert "国办公开办函〔2021〕30号，表三" in text
    assert "错误（必须更正） · 确定 · 稳定 · 默认启用" in text
    assert "2. 未判定 · undecided: an unreadable count" in text


def test_prose_is_not_read_as_markup() -> None:
    assert r"核对\*更正\*。" in markdown(PAGE)
    assert r"Check\_and\_correct." in markdown(PAGE)


def test_the_index_links_every_page() -> None:
    text = index([({"zh": "中国", "en": "China"}, [PAGE]), ({"zh": "表", "en": "Form"}, [BARE])])
    assert "(cn-disclosure/requests-balance.md)" in text
    assert "(form/unreadable-cell.md)" in text


@pytest.mark.parametrize(("lang", "there", "not_there"), [("zh", "必须相等。", "They must"), ("en", "They must be equal.", "必须相等")])
def test_a_card_is_in_one_language_and_fits(lang: str, there: str, not_there: str) -> None:
    lines = [plain(line) for line in card(PAGE, lang=lang, width=60)]
    assert any(there in line for line in lines)
    assert not any(not_there in line for line in lines)
    assert all(cells(line) <= 60 for line in lines)
