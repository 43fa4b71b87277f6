"""Rows of printed tables: which row a line is, which cell stands where, and what is no row of the form."""

from __future__ import annotations

import re
from typing import Any

import pytest
from reader_reports import FORM, YUNLING, cell_of, differing, row_line, rules_of, runs_of

from govreport_check.model import Report
from govreport_check.readers import load_source, recognise


def read(text: str) -> Report:
    return recognise(load_source(text, name="r.txt"), FORM)


def test_the_head_of_another_table_is_no_row() -> None:
    lines = YUNLING.split("\n")
    start = next(i for i, line in enumerate(lines) if line.startswith("三、"))
    end = next(i for i, line in enumerate(lines) if line.startswith("四、政府"))
    head = "总计\t未经复议直接起诉\t复议后起诉\t结果维持\t结果纠正\t其他结果\t尚未审结\t总计"
    report = read("\n".join([*lines[: start + 1], head, *lines[end:]]))
    assert "requests" not in (report.tables or {})
    assert "disputes" in (report.tables or {})


@pytest.mark.parametrize("row", ["2.重复申请", "规章\t", "（七）总计", "1.本机关"])
@pytest.mark.parametrize("end", ["\t", "", "\t\t\t"])
def test_an_empty_total_is_empty_however_many_empty_cells_were_copied(row: str, end: str, figures: dict[str, Any]) -> None:
    line = row_line(row)
    report = read(YUNLING.replace(line, line.rstrip("\t").rpartition("\t")[0] + end))
    (address,) = differing(report, figures)
    table, name, column = re.split(r"\[|, |\]", address)[:3]
    assert column == FORM.tables[table].columns[-1]
    assert cell_of(report.tables or {}, table, name, column) is None
    assert rules_of(report) == []


def test_a_cell_that_is_missing_in_the_last_row_is_not_taken_for_empty() -> None:
    line = row_line("四、结转")
    report = read(YUNLING.replace(line, line.rstrip("\t").rpartition("\t")[0]))
    assert rules_of(report) == [("unread-row", "requests.carried_forward")]


@pytest.mark.parametrize("label", ["小计", "合计", "其中：涉农"])
def test_a_subtotal_is_told_and_moves_nothing(label: str, figures: dict[str, Any]) -> None:
    line = row_line("2.重复申请")
    report = read(YUNLING.replace(line, line + "\n" + line.replace("2.重复申请", label)))
    assert differing(report, figures) == []
    assert rules_of(report) == [("unrecognised-row", None)]
    assert report.remarks[0].place.line == YUNLING.split("\n").index(line) + 2


def test_a_subtotal_is_not_taken_for_a_row_that_is_missing() -> None:
    line = row_line("3.要求提供公开出版物")
    report = read(YUNLING.replace(line, line.replace("3.要求提供公开出版物", "小计")))
    assert "not_processed.publication" not in (report.tables or {})["requests"]
    assert rules_of(report) == [("unrecognised-row", None)]


MERGED = {"natural_person": 2, "commercial": 0, "research": 0, "public_welfare": 0, "legal_service": 0, "other": 0, "total": 2}


def merged(row: str) -> str:
    lines = YUNLING.split("\n")
    at = lines.index(row_line("1.申请人无正当理由"))
    return "\n".join([*lines[:at], row, *lines[at + 3 :]])


@pytest.mark.parametrize("label", ["（六）其他处理\t\t", "\t（六）其他处理\t", "（六）其他处理\t", "（六）其他处理 "])
def test_rows_printed_as_one_stand_under_their_head(label: str) -> None:
    values = [str(value) for value in MERGED.values()]
    report = read(merged(label + ("\t" if "\t" in label else " ").join(values)))
    requests = (report.tables or {})["requests"]
    assert requests["other"] == MERGED
    assert not any(row.startswith("other.") for row in requests)
    assert rules_of(report) == []
    assert report.place_of("requests[other, total]").column == 7


def test_rows_printed_as_one_may_be_a_run() -> None:
    report = read(merged("（六）其他处理2000002"))
    assert runs_of(report) == {("requests", "other"): "2000002"}


def test_a_head_beside_its_rows_is_no_row(figures: dict[str, Any]) -> None:
    row = "（六）其他处理\t\t2\t0\t0\t0\t0\t0\t2"
    line = row_line("3.其他")
    report = read(YUNLING.replace(line, f"{line}\n{row}"))
    assert "other" not in (report.tables or {})["requests"]
    assert rules_of(report) == [("unrecognised-row", None)]


def test_a_label_that_ends_in_a_digit_may_have_taken_the_first_figure() -> None:
    """309 17 88 … glued to the words before it: what is left of the run is not the run."""
    line = row_line("5\t1\t2\t1\t9")
    whole = "309 17 88 26 440 1 1 16 6 24 13 0 67 9 89"
    assert cell_of(read(YUNLING.replace(line, whole)).tables or {}, "disputes", "review", "upheld") == 309
    report = read(YUNLING.replace(line, f"（三组）{whole}"))
    assert set((report.tables or {})["disputes"]) == set(FORM.tables["disputes"].rows)
    assert cell_of(report.tables or {}, "disputes", "review", "upheld") == "?"
    assert {rule for rule, _ in rules_of(report)} == {"unread-row"}


def test_columns_that_a_run_holds_in_another_order_are_not_read() -> None:
    lines = YUNLING.split("\n")
    head = next(line for line in lines if "本年制发件数" in line)
    row = row_line("规章\t")
    swapped = "\t".join([head.split("\t")[0], *reversed(head.split("\t")[1:])])
    report = read(YUNLING.replace(head, swapped).replace(row, "规章\t" + row.replace("规章", "").replace("\t", "")))
    assert isinstance((report.tables or {})["documents"]["regulations"], dict)
    assert ("unread-row", "documents.regulations") in rules_of(report)
