"""The server as a process: its socket, its address, its token, and the browser that is opened at it."""

from __future__ import annotations

import asyncio
import secrets
import socket
import threading
import webbrowser
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from ipaddress import ip_address
from urllib.parse import urlsplit

import h11
import python_multipart  # noqa: F401  (starlette asks for it at the first upload)
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from govreport_check.errors import UsageError
from govreport_check.serve.app import application
from govreport_check.serve.bounds import Bounds
from govreport_check.serve.guard import Rules

_CONNECTIONS = 200
_HEAD = 10.0
"""Seconds that the head of a request may take to arrive."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line says. ``token``: one from the environment, beside the random one; ``max_size`` in bytes, None for the usual."""

    host: str
    port: int
    base: str
    origins: tuple[str, ...]
    token: str | None
    lang: str
    browser: bool
    max_size: int | None


class Impatient(H11Protocol):
    """uvicorn's protocol, which would wait for ever for a head that does not end: whoever opens enough of those shuts all others out."""

    _wait: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._watch()

    def handle_events(self) -> None:
        super().handle_events()
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._rest()

    def _watch(self) -> None:
        if self.conn.their_state is not h11.IDLE:
            self._rest()
        elif self._wait is None:
            self._wait = self.loop.call_later(_HEAD, self.transport.close)

    def _rest(self) -> None:
        if self._wait is not None:
            self._wait.cancel()
            self._wait = None


def run(wanted: Wanted, files: Sequence[tuple[str, bytes]], say: Callable[[str], object], warn: Callable[[str], object]) -> int:
    """Serves until it is interrupted. Raises UsageError for an address that cannot be listened at."""
    local = is_local(wanted.host)
    if not local:
        _only_with_token(wanted, warn)
    listening = _socket(wanted.host, wanted.port)
    port = listening.getsockname()[1]
    token = secrets.token_urlsafe(32)
    rules = rules_of(wanted, port, (token, *([wanted.token] if wanted.token else [])))
    told = f"http://{_in_address(wanted.host)}:{port}{wanted.base}/"
    address = f"{told}#token={token}&lang={wanted.lang}" if local else told
    say(_words(wanted.lang, address))

    def ready() -> None:
        if wanted.browser and local:
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    bounds = _bounds(wanted, files)
    app = application(rules, bounds, files=files, ready=ready)
    config = uvicorn.Config(
        app,
        http=Impatient,
        log_level="critical",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        limit_concurrency=_CONNECTIONS,
        timeout_graceful_shutdown=2,
    )
    server = uvicorn.Server(config)
    server.run(sockets=[listening])
    if not server.started:
        raise UsageError("the server could not start its workers; see the lines above, and govreport doctor")
    return 0


def _bounds(wanted: Wanted, files: Sequence[tuple[str, bytes]]) -> Bounds:
    """The usual ones, with files of the wanted size and with room for twice what is given. Raises UsageError where that is too much."""
    usual = Bounds()
    most = wanted.max_size or usual.max_size
    bounds = replace(usual, max_size=most, kept=max(usual.kept, 4 * most))
    if 2 * sum(len(content) for _, content in files) > bounds.kept:
        raise UsageError(f"these files have more than {bounds.kept >> 21} MiB together; give fewer, or check them with govreport check")
    return bounds


def is_local(host: str) -> bool:
    """Whether only this machine can reach what listens at ``host``."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def rules_of(wanted: Wanted, port: int, tokens: tuple[str, ...]) -> Rules:
    """Who may ask. A server at all addresses of a machine cannot know its names: then addresses are accepted, which no foreign page's
    name can be, and the names in ``origins``."""
    own = {f"{_in_address(wanted.host)}:{port}"}
    everywhere = wanted.host in ("0.0.0.0", "::", "")
    if is_local(wanted.host):
        own |= {f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")}
    own |= {f"localhost:{port}"} if everywhere else set()  # browsers let nobody else answer to it
    own |= {host.removesuffix(":80") for host in own if host.endswith(":80")}
    hosts = own | {urlsplit(origin).netloc.lower() for origin in wanted.origins}
    origins = {f"http://{host}" for host in own} | {origin.lower() for origin in wanted.origins}
    return Rules(tokens, frozenset(hosts), frozenset(origins), port if everywhere else None, wanted.base)


def _in_address(host: str) -> str:
    return f"[{host}]" if ":" in host else host.lower()


def _only_with_token(wanted: Wanted, warn: Callable[[str], object]) -> None:
    if wanted.token is None:
        raise UsageError(
            f"--host {wanted.host} lets other machines in: set GOVREPORT_TOKEN to a secret of at least 16 characters first"
            if wanted.lang == "en"
            else f"--host {wanted.host} 会使其他计算机也能访问：请先在环境变量 GOVREPORT_TOKEN 中设置至少16个字符的口令"
        )
    warn(
        f"other machines can reach this server; whoever knows GOVREPORT_TOKEN can use it: {wanted.host}"
        if wanted.lang == "en"
        else f"注意：其他计算机也能访问本服务（{wanted.host}），知道 GOVREPORT_TOKEN 的人都可以使用"
    )


def _words(lang: str, address: str) -> str:
    return f"Open: {address}\nCtrl+C ends the server." if lang == "en" else f"请打开：{address}\n按 Ctrl+C 结束。"


def _socket(host: str, port: int) -> socket.socket:
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listening = socket.socket(family, kind, proto)
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)  # on Windows others could take the port over
        else:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(128)
    except OSError as error:
        raise UsageError(f"cannot listen at {host}:{port}: {error.strerror or error}; choose another --port or --host") from None
    listening.setblocking(False)
    return listening
