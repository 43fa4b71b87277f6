"""How much a document may ask of whoever reads it. Nothing in here is ever fetched from anywhere."""

from __future__ import annotations

from dataclasses import replace

from govreport_check.errors import SourceError
from govreport_check.frozen import dataclass

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """What a document may hold at most. Sizes in bytes.

    ``max_size`` of the file; ``members`` of a zip container, ``unpacked`` their sizes together and ``ratio`` how often a member may be
    larger than it is stored; ``depth`` of elements in each other and ``xml_tags`` of an XML document in a container; ``cells`` of all
    tables together and ``columns`` of a row, spans expanded; ``tags`` of a page; ``blocks``: paragraphs and rows; ``pages``;
    ``seconds`` for a program that converts a file.
    """

    max_size: int = 64 * MIB
    members: int = 5_000
    unpacked: int = 256 * MIB
    ratio: int = 500
    depth: int = 250
    xml_tags: int = 500_000
    cells: int = 500_000
    columns: int = 2_000
    tags: int = 200_000
    blocks: int = 10_000
    pages: int = 500
    seconds: float = 60.0


DEFAULT = Limits()


def limits_of(max_size: int | None) -> Limits:
    """The usual limits, with files of up to ``max_size`` bytes; a container may unpack to four times as much."""
    return DEFAULT if max_size is None else replace(DEFAULT, max_size=max_size, unpacked=max(DEFAULT.unpacked, 4 * max_size))


def check_size(size: int, name: str, limits: Limits) -> None:
    """Raises SourceError for a file of more than ``limits.max_size`` bytes."""
    if size > limits.max_size:
        has, most = -(-size // MIB), limits.max_size / MIB
        raise SourceError(
            name,
            f"has {has} MiB, more than the {most:.4g} MiB that are read; is it a report? --max-size reads larger ones",
            f"文件大小为{has} MiB，超过{most:.4g} MiB的上限；请核对是否为年度报告，确需读取的，用--max-size放宽",
        )


def too_much(name: str, what: str, most: int, zh: str) -> SourceError:
    """The error for a document with more than ``most`` of ``what`` (zh: of ``zh``, with its measure word)."""
    return SourceError(name, f"has more than {most:,} {what}; it is no report as people write them", f"超过{most}{zh}，不是正常的报告")
