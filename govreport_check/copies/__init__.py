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

__all__ = ["AUTHOR", "Change", "annotated", "changes_of", "kind_of", "mended"]

AUTHOR = "govreport_check"


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
    ``at`` the comments bear no date, so that the same file gives the same bytes. Raises UsageError for another format, SourceError for a
    file that cannot be read.
    """
    from govreport_check.copies.docx_comments import commented
    from govreport_check.copies.parts import open_parts
    from govreport_check.copies.told import told_of

    told = told_of(report, lang, notes=notes)
    kind_of(content, name, limits)
    return commented(open_parts(content, name, limits), told, author, at)


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
    """
    from govreport_check.copies.docx_changes import tracked
    from govreport_check.copies.parts import open_parts

    kind_of(content, name, limits)
    return tracked(open_parts(content, name, limits), changes, author, at)


def kind_of(content: bytes, name: str, limits: Limits = DEFAULT) -> Literal["docx", "xlsx"]:
    """What kind of copy there can be of a file. Raises UsageError for one that there is no copy of, saying what to do instead."""
    kind = binary_kind(content, name, limits)
    if kind == "docx" or kind == "xlsx":
        return kind
    raise UsageError(f"{name}: copies with comments or changes exist of docx and xlsx; save it as one of them, or use --output html=FILE")
