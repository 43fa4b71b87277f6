"""Every bundled rule proves itself by its examples, and says in both languages what, why and how."""

from __future__ import annotations

import re

import pytest

from govreport_check import packs_available, test_pack
from govreport_check.rule import Rule

PACKS = packs_available()
RULES = [rule for pack in PACKS for rule in pack.rules]
LONGEST = 120
HAN = r"[\u4e00-\u9fff]"


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.id)
def test_examples_hold_and_every_figure_matters(pack) -> None:  # type: ignore[no-untyped-def]
    results = test_pack(pack)
    assert [f"{result.source}:{result.line}: {result.message}" for result in results if not result.holds] == []
    assert {result.rule for result in results} == {rule.id for rule in pack.rules if not rule.file.built_in}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_words(rule: Rule) -> None:
    file = rule.file
    for words in (file.title, file.message, file.why, file.fix):
        assert words.zh.strip()
        assert words.en.strip()
        assert re.search(HAN, words.zh)
        assert re.search("[A-Za-z]{2}", words.en)
    assert len(re.sub(r"\{[^}]*\}", "", file.message.zh)) <= LONGEST


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_sources(rule: Rule) -> None:
    assert all(cite.document.strip() and cite.at.strip() for cite in rule.file.cites)
    if rule.severity == "error" and not rule.file.built_in and rule.name not in SELF_EVIDENT:
        assert rule.file.cites


SELF_EVIDENT = {"dates-possible"}
"""Errors that need no law: a date that no calendar has."""


@pytest.mark.parametrize("rule", [rule for rule in RULES if not rule.file.built_in], ids=lambda rule: rule.id)
def test_a_rule_is_bound_to_a_form(rule: Rule) -> None:
    assert rule.bound


def test_names_are_unique() -> None:
    names = [rule.id for rule in RULES]
    assert len(set(names)) == len(names)
