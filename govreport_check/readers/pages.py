"""Printed pages to a document: running heads and page numbers left out, tables and paragraphs put together across pages.

The common second half of reading pdf and ofd. Text that is tilted or stands sideways beside the tables (watermarks, seams) is left out.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from govreport_check.errors import SourceError
from govreport_check.model import Place, Remark
from govreport_check.readers.document import Block, CellText, Document, Paragraph, Row
from govreport_check.readers.lattice import grids_of
from govreport_check.readers.ruled import Piece, Ruled, continued, filled
from govreport_check.readers.setting import APART, Line, Margins, goes_on, joined, lines_of, margins_of, usual_leading
from govreport_check.readers.sheet import UNKNOWN, Sheet, printed_once
from govreport_check.readers.text import read_text

_EDGE = 0.15
"""The share of a page's height at its head and foot in which running heads stand."""

_PICTURE = 0.3
"""The share of a page without text that a picture covers where it is a scan."""

_DIGITS = re.compile(r"\d+")
_NUMBERED = re.compile(
    r"[-—–－―·.\s]*(?P<bare>\d{1,3})[-—–－―·.\s]*|第\s*[\d一二三四五六七八九十百]{1,4}\s*页.{0,12}|\d{1,3}\s*/\s*\d{1,3}"
    r"|[Pp]age\s*\d{1,3}(\s*of\s*\d{1,3})?"
)


@dataclass(frozen=True, slots=True)
class _Text:
    """A line of text on a page; ``leading`` is the usual distance of lines there."""

    line: Line
    page: int
    leading: float


_Item: TypeAlias = "_Text | Piece"


def document_of(sheets: Sequence[Sheet], name: str) -> Document:
    """The document that printed pages make. Places name the page; in tables also table, row and column, counted as they are ruled.

    Raises SourceError for scans and for fonts that do not say which characters they draw.
    """
    pages = _without_heads([_items(sheet) for sheet in _checked(sheets, name)], sheets)
    margins = margins_of([item.line for items in pages for item in items if isinstance(item, _Text)])
    blocks: list[Block] = []
    tables = 0
    for run in _runs(_whole(item for items in pages for item in items)):
        if isinstance(run, Piece):
            tables += 1
            blocks.extend(_rows(run, tables, name))
        else:
            blocks.extend(_paragraphs(run, margins, name))
    return Document(name, tuple(blocks), tuple(_remarks(sheets, blocks, name)))


def _checked(sheets: Sequence[Sheet], name: str) -> Sequence[Sheet]:
    """``sheets`` if their text can be read. Raises SourceError for scans and for fonts that do not say which characters they draw."""
    glyphs = [glyph for sheet in sheets for glyph in sheet.glyphs if not glyph.text.isspace()]
    if not glyphs:
        scanned = any(sheet.pictures > 0 for sheet in sheets)
        if scanned:
            raise SourceError(
                name,
                "is scanned: it holds pictures of pages and no text; give the file it was printed from, or run OCR over it",
                "是扫描件，只有图像没有文字，请提供原始电子文件，或先做文字识别（OCR）",
            )
        raise SourceError(name, "holds no text; give the file it was printed from", "没有文字内容，请提供原始电子文件")
    if 2 * sum(glyph.text == UNKNOWN for glyph in glyphs) > len(glyphs):
        raise SourceError(
            name,
            "does not say which characters it draws (its fonts lack a ToUnicode map); give the file it was printed from",
            "所用字体没有字符编码对照，文字无法识别，请提供原始电子文件，或重新导出PDF",
        )
    return sheets


def _remarks(sheets: Sequence[Sheet], blocks: Sequence[Block], name: str) -> Iterator[Remark]:
    """What could not be read of the pages as it stands there, with the pages' numbers."""
    unknown = Counter({sheet.number: number for sheet in sheets if (number := sum(glyph.text == UNKNOWN for glyph in sheet.glyphs))})
    pictures = [sheet.number for sheet in sheets if not sheet.glyphs and sheet.pictures > _PICTURE]
    unruled = [block.place.page or 0 for block in blocks if isinstance(block, Row) and not block.exact]
    recognised = [sheet.number for sheet in sheets if 2 * sheet.unseen > len(sheet.glyphs)]
    for rule, pages in (
        ("picture-pages", pictures),
        ("recognised-text", recognised),
        ("unruled-table", unruled),
        ("unknown-characters", list(unknown)),
    ):
        if pages:
            said = {"printed": _listed(pages), "number": str(unknown.total())}
            yield Remark(rule, None, Place(source=name, page=min(pages)), said)


def _listed(pages: Iterable[int]) -> str:
    return "、".join(map(str, sorted(set(pages))))


# --- one page -------------------------------------------------------------------------------------------------------------------


def _items(sheet: Sheet) -> list[_Item]:
    """The tables and lines of a page, from the top."""
    pieces, outside = filled(grids_of(sheet.rules), printed_once(sheet.glyphs), sheet.number)
    lines = lines_of(glyph for glyph in outside if glyph.turn == 0)
    leading = usual_leading(lines)
    items: list[_Item] = [*pieces, *(_Text(line, sheet.number, leading) for line in lines)]
    return sorted(items, key=_top)


def _top(item: _Item) -> tuple[float, float]:
    return (item.top, item.x0) if isinstance(item, Piece) else (item.line.base - 0.35 * item.line.size, item.line.x0)


def _without_heads(pages: Sequence[list[_Item]], sheets: Sequence[Sheet]) -> list[list[_Item]]:
    """The pages without what stands at the same place of several of them, and without their numbers."""
    edges = [{item: _where(item, sheet) for item in _at_edge(items, sheet)} for items, sheet in zip(pages, sheets, strict=True)]
    heads = Counter(where for edge in edges for where in set(edge.values()))
    kept = []
    for items, sheet, edge in zip(pages, sheets, edges, strict=True):
        dropped = {item for item, where in edge.items() if _is_repeated(where, heads, len(pages)) or _is_number(item, sheet)}
        kept.append([item for item in items if item not in dropped])
    return kept


def _at_edge(items: Sequence[_Item], sheet: Sheet) -> list[_Text]:
    """The lines that may be running heads: in the head and foot of the page, with nothing of its table or text beyond them."""
    low, high = sheet.height * _EDGE, sheet.height * (1 - _EDGE)
    return [item for item in items if isinstance(item, _Text) and not low < item.line.base < high]


def _where(item: _Text, sheet: Sheet) -> tuple[str, int]:
    return _DIGITS.sub("#", "".join(item.line.text.split())), round((sheet.height - item.line.base) / 3)


def _is_repeated(where: tuple[str, int], heads: Counter[tuple[str, int]], pages: int) -> bool:
    times = sum(heads[where[0], where[1] + step] for step in (-1, 0, 1))
    return times >= max(2, pages / 3)


def _is_number(item: _Text, sheet: Sheet) -> bool:
    match = _NUMBERED.fullmatch(item.line.text)
    bare = match is not None and item.line.text.strip().isdigit()
    return match is not None and (not bare or int(item.line.text) == sheet.number)


# --- across pages ---------------------------------------------------------------------------------------------------------------


def _whole(items: Iterable[_Item]) -> list[_Item]:
    """``items`` with tables put together that go on from page to page."""
    found: list[_Item] = []
    for item in items:
        last = found[-1] if found else None
        whole = continued(last, item) if isinstance(last, Piece) and isinstance(item, Piece) else None
        found[-1:] = [whole] if whole else [*found[-1:], item]
    return found


def _runs(items: Iterable[_Item]) -> Iterator[Piece | list[_Text]]:
    """The tables one by one, and the lines between two of them together."""
    texts: list[_Text] = []
    for item in items:
        if isinstance(item, _Text):
            texts.append(item)
            continue
        if texts:
            yield texts
        texts = []
        yield item
    if texts:
        yield texts


def _rows(piece: Piece, table: int, name: str) -> Iterator[Row]:
    edges = _edges(cell for row in piece.rows for cell in row)
    for number, row in enumerate(piece.rows, 1):
        cells = tuple(cell for ruled in row for cell in _expanded(ruled, edges, Place(name, ruled.page, table, number)))
        if cells:
            yield Row(cells, replace(cells[0].place, column=None), table)


def _expanded(cell: Ruled, edges: Sequence[float], place: Place) -> Iterator[CellText]:
    """A printed cell in each column that it covers."""
    first = bisect_right(edges, cell.x0 + _NEAR)
    last = max(first, bisect_right(edges, cell.x1 - _NEAR))
    yield CellText(cell.text, replace(place, column=first), "" if cell.begins else "down")
    for column in range(first + 1, last + 1):
        yield CellText("", replace(place, column=column), "across" if cell.begins else "down")


_NEAR = 4.0
"""Points by which the edges of a column may differ from row to row."""


def _edges(cells: Iterable[Ruled]) -> list[float]:
    """Where the columns of a table begin, those of all pages as one."""
    edges: list[float] = []
    for x in sorted({cell.x0 for cell in cells}):
        if not edges or x > edges[-1] + _NEAR:
            edges.append(x)
    return edges


# --- running text ---------------------------------------------------------------------------------------------------------------


def _paragraphs(texts: Sequence[_Text], margins: Margins, name: str) -> Iterator[Block]:
    paragraphs: list[Paragraph] = []
    last: _Text | None = None
    for text in texts:
        if last and goes_on(last.line, text.line, margins, text.leading if last.page == text.page else None):
            paragraphs[-1] = replace(paragraphs[-1], text=joined(paragraphs[-1].text, text.line))
        else:
            paragraphs.append(Paragraph(text.line.text, Place(source=name, page=text.page), gap=_is_gap(last, text)))
        last = text
    return _as_set(paragraphs, name) if any(APART in one.text for one in paragraphs) else iter(paragraphs)


def _is_gap(above: _Text | None, below: _Text) -> bool:
    return above is None or above.page != below.page or below.line.base - above.line.base > 1.4 * max(below.leading, below.line.size)


def _as_set(paragraphs: Sequence[Paragraph], name: str) -> Iterator[Block]:
    """Text with words set apart as in columns, read as the same text copied from the page is."""
    text = "\n".join(one.text.replace("\n", " ") for one in paragraphs)
    for block in read_text(text, name).blocks:
        own = paragraphs[(block.place.line or 1) - 1]
        if isinstance(block, Row):
            yield replace(block, place=own.place, cells=tuple(replace(cell, place=own.place) for cell in block.cells))
        else:
            yield replace(own, text=block.text)
