"""A form file worked out: rows by path, groups to their leaves, cell types, years."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError
from some_reports import FORM

from govreport_check.figures import Between
from govreport_check.form import FormError, years_of
from govreport_check.form_building import build_form
from govreport_check.form_file import FormFile
from govreport_check.model import State


def made(**table: Any) -> Any:
    spec = {
        "section": "s",
        "name": {"zh": "表", "en": "Table"},
        "cells": {"all": "count"},
        "columns": {"a": "A", "b": "B"},
        "rows": {"x": "X", "p": {"printed": "P", "leaves": {"y": "Y", "q": {"printed": "Q", "leaves": {"z": "Z"}}}}},
    }
    data = {
        "schema": "govreport-form/1",
        "id": "f/1",
        "years": "2021-",
        "sections": {"s": {"heading": "S"}},
        "tables": {"t": {**spec, **table}},
    }
    return build_form(FormFile.model_validate(data))


def test_the_form_of_2021() -> None:
    assert FORM.cell_count == 200
    assert len(FORM.sections) == 6
    assert {name: (len(table.rows), len(table.columns)) for name, table in FORM.tables.items()} == {
        "documents": (2, 3),
        "decisions": (3, 1),
        "fees": (1, 1),
        "requests": (25, 7),
        "disputes": (3, 5),
    }
    requests = FORM.tables["requests"]
    assert [requests.rows[i] for i in requests.row_groups["denied"]] == [row for row in requests.rows if row.startswith("denied.")]
    assert len(requests.row_groups["outcomes"]) == 21
    assert len(requests.column_groups["applicants"]) == 6
    assert FORM.tables["fees"].places == 6
    assert FORM.covers(2021)
    assert FORM.covers(2050)
    assert not FORM.covers(2020)


def test_groups_may_name_groups_before_them() -> None:
    table = made(row_groups={"first": ["x", "p.y"], "all": ["first", "p.y"]}, totals={"rows": ["x"], "columns": ["b"]}).tables["t"]
    assert table.row_groups["all"] == (0, 1, 1)
    assert table.is_total(0, 0)
    assert table.is_total(1, 1)
    assert not table.is_total(1, 0)


@pytest.mark.parametrize(
    ("table", "path"),
    [
        ({"section": "nothing"}, ("tables", "t", "section")),
        ({"row_groups": {"g": ["later"], "later": ["x"]}}, ("tables", "t", "row_groups", "g", 0)),
        ({"column_groups": {"g": ["a", "c"]}}, ("tables", "t", "column_groups", "g", 1)),
        ({"totals": {"columns": ["c"]}}, ("tables", "t", "totals", "columns", 0)),
        ({"cells": {"a": "count"}}, ("tables", "t", "cells")),
        ({"cells": {"all": "count", "c": "count"}}, ("tables", "t", "cells", "c")),
        ({"cells": {"all": "colour"}}, ("tables", "t", "cells")),
        ({"cells": {"all": {"amount": "万元", "plces": 2}}}, ("tables", "t", "cells")),
    ],
)
def test_what_contradicts_itself_is_told_where(table: dict[str, Any], path: tuple[Any, ...]) -> None:
    with pytest.raises(FormError) as raised:
        made(**table)
    assert raised.value.path == path


def test_cell_types() -> None:
    table = made(cells={"a": "number", "b": {"amount": "元", "places": 3, "low": -5}}).tables["t"]
    assert table.kinds[0].low is None
    assert (table.kinds[1].low, table.kinds[1].places, table.kinds[1].unit) == (-5, 3, "元")
    assert table.places == 3


@pytest.mark.parametrize(("text", "span"), [("2021-", (2021, None)), ("2019-2020", (2019, 2020)), ("2022", (2022, 2022))])
def test_years(text: str, span: tuple[int, int | None]) -> None:
    assert years_of(text) == span


@pytest.mark.parametrize(
    "change", [{"years": "soon"}, {"idd": 1}, {"tables": {}}, {"marks": {"-": "nought"}}, {"marks": {"-": {"over": 1}}}]
)
def test_what_no_form_file_can_be(change: dict[str, Any]) -> None:
    data = {"schema": "govreport-form/1", "id": "f/1", "years": "2021-", "tables": {}}
    if change == {"tables": {}}:
        data.pop("tables")
        change = {}
    with pytest.raises(ValidationError):
        FormFile.model_validate({**data, **change})


def test_marks() -> None:
    data = {
        "schema": "govreport-form/1",
        "id": "f/1",
        "years": "2021",
        "tables": {},
        "marks": {"－": "zero", " N／A ": "not_applicable", "<5": {"above": 0, "below": 5}},
    }
    marks = build_form(FormFile.model_validate(data)).marks
    assert marks == {"-": State.ZERO, "N/A": State.NOT_APPLICABLE, "<5": Between(0, 5)}


def test_heads_stand_over_columns_or_rows() -> None:
    heads = ["Plain", {"printed": "Both", "over": ["a", "b"]}, {"printed": "Group", "over": ["p"]}, {"printed": "One", "over": ["x"]}]
    table = made(heads=heads).tables["t"]
    assert table.heads_over == (("", 0, 0), ("columns", 0, 1), ("rows", 1, 2), ("rows", 0, 0))


@pytest.mark.parametrize("over", [["nobody"], ["a", "x"]])
def test_a_head_over_what_is_not_there_is_a_mistake(over: list[str]) -> None:
    with pytest.raises(FormError) as caught:
        made(heads=["Plain", {"printed": "Head", "over": over}])
    assert caught.value.path == ("tables", "t", "heads", 1, "over")
