"""What waivers and a baseline do to the findings of a check, and what is to be said of the waivers themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from govreport_check.baseline import report_key
from govreport_check.built_in import make
from govreport_check.findings import CellRecord, Finding, PlaceRecord, Waived
from govreport_check.model import Report
from govreport_check.records import fingerprint
from govreport_check.rule import Rule
from govreport_check.subject import Subject
from govreport_check.verdict import is_excusable
from govreport_check.waivers import SHORTEST, Fault, Waiver, Waivers
from govreport_check.wording import pick


@dataclass(frozen=True, slots=True)
class _Hit:
    """A finding that a waiver means: the number of its subject, its own number in it, and the fingerprint by which it is meant."""

    subject: int
    finding: int
    fingerprint: str


_Index = Mapping[str, Sequence[_Hit]]


def excused(subjects: Sequence[Subject], rules: Mapping[str, Rule], today: date) -> list[Subject]:
    """The subjects with what is waived and what is in their baseline marked, and with findings about the waivers themselves.

    ``rules`` are the selected ones by id: a waiver of a rule that was not asked is not missed. Whether a waiver is used is judged over all
    subjects that share its file.
    """
    files: dict[str, list[int]] = defaultdict(list)
    for i, subject in enumerate(subjects):
        if subject.waivers is not None:
            files[subject.waivers.source].append(i)
    marks: dict[tuple[int, int], Waived | None] = {}
    told: dict[int, list[Finding]] = defaultdict(list)
    for group in files.values():
        _apply(subjects, group, rules, today, marks, told)
    return [_marked(i, subject, rules, marks, told[i]) for i, subject in enumerate(subjects)]


def _marked(
    i: int, subject: Subject, rules: Mapping[str, Rule], marks: Mapping[tuple[int, int], Waived | None], told: Sequence[Finding]
) -> Subject:
    findings = []
    for n, finding in enumerate(subject.findings):
        mark = marks[i, n] if (i, n) in marks else _known(finding, subject)
        findings.append(finding if mark is None else finding.model_copy(update={"waived": mark}))
    return replace(subject, findings=(*findings, *told), gone=_gone(subject, rules))


# --- the baseline --------------------------------------------------------------------------------------------------------------


def _known(finding: Finding, subject: Subject) -> Waived | None:
    if subject.baseline is None or not subject.baseline.knows(finding):
        return None
    reason = pick(("列入基线的既有问题", "in the baseline"), subject.lang)
    return Waived(kind="baseline", reason=reason, file=subject.baseline.source)


def _gone(subject: Subject, rules: Collection[str]) -> int:
    """How many known findings of this report, of rules that were asked, are not there any more."""
    if subject.baseline is None:
        return 0
    present = {finding.fingerprint for finding in subject.findings}
    agency, year = (_text(subject.report.about.get(name)) for name in ("agency", "year"))
    mine = subject.baseline.of.get(report_key(agency, year, subject.report.source), ())
    return sum(entry.finding not in present for entry in mine if entry.rule in rules)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


# --- waivers -------------------------------------------------------------------------------------------------------------------


def _apply(
    subjects: Sequence[Subject],
    group: Sequence[int],
    rules: Mapping[str, Rule],
    today: date,
    marks: dict[tuple[int, int], Waived | None],
    told: dict[int, list[Finding]],
) -> None:
    """What one waivers file does to the subjects in ``group``: ``marks`` and ``told`` are added to."""
    file = subjects[group[0]].waivers
    if file is None:
        return
    index = _index(subjects, group, rules)
    for i in group:
        told[i] += (finding for fault in file.faults for finding in _of_fault(fault, subjects[i], rules))
    for waiver in file.waivers:
        hits = [hit for hit in index.get(waiver.spec.finding[:SHORTEST], ()) if hit.fingerprint.startswith(waiver.spec.finding)]
        fault = _fault_of(waiver, hits, subjects, rules)
        for i in _owners(waiver, hits, subjects, group, rules):
            told[i] += _of_fault(fault, subjects[i], rules) if fault else _of_waiver(waiver, hits, subjects[i], i, rules, today)
        if hits and fault is None:
            usable = today <= waiver.until
            marks.update({(hit.subject, hit.finding): _waived(waiver, file) if usable else None for hit in hits if _may(hit, subjects)})


def _index(subjects: Sequence[Subject], group: Sequence[int], rules: Mapping[str, Rule]) -> _Index:
    """All findings by the beginning of their fingerprints, those that they had under former names of their rules as well."""
    index: dict[str, list[_Hit]] = defaultdict(list)
    for i in group:
        for n, finding in enumerate(subjects[i].findings):
            for name in (finding.fingerprint, *_former(finding, subjects[i].report, rules.get(finding.rule))):
                index[name[:SHORTEST]].append(_Hit(i, n, name))
    return index


def _former(finding: Finding, report: Report, rule: Rule | None) -> Iterator[str]:
    """Renaming a rule changes its findings' fingerprints; waivers that are older go on holding."""
    pack = finding.rule.partition("/")[0]
    sides = {"parts.left": finding.left, "parts.right": finding.right}
    of_parts = {name: value for name, value in sides.items() if value is not None}
    for name in rule.file.was if rule is not None else ():
        named = name if "/" in name else f"{pack}/{name}"
        yield from (fingerprint(report, named, finding.bindings, finding.cells, more) for more in ({}, of_parts))


def _may(hit: _Hit, subjects: Sequence[Subject]) -> bool:
    return is_excusable(subjects[hit.subject].findings[hit.finding])


def _waived(waiver: Waiver, file: Waivers) -> Waived:
    return Waived(reason=waiver.spec.reason, by=waiver.spec.by, until=waiver.spec.until, file=file.source, line=waiver.line)


def _fault_of(waiver: Waiver, hits: Sequence[_Hit], subjects: Sequence[Subject], rules: Mapping[str, Rule]) -> Fault | None:
    """Why a waiver that can be read is still no good: it means several findings, or names another rule than its finding's."""
    if len({hit.fingerprint for hit in hits}) > 1:
        told = waiver.spec.finding
        return Fault(
            waiver.line,
            waiver.column,
            f"{told} 对应不止一个问题，应写全标识",
            f"{told} is the beginning of several fingerprints; write all of it",
        )
    named = waiver.spec.rule
    found = subjects[hits[0].subject].findings[hits[0].finding].rule if hits else None
    if named is None or found is None or named in _names(found, rules):
        return None
    return Fault(
        waiver.line,
        waiver.column,
        f"所写规则为 {named}，该问题的规则是 {found}",
        f"the rule is said to be {named}; that finding is of {found}",
    )


def _names(rule: str, rules: Mapping[str, Rule]) -> set[str]:
    former = rules[rule].file.was if rule in rules else []
    return {rule, rule.partition("/")[2], *former}


def _owners(
    waiver: Waiver, hits: Sequence[_Hit], subjects: Sequence[Subject], group: Sequence[int], rules: Mapping[str, Rule]
) -> Sequence[int]:
    """The subjects in which a waiver is told of, if at all: those with its finding; else the reports that it is for, else the first."""
    if hits:
        return list(dict.fromkeys(hit.subject for hit in hits))
    named = waiver.spec.rule
    if named is not None and not any(named in _names(rule, rules) for rule in rules):
        return []
    if waiver.spec.agency is None and waiver.spec.year is None:
        return group[:1]
    wanted = (waiver.spec.agency, _text(waiver.spec.year))
    return [i for i in group if wanted == (_text(subjects[i].report.about.get("agency")), _text(subjects[i].report.about.get("year")))]


def _of_waiver(waiver: Waiver, hits: Sequence[_Hit], subject: Subject, i: int, rules: Mapping[str, Rule], today: date) -> Iterator[Finding]:
    mine = [subject.findings[hit.finding] for hit in hits if hit.subject == i]
    said = {
        "at": waiver.spec.finding,
        "until": waiver.spec.until,
        "rule": waiver.spec.rule or pick(("未写明规则", "no rule named"), subject.lang),
    }
    if not mine:
        yield from _told("unused-waiver", waiver, said, subject, rules)
    elif not is_excusable(mine[0]):
        yield from _told("refused-waiver", waiver, {**said, "rule": mine[0].rule}, subject, rules)
    elif today > waiver.until:
        yield from _told("expired-waiver", waiver, {**said, "rule": mine[0].rule}, subject, rules)


def _of_fault(fault: Fault, subject: Subject, rules: Mapping[str, Rule]) -> Iterator[Finding]:
    reason = pick((fault.zh, fault.en), subject.lang)
    yield from _told("malformed-waiver", fault, {"at": f"{fault.line}:{fault.column}", "reason": reason}, subject, rules)


def _told(name: str, at: Waiver | Fault, said: Mapping[str, str], subject: Subject, rules: Mapping[str, Rule]) -> Iterator[Finding]:
    rule, source = rules.get(f"form/{name}"), subject.waivers.source if subject.waivers else ""
    if rule is not None:
        spot = f"{source}:{at.line}:{at.column}"
        place = PlaceRecord(source=source, line=at.line)
        record = CellRecord(address=f"waivers[{said['at']}]", label=source, place=place)
        yield make(rule, subject.report, subject.lang, [record], {**said, "spot": spot})
