"""How a document was understood, as text: what each line was taken for, each table redrawn beside the rows of the form, what was left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from govreport_check.form import Form
from govreport_check.model import Place
from govreport_check.outline import Outline, Piece, RowPiece, TextPiece
from govreport_check.renderers.lines import Line, cells, clean, pad, paint

_WORDS = {
    "zh": {
        "title": "标题",
        "preamble": "前言",
        "heading": "部分",
        "paragraph": "正文",
        "signature": "落款",
        "note": "表注",
        "aside": "页面其他文字，未作为报告内容",
        "extra": "规定以外的部分",
        "unknown": "不是已知格式的报告；以下是读到的内容",
        "table": "第{n}张表",
        "lines": "数据行",
        "columns": "列",
        "left": "未识别的数据行",
        "nothing": "没有未识别的数据行",
        "total": "识别到{rows}行、{figures}个数据；未识别的数据行{left}行",
        "line": "第{n}行",
        "page": "第{n}页",
    },
    "en": {
        "title": "title",
        "preamble": "preamble",
        "heading": "part",
        "paragraph": "text",
        "signature": "signature",
        "note": "note",
        "aside": "other words on the page, not taken for the report's",
        "extra": "part that the form does not have",
        "unknown": "a report of no known form; this is what was read",
        "table": "table {n}",
        "lines": "rows",
        "columns": "columns",
        "left": "rows with figures that were not recognised",
        "nothing": "no row with figures was left over",
        "total": "{rows} rows and {figures} figures recognised; {left} rows with figures left over",
        "line": "line {n}",
        "page": "page {n}",
    },
}
_GUTTER, _LABEL, _LEAST_LABEL = 26, 30, 12
_WIDEST, _NARROWEST = 11, 4
_HEAD_CAPS = (16, 12, 8, 6, 4)
_EMPTY, _LEFT = "·", "?"


def draw_outline(outline: Outline, form: Form | None, *, lang: str, width: int, color: bool) -> str:
    """The outline as text, at most ``width`` cells wide where its tables allow."""
    return paint(list(_lines(outline, form, lang, width)), color=color)


def _lines(outline: Outline, form: Form | None, lang: str, width: int) -> Iterator[Line]:
    head = " · ".join([outline.source, outline.kind, *([outline.form] if outline.form else [])])
    yield ((clean(head), "strong"),)
    if form is None:
        yield ((_WORDS[lang]["unknown"], "undecided"),)
    for kind, group in groupby(outline.pieces, key=_kind_of):
        pieces = list(group)
        rows = [piece for piece in pieces if isinstance(piece, RowPiece)]
        texts = [piece for piece in pieces if isinstance(piece, TextPiece)]
        yield ()
        yield from _table(rows, form, lang, width) if rows else _texts(texts, kind[0], form, lang, width)
    yield ()
    yield from _left(outline, form, lang, width)


def _kind_of(piece: Piece) -> tuple[str, str | None, int]:
    if isinstance(piece, RowPiece):
        return "row", piece.table if not piece.grid else None, piece.grid
    return piece.kind, piece.section, (piece.place.block or 0) if piece.kind == "heading" else 0


# --- text -----------------------------------------------------------------------------------------------------------------------


def _texts(pieces: Sequence[TextPiece], kind: str, form: Form | None, lang: str, width: int) -> Iterator[Line]:
    """A heading whole; of prose its first and last words and how much there is."""
    word = _WORDS[lang][kind]
    label = f"{word} → {pieces[0].section}" if kind == "heading" else word
    yield (label, "key"), (f"  {_where(pieces[0].place, lang)}", "dim")
    shown = pieces if len(pieces) <= 3 or kind in ("title", "signature") else [pieces[0], pieces[-1]]
    for piece in shown:
        yield (("  " + _cut(clean(piece.text), width - 4), "strong" if kind in ("heading", "extra") else ""),)
    if len(shown) < len(pieces):
        yield ((f"  … {len(pieces)}", "dim"),)


def _where(place: Place, lang: str) -> str:
    if place.sheet and place.cell:
        return f"{place.sheet}!{place.cell}"
    words = _WORDS[lang]
    told = [words["page"].format(n=place.page)] if place.page else []
    told += [words["line"].format(n=place.line)] if place.line else []
    return " ".join(told)


def _cut(text: str, width: int) -> str:
    if cells(text) <= width:
        return text
    kept = ""
    for char in text:
        if cells(kept + char) > width - 1:
            break
        kept += char
    return kept + "…"


# --- tables ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Shape:
    """How a table is drawn, in cells: the ids of rows, the labels as one, each column behind them. ``first`` is the first of these."""

    gutter: int
    label: int
    first: int
    columns: tuple[int, ...]

    @property
    def total(self) -> int:
        return 4 + self.gutter + self.label + sum(column + 2 for column in self.columns)


def _table(rows: Sequence[RowPiece], form: Form | None, lang: str, width: int) -> Iterator[Line]:
    words = _WORDS[lang]
    name = words["table"].format(n=rows[0].grid) if rows[0].grid else words["lines"]
    yield (name, "key"), (f"  {_where(rows[0].place, lang)}", "dim")
    shape = _shape(rows, width)
    table = None
    for row in rows:
        if form and row.table and row.table != table:
            table = row.table
            yield from _heads(row, form, shape, lang)
        style = "good" if any(row.columns) else "warning" if row.rows or row.figures else "dim"
        yield ("  " + pad(_cut(_taken_for(row), shape.gutter), shape.gutter), style), ("  " + _cells(row, shape), "" if row.rows else "dim")


def _taken_for(row: RowPiece) -> str:
    if row.rows:
        more = f" +{len(row.rows) - 1}" if len(row.rows) > 1 else ""
        return row.rows[0] + more + ("" if any(row.columns) else f" {_LEFT}")
    return _LEFT if row.figures else ""


def _shape(rows: Sequence[RowPiece], width: int) -> _Shape:
    """The roomiest shape that fits, or the narrowest there is."""
    count = max(len(row.cells) for row in rows)
    first = min((i for row in rows for i, column in enumerate(row.columns) if column), default=0)
    gutter = min(max(cells(_taken_for(row)) for row in rows), _GUTTER)
    labels = min(max((cells(_label(row, first)) for row in rows), default=0), _LABEL)
    shapes = [_Shape(gutter, labels, first, tuple(_column(rows, i, cap) for i in range(first, count))) for cap in _HEAD_CAPS]
    fitting = next((shape for shape in shapes if shape.total <= width), shapes[-1])
    return replace(fitting, label=min(labels, max(_LEAST_LABEL, labels - max(0, fitting.total - width))))


def _column(rows: Sequence[RowPiece], index: int, cap: int) -> int:
    """The width of a column: that of its figures, and as much of its heads as ``cap`` allows."""
    figures = max((cells(_at(row, index)) for row in rows if row.rows), default=0)
    heads = max((cells(_at(row, index)) for row in rows if not row.rows), default=0)
    return max(_NARROWEST, min(figures, _WIDEST), min(heads, cap))


def _at(row: RowPiece, index: int) -> str:
    """What is shown of a cell: a sign for an empty one, nothing for a place that another covers."""
    if index >= len(row.cells) or row.cells[index] is None:
        return ""
    return clean(row.cells[index] or "") or _EMPTY


def _label(row: RowPiece, first: int) -> str:
    return " ".join(clean(text) for text in row.cells[:first] if text)


def _cells(row: RowPiece, shape: _Shape) -> str:
    label = _label(row, shape.first)
    shown = [pad(_end(label, shape.label), shape.label)] if shape.first else []
    for i, width in enumerate(shape.columns, shape.first):
        text = _at(row, i)
        shown.append(pad(_cut(text, width), width, right=bool(i < len(row.columns) and row.columns[i])))
    return "│ ".join(shown).rstrip(" │")


def _heads(row: RowPiece, form: Form, shape: _Shape, lang: str) -> Iterator[Line]:
    """The table of the form and its columns, and their numbers over the columns where these are known."""
    table = form.tables[row.table or ""]
    names = "  ".join(f"{i} {name}" for i, name in enumerate(table.columns, 1))
    margin = "  " + pad("", shape.gutter) + "  "
    yield ("  " + pad(f"{table.name[lang]} {table.id}", shape.gutter), "key"), (f"  {_WORDS[lang]['columns']}: {names}", "dim")
    if any(row.columns):
        numbers = [str(row.columns[i] or "") if i < len(row.columns) else "" for i in range(shape.first, shape.first + len(shape.columns))]
        told = [pad("", shape.label)] if shape.first else []
        told += [pad(number, width, right=True) for number, width in zip(numbers, shape.columns, strict=True)]
        yield ((margin + "  ".join(told).rstrip(), "dim"),)


def _end(text: str, width: int) -> str:
    """``text``, or as much of its end as fits: a row's own label stands behind those of its parents."""
    return text if cells(text) <= width else "…" + _cut(text[::-1], width)[:-1][::-1]


# --- what was left --------------------------------------------------------------------------------------------------------------


def _left(outline: Outline, form: Form | None, lang: str, width: int) -> Iterator[Line]:
    rows = [piece for piece in outline.pieces if isinstance(piece, RowPiece)]
    left = [row for row in rows if row.figures and not row.rows]
    found = sum(len(row.rows) for row in rows)
    figures = sum(1 for row in rows for column in row.columns if column)
    if form is not None:
        yield ((_WORDS[lang]["total"].format(rows=found, figures=figures, left=len(left)), "strong"),)
    for row in left:
        yield ("  " + _where(row.place, lang) + "  ", "dim"), (_cut(" ".join(clean(text) for text in row.cells if text), width - 14), "")
    for remark in outline.remarks:
        printed = remark.said.get("printed", remark.said.get("heading", ""))
        yield (f"  form/{remark.rule}  ", "warning"), (f"{_where(remark.place, lang)} {_cut(clean(printed), width - 40)}".strip(), "")
