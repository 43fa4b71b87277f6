"""``check`` from end to end: one report, many, from threads, through a file and back."""

from __future__ import annotations

import copy
import json
import pickle
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from some_reports import EXAMPLES, YUNLING, changed, equations, rules_of, said

from govreport_check import SourceError, UsageError, check, check_many, read
from govreport_check.readers import to_json

GRANTED = ("requests", "granted", "natural_person")


def with_granted(raw: Any) -> dict[str, Any]:
    return changed(YUNLING, {GRANTED: raw})


def test_a_clean_report_is_clean() -> None:
    result = check(YUNLING)
    (report,) = result.reports
    assert (report.verdict, result.exit_code, result.findings) == ("clean", 0, [])
    assert (report.read.cells, report.read.sections) == ((200, 200), (6, 6))
    assert report.form == "cn-disclosure/2021"
    assert report.counts.fail == report.counts.undecided == 0


def test_there_are_42_sums() -> None:
    assert len(list(equations())) == 42


def test_a_broken_sum_names_its_figures_and_the_size_of_the_gap() -> None:
    figure = YUNLING["tables"]["requests"]["granted"]["natural_person"]
    result = check(with_granted(figure + 7))
    found = {finding.rule.partition("/")[2]: finding for finding in result.findings if finding.outcome == "fail"}
    assert set(found) == {"requests-row-total", "requests-result-total"}
    assert found["requests-row-total"].bindings == {"r": "granted"}
    assert found["requests-row-total"].difference == "7"
    for finding in found.values():
        assert "requests[granted, natural_person]" in [cell.address for cell in finding.cells]
        assert Decimal(finding.left or "") - Decimal(finding.right or "") == Decimal(finding.difference or "")
        assert finding.cites
    assert result.exit_code == 1


def test_what_cannot_be_read_is_no_pass() -> None:
    result = check(with_granted("12a"))
    assert result.reports[0].verdict == "not_verified"
    assert result.exit_code == 1
    assert "unreadable-cell" in rules_of(result)
    assert check(with_granted("12a"), fail_on="never").reports[0].verdict == "not_verified"


def test_a_note_does_not_stop_a_report_and_strictness_does() -> None:
    blank = changed(YUNLING, {("requests", "other.misc", "other"): None})
    assert check(blank).exit_code == 0
    assert check(blank, fail_on="note").exit_code == 1
    half = changed(YUNLING, {("requests", "granted", "total"): None})
    undecided = [finding for finding in check(half).findings if finding.outcome == "undecided"]
    assert undecided
    assert check(half, strict=True).exit_code == 1


def test_selection() -> None:
    broken = with_granted(9999)
    assert set(rules_of(check(broken, select=["requests-row-total"]))) == {"requests-row-total"}
    assert "requests-row-total" not in rules_of(check(broken, ignore=["requests-row-total"]))
    with pytest.raises(UsageError, match="requests-row-total"):
        check(broken, select=["requests-rwo-total"])


@pytest.mark.parametrize("call", [{"lang": "de"}, {"fail_on": "panic"}, {"packs": ["cn-disclosrue"]}, {"profile": "nothing"}])
def test_a_wrong_call_is_refused(call: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        check(YUNLING, **call)


def test_figures_alone_are_checked_as_figures() -> None:
    figures = {key: YUNLING[key] for key in ("schema", "form", "tables")}
    (report,) = check(figures).reports
    assert report.verdict == "clean"
    assert "各部分文字" in report.sentence


def test_nothing_handed_in_is_changed() -> None:
    given = with_granted("1,234")
    before = copy.deepcopy(given)
    check(given, prior=given, about={"level": "county"})
    assert given == before


def test_one_report_of_many_is_told_as_alone() -> None:
    many = [with_granted(value) for value in (0, "?", None, "1,234", 10**40, Decimal("0.5"), -3, ...)]
    many += [{key: value for key, value in YUNLING.items() if key != part} for part in ("tables", "sections", "labels", "about")]
    many.append({**YUNLING, "form": "cn-disclosure/1999"})
    together = check_many(many).reports
    assert [said(one) for one in together] == [said(check(report).reports[0]) for report in many]


def test_files_that_cannot_be_read_stand_among_the_others() -> None:
    result = check_many([YUNLING, "no-such-file.txt", with_granted(9999)])
    assert [report.verdict for report in result.reports] == ["clean", "not_verified", "findings"]
    assert result.reports[1].form is None
    assert result.exit_code == 1
    assert check("no-such-file.txt").exit_code == 3
    assert check_many([]).exit_code == 3


def test_threads_see_the_same() -> None:
    reports = [with_granted(value) for value in range(6)] * 2
    wanted = [said(check(report).reports[0]) for report in reports]
    with ThreadPoolExecutor(6) as pool:
        assert [said(result.reports[0]) for result in pool.map(check, reports)] == wanted


def test_results_and_reports_are_picklable() -> None:
    result = check(EXAMPLES / "yunling-2024-mistakes.txt")
    again = pickle.loads(pickle.dumps(result))
    assert again == result
    assert again.findings[0].excerpt == result.findings[0].excerpt
    report = read(EXAMPLES / "yunling-2024-mistakes.txt")
    assert pickle.loads(pickle.dumps(report)) == report


def test_errors_are_picklable() -> None:
    for error in (SourceError("a", "b"), UsageError("c")):
        assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_the_same_input_gives_the_same_output() -> None:
    path = EXAMPLES / "yunling-2024-mistakes.txt"
    assert check(path).model_dump_json() == check(path).model_dump_json()


def _printed(path: Path) -> dict[str, Any]:
    return said(check(to_json(read(path)), name=str(path)).reports[0], places=False)


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.txt")), ids=lambda path: path.stem)
def test_what_read_printed_is_told_as_the_document(path: Path) -> None:
    assert _printed(path) == said(check(path).reports[0], places=False)


@pytest.mark.shared
@pytest.mark.parametrize(
    "name",
    ["seeds/zhongyang-2022.txt", "cn/reports/shanghai_gao_2025.md", "cn/reports/shuyang_2025.md", "cn/reports/suqian_2023.txt"],
)
def test_what_read_printed_of_a_real_report_is_told_as_the_document(shared: Path, name: str) -> None:
    assert _printed(shared / name) == said(check(shared / name).reports[0], places=False)


def test_last_year_is_found_among_the_others_or_given() -> None:
    last = {**YUNLING, "about": {**YUNLING["about"], "year": 2023}}
    alone = said(check(YUNLING, prior=last).reports[0])
    assert said(check_many([YUNLING, last]).reports[0]) == alone
    with pytest.raises(SourceError):
        check(YUNLING, prior="no-such-file.txt")


def test_a_batch_longer_than_a_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("govreport_check.drafts.BATCH", 3)
    many = [with_granted(value) for value in range(8)]
    assert [said(one) for one in check_many(many).reports] == [said(check(report).reports[0]) for report in many]


def test_the_json_of_a_result_keeps_every_digit() -> None:
    told = json.loads(check(with_granted(10**40)).model_dump_json())
    raws = [cell["raw"] for finding in told["reports"][0]["findings"] for cell in finding["cells"]]
    assert str(10**40) in raws


def test_a_report_of_which_the_parts_were_changed_is_read_as_it_is_now() -> None:
    report = read(EXAMPLES / "yunling-2024-mistakes.txt")
    check(report)
    sections: Any = report.sections
    for name, section in list(sections.items()):
        sections[name] = replace(section, text="")
    afresh = replace(report, sections=dict(sections))
    assert said(check(report)) == said(check(afresh))
