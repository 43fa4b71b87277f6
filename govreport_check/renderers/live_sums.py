"""Equations between the figures of a form, as formulas of a workbook can keep them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import TypeAlias

Spot: TypeAlias = "tuple[str, int, int]"
"""Table, row and column of a figure of a form."""
At: TypeAlias = "tuple[str, int, int]"
"""Sheet, row and column of a cell of a workbook, the last two counted from nought."""


@dataclass(frozen=True, slots=True)
class Side:
    """Σ coefficient · figure + constant."""

    terms: tuple[tuple[Decimal, Spot], ...]
    constant: Decimal = Decimal(0)

    def value(self, figures: Mapping[Spot, Decimal]) -> Decimal:
        """Its value, where figures that are not there count nothing."""
        return sum((factor * figures.get(spot, Decimal(0)) for factor, spot in self.terms), self.constant)


@dataclass(frozen=True, slots=True)
class Equation:
    """``left`` == ``right``, by its name. ``needed`` are the figures without which it says nothing: in others a blank is nought."""

    name: str
    left: Side
    right: Side
    needed: frozenset[Spot] = frozenset()

    @property
    def spots(self) -> tuple[Spot, ...]:
        return tuple(dict.fromkeys(spot for side in (self.left, self.right) for _, spot in side.terms))


def sums_of(equations: Iterable[Equation], totals: Callable[[Spot], bool]) -> dict[Spot, tuple[Spot, ...]]:
    """The totals that an equation defines as a plain sum, with what they sum, the first such equation of each; none rests on itself."""
    found: dict[Spot, tuple[Spot, ...]] = {}
    for equation in equations:
        for alone, other in ((equation.left, equation.right), (equation.right, equation.left)):
            if not _is_plain(alone, 1) or not _is_plain(other, None) or alone.terms[0][1] in found:
                continue
            target, parts = alone.terms[0][1], tuple(spot for _, spot in other.terms)
            if totals(target) and len(parts) > 1 and target not in _below(parts, found):
                found[target] = parts
                break
    return found


def _is_plain(side: Side, terms: int | None) -> bool:
    return not side.constant and all(factor == 1 for factor, _ in side.terms) and terms in (None, len(side.terms))


def _below(parts: Iterable[Spot], sums: Mapping[Spot, tuple[Spot, ...]]) -> set[Spot]:
    """All that ``parts`` rest on, themselves among it."""
    seen: set[Spot] = set()
    waiting = list(parts)
    while waiting:
        spot = waiting.pop()
        if spot not in seen:
            seen.add(spot)
            waiting.extend(sums.get(spot, ()))
    return seen


def references(cells: Iterable[At], home: str) -> str:
    """D5:I5,K5 for the arguments of a function: cells beside or below one another as ranges, with the sheet where it is not ``home``."""
    return ",".join(_range(run, home) for run in _runs(sorted(set(cells))))


def _runs(cells: list[At]) -> Iterator[list[At]]:
    """Cells in ranges: those of a row, then single ones below one another."""
    rows = [
        [one for _, one in group] for _, group in groupby(enumerate(cells), lambda pair: (pair[1][0], pair[1][1], pair[1][2] - pair[0]))
    ]
    column: list[At] = []
    for run in rows:
        if len(run) == 1 and column and (column[-1][0], column[-1][1] + 1, column[-1][2]) == run[0]:
            column.extend(run)
            continue
        if column:
            yield column
        column = run if len(run) == 1 else []
        if len(run) > 1:
            yield run
    if column:
        yield column


def _range(run: list[At], home: str) -> str:
    sheet = "" if run[0][0] == home else "'" + run[0][0].replace("'", "''") + "'!"
    return sheet + _name(run[0]) + (f":{_name(run[-1])}" if len(run) > 1 else "")


def _name(cell: At) -> str:
    letters, column = "", cell[2] + 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{cell[1] + 1}"


def formula_of(side: Side, cells: Mapping[Spot, At], home: str) -> str:
    """The side as a formula, without its sign of equality: SUM(D5:I5)-SUM(D7)+2*SUM(E9)."""
    factors: dict[Decimal, list[At]] = {}
    for factor, spot in side.terms:
        if spot in cells:
            factors.setdefault(factor, []).append(cells[spot])
    text = "".join(f"{_factor(factor)}SUM({references(group, home)})" for factor, group in factors.items())
    return (text.removeprefix("+") + (f"{side.constant:+f}" if side.constant else "")) or "0"


def _factor(factor: Decimal) -> str:
    return {Decimal(1): "+", Decimal(-1): "-"}.get(factor, f"{factor.normalize():+f}*")
