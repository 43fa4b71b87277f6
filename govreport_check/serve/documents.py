"""The documents that were handed in: in memory only, the longest unused ones going when there is no more room."""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from govreport_check.serve.bounds import Bounds
from govreport_check.serve.problems import Problem, busy, gone


@dataclass(slots=True)
class Document:
    """``part``: the document as a worker read it (a byte string that only workers unpack), None until then and where it could not be
    read, which ``error`` says in both languages. ``given``: it was named on the command line."""

    id: str
    name: str
    content: bytes
    given: bool = False
    part: bytes | None = None
    kind: str = ""
    progress: float = 0.0
    error: dict[str, str] | None = None
    read: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def size(self) -> int:
        return len(self.content) + len(self.part or b"")

    def told(self) -> dict[str, Any]:
        """As the interface tells it."""
        state = "reading" if not self.read.is_set() else "failed" if self.error else "ready"
        told = {"id": self.id, "name": self.name, "size": len(self.content), "state": state, "kind": self.kind}
        return {**told, "progress": 1.0 if self.read.is_set() else self.progress, "error": self.error}


class Documents:
    """What is kept, and how much is arriving; together never more than ``bounds.kept`` bytes."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._kept: OrderedDict[str, Document] = OrderedDict()
        self._arriving = 0

    def expect(self, size: int) -> None:
        """Makes room for so many more bytes that arrive; a negative number when they have. Raises Problem where there is none."""
        self._make_room(size)
        self._arriving += size

    def add(self, name: str, content: bytes, *, given: bool = False) -> Document:
        """Keeps a document. Raises Problem where there is no room for it."""
        self._make_room(len(content))
        document = Document(secrets.token_urlsafe(16), name, content, given)
        self._kept[document.id] = document
        return document

    def add_all(self, files: Iterable[tuple[str, bytes]]) -> list[Document]:
        """Keeps all of them or, where there is no room for all, none: one that nobody reads would never go. Raises Problem."""
        added: list[Document] = []
        try:
            for name, content in files:
                added.append(self.add(name, content))
        except Problem:
            for document in added:
                self.remove(document.id)
            raise
        return added

    def get(self, id_: str) -> Document:
        """Raises Problem for one that is not kept (any more)."""
        document = self._kept.get(id_)
        if document is None:
            raise gone()
        self._kept.move_to_end(id_)
        return document

    def remove(self, id_: str) -> None:
        self._kept.pop(id_, None)

    def given(self) -> list[Document]:
        return [document for document in self._kept.values() if document.given]

    def _make_room(self, size: int) -> None:
        total, count = self._arriving + sum(document.size for document in self._kept.values()), len(self._kept)
        for document in [one for one in self._kept.values() if one.read.is_set() and not one.given]:
            if total + size <= self._bounds.kept and count < self._bounds.documents:
                break
            total, count = total - document.size, count - 1
            del self._kept[document.id]
        if size > 0 and (total + size > self._bounds.kept or count >= self._bounds.documents):
            raise busy()
