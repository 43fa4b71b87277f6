"""Printed labels: what conversions cut in two, displaced or made up is nobody's misprint."""

from __future__ import annotations

from pathlib import Path

import pytest
from reader_reports import FORM, YUNLING

from govreport_check.model import Report
from govreport_check.readers import load_source, recognise


def labels(report: Report) -> dict[str, str]:
    return {label.at: label.printed for label in report.labels or ()}


def read(text: str) -> dict[str, str]:
    return labels(recognise(load_source(text, name="r.txt"), FORM))


def test_a_label_in_two_cells_is_one_label() -> None:
    text = YUNLING.replace("\t（三）不予公开\t", "\t（三）不\t").replace("\t\t2.其他法律", "\t予公开\t2.其他法律")
    assert text.count("予公开\t2.") == 1
    assert read(text)["requests.parents.denied"] == "（三）不予公开"


def test_a_piece_whose_other_half_stands_elsewhere_is_no_label() -> None:
    text = YUNLING.replace("\t（四）无法提供\t", "\t（四）无\t").replace("\t\t2.没有现成信息", "\t三、本法提供\t2.没有现成信息")
    assert text.count("三、本法提供") == 1
    assert "requests.parents.unable" not in read(text)


def test_a_misprint_is_still_a_label() -> None:
    assert read(YUNLING.replace("（四）无法提供", "（四）无法提共"))["requests.parents.unable"] == "（四）无法提共"
    assert read(YUNLING.replace("社会公益组织", "社会组织"))["requests.columns.public_welfare"] == "社会组织"


def test_heads_that_a_conversion_made_up_are_no_labels() -> None:
    text = YUNLING.replace("商业企业", "数据2").replace("科研机构", "数据3")
    found = read(text)
    assert "requests.columns.commercial" not in found
    assert found["requests.columns.natural_person"] == "自然人"


@pytest.mark.shared
def test_displaced_pieces_of_a_conversion_are_no_labels(shared: Path) -> None:
    report = recognise(load_source(shared / "cn" / "reports" / "shanghai_gao_2025.md"), FORM)
    found = labels(report)
    assert "requests.parents.unable" not in found
    assert "requests.rows.other.fee_unpaid" not in found
    assert found["requests.parents.denied"] == "（三）不予公开"
    assert found["requests.head_note"].endswith("等于第三项加第四项之和）")
