"""Comparing printed labels and headings with those of a form.

Labels are compared by their *key*: full-width forms folded, white space, punctuation and leading enumerators left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Literal, TypeAlias

from govreport_check.figures import normal
from govreport_check.form import Form, FormLabel
from govreport_check.frozen import dataclass
from govreport_check.patterns import later

Strength: TypeAlias = Literal["exact", "part", "similar"]

_NUMERALS = "一二三四五六七八九十百"
_ENUMERATOR = later(rf"(?:\([{_NUMERALS}]{{1,4}}\)[、.,]?|[{_NUMERALS}]{{1,4}}[、.,]|\(\d{{1,2}}\)|\d{{1,2}}[.、)](?!\d))")
_ENUMERATORS = later(f"(?:{_ENUMERATOR.pattern})+")
_FIRST_LEVEL = later(rf"([{_NUMERALS}]{{1,4}})[、.,]")
_PUNCTUATION = later(r"[\W_]+")
_LEAST = 4


@lru_cache(maxsize=8192)
def key(text: str) -> str:
    """What of ``text`` counts when labels are compared."""
    short = _ENUMERATORS.sub("", normal(text), count=1) if _ENUMERATORS.match(normal(text)) else normal(text)
    return _PUNCTUATION.sub("", short).lower()


def enumerator(text: str) -> str | None:
    """The first-level numeral that a heading begins with: 三 for 三、收到和处理…"""
    match = _FIRST_LEVEL.match(normal(text))
    return match[1] if match else None


def is_enumerated(text: str) -> bool:
    """Whether a line begins with an enumerator of any level."""
    return bool(_ENUMERATOR.match(normal(text)))


@lru_cache(maxsize=4096)
def distance(left: str, right: str, limit: int) -> int:
    """How many characters must be put in, taken out or replaced; ``limit`` + 1 when it is more than ``limit``."""
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    before = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        row = [i]
        for j, b in enumerate(right, 1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (a != b)))
        if min(row) > limit:
            return limit + 1
        before = row
    return before[-1]


def similar(left: str, right: str, share: int = 4) -> bool:
    """Whether two keys are the same label but for a misprint: at most one character in ``share`` is different."""
    limit = max(1, max(len(left), len(right)) // share)
    return min(len(left), len(right)) >= _LEAST and distance(left, right, limit) <= limit


@lru_cache(maxsize=4096)
def spellings(label: FormLabel) -> tuple[str, ...]:
    """The keys under which a label of the form is known."""
    return tuple(dict.fromkeys(key(text) for text in (label.text, *label.accepts, *label.mistaken)))


def table_keys(form: Form) -> frozenset[str]:
    """The keys of every label of the form's tables: rows, columns, heads, parents, captions and head-notes."""
    tables = form.tables.values()
    labels = [label for table in tables for label in (*table.row_labels, *table.column_labels, *table.heads, *table.parents.values())]
    texts = [text for table in tables for text in (table.caption, table.head_note) if text]
    return frozenset({spelling for label in labels for spelling in spellings(label)} | {key(text) for text in texts})


def kinship(piece: str, known: str) -> float:
    """The share of the characters of ``piece`` that ``known`` has in the same order."""
    before = [0] * (len(known) + 1)
    for char in piece:
        row = [0]
        for j, other in enumerate(known):
            row.append(before[j] + 1 if char == other else max(before[j + 1], row[-1]))
        before = row
    return before[-1] / len(piece) if piece else 0.0


@dataclass(frozen=True, slots=True)
class Known:
    """A label of the form as it is looked for. ``at`` is (table, row)."""

    at: tuple[str, str]
    order: int
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RowMatch:
    """A row of the form that a printed label names."""

    table: str
    row: str
    strength: Strength


class RowLabels:
    """The row labels of some of a form's tables, ready to be looked up."""

    def __init__(self, form: Form, tables: Sequence[str]) -> None:
        self.known = tuple(_known_rows(form, tables))
        self.heads = frozenset(text for name in tables for label in form.tables[name].column_labels for text in spellings(label))
        self.every = table_keys(form)
        self._exact: dict[str, list[Known]] = {}
        for known in self.known:
            for spelling in known.keys:
                self._exact.setdefault(spelling, []).append(known)
        self._cache: dict[str, list[tuple[Known, Strength]]] = {}

    def find(self, text: str, after: int = -1) -> RowMatch | None:
        """The one row that ``text`` names. Of several, the first behind order ``after``; None when none or the choice is open."""
        found = self._find(key(text))
        if len(found) > 1:
            behind = [hit for hit in found if hit[0].order > after]
            found = behind[:1] if found[0][1] == "exact" else behind if len(behind) == 1 else []
        if not found:
            return None
        known, strength = found[0]
        return RowMatch(*known.at, strength)

    def order_of(self, match: RowMatch) -> int:
        return next(known.order for known in self.known if known.at == (match.table, match.row))

    def _find(self, wanted: str) -> list[tuple[Known, Strength]]:
        if wanted not in self._cache:
            self._cache[wanted] = self._search(wanted) if wanted else []
        return self._cache[wanted]

    def _search(self, wanted: str) -> list[tuple[Known, Strength]]:
        if wanted in self._exact:
            return [(known, "exact") for known in self._exact[wanted]]
        if len(wanted) < _LEAST:
            return []
        parts = [known for known in self.known if any(_contains(spelling, wanted) for spelling in known.keys)]
        if parts:
            return [(known, "part") for known in parts]
        alike = [known for known in self.known if any(similar(spelling, wanted) for spelling in known.keys)]
        return [(known, "similar") for known in alike]


def _contains(spelling: str, printed: str) -> bool:
    """Whether one label is the other with something left out or added."""
    return printed in spelling or (len(spelling) >= _LEAST + 1 and spelling in printed and len(printed) <= 2 * len(spelling))


def _known_rows(form: Form, tables: Sequence[str]) -> Iterator[Known]:
    order = 0
    for name in tables:
        table = form.tables[name]
        for row, label in zip(table.rows, table.row_labels, strict=True):
            yield Known((name, row), order, spellings(label))
            order += 1
