"""The ruled tables of printed pages: characters into cells, and a table that pages part put together again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from govreport_check.figures import normal
from govreport_check.readers.document import figure_like
from govreport_check.readers.labels import is_enumerated
from govreport_check.readers.lattice import Box, Grid
from govreport_check.readers.setting import Line, cell_text, is_full, lines_of
from govreport_check.readers.sheet import Glyph, is_wide

_SAME = 4.0
"""Points by which the edges of one table may differ from page to page."""

_THIN = 4.5
_ROOM = 12.0


@dataclass(frozen=True, slots=True)
class Ruled:
    """A printed cell: its ``lines`` of text, its left and right edge. ``begins``: it is not the lower part of a merged one; ``open_top``
    and ``open_bottom``: it ends there with its table, without a line."""

    lines: tuple[Line, ...]
    x0: float
    x1: float
    page: int
    begins: bool = True
    open_top: bool = False
    open_bottom: bool = False

    @property
    def text(self) -> str:
        return cell_text(self.lines, self.x1 - self.x0)


@dataclass(frozen=True, slots=True)
class Piece:
    """A ruled table as far as it stands on one page, or put together from several. Rows hold every cell once, a merged one where it
    begins; below that stands an empty one."""

    rows: tuple[tuple[Ruled, ...], ...]
    x0: float
    x1: float
    top: float
    page: int


# --- cells ----------------------------------------------------------------------------------------------------------------------


def filled(grids: Sequence[Grid], glyphs: Iterable[Glyph], page: int) -> tuple[list[Piece], list[Glyph]]:
    """The tables with what is printed in them, and the characters that stand outside of all."""
    inside: list[dict[int, list[Glyph]]] = [{} for _ in grids]
    outside: list[Glyph] = []
    smallest = sorted(range(len(grids)), key=lambda i: grids[i].area)
    for word in _words(glyphs):
        x, y = _middle(word)
        at = next((i for i in smallest if grids[i].holds(x, y)), None)
        if at is None:
            outside.extend(word)
        else:
            inside[at].setdefault(_box_at(grids[at], x, y), []).extend(word)
    pieces = (_piece(grid, cells, page) for grid, cells in zip(grids, inside, strict=True))
    return [piece for piece in pieces if piece is not None], outside


def _words(glyphs: Iterable[Glyph]) -> Iterator[list[Glyph]]:
    """What must not be parted although a line may cross it: a number, drawn in one, that is wider than its cell."""
    word: list[Glyph] = []
    for glyph in glyphs:
        if word and not _belongs(word[-1], glyph):
            yield word
            word = []
        word.append(glyph)
    if word:
        yield word


def _belongs(left: Glyph, right: Glyph) -> bool:
    together = left.run == right.run and left.turn == right.turn == 0 and abs(left.base - right.base) < 0.1 * left.size
    solid = not any(glyph.text.isspace() or is_wide(glyph.text[0]) for glyph in (left, right))
    return together and solid and abs(right.x0 - left.x1) < 0.12 * left.size


def _middle(word: Sequence[Glyph]) -> tuple[float, float]:
    x = (min(glyph.x0 for glyph in word) + max(glyph.x1 for glyph in word)) / 2
    first = word[0]
    return x, (first.y0 + first.y1) / 2 if first.turn else first.base - 0.35 * first.size


def _box_at(grid: Grid, x: float, y: float) -> int:
    column = sum(edge <= x for edge in grid.xs[1:-1])
    row = sum(edge <= y for edge in grid.ys[1:-1])
    return grid.fields[row][column]


def _piece(grid: Grid, cells: dict[int, list[Glyph]], page: int) -> Piece | None:
    lines = {index: tuple(lines_of(glyphs)) for index, glyphs in cells.items()}
    if not any(lines.values()):
        return None
    rows = tuple(tuple(_row(grid, lines, row, page)) for row in range(len(grid.ys) - 1) if _is_row(grid, lines, row))
    return Piece(rows, grid.xs[0], grid.xs[-1], grid.ys[0], page)


def _is_row(grid: Grid, lines: dict[int, tuple[Line, ...]], row: int) -> bool:
    """Whether cells begin in a band of the lattice; between the two lines of a double one, none with text do."""
    begins = [i for i in set(grid.fields[row]) if grid.boxes[i].row == row]
    thin = grid.ys[row + 1] - grid.ys[row] < _THIN
    return any(lines.get(i) for i in begins) if thin else bool(begins)


def _row(grid: Grid, lines: dict[int, tuple[Line, ...]], row: int, page: int) -> Iterator[Ruled]:
    for index in dict.fromkeys(grid.fields[row]):
        box = grid.boxes[index]
        x0, x1 = grid.span(box)
        begins = _begins(grid, lines, box, row)
        if x1 - x0 >= _THIN or lines.get(index):
            first, last = box.row == 0, box.row + box.down == len(grid.ys) - 1
            top, bottom = first and not grid.top[box.column], last and not grid.bottom[box.column]
            yield Ruled(lines.get(index, ()) if begins else (), x0, x1, page, begins, top, bottom)


def _begins(grid: Grid, lines: dict[int, tuple[Line, ...]], box: Box, row: int) -> bool:
    """Whether ``row`` is the first one of a cell that is told."""
    return next(i for i in range(box.row, row + 1) if i == row or _is_row(grid, lines, i)) == row


# --- pages ----------------------------------------------------------------------------------------------------------------------


def continued(above: Piece, below: Piece) -> Piece | None:
    """One table where ``below`` continues ``above`` on the next page, None where it does not. Heads that are repeated are left out; a row
    that the page's end cuts in two is put together."""
    if below.page != above.page + 1 or abs(above.x0 - below.x0) > _SAME or abs(above.x1 - below.x1) > _SAME:
        return None
    rows, rest = list(above.rows), list(below.rows[_repeated(above.rows, below.rows) :])
    if rest:
        rest[0] = tuple(_taken_up(cell, rows) for cell in rest[0])
        if _is_cut(rows[-1], rest[0]):
            pairs = zip(rows[-1], rest.pop(0), strict=True)
            rows[-1] = tuple(replace(upper, lines=(*upper.lines, *lower.lines)) for upper, lower in pairs)
    return replace(above, rows=(*rows, *rest), page=below.page)


def _taken_up(cell: Ruled, rows: list[tuple[Ruled, ...]]) -> Ruled:
    """The lower part of a merged cell that the page's end cuts; its text is added to the upper part, which stands in ``rows``."""
    at = next((i for i, upper in enumerate(rows[-1]) if _is_below(upper, cell) and upper.open_bottom and not upper.begins), None)
    if at is None or not cell.open_top:
        return cell
    row, column = next(
        (r, c) for r in range(len(rows) - 1, -1, -1) for c, upper in enumerate(rows[r]) if _is_below(upper, cell) and upper.begins
    )
    origin = rows[row][column]
    rows[row] = (*rows[row][:column], replace(origin, lines=(*origin.lines, *cell.lines)), *rows[row][column + 1 :])
    return replace(cell, lines=(), begins=False)


def _is_below(upper: Ruled, lower: Ruled) -> bool:
    return abs(upper.x0 - lower.x0) <= _SAME and abs(upper.x1 - lower.x1) <= _SAME


def _repeated(above: Sequence[Sequence[Ruled]], below: Sequence[Sequence[Ruled]]) -> int:
    """How many rows at the beginning of ``below`` are the heads of ``above`` again."""
    count = 0
    for upper, lower in zip(above, below, strict=False):
        texts = [normal(cell.text) for cell in lower]
        if texts != [normal(cell.text) for cell in upper] or not any(texts) or any(map(figure_like, filter(None, texts))):
            break
        count += 1
    return count


def _is_cut(upper: Sequence[Ruled], lower: Sequence[Ruled]) -> bool:
    """Whether two rows are one that the page's end cuts: some text goes on, and none begins."""
    if len(upper) != len(lower) or not all(_is_below(a, b) for a, b in zip(upper, lower, strict=True)):
        return False
    own = [(a, b) for a, b in zip(upper, lower, strict=True) if b.begins]
    both = [(a, b) for a, b in own if a.lines and b.lines]
    if any(not _flows(a, b) for a, b in both):
        return False
    alone = [b for a, b in own if b.lines and not a.lines]
    if not all(a.open_bottom or b.open_top for a, b in own):
        return bool(both) and not alone
    # figures set at the middle or the foot of a row, and nothing else, may stand in its lower part alone
    return bool(both) or (bool(alone) and any(a.lines for a, _ in own) and all(figure_like(b.text) for b in alone))


def _flows(above: Ruled, below: Ruled) -> bool:
    first = below.lines[0]
    return not is_enumerated(first.text) and is_full(above.lines[-1], first.first, above.x1 - above.x0 - _ROOM)
