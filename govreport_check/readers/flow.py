"""A report that stands in one line: pages copied whole, headings inside the text, the site's own words before the title.

The line is cut at the form's headings, known by number and words; what stands before the first is title and preamble.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from govreport_check.form import Form, FormSection
from govreport_check.frozen import dataclass
from govreport_check.patterns import later
from govreport_check.readers.document import Block, Paragraph
from govreport_check.readers.facts import stated_in
from govreport_check.readers.labels import key, similar, spellings

_LONG = 200
_LEAST = 2
_WINDOW = 6
_LONGEST_TITLE = 80
_NUMBERED = later(r"(?<![“‘《〈（(\[〔第])([一二三四五六七八九十]{1,3})\s*[、.．]\s*")
_LISTED = later(r"\s*(?:[；;，,、”’》〉）)\]〕]|等|和|及|共)")
_SENTENCE = later(r"[。，；《]")
_STOPS = later(r"[。！？”）]")
_WORD = later(r"\S+")
_NAMED = later(r"^\s*\w{1,4}\s*[:：]\s*")


@dataclass(frozen=True, slots=True)
class _Cut:
    """A heading inside a line: from ``start`` to ``end``."""

    start: int
    end: int
    section: str


def flowing(blocks: Sequence[Block], form: Form) -> Iterator[Block]:
    """The blocks, each line that holds several headings of the form cut at them."""
    before: list[Block] = []
    for block in blocks:
        cuts = _cuts(block, form)
        if not cuts:
            before.append(block)
            continue
        first = cuts[0].section == next(iter(form.sections))
        head = block.text[: cuts[0].start]
        yield from _head(before, block, head, form) if first and _SENTENCE.search(head) else [*before, *_piece(block, head)]
        yield from _sections(block, cuts)
        before = []
    yield from before


def _piece(block: Block, text: str) -> Iterator[Paragraph]:
    if text.strip():
        yield Paragraph(text.strip(), block.place, wraps=True, gap=True)


def _sections(block: Block, cuts: Sequence[_Cut]) -> Iterator[Block]:
    ends = [*(cut.start for cut in cuts[1:]), len(block.text)]
    for cut, end in zip(cuts, ends, strict=True):
        yield from _piece(block, block.text[cut.start : cut.end])
        text = block.text[cut.end : end].strip().lstrip("。：: ")
        stop = max((match.end() for match in _STOPS.finditer(text)), default=len(text)) if end == len(block.text) else len(text)
        yield from _piece(block, text[:stop])
        for word in _WORD.findall(text[stop:]):  # a signature, or the site's own words
            yield from _piece(block, word)


# --- headings -------------------------------------------------------------------------------------------------------------------


def _cuts(block: Block, form: Form) -> list[_Cut]:
    """The headings in a line, in their order; none when it does not hold several."""
    if not isinstance(block, Paragraph) or len(block.text) < _LONG:
        return []
    starts = [(match.start(), match.end(), match[1]) for match in _NUMBERED.finditer(block.text)]
    sections = tuple(form.sections.values())
    exact = [cut for start, end, _ in starts if (cut := _exact(block.text, start, end, sections))]
    if len({cut.section for cut in exact}) < _LEAST:
        return []
    return sorted([*exact, *_misprinted(block.text, starts, exact, sections)], key=lambda cut: cut.start)


def _exact(text: str, start: int, end: int, sections: tuple[FormSection, ...]) -> _Cut | None:
    match = _headings(sections).match(text, end)
    if match is None or _LISTED.match(text, match.end()):
        return None
    wanted = key(match.group())
    return _Cut(start, match.end(), next(section.id for section in sections if wanted in spellings(section.label)))


@lru_cache(maxsize=64)
def _headings(sections: tuple[FormSection, ...]) -> re.Pattern[str]:
    texts = {text for section in sections for text in (section.heading, *section.accepts, *section.mistaken)}
    return re.compile("|".join(r"\s*".join(map(re.escape, text)) for text in sorted(texts, key=len, reverse=True)))


def _misprinted(
    text: str, starts: Sequence[tuple[int, int, str]], exact: Sequence[_Cut], sections: tuple[FormSection, ...]
) -> Iterator[_Cut]:
    """Headings with the right number and a slip in their words, between those of the parts before and after."""
    order = {section.id: i for i, section in enumerate(sections)}
    for section in sections:
        if any(cut.section == section.id for cut in exact):
            continue
        low = max((cut.end for cut in exact if order[cut.section] < order[section.id]), default=0)
        high = min((cut.start for cut in exact if order[cut.section] > order[section.id]), default=len(text))
        inside = [(start, end) for start, end, number in starts if low <= start < high and number == section.number]
        for start, end in inside:
            length = _length(text[end:high], section.heading)
            if length:
                yield _Cut(start, end + length, section.id)
                break


def _length(text: str, heading: str) -> int | None:
    """How many characters at the beginning of ``text`` are ``heading`` with a slip; None when they are not."""
    sizes = sorted(range(max(1, len(heading) - 2), len(heading) + 3), key=lambda size: abs(size - len(heading)))
    return next((size for size in sizes if similar(key(text[:size]), key(heading), 5)), None)


# --- title and preamble ---------------------------------------------------------------------------------------------------------


def _head(before: Sequence[Block], block: Block, head: str, form: Form) -> Iterator[Block]:
    """Title and preamble out of what stands before the first heading; the site's own words around them are left out."""
    words = list(_WORD.finditer(head))
    first = next(i for i, word in enumerate(words) if _SENTENCE.search(word.group()))
    start, end = _fused_title(head, words[max(0, first - _WINDOW) : first + 1], form)
    lines = [*before, *(Paragraph(word.group(), block.place) for word in words[:first])]
    title = _title([lines, [Paragraph(head[start:end], block.place)]], form)
    if title is None:
        yield from before
    else:
        yield title
        yield from (line for line in before if "。" in line.text)
    yield from _piece(block, head[end if title and title.text == head[start:end] else words[first].start() :])


def _fused_title(head: str, words: Sequence[re.Match[str]], form: Form) -> tuple[int, int]:
    """Where a title stands that begins with one of ``words`` and ends where the preamble begins; an empty span when none does."""
    stop = _SENTENCE.search(head, words[-1].start())
    best = (0, 0, 0)
    for word in reversed(words):
        opening = head[word.start() : stop.start() if stop else len(head)]
        ends = (match.end() for match in re.finditer("报告|年报", opening))
        scores = ((stated_in("title", opening[:end], form), end) for end in ends)
        score, end = next(((score, end) for score, end in scores if score >= _LEAST), (0, 0))
        best = max(best, (score, word.start(), word.start() + end), key=lambda one: one[0])
    return best[1], best[2]


def _title(groups: Sequence[Sequence[Block]], form: Form) -> Paragraph | None:
    """Of the lines, and of a few together within a group, what states most of what the form reads from a title, in the fewest lines
    and characters: the last of these."""
    best, found = (0, 0, 0), None
    for lines in groups:
        for start in range(len(lines)):
            for count in range(1, min(_WINDOW, len(lines) - start) + 1):
                text = _NAMED.sub("", " ".join(line.text for line in lines[start : start + count]))
                if len(text) > _LONGEST_TITLE or _SENTENCE.search(text):
                    break
                score = (stated_in("title", text, form), -count, -len(text))
                if score >= best and score[0]:
                    best, found = score, Paragraph(text, lines[start].place, gap=True)
    return found
