"""Random and structured faults on clean figures of published reports: how often the localiser names the true cells, and how fast.

    python -m tests.benchmarks.faults FOLDER [--cases 500]

FOLDER holds structured reports; those with a broken sum are left out. Everything is drawn from a fixed seed.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from random import Random

from govreport_check.constraints import CellKey
from govreport_check.evaluation import evaluate_rules
from govreport_check.frame import build_frame
from govreport_check.locate import Located, Variable, locate
from govreport_check.recognition import known_report, packs_of
from govreport_check.suspects import Evidence, evidence_of

# ruff: noqa: T201

SEED = 2026
MOST_SETS = 5000

Changes = Mapping[CellKey, int]


@dataclass(frozen=True)
class Clean:
    """The constraints of a report in which all hold, and the known figures of one table by (row, column)."""

    name: str
    evidence: Evidence
    cells: Mapping[tuple[int, int], CellKey]

    def value(self, key: CellKey) -> int:
        return int(self.evidence.variables[key].value or 0)

    def columns(self) -> int:
        return 1 + max(column for _, column in self.cells)

    def rows(self) -> int:
        return 1 + max(row for row, _ in self.cells)

    def total(self, row: int) -> CellKey | None:
        return self.cells.get((row, self.columns() - 1))

    def faulted(self, changes: Changes) -> dict[CellKey, Variable]:
        known = self.evidence.variables
        return {key: replace(one, value=changes[key]) if key in changes else one for key, one in known.items()}

    def located(self, changes: Changes) -> Located:
        return locate(self.faulted(changes), self.evidence.constraints)


def clean_reports(folder: Path, table: str = "requests") -> list[Clean]:
    """The reports of a folder in which no sum is broken and most figures of ``table`` are known."""
    packs = packs_of(None)
    found = []
    for file in sorted(folder.glob("*.json")):
        one = known_report(json.loads(file.read_text(encoding="utf-8")), packs)
        frame = build_frame(one.form, [one.report])
        evidence = evidence_of(frame, 0, evaluate_rules(frame, one.pack.rules))
        keys = [key for key, known in evidence.variables.items() if key[:2] == ("here", table) and known.value is not None]
        size = len(one.form.tables[table].rows) * len(one.form.tables[table].columns)
        if len(keys) > size * 0.9 and not locate(evidence.variables, evidence.constraints).causes:
            found.append(Clean(file.stem, evidence, {key[2:]: key for key in keys}))
    return found


# --- faults --------------------------------------------------------------------------------------------------------------------


def other_figure(draw: Random, figure: int) -> int:
    """A wrong figure: any number of that size, one not far off, or one with a digit doubled, left out, replaced or added."""
    digits, at = str(figure), draw.randrange(len(str(figure)))
    ways: Sequence[Callable[[], int]] = (
        lambda: draw.randint(0, 2 * figure + 20),
        lambda: figure + draw.choice((-1, 1)) * draw.randint(1, max(3, figure // 2)),
        lambda: int(digits[: at + 1] + digits[at:]),
        lambda: int(digits[:at] + digits[at + 1 :] or "0"),
        lambda: int(digits[:at] + str(draw.randrange(10)) + digits[at + 1 :]),
        lambda: figure * 10,
    )
    while True:
        other = draw.choice(ways)()
        if other >= 0 and other != figure:
            return other


def random_faults(clean: Sequence[Clean], number: int, cases: int) -> Iterator[tuple[Clean, Changes]]:
    """``cases`` reports with ``number`` changed cells each."""
    draw = Random(SEED + number)
    for _ in range(cases):
        one = draw.choice(clean)
        keys = draw.sample(sorted(one.cells.values()), number)
        yield one, {key: other_figure(draw, one.value(key)) for key in keys}


def exchanged(one: Clean, at: tuple[int, int], other: tuple[int, int]) -> Changes:
    """Two figures in one another's place; nothing where they are alike or not known."""
    if at not in one.cells or other not in one.cells:
        return {}
    a, b = one.cells[at], one.cells[other]
    return {a: one.value(b), b: one.value(a)} if one.value(a) != one.value(b) else {}


def neighbours_in_row(one: Clean, row: int, column: int, draw: Random) -> Changes:
    return exchanged(one, (row, column), (row, column + 1))


def neighbours_in_column(one: Clean, row: int, column: int, draw: Random) -> Changes:
    return exchanged(one, (row, column), (row + 1, column))


def columns_in_row(one: Clean, row: int, column: int, draw: Random) -> Changes:
    return exchanged(one, (row, column), (row, draw.randrange(one.columns())))


def total_worked_out_anew(one: Clean, row: int, column: int, draw: Random) -> Changes:
    """A wrong cell, and a row total that fits it."""
    key, total = one.cells.get((row, column)), one.total(row)
    if key is None or total is None or column == one.columns() - 1:
        return {}
    wrong = other_figure(draw, one.value(key))
    return {key: wrong, total: one.value(total) + wrong - one.value(key)}


def wrong_column(one: Clean, row: int, column: int, draw: Random) -> Changes:
    """A figure that stands in another column, which has none of its own."""
    there = draw.randrange(one.columns() - 1)
    here, other = one.cells.get((row, column)), one.cells.get((row, there))
    if here is None or other is None or one.value(here) == 0 or one.value(other) != 0 or column == one.columns() - 1:
        return {}
    return {here: 0, other: one.value(here)}


STRUCTURED: Mapping[str, Callable[[Clean, int, int, Random], Changes]] = {
    "neighbours in a row swapped": neighbours_in_row,
    "neighbours in a column swapped": neighbours_in_column,
    "two columns of a row swapped": columns_in_row,
    "row total worked out over a wrong cell": total_worked_out_anew,
    "figure in the wrong column": wrong_column,
}


def structured_faults(kind: str, clean: Sequence[Clean], cases: int) -> Iterator[tuple[Clean, Changes]]:
    """At most ``cases`` faults of a kind that break a sum: what breaks none, arithmetic cannot see."""
    draw = Random(f"{SEED} {kind}")
    tried = islice(_tried(kind, clean, draw), 50 * cases)
    return islice(((one, changes) for one, changes in tried if changes and one.located(changes).causes), cases)


def _tried(kind: str, clean: Sequence[Clean], draw: Random) -> Iterator[tuple[Clean, Changes]]:
    while True:
        one = draw.choice(clean)
        yield one, STRUCTURED[kind](one, draw.randrange(one.rows()), draw.randrange(one.columns()), draw)


# --- the share that is named ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Share:
    """Of so many ``cases``: the true cells among the smallest sets; smaller sets explain as well; named first; first with their values.

    ``seconds`` for each case; ``ways``: how many explanations are listed, at the median.
    """

    cases: int
    among: float
    smaller: float
    first: float
    right: float
    ways: float
    seconds: Sequence[float]

    def line(self, name: str) -> str:
        spent = sorted(self.seconds)
        times = f"median {statistics.median(spent) * 1e3:5.1f} ms, worst {spent[-1] * 1e3:6.1f} ms"
        shares = f"among {self.among:6.1%}  smaller {self.smaller:5.1%}  first {self.first:6.1%}  right {self.right:6.1%}"
        return f"{name:40} n={self.cases:<4} {shares}  ways {self.ways:4.1f}  {times}"


def share(faults: Iterable[tuple[Clean, Changes]]) -> Share:
    """How often the true cells are named."""
    counts = {"among": 0, "smaller": 0, "first": 0, "right": 0}
    seconds, ways = [], []
    for one, changes in faults:
        begun = time.perf_counter()
        located = one.located(changes)
        seconds.append(time.perf_counter() - begun)
        true, sets = frozenset(changes), set(islice(located.sets(), MOST_SETS))
        first = {change.key: change.new for cause in located.causes for way in cause.explanations[:1] for change in way.changes}
        counts["among"] += true in sets
        counts["smaller"] += any(len(cells) < len(true) for cells in sets)
        counts["first"] += set(first) == true
        counts["right"] += first == {key: one.value(key) for key in true}
        ways.append(sum(len(cause.explanations) for cause in located.causes))
    size = len(seconds)
    return Share(size, *(counts[name] / size for name in counts), statistics.median(ways), seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cases", type=int, default=500)
    given = parser.parse_args()
    clean = clean_reports(given.folder)
    print(f"{len(clean)} clean reports")
    for number in (1, 2, 3):
        print(share(random_faults(clean, number, given.cases)).line(f"{number} changed at random"))
    for kind in STRUCTURED:
        print(share(structured_faults(kind, clean, given.cases)).line(kind))


if __name__ == "__main__":
    main()
