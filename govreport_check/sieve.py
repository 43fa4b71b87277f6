"""Many RE2 patterns over one text: which of them are found, told at once.

RE2 knows the words that a pattern cannot do without, looks for all of them in one pass, and tries only the patterns that are left.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

_FIRST = 16
"""So many texts are let through before the patterns are put together: that takes as long as compiling every one of them."""

_MOST_KEPT = 64


class Sieve:
    """``patterns`` are RE2's. ``found(text)``: those that match somewhere in ``text``; None where that is not told, for the first texts."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self.patterns = tuple(patterns)
        self._told = lru_cache(maxsize=_MOST_KEPT)(self._matched)
        self._filter: Any = None
        self._first: set[str] = set()

    def found(self, text: str) -> frozenset[str] | None:
        if self._filter is None and not self._is_ripe(text):
            return None
        return self._told(text)

    def _is_ripe(self, text: str) -> bool:
        """Whether ``text`` is one too many for trying every pattern: then they are put together."""
        if self.patterns:
            self._first.add(text)
        if len(self._first) <= _FIRST:
            return False
        self._filter, self._first = self._built(), set()
        return True

    def _matched(self, text: str) -> frozenset[str]:
        return frozenset(self.patterns[i] for i in self._filter.Match(text, False) or ())

    def _built(self) -> Any:
        import re2

        options = re2.Options()
        options.log_errors = False
        built = re2.Filter()
        for pattern in self.patterns:
            built.Add(pattern, options)
        built.Compile()
        return built


@lru_cache(maxsize=64)
def sieve_of(patterns: tuple[str, ...]) -> Sieve:
    """The sieve of these patterns, shared by all who ask for the same."""
    return Sieve(patterns)
