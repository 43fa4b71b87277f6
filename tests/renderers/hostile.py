"""A result whose every text tries something: markup, escape codes, commands of CI servers, formulas, direction marks, mentions."""

from __future__ import annotations

from govreport_check.findings import (
    CellRecord,
    Cite,
    Counts,
    Finding,
    PlaceRecord,
    ReportResult,
    Result,
    Severity,
    Suspect,
    Verdict,
    Waived,
)

TRICKS = (
    "<script>alert(1)</script>",
    "]]>",
    "\x1b[2J\x1b]0;title\x07",
    "\x9b31m",
    "=cmd|'/c calc'!A1",
    "\u202egnp.exe\u2066",
    "\n::error::taken over",
    "##[error]taken over",
    "\r\n- @octocat fixes #1",
    "| a | `b` | **c** | ~~d~~ | $e$",
    "[text](https://example.test) ![i](//example.test/x.png) https://example.test www.example.test",
    "\ufffe\uffff\x00\u2028\u0085",
    "&amp; &#60;b&#62; %0A::warning::x",
    "\"quoted\" 'quoted' \\u003c",
)
TEXT = " ".join(TRICKS)
SOURCE = "::error::报告,一:《x》|<b>\n@octocat%0A.txt"


def hostile_finding(number: int, **changes: object) -> Finding:
    name = f"{number:04x}beef"
    cell = CellRecord(
        address="requests[a, b]",
        label=TEXT,
        spot=TEXT,
        raw=TEXT,
        value=TEXT,
        place=PlaceRecord(source=SOURCE, line=3),
    )
    finding = Finding(
        rule="cn-disclosure/requests-balance",
        outcome="fail",
        severity=Severity.ERROR,
        title=TEXT,
        message=TEXT,
        why=TEXT,
        fix=TEXT,
        fingerprint=name,
        cells=[cell],
        suspects=[Suspect(cells=[{"address": TEXT, "table": TEXT, "row": TEXT, "column": TEXT, "from": TEXT, "to": "1"}], explains=[name])],
        cites=[Cite(document=TEXT, at=TEXT)],
    )
    return finding.model_copy(update=changes)


def hostile_result() -> Result:
    excuse = Waived(reason=TEXT, by=TEXT, until="2026-12-31", file=SOURCE, line=2)
    findings = [
        hostile_finding(1),
        hostile_finding(2, severity=Severity.WARNING),
        hostile_finding(3, severity=Severity.NOTE),
        hostile_finding(4, outcome="undecided", reason=TEXT + "!"),
        hostile_finding(5, waived=excuse),
    ]
    report = ReportResult(
        source=SOURCE,
        form="cn-disclosure/2021",
        verdict=Verdict.NOT_VERIFIED,
        sentence=TEXT,
        counts=Counts(passed=1, fail=4, undecided=1),
        findings=findings,
    )
    return Result(engine="0.1.0", reports=[report])
