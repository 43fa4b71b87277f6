"""The person's own file, otherwise unchanged, with comments at what was found or with changes that can be accepted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from govreport_check.copies.changes import Change, changes_of
from govreport_check.errors import UsageError
from govreport_check.findings import ReportResult
from govreport_check.readers.kinds import binary_kind
from govreport_check.readers.limits import DEFAULT, Limits
from govreport_check.renderers.lines import clean

__all__ = ["AUTHOR", "Change", "annotated", "caveats", "changes_of", "editable", "kind_of", "mended"]

AUTHOR = "govreport_check"
_CAVEATS = {
    "zh": {
        "converted": "原文件格式较旧，副本由LibreOffice转换而成，版面可能有变动。",
        "signed": "原文件带有数字签名，副本内容已改动，签名失效。",
    },
    "en": {
        "converted": "The file is of an older kind: LibreOffice converted it for the copy, and its layout may differ.",
        "signed": "The file bears a digital signature, which does not hold for the copy.",
    },
}


def annotated(
    content: bytes,
    name: str,
    report: ReportResult,
    *,
    lang: str,
    notes: bool = False,
    author: str = AUTHOR,
    at: datetime | None = None,
    limits: Limits = DEFAULT,
) -> bytes:
    """The docx or xlsx ``content`` with a comment at the cell or words of every finding of ``report`` that counts, else unchanged.

    ``report`` is what was said of this very file, ``name`` what errors call it. Undecided findings are among the comments, waived ones
    are not, ``notes`` where asked for; a finding without a place stands at the title. ``lang`` (zh, en) is that of the fixed words. Without
    ``at`` the comments bear no date, so that the same file gives the same bytes; where there is nothing to say, the copy is the file
    itself. Raises UsageError for another format, SourceError for a file that cannot be read.

    An older file (doc, wps, xls) is converted by LibreOffice first; :func:`caveats` says so.
    """
    from govreport_check.copies.parts import open_parts
    from govreport_check.copies.told import told_of

    author = _checked(author, lang)
    told, title = told_of(report, lang, notes=notes), str(report.about.get("title") or "")
    content, kind = editable(content, name, limits)
    if not told:
        return content
    if kind == "docx":
        from govreport_check.copies.docx_comments import commented

        return commented(open_parts(content, name, limits), told, title, author, at)
    from govreport_check.copies import xlsx_comments
    from govreport_check.readers.xlsx import read_xlsx

    blocks = read_xlsx(content, name, limits).blocks
    first = next((block for block in blocks if title and title in block.text), blocks[0])
    return xlsx_comments.commented(open_parts(content, name, limits), told, first.place, author)


def mended(
    content: bytes,
    name: str,
    changes: Sequence[Change],
    *,
    author: str = AUTHOR,
    at: datetime | None = None,
    lang: str = "zh",
    limits: Limits = DEFAULT,
) -> bytes:
    """The docx ``content`` with ``changes`` as revisions by ``author``, or the xlsx with them in its cells, each with a comment in ``lang``
    that says what stood there.

    Raises UsageError for another format and, naming the place, for a change that cannot be made: what stands there is not ``old``, or it is
    computed by a formula. SourceError for a file that cannot be read.

    An older file (doc, wps, xls) is converted by LibreOffice first; :func:`caveats` says so.
    """
    from govreport_check.copies.parts import open_parts

    author = _checked(author, lang)
    content, kind = editable(content, name, limits)
    if not changes:
        return content
    if kind == "docx":
        from govreport_check.copies.docx_changes import tracked

        return tracked(open_parts(content, name, limits), changes, author, at)
    from govreport_check.copies.xlsx_changes import changed

    return changed(open_parts(content, name, limits), content, changes, author, lang)


def _checked(author: str, lang: str) -> str:
    """The author's name as a document can hold it. Raises UsageError for an unknown language."""
    if lang not in _CAVEATS:
        raise UsageError(f"no language is called {lang}; there are {', '.join(_CAVEATS)}")
    return clean(author)


def kind_of(content: bytes, name: str, limits: Limits = DEFAULT) -> Literal["docx", "xlsx", "office"]:
    """What is copied of a file: itself, or (``office``: doc, wps, xls, rtf, odt ...) the docx or xlsx that LibreOffice makes of it. Raises
    UsageError for one that there is no copy of, saying what to do instead."""
    kind = binary_kind(content, name, limits)
    if kind == "docx" or kind == "xlsx" or kind == "office":
        return kind
    raise UsageError(f"{name}: copies with comments or changes exist of docx and xlsx; save it as one of them, or use --output html=FILE")


def editable(content: bytes, name: str, limits: Limits = DEFAULT) -> tuple[bytes, Literal["docx", "xlsx"]]:
    """The file that is copied, and its kind. Raises UsageError where there is none, SourceError where it cannot be converted."""
    kind = kind_of(content, name, limits)
    if kind != "office":
        return content, kind
    from govreport_check.readers.office import modern

    return modern(content, name, limits)


def caveats(content: bytes, name: str, *, lang: str, limits: Limits = DEFAULT) -> list[str]:
    """What a person should know of the copy of a file, in ``lang``: that it was converted, that its signature no longer holds. Raises
    UsageError and SourceError as the copies do."""
    if kind_of(content, name, limits) == "office":
        return [_CAVEATS[lang]["converted"]]
    from govreport_check.readers.containers import open_zip

    signed = any(part.startswith("_xmlsignatures/") for part in open_zip(content, name, limits).names)
    return [_CAVEATS[lang]["signed"]] if signed else []
