"""Bad reports: every one is told, with its place, and none is a pass or an exception."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from some_reports import EXAMPLES, YUNLING, changed, rules_of

from govreport_check import SourceError, check, read
from govreport_check.cli import main

GRANTED = ("requests", "granted", "natural_person")
TEXT = (EXAMPLES / "yunling-2024.txt").read_text(encoding="utf-8")


def dumped(report: dict[str, Any]) -> str:
    return json.dumps(report, ensure_ascii=False, indent=1, default=float)


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        ("12a", "unreadable-cell"),
        ("NaN", "unreadable-cell"),
        ("1e400", "unreadable-cell"),
        ("1,2345", "unreadable-cell"),
        ("１２b", "unreadable-cell"),
        (True, "wrong-type"),
        ([1, [2, [3]]], "wrong-type"),
        ({"a": 1}, "wrong-type"),
        (float("nan"), "unreadable-cell"),
        (float("inf"), "unreadable-cell"),
        (-3, "requests-counts-valid"),
        (0.5, "requests-counts-valid"),
        ("约20", "requests-counts-valid"),
        (int("7" * 40), "out-of-range-cell"),
        ("7" * 40, "out-of-range-cell"),
        ("约" + "7" * 400, "out-of-range-cell"),
        (10**400, "out-of-range-cell"),
        (2**53, "out-of-range-cell"),
        (..., "absent-row"),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_a_bad_cell_is_told_itself(raw: Any, told: str) -> None:
    result = check(changed(YUNLING, {GRANTED: raw}))
    assert told in rules_of(result)
    assert result.exit_code == 1
    (finding, *_) = [finding for finding in result.findings if finding.rule.endswith(told)]
    assert "requests[granted, natural_person]" in [cell.address for cell in finding.cells] or told == "wrong-type"


@pytest.mark.parametrize(
    ("raw", "same"),
    [
        ("１２", 12),
        ("1,234", 1234),
        ("-", 0),
        ("22（其中修订16件）", 22),
        ("12件", 12),
        (" 1 2 ", 12),
        ("012", 12),
        ("无", 0),
        ("+3", 3),
        ("3.0", 3),
    ],
)
def test_a_figure_written_otherwise_is_that_figure(raw: str, same: int) -> None:
    one, other = (check(changed(YUNLING, {GRANTED: value})) for value in (raw, same))
    told = [(f.rule, f.bindings, f.left, f.right) for f in one.findings if f.rule != "form/annotated-cell"]
    assert told == [(f.rule, f.bindings, f.left, f.right) for f in other.findings]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" \n\t",
        b"\xef\xbb\xbf",
        b"\x00\x01\x02",
        TEXT.encode("utf-16"),
        TEXT.encode("big5", "ignore"),
        b"\xff" * 50,
        b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n\x00",
        b"PK\x03\x04\x00\x00",
        b"\x89PNG\r\n\x1a\n\x00",
        TEXT.encode("gb18030")[:-1] + b"\xff\xff",
    ],
    ids=["empty", "space", "mark", "nul", "utf-16", "big5", "ff", "pdf", "zip", "png", "broken gb18030"],
)
def test_a_file_that_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes) -> None:
    path = tmp_path / "报告 《甲》.txt"
    path.write_bytes(content)
    result = check(path)
    assert [rule for rule in rules_of(result) if rule in ("unreadable-file", "no-form")]
    assert (result.exit_code, result.reports[0].verdict) == (3, "not_verified")
    with pytest.raises(SourceError) as raised:
        read(path)
    assert "\n" not in str(raised.value)
    assert main(["check", str(path)]) == 3
    assert main(["read", str(path)]) == 3
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings_that_are_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "报告.txt"
    path.write_bytes(TEXT.encode(encoding))
    assert check(path).exit_code == 0


def test_every_beginning_of_a_text_is_told() -> None:
    """Cut anywhere, the report is never clean until its last table is whole."""
    last_table = TEXT.rindex("总计")
    for cut in range(0, last_table, 997):
        result = check(TEXT[:cut] + "\n")
        assert result.reports[0].verdict == "not_verified", cut


@pytest.mark.parametrize("end", [1, 2, 3, 50, 400, 5000])
def test_json_cut_off_is_no_report(end: int) -> None:
    result = check((dumped(YUNLING)[:-end] + "\n").encode())
    assert result.reports[0].verdict == "not_verified"
    assert rules_of(result) == ["unreadable-file"]


def test_doubled_keys_rows_and_sections() -> None:
    text = dumped(YUNLING)
    row = '"granted": {'
    at = text.index(row, text.index('"requests"'))
    doubled = text[:at] + '"granted": {"natural_person": 999999, "total": 1},\n' + text[at:]
    result = check(doubled)
    assert {"doubled-row", "ambiguous-cell"} <= set(rules_of(result))
    assert result.reports[0].verdict == "not_verified"
    (finding,) = [finding for finding in result.findings if finding.rule.endswith("doubled-row")]
    assert finding.cells[0].place.line in (doubled[:at].count("\n") + 1, doubled[:at].count("\n") + 2)
    section = '"overview": {'
    at = text.index(section)
    doubled = text[:at] + '"overview": {"heading": "一、总体情况", "text": "又一次。"},\n' + text[at:]
    assert "sections-once" in rules_of(check(doubled))


def test_equal_figures_at_one_address_are_one_figure() -> None:
    text = dumped(YUNLING)
    figure = YUNLING["tables"]["requests"]["granted"]["natural_person"]
    at = text.index('"granted": {', text.index('"requests"'))
    doubled = text[:at] + f'"granted": {{"natural_person": {figure}}},\n' + text[at:]
    assert "ambiguous-cell" not in rules_of(check(doubled))


YAML = """\
schema: govreport-report/1
form: cn-disclosure/2021
about: {year: 2024}
tables:
  requests:
    granted: {natural_person: 1}
    granted: {natural_person: 2}
    grnted: {natural_person: 2}
    new_received: {natural_person: 012, comercial: 3}
    carried_over: {natural_person: no}
"""


def test_yaml_keeps_words_zeros_and_repeats() -> None:
    result = check(YAML)
    lines = {(finding.rule.partition("/")[2], cell.place.line) for finding in result.findings for cell in finding.cells}
    assert {("unknown-key", 8), ("unknown-key", 9), ("unreadable-cell", 10)} <= lines
    assert "ambiguous-cell" in rules_of(result)
    tables = read(YAML).tables or {}
    assert tables["requests"]["new_received"]["natural_person"] == 12
    assert tables["requests"]["carried_over"]["natural_person"] == "no"


@pytest.mark.parametrize(
    "text",
    [
        "schema: govreport-report/2\n",
        "schema: govreport-report/1\nform: [\n",
        "schema: govreport-report/1\nform: *x\n",
        '{"schema": "other"}\n',
        "[1, 2]\n",
        '{"a": 1}\n',
        '{"schema": "govreport-report/1", "form": "cn-disclosure/1999"}\n',
        "[" * 100_000 + "\n",
        '{"a":' * 5000 + "\n",
    ],
    ids=["schema", "yaml", "alias", "other", "list", "nothing", "form", "deep list", "deep map"],
)
def test_a_structured_report_that_is_none(text: str) -> None:
    result = check(text)
    assert rules_of(result)[0] in ("unreadable-file", "no-form")
    assert result.exit_code == 3


def test_unknown_keys_are_told_and_not_dropped() -> None:
    document = {**YUNLING, "tabels": {}, "about": {**YUNLING["about"], "yaer": 2024}}
    found = [finding.message for finding in check(document).findings if finding.rule == "form/unknown-key"]
    assert len(found) == 2
    assert any("tabels" in message for message in found)
    assert any("yaer" in message for message in found)


def test_a_lost_section_is_no_blank_one() -> None:
    sections = {name: part for name, part in YUNLING["sections"].items() if name != "problems"}
    assert "sections-present" in rules_of(check({**YUNLING, "sections": sections}))
    empty = {**YUNLING["sections"], "problems": {"heading": "五、存在的主要问题及改进情况", "text": " "}}
    assert "sections-not-empty" in rules_of(check({**YUNLING, "sections": empty}))


def test_half_a_character_ends_no_run() -> None:
    halved = json.dumps(changed(YUNLING, {GRANTED: "\ud800"}), default=float)
    (report,) = check(halved.encode()).reports
    assert any(finding.rule == "form/unreadable-cell" for finding in report.findings)
    assert "\ufffd" in report.model_dump_json()
