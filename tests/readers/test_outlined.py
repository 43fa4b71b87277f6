"""How a document was understood: every piece is there once, in order, with what it was taken for."""

from __future__ import annotations

from documents import as_html, printed
from reader_reports import FORM, YUNLING

from govreport_check import read
from govreport_check.outline import Outline, RowPiece, TextPiece
from govreport_check.readers import load_source, recognise
from govreport_check.readers.outlined import outline_of

PAGE = as_html(printed(read(YUNLING), FORM))


def outline(source: str, *, known: bool = True) -> Outline:
    loaded = load_source(source)
    assert loaded.document is not None
    return outline_of(loaded.document, loaded.kind, FORM if known else None, recognise(loaded, FORM) if known else None)


def rows(made: Outline) -> list[RowPiece]:
    return [piece for piece in made.pieces if isinstance(piece, RowPiece)]


def test_every_figure_of_every_format_is_shown_in_its_column() -> None:
    for source in (YUNLING, PAGE):
        found = {
            (row.table, name): [text for text, column in zip(row.cells, row.columns, strict=True) if column]
            for row in rows(outline(source))
            for name in row.rows
        }
        assert len(found) == 34
        assert found["requests", "granted"] == ["31", "5", "1", "1", "1", "1", "40"]
        assert sum(len(row.columns) - row.columns.count(None) for row in rows(outline(source))) == 200


def test_parts_and_ends_are_named() -> None:
    kinds = [(piece.kind, piece.section) for piece in outline(PAGE).pieces if isinstance(piece, TextPiece) and piece.kind != "paragraph"]
    assert kinds == [
        ("title", None),
        ("preamble", None),
        *(("heading", name) for name in FORM.sections),
        ("signature", "other_matters"),
        ("signature", "other_matters"),
    ]


def test_what_was_not_recognised_is_shown_as_such() -> None:
    made = outline(PAGE.replace("规章</td>", "水利公报</td>").replace("<body>", "<body><nav>首页</nav>"))
    (left,) = [row for row in rows(made) if row.figures and not row.rows]
    assert left.cells[0] == "水利公报"
    assert [piece.text for piece in made.pieces if isinstance(piece, TextPiece) and piece.kind == "aside"] == ["首页"]


def test_a_document_of_no_form_is_shown_bare() -> None:
    made = outline("<h1>收支决算表</h1>\n<table><tr><td>收入<td>5</table>", known=False)
    assert (made.form, [row.cells for row in rows(made)]) == (None, [("收入", "5")])


def test_nothing_of_a_page_is_lost() -> None:
    loaded = load_source(PAGE).document
    assert loaded is not None
    shown = [piece.place.line for piece in outline(PAGE).pieces]
    assert shown == [block.place.line for block in loaded.blocks]
