"""From jobs to drafts: every source read, reports of one form set side by side, what their rules say explained. Before any verdict."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, TypeAlias

from govreport_check.alignment import another_year, beside
from govreport_check.alone import plan_for
from govreport_check.as_printed import as_printed
from govreport_check.built_in import Reading, built_in_findings
from govreport_check.case import Case
from govreport_check.errors import SourceError
from govreport_check.evaluation import FAIL, UNDECIDED, Evaluation, evaluate_rules
from govreport_check.explain import finding_of, undecided_of
from govreport_check.findings import Counts, Finding, Outcome, Printed, ReadRecord
from govreport_check.frame import Frame, build_frame
from govreport_check.frozen import dataclass
from govreport_check.jobs import Job
from govreport_check.listed import listed, lists_named
from govreport_check.model import Report
from govreport_check.open_form import Members
from govreport_check.pack import BUILT_IN, Pack
from govreport_check.readers import Given, load_source
from govreport_check.readers.limits import limits_of
from govreport_check.recognition import Recognised, known_report, prior_among, recognise, with_figures
from govreport_check.rule import Rule, fitted_rules
from govreport_check.selection import Options
from govreport_check.subject import Subject
from govreport_check.verdict import Judged, read_record, tally, wholly_read

Progress: TypeAlias = "Callable[[int, int], None]"
Chosen: TypeAlias = "Mapping[Options, Mapping[str, Sequence[Rule]]]"
Drawn: TypeAlias = "tuple[Mapping[int, Draft], Mapping[int, str | None]]"
DrawUp: TypeAlias = "Callable[[Work, Chosen, Progress | None], Drawn]"
BATCH = 2048
"""Reports side by side at a time: enough to be fast, few enough to stay in the caches."""
FEW = 8
"""So many reports are checked one by one: each costs less by the short way than the arrays cost to set up."""


@dataclass(frozen=True, slots=True)
class Work:
    """All that is to be read and checked: the jobs, ``asked[i]`` how to check ``jobs[i]``, and with which packs."""

    jobs: tuple[Job, ...]
    asked: tuple[Options, ...]
    packs: tuple[Pack, ...]
    max_size: int | None


def drawn_up(work: Work, chosen: Chosen, progress: Progress | None) -> Drawn:
    """The drafts of the jobs that could be read, and why the others could not."""
    taken: dict[int, Recognised] = {}
    unread: dict[int, str | None] = {}
    for i, job in enumerate(work.jobs):
        found = take(job, work.packs, work.asked[i])
        if progress is not None:
            progress(i + 1, len(work.jobs))
        if isinstance(found, Recognised):
            taken[i] = found
        else:
            unread[i] = found
    drafts: dict[int, Draft] = {}
    earlier = _priors(work, taken)
    for chunk in chunks(taken, work.asked, BATCH):
        own_parts = [[other(part, work.packs, work.max_size) for part in work.jobs[i].parts] for i in chunk]
        mine = work.asked[chunk[0]]
        made = drafts_of([taken[i] for i in chunk], chosen[mine], mine, [earlier.get(i) for i in chunk], own_parts)
        drafts.update(zip(chunk, made, strict=True))
    return drafts, unread


def chunks(taken: Mapping[int, Recognised], asked: Sequence[Options], size: int) -> Iterator[list[int]]:
    """The numbers of reports of one form that are checked in one way, ``size`` at a time."""
    groups: dict[tuple[str, Members, Options], list[int]] = defaultdict(list)
    for i, one in taken.items():
        groups[one.form.id, one.form.members, asked[i]].append(i)
    for group in groups.values():
        for start in range(0, len(group), size):
            yield group[start : start + size]


def other(source: Given, packs: Sequence[Pack], max_size: int | None) -> Report:
    """A report that another is held against, with its figures. Raises SourceError."""
    return with_figures(known_report(source, packs, max_size=max_size)).report


def _priors(work: Work, taken: Mapping[int, Recognised]) -> dict[int, Report]:
    """The report of the year before of each job, as given or found among the others."""
    read_once: dict[int, Report] = {}  # many jobs may have one prior
    found: dict[int, Report] = {}
    for i, among in prior_among(taken).items():
        prior = work.jobs[i].prior
        if prior is not None:
            if id(prior) not in read_once:
                read_once[id(prior)] = other(prior, work.packs, work.max_size)
            found[i] = read_once[id(prior)]
        elif among is not None:
            found[i] = taken[among].report
    return found


def take(job: Job, packs: Sequence[Pack], options: Options) -> Recognised | str | None:
    """The report that a source is; why it could not be read; or None when it is of no known form."""
    try:
        if job.unread is not None:
            raise job.unread
        source = load_source(job.source, name=job.name, limits=limits_of(options.max_size))
        found = recognise(source, packs, job.about)
    except SourceError as error:
        return error.told(options.lang or "zh")
    if found is not None and options.printed and source.content is not None:
        found = replace(found, sha256=hashlib.sha256(source.content).hexdigest())
    return None if found is None else with_figures(found)


# --- reports of one form -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known of one report before its verdict. ``whole``: everything required was read; ``lost``: the heading of a part was not."""

    subject: Subject
    pack: str
    form: str
    whole: bool
    lost: bool
    read: ReadRecord
    equations: Counts
    counts: Counts
    printed: Printed | None = None


def drafts_of(
    taken: Sequence[Recognised],
    chosen: Mapping[str, Sequence[Rule]],
    options: Options,
    before: Sequence[Report | None] | None,
    parts: Sequence[Sequence[Report]] | None,
) -> list[Draft]:
    form, pack = taken[0].form, taken[0].pack
    lang = options.lang or pack.languages[0]
    rules = fitted_rules(chosen[pack.id], form)
    plan = plan_for(form, rules) if len(taken) <= FEW else None
    if plan is not None and len(taken) > 1:
        each = zip(taken, before or [None] * len(taken), parts or [()] * len(taken), strict=True)
        return [draft for one, prior, own in each for draft in drafts_of([one], chosen, options, [prior], [own])]
    pairs = [_with_prior(one, prior) for one, prior in zip(taken, before or [None] * len(taken), strict=True)]
    reports, before = [report for report, _ in pairs], None if before is None else [prior for _, prior in pairs]
    named = lists_named(rules, form)
    lists = [listed(report, form, named) for report in reports]
    frame = build_frame(form, reports, lists, before, parts)
    judged = plan.judged(reports[0], frame, lists[0]) if plan is not None and not frame.presumed else Judged(left=rules)
    evaluations = evaluate_rules(frame, judged.left)
    found = findings_by_report(frame, reports, evaluations, lang)
    numbers, read_whole = tally(evaluations, len(reports), judged), wholly_read(frame)
    own = {rule.name: rule for rule in chosen[BUILT_IN]}
    others = fitted_rules(pack.rules, form) if options.select else ()
    evidence = cache(lambda: _evidence(frame, evaluations, rules, judged, others))
    drafts = []
    for i, report in enumerate(reports):
        told = [*built_in_findings(Reading(frame, i, report, own, lang)), *found.get(i, ())]
        findings = _suspected(frame, i, evaluations, told, lang, evidence) if options.suspects and told else tuple(told)
        lost = any(section.unread for section in (report.sections or {}).values())
        lost = lost or any(remark.rule == "several-reports" for remark in report.remarks)
        read_of_it, counts = read_record(frame, i, report), (_counts(numbers.equations, i), _counts(numbers.counts, i))
        whole = as_printed(form, report, lang, taken[i].sha256) if options.printed else None
        drafts.append(Draft(Subject(report, lang, findings), pack.id, form.id, bool(read_whole[i]), lost, read_of_it, *counts, whole))
    return drafts


def _evidence(
    frame: Frame, evaluations: Sequence[Evaluation], rules: Sequence[Rule], judged: Judged, others: Sequence[Rule]
) -> Sequence[Evaluation]:
    from govreport_check.suspects import in_order, with_unselected

    return with_unselected(frame, in_order(frame, evaluations, rules, judged.everywhere), others)


def _suspected(frame: Frame, i: int, *known: Any) -> tuple[Finding, ...]:
    from govreport_check.suspects import with_suspects  # what looks for wrong cells takes as long to import as a clean report to check

    return tuple(with_suspects(frame, i, *known))


def _with_prior(one: Recognised, prior: Report | None) -> tuple[Report, Report | None]:
    if prior is None:
        return one.report, None
    strange = another_year(one.report, prior)
    if strange is not None:
        return replace(one.report, remarks=(*one.report.remarks, strange)), None
    return beside(one.report, prior, one.form, one.pack)


def findings_by_report(frame: Frame, reports: Sequence[Report], evaluations: Sequence[Evaluation], lang: str) -> dict[int, list[Finding]]:
    """Every failed instance, and every rule that left some undecided, explained; by the position of the report."""
    found: dict[int, list[Finding]] = defaultdict(list)
    for evaluation in evaluations:
        for index, instance in evaluation.told(FAIL):
            found[index].append(finding_of(Case(evaluation, frame, reports[index], index, instance, lang)))
        open_: dict[int, list[Case]] = defaultdict(list)
        for index, instance in evaluation.told(UNDECIDED):
            open_[index].append(Case(evaluation, frame, reports[index], index, instance, lang))
        for index, cases in open_.items():
            found[index].append(undecided_of(cases))
    return found


def _counts(numbers: Mapping[Outcome, Any], i: int) -> Counts:
    known = {outcome: int(number[i]) for outcome, number in numbers.items()}
    undecided, others = known[Outcome.UNDECIDED], known[Outcome.NOT_APPLICABLE]
    return Counts(passed=known[Outcome.PASS], fail=known[Outcome.FAIL], undecided=undecided, not_applicable=others)
