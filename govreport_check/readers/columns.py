"""The printed heads of a table: which of them is which label of the form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from govreport_check.form import FormLabel, Table
from govreport_check.frozen import dataclass
from govreport_check.model import Label
from govreport_check.patterns import later
from govreport_check.readers.document import CellText
from govreport_check.readers.labels import key, similar, spellings
from govreport_check.readers.rows import Printed

# Heads that a conversion makes up for columns whose own it lost.
_INVENTED = later(r"(?:数据|列|字段|栏|[Cc]ol(?:umn)?|Unnamed:?)\s*_?\d+")


@dataclass(frozen=True, slots=True)
class Shuffle:
    """The order in which columns are printed. ``order`` holds, per column of the form, the printed index; None when it is unknown."""

    straight: bool
    order: tuple[int, ...] | None = None


def shuffled(table: Table, rows: Sequence[Printed]) -> Shuffle:
    """Whether the printed heads stand in another order than the form's columns."""
    if table.layout == "across":
        return Shuffle(True)
    names = {spelling: i for i, label in enumerate(table.column_labels) for spelling in spellings(label)}
    for line in _lines(rows):
        order = [names[text] for cell in line if (text := key(cell.text)) in names]
        if order != sorted(order) and len(set(order)) == len(order):
            whole = len(order) == len(table.columns)
            return Shuffle(False, tuple(order.index(i) for i in range(len(order))) if whole else None)
    return Shuffle(True)


def _lines(rows: Sequence[Printed]) -> Iterator[list[CellText]]:
    """The heads above ``rows``, line by line; the words of a line that is no table row one by one."""
    lines: dict[int | None, list[CellText]] = {}  # by block: what stands in one line or row
    for row in rows:
        for cell in row.before:
            lines.setdefault(cell.place.block, []).append(cell)
    for cells in lines.values():
        words = cells[0].text.split() if len(cells) == 1 else []
        yield [CellText(word, cells[0].place) for word in words] if len(words) > 1 else cells


def printed_labels(table: Table, rows: Sequence[Printed], keys: frozenset[str]) -> list[Label]:
    """The heads, head-note, parents and column labels of ``table`` that are printed above or beside ``rows``.

    ``keys`` are the keys of every label of the form: what is one of them is no misprint of another.
    """
    lines = list(_lines(rows))
    cells = [cell for line in lines for cell in line] + [cell for row in rows for cell in (*row.before, *row.own)]
    found: list[Label] = []
    taken: set[str] = set()
    for at, label in _other_labels(table):
        hit = _exact(label, cells) or _in_pieces(label, cells, keys) or _alike(label, cells, keys)
        if hit:
            found.append(Label(at, hit.text, hit.place))
            taken.add(key(hit.text))
    return [*found, *_columns(table, lines, frozenset(taken), keys)]


def _other_labels(table: Table) -> Iterator[tuple[str, FormLabel]]:
    for number, head in enumerate(table.heads):
        yield f"{table.id}.heads.{number}", head
    if table.head_note:
        yield f"{table.id}.head_note", FormLabel(table.head_note)
    for name, parent in table.parents.items():
        yield f"{table.id}.parents.{name}", parent
    if table.layout == "across":
        for row, label in zip(table.rows, table.row_labels, strict=True):
            yield f"{table.id}.rows.{row}", label


def _columns(table: Table, lines: Sequence[Sequence[CellText]], taken: frozenset[str], keys: frozenset[str]) -> list[Label]:
    rows = {spelling for label in (*table.row_labels, *table.parents.values()) for spelling in spellings(label)}
    own = {spelling for label in table.column_labels for spelling in spellings(label)}
    free = [[cell for cell in line if key(cell.text) in own or key(cell.text) not in taken | rows] for line in lines]
    cells = [cell for line in free for cell in line]
    hits: dict[int, CellText] = {}
    for i, label in enumerate(table.column_labels):
        if hit := _exact(label, cells):
            hits[i] = hit
    for i, label in enumerate(table.column_labels):
        if i not in hits and (hit := _in_pieces(label, cells, keys) or _alike(label, cells, keys)):
            hits[i] = hit
    for i in range(len(table.columns)):
        if i not in hits and (hit := _between(i, len(table.columns), hits, free)) and not _INVENTED.fullmatch(hit.text):
            hits[i] = hit
    return [Label(f"{table.id}.columns.{table.columns[i]}", hit.text, hit.place) for i, hit in sorted(hits.items())]


def _exact(label: FormLabel, cells: Sequence[CellText]) -> CellText | None:
    wanted = spellings(label)
    return next((cell for cell in cells if key(cell.text) in wanted), None)


def _alike(label: FormLabel, cells: Sequence[CellText], others: frozenset[str]) -> CellText | None:
    """A head with a misprint, or with less than half of its characters left out; none that is another label of the table."""
    wanted = spellings(label)
    for cell in cells:
        text = key(cell.text)
        if text and text not in others and any(similar(text, known) or _shortened(text, known) for known in wanted):
            return None if is_piece(text, label, keys_of(cells), others) else cell
    return None


def _in_pieces(label: FormLabel, cells: Sequence[CellText], others: frozenset[str]) -> CellText | None:
    """A label that stands in two cells, as conversions of narrow columns leave it: 不 and 予公开."""
    pieces = {text: cell for cell in reversed(cells) if (text := key(cell.text)) and text not in others}
    for known in spellings(label):
        for text, cell in pieces.items():
            if known.startswith(text) and (rest := pieces.get(known[len(text) :])):
                return CellText(cell.text + rest.text, cell.place)
    return None


def keys_of(cells: Iterable[CellText]) -> frozenset[str]:
    """The keys of what stands in ``cells``."""
    return frozenset(key(cell.text) for cell in cells)


def is_piece(text: str, label: FormLabel, printed: frozenset[str], others: frozenset[str]) -> bool:
    """Whether what stands for a label is a piece of it whose beginning or end stands elsewhere: then nobody printed it so."""
    pieces = printed - others - {text, ""}
    return any(
        (known.startswith(piece) and not text.startswith(piece)) or (known.endswith(piece) and not text.endswith(piece))
        for known in spellings(label)
        if text != known
        for piece in pieces
    )


def _shortened(text: str, known: str) -> bool:
    rest = iter(known)
    return 2 * len(text) > len(known) >= 3 and len(text) >= 3 and all(char in rest for char in text)


def _between(index: int, count: int, hits: dict[int, CellText], lines: Sequence[Sequence[CellText]]) -> CellText | None:
    """The head that stands where column ``index`` must: counted from a known head of the same line, with its like behind it."""
    for line in lines:
        places = {i: line.index(hit) for i, hit in hits.items() if hit in line}
        wide = len(line) in (count, count + 1) and len(places) > 0
        around = index - 1 in places and index + 1 in places and places[index + 1] - places[index - 1] == 2
        offsets = {place - i for i, place in places.items()}
        if (around or wide) and len(offsets) == 1 and 0 <= (at := index + offsets.pop()) < len(line) and line[at] not in hits.values():
            return line[at]
    return None
