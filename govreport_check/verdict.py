"""The verdict on one report, computed once and used by every output and by the exit code."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from govreport_check.evaluation import Evaluation
from govreport_check.expr.columns import Array
from govreport_check.expr.linear import linear_terms
from govreport_check.expr.nodes import Call
from govreport_check.findings import Counts, FailOn, Finding, Outcome, ReadRecord, Severity, Verdict, is_loud
from govreport_check.frame import Frame
from govreport_check.model import Report, State
from govreport_check.pack import BUILT_IN
from govreport_check.rule import Bound, Rule
from govreport_check.wording import pick

NOT_READ = (State.ABSENT, State.AMBIGUOUS, State.UNREADABLE)
"""States of a required cell with which a report is not verified."""

_CAUSES = ("absent-row", "absent-table", "ambiguous-cell", "no-form", "unread-row", "unread-section", "unreadable-cell", "unreadable-file")
_OF_WAIVERS = ("expired-waiver", "malformed-waiver", "refused-waiver", "unused-waiver")
NOT_EXCUSABLE = frozenset(f"{BUILT_IN}/{name}" for name in (*_CAUSES, *_OF_WAIVERS))
"""The built-in findings that say why a report, or a part of it, was not read, and those about waivers."""


def is_excusable(finding: Finding) -> bool:
    """Whether a waiver or a baseline may excuse the finding: what was not read cannot be declared right."""
    return finding.rule not in NOT_EXCUSABLE


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts over all rules, (reports,) each; ``equations`` are the sums among them: linear equalities of figures."""

    counts: dict[Outcome, Sequence[int] | Array]
    equations: dict[Outcome, Sequence[int] | Array]


@dataclass(slots=True)
class Judged:
    """What is known of the rules on one report without arrays: how many places pass and do not apply (``equations``: those of sums),
    of which rules one thing is true everywhere, that they hold or that they do not apply, and the rules that are ``left``."""

    left: Sequence[Rule]
    everywhere: dict[str, Outcome] = field(default_factory=dict)
    counts: dict[Outcome, int] = field(default_factory=lambda: dict.fromkeys(Outcome, 0))
    equations: dict[Outcome, int] = field(default_factory=lambda: dict.fromkeys(Outcome, 0))


def tally(evaluations: Sequence[Evaluation], reports: int, judged: Judged | None = None) -> Tally:
    """How many instances of each outcome every report has, with those that were ``judged`` without being evaluated."""
    known = judged or Judged(())
    counts, equations = (_each(one, reports) for one in (known.counts, known.equations))
    for evaluation in evaluations:
        mine = evaluation.counted(reports)
        counts = {outcome: np.add(counts[outcome], mine[outcome]) for outcome in Outcome}
        if is_equation(evaluation.bound):
            equations = {outcome: np.add(equations[outcome], mine[outcome]) for outcome in Outcome}
    return Tally(counts, equations)


def _each(numbers: Mapping[Outcome, int], reports: int) -> dict[Outcome, Sequence[int] | Array]:
    return {outcome: [number] * reports for outcome, number in numbers.items()}


def is_equation(bound: Bound) -> bool:
    """Whether the rule says that figures add up: a linear equality in which at least three of them stand."""
    node = bound.assertion
    if not isinstance(node, Call) or node.operator != "==":
        return False
    sides = [linear_terms(part) for part in node.parts]
    if any(side is None for side in sides):
        return False
    return sum(len(side[0]) for side in sides if side) >= 2 and any(part.shape.axes or part.parts for part in node.parts)


def read_record(frame: Frame, index: int, report: Report) -> ReadRecord:
    """How much of the form was read: figures (a blank one is read) and parts."""
    read = 0
    for name, table in frame.form.tables.items():
        states = frame.states(name)
        unread = 0 if states is None else int(np.isin(states[:, :, index], [*NOT_READ, State.NOT_GIVEN]).sum())
        read += len(table.rows) * len(table.columns) - unread
    parts = [section for name, section in (report.sections or {}).items() if name in frame.form.sections and not section.unread]
    return ReadRecord(cells=(read, frame.form.cell_count), sections=(len(parts), len(frame.form.sections)))


def wholly_read(frame: Frame) -> Sequence[bool] | Array:
    """Whether nothing required was left unread, (reports,)."""
    looked_at = (frame.states(name) for name, table in frame.form.tables.items() if table.required)
    unread = [np.isin(states, NOT_READ).any(axis=(0, 1)) for states in looked_at if states is not None]
    return ~np.any(unread, axis=0) if unread else [True] * frame.size


def verdict_of(
    read: bool, unread_section: bool, findings: Sequence[Finding], fail_on: FailOn, strict: bool, gate: Collection[str] = ()
) -> Verdict:
    """Not verified where anything required was not read; else findings where one is loud enough; else clean."""
    if not read or unread_section:
        return Verdict.NOT_VERIFIED
    loud = any(is_loud(finding, fail_on, strict=strict, gate=gate) for finding in findings)
    return Verdict.FINDINGS if loud else Verdict.CLEAN


def sentence(
    verdict: Verdict,
    findings: Sequence[Finding],
    read: ReadRecord,
    equations: Counts,
    report: Report,
    lang: str,
    gate: Collection[str] = (),
    gone: int = 0,
) -> str:
    """The verdict in one sentence: what was read, what holds, what could not be checked and why, what was excused; what a gate stops
    comes first. ``gone``: entries of the baseline that no longer occur."""
    zh = lang != "en"
    failed = [finding for finding in findings if finding.outcome == "fail" and not finding.waived]
    number = {severity: sum(finding.severity is severity for finding in failed) for severity in Severity}
    stop, comma = ("。", "；") if zh else (". ", "; ")
    stopped = [finding for finding in failed if finding.rule in gate and finding.severity is not Severity.ERROR]
    parts = [_stopped(stopped, lang), _found(verdict, number, lang, bool(stopped)), stop, _read(read, report, lang)]
    for told in (_equations(equations, lang), _not_given(report, lang), _excused(findings, lang), _gone(gone, lang)):
        parts += [comma, told] if told else []
    return "".join(parts).rstrip() + ("。" if zh else ".")


def _stopped(findings: Sequence[Finding], lang: str) -> str:
    """What may stay in a draft but not be published; the titles of rules say what is required."""
    if not findings:
        return ""
    titles = list(dict.fromkeys(finding.title for finding in findings))
    if lang == "en":
        number = _many(len(findings), "point")
        return f"Not fit for publication: {number} to correct first (required: {'; '.join(titles)}). "
    return f"按发布要求不能通过，须先更正{len(findings)}处（要求：{'、'.join(titles)}）。"


def _found(verdict: Verdict, number: dict[Severity, int], lang: str, stopped: bool) -> str:
    errors, warnings, notes = (number[severity] for severity in (Severity.ERROR, Severity.WARNING, Severity.NOTE))
    if lang == "en":
        kinds = [_many(errors, "error"), _many(warnings, "point") + " to verify" if warnings else "", _many(notes, "note")]
        none = [] if errors or stopped else ["no errors found"]
        told = ", ".join(none + [kind for kind in kinds if kind])
        return f"Not verified, which is not a pass: {told}" if verdict is Verdict.NOT_VERIFIED else told[0].upper() + told[1:]
    kinds = [f"错误{errors}处" if errors else "", f"存疑{warnings}处" if warnings else "", f"提示{notes}处" if notes else ""]
    listed = "、".join(kind for kind in kinds if kind)
    found = "未发现错误" if not errors and not warnings else f"发现{listed}"
    if stopped and not errors:
        found = f"共有{listed}"  # "no errors" beside what must be corrected would contradict it
    elif not errors and (warnings or notes):
        found = f"未发现错误，有{listed}"
    return f"未能核对（不等于通过）：{found}" if verdict is Verdict.NOT_VERIFIED else found


def _many(number: int, word: str) -> str:
    return f"{number} {word}{'s' if number > 1 else ''}" if number else ""


def _read(read: ReadRecord, report: Report, lang: str) -> str:
    (cells, all_cells), (sections, all_sections) = read.cells, read.sections
    if report.sections is None:
        return f"{cells} of {all_cells} figures read" if lang == "en" else f"已读取{all_cells}个数据中的{cells}个"
    if lang == "en":
        return f"{cells} of {all_cells} figures and {sections} of {all_sections} parts read"
    return f"已读取{all_cells}个数据中的{cells}个、{all_sections}个部分中的{sections}个"


def _equations(counts: Counts, lang: str) -> str:
    known = counts.passed + counts.fail + counts.undecided
    if not known:
        return ""
    if counts.passed == known:
        return f"all {known} equations hold" if lang == "en" else f"{known}项勾稽关系全部相符"
    if lang == "en":
        others = [f"{counts.fail} do not" if counts.fail else "", f"{counts.undecided} could not be decided" if counts.undecided else ""]
        return f"of {known} equations {counts.passed} hold, {', '.join(other for other in others if other)}"
    pieces = [f"{counts.fail}项不符" if counts.fail else "", f"{counts.undecided}项未能判断" if counts.undecided else ""]
    return f"{known}项勾稽关系中{counts.passed}项相符、{'、'.join(piece for piece in pieces if piece)}"


def _not_given(report: Report, lang: str) -> str:
    missing = [
        pick(words, lang)
        for given, words in (
            (report.sections is not None, ("各部分文字", "the text of the parts")),
            (report.labels is not None, ("表格栏目", "the labels of the tables")),
            (report.tables is not None, ("表格数据", "the figures")),
            (not report.partial, ("部分数据", "part of the figures")),
        )
        if not given
    ]
    if not missing:
        return ""
    return f"not handed in and so not checked: {', '.join(missing)}" if lang == "en" else f"{'、'.join(missing)}未提供，未作核对"


def _excused(findings: Sequence[Finding], lang: str) -> str:
    """How many findings do not count, because they are waived or were there already."""
    kinds = [finding.waived.kind for finding in findings if finding.waived]
    waived, known = kinds.count("waiver"), kinds.count("baseline")
    if not kinds:
        return ""
    if lang == "en":
        told = [f"{waived} waived" if waived else "", f"{known} in the baseline" if known else ""]
        return f"not counted: {', '.join(part for part in told if part)}"
    told = [f"{waived}处已豁免" if waived else "", f"{known}处列入基线" if known else ""]
    return f"另有{'、'.join(part for part in told if part)}，不计入结论"


def _gone(gone: int, lang: str) -> str:
    if not gone:
        return ""
    return f"{gone} of the baseline no longer {'occurs' if gone == 1 else 'occur'}" if lang == "en" else f"基线中有{gone}处已不再出现"
