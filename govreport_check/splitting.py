"""Fused digits: text copied from web pages runs the figures of a row together (``640020470``).

A run is split by the linear rules of the pack when they leave one way (Fellegi and Holt's principle turned round: the edits choose
the record). The split is told, and a rule that was used for it is no evidence about what it was used on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product

from govreport_check.expr.linear import cells_of, linear_terms
from govreport_check.expr.nodes import Call
from govreport_check.form import Form, Table
from govreport_check.model import Cells, Raw, Remark, Report, with_runs
from govreport_check.rule import Bound, Rule

WHOLE_TABLE = "*"
"""The reserved row under which a reader leaves the run of a whole table."""

MOST_WAYS = 20_000
"""So many ways to split one run are looked at; a run with more is left undecided."""

MOST_STEPS = 50_000
"""So many combinations of rows are tried before they are left undecided."""

Cell = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Equation:
    """One instance of a linear equality of whole numbers: Σ coefficient · cell == 0, over one table."""

    rule: str
    instance: tuple[int, ...]
    terms: tuple[tuple[int, Cell], ...]

    @property
    def cells(self) -> frozenset[Cell]:
        return frozenset(cell for _, cell in self.terms)

    def holds(self, values: Mapping[Cell, int]) -> bool:
        return sum(coefficient * values[cell] for coefficient, cell in self.terms) == 0


@dataclass(frozen=True, slots=True)
class Run:
    """Printed digits that stand for the figures of ``cells``, in their order, and the ways in which they can be split."""

    row: str
    printed: str
    cells: tuple[Cell, ...]
    ways: tuple[tuple[int, ...], ...]


def split_runs(report: Report, form: Form, rules: Iterable[Rule]) -> Report:
    """The report with every run that can be split in one way only as figures; the others are remarked on and stay unreadable."""
    tables = with_runs(report)
    rules = list(rules) if tables else []
    for name in tables:
        if name in form.tables:
            report = _split_table(report, form.tables[name], list(equations(form, name, rules)))
    return report


def equations(form: Form, table: str, rules: Iterable[Rule]) -> Iterator[Equation]:
    """Every instance of the linear equalities among the figures of one table."""
    for rule in rules:
        bound = rule.bound.get(form.id)
        node = bound.assertion if bound else None
        if bound is None or not isinstance(node, Call) or node.operator != "==" or bound.flat:
            continue
        yield from _instances(rule, bound, node, table)


def _instances(rule: Rule, bound: Bound, node: Call, table: str) -> Iterator[Equation]:
    left, right = linear_terms(node.parts[0]), linear_terms(node.parts[1], Decimal(-1))
    if left is None or right is None or left[1] + right[1]:
        return
    terms = [*left[0], *right[0]]
    if any(term.cells.table != table or term.cells.world != "here" for term in terms):
        return
    for position in product(*(range(len(variable.ids)) for variable in bound.dense)):
        at = {variable.name: i for variable, i in zip(bound.dense, position, strict=True)}
        found = tuple((int(term.coefficient), cell) for term in terms for cell in cells_of(term.cells, at))
        yield Equation(rule.id, position, found)


# --- one table -----------------------------------------------------------------------------------------------------------------


def _split_table(report: Report, table: Table, known: Sequence[Equation]) -> Report:
    rows = (report.tables or {})[table.id]
    runs = [_run(table, row, cells, known) for row, cells in rows.items() if isinstance(cells, str)]
    values = dict(_figures(table, rows))
    used: set[Equation] = set()
    decided: dict[str, tuple[int, ...]] = {}
    for run in runs:
        if len(run.ways) == 1:
            decided[run.row] = run.ways[0]
            values.update(zip(run.cells, run.ways[0], strict=True))
            used.update(equation for equation in known if equation.cells <= set(run.cells))
    open_runs = [run for run in runs if len(run.ways) > 1]
    for run, way in zip(open_runs, _together(open_runs, values, known), strict=True):
        if way is not None:
            decided[run.row] = way
            used.update(equation for equation in known if equation.cells & set(run.cells))
    return _told(report, table, runs, decided, used)


def _run(table: Table, row: str, printed: str, known: Sequence[Equation]) -> Run:
    if row == WHOLE_TABLE:
        cells = tuple((r, c) for r in range(len(table.rows)) for c in range(len(table.columns)))
    else:
        cells = tuple((table.rows.index(row), c) for c in range(len(table.columns))) if row in table.rows else ()
    inside = [equation for equation in known if equation.cells <= set(cells)]
    ways = tuple(way for way in _ways(printed, len(cells)) if _all_hold(inside, dict(zip(cells, way, strict=True))))
    return Run(row, printed, cells, ways)


def _all_hold(wanted: Iterable[Equation], values: Mapping[Cell, int]) -> bool:
    return all(equation.holds(values) for equation in wanted)


def _figures(table: Table, rows: Cells) -> Iterator[tuple[Cell, int]]:
    for r, row in enumerate(table.rows):
        cells = rows.get(row)
        for c, column in enumerate(table.columns):
            value = cells.get(column) if isinstance(cells, Mapping) else None
            if isinstance(value, int):
                yield (r, c), value


def _ways(printed: str, number: int) -> list[tuple[int, ...]]:
    """Every way to read a run as ``number`` whole numbers; white space is a certain boundary, and no number begins with 0."""
    pieces = printed.split()
    if not number or not all(piece.isascii() and piece.isdigit() for piece in pieces) or sum(map(len, pieces)) < number:
        return []
    ways: list[tuple[int, ...]] = [()]
    for i, piece in enumerate(pieces):
        later = len(pieces) - i - 1
        ways = [(*way, *cut) for way in ways for cut in _cuts(piece, number - len(way) - later)]
        if len(ways) > MOST_WAYS:
            return []
    return [way for way in ways if len(way) == number]


def _cuts(piece: str, most: int) -> Iterator[tuple[int, ...]]:
    """Every way to cut one piece into at most ``most`` numbers."""
    if most < 1:
        return
    if piece == "0" or piece[0] != "0":
        yield (int(piece),)
    for end in range(1, len(piece) if piece[0] != "0" else 2):
        if end < len(piece):
            yield from ((int(piece[:end]), *rest) for rest in _cuts(piece[end:], most - 1))


def _together(runs: Sequence[Run], values: Mapping[Cell, int], known: Sequence[Equation]) -> list[tuple[int, ...] | None]:
    """For runs with several ways each: the way that all solutions of the equations over known figures share, None where they differ."""
    solutions: list[tuple[tuple[int, ...], ...]] = []
    steps = [0]
    reach = set(values) | {cell for run in runs for cell in run.cells}
    usable = [equation for equation in known if equation.cells <= reach]

    def extend(at: int, chosen: tuple[tuple[int, ...], ...], now: Mapping[Cell, int]) -> None:
        steps[0] += 1
        if steps[0] > MOST_STEPS:
            return
        if at == len(runs):
            solutions.append(chosen)
            return
        for way in runs[at].ways:
            then = {**now, **dict(zip(runs[at].cells, way, strict=True))}
            touched = (equation for equation in usable if equation.cells & set(runs[at].cells) and equation.cells <= set(then))
            if _all_hold(touched, then):
                extend(at + 1, (*chosen, way), then)

    extend(0, (), values)
    if steps[0] > MOST_STEPS or not solutions:
        return [None] * len(runs)
    return [ways[0] if len(set(ways)) == 1 else None for ways in zip(*solutions, strict=True)]


def _told(report: Report, table: Table, runs: Sequence[Run], decided: Mapping[str, tuple[int, ...]], used: Iterable[Equation]) -> Report:
    rows: dict[str, Mapping[str, Raw] | str] = dict((report.tables or {})[table.id])
    remarks = []
    for run in runs:
        place = report.place_of(f"{table.id}.{run.row}")
        if run.row in decided:
            rows.pop(run.row)
            for r in dict.fromkeys(r for r, _ in run.cells):
                values = [value for (row, _), value in zip(run.cells, decided[run.row], strict=True) if row == r]
                rows[table.rows[r]] = dict(zip(table.columns, values, strict=True))
        else:
            at = table.id if run.row == WHOLE_TABLE else f"{table.id}.{run.row}"
            remarks.append(Remark("unread-row", at, place, {"printed": run.printed}))
    told = [run for run in runs if run.row in decided]
    if told:
        read = "、".join(str(value) for value in decided[told[0].row])
        said = {"printed": told[0].printed, "read": read, "number": str(len(told))}
        remarks.append(Remark("split-digits", table.id, report.place_of(f"{table.id}.{told[0].row}"), said))
    ordered = {row: rows[row] for row in (*table.rows, *rows) if row in rows}
    presumed = report.presumed | {(equation.rule, equation.instance) for equation in used}
    tables = {**(report.tables or {}), table.id: ordered}
    return replace(report, tables=tables, remarks=(*report.remarks, *remarks), presumed=presumed)
