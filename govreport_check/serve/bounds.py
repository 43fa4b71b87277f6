"""What the server takes on at most."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Bounds:
    """Sizes in bytes, times in seconds.

    ``max_size`` of one file and ``files`` of one upload; ``kept`` of all documents and uploads under way together, which are
    at most ``documents``; ``waiting``: requests
    that wait for a worker; ``workers``: processes that read and check, of which one is always left for checking; ``reading`` and
    ``checking``: how long one job may take; ``receiving``: how long a body may take to arrive; ``memory`` of a worker's address space.
    """

    max_size: int = 64 * MIB
    files: int = 200
    kept: int = 256 * MIB
    documents: int = 2000
    waiting: int = 256
    workers: int = 2
    reading: float = 40.0
    checking: float = 20.0
    receiving: float = 120.0
    memory: int = 3072 * MIB

    @property
    def converting(self) -> float:
        """LibreOffice ends before the worker that called it does."""
        return self.reading * 0.75

    @property
    def body(self) -> int:
        """Of a JSON body: a file in base64 and what stands around it."""
        return self.max_size * 4 // 3 + MIB
