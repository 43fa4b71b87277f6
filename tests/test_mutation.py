"""Small changes to rules, and whether the rules' own examples notice them."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_audit import SUM, pack

from govreport_check.cli import main
from govreport_check.expr.mutants import changes
from govreport_check.mutation import mutate_pack
from govreport_check.pack import load_pack


def said(text: str) -> set[str]:
    return {change.text for change in changes(text)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a + b", {"(a - (b))", "(a)", "(b)"}),
        ("a - b", {"(a + (b))", "(a)", "(-(b))"}),
        ("a == b", {"(a <= b)", "(a >= b)", "(a != b)"}),
        ("a < b", {"(a <= b)"}),
        ("a <= b", {"(a < b)"}),
        ("a and b", {"((a) or (b))", "((a))", "((b))"}),
        ("not a", {"(a)"}),
        ("any(a)", {"all(a)"}),
        ("implies(a, b)", {"(b)"}),
        ("0.8", {"0.9", "0.7"}),
        ('date(y, "03-31")', {'date(y, "03-30")'}),
        ("a if c else b", {"(a)", "(b)"}),
        ("t[one, a]", set()),
    ],
)
def test_changes(text: str, expected: set[str]) -> None:
    assert said(text) == expected


def test_a_chain_loses_one_end_at_a_time() -> None:
    assert said("1 <= a <= 2") == {
        "(1 < a <= 2)",
        "(1 <= a < 2)",
        "(a <= 2)",
        "(1 <= a)",
        *(f"{x} <= a <= 2" for x in (0, 2)),
        *(f"1 <= a <= {x}" for x in (1, 3)),
    }


def test_a_change_behind_chinese_characters_stands_where_it_belongs() -> None:
    found = {change.said for change in changes('matches(c, "复议") and n == 1')}
    assert "n == 1 → n == 2" in found
    assert 'matches(c, "复议") and n == 2' in said('matches(c, "复议") and n == 1')


def test_a_sum_over_a_group_loses_its_last_member() -> None:
    assert [change.text for change in changes("sum(t[r, parts])", {("t", "parts"): "b"})] == ["(sum(t[r, parts]) - t[r, b])"]


def examples(*cells: tuple[str, dict[str, int]]) -> list[dict[str, object]]:
    return [{"expect": expect, "given": {"tables": {"t": {"one": row}}}, "only": {"r": "one"}} for expect, row in cells]


NOTICING = examples(
    ("pass", {"a": 1, "b": 2, "total": 3}),
    ("fail", {"a": 1, "b": 2, "total": 4}),
    ("fail", {"a": 1, "b": 2, "total": 2}),
)


def test_examples_that_notice_everything(tmp_path: Path) -> None:
    found = mutate_pack(load_pack(pack(tmp_path, {"sum": {**SUM, "examples": NOTICING}})))
    assert (found.mutants, found.survivors, found.stale) == (4, (), ())


def test_a_change_that_no_example_notices_is_told_with_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = pack(tmp_path, {"sum": {**SUM, "examples": NOTICING[:2]}})
    (survivor,) = mutate_pack(load_pack(folder)).unexplained
    change = "assert: sum(t[r, parts]) == t[r, total] → (sum(t[r, parts]) >= t[r, total])"
    assert survivor.said == change
    lines = (folder / "rules" / "sum.yaml").read_text(encoding="utf-8").splitlines()
    assert lines[survivor.line - 1].startswith("assert:")
    assert main(["rules", "test", "--mutate", str(folder)]) == 1
    assert f"sum.yaml:{survivor.line}: small/sum: no example notices {change}" in capsys.readouterr().out


def test_an_explanation_is_enough_while_it_is_needed(tmp_path: Path) -> None:
    change = "assert: sum(t[r, parts]) == t[r, total] → (sum(t[r, parts]) >= t[r, total])"
    explained = {**SUM, "survives": [{"change": change, "because": "for the test"}]}
    needed = mutate_pack(load_pack(pack(tmp_path / "needed", {"sum": {**explained, "examples": NOTICING[:2]}})))
    assert ([one.because for one in needed.survivors], needed.unexplained, needed.stale) == (["for the test"], (), ())
    stale = mutate_pack(load_pack(pack(tmp_path / "stale", {"sum": {**explained, "examples": NOTICING}})))
    assert [one.said for one in stale.stale] == [change]


def test_a_change_that_makes_no_difference_need_not_be_noticed(tmp_path: Path) -> None:
    """A count is never less than nought."""
    rule = {"for": {"r": "t.rows"}, "assert": "t[r, a] == 0", "examples": examples(("pass", {"a": 0}), ("fail", {"a": 1}))}
    found = mutate_pack(load_pack(pack(tmp_path, {"nought": rule})))
    assert (found.same, found.survivors) == (1, ())


def test_available_goes_without_saying(tmp_path: Path) -> None:
    rule = {"for": {"r": "t.rows"}, "when": "available(prior)", "assert": "t[r, a] >= prior.t[r, a]"}
    prior = {"tables": {"t": {"one": {"a": 1}}}}
    given = [{**one, "given": {**one["given"], "prior": prior}} for one in examples(("pass", {"a": 1}), ("fail", {"a": 0}))]  # type: ignore[dict-item]
    found = mutate_pack(load_pack(pack(tmp_path, {"more": {**rule, "examples": given}})))
    assert [one.said for one in found.survivors] == []


@pytest.mark.parametrize(("name", "least"), [("cn-disclosure", 1000), ("us-foia", 700)])
def test_no_change_to_a_bundled_rule_goes_unnoticed_and_unexplained(name: str, least: int) -> None:
    found = mutate_pack(load_pack(name))
    assert [f"{one.source}:{one.line}: {one.said}" for one in (*found.unexplained, *found.stale)] == []
    assert found.mutants > least
