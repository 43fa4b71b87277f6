"""The description of the interface for programs (OpenAPI 3.1), from the models of its requests and the schema of its results."""

from __future__ import annotations

from typing import Any

from govreport_check.findings import result_schema
from govreport_check.serve.asked import CheckBody, Given, TakeBody
from govreport_check.serve.offered import KINDS

_PLACE = "#/components/schemas/"
_ERRORS = {
    "400": "the body does not fit",
    "401": "no token, or a wrong one",
    "403": "a foreign Origin",
    "413": "too large",
    "421": "another Host",
    "422": "could not be worked on: an impossible edit, too slow, a worker that ended",
    "503": "too much is being worked on",
}


def described(version: str) -> dict[str, Any]:
    """The document at ``/api/openapi.json``."""
    file = {"type": "array", "items": {"type": "string", "format": "binary"}}
    upload = {"multipart/form-data": {"schema": {"type": "object", "properties": {"file": file}}}}
    check = {**_body("CheckBody"), **upload}
    paths = {
        "/api/health": {"get": {**_operation("Whether the server works, and with which rules", "Health"), "security": []}},
        "/api/options": {"get": _operation("What the page offers", "Options", [_query("lang", ["zh", "en"])])},
        "/api/documents": {
            "get": _operation("The documents named on the command line", "Documents"),
            "post": _operation("Hand documents in", "Documents", body={**_body("Given"), **upload}),
        },
        "/api/documents/{id}": {
            "get": _operation("How far the reading of a document is", "Document", [_path("id"), _query("wait")]),
            "delete": {"summary": "Forget a document", "parameters": [_path("id")], "responses": {"204": {"description": "forgotten"}}},
        },
        "/api/check": {
            "post": _operation("Check documents, or one that is handed in now", "Checked", [_query("lang", ["zh", "en"])], check)
        },
        "/api/take/{kind}": {"post": _take()},
    }
    security = {"token": {"type": "apiKey", "in": "header", "name": "X-Govreport-Token"}, "bearer": {"type": "http", "scheme": "bearer"}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "govreport serve", "version": version},
        "paths": paths,
        "components": {"schemas": _schemas(), "securitySchemes": security},
        "security": [{"token": []}, {"bearer": []}],
    }


def _ref(name: str) -> dict[str, str]:
    return {"$ref": _PLACE + name}


def _body(name: str) -> dict[str, Any]:
    return {"application/json": {"schema": _ref(name)}}


def _path(name: str, values: list[str] | None = None) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", **({"enum": values} if values else {})}}


def _query(name: str, values: list[str] | None = None) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": {"type": "string", **({"enum": values} if values else {})}}


def _responses(content: dict[str, Any]) -> dict[str, Any]:
    problem = {"application/problem+json": {"schema": _ref("Problem")}}
    errors = {status: {"description": said, "content": problem} for status, said in _ERRORS.items()}
    return {"200": {"description": "done", "content": content}, **errors}


def _operation(summary: str, answer: str, parameters: list[Any] | None = None, body: dict[str, Any] | None = None) -> dict[str, Any]:
    asked = {"requestBody": {"required": True, "content": body}} if body else {}
    return {"summary": summary, "parameters": parameters or [], **asked, "responses": _responses(_body(answer))}


def _take() -> dict[str, Any]:
    file = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    asked = {"required": True, "content": _body("TakeBody")}
    parameters = [_path("kind", list(KINDS))]
    return {"summary": "Take a file away", "parameters": parameters, "requestBody": asked, "responses": _responses(file)}


def _schemas() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for model in (Given, CheckBody, TakeBody):
        schema = model.model_json_schema(ref_template=_PLACE + "{model}")
        found.update(schema.pop("$defs", {}))
        found[model.__name__] = schema
    result = result_schema()
    found.update(_moved(result.pop("$defs", {})))
    found["Result"] = _moved({key: value for key, value in result.items() if key != "$schema"})
    return {**found, **_ANSWERS}


def _moved(schema: Any) -> Any:
    """A schema whose references lead to where the description keeps them."""
    if isinstance(schema, dict):
        moved = {key: _moved(value) for key, value in schema.items()}
        return {**moved, "$ref": schema["$ref"].replace("#/$defs/", _PLACE)} if isinstance(schema.get("$ref"), str) else moved
    return [_moved(value) for value in schema] if isinstance(schema, list) else schema


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


_TEXT, _ANY = {"type": "string"}, {"type": "object"}
_TOLD = {"type": ["object", "null"], "properties": {"zh": _TEXT, "en": _TEXT}}
_PACKS = {"type": "array", "items": _object(id=_TEXT, version=_TEXT)}
_STATES = {"type": "string", "enum": ["reading", "ready", "failed"]}
_ANSWERS: dict[str, Any] = {
    "Problem": _object(status={"type": "integer"}, title=_TEXT, detail=_TEXT, error=_object(code=_TEXT, zh=_TEXT, en=_TEXT)),
    "Health": _object(ok={"type": "boolean"}, version=_TEXT, packs=_PACKS),
    "Options": _object(
        packs=_PACKS, levels={"type": "array"}, formats={"type": "array"}, take={"type": "array"}, max_size={"type": "integer"}
    ),
    "Document": _object(
        id=_TEXT, name=_TEXT, size={"type": "integer"}, state=_STATES, kind=_TEXT, progress={"type": "number"}, error=_TOLD
    ),
    "Documents": _object(documents={"type": "array", "items": _ref("Document")}),
    "Checked": _object(result=_ref("Result"), reports={"type": "array", "items": _ANY}, overview_html={"type": ["string", "null"]}),
}
