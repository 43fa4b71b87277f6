"""Changes to a report: what was changed is checked as if the document had said it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from serving import CLEAN, MISTAKES
from some_reports import CELLS, FORM

from govreport_check import check, read, render
from govreport_check.model import Report, State
from govreport_check.readers import to_json
from govreport_check.readers.rows import UNREADABLE
from govreport_check.serve.edits import Edit, EditError, edited, numbers_of, paragraphs_of

REPORT = read(CLEAN, name="a.txt")


def findings(source: Any) -> list[Any]:
    """What is found, places apart."""
    found = json.loads(render(check(source, name="a.txt", lang="zh"), "json"))["reports"][0]
    for finding in found["findings"]:
        for cell in finding["cells"]:
            cell["place"] = None
    return [found["about"], found["counts"], found["findings"]]


def text_of(report: Report, name: str) -> str:
    return (report.sections or {})[name].text


@settings(max_examples=12, deadline=None)
@given(st.sampled_from(CELLS), st.sampled_from(["0", "7", "1,234", "约20", "", "-", "12a", "３"]))
def test_a_changed_figure_is_checked_as_if_it_were_printed(cell: tuple[str, str, str], to: str) -> None:
    changed = edited(REPORT, FORM, [Edit(f"{cell[0]}[{cell[1]}, {cell[2]}]", to)])
    assert findings(changed) == findings(REPORT.with_cell(*cell, int(to) if to in ("0", "7") else to or None))


@pytest.mark.parametrize("name", ["overview", "preamble", "title", "problems"])
def test_a_changed_paragraph_is_checked_as_if_the_document_said_it(name: str) -> None:
    for line, (start, end) in enumerate(paragraphs_of((REPORT.sections or {})[name]), 1):
        old = text_of(REPORT, name)[start:end]
        new = old.replace("2024", "2023").replace("月", "月份").replace("件", "件次")
        as_document = CLEAN.decode().replace(old, new)
        if as_document == CLEAN.decode() and new != old:
            continue  # a paragraph that the reader joined of several lines
        changed = edited(REPORT, FORM, [Edit(f"sections.{name}", new, line)])
        assert text_of(changed, name) == text_of(REPORT, name)[:start] + new + text_of(REPORT, name)[end:]
        assert findings(changed) == findings(read(as_document.encode(), name="a.txt")), (name, line)


def test_a_misprinted_heading_and_label_are_found_and_mended() -> None:
    wrong = [Edit("sections.overview.heading", "一、总体状况"), Edit("labels.requests.rows.granted", "予以公布")]
    broken = edited(REPORT, FORM, wrong)
    told = {cell["address"] for finding in findings(broken)[2] for cell in finding["cells"]}
    assert {"labels.sections.overview.heading", "labels.requests.rows.granted"} <= told
    right = [Edit("sections.overview.heading", (REPORT.sections or {})["overview"].heading or ""), wrong[1]]
    left = {cell["address"] for finding in findings(edited(broken, FORM, right))[2] for cell in finding["cells"]}
    assert "labels.sections.overview.heading" not in left and "labels.requests.rows.granted" in left


def test_the_last_change_at_a_place_counts_and_none_is_no_change() -> None:
    twice = edited(REPORT, FORM, [Edit("requests[granted, total]", "1"), Edit("requests[granted, total]", "2")])
    assert (twice.tables or {})["requests"]["granted"]["total"] == 2  # type: ignore[index]
    assert edited(REPORT, FORM, []) == REPORT


def test_facts_that_data_states_stay_when_its_text_changes() -> None:
    data = json.loads(to_json(REPORT))
    data["about"] = {"agency": "云岭县人民政府", "year": 2024}
    report = read(data)
    title = Edit("sections.title", "某某市人民政府2019年政府信息公开工作年度报告", 1)
    changed = edited(report, FORM, [title])
    assert (changed.about["agency"], changed.about["year"]) == ("云岭县人民政府", 2024)
    of_document = edited(REPORT, FORM, [title])
    assert (of_document.about["agency"], of_document.about["year"]) == ("某某市人民政府", 2019)
    assert "level" not in of_document.about


def test_a_row_that_ran_together_keeps_its_other_figures_unread() -> None:
    run = read({"schema": "govreport-report/1", "form": FORM.id, "tables": {"requests": {"granted": "6400204701"}}})
    changed = edited(run, FORM, [Edit("requests[granted, total]", "70")])
    row = (changed.tables or {})["requests"]["granted"]
    assert row["total"] == 70 and set(row.values()) == {70, UNREADABLE}  # type: ignore[union-attr,index]
    assert State.UNREADABLE.name.lower() in json.dumps(findings(changed))


def test_places_of_what_is_not_changed_stay() -> None:
    section = (REPORT.sections or {})["overview"]
    changed = (edited(REPORT, FORM, [Edit("sections.overview", "短。", 2), Edit("sections.overview", "", 1)]).sections or {})["overview"]
    for line, (start, _) in enumerate(paragraphs_of(section)[1:]):
        assert changed.place_at(paragraphs_of(changed)[line][0]) == section.place_at(start)
    assert numbers_of(REPORT, [Edit("sections.overview", "", 1)])["overview"] == list(range(2, len(paragraphs_of(section)) + 1))
    assert numbers_of(REPORT, [Edit("sections.problems", "又一段。", 3)])["problems"] == [1, 2, 3]


@pytest.mark.parametrize("at", ["sections.nowhere", "sections.__class__", "sections."])
def test_a_part_that_the_form_does_not_have_cannot_be_written(at: str) -> None:
    with pytest.raises(EditError) as told:
        edited(read(MISTAKES), FORM, [Edit(at, "字", 1)])
    assert told.value.at == at
