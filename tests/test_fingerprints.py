"""Fingerprints are a contract that waivers and baselines hold on to. The algorithm of ``docs/contracts.md``, written once more."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from govreport_check import check
from govreport_check.renderers import render

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "tests" / "golden" / "fingerprints.json"


def documented(report: dict[str, Any], finding: dict[str, Any]) -> str:
    """A fingerprint from a result in JSON, as the page on contracts states it."""
    about = report["about"]
    lines = [report["form"], about.get("agency") or "", about.get("year") or "", finding["rule"]]
    lines += [f"{name}={value}" for name, value in sorted(finding["bindings"].items())]
    for cell in sorted(finding["cells"], key=lambda cell: cell["address"]):
        stated = cell["raw"] or (cell["value"] if cell["address"].startswith(("prior.", "about.")) else None)
        lines.append(f"{cell['address']}={stated or ''}")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def records(name: str, prior: Path | None = None) -> list[dict[str, Any]]:
    result = json.loads(render(check(ROOT / "docs" / "examples" / name, name=name, prior=prior), "json"))
    return result["reports"]  # type: ignore[no-any-return]


@pytest.mark.parametrize("name", sorted(path.name for path in (ROOT / "docs" / "examples").glob("yunling-*.txt")))
def test_fingerprints_are_made_as_documented(name: str) -> None:
    (report,) = records(name)
    told = [finding for finding in report["findings"] if not finding["rule"].startswith("form/")]
    assert [finding["fingerprint"] for finding in told] == [documented(report, finding) for finding in told]


def test_fingerprints_are_those_of_the_last_version() -> None:
    """To accept new ones is to break every waiver of these findings: only with a former name (``was``) or a new contract."""
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    (report,) = records("yunling-2024-mistakes.txt")
    assert len(golden) >= 10
    assert {finding["fingerprint"]: finding["rule"] for finding in report["findings"]} == golden
