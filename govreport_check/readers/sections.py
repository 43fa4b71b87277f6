"""Finding a form's sections in a document: which lines are headings, and what stands under each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from govreport_check.figures import normal
from govreport_check.form import Form, FormSection
from govreport_check.frozen import dataclass
from govreport_check.labels import distance
from govreport_check.model import Place
from govreport_check.patterns import later
from govreport_check.readers.document import Block, Document, Paragraph, Row, is_aside
from govreport_check.readers.flow import flowing
from govreport_check.readers.labels import enumerator, is_enumerated, key, similar, spellings

_SENTENCE = later(r"[。；;！？!?，,]")
_END = later(r"[。；;！？!?：:”》）)]$")
_REMARK = later(r"\([^()]*\)$")
_LONGEST = 40
_SHORT = 15
_EXTRA = 14
_LEAST_ROW = 6
_SPELLED = "一二三四五六七八九十"
_BEGUN = later(rf"[{_SPELLED}]\s*[、.．]")
_ENDED = later(r"[\s。：:]")


@dataclass(frozen=True, slots=True)
class Part:
    """What stands under one heading. ``section`` is None for the head of the document and for a part that the form does not have."""

    section: str | None
    heading: str | None
    place: Place
    blocks: tuple[Block, ...]
    extra: bool = False


@dataclass(frozen=True, slots=True)
class _Heading:
    index: int
    length: int  # in blocks
    section: str | None
    text: str


def parts_of(document: Document, form: Form) -> list[Part]:
    """The document in parts, the head first. A section whose heading stands twice has two parts."""
    blocks = tuple(_opened(tuple(flowing(document.blocks, form)), form))
    headings = _renamed(_without_contents(_of_first_level(list(_headings(blocks, form)))), form)
    starts = [*headings, _Heading(len(blocks), 0, None, "")]
    parts = [Part(None, None, Place(source=document.name), blocks[: starts[0].index])]  # with what stands aside: a title may
    for heading, following in zip(headings, starts[1:], strict=True):
        inside = tuple(block for block in blocks[heading.index + heading.length : following.index] if not is_aside(block))
        parts.append(Part(heading.section, heading.text, blocks[heading.index].place, inside, extra=heading.section is None))
    return parts


def _opened(blocks: Sequence[Block], form: Form) -> Iterator[Block]:
    """The blocks, with lines parted where a heading of the form stands inside one (一、总体情况 2022年，我县…)."""
    sections = tuple(form.sections.values())
    for block in blocks:
        if isinstance(block, Row) or not _may_open(block.text) or not (hits := list(_inline(sections).finditer(block.text))):
            yield block
            continue
        edges = sorted({0, len(block.text), *(edge for hit in hits for edge in hit.span(1))})
        for number, (start, end) in enumerate(pairwise(edges)):
            piece = block.text[start:end].strip().lstrip("。：: ") if start else block.text[start:end].strip()
            if piece:
                yield replace(block, text=piece, gap=block.gap or number > 0)


def _may_open(text: str) -> bool:
    """Whether a number with a mark stands in a text, and anywhere behind it what ends a heading: else :func:`_inline`, which is long, need
    not be compiled."""
    number = _BEGUN.search(text)
    return number is not None and _ENDED.search(text, number.end()) is not None


@lru_cache(maxsize=64)
def _inline(sections: tuple[FormSection, ...]) -> re.Pattern[str]:
    texts = {text for section in sections for text in (section.heading, *section.accepts, *section.mistaken)}
    words = "|".join(r"\s*".join(map(re.escape, text)) for text in sorted(texts, key=len, reverse=True))
    return re.compile(rf"(?:^|(?<=[\s。”]))([{_SPELLED}]{{1,3}}\s*[、.．]\s*(?:{words}))(?=[\s。：:])")


def _headings(blocks: Sequence[Block], form: Form) -> Iterator[_Heading]:
    names = _spellings(tuple(form.sections.values()))
    labels = _row_keys(form)
    last, nested = 0, False
    index, before = 0, None
    while index < len(blocks):
        heading = _heading_at(blocks, index, names, form)
        if heading is None and (text := _foreign(blocks[index], labels)) and (number := _number(text)):
            nested = nested or number <= last
            if number == last + 1 and last and not nested:
                heading = _Heading(index, 1, None, text)
        if heading is None or _repeats(heading, before):
            index += 1
            continue
        before = heading
        last, nested = _number(heading.text) or last + 1, False
        yield heading
        index += heading.length


def _repeats(heading: _Heading, before: _Heading | None) -> bool:
    """Whether a line without a number only takes up the words of the heading right above it: 无其他需要报告的事项"""
    directly = before is not None and before.index + before.length == heading.index
    return directly and before is not None and heading.section == before.section and not enumerator(heading.text)


def _heading_at(blocks: Sequence[Block], index: int, names: dict[str, str], form: Form) -> _Heading | None:
    text = _line(blocks[index])
    if text is None or normal(text).startswith(tuple(name for table in form.tables.values() for name in table.name.values())):
        return None
    if not enumerator(text) and not _stands_apart(blocks, index):
        return None
    section = _exactly(text, names) or _nearly(text, form)
    if section:
        return _Heading(index, 1, section, text)
    follows = _line(blocks[index + 1]) if enumerator(text) and index + 1 < len(blocks) else None
    section = _exactly(text + follows, names) if follows else None
    return _Heading(index, 2, section, f"{text}{follows}") if section else None


def _stands_apart(blocks: Sequence[Block], index: int) -> bool:
    """Whether a line does not just go on with the sentence of the line before it."""
    block, before = blocks[index], blocks[index - 1] if index else None
    if not isinstance(block, Paragraph) or not isinstance(before, Paragraph) or block.gap or not block.wraps:
        return True
    return bool(_END.search(before.text)) or len(normal(before.text)) < _SHORT


def _line(block: Block) -> str | None:
    """The text of a block that may be a heading: short, and no sentence."""
    if isinstance(block, Row):
        filled = [cell.text for cell in block.cells if cell.text]
        text = filled[0] if len(filled) == 1 else ""
    elif block.aside:
        text = ""
    else:
        text = block.text
    short = normal(text)
    if enumerator(text):  # a remark in brackets behind a heading may be a sentence
        short = _REMARK.sub("", short)
    return text if 2 <= len(short) <= _LONGEST and not _SENTENCE.search(short) else None


def _number(text: str) -> int | None:
    numeral = enumerator(text)
    return _SPELLED.find(numeral) + 1 or None if numeral and len(numeral) == 1 else None


@lru_cache(maxsize=64)
def _spellings(sections: tuple[FormSection, ...]) -> dict[str, str]:
    return {spelling: section.id for section in sections for spelling in spellings(section.label)}


def _row_keys(form: Form) -> frozenset[str]:
    labels = (label for table in form.tables.values() for label in (*table.row_labels, *table.parents.values(), *table.heads))
    return frozenset(spelling for label in labels for spelling in spellings(label))


def _foreign(block: Block, labels: frozenset[str]) -> str | None:
    """A line that may be the heading of a part that the form does not have: neither the beginning of a label of its tables nor a row."""
    text = _line(block) if isinstance(block, Paragraph) else None
    if text is None or any(label.startswith(key(text)) for label in labels):
        return None
    return None if any(key(text).startswith(label) for label in labels if len(label) >= _LEAST_ROW) else text


def _exactly(text: str, names: dict[str, str]) -> str | None:
    return names.get(key(text))


def _nearly(text: str, form: Form) -> str | None:
    """The section whose heading ``text`` is with a misprint, or, numbered, with words around it."""
    wanted = key(text)
    if is_enumerated(text) and not enumerator(text):
        return None
    share = 5 if enumerator(text) else 8
    hits = {section.id for section in form.sections.values() if any(similar(wanted, known, share) for known in spellings(section.label))}
    if not hits and (numeral := enumerator(text)):
        own = [section for section in form.sections.values() if section.number == numeral]
        hits = {section.id for section in own if any(distance(wanted, known, 1) <= 1 for known in spellings(section.label))}
    if not hits and enumerator(text):
        hits = {section.id for section in form.sections.values() if any(_around(wanted, known) for known in spellings(section.label))}
    return hits.pop() if len(hits) == 1 else None


def _around(wanted: str, known: str) -> bool:
    return len(known) >= 4 and known in wanted and len(wanted) - len(known) <= _EXTRA


def _of_first_level(headings: list[_Heading]) -> list[_Heading]:
    """The headings less those numbered as sub-headings, （一） or 1., whose section has a heading of its own as well."""
    inner = [heading for heading in headings if is_enumerated(heading.text) and not enumerator(heading.text)]
    own = {heading.section for heading in headings if heading not in inner}
    return [heading for heading in headings if heading not in inner or heading.section not in own]


def _without_contents(headings: list[_Heading]) -> list[_Heading]:
    """The headings less those of a table of contents: three or more with nothing between, all of which stand again further on."""
    run = 1
    while run < len(headings) and headings[run].index == headings[run - 1].index + headings[run - 1].length:
        run += 1
    again = {heading.section for heading in headings[run:]}
    return headings[run:] if run >= 3 and all(heading.section in again for heading in headings[:run]) else headings


def _renamed(headings: list[_Heading], form: Form) -> list[_Heading]:
    """The headings, those of no part of the form but with the number of one that is missing taken for that one's: 五、整改措施"""
    met = {heading.section for heading in headings}
    order = list(form.sections)
    named: list[_Heading] = []
    for i, heading in enumerate(headings):
        wanted = next(
            (section.id for section in form.sections.values() if section.number and section.number == enumerator(heading.text)), None
        )
        before = [other.section for other in headings[:i] if other.section]
        behind = [other.section for other in headings[i + 1 :] if other.section]
        if heading.section is None and wanted is not None and wanted not in met:
            place = order.index(wanted)
            if all(order.index(name) < place for name in before[-1:]) and all(order.index(name) > place for name in behind[:1]):
                heading = replace(heading, section=wanted)
                met.add(wanted)
        named.append(heading)
    return named
