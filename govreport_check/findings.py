"""What is said about a report: outcomes, findings and results. They are the JSON contract (``govreport-result/1``).

Numbers are strings, so that no reader loses a digit.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Literal

from govreport_check.frozen import dataclass
from govreport_check.record import Record, asked_of, stated

if TYPE_CHECKING:
    from pydantic import Field
else:
    Field = stated


class Outcome(StrEnum):
    """Of one rule at one place."""

    PASS = "pass"
    FAIL = "fail"
    UNDECIDED = "undecided"
    NOT_APPLICABLE = "not_applicable"


class Severity(StrEnum):
    """错误（必须更正）· 存疑（请核实）· 提示（供参考）"""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Verdict(StrEnum):
    """Of one report. Not verified (未能核对) is never shown as passed."""

    CLEAN = "clean"
    FINDINGS = "findings"
    NOT_VERIFIED = "not_verified"


class Exit(IntEnum):
    """What the command ends with."""

    CLEAN = 0
    FINDINGS = 1
    FAILED = 2
    NOTHING = 3


FailOn = Literal["error", "warning", "note", "never"]
LOUDNESS: dict[str, int] = {"note": 1, "warning": 2, "error": 3, "never": 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRecord(Record):
    source: str | None = None
    page: int | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None
    sheet: str | None = None
    cell: str | None = None
    line: int | None = None
    section: str | None = None
    element: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CellRecord(Record):
    """A fact that a finding rests on. ``label`` names it, ``spot`` says where a person finds it: 表三第8行“自然人”列."""

    address: str
    label: str
    spot: str = ""
    raw: str | None = None
    value: str | None = None
    state: str = "value"
    place: PlaceRecord = PlaceRecord()


@dataclass(frozen=True, slots=True, kw_only=True)
class Term(Record):
    side: Literal["left", "right"]
    coefficient: str
    address: str
    value: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading(Record):
    """One accepted meaning of a figure in the prose, and how far the figure is from it."""

    label: str
    value: str | None
    difference: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect(Record):
    cells: list[dict[str, str]]
    explains: list[str]
    slip: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waived(Record):
    """Why a finding does not count: a waiver in ``file``, or an entry of a baseline, which has no last day."""

    kind: Literal["waiver", "baseline"] = "waiver"
    reason: str
    by: str | None = None
    until: str | None = None
    file: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cite(Record):
    document: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRecord(Record):
    """What a rule says of itself, texts by language: for formats that describe the rules beside the findings. ``kinds``: the kinds of
    problem to which it belongs (``Result.kinds``)."""

    severity: Severity
    confidence: Literal["certain", "likely"] = "certain"
    title: dict[str, str]
    why: dict[str, str] = field(default_factory=dict)
    fix: dict[str, str] = field(default_factory=dict)
    cites: list[Cite] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt(Record):
    """A piece of a table as printed. ``marked`` are the (row, column) indices of the finding's cells within ``rows``."""

    title: str
    columns: list[str]
    rows: list[tuple[str, list[str]]]
    marked: list[tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedHead(Record):
    """A printed head over several columns or rows, from the ``first`` to the ``last``. ``at``: the label's address, without a table."""

    text: str
    at: str
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedTable(Record):
    """A table of a report, whole, as printed. ``columns`` and ``rows`` are (id, label); ``cells[row][column]``, nothing where nothing is.

    ``part`` is the section that it stands in. ``across``: its rows are printed one beside the other, in one line. ``corner`` is what
    stands where the labels of rows and columns meet; ``missing``: the form has the table, the report has not.
    """

    id: str
    part: str
    title: str
    caption: str = ""
    corner: str = ""
    across: bool = False
    missing: bool = False
    columns: list[tuple[str, str]]
    rows: list[tuple[str, str]]
    over_columns: list[PrintedHead] = field(default_factory=list)
    over_rows: list[PrintedHead] = field(default_factory=list)
    cells: list[list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedPart(Record):
    """A section of a report: its heading as printed, the form's where it was not found, and its (line, text), lines counted from one."""

    id: str
    heading: str
    missing: bool = False
    paragraphs: list[tuple[int | None, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed(Record):
    """A report as printed: what its findings are shown in. ``sha256`` is that of its file, in hexadecimal digits; None where it is no
    file, or one of several reports."""

    parts: list[PrintedPart]
    tables: list[PrintedTable]
    sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding(Record):
    """An outcome worth telling, with what is needed to act on it.

    ``instances`` is how many places of one rule an undecided finding stands for; a failed one is always about one. ``entity``: the
    component that it is about, where reports have a row for each.
    """

    rule: str
    outcome: Literal["fail", "undecided"]
    severity: Severity
    confidence: Literal["certain", "likely"] = "certain"
    title: str
    message: str
    reason: str | None = None
    why: str = ""
    fix: str = ""
    fingerprint: str
    instances: int = 1
    bindings: dict[str, str] = field(default_factory=dict)
    entity: str | None = None
    left: str | None = None
    operator: str | None = None
    right: str | None = None
    difference: str | None = None
    terms: list[Term] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    cells: list[CellRecord] = field(default_factory=list)
    suspects: list[Suspect] = field(default_factory=list)
    cites: list[Cite] = field(default_factory=list)
    waived: Waived | None = None
    excerpt: Annotated[Excerpt | None, Field(exclude=True)] = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts(Record):
    """Instances of rules by outcome; a rule that does not apply at all counts once."""

    passed: Annotated[int, Field(alias="pass")] = 0
    fail: int = 0
    undecided: int = 0
    not_applicable: int = 0

    def by_outcome(self) -> dict[str, int]:
        """The counts by the names that the contract gives them."""
        return {"pass": self.passed, "fail": self.fail, "undecided": self.undecided, "not_applicable": self.not_applicable}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRecord(Record):
    """How much of the report was read: [read, of the form]."""

    cells: tuple[int, int] = (0, 0)
    sections: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportResult(Record):
    """What is said about one report. ``sentence`` is the verdict in one sentence of the result's language.

    ``form`` is None for a file that could not be read at all; its one finding (``form/unreadable-file``) says why. ``gone`` counts the
    entries of the baseline that no longer occur in the report. ``printed``, for pages that show the report, is there when the check was
    asked for it and is no part of the JSON.
    """

    source: str
    form: str | None
    about: dict[str, Any] = field(default_factory=dict)
    verdict: Verdict
    sentence: str
    read: ReadRecord = ReadRecord()
    counts: Counts = field(default_factory=Counts)
    findings: list[Finding] = field(default_factory=list)
    gone: int = 0
    printed: Annotated[Printed | None, Field(exclude=True)] = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PackRecord(Record):
    id: str
    version: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideRecord(Record):
    """A severity that a setting gives to rules, with its reason; ``at``: the file and line that state it."""

    rule: str
    severity: Severity
    reason: str
    at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result(Record):
    """The result of a check: every output and the exit code are made from this and nothing else. ``rules``: those with findings, by id,
    and ``kinds``: kinds of problem by id, their titles by language; neither is part of the contract."""

    schema_: Annotated[Literal["govreport-result/1"], Field(alias="schema")] = "govreport-result/1"
    engine: str
    lang: str = "zh"
    fail_on: FailOn = "error"
    profile: str | None = None
    packs: list[PackRecord] = field(default_factory=list)
    overrides: list[OverrideRecord] = field(default_factory=list)
    reports: list[ReportResult] = field(default_factory=list)
    rules: Annotated[dict[str, RuleRecord], Field(exclude=True)] = field(default_factory=dict, repr=False)
    kinds: Annotated[dict[str, dict[str, str]], Field(exclude=True)] = field(default_factory=dict, repr=False)

    @property
    def findings(self) -> list[Finding]:
        """The findings of all reports, in order."""
        return [finding for report in self.reports for finding in report.findings]

    @property
    def exit_code(self) -> Exit:
        """0 every report clean · 1 findings or not verified · 3 nothing was checked."""
        if not any(report.form for report in self.reports):
            return Exit.NOTHING
        clean = all(report.verdict is Verdict.CLEAN for report in self.reports)
        return Exit.CLEAN if clean else Exit.FINDINGS


def is_loud(finding: Finding, fail_on: FailOn, *, strict: bool = False, gate: Collection[str] = ()) -> bool:
    """Whether this finding alone makes a report not clean; findings of the rules in ``gate`` do whatever their severity."""
    if finding.waived or (LOUDNESS[finding.severity] < LOUDNESS[fail_on] and finding.rule not in gate):
        return False
    return finding.outcome == "fail" or strict


def result_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of ``govreport-result/1``. It lets keys pass that it does not know, since a version may add some."""
    from pydantic.json_schema import GenerateJsonSchema

    class Told(GenerateJsonSchema):
        """Says of a list or mapping, which a record makes anew for itself, that it is empty by default."""

        def get_default_value(self, schema: Any) -> Any:
            make = schema.get("default_factory")
            return make() if make in (list, dict) else super().get_default_value(schema)

    schema = asked_of(Result).json_schema(by_alias=True, schema_generator=Told, mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_open(schema)}


def _open(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {key: _open(value) for key, value in schema.items() if not (key == "additionalProperties" and value is False)}
    return [_open(value) for value in schema] if isinstance(schema, list) else schema
