"""The flat CSV, one figure per line, and the tables that FOIA.gov offers for all agencies."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from reader_reports import FORM, ROOT, load_form

from govreport_check.errors import SourceError
from govreport_check.model import Repeated, Report
from govreport_check.readers.flat_csv import inert, is_flat_csv, read_flat_csv, to_flat_csv
from govreport_check.readers.foia_csv import is_agency_csv, read_agency_csvs
from govreport_check.readers.foia_xml import read_foia_xml

FOIA = load_form(ROOT / "rules" / "us-foia" / "forms" / "2008.yaml")
HEAD = "report,agency,year,table,row,column,value\n"


def read(text: str, **kwargs: object) -> Report:
    (report,) = read_flat_csv(text, "figures.csv", FOIA)
    return report


def rows_of(report: Report, table: str) -> dict[str, dict[str, object]]:
    return {row: dict(cells) for row, cells in (report.tables or {}).get(table, {}).items() if isinstance(cells, Mapping)}


# --- in -------------------------------------------------------------------------------------------------------------------------


def test_sections_components_and_columns_by_id_or_label() -> None:
    text = (
        "\ufeffSection,Component,Column,Value\n"
        "V.A,ICE,Number of Requests Received in Fiscal Year,12\n"
        "requests,Agency Overall,processed,34\n"
        "V.B.(1),overall,other,N/A\n"
        "v.b.(2),ICE,Aggregate Cases,5\n"
        'VII.A,ICE,"Simple - median number of days"," <1"\n'
    )
    report = read(text)
    assert rows_of(report, "requests") == {"ICE": {"received": 12}, "overall": {"processed": 34}}
    assert rows_of(report, "dispositions") == {"overall": {"other": "N/A"}}
    assert rows_of(report, "other_reasons") == {"ICE": {"Aggregate Cases": 5}}
    assert rows_of(report, "response_times") == {"ICE": {"simple_median": " <1"}}
    assert report.remarks == () and report.sections is None
    place = report.places["requests[overall, processed]"]
    assert (place.source, place.line, place.column) == ("figures.csv", 3, 4)


def test_a_form_without_components_has_its_own_rows() -> None:
    text = HEAD + ",某县,2024,requests,granted,total,7\n,某县,2024,requests,予以公开,自然人,3\n,某县,2024,requests,ICE,total,1\n"
    (report,) = read_flat_csv(text, "figures.csv", FORM)
    assert rows_of(report, "requests")["granted"]["total"] == 7
    assert [(remark.rule, remark.at) for remark in report.remarks if remark.said["printed"] == "1"] == [
        ("unknown-key", "tables.requests.ICE.total")
    ]


def test_facts_members_and_notes_have_lines_of_their_own() -> None:
    report = read(
        HEAD
        + "x.xml,Department of Examples,2024,about,,abbreviation,DEX\n"
        + "x.xml,Department of Examples,2024,components,ICE,name,Customs\n"
        + "x.xml,Department of Examples,2024,requests,,note,Counted anew.\n"
    )
    assert report.about == {"agency": "Department of Examples", "year": 2024, "abbreviation": "DEX"}
    assert report.entities == {"components": ({"id": "ICE", "name": "Customs"},)}
    assert report.notes == {"requests": ("Counted anew.",)}


@pytest.mark.parametrize("line", ["nowhere,ICE,total,1", "requests,ICE,nothing,1", "requests,,received,1"])
def test_a_name_that_the_form_does_not_have_is_told_with_its_line(line: str) -> None:
    report = read(f"table,row,column,value\nrequests,ICE,received,2\n{line}\n")
    (remark,) = report.remarks
    assert (remark.rule, remark.place.line, remark.said["printed"]) == ("unknown-key", 3, "1")
    assert rows_of(report, "requests") == {"ICE": {"received": 2}}


def test_an_address_on_two_lines_keeps_both_figures() -> None:
    report = read("table,row,column,value\nrequests,ICE,received,2\nrequests,ICE,received,3\n")
    received = rows_of(report, "requests")["ICE"]["received"]
    assert isinstance(received, Repeated) and received.values == (2, 3)
    assert [place.line for place in received.places] == [2, 3]
    assert [(remark.rule, remark.at) for remark in report.remarks] == [("doubled-row", "requests.ICE")]


def test_each_agency_and_year_is_a_report() -> None:
    text = "agency,year,table,row,column,value\n" + "".join(
        f"{agency},requests,overall,received,{i}\n" for i, agency in enumerate(("A,2023", "B,2023", "A,2024"), 1)
    )
    reports = read_flat_csv(text, "all.csv", FOIA)
    assert [(one.about["agency"], one.about["year"], rows_of(one, "requests")["overall"]["received"]) for one in reports] == [
        ("A", 2023, 1),
        ("B", 2023, 2),
        ("A", 2024, 3),
    ]
    assert len({one.source for one in reports}) == 3


def test_semicolons_tabs_and_lines_inside_cells() -> None:
    assert rows_of(read("table;row;column;value\nrequests;ICE;received;2\n"), "requests") == {"ICE": {"received": 2}}
    report = read('table\trow\tcolumn\tvalue\nrequests\t\tnote\t"one\ntwo"\nrequests\tICE\treceived\t2\n')
    assert report.notes == {"requests": ("one\ntwo",)}
    assert report.places["requests[ICE, received]"].line == 4


def test_what_is_no_flat_csv_is_said() -> None:
    assert not is_flat_csv("a,b,c\n1,2,3\n")
    assert is_flat_csv("\ufeffValue,Column,Component,Section\n")
    with pytest.raises(SourceError, match="is no flat CSV"):
        read_flat_csv("a,b,c\n", "figures.csv", FOIA)
    with pytest.raises(SourceError) as caught:
        read_flat_csv("table,row,column,value\nrequests,ICE,received," + "9" * 200_000 + "\n", "figures.csv", FOIA)
    assert caught.value.source == "figures.csv:2"


# --- out ------------------------------------------------------------------------------------------------------------------------

WRITTEN = Report(
    source="x.xml",
    form="us-foia/2008",
    about={"agency": "=HYPERLINK(1)", "year": 2024, "abbreviation": "DEX"},
    tables={
        "requests": {
            "ICE": {"received": 5, "processed": Repeated((6, "7")), "pending_end": None, "pending_start": "-1"},
            "overall": {"received": "1,234"},
        },
        "other_reasons": {"ICE": {"=1+1": 5, "'quoted": "+a", "total": "@x"}},
        "personnel": {"ICE": {"total_cost": Decimal("12.50")}},
    },
    notes={"requests": ("-1 was moved", "two\nlines")},
    entities={"components": ({"id": "ICE", "name": "Customs"},)},
    partial=True,
)


def test_written_and_read_again_it_is_the_same_report() -> None:
    again = read(to_flat_csv(WRITTEN))
    assert again.about == WRITTEN.about and again.partial
    assert (again.notes, again.entities) == (WRITTEN.notes, WRITTEN.entities)
    requests = rows_of(again, "requests")
    assert requests["overall"] == {"received": "1,234"}
    assert {**requests["ICE"], "processed": None} == {"received": 5, "processed": None, "pending_end": None, "pending_start": "-1"}
    processed = requests["ICE"]["processed"]
    assert isinstance(processed, Repeated) and processed.values == (6, 7)
    assert rows_of(again, "other_reasons") == {"ICE": {"=1+1": 5, "'quoted": "+a", "total": "@x"}}
    assert rows_of(again, "personnel") == {"ICE": {"total_cost": "12.50"}}


def test_no_cell_begins_a_formula() -> None:
    import csv
    import io

    for row in list(csv.reader(io.StringIO(to_flat_csv(WRITTEN), newline=""))):
        assert [cell for cell in row if cell[:1] in tuple("=+-@\t\r") and not cell.lstrip("-+").replace(",", "").isdigit()] == []
    assert inert("-1") == "-1" and inert("-1+1") == "'-1+1" and inert("'=1") == "''=1" and inert("it's") == "it's"


def test_a_run_of_fused_digits_survives() -> None:
    report = Report(source="x", form="cn-disclosure/2021", tables={"requests": {"granted": "12345670"}})
    (again,) = read_flat_csv(to_flat_csv(report), "x.csv", FORM)
    assert again.tables == report.tables


@pytest.mark.shared
def test_published_reports_survive_the_flat_csv(shared: Path) -> None:
    for path in sorted((shared / "us-foia" / "sample").glob("202[0-3]/*.xml")):
        report = read_foia_xml(path.read_bytes(), path.name)
        again = read(to_flat_csv(report))
        assert (again.about, again.notes) == (report.about, report.notes)
        assert again.entities == {entity: members for entity, members in report.entities.items() if members}
        assert [remark.rule for remark in again.remarks if remark.rule != "doubled-row"] == []
        for table, rows in (report.tables or {}).items():
            for row, cells in rows.items():
                for column, raw in cells.items() if isinstance(cells, Mapping) else ():
                    back = rows_of(again, table)[row][column]
                    assert (back.values if isinstance(back, Repeated) else back) == (raw.values if isinstance(raw, Repeated) else raw)


# --- all agencies ---------------------------------------------------------------------------------------------------------------

ROW3 = b"Agency,Component,Fiscal Year,"
REQUESTS = "foia-received-processed-and-pending-foia-requests"
REQUESTS_HEAD = (
    '"Agency","Component","Fiscal Year","Number of Requests Pending as of Start of Fiscal Year",'
    '"Number of Requests Received in Fiscal Year","Number of Requests Processed in Fiscal Year",'
    '"Number of Requests Pending as of End of Fiscal Year"\n'
)


def requests_table(year: int, *figures: object, agency: str = "Department of Examples") -> bytes:
    cells = ",".join(f'"{one}"' for one in figures)
    text = f'"{agency}","Agency Overall","{year}",{cells}\n"All agencies","Agency Overall","{year}","9","9","9","9"\n'
    return ("\ufeff" + REQUESTS_HEAD + text).encode()


def agencies(*files: tuple[str, bytes]) -> list[Report]:
    return read_agency_csvs(files, FOIA)


def test_each_agency_and_year_of_the_tables_is_a_partial_report() -> None:
    (report,) = agencies((f"2024/{REQUESTS}.csv", requests_table(2024, 1, "N/A", "<1", "")))
    assert report.about == {"agency": "Department of Examples", "year": 2024} and report.partial and report.sections is None
    assert rows_of(report, "requests") == {"overall": {"pending_start": 1, "received": "N/A", "processed": "<1", "pending_end": None}}
    place = report.places["requests[overall, received]"]
    assert (place.source, place.line, place.column, place.section) == (f"2024/{REQUESTS}.csv", 2, 5, "V.A")


def test_labels_alone_tell_the_table_where_they_can() -> None:
    (report,) = agencies(("renamed.csv", requests_table(2024, 1, 2, 3, 0)))
    assert rows_of(report, "requests")["overall"]["received"] == 2
    exemptions = ROW3 + b"Ex. 1\nA,Agency Overall,2024,1\n"
    with pytest.raises(SourceError, match="does not show which table"):
        agencies(("renamed.csv", exemptions))
    (report,) = agencies(("foia-reasons-for-denial-on-appeal-number-of-times-exemptions-applied (3).csv", exemptions))
    assert rows_of(report, "appeal_exemptions") == {"overall": {"ex_1": 1}}


def test_costs_and_fees_are_one_table_of_two_sections() -> None:
    text = ROW3 + (
        b"Processing Costs,Total Costs,Total Amount of Fees Collected,Percentage of Total Costs\n"
        b"A,Agency Overall,2024,10.00,12.00,1.00,10.00\n"
    )
    (report,) = agencies(("foia-foia-costs-and-fees-collected-for-processing-requests.csv", text))
    assert rows_of(report, "personnel") == {"overall": {"processing_cost": "10.00", "total_cost": "12.00"}}
    assert rows_of(report, "fees") == {"overall": {"collected": "1.00", "percent": "10.00"}}


def test_a_label_over_two_columns_and_dates_before_their_days() -> None:
    text = ROW3 + (b"161-180 Days,181-200 Days,181-200 Days,301-400 Days,400+ Days\nA,Agency Overall,2024,1,2,3,4,5\n")
    (report,) = agencies(("foia-processed-requests-response-time-in-day-increments-simple-requests.csv", text))
    assert rows_of(report, "simple_increments") == {
        "overall": {"days_161_180": 1, "days_181_200": 2, "days_201_300": 3, "days_301_400": 4, "days_401_up": 5}
    }
    text = ROW3 + (
        b"Date,2nd Oldest Number of Days Pending,Date,Oldest Number of Days Pending\nA,Agency Overall,2024,2020-01-02,5,2020-01-01,6\n"
    )
    (report,) = agencies(("foia-ten-oldest-administrative-appeals.csv", text))
    assert rows_of(report, "oldest_appeals") == {"overall": {"date_2": "2020-01-02", "days_2": 5, "date_1": "2020-01-01", "days_1": 6}}


def test_reasons_and_statutes_are_lines_of_one_agency() -> None:
    head = (
        'Agency,Component,Fiscal Year,"Description of ""Other"" Reasons for Denials from Chart B(1)",'
        '"Number of Times ""Other"" Reason Was Relied Upon",Total\n'
    )
    text = head + "A,Agency Overall,2024,Aggregate Cases,2,5\nA,Agency Overall,2024,Litigation,3,5\n"
    statutes = (
        "Agency,Component,Fiscal Year,Statute,Case Citation,Type of Information Withheld,Number of Times Relied Upon\n"
        "A,Agency Overall,2024,26 U.S.C. 6103,N/A,Tax,7\n"
    )
    (report,) = agencies(
        ("foia-disposition-of-foia-requests-other-reasons.csv", text.encode()), ("foia-exemption-statutes.csv", statutes.encode())
    )
    assert rows_of(report, "other_reasons") == {"overall": {"Aggregate Cases": 2, "Litigation": 3, "total": 5}}
    assert rows_of(report, "statutes")["26 U.S.C. 6103"]["total"] == 7
    assert report.entities["statutes"] == ({"id": "26 U.S.C. 6103", "name": "26 U.S.C. 6103"},)


def test_the_same_table_twice_is_read_once_and_a_head_inside_is_no_line() -> None:
    table = requests_table(2024, 1, 2, 3, 0)
    (report,) = agencies((f"2024/{REQUESTS}.csv", table), (f"2024/{REQUESTS} (19).csv", table + table.removeprefix(b"\xef\xbb\xbf")))
    assert rows_of(report, "requests")["overall"] == {"pending_start": 1, "received": 2, "processed": 3, "pending_end": 0}


def test_a_table_of_another_year_beside_the_right_one_is_not_used() -> None:
    backlog = ROW3 + (b"Number of Backlogged Requests as of End of Fiscal Year\nDepartment of Examples,Agency Overall,2016,4\n")
    (report,) = agencies(
        (f"2016/{REQUESTS} (1).csv", requests_table(2018, 7, 7, 7, 7)),
        (f"2016/{REQUESTS}.csv", requests_table(2016, 1, 2, 3, 0)),
        ("2016/foia-backlogs-of-foia-requests-and-administrative-appeals.csv", backlog),
    )
    assert report.about["year"] == 2016 and rows_of(report, "requests")["overall"]["received"] == 2
    (remark,) = report.remarks
    assert remark.rule == "other-year-file"
    assert dict(remark.said) == {"printed": f"2016/{REQUESTS} (1).csv", "year": "2016", "other": "2018"}


def test_a_column_that_the_form_does_not_have_is_told_once_for_each_report() -> None:
    text = ROW3 + b"Number of Times Subsection Used,Surprise\nA,Agency Overall,2024,1,2\nA,Agency Overall,2024,1,2\n"
    (report,) = agencies(("foia-number-of-times-subsection-c-used.csv", text))
    assert rows_of(report, "subsection_c") == {"overall": {"used": 1}}
    assert [(remark.rule, remark.at) for remark in report.remarks] == [("unknown-key", "Surprise")]


def test_an_unfinished_download_is_read_as_far_as_its_lines_go() -> None:
    whole = requests_table(2017, 1, 2, 3, 0, agency="A") + b'"B","Agency Overall","2017","1","2","3'
    (report,) = agencies((f"2017/{REQUESTS}.csv.crdownload", whole))
    assert report.about["agency"] == "A" and rows_of(report, "requests")["overall"]["received"] == 2
    assert [(remark.rule, remark.at) for remark in report.remarks] == [("unfinished-file", "requests")]


@pytest.mark.parametrize("content", [b"", b"a,b,c\n", b"<html><head>", b"Agency,Component,Fiscal Year,Surprise\nA,Agency Overall,2024,1\n"])
def test_what_is_no_table_of_all_agencies_is_said(content: bytes) -> None:
    with pytest.raises(SourceError):
        agencies(("x.csv", content))
    assert is_agency_csv(REQUESTS_HEAD) and not is_agency_csv("Agency,Year\n")


@pytest.mark.parametrize("line", [b"A,Agency Overall,20\xc2\xb24,1,2,3,4\n", b"A,Agency Overall\n"])
def test_a_line_without_its_year_is_said(line: bytes) -> None:
    with pytest.raises(SourceError) as caught:
        agencies((f"{REQUESTS}.csv", requests_table(2024, 1, 2, 3, 0) + b"\n" + line))
    assert caught.value.source == f"{REQUESTS}.csv:5"
