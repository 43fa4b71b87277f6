"""A paper as a Word file (ECMA-376, WordprocessingML): A4, styles that can be edited, lists that number themselves, no date and no author.

The same paper gives the same bytes.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from itertools import groupby
from typing import Any

from lxml import etree

from govreport_check.renderers.inert import plain_text
from govreport_check.renderers.paper import Block, Box, Layout, NewPage, Paper, Sheet, Words, boxes

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_A4 = (11906, 16838)
_BEGINNING = (1980, 1, 1, 0, 0, 0)

_FONTS: Mapping[str, Mapping[str, str]] = {
    "zh": {"latin": "Times New Roman", "body": "仿宋", "heading": "黑体", "title": "方正小标宋简体"},
    "en": {"latin": "Times New Roman", "body": "仿宋", "heading": "黑体", "title": "黑体"},
}
_INSTEAD = {"仿宋": "FangSong", "黑体": "SimHei", "方正小标宋简体": "SimSun"}
"""What a system may have in place of a font (``w:altName``)."""


def docx_of(paper: Paper) -> bytes:
    """The paper as the content of a ``.docx`` file."""
    lists = sum(listed for listed, _ in groupby(paper.blocks, _is_item))
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations({"document": "word/document.xml"}),
        "word/document.xml": _written(_document(paper)),
        "word/_rels/document.xml.rels": _relations({name: f"{name}.xml" for name in ("styles", "numbering", "fontTable", "footer")}),
        "word/styles.xml": _written(_styles(paper)),
        "word/numbering.xml": _written(_numbering(lists)),
        "word/fontTable.xml": _written(_fonts()),
        "word/footer.xml": _written(_footer(paper)),
    }
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(zipfile.ZipInfo(name, _BEGINNING), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _is_item(block: Block) -> bool:
    return isinstance(block, Words) and block.kind == "item"


def _written(element: Any) -> bytes:
    return _HEAD + bytes(etree.tostring(element, encoding="UTF-8"))


def _make(tag: str, /, *children: Any, **attributes: Any) -> Any:
    element = etree.Element(f"{{{_W}}}{tag}", {f"{{{_W}}}{key}": str(value) for key, value in attributes.items()}, nsmap={"w": _W})
    element.extend(children)
    return element


def _content_types() -> bytes:
    kinds = {"document": "document.main", **{name: name for name in ("styles", "numbering", "fontTable", "footer")}}
    root = etree.Element("Types", xmlns=f"{_PACKAGE}/content-types")
    etree.SubElement(root, "Default", Extension="rels", ContentType="application/vnd.openxmlformats-package.relationships+xml")
    etree.SubElement(root, "Default", Extension="xml", ContentType="application/xml")
    for name, kind in kinds.items():
        etree.SubElement(root, "Override", PartName=f"/word/{name}.xml", ContentType=f"{_TYPES}.{kind}+xml")
    return _written(root)


def _relations(targets: Mapping[str, str]) -> bytes:
    root = etree.Element("Relationships", xmlns=f"{_PACKAGE}/relationships")
    for kind, target in targets.items():
        name = "officeDocument" if kind == "document" else kind
        etree.SubElement(root, "Relationship", Id=f"r_{kind}", Type=f"{_R}/{name}", Target=target)
    return _written(root)


def _document(paper: Paper) -> Any:
    content: list[Any] = []
    number, fresh = 0, False
    for listed, group in groupby(paper.blocks, _is_item):
        number += listed
        for block in group:
            if not isinstance(block, NewPage):
                content.extend(_block(block, paper.layout, number, fresh))
            fresh = isinstance(block, NewPage)
    return _make("document", _make("body", *content, _section(paper.layout)))


def _block(block: Words | Sheet, layout: Layout, number: int, fresh: bool) -> Iterator[Any]:
    if isinstance(block, Words):
        yield _paragraph(plain_text(block.text), block.kind, number, fresh)
    else:
        yield _table(block, layout)
        yield _paragraph("", "small")


def _paragraph(text: str, style: str, number: int = 0, fresh: bool = False) -> Any:
    """``number``: that of its list, for an item; ``fresh``: on a page of its own."""
    format_ = _make("pPr", _make("pStyle", val=style))
    if fresh:
        format_.append(_make("pageBreakBefore"))
    if style == "item":
        format_.append(_make("numPr", _make("ilvl", val=0), _make("numId", val=number)))
    return _make("p", format_, *_runs(text))


def _runs(text: str) -> Iterator[Any]:
    for i, line in enumerate(text.split("\n")):
        if i:
            yield _make("r", _make("br"))
        words = _make("t")
        words.text = plain_text(line)
        words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        yield _make("r", words)


# --- tables --------------------------------------------------------------------------------------------------------------------


def _table(sheet: Sheet, layout: Layout) -> Any:
    widths = _widths(sheet.widths, _room(layout))
    begun = {(row, column): box for row, column, box in boxes(sheet.lines)}
    # fmt: off
    form = _make(
        "tblPr", _make("tblStyle", val="grid"), _make("tblW", w=sum(widths), type="dxa"), _make("jc", val="center"),
        _make("tblLayout", type="fixed"),
    )
    # fmt: on
    lines = [_line(row, sheet, begun, widths) for row in range(len(sheet.lines))]
    return _make("tbl", form, _make("tblGrid", *(_make("gridCol", w=width) for width in widths)), *lines)


def _room(layout: Layout) -> int:
    """Twentieths of a point from margin to margin."""
    return _A4[1 if layout.wide else 0] - _twips(layout.margins[1]) - _twips(layout.margins[3])


def _widths(shares: tuple[int, ...], room: int) -> list[int]:
    return [room * share // sum(shares) for share in shares]


def _line(row: int, sheet: Sheet, begun: Mapping[tuple[int, int], Box], widths: list[int]) -> Any:
    form = _make("trPr", _make("cantSplit"), *([_make("tblHeader")] if row < sheet.heads else []))
    line, column = _make("tr", form), 0
    while column < len(widths):
        start, box = _standing(row, column, begun)
        across = 1 if box is None else box.across
        line.append(_cell(box, start == row, sum(widths[column : column + across]), row >= sheet.heads))
        column += across
    return line


def _standing(row: int, column: int, begun: Mapping[tuple[int, int], Box]) -> tuple[int, Box | None]:
    """The line in which the box at ``column`` begins, and the box; None where nothing stands."""
    for above in range(row, -1, -1):
        box = begun.get((above, column))
        if box is not None:
            return (above, box) if above + box.down > row else (row, None)
    return row, None


def _cell(box: Box | None, begins: bool, width: int, body: bool) -> Any:
    form = _make("tcPr", _make("tcW", w=width, type="dxa"))
    if box is not None and box.across > 1:
        form.append(_make("gridSpan", val=box.across))
    if box is not None and box.down > 1:
        form.append(_make("vMerge", val="restart" if begins else "continue"))
    form.append(_make("vAlign", val="center"))
    style = "centred" if box is None or box.centred or (box.head and not body) else "cell"
    return _make("tc", form, _paragraph(box.text if box is not None and begins else "", style))


# --- page, styles, numbers -----------------------------------------------------------------------------------------------------


def _twips(millimetres: float) -> int:
    return round(millimetres * 1440 / 25.4)


def _section(layout: Layout) -> Any:
    width, height = (_A4[1], _A4[0]) if layout.wide else _A4
    top, right, bottom, left = map(_twips, layout.margins)
    footer = _make("footerReference", type="default")
    footer.set(f"{{{_R}}}id", "r_footer")
    size = _make("pgSz", w=width, h=height, **({"orient": "landscape"} if layout.wide else {}))
    margins = _make("pgMar", top=top, right=right, bottom=bottom, left=left, header=_twips(10), footer=_twips(10), gutter=0)
    return _make("sectPr", *([footer] if layout.numbered else []), size, margins)


def _styles(paper: Paper) -> Any:
    layout, fonts = paper.layout, _FONTS.get(paper.lang, _FONTS["zh"])
    usual = _make("rPr", _face(fonts, "body"), *_size(layout.body), _language())
    bold = paper.lang != "zh"
    return _make(
        "styles",
        _make("docDefaults", _make("rPrDefault", usual), _make("pPrDefault", _make("pPr", _spacing(line=layout.line)))),
        _style("text", [_indent(layout.body if paper.lang == "zh" else 0), _aligned("both")]),
        _style("left", []),
        _style("caption", [_keep(), _spacing(before=layout.body / 3)]),
        _style("right", [_aligned("right")]),
        _style("item", [_aligned("both")]),
        _style(
            "title",
            [_keep(), _spacing(after=layout.title), _aligned("center")],
            [_face(fonts, "title"), *_bold(bold), *_size(layout.title)],
        ),
        _style("heading", [_keep(), _spacing(before=layout.body / 3, line=layout.line)], [_face(fonts, "heading"), *_bold(bold)]),
        _style("small", [_spacing()], _size(layout.small)),
        _style("cell", [_spacing()], _size(layout.small)),
        _style("centred", [_spacing(), _aligned("center")], _size(layout.small)),
        _grid(),
    )


def _style(name: str, form: Sequence[Any], letters: Sequence[Any] = ()) -> Any:
    style = _make("style", _make("name", val=name), _make("qFormat"), _make("pPr", *form), type="paragraph", styleId=name)
    if letters:
        style.append(_make("rPr", *letters))
    return style


def _grid() -> Any:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = _make("tblBorders", *(_make(side, val="single", sz=4, space=0, color="auto") for side in sides))
    margins = _make("tblCellMar", *(_make(side, w=57, type="dxa") for side in ("left", "right")))
    return _make("style", _make("name", val="grid"), _make("tblPr", borders, margins), type="table", styleId="grid")


def _face(fonts: Mapping[str, str], use: str) -> Any:
    return _make("rFonts", ascii=fonts["latin"], hAnsi=fonts["latin"], eastAsia=fonts[use], cs=fonts["latin"])


def _bold(wanted: bool) -> list[Any]:
    return [_make("b")] if wanted else []


def _size(points: float) -> tuple[Any, Any]:
    return _make("sz", val=round(points * 2)), _make("szCs", val=round(points * 2))


def _language() -> Any:
    return _make("lang", val="en-US", eastAsia="zh-CN")  # of Latin letters and figures, which are not to be broken as Chinese is


def _spacing(*, before: float = 0, after: float = 0, line: float = 0) -> Any:
    exact = {"line": round(line * 20), "lineRule": "exact"} if line else {}
    return _make("spacing", before=round(before * 20), after=round(after * 20), **exact)


def _indent(character: float) -> Any:
    """Two characters of so many points, as Chinese paragraphs begin; none for nought."""
    return _make("ind", firstLineChars=200 if character else 0, firstLine=round(character * 40))


def _aligned(how: str) -> Any:
    return _make("jc", val=how)


def _keep() -> Any:
    return _make("keepNext")


def _numbering(lists: int) -> Any:
    """One kind of list, and every list of the paper as one that begins with 1."""
    place = _make("pPr", _make("ind", left=640, hanging=640))
    level = _make(
        "lvl", _make("start", val=1), _make("numFmt", val="decimal"), _make("lvlText", val="%1."), _make("lvlJc", val="left"), place, ilvl=0
    )
    kind = _make("abstractNum", _make("multiLevelType", val="singleLevel"), level, abstractNumId=0)
    return _make("numbering", kind, *(_list(number) for number in range(1, lists + 1)))


def _list(number: int) -> Any:
    anew = _make("lvlOverride", _make("startOverride", val=1), ilvl=0)
    return _make("num", _make("abstractNumId", val=0), anew, numId=number)


def _fonts() -> Any:
    return _make("fonts", *(_make("font", _make("altName", val=instead), name=name) for name, instead in _INSTEAD.items()))


def _footer(paper: Paper) -> Any:
    begin, end = (_make("r", _make("fldChar", fldCharType=kind)) for kind in ("begin", "end"))
    asked = _make("instrText")
    asked.text = "PAGE"
    page = [begin, _make("r", asked), end]
    runs = [*_runs("— "), *page, *_runs(" —")] if paper.lang == "zh" else page
    return _make("ftr", _make("p", _make("pPr", _make("pStyle", val="centred")), *runs))
