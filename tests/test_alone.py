"""The short way for one report is held to the arrays: the same outcomes, the same results, whatever a report holds."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from some_reports import CELLS, EXAMPLES, FORM, YUNLING, changed, differences, said

from govreport_check import check, drafts, engine, load_pack
from govreport_check.alone import Plan, plan_for, plan_of
from govreport_check.evaluation import evaluate_rule
from govreport_check.examples import form_of, fragment
from govreport_check.expr.plain_operators import MOST, REDUCTIONS, UNKNOWN
from govreport_check.findings import Outcome
from govreport_check.form import Form
from govreport_check.frame import Frame, Listed, build_frame
from govreport_check.frame_tables import plain_figures
from govreport_check.listed import listed
from govreport_check.marked import parse_json
from govreport_check.model import Report
from govreport_check.open_form import expanded, members_of
from govreport_check.pack import Pack
from govreport_check.readers.plainly import plainly_read
from govreport_check.readers.structured import node_of, read_structured
from govreport_check.rule import Rule, fitted_rules

QUICK = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
CN, US = load_pack("cn-disclosure"), load_pack("us-foia")
PLAN = plan_of(FORM, CN.rules)

RAW = st.one_of(
    st.integers(-5, 300),
    st.sampled_from([2**35, 2**36, 2**37, 2**52, 2**53 - 1, 2**53, 10**40, Decimal("0.5"), Decimal("1E+3"), 0.25, 1.0]),
    st.sampled_from(
        ["?", "12a", "-", "", "1,234", "１２", "22（其中修订16件）", "约20", "20余", "1.2万", "无", "NaN", "<1", None, ..., True]
    ),
)
EDITS = st.dictionaries(st.sampled_from(CELLS), RAW, max_size=6)
FACT = st.sampled_from([None, "", "2024", "2023-12-31", "2025-02-30", "2025-04", "x", "township", "department", 3, 2020, 9999, True, ...])
FACTS = st.dictionaries(
    st.sampled_from(["year", "level", "kind", "agency", "published_on", "signed_on", "period_end", "title"]), FACT, max_size=3
)
WORDS = st.sampled_from(
    [
        "收到政府信息公开申请9件。",
        "2024年13月1日",
        "8月",
        "《",
        "审核审核",
        "**",
        "予以公开3件，",
        "占46.7%。",
        "收取信息处理费5元。",
        " ",
        "。",
        "\n",
        "共公开2599条，其中机构职能25条、其他2000条。",
        "未发生行政复议、行政诉讼。",
        "七成以上",
        "办结申请约20件。",
        "上年结转7件，",
    ]
)
HEADINGS = st.sampled_from([None, "", " ", "七、其他", "二、主动公开政府信息情况", "一、总体情況"])


@st.composite
def reports(draw: st.DrawFn) -> dict[str, Any]:
    """The clean report with figures, facts and words changed, and parts left out."""
    report = changed(YUNLING, draw(EDITS))
    for key, value in draw(FACTS).items():
        report["about"].pop(key, None) if value is ... else report["about"].update({key: value})
    for name in draw(st.lists(st.sampled_from(sorted(report["sections"])), max_size=3)):
        section = report["sections"][name]
        at = draw(st.integers(0, len(section["text"])))
        section["text"] = section["text"][:at] + draw(WORDS) + section["text"][at:]
    for name in draw(st.lists(st.sampled_from(sorted(report["sections"])), max_size=1)):
        report["sections"][name] = draw(
            st.sampled_from([{"heading": draw(HEADINGS), "text": ""}, {"heading": None, "text": "", "unread": True}])
        )
    for way in draw(
        st.lists(st.sampled_from([("tables", "fees"), ("sections", "overview"), ("labels",), ("sections",), ("about",)]), max_size=1)
    ):
        (report if len(way) == 1 else report.get(way[0], {})).pop(way[-1], None)
    return report


def strays(plan: Plan, report: Report, frame: Frame, lists: Listed) -> list[str]:
    """The rules of which the short way says something else than the arrays."""
    wrong = []
    for step in plan.steps:
        judged = Plan((step,), plan.sieve, plan.kinds).judged(report, frame, lists)
        if not judged.left:
            counted = evaluate_rule(frame, step.rule, step.rule.bound[frame.form.id]).counted(1)
            if {outcome: int(number[0]) for outcome, number in counted.items()} != judged.counts:
                wrong.append(step.rule.name)
    return wrong


def stray_rules(report: Report, prior: Report | None, form: Form, plan: Plan) -> list[str]:
    lists = listed(report, form)
    return strays(plan, report, build_frame(form, [report], [lists], [prior]), lists)


@settings(QUICK, max_examples=25)
@given(reports(), st.one_of(st.none(), reports()))
def test_every_rule_has_the_outcome_that_the_arrays_give_it(one: dict[str, Any], before: dict[str, Any] | None) -> None:
    report, prior = read_structured(one, FORM, "one"), None if before is None else read_structured(before, FORM, "before")
    assert stray_rules(report, prior, FORM, PLAN) == []


def test_the_short_way_knows_the_outcome_of_every_rule_on_a_clean_report() -> None:
    report = engine.read(YUNLING, packs=[CN])
    lists = listed(report, FORM)
    chosen = [rule for rule in CN.rules if rule.default]
    judged = plan_of(FORM, chosen).judged(report, build_frame(FORM, [report], [lists]), lists)
    assert [rule.name for rule in judged.left] == []
    assert (judged.counts[Outcome.PASS], judged.equations[Outcome.PASS]) == (598, 42)


def examples(pack: Pack) -> Iterator[tuple[Rule, int]]:
    return ((rule, i) for rule in pack.rules for i in range(len(rule.file.examples)) if not rule.file.built_in)


@pytest.mark.parametrize("pack", [CN, pytest.param(US, marks=pytest.mark.slow)], ids=["cn", "us"])
def test_every_example_of_every_rule_has_the_outcome_that_the_arrays_give_it(pack: Pack) -> None:
    wrong = []
    for rule, i in examples(pack):
        example = rule.file.examples[i]
        form = form_of(rule, example, pack)
        if form is not None and form.id in rule.bound and "parts" not in example.given:
            report = fragment(example.given, form)
            prior = None if example.given.get("prior") is None else fragment(example.given["prior"], form)
            filled = expanded(form, members_of(form, report.entities, report.tables))
            plan = plan_of(filled, fitted_rules([rule], filled))
            wrong += [f"{name} {i}" for name in stray_rules(report, prior, filled, plan)]
    assert wrong == []


def both_ways(monkeypatch: pytest.MonkeyPatch, source: Any, **options: Any) -> tuple[Any, Any]:
    """What is said of a source by the short way and by the arrays."""
    for _ in range(2):
        check(YUNLING, **options)  # a plan is made when it is asked for the second time
    short = said(check(source, **options).reports[0])
    with monkeypatch.context() as patch:
        patch.setattr(drafts, "FEW", 0)
        return short, said(check(source, **options).reports[0])


@settings(QUICK, max_examples=8)
@given(one=reports())
def test_a_check_says_the_same_either_way(one: dict[str, Any]) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        assert differences(*both_ways(monkeypatch, one, packs=[CN])) == []


@pytest.mark.parametrize("options", [{"lang": "en", "strict": True}, {"profile": "review"}, {"select": ["requests-row-total", "preamble"]}])
def test_whatever_is_asked_a_check_says_the_same_either_way(monkeypatch: pytest.MonkeyPatch, options: dict[str, Any]) -> None:
    broken = changed(YUNLING, {("requests", "granted", "total"): 77, ("disputes", "review", "upheld"): "?"})
    assert differences(*both_ways(monkeypatch, broken, packs=[CN], **options)) == []


@pytest.mark.shared
def test_every_document_is_told_the_same_either_way(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    documents = [*sorted(shared.glob("cn/reports/*.txt")), *sorted(shared.glob("cn/figures/*.json")), *sorted(EXAMPLES.glob("yunling*"))]
    assert [path.name for path in documents if differences(*both_ways(monkeypatch, path))] == []


def test_too_many_to_add_up_exactly_are_left_to_the_arrays() -> None:
    total = REDUCTIONS["sum"]
    assert (total([1] * MOST), total([1] * MOST + [1]), total([None, None])) == (MOST, UNKNOWN, None)


def test_a_plan_is_made_once_and_only_for_forms_that_are_the_same_for_all() -> None:
    rules = [rule for rule in CN.rules if rule.name == "requests-balance"]
    plan = plan_for(FORM, rules)
    assert plan is not None and plan_for(FORM, rules) is plan
    open_form = US.forms["us-foia/2008"]
    filled = expanded(open_form, members_of(open_form, {"components": [{"id": "A"}]}, None))
    assert [plan_for(filled, fitted_rules(US.rules, filled)) for _ in range(3)] == [None] * 3


@pytest.mark.parametrize("raw", [Decimal("2.5"), 2.5])
def test_a_decimal_beside_columns_of_fewer_places_is_looked_at_closely(raw: Any) -> None:
    (table,) = [one for one in CN.forms["cn-disclosure/2019"].tables.values() if len({kind.places for kind in one.kinds}) > 1]
    assert plain_figures(table, {table.id: {row: dict.fromkeys(table.columns, raw) for row in table.rows}}) is None
    assert plain_figures(table, {table.id: {row: dict.fromkeys(table.columns, 2) for row in table.rows}}) is not None


@pytest.mark.parametrize(
    "raw", [Decimal("0.0000001"), Decimal("NaN"), Decimal("1E+999999"), Decimal("0." + "3" * 40), Decimal("1E-999999")]
)
def test_a_decimal_that_is_no_whole_number_of_units_is_looked_at_closely(raw: Decimal) -> None:
    assert plain_figures(FORM.tables["fees"], {"fees": {"administrative": {"amount": raw}}}) is None


def test_a_decimal_is_exact_in_units() -> None:
    figures = plain_figures(FORM.tables["fees"], {"fees": {"administrative": {"amount": Decimal("123.456789")}}})
    assert figures is not None
    assert figures.tolist() == [123456789.0]


# --- read plainly ----------------------------------------------------------------------------------------------------------------


@settings(QUICK, max_examples=30)
@given(reports())
def test_what_is_read_plainly_reads_the_same_with_a_tree(one: dict[str, Any]) -> None:
    plainly = plainly_read(one, FORM, "one")
    if plainly is not None:
        assert plainly == read_structured(node_of(one), FORM, "one")


def odd(**changes: Any) -> dict[str, Any]:
    return {**copy.deepcopy(YUNLING), **changes}


class Name(str):
    """A word that is none of Python's own."""


@pytest.mark.parametrize(
    "strange",
    [
        odd(extra=1),
        odd(schema=None),
        odd(sections=None),
        odd(labels=None),
        odd(labels=[{"at": "x"}]),
        odd(labels=[{"at": "x", "printed": 3}]),
        odd(notes={"disputes": "x"}),
        odd(notes={"nothing": ["x"]}),
        odd(about={"year": True}),
        odd(about={"partial": True}),
        odd(about={"year": 2**70}),
        odd(tables={**YUNLING["tables"], "fees": {"administrative": {"amount": float("nan")}}}),
        odd(tables={**YUNLING["tables"], "fees": {"administrative": {"amount": 2**64}}}),
        odd(tables={**YUNLING["tables"], "fees": {"administrative": {Name("amount"): 1}}}),
        odd(tables={**YUNLING["tables"], "fees": {"administrative": {}}}),
    ],
)
def test_what_is_not_plainly_a_report_is_left_to_the_tree(strange: dict[str, Any]) -> None:
    assert plainly_read(strange, FORM, "one") is None


def test_a_report_with_lines_is_read_with_its_tree() -> None:
    text = (EXAMPLES / "yunling-2024.json").read_text(encoding="utf-8")
    lines = [place.line for place in read_structured(parse_json(text), FORM, "one").places.values()]
    assert None not in lines
