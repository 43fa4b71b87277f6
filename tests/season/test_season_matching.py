"""Whose file is whose: exact names and aliases win, what is only near is told and nobody's."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from govreport_check.errors import SourceError
from govreport_check.model import Report
from govreport_check.roster import Unit
from govreport_check.season.matching import match, season_year
from govreport_check.season.model import AnomalyKind
from govreport_check.season.naming import Names, counties_of, paths_of
from govreport_check.season.taking import Taken

ENDINGS = (("", "人民政府", "人民政府办公室", "政府"), ("街道", "街道办事处"))
PLACES = ("县", "镇")


def unit(name: str, parent: str | None = None, *, file: Path | None = None, aliases: tuple[str, ...] = (), **about: str) -> Unit:
    return Unit(name, file, None, about, parent, None, aliases)


def taken(name: str, agency: str | None = None, year: int | None = 2024, content: str | None = None, **about: Any) -> Taken:
    report = Report(name, "cn-disclosure/2021", {"agency": agency, "year": year, **about})
    return Taken(Path(name), name, f"digest {name}", content or f"content {name}", report, "cn-disclosure")


UNITS = (
    unit("云岭县人民政府", level="county"),
    unit("云岭县教育局", "云岭县人民政府", aliases=("云岭县教育体育局",)),
    unit("云岭县水利局", "云岭县人民政府"),
    unit("云岭县白马镇人民政府", "云岭县人民政府"),
    unit("云岭县城关街道办事处", "云岭县人民政府"),
)
NAMES = Names(UNITS, ENDINGS, PLACES)


@pytest.mark.parametrize(
    ("stated", "meant"),
    [
        ("云岭县教育局", "云岭县教育局"),
        ("云岭县 教育局", "云岭县教育局"),
        ("云岭县教育体育局", "云岭县教育局"),
        ("云岭县", "云岭县人民政府"),
        ("云岭县人民政府办公室", "云岭县人民政府"),
        ("云岭县白马镇", "云岭县白马镇人民政府"),
        ("云岭县城关街道", "云岭县城关街道办事处"),
        ("云岭县教育厅", None),
        ("教育局", None),
        ("青山县教育局", None),
    ],
)
def test_what_a_name_means(stated: str, meant: str | None) -> None:
    assert NAMES.unit(stated) == meant


def test_an_ending_that_two_units_share_decides_nothing() -> None:
    both = (*UNITS, unit("云岭县人民政府办公室", "云岭县人民政府"))
    names = Names(both, ENDINGS, PLACES)
    assert names.unit("云岭县人民政府办公室") == "云岭县人民政府办公室"
    assert names.unit("云岭县") is None


@pytest.mark.parametrize(
    ("stated", "near"), [("云岭县教育厅", "云岭县教育局"), ("教育局", "云岭县教育局"), ("云岭县水利水电局", "云岭县水利局")]
)
def test_near_names_are_listed_and_never_taken(stated: str, near: str) -> None:
    found = match(UNITS, [taken("a.txt", stated)], NAMES, 2024)
    assert found.now == {}
    assert [(one.kind, one.units[0], one.files, one.said) for one in found.anomalies] == [(AnomalyKind.NAME_NEAR, near, ("a.txt",), stated)]
    assert [one.name for one in found.strays] == ["a.txt"]


def test_a_name_that_is_near_nobody_and_no_name_at_all() -> None:
    found = match(UNITS, [taken("a.txt", "海东省审计厅"), taken("b.txt", None)], NAMES, 2024)
    assert [(one.kind, one.files, one.said) for one in found.anomalies] == [
        (AnomalyKind.UNMATCHED_FILE, ("a.txt",), "海东省审计厅"),
        (AnomalyKind.UNMATCHED_FILE, ("b.txt",), None),
    ]


def test_who_signed_counts_where_the_title_names_nobody_of_the_roster() -> None:
    found = match(UNITS, [taken("a.txt", "本单位", signed_by="云岭县水利局")], NAMES, 2024)
    assert {name: one.name for name, one in found.now.items()} == {"云岭县水利局": "a.txt"}


def test_the_roster_names_the_file_whatever_it_says_and_another_units_name_is_told() -> None:
    units = (*UNITS[:2], unit("云岭县水利局", file=Path("a.txt")))
    found = match(units, [taken("a.txt", "云岭县教育局")], Names(units, ENDINGS, PLACES), 2024)
    assert {name: one.name for name, one in found.now.items()} == {"云岭县水利局": "a.txt"}
    assert [(one.kind, one.units) for one in found.anomalies] == [(AnomalyKind.NAME_NEAR, ("云岭县水利局", "云岭县教育局"))]


def test_one_content_in_two_formats_is_one_report_sent_twice() -> None:
    files = [taken("a.docx", "云岭县水利局", content="same"), taken("a.html", "云岭县水利局", content="same")]
    found = match(UNITS, files, NAMES, 2024)
    assert found.copies["云岭县水利局"] == ("a.html",)
    assert [(one.kind, one.files) for one in found.anomalies] == [(AnomalyKind.SAME_FILE, ("a.docx", "a.html"))]


def test_two_reports_of_one_unit_are_told() -> None:
    found = match(UNITS, [taken("a.docx", "云岭县水利局"), taken("b.docx", "云岭县水利局")], NAMES, 2024)
    assert [(one.kind, one.files) for one in found.anomalies] == [(AnomalyKind.TWO_FILES, ("a.docx", "b.docx"))]


def test_one_file_for_two_units_is_told() -> None:
    units = (unit("甲局", file=Path("a.txt")), unit("乙局", file=Path("b.txt")))
    files = [taken("a.txt", "甲局", content="same"), taken("b.txt", "甲局", content="same")]
    found = match(units, files, Names(units), 2024)
    assert (AnomalyKind.SAME_FILE, ("甲局", "乙局")) in [(one.kind, one.units) for one in found.anomalies]


def test_last_years_report_is_no_report_of_this_year_and_one_beside_it_is_an_archive() -> None:
    files = [taken("a23.txt", "云岭县水利局", 2023), taken("b24.txt", "云岭县教育局"), taken("b23.txt", "云岭县教育局", 2023)]
    beside = [taken("b20.txt", "云岭县教育局", 2020), taken("b25.txt", "云岭县教育局", 2025)]
    found = match(UNITS, [*files, *beside], NAMES, 2024)
    assert {name: one.name for name, one in found.now.items()} == {"云岭县教育局": "b24.txt"}
    assert {name: one.name for name, one in found.other.items()} == {"云岭县水利局": "a23.txt"}
    assert found.before["云岭县教育局"].name == "b23.txt"
    told = [(one.kind, one.units, one.year) for one in found.anomalies]
    assert sorted(told) == [(AnomalyKind.OTHER_YEAR, ("云岭县教育局",), 2025), (AnomalyKind.OTHER_YEAR, ("云岭县水利局",), 2023)]


def test_the_year_is_that_of_most_reports() -> None:
    assert season_year([taken("a", "x", 2023), taken("b", "x", 2024), taken("c", "x", 2024)]) == 2024
    assert season_year([taken("a", "x", 2023), taken("b", "x", 2024)]) == 2024
    assert season_year([taken("a", "x", None)]) is None


def of(year: int, title: int | None = None) -> dict[str, Any]:
    return {"year": title or year, "period_start": f"{year}-01-01", "period_end": f"{year}-12-31", "signed_on": f"{year + 1}-01-20"}


def test_a_larger_archive_of_last_year_is_not_taken_for_the_season() -> None:
    archive = [taken(f"{unit}23", unit, **of(2023)) for unit in "甲乙丙丁戊己"]
    assert season_year([*archive, taken("a", "甲", **of(2024)), taken("b", "乙", **of(2024))]) == 2024
    mistaken = [taken("a", "甲", **of(2023, title=2024)), taken("b", "乙", **of(2023, title=2024))]
    assert season_year([*archive, *mistaken]) == 2023


def test_a_report_whose_title_alone_has_another_year_is_this_years() -> None:
    found = match(UNITS, [taken("a.txt", "云岭县水利局", **of(2024, title=2023))], NAMES, 2024)
    assert ({name: one.name for name, one in found.now.items()}, found.before, found.anomalies) == ({"云岭县水利局": "a.txt"}, {}, ())
    last = taken("a.txt", "云岭县水利局", **{**of(2024, title=2023), "signed_on": "2024-01-20"})  # signed before that year's end
    assert match(UNITS, [last], NAMES, 2024).now == {}


def test_a_name_of_one_place_means_no_unit_of_another() -> None:
    units = (*UNITS, unit("青山县人民政府", level="county"), unit("青山县水利局"), unit("青山县财政局"), unit("云岭县财政局"))
    names = Names(units, ENDINGS, PLACES)
    assert names.near("青山县水务局") == ("青山县水利局",)
    assert names.near("海西省青山县水利局") == ("青山县水利局",)
    assert Names((*units, unit("海西省", level="province"), unit("海西省人民政府")), ENDINGS, PLACES).near("海西省青山县水务局") == (
        "青山县水利局",
    )
    assert names.near("财政局") == ("云岭县财政局", "青山县财政局")


def test_a_file_that_cannot_be_read_is_told_with_the_unit_that_its_name_has() -> None:
    files = [
        Taken(Path(name), name, "", unread=SourceError(name, "is empty", "文件是空的")) for name in ("云岭县教育局2024.docx", "1.docx")
    ]
    found = match(UNITS, files, NAMES, 2024)
    assert {name: one.name for name, one in found.now.items()} == {"云岭县教育局": "云岭县教育局2024.docx"}
    assert [one.name for one in found.strays] == ["1.docx"]
    assert [(one.units, one.said) for one in found.anomalies] == [(("云岭县教育局",), "文件是空的"), ((), "文件是空的")]


def test_superiors_from_the_top_down_and_the_county_of_each() -> None:
    units = (unit("市", level="prefecture"), unit("县", "市", level="county"), unit("局", "县", level="county"), unit("市局", "市"))
    assert paths_of(units)["局"] == ("市", "县")
    assert counties_of(units) == {"市": "市", "县": "县", "局": "县", "市局": "市"}


@pytest.mark.parametrize("name", ["云岭县教育局2023.docx", "云岭县教育局、云岭县水利局.docx", "教育局.docx"])
def test_a_broken_files_name_that_is_not_plain_gives_it_to_nobody(name: str) -> None:
    found = match(UNITS, [Taken(Path(name), name, "", unread=SourceError(name, "is empty", "文件是空的"))], NAMES, 2024)
    assert found.now == {} and len(found.strays) == 1


def test_a_broken_file_is_not_set_against_a_report_that_can_be_read() -> None:
    broken = Taken(Path("云岭县教育局.docx"), "云岭县教育局.docx", "", unread=SourceError("a", "is empty", "文件是空的"))
    found = match(UNITS, [broken, taken("b.txt", "云岭县教育局")], NAMES, 2024)
    assert (found.now["云岭县教育局"].name, [one.kind for one in found.anomalies]) == ("b.txt", [AnomalyKind.UNREAD_FILE])


def test_two_empty_files_are_not_one_report_sent_twice() -> None:
    units = (unit("甲局", file=Path("a.txt")), unit("乙局", file=Path("b.txt")))
    empty = hashlib.sha256(b"").hexdigest()
    files = [Taken(Path(name), name, empty, unread=SourceError(name, "is empty", "文件是空的")) for name in ("a.txt", "b.txt")]
    assert match(units, files, Names(units), 2024).anomalies == ()
