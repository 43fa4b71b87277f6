"""Messages between the server and its workers: a head in JSON, then byte strings, each as long as the head says.

A worker is never sent Python objects by the server and the server never unpickles what a worker, which reads hostile files, sent: it hands
byte strings on as they are.
"""

from __future__ import annotations

import json
import struct
from asyncio import StreamReader
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

_LENGTH = struct.Struct(">Q")
MOST = 1 << 30
"""Bytes of a message; more is taken for a mistake."""


@dataclass(frozen=True, slots=True)
class Message:
    head: dict[str, Any]
    parts: tuple[bytes, ...] = ()


def packed(message: Message) -> list[bytes]:
    """The byte strings to be written one after the other."""
    head = json.dumps({**message.head, "sizes": [len(part) for part in message.parts]}, ensure_ascii=True).encode()
    return [_LENGTH.pack(len(head)), head, *message.parts]


def _sizes(head: dict[str, Any]) -> Sequence[int]:
    sizes: list[int] = head.pop("sizes")
    if sum(sizes) > MOST:
        raise EOFError
    return sizes


def receive(stream: BinaryIO) -> Message | None:
    """The next message of a blocking stream; None at its end. Raises EOFError where it ends within one."""
    length = stream.read(_LENGTH.size)
    if not length:
        return None
    head = json.loads(_exactly(stream, _LENGTH.unpack(length)[0]))
    return Message(head, tuple([_exactly(stream, size) for size in _sizes(head)]))


def _exactly(stream: BinaryIO, size: int) -> bytes:
    content = stream.read(size)
    if len(content) < size:
        raise EOFError
    return content


async def received(stream: StreamReader) -> Message:
    """The next message. Raises EOFError (asyncio's IncompleteReadError is one) where the stream ends."""
    (length,) = _LENGTH.unpack(await stream.readexactly(_LENGTH.size))
    if length > MOST:
        raise EOFError
    head = json.loads(await stream.readexactly(length))
    return Message(head, tuple([await stream.readexactly(size) for size in _sizes(head)]))
