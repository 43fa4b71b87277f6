"""A rule set checked as a whole, on small packs with one fault each, and on the pack for China."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from govreport_check.audit import Audit, audit_pack
from govreport_check.cli import main
from govreport_check.pack import load_pack

WORDS = {"zh": "说明", "en": "words"}
CELLS = ("a", "b", "total")
FORM = {
    "schema": "govreport-form/1",
    "id": "small/2021",
    "years": "2021-",
    "sections": {"part": {"heading": "部分"}},
    "tables": {
        "t": {
            "section": "part",
            "name": WORDS,
            "cells": {"all": "count"},
            "columns": {**dict.fromkeys(CELLS, "列"), "free": "列"},
            "rows": {"one": "行", "two": "行"},
            "column_groups": {"parts": ["a", "b"], "nobody": ["a"]},
        }
    },
    "claims": {"stated": {"in": "part", "reads": ["共{number}件", "不会有{number}件"]}},
}
SUM = {"for": {"r": "t.rows"}, "assert": "sum(t[r, parts]) == t[r, total]"}


def pack(folder: Path, rules: dict[str, dict[str, Any]], **head: Any) -> Path:
    """A pack in ``folder`` with these rules over one table; their examples need not hold here."""
    text = {"sections": {"part": {"heading": "部分", "text": "共3件。"}}}
    examples = [{"expect": "pass", "given": text}, {"expect": "fail", "given": {}}]
    known = {"schema": "govreport-rule/1", "title": WORDS, "severity": "error", "message": WORDS, "why": WORDS, "fix": WORDS}
    files = {
        "pack.yaml": {"schema": "govreport-pack/1", "id": "small", "version": "1", "title": WORDS, "languages": ["zh"], **head},
        "forms/2021.yaml": FORM,
        **{f"rules/{name}.yaml": {**known, "examples": examples, **rule} for name, rule in rules.items()},
    }
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(json.loads(json.dumps(data)), allow_unicode=True), encoding="utf-8")
    return folder


def audited(folder: Path, rules: dict[str, dict[str, Any]], **head: Any) -> Audit:
    return audit_pack(load_pack(pack(folder, rules, **head)))


def test_rules_that_contradict_are_named_and_no_others(tmp_path: Path) -> None:
    at_most = {"assert": "t[one, total] <= 1"}
    found = audited(tmp_path, {"sum": SUM, "a": {"assert": "t[one, a] >= 2"}, "most": at_most, "other": {"assert": "t[two, a] <= 5"}})
    conflict = found.forms[0].conflicts[0]
    assert sorted((one.rule, one.number) for one in conflict.rules) == [("small/a", 1), ("small/most", 1), ("small/sum", 1)]
    assert conflict.when is None
    assert not found.sound


def test_rules_that_contradict_where_one_speaks(tmp_path: Path) -> None:
    rules = {"low": {"when": "t[one, a] > 5", "assert": "t[one, b] <= 1"}, "high": {"when": "t[one, a] > 7", "assert": "t[one, b] >= 2"}}
    conflicts = audited(tmp_path, rules).forms[0].conflicts
    assert [(one.when.rule, [by.rule for by in one.rules]) for one in conflicts if one.when] == [("small/high", ["small/low"])]


def test_texts_and_marks_are_not_claimed_about(tmp_path: Path) -> None:
    rules = {
        "there": {"assert": "present(t[one, a])"},
        "not-there": {"when": 'matches(text(part), "x")', "assert": "not present(t[one, a])"},
    }
    form = audited(tmp_path, rules).forms[0]
    assert (form.redundant, form.idle) == ((), ())


def test_redundant_rules_with_what_implies_them_and_why_they_stay(tmp_path: Path) -> None:
    reason = {"zh": "指出错在哪里", "en": "it tells where the mistake is"}
    part = {"for": {"r": "t.rows"}, "assert": "t[r, a] <= t[r, total]", "stays": reason}
    form = audited(
        tmp_path, {"sum": SUM, "part": part, "three": {"assert": "t[one, free] >= 3"}, "two": {"assert": "t[one, free] >= 2"}}
    ).forms[0]
    told = {one.rule.rule: ([by.rule for by in one.by], one.rule.whole, one.stays and one.stays.en) for one in form.redundant}
    assert told == {"small/part": (["small/sum"], True, reason["en"]), "small/two": (["small/three"], True, None)}


def test_a_reason_to_stay_that_nothing_needs(tmp_path: Path) -> None:
    assert audited(tmp_path, {"sum": {**SUM, "stays": WORDS}}).stale == ("small/sum",)


def test_rules_that_never_speak_or_cannot_fail(tmp_path: Path) -> None:
    rules = {"never": {"when": "t[one, a] < 0", "assert": "t[one, a] == 1"}, "sure": {"assert": "t[one, a] + t[one, b] >= 0"}, "sum": SUM}
    form = audited(tmp_path, rules).forms[0]
    assert {one.rule.rule: one.never_applies for one in form.idle} == {"small/never": True, "small/sure": False}


def test_names_that_nobody_uses_and_patterns_that_match_nothing(tmp_path: Path) -> None:
    used = {"for": {"c": "claims.stated"}, "assert": "c.value >= 0"}
    form = audited(tmp_path, {"sum": SUM, "used": used}).forms[0]
    assert {(one.kind, one.name) for one in form.unused} == {("group", "t.nobody"), ("pattern", "claims.stated.reads.1")}
    without = audited(tmp_path / "without", {"sum": SUM}).forms[0]
    assert ("claim", "claims.stated") in {(one.kind, one.name) for one in without.unused}


def test_unguarded_figures_of_a_table_that_must_be_guarded(tmp_path: Path) -> None:
    found = audited(tmp_path, {"sum": SUM}, guarded=["t"])
    assert found.unguarded == [("small/2021", "t[one, free]"), ("small/2021", "t[two, free]")]
    assert not found.sound
    assert audited(tmp_path / "free", {"sum": SUM}).sound
    table = found.forms[0].coverage.tables[0]
    caught = {cell.address: cell.caught == cell.changes for cell in table.cells}
    assert caught == {f"t[{row}, {column}]": column != "free" for row in ("one", "two") for column in (*CELLS, "free")}
    missed = {(pair.first, pair.second, pair.opposite) for pair in table.missed if "free" not in pair.first + pair.second}
    assert missed == {
        (f"t[{row}, {first}]", f"t[{row}, {second}]", opposite)
        for row in ("one", "two")
        for first, second, opposite in (("a", "b", True), ("a", "total", False), ("b", "total", False))
    }


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(pack(tmp_path, {"sum": SUM}, guarded=["t"]))
    assert main(["rules", "audit", folder, "--format", "json"]) == 1
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["sound"], told["unguarded"]) == (False, [["small/2021", "t[one, free]"], ["small/2021", "t[two, free]"]])
    assert main(["rules", "audit", folder, "--lang", "en"]) == 1
    assert "t[one, free], t[two, free] (the pack wants every figure of this table guarded)" in capsys.readouterr().out
    assert main(["rules", "audit", str(pack(tmp_path / "free", {"sum": SUM}))]) == 0
    assert "没有相互矛盾的规则" in capsys.readouterr().out


def test_the_rules_for_china() -> None:
    found = audit_pack(load_pack("cn-disclosure"))
    assert found.sound
    assert found.stale == ()
    assert {one.rule.rule.partition("/")[2] for form in found.forms for one in form.redundant} == {
        "outcomes-within-applications",
        "requests-balance",
        "requests-result-total",
        "rule-making-power",
    }
    assert all(one.stays for form in found.forms for one in form.redundant)
    assert [form.idle for form in found.forms] == [(), ()]
    for form in found.forms:
        tables = {table.table: table for table in form.coverage.tables}
        assert {name: tables[name].caught == tables[name].changes for name in ("requests", "disputes")} == {
            "requests": True,
            "disputes": True,
        }
        assert tables["requests"].missed == ()
