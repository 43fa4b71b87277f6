"""Office files made by hand, part by part, for what no library writes."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping

from govreport_check.model import Remark
from govreport_check.readers.document import Document, Paragraph, Row
from govreport_check.readers.docx import read_docx
from govreport_check.readers.limits import DEFAULT
from govreport_check.readers.ole import MAGIC
from govreport_check.readers.xlsx import read_xlsx

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OTHERS = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip container of these parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def word_part(name: str, inside: str, *, namespace: str = _WORD) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><w:{name} xmlns:w="{namespace}" {_OTHERS}>{inside}</w:{name}>'


def word_file(body: str, namespace: str = _WORD, **parts: str) -> bytes:
    """A docx with this body; ``styles``, ``numbering``, ``footnotes`` … are what stands in those parts."""
    files = {"word/document.xml": word_part("document", f"<w:body>{body}</w:body>", namespace=namespace)}
    files |= {f"word/{name}.xml": word_part(name, inside, namespace=namespace) for name, inside in parts.items()}
    return packed(files)


def word(body: str, **parts: str) -> Document:
    return read_docx(word_file(body, **parts), "report.docx", DEFAULT)


def p(*runs: str, properties: str = "") -> str:
    """A paragraph; runs that are no XML are text."""
    inside = "".join(run if run.startswith("<") else r(run) for run in runs)
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{inside}</w:p>"


def r(text: str, properties: str = "") -> str:
    """A run of text."""
    return f'<w:r>{f"<w:rPr>{properties}</w:rPr>" if properties else ""}<w:t xml:space="preserve">{text}</w:t></w:r>'


def tc(*paragraphs: str, properties: str = "") -> str:
    """A cell; paragraphs that are no XML are text."""
    inside = "".join(one if one.startswith("<") else p(one) for one in paragraphs)
    return f"<w:tc>{f'<w:tcPr>{properties}</w:tcPr>' if properties else ''}{inside or '<w:p/>'}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    """A row; cells that are no XML are text."""
    inside = "".join(cell if cell.startswith("<") else tc(cell) for cell in cells)
    return f"<w:tr>{f'<w:trPr>{properties}</w:trPr>' if properties else ''}{inside}</w:tr>"


def tbl(*rows: str, widths: tuple[int, ...] = ()) -> str:
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return f"<w:tbl>{f'<w:tblGrid>{grid}</w:tblGrid>' if widths else ''}{''.join(rows)}</w:tbl>"


def texts(document: Document) -> list[str]:
    """The paragraphs."""
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def rows(document: Document) -> list[list[str]]:
    """The cells of the rows."""
    return [[cell.text for cell in block.cells] for block in document.blocks if isinstance(block, Row)]


def remarks(document: Document) -> dict[str, Remark]:
    return {remark.rule: remark for remark in document.remarks}


def sheet_file(sheets: Mapping[str, str], *, states: Mapping[str, str] | None = None, strings: str = "", styles: str = "") -> bytes:
    """An xlsx with these sheets by name, each as what stands in its ``worksheet``."""
    names = list(sheets)
    shown = {name: f'state="{state}"' for name, state in (states or {}).items()}
    listed = "".join(f'<sheet name="{name}" sheetId="{i}" r:id="rId{i}" {shown.get(name, "")}/>' for i, name in enumerate(names, 1))
    rels = "".join(
        f'<Relationship Id="rId{i}" Type="{_RELS}/worksheet" Target="worksheets/sheet{i}.xml"/>' for i in range(1, len(names) + 1)
    )
    rels += f'<Relationship Id="rIdT" Type="{_RELS}/sharedStrings" Target="sharedStrings.xml"/>' if strings else ""
    rels += f'<Relationship Id="rIdS" Type="{_RELS}/styles" Target="styles.xml"/>' if styles else ""
    files = {
        "xl/workbook.xml": f'<workbook xmlns="{_SHEET}" xmlns:r="{_RELS}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}">{rels}</Relationships>',
    }
    files |= {f"xl/worksheets/sheet{i}.xml": f'<worksheet xmlns="{_SHEET}">{sheets[name]}</worksheet>' for i, name in enumerate(names, 1)}
    files |= {"xl/sharedStrings.xml": f'<sst xmlns="{_SHEET}">{strings}</sst>'} if strings else {}
    files |= {"xl/styles.xml": f'<styleSheet xmlns="{_SHEET}">{styles}</styleSheet>'} if styles else {}
    return packed(files)


def sheet(data: str, *, name: str = "表", behind: str = "", before: str = "", strings: str = "", styles: str = "") -> Document:
    """The document of a workbook with one sheet whose rows are ``data``."""
    content = sheet_file({name: f"{before}<sheetData>{data}</sheetData>{behind}"}, strings=strings, styles=styles)
    return read_xlsx(content, "report.xlsx", DEFAULT)


# --- compound files -------------------------------------------------------------------------------------------------------------

_SECTOR = 512
_FREE, _LAST, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def compound_file(streams: Mapping[str, bytes]) -> bytes:
    """A compound file (doc, xls …) with these streams, each filled up to the size from which on it has sectors of its own."""
    bodies = {name: body.ljust(max(4096, -(-len(body) // _SECTOR) * _SECTOR), b"\0") for name, body in streams.items()}
    directory_sectors = -(-(1 + len(bodies)) // 4)
    table, starts = [_TABLE], dict[str, int]()
    for name, size in (("", directory_sectors * _SECTOR), *((name, len(body)) for name, body in bodies.items())):
        starts[name] = len(table)
        count = size // _SECTOR
        table += [*range(len(table) + 1, len(table) + count), _LAST]
    entries = [_entry("Root Entry", 5, _LAST, 0), *(_entry(name, 2, starts[name], len(body)) for name, body in bodies.items())]
    directory = b"".join(entries).ljust(directory_sectors * _SECTOR, b"\0")
    header = struct.pack("<8s16xHHHHH6xIIIIIIIII", MAGIC, 62, 3, 0xFFFE, 9, 6, 0, 1, starts[""], 0, 4096, _LAST, 0, _LAST, 0)
    header += struct.pack("<I", 0) + struct.pack("<I", _FREE) * 108
    return header + struct.pack("<128I", *table, *[_FREE] * (128 - len(table))) + directory + b"".join(bodies.values())


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    return struct.pack("<64sHBB12x16x4x8x8xIQ", text, len(text), kind, 1, start, size)
