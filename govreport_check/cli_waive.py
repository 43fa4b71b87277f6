"""``govreport waive``: one finding is excused, with a reason and a last day."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from govreport_check import console
from govreport_check.errors import UsageError

if TYPE_CHECKING:
    from govreport_check.findings import Finding, ReportResult, Result


@click.command()
@click.argument("fingerprint")
@click.argument("report", required=False, metavar="[REPORT|RESULT|-]")
@click.option("--reason", required=True, metavar="TEXT", help="Why the finding is excused.")
@click.option("--until", required=True, metavar="YYYY-MM-DD", help="The last day on which it is.")
@click.option("--by", metavar="NAME", help="Who excuses it.")
@click.option("--rule", metavar="RULE", help="The rule of the finding, where no report is given to look it up in.")
@click.option(
    "--file", "target", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Where to write it; else beside the report."
)
@click.option("--pack", "packs", multiple=True, metavar="NAME|FOLDER", help="Rules to check REPORT with.")
@click.option("--today", type=console.DAY, hidden=True)
def waive(
    fingerprint: str,
    report: str | None,
    reason: str,
    until: str,
    by: str | None,
    rule: str | None,
    target: Path | None,
    packs: tuple[str, ...],
    today: datetime | None,
) -> int:
    """Excuse one finding: append a waiver to govreport.waivers.yaml.

    FINGERPRINT is what `govreport check --show-fingerprints` shows, at least its first eight digits. It is looked up in REPORT, which is
    checked, or in RESULT, what `govreport check --format json` printed; without them it is taken as it is.
    """
    from govreport_check.waivers import add_waiver, waiver_of

    stated: dict[str, object] = {"finding": fingerprint, "rule": rule, "reason": reason, "by": by, "until": until}
    spec = waiver_of(stated)
    if date.fromisoformat(spec.until) < (today.date() if today else date.today()):
        raise UsageError(f"{spec.until} is past: the waiver would do nothing")
    home = Path(console.STDIN_NAME)
    if report is not None:
        owner, finding = _the_finding(_result(report, packs), spec.finding, report)
        home = Path(owner.source) if Path(owner.source).is_file() else home
        spec = waiver_of({**stated, **_looked_up(owner, finding, rule)})
    file = target or _beside(home)
    add_waiver(file, spec)
    console.deliver(f"{file}: {spec.finding}{f' ({spec.rule})' if spec.rule else ''} is waived until {spec.until}\n")
    return 0


def _beside(home: Path) -> Path:
    from govreport_check.beside import WAIVERS, waivers_beside

    return waivers_beside(home) or home.parent / WAIVERS


def _looked_up(owner: ReportResult, finding: Finding, rule: str | None) -> dict[str, object]:
    """What a report tells of its finding. Raises UsageError when that may not be excused, or is of another rule than was said."""
    from govreport_check.verdict import is_excusable

    if not is_excusable(finding):
        raise UsageError(
            f"{finding.fingerprint} ({finding.rule}) cannot be waived: what was not read, or is said of waivers, has to be put right"
        )
    if rule is not None and rule not in (finding.rule, finding.rule.partition("/")[2]):
        raise UsageError(f"{finding.fingerprint} is a finding of {finding.rule}, not of {rule}")
    year = owner.about.get("year")
    known = {"agency": owner.about.get("agency"), "year": int(year) if year and str(year).isdigit() else None}
    return {"finding": finding.fingerprint, "rule": finding.rule, **known}


def _the_finding(result: Result, wanted: str, name: str) -> tuple[ReportResult, Finding]:
    """The one finding that a fingerprint begins. Raises UsageError when there is none, or more than one."""
    pairs = [(report, finding) for report in result.reports for finding in report.findings if finding.fingerprint.startswith(wanted)]
    if not pairs:
        raise UsageError(f"{name} has no finding {wanted}; `{console.COMMAND} check --show-fingerprints` shows those that it has")
    names = list(dict.fromkeys(f"{finding.fingerprint} ({finding.rule})" for _, finding in pairs))
    if len(names) > 1:
        raise UsageError(f"{wanted} may be any of {', '.join(names)}; give more digits")
    return pairs[0]


def _result(report: str, packs: Sequence[str]) -> Result:
    """The result that is named, or that of checking the report that is named. Raises UsageError for a result that cannot be used."""
    from govreport_check.engine import Job, check_jobs
    from govreport_check.selection import Options

    source = sys.stdin.buffer.read() if report == console.STDIN else Path(report)
    if isinstance(source, Path) and not source.is_file():
        raise UsageError(f"there is no file {report}")
    raw = source if isinstance(source, bytes) else source.read_bytes()
    if b'"govreport-result/1"' in raw[:200]:
        return _read_result(raw, report)
    return check_jobs([Job(source, console.STDIN_NAME if report == console.STDIN else report)], packs or None, Options())


def _read_result(raw: bytes, name: str) -> Result:
    from pydantic import ValidationError

    from govreport_check.findings import Result

    try:
        return Result.model_validate_json(raw)
    except ValidationError as error:
        raise UsageError(f"{name} is not a result of this version: {error.errors()[0]['msg']}") from None
