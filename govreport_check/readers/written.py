"""A report as ``govreport-report/1`` JSON: what ``govreport read`` prints. Reading it back gives the same report, places apart."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal

from govreport_check.model import Cells, Raw, Remark, Repeated, Report, Section
from govreport_check.readers.shape import SCHEMA


def to_json(report: Report) -> str:
    """The report as JSON text, two spaces deep; numbers exact, a cell with several figures as a key that stands as often."""
    about = {**report.about, **({"partial": True} if report.partial else {})}
    parts = [("schema", _text(SCHEMA)), ("form", _text(report.form)), ("about", _object([(k, _value(v)) for k, v in about.items()], 1))]
    if report.sections is not None:
        parts.append(("sections", _object([(name, _section(section)) for name, section in report.sections.items()], 1)))
    if report.tables is not None:
        parts.append(("tables", _object([(name, _table(rows)) for name, rows in report.tables.items()], 1)))
    if report.labels is not None:
        labels = [_flat([("at", _text(label.at)), ("printed", _text(label.printed))]) for label in report.labels]
        parts.append(("labels", _list(labels)))
    if report.notes:
        parts.append(("notes", _object([(name, _data(list(notes))) for name, notes in report.notes.items()], 1)))
    if report.entities:
        parts.append(("entities", _data({name: [dict(one) for one in many] for name, many in report.entities.items()})))
    if report.remarks:
        parts.append(("reading", _list([_remark(remark) for remark in report.remarks])))
    return _object(parts, 0) + "\n"


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _data(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _value(value: object) -> str:
    if isinstance(value, Decimal):
        return str(value) if value.is_finite() else _text(str(value).lower())
    return _data(value)


def _flat(pairs: Iterable[tuple[str, str]]) -> str:
    return "{" + ", ".join(f"{_text(key)}: {value}" for key, value in pairs) + "}"


def _object(pairs: Iterable[tuple[str, str]], depth: int) -> str:
    lines = [f"{'  ' * (depth + 1)}{_text(key)}: {value}" for key, value in pairs]
    return "{\n" + ",\n".join(lines) + "\n" + "  " * depth + "}" if lines else "{}"


def _list(items: list[str]) -> str:
    return "[\n    " + ",\n    ".join(items) + "\n  ]" if items else "[]"


def _section(section: Section) -> str:
    pairs = [("heading", _data(section.heading)), ("text", _text(section.text))]
    if section.unread:
        pairs.append(("unread", "true"))
    if section.copies != 1:
        pairs.append(("copies", str(section.copies)))
    return _flat(pairs)


def _table(rows: Cells) -> str:
    return _object([(row, _text(cells) if isinstance(cells, str) else _flat(_cells(cells))) for row, cells in rows.items()], 2)


def _cells(columns: Mapping[str, Raw]) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for column, raw in columns.items():
        copies = raw.values if isinstance(raw, Repeated) else (raw,)
        pairs.extend((column, _value(copy)) for copy in copies)
    return pairs


def _remark(remark: Remark) -> str:
    pairs = [("finding", _text(remark.rule)), ("at", _data(remark.at)), ("said", _data(dict(remark.said)))]
    return _flat(pairs)
