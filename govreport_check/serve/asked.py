"""What a request asks for, as its JSON says it. The interface's description (OpenAPI) is made from these."""

from __future__ import annotations

import base64
import binascii
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from govreport_check.serve.problems import Problem

Body = TypeVar("Body", bound=BaseModel)


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class EditBody(_Body):
    """One change; see ``docs/serve-api.md``."""

    at: str = Field(max_length=300)
    line: int | None = Field(default=None, ge=1)
    to: str = Field(max_length=100_000)


class Given(_Body):
    """A document that is handed in with the request: exactly one of ``report`` (``govreport-report/1``), ``text`` and ``content``
    (base64)."""

    name: str | None = Field(default=None, max_length=300)
    report: dict[str, Any] | None = None
    text: str | None = None
    content: str | None = None


class DocumentBody(_Body):
    """A document that was handed in before: with which changes, last year's report (a document's id) and facts it is checked."""

    id: str = Field(max_length=64)
    edits: list[EditBody] = Field(default=[], max_length=5000)
    prior: str | None = Field(default=None, max_length=64)
    about: dict[str, str | int] = Field(default={}, max_length=30)


class CheckBody(Given):
    """Documents that were handed in before, or one that is handed in now, with ``about``."""

    documents: list[DocumentBody] | None = Field(default=None, min_length=1, max_length=500)
    about: dict[str, str | int] = Field(default={}, max_length=30)
    lang: Literal["zh", "en"] | None = None


class TakeBody(_Body):
    """``details``: what a letter needs to know that no report says."""

    documents: list[DocumentBody] = Field(min_length=1, max_length=500)
    lang: Literal["zh", "en"] | None = None
    details: dict[str, str] = Field(default={}, max_length=30)


def parsed(model: type[Body], content: bytes) -> Body:
    """The body as its model. Raises Problem that names the first place that does not fit."""
    try:
        return model.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        at = ".".join(map(str, first["loc"])) or "body"
        raise Problem(400, "body", f"请求内容有误（{at}）", f"the body does not fit at {at}: {first['msg']}") from None


def content_of(given: Given) -> bytes:
    """The bytes of a document that is handed in as text or in base64. Raises Problem."""
    if sum(one is not None for one in (given.report, given.text, given.content)) != 1:
        raise Problem(400, "body", "请提供 report、text、content 之一", "give exactly one of report, text and content")
    if given.content is None:
        return (given.text or "").encode("utf-8", "replace")
    try:
        return base64.b64decode(given.content, validate=True)
    except (binascii.Error, ValueError):
        raise Problem(400, "body", "content 不是Base64编码", "content is not in base64") from None
