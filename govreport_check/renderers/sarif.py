"""SARIF 2.1.0 (OASIS), the exchange format of checkers: code scanning, editors, dashboards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from govreport_check.findings import Exit, Finding, PlaceRecord, ReportResult, Result, RuleRecord, Verdict, Waived
from govreport_check.renderers.inert import json_text, uri
from govreport_check.renderers.lines import clean
from govreport_check.renderers.places import file_of, placed, told
from govreport_check.renderers.sarif_rules import LANGUAGES, NAME, driver, rule_records, translation
from govreport_check.renderers.words import say

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
FINGERPRINT = "govreport/v1"
_TOLD = ("outcome", "severity", "confidence", "instances", "reason", "entity", "bindings", "left", "operator", "right", "difference")
_POSITIONS = ("page", "table", "row", "column", "sheet", "cell", "section", "element")


def render(result: Result, *, lang: str, width: int | None, color: bool, notes: bool, waived: bool, fingerprints: bool) -> str:
    """One log with one run; nothing is folded.

    A finding that fails is of kind ``fail``, an undecided one ``open`` (then of level ``none``, as the standard wants it). What is waived
    has a suppression with its reason. A report that is not verified is a notification of the invocation, whose exit code is that of the
    check; each report's verdict stands in ``artifacts``.
    """
    rules = rule_records(result)
    indices = {rule: i for i, rule in enumerate(rules)}
    reports = {report.source: report for report in result.reports}
    artifacts = {source: i for i, source in enumerate(reports)}
    results = [_result(finding, report.source, indices, artifacts, lang) for report in result.reports for finding in report.findings]
    log = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{**_run(result, rules, lang), "artifacts": [_artifact(report) for report in reports.values()], "results": results}],
    }
    return json_text(log, indent=1) + "\n"


def _run(result: Result, rules: Mapping[str, RuleRecord], lang: str) -> dict[str, Any]:
    return {
        "tool": {"driver": driver(result, rules, lang), "extensions": [_pack(pack.id, pack.version, pack.hash) for pack in result.packs]},
        "language": LANGUAGES.get(lang, lang),
        "translations": [translation(rules, other) for other in LANGUAGES if other != lang and _is_told(rules, other)],
        "automationDetails": {"id": f"{NAME}/{result.profile or 'check'}/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(result, lang)],
        "properties": {"failOn": result.fail_on, "profile": result.profile},
    }


def _is_told(rules: Mapping[str, RuleRecord], lang: str) -> bool:
    return any(lang in rule.title for rule in rules.values())


def _pack(name: str, version: str, digest: str) -> dict[str, Any]:
    return {"name": name, "version": version, "properties": {"sha256": digest}}


def _invocation(result: Result, lang: str) -> dict[str, Any]:
    notes = [_not_verified(report) for report in result.reports if report.verdict is Verdict.NOT_VERIFIED]
    code = result.exit_code
    return {
        "executionSuccessful": code in (Exit.CLEAN, Exit.FINDINGS),
        "exitCode": int(code),
        "exitCodeDescription": code.name.lower(),
        "toolExecutionNotifications": notes,
    }


def _not_verified(report: ReportResult) -> dict[str, Any]:
    where = {"physicalLocation": {"artifactLocation": {"uri": uri(report.source)}}}
    return {
        "descriptor": {"id": "not-verified"},
        "level": "error",
        "message": {"text": _plain(report.sentence)},
        "locations": [where],
    }


def _artifact(report: ReportResult) -> dict[str, Any]:
    said = {"verdict": report.verdict.value, "sentence": clean(report.sentence), "form": report.form, "counts": _counts(report)}
    return {"location": {"uri": uri(report.source)}, "roles": ["analysisTarget"], "properties": said}


def _counts(report: ReportResult) -> dict[str, int]:
    return report.counts.by_outcome()


# --- findings ------------------------------------------------------------------------------------------------------------------


def _result(finding: Finding, source: str, indices: Mapping[str, int], artifacts: Mapping[str, int], lang: str) -> dict[str, Any]:
    failed = finding.outcome == "fail"
    locations = list(_locations(finding, source, artifacts, lang))
    return {
        "ruleId": finding.rule,
        "ruleIndex": indices[finding.rule],
        "kind": "fail" if failed else "open",
        "level": finding.severity.value if failed else "none",
        "message": {"text": _message(finding, source, lang)},
        "locations": locations[:1],
        "relatedLocations": [{"id": i, **location} for i, location in enumerate(locations[1:], 1)],
        "partialFingerprints": {FINGERPRINT: finding.fingerprint},
        "suppressions": [_suppression(finding.waived, lang)] if finding.waived else [],
        "properties": _properties(finding),
    }


def _message(finding: Finding, source: str, lang: str) -> str:
    where = next((told(cell.place, lang) for cell in placed(finding, source)), "")
    because = finding.reason if finding.reason != finding.message else None
    more = (say(lang, "labelled", word=say(lang, "because"), text=because) if because else "", f"({where})" if where else "")
    return " ".join(part for part in map(_plain, (finding.message, *more)) if part)


def _position(place: PlaceRecord) -> dict[str, str | int]:
    return {name: value for name in _POSITIONS if (value := getattr(place, name)) is not None}


def _plain(text: str) -> str:
    """Text of a message, in which the standard would take ``[words](target)`` for a link."""
    return clean(text).replace("](", "] (")


def _locations(finding: Finding, source: str, artifacts: Mapping[str, int], lang: str) -> Iterator[dict[str, Any]]:
    """The place to look at first, then the others; the whole file where there is none."""
    cells = placed(finding, source)
    for cell in cells:
        said = ": ".join(part for part in map(_plain, (cell.label, cell.raw or "")) if part)
        named = {"name": clean(cell.spot or cell.label), "fullyQualifiedName": clean(cell.address) or "report", "kind": "value"}
        where = _position(cell.place)
        yield {
            "physicalLocation": _physical(file_of(cell.place, source), cell.place.line, artifacts),
            "logicalLocations": [named, *_logical(where)],
            **({"message": {"text": said}} if said else {}),
            "properties": {key: clean(value) if isinstance(value, str) else value for key, value in where.items()},
        }
    if not cells:
        yield {"physicalLocation": _physical(source, None, artifacts)}


def _physical(source: str, line: int | None, artifacts: Mapping[str, int]) -> dict[str, Any]:
    artifact: dict[str, Any] = {"uri": uri(source)}
    if source in artifacts:
        artifact["index"] = artifacts[source]
    return {"artifactLocation": artifact, **({"region": {"startLine": line}} if line else {})}


def _logical(where: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What a file without lines has instead: its pages, sheets and tables."""
    if "page" in where:
        yield {"name": str(where["page"]), "fullyQualifiedName": f"page={where['page']}", "kind": "page"}
    if "sheet" in where and "cell" in where:
        yield {"name": clean(where["cell"]), "fullyQualifiedName": clean(f"{where['sheet']}!{where['cell']}"), "kind": "cell"}
    if "table" in where:
        numbers = "&".join(f"{key}={where[key]}" for key in ("table", "row", "column") if key in where)
        yield {"name": str(where["table"]), "fullyQualifiedName": numbers, "kind": "table"}


def _suppression(waived: Waived, lang: str) -> dict[str, Any]:
    """Nothing is suppressed in the document itself: waivers and baselines are files of their own."""
    said = {"kind": waived.kind, "by": waived.by, "until": waived.until}
    where = {"location": {"physicalLocation": _physical(waived.file, waived.line, {})}} if waived.file else {}
    text = ", ".join(
        clean(part) for part in (waived.reason, waived.by, waived.until and say(lang, "waiver.until", until=waived.until)) if part
    )
    return {"kind": "external", "status": "accepted", "justification": text, **where, "properties": _given(said)}


def _properties(finding: Finding) -> dict[str, Any]:
    own = finding.model_dump(mode="json", include=set(_TOLD))
    suspects = [{"cells": one.cells, "explains": one.explains, "slip": one.slip} for one in finding.suspects]
    cites = [f"{one.document}, {one.at}" for one in finding.cites]
    return {key: _cleaned(value) for key, value in _given({**own, "suspects": suspects, "cites": cites}).items()}


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in (None, [], {})}


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {key: _cleaned(part) for key, part in value.items()}
    return [_cleaned(part) for part in value] if isinstance(value, list) else value
