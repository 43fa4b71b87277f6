"""PDF and OFD files made to do harm: none takes ten processor seconds or half a gigabyte, none crashes; each ends in a line or a text."""

from __future__ import annotations

import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("pypdfium2")

import printing
from hypothesis import given, settings
from hypothesis import strategies as st
from test_pdf import ITEMS, WORD

from govreport_check.errors import SourceError
from govreport_check.readers.document import Document
from govreport_check.readers.limits import DEFAULT
from govreport_check.readers.ofd import read_ofd
from govreport_check.readers.pdf import read_pdf, sheets_of
from govreport_check.readers.pdf_apart import answer, is_light, sheets_apart

MIB = 1 << 20
BOUNDS = 10.0, 500 * MIB
ROOT = Path(__file__).resolve().parents[2]


def stream(data: bytes, entries: str = "", filters: str = "/Filter/FlateDecode") -> str:
    packed = zlib.compress(data, 9)
    return f"<<{entries}/Length {len(packed)}{filters}>>\nstream\n" + packed.decode("latin-1") + "\nendstream"


def page_of(content: str, *extra: str) -> bytes:
    """A PDF file of one page with this content stream; ``extra`` objects from number 8 on, the first of them the form X."""
    page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 7 0 R/Resources<</Font<</F1 3 0 R>>/XObject<</X 8 0 R>>>>>>"
    pages = "<</Type/Pages/Kids[6 0 R]/Count 1>>"
    return printing.written(
        ["<</Type/Catalog/Pages 2 0 R>>", pages, printing.FONT, printing.CID_FONT, printing.DESCRIPTOR, page, content, *extra]
    )


def forms(depth: int, each: int) -> bytes:
    """Forms that draw the next one several times, a dozen deep."""
    entries = "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X {} 0 R>>>>"
    inner = [stream(b"/X Do " * each, entries.format(9 + i)) for i in range(depth)]
    return page_of(stream(b"/X Do " * each), *inner, stream(b"0 0 m 9 9 l S ", entries.format(8)))


def lattice(lines: int) -> bytes:
    each = [f"{10 + 2.5 * i} 0 m {10 + 2.5 * i} 9000 l S 0 {10 + 2.5 * i} m 9000 {10 + 2.5 * i} l S" for i in range(lines)]
    return page_of(stream("\n".join([*each, WORD]).encode()))


def with_pages(kids: bytes, count: int, content: str = "") -> bytes:
    return page_of(content or stream(b"")).replace(b"/Kids[6 0 R]/Count 1", b"/Kids[%b]/Count %d" % (kids, count))


def scattered(count: int, each: str) -> str:
    """The same drawn ``count`` times all over a page."""
    return "\n".join(each.format(7 * i % 590, 11 * i % 840) for i in range(count))


SPACES = zlib.compress(b" " * (1 << 28), 9)
HOSTILE: dict[str, Callable[[], bytes]] = {
    "a bomb": lambda: page_of(stream(b" " * (1 << 28))),
    "a bomb in a bomb": lambda: page_of(stream(SPACES, filters="/Filter[/FlateDecode/FlateDecode]")),
    "millions of lines": lambda: page_of(stream(b"0 0 m 9 9 l S\n" * 4_000_000)),
    "millions of characters": lambda: page_of(stream(b"BT /F1 9 Tf 9 9 Td <4e00> Tj ET\n" * 2_000_000)),
    "a million characters in one": lambda: page_of(stream(b"BT /F1 9 Tf 9 9 Td <" + b"4e00" * 1_000_000 + b"> Tj ET")),
    "forms within forms": lambda: forms(12, 10),
    "a form within itself": lambda: forms(0, 3),
    "states pushed and never popped": lambda: page_of(stream(b"q " * 3_000_000)),
    "nested arrays": lambda: page_of("<</Length 9/A " + "[" * 300_000 + "]" * 300_000 + ">>\nstream\n0 0 m 9 9\nendstream"),
    "lattices of a million fields": lambda: lattice(700),
    "lattices of many more": lambda: lattice(20_000),
    "two hundred thousand dashes": lambda: page_of(stream(scattered(200_000, "{} {} 2 .5 re f").encode())),
    "three hundred pages of one content": lambda: with_pages(
        b"6 0 R " * 300, 300, stream(f"BT /F1 9 Tf {scattered(12_000, '1 0 0 1 {} {} Tm <4e00> Tj')} ET".encode())
    ),
    "pages that are their own parents": lambda: with_pages(b"2 0 R 2 0 R", 9),
    "two hundred thousand pages": lambda: page_of(stream(b"")).replace(
        b"/Kids[6 0 R]/Count 1", b"/Kids[" + b"6 0 R " * 200_000 + b"]/Count 200000"
    ),
}

PROGRAM = """
import resource, sys
sys.path.insert(0, "tests/readers")
from memory import peak_kib
from govreport_check.errors import SourceError
from govreport_check.readers.limits import DEFAULT
from govreport_check.readers.pdf import read_pdf
try:
    told = str(len(read_pdf(sys.stdin.buffer.read(), "a.pdf", DEFAULT).blocks))
except SourceError as error:
    told = str(error)
own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
took = sum(one.ru_utime + one.ru_stime for one in (own, others))
print(took, max(peak_kib(), others.ru_maxrss), told)
"""


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_are_bounded(make: Callable[[], bytes]) -> None:
    content = make()
    done = subprocess.run([sys.executable, "-c", PROGRAM], input=content, capture_output=True, check=False, cwd=ROOT, timeout=60)
    assert done.returncode == 0, done.stderr[-500:]
    took, used, told = done.stdout.decode().strip().split(" ", 2)
    assert float(took) < BOUNDS[0] and int(used) * 1024 < BOUNDS[1], (took, int(used) // 1024, told)
    assert "\n" not in told


# --- what is read at once and what is read apart --------------------------------------------------------------------------------

REPORT = printing.as_pdf(printing.laid_out(ITEMS))


def test_what_people_write_is_read_at_once_and_nothing_doubtful() -> None:
    assert is_light(REPORT) and is_light(printing.pdf_of([WORD]))
    doubtful = ["a bomb", "a bomb in a bomb", "millions of lines", "forms within forms"]
    assert [name for name in doubtful if is_light(HOSTILE[name]())] == []
    assert not is_light(REPORT.replace(b"/Root 1 0 R", b"/Encrypt 9 0 R /Root 1 0 R"))
    assert not is_light(page_of(stream(b"x", filters="/Filter 9 0 R"))) and not is_light(
        page_of(stream(b"x", filters="/Filter/Fl#61teDecode"))
    )
    assert not is_light(page_of(stream(b"x", entries="/A(" + "a" * 5000 + ")")))


def test_a_report_that_is_read_apart_is_the_same() -> None:
    assert sheets_apart(REPORT, "a.pdf", DEFAULT) == sheets_of(REPORT, "a.pdf", DEFAULT)


def test_the_other_process_says_why_it_read_nothing() -> None:
    with pytest.raises(SourceError, match=r"^a\.pdf: is damaged"):
        sheets_apart(b"%PDF-1.5 and nothing", "a.pdf", DEFAULT)
    assert "damaged" in answer(b"%PDF-", 9, sheets_of)


# --- mutations ------------------------------------------------------------------------------------------------------------------

OFD = printing.as_ofd(printing.laid_out(ITEMS))
READERS = {"pdf": (read_pdf, REPORT), "ofd": (read_ofd, OFD)}


@pytest.mark.parametrize("kind", READERS)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_mutated_files_are_read_or_refused_in_a_line(kind: str, data: st.DataObject) -> None:
    reader, content = READERS[kind]
    changed = bytearray(content)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(changed) - 1))
        piece = data.draw(st.binary(min_size=0, max_size=8))
        changed[at : at + data.draw(st.integers(0, 8))] = piece
    try:
        assert isinstance(reader(bytes(changed), "a", DEFAULT), Document)
    except SourceError as error:
        assert "\n" not in str(error)


@pytest.mark.parametrize("kind", READERS)
@settings(max_examples=40, deadline=None)
@given(tail=st.binary(max_size=300))
def test_random_bytes_behind_the_right_beginning(kind: str, tail: bytes) -> None:
    reader, content = READERS[kind]
    try:
        assert isinstance(reader(content[:8] + tail, "a", DEFAULT), Document)
    except SourceError as error:
        assert "\n" not in str(error)
