"""The reserved parts of a report: its title and preamble before the first heading, its signature behind the last part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from govreport_check.figures import normal
from govreport_check.form import Form
from govreport_check.model import Section
from govreport_check.patterns import later
from govreport_check.readers import dates
from govreport_check.readers.document import Block, is_aside
from govreport_check.readers.facts import stated_in
from govreport_check.readers.prose import section_of

_SENTENCE = later(r"[。；;！？，]")
_LOOK, _LINES, _LONGEST, _TAIL = 12, 3, 80, 6
_DATE_LINE = later(rf"(?P<by>[^\d。，；]{{0,30}}?)[(]?{dates.FULL}[)]?")


def head_sections(blocks: Sequence[Block], form: Form, *, with_signature: bool) -> Iterator[tuple[str, Section]]:
    """Title, preamble and, when it stands under the title, the signature. A title may stand aside, the others not."""
    beside = [block for block in blocks if is_aside(block)]
    blocks = [block for block in blocks if not is_aside(block)]
    start, end = _title(blocks, form)
    if beside and not states(blocks[start:end], form):
        at = max(range(len(beside)), key=lambda i: (states(beside[i : i + 1], form), i))
        if states(beside[at : at + 1], form):
            yield "title", section_of(None, beside[at].place, beside[at : at + 1], joined=False)
            start, end = 0, 0
    if end > start:
        yield "title", section_of(None, blocks[start].place, blocks[start:end], joined=False)
    signed = _signed_under_title(blocks[end:]) if with_signature else 0
    if signed:
        yield "signature", section_of(None, blocks[end].place, blocks[end : end + signed], joined=False)
    rest = blocks[end + signed :]
    if rest:
        yield "preamble", section_of(None, rest[0].place, rest)


def _title(blocks: Sequence[Block], form: Form) -> tuple[int, int]:
    """Where the title stands: the few lines that state most of what the form reads from a title, else a short first line."""
    best, found = (0, 0), (0, 0)
    for start in range(min(_LOOK, len(blocks))):
        for end in range(start + 1, min(start + _LINES, len(blocks)) + 1):
            if _SENTENCE.search(blocks[end - 1].text) or len(text := _joined(blocks[start:end])) > _LONGEST:
                break
            if (score := (stated_in("title", text, form), start - end)) > best and score[0]:
                best, found = score, (start, end)
    if best[0] == 0 and blocks and not _SENTENCE.search(blocks[0].text) and len(blocks[0].text) <= _LONGEST:
        return 0, 1
    return found


def states(blocks: Sequence[Block], form: Form) -> int:
    """How much of what the form reads from a title ``blocks`` state; a sentence is no title."""
    text = _joined(blocks)
    return stated_in("title", text, form) if len(text) <= _LONGEST and not _SENTENCE.search(text) else 0


def _joined(blocks: Sequence[Block]) -> str:
    return "".join(block.text for block in blocks)


def _signed_under_title(blocks: Sequence[Block]) -> int:
    for count, block in enumerate(blocks[:_LINES], 1):
        if not _short(block):
            return 0
        if _DATE_LINE.fullmatch(normal(block.text)):
            return count
    return 0


def signature_of(blocks: Sequence[Block]) -> tuple[list[Block], list[Block]]:
    """The signature at the end of ``blocks`` and what is left without it; ([], blocks) when the last lines hold no date."""
    for end in range(len(blocks), max(0, len(blocks) - _TAIL), -1):
        match = _DATE_LINE.fullmatch(normal(blocks[end - 1].text))
        if match is None:
            continue
        start = end - 1
        if not match["by"] and start and _short(blocks[start - 1]) and len(normal(blocks[start - 1].text)) >= 4:
            start -= 1
        return list(blocks[start:]), list(blocks[:start])
    return [], list(blocks)


def _short(block: Block) -> bool:
    return len(normal(block.text)) <= 40 and not _SENTENCE.search(block.text)
