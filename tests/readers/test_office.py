"""Old Office files and OpenDocument: told apart by content, converted by LibreOffice where there is one, with what to do where not."""

from __future__ import annotations

import os
import shutil
import threading
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path

import pytest
from documents import Text, as_docx
from office_files import compound_file, p, packed, texts, word_file

from govreport_check.errors import SourceError
from govreport_check.readers import load_source
from govreport_check.readers.limits import DEFAULT
from govreport_check.readers.office import convert
from govreport_check.readers.ole import open_compound

WORD = compound_file({"WordDocument": b"\xec\xa5" + bytes(100)})
WORD_LOCKED = compound_file({"WordDocument": b"\xec\xa5" + bytes(9) + b"\x01" + bytes(100)})
OPEN = packed({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"})

SHEET = packed({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a/>"})


def told(content: bytes, name: str = "report.doc") -> SourceError:
    with pytest.raises(SourceError) as raised:
        load_source(content, name=name)
    assert "\n" not in str(raised.value)
    assert str(raised.value).startswith(f"{name}: ")
    return raised.value


def test_streams_of_a_compound_file() -> None:
    file = open_compound(compound_file({"甲": b"1" * 5000, "WordDocument": b"2" * 9000}), "a")
    assert (file.read("甲").rstrip(b"\0"), file.read("WordDocument").rstrip(b"\0")) == (b"1" * 5000, b"2" * 9000)


@pytest.mark.parametrize(
    ("content", "kind", "wanted"), [(WORD, "doc", "docx"), (OPEN, "odt", "docx"), (SHEET, "ods", "xlsx"), (b"{\\rtf1 text}", "rtf", "docx")]
)
def test_without_libreoffice_a_message_says_what_to_do(content: bytes, kind: str, wanted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    error = told(content)
    assert f"of kind {kind}, which needs LibreOffice" in error.reason
    assert f"save the file as {wanted}" in error.reason
    assert "LibreOffice" in error.zh


@pytest.mark.parametrize(
    "content",
    [
        compound_file({"EncryptionInfo": b"x", "EncryptedPackage": b"x"}),
        WORD_LOCKED,
        compound_file({"Workbook": b"\x09\x08\x10\x00" + bytes(16) + b"\x2f\x00\x02\x00\x00\x00"}),
        packed({"content.xml": "x", "META-INF/manifest.xml": "<m><encryption-data/></m>"}),
    ],
    ids=["docx or xlsx", "doc", "xls", "odt"],
)
def test_a_password_is_told(content: bytes) -> None:
    assert "password" in told(content).reason
    assert "密码" in told(content).zh


def test_an_office_file_of_another_kind_is_told() -> None:
    assert "without text or table" in told(compound_file({"PowerPoint Document": b"x"})).reason


def test_names_do_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "年报.doc"
    path.write_bytes(word_file(p("正文")))
    source = load_source(path)
    assert source.kind == "docx"
    assert source.document is not None
    assert texts(source.document) == ["正文"]


# --- the program ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A stand-in for LibreOffice on the path: a shell script, to be written by the test. It notes its arguments and process id."""
    if os.name != "posix":
        pytest.skip("the stand-in is a shell script")
    script = tmp_path / "soffice"
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    script.write_text("")
    yield script


def write(script: Path, lines: str) -> None:
    script.write_text(f'#!/bin/sh\necho "$@" > {script.parent}/arguments\necho $$ > {script.parent}/pid\n{lines}\n')
    script.chmod(0o755)


def test_the_program_is_ended_after_its_time(program: Path) -> None:
    write(program, f"sleep 60 & echo $! > {program.parent}/child\nwait")
    begun = time.monotonic()
    with pytest.raises(SourceError, match="not converted within 1 seconds"):
        convert(b"x", "a.doc", "doc", "docx", replace(DEFAULT, seconds=1.0))
    assert time.monotonic() - begun < 10
    child = int((program.parent / "child").read_text())
    for _ in range(50):
        if not alive(child):
            break
        time.sleep(0.1)
    assert not alive(child)


def alive(process: int) -> bool:
    """Whether a process runs; one that has ended and was not yet asked about does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_the_program_has_a_profile_and_a_folder_of_its_own(program: Path) -> None:
    write(program, 'while [ "$1" != "--outdir" ]; do shift; done\nmkdir -p "$2"; printf done > "$2/report.docx"')
    assert convert(b"x", "a.doc", "doc", "docx", DEFAULT) == b"done"
    arguments = (program.parent / "arguments").read_text().split()
    profile = next(one for one in arguments if one.startswith("-env:UserInstallation=file://")).partition("file://")[2]
    assert "--headless" in arguments
    assert not Path(profile).parent.exists()


@pytest.mark.parametrize("lines", ["exit 1", "exit 0", "kill -9 $$"])
def test_a_program_that_fails_is_told(program: Path, lines: str) -> None:
    write(program, lines)
    assert "LibreOffice could not convert" in told(WORD).reason


def test_what_it_makes_may_be_broken(program: Path) -> None:
    write(program, 'while [ "$1" != "--outdir" ]; do shift; done\nmkdir -p "$2"; printf junk > "$2/report.docx"')
    assert "damaged" in told(WORD).reason


@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice (soffice) on the path")
def test_nothing_is_fetched_from_the_network() -> None:
    asked: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_GET

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        link = f"http://127.0.0.1:{server.server_port}/picture.png"
        made = convert(linking(link), "a.odt", "odt", "docx", DEFAULT)
    finally:
        server.shutdown()
        server.server_close()
    assert zipfile.is_zipfile(BytesIO(made))
    assert asked == []


def linking(address: str) -> bytes:
    """An OpenDocument text with a picture that stands at this address."""
    archive = zipfile.ZipFile(BytesIO(convert(as_docx([Text("甲")]), "a.docx", "docx", "odt", DEFAULT)))
    parts = {name: archive.read(name) for name in archive.namelist()}
    frame = '<draw:frame text:anchor-type="as-char" svg:width="1cm" svg:height="1cm">'
    picture = f'{frame}<draw:image xlink:href="{address}" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/></draw:frame>'
    text = parts["content.xml"].decode()
    assert "甲" in text
    return packed({**parts, "content.xml": text.replace("甲", f"甲{picture}")})
