"""Archives of many reports as Parquet (extra ``archive``): built from documents, checked from their columns, compared.

``check_batch`` is the whole of checking: an Arrow record batch of reports and a pack in, a record batch of findings out. Every engine
that maps a function over batches can run it. See ``docs/archive.md``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from govreport_check.archive.checking import check_batch
    from govreport_check.archive.reading import read_batch

__all__ = ["check_batch", "read_batch"]

_HOMES = {"check_batch": "checking", "read_batch": "reading"}


def __getattr__(name: str) -> Any:
    """Imported when first used: pyarrow is an extra."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
