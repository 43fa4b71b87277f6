"""No pattern matches in a text that does not hold what it is said to need."""

from __future__ import annotations

import re2
from hypothesis import given, settings
from hypothesis import strategies as st

from govreport_check.literals import may_match, needs_of
from govreport_check.pack import load_pack
from govreport_check.readers.facts import filled

LETTERS = "甲乙丙a条"
SINGLE = st.sampled_from([*LETTERS, r"\.", r"\p{Han}", "[甲乙]", "[^丙]", ".", r"\s", r"\d", "^", "$", "[0-9]", r"[^\]a]"])
OFTEN = st.sampled_from(["", "", "", "?", "*", "+", "{2}", "{0,2}", "{1,3}", "+?", "*?", "{0}"])
OPENS = st.sampled_from(["(?:", "(", "(?P<name>"])


def longer(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    row = st.lists(inner, min_size=0, max_size=4).map("".join)
    return st.one_of(
        row,
        st.builds(
            lambda opens, branches, often: f"{opens}{'|'.join(branches)}){often}", OPENS, st.lists(row, min_size=1, max_size=3), OFTEN
        ),
    )


PATTERNS = st.recursive(st.builds("{}{}".format, st.sampled_from(LETTERS) | SINGLE, OFTEN), longer, max_leaves=12)


@settings(max_examples=500, deadline=None)
@given(PATTERNS, st.lists(st.text(LETTERS + ". 1", max_size=12), min_size=1, max_size=12))
def test_what_matches_holds_what_is_needed(pattern: str, texts: list[str]) -> None:
    try:
        compiled = re2.compile(pattern)
    except re2.error:  # a repeated anchor, a name that stands twice
        return
    needs = needs_of(pattern)
    assert [text for text in texts if compiled.search(text) and not may_match(needs, text)] == []


def test_what_is_needed() -> None:
    assert needs_of("共(?:公开|发布){number}条") == (("共公开", "共发布"), ("条",))
    assert needs_of("abc|d[ef]g|hi+") == (("abc", "d", "i"),) or needs_of("abc|d[ef]g|hi+") == (("abc", "d", "h"),)
    assert needs_of("a(?:b|c)?d") == (("a",), ("d",))
    assert needs_of(r"\.x\p{Han}{2,20}条、") == ((".x",), ("条、",))
    assert needs_of("a{2,3}b") == (("a",), ("b",))


def test_of_what_is_not_understood_nothing_is_said() -> None:
    for pattern in ("(?i)abc", "(?<name>abc)", r"\Qabc\E", "(abc", "abc)", "a|", "", "(?:abc)?", "(?s:abc)", r"\x{4e00}bc", r"\101bc"):
        assert needs_of(pattern) == ()


def test_most_patterns_of_the_packs_need_something() -> None:
    for pack in ("cn-disclosure", "us-foia"):
        for form in load_pack(pack).forms.values():
            sources = {source for claim in form.claims.values() for source in (*claim.reads, *claim.says)}
            assert len(sources & set(form.needs)) * 2 >= len(sources)
            assert all(filled(source) for source in form.needs)
