"""Why rules could not be decided, told once each with all the rules that were not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from govreport_check.findings import CellRecord, Finding
from govreport_check.model import State
from govreport_check.renderers.words import say


@dataclass(frozen=True, slots=True)
class Cause:
    """Undecided findings for want of the same facts: those of one table that are unknown in one way."""

    findings: tuple[Finding, ...]

    @property
    def speaks_for_itself(self) -> bool:
        """A finding of the reading itself, whose message is the reason."""
        return len(self.findings) == 1 and self.findings[0].reason in (None, self.findings[0].message)

    def headline(self, lang: str) -> str:
        """The reason, where all findings give the same; else the first fact that is not known, how many there are, and how."""
        reasons = {finding.reason for finding in self.findings}
        first = self.findings[0].reason or self.findings[0].message
        facts = {cell.address: cell for finding in self.findings for cell in _unknown(finding.cells)}
        if len(reasons) == 1 or not facts:
            return first
        cell = next(iter(facts.values()))
        return say(lang, "and_more", first=cell.spot or cell.label, n=len(facts)) + say(lang, cell.state)


def causes(findings: Iterable[Finding]) -> list[Cause]:
    """The causes of undecided findings: what the reading says itself first, then in order of appearance."""
    together: dict[tuple[str, str], list[Finding]] = {}
    for number, finding in enumerate(findings):
        together.setdefault(_key(finding, number), []).append(finding)
    return sorted((Cause(tuple(same)) for same in together.values()), key=lambda cause: not cause.speaks_for_itself)


def _key(finding: Finding, number: int) -> tuple[str, str]:
    if finding.reason in (None, finding.message):
        return "", str(number)
    unknown = _unknown(finding.cells)
    return (unknown[0].address.partition("[")[0], unknown[0].state) if unknown else ("", finding.reason or "")


def _unknown(cells: Sequence[CellRecord]) -> list[CellRecord]:
    """The facts that are unknown in the worst way."""
    states = [State[cell.state.upper()] for cell in cells]
    worst = max(states, default=State.VALUE)
    return [cell for cell, state in zip(cells, states, strict=True) if state == worst] if worst >= State.NOT_GIVEN else []
