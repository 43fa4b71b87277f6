"""Compound files, the containers of old Office documents: their directory and their streams.

[MS-CFB] of Microsoft's open specifications. Chains are followed no further than the file is long.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from govreport_check.errors import SourceError

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER, _ENTRY = 512, 128
_END = 0xFFFFFFFA  # the numbers from here on are no sectors
_STREAM, _ROOT = 2, 5


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream's first sector and its length in bytes; ``kind`` 2 for a stream, 5 for the root."""

    start: int
    size: int
    kind: int


@dataclass(frozen=True, slots=True)
class Compound:
    """A compound file taken apart. ``streams`` by name, of whatever folder in it."""

    content: bytes
    name: str
    sector: int
    cutoff: int
    table: tuple[int, ...]
    small_table: tuple[int, ...]
    streams: Mapping[str, Stream]

    def read(self, stream: str) -> bytes:
        """The bytes of a stream. Raises SourceError for one that is not there or damaged."""
        found = self.streams.get(stream)
        if found is None:
            raise damaged(self.name)
        if found.size >= self.cutoff:
            return _chained(self, found.start)[: found.size]
        root = next((one for one in self.streams.values() if one.kind == _ROOT), None)
        small = _chained(self, root.start) if root is not None else b""
        pieces = (small[at * 64 : at * 64 + 64] for at in _chain(found.start, self.small_table, self.name))
        return b"".join(pieces)[: found.size]


def open_compound(content: bytes, name: str) -> Compound:
    """``content`` as a compound file. Raises SourceError for a damaged one."""
    if len(content) < _HEADER or not content.startswith(MAGIC):
        raise damaged(name)
    shift = struct.unpack_from("<H", content, 30)[0]
    if shift not in (9, 12):
        raise damaged(name)
    directory, _, cutoff, small_start, _, more, _ = struct.unpack_from("<IIIIIII", content, 48)
    size = 1 << shift
    empty = Compound(content, name, size, cutoff, (), (), {})
    table = tuple(number for at in _table_sectors(empty, more) for number in _numbers(_sector(empty, at)))
    whole = Compound(content, name, size, cutoff, table, (), {})
    small = _numbers(_chained(whole, small_start)) if small_start < _END else ()
    return Compound(content, name, size, cutoff, table, small, dict(_entries(_chained(whole, directory))))


def _entries(directory: bytes) -> Iterator[tuple[str, Stream]]:
    for at in range(0, len(directory) - _ENTRY + 1, _ENTRY):
        length, kind = struct.unpack_from("<HB", directory, at + 64)
        start, size = struct.unpack_from("<II", directory, at + 116)
        if kind in (_STREAM, _ROOT) and 2 <= length <= 64:
            yield directory[at : at + length - 2].decode("utf-16-le", "replace"), Stream(start, size, kind)


def _table_sectors(compound: Compound, more: int) -> Iterator[int]:
    """The sectors that hold the allocation table: 109 named in the header, others in a chain of their own."""
    yield from (at for at in struct.unpack_from("<109I", compound.content, 76) if at < _END)
    met: set[int] = set()
    while more < _END and more not in met:
        met.add(more)
        *numbers, more = _numbers(_sector(compound, more)) or (_END,)
        yield from (at for at in numbers if at < _END)


def _sector(compound: Compound, at: int) -> bytes:
    start = (at + 1) * compound.sector
    return compound.content[start : start + compound.sector]


def _numbers(content: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(content) // 4}I", content[: len(content) // 4 * 4])


def _chained(compound: Compound, start: int) -> bytes:
    return b"".join(_sector(compound, at) for at in _chain(start, compound.table, compound.name))


def _chain(start: int, table: tuple[int, ...], name: str) -> Iterator[int]:
    """The sectors of a chain; one that runs in a circle or out of the table is damage."""
    met = 0
    while start < _END:
        met += 1
        if start >= len(table) or met > len(table):
            raise damaged(name)
        yield start
        start = table[start]


def damaged(name: str) -> SourceError:
    return SourceError(name, "is damaged or incomplete; save or fetch it again", "文件已损坏或不完整，请重新保存或重新获取")
