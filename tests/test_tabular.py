"""CSV files that hold many reports, checked as the reports that they hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from govreport_check import Verdict, check, check_many, load_pack
from govreport_check.cli import main
from govreport_check.findings import Finding, Result
from govreport_check.readers.flat_csv import to_flat_csv
from govreport_check.recognition import known_report
from govreport_check.tabular import held

OPEN = load_pack(Path(__file__).parent / "open_pack")
HEAD = "report,agency,year,table,row,column,value\n"
BALANCE = {"packs": ["us-foia"], "select": ["requests-balance"], "lang": "en"}
REQUESTS = "foia-received-processed-and-pending-foia-requests.csv"
REQUESTS_HEAD = (
    '"Agency","Component","Fiscal Year","Number of Requests Pending as of Start of Fiscal Year",'
    '"Number of Requests Received in Fiscal Year","Number of Requests Processed in Fiscal Year",'
    '"Number of Requests Pending as of End of Fiscal Year"\n'
)
BACKLOGS = "foia-backlogs-of-foia-requests-and-administrative-appeals.csv"
BACKLOGS_HEAD = '"Agency","Component","Fiscal Year","Number of Backlogged Requests as of End of Fiscal Year"\n'


def lines(agency: str, year: int, *figures: int, row: str = "overall") -> str:
    """V.A of one row as lines of a flat CSV."""
    names = ("pending_start", "received", "processed", "pending_end")
    return "".join(f",{agency},{year},requests,{row},{name},{figure}\n" for name, figure in zip(names, figures, strict=True))


def agencies(*rows: tuple[str, int, int, int, int, int]) -> str:
    """V.A of all agencies, as FOIA.gov offers it."""
    return REQUESTS_HEAD + "".join(f'"{row[0]}","Agency Overall",' + ",".join(f'"{one}"' for one in row[1:]) + "\n" for row in rows)


def failing(result: Result) -> list[Finding]:
    return [finding for finding in result.findings if finding.outcome == "fail" and finding.rule == "us-foia/requests-balance"]


def reasons(result: Result) -> list[str]:
    return [finding.message for finding in result.findings if finding.rule == "form/unreadable-file"]


# --- flat ------------------------------------------------------------------------------------------------------------------------


def test_every_report_of_a_flat_csv_is_checked(tmp_path: Path) -> None:
    path = tmp_path / "two.csv"
    path.write_text(HEAD + lines("A", 2023, 1, 2, 3, 0) + lines("B", 2023, 1, 2, 3, 9), encoding="utf-8")
    result = check(path, **BALANCE)  # type: ignore[arg-type]
    assert [(one.about["agency"], one.form) for one in result.reports] == [("A", "us-foia/2008"), ("B", "us-foia/2008")]
    assert [one.source for one in result.reports] == [f"{path} (A 2023)", f"{path} (B 2023)"]
    (finding,) = failing(result)
    assert result.reports[0].findings == [] and finding in result.reports[1].findings
    ends = next(cell for cell in finding.cells if "pending_end" in cell.address)
    assert (ends.place.source, ends.place.line, ends.place.column) == (str(path), 9, 7)


@pytest.mark.parametrize("wrap", [str, str.encode, lambda text: ("\ufeff" + text).encode()])
def test_text_and_bytes_are_read_as_files_are(wrap: object) -> None:
    given = wrap(HEAD + lines("A", 2023, 1, 2, 3, 9))  # type: ignore[operator]
    result = check(given, name="sent.csv", **BALANCE)  # type: ignore[arg-type]
    assert [(one.source, one.about["agency"]) for one in result.reports] == [("sent.csv", "A")]
    assert len(failing(result)) == 1


def test_the_years_of_a_flat_csv_are_one_anothers_prior(tmp_path: Path) -> None:
    path = tmp_path / "years.csv"
    path.write_text(HEAD + lines("A", 2023, 5, 2, 3, 4) + lines("A", 2022, 1, 2, 0, 3), encoding="utf-8")
    result = check(path, packs=["us-foia"], select=["requests-carried-over"], lang="en")
    (finding,) = [one for one in result.reports[0].findings if one.rule == "us-foia/requests-carried-over"]
    assert {finding.left, finding.right} == {"3", "5"}


def test_a_flat_csv_is_of_the_form_that_has_most_of_its_figures() -> None:
    text = HEAD + ",X,2023,requests,A,start,1\n,X,2023,requests,A,received,2\n,X,2023,requests,A,processed,3\n"
    (one,) = held([(text, "x.csv")], [load_pack("us-foia"), OPEN])
    assert [report.form for report in one.reports] == ["open/1"]


def test_what_is_no_csv_of_reports_is_left_to_the_readers(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("name,value\na,1\n", encoding="utf-8")
    (tmp_path / "report.txt").write_text(HEAD + lines("A", 2023, 1, 2, 3, 0), encoding="utf-8")
    sources = [(tmp_path / "list.csv", None), (tmp_path / "none.csv", None), (tmp_path / "report.txt", None), ({"form": "x"}, None)]
    assert list(held(sources, [OPEN])) == []  # type: ignore[arg-type]


def test_written_as_flat_csv_a_report_has_the_same_findings(tmp_path: Path) -> None:
    tables = {"requests": {"ICE": {"pending_start": 1, "received": 2, "processed": 3, "pending_end": 9}}}
    about = {"agency": "Department of Examples", "abbreviation": "DEX", "year": 2023}
    source = {"schema": "govreport-report/1", "form": "us-foia/2008", "about": about, "tables": tables}
    written = to_flat_csv(known_report(source, [load_pack("us-foia")]).report)
    ours, back = check(source, **BALANCE), check(written, **BALANCE)  # type: ignore[arg-type]
    assert [(one.entity, one.message, one.difference) for one in failing(ours)] == [("ICE", *said) for said in _said(back)]
    assert ours.reports[0].about == back.reports[0].about


def _said(result: Result) -> list[tuple[str, str | None]]:
    return [(one.message, one.difference) for one in failing(result)]


# --- all agencies ----------------------------------------------------------------------------------------------------------------


def test_a_folder_of_agency_tables_is_a_report_per_agency_and_year(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "2024"
    folder.mkdir()
    (folder / REQUESTS).write_text(agencies(("A", 2024, 1, 2, 3, 0), ("B", 2024, 1, 2, 3, 9)), encoding="utf-8")
    (folder / BACKLOGS).write_text(BACKLOGS_HEAD + '"B","Agency Overall","2024","7"\n', encoding="utf-8")
    result = check_many([folder / BACKLOGS, folder / REQUESTS], packs=["us-foia"], select=["requests-balance", "backlog-within-pending"])
    assert sorted(one.source for one in result.reports) == ["A 2024", "B 2024"]
    (finding,) = failing(result)
    assert {cell.place.source for cell in finding.cells} == {str(folder / REQUESTS)}
    assert {cell.place.line for cell in finding.cells} == {3}
    assert main(["check", str(folder), "--pack", "us-foia", "--select", "requests-balance", "--format", "concise"]) == 1
    assert "B 2024" in capsys.readouterr().out


def test_tables_of_one_report_are_read_together() -> None:
    tables = [(agencies(("B", 2024, 1, 2, 3, 9)), REQUESTS), (BACKLOGS_HEAD + '"B","Agency Overall","2024","7"\n', BACKLOGS)]
    (one,) = held(tables, [load_pack("us-foia")])
    (report,) = one.reports
    assert one.positions == (0, 1) and set(report.tables or {}) == {"requests", "backlogs"}


def test_reports_keep_their_order_among_others(tmp_path: Path) -> None:
    (tmp_path / REQUESTS).write_text(agencies(("B", 2024, 1, 2, 3, 9)), encoding="utf-8")
    flat = HEAD + lines("A", 2023, 1, 2, 3, 0) + lines("C", 2023, 1, 2, 3, 0)
    result = check_many([flat, tmp_path / "none.xml", tmp_path / REQUESTS], names=["f.csv", None, None], packs=["us-foia"])
    assert [one.source for one in result.reports] == ["f.csv (A 2023)", "f.csv (C 2023)", str(tmp_path / "none.xml"), "B 2024"]


# --- what cannot be read ---------------------------------------------------------------------------------------------------------

BROKEN = HEAD + ",A,2023,requests,overall,received," + "9" * 200_000 + "\n"
NO_YEAR = agencies(("A", 2024, 1, 2, 3, 0)) + '"B","Agency Overall"\n'


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("broken.csv", BROKEN.encode(), "broken as CSV"),
        ("flat.csv", (HEAD + ",某县,2023,requests,overall,received,1\n").encode("gb18030"), "UTF-8"),
        (REQUESTS, NO_YEAR.encode(), "without its fiscal year"),
        (REQUESTS, agencies(("Bür", 2024, 1, 2, 3, 0)).encode("latin-1"), "UTF-8"),
        ("unknown.csv", b"Agency,Component,Fiscal Year,Surprise\nA,Agency Overall,2024,1\n", "which table"),
    ],
)
def test_what_cannot_be_read_is_a_finding_with_its_file(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    result = check(path, packs=["us-foia"], lang="en")
    (report,) = result.reports
    assert (report.verdict, report.form) == (Verdict.NOT_VERIFIED, None)
    assert report.source.startswith(str(path))
    (said,) = reasons(result)
    assert words in said
    assert result.exit_code != 0


def test_a_broken_file_leaves_the_others_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "broken.csv").write_text(BROKEN, encoding="utf-8")
    (tmp_path / "whole.csv").write_text(HEAD + lines("A", 2023, 1, 2, 3, 9), encoding="utf-8")
    result = check_many([tmp_path / "broken.csv", tmp_path / "whole.csv"], **BALANCE)  # type: ignore[arg-type]
    assert [one.source for one in result.reports] == [f"{tmp_path / 'broken.csv'}:2", str(tmp_path / "whole.csv")]
    assert len(failing(result)) == 1


def test_the_first_line_need_not_be_csv_at_all(tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text('"' + "x" * 200_000 + "\n", encoding="utf-8")
    assert [one.verdict for one in check(path, packs=["us-foia"]).reports] == [Verdict.NOT_VERIFIED]
