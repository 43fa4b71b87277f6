"""The words in which places, states and verdicts are told, in zh and en. Sentences of rules stand in the rule files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from govreport_check.form import Form, FormLabel, Table
from govreport_check.labels import trimmed
from govreport_check.model import Place, State

LANGUAGES = ("zh", "en")

FACTS: Mapping[str, tuple[str, str]] = {
    "agency": ("报告单位", "agency"),
    "level": ("层级", "level"),
    "kind": ("单位类型", "kind of agency"),
    "scope": ("报告范围", "scope"),
    "title": ("标题", "title"),
    "signed_by": ("落款单位", "signed by"),
    "year": ("报告年度", "reporting year"),
    "period_start": ("统计期限起始日", "first day of the period"),
    "period_end": ("统计期限截止日", "last day of the period"),
    "signed_on": ("落款日期", "date of signature"),
    "published_on": ("发布日期", "date of publication"),
}

VALUES: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "level": {
        "state": ("国家级", "state"),
        "province": ("省级", "province"),
        "prefecture": ("市级", "prefecture"),
        "county": ("县级", "county"),
        "township": ("乡级", "township"),
    },
    "kind": {
        "government": ("人民政府", "government"),
        "office": ("政府办公厅（室）", "government office"),
        "department": ("部门", "department"),
        "vertical": ("垂直管理单位", "vertical agency"),
    },
    "scope": {"complete": ("已列全", "complete")},
}
"""Facts that are ids in a structured report, as they are told."""

STATES: Mapping[State, tuple[str, str]] = {
    State.NOT_GIVEN: ("未提供", "was not handed in"),
    State.BLANK: ("未填写", "is blank"),
    State.OUT_OF_RANGE: ("超出该栏数字的范围", "is out of the range of such a figure"),
    State.ABSENT: ("未找到", "was not found"),
    State.AMBIGUOUS: ("出现几个不同的数", "has several different figures"),
    State.UNREADABLE: ("未能识别", "could not be read"),
    State.ROUNDED: ("是约数", "is rounded"),
    State.RANGE: ("只说明了范围", "is only a range"),
}

PARTS: Mapping[str, tuple[str, str]] = {
    "title": ("标题", "the title"),
    "preamble": ("前言", "the preamble"),
    "signature": ("落款", "the signature"),
}


def pick(words: tuple[str, str], lang: str) -> str:
    """The word of this language."""
    return words[1] if lang == "en" else words[0]


def label_text(label: FormLabel, lang: str) -> str:
    """A label without its enumerator, in the finding's language."""
    return trimmed(label.in_language(lang))


def cell_label(table: Table, row: int, column: int, lang: str) -> str:
    """本年新收政府信息公开申请数量 · 自然人"""
    name = label_text(table.row_labels[row], lang)
    return name if len(table.columns) == 1 else f"{name} · {label_text(table.column_labels[column], lang)}"


def table_name(table: Table, lang: str) -> str:
    """Section V.B.(1): a table of what a report lists itself by its number, others by their name."""
    if table.row_entity is None or table.caption is None:
        return table.name[lang]
    return f"Section {table.caption}" if lang == "en" else f"第{table.caption}节"


def cell_spot(table: Table, row: int, column: int, place: Place, lang: str) -> str:
    """Where a person finds the cell: 表三第8行“自然人”列; by names where rows are printed side by side."""
    name = table.name[lang]
    row_name, column_name = (label_text(label, lang) for label in (table.row_labels[row], table.column_labels[column]))
    if table.row_entity is not None:
        name = table_name(table, lang)
        return f"{name}, {row_name}, column “{column_name}”" if lang == "en" else f"{name}{row_name}“{column_name}”列"
    if table.layout == "across":
        return f"{name}, “{row_name}”, “{column_name}”" if lang == "en" else f"{name}“{row_name}”“{column_name}”栏"
    if len(table.columns) == 1:
        return f"{name}, row “{row_name}”" if lang == "en" else f"{name}“{row_name}”行"
    number = place.row or row + 1
    return f"{name}, row {number}, column “{column_name}”" if lang == "en" else f"{name}第{number}行“{column_name}”列"


def cell_words(table: Table, row: int, column: int, lang: str) -> tuple[str, str, str]:
    """Table, row and column of a cell, to be told one after the other: 表三, “总计”行, “自然人”列. No column where there is but one."""
    name, column_name = (label_text(label, lang) for label in (table.row_labels[row], table.column_labels[column]))
    across = table.layout == "across"
    if lang == "en":
        words = (f"“{name}”", f"“{column_name}”") if across else (f"row “{name}”", f"column “{column_name}”")
    else:
        words = (f"“{name}”", f"“{column_name}”栏") if across else (f"“{name}”行", f"“{column_name}”列")
    return table.name[lang], words[0], words[1] if len(table.columns) > 1 else ""


def row_spot(table: Table, row: int, lang: str) -> str:
    """表三“予以公开”行"""
    name, table_ = label_text(table.row_labels[row], lang), table_name(table, lang)
    return f"{table_}, row “{name}”" if lang == "en" else f"{table_}“{name}”行"


def rows_spot(table: Table, rows: Sequence[int], lang: str) -> str:
    """表三“予以公开”行, 表三“予以公开”“部分公开”等24行"""
    if len(rows) == 1:
        return row_spot(table, rows[0], lang)
    names = [f"“{label_text(table.row_labels[row], lang)}”" for row in rows]
    if lang == "en":
        return f"{table_name(table, lang)}, {len(rows)} rows ({', '.join(names[:2])}{' …' if len(rows) > 2 else ''})"
    return f"{table_name(table, lang)}{''.join(names[:2])}{'等' if len(rows) > 2 else ''}{len(rows)}行"


def section_name(form: Form, name: str, lang: str) -> str:
    """一、总体情况; 前言, 落款 for the parts that have no heading of the form."""
    section = form.sections.get(name)
    if section is None:
        return pick(PARTS.get(name, (name, name)), lang)
    text = section.en or section.heading if lang == "en" else section.heading
    if not section.number:
        return text
    return f"{section.number} {text}" if lang == "en" else f"{section.number}、{text}"


def section_label(form: Form, name: str, lang: str) -> str:
    """“一、总体情况”, as it is told where it stands by itself."""
    text = section_name(form, name, lang)
    return f"“{text}”" if name in form.sections else text
