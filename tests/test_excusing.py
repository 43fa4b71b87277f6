"""What waivers and baselines do to a check: what counts, what is told, and that a changed number ends it."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from some_reports import EXAMPLES, YUNLING, changed

from govreport_check import check, check_many, read
from govreport_check.baseline import baseline_text, known_findings, read_baseline
from govreport_check.errors import PackError, UsageError
from govreport_check.findings import Finding, Result, Verdict
from govreport_check.pack import rules_folder
from govreport_check.readers.written import to_json
from govreport_check.waivers import SCHEMA

MISTAKES = EXAMPLES / "yunling-2024-mistakes.txt"
CELL = ("requests", "denied.internal_affairs", "total")
WRONG = changed(YUNLING, {CELL: 99})
TODAY = date(2026, 6, 30)
ROW = "cn-disclosure/requests-row-total"

Put = Callable[..., Path]


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """Writes a waivers file of the given waivers, each with a reason and a last day unless it says otherwise."""

    def write(*waivers: Mapping[str, Any], name: str = "w.yaml") -> Path:
        path = tmp_path / name
        entries = [{"reason": "机构改革", "until": "2026-12-31", **waiver} for waiver in waivers]
        path.write_text(json.dumps({"schema": SCHEMA, "waivers": entries}, ensure_ascii=False), encoding="utf-8")
        return path

    return write


def row_finding(report: Any = WRONG, **options: Any) -> Finding:
    return next(finding for finding in check(report, **options).findings if finding.rule == ROW)


def counted(result: Result) -> list[str]:
    return [finding.rule for finding in result.findings if not finding.waived and finding.outcome == "fail"]


def about_waivers(result: Result) -> list[tuple[str, str]]:
    return [(finding.rule, finding.severity.value) for finding in result.findings if finding.rule.endswith("-waiver")]


# --- waived --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("digits", [16, 8])
def test_a_waived_finding_stays_and_does_not_count(put: Put, digits: int) -> None:
    findings = check(WRONG, fail_on="note").findings
    path = put(*({"finding": finding.fingerprint[:digits], "by": "李四"} for finding in findings))
    result = check(WRONG, fail_on="note", waivers=path, today=TODAY)
    assert [finding.model_copy(update={"waived": None}) for finding in result.findings] == findings
    assert counted(result) == []
    assert (result.reports[0].verdict, result.exit_code) == (Verdict.CLEAN, 0)
    assert str(len(findings)) in result.reports[0].sentence
    waived = result.findings[0].waived
    assert waived is not None
    assert waived.model_dump() == {
        "kind": "waiver",
        "reason": "机构改革",
        "by": "李四",
        "until": "2026-12-31",
        "file": str(path),
        "line": 1,
    }


def test_one_waiver_excuses_one_finding(put: Put) -> None:
    before = check(WRONG).findings
    result = check(WRONG, waivers=put({"finding": row_finding().fingerprint}), today=TODAY)
    assert len(before) > 1
    assert [finding.rule for finding in result.findings if finding.waived] == [ROW]
    assert result.reports[0].verdict is Verdict.FINDINGS


@pytest.mark.parametrize("raw", [98, 100, "99（注）", "9９", None])
def test_a_waiver_ends_when_the_number_changes(put: Put, raw: Any) -> None:
    path = put({"finding": row_finding().fingerprint, "rule": ROW})
    result = check(changed(YUNLING, {CELL: raw}), waivers=path, today=TODAY)
    assert [finding for finding in result.findings if finding.waived] == []
    assert ("form/unused-waiver", "note") in about_waivers(result)


def test_a_change_of_another_number_of_the_equation_ends_it_too(put: Put) -> None:
    path = put({"finding": row_finding().fingerprint, "rule": ROW})
    other = changed(WRONG, {("requests", "denied.internal_affairs", "natural_person"): 50})
    assert ROW in counted(check(other, waivers=path, today=TODAY))


def test_a_number_elsewhere_ends_nothing(put: Put) -> None:
    path = put({"finding": row_finding().fingerprint})
    other = changed(WRONG, {("documents", "regulations", "issued"): 77})
    result = check(other, waivers=path, today=TODAY)
    assert [row_finding().fingerprint] == [finding.fingerprint for finding in result.findings if finding.waived]


# --- what is told of waivers ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "holds"), [("2026-12-30", True), ("2026-12-31", True), ("2027-01-01", False)])
def test_the_last_day_is_inclusive(put: Put, day: str, holds: bool) -> None:
    path = put({"finding": row_finding().fingerprint})
    result = check(WRONG, waivers=path, today=date.fromisoformat(day))
    assert (ROW not in counted(result)) == holds
    assert about_waivers(result) == ([] if holds else [("form/expired-waiver", "warning")])


def test_an_expired_waiver_says_where_it_stands(put: Put) -> None:
    path = put({"finding": row_finding().fingerprint})
    told = next(finding for finding in check(WRONG, waivers=path, today=date(2030, 1, 1)).findings if finding.rule == "form/expired-waiver")
    assert ROW in told.message
    assert "2026-12-31" in told.message
    assert f"{path}:1:" in told.message
    assert (told.cells[0].place.source, told.cells[0].place.line) == (str(path), 1)


def test_an_unused_waiver_names_its_rule(put: Put) -> None:
    result = check(YUNLING, waivers=put({"finding": "0" * 16, "rule": "requests-balance"}), today=TODAY, lang="en")
    assert about_waivers(result) == [("form/unused-waiver", "note")]
    assert "requests-balance" in next(finding.message for finding in result.findings if finding.rule == "form/unused-waiver")
    assert result.exit_code == 0


def test_a_waiver_of_a_rule_that_was_not_asked_is_not_missed(put: Put) -> None:
    path = put({"finding": "0" * 16, "rule": "requests-balance"})
    assert about_waivers(check(YUNLING, waivers=path, today=TODAY, select=["disputes-total", "form"])) == []
    assert about_waivers(check(YUNLING, waivers=path, today=TODAY, select=["requests-balance", "form"])) != []


def test_a_waiver_of_another_report_is_not_missed(put: Put) -> None:
    waiver = {"finding": "0" * 16, "agency": "云岭县人民政府"}
    assert about_waivers(check(YUNLING, waivers=put({**waiver, "year": 2023}), today=TODAY)) == []
    assert about_waivers(check(YUNLING, waivers=put({**waiver, "year": 2024}), today=TODAY)) == [("form/unused-waiver", "note")]


def test_a_waiver_that_one_of_many_reports_uses_is_used(put: Put) -> None:
    path = put({"finding": row_finding().fingerprint}, {"finding": "0" * 16})
    result = check_many([YUNLING, WRONG], waivers=path, today=TODAY)
    told = [[finding.rule for finding in report.findings if finding.rule.endswith("-waiver")] for report in result.reports]
    assert told == [["form/unused-waiver"], []]
    assert [finding.rule for finding in result.reports[1].findings if finding.waived] == [ROW]


@pytest.mark.parametrize("wrong", [{"reason": ""}, {"until": "2026-02-30"}, {"until": "next year"}, {"rul": ROW}, {"by": 7}])
def test_a_malformed_waiver_waives_nothing_and_is_an_error(put: Put, wrong: Mapping[str, Any]) -> None:
    path = put({"finding": row_finding().fingerprint, **wrong})
    result = check(WRONG, waivers=path, today=TODAY)
    assert [finding for finding in result.findings if finding.waived] == []
    assert about_waivers(result) == [("form/malformed-waiver", "error")]


def test_a_clean_report_with_a_malformed_waiver_is_not_clean(put: Put) -> None:
    assert check(YUNLING).exit_code == 0
    assert check(YUNLING, waivers=put({"finding": "0" * 16, "reason": ""}), today=TODAY).exit_code == 1


def test_a_file_that_is_no_waivers_at_all_is_a_finding(tmp_path: Path) -> None:
    path = tmp_path / "w.yaml"
    path.write_text("waivers: [", encoding="utf-8")
    assert about_waivers(check(YUNLING, waivers=path)) == [("form/malformed-waiver", "error")]


def test_a_waiver_that_names_another_rule_waives_nothing(put: Put) -> None:
    result = check(WRONG, waivers=put({"finding": row_finding().fingerprint, "rule": "requests-balance"}), today=TODAY)
    assert ROW in counted(result)
    assert about_waivers(result) == [("form/malformed-waiver", "error")]


@pytest.mark.parametrize("name", [ROW, ROW.partition("/")[2]])
def test_a_rule_may_be_named_with_or_without_its_pack(put: Put, name: str) -> None:
    result = check(WRONG, waivers=put({"finding": row_finding().fingerprint, "rule": name}), today=TODAY)
    assert ROW not in counted(result)
    assert about_waivers(result) == []


def test_a_waiver_outlasts_the_renaming_of_its_rule(put: Put, tmp_path: Path) -> None:
    shutil.copytree(rules_folder() / "cn-disclosure", tmp_path / "pack")
    old = tmp_path / "pack" / "requests" / "requests-row-total.yaml"
    old.with_name("requests-row-sum.yaml").write_text(
        old.read_text(encoding="utf-8").replace("status:", "was: [requests-row-total]\nstatus:", 1), encoding="utf-8"
    )
    old.unlink()
    path = put({"finding": row_finding().fingerprint, "rule": "requests-row-total"})
    result = check(WRONG, packs=[tmp_path / "pack"], waivers=path, today=TODAY)
    assert [finding.rule for finding in result.findings if finding.waived] == ["cn-disclosure/requests-row-sum"]
    assert about_waivers(result) == []


def test_a_beginning_of_several_fingerprints_waives_nothing(put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = iter(range(1000))
    monkeypatch.setattr("govreport_check.explain.fingerprint", lambda *_: f"abcdef00{next(numbers):08x}")
    result = check(WRONG, waivers=put({"finding": "abcdef00"}), today=TODAY)
    assert len(result.findings) > 2
    assert [finding for finding in result.findings if finding.waived] == []
    assert about_waivers(result) == [("form/malformed-waiver", "error")]


@pytest.mark.parametrize(("cell", "rule"), [("8x6", "form/unreadable-cell"), (..., "form/absent-row")], ids=["unreadable", "absent"])
def test_what_was_not_read_cannot_be_waived(put: Put, cell: Any, rule: str) -> None:
    report = changed(YUNLING, {("requests", "new_received", "natural_person"): cell})
    if cell is ...:
        del report["tables"]["requests"]["granted"]
    cause = next(finding for finding in check(report).findings if finding.rule == rule)
    result = check(report, waivers=put({"finding": cause.fingerprint}), today=TODAY)
    assert [finding for finding in result.findings if finding.waived] == []
    assert about_waivers(result) == [("form/refused-waiver", "warning")]
    assert result.reports[0].verdict is Verdict.NOT_VERIFIED


def test_a_wrong_path_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        check(YUNLING, waivers=tmp_path / "no.yaml")
    with pytest.raises(UsageError):
        check(YUNLING, baseline=tmp_path / "no.json")


# --- the fingerprint -----------------------------------------------------------------------------------------------------------


def prints(result: Result) -> set[tuple[str, str]]:
    return {(finding.rule, finding.fingerprint) for finding in result.findings}


def test_fingerprints_outlast_formats_languages_names_and_lines(tmp_path: Path) -> None:
    text = MISTAKES.read_text(encoding="utf-8")
    first, rest = text.split("\n", 1)
    as_data = json.loads(to_json(read(MISTAKES)))
    expected = prints(check(MISTAKES))
    assert len(expected) > 10
    assert prints(check(MISTAKES, lang="en")) == expected
    assert prints(check(f"{first}\n\n\n{rest}", name="copy.md")) == expected
    assert prints(check(as_data)) == expected
    assert prints(check_many([YUNLING, MISTAKES])) >= expected


def test_the_fingerprint_is_what_the_contract_says() -> None:
    """Written again from ``docs/contracts.md``: baselines and waivers of others rest on it."""
    (report,) = check(changed(YUNLING, {CELL: 99, ("disputes", "review", "total"): None})).reports
    assert len(report.findings) > 3
    for finding in report.findings:
        lines = [report.form, report.about["agency"], report.about["year"], finding.rule]
        lines += [f"{name}={value}" for name, value in sorted(finding.bindings.items())]
        lines += [f"{cell.address}={cell.raw or ''}" for cell in sorted(finding.cells, key=lambda cell: cell.address)]
        assert finding.fingerprint == hashlib.sha256("\n".join(map(str, lines)).encode()).hexdigest()[:16], finding.rule


@pytest.mark.parametrize("fact", [("agency", "别的县人民政府"), ("year", 2023)])
def test_fingerprints_tell_reports_apart(fact: tuple[str, Any]) -> None:
    other = {**WRONG, "about": {**WRONG["about"], fact[0]: fact[1]}}
    assert row_finding(other).fingerprint != row_finding().fingerprint


def test_last_year_s_number_is_part_of_a_finding_about_it() -> None:
    def carried(printed: int) -> list[str]:
        prior = changed(YUNLING, {("requests", "carried_forward", "natural_person"): printed})
        prior["about"] = {"agency": YUNLING["about"]["agency"], "year": 2023}
        found = check(YUNLING, prior=prior, select=["carry-over"]).findings
        return [finding.fingerprint for finding in found if finding.bindings.get("who") == "natural_person"]

    assert len(carried(50)) == 1
    assert carried(50) == carried(50)
    assert carried(50) != carried(51)


def test_the_number_of_a_part_is_part_of_a_finding_about_it() -> None:
    def sums(printed: int) -> set[str]:
        part = changed(YUNLING, {("documents", "regulations", "issued"): printed})
        return {finding.fingerprint for finding in check(YUNLING, parts=[part], select=["documents-within-summary"]).findings}

    assert sums(500)
    assert sums(500) == sums(500)
    assert sums(500) != sums(501)


# --- the baseline --------------------------------------------------------------------------------------------------------------


def written(result: Result, tmp_path: Path) -> Path:
    path = tmp_path / "baseline.json"
    path.write_text(baseline_text(known_findings(result)), encoding="utf-8")
    return path


def test_what_was_there_is_known_and_what_is_new_is_told(tmp_path: Path) -> None:
    path = written(check(WRONG), tmp_path)
    assert check(WRONG, baseline=path).exit_code == 0
    kinds = {finding.waived.kind if finding.waived else None for finding in check(WRONG, baseline=path).findings}
    assert kinds == {"baseline"}
    more = check(changed(WRONG, {("disputes", "review", "total"): 77}), baseline=path)
    assert "cn-disclosure/disputes-total" in counted(more)
    assert ROW not in counted(more)


def test_another_mistake_of_the_same_rule_is_new(tmp_path: Path) -> None:
    path = written(check(WRONG), tmp_path)
    swapped = check(changed(YUNLING, {CELL: 98}), baseline=path)
    assert len(swapped.findings) == len(check(WRONG).findings)
    assert ROW in counted(swapped)


def test_what_is_gone_is_counted_in_the_sentence(tmp_path: Path) -> None:
    path = written(check(WRONG), tmp_path)
    number = len(known_findings(check(WRONG)))
    (report,) = check(YUNLING, baseline=path, lang="en").reports
    assert report.gone == number > 1
    assert f"{number} of the baseline no longer occur" in report.sentence
    assert check(WRONG, baseline=path).reports[0].gone == 0
    assert check(YUNLING, baseline=path, select=["disputes-total"]).reports[0].gone == 0
    assert check({**YUNLING, "about": {**YUNLING["about"], "year": 2023}}, baseline=path).reports[0].gone == 0


def test_a_baseline_is_the_same_whatever_the_order(tmp_path: Path) -> None:
    one, other = (check_many(sources, names=names) for sources, names in (([WRONG, MISTAKES], ["a", "b"]), ([MISTAKES, WRONG], ["b", "a"])))
    text = baseline_text(known_findings(one))
    assert text == baseline_text(known_findings(other))
    entries = json.loads(text)["findings"]
    assert [entry["finding"] for entry in entries] == sorted({finding.fingerprint for finding in one.findings})
    placed = next(entry for entry in entries if entry["source"] == "b" and entry["rule"] == ROW)
    assert (placed["line"], placed["agency"], placed["year"], placed["severity"]) == (49, "云岭县人民政府", "2024", "error")


def test_an_empty_baseline_is_one(tmp_path: Path) -> None:
    path = written(check(YUNLING), tmp_path)
    assert read_baseline(path).entries == {}
    assert ROW in counted(check(WRONG, baseline=path))


def test_what_was_not_read_is_never_known(tmp_path: Path) -> None:
    report = changed(YUNLING, {("requests", "new_received", "natural_person"): "8x6"})
    path = written(check(report), tmp_path)
    result = check(report, baseline=path)
    assert [finding.rule for finding in result.findings if not finding.waived] == ["form/unreadable-cell"]
    assert result.reports[0].verdict is Verdict.NOT_VERIFIED
    assert "form/unreadable-cell" not in path.read_text(encoding="utf-8")


def test_a_finding_that_became_louder_is_told(tmp_path: Path) -> None:
    path = written(check(WRONG), tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace('"error"', '"note"'), encoding="utf-8")
    assert ROW in counted(check(WRONG, baseline=path))


def test_waived_findings_are_not_written_into_a_baseline_which_has_no_last_day(put: Put, tmp_path: Path) -> None:
    path = put({"finding": row_finding().fingerprint}, {"finding": "0" * 16})
    rules = {entry.rule for entry in known_findings(check(WRONG, waivers=path, today=TODAY))}
    assert rules
    assert rules & {ROW, "form/unused-waiver"} == set()


def test_an_expired_waiver_is_not_kept_alive_by_a_baseline(put: Put, tmp_path: Path) -> None:
    path = put({"finding": row_finding().fingerprint, "until": "2020-12-31"})
    result = check(WRONG, waivers=path, baseline=written(check(WRONG), tmp_path), today=TODAY)
    assert counted(result) == [ROW, "form/expired-waiver"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("{", (1, 2)),
        ("[]", (1, 1)),
        ('{"schema": "govreport-baseline/2", "findings": []}', (1, 12)),
        ('{"schema": "govreport-baseline/1", "findings": [\n {"finding": 3, "rule": "a", "severity": "error", "source": "b"}]}', (2, 14)),
        ('{"schema": "govreport-baseline/1", "findings": [\n {"rule": "a", "severity": "error", "source": "b"}]}', (2, 2)),
    ],
)
def test_a_bad_baseline_stops_the_run_with_its_place(text: str, place: tuple[int, int], tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PackError) as raised:
        check(YUNLING, baseline=path)
    assert [(complaint.line, complaint.column) for complaint in raised.value.complaints] == [place]
