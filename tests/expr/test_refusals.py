"""What is no expression, or one that means nothing, is refused at load, at the character where the trouble is."""

from __future__ import annotations

import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_form import FORM, refused

from govreport_check.expr.nodes import Variable
from govreport_check.expr.parse import MAX_DEPTH, MAX_LENGTH, ExpressionError
from govreport_check.expr.picks import Scope
from govreport_check.expr.typecheck import check_expression

CELL = "counts[r1, a]"

REFUSED = [
    # names, with the nearest one that there is
    ("coutns[r1, a] == 1", 1, "counts"),
    (f"{CELL} == counts[r1, totl]", len(CELL) + 16, "total"),
    (f"{CELL} == counts[erly, a]", len(CELL) + 12, "early"),
    (f"{CELL} == 1 and nothing == 1", len(CELL) + 11, "nothing"),
    ("about.yeer == 2024", 1, "about.year"),
    ("present(about.nothing)", 9, "about.nothing"),
    (f"summ({CELL}) == 1", 1, "sum"),
    ("all(dates.mentioned.yaer > 1)", 5, "year"),
    ('text(tow) == "x"', 1, "two"),
    ("counts == 1", 1, "[row, column]"),
    ("counts[r1] == 1", 8, "[row, column]"),
    ("counts[r1, a, b] == 1", 8, "[row, column]"),
    ("counts[deep, a] == 1", 8, "sum(…)"),
    # a group where one value is needed
    ("counts[r1, parts] == 1", 12, "parts"),
    (f"{CELL} == 1 and counts[early, a] > 1", len(CELL) + 18, "early"),
    ("counts[rows, a] == 1", 8, "rows"),
    ("dates.mentioned.year == 2024", 1, "dates.mentioned"),
    (f"sum({CELL}) == 1", 1, "this is one"),
    # kinds
    (f'{CELL} == "one"', 1, "text"),
    (f'{CELL} + "one" == 1', len(CELL) + 4, "number"),
    (f"{CELL} and True", 1, "condition"),
    (f"not {CELL}", 5, "condition"),
    (f"1 if {CELL} else 2", 6, "condition"),
    ("length(3) == 1", 8, "text"),
    (f"present({CELL} + 1)", 9, "by its name"),
    ('heading(one) < "x"', 1, "numbers or dates"),
    ("date(2024, 1.0, 5) == date(2024, 1, 5)", 12, "whole"),
    ("date(4048 / 2, 1, 5) == date(2024, 1, 5)", 6, "whole"),
    ('date(2024, "1月5日") == date(2024, 1, 5)', 12, "MM-DD"),
    ("date(2024) == date(2024, 1, 5)", 1, "MM-DD"),
    (f"sum(counts[r1, parts] / {CELL}) == 1", 1, "quotients"),
    (f"{CELL} in counts[r1, parts]", len(CELL) + 5, "brackets"),
    (f"{CELL} == (1, 2)", len(CELL) + 5, "in"),
    (f"round({CELL}, 0) == 1", 1, "half_up"),
    (f'round({CELL}, 400, "half_up") == 1', len(CELL) + 9, "places"),
    (f'round({CELL}, 1.5, "half_up") == 1', len(CELL) + 9, "places"),
    ('matches(text(one), "(") == True', 20, "RE2"),
    ('matches(text(one), "(?=x)")', 20, "RE2"),
    ('matches(text(one), "\\d")', 21, "twice"),
    ("noted(nothing)", 1, "noted(table)"),
    ("available(here)", 1, "available(prior)"),
    ("abs(1, 2) == 1", 1, "abs takes 1"),
    # no part of the grammar
    ("lambda: 1", 1, "lambda"),
    (f"{CELL} == 1 and (lambda: True)", len(CELL) + 12, "lambda"),
    ('__import__("os")', 1, "__import__"),
    ('counts.__class__ == "x"', 1, "counts"),
    ("[c for c in (1, 2)] == 1", 1, "comprehension"),
    ("any(c for c in (1, 2))", 4, "comprehension"),
    ("f'{1}' == '1'", 1, "f-string"),
    ("(x := 1) == 1", 2, ":="),
    ("1 == 2 ** 3", 6, "**"),
    ("1 == 5 % 3", 6, "%"),
    ("1 is 1", 1, "is"),
    ("1 == +1", 6, "plus"),
    ("[1, 2] == 1", 1, "a list"),
    ("{1: 2} == 1", 1, "dictionary"),
    (f"sum(x={CELL}) == 1", 5, "keyword"),
    (f"{CELL} == None", len(CELL) + 5, "None"),
    ("1j == 1", 1, "1j"),
    ("... == 1", 1, "Ellipsis"),
    # numbers
    (f"{CELL} == 1e5", len(CELL) + 5, "1e5"),
    (f"{CELL} == 0x10", len(CELL) + 5, "0x10"),
    (f"{CELL} == 0.{'0' * 400}1", len(CELL) + 5, "decimal places"),
    (f"{CELL} == {'9' * 400}", len(CELL) + 5, "digits"),
    # columns count characters
    ('"二〇二四年" == "二〇二四年" and nothing == 1', len('"二〇二四年" == "二〇二四年" and n'), "nothing"),
    ('"二〇二四年" == "二〇二四年" and == 1', len('"二〇二四年" == "二〇二四年" and ='), "not an expression"),
    ("  about.yeer == 2024", 3, "about.year"),
    ("", 1, "not an expression"),
    ("1 ==", 5, "not an expression"),
    ("counts[r1, a == 1", 7, "not an expression"),
]


@pytest.mark.parametrize(("text", "column", "said"), REFUSED, ids=[f"{i}:{text[:24]}" for i, (text, *_) in enumerate(REFUSED)])
def test_refused_at_the_character(text: str, column: int, said: str) -> None:
    error = refused(text)
    assert said in error.message
    assert error.column == column


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x" * 100_000, str(MAX_LENGTH)),
        ("1 == " + "1 + " * 600 + "1", str(MAX_LENGTH)),
        ("(" * 60 + "1" + ")" * 60, str(MAX_DEPTH)),
        ("not " * 400 + "True", str(MAX_DEPTH)),
        ("-" * 1_900 + "1 == 1", "not an expression|nests"),
        ("1" + " + 1" * 100 + " == 1", str(MAX_DEPTH)),
        ("\x00", "not an expression"),
        ("\ud800 == 1", "not an expression"),
    ],
    ids=["long", "many terms", "brackets", "not", "minus", "left-deep", "nul", "surrogate"],
)
def test_monsters_are_refused(text: str, said: str) -> None:
    assert any(one in refused(text).message for one in said.split("|"))


def test_a_variable_of_other_rows_is_refused() -> None:
    who = Variable("who", "column", ("a", "total"), "counts")
    assert refused("counts[who, a] == 1", variables={"who": who}).column == 8
    assert refused("who == 1", variables={"who": who}).column == 1
    assert refused("counts[r1, same(who, nothing)] == 1", variables={"who": who}).column == 12


def test_the_wanted_kind_is_asked_for() -> None:
    assert "condition" in refused(CELL, wanted="bool").message
    assert "number" in refused(f"{CELL} == 1", wanted="number").message


WORDS = [
    *"()[]{}.,+-*/=<>! \"'\\\\0123",
    *(f" {word} " for word in ["counts", "r1", "parts", "sum", "and", "not", "if", "else", "in", "lambda", "date", "about", "text", "年"]),
]


@settings(deadline=None, max_examples=400)
@given(st.lists(st.sampled_from(WORDS), max_size=40).map("".join))
def test_any_text_is_an_expression_or_refused_inside_it(text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        try:
            check_expression(text, Scope(FORM))
        except ExpressionError as error:
            assert 1 <= error.column <= len(text) + 1
