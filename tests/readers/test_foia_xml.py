"""FOIA annual reports in XML: whose a row is, what a cell says, and where it stands."""

from __future__ import annotations

import re

import pytest
from foia_files import UNITS, flow, item, link, report, requests, section, values
from reader_reports import ROOT, load_form

from govreport_check import check
from govreport_check.errors import SourceError
from govreport_check.form import is_open
from govreport_check.model import UNATTRIBUTED, Repeated, Report
from govreport_check.readers.foia_names import FORM, LAYOUTS, SECTIONS
from govreport_check.readers.foia_xml import is_foia_xml, read_foia_xml

LINKED = (("PS1", "ORG1"), ("PS2", "ORG2"), ("PS0", "ORG0"))
THREE = {"PS1": (1, 2, 3, 0), "PS2": (4, 5, 6, 3), "PS0": (5, 7, 9, 3)}


def read(*sections: str, **kwargs: object) -> Report:
    return read_foia_xml(report(*sections, **kwargs), "dex-2024.xml")  # type: ignore[arg-type]


def told(report: Report) -> list[tuple[str, str | None]]:
    return [(remark.rule, remark.at) for remark in report.remarks]


def test_the_form_and_the_names_agree() -> None:
    form = load_form(ROOT / "rules" / "us-foia" / "forms" / "2008.yaml")
    assert form.id == FORM
    assert {name: part.heading for name, part in form.sections.items()} == SECTIONS
    assert {layout.table for layout in LAYOUTS.values()} == set(form.tables)
    for layout in LAYOUTS.values():
        table = form.tables[layout.table]
        assert (table.section, table.caption) == (layout.section, layout.caption)
        own = set(layout.cells.values())
        if layout.items is not None and layout.items.columns is not None:
            own |= set(layout.items.columns.values())
        if layout.items is not None and layout.items.ordered is not None:
            own |= {f"{kind}_{k}" for kind in layout.items.ordered for k in range(1, 11)}
        counted = {"total"} if layout.table == "statutes" else set()
        assert own | counted == {column for column in table.columns if not is_open(column)}


def test_rows_go_to_the_components_that_the_links_name() -> None:
    found = read(requests(THREE, LINKED))
    assert found.tables == {
        "requests": {
            "HQ": {"pending_start": 1, "received": 2, "processed": 3, "pending_end": 0},
            "OIG": {"pending_start": 4, "received": 5, "processed": 6, "pending_end": 3},
            "overall": {"pending_start": 5, "received": 7, "processed": 9, "pending_end": 3},
        }
    }
    assert found.about == {
        "prepared_on": "2025-01-31",
        "title": "FOIA Annual Report",
        "abbreviation": "DEX",
        "agency": "Department of Examples",
        "year": 2024,
    }
    assert found.entities["components"] == ({"id": "HQ", "name": "Headquarters"}, {"id": "OIG", "name": "Office of Inspector General"})
    assert found.remarks == ()
    assert list(found.sections or {}) == ["foia_requests"]


def test_places_name_file_line_section_and_element() -> None:
    found = read(requests(THREE, LINKED))
    lines = report(requests(THREE, LINKED)).decode().splitlines()
    place = found.places["requests[OIG, received]"]
    assert (place.source, place.section, place.element) == ("dex-2024.xml", "V.A", "ProcessingStatisticsReceivedQuantity")
    assert ">5<" in lines[(place.line or 0) - 1]
    assert 'id="PS2"' in lines[(found.places["requests.OIG"].line or 0) - 1]
    assert "ProcessedRequestSection" in lines[(found.places["requests"].line or 0) - 1]


def test_the_old_namespace_and_its_names_are_the_same_report() -> None:
    compared = section(
        "ProcessedRequestComparisonSection",
        {
            "RPC1": values(
                "", "Quantity", {"ReceivedLastYear": 1, "ReceivedCurrentYear": 2, "ProcessedLastYear": 3, "ProcessedCurrentYear": 4}
            )
        },
        [("RPC1", "ORG0")],
        row="ProcessingComparison",
    )
    found = read(compared, version="1.02")
    assert found.about["year"] == 2024
    assert found.tables == {
        "requests_compared": {"overall": {"received_last": 1, "received_this": 2, "processed_last": 3, "processed_this": 4}}
    }


@pytest.mark.parametrize("reference", ["", "ORG9"])
def test_a_row_of_no_listed_component_is_told_and_is_nobodys(reference: str) -> None:
    found = read(requests(THREE, [("PS1", reference), *LINKED[1:]]))
    rows, nobodys = (found.tables or {})["requests"], UNATTRIBUTED + reference
    assert set(rows) == {nobodys, "OIG", "overall"}
    assert rows[nobodys] == dict(zip(("pending_start", "received", "processed", "pending_end"), THREE["PS1"], strict=True))
    assert found.places[f"requests[{nobodys}, received]"].element == "ProcessingStatisticsReceivedQuantity"
    assert nobodys not in {one["id"] for one in found.entities["components"]}
    (remark,) = found.remarks
    assert (remark.rule, remark.at, remark.place.element) == ("unattributed-row", "requests", "ProcessingStatistics")
    assert dict(remark.said) == {"printed": "1, 2, 3, 0", "reference": reference, "row": "PS1", "section": "V.A", "number": "1"}


def test_rows_of_one_missing_component_are_rows_of_their_own_told_once() -> None:
    both = requests(THREE, [("PS1", ""), ("PS2", ""), LINKED[2]])
    costs = section(
        "FeesCollectedSection", {"F1": "<foia:FeesCollectedAmount>5</foia:FeesCollectedAmount>"}, [("F1", "")], row="FeesCollected"
    )
    found = read(both, costs, requests(THREE, [("PS1", "ORG9"), *LINKED[1:]]).replace("ProcessedRequest", "ProcessedAppeal"))
    tables = found.tables or {}
    assert set(tables["requests"]) == {"?", "? (2)", "overall"} and set(tables["fees"]) == {"?"}
    assert [(remark.rule, remark.said["reference"], remark.said["number"]) for remark in found.remarks] == [
        ("unattributed-row", "", "3"),
        ("unattributed-row", "ORG9", "1"),
    ]
    assert found.remarks[0].said["section"] == "V.A, X"


def test_the_rows_of_nobody_count_in_the_sums_of_their_table() -> None:
    content = report(requests({**THREE, "PS0": (5, 7, 9, 3)}, [("PS1", ""), *LINKED[1:]]))
    short = report(requests({**THREE, "PS0": (4, 5, 6, 3)}, [("PS1", ""), *LINKED[1:]]))
    options = {"packs": ["us-foia"], "select": ["requests-overall"], "lang": "en"}
    failed = [[f.rule for f in check(one, **options).findings if f.rule.startswith("us-foia/")] for one in (content, short)]  # type: ignore[arg-type]
    assert failed == [[], ["us-foia/requests-overall"] * 3]


def test_a_row_that_no_link_names_and_a_link_without_its_row_are_told() -> None:
    found = read(requests(THREE, [*LINKED[1:], ("PS7", "ORG1")]))
    assert [(remark.said["row"], remark.said["reference"]) for remark in found.remarks] == [("PS7", "ORG1"), ("PS1", "")]


@pytest.mark.parametrize("instead", ["", "<nc:OrganizationReference/>\n"])
def test_a_link_without_an_organisation_makes_the_row_nobodys(instead: str) -> None:
    found = read(requests(THREE, LINKED).replace('<nc:OrganizationReference s:ref="ORG1"/>\n', instead))
    assert told(found) == [("unattributed-row", "requests")]
    assert set((found.tables or {})["requests"]) == {"?", "OIG", "overall"}


def test_a_row_that_no_link_names_is_no_row() -> None:
    found = read(requests(THREE, LINKED[1:]))
    assert set((found.tables or {})["requests"]) == {"OIG", "overall"}
    assert told(found) == [("unattributed-row", "requests")]


def test_a_component_listed_twice_keeps_both_figures_where_they_differ() -> None:
    found = read(requests({**THREE, "PS2": (1, 5, 3, 0)}, [("PS1", "ORG1"), ("PS2", "ORG1"), LINKED[2]]))
    cells = (found.tables or {})["requests"]["HQ"]
    assert isinstance(cells, dict)
    assert (cells["pending_start"], cells["processed"]) == (1, 3)
    received = cells["received"]
    assert isinstance(received, Repeated) and received.values == (2, 5) and len(received.places) == 2
    assert told(found) == [("doubled-row", "requests.HQ")]


def test_abbreviations_name_components_unless_shared_or_missing() -> None:
    units = (
        UNITS[0],
        ("ORG1", "OIG", "One"),
        ("ORG2", "OIG", "Two"),
        ("ORG3", "", "Three"),
        ("ORG4", "DEX", "Four"),
        ("ORG5", "total", "F"),
    )
    assert [one["id"] for one in read(units=units).entities["components"]] == ["ORG1", "ORG2", "ORG3", "DEX", "ORG5"]


def test_two_organisations_of_one_number_are_no_ones() -> None:
    units = (*UNITS[:2], ("ORG1", "OIG", "Office of Inspector General"))
    assert told(read(requests(THREE, LINKED[:1]), units=units))[0] == ("unattributed-row", "requests")


def test_the_agency_is_known_by_its_place_not_by_its_number() -> None:
    units = (("ORG7", "DEX", "Department of Examples"), *UNITS[1:])
    assert set((read(requests(THREE, [("PS0", "ORG7")]), units=units).tables or {})["requests"]) == {"overall"}


def test_a_row_shared_by_thousands_does_not_grow() -> None:
    units = (UNITS[0], *((f"ORG{i}", f"C{i}", f"Component {i}") for i in range(1, 2001)))
    rows = {f"PS{i}": (1, 2, 3, 0) for i in range(1, 2001)}
    one_for_all = requests(rows, [("PS1", unit[0]) for unit in units]).replace('s:id="PS', 's:id="PS1" was="')
    found = read(one_for_all, units=units)
    assert len((found.tables or {})["requests"]) == 50
    homeless = {remark.said["reference"]: remark.said["number"] for remark in found.remarks if remark.rule == "unattributed-row"}
    assert len(homeless) == 1951 + 1 == len([remark for remark in found.remarks if remark.rule == "unattributed-row"])
    assert homeless.pop("") == "1950" and set(homeless.values()) == {"1"}


@pytest.mark.parametrize("same_id", [True, False])
def test_the_rows_of_nobody_do_not_grow_either(same_id: bool) -> None:
    rows = {f"PS{i}": (1, 2, 3, 0) for i in range(1, 2001)}
    text = requests(rows, [(key, "") for key in rows])
    found = read(text.replace('s:id="PS', 's:id="PS1" was="') if same_id else text)
    assert len((found.tables or {})["requests"]) == (50 if same_id else 2000)


def statutes(*links: str) -> str:
    text = (
        "<j:StatuteDescriptionText>26 U.S.C. § 6103</j:StatuteDescriptionText>\n"
        "<foia:ReliedUponStatuteInformationWithheldText>Tax returns</foia:ReliedUponStatuteInformationWithheldText>\n"
        "<nc:Case><nc:CaseTitleText>N/A</nc:CaseTitleText></nc:Case>"
    )
    made = section("Exemption3StatuteSection", {"ES1": text}, [], row="ReliedUponStatute")
    return made.replace("</foia:Exemption3StatuteSection>", "\n".join(links) + "\n</foia:Exemption3StatuteSection>")


def counted(row: str, organisation: str, count: object) -> str:
    return link(row, organisation, f"<foia:ReliedUponStatuteQuantity>{count}</foia:ReliedUponStatuteQuantity>\n")


def test_statutes_have_a_column_per_component() -> None:
    found = read(statutes(counted("ES1", "ORG1", 3), counted("ES1", "ORG2", 4), counted("ES1", "ORG0", 7)))
    row = {"text": "26 U.S.C. § 6103", "withheld": "Tax returns", "case": "N/A", "HQ": 3, "OIG": 4, "total": 7}
    assert found.tables == {"statutes": {"26 U.S.C. § 6103": row}}
    assert found.entities["statutes"] == ({"id": "26 U.S.C. § 6103", "name": "26 U.S.C. § 6103"},)


@pytest.mark.parametrize(("second", "wanted"), [(7, 7), (8, (7, 8))])
def test_a_centralized_agencys_count_printed_twice_is_one_where_it_is_equal(second: int, wanted: object) -> None:
    found = read(statutes(counted("ES1", "ORG0", 7), counted("ES1", "ORG0", second)), units=UNITS[:1])
    row = (found.tables or {})["statutes"]["26 U.S.C. § 6103"]
    assert isinstance(row, dict)
    total = row["total"]
    assert (total.values if isinstance(total, Repeated) else total) == wanted
    assert found.remarks == ()


def test_a_statutes_count_of_no_component_is_told_and_has_a_column() -> None:
    found = read(statutes(counted("ES1", "", 3), counted("ES1", "ORG1", 4)))
    (remark,) = found.remarks
    assert (remark.rule, remark.at, remark.said["printed"]) == ("unattributed-row", "statutes", "3")
    row = (found.tables or {})["statutes"]["26 U.S.C. § 6103"]
    assert isinstance(row, dict) and (row["?"], row["HQ"]) == (3, 4)


def test_a_component_that_stands_twice_for_one_statute_is_added_up() -> None:
    found = read(statutes(counted("ES1", "ORG1", 2), counted("ES1", "ORG2", 1), counted("ES1", "ORG1", 2), counted("ES1", "ORG0", 5)))
    row = (found.tables or {})["statutes"]["26 U.S.C. § 6103"]
    assert isinstance(row, dict) and (row["HQ"], row["OIG"], row["total"]) == (4, 1, 5)
    (remark,) = found.remarks
    assert (remark.rule, remark.at) == ("added-figures", "statutes.26 U.S.C. § 6103")
    assert (remark.said["row"], remark.said["number"], remark.said["printed"]) == ("HQ", "2", "2 + 2")
    assert remark.place == found.places["statutes[26 U.S.C. § 6103, HQ]"]


def test_what_is_no_whole_number_is_not_added_up() -> None:
    found = read(statutes(counted("ES1", "ORG1", 2), counted("ES1", "ORG1", "N/A")))
    row = (found.tables or {})["statutes"]["26 U.S.C. § 6103"]
    assert isinstance(row, dict) and isinstance(row["HQ"], Repeated) and row["HQ"].values == (2, "N/A")
    assert found.remarks == ()


def one_row(name: str, row: str, content: str, table: str) -> dict[str, object]:
    found = read(section(name, {"X1": content}, [("X1", "ORG0")], row=row))
    assert found.remarks == ()
    cells = (found.tables or {})[table]["overall"]
    assert isinstance(cells, dict)
    return dict(cells)


def test_what_is_printed_is_kept_as_it_is() -> None:
    printed = {"RequestGranted": "N/A", "RequestDenied": "N\\A", "AdjudicationWithinTenDays": "-1"}
    days = {"Median": "&lt;1", "Average": "70\u00a0"}
    content = values("", "Quantity", printed) + values("Adjudication", "DaysValue", days)
    assert one_row("ExpeditedProcessingSection", "ExpeditedProcessing", content, "expedited_processing") == {
        "granted": "N/A",
        "denied": "N\\A",
        "within_ten": "-1",
        "median": "<1",
        "average": "70\u00a0",
    }


def test_the_code_for_less_than_a_day_and_odd_decimals() -> None:
    content = "<foia:ResponseTimeLowestDaysCode>LT1</foia:ResponseTimeLowestDaysCode>" + values(
        "ResponseTime", "DaysValue", {"Median": ",09", "Average": "0.0000", "Highest": "007"}
    )
    cells = one_row("AppealResponseTimeSection", "ResponseTime", content, "appeal_times")
    assert cells == {"lowest": "<1", "median": ",09", "average": "0.0000", "highest": "007"}


def test_nothing_printed_is_not_absent() -> None:
    content = "<foia:FeesCollectedAmount/><foia:FeesCollectedCostPercent> </foia:FeesCollectedCostPercent>"
    assert one_row("FeesCollectedSection", "FeesCollected", content, "fees") == {"collected": None, "percent": None}
    assert one_row("FeesCollectedSection", "FeesCollected", "", "fees") == {}


def test_codes_are_columns_and_an_unknown_code_is_told() -> None:
    denials = [
        item("NonExemptionDenial", ("NonExemptionDenialReasonCode", code), ("NonExemptionDenialQuantity", n))
        for code, n in (("NoRecords", 2), ("InLitigation", 3))
    ]
    found = read(section("RequestDispositionSection", {"RD1": "\n".join(denials)}, [("RD1", "ORG0")], row="RequestDisposition"))
    assert found.tables == {"dispositions": {"overall": {"no_records": 2}}}
    (remark,) = found.remarks
    assert (remark.rule, remark.at) == ("unknown-element", "dispositions")
    assert "InLitigation" in remark.said["printed"]


def test_the_same_code_twice_in_a_row_is_two_figures_of_one_cell() -> None:
    twice = [item("AppliedExemption", ("AppliedExemptionCode", "Ex. 7(A)"), ("AppliedExemptionQuantity", n)) for n in (1, 2)]
    cells = one_row("RequestDispositionAppliedExemptionsSection", "ComponentAppliedExemptions", "\n".join(twice), "exemptions")
    assert isinstance(cells["ex_7a"], Repeated) and cells["ex_7a"].values == (1, 2)


def test_reasons_are_columns_by_their_words() -> None:
    reasons = [("*Aggregate&amp;#039;s  Cases", 1), ("N/A", 0), ("N/A", 2), ("total", 4), ("", 5)]
    content = "\n".join(
        item("OtherDenialReason", ("OtherDenialReasonDescriptionText", text), ("OtherDenialReasonQuantity", n)) for text, n in reasons
    )
    content += "<foia:ComponentOtherDenialReasonQuantity>12</foia:ComponentOtherDenialReasonQuantity>"
    cells = one_row("RequestDenialOtherReasonSection", "ComponentOtherDenialReason", content, "other_reasons")
    assert cells == {"Aggregate's Cases": 1, "N/A": 0, "N/A (2)": 2, "total (2)": 4, "—": 5, "total": 12}


def test_the_ten_oldest_are_numbered_as_printed_and_an_eleventh_is_told() -> None:
    dates = ["Invalid date entered", *(f"2020-01-{day:02}" for day in range(2, 12))]
    content = "\n".join(item("OldItem", ("OldItemReceiptDate", date), ("OldItemPendingDaysQuantity", i)) for i, date in enumerate(dates))
    found = read(section("OldestPendingRequestSection", {"OPR1": content}, [("OPR1", "ORG0")], row="OldestPendingItems"))
    cells = (found.tables or {})["oldest_requests"]["overall"]
    assert isinstance(cells, dict)
    assert (cells["date_1"], cells["days_1"], cells["date_10"], cells["days_10"], len(cells)) == (
        "Invalid date entered",
        0,
        "2020-01-10",
        9,
        20,
    )
    assert told(found) == [("unknown-element", "oldest_requests"), ("spoilt-dates", None)]
    spoilt = found.remarks[1]
    assert dict(spoilt.said) == {"number": "1", "printed": "Invalid date entered"}
    assert spoilt.place == found.places["oldest_requests[overall, date_1]"]


def test_a_spoilt_date_does_not_apply() -> None:
    dates = ["2020-01-01", "Invalid date entered"]
    content = "\n".join(item("OldItem", ("OldItemReceiptDate", date), ("OldItemPendingDaysQuantity", i)) for i, date in enumerate(dates))
    spoilt = report(section("OldestPendingRequestSection", {"OPR1": content}, [("OPR1", "ORG0")], row="OldestPendingItems"))
    result = check(spoilt, packs=["us-foia"], select=["form", "oldest-requests-by-date"], lang="en")
    told = {finding.rule for finding in result.findings}
    assert "form/spoilt-dates" in told and not told & {"form/unreadable-cell", "us-foia/oldest-requests-by-date"}


def test_a_list_that_ends_in_spoilt_dates_has_no_gap() -> None:
    dates = ["2020-01-01", *["Invalid date entered"] * 9]
    content = "\n".join(item("OldItem", ("OldItemReceiptDate", date), ("OldItemPendingDaysQuantity", 0)) for date in dates)
    spoilt = report(section("OldestPendingRequestSection", {"OPR1": content}, [("OPR1", "ORG0")], row="OldestPendingItems"))
    result = check(spoilt, packs=["us-foia"], select=["oldest-requests-no-gap"], lang="en")
    assert [finding.message for finding in result.findings if finding.rule == "us-foia/oldest-requests-no-gap"] == []


def test_tracks_stand_inside_a_row() -> None:
    content = (
        "<foia:SimpleResponseTime>" + values("ResponseTime", "DaysValue", {"Median": 5}) + "</foia:SimpleResponseTime>\n"
        "<foia:ComplexResponseTime/>"
    )
    assert one_row("ProcessedResponseTimeSection", "ProcessedResponseTime", content, "response_times") == {"simple_median": 5}


def test_footnotes_escaped_twice_are_readable() -> None:
    found = read(requests(THREE, LINKED, notes=["The agency&amp;#039;s  own\nnote", "  "]))
    assert found.notes == {"requests": ("The agency's own note",)}


def test_elements_that_the_form_does_not_have_are_told() -> None:
    strange = flow(1, 2, 3, 0) + "<foia:Surprise>9</foia:Surprise>"
    extra = section("ProcessedRequestSection", {"PS0": strange}, [("PS0", "ORG0")], row="ProcessingStatistics")
    found = read(extra, "<foia:NewSection><foia:A>1</foia:A></foia:NewSection>")
    assert [(remark.at, remark.said["printed"]) for remark in found.remarks] == [(None, "NewSection: 1"), ("requests", "Surprise: 9")]


def test_sections_that_are_missing_are_absent_and_empty_ones_are_there() -> None:
    found = read("<foia:SubsectionUsedSection/>")
    assert found.tables == {"subsection_c": {}}
    assert list(found.sections or {}) == ["subsections"]


# --- what is no report ----------------------------------------------------------------------------------------------------------

BOMB = b"""<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<FoiaAnnualReport>&b;</FoiaAnnualReport>"""


@pytest.mark.parametrize(
    ("content", "words", "zh"),
    [
        (b"", "is empty", "空"),
        (b"\xef\xbb\xbf \n", "is empty", "空"),
        (b"<!DOCTYPE HTML PUBLIC '-//IETF//DTD HTML 2.0//EN'>\n<html><head><title>502 Proxy Error", "is a web page", "网页"),
        (b"<?xml version='1.0'?>\n<!-- x --><html xmlns='http://www.w3.org/1999/xhtml'/>", "is a web page", "网页"),
        (b"<?xml version='1.0'?>\n<rss/>", "root element is rss", "rss"),
        (b"no xml at all", "not well-formed", "格式有误"),
        (b"<FoiaAnnualReport>&nbsp;</FoiaAnnualReport>", "not well-formed", "格式有误"),
        (report(requests(THREE, LINKED))[:-40], "not well-formed", "格式有误"),
        (BOMB, "DOCTYPE", "DOCTYPE"),
        (b"<FoiaAnnualReport>" + b"<a>" * 100 + b"</a>" * 100 + b"</FoiaAnnualReport>", "deep", "过深"),
        (b"<FoiaAnnualReport>" + b"<a>" * 100_000, "deep", "过深"),
    ],
)
def test_what_is_no_report_is_said(content: bytes, words: str, zh: str) -> None:
    with pytest.raises(SourceError) as caught:
        read_foia_xml(content, "some.xml")
    assert words in caught.value.reason
    assert zh in caught.value.zh


def test_malformed_xml_is_shown_with_its_line() -> None:
    with pytest.raises(SourceError) as caught:
        read_foia_xml(b"<FoiaAnnualReport>\n<a>\n</b>\n</FoiaAnnualReport>", "some.xml")
    assert re.fullmatch(r"some\.xml:3:\d+", caught.value.source)


def test_a_report_is_known_by_its_opening() -> None:
    assert is_foia_xml(report()[:400])
    assert is_foia_xml(report().decode().encode("utf-16")[:800])
    assert is_foia_xml(b"\xef\xbb\xbf<FoiaAnnualReport/>")
    assert not is_foia_xml(b"<html><body>FoiaAnnualReport</body></html>")
    assert not is_foia_xml(b"schema: govreport-report/1\nabout: <FoiaAnnualReport>")


def test_utf_16_is_read() -> None:
    text = report(requests(THREE, LINKED)).decode().replace('<?xml version="1.0"?>', '<?xml version="1.0" encoding="utf-16"?>')
    assert read_foia_xml(text.encode("utf-16"), "wide.xml").about["agency"] == "Department of Examples"
