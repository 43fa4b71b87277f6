"""What a request is refused with: a status and one plain sentence in both languages. Never a traceback."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from govreport_check.errors import GovreportError


class Problem(GovreportError):
    """A request that cannot be carried out. ``code`` names it for programs."""

    def __init__(self, status: int, code: str, zh: str, en: str) -> None:
        self.status, self.code, self.zh, self.en = status, code, zh, en
        super().__init__(en)


def told(problem: Problem) -> dict[str, Any]:
    """The body of the answer (RFC 9457, with ``error`` for both languages)."""
    error = {"code": problem.code, "zh": problem.zh, "en": problem.en}
    return {"status": problem.status, "title": HTTPStatus(problem.status).phrase, "detail": problem.en, "error": error}


def answer(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """The response to a request with this problem."""
    content = json.dumps(told(problem), ensure_ascii=False).encode("utf-8", "replace")
    return Response(content, problem.status, headers, "application/problem+json")


def too_large(most: int) -> Problem:
    size = f"{most / (1 << 20):.4g} MiB"
    return Problem(
        413,
        "too-large",
        f"文件超过{size}的上限，未予读取；请核对是否为年度报告",
        f"the file is larger than the {size} that are read; is it a report?",
    )


def busy() -> Problem:
    return Problem(503, "busy", "正在处理的文件过多，请稍后再试", "too much is being worked on; try again in a moment")


def gone() -> Problem:
    return Problem(404, "no-document", "该文档已不在内存中，请重新放入", "this document is no longer kept; hand it in again")
