"""Old Office files (doc, wps, xls, et, rtf) and OpenDocument (odt, ods), told apart by what is in them.

A workbook in the old format is read as it is. Everything else goes through LibreOffice where it is installed, and the reading says so:
headless, in a folder and with a profile of its own, within a time limit, without macros and without the network.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Literal, TypeAlias

from govreport_check.errors import SourceError
from govreport_check.model import Place, Remark
from govreport_check.readers.containers import Container, open_zip
from govreport_check.readers.document import Document
from govreport_check.readers.docx import read_docx
from govreport_check.readers.limits import Limits
from govreport_check.readers.ole import MAGIC, Compound, open_compound

Wanted: TypeAlias = Literal["docx", "xlsx"]

_PROGRAMS = ("soffice", "libreoffice")
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
{items}</oor:items>
"""
_ITEM = '<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>\n'
_SETTINGS = (
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Inet/Settings", "ooInetProxyType", "2"),  # a proxy that nobody answers at: pictures linked from elsewhere are not fetched
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)


def read_office(content: bytes, name: str, limits: Limits) -> Document:
    """The document that ``content`` is. Raises SourceError for what cannot be read, with what to do."""
    kind, wanted = _kind_of(content, name, limits)
    if kind == "xls":
        from govreport_check.readers.xls import read_xls

        file = open_compound(content, name)
        return read_xls(content, file.read(_book_in(file) or ""), name, limits)
    return _converted(content, name, kind, wanted, limits)


def modern(content: bytes, name: str, limits: Limits) -> tuple[bytes, Wanted]:
    """A file of these kinds as the docx or xlsx that LibreOffice makes of it: the one that is read, or one with the same cells. Raises
    SourceError."""
    kind, wanted = _kind_of(content, name, limits)
    return convert(content, name, kind, wanted, limits), wanted


def _kind_of(content: bytes, name: str, limits: Limits) -> tuple[str, Wanted]:
    """What a file is, and what it is to be converted to. Raises SourceError for one that nobody can read."""
    if content.startswith(MAGIC):
        return _compound_kind(open_compound(content, name))
    if content.startswith(b"{\\rtf"):
        return "rtf", "docx"
    return _open_kind(open_zip(content, name, limits))


def _book_in(file: Compound) -> str | None:
    return next((stream for stream in ("Workbook", "Book") if stream in file.streams), None)


def _compound_kind(file: Compound) -> tuple[str, Wanted]:
    if "EncryptedPackage" in file.streams or "EncryptionInfo" in file.streams:
        raise locked(file.name)
    if _book_in(file) is not None:
        return "xls", "xlsx"
    if "WordDocument" in file.streams:
        if file.read("WordDocument")[11:12] and file.read("WordDocument")[11] & 1:  # [MS-DOC] FibBase, fEncrypted
            raise locked(file.name)
        return "doc", "docx"
    raise SourceError(
        file.name, "is an Office file without text or table; save the report as docx or xlsx", "不是文字或表格文档，请另存为docx或xlsx格式"
    )


def _open_kind(container: Container) -> tuple[str, Wanted]:
    manifest = "META-INF/manifest.xml"
    if manifest in container.names and b"encryption-data" in container.read(manifest):
        raise locked(container.name)
    kind = container.read("mimetype")[:100] if "mimetype" in container.names else b""
    return ("ods", "xlsx") if b"spreadsheet" in kind else ("odt", "docx")


def locked(name: str) -> SourceError:
    return SourceError(name, "is protected by a password; save it without one", "设有打开密码，请取消密码后另存")


# --- LibreOffice ----------------------------------------------------------------------------------------------------------------


def _converted(content: bytes, name: str, kind: str, wanted: str, limits: Limits) -> Document:
    """The document that LibreOffice makes of a file of ``kind``, with a remark that it did."""
    new = convert(content, name, kind, wanted, limits)
    if wanted == "xlsx":
        from govreport_check.readers.xlsx import read_xlsx as reader
    else:
        reader = read_docx
    document = reader(new, name, limits)
    return replace(document, remarks=(Remark("converted-file", None, Place(source=name), {"printed": kind}), *document.remarks))


def convert(content: bytes, name: str, kind: str, wanted: str, limits: Limits) -> bytes:
    """A file of ``kind`` converted to ``wanted`` (both without a dot). Raises SourceError where there is no LibreOffice, or it fails."""
    program = next((found for one in _PROGRAMS if (found := shutil.which(one))), None)
    if program is None:
        raise SourceError(
            name,
            f"is a file of kind {kind}, which needs LibreOffice (soffice) to be read: install it, or save the file as {wanted}",
            f"{kind}格式需借助LibreOffice（soffice）读取：请安装LibreOffice，或者另存为{wanted}格式",
        )
    with tempfile.TemporaryDirectory(prefix="govreport-", ignore_cleanup_errors=True) as folder:
        source, target = Path(folder, f"report.{kind}"), Path(folder, "out", f"report.{wanted}")
        source.write_bytes(content)
        profile = Path(folder, "profile")
        _write_profile(profile)
        where = f"-env:UserInstallation={profile.as_uri()}"
        flags = ["--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck"]
        _run([program, where, *flags, "--convert-to", wanted, "--outdir", str(target.parent), str(source)], folder, name, kind, limits)
        if not target.is_file():
            raise _failed(name, kind, wanted)
        return target.read_bytes()


def _write_profile(profile: Path) -> None:
    items = "".join(_ITEM.format(path=path, name=name, value=value) for path, name, value in _SETTINGS)
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_PROFILE.format(items=items), encoding="utf-8")


def _run(command: list[str], folder: str, name: str, kind: str, limits: Limits) -> None:
    """Runs LibreOffice; after ``limits.seconds`` it and everything that it started is ended."""
    environment = {**os.environ, "HOME": folder, "TMPDIR": folder}
    try:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        raise _failed(name, kind, "docx") from None
    try:
        process.wait(limits.seconds)
    except subprocess.TimeoutExpired:
        raise SourceError(
            name,
            f"was not converted within {limits.seconds:.0f} seconds; open it and save it as docx or xlsx",
            f"{limits.seconds:.0f}秒内未能完成转换，请打开文件另存为docx或xlsx格式",
        ) from None
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


def _failed(name: str, kind: str, wanted: str) -> SourceError:
    return SourceError(
        name,
        f"is a file of kind {kind} that LibreOffice could not convert; open it and save it as {wanted}",
        f"{kind}文件未能转换，请打开文件另存为{wanted}格式",
    )
