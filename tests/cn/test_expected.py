"""Every row of ``expected.tsv``: what must be found in a published report, and what must not be said of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from published import DOCUMENTS, Checked

from govreport_check import Result, check, load_pack, read
from govreport_check.findings import Finding
from govreport_check.listed import listed

pytestmark = pytest.mark.shared

UNREAD: dict[str, str] = {}
CUT = {"shuyang_drc_2023": ["sections-not-empty", "sections-not-empty", "sections-present"]}
"""What is missing in a file that holds a report's tables alone."""
FIGURES = {"report29_2023": "cn/figures/report29_2023.json"}
FOLDERS = {rule.name: Path(rule.source).parent.name for rule in load_pack("cn-disclosure").rules}
SUMS = {"requests-row-total", "requests-result-total", "requests-balance", "disputes-total"}


@dataclass(frozen=True)
class Row:
    """A row of the file. ``rules``: one of them finds it, at ``severity`` at most, with ``said`` in its words or its cells; without rules
    it is a row of what must not be said, and ``check`` looks at that besides."""

    document: str
    kind: str
    begins: str
    rules: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    severity: str = "warning"
    prior: str | None = None
    check: Callable[[Result], None] | None = None


def name_of(finding: Finding) -> str:
    return finding.rule.partition("/")[2]


def loud(result: Result, *folders: str) -> list[str]:
    """Failed errors and warnings of the rules in these folders, or of all."""
    failed = [f for f in result.findings if f.outcome == "fail" and f.severity != "note"]
    return [f.message for f in failed if not folders or FOLDERS.get(name_of(f)) in folders]


def equations_hold(result: Result) -> None:
    assert [f.message for f in result.findings if name_of(f) in SUMS] == []  # neither broken nor undecided
    assert loud(result, "requests", "disputes") == []


def narrative_agrees(result: Result) -> None:
    equations_hold(result)
    assert loud(result, "narrative", "fees") == [m for m in loud(result, "fees") if "未报告" in m]


def stock_agrees(result: Result) -> None:
    narrative_agrees(result)
    assert loud(result, "years", "plausibility") == []


DUTIES = ("government-duties",)
ROWS = [
    Row(
        "zhongyang_2022",
        "label",
        "documents: the column head",
        ("label-misprinted",),
        ("labels.documents.columns.repealed", "本年度止件数", "本年废止件数"),
    ),
    Row(
        "zhongyang_2022",
        "label",
        "requests: the column head",
        ("label-misprinted",),
        ("labels.requests.columns.public_welfare", "社会组织", "社会公益组织"),
    ),
    Row("zhongyang_2022", "identity", "一、总体情况: 全市", ("scope-words",), ("全市",)),
    Row("zhongyang_2022", "fee", "六、: 无", ("fees-statement",), ("信息处理费",)),
    Row("zhongyang_2022", "duty", "一、: 社会评议 and", DUTIES, ("社会评议", "责任追究")),
    Row("zhongyang_2022", "none", "all 42 equations hold", check=narrative_agrees),
    Row("pingtan_2019", "narrative", "disclosed 2599", ("itemised-adds-up", "itemised-within-whole"), ("2599", "2533")),
    Row("pingtan_2019", "narrative", "disclosed 2599", ("number-missing",), ("公开核准企业资质条",)),
    Row("pingtan_2020", "sum", "requests, natural_person", ("requests-result-total",), ("26", "20"), "error"),
    Row("pingtan_2020", "sum", "requests, total", ("requests-result-total",), ("27", "21"), "error"),
    Row("pingtan_2020", "years", "documents: 规章", ("disclosed-total-continues",), ("规章", "7", "0"), prior="pingtan_2019"),
    Row("pingtan_2020", "narrative", "disclosed 2602", ("itemised-within-whole", "itemised-adds-up"), ("2602", "2603")),
    Row("pingtan_2021", "none", "all equations hold", check=equations_hold),
    Row("pingtan_2021", "citation", "the preamble does not cite", ("notice-cited",), ("〔2021〕30号",), "note"),
    Row("pingtan_2022", "heading", "四、行政法复议", ("heading-misprinted",), ("行政法复议",)),
    Row("pingtan_2022", "none", "all equations hold", prior="pingtan_2021", check=stock_agrees),
    Row("pingtan_2025", "none", "all equations hold within", check=stock_agrees),
    Row("suqian_2023", "duty", "责任追究 is not", DUTIES, ("责任追究",)),
    Row("suqian_2023", "none", "all equations hold", check=narrative_agrees),
    Row("hongze_2024", "label", "2.其他法律行政止公开", ("label-misprinted",), ("2.其他法律行政止公开", "2.其他法律行政法规禁止公开")),
    Row("hongze_2024", "form", "其他处理 printed as one row", ("merged-row",), ("其他处理",)),
    Row("hongze_2024", "narrative", "17 (the district office", ("received-stated",), ("17", "95"), "note"),
    Row("hongze_2024", "duty", "社会评议 and 责任追究", DUTIES, ("社会评议", "责任追究")),
    Row("hongze_2024", "none", "all equations hold", check=equations_hold),
    Row("shuyang_2025", "duty", "一、: 政府信息管理", ("overview-aspects",), ("政府信息管理",)),
    Row("shuyang_2025", "duty", "社会评议 and 责任追究", DUTIES, ("社会评议", "责任追究")),
    Row("shuyang_2025", "heading", "五、has", ("heading-variant",), ("政府信息公开工作存在的主要问题",), "note"),
    Row("shuyang_2025", "none", "all equations hold", check=narrative_agrees),
    Row("shuyang_drc_2023", "heading", "五、整改措施", ("heading-other",), ("整改措施",), "note"),
    Row("shuyang_drc_2023", "label", "规范性文件 for", ("label-misprinted",), ("规范性文件", "行政规范性文件")),
    Row("shuyang_drc_2023", "blank", "the organisation columns", ("requests-blanks",), ("125",), "note"),
    # the conversion has torn table two apart: what it left of its two rows is told as not read, and nothing else is said of it
    Row("shanghai_gao_2025", "annotated", "22（其中修订16件）", ("unread-row",), ("documents.regulations", "22"), "warning"),
    Row("shanghai_gao_2025", "none", "all equations hold", check=narrative_agrees),
    Row("hangzhou_style_2025", "heading", "五、存在问题及改进情况", ("heading-variant",), ("存在问题及改进情况",), "note"),
    Row("hangzhou_style_2025", "none", "all equations hold", check=equations_hold),
    Row("report29_2023", "none", "all equations hold", check=equations_hold),
]


def marked(row: Row) -> object:
    ending = UNREAD.get(row.document)
    reader = pytest.mark.skipif(ending is not None, reason=f"{ending} reader: issue 6")
    return pytest.param(row, id=f"{row.document}-{row.kind}-{'-'.join(row.rules) or 'nothing else'}", marks=reader)


def test_no_row_is_left_out(shared: Path) -> None:
    lines = (shared / "cn" / "expected.tsv").read_text(encoding="utf-8").splitlines()[1:]
    stated = [tuple(line.split("\t")) for line in lines if line and not line.startswith("#")]
    for document, kind, what in stated:
        assert [row for row in ROWS if (row.document, row.kind) == (document, kind) and what.startswith(row.begins)], what
    for row in ROWS:
        assert any((row.document, row.kind) == line[:2] and line[2].startswith(row.begins) for line in stated), row
    assert {line[0] for line in stated} == {*DOCUMENTS, *UNREAD, *FIGURES}


@pytest.mark.parametrize("row", [marked(row) for row in ROWS])
def test_row(row: Row, checked: Checked, shared: Path) -> None:
    figures = FIGURES.get(row.document)
    result = check(shared / figures) if figures else checked(row.document, prior=row.prior)
    if row.check is not None:
        row.check(result)
        return
    found = [finding for finding in result.findings if name_of(finding) in row.rules]
    told = [(f, f"{f.message} {[(cell.address, cell.raw, cell.value) for cell in f.cells]} {f.left} {f.right}") for f in found]
    (one,) = [finding for finding, words in told if all(piece in words for piece in row.said)]
    assert one.severity == row.severity
    assert any(cell.place.line or cell.place.page for cell in one.cells)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_error_but_those_expected(name: str, checked: Checked) -> None:
    errors = [name_of(finding) for finding in checked(name).findings if finding.outcome == "fail" and finding.severity == "error"]
    expected = ["requests-result-total"] * sum(row.severity == "error" for row in ROWS if row.document == name)
    assert sorted(errors) == expected + CUT.get(name, [])


def test_percentages_of_shanghai_are_read_and_agree(checked: Checked, document: Callable[[str], Path]) -> None:
    report = read(document("shanghai_gao_2025"))
    shares = listed(report, load_pack("cn-disclosure").forms[report.form])["claims.share"]
    assert [str(share.values["percent"].lo) for share in shares] == ["17.46", "1.68", "47.36", "6.72", "26.78"]
    assert not [f for f in checked("shanghai_gao_2025").findings if name_of(f).startswith("outcome-share")]
