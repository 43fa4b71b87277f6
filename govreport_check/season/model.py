"""What a season of reviews is: a line per unit of the roster, what is amiss with the files as a whole, the sums up the roster.

Frozen data, made by :func:`govreport_check.season.check.check_season` and rendered by others. Figures are exact text, as everywhere in
results. Nothing here is a sentence: words belong to whoever shows them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from govreport_check.findings import Finding, ReadRecord, ReportResult, Result, Severity, Verdict


class Conclusion(StrEnum):
    """Of one unit: 通过／需更正／需核实／未能核对／未报."""

    PASSED = "passed"
    CORRECT = "correct"
    VERIFY = "verify"
    NOT_VERIFIED = "not_verified"
    ABSENT = "absent"


class AnomalyKind(StrEnum):
    """What can be amiss with files and units as a whole.

    ``absent``: no file of this unit's. ``late``: published after it was due. ``same_file``: one file, or the same content in another
    format, for several units or twice for one. ``other_year``: the report of another year. ``similar_text``: prose all but identical with
    another unit's. ``name_near``: a file that names no unit of the roster, and the units that it may mean. ``unmatched_file``: one that
    names none that is near, or nobody. ``two_files``: different files that name one unit. ``unread_file``: one that cannot be read.
    """

    ABSENT = "absent"
    LATE = "late"
    SAME_FILE = "same_file"
    OTHER_YEAR = "other_year"
    SIMILAR_TEXT = "similar_text"
    NAME_NEAR = "name_near"
    UNMATCHED_FILE = "unmatched_file"
    TWO_FILES = "two_files"
    UNREAD_FILE = "unread_file"


class SumState(StrEnum):
    """Of one cell of a summary: equal to the parts, more or less than them, or ``open``: a part is missing, or a figure is not known."""

    EQUAL = "equal"
    MORE = "more"
    LESS = "less"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Heading:
    """A column that the pack names: ``id`` and its words by language (zh, en)."""

    id: str
    title: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Problems:
    """How many findings of one kind a report has, waived ones apart."""

    errors: int = 0
    warnings: int = 0
    notes: int = 0
    undecided: int = 0

    @property
    def told(self) -> int:
        """Errors and warnings."""
        return self.errors + self.warnings


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A figure that the pack wants shown beside a unit. ``value`` is exact text, None where it is not known; ``state`` says why, in the
    words of :class:`govreport_check.model.State` (``value``, ``blank``, ``unreadable`` …), ``not_read`` where there is no report."""

    id: str
    value: str | None
    state: str


@dataclass(frozen=True, slots=True)
class Line:
    """One unit of the roster, whether it reported or not.

    ``path``: its superiors by name, from the top down; ``county``: the place below which it is listed (云岭县). ``address``
    is where its report is published, ``file`` the report as named, None where none was received; ``copies`` are further files of the same
    content. ``published_on`` comes from the roster or (``day_from``: ``published_on`` or ``signed_on``) from the report; ``days_late`` is
    0 when it was in time, None when that is not known. ``problems`` by the ids of ``Season.kinds``, ``figures`` in the order of
    ``Season.figures``. ``prior_report`` is what the rules say of last year's report (``prior_problems`` by kind), ``same_problems`` the
    ids of the rules that both years break.
    """

    number: int
    unit: str
    path: tuple[str, ...] = ()
    county: str = ""
    level: str | None = None
    kind: str | None = None
    parent: str | None = None
    year: int | None = None
    form: str | None = None
    published_on: date | None = None
    day_from: str | None = None
    due: date | None = None
    days_late: int | None = None
    address: str | None = None
    file: str | None = None
    copies: tuple[str, ...] = ()
    prior: str | None = None
    report: ReportResult | None = None
    prior_report: ReportResult | None = None
    problems: Mapping[str, Problems] = field(default_factory=dict)
    prior_problems: Mapping[str, Problems] = field(default_factory=dict)
    same_problems: tuple[str, ...] = ()
    figures: tuple[KeyFigure, ...] = ()

    @property
    def received(self) -> bool:
        return self.file is not None

    @property
    def read(self) -> ReadRecord | None:
        """How much of the report was read; None without one."""
        return self.report.read if self.report is not None and self.report.form is not None else None

    @property
    def conclusion(self) -> Conclusion:
        """What the reviewer reads first; an unread report is never passed."""
        if self.report is None:
            return Conclusion.ABSENT
        if self.report.verdict is Verdict.NOT_VERIFIED:
            return Conclusion.NOT_VERIFIED
        loud = {one.severity for one in self.report.findings if one.outcome == "fail" and not one.waived}
        if Severity.ERROR in loud:
            return Conclusion.CORRECT
        return Conclusion.VERIFY if Severity.WARNING in loud else Conclusion.PASSED

    def count(self, severity: Severity) -> int:
        """How many findings of this severity count."""
        findings = self.report.findings if self.report else ()
        return sum(one.severity is severity and one.outcome == "fail" and not one.waived for one in findings)


@dataclass(frozen=True, slots=True)
class Anomaly:
    """Something amiss with files as a whole. ``units`` and ``files`` belong to each other where both have the same length.

    ``similarity``: the share of passages that two texts have in common, in whole per cent. ``days``: how late. ``year``: the year that a
    report of another year states. ``said``: what the file calls its agency, or why it could not be read.
    """

    kind: AnomalyKind
    units: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    similarity: int | None = None
    days: int | None = None
    year: int | None = None
    said: str | None = None


@dataclass(frozen=True, slots=True)
class SumLine:
    """One cell of a summary beside the sum of its parts, exact text in units of the form.

    ``address`` is ``requests[granted, total]``, ``label`` its words by language. ``total`` is None where a part's figure is not known,
    ``summary`` where the summary's is not; ``difference`` is summary − total. ``missing``: the units below whose report is not there;
    ``unknown``: those whose report does not say the figure.
    """

    parent: str
    address: str
    label: Mapping[str, str]
    total: str | None
    summary: str | None
    difference: str | None
    state: SumState
    missing: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    parts: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """What a reviewer decided about one finding: ``adopted`` None where nothing was ticked; ``until``: the day by which it is to be mended.

    ``rule`` and ``message`` keep what the finding said, so that it can be told after it has gone.
    """

    unit: str
    fingerprint: str
    adopted: bool | None = None
    remark: str = ""
    until: date | None = None
    rule: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Season:
    """A whole season: ``lines`` in the order of the roster, ``anomalies`` by kind and unit, ``sums`` by parent and cell.

    ``kinds`` and ``figures`` are the columns that the packs name (``pack.yaml``, ``season``). ``decisions`` by (unit, fingerprint), as
    they were handed in. ``result`` is the check of this year's files, in the order of ``lines``, unmatched files behind them.
    """

    year: int | None
    lines: tuple[Line, ...]
    anomalies: tuple[Anomaly, ...]
    sums: tuple[SumLine, ...]
    result: Result
    kinds: tuple[Heading, ...] = ()
    figures: tuple[Heading, ...] = ()
    decisions: Mapping[tuple[str, str], Decision] = field(default_factory=dict)

    def findings(self) -> list[tuple[Line, Finding]]:
        """Every finding with its line, in the order of the lines."""
        return [(line, finding) for line in self.lines if line.report for finding in line.report.findings]
