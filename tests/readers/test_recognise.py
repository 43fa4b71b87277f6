"""A document and a form into a report: every way of writing the same report gives the same figures; what is not sure is not guessed."""

from __future__ import annotations

import json
import random
import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reader_reports import FORM, YUNLING, differing, row_line, rules_of, runs_of, table_lines

from govreport_check.model import Repeated, Report
from govreport_check.readers import fits, load_source, recognise, title_text


def read(text: str | bytes) -> Report:
    return recognise(load_source(text, name="r.txt"), FORM)


def loosely(line: str) -> str:
    return re.sub(r"\t+", " ", line.strip("\t"))


def wide(text: str) -> str:
    return text.translate({ord(digit): chr(ord(digit) + 0xFEE0) for digit in "0123456789"})


VARIANTS = {
    "as it is": YUNLING,
    "line ends": YUNLING.replace("\n", "\r\n"),
    "spaces for tabs": table_lines(YUNLING, lambda line: re.sub(r"\t+", "    ", line.strip("\t"))),
    "one space": table_lines(YUNLING, loosely),
    "bars": table_lines(YUNLING, lambda line: "| " + " | ".join(line.split("\t")) + " |"),
    "bars and rules": table_lines(YUNLING, lambda line: "| " + " | ".join(line.split("\t")) + " |\n|---|---|"),
    "a line for each cell": table_lines(YUNLING, lambda line: re.sub(r"\t+", "\n", line.strip("\t"))),
    "bold": table_lines(YUNLING, lambda line: "\t".join(f"**{cell}**" if cell else "" for cell in line.split("\t"))),
    "page breaks": table_lines(YUNLING, lambda line: f"{line}\n\n— 3 —\n\f"),
    "empty lines": YUNLING.replace("\n", "\n\n"),
    "cells at the end": table_lines(YUNLING, lambda line: f"{line}\t\t"),
}


@pytest.mark.parametrize("name", VARIANTS)
def test_every_way_of_writing_a_report_gives_its_figures(name: str, figures: dict[str, object]) -> None:
    report = read(VARIANTS[name])
    assert differing(report, figures) == []
    assert rules_of(report) == []
    assert [key for key in FORM.sections if key in (report.sections or {})] == list(FORM.sections)
    assert all(section.copies == 1 and not section.unread for section in (report.sections or {}).values())
    assert report.about["period_end"] == "2024-12-31"
    assert report.about["signed_on"] == "2025-01-22"


def test_gb18030_and_a_byte_order_mark_change_nothing() -> None:
    plain = read(YUNLING)
    assert read(YUNLING.encode("gb18030")) == plain == read(YUNLING.encode("utf-8-sig"))


def test_full_width_digits_are_kept_as_printed() -> None:
    report = read(table_lines(YUNLING, wide))
    assert (report.tables or {})["decisions"]["penalty"]["handled"] == wide(row_line("行政处罚").split("\t")[1])
    assert rules_of(report) == []


@pytest.mark.parametrize(
    ("printed", "raw"),
    [
        ("12a", "12a"),
        ("1,234", "1,234"),
        ("-", "-"),
        ("22（其中修订16件）", "22（其中修订16件）"),
        ("", None),
        ("9" * 40, int("9" * 40)),
        ("0.50", Decimal("0.50")),
        ("012", "012"),
        ("若干", "若干"),
        ("NaN", "NaN"),
        ("1e400", "1e400"),
    ],
)
def test_a_cell_is_what_was_printed(printed: str, raw: object) -> None:
    old = row_line("规章\t")
    new = "\t".join([*old.split("\t")[:2], printed, *old.split("\t")[3:]])
    report = read(YUNLING.replace(old, new))
    assert (report.tables or {})["documents"]["regulations"]["repealed"] == raw
    place = report.place_of("documents[regulations, repealed]")
    assert (place.line, place.row, place.column) == (YUNLING.split("\n").index(old) + 1, 1, 2)
    assert rules_of(report) == []


def test_a_table_that_was_cut_out_is_absent_and_leaves_the_others() -> None:
    lines = YUNLING.split("\n")
    start = next(i for i, line in enumerate(lines) if line.startswith("三、"))
    end = next(i for i, line in enumerate(lines) if line.startswith("四、政府"))
    kept = [line for i, line in enumerate(lines) if not (start < i < end)]
    report = read("\n".join(kept))
    assert set(report.tables or {}) == {"documents", "decisions", "fees", "disputes"}
    assert set(FORM.sections) <= set(report.sections or {})
    headless = read("\n".join(line for i, line in enumerate(lines) if not (start <= i < end)))
    assert "applications" not in (headless.sections or {})
    assert set(headless.tables or {}) == {"documents", "decisions", "fees", "disputes"}


def test_a_row_that_is_missing_is_absent(figures: dict[str, dict[str, object]]) -> None:
    report = read(YUNLING.replace(row_line("2.重复申请") + "\n", ""))
    requests = (report.tables or {})["requests"]
    assert "not_processed.duplicate" not in requests
    assert len(requests) == len(figures["requests"]) - 1
    assert rules_of(report) == []


def test_a_row_that_stands_twice_is_repeated(figures: dict[str, dict[str, dict[str, object]]]) -> None:
    line = row_line("2.重复申请")
    report = read(YUNLING.replace(line, f"{line}\n{line}"))
    value = figures["requests"]["not_processed.duplicate"]["total"]
    cell = (report.tables or {})["requests"]["not_processed.duplicate"]["total"]
    assert isinstance(cell, Repeated)
    assert cell.values == (value, value)
    assert rules_of(report) == [("doubled-row", "requests.not_processed.duplicate")]


def test_a_file_that_ends_in_a_table_has_the_rows_before(figures: dict[str, dict[str, dict[str, object]]]) -> None:
    line = row_line("2.重复申请")
    report = read(YUNLING[: YUNLING.index(line)] + line[: line.index("\t", line.index("重复申请")) + 4])
    requests = (report.tables or {})["requests"]
    assert requests["not_processed.petition"] == figures["requests"]["not_processed.petition"]
    assert set(requests["not_processed.duplicate"].values()) == {"?"}
    assert "result_total" not in requests
    assert ("unread-row", "requests.not_processed.duplicate") in rules_of(report)


def test_figures_run_together_are_left_as_they_are_printed() -> None:
    line = row_line("2.重复申请")
    label = "2.重复申请"
    fused = re.sub(r"\t", "", line[line.index(label) + len(label) :])
    report = read(YUNLING.replace(line, f"{label} {fused}"))
    assert runs_of(report) == {("requests", "not_processed.duplicate"): fused}
    place = report.place_of("requests.not_processed.duplicate")
    assert place.line == YUNLING.split("\n").index(line) + 1
    assert report.place_of("requests[not_processed.duplicate, total]").line == place.line
    assert rules_of(report) == []


def test_columns_in_another_order_are_put_right_or_left_unread(figures: dict[str, dict[str, dict[str, object]]]) -> None:
    swapped = table_lines(
        YUNLING,
        lambda line: "\t".join([*line.split("\t")[:1], *reversed(line.split("\t")[1:])]) if "制发" in line or "规章" in line else line,
    )
    report = read(swapped)
    assert (report.tables or {})["documents"]["regulations"] == figures["documents"]["regulations"]


def test_a_row_of_no_form_is_told() -> None:
    line = row_line("行政强制")
    report = read(YUNLING.replace(line, f"{line}\n行政裁决与调解\t41\t\t"))
    assert rules_of(report) == [("unrecognised-row", None)]
    assert report.remarks[0].said["printed"] == "行政裁决与调解 41"
    assert report.remarks[0].place.line == YUNLING.split("\n").index(line) + 2


def test_a_heading_that_stands_twice_is_counted() -> None:
    report = read(YUNLING.replace("六、其他需要报告的事项", "六、其他需要报告的事项\n无。\n六、其他需要报告的事项"))
    assert (report.sections or {})["other_matters"].copies == 2


@pytest.mark.parametrize(
    "heading",
    [
        "五、存在的主要问题和改进情况",
        "存在的主要问题及改进情况",
        "四、存在的主要问题及改进情况",
        "五、政府信息公开工作存在的主要问题及改进情况",
    ],
)
def test_a_heading_is_known_despite_a_misprint(heading: str) -> None:
    report = read(YUNLING.replace("五、存在的主要问题及改进情况", heading))
    section = (report.sections or {})["problems"]
    assert (section.heading, section.unread) == (heading, False)


def test_prose_behind_a_table_without_its_heading_is_unread() -> None:
    report = read(YUNLING.replace("五、存在的主要问题及改进情况\n", ""))
    section = (report.sections or {})["problems"]
    assert section.unread
    assert section.heading is None
    assert len(section.text) > 40
    assert (report.sections or {})["disputes"].text == ""


def test_a_heading_inside_a_sentence_is_none() -> None:
    text = YUNLING.replace("一、总体情况\n", "一、总体情况\n按照要求\n其他需要报告的事项，另行公布。\n")
    assert (read(text).sections or {})["other_matters"].copies == 1


def test_a_part_that_the_form_does_not_have_is_told() -> None:
    report = read(YUNLING.replace("云岭县人民政府办公室\n", "七、附件情况\n详见网站。\n云岭县人民政府办公室\n"))
    assert rules_of(report) == [("extra-section", None)]
    assert report.remarks[0].said["heading"] == "七、附件情况"


def test_a_table_of_contents_is_no_second_heading() -> None:
    headings = "\n".join(f"{section.number}、{section.heading}" for section in FORM.sections.values())
    first, rest = YUNLING.split("\n", 1)
    assert all(section.copies == 1 for section in (read(f"{first}\n{headings}\n{rest}").sections or {}).values())


def test_notes_under_a_table_belong_to_it() -> None:
    report = read(YUNLING.replace("五、存在的主要问题", "注：含上年度结转案件。\n五、存在的主要问题"))
    assert report.notes == {"disputes": ("注：含上年度结转案件。",)}


def test_labels_carry_what_was_printed_and_where() -> None:
    text = (
        YUNLING.replace("本年废止件数", "本年度止件数")
        .replace("社会公益组织", "社会组织")
        .replace("3.危及“三安全一稳定”", "3.危及三安全一稳定")
    )
    report = read(text)
    labels = {label.at: label for label in report.labels or ()}
    assert labels["documents.columns.repealed"].printed == "本年度止件数"
    assert labels["requests.columns.public_welfare"].printed == "社会组织"
    assert labels["requests.rows.denied.three_securities_one_stability"].printed == "3.危及三安全一稳定"
    assert all(text.split("\n")[(label.place.line or 0) - 1].find(label.printed) >= 0 for label in labels.values())
    assert {f"{name}.rows.{row}" for name, table in FORM.tables.items() for row in table.rows} <= set(labels)
    assert {f"{name}.columns.{column}" for name, table in FORM.tables.items() for column in table.columns} <= set(labels)


def test_an_unknown_misprint_of_a_head_is_found_by_its_neighbours() -> None:
    report = read(YUNLING.replace("科研机构", "科学院所"))
    assert "科学院所" in [label.printed for label in report.labels or () if label.at == "requests.columns.research"]


def test_lines_of_the_prose_are_kept() -> None:
    report = read(
        "县2024年政府信息公开工作年度报告\n\n一、总体情况\n本年度我县在公开平台建设方面加大力度，推进社会公\n\n益事业领域公开。至2024年3月5日\n完成。\n"
    )
    section = (report.sections or {})["overview"]
    assert section.text.startswith("本年度我县在公开平台建设方面加大力度，推进社会公益事业领域公开。至2024年3月5日")
    assert [section.place_at(section.text.index(word)).line for word in ("本年度", "益事业", "3月")] == [4, 6, 6]


def test_fits_and_title() -> None:
    source = load_source(YUNLING)
    assert fits(source, FORM) == 1.0
    assert fits(load_source("今日天气\n晴\n"), FORM) == 0.0
    assert "政府信息公开工作年度报告" in title_text(source)
    assert len(title_text(source)) <= 2000


@settings(max_examples=60, deadline=None)
@given(st.text())
def test_no_text_makes_it_raise(text: str) -> None:
    if text.strip("\ufeff\u200b \t\r\n\f\v\u3000") and not text.lstrip().startswith(("{", "[")):
        read(f"{text}\n一、总体情况\n{text}")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False))
def test_a_damaged_report_never_raises_and_shows_no_figure_that_was_not_printed(rng: random.Random) -> None:
    lines = YUNLING.split("\n")
    for _ in range(rng.randint(1, 12)):
        at = rng.randrange(len(lines))
        action = rng.randrange(5)
        if action == 0:
            del lines[at]
        elif action == 1:
            lines.insert(at, lines[rng.randrange(len(lines))])
        elif action == 2:
            cut = rng.randrange(len(lines[at]) + 1)
            lines[at] = lines[at][:cut]
        elif action == 3:
            lines[at] = lines[at].replace("\t", " ", 1)
        else:
            cut = rng.randrange(len(lines[at]) + 1)
            lines[at : at + 1] = [lines[at][:cut], lines[at][cut:]]
    text = "\n".join(lines)
    report = read(text + "\n")
    for rows in (report.tables or {}).values():
        for cells in rows.values():
            for raw in cells.split() if isinstance(cells, str) else cells.values():
                for value in raw.values if isinstance(raw, Repeated) else (raw,):
                    assert value in (None, "?") or str(value) in text


@pytest.mark.shared
@pytest.mark.parametrize(
    ("report", "figures", "unread"),
    [
        ("seeds/zhongyang-2022.txt", "zhongyang_2022", set()),
        ("cn/reports/suqian_2023.txt", "suqian_2023", set()),
        ("cn/reports/shuyang_2025.md", "shuyang_2025", set()),
        ("cn/reports/shanghai_gao_2025.md", "shanghai_gao_2025", {"documents"}),
    ],
)
def test_published_reports(shared: Path, report: str, figures: str, unread: set[str]) -> None:
    wanted = json.loads((shared / "cn" / "figures" / f"{figures}.json").read_text(encoding="utf-8"), parse_float=Decimal)["tables"]
    found = recognise(load_source(shared / report), FORM)
    wrong = differing(found, wanted)
    assert {address.partition("[")[0] for address in wrong} == unread
    assert all((found.tables or {})[table][row][column] == "?" for table, row, column in (re.split(r"\[|, |\]", a)[:3] for a in wrong))


@pytest.mark.shared
def test_the_seed_is_read_whole(shared: Path) -> None:
    path = shared / "seeds" / "zhongyang-2022.txt"
    report = recognise(load_source(path), FORM)
    sections = report.sections or {}
    assert list(sections) == ["title", "preamble", *FORM.sections, "signature"]
    assert [sections[name].heading for name in FORM.sections] == [
        f"{section.number}、{section.heading}" for section in FORM.sections.values()
    ]
    assert "社会公益事业" in sections["overview"].text
    assert "关于政务新媒体" in sections["overview"].text
    assert (report.about["period_start"], report.about["period_end"]) == ("2022-01-01", "2022-12-31")
    assert (report.about["signed_on"], report.about["signed_by"]) == ("2023-01-13", "中阳县人民政府办公室")
    labels = {label.at: (label.printed, label.place.line) for label in report.labels or ()}
    lines = path.read_text(encoding="utf-8").split("\n")
    for at, printed in (("documents.columns.repealed", "本年度止件数"), ("requests.columns.public_welfare", "社会组织")):
        assert labels[at] == (printed, next(i for i, line in enumerate(lines, 1) if printed in line))


@pytest.mark.shared
def test_a_lost_heading_is_unread(shared: Path) -> None:
    report = recognise(load_source(shared / "cn" / "reports" / "shanghai_gao_2025.md"), FORM)
    assert [name for name, section in (report.sections or {}).items() if section.unread] == ["problems"]
