"""Plain text as people copy it from a page or a PDF, read into a :class:`Document`.

Four ways of writing a table row are known here: cells between tabs, cells between ``|`` (Markdown), cells two or more spaces
apart, and a label with figures behind it. The last cannot be told from prose without the form, so it stays a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from govreport_check.frozen import dataclass
from govreport_check.model import Place
from govreport_check.patterns import later
from govreport_check.readers.document import Block, CellText, Document, Paragraph, Row, figure_like

_PAGE_NUMBER = later(
    r"[-—–－―]{1,2}\s*\d{1,3}\s*[-—–－―]{1,2}|第\s*\d{1,3}\s*页(?:[\s,，/]*共\s*\d{1,3}\s*页)?|Page \d{1,3}(?: of \d{1,3})?"
)
_RULE = later(r"[-=_*—－\s]{3,}")
_DASHES = r"\s*(?:-{3,}|:-+:?|-+:)\s*"  # fewer dashes are marks in place of figures
_BAR_RULE = later(rf"\|?{_DASHES}(?:\|{_DASHES})*\|?")
_WIDE = later(r"[ \u00a0\u3000]{2,}")
_SENTENCE = later(r"[。；;！？，]")
_NEAR = 3
_LONGEST_ROW = 400


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str
    gap: bool


def read_text(text: str, name: str) -> Document:
    """The document that ``text`` is; every block's place carries its line, counted from one."""
    lines = list(_lines(text))
    tables = _aligned(lines)
    blocks: list[Block] = []
    grid, kind = 0, ""
    for index, line in enumerate(lines):
        cells, now = _cells(line.text, index in tables)
        if cells is None:
            kind = ""
            cleaned = plain_line(line.text)
            if cleaned:
                blocks.append(Paragraph(cleaned, Place(source=name, line=line.number), wraps=True, gap=line.gap))
            continue
        if not cells:
            continue
        grid += kind != now or (now == "bars" and line.gap)
        kind = now
        place = Place(source=name, line=line.number)
        blocks.append(Row(tuple(CellText(cell, place) for cell in cells), place, grid, exact=now != "aligned"))
    return Document(name, tuple(blocks))


def _lines(text: str) -> Iterator[_Line]:
    """Lines with something on them; page numbers and form feeds only leave a gap."""
    gap = True
    for number, raw in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        line = raw.strip("\u200b\ufeff\f\v ")
        if not line.strip() or _PAGE_NUMBER.fullmatch(line.strip()):
            gap = True
            continue
        yield _Line(number, line, gap or "\f" in raw)
        gap = False


def plain_line(text: str) -> str:
    """A line without Markdown's marks and without the white space around it."""
    text = re.sub(r"^\s*(?:#{1,6}\s+|>\s+)", "", text.strip())
    text = text.replace("**", "").replace("__", "").replace("\t", " ").replace("\\_", "_")
    text = re.sub(r"(?i)<br\s*/?>", "", text).strip()
    return "" if _RULE.fullmatch(text) and len(text) > 3 else text


def _cells(line: str, aligned: bool) -> tuple[list[str] | None, str]:
    """The cells of a table row ([] for a row that is only drawn) and the way it is written; None for a line of text."""
    if len(line) > _LONGEST_ROW and "。" in line:
        return None, ""  # a whole page in one line
    if _is_bars(line):
        return ([] if _BAR_RULE.fullmatch(line.strip()) else _bar_cells(line)), "bars"
    if "\t" in line and (cells := [plain_line(cell) for cell in line.split("\t")]) and any(cells):
        return cells, "tabs"
    if aligned:
        return _wide_cells(line), "aligned"
    return None, ""


def _is_bars(line: str) -> bool:
    stripped = line.strip()
    return stripped.count("|") >= 2 and (stripped.startswith("|") or stripped.count(" | ") >= 2)


def _bar_cells(line: str) -> list[str]:
    stripped = line.strip()
    inner = stripped[1:] if stripped.startswith("|") else stripped
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    return [plain_line(cell.replace("\\|", "|")) for cell in re.split(r"(?<!\\)\|", inner)]


def _wide_cells(line: str) -> list[str]:
    """Cells that stand two or more spaces apart. Figures that only one space parts are cells of their own, too."""
    cells: list[str] = []
    for index, cell in enumerate(_WIDE.split(line.strip())):
        label, figures = split_figures(plain_line(cell))
        whole = not figures or (label and index)
        cells.extend([plain_line(cell)] if whole else [*([label] if label else []), *figures])
    return cells


def split_figures(line: str) -> tuple[str, list[str]]:
    """The figures at the end of a line, parted by white space, and what stands before them."""
    words = line.split()
    count = 0
    while count < len(words) and figure_like(words[-1 - count]):
        count += 1
    if count == 0:
        return line, []
    return " ".join(words[: len(words) - count]), words[len(words) - count :]


def _aligned(lines: list[_Line]) -> frozenset[int]:
    """The lines that are rows of a table set with spaces: those with figures in columns, and the like of them close by."""
    rows = {index for index, line in enumerate(lines) if _may_be_aligned(line.text)}
    figures = {index for index in rows if any(figure_like(cell) for cell in _wide_cells(lines[index].text)[-1:])}
    return frozenset(index for index in rows if any(other in figures for other in range(index - _NEAR, index + _NEAR + 1)))


def _may_be_aligned(line: str) -> bool:
    if "\t" in line or _is_bars(line):
        return False
    stripped = line.strip()
    cells = _WIDE.split(stripped)
    figures = len(line) - len(line.lstrip()) >= 2 and figure_like(stripped)
    return figures or (len(cells) > 1 and not any(_SENTENCE.search(cell) and not figure_like(cell) and len(cell) > 40 for cell in cells))
