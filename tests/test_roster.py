"""A roster says what reports do not, and every mistake in it is told by row and column, all at once."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from govreport_check.errors import PackError, UsageError
from govreport_check.roster import read_roster, unit_of

GOOD = "unit,level,kind,file,published_on\n云岭县人民政府,county,government,a.txt,2025-01-20\n云岭县教育局,county,department,b.txt,\n"


def roster(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "名册.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_facts_go_to_the_file_they_belong_to(tmp_path: Path, encoding: str) -> None:
    units = read_roster(roster(tmp_path, GOOD, encoding))
    unit = unit_of(units, tmp_path / "a.txt")
    assert unit is not None
    assert unit.name == "云岭县人民政府"
    assert unit.about == {"level": "county", "kind": "government", "published_on": "2025-01-20"}
    assert unit_of(units, tmp_path / "c.txt") is None


def test_every_mistake_is_told_with_its_place(tmp_path: Path) -> None:
    text = "unit,level,kind,file,published_on,colour\nx,village,government,a.txt,20 January,red\ny,county,club,a.txt,2025-01-20,\n"
    with pytest.raises(PackError) as caught:
        read_roster(roster(tmp_path, text))
    places = [(complaint.line, complaint.column) for complaint in caught.value.complaints]
    assert places == [(1, 6), (2, 2), (2, 5), (3, 3), (3, 4)]


def test_a_missing_column_or_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="the column file is missing"):
        read_roster(roster(tmp_path, "unit\nx\n"))
    with pytest.raises(UsageError):
        read_roster(tmp_path / "nowhere.csv")


def mistakes(path: Path, **how: object) -> list[tuple[int, int]]:
    with pytest.raises(PackError) as caught:
        read_roster(path, whole=True, needs=("unit",), **how)  # type: ignore[arg-type]
    return [(complaint.line, complaint.column) for complaint in caught.value.complaints]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("unit,parent\n甲,乙\n乙,\n丙,丁\n", [(4, 2)]),
        ("unit,parent\n甲,乙\n乙,甲\n", [(2, 2), (3, 2)]),
        ("unit,parent\n甲,甲\n", [(2, 2)]),
        ("unit\n甲\n乙\n 甲\n", [(4, 1)]),
        ("unit,aliases\n甲,丙；乙\n乙,\n", [(3, 1)]),
        ("unit,level\n甲,区县\n乙,县级\n丙,county\n", [(2, 2)]),
        ("unit,kind\n甲,局\n乙,部门\n", [(2, 2)]),
        ("unit,published_on\n甲,2025年1月31日\n乙,2025/1/31\n丙,2025-02-30\n丁,去年\n戊,2025-01-31\n", [(2, 2), (3, 2), (4, 2), (5, 2)]),
        ("unit,file\n甲,nowhere.txt\n", [(2, 2)]),
        ("unit\n甲,乙\n", [(2, 2)]),
        ("unit,unit\n甲,乙\n", [(1, 2)]),
        ("name\n甲\n", [(1, 1), (1, 1)]),
        ("unit\n", [(1, 1)]),
        ("unit,level\n,county\n甲,county\n", [(2, 1)]),
        ('unit,level\n"甲\n局",county\n乙,区县\n', [(4, 2)]),
    ],
)
def test_each_mistake_has_its_row_and_column(text: str, places: list[tuple[int, int]], tmp_path: Path) -> None:
    assert mistakes(roster(tmp_path, text)) == places


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text = "unit,level,kind,parent,published_on,file,colour\n甲,区县,局,丁,2025年1月31日,x.txt,red\n甲,county,,,,,\n"
    assert mistakes(roster(tmp_path, text)) == [(1, 7), (2, 2), (2, 3), (2, 4), (2, 5), (2, 6), (3, 1)]


def test_the_right_spelling_of_a_day_is_named(tmp_path: Path) -> None:
    for written in ("2025年1月31日", "2025/1/31", "2025.1.31", "２０２５-1-31"):
        with pytest.raises(PackError, match="2025-01-31"):
            read_roster(roster(tmp_path, f"unit,published_on\n甲,{written}\n"), needs=("unit",))


def test_mistakes_are_told_in_chinese_too(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="上级“云岭县教肓局”不在名册中，是否为“云岭县教育局”？"):
        read_roster(roster(tmp_path, "unit,parent\n云岭县教育局,\n甲,云岭县教肓局\n"), needs=("unit",), whole=True, lang="zh")


def test_an_encoding_that_is_none_is_told_with_its_row_and_column(tmp_path: Path) -> None:
    path = tmp_path / "名册.csv"
    path.write_bytes("unit,level\n甲,county\n乙,".encode() + b"\xff\xff\n")
    with pytest.raises(UsageError, match="row 3, column 2"):
        read_roster(path, needs=("unit",))


def test_chinese_heads_and_values_and_aliases(tmp_path: Path) -> None:
    text = "单位名称,层级,单位类型,上级单位,发布日期,别名,网址\n云岭县教育局,县级,部门,,2025-01-20,县教育局；教体局,https://example.org/a.html\n"
    unit = read_roster(roster(tmp_path, text), needs=("unit",), whole=True)[0]
    assert (unit.about, unit.aliases) == ({"level": "county", "kind": "department", "published_on": "2025-01-20"}, ("县教育局", "教体局"))
    assert unit.address == "https://example.org/a.html"


def workbook(folder: Path, rows: list[list[object]]) -> Path:
    import openpyxl

    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(folder / "名册.xlsx")
    return folder / "名册.xlsx"


def test_a_workbook_is_read_and_its_dates_are_right(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["unit", "level", "published_on"],
        ["甲局", "county", datetime(2025, 1, 31)],
        [2025, "county", date(2025, 2, 1)],
    ]
    units = read_roster(workbook(tmp_path, rows), needs=("unit",), whole=True)
    assert [(unit.name, unit.about["published_on"]) for unit in units] == [("甲局", "2025-01-31"), ("2025", "2025-02-01")]


def test_mistakes_in_a_workbook_have_the_rows_that_people_see(tmp_path: Path) -> None:
    rows: list[list[object]] = [["unit", "level"], [None, None], ["甲局", "区县"], ["乙局", "county"], ["乙局", "county"]]
    assert mistakes(workbook(tmp_path, rows)) == [(3, 2), (5, 1)]


def test_a_workbook_that_is_none_is_told(tmp_path: Path) -> None:
    path = tmp_path / "名册.xlsx"
    path.write_bytes(b"PK\x03\x04 nothing of the kind")
    with pytest.raises(UsageError, match="cannot be opened"):
        read_roster(path, needs=("unit",))


def test_columns_that_rosters_have_besides_do_no_harm_and_the_others_are_told_in_chinese(tmp_path: Path) -> None:
    text = "序号,单位名称,范围,备注,联系人\n1,甲局,已列全,补报,张\n2,乙局,complete,,\n"
    assert [(unit.name, unit.about) for unit in read_roster(roster(tmp_path, text), needs=("unit",))] == [
        ("甲局", {"scope": "complete"}),
        ("乙局", {"scope": "complete"}),
    ]
    with pytest.raises(PackError, match="“单位名称”") as caught:
        read_roster(roster(tmp_path, "名称,范围\n甲局,全部\n"), needs=("unit",), lang="zh")
    assert [(one.line, one.column) for one in caught.value.complaints] == [(1, 1), (1, 1), (2, 2)]
