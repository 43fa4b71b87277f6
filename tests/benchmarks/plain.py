"""Straight-line Python for the work W, generated from the form: the fastest that plain Python can be, and the reference for the others.

``check(report)`` of the module that :func:`compiled` makes returns a list of (rule, where, expected, found).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from govreport_check.form import Form, Table
from tests.benchmarks.data import TABULAR, UNITS

Violation: TypeAlias = "tuple[str, tuple[str, ...], Any, Any]"
Checker: TypeAlias = "Callable[[Mapping[str, Any]], list[Violation]]"

VALID = {name: f"{name}-counts-valid" for name in ("documents", "decisions", "requests", "disputes")} | {"fees": "fees-amount-valid"}
BLANK = {"documents": "documents", "decisions": "documents", "fees": "documents", "requests": "requests", "disputes": "disputes"}


def compiled(form: Form) -> Checker:
    """The generated function."""
    names: dict[str, Any] = {}
    exec("\n".join(["def check(report):", *(f"    {line}" for line in _lines(form))]), names)  # our own text, from our own form
    checker: Checker = names["check"]
    return checker


def where(table: Table, row: str, column: str) -> tuple[str, ...]:
    """How the pack's rules name a cell: by what their variables stand for."""
    return {"decisions": (row,), "fees": ()}.get(table.id, (row, column))


def _lines(form: Form) -> Iterator[str]:
    yield from ("found = []", "tables = report['tables']")
    for name in dict.fromkeys(BLANK.values()):
        yield f"blank_{name} = 0"
    for table in form.tables.values():
        yield from _cells(table)
    for name in dict.fromkeys(BLANK.values()):
        yield f"if blank_{name}: found.append(('{name}-blanks', (), 0, blank_{name}))"
    yield from _sums(form.tables["requests"], form.tables["disputes"])
    yield from _parts(form)
    yield from _dates()
    yield "return found"


def _cells(table: Table) -> Iterator[str]:
    yield f"table = tables[{table.id!r}]"
    for r, row in enumerate(table.rows):
        yield f"row = table[{row!r}]"
        for c, column in enumerate(table.columns):
            cell = f"{table.id}_{r}_{c}"
            good = (
                f"type({cell}) is int"
                if table.id != "fees"
                else f"type({cell}) in (int, float) and round({cell} * {UNITS}) / {UNITS} == {cell}"
            )
            at = where(table, row, column)
            yield f"{cell} = row[{column!r}]"
            yield f"if not ({good} and {cell} >= 0):"
            yield f"    if {cell} is None: blank_{BLANK[table.id]} += 1; {cell} = 0"
            yield f"    else: found.append(({VALID[table.id]!r}, {at!r}, None, {cell}))"


def _sums(requests: Table, disputes: Table) -> Iterator[str]:
    rows = requests.rows.index
    for table, rule in ((requests, "requests-row-total"), (disputes, "disputes-total")):
        last = len(table.columns) - 1
        for r, row in enumerate(table.rows):
            yield from _sum(rule, row, [f"{table.id}_{r}_{c}" for c in range(last)], [f"{table.id}_{r}_{last}"])
    total, new, old, left = rows("result_total"), rows("new_received"), rows("carried_over"), rows("carried_forward")
    for c, column in enumerate(requests.columns):
        cells = [f"requests_{r}_{c}" for r in requests.row_groups["outcomes"]]
        yield from _sum("requests-result-total", column, cells, [f"requests_{total}_{c}"])
        yield from _sum("requests-balance", column, [f"requests_{r}_{c}" for r in (new, old)], [f"requests_{r}_{c}" for r in (total, left)])


def _sum(rule: str, at: str, cells: Sequence[str], total: Sequence[str]) -> Iterator[str]:
    yield f"left = {' + '.join(cells)}; right = {' + '.join(total)}"
    yield f"if left != right: found.append(({rule!r}, ({at!r},), left, right))"


def _parts(form: Form) -> Iterator[str]:
    yield "sections = report['sections']"
    for name in form.sections:
        yield f"part = sections.get({name!r})"
        yield f"if part is None or not part['heading']: found.append(('sections-present', ({name!r},), None, None))"
        if name not in TABULAR:
            yield f"elif not part['text'].strip(): found.append(('sections-not-empty', ({name!r},), 0, 0))"


def _dates() -> Iterator[str]:
    yield "about = report['about']; year = about['year']"
    for rule, key, day in (("period-start", "period_start", "01-01"), ("period-end", "period_end", "12-31")):
        yield f"if about[{key!r}] != f'{{year:04d}}-{day}': found.append(({rule!r}, (), f'{{year:04d}}-{day}', about[{key!r}]))"
    yield "if int(about['signed_on'][:4]) <= year: found.append(('signature-year', (), year, about['signed_on']))"
