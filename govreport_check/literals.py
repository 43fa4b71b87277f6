"""What a text must hold for a pattern of RE2 to match in it: ``共(?:公开|发布){number}条`` needs 共公开 or 共发布, and 条.

Compiling a pattern takes as long as looking for a hundred words, and most patterns of a form match nowhere in a report. What is said here
is never too much: a pattern, or a piece of one, of which nothing certain is known needs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TypeAlias

from govreport_check.patterns import later

Words: TypeAlias = "frozenset[str]"
Needs: TypeAlias = "tuple[tuple[str, ...], ...]"
"""Of each of these groups of words at least one stands in every text in which the pattern matches."""

_MOST = 24
"""More words than this are not put side by side: a group of many is found in any text."""

_PIECE = later(
    r"""(?P<open>\((?:\?:|\?P<\w+>)?(?!\?)) | (?P<close>\)) | (?P<or>\|)
    | (?P<anything>\{[a-z_]+\}                                              # a hole
        | \[\^?\]?(?:\[:\^?\w+:\]|\\[pP]\{\^?\w+\}|\\.|[^\]\\])*\]
        | \\[pP](?:\{\^?\w+\}|\w) | \\[dDsSwWbBAznrtfv] | [.^$])
    | (?P<times>(?:[*+?]|\{\d+(?:,\d*)?\})\??)
    | \\(?P<escaped>[^\w\s]) | (?P<letter>[^\\()|*+?{}\[\].^$])""",
    re.VERBOSE | re.DOTALL,
)
"""What else RE2 knows, such as flags, is not understood here, and nothing is said of a pattern that has it."""


class _Unknown(ValueError):
    """A pattern of a kind that is not understood here."""


@lru_cache(maxsize=4096)
def needs_of(pattern: str) -> Needs:
    """What the pattern needs. Holes (``{number}``) stand for anything."""
    pieces = _Pieces(pattern)
    try:
        found = _either(pieces)
    except _Unknown:
        return ()
    return tuple(dict.fromkeys(tuple(sorted(group)) for group in found.all_groups())) if pieces.at == len(pattern) else ()


def may_match(needs: Needs, text: str) -> bool:
    """Whether a pattern that needs this can match in ``text``."""
    return all(any(word in text for word in group) for group in needs)


class _Said:
    """What is known of a piece: ``words``, all that it can be, None where that is not known; ``groups``, of each of which it holds one."""

    __slots__ = ("groups", "words")

    def __init__(self, words: Words | None, groups: Iterable[Words] = ()) -> None:
        self.words, self.groups = words, tuple(groups)

    def all_groups(self) -> tuple[Words, ...]:
        return (*self.groups, self.words) if self.words and "" not in self.words else self.groups


_ANYTHING = _Said(None)
_NO_WORD = frozenset([""])


class _Pieces:
    """The pieces of a pattern, one after the other."""

    def __init__(self, pattern: str) -> None:
        self.pattern, self.at = pattern, 0

    def kind(self) -> str | None:
        """The kind of the next piece; None at the end."""
        return None if self.at == len(self.pattern) else self._next().lastgroup

    def take(self) -> str:
        piece = self._next()
        self.at = piece.end()
        return str(piece[piece.lastgroup or 0])

    def _next(self) -> re.Match[str]:
        found = _PIECE.match(self.pattern, self.at)
        if found is None:
            raise _Unknown
        return found


def _either(pieces: _Pieces) -> _Said:
    """Alternatives, up to a bracket that is closed or the end."""
    branches = [_row(pieces)]
    while pieces.kind() == "or":
        pieces.take()
        branches.append(_row(pieces))
    if len(branches) == 1:
        return branches[0]
    words = _all_words(branches)
    if words is not None:
        return _Said(words)
    best = [max(branch.all_groups(), key=_worth) for branch in branches if branch.all_groups()]
    return _Said(None, [frozenset().union(*best)]) if len(best) == len(branches) else _ANYTHING


def _all_words(branches: Sequence[_Said]) -> Words | None:
    known = [branch.words for branch in branches if branch.words is not None and not branch.groups]
    words: Words = frozenset().union(*known)
    return words if len(known) == len(branches) and len(words) <= _MOST else None


def _worth(group: Words) -> tuple[int, int]:
    return min(map(len, group)), -len(group)


def _row(pieces: _Pieces) -> _Said:
    """Pieces one after the other. ``words`` are those of the pieces since the last one of which they are not known."""
    groups: list[Words] = []
    words, whole = _NO_WORD, True
    while pieces.kind() not in ("or", "close", None):
        said = _often(_one(pieces), pieces)
        groups += said.groups
        if said.words is not None and not said.groups and len(words) * len(said.words) <= _MOST:
            words = frozenset(before + after for before in words for after in said.words)
        else:
            groups += _Said(words).all_groups()
            words, whole = said.words or _NO_WORD, False
    return _Said(words) if whole else _Said(None, [*groups, *_Said(words).all_groups()])


def _one(pieces: _Pieces) -> _Said:
    kind, text = pieces.kind(), pieces.take()
    if kind in ("letter", "escaped"):
        return _Said(frozenset([text]))
    if kind == "anything":
        return _ANYTHING
    if kind != "open":
        raise _Unknown
    said = _either(pieces)
    if pieces.kind() != "close":
        raise _Unknown
    pieces.take()
    return said


def _often(said: _Said, pieces: _Pieces) -> _Said:
    """A piece with what follows it that says how often it stands."""
    while pieces.kind() == "times":
        times = pieces.take()
        optional = times[0] in "*?" or times.startswith("{0")
        said = _ANYTHING if optional else _Said(None, said.all_groups())
    return said
