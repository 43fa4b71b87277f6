"""Rule, form and pack files with mistakes: every one is told at once, each at its line and column, and nothing is run."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from some_reports import EXAMPLES

from govreport_check import PackError, UsageError, check, load_pack
from govreport_check.cli import main
from govreport_check.pack import rule_schema, rules_folder

RULE = """\
schema: govreport-rule/1
title: {zh: 题, en: Title}
severity: error
for: {r: requests.rows}
assert: sum(requests[r, applicants]) == requests[r, total]
message:
  zh: 表三“{r}”行合计{left}，总计{right}。
  en: "{r} {left} {right}"
why: {zh: 因, en: Why}
fix: {zh: 改, en: Fix}
examples:
  - {expect: pass, given: {tables: {requests: {granted: {natural_person: 1, total: 1}}}}, only: {r: granted}}
  - {expect: fail, given: {tables: {requests: {granted: {natural_person: 2, total: 1}}}}, only: {r: granted}}
"""
PACK = """\
schema: govreport-pack/1
id: mine
version: "1"
title: {zh: 包, en: Pack}
languages: [zh, en]
recognise: {patterns: [政府信息公开]}
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A sound pack: the form of 2021 and one rule."""
    folder = tmp_path / "我的 包《甲》"
    (folder / "forms").mkdir(parents=True)
    (folder / "sums").mkdir()
    shutil.copy(rules_folder() / "cn-disclosure" / "forms" / "2021.yaml", folder / "forms")
    (folder / "pack.yaml").write_text(PACK, encoding="utf-8")
    (folder / "sums" / "row-total.yaml").write_text(RULE, encoding="utf-8")
    return folder


def put(pack: Path, name: str, text: str) -> None:
    (pack / name).write_text(text, encoding="utf-8")


def complaints(pack: Path) -> list[tuple[str, int, int, str]]:
    with pytest.raises(PackError) as raised:
        load_pack(pack)
    assert all(complaint.source.startswith(str(pack)) for complaint in raised.value.complaints)
    return [(Path(one.source).name, one.line, one.column, one.message) for one in raised.value.complaints]


def only(pack: Path) -> tuple[int, int, str]:
    ((_, line, column, message),) = complaints(pack)
    return line, column, message


def swapped(old: str, new: str, text: str = RULE) -> str:
    assert text.count(old) == 1
    return text.replace(old, new)


def spot(text: str, mark: str) -> tuple[int, int]:
    """Line and column, from one, of the first ``mark`` in ``text``."""
    before = text[: text.index(mark)]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def test_the_sound_pack_is_sound(pack: Path) -> None:
    loaded = load_pack(pack)
    assert [rule.id for rule in loaded.rules] == ["mine/row-total"]
    assert check(EXAMPLES / "yunling-2024.txt", packs=[pack]).exit_code == 0
    assert main(["check", "--pack", str(pack), str(EXAMPLES / "yunling-2024.txt")]) == 0


ASSERTION = "sum(requests[r, applicants]) == requests[r, total]"

IN_EXPRESSIONS = [
    ("sum(requests[r, applicants]) == requests[r, totl]", "totl", "total"),
    ("sum(requests[r, applicants] == requests[r, total]", "(", "never closed"),
    ("sum(requests[r, applicants]) == requests[r, applicants]", "applicants])? ", "applicants"),
    ('sum(requests[r, applicants]) == "总计"', "sum(", "text"),
    ('__import__("os").system("x") == 0', '__import__("os").system', "named functions"),
    ("(lambda: True)", "lambda", "lambda"),
    ("sum(c for c in (1, 2)) == 1", "(c for", "comprehension"),
    ("requests[r, total] == 1e5", "1e5", "1e5"),
    ("requests[r, total] ** 2 == 1", "requests", "**"),
    ('"二〇二四" == "二〇二四" and requets[r, total] == 1', "requets", "requests"),
    ("requests[granted, total] + documents[regulations, issued] + r == 1", "r == 1", "row"),
]


@pytest.mark.parametrize(("text", "mark", "said"), IN_EXPRESSIONS, ids=[text[:30] for text, *_ in IN_EXPRESSIONS])
def test_a_wrong_expression(pack: Path, text: str, mark: str, said: str) -> None:
    new = swapped(ASSERTION, f"'{text}'")
    put(pack, "sums/row-total.yaml", new)
    line, column, message = only(pack)
    assert said in message
    assert line == spot(new, "assert:")[0]
    start = new.splitlines()[line - 1].index(text)
    expected = text.rindex("applicants") if mark.endswith("? ") else text.index(mark)
    assert column == start + expected + 1


def test_a_quoted_expression_counts_its_quote(pack: Path) -> None:
    new = swapped(ASSERTION, '"requests[r, total] == nothing"')
    put(pack, "sums/row-total.yaml", new)
    line, column, _ = only(pack)
    assert (line, column) == spot(new, "nothing")


@pytest.mark.parametrize(
    "monster",
    ["x" * 100_000, "(" * 80 + "1" + ")" * 80, "not " * 300 + "True", "-" * 1500 + "1 == 1", "1" + "+1" * 800 + " == 1"],
    ids=["long", "brackets", "not", "minus", "plus"],
)
def test_a_monster(pack: Path, monster: str) -> None:
    new = swapped(ASSERTION, monster)
    put(pack, "sums/row-total.yaml", new)
    line, _, message = only(pack)
    assert line == spot(new, "assert:")[0]
    assert "an expression" in message


KEYS = [
    (swapped("severity: error", "severty: error"), [("severty", "severity"), ("schema", "severity")]),
    (swapped("severity: error", "severity: error\nseverity: note"), [("severity: note", "twice")]),
    (swapped("severity: error", "severity: fatal"), [("fatal", "severity")]),
    (swapped("{zh: 因, en: Why}", "{zh: 因}"), [("{zh: 因}", "en")]),
    (swapped("{zh: 因, en: Why}", "{zh: 因, en: 5}"), [("5", "why.en")]),
    (swapped("{zh: 因, en: Why}", "{zh: 因, en: ''}"), [("''", "why.en")]),
    (swapped("requests.rows", "requests.rws"), [("requests.rws", "rows")]),
    (swapped("requests.rows", "request.rows"), [("request.rows", "requests")]),
    (swapped("行合计{left}", "行合计{lft}"), [("lft", "lft")]),
    (swapped('"{r} {left} {right}"', '"{r} {left} {requests[r, totl]}"'), [("totl", "total")]),
    (swapped("assert:", "let: {x: 'requests[r, totl]'}\nassert:"), [("totl", "total")]),
    (swapped("assert:", "when: requests[r, total]\nassert:"), [("requests[r, total]\nassert", "condition")]),
    (swapped("assert:", "tolerance: {abs: 0.5}\nassert:"), [("{abs", "because")]),
    (swapped("assert:", "tolerance: {abs: nothing, because: x}\nassert:"), [("nothing", "nothing")]),
    (swapped("assert:", "readings: {of: 'requests[r, total]', one: 5}\nassert:"), [("schema", "exactly one")]),
    (swapped("expect: fail", "expect: pass"), [("schema", "one failing example")]),
    (swapped("expect: fail", "expect: wrong"), [("wrong", "expect")]),
    (swapped("assert:", "years: soon\nassert:"), [("soon", "year")]),
    (swapped("title: {zh: 题, en: Title}", "title: &t {zh: 题, en: Title}\nsince: *t"), [("&t", "aliases")]),
    (swapped("title: {zh: 题, en: Title}", "title: {zh: 题, en: Title"), [("title", "not YAML")]),
    (swapped("severity: error", "severity: error\n\tbad: x"), [("\tbad", "not YAML")]),
    ("- a\n- b\n", [("- a", "mapping")]),
    ("", [("", "mapping")]),
    ("just words\n", [("just", "mapping")]),
]


@pytest.mark.parametrize(("text", "told"), KEYS, ids=range(len(KEYS)))
def test_a_wrong_key_or_value(pack: Path, text: str, told: list[tuple[str, str]]) -> None:
    put(pack, "sums/row-total.yaml", text)
    found = complaints(pack)
    for mark, said in told:
        lines = [line for _, line, _, message in found if said in message]
        assert lines, found
        assert spot(text, mark)[0] in lines or "not YAML" in said or "aliases" in said, found


def test_columns_of_misspelt_and_doubled_keys(pack: Path) -> None:
    new = swapped("- {expect: fail, given:", "- {expect: fail, gven:")
    put(pack, "sums/row-total.yaml", new)
    found = complaints(pack)
    assert ("row-total.yaml", *spot(new, "gven")) in [one[:3] for one in found]
    new = swapped("{zh: 改, en: Fix}", "{zh: 改, en: Fix, zh: 改}")
    put(pack, "sums/row-total.yaml", new)
    line, column, _ = only(pack)
    assert (line, column) == (spot(new, ", zh: 改")[0], spot(new, ", zh: 改")[1] + 2)


def test_not_utf_8(pack: Path) -> None:
    (pack / "sums" / "row-total.yaml").write_bytes(RULE.encode("utf-16"))
    assert "UTF-8" in only(pack)[2]


def test_a_byte_order_mark_is_allowed(pack: Path) -> None:
    (pack / "sums" / "row-total.yaml").write_bytes(RULE.encode("utf-8-sig"))
    assert load_pack(pack).rules


FORMS = [
    ("section: disputes\n", "section: disptes\n", "disptes", "disptes"),
    ("outcomes: [granted, partially_granted,", "outcomes: [granted, partly_granted,", "partly_granted", "partly_granted"),
    (
        "totals: {columns: [total], rows: [result_total]}",
        "totals: {columns: [total], rows: [results_total]}",
        "results_total",
        "results_total",
    ),
    ("cells: {all: {amount: 万元, places: 6}}", "cells: {all: {amout: 万元, places: 6}}", "{all: {amout", "cell type"),
    ("years: 2021-\n", "years: since 2021\n", "since 2021", "years"),
    ("printed: {in: any}", "printed: {in: any, unles: []}", "unles:", "unles"),
]


@pytest.mark.parametrize(("old", "new", "mark", "said"), FORMS, ids=[mark for *_, mark, _ in FORMS])
def test_a_wrong_form(pack: Path, old: str, new: str, mark: str, said: str) -> None:
    text = swapped(old, new, (pack / "forms" / "2021.yaml").read_text(encoding="utf-8"))
    put(pack, "forms/2021.yaml", text)
    (name, line, _, message), *_ = complaints(pack)
    assert name == "2021.yaml"
    assert line == spot(text, mark)[0]
    assert said in message


PATTERNS = [
    ("reads: ['{date}']", "reads: ['{date}(']"),
    ("unless: ['二[〇○零][〇○零一二三四五六七八九]{2}\\s*年']", "unless: ['(?=x)']"),
    ("printed: {in: any}", "printed: {in: any, unless: ['(']}"),
]


@pytest.mark.parametrize(("old", "new"), PATTERNS, ids=["reads", "unless", "dates"])
def test_a_wrong_pattern_in_a_form(pack: Path, old: str, new: str) -> None:
    text = swapped(old, new, (pack / "forms" / "2021.yaml").read_text(encoding="utf-8"))
    put(pack, "forms/2021.yaml", text)
    (name, line, _, message), *_ = complaints(pack)
    assert (name, line) == ("2021.yaml", spot(text, new.strip())[0])
    assert "RE2" in message


@pytest.mark.parametrize(
    ("old", "new", "mark", "said"),
    [
        ("patterns: [政府信息公开]", "patterns: [政府信息公开, '(']", "'('", "RE2"),
        ("id: mine", "id: Mine!", "Mine!", "id"),
        ("languages: [zh, en]", "languages: []", "[]", "languages"),
        ("id: mine", "idd: mine", "idd", "id"),
    ],
    ids=["pattern", "id", "languages", "key"],
)
def test_a_wrong_pack_file(pack: Path, old: str, new: str, mark: str, said: str) -> None:
    text = swapped(old, new, PACK)
    put(pack, "pack.yaml", text)
    found = complaints(pack)
    assert any(name == "pack.yaml" and line == spot(text, mark)[0] and said in message for name, line, _, message in found), found


def test_every_mistake_of_every_file_is_told_at_once(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(pack, "sums/row-total.yaml", swapped("requests[r, total]", "requests[r, totl]"))
    put(pack, "sums/second.yaml", swapped("severity: error", "severty: error"))
    put(pack, "sums/third.yaml", "schema: [\n")
    put(pack, "pack.yaml", swapped('version: "1"', "version: 1", PACK))
    found = complaints(pack)
    assert {name for name, *_ in found} == {"row-total.yaml", "second.yaml", "third.yaml", "pack.yaml"}
    for arguments in (["check", "--pack", str(pack), str(EXAMPLES / "yunling-2024.txt")], ["rules", "test", str(pack)]):
        assert main(arguments) == 2
        printed = capsys.readouterr()
        assert printed.out == ""
        for name, line, column, _ in found:
            assert f"{name}:{line}:{column}: " in printed.err


def test_one_name_twice(pack: Path) -> None:
    (pack / "other").mkdir()
    put(pack, "other/row-total.yaml", RULE)
    assert "already" in only(pack)[2]


def test_a_mended_pack_is_read_again(pack: Path) -> None:
    put(pack, "sums/row-total.yaml", swapped("requests[r, total]", "requests[r, totl]"))
    complaints(pack)
    put(pack, "sums/row-total.yaml", RULE)
    assert load_pack(pack).rules


def test_there_is_no_such_pack(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cn-disclosure"):
        load_pack("cn-disclosrue")
    with pytest.raises(UsageError):
        load_pack(tmp_path)


def test_an_example_that_does_not_hold_is_told(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(pack, "sums/row-total.yaml", swapped("natural_person: 2, total: 1", "natural_person: 1, total: 1"))
    assert main(["rules", "test", str(pack)]) == 1
    assert "row-total" in capsys.readouterr().out
    put(pack, "sums/row-total.yaml", swapped("natural_person: 2, total: 1", "natural_persn: 2, total: 1"))
    assert main(["rules", "test", str(pack)]) == 1


def test_the_schemas_name_every_key() -> None:
    schemas: dict[str, Any] = rule_schema()
    assert {"schema", "title", "severity", "for", "assert", "examples"} <= set(schemas["rule"]["properties"])
    assert {"schema", "id", "years", "tables"} <= set(schemas["form"]["properties"])
    assert {"schema", "id", "languages"} <= set(schemas["pack"]["properties"])
