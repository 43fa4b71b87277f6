"""``govreport archive`` from documents to findings: what it says, and its exit codes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from govreport_check.cli import main

pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")


def test_from_documents_to_findings(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.excepthook", sys.excepthook)
    examples, archive, findings = root / "docs" / "examples", str(tmp_path / "a"), tmp_path / "f.parquet"
    (tmp_path / "menu.txt").write_text("食堂\x1b[31m菜单", encoding="utf-8")
    files = [str(examples / name) for name in ("yunling-2024.txt", "yunling-2024-mistakes.txt")]
    assert main(["archive", "build", archive, *files, str(tmp_path / "menu.txt"), "--jobs", "1", "--lang", "en"]) == 1
    told = capsys.readouterr()
    assert "2 reports added; 0 files were in it already, 0 are the same as others, 1 were not read" in told.out
    assert "menu.txt: not in the archive" in told.err
    assert main(["archive", "build", archive, *files, "--jobs", "1"]) == 0
    capsys.readouterr()
    assert main(["archive", "check", archive, "-o", str(findings), "--jobs", "1", "--lang", "zh"]) == 1
    out = capsys.readouterr().out
    assert "核对2份报告" in out and "不等于通过" in out
    assert "cn-disclosure/requests-row-total" in pq.read_table(findings).column("rule").to_pylist()
    assert main(["archive", "stats", archive, "--findings", str(findings), "--lang", "en"]) == 0
    assert "cn-disclosure/2021 2024: 2 reports" in capsys.readouterr().out
    assert main(["archive", "diff", archive, "cn-disclosure", "cn-disclosure", "--jobs", "1", "--lang", "en"]) == 0
    assert "Both rule sets say the same" in capsys.readouterr().out


def test_no_archive_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["archive", "check", str(tmp_path), "-o", str(tmp_path / "f.parquet"), "--jobs", "1"]) == 2
    assert "govreport archive build" in capsys.readouterr().err
