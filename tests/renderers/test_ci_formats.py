"""What CI servers read: JUnit, GitHub's annotations, GitLab's code quality, Markdown; and the short forms."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from collections import Counter
from typing import Any

import pytest
from hostile import hostile_result
from junitparser import Error, Failure, JUnitXml, Skipped

from govreport_check.findings import FailOn, Finding, PlaceRecord, Result, Severity, Verdict
from govreport_check.renderers import render


def with_findings(result: Result, findings: list[Finding], verdict: Verdict, fail_on: FailOn = "error") -> Result:
    report = result.reports[0].model_copy(update={"findings": findings, "verdict": verdict})
    return result.model_copy(update={"reports": [report], "fail_on": fail_on})


# --- JUnit ---------------------------------------------------------------------------------------------------------------------


def cases(result: Result) -> list[tuple[str, str]]:
    """(name, how it ends) of every test case, as junitparser reads them."""
    parsed = JUnitXml.fromstring(render(result, "junit").encode())
    ends = {Failure: "failure", Error: "error", Skipped: "skipped"}
    return [(case.name, next((ends[type(end)] for end in case.result if type(end) in ends), "")) for suite in parsed for case in suite]


def test_a_suite_a_report_and_a_case_a_finding(result: Result) -> None:
    ends = [end for _, end in cases(result)]
    assert ends == ["error", "failure", "failure", "", "", *["error"] * 4, "", "skipped"]
    assert cases(result)[1][0] == "cn-disclosure/requests-balance 3f9a0b1c"


@pytest.mark.parametrize("fail_on", ["error", "warning", "note", "never"])
def test_a_suite_is_red_exactly_where_its_report_is_not_clean(result: Result, fail_on: FailOn, unread: list[Finding]) -> None:
    quiet = [finding for finding in result.findings if finding.severity is Severity.NOTE or finding.waived]
    for findings, verdict in (
        (quiet, Verdict.CLEAN),
        ([*quiet, *unread], Verdict.CLEAN),
        (result.findings, Verdict.FINDINGS),
        ([], Verdict.NOT_VERIFIED),
    ):
        ends = {end for _, end in cases(with_findings(result, findings, verdict, fail_on))}
        assert bool(ends & {"failure", "error"}) == (verdict is not Verdict.CLEAN)


def test_what_counts_from_warnings_on_fails(result: Result) -> None:
    ends = Counter(end for _, end in cases(with_findings(result, result.findings, Verdict.FINDINGS, "warning")))
    assert ends["failure"] == 1 + 4


def test_junit_has_the_structure_that_jenkins_takes(result: Result) -> None:
    """As in the XSD of its xUnit plug-in: these elements, in this nesting, with these attributes, and sums that are right."""
    allowed = {
        "testsuites": ({"testsuite"}, {"name", "time", "tests", "failures", "disabled", "errors"}),
        "testsuite": ({"properties", "testcase", "system-out", "system-err"}, {"name", "tests", "failures", "errors", "skipped", "time"}),
        "testcase": ({"skipped", "error", "failure", "system-out", "system-err"}, {"name", "classname", "time"}),
        "failure": (set(), {"message", "type"}),
        "error": (set(), {"message", "type"}),
        "skipped": (set(), {"message", "type"}),
        "system-out": (set(), set()),
    }
    for one in (result, hostile_result()):
        root = ElementTree.fromstring(render(one, "junit"))
        assert root.tag == "testsuites"
        for element in root.iter():
            children, attributes = allowed[element.tag]
            assert {child.tag for child in element} <= children
            assert set(element.attrib) <= attributes
        for suite in root:
            assert suite.attrib["tests"] == str(len(suite.findall("testcase")))
            for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
                assert suite.attrib[name] == str(len(suite.findall(f"testcase/{tag}")))
            assert all(re.fullmatch(r"\d+(\.\d+)?", element.attrib["time"]) for element in suite.iter("testcase"))
        assert root.attrib["failures"] == str(len(root.findall(".//failure")))


# --- GitHub --------------------------------------------------------------------------------------------------------------------


def annotations(text: str) -> list[tuple[str, str]]:
    return re.findall(r"^::(error|warning|notice) file=[^,]+,line=(\d+),title=", text, flags=re.M)


def test_annotations_have_lines_and_a_summary_follows(result: Result) -> None:
    text = render(result, "github")
    assert annotations(text) == [
        ("error", "1"),
        ("error", "48"),
        ("error", "50"),
        ("warning", "34"),
        ("warning", "12"),
        *[("warning", "1")] * 4,
    ]
    assert "未作标注：提示 1" in text.splitlines()[-1]
    assert annotations(render(result, "github", notes=True))[-1] == ("notice", "1")


def test_no_more_annotations_than_github_shows(result: Result, balance: Finding, misprint: Finding, note: Finding) -> None:
    many = with_findings(result, [balance] * 13 + [misprint] * 11 + [note] * 12, Verdict.FINDINGS)
    assert Counter(kind for kind, _ in annotations(render(many, "github", notes=True))) == {"error": 10, "warning": 10, "notice": 10}
    last = render(many, "github").splitlines()[-1]
    assert re.search(r"未作标注：错误 3、存疑 1、提示 12", last)


def test_nothing_is_written_besides(result: Result, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    summary = tmp_path / "summary"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    render(result, "github")
    assert not summary.exists()


# --- GitLab --------------------------------------------------------------------------------------------------------------------


def test_gitlab_has_its_documented_shape(result: Result) -> None:
    for one in (result, hostile_result()):
        entries = json.loads(render(one, "gitlab"))
        for entry in entries:
            assert set(entry) == {"description", "check_name", "fingerprint", "severity", "location"}
            assert entry["severity"] in {"info", "minor", "major", "critical", "blocker"}
            assert set(entry["location"]) == {"path", "lines"}
            assert isinstance(entry["location"]["lines"]["begin"], int)
            assert not entry["location"]["path"].startswith("./")
            assert all(isinstance(entry[key], str) and entry[key] for key in ("description", "check_name", "fingerprint"))
        assert len({entry["fingerprint"] for entry in entries}) == len(entries)


def test_gitlab_leaves_out_what_is_waived_and_says_what_is_not_verified(result: Result, clean_result: Result) -> None:
    severities = [entry["severity"] for entry in json.loads(render(result, "gitlab"))]
    assert severities == ["blocker", "critical", "critical", "minor", "minor", *["major"] * 4, "info"]
    assert json.loads(render(clean_result, "gitlab")) == []


def test_gitlab_s_fingerprints_hold_when_lines_move(result: Result, balance: Finding) -> None:
    moved = [cell.model_copy(update={"place": PlaceRecord(line=(cell.place.line or 0) + 5)}) for cell in balance.cells]
    (first,) = json.loads(render(with_findings(result, [balance], Verdict.FINDINGS), "gitlab"))
    (second,) = json.loads(render(with_findings(result, [balance.model_copy(update={"cells": moved})], Verdict.FINDINGS), "gitlab"))
    assert first["fingerprint"] == second["fingerprint"]
    assert first["location"]["lines"] != second["location"]["lines"]


# --- Markdown ------------------------------------------------------------------------------------------------------------------


def test_the_verdict_comes_first_and_details_are_folded(result: Result) -> None:
    text = render(result, "markdown", notes=True, waived=True)
    head, _, folded = text.partition("<details>")
    assert head.startswith("**未能核对** ")
    rows = [line.split(" | ")[0].removeprefix("| ") for line in head.splitlines() if line.startswith("| ")]
    assert rows == ["级别", "错误", "错误", "存疑", "存疑", *["未能核对"] * 4, "提示", "已豁免"]
    assert folded.count("\n- **") == len(result.findings)
    assert "由62改为59" in folded or "若为59" in folded
    assert "机构改革，上年数据并入" in folded
    assert text.rstrip().endswith("通过 34 · 不符 6 · 未判定 4 · 不适用 3")


def test_what_is_held_back_is_counted(result: Result) -> None:
    text = render(result, "markdown")
    assert "另有1条提示" in text
    assert "不计入结论的1条" in text
    assert "blank-as-zero" not in text


def test_a_comment_is_never_too_long(result: Result, balance: Finding) -> None:
    many = with_findings(result, [balance] * 1000, Verdict.FINDINGS)
    several = many.model_copy(update={"reports": many.reports * 400})
    for one in (many, several):
        text = render(one, "markdown")
        assert len(text) < 65_536
        rows = len(re.findall(r"^\| 错误 \|", text, flags=re.M))
        left = re.search(r"另有(\d+)条未列出", text)
        assert left is not None
        assert rows + int(left[1]) == len(one.findings)


# --- short forms ---------------------------------------------------------------------------------------------------------------


def test_quiet_is_one_line_of_verdicts_and_counts(result: Result, clean_result: Result) -> None:
    both = result.model_copy(update={"reports": [*result.reports, *clean_result.reports]})
    (line,) = render(both, "quiet").splitlines()
    assert "共2份报告：1份未发现错误，0份有不符，1份未能核对" in line
    assert "错误 2 · 存疑 2 · 提示 1 · 未能核对 4 · 已豁免 1" in line
    assert "通过 76 · 不符 6 · 未判定 4 · 不适用 6" in line
    assert len(render(Result(engine="0"), "quiet").splitlines()) == 1


def test_statistics_count_by_severity_and_rule(result: Result) -> None:
    *lines, last = render(result, "statistics", lang="en").splitlines()
    counted = [line.split(maxsplit=1) for line in lines]
    assert sum(int(number) for number, _ in counted) == len(result.findings)
    assert sum("cn-disclosure/requests-balance" in line for line in lines) == 3  # failed, undecided, waived
    assert last == render(result, "quiet", lang="en").strip()


@pytest.mark.parametrize("format_", ["junit", "github", "gitlab", "markdown", "sarif", "quiet", "statistics"])
def test_every_format_speaks_english(result: Result, format_: str) -> None:
    assert render(result, format_, lang="en") != render(result, format_, lang="zh") or format_ == "gitlab"
