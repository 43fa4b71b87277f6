"""Built-in findings: what the reading itself has to say, whatever the country. They are rules of the pack ``form``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import numpy as np

from govreport_check.expr.columns import Array
from govreport_check.expr.functions import pattern
from govreport_check.expr.nodes import Cells, Pick, Shape
from govreport_check.figures import read_cell
from govreport_check.findings import CellRecord, Cite, Finding
from govreport_check.form import Form, Table
from govreport_check.frame import Frame
from govreport_check.frozen import dataclass
from govreport_check.model import Remark, Report, State
from govreport_check.records import cell_record, fingerprint, place_record
from govreport_check.rule import Rule
from govreport_check.wording import label_text, row_spot, rows_spot, section_label

TELLING: Mapping[State, str] = {
    State.UNREADABLE: "unreadable-cell",
    State.AMBIGUOUS: "ambiguous-cell",
    State.ABSENT: "absent-row",
    State.OUT_OF_RANGE: "out-of-range-cell",
}
"""The states of cells that are findings by themselves."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One report of a frame, and the built-in rules (by name) that were selected."""

    frame: Frame
    index: int
    report: Report
    rules: Mapping[str, Rule]
    lang: str


def built_in_findings(reading: Reading) -> Iterator[Finding]:
    """What reading found: remarks of the reader, then tables, rows and cells that could not be read, then sections."""
    for remark in reading.report.remarks:
        rule = reading.rules.get(remark.rule)
        if rule is not None:
            yield _of_remark(rule, remark, reading)
    for table in reading.frame.form.tables.values():
        yield from _merged(table, reading)
        yield from _annotated(table, reading)
        yield from _of_table(table, reading)
    yield from _of_sections(reading)


def _merged(table: Table, reading: Reading) -> Iterator[Finding]:
    """Rows that the form lists apart and the report prints as one."""
    rule = reading.rules.get("merged-row")
    merged = table.merged((reading.report.tables or {}).get(table.id, {})) if rule is not None else {}
    for parent in dict.fromkeys(merged.values()):
        name = label_text(table.parents[parent], reading.lang)
        spot = f"{table.name[reading.lang]}, “{name}”" if reading.lang == "en" else f"{table.name[reading.lang]}“{name}”"
        place = place_record(reading.report.place_of(f"{table.id}.{parent}"))
        record = CellRecord(address=f"{table.id}.{parent}", label=name, spot=spot, place=place)
        if rule is not None:
            said = {"spot": spot, "at": record.address, "number": str(len(table.row_groups[parent]))}
            yield _finding(rule, reading, [record], said)


def _annotated(table: Table, reading: Reading) -> Iterator[Finding]:
    """Figures with a remark in brackets: told once per table, and one by one where the part is more than the figure."""
    found = [(_record(table, at, reading), at, note) for at, note in _remarks(table, reading)]
    rule = reading.rules.get("annotated-cell")
    if rule is not None and found:
        records = [record for record, _, _ in found]
        yield _finding(rule, reading, records, {**_first(records), "number": str(len(records)), "at": table.id})
    rule = reading.rules.get("annotation-exceeds")
    for record, at, note in found if rule is not None else ():
        part = _part(note, reading.frame.form)
        if rule is not None and part is not None and part > reading.frame.table("here", table.id).lo[at] / 10**table.places:
            yield _finding(rule, reading, [record], {**_first([record]), "number": str(part), "at": record.address})


def _part(note: str, form: Form) -> int | None:
    """The part of its figure that a remark names, as the form says such remarks are written."""
    if form.annotation is None:
        return None
    match = pattern(form.annotation.replace("{number}", "(?P<number>[0-9]+)")).search(note)
    return int(match["number"]) if match else None


def _first(records: list[CellRecord]) -> dict[str, str]:
    return {"spot": records[0].spot, "printed": records[0].raw or ""}


def _remarks(table: Table, reading: Reading) -> Iterator[tuple[tuple[int, int, int], str]]:
    """(place, remark) of every figure that has one in brackets behind it."""
    if reading.frame.states(table.id) is None:
        return  # plain numbers all
    for r, row in enumerate(table.rows):
        cells = (reading.report.tables or {}).get(table.id, {}).get(row)
        for c, column in enumerate(table.columns) if isinstance(cells, Mapping) else ():
            raw = cells.get(column) if isinstance(cells, Mapping) else None
            if isinstance(raw, str) and raw.rstrip().endswith((")", "）")):
                note = read_cell(raw, table.kinds[c], reading.frame.form.marks).note
                if note:
                    yield (r, c, reading.index), note


def _of_table(table: Table, reading: Reading) -> Iterator[Finding]:
    known = reading.frame.states(table.id)
    if known is None:
        return
    figures, states = reading.frame.table("here", table.id), known[:, :, reading.index]
    if table.required and states.size and (states == State.ABSENT).all():
        rule = reading.rules.get("absent-table")
        if rule is not None:
            caption = f" ({table.caption})" if reading.lang == "en" else f"（{table.caption}）"
            name = table.name[reading.lang] + (caption if table.caption else "")
            yield _finding(rule, reading, [], {"spot": name, "at": table.id}, {"table": table.id})
        return
    unread = {remark.at for remark in reading.report.remarks if remark.rule == "unread-row"}
    for state, rule_name in TELLING.items():
        rule = reading.rules.get(rule_name)
        told = states == state
        if state is State.OUT_OF_RANGE:  # a fraction is told by the pack's own rules; here only what no figure can be
            told &= ~np.isfinite(figures.hi[:, :, reading.index] - figures.lo[:, :, reading.index])
        # a row that the reader saw but could not separate has its own remark; its cells are not the report's mistake
        rows = [int(row) for row in np.flatnonzero(told.any(axis=1)) if f"{table.id}.{table.rows[row]}" not in unread]
        if rule is not None and rows and state is State.ABSENT:
            yield _of_rows(rule, table, rows, told, reading)
        elif rule is not None:
            yield from (_of_rows(rule, table, [row], told, reading) for row in rows)


def _of_rows(rule: Rule, table: Table, rows: list[int], told: Array, reading: Reading) -> Finding:
    """One finding about the told cells of some rows; rows that are absent are one finding, however many."""
    at = [(row, int(column), reading.index) for row in rows for column in np.flatnonzero(told[row])]
    records = [_record(table, where, reading) for where in at]
    spot = records[0].spot if len(records) == 1 else rows_spot(table, rows, reading.lang)
    raws = list(dict.fromkeys(record.raw for record in records if record.raw))
    said = {"spot": spot, "printed": "、".join(raws), "at": f"{table.id}.{table.rows[rows[0]]}", "number": str(len(rows))}
    return _finding(rule, reading, records, said)


def _record(table: Table, at: tuple[int, int, int], reading: Reading) -> CellRecord:
    cells = Cells(Shape("number", places=table.places), "here", table.id, Pick(None, at[:1]), Pick(None, at[1:2]))
    return cell_record(reading.frame, reading.report, cells, at, reading.lang)


def _of_sections(reading: Reading) -> Iterator[Finding]:
    rule = reading.rules.get("unread-section")
    for name, section in (reading.report.sections or {}).items():
        if section.unread and rule is not None and name in reading.frame.form.sections:
            label = section_label(reading.frame.form, name, reading.lang)
            record = CellRecord(address=f"sections.{name}", label=label, spot=label, state="unreadable", place=place_record(section.place))
            yield _finding(rule, reading, [record], {"spot": label, "at": f"sections.{name}"})


def _of_remark(rule: Rule, remark: Remark, reading: Reading) -> Finding:
    at = remark.at or ""
    spot = _spot_of(at, reading) or at
    record = CellRecord(
        address=at or rule.name,
        label=spot or rule.name,
        spot=spot,
        raw=remark.said.get("printed"),
        state="unreadable",
        place=place_record(remark.place),
    )
    return _finding(rule, reading, [record], {"spot": spot, "at": at, **remark.said})


_CELL = re.compile(r"(\w+)(?:\.([\w.]+))?")


def _spot_of(at: str, reading: Reading) -> str:
    """A remark's address in a person's words: ``requests.granted`` → 表三“予以公开”行."""
    match = _CELL.fullmatch(at)
    table = reading.frame.form.tables.get(match[1]) if match else None
    if table is None or match is None:
        return ""
    return row_spot(table, table.rows.index(match[2]), reading.lang) if match[2] in table.rows else table.name[reading.lang]


def _finding(
    rule: Rule, reading: Reading, cells: list[CellRecord], said: Mapping[str, str], bindings: Mapping[str, str] | None = None
) -> Finding:
    return make(rule, reading.report, reading.lang, cells, said, bindings)


def make(
    rule: Rule, report: Report, lang: str, cells: list[CellRecord], said: Mapping[str, str], bindings: Mapping[str, str] | None = None
) -> Finding:
    """A built-in finding about ``report``; ``said`` fills the placeholders of its message."""
    file = rule.file
    template: str = getattr(file.message, lang)
    message = re.sub(r"\{(\w+)\}", lambda match: said.get(match[1], ""), template)
    return Finding(
        rule=rule.id,
        outcome=file.outcome,
        severity=rule.severity,
        title=getattr(file.title, lang),
        message=message,
        reason=None if file.outcome == "fail" else message,
        why=getattr(file.why, lang),
        fix=getattr(file.fix, lang),
        fingerprint=fingerprint(report, rule.id, {"at": said.get("at", ""), **(bindings or {})}, cells),
        bindings=dict(bindings or {}),
        cells=cells,
        cites=[Cite(document=cite.document, at=cite.at) for cite in file.cites],
    )
