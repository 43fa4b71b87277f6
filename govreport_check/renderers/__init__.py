"""Results as text, one file a format. A renderer computes nothing of a verdict and prints nothing."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from govreport_check.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

    from govreport_check.findings import Result
    from govreport_check.renderers.letter import Letterhead
    from govreport_check.renderers.sheets.table import Sheet

_MODULES = {
    "rich": "listing",
    "concise": "concise",
    "json": "as_json",
    "jsonl": "jsonl",
    "sarif": "sarif",
    "junit": "junit",
    "github": "github",
    "gitlab": "gitlab",
    "markdown": "markdown",
    "quiet": "quiet",
    "statistics": "statistics",
    "html": "html",
    "letter": "letter",
    "slip": "slip",
    "xlsx": "xlsx",
}
FILES_ONLY = frozenset({"xlsx"})
"""Formats that are no text at all: they can be written into a file of their ending, not printed."""
FORMATS: tuple[str, ...] = tuple(name for name in _MODULES if name not in FILES_ONLY)
"""What :func:`render` knows, all of them text."""
OUTPUTS: tuple[str, ...] = tuple(_MODULES)
"""What :func:`render_file` knows."""
SHOW_THE_REPORT = frozenset({"html", "slip"})
"""Formats that show the report itself: the check is to keep it with the result (``Options.printed``)."""
JSON_FORMATS = frozenset({"json", "jsonl", "sarif", "gitlab"})
"""What a stream that cannot show every character may hold in ASCII alone."""
FILE_SUFFIXES: dict[str, tuple[str, ...]] = {"letter": (".docx",), "slip": (".docx",), "xlsx": (".xlsx",)}
"""Formats that are no text in files whose names end so; their module has ``render_file``, which takes what ``render`` takes."""


def render(
    result: Result,
    format: str = "rich",
    *,
    lang: str | None = None,
    width: int | None = None,
    color: bool = False,
    notes: bool = False,
    waived: bool = False,
    fingerprints: bool = False,
    head: Letterhead | None = None,
    sheets: Sequence[Sheet] = (),
) -> str:
    """``result`` in one of :data:`FORMATS`.

    ``lang`` (zh, en) is the language of the fixed words, the result's own when None; ``width`` is in terminal cells. Without
    ``color`` the text has no escape codes. ``notes`` and ``waived`` show what is otherwise folded into one line each,
    ``fingerprints`` what a waiver needs to name a finding; ``head`` is what a letter says that no report states;
    ``sheets`` are a season's, which the HTML page shows. Raises
    :class:`~govreport_check.errors.UsageError` for another format.
    """
    shown = {"width": width, "color": color, "notes": notes, "waived": waived, "fingerprints": fingerprints}
    text: str = _module(format).render(result, lang=lang or result.lang, **shown, **_own(format, head, sheets))
    return text


def render_file(
    result: Result,
    format: str,
    suffix: str,
    *,
    lang: str | None = None,
    notes: bool = False,
    waived: bool = False,
    fingerprints: bool = False,
    head: Letterhead | None = None,
    sheets: Sequence[Sheet] = (),
) -> bytes:
    """``result`` as the content of a file whose name ends in ``suffix`` (``.docx``): UTF-8 where the format is text there.

    Arguments and errors are those of :func:`render`.
    """
    shown = {"notes": notes, "waived": waived, "fingerprints": fingerprints}
    if suffix.lower() not in FILE_SUFFIXES.get(format, ()):
        return render(result, format, lang=lang, **shown, head=head, sheets=sheets).encode("utf-8", "replace")
    content: bytes = _module(format).render_file(result, lang=lang or result.lang, **shown, **_own(format, head, sheets))
    return content


def _module(format: str) -> ModuleType:
    if format not in _MODULES:
        raise UsageError(f"no format is called {format}; there are {', '.join(OUTPUTS)}")
    return import_module(f"govreport_check.renderers.{_MODULES[format]}")


def _own(format: str, head: Letterhead | None, sheets: Sequence[Sheet]) -> dict[str, Any]:
    """What one format alone takes."""
    return {"head": head} if format == "letter" else {"sheets": sheets} if format == "html" else {}
