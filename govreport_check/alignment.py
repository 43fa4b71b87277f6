"""Last year's report beside this year's: members under this year's ids, last year's places at hand, and who has no counterpart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from govreport_check.figures import normal
from govreport_check.form import OVERALL, Form
from govreport_check.model import UNATTRIBUTED, Place, Remark, Report, cell_address
from govreport_check.pack import Member, Pack

PRIOR = "prior"


def beside(report: Report, prior: Report, form: Form, pack: Pack) -> tuple[Report, Report]:
    """(``report`` with last year's places and a remark on members without a counterpart, ``prior`` under this year's ids).

    ``form`` is the report's own, with what it lists filled in; members are joined on their ids, renamed ones as the pack declares.
    """
    meant = [spec for spec in pack.same_member if spec.agency is None or normal(spec.agency) in _names(report)]
    names = _new_names(prior, form, meant)
    given = prior.tables or {}
    tables = {name: {names.get((name, row), row): cells for row, cells in rows.items()} for name, rows in given.items()}
    aligned = replace(prior, tables=None if prior.tables is None else tables)
    moved = {
        cell_address(table, old, column): cell_address(table, new, column)
        for (table, old), new in names.items()
        for column in form.tables[table].columns
    }
    places = {f"{PRIOR}.{moved.get(address, address)}": place for address, place in prior.places.items()}
    remarks = [*report.remarks, *_changed(report, aligned, form, meant)]
    return replace(report, places={**report.places, **places, PRIOR: Place(source=prior.source)}, remarks=tuple(remarks)), aligned


def another_year(report: Report, prior: Report) -> Remark | None:
    """A remark where ``prior`` is not of the year before ``report``, as far as both say their years."""
    year, before = report.about.get("year"), prior.about.get("year")
    if not isinstance(year, int) or not isinstance(before, int) or before == year - 1:
        return None
    return Remark("prior-of-another-year", None, report.place_of("about.year"), {"printed": str(before), "number": str(year - 1)})


def _names(report: Report) -> set[str]:
    return {normal(str(report.about.get(key) or "")) for key in ("abbreviation", "agency")}


def _new_names(prior: Report, form: Form, meant: list[Member]) -> dict[tuple[str, str], str]:
    """(table, row) of last year's rows that were renamed since → the id that this year's report has for them."""
    names: dict[tuple[str, str], str] = {}
    for name, rows in (prior.tables or {}).items():
        table = form.tables.get(name)
        if table is None or table.row_entity is None:
            continue
        here = set(table.rows)
        names.update({(name, row): new for row in rows if (new := _id_of(row, here, table.row_entity, meant)) != row})
    return names


def _id_of(row: str, here: set[str], entity: str, meant: list[Member]) -> str:
    if row in here:
        return row
    same = (name for spec in meant if spec.entity == entity and row in spec.ids for name in spec.ids if name in here)
    return next(same, row)


def _changed(report: Report, prior: Report, form: Form, meant: list[Member]) -> Iterator[Remark]:
    """One remark per entity with a row for all, whose members are not the same in both years, those apart that the pack declares closed."""
    for entity in (name for name, one in form.entities.items() if one.overall is not None):
        tables = [name for name, table in form.tables.items() if table.row_entity == entity]
        now, before = _rows(report, tables), _rows(prior, tables)
        closed = {name for spec in meant if spec.entity == entity and spec.closed is not None for name in spec.ids}
        gone, new = [name for name in before if name not in now and name not in closed], [name for name in now if name not in before]
        if (gone or new) and now and before:
            said = {"gone": ", ".join(gone) or "–", "new": ", ".join(new) or "–", "number": str(len(gone) + len(new))}
            yield Remark("members-changed", entity, report.place_of(entity), said)


def _rows(report: Report, tables: list[str]) -> dict[str, None]:
    found = (row for name in tables for row in (report.tables or {}).get(name, {}))
    return dict.fromkeys(row for row in found if row != OVERALL and not row.startswith(UNATTRIBUTED))
