"""Any CSV as reports: what is read, what is unknown, which records belong together, and what rules say of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from govreport_check import Pack, SourceError, Verdict, load_pack, test_pack
from govreport_check.flat import (
    FlatFile,
    by,
    check_flat,
    column_id,
    flat_form,
    flat_reports,
    form_text,
    read_flat,
    related,
    types_of,
    whole,
)
from govreport_check.form import Form
from govreport_check.form_building import build_form
from govreport_check.model import Report
from govreport_check.selection import Options


def form_of(file: FlatFile, **stated: str) -> Form:
    return build_form(flat_form("flat/one", {"record": types_of(file, **stated)}))


def records(text: str, **stated: str) -> list[Report]:
    file = read_flat(text.encode(), name="x.csv")
    return flat_reports(file, form_of(file, **stated), "record")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_chinese_headers_in_every_usual_encoding(encoding: str) -> None:
    file = read_flat("单位,新收\n县财政局,6\n".encode(encoding))
    assert (file.columns, file.records) == (("单位", "新收"), (("县财政局", "6"),))


def test_lines_are_those_of_the_file() -> None:
    file = read_flat(b'a,b\n\n1,"two\nlines"\n\n2,x\n')
    assert file.records == (("1", "two\nlines"), ("2", "x"))
    assert file.lines == (3, 6)


@pytest.mark.parametrize("raw", [b"", b"\n , \n", b"a,b,a\n1,2,3\n", b"a-b,a b\n1,2\n", b"a\n\xff\xfe\xfd\n"])
def test_what_is_no_table_is_refused(raw: bytes) -> None:
    with pytest.raises(SourceError):
        read_flat(raw, name="x.csv")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError):
        read_flat(tmp_path / "none.csv")


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("person-id", "person_id"),
        ("1st", "c_1st"),
        ("in", "in_"),
        (" 新收（件） ", "新收_件"),
        ("unit price", "unit_price"),
        ("", "column_4"),
        ("—", "column_4"),
    ],
)
def test_ids_of_columns(header: str, name: str) -> None:
    assert column_id(header, 4) == name


def test_types_follow_from_the_fields() -> None:
    file = read_flat(b"whole,decimal,word,nothing,dated\n1,0.25,x,,2024-01-01\n-2,3,1,NA,2024-01-02\n")
    assert types_of(file, dated="date") == {
        "whole": {"number": "", "places": 0},
        "decimal": {"number": "", "places": 2},
        "word": "text",
        "nothing": "text",
        "dated": "date",
    }


def test_the_form_file_reads_back_as_the_form(tmp_path: Path) -> None:
    file = read_flat("单位,新收,no\n县财政局,6,x\n".encode())
    form = flat_form("flat/one", {"record": types_of(file)}, labels=file.labels)
    (tmp_path / "forms").mkdir()
    (tmp_path / "forms" / "one.yaml").write_text(form_text(form), encoding="utf-8")
    (tmp_path / "pack.yaml").write_text(
        'schema: govreport-pack/1\nid: flat\nversion: "1"\ntitle: {zh: 表, en: a}\nlanguages: [zh]\n', encoding="utf-8"
    )
    assert load_pack(tmp_path).forms["flat/one"] == build_form(form)


def test_unknown_fields_are_not_zero() -> None:
    one = records("a,b,c\n1,,NA\n2,3,x\n")[0]
    assert one.tables == {"record": {"this": {"a": "1", "b": ""}}}
    assert "c" not in one.about


@pytest.mark.parametrize(("line", "cells"), [("7", {"a": "7", "b": "?"}), ("7,8,9", {"a": "?", "b": "?"}), ("7,8,,", {"a": "7", "b": "8"})])
def test_fields_that_do_not_number_as_the_columns(line: str, cells: dict[str, str]) -> None:
    one = records(f"a,b\n1,2\n{line}\n")[1]
    assert one.tables == {"record": {"this": cells}}
    assert [remark.place.line for remark in one.remarks] == ([] if line == "7,8,," else [3])


# --- which belong together -----------------------------------------------------------------------------------------------------

OWNERS, OTHERS = records("k,n\nx,1\ny,1\n,1\n"), records("k,n\nx,1\nx,2\n,3\nz,4\n")


def known(parts: list[Report]) -> list[str]:
    return [str(part.tables["record"]["this"]["n"]) for part in parts if part.tables]  # type: ignore[index]


def test_an_owner_has_those_of_its_key() -> None:
    assert [known(parts) for parts in related(OWNERS, by("k"), OTHERS, by("k"))] == [["1", "2"], [], []]


def test_who_is_of_unknown_key_may_belong_to_anything() -> None:
    assert [len(parts) for parts in related(OWNERS, by("k"), OTHERS, by("k"))] == [3, 1, 4]
    assert [len(parts) for parts in related(OWNERS, by("k"), OTHERS, by("k"), strays=False)] == [2, 0, 4]


def test_several_columns_are_one_key() -> None:
    one, other = records("a,b\nx,1\nx,NA\n")
    assert (by("a", "b")(one), by("a", "b")(other), by("a")(other)) == (("x", "1"), None, ("x",))


# --- the check, on the files of the documentation ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def register(root: Path) -> Path:
    return root / "docs" / "examples" / "register"


@pytest.fixture(scope="module")
def pack(register: Path) -> Pack:
    return load_pack(register / "pack")


@pytest.fixture(scope="module")
def units(register: Path, pack: Pack) -> list[Report]:
    return flat_reports(read_flat(register / "units.csv", name="units.csv"), pack.forms["register/units"], "unit", key="单位")


@pytest.fixture(scope="module")
def applications(register: Path, pack: Pack) -> list[Report]:
    return flat_reports(read_flat(register / "applications.csv"), pack.forms["register/units"], "application", key="编号")


def test_the_rules_of_the_example_prove_themselves(pack: Pack) -> None:
    assert [result.message for result in test_pack(pack) if not result.holds] == []


def test_findings_name_their_line(pack: Pack, units: list[Report], applications: list[Report]) -> None:
    result = check_flat(units, pack, parts=related(units, by("单位"), applications, by("单位")))
    assert [report.verdict for report in result.reports] == [Verdict.CLEAN, Verdict.FINDINGS, Verdict.FINDINGS]
    told = [(finding.rule, finding.outcome, finding.cells[0].place.line) for finding in result.findings]
    assert told == [
        ("register/unit-balance", "fail", 3),
        ("register/unit-as-registered", "fail", 4),
        ("register/unit-balance", "undecided", 4),
    ]


def test_a_lost_key_decides_nothing_that_it_might_change(pack: Pack, units: list[Report], applications: list[Report]) -> None:
    """An application of an unknown unit may be the one that 县水利局 lacks; 县财政局 would then have one too many."""
    stray = records("编号,单位\n2024-012,\n")[0]
    options = Options(select=("unit-as-registered",))
    result = check_flat(units, pack, parts=related(units, by("单位"), [*applications, stray], by("单位")), options=options)
    assert [report.counts.undecided for report in result.reports] == [1, 1, 1]


def test_the_same_figures_in_two_records_are_two_findings(pack: Pack) -> None:
    file = read_flat("单位,新收,上年结转,办结,结转下年\n甲,1,0,2,0\n乙,1,0,2,0\n".encode())
    result = check_flat(
        flat_reports(file, pack.forms["register/units"], "unit", key="单位"), pack, options=Options(select=("unit-balance",))
    )
    assert len({finding.fingerprint for finding in result.findings}) == len(result.findings) == 2


def test_a_record_alone_is_the_record_in_its_file(pack: Pack, units: list[Report], applications: list[Report]) -> None:
    parts = related(units, by("单位"), applications, by("单位"))
    together = check_flat(units, pack, parts=parts).reports
    alone = [check_flat([one], pack, parts=[own]).reports[0] for one, own in zip(units, parts, strict=True)]
    assert alone == list(together)


def test_a_file_as_a_whole(pack: Pack, applications: list[Report]) -> None:
    report = check_flat([whole("applications.csv", pack.forms["register/units"])], pack, parts=[applications]).reports[0]
    assert (report.counts.fail, report.counts.not_applicable) == (0, 2)


def test_a_ragged_record_is_not_verified(pack: Pack) -> None:
    file = read_flat("单位,新收,上年结转,办结,结转下年\n甲,1,0,1\n".encode())
    report = check_flat(flat_reports(file, pack.forms["register/units"], "unit"), pack).reports[0]
    assert report.verdict is Verdict.NOT_VERIFIED
    assert "form/unread-row" in {finding.rule for finding in report.findings}
