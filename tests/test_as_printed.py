"""A report as printed beside its result: labels, figures, paragraphs with their lines, and what is missing."""

from __future__ import annotations

import json

import pytest
from some_reports import ROOT

from govreport_check import check
from govreport_check.findings import Printed, PrintedTable

MISTAKES = ROOT / "docs" / "examples" / "yunling-2024-mistakes.txt"


def printed(source: object = MISTAKES, lang: str = "zh") -> Printed:
    found = check(source, printed=True, lang=lang).reports[0].printed  # type: ignore[arg-type]
    assert found is not None
    return found


def table(name: str, lang: str = "zh") -> PrintedTable:
    return next(one for one in printed(lang=lang).tables if one.id == name)


def test_a_check_keeps_the_report_only_when_asked() -> None:
    assert check(MISTAKES).reports[0].printed is None


def test_what_is_printed_is_no_part_of_the_json() -> None:
    told = json.loads(check(MISTAKES, printed=True).model_dump_json(by_alias=True))
    assert told == json.loads(check(MISTAKES).model_dump_json(by_alias=True))


def test_figures_and_labels_are_those_of_the_page() -> None:
    documents = table("documents")
    assert documents.columns == [("issued", "本年制发件数"), ("repealed", "本年度止件数"), ("in_force", "现行有效件数")]
    assert documents.cells == [["0", "0", "0"], ["6", "9", "83"]]
    assert (documents.caption, documents.corner) == ("第二十条第（一）项", "信息内容")


def test_labels_in_the_other_language_leave_misprints_as_they_are() -> None:
    assert [text for _, text in table("documents", "en").columns] == ["Issued this year", "本年度止件数", "Currently in force"]


def test_heads_over_rows_are_the_forms_and_those_of_row_groups() -> None:
    over = [(head.text, head.first, head.last) for head in table("requests").over_rows]
    assert over[0] == ("三、本年度办理结果", 2, 23)
    assert ("（三）不予公开", 4, 11) in over


def test_paragraphs_keep_their_lines() -> None:
    overview = next(part for part in printed().parts if part.id == "overview")
    assert [line for line, _ in overview.paragraphs] == [7, 9, 11, 13, 15, 17]
    assert overview.paragraphs[3][1].startswith("（三）政府信息管理")


@pytest.mark.parametrize("partial", [True, False])
def test_a_table_that_is_not_there_is_missing_unless_it_was_left_out(partial: bool) -> None:
    about = {"agency": "A", "year": 2024, "partial": partial}
    report = {
        "schema": "govreport-report/1",
        "form": "cn-disclosure/2021",
        "about": about,
        "tables": {"fees": {"administrative": {"amount": 1}}},
    }
    tables = {one.id: one.missing for one in printed(report).tables}
    assert tables["fees"] is False
    assert ("requests" in tables) is not partial
    assert tables.get("requests", True)


def test_what_was_not_handed_in_is_left_out() -> None:
    report = {
        "schema": "govreport-report/1",
        "form": "cn-disclosure/2021",
        "about": {"year": 2024},
        "sections": {"preamble": {"text": "A"}},
    }
    assert printed(report).tables == []
