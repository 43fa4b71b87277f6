"""An equation as a small ledger: its figures one under another, with their names and places, and what they come to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from govreport_check.findings import CellRecord, Finding, Term
from govreport_check.renderers.lines import Line, Span, cells, clean, flow, pad
from govreport_check.renderers.words import say

_SHORT = 5  # a side of so many terms is told term by term; of a longer one, zeros are folded into one line
_WORKED_OUT = "about."  # facts are worked out of the text, not printed as such
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_OPERATORS = frozenset({"==", "!=", "<", "<=", ">", ">="})


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A line of the ledger: a figure and its sign, its name and place, and what is printed where that is not the figure."""

    sign: str
    figure: str
    label: str = ""
    spot: str = ""
    raw: str = ""
    style: str = ""


def draw(finding: Finding, *, width: int, indent: int, lang: str) -> list[Line]:
    """The ledger of a finding with terms, its facts one by one where it has none, and the relation that does not hold."""
    lines = _terms(finding, width, indent, lang) if finding.terms else _facts(finding.cells, width, indent, lang)
    return [*lines, *_relation(finding, width, indent, lang)]


def _terms(finding: Finding, width: int, indent: int, lang: str) -> list[Line]:
    sides = {side: list(ledger_rows(finding, side, lang)) for side in ("left", "right")}
    rows = [row for side in sides.values() for row in side]
    column = max(cells(row.figure) for row in rows)
    tag = max(cells(say(lang, side)) for side in sides)
    indent_said = indent + tag + 6 + column
    label = _label_width(rows, width - indent_said)
    lines: list[Line] = []
    for side, its_rows in sides.items():
        for number, row in enumerate(its_rows):
            word = pad(say(lang, side) if number == 0 else "", tag)
            first = (
                (" " * indent, ""),
                (f"{word}  ", "dim"),
                (f"{row.sign} ", ""),
                (pad(row.figure, column, right=True), "strong"),
                ("  ", ""),
            )
            lines.extend(_set(row, label, width, first, indent_said))
    return lines


def _label_width(rows: Sequence[LedgerRow], room: int) -> int:
    """The width to which labels are padded, so that places stand one under another; a few that are too long for it do not count."""
    placed = [row for row in rows if row.spot]
    most = room - 2 - max((cells(row.spot, wide=True) for row in placed), default=0)
    fitting = [cells(row.label) for row in placed if cells(row.label, wide=True) <= most]
    return max(fitting) if 2 * len(fitting) > len(placed) else 0


def _set(row: LedgerRow, label: int, width: int, first: Line, indent: int) -> list[Line]:
    """A line of the ledger; a place that does not fit behind its label goes below it, whole."""
    beside = f"{pad(row.label, label)}  {row.spot}" if row.spot else row.label
    raw = [(f"  {row.raw}", "warning")] if row.raw else []
    if not row.spot or cells(beside, wide=True) <= width - indent:
        spans = [(beside.removesuffix(row.spot), row.style), (row.spot, "dim")]
        return flow([*spans, *raw], width, first=first, indent=indent)
    below: Line = ((" " * indent, ""),)
    return [
        *flow([(row.label, row.style)], width, first=first, indent=indent),
        *flow([(row.spot, "dim"), *raw], width, first=below, indent=indent),
    ]


def ledger_rows(finding: Finding, side: str, lang: str) -> Iterator[LedgerRow]:
    """The figures of one side (``left``, ``right``), zeros of a long one folded, and their sum."""
    named = {cell.address: cell for cell in finding.cells}
    terms = [term for term in finding.terms if term.side == side]
    told, zeros = _folded(terms)
    for number, term in enumerate(told):
        sign = "-" if term.coefficient.startswith("-") else "+" if number else " "
        yield _named(sign, _dated(term, named.get(term.address)), named.get(term.address), lang)
    if zeros:
        yield LedgerRow(" ", "", say(lang, "zeros" if told else "all_zeros", n=zeros), style="dim")
    total = finding.left if side == "left" else finding.right
    if total is not None and not terms:
        yield LedgerRow(" ", clean(total), *_stated(finding, lang))
    elif total is not None and (len(terms) != 1 or _dated(terms[0], named.get(terms[0].address)).value != total):
        yield LedgerRow("=", clean(total))


def _dated(term: Term, cell: CellRecord | None) -> Term:
    """The term, a day as its date: sums hold the number of the day."""
    is_date = cell is not None and cell.value is not None and _DATE.fullmatch(cell.value)
    return term.model_copy(update={"value": cell.value}) if cell is not None and is_date else term


def _stated(finding: Finding, lang: str) -> tuple[str, str, str]:
    """Label, place and print of the figure that no cell holds: the one that the prose states."""
    cell = next((cell for cell in finding.cells if "[" not in cell.address), None)
    return ("", "", "") if cell is None else (clean(cell.spot or cell.label), "", say(lang, "printed", raw=clean(cell.raw or "")))


def _folded(terms: Sequence[Term]) -> tuple[list[Term], int]:
    """The terms to tell one by one, and how many zeros are folded."""
    told = [term for term in terms if term.value != "0"]
    zeros = len(terms) - len(told)
    return (told, zeros) if len(terms) > _SHORT and zeros > 1 else (list(terms), 0)


def _figure(term: Term) -> str:
    value = clean(term.value) if term.value is not None else "?"
    size = term.coefficient.lstrip("+-")
    return value if size == "1" else f"{size} × {value}"


def _named(sign: str, term: Term, cell: CellRecord | None, lang: str) -> LedgerRow:
    if cell is None:
        return LedgerRow(sign, _figure(term), clean(term.address))
    raw = say(lang, "printed", raw=clean(cell.raw)) if cell.raw is not None and cell.raw != term.value else ""
    label, spot = clean(cell.label), clean(cell.spot)
    parts = label.split(" · ")
    if len(set(parts)) == len(parts) and all(f"“{part}”" in spot for part in parts):
        return LedgerRow(sign, _figure(term), spot, raw=raw)
    return LedgerRow(sign, _figure(term), label, spot, raw)


def _facts(facts: Sequence[CellRecord], width: int, indent: int, lang: str) -> list[Line]:
    """What the finding rests on, one fact a line: where it stands, what is printed there."""
    return [line for cell in told_facts(facts) for line in flow(list(_fact(cell, lang)), width, first=((" " * indent, ""),), indent=indent)]


def told_facts(facts: Sequence[CellRecord]) -> list[CellRecord]:
    """The facts that say something: not the file itself."""
    return [cell for cell in facts if cell.raw is not None or (cell.spot or cell.label) != cell.place.source]


def _fact(cell: CellRecord, lang: str) -> Iterator[Span]:
    name, raw = clean(cell.spot or cell.label), clean(cell.raw or "")
    yield name, "dim"
    if cell.address.startswith(_WORKED_OUT):
        yield f"  {raw}", ""
    elif raw and raw not in name:
        yield f"  {say(lang, 'printed', raw=raw)}", ""
        if cell.value not in (None, cell.raw):
            yield f"  {say(lang, 'as_read', value=clean(cell.value or ''))}", "dim"


def relation(finding: Finding, lang: str) -> list[Span]:
    """``61 must equal 64, difference 3``. An inequality without terms is about parts of dates and lengths, and says nothing to a person."""
    if finding.left is None or finding.right is None or not (finding.terms or finding.operator == "=="):
        return []
    operator = say(lang, finding.operator) if finding.operator in _OPERATORS else clean(finding.operator or "")
    spans: list[Span] = [(clean(finding.left), "strong"), (f" {operator} ", ""), (clean(finding.right), "strong")]
    if finding.difference is not None and finding.outcome == "fail":
        spans.append((say(lang, "off_by", difference=clean(finding.difference).removeprefix("-")), "strong"))
    return spans


def _relation(finding: Finding, width: int, indent: int, lang: str) -> list[Line]:
    spans = relation(finding, lang)
    return flow(spans, width, first=((" " * indent, ""),), indent=indent) if spans else []
