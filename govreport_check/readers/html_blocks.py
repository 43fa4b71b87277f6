"""The visible text and tags of a page put together: paragraphs, and the rows of its tables."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from govreport_check.model import Place
from govreport_check.readers.document import Block, CellText, Paragraph, Row, moved
from govreport_check.readers.extras import library
from govreport_check.readers.grids import Spanning, gridded
from govreport_check.readers.html_walk import Event
from govreport_check.readers.limits import Limits, too_much
from govreport_check.readers.text import read_text

_LINES = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote body br caption center dd details dir div dl dt fieldset figcaption figure footer form h1 h2 h3 "
        "h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre section summary table tbody td tfoot th thead tr ul",
    )
)
_CELLS = frozenset({"td", "th"})
_TABLE = frozenset(re.findall(r"\w+", "table caption thead tbody tfoot tr td th"))
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_APART = frozenset({"nav", "aside", "footer"})
_SPACE = re.compile(r"[ \t\r\n\f\u00a0]+")
_NOTHING = re.compile("[\x1e\u200b-\u200d\u2060\ufeff\u00ad]")
_BROKEN = re.compile(r"(?<=\d)[ \t\u00a0]*\x1e[\s\x1e]*(?=\d)")  # nobody knows whether these are one figure or two
_PROSE, _LOOK = 300, 400
_MOST_ACROSS = 1000  # HTML Standard, 4.9.11
_WIDE = frozenset("WF")


@dataclass(frozen=True, slots=True)
class Found:
    """A block with the innermost element that holds all of it."""

    block: Block
    element: Any


@dataclass(slots=True)
class _Cell:
    line: int
    down: int
    across: int
    pieces: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Table:
    element: Any
    rows: list[list[_Cell]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    group: str = ""
    row: bool = False  # whether one is open
    cell: bool = False
    inner: int = 0  # tables of one cell inside this one that are open


class Page:
    """Takes events one by one; ``found`` are its blocks so far. A table inside another makes the outer one a frame for its contents."""

    def __init__(self, root: Any, name: str, limits: Limits) -> None:
        self.found: list[Found] = []
        self._name, self._limits = name, limits
        self._frames = _frames(root, library("lxml.etree", "html", name))
        self._pieces: list[str] = []
        self._line, self._holder = 0, root
        self._table: _Table | None = None
        self._tables, self._apart, self._pre, self._heading = 0, 0, 0, ""

    def take(self, page: Iterable[Event]) -> None:
        """Reads a page to its end. Raises SourceError for a table that is too large."""
        for event in page:
            if len(self.found) > self._limits.blocks:
                raise too_much(self._name, "paragraphs and rows", self._limits.blocks, "个段落和表格行")
            if event.kind == "text":
                self._text(event)
            elif event.kind == "open":
                self._open(event)
            else:
                self._close(event)
        self._end_table()
        self._flush()

    # --- text

    def _text(self, event: Event) -> None:
        cell = self._cell()
        if cell is not None:
            cell.pieces.append(event.word)
            return
        if not self._pieces or not any(map(str.strip, self._pieces)):
            self._pieces, self._holder = [], event.element
            lead = event.word[: len(event.word) - len(event.word.lstrip())]
            self._line = event.line + (0 if self._pre else lead.count("\n"))
        self._pieces.append(event.word)

    def _cell(self) -> _Cell | None:
        table = self._table
        return table.rows[-1][-1] if table is not None and table.cell else None

    def _flush(self) -> None:
        """Ends a line of text."""
        text, self._pieces = "".join(self._pieces), []
        if self._pre and text.strip():
            self._preformatted(text)
        elif line := plain(text):
            place = Place(source=self._name, line=self._line, element=self._heading or "p")
            if self._heading == "caption":  # a table's own word, no prose
                self.found.append(Found(Row((CellText(line, place),), place, self._tables + 1), self._holder))
                return
            self.found.append(Found(Paragraph(line, place, gap=True, aside=self._apart > 0), self._holder))

    def _preformatted(self, text: str) -> None:
        """Lines as they were typed: read as plain text is, tables drawn with spaces and bars among them."""
        blocks = moved(read_text(text, self._name).blocks, self._line - 1, self._tables)
        self.found.extend(Found(_aside(block) if self._apart else block, self._holder) for block in blocks)
        self._tables = max((block.grid for block in blocks if isinstance(block, Row)), default=self._tables)

    # --- tags

    def _open(self, event: Event) -> None:
        tag, cell = event.word, self._cell()
        if tag in _TABLE and self._open_table(event):
            return
        if cell is not None and (tag in _LINES or tag == "sup"):
            cell.pieces.append("\x1e\n" if tag in _LINES else "^" if _ends_in_digit(cell.pieces) else "")
        elif cell is None and tag in _LINES:
            self._flush()
        self._apart += tag in _APART
        self._pre += tag == "pre"
        self._heading = tag if tag in _HEADINGS else self._heading

    def _close(self, event: Event) -> None:
        tag, cell = event.word, self._cell()
        if tag in _TABLE and self._close_table(event):
            return
        if cell is not None and tag in _LINES:
            cell.pieces.append("\x1e\n")
        elif cell is None and tag in _LINES:
            self._flush()
        self._apart -= tag in _APART
        self._pre -= tag == "pre"
        self._heading = "" if tag in _HEADINGS else self._heading

    def _open_table(self, event: Event) -> bool:
        """Takes a tag that makes tables; False for one that only frames what is in it."""
        tag, table = event.word, self._table
        if table is None:
            if tag != "table" or event.element in self._frames:
                return False
            self._flush()
            self._table = _Table(event.element)
            return True
        table.inner += tag == "table"
        if table.inner:
            return False
        table.cell = False
        self._heading = "caption" if tag == "caption" else self._heading
        if tag == "tr" or (tag in _CELLS and not table.row):
            self._row(table, event.line)
        if tag in _CELLS:
            down, across = _span(event.element, "rowspan"), _span(event.element, "colspan")
            table.rows[-1].append(_Cell(event.line, down, min(max(1, across), _MOST_ACROSS)))
            table.cell = True
        elif tag != "tr":
            table.group, table.row = tag, False
        return True

    def _close_table(self, event: Event) -> bool:
        tag, table = event.word, self._table
        if table is None:
            return False
        if table.inner:
            table.inner -= tag == "table"
            return False
        table.cell = False
        if tag == "table":
            self._end_table()
        elif tag not in _CELLS:
            table.row = False
            self._flush()
            self._heading = ""
        return True

    def _row(self, table: _Table, line: int) -> None:
        self._flush()
        if len(self.found) + len(table.rows) > self._limits.blocks:
            raise too_much(self._name, "paragraphs and rows", self._limits.blocks, "个段落和表格行")
        table.rows.append([])
        table.lines.append(line)
        table.groups.append(table.group)
        table.row = True

    def _end_table(self) -> None:
        table, self._table = self._table, None
        if table is None:
            return
        self._flush()
        order = sorted(range(len(table.rows)), key=lambda i: {"thead": 0, "tfoot": 2}.get(table.groups[i], 1))
        rows = [[self._spanning(cell) for cell in table.rows[i]] for i in order]
        if not any(cell.text for row in rows for cell in row):
            return
        places = [self._at(table.lines[i]) for i in order]
        for row in gridded(rows, places, self._tables + 1, self._name, self._limits):
            if row.cells:
                self.found.append(Found(_aside(row) if self._apart else row, table.element))
        self._tables += not self._apart

    def _spanning(self, cell: _Cell) -> Spanning:
        return Spanning(plain(_BROKEN.sub("⏎", "".join(cell.pieces))), self._at(cell.line), cell.down, cell.across)

    def _at(self, line: int) -> Place:
        return Place(source=self._name, line=line)


def _aside(block: Block) -> Block:
    return Paragraph(block.text, block.place, gap=True, aside=True)


# --- tables and frames ----------------------------------------------------------------------------------------------------------


def _frames(root: Any, etree: Any) -> frozenset[Any]:
    """The tables that only lay a page out: those of a single cell, and those with a table of several cells or with prose in a cell."""
    frames: set[Any] = set()
    open_: list[list[Any]] = []  # [table, how many cells it holds]
    for kind, element in etree.iterwalk(root, events=("start", "end"), tag=("table", "td", "th")):
        if element.tag == "table" and kind == "start":
            open_.append([element, 0])
        elif element.tag == "table":
            table, cells = open_.pop()
            if cells < 2:
                frames.add(table)
            elif open_:
                frames.add(open_[-1][0])
            if open_:
                open_[-1][1] += cells
        elif kind == "start" and open_:
            open_[-1][1] += 1
            if _is_prose(element):
                frames.add(open_[-1][0])
    return frozenset(frames)


def _is_prose(cell: Any) -> bool:
    text = "".join(islice(cell.itertext(), _LOOK))
    return len(text) > _PROSE and "。" in text and len("".join(text.split())) > _PROSE


def _span(element: Any, name: str) -> int:
    match = re.match(r"\s*\+?(\d{1,9})", element.get(name) or "")
    return int(match[1]) if match else 1


# --- text -----------------------------------------------------------------------------------------------------------------------


def plain(text: str) -> str:
    """Text as a page shows it: white space folded, and none where a line of the source ends between two wide characters."""
    short = _NOTHING.sub("", text)
    return _SPACE.sub(lambda match: _between(short, match), short).strip()


def _between(text: str, match: re.Match[str]) -> str:
    before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
    return "" if "\n" in match.group() and before and after and (_is_wide(before) or _is_wide(after)) else " "


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in _WIDE


def _ends_in_digit(pieces: Sequence[str]) -> bool:
    """Whether a raised sign would make one more digit of what is printed before it."""
    return next((piece.rstrip()[-1:] for piece in reversed(pieces) if piece.strip()), "").isdigit()
