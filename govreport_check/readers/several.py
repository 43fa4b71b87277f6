"""Several reports in one document, one below the other: where the second begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from govreport_check.form import Form
from govreport_check.frozen import dataclass
from govreport_check.model import Place
from govreport_check.readers.document import Block, Document
from govreport_check.readers.ends import states
from govreport_check.readers.sections import Part

_LEAST = 3
_LOOK = 12


@dataclass(frozen=True, slots=True)
class Following:
    """The report behind the first: how it calls itself (or its first heading), and where it begins."""

    title: str
    place: Place


def following(parts: Sequence[Part], form: Form) -> Following | None:
    """Where a second report begins: its parts come once more, in their order and with their first. None when there is one report."""
    order = list(form.sections)
    last = {part.section: i for i, part in enumerate(parts)}
    before: set[str] = set()
    for i, part in enumerate(parts):
        if part.section not in order:
            continue
        again = [name for name in before if last[name] >= i]
        if part.section == order[0] and part.section in before and len(again) >= _LEAST:
            return _beginning(part, parts[i - 1].blocks, form)
        before.add(part.section)
    return None


def _beginning(part: Part, before: Sequence[Block], form: Form) -> Following:
    """A report's title, which stands among the last lines of the report before it."""
    for block in reversed(before[-_LOOK:]):
        if states([block], form):
            return Following(block.text, block.place)
    return Following(part.heading or "", part.place)


def cut(document: Document, second: Following) -> Document:
    """``document``, its blocks numbered, without the second report and what comes behind."""
    end = second.place.block or 0
    return replace(document, blocks=tuple(block for block in document.blocks if (block.place.block or 0) < end))
