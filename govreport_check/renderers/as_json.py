"""The result as its contract, ``govreport-result/1``: for other programs."""

from __future__ import annotations

from govreport_check.findings import Result
from govreport_check.renderers.inert import escaped


def render(result: Result, *, lang: str, width: int | None, color: bool, notes: bool, waived: bool, fingerprints: bool) -> str:
    """The whole result; nothing is folded, whatever the options are."""
    return escaped(result.model_dump_json(by_alias=True, indent=1)) + "\n"
