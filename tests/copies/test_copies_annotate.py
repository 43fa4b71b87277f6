"""``check --annotate``: copies where they are wanted, never over a report, and a plain word where there can be none."""

from __future__ import annotations

import io
import shutil
import sys
from pathlib import Path

import pytest
from copied import book_report, comments_of, parts_of, with_parts, word_report

from govreport_check.cli import main
from govreport_check.copies import caveats, kind_of
from govreport_check.errors import UsageError


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reports")
    for year in ("2023", "2024"):
        (folder / year).mkdir()
        (folder / year / "年报.docx").write_bytes(word_report())
    (folder / "年报.xlsx").write_bytes(book_report())
    return folder


@pytest.fixture(autouse=True)
def desk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.excepthook", sys.excepthook)
    monkeypatch.setenv("GOVREPORT_LANG", "zh")


def test_one_report_into_a_file(reports: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "批注.docx"
    assert main(["check", str(reports / "2024" / "年报.docx"), "--annotate", str(out), "-q"]) == 1
    assert comments_of(out.read_bytes())[0].lines[0].startswith("【错误】")
    assert capsys.readouterr().err == ""
    first = out.read_bytes()
    assert main(["check", str(reports / "2024" / "年报.docx"), "--annotate", str(out), "-q", "--lang", "en"]) == 1
    assert comments_of(out.read_bytes())[0].lines[0].startswith("[error]")
    assert out.read_bytes() != first


def test_several_into_a_folder_as_they_lie_and_none_is_checked_again(reports: Path, tmp_path: Path) -> None:
    folder = tmp_path / "all"
    shutil.copytree(reports, folder)
    for _ in range(2):
        assert main(["check", str(folder), "--annotate", str(folder / "批注"), "-q"]) == 1
        copies = sorted(path.relative_to(folder / "批注").as_posix() for path in (folder / "批注").rglob("*.*"))
        assert copies == ["2023/年报.docx", "2024/年报.docx", "年报.xlsx"]
    assert (folder / "2024" / "年报.docx").read_bytes() == (reports / "2024" / "年报.docx").read_bytes()


def test_no_report_is_written_over(reports: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / "年报.docx"
    shutil.copy(reports / "2024" / "年报.docx", report)
    before = report.read_bytes()
    (tmp_path / "link.docx").symlink_to(report)
    for out in (report, tmp_path, tmp_path / "link.docx"):
        assert main(["check", str(report), "--annotate", str(out), "-q"]) == 2
        assert "is a report to check" in capsys.readouterr().err
    assert report.read_bytes() == before


def test_what_there_is_no_copy_of_is_told_and_the_others_are_written(
    reports: Path, root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = root / "docs" / "examples" / "yunling-2024.txt"
    assert main(["check", str(text), str(reports / "2024" / "年报.docx"), "--annotate", str(tmp_path / "out"), "-q"]) == 2
    assert "--output html=FILE" in capsys.readouterr().err
    assert [path.name for path in (tmp_path / "out").rglob("*.*")] == ["年报.docx"]
    assert main(["check", str(reports / "年报.xlsx"), "--annotate", str(tmp_path / "x.docx"), "-q"]) == 2
    assert "name it x.xlsx" in capsys.readouterr().err
    assert main(["check", str(tmp_path / "none.docx"), "--annotate", str(tmp_path / "y.docx"), "-q"]) == 2
    assert not (tmp_path / "y.docx").exists()


def test_standard_input_and_a_name_without_an_ending(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bare = tmp_path / "年报"
    shutil.copy(reports / "2024" / "年报.docx", bare)
    (tmp_path / "out").mkdir()
    assert main(["check", str(bare), "--annotate", str(tmp_path / "out"), "-q"]) == 1
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["年报.docx"]
    shutil.copy(bare, tmp_path / "年报.docx")
    assert main(["check", str(bare), str(tmp_path / "年报.docx"), "--annotate", str(tmp_path / "two"), "-q"]) == 2
    assert "is the copy of another report already" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(bare.read_bytes())))
    assert main(["check", "-", "--annotate", str(tmp_path / "in.docx"), "-q"]) == 1
    assert comments_of((tmp_path / "in.docx").read_bytes())


def test_a_signature_is_told_to_be_lost(reports: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    signed = tmp_path / "signed.docx"
    signed.write_bytes(with_parts((reports / "2024" / "年报.docx").read_bytes(), {"_xmlsignatures/sig1.xml": b"<x/>"}))
    assert main(["check", str(signed), "--annotate", str(tmp_path / "out.docx"), "-q"]) == 1
    assert "签名失效" in capsys.readouterr().err
    assert parts_of((tmp_path / "out.docx").read_bytes())["_xmlsignatures/sig1.xml"] == b"<x/>"
    assert "does not hold" in caveats(signed.read_bytes(), "x", lang="en")[0]
    assert caveats((reports / "年报.xlsx").read_bytes(), "x", lang="en") == []


@pytest.mark.parametrize("content", [b"%PDF-1.7", b"text", b"", b"<html></html>"])
def test_other_formats_say_what_to_do_instead(content: bytes) -> None:
    with pytest.raises(UsageError, match="docx and xlsx"):
        kind_of(content, "x")
