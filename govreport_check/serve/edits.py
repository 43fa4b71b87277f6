"""Changes that a person makes to a report on the page, applied to the structured report before it is checked again.

What the text states (year, agency, dates) is read from the changed text as it was from the document; claims are read whenever a report
is checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from govreport_check.errors import GovreportError
from govreport_check.form import Form, Table
from govreport_check.model import Label, Raw, Report, Section
from govreport_check.readers import about_of
from govreport_check.readers.rows import UNREADABLE, raw_of
from govreport_check.readers.shape import RESERVED

_CELL = re.compile(r"([^\[\]]+)\[([^\[\],]+), ([^\[\]]+)\]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Edit:
    """One change. ``at`` is ``requests[granted, total]``, ``sections.overview.heading``, ``labels.requests.rows.granted`` or
    ``sections.overview`` with ``line``, the number of the paragraph in the part as it was read, from one, empty ones left out. ``to``
    is what is to stand there, nothing for an empty cell or no paragraph."""

    at: str
    to: str
    line: int | None = None


class EditError(GovreportError):
    """A change that cannot be made, with its place; ``zh`` says it in Chinese."""

    def __init__(self, at: str, zh: str, en: str) -> None:
        self.at, self.zh, self.en = at, f"{at}：{zh}", f"{at}: {en}"
        super().__init__(self.en)


def edited(report: Report, form: Form, edits: Sequence[Edit]) -> Report:
    """``report`` with every change made; of several at one place the last counts. Raises EditError."""
    last = {(edit.at, edit.line): edit for edit in edits}
    paragraphs: dict[str, dict[int, str]] = {}
    for edit in last.values():
        if _CONTROL.search(edit.to):
            raise EditError(edit.at, "一次只能改一个单元格或者一个自然段，不能有换行", "one cell or paragraph at a time, without line ends")
        name = edit.at.removeprefix("sections.")
        if edit.line is not None and name != edit.at and (name in form.sections or name in RESERVED):
            paragraphs.setdefault(name, {})[edit.line] = edit.to
        else:
            report = _one(report, form, edit)
    for name, lines in paragraphs.items():
        report = _with_section(report, name, _with_paragraphs(report, name, lines))
    return _with_facts(report, form) if paragraphs else report


def _one(report: Report, form: Form, edit: Edit) -> Report:
    if cell := _CELL.fullmatch(edit.at):
        return _with_figure(report, form, edit, cell[1], cell[2], cell[3])
    kind, _, rest = edit.at.partition(".")
    name, _, last = rest.rpartition(".")
    if kind == "sections" and last == "heading" and name in form.sections:
        section = (report.sections or {}).get(name, Section())
        return _with_section(report, name, replace(section, heading=edit.to or None, unread=section.unread and not edit.to))
    if kind == "labels" and rest in _labels(form):
        others = tuple(label for label in report.labels or () if label.at != rest)
        return replace(report, labels=(*others, Label(rest, edit.to, report.place_of(edit.at))))
    raise EditError(edit.at, "报告的格式中没有这个位置", "the form has no such place")


def _labels(form: Form) -> set[str]:
    return {at for table in form.tables.values() for at in _labels_of(table)}


def _labels_of(table: Table) -> Iterable[str]:
    yield from (f"{table.id}.columns.{name}" for name in table.columns)
    yield from (f"{table.id}.rows.{name}" for name in table.rows)
    yield from (f"{table.id}.parents.{name}" for name in table.parents)
    yield from (f"{table.id}.heads.{i}" for i in range(len(table.heads)))
    yield f"{table.id}.head_note"


# --- figures --------------------------------------------------------------------------------------------------------------------


def _with_figure(report: Report, form: Form, edit: Edit, table: str, row: str, column: str) -> Report:
    """The report with one figure as it would be read from a document."""
    known = form.tables.get(table)
    if known is None or row not in known.rows or column not in known.columns:
        raise EditError(edit.at, "报告的格式中没有这个单元格", "the form has no such cell")
    rows = (report.tables or {}).get(table, {})
    if isinstance(rows.get(row), str):  # a run of digits: what is known of its other cells is that they cannot be told apart
        others: dict[str, Raw] = dict.fromkeys(known.columns, UNREADABLE)
        report = replace(report, tables={**(report.tables or {}), table: {**rows, row: others}})
    elif any(isinstance(cells, str) and name not in known.rows for name, cells in rows.items()):
        raise EditError(
            edit.at, "该表的数据连成一片，不能单独改一个数", "the figures of this table ran together; one alone cannot be changed"
        )
    return report.with_cell(table, row, column, raw_of(edit.to.strip()))


# --- text -----------------------------------------------------------------------------------------------------------------------


def _with_section(report: Report, name: str, section: Section) -> Report:
    return replace(report, sections={**(report.sections or {}), name: section})


def paragraphs_of(section: Section) -> list[tuple[int, int]]:
    """Where every paragraph that is not empty begins and ends in the text, in order."""
    found, start = [], 0
    for text in section.text.split("\n"):
        if text.strip():
            found.append((start, start + len(text)))
        start += len(text) + 1
    return found


def _with_paragraphs(report: Report, name: str, lines: Mapping[int, str]) -> Section:
    """The section with some of its paragraphs replaced, those that become empty left out, and one more where the number is that of the
    one after the last; the places of the others are kept."""
    section = (report.sections or {}).get(name)
    spans = paragraphs_of(section) if section else []
    section = section or Section()
    for line in lines:
        if not 1 <= line <= len(spans) + 1:
            told = f"sections.{name}:{line}"
            raise EditError(told, f"该部分只有{len(spans)}个自然段", f"the part has {len(spans)} paragraphs")
    for line in sorted(lines, reverse=True):
        section = _replaced(section, *spans[line - 1], lines[line]) if line <= len(spans) else _appended(section, lines[line])
    return section


def _appended(section: Section, text: str) -> Section:
    if not text.strip():
        return section
    start = len(section.text) + (1 if section.text else 0)
    return replace(section, text=f"{section.text}\n{text}" if section.text else text, spots=(*section.spots, (start, section.place)))


def _replaced(section: Section, start: int, end: int, to: str) -> Section:
    end += 1 if not to.strip() and end < len(section.text) else 0  # with its line end, where nothing is left
    shift = len(to) - (end - start)
    inside = [place for offset, place in section.spots if start <= offset < end]
    before = [(offset, place) for offset, place in section.spots if offset < start]
    after = [(offset + shift, place) for offset, place in section.spots if offset >= end]
    spots = (*before, *([(start, inside[0])] if inside and to.strip() else []), *after)
    return replace(section, text=section.text[:start] + (to if to.strip() else "") + section.text[end:], spots=spots)


def _with_facts(report: Report, form: Form) -> Report:
    """The report with the facts that its text states read again; what it states as data stays. Facts that follow from others are left
    out: they are derived whenever a report is checked."""
    stated = {name: value for name, value in report.about.items() if _is_stated(report, name, form)}
    found, places = about_of(report, form, set(form.about) - set(stated))
    kept = {at: place for at, place in report.places.items() if not at.startswith("about.") or at.removeprefix("about.") in stated}
    return replace(report, about={**found, **stated}, places={**kept, **places})


def _is_stated(report: Report, name: str, form: Form) -> bool:
    """Whether a fact is the report's own data: neither read from its text (then its place has a section) nor derived (then none)."""
    place = report.places.get(f"about.{name}")
    return place.section is None if place is not None else name not in form.about


def numbers_of(report: Report, edits: Sequence[Edit]) -> dict[str, list[int]]:
    """By part, the numbers that the paragraphs of the edited report have as :attr:`Edit.line`: those of ``report``, less what is taken
    out, with what is added."""
    last = {(edit.at, edit.line): edit.to for edit in edits}
    added = {edit.at.removeprefix("sections."): Section() for edit in edits if edit.line is not None}
    return {name: [*_numbers(f"sections.{name}", section, last)] for name, section in {**added, **(report.sections or {})}.items()}


def _numbers(at: str, section: Section, last: Mapping[tuple[str, int | None], str]) -> Iterable[int]:
    count = len(paragraphs_of(section))
    yield from (number for number in range(1, count + 1) if last.get((at, number), "-").strip())
    yield from ([count + 1] if last.get((at, count + 1), "").strip() else [])
