"""YAML and JSON with places, repeats and exact figures."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from govreport_check.marked import MAX_DEPTH, MarkedError, find, find_key, parse_json, parse_yaml, plain, repeated


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("true", True),
        ("~", None),
        ("", None),
        ("null", None),
        ("012", 12),
        ("1:30", "1:30"),
        ("1935.87208", Decimal("1935.87208")),
        ("1e400", Decimal("1e400")),
        ("0x10", "0x10"),
        (".5", Decimal("0.5")),
        ("2024-01-01", "2024-01-01"),
        ('"12"', "12"),
        ("'true'", "true"),
        ("9" * 5000, Decimal("9" * 5000)),
        (".nan", ".nan"),
        (".inf", ".inf"),
        ("1_000", "1_000"),
        ("１２", "１２"),
    ],
    ids=lambda value: repr(value)[:16],
)
def test_yaml_words(word: str, value: Any) -> None:
    found = plain(parse_yaml(f"a: {word}\n"))
    assert found == {"a": value}
    assert type(found["a"]) is type(value)  # type: ignore[index]


def test_places_count_characters_from_one() -> None:
    node = parse_yaml("甲: 乙\n二:\n  - 三\n  - {丁: 戊}\n")
    assert [(key.line, key.column) for key, _ in node.items if not isinstance(key, int)] == [(1, 1), (2, 1)]
    value = find(node, ["二", 1, "丁"])
    assert (value.scalar, value.line, value.column) == ("戊", 4, 9)
    key = find_key(node, ["二", 1, "丁"])
    assert (key.scalar, key.line, key.column) == ("丁", 4, 6)
    assert find(node, ["二", "nothing", 1, "丁"]).scalar == "戊"


@pytest.mark.parametrize("parse", [parse_yaml, parse_json])
def test_repeats_are_found_at_any_depth(parse: Any) -> None:
    node = parse('{"a": {"b": 1, "c": [{"b": 1, "b": 2}], "b": 3}, "a": 1}')
    assert [(key.scalar, key.line, key.column) for key in repeated(node)] == [("b", 1, 31), ("b", 1, 41), ("a", 1, 50)]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a: [1, 2\nb: 3\n", 2, 2),
        ("a: b: c\n", 1, 5),
        ("a: *x\n", 1, 4),
        ("a: &x [1]\nb: *x\n", 2, 1),
        ("\ta: 1\n", 1, 1),
        ("a: 1\n---\nb: 2\n", 2, 1),
    ],
)
def test_what_is_no_yaml_is_told_where(text: str, line: int, column: int) -> None:
    with pytest.raises(MarkedError) as raised:
        parse_yaml(text)
    assert raised.value.line == line or "aliases" in raised.value.message
    assert raised.value.column >= 1


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ('{"a": 1,\n "b": }', 2, 7),
        ('{"a": 1', 1, 8),
        ("[1, 2", 1, 6),
        ('{"a" 1}', 1, 6),
        ("{a: 1}", 1, 2),
        ('{"甲": 乙}', 1, 7),
        ("[1] x", 1, 5),
        ('["\n', 1, 2),
        ("", 1, 1),
        ("[01]", 1, 3),
        ("[1,]", 1, 4),
        ("[.5]", 1, 2),
    ],
)
def test_what_is_no_json_is_told_where(text: str, line: int, column: int) -> None:
    with pytest.raises(MarkedError) as raised:
        parse_json(text)
    assert (raised.value.line, raised.value.column) == (line, column)


@pytest.mark.parametrize("parse", [parse_yaml, parse_json])
@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"a":' * 50_000, "[" * (MAX_DEPTH + 5) + "]" * (MAX_DEPTH + 5)], ids=["list", "map", "closed"]
)
def test_depth_is_limited(parse: Any, text: str) -> None:
    with pytest.raises(MarkedError):
        parse(text)


def test_a_billion_laughs_are_not_laughed() -> None:
    text = "a: &a [x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}, *{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    with pytest.raises(MarkedError, match="aliases"):
        parse_yaml(text)


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text()),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=4), inner, max_size=4)),
    max_leaves=12,
)


@given(JSON, st.sampled_from([None, 1, 4]))
def test_json_is_read_as_the_standard_library_reads_it(value: Any, indent: int | None) -> None:
    assert plain(parse_json(json.dumps(value, indent=indent))) == value
    assert plain(parse_json(json.dumps(value, indent=indent, ensure_ascii=False))) == value


@given(JSON)
def test_yaml_is_read_as_it_was_written(value: Any) -> None:
    text = yaml.safe_dump(value, allow_unicode=False, default_flow_style=True, default_style='"')
    quoted = plain(parse_yaml(text))
    assert _worded(quoted) == _worded(value)


def _worded(value: Any) -> Any:
    """With every plain value as its word: quoted scalars are words."""
    if isinstance(value, dict):
        return {key: _worded(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_worded(one) for one in value]
    return json.dumps(value) if value is None or isinstance(value, bool) else str(value)


@given(st.text(max_size=60))
def test_any_text_is_a_tree_or_told(text: str) -> None:
    for parse in (parse_yaml, parse_json):
        try:
            parse(text)
        except MarkedError as error:
            assert error.line >= 1
            assert error.column >= 1
