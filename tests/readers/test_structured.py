"""Structured reports in, and out again."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reader_reports import FORM, ROOT, YUNLING, rules_of

from govreport_check.errors import SourceError
from govreport_check.model import Label, Place, Remark, Repeated, Report
from govreport_check.readers import fits, load_source, recognise, to_json

HEAD = '{"schema": "govreport-report/1", "form": "cn-disclosure/2021",\n'


def read(source: Any) -> Report:
    return recognise(load_source(source, name="r.json"), FORM)


def bare(report: Report) -> Report:
    """The report without its places."""
    places = Place()
    tables = {
        table: {
            row: cells
            if isinstance(cells, str)
            else {column: Repeated(raw.values) if isinstance(raw, Repeated) else raw for column, raw in cells.items()}
            for row, cells in rows.items()
        }
        for table, rows in (report.tables or {}).items()
    }
    return replace(
        report,
        source="",
        places={},
        tables=None if report.tables is None else tables,
        sections=None
        if report.sections is None
        else {name: replace(section, place=places, spots=()) for name, section in report.sections.items()},
        labels=None if report.labels is None else tuple(Label(label.at, label.printed) for label in report.labels),
        remarks=tuple(Remark(remark.rule, remark.at, places, dict(remark.said)) for remark in report.remarks),
    )


def test_cells_are_exact_and_know_their_line() -> None:
    report = read(HEAD + '"tables": {"fees": {"administrative":\n {"amount": 1935.87208}}}}')
    assert (report.tables or {})["fees"]["administrative"]["amount"] == Decimal("1935.87208")
    assert report.place_of("fees[administrative, amount]").line == 3


def test_parts_that_were_not_handed_in_are_unknown_and_empty_ones_are_not() -> None:
    assert read(HEAD + '"about": {"year": 2022}}').sections is None
    report = read(HEAD + '"tables": {}, "sections": {}, "labels": []}')
    assert (report.tables, report.sections, report.labels) == ({}, {}, ())


def test_yaml_is_the_same() -> None:
    report = read(
        "schema: govreport-report/1\nform: cn-disclosure/2021\nabout: {partial: true, signed_on: 2023-01-13}\n"
        "tables:\n  fees:\n    administrative: {amount: 0.10}\n"
    )
    assert report.partial
    assert report.about == {"signed_on": "2023-01-13"}
    assert str((report.tables or {})["fees"]["administrative"]["amount"]) == "0.10"
    assert report.place_of("fees[administrative, amount]").line == 6


def test_unknown_keys_and_wrong_types_are_all_told_with_their_lines() -> None:
    text = (
        HEAD + '"tables": {"requests": {"granted": {"natural": 3,\n"total": true}, "grated": {"total": 1}}, "tabel": {}},\n'
        '"abuot": {}, "sections": {"overview": {"text": 5}}}'
    )
    report = read(text)
    told = {(remark.rule, remark.at, remark.place.line) for remark in report.remarks}
    assert told == {
        ("unknown-key", "tables.requests.granted.natural", 2),
        ("wrong-type", "tables.requests.granted.total", 3),
        ("unknown-key", "tables.requests.grated", 3),
        ("unknown-key", "tables.tabel", 3),
        ("unknown-key", "abuot", 4),
        ("wrong-type", "sections.overview.text", 4),
    }
    assert (report.tables or {})["requests"] == {"granted": {"total": "?"}}


def test_what_stands_twice_is_kept_twice() -> None:
    report = read(
        HEAD + '"tables": {"decisions": {"penalty": {"handled": 1, "handled": 2}, "coercion": {"handled": 3}, "coercion": {"handled": 3}}}}'
    )
    decisions = (report.tables or {})["decisions"]
    assert isinstance(decisions["penalty"]["handled"], Repeated)
    assert decisions["penalty"]["handled"].values == (1, 2)
    assert isinstance(decisions["coercion"]["handled"], Repeated)
    assert rules_of(report) == [("doubled-row", "decisions.penalty"), ("doubled-row", "decisions.coercion")]


def test_a_string_in_place_of_a_row_is_a_run_and_stays_one() -> None:
    report = read(
        HEAD + '"tables": {"requests": {"granted": "270020130",\n"partially_granted": "500000 5", "other": "2000002"},\n'
        '"disputes": {"*": "10203120001200000"}}}'
    )
    assert report.tables == {
        "requests": {"granted": "270020130", "partially_granted": "500000 5", "other": "2000002"},
        "disputes": {"*": "10203120001200000"},
    }
    assert rules_of(report) == []
    assert report.place_of("requests.partially_granted").line == report.place_of("requests[partially_granted, total]").line == 3
    place = report.place_of("disputes[litigation_after_review, total]")
    assert (place.line, place.row, place.column) == (4, 3, 5)
    assert '"partially_granted": "500000 5"' in to_json(report)
    assert bare(read(to_json(report))) == bare(report)


def test_rows_printed_as_one_are_read_under_their_head() -> None:
    report = read(HEAD + '"tables": {"requests": {"other": {"natural_person": 4, "total": 4}}}}')
    assert report.tables == {"requests": {"other": {"natural_person": 4, "total": 4}}}
    assert rules_of(report) == []
    assert report.place_of("requests[other, total]").row == FORM.tables["requests"].rows.index("other.no_correction") + 1


@pytest.mark.parametrize("value", ["7", "true", "[]", "null"])
def test_what_is_neither_a_row_nor_a_run_is_a_wrong_type(value: str) -> None:
    assert rules_of(read(HEAD + f'"tables": {{"requests": {{"granted": {value}}}}}}}')) == [("wrong-type", "tables.requests.granted")]
    assert rules_of(read(HEAD + f'"tables": {{"requests": {{"*": {value}}}}}}}')) == [("wrong-type", "tables.requests.*")]


def test_a_run_that_stands_twice_is_told() -> None:
    same = read(HEAD + '"tables": {"requests": {"granted": "1000001", "granted": "1000001"}}}')
    assert same.tables == {"requests": {"granted": "1000001"}}
    other = read(HEAD + '"tables": {"requests": {"granted": "1000001", "granted": {"total": 1}}}}')
    assert set((other.tables or {})["requests"]["granted"].values()) == {"?"}  # type: ignore[union-attr]
    assert rules_of(same) == rules_of(other) == [("doubled-row", "requests.granted")]


def test_a_section_that_stands_twice_is_counted() -> None:
    report = read(
        HEAD + '"sections": {"overview": {"heading": "一、总体情况", "text": "甲"}, "overview": {"heading": null, "text": "乙"}}}'
    )
    assert (report.sections or {})["overview"].copies == 2


@pytest.mark.parametrize(
    ("value", "raw"),
    [
        (0.1, Decimal("0.1")),
        (float("nan"), "nan"),
        (float("inf"), "infinity"),
        (Decimal("1.50"), Decimal("1.50")),
        (10**40, 10**40),
        (True, "?"),
        ([1], "?"),
        (Fraction(1, 2), Decimal("0.5")),
        ("１２", "１２"),
        (None, None),
    ],
)
def test_values_of_a_program(value: object, raw: object) -> None:
    report = read({"tables": {"fees": {"administrative": {"amount": value}}}})
    assert (report.tables or {})["fees"]["administrative"]["amount"] == raw
    assert (("wrong-type", "tables.fees.administrative.amount") in rules_of(report)) == (raw == "?")


@pytest.mark.parametrize("source", ["[1]\n", HEAD.replace("report/1", "rule/1") + '"id": 1}', '{\n"a": 1}'])
def test_what_is_no_report_is_refused(source: str) -> None:
    with pytest.raises(SourceError):
        read(source)


def test_fits_goes_by_the_form_that_is_named() -> None:
    assert fits(load_source(HEAD + '"tables": {}}'), FORM) == 1.0
    assert fits(load_source({"form": "us-foia/2015"}), FORM) == 0.0


DAMAGED = YUNLING.replace("本年废止件数", "本年度止件数").replace("五、存在的主要问题及改进情况\n", "").replace("行政强制\t", "行政强制\t9")


@pytest.mark.parametrize(
    "text", [YUNLING, DAMAGED, YUNLING.replace("2.重复申请\t", "2.重复申请\t1\t"), YUNLING.replace("行政许可\t", "行政许可\t7\n行政许可\t")]
)
def test_what_was_written_is_read_back(text: str) -> None:
    report = read(text)
    assert bare(read(to_json(report))) == bare(report)


def test_the_example_is_written_as_any_json_reader_expects() -> None:
    written = json.loads(to_json(read((ROOT / "docs" / "examples" / "yunling-2024.json").read_text(encoding="utf-8"))))
    assert written["schema"] == "govreport-report/1"
    assert "reading" not in written
    assert sum(len(cells) for rows in written["tables"].values() for cells in rows.values()) == FORM.cell_count


def test_only_a_plain_number_is_written_as_one() -> None:
    cells = {"natural_person": "１２", "commercial": "1,234", "research": None, "other": 12, "total": Decimal("0.50")}
    text = to_json(Report("r", FORM.id, tables={"requests": {"granted": cells}}))
    assert '{"natural_person": "１２", "commercial": "1,234", "research": null, "other": 12, "total": 0.50}' in text


RAWS = st.none() | st.integers(-(10**30), 10**30) | st.decimals(allow_nan=False, allow_infinity=False) | st.text(max_size=8)


@settings(max_examples=50, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(FORM.tables["requests"].columns),
        RAWS | st.lists(RAWS, min_size=2, max_size=3).map(lambda raws: Repeated(tuple(raws))),
    )
)
def test_any_row_is_read_back(cells: dict[str, Any]) -> None:
    back = bare(read(to_json(Report("r", FORM.id, tables={"requests": {"granted": cells}}))))
    assert {column: _exactly(raw) for column, raw in (back.tables or {})["requests"]["granted"].items()} == {
        column: _exactly(raw) for column, raw in cells.items()
    }


def _exactly(raw: Any) -> object:
    return (
        [_exactly(value) for value in raw.values]
        if isinstance(raw, Repeated)
        else str(raw)
        if isinstance(raw, Decimal) and raw != int(raw)
        else raw
    )


@settings(max_examples=60, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "about",
                        "sections",
                        "tables",
                        "labels",
                        "notes",
                        "entities",
                        "reading",
                        "requests",
                        "granted",
                        "total",
                        "overview",
                        "text",
                        "at",
                        "finding",
                    ]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=20,
    )
)
def test_no_data_makes_it_raise_anything_else(value: object) -> None:
    try:
        report = read({"tables": {}, "reading": value, "sections": value, "labels": value, **(value if isinstance(value, dict) else {})})
    except SourceError:
        return
    to_json(report)


@pytest.mark.shared
@pytest.mark.parametrize("name", ["zhongyang_2022", "suqian_2023", "shuyang_2025", "shanghai_gao_2025", "huaian_2025_partial"])
def test_published_figures_have_the_shape(shared: Path, name: str) -> None:
    assert rules_of(recognise(load_source(shared / "cn" / "figures" / f"{name}.json"), FORM)) == []
