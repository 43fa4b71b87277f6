"""How a printed label compares with the prescribed one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from some_reports import FORM

from govreport_check.form import FormLabel
from govreport_check.labels import bare, compare_label, distance, trimmed
from govreport_check.listed import prescribed_labels

COMPARED = [
    ("本年废止件数", "本年废止件数", "exact"),
    ("本年 废止\n件数", "本年废止件数", "exact"),
    ("本年度止件数", "本年废止件数", "misprint"),
    ("社会组织", "社会公益组织", "misprint"),
    ("社会公益", "社会公益组织", "shortened"),
    ("（一）予以公开", "（一）予以公开", "exact"),
    ("(1)予以公开", "（一）予以公开", "exact"),
    ("总 计", "总计", "exact"),
    ("5.属于三类内容事务信息", "5.属于三类内部事务信息", "misprint"),
    ("完全不同的文字", "本年废止件数", "other"),
    ("规范性文件", "行政规范性文件", "shortened"),
]


@pytest.mark.parametrize(("printed", "prescribed", "kind"), COMPARED)
def test_compare(printed: str, prescribed: str, kind: str) -> None:
    assert compare_label(printed, FormLabel(prescribed)) == kind


def test_spellings_of_the_form() -> None:
    label = FormLabel("行政规范性文件", None, ("规范文件",), ("规范性文件",))
    assert compare_label("规范文件", label) == "accepted"
    assert compare_label("规范性文件", label) == "misprint"


def test_every_label_of_the_form_is_itself() -> None:
    for _, kind, label in prescribed_labels(FORM):
        assert compare_label(label.text, label) == "exact", kind
        assert all(compare_label(text, label) == "accepted" for text in label.accepts)
        assert all(compare_label(text, label) == "misprint" for text in label.mistaken)


def test_a_label_without_its_enumerator_and_remark() -> None:
    assert trimmed("（二）部分公开（区分处理的，只计这一情形，不计其他情形）") == "部分公开"
    assert trimmed("一、本年新收政府信息公开申请数量") == "本年新收政府信息公开申请数量"
    assert trimmed("（一）") == "（一）"
    assert bare("1. 属于国家秘密") == bare("属于国家秘密")


WORDS = st.text("甲乙丙丁", max_size=6)


@given(WORDS, WORDS, WORDS)
def test_distance_is_a_distance(a: str, b: str, c: str) -> None:
    assert (distance(a, b) == 0) == (a == b)
    assert distance(a, b) == distance(b, a)
    assert distance(a, c) <= distance(a, b) + distance(b, c)
    assert distance(a + c, b + c) <= distance(a, b)
