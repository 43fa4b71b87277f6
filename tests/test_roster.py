"""A roster says what reports do not, and every mistake in it is told by row and column, all at once."""

from __future__ import annotations

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
