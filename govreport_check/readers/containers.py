"""Zip containers and the XML in them, opened with care: no bombs, no document types, no entities, nothing fetched, no bottomless nesting.

Shared by the readers of docx, xlsx and ofd.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from govreport_check.errors import SourceError
from govreport_check.frozen import dataclass
from govreport_check.readers.extras import library
from govreport_check.readers.limits import Limits, too_much

_BLOCK = 1 << 16
_HARMLESS = 1 << 20  # a member below this size may be packed as tightly as it likes
_DAMAGED = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,
    NotImplementedError,
    KeyError,
)


@dataclass(frozen=True, slots=True)
class Container:
    """A zip file in memory whose listing was found to be within limits. ``names`` are its members, in the order stored."""

    name: str
    archive: zipfile.ZipFile
    limits: Limits

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.archive.namelist())

    def read(self, member: str) -> bytes:
        """The bytes of a member. Raises SourceError when it is not there, damaged, locked, or larger than it may be."""
        try:
            with self.archive.open(member) as stream:
                return b"".join(self._blocks(stream))
        except _DAMAGED:
            raise _damaged(self.name) from None

    def _blocks(self, stream: Any) -> Iterator[bytes]:
        """What a member holds; the size that the listing states is not believed."""
        size = 0
        while block := stream.read(_BLOCK):
            size += len(block)
            if size > self.limits.unpacked:
                raise _bomb(self.name, self.limits)
            yield block

    def xml(self, member: str) -> Any:
        """The root element (lxml) of a member. Raises SourceError."""
        return parse_xml(self.read(member), self.name, self.limits)


def open_zip(content: bytes, name: str, limits: Limits) -> Container:
    """``content`` as a container. Raises SourceError for a damaged, locked or hostile one."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        infos = archive.infolist()
    except _DAMAGED:
        raise _damaged(name) from None
    if len(infos) > limits.members:
        raise too_much(name, "members in its container", limits.members, "个成员")
    if any(info.flag_bits & 1 for info in infos):
        raise SourceError(name, "is protected by a password; save it without one", "设有打开密码，请取消密码后另存")
    tight = (info for info in infos if info.file_size > _HARMLESS and info.file_size > limits.ratio * max(1, info.compress_size))
    if sum(info.file_size for info in infos) > limits.unpacked or next(tight, None):
        raise _bomb(name, limits)
    return Container(name, archive, limits)


def parse_xml(content: bytes, name: str, limits: Limits) -> Any:
    """The root element (lxml) of an XML document. Raises SourceError for one that is broken, too large, nested too deep or has a document
    type."""
    if content.count(b"<") > limits.xml_tags:
        raise too_much(name, "tags in one part", limits.xml_tags, "个标记")
    etree = library("lxml.etree", "docx", name)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise _damaged(name) from None
    tree = root.getroottree()
    if tree.docinfo.doctype:  # entities: an empty text where one is not resolved, a bomb or a foreign file where it is
        raise SourceError(name, "holds a document type, which no office program writes", "文件内部含有文档类型声明，不是正常的办公文档")
    if depth_of(root, limits.depth) > limits.depth:
        raise too_much(name, "elements in each other", limits.depth, "层嵌套")
    return root


def depth_of(root: Any, enough: int) -> int:
    """How deep elements (lxml) stand in each other; counting stops above ``enough``."""
    level, depth = [root], 0
    while level and depth <= enough:
        depth += 1
        level = [child for element in level for child in element]
    return depth


def _damaged(name: str) -> SourceError:
    return SourceError(name, "is damaged or incomplete; save or fetch it again", "文件已损坏或不完整，请重新保存或重新获取")


def _bomb(name: str, limits: Limits) -> SourceError:
    most = limits.unpacked >> 20
    return SourceError(name, f"unpacks to more than {most} MiB, or far more than it should", f"解压后超过{most} MiB或压缩率异常，未予读取")
