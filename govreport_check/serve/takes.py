"""What a person takes away from the page: files made of the documents, as they are after the changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Literal

from govreport_check import copies, manifest
from govreport_check.errors import GovreportError
from govreport_check.model import Report, Section
from govreport_check.pack import Pack
from govreport_check.readers import to_json
from govreport_check.readers.limits import Limits
from govreport_check.recognition import with_figures
from govreport_check.renderers import render, render_file
from govreport_check.renderers.letter import Letterhead
from govreport_check.serve.edits import Edit, paragraphs_of
from govreport_check.serve.work import Asked, check_documents, placed, with_edits
from govreport_check.wording import pick

HTML, JSON = "text/html; charset=utf-8", "application/json"
OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX, XLSX = f"{OFFICE}wordprocessingml.document", f"{OFFICE}spreadsheetml.sheet"
_NAMES = {
    "annotated": ("批注稿", "annotated"),
    "mended": ("修订稿", "mended"),
    "letter": ("整改意见", "letter"),
    "slip": ("审核单", "slip"),
    "xlsx": ("核对工作簿", "workbook"),
}
"""How a file is told from the one that it is made of."""


class Refusal(GovreportError):
    """A file that does not exist for these documents; why, in Chinese as ``zh``."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en
        super().__init__(en)


@dataclass(frozen=True, slots=True)
class File:
    """``name`` with its ending; ``type`` is the media type; ``note`` is what the person should know of it."""

    name: str
    type: str
    content: bytes
    note: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for: the documents with their changes and with the bytes that were handed in. ``details`` of a letter."""

    asked: Sequence[Asked]
    contents: Sequence[bytes]
    packs: Sequence[Pack]
    lang: str | None
    details: Mapping[str, str]
    limits: Limits


def take(kind: str, order: Order) -> File:
    """The file of this ``kind``, one of :data:`KINDS`. Raises Refusal, EditError, UsageError, SourceError."""
    return _MAKERS[kind](order)


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
            "核对清单记录的是文件本身。请先导出修订稿，把修订稿放入网页核对，再导出核对清单",
            "a manifest is of files as they are: take the mended copy first, hand that in, and take its manifest",
        )
    if any(one.prior or one.about for one in order.asked):
        raise Refusal(
            "核对清单不记录网页上另行选择的机关层级和上年度报告，请取消选择后再导出，或者使用 govreport attest",
            "a manifest does not hold a level or last year's report given on the page: take them away, or use govreport attest",
        )
    result = check_documents(order.asked, order.packs, order.lang, printed=False).result
    taken = [manifest.Taken(one.taken.name, content, {}) for one, content in zip(order.asked, order.contents, strict=True)]
    made = manifest.manifest_of(taken, result, Path.cwd(), on=date.today())
    return File(f"{_stem(order)}.manifest.json", JSON, manifest.as_json(made).encode("utf-8", "replace"))


def _printed(order: Order, kind: Literal["letter", "slip"]) -> File:
    result = check_documents(order.asked, order.packs, order.lang, printed=True).result
    head = _letterhead(order.details) if kind == "letter" else None
    return File(f"{_named(order, kind)}.docx", DOCX, render_file(result, kind, ".docx", lang=order.lang, head=head))


def _workbook(order: Order) -> File:
    result = check_documents(order.asked, order.packs, order.lang, printed=True).result
    return File(f"{_named(order, 'xlsx')}.xlsx", XLSX, render_file(result, "xlsx", ".xlsx", lang=order.lang))


def _letterhead(details: Mapping[str, str]) -> Letterhead:
    """What the person says of the letter. Raises Refusal for what it does not have, or a date that is none."""
    stated: dict[str, Any] = {}
    for name, text in details.items():
        if name not in {field.name for field in fields(Letterhead)}:
            raise Refusal(f"整改意见没有“{name}”一项", f"a letter has no {name}")
        try:
            stated[name] = date.fromisoformat(text) if name in ("due", "day") else text
        except ValueError:
            raise Refusal(f"“{text}”不是日期，应如2026-03-31", f"{text} is no date such as 2026-03-31") from None
    return Letterhead(**stated)


def _annotated(order: Order) -> File:
    """Comments at the findings of the file as it was handed in: changes are in no file yet."""
    one = _single(order)
    (report,) = check_documents([replace(one, edits=())], order.packs, order.lang, printed=False).result.reports
    content = order.contents[0]
    made = copies.annotated(content, one.taken.name, report, lang=order.lang or "zh", limits=order.limits)
    return _copy(order, "annotated", made)


def _mended(order: Order) -> File:
    one = _single(order)
    if not one.edits:
        raise Refusal("还没有更正任何内容", "nothing has been changed yet")
    changes = changes_in(one.taken.reports[0], one.edits)
    made = copies.mended(order.contents[0], one.taken.name, changes, lang=order.lang or "zh", limits=order.limits)
    return _copy(order, "mended", made)


def changes_in(report: Report, edits: Sequence[Edit]) -> list[copies.Change]:
    """The changes as they are to stand in the file, those left out that change nothing. Raises UsageError for a place that the report
    does not have, Refusal for a paragraph that the file does not have as one."""
    last = {(edit.at, edit.line): edit.to for edit in edits}
    at = {
        place.removesuffix(".heading") if place.startswith("sections.") else place: to for (place, line), to in last.items() if line is None
    }
    made = copies.changes_of(report, at)
    made += [_paragraph(report, place.removeprefix("sections."), line, to) for (place, line), to in last.items() if line is not None]
    return [change for change in made if change.old != change.new]


def _paragraph(report: Report, name: str, line: int, to: str) -> copies.Change:
    section = (report.sections or {}).get(name, Section())
    spans = paragraphs_of(section)
    if line > len(spans):
        told = f"sections.{name}:{line}"
        raise Refusal(f"{told}：新增的自然段请直接在文件中添加", f"{told}: a new paragraph has to be written into the file itself")
    start, end = spans[line - 1]
    if any(start < offset < end for offset, _ in section.spots):
        told = f"sections.{name}:{line}"
        raise Refusal(f"{told}：这段文字在文件中分为几段，请直接在文件中更正", f"{told}: several paragraphs of the file; mend them there")
    return copies.Change(section.place_at(start), section.text[start:end].strip(), to.strip(), f"sections.{name}:{line}")


def _copy(order: Order, kind: str, made: bytes) -> File:
    lang = order.lang or "zh"
    note = " ".join(copies.caveats(order.contents[0], order.asked[0].taken.name, lang=lang, limits=order.limits))
    ending, type_ = ("docx", DOCX) if copies.kind_of(made, "", order.limits) == "docx" else ("xlsx", XLSX)
    return File(f"{_named(order, kind)}.{ending}", type_, made, note)


def _named(order: Order, kind: str) -> str:
    return f"{_stem(order)}-{pick(_NAMES[kind], order.lang or 'zh')}"


_MAKERS: Mapping[str, Callable[[Order], File]] = {
    "mended": _mended,
    "annotated": _annotated,
    "letter": partial(_printed, kind="letter"),
    "slip": partial(_printed, kind="slip"),
    "xlsx": _workbook,
    "html": _html,
    "json": _json,
    "report": _report,
    "manifest": _manifest,
}
KINDS: tuple[str, ...] = tuple(_MAKERS)
