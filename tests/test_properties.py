"""What must hold for every report: alone as in a batch, more known never the opposite, in whatever order it is written."""

from __future__ import annotations

import copy
import random
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from some_reports import CELLS, FORM, YUNLING, changed, differences, said

from govreport_check import Report, check, check_many, load_pack
from govreport_check.batch import VERDICTS, check_data
from govreport_check.evaluation import evaluate_rules
from govreport_check.frame import build_frame
from govreport_check.listed import listed
from govreport_check.readers.structured import read_structured

QUICK = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

FIGURES = st.one_of(st.integers(0, 200), st.integers(-(10**6), 10**6), st.just(2**53), st.just(10**40), st.just(Decimal("0.5")))
PRINTED = st.sampled_from(["?", "12a", "-", "", "1,234", "１２", "22（其中修订16件）", "约20", "20余", "无", "NaN", None, ..., True])
EDITS = st.dictionaries(st.sampled_from(CELLS), st.one_of(FIGURES, PRINTED), max_size=6)
LOSSES = st.lists(
    st.sampled_from(
        [
            ("tables", "requests"),
            ("tables", "fees"),
            ("sections", "overview"),
            ("sections", "preamble"),
            ("labels",),
            ("sections",),
            ("about", "year"),
        ]
    ),
    max_size=2,
)


@st.composite
def reports(draw: st.DrawFn) -> dict[str, Any]:
    """The clean report with some cells changed and some parts lost."""
    report = changed(YUNLING, draw(EDITS))
    for *way, last in draw(LOSSES):
        holder = report
        for step in way:
            holder = holder.get(step, {})
        holder.pop(last, None)
    return report


@settings(QUICK, max_examples=12)
@given(st.lists(reports(), min_size=2, max_size=4))
def test_checked_together_as_checked_alone(many: list[dict[str, Any]]) -> None:
    together = check_many(many).reports
    assert differences([said(one) for one in together], [said(check(report).reports[0]) for report in many]) == []


@settings(QUICK, max_examples=8)
@given(st.lists(reports(), min_size=1, max_size=4))
def test_a_batch_of_python_data_is_told_as_each_alone(many: list[dict[str, Any]]) -> None:
    batch = check_data(many, FORM.id, load_pack("cn-disclosure"))
    for i, report in enumerate(many):
        (alone,) = check(report, packs=["cn-disclosure"]).reports
        assert VERDICTS[batch.verdicts[i]] == alone.verdict
        counts = {outcome.value: int(numbers[i]) for outcome, numbers in batch.counts.items()}
        assert counts == alone.counts.model_dump(by_alias=True)
        findings = [finding.model_dump() for finding in batch.findings(i)]
        assert differences(findings, [finding.model_dump() for finding in alone.findings]) == []


RULES = load_pack("cn-disclosure").rules


def codes(*given_: Report) -> dict[str, Any]:
    frame = build_frame(FORM, given_, [listed(report, FORM) for report in given_])
    return {evaluation.rule.name: evaluation for evaluation in evaluate_rules(frame, RULES)}


@settings(QUICK, max_examples=40)
@given(reports(), st.sets(st.sampled_from(CELLS), min_size=1, max_size=4), st.data())
def test_reading_the_unread_never_turns_a_verdict_round(
    report: dict[str, Any], unread: set[tuple[str, str, str]], data: st.DataObject
) -> None:
    hidden = changed(report, {cell: "?" for cell in unread if cell[0] in report.get("tables", {})})
    filled = changed(hidden, {cell: data.draw(st.integers(0, 200)) for cell in unread if cell[0] in report.get("tables", {})})
    before, after = read_structured(hidden, FORM, "hidden"), read_structured(filled, FORM, "filled")
    for name, evaluation in codes(before, after).items():
        if evaluation.owner is None:
            first, second = evaluation.codes[..., 0], evaluation.codes[..., 1]
            # 2 is not applicable: a rule under `when:` may come to apply, or not, once its condition is known
            turned = (np.abs(first) == 1) & (np.abs(second) == 1) & (first != second)
            assert not turned.any(), name


@settings(QUICK, max_examples=15)
@given(reports(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(report: dict[str, Any], shuffled: random.Random) -> None:
    other = copy.deepcopy(report)
    for table, rows in other.get("tables", {}).items():
        names = shuffled.sample(list(rows), len(rows))
        other["tables"][table] = {row: dict(shuffled.sample(list(rows[row].items()), len(rows[row]))) for row in names}
    assert said(check(other).reports[0]) == said(check(report).reports[0])


KEYS = st.sampled_from(
    [
        "schema",
        "form",
        "about",
        "sections",
        "tables",
        "labels",
        "notes",
        "entities",
        "reading",
        "requests",
        "granted",
        "overview",
        "heading",
        "text",
        "total",
        "year",
        "partial",
        "at",
        "printed",
        "finding",
        "copies",
        "signed_on",
        "x",
    ]
)
ATOMS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.just(-(10**400)),
    st.floats(),
    st.decimals(),
    st.text(max_size=8),
    PRINTED.filter(lambda one: one is not ...),
    st.just("cn-disclosure/2021"),
    st.just("requests.rows.granted"),
    st.binary(max_size=3),
    st.dates(),
)
VALUES = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(KEYS, inner, max_size=4),
        st.dictionaries(
            st.one_of(st.none(), st.integers(), st.booleans(), st.text(max_size=4), st.floats(), st.dates()), inner, max_size=2
        ),
    ),
    max_leaves=10,
)


@settings(QUICK, max_examples=60)
@given(st.sampled_from(["about", "sections", "tables", "labels", "notes", "entities", "reading", "form", "x"]), VALUES)
def test_any_value_of_any_part_is_told_and_never_raises(part: str, value: Any) -> None:
    result = check({**YUNLING, part: value})
    assert len(result.reports) == 1
    assert result.model_dump_json()


@pytest.mark.parametrize(
    "part", ["about year", "about title", "tables requests granted total", "tables x y z", "sections overview copies", "labels", "x"]
)
def test_a_number_of_five_thousand_digits_never_raises(part: str) -> None:
    report = holder = copy.deepcopy(YUNLING)
    *way, last = part.split()
    for step in way:
        holder = holder.setdefault(step, {})
    holder[last] = [10**5000] if part == "labels" else 10**5000
    assert check(report).model_dump_json()


@settings(QUICK, max_examples=50)
@given(st.sampled_from([cell for cell in CELLS if cell[1] in ("granted", "review", "administrative", "licensing")]), VALUES)
def test_any_value_of_any_cell_is_told_and_never_raises(cell: tuple[str, str, str], value: Any) -> None:
    result = check(changed(YUNLING, {cell: value}))
    (report,) = result.reports
    signalling = isinstance(value, Decimal) and value.is_nan()  # whose comparison with anything raises
    number = isinstance(value, int | Decimal | float) and not isinstance(value, bool) and not signalling
    known = number and value == YUNLING["tables"][cell[0]][cell[1]][cell[2]]
    whole = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    assert known or whole or cell[0] in ("fees", "decisions") or report.findings or report.verdict == "not_verified"


@settings(QUICK, max_examples=60)
@given(
    st.dictionaries(st.sampled_from(["level", "year", "signed_on", "x", "partial"]), VALUES, max_size=3),
    st.binary(max_size=40),
    st.text(max_size=60),
)
def test_stated_facts_bytes_and_texts_never_raise(about: dict[str, Any], raw: bytes, text: str) -> None:
    check(YUNLING, about=about)
    for source in (raw, text + "\n", "政府信息公开工作年度报告\n" + text):
        assert check(source).reports[0].verdict == "not_verified"
