"""A pattern that is compiled later behaves as one that is compiled."""

from __future__ import annotations

import copy
import pickle

import pytest

from govreport_check.patterns import later


def test_what_is_asked_for_is_the_pattern_s() -> None:
    pattern = later("(?P<number>[0-9]+)件")
    assert pattern.groupindex == {"number": 1} and pattern.sub("", "收到12件") == "收到"


def test_it_goes_through_a_pickle() -> None:
    pattern = later("a+", 2)
    for same in (pickle.loads(pickle.dumps(pattern)), copy.deepcopy(pattern)):
        assert same.findall("AaB") == ["Aa"]


def test_what_it_does_not_have_is_told_as_of_a_pattern() -> None:
    with pytest.raises(AttributeError, match="nix"):
        _ = later("a").nix  # type: ignore[attr-defined]
