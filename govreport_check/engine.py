"""The pipeline: sources are read, set side by side, evaluated and explained. What ``check`` does, from end to end."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from govreport_check.built_in import make
from govreport_check.drafts import Draft, DrawUp, Progress, Work, drafts_of, drawn_up
from govreport_check.findings import (
    LOUDNESS,
    CellRecord,
    FailOn,
    Finding,
    OverrideRecord,
    PackRecord,
    PlaceRecord,
    ReportResult,
    Result,
    Severity,
    Verdict,
)
from govreport_check.jobs import Job, apart
from govreport_check.model import Report
from govreport_check.pack import BUILT_IN, Pack, pack_to_check
from govreport_check.readers import Given
from govreport_check.recognition import Packs, Recognised, packs_of, read
from govreport_check.records import kind_records, rule_records
from govreport_check.rule import Rule
from govreport_check.selection import Options, checked_options, gated, select_rules
from govreport_check.verdict import sentence, verdict_of

__all__ = [
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


def check_jobs(
    jobs: Sequence[Job], packs: Packs | None, options: Options, progress: Progress | None = None, draw_up: DrawUp | None = None
) -> Result:
    """What the rules say of every job, in their order. ``progress`` is told how many of how many are read; ``draw_up`` does the work, in
    this process when None (:mod:`govreport_check.parallel` does it in several). Raises as :func:`check` does."""
    loaded, own = packs_of(packs), _built_in()
    jobs = [replace(job, options=checked_options(job.options or options, loaded)) for job in apart(jobs, loaded)]
    options = checked_options(options, loaded)
    asked = tuple(job.options or options for job in jobs)
    chosen = {one: select_rules([*loaded, own], one) for one in dict.fromkeys([*asked, options])}
    work = Work(tuple(jobs), asked, tuple(loaded), options.max_size)
    drafts, unread = (draw_up or drawn_up)(work, chosen, progress)
    results = {i: _unread(jobs[i], reason, chosen[asked[i]], asked[i]) for i, reason in unread.items()}
    for i, draft in _excused({i: drafts[i] for i in sorted(drafts)}, jobs, list(chosen.values()), options).items():
        results[i] = _concluded(draft, asked[i], gated(chosen[asked[i]], asked[i]))
    first = drafts[min(drafts)].pack if drafts else next((pack.id for pack in loaded), "")
    lang = options.lang or next((pack.languages[0] for pack in loaded if pack.id == first), "zh")
    return _result(options, asked, lang, [*loaded, own], [results[i] for i in sorted(results)])


@cache
def _built_in() -> Pack:
    """The built-in pack: part of the program, which does not change while it runs."""
    return pack_to_check(BUILT_IN)


def _result(options: Options, asked: Sequence[Options], lang: str, packs: Sequence[Pack], reports: list[ReportResult]) -> Result:
    overrides = {override: None for one in asked for override in one.overrides}
    return Result(  # what the program itself has made needs no checking
        engine=ENGINE,
        lang=lang,
        fail_on=options.fail_on,
        profile=options.profile,
        packs=[PackRecord(id=pack.id, version=pack.version, hash=pack.hash) for pack in packs],
        overrides=[OverrideRecord(rule=one.rule, severity=Severity(one.to), reason=one.because, at=one.at) for one in overrides],
        reports=reports,
        rules=rule_records(packs, reports),
        kinds=kind_records(packs),
    )


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


# --- from drafts to results ----------------------------------------------------------------------------------------------------


def check_reports(
    taken: Sequence[Recognised],
    chosen: Mapping[str, Sequence[Rule]],
    options: Options,
    before: Sequence[Report | None] | None = None,
    parts: Sequence[Sequence[Report]] | None = None,
) -> list[ReportResult]:
    """Results of reports of one form, evaluated side by side, in their order; ``before[i]`` and ``parts[i]`` belong to ``taken[i]``."""
    gate = gated(chosen, options)
    return [_concluded(draft, options, gate) for draft in drafts_of(taken, chosen, options, before, parts)]


def _excused(
    drafts: Mapping[int, Draft], jobs: Sequence[Job], chosen: Sequence[Mapping[str, Sequence[Rule]]], options: Options
) -> Mapping[int, Draft]:
    """The drafts, by the numbers of their jobs, with what their waivers and baselines excuse marked."""
    if not any(job.waivers or job.baseline for job in jobs):
        return drafts
    from govreport_check.baseline import read_baseline
    from govreport_check.excusing import excused
    from govreport_check.waivers import read_waivers

    waivers = {path: read_waivers(path) if path else None for path in {job.waivers: None for job in jobs}}
    baselines = {path: read_baseline(path) if path else None for path in {job.baseline: None for job in jobs}}
    given = [(draft.subject, jobs[i]) for i, draft in drafts.items()]
    subjects = [replace(one, waivers=waivers[job.waivers], baseline=baselines[job.baseline]) for one, job in given]
    rules = {rule.id: rule for one in chosen for group in one.values() for rule in group}
    done = excused(subjects, rules, options.today or date.today())
    return {i: replace(draft, subject=subject) for (i, draft), subject in zip(drafts.items(), done, strict=True)}


def _concluded(draft: Draft, options: Options, gate: Collection[str]) -> ReportResult:
    report, lang, findings, gone = draft.subject.report, draft.subject.lang, draft.subject.findings, draft.subject.gone
    verdict = verdict_of(draft.whole, draft.lost, findings, options.fail_on, options.strict, gate)
    told = sorted((one for one in findings if LOUDNESS[one.severity] >= LOUDNESS[options.least]), key=_order)
    wanted = {name.casefold() for name in options.entities}
    shown = [one for one in told if not wanted or (one.entity or "").casefold() in wanted]
    return ReportResult(
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


def _order(finding: Finding) -> tuple[int, int, int]:
    undecided = finding.outcome != "fail"
    return (
        int(undecided),  # what is known to be wrong before what is not known
        int(undecided and not finding.rule.startswith(f"{BUILT_IN}/")),  # what was not read before what could not be decided for it
        -LOUDNESS[finding.severity],  # then the loudest; within one loudness the order of reading, of rules and of the form
    )
