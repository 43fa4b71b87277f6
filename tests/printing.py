"""A report printed on pages: laid out once, then written as pdf or ofd by hand. What an office program does, but every line is known.

:func:`laid_out` sets the items of ``documents.printed`` on pages; :func:`as_pdf` and :func:`as_ofd` write those.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from html import escape

from documents import Cell, Grid, Item

from govreport_check.readers.sheet import is_wide


@dataclass(frozen=True)
class Words:
    """A piece of text: x and y of its base line from the upper left corner, in points."""

    x: float
    y: float
    size: float
    text: str


@dataclass
class Page:
    """What is drawn on a page; a line is (x0, y0, x1, y1)."""

    words: list[Words] = field(default_factory=list)
    lines: list[tuple[float, float, float, float]] = field(default_factory=list)


@dataclass(frozen=True)
class Style:
    """How a report is set. ``cut``: rows may be cut by the page's end, with a line there (``closed``) or without; ``repeat``: so many head
    rows of table three stand again on every page; ``room``: between a cell's text and its lines; ``foot`` is printed at the foot."""

    width: float = 595
    height: float = 842
    margin: float = 72
    size: float = 10.5
    room: float = 4
    cut: bool = True
    closed: bool = False
    repeat: int = 0
    ruled: bool = True
    foot: str = "- {} -"
    head: str = ""

    @property
    def measure(self) -> float:
        return self.width - 2 * self.margin

    @property
    def leading(self) -> float:
        return 1.5 * self.size


def width_of(text: str, size: float) -> float:
    return sum(size if is_wide(char) else size / 2 for char in text)


def wrapped(text: str, size: float, width: float, indent: float = 0.0) -> list[str]:
    """``text`` in lines that fit; anything may be parted, as Word does in narrow cells."""
    lines, room = [""], width - indent
    for char in text:
        if lines[-1] and width_of(lines[-1] + char, size) > room:
            lines.append("")
            room = width
        lines[-1] += char
    return lines


def laid_out(items: Sequence[Item], style: Style = Style()) -> list[Page]:
    """The pages of a report."""
    press = _Press(style)
    for item in items:
        if isinstance(item, Grid):
            press.table(item)
        else:
            press.paragraph(item.text, item.kind)
    for number, page in enumerate(press.pages, 1):
        foot = style.foot.format(number)
        page.words.append(Words((style.width - width_of(foot, 9)) / 2, style.height - 40, 9, foot))
        if style.head:
            page.words.append(Words(style.margin, 40, 9, style.head))
    return press.pages


class _Press:
    """Sets one thing after another."""

    def __init__(self, style: Style) -> None:
        self.style, self.pages, self.y = style, [Page()], style.margin

    def paragraph(self, text: str, kind: str) -> None:
        style = self.style
        size = {"title": 1.7 * style.size, "heading": 1.2 * style.size}.get(kind, style.size)
        indent = 2 * size if kind == "text" else 0.0
        for number, line in enumerate(wrapped(text, size, style.measure, indent)):
            if self.y + 1.5 * size > style.height - style.margin:
                self.turn()
            x = style.margin + (indent if number == 0 else 0.0)
            if kind == "title":
                x = (style.width - width_of(line, size)) / 2
            self.pages[-1].words.append(Words(x, self.y + size, size, line))
            self.y += 1.5 * size

    def turn(self) -> None:
        self.pages.append(Page())
        self.y = self.style.margin

    def table(self, grid: Grid) -> None:
        cells = list(grid.placed())
        widths = _widths(grid, self.style.measure)
        edges = [self.style.margin + sum(widths[:i]) for i in range(len(widths) + 1)]
        tops = _tops(grid, edges, self.style)
        repeated = self.style.repeat if grid.id == "requests" else 0
        start = 0.0
        while start < tops[-1]:
            heads = tops[repeated] if start else 0.0
            if start:
                self.turn()
                self.draw(cells, edges, tops, 0.0, heads)
            end = self.end_of(start, self.style.height - self.style.margin - self.y - heads, tops)
            if end <= start:  # nothing fits: on the next page
                self.turn()
                continue
            self.y += heads
            self.draw(cells, edges, tops, start, end)
            self.y += end - start
            start = end
        self.y += self.style.leading

    def end_of(self, start: float, room: float, tops: Sequence[float]) -> float:
        """How far the table goes on this page: to the end of a row, or of a line in it."""
        whole = max((top for top in tops if top <= start + room), default=0.0)
        if not self.style.cut or whole == tops[-1]:
            return whole
        row = max(top for top in tops[:-1] if top <= start + room)
        lines = int((start + room - row - self.style.room) // self.style.leading)
        below = min((top for top in tops if top > row), default=tops[-1])
        parts = int((below - row - 2 * self.style.room) // self.style.leading)
        return row + self.style.room + lines * self.style.leading if 0 < lines < parts and row >= start else whole

    def draw(self, cells: Sequence[tuple[int, int, Cell]], edges: Sequence[float], tops: Sequence[float], start: float, end: float) -> None:
        for r, c, cell in cells:
            top, bottom = tops[r], tops[r + cell.down]
            if bottom <= start or top >= end:
                continue
            x0, x1 = edges[c], edges[c + cell.across]
            if self.style.ruled:
                self.frame(x0, x1, (top, bottom), (start, end))
            for number, line in enumerate(wrapped(cell.text, self.style.size, x1 - x0 - 2 * self.style.room)):
                base = top + self.style.room + number * self.style.leading + self.style.size
                if line and start <= base < end:
                    self.pages[-1].words.append(Words(x0 + self.style.room, self.y + base - start, self.style.size, line))

    def frame(self, x0: float, x1: float, cell: tuple[float, float], part: tuple[float, float]) -> None:
        top, bottom = max(cell[0], part[0]), min(cell[1], part[1])
        y0, y1 = self.y + top - part[0], self.y + bottom - part[0]
        lines = self.pages[-1].lines
        lines += [(x0, y0, x0, y1), (x1, y0, x1, y1)]
        lines += [(x0, y0, x1, y0)] if cell[0] >= part[0] or self.style.closed else []
        lines += [(x0, y1, x1, y1)] if cell[1] <= part[1] or self.style.closed else []


def _widths(grid: Grid, measure: float) -> list[float]:
    longest = [2] * grid.width
    for _, c, cell in grid.placed():
        if cell.across == 1:
            longest[c] = min(10, max(longest[c], len(cell.text)))
    return [measure * one / sum(longest) for one in longest]


def _tops(grid: Grid, edges: Sequence[float], style: Style) -> list[float]:
    """Where rows begin, the end of the last behind them."""
    heights = [style.leading + 2 * style.room] * len(grid.rows)
    for r, c, cell in sorted(grid.placed(), key=lambda one: one[2].down):
        lines = len(wrapped(cell.text, style.size, edges[c + cell.across] - edges[c] - 2 * style.room))
        missing = lines * style.leading + 2 * style.room - sum(heights[r : r + cell.down])
        heights[r + cell.down - 1] += max(0.0, missing)
    return [sum(heights[:i]) for i in range(len(heights) + 1)]


# --- PDF ------------------------------------------------------------------------------------------------------------------------

FONT = "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UTF16-H/DescendantFonts[4 0 R]>>"
CID_FONT = (
    "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>"
    "/DW 1000/W[1 95 500 814 939 500]/FontDescriptor 5 0 R>>"
)
DESCRIPTOR = (
    "<</Type/FontDescriptor/FontName/STSong-Light/Flags 4/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880/Descent -120"
    "/CapHeight 880/StemV 93>>"
)
WORDS = Callable[[Words, float], str]


def plain_words(words: Words, height: float) -> str:
    code = words.text.encode("utf-16-be").hex()
    return f"BT /F1 {words.size:.3f} Tf {words.x:.3f} {height - words.y:.3f} Td <{code}> Tj ET"


def bold_words(words: Words, height: float) -> str:
    """The same twice, a third of a point apart."""
    return "\n".join(plain_words(replace(words, x=words.x + shift), height) for shift in (0.0, 0.33))


def apart_words(words: Words, height: float) -> str:
    """Every character drawn by itself, as some printer drivers do."""
    shifts = [width_of(words.text[:i], words.size) for i in range(len(words.text))]
    pairs = zip(words.text, shifts, strict=True)
    return "\n".join(plain_words(replace(words, text=char, x=words.x + shift), height) for char, shift in pairs)


def as_pdf(
    pages: Sequence[Page], style: Style = Style(), *, words: WORDS = plain_words, turned: bool = False, boxes: bool = False
) -> bytes:
    """A PDF file. ``turned``: the text runs up the sheet, which is shown turned; ``boxes``: lines are thin filled boxes in a form."""
    contents = ["\n".join(_content(page, style, words, boxes)) for page in pages]
    size = (style.width, style.height)
    if turned:
        contents = [f"q 0 1 -1 0 {style.height} 0 cm\n{content}\nQ" for content in contents]
        size = (style.height, style.width)
    box = f"/MediaBox[0 0 {size[0]} {size[1]}]" + ("/Rotate 90" if turned else "")
    return pdf_of(contents, box)


def _content(page: Page, style: Style, words: WORDS, boxes: bool) -> Iterator[str]:
    yield "0.5 w"
    for x0, y0, x1, y1 in page.lines:
        bottom, top = style.height - y1, style.height - y0
        yield (
            f"{x0 - 0.25:.2f} {bottom - 0.25:.2f} {x1 - x0 + 0.5:.2f} {top - bottom + 0.5:.2f} re f"
            if boxes
            else (f"{x0:.2f} {top:.2f} m {x1:.2f} {bottom:.2f} l S")
        )
    yield from (words(one, style.height) for one in page.words)


def pdf_of(contents: Sequence[str], box: str = "/MediaBox[0 0 595 842]", *, font: str = FONT, extra: Sequence[str] = ()) -> bytes:
    """A PDF file with these content streams; ``extra`` are objects from number 6 on."""
    first = 6 + len(extra)
    kids = " ".join(f"{first + 2 * i} 0 R" for i in range(len(contents)))
    objects = ["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Kids[{kids}]/Count {len(contents)}>>", font, CID_FONT, DESCRIPTOR, *extra]
    for i, content in enumerate(contents):
        resources = "/Resources<</Font<</F1 3 0 R>>/XObject<</X1 6 0 R>>>>"
        objects.append(f"<</Type/Page/Parent 2 0 R{box}{resources}/Contents {first + 2 * i + 1} 0 R>>")
        objects.append(f"<</Length {len(content.encode('latin-1'))}>>\nstream\n{content}\nendstream")
    return written(objects)


def written(objects: Sequence[str]) -> bytes:
    """A PDF file of these objects, numbered from one, the catalog first."""
    out = bytearray(b"%PDF-1.5\n")
    places = []
    for number, text in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{text}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<</Size {len(objects) + 1}/Root 1 0 R>>\n".encode()
    return bytes(out + f"startxref\n{start}\n%%EOF\n".encode())


# --- OFD ------------------------------------------------------------------------------------------------------------------------

_MM = 25.4 / 72
_SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def as_ofd(pages: Sequence[Page], style: Style = Style(), *, more: dict[str, str] | None = None) -> bytes:
    """An OFD file; ``more`` members are put into it as they are."""
    members = {
        "OFD.xml": f'<ofd:OFD {_SPACE} Version="1.1" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:DocID>1</ofd:DocID></ofd:DocInfo>'
        "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot><ofd:Signatures>/Doc_0/Signs/Signatures.xml</ofd:Signatures></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {_SPACE}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 "
        f"{style.width * _MM:.3f} {style.height * _MM:.3f}</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData><ofd:Pages>"
        + "".join(f'<ofd:Page ID="{i + 1}" BaseLoc="Pages/Page_{i}/Content.xml"/>' for i in range(len(pages)))
        + "</ofd:Pages><ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments></ofd:Document>",
        **{f"Doc_0/Pages/Page_{i}/Content.xml": _ofd_page(page) for i, page in enumerate(pages)},
        **(more or {}),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>\n{text}')
    return buffer.getvalue()


def _ofd_page(page: Page) -> str:
    paths = "".join(_ofd_path(*line) for line in page.lines)
    texts = "".join(_ofd_text(words) for words in page.words)
    layer = f'<ofd:Layer ID="2" Type="Body">{paths}<ofd:PageBlock ID="3">{texts}</ofd:PageBlock></ofd:Layer>'
    return f"<ofd:Page {_SPACE}><ofd:Content>{layer}</ofd:Content></ofd:Page>"


def _ofd_path(x0: float, y0: float, x1: float, y1: float) -> str:
    x0, y0, x1, y1 = (_MM * one for one in (x0, y0, x1, y1))
    box = f"{x0:.3f} {y0:.3f} {x1 - x0 + 0.2:.3f} {y1 - y0 + 0.2:.3f}"
    data = f"M 0 0 L {x1 - x0:.3f} {y1 - y0:.3f}"
    return f'<ofd:PathObject ID="4" Boundary="{box}" LineWidth="0.2"><ofd:AbbreviatedData>{data}</ofd:AbbreviatedData></ofd:PathObject>'


def _ofd_text(words: Words) -> str:
    """A text object in a box of its own, its steps written short where they are alike."""
    size = words.size * _MM
    steps = [width_of(char, size) for char in words.text[:-1]]
    alike = steps and max(steps) - min(steps) < 1e-9
    delta = f"g {len(steps)} {steps[0]:.4f}" if alike else " ".join(f"{step:.4f}" for step in steps)
    box = f"{words.x * _MM:.3f} {words.y * _MM - size:.3f} {width_of(words.text, size):.3f} {1.3 * size:.3f}"
    code = f'<ofd:TextCode X="0" Y="{size:.4f}" DeltaX="{delta}">{escape(words.text)}</ofd:TextCode>'
    return f'<ofd:TextObject ID="5" Boundary="{box}" Font="1" Size="{size:.4f}">{code}</ofd:TextObject>'
