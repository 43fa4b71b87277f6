"""What is said of one report, beside what is to excuse it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from govreport_check.findings import Finding
from govreport_check.frozen import dataclass
from govreport_check.model import Report

if TYPE_CHECKING:
    from govreport_check.baseline import Baseline
    from govreport_check.waivers import Waivers


@dataclass(frozen=True, slots=True)
class Subject:
    """The findings of one report, and what is to excuse them. ``gone``: how many entries of the baseline no longer occur in it."""

    report: Report
    lang: str
    findings: tuple[Finding, ...]
    waivers: Waivers | None = None
    baseline: Baseline | None = None
    gone: int = 0
