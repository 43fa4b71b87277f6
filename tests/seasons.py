"""A small season made by hand: every column of the workbook filled, every conclusion and anomaly there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from govreport_check.findings import Cite, Counts, Finding, ReadRecord, ReportResult, Result, Severity, Verdict
from govreport_check.season.model import Anomaly, AnomalyKind, Heading, KeyFigure, Line, Problems, Season, SumLine, SumState

KINDS = (Heading("requests", {"zh": "表三", "en": "Table 3"}), Heading("narrative", {"zh": "文表一致", "en": "Text and tables"}))
FIGURES = (Heading("received", {"zh": "本年新收", "en": "Received"}), Heading("otherwise", {"zh": "其他处理占比", "en": "Otherwise"}))
DAY = date(2025, 1, 31)


def finding(
    number: int, *, rule: str = "cn/requests-balance", severity: Severity = Severity.ERROR, message: str = "", place: str = ""
) -> Finding:
    """A failed sum; ``number`` makes its fingerprint and its figures, ``place`` (else the number) its place."""
    return Finding(
        rule=rule,
        outcome="fail",
        severity=severity,
        title="勾稽关系平衡",
        message=message or f"表三第{number}行合计{number}件，总计填{number + 1}件，多1件。请核对。",
        fix="请对照台账核对。",
        fingerprint=f"{number:016x}",
        bindings={"r": place or str(number)},
        left=str(number),
        operator="==",
        right=str(number + 1),
        difference="-1",
        cites=[Cite(document="国办公开办函〔2021〕30号", at="附件 表三")],
    )


def report(unit: str, findings: list[Finding], *, verdict: Verdict | None = None) -> ReportResult:
    loud = any(one.severity is Severity.ERROR for one in findings)
    return ReportResult(
        source=f"{unit}.docx",
        form="cn-disclosure/2021",
        about={"agency": unit, "year": "2024", "title": f"{unit}2024年政府信息公开工作年度报告"},
        verdict=verdict or (Verdict.FINDINGS if loud else Verdict.CLEAN),
        sentence="",
        read=ReadRecord(cells=(200, 200), sections=(6, 6)),
        counts=Counts(),
        findings=findings,
    )


def line(number: int, unit: str, county: str, findings: list[Finding] | None) -> Line:
    """A unit that reported, or (None) did not."""
    made = Line(number, unit, (county,), county, "county", "department", county, due=DAY)
    if findings is None:
        return made
    errors = sum(one.severity is Severity.ERROR for one in findings)
    return replace(
        made,
        year=2024,
        form="cn-disclosure/2021",
        published_on=date(2025, 1, 20),
        days_late=0,
        file=f"{unit}.docx",
        report=report(unit, findings),
        problems={"requests": Problems(errors=errors), "narrative": Problems(warnings=len(findings) - errors)},
        figures=(KeyFigure("received", "75", "value"), KeyFigure("otherwise", "12.5%", "value")),
    )


def season(lines: list[Line] | None = None) -> Season:
    """Two counties, four units: one to correct, one to verify, one that did not report, one that passed."""
    lines = lines or [
        line(1, "甲县教育局", "甲县", []),
        line(2, "甲县民政局", "甲县", [finding(1), finding(2)]),
        line(
            3, "乙县教育局", "乙县", [finding(3, severity=Severity.WARNING, message="“一、总体情况”称75件，表三为70件，不一致。请核实。")]
        ),
        line(4, "甲县水利局", "甲县", None),
    ]
    anomalies = (
        Anomaly(AnomalyKind.SIMILAR_TEXT, ("甲县教育局", "乙县教育局"), ("a.docx", "b.docx"), similarity=92),
        Anomaly(AnomalyKind.ABSENT, ("甲县水利局",)),
        Anomaly(AnomalyKind.LATE, ("甲县民政局",), ("甲县民政局.docx",), days=3),
        Anomaly(AnomalyKind.NAME_NEAR, ("甲县民政局",), ("c.docx",), said="甲县民政局机关"),
    )
    label = {"zh": "表三“本年新收”行“总计”列", "en": "Table 3, New, Total"}
    sums = (
        SumLine("甲县", "requests[new_received, total]", label, "70", "73", "3", SumState.MORE, parts=3),
        SumLine("甲县", "requests[carried_over, total]", label, None, "4", None, SumState.OPEN, missing=("甲县水利局",), parts=3),
    )
    result = Result(engine="0.1.0", reports=[one.report for one in lines if one.report])
    return Season(2024, tuple(lines), anomalies, sums, result, KINDS, FIGURES)
