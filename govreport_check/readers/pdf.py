"""Documents of kind pdf."""

from __future__ import annotations

from govreport_check.errors import SourceError
from govreport_check.readers.document import Document
from govreport_check.readers.limits import Limits


def read_pdf(content: bytes, name: str, limits: Limits) -> Document:
    """The document that ``content`` is. Raises SourceError for what cannot be read."""
    raise SourceError(name, "is a file of kind pdf, which is not read yet; save it as text", "暂不支持读取该类文件（pdf），请另存为文本")
