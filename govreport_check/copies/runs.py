"""The words of Word paragraphs as the runs that hold them, and runs cut so that a passage is whole runs.

ECMA-376-1:2016, 17.3.2 (runs), 17.13.5 (revisions). What the page does not show (deletions, hidden text, field codes) is no part of
the words; a passage is found in them by its characters.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from govreport_check.readers.docx_numbers import child, is_on, local, value
from govreport_check.readers.docx_text import THROUGH, chosen, symbol

SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


@dataclass(frozen=True, slots=True)
class Words:
    """The shown words of paragraphs, one behind the other with a line end between; ``runs`` are (start, end, w:r) of those with any."""

    text: str
    runs: tuple[tuple[int, int, Any], ...]
    paragraphs: tuple[Any, ...]

    def find(self, passage: str) -> tuple[int, int] | None:
        """Where ``passage`` stands, whatever its white space; None where it does not, or more than once."""
        at = [i for i, char in enumerate(self.text) if not char.isspace()]
        bare, wanted = "".join(self.text[i] for i in at), "".join(passage.split())
        first = bare.find(wanted) if wanted else -1
        if first < 0 or bare.find(wanted, first + 1) >= 0:
            return None
        return at[first], at[first + len(wanted) - 1] + 1

    def is_all(self, passage: str) -> bool:
        """Whether ``passage`` is all of the words."""
        return "".join(self.text.split()) == "".join(passage.split())


def words_of(paragraphs: Sequence[Any]) -> Words:
    """The words of some ``w:p`` (lxml)."""
    text, runs = "", list[tuple[int, int, Any]]()
    for number, paragraph in enumerate(paragraphs):
        text += "\n" if number else ""
        for run in _shown(paragraph):
            said = "".join(sign_of(one) for one in run)
            if said:
                runs.append((len(text), len(text) + len(said), run))
            text += said
    return Words(text, tuple(runs), tuple(paragraphs))


def _shown(element: Any) -> Iterator[Any]:
    """The runs of a paragraph that the page shows."""
    for one in element:
        name = local(one)
        if name == "r" and not is_on(child(one, "rPr", "vanish")):
            yield one
        elif name in THROUGH:
            yield from _shown(one)
        elif name == "AlternateContent":
            yield from _shown(chosen(one))


def sign_of(one: Any) -> str:
    """What a child of a run prints."""
    name = local(one)
    if name == "t":
        return one.text or ""
    return symbol(value(one, "font") or "", value(one, "char") or "") if name == "sym" else _SIGNS.get(name, "")


def cut(words: Words, start: int, end: int) -> list[Any]:
    """The runs that hold exactly the characters ``start`` to ``end``; those at the edges are cut in two, and ``words`` is outdated."""
    found = []
    for first, last, run in words.runs:
        if last <= start or end <= first:
            continue
        if end < last:
            _split(run, end - first)
        found.append(_split(run, start - first) if first < start else run)
    return found


def _split(run: Any, at: int) -> Any:
    """A new run behind ``run`` with what follows its first ``at`` characters, formatted alike."""
    new = run.makeelement(run.tag, dict(run.attrib))
    properties = child(run, "rPr")
    if properties is not None:
        new.append(copy.deepcopy(properties))
    passed = 0
    for one in [one for one in run if one is not properties]:
        size = len(sign_of(one))
        if passed >= at and (size or len(new) > (properties is not None)):
            new.append(one)
        elif passed < at < passed + size:
            new.append(_half(one, at - passed))
        passed += size
    run.addnext(new)
    return new


def _half(text: Any, at: int) -> Any:
    """The second half of a ``w:t``, taken out of it."""
    new = text.makeelement(text.tag, {SPACE: "preserve"})
    new.text, text.text = text.text[at:], text.text[:at]
    text.set(SPACE, "preserve")
    return new
