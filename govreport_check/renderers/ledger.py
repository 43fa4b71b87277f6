"""An equation as a small ledger: its figures one under another, with their names and places, and what they come to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from govreport_check.findings import CellRecord, Finding, Term
from govreport_check.renderers.lines import Line, Span, cells, clean, flow, pad
from govreport_check.renderers.words import say

_FOLD = 3  # so many zero terms are told one by one; more are folded into one line
_LABEL = 44  # the widest label behind which places are still set one under another
_OPERATORS = frozenset({"==", "!=", "<", "<=", ">", ">="})


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of the ledger: ``sign`` and ``figure`` in their column, then what is said of them."""

    sign: str
    figure: str
    said: tuple[Span, ...] = ()


def draw(finding: Finding, *, width: int, indent: int, lang: str) -> list[Line]:
    """The ledger of a finding with terms, its facts one by one where it has none, and the relation that does not hold."""
    lines = _terms(finding, width, indent, lang) if finding.terms else _facts(finding.cells, width, indent, lang)
    return [*lines, *_relation(finding, width, indent, lang)]


def _terms(finding: Finding, width: int, indent: int, lang: str) -> list[Line]:
    sides = {side: list(_rows(finding, side, lang)) for side in ("left", "right")}
    column = max(cells(row.figure) for rows in sides.values() for row in rows)
    tag = max(cells(say(lang, side)) for side in sides)
    lines: list[Line] = []
    for side, rows in sides.items():
        for number, row in enumerate(rows):
            word = pad(say(lang, side) if number == 0 else "", tag)
            first = (
                (" " * indent, ""),
                (f"{word}  ", "dim"),
                (f"{row.sign} ", ""),
                (pad(row.figure, column, right=True), "strong"),
                ("  ", ""),
            )
            lines.extend(flow(row.said, width, first=first, indent=indent + tag + 6 + column))
    return lines


def _rows(finding: Finding, side: str, lang: str) -> Iterator[_Row]:
    named = {cell.address: cell for cell in finding.cells}
    labels = [cells(clean(cell.label)) for cell in finding.cells if cells(clean(cell.label)) <= _LABEL]
    terms = [term for term in finding.terms if term.side == side]
    told, zeros = _folded(terms)
    for number, term in enumerate(told):
        sign = "-" if term.coefficient.startswith("-") else "+" if number else " "
        yield _Row(sign, _figure(term), tuple(_said(term, named.get(term.address), max(labels, default=0), lang)))
    if zeros:
        yield _Row(" ", "", ((say(lang, "zeros" if told else "all_zeros", n=zeros), "dim"),))
    total = finding.left if side == "left" else finding.right
    if total is not None and (len(terms) != 1 or terms[0].value != total):
        yield _Row("=" if terms else " ", clean(total))


def _folded(terms: Sequence[Term]) -> tuple[list[Term], int]:
    """The terms to tell one by one, and how many zeros are folded."""
    told = [term for term in terms if term.value != "0"]
    zeros = len(terms) - len(told)
    return (told, zeros) if zeros > _FOLD else (list(terms), 0)


def _figure(term: Term) -> str:
    value = clean(term.value) if term.value is not None else "?"
    size = term.coefficient.lstrip("+-")
    return value if size == "1" else f"{size} × {value}"


def _said(term: Term, cell: CellRecord | None, label_width: int, lang: str) -> Iterator[Span]:
    if cell is None:
        yield clean(term.address), ""
        return
    yield (pad(clean(cell.label), label_width) if cell.spot else clean(cell.label)), ""
    if cell.spot:
        yield f"  {clean(cell.spot)}", "dim"
    if cell.raw is not None and cell.raw != term.value:
        yield f"  {say(lang, 'printed', raw=clean(cell.raw))}", "warning"


def _facts(facts: Sequence[CellRecord], width: int, indent: int, lang: str) -> list[Line]:
    """What the finding rests on, one fact a line: where it stands, what is printed there."""
    return [line for cell in facts for line in flow(list(_fact(cell, lang)), width, first=((" " * indent, ""),), indent=indent)]


def _fact(cell: CellRecord, lang: str) -> Iterator[Span]:
    yield clean(cell.spot or cell.label), "dim"
    if cell.raw is not None:
        yield f"  {say(lang, 'printed', raw=clean(cell.raw))}", ""
        if cell.value not in (None, cell.raw):
            yield f"  {say(lang, 'as_read', value=clean(cell.value or ''))}", "dim"


def _relation(finding: Finding, width: int, indent: int, lang: str) -> list[Line]:
    if finding.left is None or finding.right is None or finding.operator is None:
        return []
    operator = say(lang, finding.operator) if finding.operator in _OPERATORS else clean(finding.operator)
    spans: list[Span] = [(clean(finding.left), "strong"), (f" {operator} ", ""), (clean(finding.right), "strong")]
    if finding.difference is not None and finding.outcome == "fail":
        spans.append((say(lang, "off_by", difference=clean(finding.difference).removeprefix("-")), "strong"))
    return flow(spans, width, first=((" " * indent, ""),), indent=indent)
