"""Settings from files: found, read with the place of every mistake, weighed against the command line, and shown."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from some_reports import EXAMPLES, ROOT

from govreport_check import PackError, UsageError
from govreport_check.cli import main
from govreport_check.config_file import config_for, config_schema, read_config
from govreport_check.settings import USUAL, Setting, finder, settings_for

MISTAKES = EXAMPLES / "yunling-2024-mistakes.txt"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a report in a folder of its own."""
    (tmp_path / "2024").mkdir()
    shutil.copy(MISTAKES, tmp_path / "2024" / "r.txt")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def told(capsys: pytest.CaptureFixture[str], *arguments: str, code: int | None = None) -> Any:
    got = main(["check", "2024/r.txt", "--format", "json", *arguments])
    printed = capsys.readouterr()
    assert printed.out, printed.err
    assert code is None or got == code
    return json.loads(printed.out)


# --- found ---------------------------------------------------------------------------------------------------------------------


def test_the_nearest_file_is_taken_and_govreport_toml_before_pyproject(desk: Path) -> None:
    report = desk / "2024" / "r.txt"
    assert config_for(report) is None
    write(desk / "pyproject.toml", '[tool.other]\na = 1\n[tool.govreport]\nfail-on = "note"\n')
    found = config_for(report)
    assert found is not None
    assert (found.file.fail_on, found.at("fail-on")) == ("note", "pyproject.toml:4")
    write(desk / "govreport.toml", 'fail-on = "never"\n')
    write(desk / "2024" / "pyproject.toml", "[tool.other]\n")
    nearest = config_for(report)
    assert nearest is not None
    assert nearest.at("fail-on") == "govreport.toml:1"


def test_what_lies_above_the_working_folder_is_not_meant(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(desk / "govreport.toml", 'fail-on = "never"\n')
    monkeypatch.chdir(desk / "2024")
    assert config_for(desk / "2024" / "r.txt") is None


# --- mistakes ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a = [\n", 2, "not TOML"),
        ("a = 1 1\n", 1, "not TOML"),
        ('\nselct = ["a"]\n', 2, "did you mean select"),
        ('fail-on = "eror"\n', 1, "fail-on"),
        ("select = 5\n", 1, "select"),
        ('[severity]\n"disputes-total" = {to = "note"}\n', 2, "because"),
        ('[severity."disputes-total"]\nto = "note"\nbecause = "因"\nbcause = 1\n', 4, "did you mean because"),
        ('[per-path."2019/**"]\nfail_on = "note"\n', 2, "did you mean fail-on"),
        ('[per-path."2019/**"]\nstrict = "no"\n', 2, "strict"),
        ('rules-as-of = "latest"\n', 1, "rules-as-of"),
    ],
)
def test_every_mistake_has_its_line(tmp_path: Path, text: str, line: int, said: str) -> None:
    with pytest.raises(PackError) as error:
        read_config(write(tmp_path / "govreport.toml", text))
    (complaint,) = error.value.complaints
    assert (Path(complaint.source).name, complaint.line) == ("govreport.toml", line)
    assert said in complaint.message


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('\nselect = ["disputes-totl"]\n', 2, "did you mean disputes-total"),
        ('profile = "publis"\n', 1, "did you mean publish"),
        ('[severity]\nnothing = {to = "note", because = "因"}\n', 2, "unknown rule nothing"),
        ('[severity]\ncarried-over-stated = {to = "error", because = "因"}\n', 2, "at most a warning"),
        ('outputs = ["htm=a"]\n', 1, "outputs"),
    ],
)
def test_names_that_mean_nothing_have_their_line(desk: Path, text: str, line: int, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    write(desk / "govreport.toml", text)
    assert main(["check", "2024/r.txt"]) == 2
    err = capsys.readouterr().err
    assert f"govreport.toml:{line}:" in err
    assert said in err


def test_a_pyproject_of_others_is_passed_over_and_a_wrong_one_is_told(tmp_path: Path) -> None:
    assert read_config(write(tmp_path / "pyproject.toml", "tool = 1\n")) is None
    with pytest.raises(PackError, match=r"pyproject.toml:2:1: tool.govreport is a table"):
        read_config(write(tmp_path / "pyproject.toml", "[tool]\ngovreport = 3\n"))


def test_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    (tmp_path / "govreport.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(PackError, match="UTF-8"):
        read_config(tmp_path / "govreport.toml")
    with pytest.raises(UsageError, match=r"no \[tool.govreport\]"):
        finder(write(tmp_path / "pyproject.toml", "[tool.x]\n"), False)
    with pytest.raises(UsageError, match="cannot be read"):
        finder(tmp_path / "nothing.toml", False)


# --- weighed -------------------------------------------------------------------------------------------------------------------

WHOLE = """\
select = ["disputes-total", "requests-balance"]
fail-on = "never"
lang = "en"
[severity]
requests-balance = {to = "note", because = "known"}
[per-path."2024/*"]
fail-on = "error"
[per-path."r.*".severity]
disputes-total = {to = "warning", because = "joined cases"}
[per-path."2019/**"]
select = ["form"]
"""


def test_the_command_line_goes_before_the_file_and_that_before_what_is_usual(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert len(told(capsys, code=1)["reports"][0]["findings"]) > 5
    write(desk / "govreport.toml", WHOLE)
    result = told(capsys, code=0)
    severities = {one["rule"].partition("/")[2]: one["severity"] for one in result["reports"][0]["findings"]}
    assert severities == {"disputes-total": "warning", "requests-balance": "note"}
    assert result["lang"] == "en"
    assert {(one["rule"], one["reason"], one["at"]) for one in result["overrides"]} == {
        ("requests-balance", "known", "govreport.toml:5"),
        ("disputes-total", "joined cases", "govreport.toml:9"),
    }
    assert told(capsys, "--fail-on", "warning", code=1)["fail_on"] == "warning"
    assert {one["rule"] for one in told(capsys, "--select", "period-end")["reports"][0]["findings"]} == {"cn-disclosure/period-end"}
    assert len(told(capsys, "--no-config", code=1)["reports"][0]["findings"]) > 5
    write(desk / "other.toml", 'select = ["period-end"]\n')
    assert len(told(capsys, "--config", "other.toml", code=1)["reports"][0]["findings"]) == 1


def test_every_setting_knows_who_stated_it(desk: Path) -> None:
    write(desk / "govreport.toml", WHOLE)
    report = Path("2024/r.txt")
    found = settings_for(report, {"lang": Setting("zh", "--lang")}, config_for(report))
    assert list(found) == list(USUAL)
    assert {name: one.origin for name, one in found.items() if one.origin} == {
        "select": "govreport.toml:1",
        "fail-on": "govreport.toml:7",
        "lang": "--lang",
        "severity": "govreport.toml:8",
    }


def test_reports_with_different_settings_are_checked_each_in_its_way(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (desk / "2019").mkdir()
    shutil.copy(MISTAKES, desk / "2019" / "old.txt")
    write(desk / "2019" / "govreport.toml", 'select = ["period-end"]\n')
    write(desk / "govreport.toml", 'select = ["disputes-total"]\npacks = ["cn-disclosure"]\n')
    assert main(["check", "2019", "2024", "--format", "json"]) == 1
    reports = json.loads(capsys.readouterr().out)["reports"]
    told = {Path(one["source"]).name: {finding["rule"] for finding in one["findings"]} for one in reports}
    assert told == {"old.txt": {"cn-disclosure/period-end"}, "r.txt": {"cn-disclosure/disputes-total"}}


def test_paths_are_named_from_the_file_of_settings(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", "2024/r.txt", "--no-config", "--write-baseline", "2024/known.json"])
    pack = desk / "2024" / "own"
    pack.mkdir()
    head = 'schema: govreport-pack/1\nid: own\nversion: "1"\ntitle: {zh: 包, en: Pack}\nlanguages: [zh]\nextends: cn-disclosure\n'
    write(pack / "pack.yaml", head)
    write(desk / "2024" / "govreport.toml", 'baseline = "known.json"\npacks = ["own"]\noutputs = ["json=not-here.json"]\n')
    write(desk / "govreport.toml", 'outputs = ["json=out.json"]\n')
    capsys.readouterr()
    result = told(capsys, code=0)
    assert [one["id"] for one in result["packs"]] == ["own", "form"]
    assert all(one["waived"] for one in result["reports"][0]["findings"])
    assert ((desk / "out.json").is_file(), (desk / "2024" / "not-here.json").exists()) == (True, False)


def test_only_what_is_new_counts(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = write(desk / "before.json", json.dumps(told(capsys, "--ignore", "disputes-total")))
    result = told(capsys, "--new-since", str(before), code=1)
    assert {one["rule"] for one in result["reports"][0]["findings"] if not one["waived"]} == {"cn-disclosure/disputes-total"}
    told(capsys, "--new-since", str(write(desk / "now.json", json.dumps(told(capsys)))), code=0)
    assert main(["check", "2024/r.txt", "--new-since", str(before), "--baseline", str(before)]) == 2
    write(before, '{"schema": "govreport-result/1"}')
    assert main(["check", "2024/r.txt", "--new-since", str(before)]) == 2


def test_the_schema_is_the_published_one(capsys: pytest.CaptureFixture[str]) -> None:
    published = json.loads((ROOT / "docs" / "schemas" / "govreport-config-1.json").read_text(encoding="utf-8"))
    assert published == config_schema(), "run: govreport rules schema config > docs/schemas/govreport-config-1.json"
    assert {*USUAL} - {"outputs", "packs"} < {*published["properties"]}
