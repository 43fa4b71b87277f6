"""The pipeline: sources are read, set side by side, evaluated and explained. What ``check`` does, from end to end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

from govreport_check import readers
from govreport_check.built_in import Reading, built_in_findings, make
from govreport_check.errors import SourceError, UsageError
from govreport_check.evaluation import FAIL, UNDECIDED, Evaluation, evaluate_rules
from govreport_check.explain import Case, finding_of, undecided_of
from govreport_check.expr.names import unknown
from govreport_check.findings import (
    LOUDNESS,
    CellRecord,
    Counts,
    FailOn,
    Finding,
    Outcome,
    PackRecord,
    PlaceRecord,
    ReportResult,
    Result,
    Verdict,
)
from govreport_check.form import Form
from govreport_check.frame import Frame, build_frame
from govreport_check.listed import listed
from govreport_check.model import Report
from govreport_check.pack import BUILT_IN, Pack, bundled, load_pack
from govreport_check.readers import Given, Source, load_source
from govreport_check.rule import Rule
from govreport_check.verdict import read_record, sentence, tally, verdict_of, wholly_read
from govreport_check.wording import LANGUAGES

ENGINE = "0.1.0"
BATCH = 2048
"""Reports side by side at a time: enough to be fast, few enough to stay in the caches."""

LEAST_FIT = 0.2
"""A form fits a document of which at least this share of its labels is shown."""

Packs: TypeAlias = "Sequence[str | Path | Pack]"


@dataclass(frozen=True, slots=True)
class Options:
    """How to check. ``lang`` None follows the report; ``select`` and ``ignore`` name rules, their ids, folders or beginnings."""

    lang: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: FailOn = "error"
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Recognised:
    """A report with its form and pack."""

    report: Report
    form: Form
    pack: Pack


def packs_of(packs: Packs | None) -> list[Pack]:
    """The packs that are meant: the given ones, or every bundled one. Raises PackError, UsageError."""
    wanted: Packs = bundled() if packs is None else packs
    return [pack if isinstance(pack, Pack) else load_pack(pack) for pack in wanted]


def read(source: Given, *, packs: Packs | None = None, name: str | None = None) -> Report:
    """The structured report of a path, text, bytes or mapping. Raises SourceError when it cannot be read or is of no known form."""
    found = _recognise(load_source(source, name=name), packs_of(packs))
    if found is None:
        raise SourceError(name or str(source)[:80], "is not a report of any known form", "未识别为任何已知格式的报告")
    return found.report


def _recognise(source: Source, packs: Sequence[Pack]) -> Recognised | None:
    opening = readers.title_text(source)
    known = [pack for pack in packs if pack.recognises(opening)] or packs
    forms = [(readers.fits(source, form), pack, form) for pack in known for form in pack.forms.values()]
    best = max(forms, key=lambda one: one[0], default=None)
    if best is None or best[0] < LEAST_FIT:
        return None
    return Recognised(readers.recognise(source, best[2]), best[2], best[1])


def check(
    source: Given,
    *,
    packs: Packs | None = None,
    prior: Given | None = None,
    about: Mapping[str, Any] | None = None,
    lang: str | None = None,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    fail_on: FailOn = "error",
    strict: bool = False,
    name: str | None = None,
) -> Result:
    """What the rules say of one report: a path, text, bytes, or a mapping of ``govreport-report/1``.

    ``prior`` is last year's report of the same agency; ``about`` states facts that the document does not (``{"level": "county"}``).
    A bad report never raises: what cannot be read is a finding. Raises PackError for bad rules, UsageError for a bad call.
    """
    options = Options(lang, tuple(select), tuple(ignore), fail_on, strict)
    return _check([(source, name)], packs, options, prior, about)


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
) -> Result:
    """What the rules say of many reports, in the order given; each gets what it would get alone.

    ``names`` are what places and findings call them, as ``name`` of :func:`check`; one for each source.
    """
    options = Options(lang, tuple(select), tuple(ignore), fail_on, strict)
    given = list(sources)
    return _check(list(zip(given, names or [None] * len(given), strict=True)), packs, options, prior, None)


def _check(
    sources: Sequence[tuple[Given, str | None]], packs: Packs | None, options: Options, prior: Given | None, about: Mapping[str, Any] | None
) -> Result:
    if options.lang not in (None, *LANGUAGES):
        raise UsageError(f"unknown language {options.lang}; there are zh and en")
    if options.fail_on not in LOUDNESS:
        raise UsageError(f"unknown severity {options.fail_on}; there are {', '.join(LOUDNESS)}")
    loaded = packs_of(packs)
    own = load_pack(BUILT_IN)
    chosen = select_rules([*loaded, own], options)
    before = None if prior is None else read(prior, packs=loaded)
    results: list[ReportResult | None] = [None] * len(sources)
    groups: dict[str, list[tuple[int, Recognised]]] = defaultdict(list)
    for i, (source, name) in enumerate(sources):
        taken = _take(source, name, loaded, about, options.lang or "zh")
        if isinstance(taken, Recognised):
            groups[taken.form.id].append((i, taken))
        else:
            results[i] = _unread(source, name, taken, chosen, options)
    for group in groups.values():
        for start in range(0, len(group), BATCH):
            chunk = group[start : start + BATCH]
            for (i, _), result in zip(chunk, check_reports([one for _, one in chunk], chosen, options, before), strict=True):
                results[i] = result
    return Result(
        engine=ENGINE,
        lang=options.lang or _common_language(loaded),
        fail_on=options.fail_on,
        packs=[PackRecord(id=pack.id, version=pack.version, hash=pack.hash) for pack in [*loaded, own]],
        reports=[result for result in results if result is not None],
    )


def _common_language(packs: Sequence[Pack]) -> str:
    return packs[0].languages[0] if packs else "zh"


def _take(source: Given, name: str | None, packs: Sequence[Pack], about: Mapping[str, Any] | None, lang: str) -> Recognised | str | None:
    """The report that a source is; why it could not be read; or None when it is of no known form."""
    try:
        found = _recognise(load_source(source, name=name), packs)
    except SourceError as error:
        return error.told(lang)
    if found is None or not about:
        return found
    return replace(found, report=replace(found.report, about={**found.report.about, **about}))


def _unread(source: Given, name: str | None, reason: str | None, chosen: Mapping[str, Sequence[Rule]], options: Options) -> ReportResult:
    lang = options.lang or "zh"
    where = name or (str(source) if isinstance(source, (str, Path)) and "\n" not in str(source) else "<report>")
    rule = next((rule for rule in chosen[BUILT_IN] if rule.name == ("no-form" if reason is None else "unreadable-file")), None)
    findings = []
    if rule is not None:
        empty = Report(source=where, form="")
        record = CellRecord(address="", label=where, spot=where, state="unreadable", place=PlaceRecord(source=where))
        reading = Reading(_no_frame(), 0, empty, {}, lang)
        findings = [make(rule, reading, [record], spot=where, printed=reason or "", at=where, reason=reason or "")]
    word = "未能核对（不等于通过）：" if lang == "zh" else "Not verified, which is not a pass: "
    told = findings[0].message if findings else reason or ""
    return ReportResult(source=where, form=None, verdict=Verdict.NOT_VERIFIED, sentence=word + told, findings=findings)


def _no_frame() -> Frame:
    return build_frame(Form("", 0, None, {}, {}, {}, {}), [])


def select_rules(packs: Sequence[Pack], options: Options) -> dict[str, list[Rule]]:
    """The rules to evaluate, by pack. Raises UsageError for a name that selects nothing."""
    rules = [(pack.id, rule) for pack in packs for rule in pack.rules]
    for wanted in (*options.select, *options.ignore):
        if not any(_named(rule, wanted) for _, rule in rules):
            raise UsageError(unknown(wanted, [rule.name for _, rule in rules], what="rule"))
    chosen: dict[str, list[Rule]] = {pack.id: [] for pack in packs}
    for pack, rule in rules:
        selected = any(_named(rule, wanted) for wanted in options.select) if options.select else rule.default
        if selected and not any(_named(rule, wanted) for wanted in options.ignore):
            chosen[pack].append(rule)
    return chosen


def _named(rule: Rule, wanted: str) -> bool:
    pack = rule.id.partition("/")[0]
    return wanted in (pack, rule.section) or any(name.startswith(wanted) for name in (rule.id, rule.name, *rule.file.was))


# --- reports of one form -------------------------------------------------------------------------------------------------------


def check_reports(
    taken: Sequence[Recognised], chosen: Mapping[str, Sequence[Rule]], options: Options, before: Report | None = None
) -> list[ReportResult]:
    """Results of reports of one form, evaluated side by side, in their order."""
    form, pack = taken[0].form, taken[0].pack
    reports = [one.report for one in taken]
    frame = build_frame(form, reports, [listed(report, form) for report in reports], None if before is None else [before] * len(reports))
    evaluations = evaluate_rules(frame, chosen[pack.id])
    found = findings_by_report(frame, reports, evaluations, options.lang or pack.languages[0])
    numbers, read_whole = tally(evaluations, len(reports)), wholly_read(frame)
    own = {rule.name: rule for rule in chosen[BUILT_IN]}
    results = []
    for i, report in enumerate(reports):
        lang = options.lang or pack.languages[0]
        findings = [*built_in_findings(Reading(frame, i, report, own, lang)), *found.get(i, ())]
        findings.sort(key=_order)
        lost = any(section.unread for section in (report.sections or {}).values())
        verdict = verdict_of(bool(read_whole[i]), lost, findings, options.fail_on, options.strict)
        record = read_record(frame, i, report)
        results.append(
            ReportResult(
                source=report.source,
                form=form.id,
                about={key: str(value) if value is not None else None for key, value in report.about.items()},
                verdict=verdict,
                sentence=sentence(verdict, findings, record, _counts(numbers.equations, i), report, lang),
                read=record,
                counts=_counts(numbers.counts, i),
                findings=findings,
            )
        )
    return results


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
    return Counts(
        **{
            "pass": int(numbers[Outcome.PASS][i]),
            "fail": int(numbers[Outcome.FAIL][i]),
            "undecided": int(numbers[Outcome.UNDECIDED][i]),
            "not_applicable": int(numbers[Outcome.NOT_APPLICABLE][i]),
        }
    )


def _order(finding: Finding) -> tuple[int, int, int]:
    undecided = finding.outcome != "fail"
    return (
        int(undecided),  # what is known to be wrong before what is not known
        int(undecided and not finding.rule.startswith(f"{BUILT_IN}/")),  # what was not read before what could not be decided for it
        -LOUDNESS[finding.severity],  # then the loudest; within one loudness the order of reading, of rules and of the form
    )
