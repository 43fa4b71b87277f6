"""Many RE2 patterns over one text: which of them may match, told from the words that each cannot do without."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

_END = "\x03"
"""Put behind a text: where it is not found, the words were not looked for to the end, and every pattern may match."""


class Sieve:
    """``patterns`` are RE2's. Built when it is first asked, which takes as long as compiling them."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self.all = frozenset(patterns)
        self._patterns = (*patterns, _END)
        self._filter: Any = None

    def possible(self, text: str) -> frozenset[str]:
        """The patterns that may match in ``text``: every one that does, and some that do not."""
        if self._filter is None:
            self._filter = self._built()
        found = self._filter.Match(text + _END, True) or ()
        names = frozenset(self._patterns[i] for i in found)
        return names if _END in names else self.all

    def _built(self) -> Any:
        import re2

        options = re2.Options()
        options.log_errors = False
        built = re2.Filter()
        for pattern in self._patterns:
            built.Add(pattern, options)
        built.Compile()
        return built


@lru_cache(maxsize=64)
def sieve_of(patterns: tuple[str, ...]) -> Sieve:
    """The sieve of these patterns, shared by all who ask for the same."""
    return Sieve(patterns)
