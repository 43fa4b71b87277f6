"""``govreport season check`` from the command line: what it writes, its exit codes, and that nothing hostile gets through."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import openpyxl
import pytest
from made_county import County, make_county

from govreport_check.cli import main

CLEAN = ("云岭县教育局", "云岭县财政局")


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> County:
    return make_county(tmp_path_factory.mktemp("county"), formats=("txt",))


def roster(folder: Path, text: str) -> Path:
    path = folder / "roster.csv"
    path.write_text(text, encoding="utf-8")
    return path


def season(*arguments: object) -> int:
    return main(["season", "check", "--pack", "cn-disclosure", "--lang", "zh", *map(str, arguments)])


def test_one_command_writes_the_workbook_the_tables_and_the_sums(
    county: County, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    book, tables, sums, page = tmp_path / "总表.xlsx", tmp_path / "csv", tmp_path / "sums", tmp_path / "all.json"
    outputs = ["-o", book, "-o", f"{tables}/", "-o", f"json={page}", "--sums", sums]
    assert season("--roster", county.roster, county.folder, *outputs) == 1
    out = capsys.readouterr().out
    assert "应报60家，收到56家，未报3家，只有其他年度报告1家" in out.replace("\n", "")  # wherever the terminal breaks it
    assert [unit for unit in county.faults if unit not in out] == []
    assert len(openpyxl.load_workbook(book).worksheets) == 5
    rows = list(csv.reader((tables / "1-units.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert len(rows) == 61
    assert len(json.loads(page.read_text(encoding="utf-8"))["reports"]) == 56
    written = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in sums.iterdir()}
    assert [one["about"]["agency"] for _, one in sorted(written.items())] == [
        "云岭县人民政府",
        "云岭县经济开发区管理委员会",
        "云岭县卫生健康委员会",
    ]


def test_a_roster_whose_units_all_reported_well_ends_with_0(county: County, tmp_path: Path) -> None:
    rows = [f"{unit},{county.files[unit]},2025-01-20" for unit in CLEAN]
    path = roster(tmp_path, "\n".join(["unit,file,published_on", *rows]) + "\n")
    assert season("--roster", path, *(county.files[unit] for unit in CLEAN)) == 0


def test_due_overrides_what_the_pack_says(county: County, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = roster(tmp_path, f"unit,published_on\n{CLEAN[0]},2025-01-20\n")
    assert season("--roster", path, county.files[CLEAN[0]], "--due", "2025-01-15") == 1
    assert "逾期5日" in capsys.readouterr().out


def test_every_mistake_of_a_roster_is_told_and_nothing_is_checked(
    county: County, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "unit,level,parent,published_on,file\n甲局,区县,乙委,2025年1月31日,\n甲局,county,,2025/2/30,nowhere.txt\n"
    assert season("--roster", roster(tmp_path, text), county.folder) == 2
    said = capsys.readouterr().err
    assert [place for place in ("2:2", "2:3", "2:4", "3:1", "3:4", "3:5") if f"roster.csv:{place}:" not in said] == []
    assert "应写作2025-01-31" in said


def test_nothing_that_can_be_read_ends_with_3(tmp_path: Path) -> None:
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "a.txt").write_text("今天天气很好。\n", encoding="utf-8")
    assert season("--roster", roster(tmp_path, "unit\n甲局\n"), tmp_path / "reports") == 3


def test_an_empty_folder_says_who_did_not_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "reports").mkdir()
    assert season("--roster", roster(tmp_path, "unit\n甲局\n"), tmp_path / "reports") == 3
    assert "未报1家" in capsys.readouterr().out


@pytest.mark.parametrize("target", ["总表.pdf", "xlsx=a.xlsx", "nonsense=a.txt"])
def test_an_output_that_is_none_is_told_before_anything_is_read(target: str, tmp_path: Path) -> None:
    assert season("--roster", roster(tmp_path, "unit\n甲局\n"), tmp_path, "-o", target) == 2


def test_what_the_command_wrote_is_not_read_as_a_report(county: County, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    unit = CLEAN[0]
    (folder / "a.txt").write_bytes(county.files[unit].read_bytes())
    path = roster(folder, f"unit,published_on\n{unit},2025-01-20\n")
    outputs = ("-o", folder / "总表.xlsx", "-o", f"{folder / 'csv'}/")
    assert season("--roster", path, folder, *outputs) == 0
    capsys.readouterr()
    assert season("--roster", path, folder, *outputs) == 0


def test_hostile_names_are_inert_on_the_terminal_and_in_the_workbook(
    county: County, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "=cmd()\x1b[31m<script>\u202e局"
    book = tmp_path / "a.xlsx"
    assert season("--roster", roster(tmp_path, f"unit\n{name}\n{CLEAN[0]}\n"), county.files[CLEAN[0]], "-o", book) == 1
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\u202e" not in out
    cells = [cell for sheet in openpyxl.load_workbook(book).worksheets for row in sheet.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f" and "cmd" in str(cell.value)] == []
