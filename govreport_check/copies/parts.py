"""An Office file as the parts of its container: some are changed or added, all others stay byte for byte, in their order.

ECMA-376-2:2016 (Open Packaging Conventions): parts, relationships, content types.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from govreport_check.readers.containers import Container, open_zip
from govreport_check.readers.docx_numbers import local, value
from govreport_check.readers.limits import Limits

_TYPES, _RELS = "[Content_Types].xml", "_rels/.rels"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
_USUAL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Related:
    """A relationship of a part: its id, the last word of its type (``comments``), the part that it leads to."""

    id: str
    kind: str
    part: str


@dataclass(slots=True)
class Parts:
    """A file that is being changed. ``roots`` are the parts taken apart (lxml), ``written`` those that are to be stored anew."""

    container: Container
    roots: dict[str, Any] = field(default_factory=dict)
    written: dict[str, bytes] = field(default_factory=dict)
    _touched: set[str] = field(default_factory=set)

    def has(self, part: str) -> bool:
        return part in self.roots or part in self.written or part in self.container.names

    def xml(self, part: str) -> Any:
        """The root element of a part, to be looked at. Raises SourceError."""
        if part not in self.roots:
            self.roots[part] = self.container.xml(part)
        return self.roots[part]

    def changing(self, part: str) -> Any:
        """The root element of a part, to be changed. Raises SourceError."""
        self._touched.add(part)
        return self.xml(part)

    def read(self, part: str) -> bytes:
        """The bytes of a part, as it is to be stored. Raises SourceError."""
        return self.written[part] if part in self.written else self.container.read(part)

    def add(self, part: str, root: Any, content_type: str) -> None:
        """A new part with its content type."""
        self.roots[part] = root
        self._touched.add(part)
        self.declare("Override", "PartName", f"/{part}", content_type)

    def declare(self, kind: str, key: str, name: str, content_type: str) -> None:
        """A content type for a part (``Override``, ``PartName``) or for all of an extension (``Default``, ``Extension``)."""
        types = self.changing(_TYPES)
        if not any(local(one) == kind and (value(one, key) or "").lower() == name.lower() for one in types):
            entry = types.makeelement(f"{{{_PACKAGE}content-types}}{kind}", {key: name, "ContentType": content_type})
            types.insert(0 if kind == "Default" else len(types), entry)

    def related(self, part: str) -> list[Related]:
        """The relationships of a part to other parts of the file."""
        rels = rels_of(part)
        return [_related(one, part) for one in self.xml(rels) if value(one, "TargetMode") != "External"] if self.has(rels) else []

    def relate(self, part: str, kind: str, target: str) -> str:
        """The id of a new relationship of ``part`` to ``target``."""
        rels = rels_of(part)
        if not self.has(rels):
            self.roots[rels] = new_root(f"{{{_PACKAGE}relationships}}Relationships", {None: f"{_PACKAGE}relationships"})
        root = self.changing(rels)
        new = unused("rId", {value(one, "Id") or "" for one in root})
        where = posixpath.relpath(target, posixpath.dirname(part))
        entry = {"Id": new, "Type": f"{self.family()}/{kind}", "Target": where}
        root.append(root.makeelement(f"{{{_PACKAGE}relationships}}Relationship", entry))
        return new

    def family(self) -> str:
        """How the types of this file's relationships begin: strict and transitional files differ."""
        types = (value(one, "Type") or "" for one in self.xml(_RELS)) if self.has(_RELS) else ()
        return next((kind.rpartition("/")[0] for kind in types if kind.endswith("/officeDocument")), _USUAL)

    def free(self, pattern: str) -> str:
        """The first name of a part that is not there: ``word/comments{}.xml``."""
        number = 0
        while self.has(name := pattern.format(number or "")):
            number += 1
        return name

    def saved(self) -> bytes:
        """The file with what was changed, in the order it had; new parts at its end."""
        new = {**self.written, **{part: _serialised(self.roots[part]) for part in sorted(self._touched)}}
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for info in self.container.archive.infolist():
                content = new.get(info.filename)
                archive.writestr(_entry(info), self.container.read(info.filename) if content is None else content)
            for part in sorted(new.keys() - set(self.container.names)):
                archive.writestr(_added(part), new[part])
        return buffer.getvalue()


def open_parts(content: bytes, name: str, limits: Limits) -> Parts:
    """``content`` as parts. Raises SourceError for a container that is damaged, locked or hostile."""
    return Parts(open_zip(content, name, limits))


def rels_of(part: str) -> str:
    """Where the relationships of a part are written."""
    folder, file = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{file}.rels")


def unused(begin: str, taken: set[str]) -> str:
    """The first of rId1, rId2 … that is not taken."""
    number = 1
    while f"{begin}{number}" in taken:
        number += 1
    return f"{begin}{number}"


def new_root(tag: str, names: dict[str | None, str]) -> Any:
    """The root element of a new part; ``names`` are its prefixes."""
    from lxml import etree

    return etree.Element(tag, nsmap=names)


def elements(root: Any, *names: str) -> Iterator[Any]:
    """All elements of these names below ``root``, whatever their namespace."""
    found: Iterator[Any] = root.iter(*(f"{{*}}{name}" for name in names))
    return found


def _related(one: Any, part: str) -> Related:
    target = value(one, "Target") or ""
    full = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(posixpath.dirname(part), target))
    return Related(value(one, "Id") or "", (value(one, "Type") or "").rpartition("/")[2], full)


def _serialised(root: Any) -> bytes:
    from lxml import etree

    written: bytes = etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True)
    return written


def _entry(info: zipfile.ZipInfo) -> zipfile.ZipInfo:
    new = zipfile.ZipInfo(info.filename, info.date_time)
    new.compress_type, new.external_attr, new.create_system, new.comment = (
        info.compress_type,
        info.external_attr,
        info.create_system,
        info.comment,
    )
    return new


def _added(part: str) -> zipfile.ZipInfo:
    new = zipfile.ZipInfo(part, _FIRST_DAY)
    new.compress_type, new.create_system = zipfile.ZIP_DEFLATED, 3
    return new
