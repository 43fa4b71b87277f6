"""What a person takes away from the page: files made of the documents, as they are after the changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from govreport_check import manifest
from govreport_check.errors import GovreportError
from govreport_check.pack import Pack
from govreport_check.readers import to_json
from govreport_check.recognition import with_figures
from govreport_check.renderers import render
from govreport_check.serve.work import Asked, check_documents, placed, with_edits

HTML, JSON = "text/html; charset=utf-8", "application/json"


class Refusal(GovreportError):
    """A file that does not exist for these documents; why, in Chinese as ``zh``."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en
        super().__init__(en)


@dataclass(frozen=True, slots=True)
class File:
    """``name`` with its ending; ``type`` is the media type."""

    name: str
    type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for: the documents with their changes and with the bytes that were handed in. ``details`` of a letter."""

    asked: Sequence[Asked]
    contents: Sequence[bytes]
    packs: Sequence[Pack]
    lang: str | None
    details: Mapping[str, Any]


def take(
    kind: str, asked: Sequence[Asked], contents: Sequence[bytes], packs: Sequence[Pack], lang: str | None, details: Mapping[str, Any]
) -> File:
    """The file of this ``kind``, one of :data:`KINDS`. Raises Refusal, EditError, UsageError, SourceError."""
    return _MAKERS[kind](Order(asked, contents, packs, lang, details))


def _stem(order: Order) -> str:
    name = Path(order.asked[0].taken.name).stem or "report"
    return name if len(order.asked) == 1 else f"{name}-{len(order.asked)}"


def _html(order: Order) -> File:
    result = check_documents(order.asked, order.packs, order.lang, printed=True).result
    return File(f"{_stem(order)}.html", HTML, render(result, "html", lang=order.lang).encode("utf-8", "replace"))


def _json(order: Order) -> File:
    result = check_documents(order.asked, order.packs, order.lang, printed=False).result
    return File(f"{_stem(order)}.result.json", JSON, render(result, "json", lang=order.lang).encode("utf-8", "replace"))


def _single(order: Order) -> Asked:
    if len(order.asked) != 1:
        raise Refusal("请一次选择一份报告", "choose one report at a time")
    one = order.asked[0]
    if one.taken.unread is not None:
        raise one.taken.unread
    if len(one.taken.reports) != 1:
        raise Refusal("该文件含有多份报告", "the file holds several reports")
    return one


def _report(order: Order) -> File:
    """The structured report with its changes and with the facts that the person stated."""
    one = _single(order)
    report = with_edits(one.taken.reports[0], order.packs, one.edits) if one.edits else None
    found = placed(report or one.taken.reports[0], order.packs)
    text = to_json(with_figures(found).report)
    return File(f"{_stem(order)}.json", JSON, text.encode("utf-8", "replace"))


def _manifest(order: Order) -> File:
    """What was checked, held fast: only of files as they are, since a change is in no file yet."""
    if any(one.edits for one in order.asked):
        raise Refusal(
            "清单记录的是文件本身。请先下载更正后的文件，重新放入页面核对，再下载清单",
            "a manifest is of files as they are: take the mended copy first, hand that in, and take its manifest",
        )
    if any(one.prior or one.about for one in order.asked):
        raise Refusal(
            "清单不记录页面上另行填写的层级和上一年度报告，请取消后再下载，或者使用 govreport attest",
            "a manifest does not hold a level or last year's report given on the page: take them away, or use govreport attest",
        )
    result = check_documents(order.asked, order.packs, order.lang, printed=False).result
    taken = [manifest.Taken(one.taken.name, content, {}) for one, content in zip(order.asked, order.contents, strict=True)]
    made = manifest.manifest_of(taken, result, Path.cwd(), on=date.today())
    return File(f"{_stem(order)}.manifest.json", JSON, manifest.as_json(made).encode("utf-8", "replace"))


_MAKERS: Mapping[str, Callable[[Order], File]] = {"html": _html, "json": _json, "report": _report, "manifest": _manifest}
KINDS: tuple[str, ...] = tuple(_MAKERS)
