"""The official form as a workbook: a sheet for each part, totals that add themselves up, and a sheet of checks that follow the figures.

A total is a formula only where that changes nothing: a printed total that is not the sum of its parts stays as printed, and the sheet of
checks says so. ECMA-376-1:2016, 18; written by XlsxWriter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from govreport_check.errors import UsageError
from govreport_check.renderers.drawn_form import Drawing, DrawnForm, DrawnPart, DrawnTable, caption_above, drawing_of
from govreport_check.renderers.inert import plain_text
from govreport_check.renderers.lines import cells as width_of
from govreport_check.renderers.live_sums import At, Equation, Spot, formula_of, references
from govreport_check.renderers.paper import Box, boxes

CHECKS = "govreport_checks"
"""The name defined for the sheet of checks, by which readers know that it is no part of the report."""

_WORDS: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "sheet": "核对",
        "heads": "核对项|左|右|左减右|结果",
        "widths": "70|14|14|14|14",
        "same": "相符",
        "differs": "不符",
        "open": "未能核对",
        "note": "数据改动后，本表自动重新计算。有关数据未填或者不是数字的，不作判断，不等于相符。",
    },
    "en": {
        "sheet": "Checks",
        "heads": "Check|Left|Right|Left − right|Outcome",
        "widths": "70|14|14|14|14",
        "same": "holds",
        "differs": "does not hold",
        "open": "not verified",
        "note": "This sheet follows the figures. Where one is blank or no number nothing is decided, which is not a pass.",
    },
}
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_DIGITS = 15
_MOST_UPRIGHT = 11
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_STUB, _LABEL, _FIGURE, _WORDY = 6, 36, 10, 30
_PROSE = 8
"""Columns that prose takes where no table asks for more."""
_LINE, _TALLEST = 16, 400
_BEGINNING = datetime(1980, 1, 1)


@dataclass(slots=True)
class _Book:
    """A workbook being written. ``spots``: where each figure stands; ``figures``: those that are numbers."""

    file: Any
    formats: Mapping[str, Any]
    sums: Mapping[Spot, tuple[Spot, ...]]
    spots: dict[Spot, At] = field(default_factory=dict)
    figures: dict[Spot, Decimal] = field(default_factory=dict)
    texts: dict[Spot, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


def form_xlsx(form: DrawnForm, sums: Mapping[Spot, tuple[Spot, ...]], equations: Sequence[Equation], *, blank: bool) -> bytes:
    """The form as the content of an ``.xlsx`` file. ``blank``: nothing is filled in, so every total of ``sums`` is a formula.

    Raises UsageError where XlsxWriter is not installed.
    """
    try:
        import xlsxwriter
    except ImportError:
        raise UsageError("a workbook is written by XlsxWriter, which is not installed: pip install 'govreport-check[xlsx]'") from None
    target = BytesIO()
    file = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    file.set_properties({"created": _BEGINNING})
    book = _Book(file, _formats(file, form.lang), sums)
    groups = list(_sheets(form))
    for group in groups:
        _note_figures(book, group)
    live = {spot for spot in sums if spot in book.texts and (blank or _holds(spot, book))}
    for group in groups:
        _sheet(book, group)
    for spot in book.spots:  # sums may name figures of later sheets, so that all must have their place first
        _figure(book, spot, spot in live)
    _checks(book, equations, _WORDS.get(form.lang, _WORDS["zh"]))
    file.close()
    return target.getvalue()


def _formats(file: Any, lang: str) -> dict[str, Any]:
    face: dict[str, Any] = {
        "font_name": "宋体" if lang == "zh" else "Times New Roman",
        "font_size": 11,
        "valign": "vcenter",
        "text_wrap": True,
    }
    kinds: dict[str, dict[str, Any]] = {
        "prose": {"valign": "top"},
        "title": {"font_size": 14, "align": "center", "bold": True},
        "heading": {"bold": True, "text_wrap": False},
        "note": {"font_size": 9},
        "head": {"border": 1, "align": "center", "bg_color": "#F2F2F2"},
        "label": {"border": 1},
        "figure": {"border": 1, "align": "center"},
        "sum": {"border": 1, "align": "center", "bg_color": "#EAF3EA"},
        "differs": {"font_color": "#9C0006", "bg_color": "#FFC7CE"},
    }
    return {name: file.add_format({**face, **more}) for name, more in kinds.items()}


def _sheets(form: DrawnForm) -> Iterator[list[DrawnPart]]:
    """The parts of each sheet: one with its heading, what has none beside it."""
    group: list[DrawnPart] = []
    for part in form.parts:
        if part.heading and any(one.heading for one in group):
            yield group
            group = []
        group.append(part)
    if group:
        yield group


# --- figures --------------------------------------------------------------------------------------------------------------------


def _note_figures(book: _Book, group: Sequence[DrawnPart]) -> None:
    for one in (table for part in group for table in part.tables):
        for box in (box for line in drawing_of(one).lines for box in line if box.cell is not None):
            spot = (one.table.id, *(box.cell or (0, 0)))
            book.texts[spot] = box.text
            number = _number(box.text)
            if number is not None:
                book.figures[spot] = number


def _number(text: str) -> Decimal | None:
    """The number that ``text`` plainly is, if a workbook holds it exactly."""
    if not _NUMBER.fullmatch(text) or len(re.sub(r"\D", "", text).lstrip("0")) > _DIGITS:
        return None
    return Decimal(text)


def _holds(spot: Spot, book: _Book) -> bool:
    """Whether the figure is what its sum gives, every part of it a number or blank."""
    parts = [part for part in book.sums[spot] if part in book.texts]
    plain = all(part in book.figures or not book.texts[part] for part in parts) and any(part in book.figures for part in parts)
    return plain and book.figures.get(spot) == sum((book.figures.get(part, Decimal(0)) for part in parts), Decimal(0))


# --- sheets ---------------------------------------------------------------------------------------------------------------------


def _sheet(book: _Book, group: Sequence[DrawnPart]) -> None:
    heading = next((part.heading for part in group if part.heading), "1")
    sheet = book.file.add_worksheet(_called(heading, book))
    drawings = [drawing_of(table) for part in group for table in part.tables]
    widths = _widths(drawings)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    if len(widths) > _MOST_UPRIGHT:
        sheet.set_landscape()
    row = 0
    for part in group:
        row = _part(book, sheet, part, row, widths)


def _called(heading: str, book: _Book) -> str:
    """A name for a sheet: at most 31 characters, none of those that Excel forbids, no other sheet's."""
    short = _FORBIDDEN.sub(" ", plain_text(heading)).strip()[:28] or "1"
    name, number = short, 2
    while name.casefold() in book.names:
        name, number = f"{short} {number}", number + 1
    book.names.add(name.casefold())
    return name


def _widths(drawings: Sequence[Drawing]) -> list[int]:
    """How many characters each column of a sheet is wide: labels, figures, and columns of words."""
    stub = max((drawing.stub for drawing in drawings), default=0)
    wide = max([2, *(drawing.wide for drawing in drawings)]) if drawings else _PROSE  # prose is merged over at least two
    widths = [_STUB if column < stub - 1 else _LABEL if column == stub - 1 else _FIGURE for column in range(wide)]
    for _, column, box in (one for drawing in drawings for one in boxes(drawing.lines)):
        if box.cell is not None and width_of(box.text) > 2 * _FIGURE:
            widths[column] = _WORDY
    return widths


def _height(text: str, width: int) -> int:
    """Points for ``text`` in lines of ``width`` characters, less what is lost where words are not parted."""
    return min(_TALLEST, _LINE * max(1, -(-width_of(text, wide=True) // max(1, width - 1 - width // 20))))


def _part(book: _Book, sheet: Any, part: DrawnPart, row: int, widths: Sequence[int]) -> int:
    """Writes a part from ``row`` on; the first row behind it is handed back."""
    wide, width = len(widths), sum(widths)
    kind = "title" if part.id == "title" else "prose"
    lines = [(part.heading, "heading")] if part.heading else []
    for text, style in [*lines, *((text, kind) for text in part.paragraphs)]:
        row = _prose(book, sheet, row, text, style, wide, width)
    for one in part.tables:
        row = _table(book, sheet, one, row + (row > 0), widths, part.heading)
        for note in one.notes:
            row = _prose(book, sheet, row, note, "note", wide, width)
    return row


def _prose(book: _Book, sheet: Any, row: int, text: str, style: str, wide: int, width: int) -> int:
    said = plain_text(text)
    sheet.merge_range(row, 0, row, wide - 1, "", book.formats[style])
    sheet.write_string(row, 0, said, book.formats[style])
    sheet.set_row(row, _height(said, width))
    return row + 1


def _table(book: _Book, sheet: Any, one: DrawnTable, row: int, widths: Sequence[int], heading: str) -> int:
    above = caption_above(one)
    if above and above != heading:
        sheet.write_string(row, 0, plain_text(above), book.formats["heading"])
        row += 2
    drawing = drawing_of(one)
    for down, column, box in boxes(drawing.lines):
        if box.cell is None:
            _head(book, sheet, (row + down, column), box)
        else:
            book.spots[(one.table.id, *box.cell)] = (sheet.get_name(), row + down, column)
    heights = [_LINE] * len(drawing.lines)
    for down, column, box in boxes(drawing.lines):
        if box.down == 1:
            width = sum(widths[column : column + box.across])
            heights[down] = max(heights[down], _height(plain_text(box.text), width))
    for down, height in enumerate(heights):
        sheet.set_row(row + down, height)
    return row + len(drawing.lines) + 1


def _head(book: _Book, sheet: Any, at: tuple[int, int], box: Box) -> None:
    style = book.formats["head" if box.centred else "label"]
    if box.across > 1 or box.down > 1:
        sheet.merge_range(at[0], at[1], at[0] + box.down - 1, at[1] + box.across - 1, "", style)
    sheet.write_string(*at, plain_text(box.text), style)


def _figure(book: _Book, spot: Spot, live: bool) -> None:
    home, row, column = book.spots[spot]
    sheet = book.file.get_worksheet_by_name(home)
    text, number = plain_text(book.texts[spot]), book.figures.get(spot)
    if live:
        parts = references((book.spots[part] for part in book.sums[spot] if part in book.spots), home)
        formula = f'=IF(COUNT({parts})=0,"",SUM({parts}))'
        sheet.write_formula(row, column, formula, book.formats["sum"], "" if number is None else number)
    elif number is not None:
        sheet.write_number(row, column, number, book.formats["figure"])
    elif text:
        sheet.write_string(row, column, text, book.formats["figure"])
    else:
        sheet.write_blank(row, column, None, book.formats["figure"])


# --- checks ---------------------------------------------------------------------------------------------------------------------


def _checks(book: _Book, equations: Sequence[Equation], words: Mapping[str, str]) -> None:
    name = _called(words["sheet"], book)
    sheet = book.file.add_worksheet(name)
    quoted = name.replace("'", "''")
    book.file.define_name(CHECKS, f"='{quoted}'!$A$1")
    for column, (head, width) in enumerate(zip(words["heads"].split("|"), words["widths"].split("|"), strict=True)):
        sheet.set_column(column, column, int(width))
        sheet.write_string(0, column, head, book.formats["head"])
    sheet.freeze_panes(1, 0)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    known = [equation for equation in equations if any(spot in book.spots for spot in equation.spots)]
    for row, equation in enumerate(known, 1):
        _check(book, sheet, row, equation, words)
    sheet.write_string(len(known) + 2, 0, words["note"], book.formats["note"])
    wrong = {"type": "cell", "criteria": "==", "value": f'"{words["differs"]}"', "format": book.formats["differs"]}
    sheet.conditional_format(1, 4, max(1, len(known)), 4, wrong)


def _check(book: _Book, sheet: Any, row: int, equation: Equation, words: Mapping[str, str]) -> None:
    home, line = sheet.get_name(), row + 1
    values = [side.value(book.figures) for side in (equation.left, equation.right)]
    decided = _decided(equation, book)
    difference = values[0] - values[1]
    outcome = words["open"] if not decided else words["differs"] if difference else words["same"]
    sheet.write_string(row, 0, plain_text(equation.name), book.formats["label"])
    sheet.set_row(row, _height(plain_text(equation.name), int(words["widths"].partition("|")[0])))
    for column, (side, value) in enumerate(zip((equation.left, equation.right), values, strict=True), 1):
        sheet.write_formula(row, column, f"={formula_of(side, book.spots, home)}", book.formats["figure"], value)
    told = f'=IF({_open(equation, book, home)},"",ROUND(B{line}-C{line},6))'
    sheet.write_formula(row, 3, told, book.formats["figure"], difference if decided else "")
    said = f'=IF(D{line}="","{words["open"]}",IF(D{line}=0,"{words["same"]}","{words["differs"]}"))'
    sheet.write_formula(row, 4, said, book.formats["figure"], outcome)


def _open(equation: Equation, book: _Book, home: str) -> str:
    """The condition under which nothing is decided: some cell holds text, or one that is needed is blank."""
    cells = references((book.spots[spot] for spot in equation.spots if spot in book.spots), home)
    needed = [book.spots[spot] for spot in equation.needed if spot in book.spots]
    missing = f",COUNT({references(needed, home)})<{len(needed)}" if needed else ""
    return f"OR(COUNTA({cells})>COUNT({cells}),COUNT({cells})=0{missing})"


def _decided(equation: Equation, book: _Book) -> bool:
    spots = [spot for spot in equation.spots if spot in book.spots]
    numbers = [spot for spot in spots if spot in book.figures]
    texts = any(book.texts[spot] for spot in spots if spot not in book.figures)
    return bool(numbers) and not texts and all(spot in book.figures for spot in equation.needed if spot in book.spots)
