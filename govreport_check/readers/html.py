"""Web pages."""

from __future__ import annotations

from govreport_check.readers.document import Document
from govreport_check.readers.limits import Limits
from govreport_check.readers.text import read_text


def read_html(text: str, name: str, limits: Limits) -> Document:
    return read_text(text, name)


def read_mhtml(text: str, name: str, limits: Limits) -> Document:
    return read_text(text, name)
