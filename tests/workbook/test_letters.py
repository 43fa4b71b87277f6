"""Letters from a workbook alone, by the command that people use."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import date, datetime
from pathlib import Path

import docx
import pytest
from filled import Entry, filled
from seasons import finding, line, season

from govreport_check.cli import main
from govreport_check.findings import Severity
from govreport_check.renderers.letter import Letterhead
from govreport_check.renderers.sheets.round import Again, Round
from govreport_check.renderers.sheets.season import season_workbook
from govreport_check.season.model import Season
from govreport_check.workbook import Letters, letters_of, next_round, read_workbook

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported.*")

UNIT = "甲县民政局"


def made(path: Path, first: Season | None = None, **entries: dict[int, Entry]) -> Path:
    return filled(season_workbook(first or season()), path / "总表.xlsx", **entries)  # type: ignore[arg-type]


def letters(path: Path, first: Season | None = None, head: Letterhead | None = None, **entries: dict[int, Entry]) -> Letters:
    return letters_of(read_workbook(made(path, first, **entries)), head)


def test_a_letter_holds_what_was_adopted_and_nothing_else(tmp_path: Path) -> None:
    found = letters(tmp_path, problems={1: {"审核意见": "采纳", "备注": "再核"}, 2: {"审核意见": "不采纳"}})
    (one,) = found.written
    assert (one.unit, one.asked) == (UNIT, 1)
    assert len(one.letter.correct) == 1 and one.letter.correct[0].startswith("表三第1行") and "再核" in one.letter.correct[0]
    assert one.letter.verify == () and "附件 表三" in one.letter.law
    assert found.open == (("乙县教育局", 1),)


def test_a_reading_of_the_prose_is_to_be_verified(tmp_path: Path) -> None:
    (one,) = letters(tmp_path, problems={3: {"审核意见": "采纳"}}).written
    assert one.letter.correct == () and len(one.letter.verify) == 1


def test_what_is_only_likely_is_to_be_verified(tmp_path: Path) -> None:
    likely = finding(1).model_copy(update={"confidence": "likely"})
    (one,) = letters(tmp_path, season([line(1, UNIT, "甲县", [likely])]), problems={1: {"审核意见": "采纳"}}).written
    assert one.letter.correct == () and len(one.letter.verify) == 1


def test_what_could_not_be_read_is_asked_for_in_the_words_of_the_workbook(tmp_path: Path) -> None:
    unread = finding(1, severity=Severity.WARNING).model_copy(update={"outcome": "undecided", "reason": "表三第1行未能识别"})
    (one,) = letters(tmp_path, season([line(1, UNIT, "甲县", [unread])]), problems={1: {"审核意见": "采纳"}}).written
    assert len(one.letter.verify) == 1 and one.letter.verify[0].startswith("表三第1行未能识别")


def test_a_units_decision_and_day_hold_where_a_finding_has_none(tmp_path: Path) -> None:
    units = {1: {"审核意见": "采纳", "整改期限": datetime(2025, 3, 15)}}
    (one,) = letters(tmp_path, problems={1: {"审核意见": "不采纳"}, 2: {"整改期限": "2025-03-20"}}, units=units).written
    assert len(one.letter.correct) == 1 and "3月15日" in one.letter.opening
    assert "2025年3月20日" in one.letter.correct[0]


def test_the_earliest_day_of_its_findings_is_the_letters(tmp_path: Path) -> None:
    problems = {1: {"审核意见": "采纳", "整改期限": "2025-04-01"}, 2: {"审核意见": "采纳", "整改期限": "2025-03-20"}}
    (one,) = letters(tmp_path, problems=problems, head=Letterhead(due=date(2025, 1, 1))).written
    assert "3月20日" in one.letter.opening


def test_a_sentence_that_the_reviewer_reworded_is_sent_as_reworded(tmp_path: Path) -> None:
    (one,) = letters(tmp_path, problems={1: {"审核意见": "采纳", "问题": "请核对表三。"}}).written
    assert one.letter.correct == ("请核对表三。",)


def test_what_is_mended_is_in_no_letter(tmp_path: Path) -> None:
    kept = read_workbook(made(tmp_path, problems={1: {"审核意见": "采纳"}, 2: {"审核意见": "采纳"}}))
    now = season([line(1, UNIT, "甲县", [finding(2)])])
    path = tmp_path / "2.xlsx"
    path.write_bytes(season_workbook(now, next_round(now, kept).round))
    (one,) = letters_of(read_workbook(path)).written
    assert [text[:5] for text in one.letter.correct] == ["表三第2行"]


def test_files_have_names_that_every_system_allows(tmp_path: Path) -> None:
    names = ["../../x:y*?", "甲" * 200, "CON/\x1b[31m", "A局", "a局"]
    units = [line(at, name, "甲县", [finding(at)]) for at, name in enumerate(names, 1)]
    entries = {"units": {at: {"审核意见": "采纳"} for at in range(1, 6)}}
    stems = [one.stem for one in letters(tmp_path, season(units), **entries).written]
    assert len({stem.casefold() for stem in stems}) == 5
    assert all(re.fullmatch(r'[^\x00-\x1f<>:"/\\|?*]{1,70}', stem) and not stem.startswith(".") for stem in stems)


def test_the_command_writes_word_files_and_says_what_is_open(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = made(tmp_path, problems={1: {"审核意见": "采纳"}})
    code = main(
        ["letter", str(path), "-o", str(tmp_path / "out"), "--format", "docx", "--format", "md", "--letter", "sender=某市政府办公室"]
    )
    printed = capsys.readouterr()
    assert code == 0 and sorted(file.name for file in (tmp_path / "out").iterdir()) == [f"{UNIT}.docx", f"{UNIT}.md"]
    text = "\n".join(one.text for one in docx.Document(str(tmp_path / "out" / f"{UNIT}.docx")).paragraphs)
    assert "表三第1行" in text and "某市政府办公室" in text
    assert f"{UNIT}：1处" in printed.err and "乙县教育局：1处" in printed.err


def test_the_command_ends_with_1_where_something_was_not_understood(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = made(tmp_path, problems={1: {"审核意见": "同意"}})
    assert main(["letter", str(path)]) == 1
    assert "2 问题明细!M2" in capsys.readouterr().err
    assert main(["letter", str(tmp_path / "none.xlsx")]) == 2
    assert not (tmp_path / "总表-letters").exists()


@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice (soffice) on the path")
def test_decisions_survive_libreoffice(tmp_path: Path) -> None:
    """Saved again as xlsx by LibreOffice, the workbook says the same: dates as dates, keys hidden and whole."""
    problems: dict[int, Entry] = {
        1: {"审核意见": "采纳", "备注": "再核", "整改期限": datetime(2025, 3, 15)},
        2: {"审核意见": "同意", "整改期限": "2025年3月20日"},
    }
    first = season([line(1, UNIT, "甲县", [finding(1), finding(2), finding(int("12345678", 16))])])
    again = Round(again={(UNIT, f"{2:016x}"): Again.OPEN}, strays=())
    path = filled(season_workbook(first, again), tmp_path / "a.xlsx", problems=problems, units={1: {"备注": "催", "整改期限": 45731}})
    out = tmp_path / "out"
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    before, after = read_workbook(path), read_workbook(out / "a.xlsx")
    assert (after.findings, after.units, after.strays, after.remarks) == (before.findings, before.units, before.strays, before.remarks)
    assert before.units[UNIT].until == date(2025, 3, 15) and before.findings[0][1].adopted
