"""US FOIA annual reports in NIEM XML, as foia.gov publishes them and agencies' systems export them → Report.

Elements are known by their local names. A row names its organisation by reference; whose row it is, is settled here. What cannot be
given to a component is said in a remark and counted for none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, count
from typing import TYPE_CHECKING

from govreport_check.model import UNATTRIBUTED, Place, Raw, Remark, Report, Section, cell_address
from govreport_check.readers.foia_names import (
    FORM,
    HEADER,
    LAYOUTS,
    OVERALL,
    ROOT,
    SECTIONS,
    STATUTE_CELLS,
    STATUTE_TOTAL,
    STATUTES,
)
from govreport_check.readers.foia_parts import (
    Link,
    Part,
    Row,
    attribute,
    elements_of,
    listed_id,
    local,
    part_of,
    place_at,
    readable,
    unknown,
)
from govreport_check.readers.raw import one_of, raw_of

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_OPENS = re.compile(rf"<(?:[\w.-]+:)?{ROOT}[\s>/]")
_RESERVED = frozenset({OVERALL, STATUTE_TOTAL, *STATUTE_CELLS.values()})
_LONGEST_ID = 80
_MOST_SHOWN = 12
_MOST_COPIES = 50
"""A row has one link and an id one row; a file in which thousands share one would otherwise be thousands of times as large read."""


def is_foia_xml(opening: bytes) -> bool:
    """Whether a file that begins with these bytes (a few thousand are enough) is a FOIA annual report in XML."""
    encoding = "utf-16" if opening[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    text = opening.decode(encoding, errors="ignore").lstrip()
    return text.startswith("<") and _OPENS.search(text) is not None


def read_foia_xml(content: bytes, name: str) -> Report:
    """The report in ``content``; ``name`` is what places call the file.

    Raises :class:`~govreport_check.errors.SourceError` for what is empty, a web page, other XML, malformed, nested too deep or declares
    a DOCTYPE.
    """
    header, parts = _Header(), list[Part]()
    remarks: list[Remark] = []
    for element in elements_of(content, name):
        tag = local(element.tag)
        if tag in LAYOUTS:
            parts.append(part_of(element, LAYOUTS[tag], name))
        elif tag in HEADER:
            _read_header(element, tag, header, name, remarks)
        else:
            remarks.append(unknown(element, name))
    whose = _Organisations.of(header.units)
    cells = _Cells()
    for part in parts:
        (_place_statutes if part.layout is LAYOUTS[STATUTES] else _place_rows)(part, whose, cells)
    sections, tables = _sections(parts), cells.tables(parts)
    cells.remarks.extend(_spoilt(cells))
    return Report(
        source=name,
        form=FORM,
        about=header.about,
        sections=sections,
        labels=(),
        tables=tables,
        notes=_notes(parts),
        entities={"components": whose.components(), "statutes": tuple(cells.statutes)},
        places={**header.places, **whose.places(), **_part_places(parts, sections), **cells.places},
        remarks=(*remarks, *(remark for part in parts for remark in part.remarks), *_by_cause(cells.remarks)),
    )


_SPOILT = "Invalid date entered"
"""What FOIA.gov's export writes for a date that is none; the form's marks take it for N/A."""


def _spoilt(cells: _Cells) -> Iterator[Remark]:
    places = [place for columns in cells.found.values() for copies in columns.values() for raw, place in copies if raw == _SPOILT]
    if places:
        yield Remark("spoilt-dates", None, places[0], {"number": str(len(places)), "printed": _SPOILT})


def _by_cause(remarks: Iterable[Remark]) -> Iterator[Remark]:
    """The remarks, rows that refer to the same missing component told in one."""
    rows: dict[str, list[Remark]] = {}
    for remark in remarks:
        if remark.rule == "unattributed-row":
            rows.setdefault(remark.said["reference"], []).append(remark)
        else:
            yield remark
    for reference, same in rows.items():
        sections = list(dict.fromkeys(remark.said["section"] for remark in same))
        shown = ", ".join(sections[:_MOST_SHOWN]) + (" …" if len(sections) > _MOST_SHOWN else "")
        yield replace(same[0], said={**same[0].said, "reference": reference, "number": str(len(same)), "section": shown})


# --- header and organisations ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Unit:
    """An organisation: its reference id, abbreviation and name; the first of a report is the agency itself."""

    reference: str
    abbreviation: str
    name: str
    place: Place


@dataclass(slots=True)
class _Header:
    about: dict[str, str | int] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    units: list[_Unit] = field(default_factory=list)

    def state(self, fact: str, text: str | None, place: Place) -> None:
        """The first statement of a fact is the one that counts."""
        stated = readable(text)
        if stated and fact not in self.about:
            year = raw_of(stated) if fact == "year" else None
            self.about[fact] = year if isinstance(year, int) else stated
            self.places[f"about.{fact}"] = place


def _read_header(element: Element, tag: str, header: _Header, name: str, remarks: list[Remark]) -> None:
    place = place_at(element, name)
    if tag == "Organization":
        _read_organisation(element, header, name, remarks)
    elif tag == "DocumentCreationDate":
        for date in element:
            header.state("prepared_on", date.text, place_at(date, name))
    elif tag == "DocumentDescriptionText":
        header.state("title", element.text, place)
    elif tag.startswith("DocumentFiscalYear"):
        header.state("year", element.text, place)


def _read_organisation(element: Element, header: _Header, name: str, remarks: list[Remark]) -> None:
    agency = not header.units
    texts: dict[str, Element] = {}
    header.units.append(_Unit(attribute(element, "id"), "", "", place_at(element, name)))
    index = len(header.units) - 1
    for child in element:
        tag = local(child.tag)
        if tag == "OrganizationSubUnit":
            _read_organisation(child, header, name, remarks)
        elif tag in ("OrganizationAbbreviationText", "OrganizationName"):
            texts.setdefault(tag, child)
        else:
            remarks.append(unknown(child, name))
    called = {tag: readable(child.text) for tag, child in texts.items()}
    unit = replace(
        header.units[index], abbreviation=called.get("OrganizationAbbreviationText", ""), name=called.get("OrganizationName", "")
    )
    header.units[index] = unit
    for fact, tag in (("abbreviation", "OrganizationAbbreviationText"), ("agency", "OrganizationName")):
        if agency and tag in texts:
            header.state(fact, texts[tag].text, place_at(texts[tag], name))


@dataclass(frozen=True, slots=True)
class _Organisations:
    """``rows`` goes from reference to row id; a reference that two organisations share stands for none."""

    units: tuple[_Unit, ...]
    ids: tuple[str, ...]
    rows: Mapping[str, str]

    @staticmethod
    def of(units: Sequence[_Unit]) -> _Organisations:
        shared = Counter(listed_id(unit.abbreviation) for unit in units[1:] if unit.abbreviation)
        ids: dict[str, None] = {OVERALL: None} if units else {}
        for unit in units[1:]:
            short = listed_id(unit.abbreviation) if unit.abbreviation else ""
            ids[_free((short if shared[short] == 1 else "", unit.reference, unit.name), ids)] = None
        told = Counter(unit.reference for unit in units)
        rows = {unit.reference: name for unit, name in zip(units, ids, strict=True) if unit.reference and told[unit.reference] == 1}
        return _Organisations(tuple(units), tuple(ids), rows)

    def row(self, link: Link) -> str | None:
        """The row that a link names; None where it names no organisation of the report, or several."""
        return self.rows.get(link.to[0]) if len(link.to) == 1 else None

    def components(self) -> tuple[dict[str, str], ...]:
        return tuple({"id": name, "name": unit.name or name} for unit, name in zip(self.units[1:], self.ids[1:], strict=True))

    def places(self) -> dict[str, Place]:
        return {f"components.{name}": unit.place for unit, name in zip(self.units[1:], self.ids[1:], strict=True)}


# --- rows -----------------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Cells:
    """The figures as they find their rows, each address with all that is printed there."""

    found: dict[tuple[str, str], dict[str, list[tuple[Raw, Place]]]] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    statutes: list[dict[str, str]] = field(default_factory=list)

    def add(self, table: str, row: str, cells: Iterable[tuple[str, Raw, Place]]) -> None:
        columns = self.found.setdefault((table, row), {})
        for column, raw, place in cells:
            columns.setdefault(column, []).append((raw, place))
            self.places.setdefault(cell_address(table, row, column), place)

    def nobodys(self, part: Part, link: Link) -> str:
        """The id of a row that refers to no component: what it refers to, numbered where a table has several such rows."""
        wanted = UNATTRIBUTED + ", ".join(link.to)
        names = chain([wanted], (f"{wanted} ({i})" for i in count(2)))
        return next(name for name in names if (part.layout.table, name) not in self.found)

    def tables(self, parts: Iterable[Part]) -> dict[str, dict[str, dict[str, Raw]]]:
        """Every table whose element is in the file, empty ones included."""
        tables: dict[str, dict[str, dict[str, Raw]]] = {part.layout.table: {} for part in parts}
        for (table, row), columns in self.found.items():
            tables[table][row] = {column: self._figure(table, row, column, copies) for column, copies in columns.items()}
        return tables

    def _figure(self, table: str, row: str, column: str, copies: list[tuple[Raw, Place]]) -> Raw:
        """The figure at an address; in section IV a component may stand several times, and its figures are added up."""
        counts = [raw for raw, _ in copies if isinstance(raw, int)]
        if table != "statutes" or column in _RESERVED or len(counts) != len(copies) or len(copies) == 1:
            return one_of(copies)
        said = {"row": column, "number": str(len(counts)), "printed": " + ".join(map(str, counts)), "spot": f"IV, {row}"}
        self.remarks.append(Remark("added-figures", f"{table}.{row}", copies[0][1], said))
        return sum(counts)


def _place_rows(part: Part, whose: _Organisations, cells: _Cells) -> None:
    """Every row of a section to the component that a link names for it."""
    table, rows = part.layout.table, _by_id(part)
    linked: Counter[str] = Counter()
    for link in part.links:
        row = whose.row(link)
        named = rows.get(link.row, ())[:_MOST_COPIES]
        linked[link.row] += 1
        if row is None or not named or linked[link.row] > _MOST_COPIES:
            found = named if linked[link.row] <= _MOST_COPIES else ()
            cells.remarks.extend(_unattributed(part, link, found))
            for one in found:
                cells.add(table, cells.nobodys(part, link), one.cells)
            continue
        for one in named:
            if (table, row) in cells.found:
                cells.remarks.append(Remark("doubled-row", f"{table}.{row}", one.place, {"printed": row}))
            cells.places.setdefault(f"{table}.{row}", one.place)
            cells.add(table, row, one.cells)
    cells.remarks.extend(_unlinked(part))


def _by_id(part: Part) -> dict[str, list[Row]]:
    rows: dict[str, list[Row]] = {}
    for row in part.rows:
        rows.setdefault(row.id, []).append(row)
    return rows


def _free(wanted: Iterable[str], taken: Collection[str]) -> str:
    """The first of ``wanted`` that may be an id and is not taken yet; where all are, the last one numbered."""
    names = [name for name in wanted if name]
    numbered = (f"{(names or ['#'])[-1]} ({i})" for i in count(len(taken)))
    return next(name for name in chain(names, numbered) if name not in taken and name not in _RESERVED)


def _unattributed(part: Part, link: Link, rows: Sequence[Row]) -> Iterator[Remark]:
    """The remark on a link to no organisation, or of no row."""
    for row in rows or (Row(link.row, (), link.place),):
        yield _homeless(part, row, ", ".join(link.to))


def _unlinked(part: Part) -> Iterator[Remark]:
    linked = {link.row for link in part.links}
    copies: Counter[str] = Counter()
    for row in part.rows:
        copies[row.id] += 1
        if row.id not in linked or copies[row.id] > _MOST_COPIES:
            yield _homeless(part, row, "")


def _homeless(part: Part, row: Row, reference: str, uses: Raw = None) -> Remark:
    some = [raw for _, raw, _ in row.cells[: 2 * _MOST_SHOWN]] if uses is None else [uses]
    raws = [str(raw).strip() for raw in some if raw is not None]
    printed = ", ".join(raws[:_MOST_SHOWN]) + (" …" if len(raws) > _MOST_SHOWN else "")
    said = {"printed": printed or "—", "reference": reference, "row": row.id, "section": part.layout.caption}
    return Remark("unattributed-row", part.layout.table, row.place, said)


def _place_statutes(part: Part, whose: _Organisations, cells: _Cells) -> None:
    """Section IV: a row per statute, its counts in a column per component and, for the agency, in ``total``."""
    ids = _statute_ids(part)
    for row, name in zip(part.rows, ids, strict=True):
        cells.statutes.append({"id": name, "name": _statute_text(row) or name})
        cells.places.setdefault(f"statutes.{name}", row.place)
        cells.add("statutes", name, row.cells)
    names: dict[str, list[str]] = {}
    for row, name in zip(part.rows, ids, strict=True):
        names.setdefault(row.id, []).append(name)
    for link in part.links:
        component = whose.row(link)
        if component is None or link.row not in names:
            row = Row(link.row, (), link.place)
            cells.remarks.append(_homeless(part, row, ", ".join(link.to), link.count[0] if link.count else None))
        column = STATUTE_TOTAL if component == OVERALL else component or UNATTRIBUTED + ", ".join(link.to)
        for name in names.get(link.row, [])[:_MOST_COPIES] if link.count else ():
            cells.add("statutes", name, [(column, *link.count)] if link.count else [])


def _statute_ids(part: Part) -> list[str]:
    """A statute's own words where they are short and no other's, otherwise the id that the file gives it."""
    words = [listed_id(_statute_text(row)) for row in part.rows]
    told = Counter(words)
    ids: dict[str, None] = {}
    for row, text in zip(part.rows, words, strict=True):
        ids[_free((text if told[text] == 1 and 1 < len(text) <= _LONGEST_ID else "", row.id), ids)] = None
    return list(ids)


def _statute_text(row: Row) -> str:
    return next((readable(str(raw)) for column, raw, _ in row.cells if column == "text" and raw is not None), "")


# --- sections and notes ---------------------------------------------------------------------------------------------------------


def _sections(parts: Iterable[Part]) -> dict[str, Section]:
    first = {part.layout.section: part for part in reversed(list(parts))}
    return {name: Section(heading, place=first[name].place) for name, heading in SECTIONS.items() if name in first}


def _part_places(parts: Iterable[Part], sections: Mapping[str, Section]) -> dict[str, Place]:
    places = {f"sections.{name}": section.place for name, section in sections.items()}
    for part in parts:
        places.setdefault(part.layout.table, part.place)
        if part.notes:
            places.setdefault(f"notes.{part.layout.table}", part.notes[0][1])
    return places


def _notes(parts: Iterable[Part]) -> dict[str, tuple[str, ...]]:
    notes: dict[str, tuple[str, ...]] = {}
    for part in parts:
        if part.notes:
            notes[part.layout.table] = (*notes.get(part.layout.table, ()), *(text for text, _ in part.notes))
    return notes
