"""The work W (``data.py``) by govreport_check and by others, in one run: ``python -m tests.benchmarks.work [reports]``.

Times are those of the processor, not of the wall: the machine may be shared. Compare only within one run. Everyone finds the faults of the
same reports; who has found all of them is printed first, held to the generated plain Python.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from statistics import median
from typing import Any, TypeAlias

from govreport_check import check
from govreport_check.batch import Batch, check_columns, check_data
from govreport_check.form import Form
from govreport_check.pack import Pack, load_pack
from govreport_check.selection import Options
from tests.benchmarks.data import BESIDE, WORK, Generated, dicts, generate
from tests.benchmarks.peers import installed
from tests.benchmarks.plain import Checker, compiled

# ruff: noqa: T201

Documents: TypeAlias = "Sequence[Mapping[str, Any]]"
Found: TypeAlias = "set[tuple[int, str, tuple[str, ...]]]"

OF_WORK = Options(select=WORK, ignore=BESIDE)
CHUNK = 5_000
ROUNDS = 5
ENOUGH = 8.0
"""Seconds after which a contender has shown how fast it is."""


@dataclass
class Contender:
    """Someone who does the work: ``run`` on documents, ``one`` on a single one; what was measured of it."""

    name: str
    does: str
    run: Callable[[Documents], object]
    found: Callable[[Documents], Found] | None = None
    seconds: float = 0.0
    reports: int = 0
    few: float = 0.0
    one: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return self.reports / self.seconds if self.seconds else float("nan")


def spent(run: Callable[[], object]) -> float:
    """Seconds of the processor."""
    start = time.process_time()
    run()
    return time.process_time() - start


def of_checker(name: str, does: str, checker: Checker) -> Contender:
    def found(documents: Documents) -> Found:
        return {(i, rule, at) for i, document in enumerate(documents) for rule, at, _, _ in checker(document)}

    return Contender(name, does, lambda documents: [checker(document) for document in documents], found)


def of_ours(name: str, does: str, form: Form, pack: Pack, options: Options, words: bool = False) -> Contender:
    def run(documents: Documents) -> object:
        batch = check_data(documents, form.id, pack, options)
        return [batch.findings(i) for i in sorted({told.report for told in batch.told})] if words else batch

    return Contender(name, does, run, None if words else lambda documents: told(check_data(documents, form.id, pack, options)))


def told(batch: Batch) -> Found:
    return {(one.report, one.rule.partition("/")[2], one.at) for one in batch.told}


def contenders(form: Form, pack: Pack) -> list[Contender]:
    ours = [
        of_ours("govreport, W", "all of W", form, pack, OF_WORK),
        of_ours("govreport, W, in words", "all of W, faulty ones explained", form, pack, OF_WORK, words=True),
        of_ours(
            "govreport, whole pack", f"{len([rule for rule in pack.rules if rule.default])} rules, prose and labels", form, pack, Options()
        ),
        Contender(
            "govreport check(), W",
            "all of W, one at a time",
            lambda documents: [check(one, packs=[pack], select=WORK, ignore=BESIDE) for one in documents],
        ),
        Contender("govreport check()", "whole pack, one at a time", lambda documents: [check(one, packs=[pack]) for one in documents]),
    ]
    others = []
    for name, does, maker in installed():
        if maker is None:
            print(f"{name} is not installed and left out (extra bench)")
        else:
            others.append(of_checker(name, does, maker(form)))
    return [of_checker("generated plain Python", "all of W", compiled(form)), *ours, *others]


# --- measuring -----------------------------------------------------------------------------------------------------------------


def compare_findings(all_: Sequence[Contender], documents: Documents, faulty: Mapping[int, str]) -> None:
    """Who finds what; an error where someone who does all of W finds anything else than the reference."""
    reference = all_[0].found
    wanted = reference(documents) if reference else set()
    planted = {i for i in faulty if i < len(documents)}
    if {i for i, _, _ in wanted} != planted:
        raise SystemExit("the reference does not find exactly the faulty reports")
    print(f"\n{len(documents):,} reports, {len(planted)} faulty, {len(wanted)} violations (report, rule, place)\n")
    for one in all_:
        if one.found is None:
            continue
        found = one.found(documents)
        print(f"  {one.name:26}{len(found & wanted):5} found {len(found - wanted):5} besides")
        if one.does == "all of W" and found != wanted:
            raise SystemExit(f"{one.name} does not find what the reference finds")


def measure_one(all_: Sequence[Contender], documents: Documents) -> None:
    for _ in range(ROUNDS):
        for one in all_:
            times = [spent(partial(one.run, [document])) for document in documents[:40]]
            one.one.append(median(times))


def measure_few(all_: Sequence[Contender], documents: Documents) -> None:
    for one in all_:
        few = documents if one.one[0] < 0.001 else documents[:200]
        rounds = ROUNDS if one.one[0] < 0.001 else 1
        one.few = len(few) / median(spent(partial(one.run, few)) for _ in range(rounds))


def measure_many(all_: Sequence[Contender], made: Generated) -> None:
    for start in range(0, made.size, CHUNK):
        documents = dicts(made, start, min(start + CHUNK, made.size))
        for one in all_:
            if one.seconds < ENOUGH:
                some = documents if one.few > 2_000 else documents[:200]
                one.seconds += spent(partial(one.run, some))
                one.reports += len(some)


def measure_columns(form: Form, pack: Pack, made: Generated, size: int) -> dict[str, float]:
    """Reports a second from columns in memory."""
    few = made if made.size == size else generate(form, size)
    runs = {"govreport, W": OF_WORK, "govreport, whole pack": Options()}
    given = (form.id, pack, few.tables, few.abouts(), few.lengths)
    return {name: size / median(spent(partial(check_columns, *given, options)) for _ in range(ROUNDS)) for name, options in runs.items()}


# --- printing ------------------------------------------------------------------------------------------------------------------


def print_table(all_: Sequence[Contender], size: int) -> None:
    plain = all_[0]
    cerberus = next((one for one in all_ if one.name == "Cerberus"), None)
    print(f"\n{'from Python dicts':26}{'does':34}{'one, µs':>10}{'1,000, /s':>12}{f'{size:,}, /s':>14}{'x plain':>9}{'x Cerberus':>12}")
    for one in all_:
        against = f"{one.rate / cerberus.rate:.1f}" if cerberus else "-"
        some = "" if one.reports == size else f"  ({one.reports:,} of them)"
        micro = median(one.one) * 1e6
        print(f"{one.name:26}{one.does:34}{micro:10,.0f}{one.few:12,.0f}{one.rate:14,.0f}{one.rate / plain.rate:9.2f}{against:>12}{some}")


def main(size: int = 100_000) -> None:
    pack = load_pack("cn-disclosure")
    form = pack.forms["cn-disclosure/2021"]
    made = generate(form, size)
    all_ = contenders(form, pack)
    documents = dicts(made, 0, min(size, 2_000))
    compare_findings(all_, documents, made.faulty)
    measure_one(all_, documents)
    measure_few(all_, documents[:1_000])
    measure_many(all_, made)
    print_table(all_, size)
    few, many = measure_columns(form, pack, made, 1_000), measure_columns(form, pack, made, size)
    print(f"\n{'from columns in memory':60}{'':10}{'1,000, /s':>12}{f'{size:,}, /s':>14}{'x plain':>9}  (plain Python: from dicts)")
    for name in many:
        print(f"{name:60}{'':10}{few[name]:12,.0f}{many[name]:14,.0f}{many[name] / all_[0].rate:9.2f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
