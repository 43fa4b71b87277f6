"""Likely wrong cells in words, worded as the inference that they are, and findings that share one put together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from govreport_check.findings import Finding, Suspect
from govreport_check.renderers.words import say

MOST_TOLD = 6
"""So many explanations are told of one cause; with more, their number is told, and all of them stand in the JSON output."""

IMPLIED = "implied"
_NUMERALS = "零一两三四五六七八九"
_ORDINALS = "一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Together:
    """Findings one after the other that the same cells would settle; ``others``: how many more there are elsewhere in the report."""

    findings: tuple[Finding, ...]
    others: int

    @property
    def suspects(self) -> list[Suspect]:
        return explaining(self.findings[0])

    @property
    def is_many(self) -> bool:
        return len(self.findings) + self.others > 1

    def headline(self, lang: str) -> str:
        """What may be behind all of them."""
        number = len(self.findings) + self.others
        key = "one" if number == 1 else "related" if self.others else "following"
        return explained(self.suspects, say(lang, f"suspects.{key}", n=number), number, lang)


def explaining(finding: Finding) -> list[Suspect]:
    """The suspects that would settle a finding, without those that say what an unknown figure must be."""
    return [suspect for suspect in finding.suspects if suspect.slip != IMPLIED]


def implied(finding: Finding, lang: str) -> str:
    """What the unknown figures of a finding must be; empty where nothing is implied."""
    found = [cell for suspect in finding.suspects if suspect.slip == IMPLIED for cell in suspect.cells]
    if not found:
        return ""
    pairs = zip(_names(found, lang), found, strict=True)
    cells = say(lang, "suspects.and").join(say(lang, "suspects.must_be", name=name, new=cell["to"]) for name, cell in pairs)
    return say(lang, "suspects.implied", cells=cells) + say(lang, "suspect_note")


def together(findings: Iterable[Finding]) -> list[Together]:
    """``findings`` in the order of the first of each group; what shares no cell stands alone."""
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for finding in findings:
        suspects = explaining(finding)
        shared = tuple(suspects[0].explains) if suspects else ()
        groups.setdefault(shared if len(shared) > 1 else (finding.fingerprint,), []).append(finding)
    return [Together(tuple(mine), len(set(key) - {one.fingerprint for one in mine})) for key, mine in groups.items()]


def explained(suspects: Sequence[Suspect], who: str, number: int, lang: str) -> str:
    """One sentence on what may be behind ``number`` findings, called ``who``."""
    note = say(lang, "suspect_note")
    unfinished = [suspect for suspect in suspects if not suspect.cells]
    suspects = [suspect for suspect in suspects if suspect.cells]
    if unfinished:
        note = say(lang, f"suspects.{unfinished[0].slip}") + note
    if not suspects:
        return say(lang, "suspects.unexplained", who=who) + note
    if len(suspects) == 1:
        return (
            say(lang, f"suspects.{'cell' if len(suspects[0].cells) == 1 else 'cells'}", who=who, **_single(suspects[0], number, lang))
            + note
        )
    told = [_changes(suspect, lang) for suspect in suspects[:MOST_TOLD]]
    ways = say(lang, "suspects.semicolon").join(say(lang, "suspects.way", i=_ordinal(i, lang), cells=cells) for i, cells in enumerate(told))
    more = say(lang, "suspects.more", n=len(suspects) - MOST_TOLD) if len(suspects) > MOST_TOLD else ""
    have = "has" if number == 1 else "have"
    return say(lang, "suspects.ways", who=who, have=have, n=_number(len(suspects), lang), ways=ways + more) + note


def _single(suspect: Suspect, number: int, lang: str) -> dict[str, object]:
    settled = say(lang, "suspects.settles_all", n=number) if number > 1 else say(lang, "suspects.settles")
    slip = say(lang, f"slip.{suspect.slip}") if suspect.slip in _TOLD_SLIPS else ""
    words: dict[str, object] = {"settled": settled, "slip": slip, "n": len(suspect.cells), "cells": _changes(suspect, lang)}
    if len(suspect.cells) == 1:
        cell = suspect.cells[0]
        reads = say(lang, "suspects.reads" if cell["from"] else "suspects.reads_nothing", old=cell["from"])
        words |= {"name": _names([cell], lang)[0], "reads": reads, "new": _new(cell["to"], lang)}
    return words


_TOLD_SLIPS = ("exchanged", "swapped", "dropped", "doubled", "zeros", "added", "sign", "point", "twice")


def _changes(suspect: Suspect, lang: str) -> str:
    """A由6改为0、B由7改为1; A、B均由6改为0 where all change alike."""
    cells, names, comma = suspect.cells, _names(suspect.cells, lang), say(lang, "suspects.and")
    if len({(cell["from"], cell["to"]) for cell in cells}) == 1 and len(cells) > 1:
        return say(lang, "suspects.alike", names=comma.join(names), **_ends(cells[0], lang))
    return comma.join(say(lang, "suspects.change", name=name, **_ends(cell, lang)) for name, cell in zip(names, cells, strict=True))


def _names(cells: Sequence[dict[str, str]], lang: str) -> list[str]:
    """The cells by table, row and column; what is the same as of the cell before is not said again."""
    names, before = [], ("", "")
    for cell in cells:
        words = [cell.get(part, "") for part in ("table", "row", "column")]
        if not any(words):
            words = [cell["address"]]
        elif before[0] == words[0]:
            words = words[2:] if before[1] == words[1] and words[2] else words[1:]
        before = (cell.get("table", ""), cell.get("row", ""))
        names.append(say(lang, "suspects.in").join(word for word in words if word))
    return names


def _ends(cell: dict[str, str], lang: str) -> dict[str, str]:
    return {"old": cell["from"] or say(lang, "suspects.nothing"), "new": _new(cell["to"], lang)}


def _new(text: str, lang: str) -> str:
    """``3…9``, ``≤9`` and ``≥3`` in words."""
    if "…" in text:
        low, high = text.split("…")
        return say(lang, "suspects.between", low=low, high=high)
    if text[:1] in ("≤", "≥"):
        return say(lang, "suspects.at_most" if text[0] == "≤" else "suspects.at_least", end=text[1:])
    return text


def _number(number: int, lang: str) -> str:
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine") if lang == "en" else _NUMERALS
    return words[number] if number < len(words) else str(number)


def _ordinal(i: int, lang: str) -> str:
    return str(i + 1) if lang == "en" else _ORDINALS[i]
