"""The result as lines of JSON (``govreport-lines/1``), for programs that read many reports as they come."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from govreport_check.findings import Result
from govreport_check.renderers.inert import json_text

SCHEMA = "govreport-lines/1"


def render(result: Result, *, lang: str, width: int | None, color: bool, notes: bool, waived: bool, fingerprints: bool) -> str:
    """A line for the run, then one for each report, followed by one for each of its findings. Nothing is folded.

    ``kind`` tells the lines apart: ``result``, ``report``, ``finding``. The keys are those of ``govreport-result/1``; a finding has its
    report's ``source`` besides, the first line the ``exit_code``.
    """
    return "".join(f"{json_text(line)}\n" for line in _lines(result))


def _lines(result: Result) -> Iterator[dict[str, Any]]:
    run = result.model_dump(mode="json", by_alias=True, exclude={"reports", "schema_"})
    yield {"kind": "result", "schema": SCHEMA, **run, "exit_code": int(result.exit_code)}
    for report in result.reports:
        yield {"kind": "report", **report.model_dump(mode="json", by_alias=True, exclude={"findings"})}
        for finding in report.findings:
            yield {"kind": "finding", "source": report.source, **finding.model_dump(mode="json", by_alias=True)}
