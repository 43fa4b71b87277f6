"""The letter to the unit whose report was reviewed (整改意见): facts to correct, then what is to be verified, the law once.

It asks; it guesses and advertises nothing. Left out are notes, suspected cells, what is excused, findings about files that are not the
unit's own, and what was not decided because the reviewer had no report of last year. What could not be read of the report is asked
for among what is to be verified, told once for all rules that wanted it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from govreport_check.findings import Finding, ReportResult, Result, Severity
from govreport_check.renderers.causes import Cause, causes
from govreport_check.renderers.letter_words import LETTER
from govreport_check.renderers.paper import LETTER as OFFICIAL
from govreport_check.renderers.paper import PLAIN_LETTER, Block, NewPage, Paper, Words
from govreport_check.renderers.paper_docx import docx_of
from govreport_check.renderers.paper_markdown import markdown_of

_HAN_GAP = re.compile(r"(?<=[^\x00-\xff])\s+(?=[^\x00-\xff])")

_HAN_NAME = re.compile(r"([\u4e00-\u9fff]+)((?:（[^（）]*）)?)")


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What a letter says that no report states. Without ``due`` and ``day`` room is left to write them in; ``unit`` is whom the letter
    goes to, the report's agency when None."""

    unit: str | None = None
    due: date | None = None
    sender: str | None = None
    number: str | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter in words. ``correct``: what must be corrected; ``verify``: what is to be verified; ``law``: each document once."""

    lang: str
    title: str
    number: str
    unit: str
    opening: str
    correct: tuple[str, ...]
    verify: tuple[str, ...]
    law: str
    sender: str
    day: str


def letter_of(
    report: ReportResult,
    *,
    lang: str,
    head: Letterhead | None = None,
    adopted: Collection[str] | None = None,
    remarks: Mapping[str, str] | None = None,
) -> Letter | None:
    """The letter about a report; None where there is nothing to ask, or no report was read.

    ``adopted`` are the fingerprints of the findings that the reviewer stands by, None for all; ``remarks`` by fingerprint are added to
    them.
    """
    head, remarks, words = head or Letterhead(), remarks or {}, _words(lang)
    told = report.findings if report.form else []
    asked = [one for one in told if _is_asked(one, report.source) and (adopted is None or one.fingerprint in adopted)]
    failed = [one for one in asked if one.outcome == "fail"]
    correct = [one for one in failed if one.severity is Severity.ERROR and one.confidence == "certain"]
    unread = _unread([one for one in asked if one.outcome != "fail"])
    verify = [_item([one], one.message, remarks, words) for one in failed if one not in correct]
    verify += [_item(cause.findings, _asked(cause, words, lang), remarks, words) for cause in unread]
    if not correct and not verify:
        return None
    grounds = [*failed, *(one for cause in unread for one in cause.findings)]
    return Letter(
        lang=lang,
        title=words["title"].format(report=_named(report, words)),
        number=head.number or "",
        unit=words["unit"].format(unit=head.unit or report.about.get("agency") or words["blank"]),
        opening=words["opening"].format(report=_named(report, words), due=_due(head, words)),
        correct=tuple(_item([one], one.message, remarks, words) for one in correct),
        verify=tuple(verify),
        law=_law(grounds, words),
        sender=head.sender or "",
        day=_day(head.day, words),
    )


def letter_markdown(letter: Letter) -> str:
    """The letter as Markdown."""
    return markdown_of(_paper(letter.lang, _blocks(letter)))


def letter_docx(letter: Letter) -> bytes:
    """The letter as a Word file in the format of official documents."""
    return docx_of(_paper(letter.lang, _blocks(letter)))


def render(result: Result, *, lang: str, head: Letterhead | None = None, **_shown: object) -> str:
    """Markdown: a letter for every report, or one sentence where there is nothing to ask."""
    return markdown_of(_letters(result, lang, head))


def render_file(result: Result, *, lang: str, head: Letterhead | None = None, **_shown: object) -> bytes:
    """A Word file: every report's letter on a page of its own."""
    return docx_of(_letters(result, lang, head))


def _letters(result: Result, lang: str, head: Letterhead | None) -> Paper:
    blocks: list[Block] = []
    for report in result.reports:
        letter = letter_of(report, lang=lang, head=head)
        blocks += [NewPage()] if blocks else []
        blocks += [_none(report, _words(lang))] if letter is None else _blocks(letter)
    return _paper(lang, blocks)


def _paper(lang: str, blocks: Iterable[Block]) -> Paper:
    return Paper(lang, tuple(blocks), OFFICIAL if lang == "zh" else PLAIN_LETTER)


def _none(report: ReportResult, words: Mapping[str, str]) -> Words:
    key = "none" if report.form else "no_report"
    return Words(words[key].format(report=_named(report, words), source=report.source, sentence=report.sentence))


def _words(lang: str) -> Mapping[str, str]:
    return LETTER.get(lang, LETTER["zh"])


def _is_asked(finding: Finding, source: str) -> bool:
    if finding.waived or finding.severity is Severity.NOTE:
        return False
    files = {cell.place.source or source for cell in finding.cells}
    missing = finding.outcome != "fail" and any(cell.state == "not_given" for cell in finding.cells)
    return not missing and (not files or source in files)


def _unread(findings: Sequence[Finding]) -> list[Cause]:
    """Why something was not decided, told once; what follows from a part, row or cell that was not read is not told beside it."""
    found = causes(findings)
    told = {_spot(cell.address) for cause in found if cause.speaks_for_itself for one in cause.findings for cell in one.cells}
    return [cause for cause in found if cause.speaks_for_itself or not _is_told(cause, told)]


def _is_told(cause: Cause, told: set[str]) -> bool:
    """A table or section that was not read accounts for all that wanted any of it; a row or cell only for itself."""
    unknown = [_around(cell.address) for one in cause.findings for cell in one.cells if cell.state != "value"]
    return any(around[-1] in told for around in unknown) or (bool(unknown) and all(told.intersection(around) for around in unknown))


def _spot(address: str) -> str:
    return address.removeprefix("tables.")


def _around(address: str) -> tuple[str, ...]:
    """A fact's address, that of its row, and of its table; of a section, its own."""
    address = _spot(address)
    table, bracket, inside = address.partition("[")
    return (address, f"{table}.{inside.partition(',')[0].rstrip(']')}", table) if bracket else (address,)


def _asked(cause: Cause, words: Mapping[str, str], lang: str) -> str:
    return cause.headline(lang) if cause.speaks_for_itself else words["unread"].format(what=cause.headline(lang).rstrip("。."))


def _item(findings: Sequence[Finding], text: str, remarks: Mapping[str, str], words: Mapping[str, str]) -> str:
    said = dict.fromkeys(remarks[one.fingerprint] for one in findings if remarks.get(one.fingerprint))
    return text + "".join(words["remark"].format(remark=remark) for remark in said)


def _named(report: ReportResult, words: Mapping[str, str]) -> str:
    """The report by its title, with the year where that is not in it; without a title by its year."""
    title = " ".join(_HAN_GAP.sub("", str(report.about.get("title") or "").strip()).strip("《》").split())
    year = report.about.get("year")
    key = ("titled" if not year or str(year) in title else "titled.year") if title else "of_year" if year else "some"
    return words[key].format(title=title, year=year)


def _due(head: Letterhead, words: Mapping[str, str]) -> str:
    if head.due is None:
        return words["due.blank"]
    key = "due" if head.day is None or head.day.year == head.due.year else "due.year"
    return words[key].format(day=head.due, month=words["months"].split()[head.due.month - 1])


def _day(day: date | None, words: Mapping[str, str]) -> str:
    return words["day"].format(day=day, month=words["months"].split()[day.month - 1]) if day else words["day.blank"]


def _law(findings: Sequence[Finding], words: Mapping[str, str]) -> str:
    """Every document once, with the places in it that were found not to be kept."""
    places: dict[str, dict[str, None]] = {}
    for cite in (cite for one in findings for cite in one.cites):
        places.setdefault(cite.document, {})[cite.at] = None
    told = (_cite(name, words["comma"].join(at), words) for name, at in places.items())
    return words["law"].format(cites=words["stop"].join(told)) if places else ""


def _cite(document: str, at: str, words: Mapping[str, str]) -> str:
    """A law or regulation that has a Chinese name stands in title marks; a document known by its number does not."""
    named = _HAN_NAME.fullmatch(document)
    return words["cite.named"].format(name=named[1], number=named[2], at=at) if named else words["cite"].format(document=document, at=at)


def _blocks(letter: Letter) -> Iterator[Block]:
    words = _words(letter.lang)
    yield Words(letter.title, "title")
    if letter.number:
        yield Words(letter.number, "right")
    yield Words(letter.unit, "left")
    yield Words(letter.opening)
    lists = [(key, items) for key, items in (("correct", letter.correct), ("verify", letter.verify)) if items]
    for number, (key, items) in zip(words["numbers"].split(), lists, strict=False):
        yield Words(words[key].format(number=number), "heading")
        yield from (Words(item, "item") for item in items)
    if letter.law:
        yield Words(letter.law)
    if letter.sender:
        yield Words(letter.sender, "right")
    yield Words(letter.day, "right")
