"""The server: its paths, and what is done at each. Documents are read and checked by workers (``pool.py``); nothing is kept on a disk."""

from __future__ import annotations

import asyncio
import json
import mimetypes
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from govreport_check.renderers.html import TEMPLATES
from govreport_check.serve.asked import CheckBody, DocumentBody, Given, TakeBody, content_of, parsed
from govreport_check.serve.bounds import Bounds
from govreport_check.serve.documents import Document, Documents
from govreport_check.serve.frames import Message
from govreport_check.serve.guard import Guard, Rules
from govreport_check.serve.offered import COPIES, FORMATS, KINDS, PASTED
from govreport_check.serve.openapi import described
from govreport_check.serve.pool import Pool
from govreport_check.serve.problems import Problem, answer, too_large
from govreport_check.serve.uploads import body_of, file_name, files_of

mimetypes.add_type("text/javascript", ".js")  # some Windows machines call it text/plain, which browsers then do not run
STATIC = Path(__file__).parent / "static"
SHARED = {"report.css": "page.css", "marking.js": "marking.js"}
"""What the page has in common with the HTML report, under its names there."""


@dataclass(frozen=True, slots=True)
class Server:
    """What every request may use."""

    bounds: Bounds
    pool: Pool
    documents: Documents
    tasks: set[asyncio.Task[None]]


def application(
    rules: Rules,
    bounds: Bounds | None = None,
    *,
    files: Sequence[tuple[str, bytes]] = (),
    command: Sequence[str] | None = None,
    ready: Callable[[], None] | None = None,
) -> Guard:
    """The ASGI application. ``files`` (name, content) are read at once; ``command`` starts another worker than the usual one, for tests;
    ``ready`` is called when the first request can be answered."""
    bounds = bounds or Bounds()
    server = Server(bounds, Pool(bounds, command), Documents(bounds), set())

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await server.pool.start()
        for name, content in files:
            _begin(server, server.documents.add(name, content, given=True))
        if ready is not None:
            ready()
        yield
        for task in server.tasks:
            task.cancel()
        await server.pool.stop()

    handlers: Any = {Problem: _refused, HTTPException: _no_such_path, Exception: _failed}
    app = Starlette(routes=_routes(server, rules.base), exception_handlers=handlers, lifespan=lifespan)
    return Guard(app, rules)


def _routes(server: Server, base: str) -> list[Any]:
    def at(path: str, work: Callable[[Server, Request], Any], *methods: str) -> Route:
        async def endpoint(request: Request) -> Response:
            response: Response = await work(server, request)
            return response

        return Route(path, endpoint, methods=list(methods) or ["GET"])

    routes: list[Any] = [
        at("/", _page),
        at("/api/health", _health),
        at("/api/openapi.json", _described),
        at("/api/options", _options),
        at("/api/documents", _listed, "GET"),
        at("/api/documents", _taken_in, "POST"),
        at("/api/documents/{id}", _document, "GET"),
        at("/api/documents/{id}", _removed, "DELETE"),
        at("/api/check", _checked, "POST"),
        at("/api/take/{kind}", _file, "POST"),
        *[Route(f"/static/{name}", _shared(own)) for name, own in SHARED.items()],
        Mount("/static", StaticFiles(directory=STATIC)),
    ]

    async def to_base(_request: Request) -> Response:
        return RedirectResponse(f"{base}/")

    return [Route(base, to_base), Mount(base, routes=routes)] if base else routes


# --- answers --------------------------------------------------------------------------------------------------------------------


def _json(value: Any) -> Response:
    return Response(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"), media_type="application/json")


async def _refused(_request: Request, error: Any) -> Response:
    return answer(error)


async def _no_such_path(_request: Request, error: Any) -> Response:
    if error.status_code == 405:
        return answer(Problem(405, "method", "不支持这种请求方法", "this method is not allowed here"), error.headers)
    return answer(Problem(error.status_code, "path", "没有这个地址", "there is no such path"))


async def _failed(_request: Request, error: Any) -> Response:
    words = " ".join(str(error).split())[:300]
    print(f"govreport: internal error: {type(error).__name__}: {words}; please report it", file=sys.stderr)  # noqa: T201
    return answer(Problem(500, "internal", "程序出现内部错误，未得出结果", "an internal error: there is no result"))


async def _page(_server: Server, _request: Request) -> Response:
    return FileResponse(STATIC / "index.html", media_type="text/html; charset=utf-8")


def _shared(name: str) -> Callable[[Request], Any]:
    async def endpoint(_request: Request) -> Response:
        return FileResponse(TEMPLATES / name)

    return endpoint


async def _health(server: Server, _request: Request) -> Response:
    offer = server.pool.offer
    return _json({"ok": True, "version": offer["version"], "packs": offer["packs"]})


async def _described(server: Server, _request: Request) -> Response:
    return _json(described(server.pool.offer["version"]))


async def _options(server: Server, request: Request) -> Response:
    lang = "en" if request.query_params.get("lang") == "en" else "zh"
    offer = server.pool.offer
    sizes = {"max_size": server.bounds.max_size, "max_files": server.bounds.files}
    kinds = [{"kind": kind, "of": list(of), "many": many} for kind, (of, many) in KINDS.items()]
    return _json({"packs": offer["packs"], "levels": offer["levels"][lang], "formats": FORMATS, "take": kinds, **sizes})


# --- documents ------------------------------------------------------------------------------------------------------------------


def _is_form(request: Request) -> bool:
    return request.headers.get("content-type", "").startswith("multipart/form-data")


async def _listed(server: Server, _request: Request) -> Response:
    return _json({"documents": [document.told() for document in server.documents.given()]})


async def _document(server: Server, request: Request) -> Response:
    """``?wait=10``: answers when the document is read, at the latest after so many seconds."""
    document = server.documents.get(request.path_params["id"])
    wait = request.query_params.get("wait", "")
    if wait.isascii() and wait.isdigit():
        with suppress(TimeoutError):
            await asyncio.wait_for(document.read.wait(), min(int(wait[:9]), 30))
    return _json(document.told())


async def _removed(server: Server, request: Request) -> Response:
    server.documents.remove(request.path_params["id"])
    return Response(status_code=204)


async def _taken_in(server: Server, request: Request) -> Response:
    if _is_form(request):
        files = await files_of(request, server.bounds, server.documents)
        if not files:
            raise Problem(400, "body", "没有收到文件", "there is no file in the upload")
        documents = server.documents.add_all(files)
        for document in documents:
            _begin(server, document)
    else:
        body = await body_of(request, server.bounds, server.documents)
        documents = [_given(server, parsed(Given, body), body)]
    return _json({"documents": [document.told() for document in documents]})


def _given(server: Server, given: Given, body: bytes) -> Document:
    """A document out of a JSON body, which a worker begins to read."""
    content = content_of(given)
    if len(content) > server.bounds.max_size:
        raise too_large(server.bounds.max_size)
    is_data = given.report is not None
    name = file_name(given.name or (PASTED if given.text is not None else "report.json" if is_data else None))
    document = server.documents.add(name, body if is_data else content)
    _begin(server, document, is_data=is_data)
    return document


def _begin(server: Server, document: Document, *, is_data: bool = False) -> None:
    task = asyncio.create_task(_read(server, document, is_data))
    server.tasks.add(task)
    task.add_done_callback(server.tasks.discard)


async def _read(server: Server, document: Document, is_data: bool) -> None:
    def progress(share: float) -> None:
        document.progress = share

    bounds = server.bounds
    head = {"do": "read", "name": document.name, "data": is_data, "max_size": bounds.max_size, "seconds": bounds.converting}
    try:
        found = await server.pool.ask(Message(head, (document.content,)), reading=True, progress=progress)
        document.part, document.kind, document.error = found.parts[0], found.head["kind"], found.head["error"]
    except Problem as problem:
        document.error = {"zh": problem.zh, "en": problem.en}
    finally:
        document.read.set()


# --- checking -------------------------------------------------------------------------------------------------------------------


async def _checked(server: Server, request: Request) -> Response:
    """The page asks about documents that it handed in before; a program hands one in with its question."""
    if _is_form(request):
        files = await files_of(request, server.bounds, server.documents)
        if (lang := request.query_params.get("lang")) not in (None, "zh", "en"):
            raise Problem(400, "body", "lang 应为 zh 或 en", "lang is zh or en")
        return await _checked_at_once(server, server.documents.add_all(files), lang, {})
    body = await body_of(request, server.bounds, server.documents)
    asked = parsed(CheckBody, body)
    if asked.documents is None:
        document = _given(server, asked, body)
        return await _checked_at_once(server, [document], asked.lang, asked.about, begun=True)
    if asked.report is not None or asked.text is not None or asked.content is not None:
        raise Problem(400, "body", "documents 不能与 report、text、content 同时提供", "documents excludes report, text and content")
    return await _answered(server, asked.documents, {"do": "check", "lang": asked.lang, "printed": True})


async def _checked_at_once(
    server: Server, documents: Sequence[Document], lang: str | None, about: dict[str, Any], *, begun: bool = False
) -> Response:
    """A check of documents that are kept no longer than it takes."""
    if not documents:
        raise Problem(400, "body", "没有收到文件", "there is no file in the upload")
    try:
        for document in documents if not begun else ():
            _begin(server, document)
        wanted = [DocumentBody(id=document.id, about=about) for document in documents]
        return await _answered(server, wanted, {"do": "check", "lang": lang, "printed": False})
    finally:
        for document in documents:
            server.documents.remove(document.id)


async def _answered(server: Server, wanted: Sequence[DocumentBody], head: dict[str, Any]) -> Response:
    message = await _message(server, wanted, head, with_contents=False)
    answer = await server.pool.ask(message)
    return Response(answer.parts[0], media_type="application/json")


async def _file(server: Server, request: Request) -> Response:
    kind = request.path_params["kind"]
    if kind not in KINDS:
        raise Problem(404, "path", "没有这种文件可下载", "there is no such file to take")
    asked = parsed(TakeBody, await body_of(request, server.bounds, server.documents))
    bounds = {"max_size": server.bounds.max_size, "seconds": server.bounds.converting}
    head = {"do": "take", "kind": kind, "lang": asked.lang, "details": asked.details, **bounds}
    message = await _message(server, asked.documents, head, with_contents=True)
    found = await server.pool.ask(message, reading=kind in COPIES)  # an old file is converted once more
    headers = {"content-disposition": f"attachment; filename=\"report\"; filename*=UTF-8''{quote(found.head['name'])}"}
    if found.head["note"]:
        headers["x-govreport-note"] = quote(found.head["note"])
    return Response(found.parts[0], headers=headers, media_type=found.head["type"])


async def _message(server: Server, wanted: Sequence[DocumentBody], head: dict[str, Any], *, with_contents: bool) -> Message:
    """What a worker is asked: every document once, as it was read, with its bytes where the file itself is wanted."""
    parts: list[bytes] = []
    known: dict[str, dict[str, Any]] = {}
    told = []
    for one in wanted:
        ids = [one.id, *([one.prior] if one.prior else [])]
        for id_ in ids:
            if id_ not in known:
                known[id_] = await _known(server, id_, parts)
        content = None
        if with_contents:
            content = len(parts)
            parts.append(server.documents.get(one.id).content)
        more = {"id": one.id, "edits": [edit.model_dump() for edit in one.edits], "about": one.about, "content": content}
        told.append({**known[one.id], **more, "prior": known[one.prior] if one.prior else None})
    return Message({**head, "documents": told}, tuple(parts))


async def _known(server: Server, id_: str, parts: list[bytes]) -> dict[str, Any]:
    """A document by the number of its part, once it is read; why there is none where it could not be."""
    document = server.documents.get(id_)
    await document.read.wait()
    if document.part is None:
        return {"name": document.name, "part": None, "unread": document.error}
    parts.append(document.part)
    return {"name": document.name, "part": len(parts) - 1, "unread": None}
