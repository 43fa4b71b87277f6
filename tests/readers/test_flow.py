"""A report in one line: headings inside the text, labels and figures without anything between."""

from __future__ import annotations

import json
import random
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reader_reports import FORM, FORM_2019, YUNLING, differing, digits_of, rules_of, runs_of, table_lines

from govreport_check.model import Repeated, Report
from govreport_check.readers import fits, load_source, recognise

CHROME = "标题: 云岭县人民政府2024年政府信息公开工作年度报告\n发布时间: 2025-02-01\n==== 正文 ====\n当前位置： 首页 政府信息公开年报 "


def read(text: str) -> Report:
    return recognise(load_source(f"{text}\n", name="r.txt"), FORM)


def without_tabs(text: str, between: str) -> str:
    return table_lines(text, lambda line: re.sub(r"\t+", between, line.strip("\t")))


FUSED = {
    "no space anywhere": without_tabs(YUNLING, "").replace("\n", ""),
    "spaces for lines": re.sub(r"\n+", " ", without_tabs(YUNLING, "")),
    "a line for each row": without_tabs(YUNLING, ""),
    "the tables in one line each": re.sub(r"(?<=\S)\n(?=[^\n]*\t)|(?<=\t)\n", "", YUNLING).replace("\t", ""),
    "the site around it": CHROME + re.sub(r"\n+", " ", without_tabs(YUNLING, "")) + " 附件下载",
}


@pytest.mark.parametrize("name", FUSED)
def test_a_fused_report_is_read_whole_and_nothing_is_split(name: str, figures: dict[str, Any]) -> None:
    report = read(FUSED[name])
    runs = runs_of(report)
    assert {at: "".join(run.split()) for at, run in runs.items()} == {at: digits_of(figures, *at) for at in runs}
    certain = {"decisions[licensing, handled]", "decisions[penalty, handled]", "decisions[coercion, handled]"}
    assert not certain & set(differing(report, figures))
    assert len(runs) == 2 + 25 + 1
    assert rules_of(report) == []
    assert [key for key in report.sections or {} if key in FORM.sections] == list(FORM.sections)
    assert all(section.copies == 1 and not section.unread for section in (report.sections or {}).values())
    about = report.about
    assert (about["year"], about["period_start"], about["period_end"]) == (2024, "2024-01-01", "2024-12-31")
    assert about["signed_on"] == "2025-01-22"
    assert str((report.sections or {})["preamble"].text).startswith("根据")


def test_figures_with_spaces_between_all_of_them_are_certain(figures: dict[str, Any]) -> None:
    report = read(re.sub(r"\n+", " ", without_tabs(YUNLING, " ")))
    assert differing(report, figures) == []
    assert rules_of(report) == []


def test_labels_of_a_fused_report_are_those_of_the_form() -> None:
    whole, fused = read(YUNLING), read(FUSED["no space anywhere"])
    assert {label.at: label.printed for label in fused.labels or ()} == {label.at: label.printed for label in whole.labels or ()}


def test_the_words_of_the_site_are_no_part_of_the_report() -> None:
    sections = read(FUSED["the site around it"]).sections or {}
    assert sections["title"].text == "云岭县人民政府2024年政府信息公开工作年度报告"
    assert not any(word in sections["preamble"].text for word in ("当前位置", "发布时间", "正文"))


def test_a_misprinted_heading_inside_a_line_is_found_by_its_number() -> None:
    text = FUSED["no space anywhere"].replace("五、存在的主要问题及改进情况", "五、存在的主要问题及改近情况")
    assert (read(text).sections or {})["problems"].heading == "五、存在的主要问题及改近情况"


def test_a_heading_that_is_listed_or_quoted_in_a_line_is_none() -> None:
    listed = "本报告由一、总体情况，二、主动公开政府信息情况等六个部分组成，见“六、其他需要报告的事项”。"
    report = read(FUSED["no space anywhere"].replace("根据《", listed + "根据《", 1))
    sections = report.sections or {}
    assert listed in sections["preamble"].text
    assert all(section.copies == 1 for section in sections.values())


@pytest.mark.parametrize(
    ("printed", "label", "run"),
    [
        ("2.重复申请1000001", "2.重复申请", "1000001"),
        ("2.重复申请 1 00000 1", "2.重复申请", "1 00000 1"),
        ("2．重复 申请1000001", "2．重复 申请", "1000001"),
        ("重复申请1000001", "重复申请", "1000001"),
    ],
)
def test_where_a_run_begins_and_ends(printed: str, label: str, run: str) -> None:
    text, count = re.subn(r"2\.重复申请\d+(?=3\.要求)", printed, FUSED["no space anywhere"])
    report = read(text)
    assert count == 1
    assert runs_of(report)["requests", "not_processed.duplicate"] == run
    assert (label, 1) in [(one.printed, one.place.line) for one in report.labels or ()]
    assert runs_of(report)["requests", "not_processed.petition"].isdigit()


def test_an_unknown_row_between_fused_rows_is_told_and_keeps_to_itself() -> None:
    whole = runs_of(read(FUSED["no space anywhere"]))
    report = read(FUSED["no space anywhere"].replace("3.要求提供公开出版物", "小计2000002" + "3.要求提供公开出版物"))
    assert rules_of(report) == [("unrecognised-row", None)]
    assert runs_of(report) == whole


def test_too_few_digits_are_no_run() -> None:
    text = re.sub(r"2\.重复申请\d+(?=3\.要求)", "2.重复申请100", FUSED["no space anywhere"])
    report = read(text)
    assert ("requests", "not_processed.duplicate") not in runs_of(report)
    assert rules_of(report) == [("unread-row", "requests.not_processed.duplicate")]


def test_zeros_together_are_several_figures() -> None:
    text = re.sub(r"2\.重复申请\d+(?=3\.要求)", "2.重复申请1 0 00 0 0 1 1", FUSED["no space anywhere"])
    assert runs_of(read(text))["requests", "not_processed.duplicate"] == "1 0 00 0 0 1 1"


def damaged(text: str, rng: random.Random) -> str:
    for _ in range(rng.randint(1, 12)):
        at = rng.randrange(len(text))
        text = text[:at] + rng.choice(["", " ", "、", "2.", "9", "。", "三、", "\t", "|"]) + text[at + rng.randint(0, 6) :]
    return text


def check_that_all_is_printed(report: Report, text: str) -> None:
    """Every certain figure and every piece of a run stands in the text as it is told."""
    for rows in (report.tables or {}).values():
        for cells in rows.values():
            for raw in cells.split() if isinstance(cells, str) else cells.values():
                values = raw.values if isinstance(raw, Repeated) else (raw,)
                assert all(value in (None, "?") or str(value) in text for value in values)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False), st.sampled_from(list(FUSED.values())))
def test_a_damaged_line_never_raises_and_shows_nothing_that_was_not_printed(rng: random.Random, text: str) -> None:
    text = damaged(text, rng)
    check_that_all_is_printed(read(text), text)


# --- published pages ------------------------------------------------------------------------------------------------------------


@pytest.mark.shared
@pytest.mark.parametrize("year", [2019, 2020, 2021, 2022, 2025])
def test_published_pages_in_one_line(shared: Path, year: int) -> None:
    form, other = (FORM_2019, FORM) if year < 2021 else (FORM, FORM_2019)
    wanted = json.loads((shared / "cn" / "figures" / f"pingtan_{year}.json").read_text(encoding="utf-8"), parse_float=Decimal)
    source = load_source(shared / "cn" / "reports" / f"pingtan_{year}.txt")
    report = recognise(source, form)
    assert fits(source, form) == 1.0 > fits(source, other)
    runs = runs_of(report)
    for (table, row), run in runs.items():
        printed = re.sub(r"\s|元$", "", run)
        assert printed.rstrip("0") == digits_of(wanted["tables"], table, row).rstrip("0")
    in_runs = sum(len(form.tables[t].columns) * (len(form.tables[t].rows) if row == "*" else 1) for t, row in runs)
    assert len(differing(report, wanted["tables"])) == in_runs
    assert rules_of(report) == []
    sections = report.sections or {}
    assert [name for name in sections if name in form.sections] == list(form.sections)
    about = report.about
    assert (about["agency"], about["year"]) == ("平潭综合实验区", year)
    assert (about["period_start"], about["period_end"]) == (f"{year}-01-01", f"{year}-12-31")
    assert "signature" not in sections
    assert sections["preamble"].text.startswith(("根据《", "本报告根据《"))


@pytest.mark.shared
def test_what_stands_apart_in_a_fused_page_is_certain(shared: Path) -> None:
    report = recognise(load_source(shared / "cn" / "reports" / "pingtan_2022.txt"), FORM)
    tables = report.tables or {}
    assert tables["decisions"]["licensing"] == {"handled": 10690}
    assert tables["disputes"]["review"] == {"upheld": 0, "corrected": 1, "other": 1, "pending": 0, "total": 2}
    assert tables["documents"]["normative_documents"] == "8855698"
    earlier = recognise(load_source(shared / "cn" / "reports" / "pingtan_2021.txt"), FORM).tables or {}
    assert earlier["fees"]["administrative"] == {"amount": Decimal("24252.311082")}
    assert earlier["requests"]["partially_granted"] == "500000 5"
    assert earlier["disputes"] == {"*": "10203120001200000"}


@pytest.mark.shared
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=False), st.sampled_from([2019, 2021, 2022, 2025]))
def test_a_damaged_published_page_never_raises(shared: Path, rng: random.Random, year: int) -> None:
    text = damaged((shared / "cn" / "reports" / f"pingtan_{year}.txt").read_text(encoding="utf-8"), rng)
    check_that_all_is_printed(read(text), text)
