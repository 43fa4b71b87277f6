"""The tables of a form in one part of a document: which printed row is which, and what stands in its cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from govreport_check.form import Form, Table
from govreport_check.frozen import dataclass
from govreport_check.model import Place, Remark
from govreport_check.readers.columns import Shuffle, shuffled
from govreport_check.readers.document import Block, CellText, has_digit
from govreport_check.readers.labels import RowLabels, RowMatch, key, kinship, spellings
from govreport_check.readers.rows import Printed, align, is_parted, run_of, starts_of
from govreport_check.readers.scan import Scan, same_label

_KIN = 0.75
WHOLE = "*"


@dataclass(frozen=True, slots=True)
class FoundRow:
    """A row of the form as printed. ``cells`` is None when it could not be told which figure stands in which column; ``run`` is then
    what is printed, if it is figures whose digits run together. ``row`` is :data:`WHOLE` for the run of a whole table."""

    table: str
    row: str
    cells: tuple[CellText, ...] | None
    printed: Printed
    run: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What the tables of one part hold. ``lines`` are the lines of text that turned out to be rows of a table."""

    rows: tuple[FoundRow, ...] = ()
    remarks: tuple[Remark, ...] = ()
    lines: frozenset[tuple[Place, str]] = frozenset()


def read_tables(blocks: Sequence[Block], form: Form, own: Sequence[str], orphans: Sequence[str]) -> Found:
    """The rows of tables ``own`` (of this part) and ``orphans`` (whose part was not found) that ``blocks`` hold."""
    tables = {name: form.tables[name] for name in (*own, *orphans)}
    down = [name for name, table in tables.items() if table.layout == "rows"]
    across = [table for table in tables.values() if table.layout == "across"]
    labels = row_labels(form, tuple(down))
    widths = {name: len(tables[name].columns) for name in down}
    scan = Scan(labels, widths, max((len(table.rows) * len(table.columns) for table in across), default=None))
    scan.run(blocks)
    rows = _by_order(_checked(scan.rows, labels), labels, widths, _texts(scan))
    found = _aligned([row for row in rows if row.match], tables)
    merged, left = _merged([row for row in rows if not row.match], found, [tables[name] for name in down])
    found.extend(merged)
    for table in across:
        more, left = _across(left, table, table.id in own)
        found.extend(more)
    found.sort(key=lambda row: row.printed.place.block or 0)
    return Found(tuple(found), tuple(_unrecognised(left, found)), frozenset(scan.lines))


def ordinal(table: Table, row: str) -> int:
    """A row's number from one; of rows printed as one that of the first, of a whole table 1."""
    return next((i for i, name in enumerate(table.rows, 1) if name == row or name.startswith(f"{row}.")), 1)


_LABELS: dict[tuple[int, tuple[str, ...]], tuple[Form, RowLabels]] = {}


def row_labels(form: Form, tables: tuple[str, ...]) -> RowLabels:
    """The row labels of ``tables``, worked out once per form."""
    wanted = (id(form), tables)
    known = _LABELS.get(wanted)
    if known is None or known[0] is not form:
        if len(_LABELS) > 64:
            _LABELS.clear()
        known = _LABELS[wanted] = (form, RowLabels(form, tables))
    return known[1]


def _texts(scan: Scan) -> list[str]:
    return [cell.text for row in scan.rows for cell in (*row.before, *row.own)] + [cell.text for cell in scan.rest]


# --- which row ------------------------------------------------------------------------------------------------------------------


def _checked(rows: Sequence[Printed], labels: RowLabels) -> list[Printed]:
    """``rows`` less the weak matches that a sure one contradicts: by naming the same row, or by the order of the form."""
    anchors = [(i, row.match) for i, row in enumerate(rows) if row.match and row.match.strength == "exact"]
    sure = {(match.table, match.row) for _, match in anchors}
    checked: list[Printed] = []
    for i, row in enumerate(rows):
        if row.match and row.match.strength != "exact":
            order = labels.order_of(row.match)
            before = [labels.order_of(match) for j, match in anchors if j < i][-1:]
            after = [labels.order_of(match) for j, match in anchors if j > i][:1]
            twice = any(other is not row and _same(other.match, row.match) and not same_label(other, row) for other in rows)
            if twice or (row.match.table, row.match.row) in sure or any(order < o for o in before) or any(order > o for o in after):
                row = replace(row, match=None)
        checked.append(row)
    return checked


def _same(left: RowMatch | None, right: RowMatch) -> bool:
    return left is not None and (left.table, left.row) == (right.table, right.row)


def _by_order(rows: list[Printed], labels: RowLabels, widths: dict[str, int], texts: Sequence[str]) -> list[Printed]:
    """``rows`` with those named that stand between two known rows of a table exactly where the form has as many others.

    Each must bear, or have somewhere in its part, a piece of the label of the row that it is taken for.
    """
    named = list(rows)
    known = [i for i, row in enumerate(rows) if row.match]
    for start, end in pairwise(known):
        first, last = rows[start].match, rows[end].match
        if first is None or last is None or first.table != last.table or end - start < 2:
            continue
        missing = labels.known[labels.order_of(first) + 1 : labels.order_of(last)]
        if len(missing) != end - start - 1:
            continue
        for i, label in zip(range(start + 1, end), missing, strict=True):
            if len(rows[i].filled) == widths[first.table] and _bears(rows[i], label.keys, texts):
                named[i] = replace(rows[i], match=RowMatch(*label.at, "similar"))
    return named


def _bears(row: Printed, keys: Sequence[str], texts: Sequence[str]) -> bool:
    own = [key(cell.text) for cell in row.own if len(key(cell.text)) > 2]
    if own:
        return any(kinship(own[-1], spelling) >= _KIN for spelling in keys)
    return any(piece in spelling for piece in map(key, texts) if len(piece) >= 4 for spelling in keys)


# --- which column ---------------------------------------------------------------------------------------------------------------


def _aligned(rows: Sequence[Printed], tables: dict[str, Table]) -> list[FoundRow]:
    # In a line that holds a whole table the two levels of its heads follow each other: their order there says nothing.
    apart = [row for row in rows if row.match and row.run is None]
    shuffles = {name: shuffled(table, [row for row in apart if row.match and row.match.table == name]) for name, table in tables.items()}
    starts = _starts(rows, tables)
    found = []
    for row in rows:
        if row.match:
            name, width = row.match.table, len(tables[row.match.table].columns)
            cells = _cells(row, width, starts) if is_parted(row) else None
            run = run_of(row, width) if cells is None and shuffles[name].straight else None
            found.append(FoundRow(name, row.match.row, _in_form_order(cells, shuffles[name]), row, run))
    return found


@dataclass(frozen=True, slots=True)
class _Starts:
    """Where the first column stands: in all rows of a printed table alike (cells counted from the left), or in rows of one shape.
    ``last`` is the last row of each printed table."""

    by_grid: Mapping[int, int | None]
    by_shape: Mapping[tuple[str, int, int], int | None]
    last: Mapping[int, Printed]


def _starts(rows: Sequence[Printed], tables: Mapping[str, Table]) -> _Starts:
    by_grid: dict[int, int | None] = {}
    by_shape: dict[tuple[str, int, int], int | None] = {}
    for row in rows:
        found = starts_of(row.figures, len(tables[row.match.table].columns)) if row.match else []
        if len(found) != 1 or not row.figures[found[0]].text:
            continue
        if row.match:
            _agree(by_shape, _shape(row, row.match), found[0])
        if row.grid:
            _agree(by_grid, row.grid, found[0] + row.offset)
    return _Starts(by_grid, by_shape, {row.grid: row for row in rows})


def _agree(known: dict[Any, int | None], at: Any, start: int) -> None:
    known[at] = start if known.get(at, start) == start else None


def _cells(row: Printed, columns: int, starts: _Starts) -> tuple[CellText, ...] | None:
    left = starts.by_grid.get(row.grid) if row.grid else None
    if left is None or left < row.offset:
        return align(row.figures, columns, starts.by_shape.get(_shape(row, row.match)) if row.match else None)
    figures, start = row.figures, left - row.offset
    if row.exact and len(figures) - start == columns - 1 and row is not starts.last[row.grid]:
        figures = (*figures, CellText("", row.place))  # copying leaves empty cells at the end of a line out
    return align(figures, columns, start)


def _shape(row: Printed, match: RowMatch) -> tuple[str, int, int]:
    return match.table, len(row.own), len(row.figures)


def _in_form_order(cells: tuple[CellText, ...] | None, shuffle: Shuffle) -> tuple[CellText, ...] | None:
    if cells is None or shuffle.straight:
        return cells
    return tuple(cells[i] for i in shuffle.order) if shuffle.order else None


def _merged(rows: Sequence[Printed], found: Sequence[FoundRow], tables: Sequence[Table]) -> tuple[list[FoundRow], list[Printed]]:
    """Rows printed as one where the form has several under a head of their own: the head is their label, none of them is printed."""
    merged: list[FoundRow] = []
    left: list[Printed] = []
    for row in rows:
        named = key(row.own[-1].text) if row.own else ""
        heads = ((table, name) for table in tables for name, label in table.parents.items() if named in spellings(label))
        table, name = next(heads, (None, ""))
        if table is None or any(one.table == table.id and one.row.startswith(f"{name}.") for one in found):
            left.append(row)
            continue
        width = len(table.columns)
        cells = align(row.figures, width) if is_parted(row) else None
        merged.append(FoundRow(table.id, name, cells, row, run_of(row, width) if cells is None else None))
    return merged, left


def _across(rows: Sequence[Printed], table: Table, at_home: bool) -> tuple[list[FoundRow], list[Printed]]:
    """The rows of a table printed side by side: all in one line, or each in a line of its own."""
    width, names = len(table.columns), list(table.rows)
    found: list[FoundRow] = []
    left: list[Printed] = []
    for row in rows:
        whole = align(row.figures, width * len(names)) if is_parted(row) else None
        group = align(row.figures, width) if is_parted(row) else None
        name = _group_of(row, table)
        if whole and has_digit(row.filled):
            found.extend(FoundRow(table.id, r, whole[i * width : (i + 1) * width], row) for i, r in enumerate(names))
        elif group and has_digit(row.filled) and (name or (at_home and len(found) < len(names))):
            found.append(FoundRow(table.id, name or names[len(found)], group, row))
        else:
            left.append(row)
    if at_home and not found and (numbers := [row for row in left if has_digit(row.filled)]):
        run = run_of(numbers[0], width * len(names))
        found.extend(FoundRow(table.id, r, None, numbers[0], run) for r in ([WHOLE] if run else names))
        left.remove(numbers[0])
    return found, left


def _group_of(row: Printed, table: Table) -> str | None:
    """The row whose label stands at the line or nearest above it."""
    for cell in reversed((*row.before, *row.own)):
        for name, label in zip(table.rows, table.row_labels, strict=True):
            if any(spelling in key(cell.text) for spelling in spellings(label)):
                return name
    return None


def _unrecognised(rows: Sequence[Printed], found: Sequence[FoundRow]) -> list[Remark]:
    """A remark for each printed row with digits that is no row of the form, one for a whole printed table of them."""
    known = {row.printed.grid for row in found}
    strange = [row for row in rows if has_digit(row.filled)]
    grids = Counter(row.grid for row in strange if row.grid and row.grid not in known)
    told: set[int] = set()
    remarks = []
    for row in strange:
        if grids[row.grid] < 2:
            remarks.append(Remark("unrecognised-row", None, row.place, {"printed": row.text}))
        elif row.grid not in told:
            told.add(row.grid)
            remarks.append(Remark("unrecognised-table", None, row.place, {"printed": row.text}))
    return remarks
