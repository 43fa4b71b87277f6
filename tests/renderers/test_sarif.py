from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from browser import fetched
from hostile import hostile_result
from sarif_shape import faults

from govreport_check.findings import Cite, Finding, PlaceRecord, Result, RuleRecord, Severity, Waived
from govreport_check.renderers import render


def log_of(result: Result, **options: Any) -> dict[str, Any]:
    return json.loads(render(result, "sarif", **options))  # type: ignore[no-any-return]


def run_of(result: Result, **options: Any) -> dict[str, Any]:
    (run,) = log_of(result, **options)["runs"]
    return run  # type: ignore[no-any-return]


def test_the_structure_is_that_of_the_standard(result: Result, clean_result: Result) -> None:
    for one in (result, clean_result, hostile_result(), Result(engine="0")):
        assert faults(log_of(one)) == []


def test_the_structure_test_finds_faults(result: Result) -> None:
    log = log_of(result)
    run = log["runs"][0]
    run["results"][0] |= {"kind": "open", "colour": "red"}
    del run["results"][1]["message"]
    run["results"][2]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    assert len(faults(log)) == 4


def test_the_official_schema_agrees(result: Result, clean_result: Result, tmp_path: Path) -> None:
    """The schema as Microsoft's matchers for tests carry it (2.1.0-rtm.5, the last one published)."""
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads(fetched(tmp_path, "@microsoft/jest-sarif@1.0.0-beta.0", "lib/schemas/sarif-2.1.0-rtm.5.json"))
    for one in (result, clean_result, hostile_result()):
        jsonschema.validate(log_of(one), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**log_of(result), "runs": [{}]}, schema)


def test_every_finding_is_a_result_of_its_kind(result: Result) -> None:
    told = [(one["ruleId"], one["kind"], one["level"]) for one in run_of(result)["results"]]
    wanted = [
        (finding.rule, "fail" if finding.outcome == "fail" else "open", finding.severity.value if finding.outcome == "fail" else "none")
        for finding in result.findings
    ]
    assert told == wanted
    assert {"open", "fail"} == {kind for _, kind, _ in told}
    assert {"error", "warning", "note", "none"} == {level for _, _, level in told}


def test_the_verdict_and_the_exit_code_are_those_of_the_check(result: Result, clean_result: Result) -> None:
    for one in (result, clean_result):
        run = run_of(one)
        assert run["invocations"][0]["exitCode"] == one.exit_code
        assert [artifact["properties"]["verdict"] for artifact in run["artifacts"]] == [report.verdict.value for report in one.reports]
    (note,) = run_of(result)["invocations"][0]["toolExecutionNotifications"]
    assert (note["level"], note["descriptor"]["id"], note["message"]["text"]) == ("error", "not-verified", result.reports[0].sentence)
    assert run_of(clean_result)["invocations"][0]["toolExecutionNotifications"] == []
    assert run_of(Result(engine="0"))["invocations"][0]["executionSuccessful"] is False


def test_places_are_lines_of_files_and_what_else_there_is(balance: Finding, result: Result) -> None:
    first, *_ = run_of(result)["results"]
    (location,) = first["locations"]
    assert location["physicalLocation"]["region"] == {"startLine": 48}
    assert location["physicalLocation"]["artifactLocation"]["index"] == 0
    assert [one["physicalLocation"]["region"]["startLine"] for one in first["relatedLocations"]] == [49, 71, 72]
    page = balance.cells[0].model_copy(update={"place": PlaceRecord(page=3, table=2, row=4)})
    report = result.reports[0].model_copy(update={"findings": [balance.model_copy(update={"cells": [page]})]})
    (told,) = run_of(result.model_copy(update={"reports": [report]}))["results"]
    assert "region" not in told["locations"][0]["physicalLocation"]
    assert {one["kind"]: one["fullyQualifiedName"] for one in told["locations"][0]["logicalLocations"]} == {
        "value": "requests[new_received, natural_person]",
        "page": "page=3",
        "table": "table=2&row=4",
    }
    assert told["message"]["text"].endswith("(第3页第2个表格第4行)")


def test_last_year_s_figure_is_never_the_place_to_look_at_first(balance: Finding, result: Result) -> None:
    before = balance.cells[0].model_copy(update={"address": "prior.x", "place": PlaceRecord(source="2023.txt", line=7)})
    finding = balance.model_copy(update={"cells": [before, *balance.cells[1:]]})
    report = result.reports[0].model_copy(update={"findings": [finding]})
    (told,) = run_of(result.model_copy(update={"reports": [report]}))["results"]
    assert told["locations"][0]["physicalLocation"]["region"]["startLine"] == 49
    assert told["relatedLocations"][-1]["physicalLocation"]["artifactLocation"] == {"uri": "2023.txt"}


def test_what_is_waived_is_suppressed_with_its_reason(result: Result, balance: Finding) -> None:
    *others, last = run_of(result)["results"]
    assert [one["suppressions"] for one in others] == [[]] * len(others)
    (suppression,) = last["suppressions"]
    assert (suppression["kind"], suppression["status"], suppression["properties"]["until"]) == ("external", "accepted", "2026-12-31")
    assert "机构改革，上年数据并入" in suppression["justification"]
    known = balance.model_copy(update={"waived": Waived(kind="baseline", reason="列入基线的既有问题", file="b.json")})
    report = result.reports[0].model_copy(update={"findings": [known]})
    (told,) = run_of(result.model_copy(update={"reports": [report]}))["results"]
    assert told["suppressions"][0]["properties"]["kind"] == "baseline"
    assert told["suppressions"][0]["location"]["physicalLocation"]["artifactLocation"]["uri"] == "b.json"


def test_suspects_are_told_as_properties(result: Result) -> None:
    first, *_ = run_of(result)["results"]
    (suspect,) = first["properties"]["suspects"]
    assert (suspect["cells"][0]["from"], suspect["cells"][0]["to"], suspect["explains"]) == ("62", "59", ["3f9a0b1c", "77aa"])


def test_a_report_that_is_named_twice_is_one_artifact(clean_result: Result) -> None:
    twice = clean_result.model_copy(update={"reports": clean_result.reports * 2})
    assert len(run_of(twice)["artifacts"]) == 1


def test_a_message_holds_no_link() -> None:
    messages = re.findall(r'"text": "([^"]*(?:\\.[^"]*)*)"', json.dumps(log_of(hostile_result())["runs"][0]["results"]))
    assert len(messages) >= 5
    assert [message for message in messages if "](" in message] == []


def test_fingerprints_are_those_of_the_contract(result: Result) -> None:
    assert [one["partialFingerprints"] for one in run_of(result)["results"]] == [
        {"govreport/v1": finding.fingerprint} for finding in result.findings
    ]


def test_rules_speak_both_languages_where_they_are_known(result: Result) -> None:
    rule = RuleRecord(
        severity=Severity.ERROR,
        title={"zh": "收支平衡", "en": "balance"},
        why={"zh": "必须相等。", "en": "They must be equal."},
        fix={"zh": "核对。", "en": "Check."},
        cites=[Cite(document="国办公开办函〔2021〕30号", at="表三")],
    )
    known = result.model_copy(update={"rules": {"cn-disclosure/requests-balance": rule}})
    run = run_of(known)
    (own,) = [one for one in run["tool"]["driver"]["rules"] if one["id"] == "cn-disclosure/requests-balance"]
    assert own["fullDescription"]["text"] == "必须相等。"
    assert own["properties"]["citations"] == [{"document": "国办公开办函〔2021〕30号", "at": "表三"}]
    assert "国办公开办函〔2021〕30号" in own["help"]["text"]
    (other,) = run["translations"]
    (translated,) = [one for one in other["rules"] if one["id"] == "cn-disclosure/requests-balance"]
    assert (other["language"], translated["fullDescription"]["text"]) == ("en", "They must be equal.")
    assert faults(log_of(known)) == []
    assert run_of(known, lang="en")["tool"]["driver"]["language"] == "en"


@pytest.mark.parametrize(
    ("source", "uri"),
    [
        ("报告/《云岭县》 2024.txt", "%E6%8A%A5%E5%91%8A/%E3%80%8A%E4%BA%91%E5%B2%AD%E5%8E%BF%E3%80%8B%202024.txt"),
        ("/data/a.txt", "file:///data/a.txt"),
        ("../a b.txt", "../a%20b.txt"),
        ("c:d.txt", "c%3Ad.txt"),
    ],
)
def test_files_are_uri_references(clean_result: Result, source: str, uri: str) -> None:
    report = clean_result.reports[0].model_copy(update={"source": source})
    (artifact,) = run_of(clean_result.model_copy(update={"reports": [report]}))["artifacts"]
    assert artifact["location"]["uri"] == uri
