"""Office files made to harm: each ends in a document or in one line that says why not, soon and in little memory."""

from __future__ import annotations

import io
import random
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from functools import cache

import pytest
from documents import as_docx, as_xlsx, printed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from office_files import compound_file, packed, sheet_file, tbl, tc, tr, word_file, word_part
from reader_reports import FORM, YUNLING
from some_reports import ROOT

from govreport_check.errors import SourceError
from govreport_check.readers import load_source, recognise

SECONDS, MEGABYTES = 10, 500
FAR = b"\x03\x02\x0e\x00\xff\xff\xff\x00" + bytes(10)  # a number in row 65536, column 256


def word(body: str) -> bytes:
    return word_file(body)


def sheet(data: str, behind: str = "") -> bytes:
    return sheet_file({"表": f"<sheetData>{data}</sheetData>{behind}"})


def merges(*ranges: str) -> str:
    inside = "".join(f'<mergeCell ref="{one}"/>' for one in ranges)
    return f"<mergeCells>{inside}</mergeCells>"


def rows(count: int, cells: int) -> str:
    return f"<row>{'<c><v>1</v></c>' * cells}</row>" * count


def chain(length: int) -> bytes:
    """A compound file whose allocation table runs in a circle."""
    content = bytearray(compound_file({"Workbook": bytes(5000), "WordDocument": bytes(5000)}))
    for at in range(512 + 4, 512 + 4 * length, 4):
        content[at : at + 4] = (1).to_bytes(4, "little")
    return bytes(content)


def swapped(content: bytes, part: str, with_: str) -> bytes:
    archive = zipfile.ZipFile(io.BytesIO(content))
    return packed({**{name: archive.read(name) for name in archive.namelist()}, part: archive.read(with_)})


HOSTILE: dict[str, Callable[[], bytes]] = {
    "100,000 nested tags": lambda: word("<w:sdt>" * 100_000 + "</w:sdt>" * 100_000),
    "tags that never close": lambda: word("<w:p>" * 100_000),
    "eighty tables in each other": lambda: word("<w:tbl><w:tr><w:tc>" * 80 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 80),
    "600,000 paragraphs": lambda: word("".join(f"<w:p w:i='{i * i}'/>" for i in range(600_000))),
    "two hundred thousand words": lambda: word("<w:p><w:r><w:t>甲</w:t></w:r></w:p>" * 70_000),
    "ten thousand columns": lambda: word(f"<w:tbl><w:tr>{'<w:tc><w:p/></w:tc>' * 10_000}</w:tr></w:tbl>"),
    "a span over all": lambda: word(tbl(tr(tc("1", properties='<w:gridSpan w:val="999999999"/>'), "2"))),
    "rows of every width": lambda: word(tbl(*(f"<w:tr>{tc('1') * (1 + i % 50)}</w:tr>" for i in range(1200)))),
    "a bomb": lambda: packed({"word/document.xml": b"0" * (1 << 28)}),
    "a bomb of many": lambda: packed({f"word/{i}.xml": b"0" * 1000 for i in range(6000)}),
    "an entity": lambda: packed({"word/document.xml": '<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]><a>&d;</a>'}),
    "a file from here": lambda: packed({"word/document.xml": '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>'}),
    "no body": lambda: packed({"word/document.xml": word_part("document", "")}),
    "no document": lambda: packed({"word/other.xml": "<a/>"}),
    "styles on themselves": lambda: word_file(
        "<w:p/>", styles='<w:style w:styleId="a"><w:basedOn w:val="b"/></w:style><w:style w:styleId="b"><w:basedOn w:val="a"/></w:style>'
    ),
    "a docx that is a sheet": lambda: swapped(as_docx([]), "word/document.xml", "word/styles.xml"),
    "ten thousand columns in a sheet": lambda: sheet(rows(1, 10_000)),
    "the last cell of all": lambda: sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
    "merges over everything": lambda: sheet(rows(300, 60), merges(*["A1:XFD1048576"] * 2000)),
    "merges in a circle": lambda: sheet(rows(3, 3), merges("A1:B2", "B2:C3", "C3:A1", "B1:B3")),
    "a sheet of many cells": lambda: sheet(rows(5_000, 19)),
    "far too many cells": lambda: sheet(rows(20_000, 40)),
    "figures beyond measure": lambda: sheet(f"<row><c><v>1E+999999999</v></c><c><v>{'9' * 5000}</v></c><c><v>1E-999999</v></c></row>"),
    "a sheet that is a picture": lambda: packed({"xl/workbook.xml": "<workbook/>"}),
    "a binary workbook": lambda: packed({"xl/workbook.bin": b"\x83\x01\x00"}),
    "a chain in a circle": lambda: chain(20),
    "old workbook of nothing": lambda: compound_file({"Workbook": b"\x09\x08" + b"\xff" * 6000}),
    "old workbook of far cells": lambda: compound_file({"Workbook": b"\x85\x00\x08\x00" + bytes(8) + FAR * 300}),
    "half a docx": lambda: as_docx(printed(recognise(load_source(YUNLING), FORM), FORM))[:9000],
    "half a compound file": lambda: compound_file({"Workbook": bytes(5000)})[:3000],
    "noise behind a zip's sign": lambda: b"PK\x03\x04" + random.Random(1).randbytes(20_000),
    "noise behind a compound file's sign": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + random.Random(1).randbytes(20_000),
}  # fmt: skip


def outcome(content: bytes) -> str:
    """``read`` or the one line that says why not. Anything else is raised."""
    try:
        source = load_source(content, name="report")
    except SourceError as error:
        assert "\n" not in str(error)
        return str(error)
    recognise(source, FORM)
    return "read"


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_end_soon(name: str) -> None:
    content = HOSTILE[name]()
    begun = time.process_time()  # what the machine does besides is not ours
    outcome(content)
    assert time.process_time() - begun < SECONDS


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("a bomb", "unpacks"),
        ("a bomb of many", "members"),
        ("an entity", "document type"),
        ("a file from here", "document type"),
        ("600,000 paragraphs", "tags"),
        ("ten thousand columns", "columns"),
        ("ten thousand columns in a sheet", "columns"),
        ("the last cell of all", "columns"),
        ("half a docx", "damaged"),
        ("half a compound file", "damaged"),
        ("a binary workbook", "binary"),
        ("no body", "no text"),
    ],
)
def test_hostile_files_are_told_apart(name: str, why: str) -> None:
    assert why in outcome(HOSTILE[name]())


def test_hostile_files_take_little_memory() -> None:
    program = "import memory, test_hostile_office as h\nfor make in h.HOSTILE.values(): h.outcome(make())\nprint(memory.peak_kib() // 1024)"
    pytest.importorskip("resource")
    paths = [str(ROOT / "tests" / "readers"), str(ROOT / "tests"), str(ROOT)]
    program = f"import sys; sys.path[:0] = {paths!r}\n{program}"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert int(done.stdout) < MEGABYTES


# --- real files, changed at random ----------------------------------------------------------------------------------------------


@cache
def real(kind: str) -> bytes:
    items = printed(recognise(load_source(YUNLING), FORM), FORM)
    if kind == "xls":
        return old_workbook()
    return as_docx(items) if kind == "docx" else as_xlsx(items)


def old_workbook() -> bytes:
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet("表三")
    for row in range(30):
        page.write(row, 0, f"（{row}）予以公开")
        for column in range(1, 8):
            page.write(row, column, row * column)
    page.write_merge(30, 31, 0, 3, "合并")
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def mutated(content: bytes, changes: list[tuple[float, int, bytes]]) -> bytes:
    """``content`` with some bytes replaced: (where, from 0 to 1; how many; by what)."""
    changed = bytearray(content)
    for where, count, new in changes:
        at = int(where * len(changed))
        changed[at : at + count] = new
    return bytes(changed)


CHANGES = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), st.binary(max_size=12)), min_size=1, max_size=8)
TAGS = st.sampled_from(
    [b"</w:p>", b"<w:tc>", b'<w:gridSpan w:val="9"/>', b"<w:vMerge/>", b"</w:tr>", b"<w:tbl>", b'r="Z9"', b"<c>", b"</row>", b""]
)
MARKED = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), TAGS), min_size=1, max_size=8)
few = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@few
@given(kind=st.sampled_from(["docx", "xlsx", "xls"]), changes=CHANGES)
def test_changed_bytes_raise_nothing_else(kind: str, changes: list[tuple[float, int, bytes]]) -> None:
    outcome(mutated(real(kind), changes))


@few
@given(kind=st.sampled_from(["docx", "xlsx"]), changes=MARKED | CHANGES)
def test_changed_parts_raise_nothing_else(kind: str, changes: list[tuple[float, int, bytes]]) -> None:
    part = {"docx": "word/document.xml", "xlsx": "xl/worksheets/sheet1.xml"}[kind]
    archive = zipfile.ZipFile(io.BytesIO(real(kind)))
    outcome(packed({**{name: archive.read(name) for name in archive.namelist()}, part: mutated(archive.read(part), changes)}))


@few
@given(begins=st.sampled_from([b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b""]), noise=st.binary(max_size=3000))
def test_noise_raises_nothing_else(begins: bytes, noise: bytes) -> None:
    outcome(begins + noise)
