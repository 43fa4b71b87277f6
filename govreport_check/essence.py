"""What a report says, whatever it is saved as: its figures, headings, claims and prose in a form that two formats share."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

from govreport_check.figures import normal, read_cell
from govreport_check.form import Form, Table
from govreport_check.model import Cells, Raw, Repeated, Report, State, cell_address
from govreport_check.readers.claims import claims_of
from govreport_check.recognition import Recognised

_BLANKED = "□"
"""Stands in the prose for a passage that is a claim, so that a changed claim is not told twice."""


@dataclass(frozen=True, slots=True)
class Essence:
    """All as text without layout (widths folded, white space gone).

    ``cells`` and ``headings`` by address (``requests[granted, total]``, ``sections.overview.heading``, ``requests.rows.granted``);
    ``claims`` by part and name, in their order; ``texts`` by part, claims blanked out; ``facts`` by name. What is not there has no key.
    """

    cells: Mapping[str, str]
    headings: Mapping[str, str]
    claims: Mapping[str, tuple[str, ...]]
    texts: Mapping[str, str]
    facts: Mapping[str, str]

    @property
    def digest(self) -> str:
        """SHA-256 over figures, headings, claims and prose; the facts are taken from these."""
        said = {name: value for name, value in asdict(self).items() if name != "facts"}
        return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def essence_of(found: Recognised) -> Essence:
    """What the report says, as its form has it."""
    report, form = found.report, found.form
    claims: dict[str, list[str]] = {}
    texts = {name: normal(section.text) for name, section in (report.sections or {}).items()}
    for claim in claims_of(report, form) if report.sections is not None else ():
        passage = normal(claim.text)
        claims.setdefault(f"{claim.section}.{claim.name}", []).append(passage)
    for at, passages in claims.items():
        part = at.partition(".")[0]
        for passage in sorted(set(passages), key=len, reverse=True):
            texts[part] = texts[part].replace(passage, _BLANKED)
    return Essence(
        dict(_cells(report, form)),
        dict(_headings(report, form)),
        {at: tuple(passages) for at, passages in claims.items()},
        texts,
        {name: normal(str(value)) for name, value in report.about.items() if value is not None},
    )


def _cells(report: Report, form: Form) -> Iterator[tuple[str, str]]:
    for name, table in form.tables.items():
        printed = (report.tables or {}).get(name, {})
        for r, row in enumerate(table.rows):
            yield from _row(table, r, printed.get(row), form)
        for row in printed:
            if row not in table.rows:  # a parent printed alone, a row that is nobody's
                yield from _other(name, row, printed)


def _row(table: Table, r: int, cells: Mapping[str, Raw] | str | None, form: Form) -> Iterator[tuple[str, str]]:
    if isinstance(cells, str):
        yield cell_address(table.id, table.rows[r], "*"), normal(cells)
        return
    for c, column in enumerate(table.columns):
        if cells is not None and column in cells:
            yield cell_address(table.id, table.rows[r], column), _figure(cells[column], table, r, c, form)


def _other(table: str, row: str, printed: Cells) -> Iterator[tuple[str, str]]:
    cells = printed[row]
    for column, raw in cells.items() if isinstance(cells, Mapping) else [("*", cells)]:
        yield cell_address(table, row, column), _printed(raw)


def _figure(raw: Raw, table: Table, r: int, c: int, form: Form) -> str:
    """The number where one is printed, else the characters: 1,234 and 1234 say the same, 0 and nothing do not."""
    figure = read_cell(raw, table.kinds[c], form.marks, total=table.is_total(r, c))
    value = figure.value
    if figure.state is not State.VALUE or figure.note or value is None:
        return _printed(raw)
    return format(value.normalize(), "f")


def _printed(raw: Raw) -> str:
    if isinstance(raw, Repeated):
        return " / ".join(_printed(one) for one in raw.values)
    return "" if raw is None else normal(str(raw))


def _headings(report: Report, form: Form) -> Iterator[tuple[str, str]]:
    for name, section in (report.sections or {}).items():
        if section.heading is not None:
            yield f"sections.{name}.heading", normal(section.heading)
    for label in report.labels or ():
        yield label.at, normal(label.printed)
