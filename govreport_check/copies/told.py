"""What a copy says of each finding, and the cells and passages that it is about, the one to look at first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from govreport_check.findings import CellRecord, Finding, ReportResult
from govreport_check.renderers.lines import clean
from govreport_check.renderers.places import file_of, placed
from govreport_check.renderers.words import group_of, say

_HEAD = {"zh": "【{}】{}", "en": "[{}] {}"}
_NOT_XML = {0xFFFE: None, 0xFFFF: None}


@dataclass(frozen=True, slots=True)
class Told:
    """A finding as a comment: its ``lines``, each inert; ``cells`` are this report's, the one that the comment belongs to first."""

    lines: tuple[str, ...]
    cells: tuple[CellRecord, ...]


def told_of(report: ReportResult, lang: str, *, notes: bool) -> list[Told]:
    """The findings of ``report`` that count, undecided ones with them; notes only where asked for."""
    shown = {"error", "warning", "undecided", *(("note",) if notes else ())}
    return [_told(finding, report.source, lang) for finding in report.findings if group_of(finding) in shown]


def _told(finding: Finding, source: str, lang: str) -> Told:
    return Told(tuple(_inert(line) for line in _lines(finding, lang)), tuple(_cells(finding, source)))


def _lines(finding: Finding, lang: str) -> Iterator[str]:
    """Severity and sentence; why it is undecided; the fix; the law."""
    yield _HEAD[lang].format(say(lang, group_of(finding)), finding.message)
    cites = say(lang, "list_stop").join(say(lang, "cite", document=cite.document, at=cite.at) for cite in finding.cites)
    reason = finding.reason if finding.reason != finding.message else None
    for key, text in (("because", reason), ("fix", finding.fix), ("law", cites)):
        if text:
            yield say(lang, "labelled", word=say(lang, key), text=text)


def _inert(line: str) -> str:
    """``line`` without what steers a program or what XML cannot hold."""
    return clean(line).translate(_NOT_XML)


def _cells(finding: Finding, source: str) -> list[CellRecord]:
    """The cells that stand in this file: words of the prose before figures, what a sum is held against before its parts."""
    alone = _alone(finding)
    own = [cell for cell in placed(finding, source) if file_of(cell.place, source) == source and not cell.address.startswith("prior.")]
    return sorted(own, key=lambda cell: (cell.address.startswith("about."), not _is_prose(cell), cell.address not in alone))


def _alone(finding: Finding) -> set[str]:
    """The figures that are one side of their equation."""
    sides = Counter(term.side for term in finding.terms)
    return {term.address for term in finding.terms if sides[term.side] == 1}


def _is_prose(cell: CellRecord) -> bool:
    return cell.address.startswith("sections.")
