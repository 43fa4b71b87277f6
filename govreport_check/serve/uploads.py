"""Bodies of requests, read into memory within bounds and never onto a disk."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from govreport_check.serve.bounds import Bounds
from govreport_check.serve.documents import Documents
from govreport_check.serve.problems import Problem, too_large

_DRAINED = 512 << 20
"""Bytes of a refused body that are taken and thrown away, so that a browser that is still sending can read the answer."""

_SIGNS = 2_000_000
"""Commas and brackets of a JSON body: what it is made into takes some hundred bytes for each. A report has some thousand."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_LONGEST_NAME = 150


async def body_of(request: Request, bounds: Bounds, documents: Documents) -> bytes:
    """A JSON body. Raises Problem for one that is too large or too slow."""
    pieces = bytearray()
    async with aclosing(_stream(request, bounds, documents, bounds.body)) as stream:
        async for piece in stream:
            pieces += piece
    if sum(map(pieces.count, (b",", b"[", b"{"))) > _SIGNS:
        raise too_large(bounds.max_size)
    return bytes(pieces)


async def files_of(request: Request, bounds: Bounds, documents: Documents) -> list[tuple[str, bytes]]:
    """The (name, content) of every file of a multipart body. Raises Problem."""
    stream = _stream(request, bounds, documents, bounds.kept)
    try:
        async with aclosing(stream):
            items = await _InMemory(request, stream, bounds).parse()
    except MultiPartException as error:
        raise Problem(400, "multipart", "上传内容不完整或者格式有误，请重新上传", f"the upload cannot be read: {error.message}") from None
    found = [(file_name(value.filename), await value.read()) for _, value in items.multi_items() if isinstance(value, UploadFile)]
    await items.close()
    return found


def file_name(stated: str | None) -> str:
    """The last part of a name, without characters that steer anything."""
    last = re.split(r"[/\\]", stated or "")[-1]
    return _CONTROL.sub("", last).strip()[-_LONGEST_NAME:] or "report"


class _InMemory(MultiPartParser):
    """Starlette's parser, with files that never go to the disk and none larger than a file may be."""

    spool_max_size = 1 << 40

    def __init__(self, request: Request, stream: AsyncGenerator[bytes, None], bounds: Bounds) -> None:
        super().__init__(request.headers, stream, max_files=bounds.files, max_fields=20)
        self._most, self._length = bounds.max_size, 0

    def on_part_begin(self) -> None:
        super().on_part_begin()
        self._length = 0

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        self._length += end - start
        if self._length > self._most:
            raise too_large(self._most)
        super().on_part_data(data, start, end)


async def _stream(request: Request, bounds: Bounds, documents: Documents, most: int) -> AsyncGenerator[bytes, None]:
    """The pieces of a body, counted among what arrives. When whoever reads them stops early, the rest is thrown away."""
    if int(request.headers.get("content-length", "0") or "0") > most + _DRAINED:
        raise too_large(most)
    arrived, stream = 0, request.stream()
    try:
        async with asyncio.timeout(bounds.receiving):
            async for piece in stream:
                documents.expect(len(piece))
                arrived += len(piece)
                if arrived > most:
                    raise too_large(bounds.max_size)
                yield piece
    except TimeoutError:
        raise Problem(408, "too-slow", "上传时间过长，已停止", "the upload took too long") from None
    except ClientDisconnect:
        raise Problem(400, "gone", "上传中断", "the upload broke off") from None
    finally:
        documents.expect(-arrived)
        await _drained(stream, bounds.receiving)


async def _drained(stream: Any, seconds: float) -> None:
    left = _DRAINED
    try:
        async with asyncio.timeout(seconds):
            async for piece in stream:
                left -= len(piece)
                if left < 0:
                    return
    except (TimeoutError, ClientDisconnect, RuntimeError):
        return
