"""Who may ask: the right host, the right origin, the right token; and what every answer tells the browser.

A page elsewhere can make a browser send requests here (hence ``Origin`` and a token in a header, which it cannot know), and can make its
own name point here (DNS rebinding, hence ``Host``).
"""

from __future__ import annotations

import hmac
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from ipaddress import ip_address

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from govreport_check.serve.problems import Problem, answer

HEADER = "x-govreport-token"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_TOLD = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


@dataclass(frozen=True, slots=True)
class Rules:
    """``tokens`` that are accepted; ``origins`` and ``hosts`` (with port) under which the server is known; ``port``: hosts that are IP
    addresses with this port are accepted too, None where they are not. ``base`` is the path before all others; below ``base/api`` only
    the ``open`` paths need no token."""

    tokens: tuple[str, ...]
    hosts: frozenset[str]
    origins: frozenset[str]
    port: int | None = None
    base: str = ""
    open: tuple[str, ...] = ("/api/health", "/api/openapi.json")


@dataclass(frozen=True, slots=True)
class Guard:
    """The application behind its rules."""

    app: ASGIApp
    rules: Rules

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            told = _telling(send, scope["path"].startswith(f"{self.rules.base}/static/"))
            problem = refusal(self.rules, scope["method"], scope["path"], Headers(scope=scope))
            if problem is None:
                await self.app(scope, receive, told)
            else:
                await answer(problem)(scope, receive, told)


def refusal(rules: Rules, method: str, path: str, headers: Headers) -> Problem | None:
    """Why a request is refused, None for one that may pass."""
    if not _is_host(rules, headers.getlist("host")):
        return Problem(421, "host", "请求的主机名不是本服务的地址", "the Host of the request is not the address of this server")
    if method not in ("GET", "HEAD") and not _is_own(rules, headers):
        return Problem(403, "origin", "请求来自其他网页，已拒绝", "the request comes from another page and is refused")
    inside = path.removeprefix(rules.base)
    if inside.startswith("/api/") and inside not in rules.open and not _is_known(rules.tokens, headers):
        return Problem(
            401, "token", "口令不对或者没有口令，请用程序给出的完整地址打开", "no token, or a wrong one: open the address that was printed"
        )
    return None


def _is_host(rules: Rules, stated: Sequence[str]) -> bool:
    if len(stated) != 1:
        return False
    host = stated[0].lower()
    return host in rules.hosts or (rules.port is not None and _is_address(host, rules.port))


def _is_address(host: str, port: int) -> bool:
    name, _, stated = host.rpartition(":")
    try:
        ip_address(name.strip("[]"))
    except ValueError:
        return False
    return stated == str(port)


def _is_own(rules: Rules, headers: Headers) -> bool:
    """Whether a request that may change something comes from the page or from a program, which states no origin."""
    origins = headers.getlist("origin")
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    if not origins:
        return True
    host = headers["host"].lower()
    return len(origins) == 1 and (origins[0] in rules.origins or (rules.port is not None and origins[0] == f"http://{host}"))


def _is_known(tokens: Collection[str], headers: Headers) -> bool:
    kind, _, bearer = headers.get("authorization", "").partition(" ")
    stated = headers.get(HEADER) or (bearer.strip() if kind.lower() == "bearer" else "")
    return any(hmac.compare_digest(stated.encode(), token.encode()) for token in tokens)


def _telling(send: Send, is_static: bool) -> Send:
    async def tell(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(_TOLD)
            headers["cache-control"] = "no-cache" if is_static else "no-store"
        await send(message)

    return tell
