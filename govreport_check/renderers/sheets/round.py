"""What became of findings from one workbook to the next: data beside a season, for its sheets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Again(StrEnum):
    """Of one finding in a second round: 已改／未改／新增／未能复核."""

    MENDED = "mended"
    OPEN = "open"
    NEW = "new"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Typed:
    """What a reviewer typed beside a unit or a finding. ``adopted``: None where nothing is decided. ``word`` and ``day`` keep what was
    typed and not understood, so that it is not lost."""

    adopted: bool | None = None
    remark: str = ""
    until: date | None = None
    word: str = ""
    day: str = ""

    def __bool__(self) -> bool:
        return self != Typed()


NOTHING = Typed()


@dataclass(frozen=True, slots=True)
class Told:
    """A finding as a workbook tells it, which is all that a letter needs. ``group``: ``error``, ``warning``, ``undecided``, ``note``;
    ``place``: by which it is known again when its figures have changed."""

    unit: str
    fingerprint: str
    group: str
    rule: str
    place: str
    confidence: str = "certain"
    county: str = ""
    year: str = ""
    title: str = ""
    spot: str = ""
    message: str = ""
    left: str = ""
    right: str = ""
    difference: str = ""
    fix: str = ""
    basis: str = ""
    again: Again | None = None


@dataclass(frozen=True, slots=True)
class Stray:
    """Something typed that belongs to no unit and no finding any more: where it stood, and what it was."""

    at: str
    unit: str
    text: str
    typed: Typed


@dataclass(frozen=True, slots=True)
class Round:
    """What reviewers typed, and what became of the findings. Findings by (unit, fingerprint); ``gone`` are those that a former workbook
    has and the present check has not. ``again`` is empty in the first round. ``files`` are remarks on sheet 3 by the keys of its rows."""

    units: Mapping[str, Typed] = field(default_factory=dict)
    findings: Mapping[tuple[str, str], Typed] = field(default_factory=dict)
    again: Mapping[tuple[str, str], Again] = field(default_factory=dict)
    gone: tuple[Told, ...] = ()
    strays: tuple[Stray, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)


FIRST = Round()
