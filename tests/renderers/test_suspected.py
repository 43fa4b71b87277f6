from __future__ import annotations

import pytest

from govreport_check.findings import Finding, Severity, Suspect
from govreport_check.renderers.suspected import MOST_TOLD, implied, together

ZH_NOTE = "此为推算，请以办理台账为准。"


def changed(row: str, column: str, old: str, new: str, table: str = "表三") -> dict[str, str]:
    return {"address": f"requests[{row}, {column}]", "table": table, "row": f"“{row}”行", "column": f"“{column}”列", "from": old, "to": new}


def finding(name: str, *suspects: Suspect) -> Finding:
    return Finding(rule="cn/x", outcome="fail", severity=Severity.ERROR, title="x", message=name, fingerprint=name, suspects=list(suspects))


def headlines(findings: list[Finding], lang: str = "zh") -> list[str]:
    return [group.headline(lang) for group in together(findings) if group.suspects]


def test_findings_of_one_cell_stand_under_one_headline() -> None:
    one = Suspect(cells=[changed("总计", "自然人", "90", "9")], explains=["a", "b", "c"], slip="zeros")
    findings = [finding("a", one), finding("x"), finding("b", one), finding("c", one)]
    assert [[each.message for each in group.findings] for group in together(findings)] == [["a", "b", "c"], ["x"]]
    said = "以下3处不符可能出自同一格：表三“总计”行“自然人”列现填90，若为9则3处全部相符（可能是多写了0）。"
    assert headlines(findings) == [said + ZH_NOTE]


def test_several_explanations_are_all_told() -> None:
    one = Suspect(cells=[changed("部分公开", "自然人", "6", "0"), changed("部分公开", "总计", "6", "0")], explains=["a", "b"])
    two = Suspect(cells=[changed("予以公开", "自然人", "6", "0"), changed("予以公开", "总计", "7", "1")], explains=["a", "b"])
    said = (
        "以下2处不符有两种最简解释：一是表三“部分公开”行“自然人”列、“总计”列均由6改为0；"
        "二是表三“予以公开”行“自然人”列由6改为0、“总计”列由7改为1。"
    )
    assert headlines([finding("a", one, two), finding("b", one, two)]) == [said + ZH_NOTE]


def test_a_finding_that_is_told_elsewhere_is_counted() -> None:
    one = Suspect(cells=[changed("总计", "自然人", "90", "9")], explains=["a", "b"])
    assert headlines([finding("a", one)])[0].startswith("有关的2处不符可能出自同一格")


def test_one_finding_alone() -> None:
    one = Suspect(cells=[changed("总计", "自然人", "", "12")], explains=["a"])
    assert headlines([finding("a", one)]) == ["该处不符可能出自同一格：表三“总计”行“自然人”列现未填写，若为12则相符。" + ZH_NOTE]
    (told,) = headlines([finding("a", one)], "en")
    assert told.startswith("This finding may come from one cell") and "with 12 it holds" in told


@pytest.mark.parametrize(("to", "zh"), [("3…9", "3至9之间的数"), ("≤9", "不大于9的数"), ("≥3", "不小于3的数")])
def test_a_range_is_told_in_words(to: str, zh: str) -> None:
    one, two = (Suspect(cells=[changed("总计", column, "5", to)], explains=["a"]) for column in ("自然人", "总计"))
    assert headlines([finding("a", one, two)])[0].count(f"由5改为{zh}") == 2


def test_of_many_explanations_the_first_are_told_and_the_rest_counted() -> None:
    many = [Suspect(cells=[changed("总计", str(i), "5", "6")], explains=["a"]) for i in range(MOST_TOLD + 3)]
    (told,) = headlines([finding("a", *many)])
    assert told.count("由5改为6") == MOST_TOLD
    assert "其余3种从略" in told


def test_what_a_figure_must_be_is_no_cause() -> None:
    one = Suspect(cells=[changed("予以公开", "自然人", "?", "5")], explains=["a"], slip="implied")
    assert headlines([finding("a", one)]) == []
    assert implied(finding("a", one), "zh") == "按其余数字，表三“予以公开”行“自然人”列应为5。" + ZH_NOTE
    assert implied(finding("a"), "zh") == ""


def test_it_says_when_nothing_was_found_or_not_everything_looked_for() -> None:
    none = Suspect(cells=[], explains=["a", "b"], slip="none")
    assert headlines([finding("a", none), finding("b", none)]) == [
        "以下2处不符未能推算出错格。只改动少数几格不能全部相符，请逐项核对。" + ZH_NOTE
    ]
    one = Suspect(cells=[changed("总计", "自然人", "90", "9")], explains=["a"])
    (told,) = headlines([finding("a", one, Suspect(cells=[], explains=["a"], slip="given-up"))])
    assert "若为9则相符" in told and "可能还有其他解释" in told
