"""The US pack on the sample of published reports: what every rule says of them, and the time that takes beside lxml's own parsing.

``python -m tests.benchmarks.us_sample [FOLDER]``; the sample of the shared data by default. Times are processor time of one run.
"""

# ruff: noqa: T201
from __future__ import annotations

import os
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path

from lxml import etree

from govreport_check.alignment import beside
from govreport_check.engine import Job, Options, check_jobs
from govreport_check.evaluation import evaluate_rules
from govreport_check.findings import Outcome
from govreport_check.frame import build_frame
from govreport_check.pack import load_pack
from govreport_check.recognition import Recognised, known_report, prior_among
from govreport_check.rule import fitted_rules

SAMPLE = Path(os.environ.get("GOVREPORT_SHARED", "../shared")) / "us-foia" / "sample"


def outcomes(taken: list[Recognised]) -> dict[str, Counter[Outcome]]:
    """How often each rule passed, failed, was undecided or not applicable, instances counted over all reports."""
    found: dict[str, Counter[Outcome]] = defaultdict(Counter)
    for i, prior in prior_among(dict(enumerate(taken))).items():
        one = taken[i]
        report, earlier = (one.report, None) if prior is None else beside(one.report, taken[prior].report, one.form, one.pack)
        frame = build_frame(one.form, [report], None, [earlier])
        for evaluation in evaluate_rules(frame, fitted_rules(one.pack.rules, one.form)):
            for outcome, number in evaluation.counted(1).items():
                found[evaluation.rule.name][outcome] += int(number[0])
    return found


def main(folder: Path) -> None:
    files = sorted(folder.rglob("*.xml"))
    start = time.process_time()
    for path in files:
        etree.parse(path)
    parsed = time.process_time() - start
    start, wall = time.process_time(), time.perf_counter()
    result = check_jobs([Job(path) for path in files], None, Options(lang="en"))
    checked, waited = time.process_time() - start, time.perf_counter() - wall
    pack = load_pack("us-foia")
    print("| rule | applicable | pass | fail | undecided |\n|---|---|---|---|---|")
    for rule, counts in sorted(outcomes([known_report(path, [pack]) for path in files]).items()):
        passed, failed, open_ = counts[Outcome.PASS], counts[Outcome.FAIL], counts[Outcome.UNDECIDED]
        print(f"| {rule} | {passed + failed + open_} | {passed} | {failed} | {open_} |")
    size = sum(path.stat().st_size for path in files) / 1e6
    verdicts = Counter(report.verdict.value for report in result.reports)
    print(f"{len(files)} files, {size:.1f} MB: {dict(verdicts)}, {len(result.findings)} findings")
    print(f"check {checked:.2f} s of processor time, {waited:.2f} s by the clock; lxml parses the files in {parsed:.2f} s")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLE)
