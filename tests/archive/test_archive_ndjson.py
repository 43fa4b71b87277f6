"""Lines of JSON get the findings of the same reports as documents, however regular they are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from archived_reports import FORM, alone, documents, files, of_rows

from govreport_check import load_pack
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
