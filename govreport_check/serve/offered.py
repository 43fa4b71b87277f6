"""What the page offers, for the server, which does not load what makes it."""

from __future__ import annotations

PASTED = "粘贴的文字.txt"
"""What text that was pasted is called where the page gives it no name."""

FORMATS = (
    "docx",
    "doc",
    "wps",
    "xlsx",
    "xls",
    "et",
    "pdf",
    "ofd",
    "html",
    "mht",
    "txt",
    "md",
    "odt",
    "ods",
    "rtf",
    "json",
    "yaml",
    "csv",
    "xml",
)
"""How the names of files end that may be reports."""

COPIES = frozenset({"mended", "annotated"})
"""What is made of the person's own file."""

_OWN = ("docx", "xlsx", "office")
KINDS: dict[str, tuple[tuple[str, ...], bool]] = {
    "mended": (_OWN, False),
    "annotated": (_OWN, False),
    "letter": ((), True),
    "slip": ((), True),
    "xlsx": ((), True),
    "html": ((), True),
    "json": ((), True),
    "report": ((), False),
    "manifest": ((), True),
}
"""What can be taken away: of which kinds of file (of any where none is named), and whether of several documents at once."""
