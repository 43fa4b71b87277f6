"""The official form, blank and filled: what was written is read back, what is blank stays blank, what sums itself sums rightly."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from some_reports import CELLS, EXAMPLES, FORM, YUNLING, changed

from govreport_check import check
from govreport_check.cli import main
from govreport_check.errors import UsageError
from govreport_check.essence import essence_of
from govreport_check.filled_form import Filling, as_docx, as_xlsx, blank, drawn, filling
from govreport_check.readers import Given
from govreport_check.recognition import Recognised, known_report, packs_of, with_figures
from govreport_check.renderers.form_xlsx import form_xlsx

PACKS = packs_of(None)
WRITERS = {".docx": as_docx, ".xlsx": as_xlsx}
MISTAKES = EXAMPLES / "yunling-2024-mistakes.txt"
US = {
    "schema": "govreport-report/1",
    "form": "us-foia/2008",
    "about": {"agency": "Department of Examples", "abbreviation": "DEX", "year": 2024},
    "tables": {
        "requests": {
            "Main": {"pending_start": 4, "received": 10, "processed": 12, "pending_end": 2},
            "OIG": {"pending_start": 1, "received": 3, "processed": 2, "pending_end": 2},
            "overall": {"pending_start": 5, "received": 13, "processed": 14, "pending_end": 4},
        }
    },
}
needs_libreoffice = pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice (soffice) on the path")


def found(source: Given) -> Recognised:
    return with_figures(known_report(source, PACKS, name="report"))


def filled(source: Given) -> Filling:
    one = found(source)
    return filling(one.report, one.form, one.pack)


def lost(source: Given, suffix: str) -> dict[str, Any]:
    """What the report says that is not read back from the form it was filled into, and what is read that it does not say.

    Of what is read besides, only figures count: a form has all its headings, and blank cells where the report has none.
    """
    before = essence_of(found(source))
    after = essence_of(found(WRITERS[suffix](filled(source), "zh")))
    said = {
        f"{part}.{name}": (value, asdict(after)[part].get(name))
        for part in ("cells", "headings", "claims", "texts")
        for name, value in asdict(before)[part].items()
    }
    new = {name: (None, value) for name, value in after.cells.items() if name not in before.cells and value}
    return {name: pair for name, pair in said.items() if pair[0] != pair[1]} | new


@pytest.mark.parametrize("suffix", WRITERS)
@pytest.mark.parametrize("name", ["yunling-2024.json", "yunling-2024.txt", "yunling-2024-mistakes.txt"])
def test_what_was_written_is_read_back(name: str, suffix: str) -> None:
    assert lost((EXAMPLES / name).read_bytes(), suffix) == {}


@pytest.mark.shared
@pytest.mark.parametrize("suffix", WRITERS)
def test_structured_reports_are_read_back(shared: Path, suffix: str) -> None:
    files = sorted((shared / "cn" / "figures").glob("*.json"))
    assert len(files) > 10
    assert {path.name: lost(path, suffix) for path in files if lost(path, suffix)} == {}


FIGURES = st.one_of(
    st.integers(0, 10**6),
    st.just(Decimal("0.5")),
    st.just(10**40),
    st.sampled_from(["-", "/", "无", "1,234", "22（其中修订16件）", "约20", "12a", "=1+1", None]),
)


@pytest.mark.parametrize("suffix", WRITERS)
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(edits=st.dictionaries(st.sampled_from(CELLS), FIGURES, max_size=12))
def test_whatever_stands_in_cells_is_read_back(suffix: str, edits: Mapping[tuple[str, str, str], Any]) -> None:
    assert lost(changed(YUNLING, edits), suffix) == {}


@pytest.mark.parametrize("suffix", WRITERS)
def test_rows_without_a_figure_are_read_back_as_blank(suffix: str) -> None:
    gone = {cell: None for cell in CELLS if cell[0] == "requests" and cell[1].startswith(("denied.", "other."))}
    assert lost(changed(YUNLING, gone), suffix) == {}


@pytest.mark.parametrize("suffix", WRITERS)
def test_a_parent_that_is_printed_alone_stays_one_row(suffix: str) -> None:
    report = changed(YUNLING, {})
    rows = report["tables"]["requests"]
    report["tables"]["requests"] = {
        **{row: cells for row, cells in rows.items() if not row.startswith("other.")},
        "other": {"natural_person": 1, "commercial": 0, "research": 0, "public_welfare": 0, "legal_service": 0, "other": 1, "total": 2},
    }
    report["labels"] = [label for label in report["labels"] if ".rows.other." not in label["at"]]
    assert lost(report, suffix) == {}


def test_figures_that_are_not_there_stand_blank_and_are_counted() -> None:
    report = {**YUNLING, "tables": {"disputes": {"review": {"upheld": 3}}}}
    one = filled(report)
    assert one.left == FORM.cell_count - 1
    cells = essence_of(found(as_docx(one, "zh"))).cells
    assert {name: value for name, value in cells.items() if value} == {"disputes[review, upheld]": "3"}


@pytest.mark.parametrize("suffix", WRITERS)
def test_digits_that_cannot_be_told_apart_stay_unread_and_are_named(suffix: str) -> None:
    report = changed(YUNLING, {})
    report["tables"]["documents"]["normative_documents"] = "693665"
    one = filled(report)
    assert (one.runs, one.left) == ((("documents", "normative_documents", "693665"),), 0)
    copy = WRITERS[suffix](one, "zh")
    assert essence_of(found(copy)).cells["documents[normative_documents, issued]"] == "?"
    assert check(copy, name="copy").reports[0].verdict == "not_verified"


def test_notes_stand_below_their_tables() -> None:
    report = {**YUNLING, "notes": {"disputes": ["注：含上年度结转案件"], "decisions": ["注：含委托办理"]}}
    for suffix, write in WRITERS.items():
        assert dict(found(write(filled(report), "zh")).report.notes) == {
            "decisions": ("注：含委托办理",),
            "disputes": ("注：含上年度结转案件",),
        }, suffix


@pytest.mark.parametrize("form", ["cn-disclosure/2021", "cn-disclosure/2019", "us-foia/2008"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_blank_form_has_every_table_and_no_figure(form: str, lang: str) -> None:
    one = blank(form, PACKS)
    tables = docx.Document(io.BytesIO(as_docx(one, lang))).tables
    assert len(tables) == len(one.form.tables)
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(one, lang)))
    assert len(book.worksheets) == len(one.form.sections) + 1
    kept = [cell.value for sheet in book.worksheets[:-1] for row in sheet for cell in row if isinstance(cell.value, int | float)]
    assert kept == []


def test_a_blank_form_that_is_filled_in_is_a_report() -> None:
    written = docx.Document(io.BytesIO(as_docx(blank("cn-disclosure/2021", PACKS), "zh")))
    cells = written.tables[-1].rows[-1].cells
    for cell, value in zip(cells, range(1, 16), strict=True):
        cell.text = str(value)
    target = io.BytesIO()
    written.save(target)
    tables = found(target.getvalue()).report.tables or {}
    assert [*tables["disputes"]["litigation_after_review"].values()] == [11, 12, 13, 14, 15]  # type: ignore[union-attr]
    assert set(tables["requests"]["new_received"].values()) == {None}  # type: ignore[union-attr]


@pytest.mark.parametrize("suffix", WRITERS)
def test_the_same_report_gives_the_same_bytes(suffix: str) -> None:
    assert WRITERS[suffix](filled(YUNLING), "zh") == WRITERS[suffix](filled(YUNLING), "zh")


def test_an_unknown_form_is_told_with_those_that_there_are() -> None:
    with pytest.raises(UsageError, match="cn-disclosure/2019"):
        blank("cn-disclosure/1999", PACKS)


# --- workbooks ------------------------------------------------------------------------------------------------------------------


def sheets(content: bytes, *, values: bool) -> dict[str, Any]:
    return {sheet.title: sheet for sheet in openpyxl.load_workbook(io.BytesIO(content), data_only=values)}


def outcomes(content: bytes) -> list[str]:
    """The last column of the sheet of checks."""
    *_, last = sheets(content, values=True).values()
    return [row[4].value for row in last.iter_rows(min_row=2) if row[4].value]


def formulas(content: bytes) -> dict[str, str]:
    *own, _ = sheets(content, values=False).values()
    return {f"{sheet.title}!{cell.coordinate}": cell.value for sheet in own for row in sheet for cell in row if cell.data_type == "f"}


def test_totals_are_formulas_of_their_parts() -> None:
    found_ = formulas(as_xlsx(filled(YUNLING), "zh"))
    assert len(found_) == 34
    assert found_["三、收到和处理政府信息公开申请情况!J6"] == '=IF(COUNT(D6:I6)=0,"",SUM(D6:I6))'
    assert len(formulas(as_xlsx(blank("cn-disclosure/2021", PACKS), "zh"))) == 34


def test_a_total_that_is_not_the_sum_of_its_parts_stays_as_printed() -> None:
    wrong = changed(YUNLING, {("requests", "granted", "total"): 41})
    lost_ = set(formulas(as_xlsx(filled(YUNLING), "zh"))) - set(formulas(as_xlsx(filled(wrong), "zh")))
    assert {name.rpartition("!")[2] for name in lost_} == {"J8", "J29"}  # the total, and the total of the column that it stands in
    assert outcomes(as_xlsx(filled(wrong), "zh")).count("不符") == 2


@pytest.mark.parametrize("part", [None, "-", "1,234", "12a"])
def test_a_blank_total_and_a_sum_with_no_number_in_it_are_no_formulas(part: Any) -> None:
    cell = ("requests", "granted", "total") if part is None else ("requests", "granted", "natural_person")
    content = as_xlsx(filled(changed(YUNLING, {cell: part})), "zh")
    assert "三、收到和处理政府信息公开申请情况!J8" not in formulas(content)
    assert "未能核对" in outcomes(content)


def test_the_checks_say_what_the_rules_say() -> None:
    content = as_xlsx(filled(MISTAKES), "zh")
    told = outcomes(content)
    assert (told.count("相符"), told.count("不符"), len(told)) == (37, 5, 42)
    failing = [one for one in check(MISTAKES).findings if one.rule.endswith(("-total", "-balance"))]
    assert len(failing) == 5


def test_components_add_up_to_the_agency() -> None:
    content = as_xlsx(filled(US), "en")
    assert any(re.fullmatch(r'=IF\(COUNT\(B\d+:B\d+\)=0,"",SUM\(B\d+:B\d+\)\)', formula) for formula in formulas(content).values())
    assert set(outcomes(content)) == {"holds", "not verified"}
    text = "\n".join(
        cell.text for table in docx.Document(io.BytesIO(as_docx(filled(US), "en"))).tables for row in table.rows for cell in row.cells
    )
    assert re.search(r"OIG\n1\n3\n2\n2\nAgency Overall\n5\n13\n14\n4", text)


def test_a_sum_may_name_figures_of_another_sheet() -> None:
    spot, parts = ("documents", 0, 0), (("disputes", 0, 0), ("disputes", 0, 1), ("requests", 0, 0))
    one = blank("cn-disclosure/2021", PACKS)
    content = form_xlsx(drawn(one, "zh"), {spot: parts}, (), blank=True)
    (formula,) = formulas(content).values()
    assert formula.count("!") == 4  # a range and a cell, each named twice
    assert "'四、政府信息公开行政复议、行政诉讼情况'!A6:B6" in formula


def test_text_in_a_workbook_is_no_formula_and_no_link() -> None:
    hostile = changed(YUNLING, {("requests", "granted", "other"): "=cmd|'/c calc'!A1"})
    hostile["sections"]["overview"]["text"] = '=HYPERLINK("https://example.test")\nhttps://example.test \x1b[2J<b>'
    one = filled(hostile)
    *own, _ = sheets(as_xlsx(one, "zh"), values=False).values()
    texts = {cell.value: cell.data_type for sheet in own for row in sheet for cell in row if isinstance(cell.value, str)}
    assert texts["=cmd|'/c calc'!A1"] == texts['=HYPERLINK("https://example.test")'] == "s"
    assert not any(sheet._hyperlinks for sheet in own)
    assert any("https://example.test [2J<b>" in part.text for part in docx.Document(io.BytesIO(as_docx(one, "zh"))).paragraphs)


@needs_libreoffice
def test_libreoffice_computes_what_was_written(tmp_path: Path) -> None:
    content = as_xlsx(filled(MISTAKES), "zh")
    path = tmp_path / "form.xlsx"
    path.write_bytes(without_results(content))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [
        "soffice",
        "--headless",
        profile,
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
        "--outdir",
        str(tmp_path / "out"),
        str(path),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    computed = (tmp_path / "out" / "form.xlsx").read_bytes()
    assert figures(computed) == figures(content)
    assert essence_of(found(computed)).cells == essence_of(found(content)).cells


def without_results(content: bytes) -> bytes:
    """A workbook whose formulas nobody has computed."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", old.read(name)))
    return target.getvalue()


def figures(content: bytes) -> dict[tuple[str, str], Any]:
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in sheets(content, values=True).values()
        for row in sheet
        for cell in row
        if cell.value not in (None, "")
    }


# --- the command ----------------------------------------------------------------------------------------------------------------


def test_the_command_fills_and_says_what_is_left(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "form.xlsx"
    assert main(["form", "--fill", str(EXAMPLES / "yunling-2024.json"), "-o", str(target)]) == 0
    told = capsys.readouterr()
    assert (told.out, told.err) == (f"{target}: cn-disclosure/2021\n", "")
    part = tmp_path / "part.json"
    part.write_text('{"schema": "govreport-report/1", "form": "cn-disclosure/2021", "tables": {"disputes": {"review": {"upheld": 3}}}}')
    assert main(["form", "--fill", str(part), "-o", str(tmp_path / "form.docx"), "--lang", "en"]) == 0
    assert f"{FORM.cell_count - 1} figures" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["cn-disclosure/2021", "-o", "a.doc"], 2, ".docx or .xlsx"),
        (["-o", "a.docx"], 2, "cn-disclosure/2021"),
        (["cn-disclosure/2021", "--fill", "a.json", "-o", "a.docx"], 2, "--fill"),
        (["cn-disclosure/1999", "-o", "a.docx"], 2, "us-foia/2008"),
        (["--fill", "nowhere.json", "-o", "a.docx"], 3, "nowhere.json"),
    ],
)
def test_what_cannot_be_written_is_told(
    arguments: list[str], code: int, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["form", *arguments]) == code
    assert told in capsys.readouterr().err
    assert [*tmp_path.iterdir()] == []
