"""The first real report: what the issue says must be read, hold and be found in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from some_reports import CELLS, FORM, equations, load

from govreport_check import check, load_pack, read
from govreport_check.cli import main
from govreport_check.evaluation import evaluate_rules
from govreport_check.figures import read_cell
from govreport_check.findings import Outcome
from govreport_check.frame import build_frame
from govreport_check.listed import listed
from govreport_check.verdict import tally

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def seed(shared: Path) -> Path:
    return shared / "seeds" / "zhongyang-2022.txt"


def test_every_figure_is_read(shared: Path, seed: Path) -> None:
    wanted = load(shared / "cn" / "figures" / "zhongyang_2022.json")["tables"]
    tables = read(seed).tables or {}
    kinds = {table.id: dict(zip(table.columns, table.kinds, strict=True)) for table in FORM.tables.values()}
    found = {
        (table, row, column): read_cell(tables[table][row][column], kinds[table][column], FORM.marks).value for table, row, column in CELLS
    }
    assert len(found) == 200
    assert found == {(table, row, column): wanted[table][row][column] for table, row, column in CELLS}


def test_six_sections_are_read_each_at_its_line(seed: Path) -> None:
    sections = read(seed).sections or {}
    lines = seed.read_text(encoding="utf-8").splitlines()
    for name, section in FORM.sections.items():
        assert section.heading[-4:] in lines[(sections[name].place.line or 0) - 1].replace(" ", "")


def test_all_42_equations_hold(seed: Path) -> None:
    report = read(seed)
    evaluations = evaluate_rules(build_frame(FORM, [report], [listed(report, FORM)]), load_pack("cn-disclosure").rules)
    counted = {outcome: int(number[0]) for outcome, number in tally(evaluations, 1).equations.items()}
    assert (counted[Outcome.PASS], counted[Outcome.FAIL], counted[Outcome.UNDECIDED]) == (42, 0, 0)
    assert len(list(equations())) == 42


def test_two_labels_are_told_at_their_lines(seed: Path) -> None:
    lines = seed.read_text(encoding="utf-8").splitlines()
    found = [
        (cell.raw, cell.value, cell.place.line)
        for finding in check(seed).findings
        if finding.rule.endswith("label-misprinted")
        for cell in finding.cells
    ]
    for raw, prescribed in (("本年度止件数", "本年废止件数"), ("社会组织", "社会公益组织")):
        (line,) = [line for printed, value, line in found if (printed, value) == (raw, prescribed)]
        around = re.sub(r"\s", "", "".join(lines[max(0, (line or 0) - 2) : (line or 0) + 1]))
        assert line is not None
        assert raw in around


def test_exit_codes(seed: Path) -> None:
    assert check(seed).exit_code == 0
    assert check(seed, fail_on="warning").exit_code == 1
    assert main(["check", str(seed)]) == 0
    assert main(["check", str(seed), "--fail-on", "warning"]) == 1


def test_without_table_three_it_is_not_verified(seed: Path) -> None:
    lines = seed.read_text(encoding="utf-8").splitlines(keepends=True)
    start = next(i for i, line in enumerate(lines) if "收到和处理政府信息公开申请情况" in line and i > 40)
    end = next(i for i, line in enumerate(lines) if "行政复议" in line and i > start and re.match(r"\W*四", line))
    (report,) = (result := check("".join(lines[: start + 1] + lines[end:]))).reports
    assert report.verdict == "not_verified"
    assert result.exit_code == 1
    assert report.read.cells[0] == 200 - 25 * 7
    assert any(
        "requests" in (finding.bindings.get("table", ""), *(cell.address for cell in finding.cells)) or "表三" in finding.message
        for finding in report.findings
    )
