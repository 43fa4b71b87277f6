from __future__ import annotations

import json

import pytest

from govreport_check import rule_listing
from govreport_check.renderers.rule_page import Page


def page(name: str, *, default: bool = True, was: tuple[str, ...] = ()) -> Page:
    return Page(id=name, was=was, title={"zh": "收支平衡", "en": "Balance"}, severity="error", default=default)


PAGES = [
    page("cn/requests-balance"),
    page("cn/label-misprinted", default=False, was=("label-wrong",)),
    page("form/unreadable-cell"),
    page("us/requests-balance"),
]


@pytest.mark.parametrize("wanted", ["cn/label-misprinted", "label-misprinted", "label-wrong"])
def test_a_rule_is_found_by_id_and_by_name(wanted: str) -> None:
    assert rule_listing.find(PAGES, wanted) == (PAGES[1], [])


def test_a_name_of_two_rules_is_not_guessed() -> None:
    assert rule_listing.find(PAGES, "requests-balance") == (None, ["cn/requests-balance", "us/requests-balance"])


@pytest.mark.parametrize(("wanted", "near"), [("label-misprnted", "cn/label-misprinted"), ("unreadable", "form/unreadable-cell")])
def test_near_misses_are_named(wanted: str, near: str) -> None:
    found, names = rule_listing.find(PAGES, wanted)
    assert found is None
    assert near in names


def test_nothing_near_is_nothing() -> None:
    assert rule_listing.find(PAGES, "zzzz") == (None, [])


def test_the_list_has_a_line_a_rule_in_the_language() -> None:
    lines = rule_listing.as_text(PAGES, "en").splitlines()
    assert len(lines) == len(PAGES)
    assert lines[0].split() == ["error", "cn/requests-balance", "Balance"]
    assert "only when selected" in lines[1]


def test_the_list_as_json() -> None:
    records = json.loads(rule_listing.as_json(PAGES))
    assert [(record["id"], record["default"]) for record in records][:2] == [("cn/requests-balance", True), ("cn/label-misprinted", False)]
