from __future__ import annotations

import json
import re

import pytest

from govreport_check.errors import UsageError
from govreport_check.findings import Result
from govreport_check.renderers import FORMATS, render

LINE = re.compile(r"(?P<source>.+?)(:(?P<line>\d+))?: (?P<severity>error|warning|note|undecided|waived) (?P<rule>\S+/\S+) (?P<message>.+)")


def test_concise_is_a_line_a_finding_and_a_line_a_report(result: Result) -> None:
    *lines, last = render(result, "concise", notes=True, waived=True).splitlines()
    matches = [LINE.fullmatch(line) for line in lines]
    told = [(match["severity"], match["line"]) for match in matches if match]
    assert told == [
        ("error", "48"),
        ("error", "50"),
        ("warning", "34"),
        ("warning", "12"),
        *[("undecided", None)] * 4,
        ("note", None),
        ("waived", "48"),
    ]
    assert last.startswith("报告/《云岭县》 2024.txt: not_verified: ")
    assert last.endswith("通过 34 · 不符 6 · 未判定 4 · 不适用 3")


def test_concise_says_how_much_it_holds_back(result: Result) -> None:
    text = render(result, "concise")
    assert re.search(": (note|waived) ", text) is None
    assert "另有1条提示" in text
    assert "不计入结论的1条" in text


def test_concise_names_findings_for_who_wants_to_waive_one(result: Result) -> None:
    *lines, last = render(result, "concise", notes=True, waived=True, fingerprints=True).splitlines()
    assert [line.rpartition(" ")[2] for line in lines] == [f"[{finding.fingerprint}]" for finding in result.findings]
    assert last == render(result, "concise", notes=True, waived=True).splitlines()[-1]


def test_concise_keeps_a_finding_on_its_line(result: Result) -> None:
    report = result.reports[0]
    broken = report.findings[0].model_copy(update={"message": "一\n二\x1b[2J"})
    text = render(result.model_copy(update={"reports": [report.model_copy(update={"findings": [broken]})]}), "concise")
    assert len(text.splitlines()) == 2
    assert "\x1b" not in text


def test_json_is_the_contract(result: Result) -> None:
    text = render(result, "json")
    record = json.loads(text)
    assert record["schema"] == "govreport-result/1"
    assert record["reports"][0]["counts"] == {"pass": 34, "fail": 6, "undecided": 4, "not_applicable": 3}
    assert [finding["rule"] for finding in record["reports"][0]["findings"]] == [finding.rule for finding in result.findings]
    assert "表三" in text
    assert Result.model_validate_json(text).model_dump() == result.model_dump()


def test_json_folds_nothing(result: Result) -> None:
    assert render(result, "json") == render(result, "json", notes=True, waived=True, fingerprints=True)


def test_an_unknown_format_names_those_there_are(result: Result) -> None:
    with pytest.raises(UsageError) as raised:
        render(result, "xml")
    assert all(name in str(raised.value) for name in FORMATS)


@pytest.mark.parametrize("format_", FORMATS)
def test_same_input_same_output(result: Result, format_: str) -> None:
    assert render(result, format_) == render(result, format_)
