"""``govreport waive``, and what ``govreport check`` does with waivers and baselines: from the listing to the file and back."""

from __future__ import annotations

import io
import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from govreport_check.cli import main

MISTAKES = Path(__file__).parent.parent / "docs" / "examples" / "yunling-2024-mistakes.txt"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a report that has findings in a folder of its own."""
    (tmp_path / "2024").mkdir()
    (tmp_path / "2024" / "r.txt").write_bytes(MISTAKES.read_bytes())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.excepthook", sys.excepthook)
    return tmp_path


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    main(["check", "2024/r.txt", "--format", "json", "--today", "2026-06-30", *arguments])
    return json.loads(capsys.readouterr().out)["reports"][0]["findings"]


def waive(*arguments: str) -> int:
    return main(["waive", *arguments, "--reason", "机构改革", "--until", "2026-12-31", "--today", "2026-06-30"])


def test_a_finding_is_waived_by_what_the_listing_shows(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", "2024/r.txt", "--format", "concise", "--show-fingerprints"])
    name = re.findall(r"disputes-total .* \[([0-9a-f]{16})\]$", capsys.readouterr().out, flags=re.M)[0]
    assert waive(name[:8], "2024/r.txt", "--by", "李四") == 0
    assert (desk / "2024" / "govreport.waivers.yaml").is_file()
    capsys.readouterr()
    (waived,) = [finding for finding in told(capsys) if finding["waived"]]
    assert (waived["rule"], waived["fingerprint"]) == ("cn-disclosure/disputes-total", name)
    assert waived["waived"]["file"] == str(Path("2024", "govreport.waivers.yaml"))
    assert [finding["rule"] for finding in told(capsys, "--today", "2027-01-01") if finding["rule"].endswith("-waiver")] == [
        "form/expired-waiver"
    ]


def test_a_finding_is_looked_up_in_a_result(desk: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    main(["check", "2024/r.txt", "--format", "json", "--output-file", "result.json"])
    first, second = (finding["fingerprint"] for finding in told(capsys)[:2])
    assert waive(first, "result.json") == 0
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO((desk / "result.json").read_bytes())))
    assert waive(second, "-") == 0
    capsys.readouterr()
    assert [finding["fingerprint"] for finding in told(capsys) if finding["waived"]] == [first, second]


def test_without_a_report_a_fingerprint_is_taken_as_it_is(desk: Path) -> None:
    assert waive("0123456789abcdef", "--rule", "requests-balance", "--file", "w.yaml") == 0
    assert waive("0123456789abcde0") == 0
    assert "requests-balance" in (desk / "w.yaml").read_text(encoding="utf-8")
    assert (desk / "govreport.waivers.yaml").is_file()


@pytest.mark.parametrize(
    "arguments",
    [
        ["0123456789abcdef", "2024/r.txt"],
        ["0123456789abcdef", "--until", "2026-06-29"],
        ["0123456789abcdef", "--until", "soon"],
        ["0123456789abcdef", "--reason", " "],
        ["0123456", "2024/r.txt"],
        ["d268a690", "2024/r.txt", "--rule", "requests-balance"],
        ["0123456789abcdef", "broken.json"],
        ["0123456789abcdef", "no.txt"],
        ["0123456789abcdef", "--file", "no/where.yaml"],
    ],
)
def test_what_cannot_be_waived_is_one_line_and_exit_2(desk: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    (desk / "broken.json").write_text('{"schema": "govreport-result/1", "engine": 1}', encoding="utf-8")
    before = sorted(desk.rglob("*"))
    stated = ["--reason", "x", "--until", "2026-12-31", "--today", "2026-06-30"]
    assert main(["waive", *stated, *arguments]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert sorted(desk.rglob("*")) == before


def test_what_was_not_read_cannot_be_waived(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = MISTAKES.read_text(encoding="utf-8")
    (desk / "2024" / "r.txt").write_text(text.replace("97.5", "9七.5x"), encoding="utf-8")
    cause = next(finding["fingerprint"] for finding in told(capsys) if finding["rule"] == "form/unreadable-cell")
    assert waive(cause, "2024/r.txt") == 2
    assert "cannot be waived" in capsys.readouterr().err


def test_several_findings_of_one_beginning_are_named(capsys: pytest.CaptureFixture[str], desk: Path) -> None:
    main(["check", "2024/r.txt", "--format", "json", "--output-file", "result.json"])
    text = (desk / "result.json").read_text(encoding="utf-8")
    first, second = (finding["fingerprint"] for finding in told(capsys)[:2])
    (desk / "result.json").write_text(text.replace(second, first[:8] + "00000000"), encoding="utf-8")
    assert waive(first[:8], "result.json") == 2
    said = capsys.readouterr().err
    assert first in said
    assert first[:8] + "00000000" in said


def test_a_baseline_is_written_and_held_against(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "2024", "--write-baseline", "2024/b.json"]) == 1
    assert main(["check", "2024", "--baseline", "2024/b.json"]) == 0
    (desk / "2024" / "b.json").unlink()
    assert main(["check", "2024", "--baseline", "2024/b.json"]) == 2
    assert "b.json" in capsys.readouterr().err


def test_a_folder_s_waivers_are_no_report(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (desk / "2024" / "govreport.waivers.yaml").write_text("schema: govreport-waivers/1\n", encoding="utf-8")
    main(["check", ".", "--format", "json"])
    assert [report["source"] for report in json.loads(capsys.readouterr().out)["reports"]] == [str(Path("2024", "r.txt"))]
