"""Reading reports: any source → :class:`Source` → the :class:`~govreport_check.model.Report` of a form."""

from __future__ import annotations

from collections.abc import Mapping

from govreport_check.form import Form
from govreport_check.marked import Node
from govreport_check.model import Report
from govreport_check.readers.claims import Claim, claims_of
from govreport_check.readers.document import is_aside
from govreport_check.readers.facts import DateMention, about_of, dates_of, derived_facts
from govreport_check.readers.recognise import recognise_document, share_of_labels
from govreport_check.readers.source import Given, Source, load_source
from govreport_check.readers.written import to_json

__all__ = [
    "Claim",
    "DateMention",
    "Given",
    "Source",
    "about_of",
    "claims_of",
    "dates_of",
    "derived_facts",
    "fits",
    "load_source",
    "recognise",
    "title_text",
    "to_json",
]

_OPENING = 2000


def recognise(source: Source, form: Form) -> Report:
    """The report of ``form`` that ``source`` is. Whatever it says wrongly becomes a remark or a cell's state, never an exception.

    Raises :class:`~govreport_check.errors.SourceError` for structured data that is no ``govreport-report/1`` at all.
    """
    if source.report is not None:
        return source.report
    if source.document is not None:
        return recognise_document(source.document, form)
    from govreport_check.readers.structured import read_structured

    return read_structured(source.node if source.node is not None else source.data or {}, form, source.name)


def fits(source: Source, form: Form) -> float:
    """How well ``form`` fits, 0 to 1: the share of its row and column labels shown; structured sources name their form."""
    if source.report is not None:
        return 1.0 if source.report.form == form.id else 0.0
    if source.document is not None:
        return share_of_labels(source.document, form)
    named = _stated(source, "form")
    return 1.0 if named == form.id else 0.0


def title_text(source: Source) -> str:
    """What a report is known by: the first two thousand characters of a text, the title and form of a structured report."""
    if source.report is not None:
        return source.report.form
    if source.document is None:
        about = _stated(source, "about")
        title = about.get("title") if isinstance(about, Node | Mapping) else None
        words = [title.scalar if isinstance(title, Node) else title, _stated(source, "form")]
        return "\n".join(word for word in words if isinstance(word, str))
    text, length = [], 0
    for block in sorted(source.document.blocks, key=is_aside):  # the site's own words come last
        text.append(block.text)
        length += len(block.text)
        if length >= _OPENING:
            break
    return "\n".join(text)[:_OPENING]


def _stated(source: Source, name: str) -> object:
    """What a structured source says under ``name`` at its top: a plain value, or the node or mapping that stands there."""
    if source.node is None:
        return (source.data or {}).get(name)
    value = source.node.get(name) if source.node.kind == "map" else None
    return value.scalar if value is not None and value.kind == "scalar" else value
