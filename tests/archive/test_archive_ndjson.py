"""Lines of JSON get the findings of the same reports as documents, however regular they are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from archived_reports import FORM, alone, documents, files, of_rows

from govreport_check import UsageError, load_pack
from govreport_check.archive.checking import plan_of
from govreport_check.pack import Pack
from govreport_check.selection import Options
from tests.benchmarks.data import BESIDE, WORK, dicts, generate

pytest.importorskip("msgspec")
pytest.importorskip("pyarrow")
ndjson = pytest.importorskip("govreport_check.archive.ndjson")


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack("cn-disclosure")


def test_lines_are_documents(pack: Pack, tmp_path: Path) -> None:
    paths = files(tmp_path, documents(pack.forms[FORM], 8))
    lines = [(str(path), path.read_bytes()) for path in paths]
    rows = ndjson.check_lines(lines, FORM, pack).to_pylist()
    rules = plan_of(FORM, pack, Options()).own.select
    for path in paths:
        assert of_rows(row for row in rows if row["source"] == str(path)) == alone(path, pack, rules), path


def _put(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


def _strange(text: str) -> Iterator[str]:
    """Lines that are nearly regular."""
    yield _put(text, '"other": ', '"other" : 7, "other": ')
    yield _put(text, '"overview": {', '"overview": {"heading": "x", "text": ""}, "overview": {')
    yield _put(text, '"text": "', '"text": "x", "text": "\\u003A')
    yield _put(text, '"text": "', '"text": "\\u003a \\"a": b: ')
    yield _put(text, '"heading": "一、总体情况"', '"heading": ""')
    yield _put(text, '"heading": "一、总体情况"', '"heading": null')
    yield _put(text, '"agency": "云岭县人民政府"', '"agency": ""')
    yield _put(text, '"agency": "云岭县人民政府"', '"agency": null')
    yield _put(text, '"year": ', '"year": 1000000000000000000000')
    yield _put(text, '"amount": ', '"amount": "NaN", "x": ')
    for amount in (
        '"NaN"',
        '"3.50"',
        '"-0"',
        "1e2",
        "-0.0",
        "1.0000000000000000000000000001",
        "0.0000001",
        "-2.25",
        '"a:b"',
        "[1]",
        "true",
    ):
        yield re.sub('"amount": [0-9.]+', f'"amount": {amount}', text)
    for figure in (
        "1.0",
        "-0",
        "007",
        '"12"',
        "1e1",
        "9007199254740992",
        "-9007199254740992",
        "9223372036854775807",
        "9223372036854775808",
        "null",
        "true",
        "-3",
        "2.5",
        '"约20"',
    ):
        yield re.sub('"other": [0-9]+', f'"other": {figure}', text, count=1)
    yield text.replace('":', '" :')
    whole = json.loads(text)
    yield json.dumps(whole)
    yield json.dumps({**whole, "sections": dict(reversed(whole["sections"].items()))}, ensure_ascii=False)
    yield json.dumps({**whole, "sections": {}}, ensure_ascii=False)
    yield json.dumps({**whole, "sections": {"title": {"heading": None, "text": "x"}, **whole["sections"]}}, ensure_ascii=False)


ORDER = Options(select=(*WORK, "sections-in-order", "sections-once", "heading-variant"), ignore=BESIDE)


def test_what_is_nearly_regular_is_not_taken_for_it(pack: Pack, tmp_path: Path) -> None:
    text = json.dumps(dicts(generate(pack.forms[FORM], 1, seed=2))[0], ensure_ascii=False)
    rules = plan_of(FORM, pack, ORDER).own.select
    lines = [(str(tmp_path / f"{i}.json"), line.encode()) for i, line in enumerate(_strange(text))]
    told, expected = {}, {}
    for name, line in lines:
        Path(name).write_bytes(line)
        expected[line] = alone(Path(name), pack, rules)
        try:
            told[line] = of_rows(ndjson.check_lines([(name, line)], FORM, pack, ORDER).to_pylist())
        except UsageError:  # no JSON, or no report: read by itself it is no report either
            told[line] = []
            expected[line] = [] if {found[0].partition("/")[0] for found in expected[line]} <= {"form", "source"} else expected[line]
    assert told == expected


def test_findings_are_in_the_order_of_the_lines(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    text = json.dumps(dicts(generate(pack.forms[FORM], 1, seed=2))[0], ensure_ascii=False)
    kinds = (text, _put(text, '"other": ', '"other" : 7, "other": '), re.sub('"other": [0-9]+', '"other": 2.5', text, count=1))
    lines = [(str(i), kinds[i % 3].encode()) for i in range(20)]
    monkeypatch.setattr(ndjson, "LINES_AT_A_TIME", 8)
    rows = ndjson.check_lines(lines, FORM, pack, Options(select=WORK, ignore=BESIDE)).to_pylist()
    assert list(dict.fromkeys(row["source"] for row in rows)) == [name for name, _ in lines]


def test_a_figure_too_large_for_columns_leaves_the_lines_beside_it_alone(pack: Pack) -> None:
    text = json.dumps(dicts(generate(pack.forms[FORM], 1, seed=2))[0], ensure_ascii=False)
    large = re.sub('"other": [0-9]+', '"other": 9007199254740993', text, count=1)
    options = Options(select=WORK, ignore=BESIDE)
    by_themselves = [
        ndjson.check_lines([(str(i), line.encode())], FORM, pack, options).to_pylist() for i, line in enumerate((text, large, text))
    ]
    together = ndjson.check_lines([(str(i), line.encode()) for i, line in enumerate((text, large, text))], FORM, pack, options).to_pylist()
    assert together == [row for rows in by_themselves for row in rows]
    assert {row["source"] for row in together} >= {"1"}


def test_a_figure_that_stands_twice_is_not_taken_once(pack: Pack) -> None:
    text = json.dumps(dicts(generate(pack.forms[FORM], 1, seed=2))[0], ensure_ascii=False)
    twice = text.replace('"other": ', '"other": 7, "other": ', 1)
    (row,) = ndjson.check_lines([("1", twice.encode())], FORM, pack, Options(select=("form/ambiguous-cell",))).to_pylist()
    assert row["rule"] == "form/ambiguous-cell"


def test_the_work_is_done(pack: Pack) -> None:
    made = generate(pack.forms[FORM], 600, seed=4)
    lines = [(str(i), json.dumps(one, ensure_ascii=False).encode()) for i, one in enumerate(dicts(made))]
    found = ndjson.check_lines(lines, FORM, pack, Options(select=WORK, ignore=BESIDE))
    assert {int(name) for name in found.column("hash").to_pylist()} == set(made.faulty)


def test_columns_of_one_table_with_different_decimals(pack: Pack, tmp_path: Path) -> None:
    form = pack.forms["cn-disclosure/2019"]
    plan = plan_of(form.id, pack, Options())
    options = Options(select=tuple(rule.id for rule in plan.screened))
    assert {kind.places for kind in form.tables["procurement"].kinds} == {0, 2}
    zeros = {name: {row: dict.fromkeys(table.columns, 0) for row in table.rows} for name, table in form.tables.items()}
    base = {"form": form.id, "about": {"agency": "云岭县人民政府", "year": 2019}, "sections": {}, "tables": zeros}
    row, (first, second) = form.tables["procurement"].rows[0], form.tables["procurement"].columns
    lines, expected = [], []
    for i, value in enumerate((0, 2, 2.5, 2.25, 2.125, "2.50", None, 2**53 - 1)):
        for column in (first, second):
            cells = {**zeros["procurement"][row], column: value}
            path = tmp_path / f"{i}-{column}.json"
            path.write_text(
                json.dumps({**base, "tables": {**zeros, "procurement": {**zeros["procurement"], row: cells}}}), encoding="utf-8"
            )
            lines.append((str(path), path.read_bytes()))
            expected.append(alone(path, pack, plan_of(form.id, pack, options).own.select))
    rows = ndjson.check_lines(lines, form.id, pack, options).to_pylist()
    assert [of_rows(one for one in rows if one["source"] == name) for name, _ in lines] == expected
    assert any(expected)
