"""Where the findings of one report stand in it: which cells, labels and words are marked, for which finding and as what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from govreport_check.findings import CellRecord, Finding, Printed, PrintedTable, Suspect
from govreport_check.model import State, cell_address
from govreport_check.renderers.lines import clean
from govreport_check.renderers.suspected import explaining

FEW = 4
"""Of a comparison of so many figures each is marked as wrong, since none is the total of the others."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One finding at one place. ``role``: ``t`` the figure that a sum is compared with, ``l`` and ``r`` operands, ``x`` a fact.
    ``loud``: the place itself is shown as wrong; else it is only marked while the finding is looked at."""

    finding: int
    role: str
    sign: str = ""
    loud: bool = True


@dataclass(frozen=True, slots=True)
class Words:
    """A piece of prose; ``id`` is None where no finding is about it."""

    text: str
    id: str | None = None


@dataclass(slots=True)
class Marks:
    """The marked places of a report: ``ids`` from address to the id of the element on the page, ``at`` from such an id to its marks.

    An id tells the place (``numbers`` are those of cells and labels), not what else is marked: an edit leaves those of others as they are.
    """

    prefix: str
    numbers: Mapping[str, int]
    ids: dict[str, str] = field(default_factory=dict)
    at: dict[str, list[Mark]] = field(default_factory=dict)
    guesses: dict[str, list[int]] = field(default_factory=dict)

    def put(self, address: str, mark: Mark) -> str:
        id_ = self.id_of(address)
        self.at.setdefault(id_, []).append(mark)
        return id_

    def id_of(self, address: str) -> str:
        number = self.numbers.get(address)
        return self.ids.setdefault(address, f"{self.prefix}{address.replace('/', '-') if number is None else number}")

    def of(self, finding: int) -> Iterator[tuple[str, Mark]]:
        return ((id_, mark) for id_, marks in self.at.items() for mark in marks if mark.finding == finding)


def marks_of(prefix: str, findings: Sequence[Finding], printed: Printed | None) -> Marks:
    """The marks in tables; those in prose are added by :func:`prose`."""
    known = {address: i for i, address in enumerate(_addresses(printed))}
    marks = Marks(prefix, known)
    for number, finding in enumerate(findings):
        terms = {term.address for term in finding.terms}
        for address, mark in [*_terms(number, finding), *_facts(number, finding, terms)]:
            if address in known:
                marks.put(address, mark)
        for suspect in explaining(finding):
            for cell in suspect.cells:
                if cell["address"] in known:
                    id_ = marks.id_of(cell["address"])
                    told = marks.guesses.setdefault(id_, [])
                    told += [] if number in told else [number]
    return marks


def guess_marks(suspect: Suspect, marks: Marks) -> str:
    """The cells of one explanation and what they would be, as the page's script reads them."""
    cells = [(marks.ids[cell["address"]], cell["to"]) for cell in suspect.cells if cell["address"] in marks.ids]
    return " ".join(f"{id_}:{to}" for id_, to in cells)


def _addresses(printed: Printed | None) -> Iterator[str]:
    """Of everything in the tables that can be marked, in a fixed order."""
    for table in printed.tables if printed else ():
        if not table.missing:
            yield from (cell_address(table.id, row, column) for row, _ in table.rows for column, _ in table.columns)
            yield from (f"labels.{at}" for at in _labels(table))


def _labels(table: PrintedTable) -> Iterator[str]:
    yield f"{table.id}.head_note"
    yield from (f"{table.id}.columns.{name}" for name, _ in table.columns)
    yield from (f"{table.id}.rows.{name}" for name, _ in table.rows)
    yield from (head.at for head in (*table.over_columns, *table.over_rows))


def _terms(number: int, finding: Finding) -> Iterator[tuple[str, Mark]]:
    sides = [[term for term in finding.terms if term.side == side] for side in ("left", "right")]
    target = next((side[0] for side in reversed(sides) if len(side) == 1 and len(finding.terms) > 2), None)
    unknown = {cell.address for cell in finding.cells if _is_unknown(cell)}
    for side, role in zip(sides, "lr", strict=True):
        for term in side:
            wrong = term is target or len(finding.terms) <= FEW
            loud = wrong if finding.outcome == "fail" else term.address in unknown
            sign = "−" if term.coefficient.startswith("-") else "+"
            yield term.address, Mark(number, "t" if term is target else role, "=" if term is target else sign, loud)


def _facts(number: int, finding: Finding, terms: set[str]) -> Iterator[tuple[str, Mark]]:
    for cell in finding.cells:
        if cell.address not in terms:
            yield cell.address, Mark(number, "x", "", finding.outcome == "fail" or _is_unknown(cell))


def _is_unknown(cell: CellRecord) -> bool:
    return State[cell.state.upper()] >= State.NOT_GIVEN


# --- prose ---------------------------------------------------------------------------------------------------------------------

_DAY = re.compile(r"([0-9]{4})-0?([0-9]{1,2})-0?([0-9]{1,2})")


def prose(part: str, paragraphs: Sequence[tuple[int | None, str]], findings: Sequence[Finding], marks: Marks) -> list[list[Words]]:
    """The paragraphs of a part, the words that findings are about apart; a fact that stands nowhere in so many words marks nothing."""
    told = [(clean(text), line) for line, text in paragraphs]
    spans: list[dict[tuple[int, int], list[Mark]]] = [{} for _ in told]
    for number, finding in enumerate(findings):
        stated = [cell for cell in finding.cells if "[" not in cell.address]
        wrong = [cell for cell in stated if not cell.address.startswith("about.")] or stated[:1]
        for cell in stated:
            if cell.place.section == part or cell.address == f"sections.{part}":
                i, span = _found(cell, told)
                if span is not None:  # what a passage or the first fact is held against is not wrong itself
                    spans[i].setdefault(span, []).append(Mark(number, "x", "", cell in wrong))
    return [list(_cut(f"{part}/{i}", text, spans[i], marks)) for i, (text, _) in enumerate(told)]


def _found(cell: CellRecord, told: Sequence[tuple[str, int | None]]) -> tuple[int, tuple[int, int] | None]:
    """The paragraph and where in it the words of a fact stand, the one on the fact's own line first."""
    order = sorted(range(len(told)), key=lambda i: told[i][1] != cell.place.line)
    for wanted in _spellings(cell):
        for i in order:
            start = told[i][0].find(wanted)
            if start >= 0:
                return i, (start, start + len(wanted))
    return 0, None


def _spellings(cell: CellRecord) -> Iterator[str]:
    raw = clean(cell.raw or "").strip()
    if raw:
        yield raw
    if day := _DAY.fullmatch(raw):
        yield f"{day[1]}年{day[2]}月{day[3]}日"
        yield f"{day[2]}月{day[3]}日"


def _cut(at: str, text: str, spans: Mapping[tuple[int, int], Sequence[Mark]], marks: Marks) -> Iterator[Words]:
    done, key = 0, ""
    for (start, end), found in sorted(spans.items()):
        start = max(start, done)
        key = f"{at}/{start}" if start < end else key  # words within words that are marked already are told there
        ids = [marks.put(key, mark) for mark in found]
        if start < end:
            yield Words(text[done:start])
            yield Words(text[start:end], ids[0])
            done = end
    yield Words(text[done:])
