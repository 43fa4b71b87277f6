"""Packs that rest on others, rules of a version, severities that settings give, and rule files to begin with."""

from __future__ import annotations

from pathlib import Path

import pytest
from some_reports import EXAMPLES

from govreport_check import PackError, UsageError, check, load_pack, test_pack
from govreport_check.cli import main
from govreport_check.engine import Job, Options, check_jobs
from govreport_check.pack import pack_to_check, rules_folder
from govreport_check.selection import Override, is_newer, select_rules

MISTAKES = EXAMPLES / "yunling-2024-mistakes.txt"
HEAD = """\
schema: govreport-pack/1
id: our-county
version: "1"
title: {zh: 我县, en: Ours}
languages: [zh]
extends: cn-disclosure
"""


def pack(folder: Path, more: str = "", head: str = HEAD) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "pack.yaml").write_text(head + more, encoding="utf-8")
    return folder


def rules_of(source: Path, **options: object) -> list[str]:
    return [finding.rule for finding in check(source, **options).findings]  # type: ignore[arg-type]


def test_everything_is_taken_over(tmp_path: Path) -> None:
    own, base = load_pack(pack(tmp_path / "own")), load_pack("cn-disclosure")
    assert [rule.id for rule in own.rules] == [rule.id for rule in base.rules]
    assert (own.forms.keys(), own.hash != base.hash, own.base) == (base.forms.keys(), True, base)
    usual, here = check(MISTAKES), check(MISTAKES, packs=[tmp_path / "own"])
    assert [one.fingerprint for one in here.findings] == [one.fingerprint for one in usual.findings]


def test_rules_are_off_or_of_another_severity(tmp_path: Path) -> None:
    own = pack(tmp_path / "own", "off: [disputes-total]\nseverity:\n  cn-disclosure/carried-over-stated: {to: note, because: 另有说明}\n")
    told = {finding.rule: finding.severity.value for finding in check(MISTAKES, packs=[own]).findings}
    assert "cn-disclosure/disputes-total" not in told
    assert told["cn-disclosure/carried-over-stated"] == "note"
    assert "cn-disclosure/disputes-total" in rules_of(MISTAKES, packs=[own], select=["disputes-total"])


def test_a_rule_of_the_same_name_replaces(tmp_path: Path) -> None:
    own = pack(tmp_path / "own")
    text = (rules_folder() / "cn-disclosure" / "requests" / "requests-balance.yaml").read_text(encoding="utf-8")
    (own / "requests-balance.yaml").write_text(text.replace("severity: error", "severity: warning"), encoding="utf-8")
    loaded = load_pack(own)
    assert [rule.id for rule in loaded.rules if rule.name == "requests-balance"] == ["our-county/requests-balance"]
    balance = [one for one in check(MISTAKES, packs=[own]).findings if one.rule.endswith("/requests-balance")]
    assert [one.severity.value for one in balance] == ["warning"] * len(balance) != []


def test_the_hash_is_over_both(tmp_path: Path) -> None:
    base = pack(tmp_path / "base", head=HEAD.replace("our-county", "base"))
    own = pack(tmp_path / "own", head=HEAD.replace("cn-disclosure", "../base"))
    before = load_pack(own).hash
    pack(base, "off: [disputes-total]\n", head=HEAD.replace("our-county", "base"))
    assert load_pack(own).hash != before
    assert pack_to_check(own).hash == load_pack(own).hash


@pytest.mark.parametrize(
    ("more", "line", "said"),
    [
        ("off: [disputes-totl]\n", 7, "did you mean disputes-total"),
        ("severity: {disputes-totl: {to: note, because: 因}}\n", 7, "did you mean disputes-total"),
        ("severity: {disputes-total: {to: note}}\n", 7, "because"),
        ("severity: {carried-over-stated: {to: error, because: 因}}\n", 7, "at most a warning"),
    ],
)
def test_mistakes_are_told_with_their_place(tmp_path: Path, more: str, line: int, said: str) -> None:
    with pytest.raises(PackError) as error:
        load_pack(pack(tmp_path / "own", more))
    (complaint,) = error.value.complaints
    assert (Path(complaint.source).name, complaint.line) == ("pack.yaml", line)
    assert said in complaint.message


@pytest.mark.parametrize(("base", "said"), [("cn-disclosur", "did you mean cn-disclosure"), (".", "leads back to itself")])
def test_what_cannot_be_extended_is_told(tmp_path: Path, base: str, said: str) -> None:
    with pytest.raises(PackError, match=said):
        load_pack(pack(tmp_path / "own", head=HEAD.replace("cn-disclosure", base)))


def test_forms_and_overrides_belong_to_the_right_kind_of_pack(tmp_path: Path) -> None:
    own = pack(tmp_path / "own")
    (own / "forms").mkdir()
    form = (rules_folder() / "cn-disclosure" / "forms" / "2021.yaml").read_bytes()
    (own / "forms" / "2021.yaml").write_bytes(form)
    with pytest.raises(PackError, match="has that one's forms"):
        load_pack(own)
    pack(own, "off: [a]\n", head=HEAD.replace("extends: cn-disclosure\n", ""))
    with pytest.raises(PackError, match="say which by extends"):
        load_pack(own)


# --- rules as of a version -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "newer"), [("0.10", "0.9", True), ("1", "1.0", False), ("0.3", "0.3.1", False), ("1.0.1", "1", True)]
)
def test_versions_are_numbers(one: str, other: str, newer: bool) -> None:
    assert is_newer(one, other) is newer


def test_newer_rules_are_off_unless_named(tmp_path: Path) -> None:
    own = pack(tmp_path / "own")
    text = (rules_folder() / "cn-disclosure" / "requests" / "requests-balance.yaml").read_text(encoding="utf-8")
    (own / "requests-balance.yaml").write_text(text.replace('since: "0.1"', 'since: "0.4"'), encoding="utf-8")
    loaded = [load_pack(own)]

    def names(**options: object) -> set[str]:
        return {rule.name for rule in select_rules(loaded, Options(**options))["our-county"]}  # type: ignore[arg-type]

    assert "requests-balance" in names(as_of="0.4")
    assert names() - names(as_of="0.3") == {"requests-balance"}
    assert "requests-balance" not in names(as_of="0.3", select=("requests",))
    assert names(as_of="0.3", select=("requests-balance",)) == {"requests-balance"}
    with pytest.raises(UsageError, match="a version such as"):
        check_jobs([Job(MISTAKES)], None, Options(as_of="latest"))


# --- severities that settings give ---------------------------------------------------------------------------------------------


def test_an_override_changes_the_verdict_and_is_told() -> None:
    override = Override("disputes-total", "note", "并案审理", "govreport.toml:3")
    result = check_jobs([Job(MISTAKES)], None, Options(select=("disputes-total",), overrides=(override,)))
    assert [(one.rule, one.severity, one.reason, one.at) for one in result.overrides] == [
        ("disputes-total", "note", "并案审理", "govreport.toml:3")
    ]
    assert (result.findings[0].severity, result.exit_code) == ("note", 0)
    with pytest.raises(UsageError, match="at most a warning"):
        check_jobs([Job(MISTAKES)], None, Options(overrides=(Override("carried-over-stated", "error", "因"),)))


def test_jobs_may_be_checked_in_different_ways() -> None:
    jobs = [Job(MISTAKES), Job(MISTAKES, options=Options(select=("disputes-total",), fail_on="never"))]
    whole, part = check_jobs(jobs, None, Options()).reports
    assert (whole.verdict, part.verdict) == ("findings", "clean")
    assert {one.rule for one in part.findings} == {"cn-disclosure/disputes-total"}


# --- a rule file to begin with -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("base", ["cn-disclosure", "us-foia"])
def test_a_new_rule_loads_and_its_examples_hold(tmp_path: Path, base: str, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "own"
    assert main(["rules", "new", "within-limit", "--pack", str(folder), "--extends", base]) == 0
    assert main(["rules", "new", "another", "--pack", str(folder)]) == 0
    results = [one for one in test_pack(load_pack(folder)) if one.rule in ("own/within-limit", "own/another")]
    assert [(one.expected, one.message) for one in results] == [("pass", ""), ("fail", "")] * 2
    capsys.readouterr()
    assert main(["rules", "new", "another", "--pack", str(folder)]) == 2
    assert "already" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["Upper"], ["two words"], ["../up"], ["good", "--extends", "nothing"]])
def test_what_no_rule_can_be_called_is_refused(tmp_path: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "new", *arguments, "--pack", str(tmp_path / "own")]) == 2
    assert not (tmp_path / "own").exists()
    assert capsys.readouterr().err
