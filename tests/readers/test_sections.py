"""Which part is which: order as printed, headings of other words, lines that only look like headings."""

from __future__ import annotations

from reader_reports import FORM, YUNLING, rules_of

from govreport_check.model import Report
from govreport_check.readers import load_source, recognise, to_json


def read(text: str) -> Report:
    return recognise(load_source(text, name="r.txt"), FORM)


def parted(text: str) -> tuple[str, str, str, str]:
    five, six = text.index("五、存在的主要问题及改进情况"), text.index("六、其他需要报告的事项")
    end = text.index("云岭县人民政府办公室\n2025")
    return text[:five], text[five:six], text[six:end], text[end:]


def test_parts_stand_in_the_order_in_which_they_are_printed() -> None:
    before, five, six, end = parted(YUNLING)
    report = read(before + six + five + end)
    wanted = [*list(FORM.sections)[:4], "other_matters", "problems", "signature"]
    assert list(report.sections or {})[2:] == wanted
    again = recognise(load_source(to_json(report)), FORM)
    assert list(again.sections or {})[2:] == wanted


def test_a_part_without_a_heading_stands_behind_the_one_before_it() -> None:
    report = read(YUNLING.replace("五、存在的主要问题及改进情况\n", ""))
    assert list(report.sections or {}) == ["title", "preamble", *FORM.sections, "signature"]


def test_a_heading_of_other_words_is_that_of_the_part_whose_number_and_place_it_has() -> None:
    report = read(YUNLING.replace("五、存在的主要问题及改进情况", "五、整改措施"))
    section = (report.sections or {})["problems"]
    assert (section.heading, section.unread, section.copies) == ("五、整改措施", False, 1)
    assert rules_of(report) == []


def test_a_number_too_many_is_still_an_extra_part() -> None:
    report = read(YUNLING.replace("云岭县人民政府办公室\n2025", "七、附件目录\n无。\n\n云岭县人民政府办公室\n2025"))
    assert rules_of(report) == [("extra-section", None)]


def test_a_row_with_a_number_is_no_heading() -> None:
    before, five, six, end = parted(YUNLING)
    heading = "四、政府信息公开行政复议、行政诉讼情况"
    report = read((before + five + six + end).replace(heading, "四、结转下年度继续办理 4 1 0 0 0 1 6"))
    assert all(not str(section.heading or "").startswith("四、结转") for section in (report.sections or {}).values())


def test_a_line_that_takes_up_its_heading_is_the_parts_text() -> None:
    before, five, _, end = parted(YUNLING)
    report = read(f"{before}{five}六、其他需要报告的事项\n\n无其他需要报告的事项\n\n{end}")
    section = (report.sections or {})["other_matters"]
    assert (section.text, section.copies) == ("无其他需要报告的事项", 1)
