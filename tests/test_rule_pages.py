"""The pages of ``docs/rules`` are made from the rule files; this fails when they were not made again."""

from __future__ import annotations

from pathlib import Path

import pytest

from govreport_check import packs_available
from govreport_check.rule_listing import documents

PAGES = Path(__file__).parent.parent / "docs" / "rules"
MAKE = "run: govreport rules docs -o docs/rules"


@pytest.fixture(scope="module")
def expected() -> dict[str, str]:
    return documents(packs_available())


def test_every_rule_has_its_page_and_no_page_is_left_over(expected: dict[str, str]) -> None:
    assert {path.relative_to(PAGES).as_posix() for path in PAGES.rglob("*.md")} == set(expected), MAKE


def test_no_page_is_stale(expected: dict[str, str]) -> None:
    assert [name for name, text in expected.items() if (PAGES / name).read_text(encoding="utf-8") != text] == [], MAKE
