"""The printed rows of one part of a document: blocks are gone through once, rows with figures are found and named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from govreport_check.model import Place
from govreport_check.readers.document import Block, CellText, Paragraph, Row, has_digit
from govreport_check.readers.labels import RowLabels, RowMatch, is_enumerated, key
from govreport_check.readers.rows import Printed, label_end
from govreport_check.readers.text import split_figures

_FRAGMENTS = 4
_SUBTOTALS = frozenset({"小计", "合计", "其中"})
_LONGEST = 80
_NEAR = 12


class Scan:
    """Goes through the blocks of a part. ``rows`` are its printed rows with figures, ``rest`` the lines behind the last of them,
    ``lines`` the lines of text that rows were made of.

    ``columns`` goes from table to its number of figures in a row; ``across`` is the number of all figures of a
    table whose rows are printed side by side.
    """

    def __init__(self, labels: RowLabels, columns: dict[str, int], across: int | None) -> None:
        self.rows: list[Printed] = []
        self.rest: list[CellText] = []
        self.lines: set[tuple[Place, str]] = set()
        self._open: list[tuple[Place, str]] = []
        self._labels, self._columns, self._across = labels, columns, across
        self._lone: list[CellText] = []
        self._own: tuple[CellText, ...] = ()
        self._wanted: int | None = None

    def run(self, blocks: Iterable[Block]) -> None:
        """Reads ``blocks`` to their end."""
        for block in blocks:
            if isinstance(block, Row):
                self._flush()
                self._row(block)
            else:
                self._line(block)
        self._flush()

    def _row(self, row: Row) -> None:
        if row.run is not None:
            figures = tuple(CellText(word, row.place) for word in row.run.split())
            self._add(Printed(row.cells, tuple(self.rest), figures, row.place, row.grid, exact=False, run=row.run))
            return
        end = label_end(row, self._labels, min(self._columns.values(), default=1))
        if end is None:
            self.rest.extend(cell for cell in row.cells if cell.text)
            return
        own = tuple(cell for cell in row.cells[:end] if cell.text)
        self._add(Printed(own, tuple(self.rest), row.cells[end:], row.place, row.grid, row.exact, offset=end))

    def _add(self, printed: Printed) -> None:
        self.rows.append(identify(printed, self._labels))
        self.rest = []

    def _line(self, line: Paragraph) -> None:
        label, figures = split_figures(line.text)
        cells = [CellText(figure, line.place) for figure in figures]
        if label or not figures:
            self._flush()
        own = self._label_cells(label, line)
        if not figures or (label and not self._opens_row(own, line, len(figures))):
            self.rest.append(CellText(line.text, line.place))
            return
        if label:
            self._own = own
        if not self._lone or label:
            self._wanted = self._expected()
        self._lone.extend(cells)
        self._open.append((line.place, line.text))
        if len(self._lone) in (self._wanted, self._across):
            self._flush()

    def _label_cells(self, label: str, line: Paragraph) -> tuple[CellText, ...]:
        """The label before a line's figures: whole, or its words where they are the labels of several cells."""
        whole = (CellText(label, line.place),)
        words = tuple(CellText(word, line.place) for word in label.split())
        return words if len(words) > 1 and not self._match(whole, line) and self._match(words, line) else whole

    def _match(self, own: tuple[CellText, ...], line: Paragraph) -> RowMatch | None:
        return identify(Printed(own, tuple(self.rest[-_NEAR:]), (), line.place), self._labels).match

    def _opens_row(self, own: tuple[CellText, ...], line: Paragraph, figures: int) -> bool:
        """Whether a line that ends in figures is a row and not a sentence: several figures, or a label of the form."""
        match = self._match(own, line)
        return sum(len(cell.text) for cell in own) <= _LONGEST and (figures > 1 or (match is not None and match.strength == "exact"))

    def _expected(self) -> int | None:
        match = identify(Printed(self._own, tuple(self.rest[-_NEAR:]), (), self._lone_place()), self._labels).match
        return self._columns.get(match.table) if match else None

    def _lone_place(self) -> Place:
        return self._lone[0].place if self._lone else Place()

    def _flush(self) -> None:
        """Ends the row whose figures stood on lines of their own. A single figure that nothing names is no row."""
        lone, own, lines = tuple(self._lone), self._own, self._open
        self._lone, self._own, self._open = [], (), []
        if not lone:
            return
        printed = Printed(own, tuple(self.rest), lone, (own or lone)[0].place, exact=False)
        if identify(printed, self._labels).match or (len(lone) > 1 and has_digit(cell.text for cell in lone)) or self._is_whole(lone):
            self._add(printed)
            self.lines.update(lines)
        else:
            self.rest.extend((*own, *lone))

    def _is_whole(self, lone: tuple[CellText, ...]) -> bool:
        """Whether figures that nothing names are the run of a whole table."""
        return bool(self._across) and sum(char.isdigit() for cell in lone for char in cell.text) >= (self._across or 0)


def identify(printed: Printed, labels: RowLabels) -> Printed:
    """``printed`` with the row of the form that it is, as far as its own label or the lines before it tell."""
    own = [cell.text for cell in printed.own]
    if own and key(own[-1]) in _SUBTOTALS:
        return printed
    before = [cell.text for cell in printed.before[-_NEAR:] if len(key(cell.text)) > 1]
    for text, strengths in _readings(own, before):
        match = labels.find(text)
        if match and match.strength in strengths and (text in own or not _is_head(text, labels)):
            return replace(printed, match=match, label=text)
    return printed


def _is_head(text: str, labels: RowLabels) -> bool:
    """Whether a text above a row is rather the head of a column: 其他 is, 3.其他 is not."""
    return key(text) in labels.heads and not is_enumerated(text)


_EXACT: frozenset[str] = frozenset({"exact"})
_ANY: frozenset[str] = frozenset({"exact", "part", "similar"})


def _readings(own: Sequence[str], before: Sequence[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """Texts that may be a row's label, the surest first, with how well each must match."""
    noise = all(len(key(text)) < 3 for text in own)  # pieces of a label set vertically beside the row's own
    # 其他 to the left of a label is a piece of 其他处理, not a label of its own.
    whole = [text for i, text in enumerate(reversed(own)) if i == 0 or len(key(text)) > 2]
    for text in whole:
        yield text, _EXACT
    if len(own) > 1:
        yield "".join(own), _EXACT
    for count in range(1, min(_FRAGMENTS, len(before)) + 1):
        start = "".join(before[-count:])
        if own:
            yield start + own[-1], _EXACT
            yield start + "".join(own), _EXACT
        if noise:
            yield start, _EXACT
    for text in whole:
        yield text, _ANY
    if before and noise:
        yield before[-1], _ANY


def same_label(left: Printed, right: Printed) -> bool:
    """Whether two rows are printed with one label."""
    return key(left.label) == key(right.label)


__all__ = ["RowMatch", "Scan", "identify", "same_label"]
