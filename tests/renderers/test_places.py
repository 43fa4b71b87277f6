from __future__ import annotations

from govreport_check.findings import CellRecord, Finding, PlaceRecord, Severity
from govreport_check.renderers.places import place_of, told
from govreport_check.renderers.words import address_line


def finding_at(*places: PlaceRecord, addresses: tuple[str, ...] = ()) -> Finding:
    names = addresses or ("requests[a, b]",) * len(places)
    cells = [CellRecord(address=name, label="x", place=place) for name, place in zip(names, places, strict=True)]
    return Finding(rule="a/b", outcome="fail", severity=Severity.ERROR, title="t", message="m", fingerprint="f", cells=cells)


def test_this_report_s_cells_go_before_last_year_s() -> None:
    finding = finding_at(PlaceRecord(source="2023.txt", line=7), PlaceRecord(source="2024.txt", line=9))
    assert address_line(finding, "2024.txt") == "2024.txt:9"
    assert place_of(finding, "2024.txt").line == 9


def test_printed_cells_go_before_facts_worked_out() -> None:
    finding = finding_at(PlaceRecord(line=1), PlaceRecord(line=5), addresses=("about.year", "requests[a, b]"))
    assert address_line(finding, "r.txt") == "r.txt:5"


def test_what_stands_in_another_file_alone_is_told_there() -> None:
    waiver = finding_at(PlaceRecord(source="govreport.waivers.yaml", line=3))
    assert address_line(waiver, "r.txt") == "govreport.waivers.yaml:3"


def test_the_whole_file_where_no_cell_has_a_place() -> None:
    assert address_line(finding_at(), "r.txt") == "r.txt"
    assert address_line(finding_at(PlaceRecord(source="r.txt")), "r.txt") == "r.txt"
    assert place_of(finding_at(PlaceRecord()), "r.txt") == PlaceRecord(source="r.txt")


def test_places_without_lines_in_words() -> None:
    assert told(PlaceRecord(page=3, table=2, row=4, column=1), "zh") == "第3页第2个表格第4行第1列"
    assert told(PlaceRecord(table=2, row=4), "en") == "table 2, row 4"
    assert told(PlaceRecord(sheet="表三", cell="C14"), "zh") == "表三!C14"
    assert told(PlaceRecord(line=3, table=2), "zh") == ""
