"""Prose against tables in real documents: what is read, what is told, and what must not be."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from govreport_check import check, load_pack, read
from govreport_check.findings import Finding
from govreport_check.readers.claims import claims_of

FOLDERS = ("narrative", "fees", "plausibility", "years", "parts")
OFF_TABLE = {
    "applicants-partition",
    "received-by-unit",
    "received-growth",
    "received-decline",
    "itemised-within-whole",
    "itemised-adds-up",
    "itemised-short",
    "share-in-words",
    "number-missing",
}
"""Rules on what the prose says of itself."""

DOCUMENTS = [
    "suqian_2023.txt",
    "shuyang_2025.md",
    "shanghai_gao_2025.md",
    *(f"pingtan_{year}.txt" for year in (2019, 2020, 2021, 2022, 2025)),
]


def own_rules(root: Path) -> set[str]:
    return {f"cn-disclosure/{path.stem}" for name in FOLDERS for path in (root / "rules" / "cn-disclosure" / name).glob("*.yaml")}


def told(root: Path, path: Path, prior: Path | None = None) -> list[Finding]:
    """Failed errors and warnings of the rules on prose, fees, plausibility and years."""
    (report,) = check(path, prior=prior).reports
    mine = own_rules(root)
    loud = [f for f in report.findings if f.outcome == "fail" and str(f.severity) in ("warning", "error")]
    return [finding for finding in loud if finding.rule in mine]


def names(findings: list[Finding]) -> Counter[str]:
    return Counter(finding.rule.partition("/")[2] for finding in findings)


EXPECTED = {
    "suqian_2023.txt": {},
    "shuyang_2025.md": {},
    "shanghai_gao_2025.md": {},
    "pingtan_2019.txt": {"itemised-adds-up": 1, "number-missing": 1},
    "pingtan_2020.txt": {"itemised-within-whole": 1},
    "pingtan_2021.txt": {},
    "pingtan_2022.txt": {},
    "pingtan_2025.txt": {},
}


@pytest.mark.shared
@pytest.mark.parametrize("name", DOCUMENTS)
def test_real_documents_are_told_what_is_wrong_and_nothing_else(name: str, shared: Path, root: Path) -> None:
    assert names(told(root, shared / "cn" / "reports" / name)) == EXPECTED[name]


@pytest.mark.shared
def test_the_seed_lacks_its_statement_on_fees(shared: Path, root: Path) -> None:
    assert names(told(root, shared / "seeds" / "zhongyang-2022.txt")) == {"fees-statement": 1}


@pytest.mark.shared
def test_a_total_that_grew_by_nothing_is_told_with_last_years_report(shared: Path, root: Path) -> None:
    reports = shared / "cn" / "reports"
    found = told(root, reports / "pingtan_2020.txt", reports / "pingtan_2019.txt")
    (finding,) = [one for one in found if one.rule == "cn-disclosure/disclosed-total-continues"]
    assert finding.bindings == {"r": "regulations"}
    assert (finding.left, finding.right) == ("7", "0")


@pytest.mark.shared
def test_at_least_45_claims_on_cells_are_read(shared: Path, root: Path) -> None:
    pack = load_pack("cn-disclosure")
    folder = root / "rules" / "cn-disclosure" / "narrative"
    rules = [rule for rule in pack.rules if (folder / f"{rule.name}.yaml").exists() and rule.name not in OFF_TABLE]
    on_cells = {domain.partition(".")[2] for rule in rules for domain in rule.file.for_.values() if domain.startswith("claims.")}
    number = 0
    for name in DOCUMENTS:
        report = read(shared / "cn" / "reports" / name)
        number += sum(claim.name in on_cells for claim in claims_of(report, pack.forms[report.form]))
    assert number >= 45


def test_the_clean_example_stays_clean_and_a_changed_figure_does_not(root: Path) -> None:
    path = root / "docs" / "examples" / "yunling-2024.txt"
    assert told(root, path) == []
    text = path.read_text(encoding="utf-8")
    for printed, changed, rule in CHANGED:
        assert printed in text
        (report,) = check(text.replace(printed, changed, 1).encode(), name="changed.txt").reports
        assert f"cn-disclosure/{rule}" in {finding.rule for finding in report.findings if finding.outcome == "fail"}, changed


CHANGED = [
    ("收到政府信息公开申请108件", "收到政府信息公开申请180件", "received-stated"),
    ("自然人86件", "自然人68件", "natural-persons-stated"),
    ("法人或其他组织22件", "法人或其他组织12件", "organisations-stated"),
    ("上年结转7件", "上年结转6件", "carried-over-stated"),
    ("办结109件", "办结108件", "completed-stated"),
    ("结转下年度办理6件", "结转下年度办理9件", "carried-forward-stated"),
    ("予以公开40件", "予以公开41件", "granted-stated"),
    ("部分公开15件", "部分公开51件", "partially-granted-stated"),
    ("不予公开23件", "不予公开33件", "denied-stated"),
    ("无法提供23件", "无法提供13件", "unable-stated"),
    ("不予处理6件", "不予处理5件", "not-processed-stated"),
    ("其他处理2件", "其他处理3件", "otherwise-stated"),
    ("新制发行政规范性文件6件", "新制发行政规范性文件7件", "documents-issued-stated"),
    ("废止9件", "废止8件", "documents-repealed-stated"),
    ("现行有效83件", "现行有效38件", "documents-in-force-stated"),
    ("县政府门户网站4215条", "县政府门户网站4512条", "itemised-within-whole"),
    ("县自然资源局1件420元", "县自然资源局1件240元", "fees-add-up"),
    ("共620元", "共625元", "fees-in-steps-of-ten"),
]
