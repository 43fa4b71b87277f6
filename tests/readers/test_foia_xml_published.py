"""The published FOIA annual reports in XML: every figure is read, and stands on its line."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from govreport_check.model import Remark, Repeated, Report
from govreport_check.readers.foia_xml import is_foia_xml, read_foia_xml

NOT_COUNTED = {"text", "withheld", "case"}


def samples(shared: Path) -> Iterator[tuple[str, bytes]]:
    files = sorted((shared / "us-foia" / "sample").glob("*/*.xml"))
    assert len(files) == 67
    return ((path.name, path.read_bytes()) for path in files)


def figures_of(report: Report) -> int:
    rows = [(table, cells) for table, rows in (report.tables or {}).items() for cells in rows.values() if not isinstance(cells, str)]
    return sum(
        1
        for table, cells in rows
        for column, raw in cells.items()
        if raw is not None and not column.startswith("date_") and not (table == "statutes" and column in NOT_COUNTED)
    )


def counted_naively(content: bytes) -> int:
    """The figures that stand in linked rows, by XPath alone: each address (section, organisation, label) once, and every row that is linked
    to nobody for itself."""
    from lxml import etree

    root = etree.fromstring(content)
    units = set(root.xpath("//*[local-name()='Organization' or local-name()='OrganizationSubUnit']/@*[local-name()='id']"))
    found: set[tuple[object, ...]] = set()
    for part in root.xpath("/*/*[contains(local-name(), 'Section')]"):
        for i, tie in enumerate(part.xpath("*[contains(local-name(), 'Association')]")):
            (ref,) = tie.xpath("*[local-name()='ComponentDataReference']/@*[local-name()='ref']")
            whose = tie.xpath("*[local-name()='OrganizationReference']/@*[local-name()='ref']")
            nobodys = len(whose) != 1 or whose[0] not in units
            for leaf in tie.xpath("*[contains(local-name(), 'Quantity')]"):
                found.add((part.tag, ref, *whose, leaf.tag))
            rows = part.xpath("*[@*[local-name()='id']=$ref]", ref=ref) if "Exemption3Statute" not in part.tag else ()
            for j, row in enumerate(rows):
                owner = (i, j) if nobodys else (whose[0],)
                found |= {(part.tag, *owner, *label(leaf)) for leaf in row.iter() if is_figure(leaf)}
    return len(found)


def statutes_naively(content: bytes) -> int:
    """The sum of all counts of section IV but the agency's own, by XPath alone."""
    from lxml import etree

    root = etree.fromstring(content)
    (agency,) = root.xpath("/*/*[local-name()='Organization']/@*[local-name()='id']")
    ties = root.xpath("//*[local-name()='ReliedUponStatuteOrganizationAssociation']")
    others = [tie for tie in ties if tie.xpath("*[local-name()='OrganizationReference']/@*[local-name()='ref']") != [agency]]
    counts = [count.text for tie in others for count in tie.xpath("*[local-name()='ReliedUponStatuteQuantity']")]
    return sum(int(count) for count in counts if (count or "").isdigit())


def is_figure(leaf: object) -> bool:
    name = leaf.tag.rpartition("}")[2]  # type: ignore[attr-defined]
    wanted = name.endswith(("Quantity", "Value", "Amount", "Percent", "DaysCode"))
    return wanted and bool((leaf.text or "").strip())  # type: ignore[attr-defined]


def label(leaf: object) -> tuple[object, ...]:
    """What tells a figure from the others of its row: its element, the group it is in, and the code, words or number beside it."""
    parent = leaf.getparent()  # type: ignore[attr-defined]
    name = re.sub(r"Code$", "Value", leaf.tag)  # type: ignore[attr-defined]
    keys = [child.text for child in parent if child.tag.rpartition("}")[2].endswith(("ReasonCode", "ExemptionCode", "IncrementCode"))]
    words = [" ".join(html.unescape(child.text or "").split()) for child in parent if child.tag.endswith("DescriptionText")]
    like = parent.tag.endswith(("}OldItem", "}OtherDenialReason"))
    before = [one for one in parent.itersiblings(preceding=True) if one.tag == parent.tag] if like else []
    same = sum(1 for one in before if not words or [" ".join(html.unescape(one[0].text or "").split())] == words)
    return name, parent.tag, *keys, *words, same


@pytest.mark.shared
def test_all_published_reports_are_read_with_every_figure(shared: Path) -> None:
    differing = []
    for name, content in samples(shared):
        found = read_foia_xml(content, name)
        assert is_foia_xml(content[:2000])
        assert isinstance(found.about["year"], int) and found.about["agency"] and found.about["abbreviation"]
        if figures_of(found) != counted_naively(content):
            differing.append((name, figures_of(found), counted_naively(content)))
        if statutes_of(found) != statutes_naively(content):
            differing.append((name, statutes_of(found), statutes_naively(content)))
    assert differing == []


def statutes_of(report: Report) -> int:
    rows = (report.tables or {}).get("statutes", {}).values()
    counts = [raw for cells in rows if not isinstance(cells, str) for column, raw in cells.items() if column not in (*NOT_COUNTED, "total")]
    return sum(one for raw in counts for one in (raw.values if isinstance(raw, Repeated) else (raw,)) if isinstance(one, int))


@pytest.mark.shared
def test_every_cell_of_the_published_reports_stands_on_its_line(shared: Path) -> None:
    lost = []
    for name, content in samples(shared):
        found = read_foia_xml(content, name)
        lines = [html.unescape(line) for line in content.decode().split("\n")]
        stands = cache(lambda line, text, lines=lines: text in lines[line - 1])
        for address, raw in printed_cells(found):
            place = found.places[address]
            first = raw.values[0] if isinstance(raw, Repeated) else raw
            printed = "LT1" if (place.element or "").endswith("DaysCode") else str("" if first is None else first).split("\n")[0]
            if not (stands(place.line, printed) and stands(place.line, f":{place.element}")):
                lost.append((name, address))
    assert lost == []


def printed_cells(report: Report) -> Iterator[tuple[str, object]]:
    for table, rows in (report.tables or {}).items():
        for row, cells in rows.items():
            yield from ((f"{table}[{row}, {column}]", raw) for column, raw in cells.items() if not isinstance(cells, str))


@pytest.mark.shared
def test_what_the_published_reports_say_of_themselves(shared: Path) -> None:
    remarks: list[tuple[str, Remark]] = []
    for name, content in samples(shared):
        remarks += [(name, remark) for remark in read_foia_xml(content, name).remarks]
    blank = {name: remark.said["number"] for name, remark in remarks if remark.rule == "unattributed-row"}
    assert blank == {
        "usrrb-2013.xml": "1",
        "usps-2017.xml": "11",
        "dnfsb-2018.xml": "29",
        "treasury-2019.xml": "4",
        "nara-2022.xml": "43",
        "va-2022.xml": "1",
    }
    spoilt = {name: remark.said["number"] for name, remark in remarks if remark.rule == "spoilt-dates"}
    assert spoilt == {"usccr-2022.xml": "19", "va-2022.xml": "1", "nrc-2024.xml": "6"}
    (added,) = [(name, remark) for name, remark in remarks if remark.rule == "added-figures"]
    assert (added[0], added[1].at, added[1].said["row"], added[1].said["printed"]) == ("dol-2008.xml", "statutes.ES3", "BLS", "2 + 2")
    doubled = {(name, remark.at) for name, remark in remarks if remark.rule == "doubled-row"}
    assert ("va-2022.xml", "exemptions.ODASB") in doubled and len(doubled) == 7
    assert len(remarks) == len(blank) + len(spoilt) + 1 + 7


@pytest.mark.shared
def test_reading_is_quick(shared: Path) -> None:
    contents = list(samples(shared))
    start = time.process_time()
    for name, content in contents:
        read_foia_xml(content, name)
    assert time.process_time() - start < 3
