"""Letters from a workbook alone: to every unit what the reviewer adopted, in the words that stand in the workbook.

Neither the reports nor the rules are needed, and a sentence that the reviewer has reworded is sent as reworded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from govreport_check.findings import Cite, Finding, ReportResult, Severity, Verdict
from govreport_check.renderers.letter import Letter, Letterhead, letter_of
from govreport_check.renderers.sheets.round import NOTHING, Again, Told, Typed
from govreport_check.renderers.words import say as say_fixed
from govreport_check.workbook.reading import Kept
from govreport_check.workbook.rounds import decided
from govreport_check.workbook.words import say

_NO_NAME = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')
_LONGEST = 60  # characters of a unit's name in the name of a file: 180 bytes of the 255 that file systems allow


@dataclass(frozen=True, slots=True)
class Written:
    """A letter, to whom, and the name of its file without an ending; how many findings it asks about."""

    unit: str
    stem: str
    letter: Letter
    asked: int


@dataclass(frozen=True, slots=True)
class Letters:
    """``open``: by unit how many findings nobody has decided about; they are in no letter."""

    written: tuple[Written, ...]
    open: tuple[tuple[str, int], ...]


def letters_of(kept: Kept, head: Letterhead | None = None) -> Letters:
    """A letter for every unit of which something was adopted that is not mended, in the order of the workbook.

    ``head`` says what no workbook does; its ``due`` holds where neither unit nor finding has a day of its own.
    """
    by_unit: dict[str, list[tuple[Told, Typed]]] = {}
    for told, typed in kept.findings:
        if told.again is not Again.MENDED:
            by_unit.setdefault(told.unit, []).append((told, decided(typed, kept.units.get(told.unit, NOTHING))))
    written, names = [], set[str]()
    for unit, rows in by_unit.items():
        adopted = [(told, typed) for told, typed in rows if typed.adopted]
        letter = _letter(unit, adopted, kept, head or Letterhead()) if adopted else None
        if letter is not None:
            stem = _stem(unit, names)
            names.add(stem.casefold())
            written.append(Written(unit, stem, letter, len(adopted)))
    undecided = ((unit, sum(typed.adopted is None for _, typed in rows)) for unit, rows in by_unit.items())
    return Letters(tuple(written), tuple((unit, number) for unit, number in undecided if number))


def _letter(unit: str, adopted: Sequence[tuple[Told, Typed]], kept: Kept, head: Letterhead) -> Letter | None:
    days = [typed.until for _, typed in adopted if typed.until]
    due = kept.units.get(unit, NOTHING).until or min(days, default=head.due)
    about = {"title": adopted[0][0].title, "year": adopted[0][0].year}
    findings = [_finding(told, kept.lang) for told, _ in adopted]
    # read, though a workbook does not say as what form: None is for what could not be
    report = ReportResult(source=unit, form="", about=about, verdict=Verdict.FINDINGS, sentence="", findings=findings)
    remarks = {told.fingerprint: _remark(typed, due, kept.lang) for told, typed in adopted}
    return letter_of(report, lang=kept.lang, head=replace(head, unit=unit, due=due), remarks=remarks)


def _finding(told: Told, lang: str) -> Finding:
    """A row as the finding that it tells; one that nobody was sure about is to be verified, not corrected."""
    undecided = told.group == "undecided"
    return Finding(
        rule=told.rule,
        outcome="undecided" if undecided else "fail",
        severity=Severity.ERROR if told.group == "error" else Severity.WARNING,
        confidence="likely" if told.confidence == "likely" else "certain",
        title="",
        message=told.message,
        reason=told.message if undecided else None,
        fingerprint=told.fingerprint,
        cites=list(_cites(told.basis, lang)),
    )


def _cites(basis: str, lang: str) -> Iterator[Cite]:
    """The law as the workbook lists it: documents parted by ；, each with its place behind the first ，."""
    between = say_fixed(lang, "cite", document="", at="")
    for part in filter(None, basis.split(say_fixed(lang, "list_stop"))):
        document, _, at = part.partition(between)
        yield Cite(document=document, at=at)


def _remark(typed: Typed, due: date | None, lang: str) -> str:
    """The reviewer's remark, and the finding's own day where it is not the letter's."""
    own = say(lang, "own_day", day=typed.until) if typed.until and typed.until != due else ""
    return say_fixed(lang, "list_stop").join(part for part in (typed.remark, own) if part)


def _stem(unit: str, taken: set[str]) -> str:
    """A unit's name as the name of a file that every system allows."""
    plain = _NO_NAME.sub("_", unit).strip(" .")[:_LONGEST].rstrip(" .") or "_"
    number, stem = 1, plain
    while stem.casefold() in taken:
        number += 1
        stem = f"{plain} ({number})"
    return stem
