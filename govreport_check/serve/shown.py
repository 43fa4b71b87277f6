"""The answer to a check as JSON: the result as its contract has it and, for the page, every report as the HTML report draws it."""

from __future__ import annotations

import json
from collections.abc import Sequence

from govreport_check.renderers import as_json
from govreport_check.renderers.html import MOST_WHOLE, article, overview
from govreport_check.serve.edits import numbers_of
from govreport_check.serve.work import Asked, Checked


def plain(checked: Checked) -> bytes:
    """``{"result": …}``: what programs ask for."""
    return f'{{"result": {_result(checked)}}}'.encode("utf-8", "replace")


def shown(checked: Checked, asked: Sequence[Asked], ids: Sequence[str]) -> bytes:
    """The same with ``reports``, one for each of the result's: the ``id`` of its document, ``printed``, ``html`` as an
    ``<article>``, whole unless there are very many; and ``overview_html`` where there are several."""
    result, lang = checked.result, checked.result.lang
    whole = len(result.reports) <= MOST_WHOLE
    reports = []
    for i, report in enumerate(result.reports):
        number = checked.documents[i]
        own = asked[number]
        told = {
            "id": ids[number],
            "printed": report.printed.model_dump(mode="json") if report.printed and whole else None,
            "html": article(report, lang=lang, number=i, whole=whole),
            "paragraphs": numbers_of(own.taken.reports[0], own.edits) if len(own.taken.reports) == 1 else {},
        }
        reports.append(told)
    more = {"reports": reports, "overview_html": overview(result, lang=lang) if len(reports) > 1 else None}
    return f'{{"result": {_result(checked)}, {json.dumps(more, ensure_ascii=False)[1:]}'.encode("utf-8", "replace")


def _result(checked: Checked) -> str:
    """The result exactly as ``govreport check --format json`` prints it."""
    options = {"width": None, "color": False, "notes": False, "waived": False, "fingerprints": False}
    return as_json.render(checked.result, lang=checked.result.lang, **options).strip()  # type: ignore[arg-type]
