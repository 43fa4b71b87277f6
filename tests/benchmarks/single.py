"""One report at a time beside Cerberus doing the work W: ``python -m tests.benchmarks.single [rounds]``. Times of the processor, in ms.

Every report of the whole pack is the example report in other words, so that no text has been seen before; the pack asks far more than
W: prose, labels, headings, dates. The generated reports of W have one line of text in each part.
"""

from __future__ import annotations

import copy
import json
import random
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from govreport_check import check, load_pack
from tests.benchmarks.data import BESIDE, WORK, dicts, generate
from tests.benchmarks.peers import cerberus_checker

# ruff: noqa: T201

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "yunling-2024.json"
REPORTS = 60
WARM = 20
"""Reports that are not measured: a plan is made for the second one, and RE2 learns with each."""


def reports(wrong: int = 0) -> Iterator[dict[str, Any]]:
    """The example report in other words each time, with a figure that is off by ``wrong``."""
    whole, chance = json.loads(EXAMPLE.read_text(encoding="utf-8")), random.Random(1)
    for i in range(REPORTS):
        one = copy.deepcopy(whole)
        for section in one["sections"].values():
            section["text"] = section["text"].replace("。", f"，第{chance.randrange(100, 10**6)}号。", 2)
        sentences = one["sections"]["overview"]["text"].split("\n")
        one["sections"]["overview"]["text"] = "\n".join(chance.sample(sentences, len(sentences)))
        one["tables"]["requests"]["granted"]["total"] += wrong * (i + 1)
        yield one


def spent(run: Callable[[Mapping[str, Any]], object], document: Mapping[str, Any]) -> float:
    start = time.process_time()
    run(document)
    return (time.process_time() - start) * 1000


def main(rounds: int = 5) -> None:
    pack = load_pack("cn-disclosure")
    form = pack.forms["cn-disclosure/2021"]
    made = generate(form, 2_000)
    few = dicts(made)
    faulty = [few[i] for i in made.faulty]
    contenders: dict[str, tuple[Callable[[Mapping[str, Any]], object], Sequence[Mapping[str, Any]]]] = {
        "Cerberus, W": (cerberus_checker(form), few[:REPORTS]),
        "check(), W alone": (lambda one: check(one, packs=[pack], select=WORK, ignore=BESIDE), few[:REPORTS]),
        "check(), W alone, faulty ones": (lambda one: check(one, packs=[pack], select=WORK, ignore=BESIDE), faulty),
        "check(), whole pack, clean": (lambda one: check(one, packs=[pack]), list(reports())),
        "check(), whole pack, one figure wrong": (lambda one: check(one, packs=[pack]), list(reports(wrong=1))),
    }
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for round_ in range(rounds + 1):
        for name, (run, documents) in contenders.items():
            measured = [spent(run, one) for one in documents]
            times[name] += measured[WARM:] if round_ else []
    yardstick = median(times["Cerberus, W"])
    print(f"{'':40}{'median, ms':>12}{'least, ms':>12}{'x Cerberus':>12}")
    for name, found in times.items():
        print(f"{name:40}{median(found):12.2f}{min(found):12.2f}{median(found) / yardstick:12.2f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
