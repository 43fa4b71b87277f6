"""PDF files whose work nobody can foresee are read in a process of its own, bounded in time and memory.

pdfium unpacks and follows whatever a file says: a few kilobytes can ask for gigabytes and hours. Files that are seen to ask for little
(all that people write) are read at once.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from govreport_check.errors import SourceError
from govreport_check.readers.limits import Limits
from govreport_check.readers.sheet import Glyph, Rule, Sheet

SECONDS = 6.0
"""A report is read in a tenth of a second."""

_MEMORY = 480 << 20
_UNPACKED = 4 << 20
_FORMS_DRAWN = 3
_DICTIONARY = 4096
_STREAM = re.compile(rb"(?<!end)stream\r?\n?")
_FILTER = re.compile(rb"/Filter\s*(\[[^\]]*\]|/?[^\s/<>\[\]()]*)")
_DRAWN = re.compile(rb"\bDo\b")
_PACKED, _PICTURES = {b"FlateDecode", b"Fl"}, {b"DCTDecode", b"JPXDecode", b"CCITTFaxDecode", b"JBIG2Decode"}


def is_light(content: bytes) -> bool:
    """Whether a PDF plainly asks for little: its streams unpack to a few megabytes, and no form is drawn again and again."""
    if b"/Encrypt" in content:
        return False
    total = drawn = 0
    forms = False
    for dictionary, data in _streams(content):
        unpacked = None if dictionary is None or b"#" in dictionary else _unpacked(dictionary, data, _UNPACKED - total)
        if dictionary is None or unpacked is None:
            return False
        total += len(unpacked)
        drawn += len(_DRAWN.findall(unpacked))
        forms = forms or b"/Form" in dictionary
    return total < _UNPACKED and (not forms or drawn <= _FORMS_DRAWN)


def _streams(content: bytes) -> Iterator[tuple[bytes | None, memoryview]]:
    """(dictionary, stored bytes) of every stream; None for a dictionary that does not stand close before its stream."""
    view = memoryview(content)
    for match in _STREAM.finditer(content):
        before = content[max(0, match.start() - _DICTIONARY) : match.start()]
        start = before.rfind(b"obj")
        end = content.find(b"endstream", match.end())
        yield (before[start:] if start >= 0 else None), view[match.end() : end if end >= 0 else len(content)]


def _unpacked(dictionary: bytes, data: memoryview, most: int) -> bytes | None:
    """What a stream unpacks to; None when that is more than ``most`` bytes or cannot be told."""
    named = _FILTER.search(dictionary)
    filters = set(named[1].strip(b"[] /").split(b"/")) if named else set()
    filters = {name.strip() for name in filters}
    if not named or filters <= _PICTURES:
        return bytes(data[:most]) if len(data) < most else None
    if not filters <= _PACKED or named[1].count(b"/") != 1:
        return None
    try:
        unpacked = zlib.decompressobj().decompress(data, max(1, most))
    except zlib.error:
        return None
    return unpacked if len(unpacked) < most else None


# --- the other process ----------------------------------------------------------------------------------------------------------


def sheets_apart(content: bytes, name: str, limits: Limits) -> list[Sheet]:
    """The pages of a PDF, read in another process. Raises SourceError for one that cannot be read within bounds."""
    package = str(Path(__file__).resolve().parents[2])  # told in the program: embeddable interpreters do not take PYTHONPATH
    program = f"import sys; sys.path.insert(0, {package!r}); from govreport_check.readers.pdf_apart import main; main()"
    command = [sys.executable, "-c", program, str(limits.pages)]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS, check=False)
    except (subprocess.TimeoutExpired, OSError):
        raise too_heavy(name) from None
    try:
        answer = json.loads(done.stdout) if done.returncode == 0 else None
    except ValueError:
        answer = None
    if answer is None:
        raise too_heavy(name)
    if isinstance(answer, dict):
        raise SourceError(name, answer["en"], answer["zh"])
    return [Sheet(n, w, h, [Glyph(*g) for g in glyphs], [Rule(*r) for r in rules], *rest) for n, w, h, glyphs, rules, *rest in answer]


def too_heavy(name: str) -> SourceError:
    return SourceError(
        name,
        f"asks for more than {SECONDS:.0f} seconds or {_MEMORY >> 20} MiB to be read; it is no report as people write them",
        f"读取所需时间超过{SECONDS:.0f}秒或内存超过{_MEMORY >> 20} MiB，不是正常的报告文件",
    )


def answer(content: bytes, pages: int, read: Callable[[bytes, str, Limits], list[Sheet]]) -> str:
    """What the other process says: the pages, or why there are none."""
    try:
        return json.dumps(read(content, "", Limits(pages=pages)), ensure_ascii=False)
    except SourceError as error:
        return json.dumps({"en": error.reason, "zh": error.zh})


def main() -> None:
    """Reads a PDF from standard input and writes its pages to standard output."""
    from govreport_check.readers.pdf import sheets_of

    _bound_memory()
    try:
        sys.stdout.buffer.write(answer(sys.stdin.buffer.read(), int(sys.argv[1]), sheets_of).encode())
    except MemoryError:
        sys.exit(1)


def _bound_memory() -> None:
    if sys.platform != "win32":
        import resource

        with suppress(ValueError, OSError):  # where a system knows no such bound
            resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
