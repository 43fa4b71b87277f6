"""A sieve finds what every pattern finds by itself."""

from __future__ import annotations

from typing import Any

import pytest
import re2
from hypothesis import given, settings
from hypothesis import strategies as st
from some_reports import FORM, YUNLING

from govreport_check.kept import kept_for
from govreport_check.readers import claims, facts
from govreport_check.readers.structured import read_structured
from govreport_check.sieve import _FIRST, Sieve

PATTERNS = ("申请[0-9]+件", "(?i)foia|act", "^一", "件$", "(?:不予)?公开", "[0-9]{5,}", "a*", r"\p{Han}{3}", "《[^》]*$")
PIECES = st.sampled_from(["申请", "12件", "FOIA", "Act", "一", "不予", "公开", "123456", "a", "《", "》", "\n", "。", "\x03", "é", "𠮷"])


def ripe(patterns: tuple[str, ...]) -> Sieve:
    """A sieve that has been asked often enough to tell."""
    sieve = Sieve(patterns)
    for i in range(_FIRST):
        assert sieve.found(str(i)) is None
    return sieve


RIPE = ripe(PATTERNS)


@settings(deadline=None)
@given(st.lists(PIECES, max_size=12).map("".join))
def test_a_sieve_finds_what_each_pattern_finds(text: str) -> None:
    assert RIPE.found(text) == {pattern for pattern in PATTERNS if re2.search(pattern, text)}


def test_a_sieve_without_patterns_tells_nothing() -> None:
    assert [Sieve(()).found("x") for _ in range(_FIRST + 1)][-1] is None


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(0, 2000), min_size=2, max_size=2))
def test_the_prose_states_the_same_with_a_sieve_and_without(cuts: list[int]) -> None:
    text = YUNLING["sections"]["overview"]["text"]
    start, end = sorted(cut % (len(text) + 1) for cut in cuts)
    sections = {**YUNLING["sections"], "overview": {"heading": "一、总体情况", "text": text[start:] + text[:end]}}
    report = read_structured({**YUNLING, "sections": sections}, FORM, "one")
    for i in range(_FIRST):
        facts.found_in(FORM, str(i))
    sieved = (claims.claims_of(report, FORM), facts.about_of(report, FORM), facts.dates_of(report, FORM))
    with pytest.MonkeyPatch.context() as patch:
        for module in (claims, facts):
            patch.setattr(module, "found_in", lambda *_: None)
        assert sieved == (claims.claims_of(report, FORM), facts.about_of(report, FORM), facts.dates_of(report, FORM))
        for module in (claims, facts):
            patch.setattr(module, "found_in", lambda form, folded: facts._likely(form)(folded))
        assert sieved == (claims.claims_of(report, FORM), facts.about_of(report, FORM), facts.dates_of(report, FORM))


def test_what_is_kept_is_made_once_for_each_object() -> None:
    made: list[Any] = []

    @kept_for
    def make(of: list[int]) -> int:
        made.append(of)
        return len(made)

    one, other = [1], [1]
    assert (make(one), make(one), make(other), make(one)) == (1, 1, 2, 1)
    for i in range(40):
        make([i])
    assert make(one) == len(made)
