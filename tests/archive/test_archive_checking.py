"""A batch of an archive gets the findings that each of its reports gets by itself."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from archived_reports import FORM, alone, documents, files, of_rows
from hypothesis import given, settings
from hypothesis import strategies as st

from govreport_check import UsageError, load_pack
from govreport_check.archive.checking import check_batch, findings_schema, plan_of
from govreport_check.archive.frames import frame_of, reports_of
from govreport_check.archive.reading import read_batch
from govreport_check.evaluation import FAIL, UNDECIDED, evaluate_rules
from govreport_check.pack import Pack
from govreport_check.selection import Options
from tests.benchmarks.archived import record_batch
from tests.benchmarks.data import BESIDE, WORK, generate

pa = pytest.importorskip("pyarrow")
OF_WORK = Options(select=WORK, ignore=BESIDE)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack("cn-disclosure")


@pytest.fixture(scope="module")
def paths(pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return files(tmp_path_factory.mktemp("reports"), documents(pack.forms[FORM]))


@pytest.fixture(scope="module")
def batch(paths: list[Path], pack: Pack) -> Any:
    taken = read_batch(paths, [pack])
    assert not taken.unread
    return taken.batches[FORM]


def test_every_report_gets_what_it_gets_alone(batch: Any, paths: list[Path], pack: Pack) -> None:
    rules = plan_of(FORM, pack, Options()).own.select
    rows = check_batch(batch, pack).to_pylist()
    for path, name in zip(paths, batch.column("hash").to_pylist(), strict=True):
        assert of_rows(row for row in rows if row["hash"] == name) == alone(path, pack, rules), path


def test_most_odd_reports_are_in_columns(batch: Any) -> None:
    apart = batch.num_rows - batch.column("apart").null_count
    odd = batch.num_rows - batch.column("odd").null_count
    # a part unread, a date that is none, a strange key, no facts, a table and a row missing, only a part, a figure as 1E-7
    assert (apart, odd > 15) == (8, True)


def test_figures_are_whole_numbers_of_their_units(batch: Any) -> None:
    amounts = batch.column("fees.administrative.amount").to_pylist()[-19:-13]
    assert amounts == [1_000_000, 100_000, None, 3_500_000, 0, -2_250_000]
    raws = [[one["raw"] for one in odd or ()] for odd in batch.column("odd").to_pylist()[-19:-13]]
    assert raws == [[], [], [], ["3.50"], [None], []]


def test_rules_about_prose_are_evaluated_from_whole_reports(pack: Pack, root: Path) -> None:
    paths = [root / "docs" / "examples" / name for name in ("yunling-2024.txt", "yunling-2024-mistakes.txt")]
    batch = read_batch(paths, [pack]).batches[FORM]
    plan = plan_of(FORM, pack, Options())
    assert len(plan.prose) > 50
    some, every = ({row["rule"] for row in check_batch(batch, pack, whole=whole).to_pylist()} for whole in (False, True))
    known = {line[0] for path in paths for line in alone(path, pack)}
    assert some == known - {rule.id for rule in (*plan.prose, *plan.of_others)}
    assert some < every == known


def test_rules_that_are_not_evaluated_need_the_prose_or_another_report(pack: Pack) -> None:
    plan = plan_of(FORM, pack, Options())
    assert {"cn-disclosure/requests-balance", "cn-disclosure/period-start"} <= {rule.id for rule in (*plan.screened, *plan.others)}
    assert "cn-disclosure/received-stated" in {rule.id for rule in plan.prose}
    assert "cn-disclosure/carry-over" in {rule.id for rule in plan.of_others}


@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_one_is_as_many(batch: Any, pack: Pack, data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.integers(0, batch.num_rows - 1), min_size=1, max_size=9))
    some = batch.take(pa.array(rows))
    together = check_batch(some, pack, OF_WORK).to_pylist()
    apart = [line for i in range(len(rows)) for line in check_batch(some.slice(i, 1), pack, OF_WORK).to_pylist()]
    assert together == apart


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32), high=st.sampled_from([2, 50, 2**40, 2**52]))
def test_what_the_screen_lets_through_breaks_no_screened_rule(pack: Pack, seed: int, high: int) -> None:
    plan = plan_of(FORM, pack, OF_WORK)
    random, made = np.random.default_rng(seed), generate(pack.forms[FORM], 12, seed=seed % 1000)
    for values in made.tables.values():  # figures anywhere, also far out: some still add up
        chosen = random.random(values.shape) < 0.002
        values[chosen] = random.integers(-high, high, int(chosen.sum()))
    reports = reports_of(record_batch(made), plan.layout)
    broken = plan.screen.broken(reports.cells, reports.size) | reports.is_odd
    frame = frame_of(reports, np.arange(reports.size), figures=True)
    for evaluation in evaluate_rules(frame, plan.screened):
        bad = ((evaluation.codes == FAIL) | (evaluation.codes == UNDECIDED)).reshape(-1, reports.size).any(axis=0)
        assert not (bad & ~broken).any()


def test_the_screen_is_for_what_is_linear(pack: Pack) -> None:
    plan = plan_of(FORM, pack, OF_WORK)
    assert len(plan.screen.sums) == 42
    assert {rule.name for rule in plan.others} == {"sections-present", "sections-not-empty", "period-start", "period-end", "signature-year"}


def test_findings_of_generated_reports_are_the_planted_ones(pack: Pack) -> None:
    made = generate(pack.forms[FORM], 2_000, seed=11)
    found = check_batch(record_batch(made), pack, OF_WORK)
    assert found.schema == findings_schema()
    assert set(found.column("hash").to_pylist()) == {f"generated-{i:08d}" for i in made.faulty}


def test_the_function_travels(batch: Any, pack: Pack) -> None:
    sent = pickle.loads(pickle.dumps(check_batch))
    assert sent(batch.slice(0, 20), "cn-disclosure", OF_WORK).equals(check_batch(batch.slice(0, 20), pack, OF_WORK))


def test_a_form_that_the_pack_does_not_have_is_said(batch: Any) -> None:
    with pytest.raises(UsageError, match="us-foia has no form cn-disclosure/2021"):
        check_batch(batch, "us-foia")


def test_of_nothing_nothing_is_said(batch: Any, pack: Pack) -> None:
    assert check_batch(batch.slice(0, 0), pack).num_rows == 0
