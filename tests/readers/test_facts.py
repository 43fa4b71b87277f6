"""What the prose states: facts, claims and dates."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reader_reports import FORM

from govreport_check.form_file import AboutSpec, ClaimSpec, DatesSpec
from govreport_check.model import Place, Report, Section
from govreport_check.readers import claims_of, dates_of
from govreport_check.readers.dates import iso, read_date
from govreport_check.readers.facts import about_of, fold


def report(**texts: str) -> Report:
    return Report("r", FORM.id, sections={name: Section(None, text, spots=((0, Place(line=7)),)) for name, text in texts.items()})


def claims(text: str, **spec: object) -> list[tuple[str, object]]:
    form = replace(FORM, claims={"c": ClaimSpec.model_validate({"in": "any", **spec})})
    return [(claim.text, claim.value.value) for claim in claims_of(report(overview=text), form)]


def mentions(text: str, unless: list[str] | None = None) -> list[tuple[int | None, int | None, int | None]]:
    form = replace(FORM, dates={"d": DatesSpec.model_validate({"in": "any", "unless": unless or []})})
    return [(found.year, found.month, found.day) for found in dates_of(report(overview=text), form)]


RECEIVED = r"收到[^，。；：]{0,20}申请[^，。；：]{0,6}{number}\s*件"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("共收到依申请公开申请 123 件。", 123),
        ("收到申请1,234件", 1234),
        ("收到申请１２件", 12),
        ("收到申请十二件", 12),
        ("收到申请三百零五件", 305),
        ("收到申请数为两件", 2),
        ("收到申请总计20余件", 20),
        ("收到申请约20件", 20),
        ("收到申请1.2万件", 12000),
    ],
)
def test_a_figure_is_read_whole_however_it_is_written(text: str, value: int) -> None:
    assert [found for _, found in claims(text, reads=[RECEIVED])] == [value]


def test_every_match_is_a_claim_and_stays_in_its_clause() -> None:
    assert claims("收到申请3件，收到申请4件。收到甲，申请5件。", reads=["收到.*?申请{number}件"]) == [
        ("收到申请3件", 3),
        ("收到申请4件", 4),
    ]
    assert claims("收到甲，申请5件。", reads=["收到.*?申请{number}件"], span="sentence") == [("收到甲，申请5件", 5)]


def test_unless_turns_a_match_away() -> None:
    assert claims("收到申请（含上年结转）9件。收到申请3件", reads=[RECEIVED.replace("{0,6}", "{0,9}")], unless=["含上年"]) == [
        ("收到申请3件", 3)
    ]


def test_says_has_a_fixed_value() -> None:
    assert claims("全年没有发生行政复议。", says=["没有[^，。；：]{0,20}行政复议"], value=0) == [("没有发生行政复议", 0)]


def test_captures_are_figures() -> None:
    form = replace(FORM, claims={"c": ClaimSpec.model_validate({"span": "sentence", "reads": ["{count}件，占{percent}%"]})})
    (claim,) = claims_of(report(overview="公开208件，占17.46%。"), form)
    assert {name: str(figure.value) for name, figure in claim.captures.items()} == {"count": "208", "percent": "17.46"}
    assert (claim.section, claim.place.line) == ("overview", 7)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2022年3月5日", (2022, 3, 5)),
        ("２０２２ 年 ３ 月 ５ 日", (2022, 3, 5)),
        ("2022年3月", (2022, 3, None)),
        ("2022年度", (2022, None, None)),
        ("3月5日", (None, 3, 5)),
        ("2022-03-05", (2022, 3, 5)),
        ("2022.3.5", (2022, 3, 5)),
        ("二〇二二年三月五日", (2022, 3, 5)),
        ("二○二二年十二月三十一日", (2022, 12, 31)),
        ("2022年2月30日", (2022, 2, 30)),
        ("2022年13月1日", (2022, 13, 1)),
    ],
)
def test_dates_as_they_are_written(text: str, found: tuple[int | None, ...]) -> None:
    assert mentions(f"自{text}起施行") == [found]
    assert mentions(text) == [found]


def test_years_of_titles_and_numbers_are_no_mentions() -> None:
    assert mentions("按照《2021年工作要点》（国办发〔2020〕17号）的要求，2022年", ["《[^》]*》", "〔[^〕]*〕"]) == [(2022, None, None)]


def test_a_year_said_once_holds_for_the_second_date() -> None:
    about, places = about_of(report(preamble="统计期限为2025年1月1日至12月31日。"), FORM)
    assert (about["period_start"], about["period_end"]) == ("2025-01-01", "2025-12-31")
    assert places["about.period_end"].line == 7


def test_an_impossible_date_is_kept() -> None:
    assert about_of(report(signature="某办\n2023年2月30日"), FORM)[0]["signed_on"] == "2023-02-30"


def test_what_is_not_stated_is_not_there() -> None:
    assert about_of(report(preamble="本报告根据条例编制。"), FORM)[0] == {}


def test_a_fact_is_not_taken_from_where_it_is_turned_away() -> None:
    form = replace(
        FORM,
        about={
            "year": AboutSpec.model_validate({"type": "number", "in": "title", "reads": ["(?P<year>[0-9]{4})年"], "unless": ["《[^》]*》"]})
        },
    )
    assert about_of(report(title="《2021年要点》2022年报告"), form)[0] == {"year": 2022}


def test_read_date_and_iso() -> None:
    assert iso(*read_date("2022年2月30日")) == "2022-02-30"
    assert iso(2023, 1, None) == "2023-01"


@given(st.text(alphabet="2022 年　１3月,a。中\n", max_size=40))
def test_folding_keeps_the_way_back(text: str) -> None:
    folded = fold(text)
    for offset, char in enumerate(folded.text):
        assert char in (text[folded.origin(offset)], chr(max(0, ord(text[folded.origin(offset)]) - 0xFEE0)))
