"""Which rules are evaluated, and which of their findings stop a report."""

from __future__ import annotations

from typing import Any

import pytest

from govreport_check import UsageError, check, load_pack
from govreport_check.selection import Options, checked_options, gated, select_rules

PACK = load_pack("cn-disclosure")
MISPRINT: dict[str, Any] = {
    "schema": "govreport-report/1",
    "form": "cn-disclosure/2021",
    "about": {"partial": True, "year": 2024},
    "labels": [{"at": "documents.columns.repealed", "printed": "本年度止件数"}],
}


def chosen(**options: Any) -> set[str]:
    checked = checked_options(Options(**options), [PACK])
    return {rule.name for rule in select_rules([PACK], checked)[PACK.id]}


def test_by_name_folder_and_beginning() -> None:
    assert chosen(select=("requests-balance",)) == {"requests-balance"}
    assert chosen(select=("cn-disclosure/disputes-total",)) == {"disputes-total"}
    assert {"label-misprinted", "label-shortened"} <= chosen(select=("label-",))
    assert "disputes-total" not in chosen(ignore=("disputes",))


def test_rules_that_are_off_need_to_be_named() -> None:
    off = next(rule.name for rule in PACK.rules if not rule.default)
    assert off not in chosen()
    assert off in chosen(select=(off,))


@pytest.mark.parametrize("options", [{"select": ("requests-balanse",)}, {"profile": "publsh"}, {"lang": "fr"}, {"fail_on": "fatal"}])
def test_what_names_nothing_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        chosen(**options)


def test_the_publish_gate_stops_what_a_draft_lets_through() -> None:
    draft, publish = (check(MISPRINT, profile=profile) for profile in ("draft", "publish"))
    assert [result.exit_code for result in (draft, publish)] == [0, 1]
    assert gated({PACK.id: PACK.rules}, checked_options(Options(profile="publish"), [PACK])) >= {"cn-disclosure/label-misprinted"}
    assert publish.reports[0].sentence.startswith("按发布要求不能通过，须先更正1处")


def test_a_draft_hides_notes() -> None:
    assert {finding.severity for finding in check(MISPRINT, profile="draft").findings} <= {"error", "warning"}
