"""The command on a report of components: findings about some of them alone, and the flat CSV out and in."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from govreport_check.cli import main


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")
    return


BALANCE = """schema: govreport-rule/1
title: {zh: 平衡, en: Balance}
severity: error
for: {who: requests.rows}
assert: requests[who, start] + requests[who, received] == requests[who, processed] + requests[who, end]
message: {zh: '{who}', en: '{who}'}
why: {zh: w, en: w}
fix: {zh: f, en: f}
examples:
- {expect: pass, given: {tables: {requests: {A: {start: 1, received: 0, processed: 1, end: 0}}}}}
- {expect: fail, given: {tables: {requests: {A: {start: 1, received: 0, processed: 0, end: 0}}}}}
"""
ROWS = {"ICE": (1, 2, 3, 9), "OIG": (1, 2, 3, 0), "CBP": (1, 2, 3, 8), "overall": (3, 6, 9, 17)}


@pytest.fixture
def components(tmp_path: Path) -> list[str]:
    """A report of three components, two of them and the overall row out of balance, and the pack to check it with."""
    shutil.copytree(Path(__file__).parent / "open_pack", tmp_path / "pack")
    (tmp_path / "pack" / "balance.yaml").write_text(BALANCE, encoding="utf-8")
    requests = {row: dict(zip(("start", "received", "processed", "end"), figures, strict=True)) for row, figures in ROWS.items()}
    about = {"agency": "Department of =Examples", "year": 2024}
    report = {"schema": "govreport-report/1", "form": "open/1", "about": about, "tables": {"requests": requests}}
    (tmp_path / "report.json").write_text(json.dumps(report), encoding="utf-8")
    return [str(tmp_path / "report.json"), "--pack", str(tmp_path / "pack"), "--lang", "en"]


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ([], ["ICE", "CBP", "overall"]),
        (["--entity", "ICE"], ["ICE"]),
        (["--entity", "ice,overall"], ["ICE", "overall"]),
        (["--entity", "cbp", "--entity", "ICE"], ["ICE", "CBP"]),
        (["--entity", "OIG"], []),
    ],
)
def test_only_findings_about_the_components_asked_for(
    components: list[str], options: list[str], shown: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", *components, *options, "--format", "json"]) == 1  # the verdict is on the whole report
    (report,) = json.loads(capsys.readouterr().out)["reports"]
    assert [finding["entity"] for finding in report["findings"]] == shown
    assert report["counts"]["fail"] == 3
    assert (f"{len(shown)} of 3" in report["sentence"]) is bool(options)


def test_a_listing_for_one_component_says_that_it_is_not_all(components: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", *components, "--entity", "ICE"]) == 1
    listing = capsys.readouterr().out
    assert "── ICE" in listing and "CBP" not in listing and "1 of 3" in " ".join(listing.split())


def test_a_report_written_as_csv_reads_back(components: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, pack = components[0], components[1:3]
    assert main(["read", source, *pack, "--format", "csv"]) == 0
    written = capsys.readouterr().out
    assert written.splitlines()[0] == "report,agency,year,table,row,column,value"
    assert len(written.splitlines()) == 1 + 4 * len(ROWS)
    (tmp_path / "back.csv").write_text(written, encoding="utf-8")
    told = []
    for path in (source, str(tmp_path / "back.csv")):
        assert main(["check", path, *components[1:], "--format", "json"]) == 1
        (report,) = json.loads(capsys.readouterr().out)["reports"]
        told.append((report["about"], report["counts"], [(one["rule"], one["entity"], one["difference"]) for one in report["findings"]]))
    assert told[0] == told[1]
