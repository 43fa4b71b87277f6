"""What ``govreport check`` writes: several formats at once, whole files or none, and the short forms."""

from __future__ import annotations

import json
import os
import re
import stat
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from govreport_check import check
from govreport_check.cli import main
from govreport_check.findings import Result
from govreport_check.renderers import FORMATS, OUTPUTS, SHOW_THE_REPORT, render

ROOT = Path(__file__).resolve().parent.parent
MISTAKES = "docs/examples/yunling-2024-mistakes.txt"


@pytest.fixture(autouse=True)
def desk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr("sys.excepthook", sys.excepthook)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture(scope="module")
def result() -> Result:
    return check(ROOT / MISTAKES, name=MISTAKES)


def test_formats_are_written_beside_what_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str], result: Result) -> None:
    outputs = [f"--output={format_}={tmp_path / f'《{format_}》'}" for format_ in FORMATS]
    assert main(["check", MISTAKES, *outputs, "--format", "concise"]) == 1
    assert capsys.readouterr().out == render(result, "concise")
    for format_ in FORMATS:
        assert (tmp_path / f"《{format_}》").stat().st_size > 50
    for format_ in sorted(set(FORMATS) - SHOW_THE_REPORT):
        assert (tmp_path / f"《{format_}》").read_text(encoding="utf-8") == render(result, format_, width=100)


def test_all_formats_hold_the_verdict_and_the_exit_code_is_one(tmp_path: Path) -> None:
    for report, code, verdict in (
        (MISTAKES, 1, "findings"),
        ("docs/examples/yunling-2024.txt", 0, "clean"),
        ("tests/scenarios/without-table-3.txt", 1, "not_verified"),
    ):
        names = {format_: tmp_path / format_ for format_ in ("json", "jsonl", "sarif", "junit", "gitlab", "github", "markdown", "quiet")}
        assert main(["check", report, "--quiet", *(f"--output={format_}={path}" for format_, path in names.items())]) == code
        texts = {format_: path.read_text(encoding="utf-8") for format_, path in names.items()}
        assert json.loads(texts["json"])["reports"][0]["verdict"] == verdict
        first, second, *_ = map(json.loads, texts["jsonl"].splitlines())
        assert (first["exit_code"], second["verdict"]) == (code, verdict)
        run = json.loads(texts["sarif"])["runs"][0]
        assert (run["invocations"][0]["exitCode"], run["artifacts"][0]["properties"]["verdict"]) == (code, verdict)
        root = ElementTree.fromstring(texts["junit"])
        kinds = {"findings": "failure", "not_verified": "error"}
        assert [child.tag for child in root[0][0]] == [kinds.get(verdict, "system-out")]
        assert (root.attrib["failures"], root.attrib["errors"]) != ("0", "0") or code == 0
        assert ("blocker" in texts["gitlab"]) == (verdict == "not_verified")
        assert ("::error " in texts["github"]) == (code == 1)
        words = {"clean": "未发现错误", "findings": "有不符", "not_verified": "未能核对"}
        assert texts["markdown"].startswith(f"**{words[verdict]}**")
        assert re.search(rf"1份{words[verdict]}", texts["quiet"])


def test_a_file_that_cannot_be_written_is_told_and_the_others_are_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lost, kept = tmp_path / "no" / "a.xml", tmp_path / "b.sarif"
    assert main(["check", MISTAKES, f"--output=junit={lost}", f"--output=sarif={kept}", "--quiet"]) == 2
    printed = capsys.readouterr()
    assert len(printed.out.splitlines()) == 1
    (line,) = printed.err.splitlines()
    assert str(lost) in line
    assert json.loads(kept.read_text(encoding="utf-8"))["version"] == "2.1.0"


@pytest.mark.skipif(sys.platform == "win32", reason="file modes and links as Unix has them")
def test_a_file_is_replaced_as_a_whole_and_keeps_its_mode_and_its_link(tmp_path: Path) -> None:
    target, link = tmp_path / "out.json", tmp_path / "link.json"
    target.write_text("old", encoding="utf-8")
    target.chmod(0o640)
    link.symlink_to(target)
    with target.open(encoding="utf-8") as before:
        main(["check", MISTAKES, "--quiet", f"--output=json={link}"])
        assert before.read() == "old"
    assert json.loads(target.read_text(encoding="utf-8"))["schema"] == "govreport-result/1"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert link.is_symlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.json", "out.json"]


def test_what_is_left_of_a_write_that_failed_is_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "out.json"
    target.write_text("old", encoding="utf-8")

    def full(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(Path, "replace", full)
    assert main(["check", MISTAKES, "--quiet", f"--output=json={target}"]) == 2
    assert [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()] == ["old"]


def test_a_device_is_written_to() -> None:
    assert main(["check", MISTAKES, "--quiet", "--output", f"json={os.devnull}"]) == 1
    assert not Path(os.devnull).is_file()


@pytest.mark.parametrize(
    "arguments",
    [
        ["--output", "sarif"],
        ["--output", "sarif="],
        ["--output", "pdf=x.pdf"],
        ["--output", "sarif=x", "--output", "json=./x"],
        ["--output", "sarif=x", "--output-file", "x"],
        ["--quiet", "--statistics"],
        ["--quiet", "--format", "rich"],
    ],
)
def test_what_cannot_be_meant_stops_before_anything_is_checked(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["check", str(ROOT / MISTAKES), *arguments]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "Error" in printed.err
    assert list(tmp_path.iterdir()) == []


def test_what_the_last_run_wrote_is_no_report(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "r.txt").write_bytes((ROOT / MISTAKES).read_bytes())
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        assert main(["check", ".", "--quiet", "--output", "json=out.json", "--output", "junit=out.xml"]) == 1
        assert "共1份报告" in capsys.readouterr().out


def test_statistics_are_printed_in_place_of_the_listing(capsys: pytest.CaptureFixture[str], result: Result) -> None:
    assert main(["check", MISTAKES, "--statistics"]) == 1
    assert capsys.readouterr().out == render(result, "statistics")


def test_rules_are_told_in_both_languages_but_not_in_the_contract(result: Result) -> None:
    run = json.loads(render(result, "sarif"))["runs"][0]
    own, (other,) = run["tool"]["driver"], run["translations"]
    assert (own["language"], other["language"]) == ("zh-CN", "en")
    assert [rule["id"] for rule in own["rules"]] == [rule["id"] for rule in other["rules"]] == sorted({one.rule for one in result.findings})
    assert all(rule["shortDescription"]["text"].isascii() for rule in other["rules"])
    assert "rules" not in json.loads(render(result, "json"))
    assert json.loads(render(Result.model_validate_json(render(result, "json")), "sarif"))["runs"][0]["translations"] == []


def test_the_schema_of_results_is_the_published_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "schema", "result"]) == 0
    published = ROOT / "docs" / "schemas" / "govreport-result-1.json"
    assert published.read_text(encoding="utf-8") == capsys.readouterr().out, f"run: govreport rules schema result > {published.name}"


def test_results_are_as_the_published_schema_says(result: Result) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads((ROOT / "docs" / "schemas" / "govreport-result-1.json").read_text(encoding="utf-8"))
    record = json.loads(render(result, "json"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate({**record, "later": "a key that a later version may add"}, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**record, "reports": [{**record["reports"][0], "verdict": "passed"}]}, schema)


PAGE = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## `(\w+)`\n(.*?)(?=^## |\Z)", PAGE, flags=re.M | re.S))


def test_the_page_on_formats_names_every_format() -> None:
    assert set(re.findall(r"^\| `(\w+)` \|", PAGE, flags=re.M)) == set(OUTPUTS)


@pytest.mark.parametrize("format_", sorted(set(SECTIONS) - {"jsonl"}))
def test_the_examples_of_the_page_on_formats_are_real(format_: str) -> None:
    (example,) = re.findall(r"^```\w+\n(.*?)^```", SECTIONS[format_], flags=re.M | re.S)
    printed = render(check(ROOT / MISTAKES, name=MISTAKES, lang="en", select=["period-end"]), format_).splitlines()
    assert [line for line in example.splitlines() if line.strip() != "…" and line not in printed] == []


def test_a_letter_says_what_the_command_states(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stated = ["--letter=due=2025-02-20", "--letter=unit=县政府办公室", "--letter", "number=〔2025〕3号"]
    assert main(["check", MISTAKES, "--format", "letter", f"--output=letter={tmp_path / 'a.docx'}", *stated]) == 1
    printed = capsys.readouterr().out
    assert [part for part in ("县政府办公室：", "请于2月20日前", "〔2025〕3号") if part not in printed] == []
    assert (tmp_path / "a.docx").read_bytes().startswith(b"PK")


@pytest.mark.parametrize(("stated", "told"), [("due=20 Feb", "2025-03-31"), ("to=us", "unit, due, sender"), ("due", "unit, due, sender")])
def test_what_a_letter_cannot_say_is_told(stated: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", MISTAKES, "--letter", stated]) == 2
    assert told in capsys.readouterr().err
