"""A report as printed, whole: what a page shows that marks findings in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from govreport_check.findings import Printed, PrintedHead, PrintedPart, PrintedTable
from govreport_check.form import Form, FormLabel, Table
from govreport_check.model import Report, Section
from govreport_check.records import printed
from govreport_check.wording import label_text, section_name

_BEFORE, _AFTER = ("title", "preamble"), ("signature",)


def as_printed(form: Form, report: Report, lang: str, sha256: str | None = None) -> Printed:
    """The report's parts and tables in the form's order. Labels are the printed ones; in another language than the report's, the form's
    words, but what is misprinted stays as it is. What was not handed in is left out, what is required and not found is there as missing.
    ``sha256`` is that of its file."""
    labels = {label.at: label.printed for label in report.labels or ()}
    sections = report.sections or {}
    names = [*_BEFORE, *(name for name in form.sections if name in sections or _has_tables(form, report, name)), *_AFTER]
    parts = [_part(form, name, sections.get(name), lang) for name in names if name in form.sections or name in sections]
    tables = [_table(table, report, labels, lang) for table in form.tables.values() if _is_shown(table, report)]
    return Printed(parts=parts, tables=tables, sha256=sha256)


def _is_shown(table: Table, report: Report) -> bool:
    return report.tables is not None and (table.id in report.tables or (table.required and not report.partial))


def _has_tables(form: Form, report: Report, section: str) -> bool:
    return any(table.section == section and _is_shown(table, report) for table in form.tables.values())


def _part(form: Form, name: str, section: Section | None, lang: str) -> PrintedPart:
    heading = (section.heading if section else None) or section_name(form, name, lang)
    return PrintedPart(id=name, heading=heading, missing=section is None, paragraphs=list(_paragraphs(section)) if section else [])


def _paragraphs(section: Section) -> Iterator[tuple[int | None, str]]:
    start = 0
    for text in section.text.split("\n"):
        if text.strip():
            yield section.place_at(start).line, text.strip()
        start += len(text) + 1


def _table(table: Table, report: Report, labels: Mapping[str, str], lang: str) -> PrintedTable:
    rows, columns = range(len(table.rows)), range(len(table.columns))
    missing = table.id not in (report.tables or {})
    over = {kind: [head for head, of in _heads(table, labels, lang) if of == kind] for kind in ("columns", "rows")}
    over["rows"] += list(_parents(table, labels, lang))
    return PrintedTable(
        id=table.id,
        part=table.section,
        title=table.name[lang],
        caption=_caption(table, lang),
        corner=_corner(table, labels, lang),
        across=table.layout == "across",
        missing=missing,
        columns=_labelled(table, "columns", table.columns, table.column_labels, labels, lang),
        rows=_labelled(table, "rows", table.rows, table.row_labels, labels, lang),
        over_columns=over["columns"],
        over_rows=over["rows"],
        cells=[] if missing else [[printed(report, table, row, column) or "" for column in columns] for row in rows],
    )


def _labelled(
    table: Table, kind: str, ids: tuple[str, ...], forms: tuple[FormLabel, ...], labels: Mapping[str, str], lang: str
) -> list[tuple[str, str]]:
    return [(name, _text(form, labels.get(f"{table.id}.{kind}.{name}"), lang)) for name, form in zip(ids, forms, strict=True)]


def _text(label: FormLabel, printed: str | None, lang: str) -> str:
    """A label as this report prints it; in another language the form's, unless what is printed is none of its spellings."""
    if printed is not None and (lang != "en" or label.en is None or printed in label.mistaken):
        return printed
    return label_text(label, lang) if lang == "en" else label.text


def _heads(table: Table, labels: Mapping[str, str], lang: str) -> Iterator[tuple[PrintedHead, str]]:
    spans = table.heads_over or (("", 0, 0),) * len(table.heads)
    for i, (head, (kind, first, last)) in enumerate(zip(table.heads, spans, strict=True)):
        at = f"{table.id}.heads.{i}"
        yield PrintedHead(text=_text(head, labels.get(at), lang), at=at, first=first, last=last), kind


def _parents(table: Table, labels: Mapping[str, str], lang: str) -> Iterator[PrintedHead]:
    for name, label in table.parents.items():
        at, leaves = f"{table.id}.parents.{name}", table.row_groups[name]
        yield PrintedHead(text=_text(label, labels.get(at), lang), at=at, first=leaves[0], last=leaves[-1])


def _caption(table: Table, lang: str) -> str:
    """The printed caption; in the finding's language where it is one of the heads."""
    same = (label_text(head, lang) for head in table.heads if head.text == table.caption)
    return next(same, table.caption or "")


def _corner(table: Table, labels: Mapping[str, str], lang: str) -> str:
    if table.head_note and lang != "en":
        return labels.get(f"{table.id}.head_note") or table.head_note
    return next((head.text for head, kind in _heads(table, labels, lang) if not kind and head.text != _caption(table, lang)), "")
