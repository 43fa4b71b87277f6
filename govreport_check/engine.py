"""The pipeline: sources are read, set side by side, evaluated and explained. What ``check`` does, from end to end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from govreport_check.alignment import another_year, beside
from govreport_check.alone import plan_for
from govreport_check.as_printed import as_printed
from govreport_check.baseline import read_baseline
from govreport_check.built_in import Reading, built_in_findings, make
from govreport_check.case import Case
from govreport_check.errors import SourceError
from govreport_check.evaluation import FAIL, UNDECIDED, Evaluation, evaluate_rules
from govreport_check.excusing import Subject, excused
from govreport_check.explain import finding_of, undecided_of
from govreport_check.findings import (
    LOUDNESS,
    CellRecord,
    Counts,
    FailOn,
    Finding,
    Outcome,
    OverrideRecord,
    PackRecord,
    PlaceRecord,
    Printed,
    ReadRecord,
    ReportResult,
    Result,
    Severity,
    Verdict,
)
from govreport_check.frame import Frame, build_frame
from govreport_check.jobs import Job, apart
from govreport_check.listed import listed, lists_named
from govreport_check.model import Report
from govreport_check.open_form import Members
from govreport_check.pack import BUILT_IN, Pack, pack_to_check
from govreport_check.readers import Given, load_source
from govreport_check.readers.limits import limits_of
from govreport_check.recognition import Packs, Recognised, known_report, packs_of, prior_among, read, recognise, with_figures
from govreport_check.records import rule_records
from govreport_check.rule import Rule, fitted_rules
from govreport_check.selection import Options, checked_options, gated, select_rules
from govreport_check.suspects import in_order, with_suspects, with_unselected
from govreport_check.verdict import Judged, read_record, sentence, tally, verdict_of, wholly_read
from govreport_check.waivers import read_waivers

__all__ = [
    "BATCH",
    "ENGINE",
    "Job",
    "Options",
    "Recognised",
    "check",
    "check_jobs",
    "check_many",
    "check_reports",
    "packs_of",
    "read",
    "select_rules",
]

ENGINE = "0.1.0"
Progress: TypeAlias = "Callable[[int, int], None]"
BATCH = 2048
"""Reports side by side at a time: enough to be fast, few enough to stay in the caches."""
FEW = 8
"""So many reports are checked one by one: each costs less by the short way than the arrays cost to set up."""


def check(
    source: Given,
    *,
    packs: Packs | None = None,
    prior: Given | None = None,
    parts: Sequence[Given] = (),
    about: Mapping[str, Any] | None = None,
    lang: str | None = None,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    fail_on: FailOn = "error",
    strict: bool = False,
    profile: str | None = None,
    name: str | None = None,
    waivers: str | Path | None = None,
    baseline: str | Path | None = None,
    today: date | None = None,
    max_size: int | None = None,
    printed: bool = False,
) -> Result:
    """What the rules say of one report: a path, text, bytes, or a mapping of ``govreport-report/1``.

    ``prior`` is last year's report of the same agency; ``parts`` are the reports that this one sums up; ``about`` states facts that the
    document does not (``{"level": "county"}``); ``profile`` is one of the pack's (draft, publish, review); ``waivers`` and ``baseline`` are
    files of findings that do not count, waivers as of ``today``; ``max_size`` is how many bytes a file may have; ``printed`` keeps
    the report as printed with its result, for the HTML page. A bad report never
    raises: what cannot be read is a finding. Raises
    PackError for bad rules or a bad baseline, UsageError for a bad call, SourceError for a prior or part that cannot be read.
    """
    options = Options(lang, tuple(select), tuple(ignore), fail_on, strict, profile, today=today, max_size=max_size, printed=printed)
    return check_jobs([Job(source, name, about, prior, tuple(parts), _path(waivers), _path(baseline))], packs, options)


def check_many(
    sources: Iterable[Given],
    *,
    names: Sequence[str | None] | None = None,
    packs: Packs | None = None,
    prior: Given | None = None,
    lang: str | None = None,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    fail_on: FailOn = "error",
    strict: bool = False,
    profile: str | None = None,
    waivers: str | Path | None = None,
    baseline: str | Path | None = None,
    today: date | None = None,
    max_size: int | None = None,
    printed: bool = False,
) -> Result:
    """What the rules say of many reports, in the order given; each gets what it would get alone.

    ``names`` are what places and findings call them, as ``name`` of :func:`check`; one for each source. Where several years of one
    agency are among them, each is checked against the year before, as if that had been its ``prior``. ``waivers`` and ``baseline`` hold for
    all; a waiver is unused when no report uses it.
    """
    options = Options(lang, tuple(select), tuple(ignore), fail_on, strict, profile, today=today, max_size=max_size, printed=printed)
    given, files = list(sources), (_path(waivers), _path(baseline))
    jobs = [Job(source, name, None, prior, (), *files) for source, name in zip(given, names or [None] * len(given), strict=True)]
    return check_jobs(jobs, packs, options)


def _path(file: str | Path | None) -> Path | None:
    return None if file is None else Path(file)


def check_jobs(jobs: Sequence[Job], packs: Packs | None, options: Options, progress: Progress | None = None) -> Result:
    """What the rules say of every job, in their order. ``progress`` is told how many of how many are read. Raises as :func:`check` does."""
    loaded, own = packs_of(packs), _built_in()
    jobs = [replace(job, options=checked_options(job.options or options, loaded)) for job in apart(jobs, loaded)]
    options = checked_options(options, loaded)
    asked = [job.options or options for job in jobs]
    chosen = {one: select_rules([*loaded, own], one) for one in dict.fromkeys([*asked, options])}
    results: list[ReportResult | None] = [None] * len(jobs)
    groups: dict[tuple[str, Members, Options], list[tuple[int, Recognised]]] = defaultdict(list)
    for i, job in enumerate(jobs):
        taken = _take(job, loaded, asked[i])
        if progress is not None:
            progress(i + 1, len(jobs))
        if isinstance(taken, Recognised):
            groups[taken.form.id, taken.form.members, asked[i]].append((i, taken))
        else:
            results[i] = _unread(job, taken, chosen[asked[i]], asked[i])
    earlier = _priors(jobs, [pair for group in groups.values() for pair in group], loaded, options.max_size)
    parts = {i: [_other(part, loaded, options.max_size) for part in job.parts] for i, job in enumerate(jobs) if job.parts}
    drafts: dict[int, _Draft] = {}
    for (_, _, mine), group in groups.items():
        for start in range(0, len(group), BATCH):
            chunk = group[start : start + BATCH]
            before = [earlier.get(i) for i, _ in chunk]
            own_parts = [parts.get(i, []) for i, _ in chunk]
            made = _drafts([one for _, one in chunk], chosen[mine], mine, before, own_parts)
            drafts.update(zip((i for i, _ in chunk), made, strict=True))
    for i, draft in _excused({i: drafts[i] for i in sorted(drafts)}, jobs, list(chosen.values()), options).items():
        results[i] = _concluded(draft, asked[i], gated(chosen[asked[i]], asked[i]))
    lang = options.lang or _common_language([one.pack for group in groups.values() for _, one in group] or loaded)
    return _result(options, asked, lang, [*loaded, own], [result for result in results if result is not None])


@cache
def _built_in() -> Pack:
    """The built-in pack: part of the program, which does not change while it runs."""
    return pack_to_check(BUILT_IN)


def _result(options: Options, asked: Sequence[Options], lang: str, packs: Sequence[Pack], reports: list[ReportResult]) -> Result:
    overrides = {override: None for one in asked for override in one.overrides}
    return Result.model_construct(  # what the program itself has made needs no checking
        engine=ENGINE,
        lang=lang,
        fail_on=options.fail_on,
        profile=options.profile,
        packs=[PackRecord.model_construct(id=pack.id, version=pack.version, hash=pack.hash) for pack in packs],
        overrides=[OverrideRecord(rule=one.rule, severity=Severity(one.to), reason=one.because, at=one.at) for one in overrides],
        reports=reports,
        rules=rule_records(packs, reports),
    )


def _common_language(packs: Sequence[Pack]) -> str:
    """The language of the reports' packs; the first one's where they differ."""
    return packs[0].languages[0] if packs else "zh"


def _other(source: Given, packs: Sequence[Pack], max_size: int | None) -> Report:
    """A report that another is held against, with its figures. Raises SourceError."""
    return with_figures(known_report(source, packs, max_size=max_size)).report


def _priors(jobs: Sequence[Job], taken: Sequence[tuple[int, Recognised]], packs: Sequence[Pack], max_size: int | None) -> dict[int, Report]:
    """The report of the year before of each job, as given or found among the others."""
    read_once: dict[int, Report] = {}  # many jobs may have one prior
    found: dict[int, Report] = {}
    for (i, _), other in zip(taken, prior_among([one for _, one in taken]), strict=True):
        prior = jobs[i].prior
        if prior is not None:
            if id(prior) not in read_once:
                read_once[id(prior)] = _other(prior, packs, max_size)
            found[i] = read_once[id(prior)]
        elif other is not None:
            found[i] = other
    return found


def _take(job: Job, packs: Sequence[Pack], options: Options) -> Recognised | str | None:
    """The report that a source is; why it could not be read; or None when it is of no known form."""
    try:
        if job.unread is not None:
            raise job.unread
        found = recognise(load_source(job.source, name=job.name, limits=limits_of(options.max_size)), packs, job.about)
    except SourceError as error:
        return error.told(options.lang or "zh")
    return None if found is None else with_figures(found)


def _unread(job: Job, reason: str | None, chosen: Mapping[str, Sequence[Rule]], options: Options) -> ReportResult:
    lang = options.lang or "zh"
    named = isinstance(job.source, (str, Path)) and "\n" not in str(job.source)
    where = job.name or (str(job.source) if named else "<report>")
    rule = next((rule for rule in chosen[BUILT_IN] if rule.name == ("no-form" if reason is None else "unreadable-file")), None)
    findings = []
    if rule is not None:
        record = CellRecord(address="", label=where, spot=where, state="unreadable", place=PlaceRecord(source=where))
        said = {"spot": where, "printed": reason or "", "at": where, "reason": reason or ""}
        findings = [make(rule, Report(source=where, form=""), lang, [record], said)]
    word = "未能核对（不等于通过）：" if lang == "zh" else "Not verified, which is not a pass: "
    told = findings[0].message if findings else reason or ""
    return ReportResult(source=where, form=None, verdict=Verdict.NOT_VERIFIED, sentence=word + told, findings=findings)


# --- reports of one form -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Draft:
    """What is known of one report before its verdict. ``whole``: everything required was read; ``lost``: the heading of a part was not."""

    subject: Subject
    form: str
    whole: bool
    lost: bool
    read: ReadRecord
    equations: Counts
    counts: Counts
    printed: Printed | None = None


def check_reports(
    taken: Sequence[Recognised],
    chosen: Mapping[str, Sequence[Rule]],
    options: Options,
    before: Sequence[Report | None] | None = None,
    parts: Sequence[Sequence[Report]] | None = None,
) -> list[ReportResult]:
    """Results of reports of one form, evaluated side by side, in their order; ``before[i]`` and ``parts[i]`` belong to ``taken[i]``."""
    gate = gated(chosen, options)
    return [_concluded(draft, options, gate) for draft in _drafts(taken, chosen, options, before, parts)]


def _drafts(
    taken: Sequence[Recognised],
    chosen: Mapping[str, Sequence[Rule]],
    options: Options,
    before: Sequence[Report | None] | None,
    parts: Sequence[Sequence[Report]] | None,
) -> list[_Draft]:
    form, pack = taken[0].form, taken[0].pack
    lang = options.lang or pack.languages[0]
    rules = fitted_rules(chosen[pack.id], form)
    plan = plan_for(form, rules) if len(taken) <= FEW else None
    if plan is not None and len(taken) > 1:
        each = zip(taken, before or [None] * len(taken), parts or [()] * len(taken), strict=True)
        return [draft for one, prior, own in each for draft in _drafts([one], chosen, options, [prior], [own])]
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
    evidence = cache(lambda: with_unselected(frame, in_order(frame, evaluations, rules), others))
    drafts = []
    for i, report in enumerate(reports):
        told = [*built_in_findings(Reading(frame, i, report, own, lang)), *found.get(i, ())]
        findings = tuple(with_suspects(frame, i, evaluations, told, lang, evidence) if options.suspects else told)
        lost = any(section.unread for section in (report.sections or {}).values())
        lost = lost or any(remark.rule == "several-reports" for remark in report.remarks)
        read_of_it, counts = read_record(frame, i, report), (_counts(numbers.equations, i), _counts(numbers.counts, i))
        whole = as_printed(form, report, lang) if options.printed else None
        drafts.append(_Draft(Subject(report, lang, findings), form.id, bool(read_whole[i]), lost, read_of_it, *counts, whole))
    return drafts


def _excused(
    drafts: Mapping[int, _Draft], jobs: Sequence[Job], chosen: Sequence[Mapping[str, Sequence[Rule]]], options: Options
) -> Mapping[int, _Draft]:
    """The drafts, by the numbers of their jobs, with what their waivers and baselines excuse marked."""
    if not any(job.waivers or job.baseline for job in jobs):
        return drafts
    waivers = {path: read_waivers(path) if path else None for path in {job.waivers: None for job in jobs}}
    baselines = {path: read_baseline(path) if path else None for path in {job.baseline: None for job in jobs}}
    given = [(draft.subject, jobs[i]) for i, draft in drafts.items()]
    subjects = [replace(one, waivers=waivers[job.waivers], baseline=baselines[job.baseline]) for one, job in given]
    rules = {rule.id: rule for one in chosen for group in one.values() for rule in group}
    done = excused(subjects, rules, options.today or date.today())
    return {i: replace(draft, subject=subject) for (i, draft), subject in zip(drafts.items(), done, strict=True)}


def _concluded(draft: _Draft, options: Options, gate: Collection[str]) -> ReportResult:
    report, lang, findings, gone = draft.subject.report, draft.subject.lang, draft.subject.findings, draft.subject.gone
    verdict = verdict_of(draft.whole, draft.lost, findings, options.fail_on, options.strict, gate)
    told = sorted((one for one in findings if LOUDNESS[one.severity] >= LOUDNESS[options.least]), key=_order)
    wanted = {name.casefold() for name in options.entities}
    shown = [one for one in told if not wanted or (one.entity or "").casefold() in wanted]
    return ReportResult.model_construct(
        source=report.source,
        form=draft.form,
        about={key: str(value) if value is not None else None for key, value in report.about.items()},
        verdict=verdict,
        sentence=sentence(verdict, told, draft.read, draft.equations, report, lang, gate, gone) + _shown(shown, told, options, lang),
        read=draft.read,
        counts=draft.counts,
        findings=shown,
        gone=gone,
        printed=draft.printed,
    )


def _shown(shown: Sequence[Finding], told: Sequence[Finding], options: Options, lang: str) -> str:
    """What is said where only the findings about some components are shown: the verdict is on the whole report."""
    if not options.entities:
        return ""
    names = ", ".join(options.entities)
    return (
        f" Shown: {len(shown)} of {len(told)}, about {names}."
        if lang == "en"
        else f"仅列出涉及{names}的{len(shown)}处（共{len(told)}处）。"
    )


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
    return Counts.model_construct(passed=known[Outcome.PASS], fail=known[Outcome.FAIL], undecided=undecided, not_applicable=others)


def _order(finding: Finding) -> tuple[int, int, int]:
    undecided = finding.outcome != "fail"
    return (
        int(undecided),  # what is known to be wrong before what is not known
        int(undecided and not finding.rule.startswith(f"{BUILT_IN}/")),  # what was not read before what could not be decided for it
        -LOUDNESS[finding.severity],  # then the loudest; within one loudness the order of reading, of rules and of the form
    )
