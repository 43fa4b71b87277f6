"""Facts as findings tell them: a cell with its label, place and state; why something is unknown; the fingerprint over them."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from functools import lru_cache
from operator import itemgetter
from pathlib import PurePath
from typing import TYPE_CHECKING

from govreport_check.expr.columns import Numbers
from govreport_check.expr.nodes import Cells
from govreport_check.expr.say import number_text
from govreport_check.findings import CellRecord, Cite, PlaceRecord, ReportResult, RuleRecord, Severity
from govreport_check.form import Form, Table
from govreport_check.frame import Frame
from govreport_check.model import Place, Repeated, Report, State, cell_address
from govreport_check.pack import BUILT_IN, Pack
from govreport_check.rule import Rule
from govreport_check.wording import STATES, cell_label, cell_spot, pick, section_label

if TYPE_CHECKING:
    from govreport_check.rule_file import RuleFile


def address_of(cells: Cells, row: int, column: int, form: Form) -> str:
    """``requests[granted, total]``, with ``prior.`` before it for last year's."""
    table = form.tables[cells.table]
    address = cell_address(cells.table, table.rows[row], table.columns[column])
    return f"prior.{address}" if cells.world == "prior" else address


def cell_record(frame: Frame, report: Report, cells: Cells, at: tuple[int, int, int], lang: str) -> CellRecord:
    """A cell as a finding tells it. ``at``: row, column and report of the frame."""
    row, column, _ = at
    form, table = frame.form, frame.form.tables[cells.table]
    figures = frame.table(cells.world, cells.table)
    state = State(int(figures.state[at])) if figures.state is not None else State.VALUE
    address = address_of(cells, row, column, form)
    place = report.places.get(address) or report.place_of("prior" if cells.world == "prior" else address)
    known = figures.lo[at] == figures.hi[at]
    prior = pick(("上年", "last year: "), lang) if cells.world == "prior" else ""
    return CellRecord(
        address=address,
        label=prior + cell_label(table, row, column, lang),
        spot=(_last_year(place, lang) if prior else "") + cell_spot(table, row, column, place, lang),
        raw=None if prior else printed(report, table, row, column),
        value=_value(figures, at, table) if known else None,
        state=state.name.lower(),
        place=place_record(place),
    )


def _last_year(place: Place, lang: str) -> str:
    """上年（2022.docx）: last year's report by its file, where it has one."""
    file = PurePath(place.source).name if place.source and not place.source.startswith("<") else ""
    if lang == "en":
        return f"last year ({file}): " if file else "last year: "
    return f"上年（{file}）" if file else "上年"


def _value(figures: Numbers, at: tuple[int, int, int], table: Table) -> str | None:
    kind = table.kinds[at[1]].name
    if kind == "date":
        return datetime.date.fromordinal(int(figures.lo[at]) // 10**table.places).isoformat()
    return None if kind == "text" else number_text(figures, at, table.places)


def printed(report: Report, table: Table, row: int, column: int) -> str | None:
    """What the page says in a cell; several figures at one address are told with a slash between them."""
    rows = (report.tables or {}).get(table.id, {})
    parent = table.merged(rows).get(table.rows[row])
    stands = parent is None or table.row_groups[parent][-1] == row
    cells = rows.get(parent or table.rows[row]) if stands else None
    raw = cells.get(table.columns[column]) if isinstance(cells, Mapping) else cells
    if isinstance(raw, Repeated):
        return " / ".join(str(value) for value in raw.values)
    return None if raw is None else str(raw)


_PLACED = tuple(one.name for one in fields(PlaceRecord))


@lru_cache(maxsize=1024)
def place_record(place: Place) -> PlaceRecord:
    return PlaceRecord(**{name: getattr(place, name) for name in _PLACED})


def label_spot(form: Form, address: str, lang: str) -> str:
    """Where a label stands: 表二表头, 表三行名."""
    _, part, kind, *_ = (*address.split("."), "", "")
    if part == "sections":
        return section_label(form, kind, lang)
    table = form.tables.get(part)
    words = {"columns": ("表头", "heading"), "rows": ("行名", "row label"), "parents": ("行名", "row label"), "heads": ("表头", "heading")}
    word = pick(words.get(kind, ("表头注", "note in the head")), lang)
    name = table.name[lang] if table else part
    return f"{name}, {word}" if lang == "en" else f"{name}{word}"


def is_unknown(cell: CellRecord) -> bool:
    """Whether nothing certain is known of a fact."""
    return State[cell.state.upper()] >= State.NOT_GIVEN


def reason_of(cells: Sequence[CellRecord], lang: str) -> str | None:
    """Why nothing could be decided: the facts that are not known, worst first."""
    unknown = [cell for cell in cells if is_unknown(cell)]
    if not unknown:
        return None
    worst = max(State[cell.state.upper()] for cell in unknown)
    named = [cell.spot or cell.label for cell in unknown if State[cell.state.upper()] == worst]
    told, more = named[:3], len(named) - 3
    if lang == "en":
        return f"{'; '.join(told)}{f' and {more} more' if more > 0 else ''} {pick(STATES[worst], lang)}"
    return f"{'、'.join(told)}{f'等{len(named)}处' if more > 0 else ''}{pick(STATES[worst], lang)}"


def fingerprint(
    report: Report, rule: str, bindings: Mapping[str, str], cells: Sequence[CellRecord], sides: Mapping[str, str] | None = None
) -> str:
    """SHA-256 over form, agency, year, rule, bindings, addresses and printed text, one a line; the first 16 hex digits.

    Places are left out: a finding is the same when its document is saved in another format or a line is added above it. ``sides`` are
    the values of a comparison with other reports' figures, whose printed text is not at hand. Written down in ``docs/contracts.md``.
    """
    agency, year = (str(report.about.get(key) or "") for key in ("agency", "year"))
    return seal(report.form, agency, year, rule, bindings, ((cell.address, _stated(cell)) for cell in cells), sides)


def seal(
    form: str,
    agency: str,
    year: str,
    rule: str,
    bindings: Mapping[str, str],
    stated: Iterable[tuple[str, str]],
    sides: Mapping[str, str] | None = None,
) -> str:
    """The fingerprint of a finding; ``stated`` are the addresses of its facts with what is printed there."""
    lines = [form, agency, year, rule]
    lines += [f"{name}={value}" for name, value in sorted(bindings.items())]
    lines += [f"{address}={text}" for address, text in sorted(stated, key=itemgetter(0))]
    lines += [f"{name}={value}" for name, value in sorted((sides or {}).items())]
    return sealed(lines)


def sealed(lines: Iterable[str]) -> str:
    """The first 16 hex digits of the SHA-256 of lines."""
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _stated(cell: CellRecord) -> str:
    """What is printed; of last year's figures and of facts that are told in words, their value."""
    known = cell.value if cell.address.startswith(("prior.", "about.")) else None
    return cell.raw or known or ""


def rule_records(packs: Iterable[Pack], reports: Iterable[ReportResult]) -> dict[str, RuleRecord]:
    """What the rules with findings say of themselves, by id."""
    told = {finding.rule for report in reports for finding in report.findings}
    packs = list(packs)
    return {rule.id: _rule_record(rule.file, _kinds(rule, pack, packs)) for pack in packs for rule in pack.rules if rule.id in told}


def kind_records(packs: Iterable[Pack]) -> dict[str, dict[str, str]]:
    """The kinds of problem that packs name, by id, with their titles by language."""
    return {name: dict(title) for pack in packs for name, title in pack.kinds.items()}


def _kinds(rule: Rule, pack: Pack, packs: Sequence[Pack]) -> list[str]:
    """The kinds that a rule's own pack gives it; rules of the built-in pack, those that any gives."""
    from govreport_check.pack_season import kinds_of

    naming = packs if pack.id == BUILT_IN else (pack,)
    return list(dict.fromkeys(kind for one in naming for kind in kinds_of(one.season, rule.id, rule.section)))


def _rule_record(file: RuleFile, kinds: list[str]) -> RuleRecord:
    title, why, fix = ({"zh": text.zh, "en": text.en} for text in (file.title, file.why, file.fix))
    cites = [Cite(document=cite.document, at=cite.at) for cite in file.cites]
    return RuleRecord(severity=Severity(file.severity), confidence=file.confidence, title=title, why=why, fix=fix, cites=cites, kinds=kinds)
