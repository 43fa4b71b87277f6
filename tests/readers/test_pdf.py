"""PDF files: one report from several producers is one report; what cannot be read is said; real files are read right."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from decimal import Decimal
from pathlib import Path

import pytest

pytest.importorskip("pypdfium2")

import documents
import printing
from printing import Style
from reader_reports import FORM, YUNLING, differing

from govreport_check import check, render
from govreport_check.errors import SourceError
from govreport_check.model import Report
from govreport_check.readers import load_source, recognise
from govreport_check.readers.document import Document, Row
from govreport_check.readers.limits import DEFAULT, Limits
from govreport_check.readers.pdf import read_pdf
from govreport_check.readers.written import to_json

WANTED = recognise(load_source(YUNLING, name="yunling.txt"), FORM)
ITEMS = documents.printed(WANTED, FORM)
SMALL = Style(width=420, height=500, margin=40)
STYLES = {
    "rows cut without a line": Style(),
    "rows cut with a line": Style(closed=True),
    "small pages": SMALL,
    "small pages, a line at the cut": Style(width=420, height=500, margin=40, closed=True),
    "rows whole": Style(width=420, height=500, margin=40, cut=False),
    "heads on every page": Style(width=420, height=500, margin=40, repeat=3, head="云岭县人民政府公报"),
    "narrow cells": Style(margin=110, repeat=3, room=6),
}


def read_bytes(content: bytes, name: str = "report.pdf") -> Report:
    return recognise(load_source(content, name=name), FORM)


def is_the_report(report: Report) -> bool:
    """Whether everything is as in the text: title, six sections word for word, 200 cells, labels, facts; only places differ."""
    assert differing(report, dict(WANTED.tables or {})) == []
    assert sum(len(cells) for rows in (report.tables or {}).values() for cells in rows.values()) == 200
    told = {remark.rule for remark in report.remarks} - {"document-author"}
    return (to_json(report), told) == (to_json(WANTED), set())


# --- one report, many producers -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
def test_a_report_is_the_same_however_it_is_set(style: Style) -> None:
    assert is_the_report(read_bytes(printing.as_pdf(printing.laid_out(ITEMS, style), style)))


@pytest.mark.parametrize("words", [printing.bold_words, printing.apart_words], ids=["drawn twice", "each character by itself"])
def test_a_report_is_the_same_however_its_characters_are_drawn(words: printing.WORDS) -> None:
    assert is_the_report(read_bytes(printing.as_pdf(printing.laid_out(ITEMS), words=words)))


@pytest.mark.parametrize("how", ["turned", "boxes"])
def test_turned_pages_and_lines_that_are_boxes(how: str) -> None:
    assert is_the_report(read_bytes(printing.as_pdf(printing.laid_out(ITEMS), **{how: True})))  # type: ignore[arg-type]


CSS = {
    "plain": "table{border-collapse:collapse;width:100%}td{border:1px solid}p{text-indent:2em}",
    "narrow, in the middle": "@page{size:A5;margin:12mm}table{border-collapse:collapse;width:100%}td{border:1px solid;font-size:9pt;"
    "vertical-align:middle;text-align:center;padding:1px;word-break:break-all}p{text-indent:2em;text-align:justify}",
    "rows cut": "@page{size:A5;margin:10mm}table{border-collapse:collapse;width:100%;table-layout:fixed}td{border:1px solid;"
    "font-size:12pt;vertical-align:top;padding:4px;word-break:break-all}p{text-indent:2em}",
    "dotted": "@page{size:A4 landscape}table{border-collapse:collapse;width:100%}td{border:1px dotted;font-size:14pt;padding:10px}",
    "double, shaded": "table{border-collapse:collapse}td{border:3px double;font-size:12pt;padding:6px;background:#eee}",
    "open at the sides": "table{border-collapse:collapse;width:100%}td{border:1px solid}td:first-child{border-left:0}"
    "td:last-child{border-right:0}",
    "labels set upright": "table{border-collapse:collapse}td{border:1px solid;font-size:11pt}td[rowspan]{writing-mode:vertical-rl}",
}


@pytest.mark.parametrize("css", CSS.values(), ids=CSS)
def test_chromium(css: str, tmp_path: Path) -> None:
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("no chromium on the path")
    # chromium prints the page's address on each page: a short one, as a site has, in one line
    folder = Path(tempfile.mkdtemp(prefix="g"))
    page, target = folder / "report.html", tmp_path / "report.pdf"
    page.write_text(documents.as_html(ITEMS).replace("</head>", f"<style>{css}</style></head>"), encoding="utf-8")
    command = [program, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
    subprocess.run([*command, f"--print-to-pdf={target}", str(page)], capture_output=True, timeout=120, check=True)
    shutil.rmtree(folder)
    assert is_the_report(read_bytes(target.read_bytes()))


def test_libreoffice(tmp_path: Path) -> None:
    if shutil.which("soffice") is None:
        pytest.skip("no soffice on the path")
    pytest.importorskip("docx")
    source = tmp_path / "report.docx"
    source.write_bytes(documents.as_docx(ITEMS))
    command = ["soffice", "--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--convert-to", "pdf"]
    subprocess.run([*command, "--outdir", str(tmp_path), str(source)], capture_output=True, timeout=180, check=True)
    assert is_the_report(read_bytes((tmp_path / "report.pdf").read_bytes()))


@pytest.mark.shared
def test_a_published_file_has_no_wrong_cell(shared: Path) -> None:
    wanted = json.loads((shared / "cn" / "figures" / "hongze_2024.json").read_text(encoding="utf-8"), parse_float=Decimal)["tables"]
    report = read_bytes((shared / "cn" / "reports" / "hongze_2024.pdf").read_bytes())
    assert {cell.partition(".")[0] for cell in differing(report, wanted)} == {"requests[other"}  # three rows that it prints as one
    assert (report.tables or {})["requests"]["other"] == dict.fromkeys(FORM.tables["requests"].columns, 0)
    assert (report.sections or {}).keys() >= {"overview", "disclosure", "applications", "disputes", "problems", "other_matters"}
    assert "\n" not in (report.sections or {})["preamble"].text
    assert report.remarks == ()


# --- places ---------------------------------------------------------------------------------------------------------------------


def test_a_finding_names_the_page_and_is_that_of_the_data() -> None:
    requests = next(item for item in ITEMS if isinstance(item, documents.Grid) and item.id == "requests")
    at = next((r, c) for r, c, cell in requests.placed() if cell.text == "四、结转下年度继续办理")
    changed = documents.changed(ITEMS, "requests", at[0], 3, "9")
    pages = printing.laid_out(changed, SMALL)
    (page,) = [n for n, page in enumerate(pages, 1) if any(words.text.startswith("四、结转") for words in page.words)]
    content = printing.as_pdf(pages, SMALL)
    result = check(content)
    data = check(json.loads(to_json(read_bytes(content)), parse_float=Decimal))
    assert [f.fingerprint for f in result.reports[0].findings] == [f.fingerprint for f in data.reports[0].findings]
    cells = [
        cell for finding in result.reports[0].findings for cell in finding.cells if cell.address.startswith("requests[carried_forward")
    ]
    assert cells and all((cell.place.page, cell.place.table, cell.place.row) == (page, 2, at[0] + 1) for cell in cells)
    assert {cell.place.column for cell in cells if "natural_person" in cell.address} == {4}
    assert f"report.pdf#page={page}: error cn-disclosure/requests-" in render(check(content, name="report.pdf"), "concise")


def test_a_claim_names_the_page_of_its_paragraph() -> None:
    report = read_bytes(printing.as_pdf(printing.laid_out(ITEMS, SMALL), SMALL))
    section = (report.sections or {})["overview"]
    places = [section.place_at(offset).page for offset in range(0, len(section.text), 200)]
    assert places == sorted(places, key=lambda page: page or 0) and places[0] == 1 and places[-1] is not None and places[-1] > 1


def test_running_heads_and_page_numbers_are_left_out_and_years_are_not() -> None:
    style = Style(width=420, height=500, margin=40, head="2024年公报 第3期", foot="第 {} 页 共9页")
    document = read_pdf(printing.as_pdf(printing.laid_out(ITEMS, style), style), "a.pdf", DEFAULT)
    assert not [block.text for block in document.blocks if "公报 第" in block.text or "共9页" in block.text]
    only = read_pdf(printing.pdf_of([printing.plain_words(printing.Words(72, 790, 10, "2024"), 842)]), "a.pdf", DEFAULT)
    assert [block.text for block in only.blocks] == ["2024"]


# --- what cannot be read --------------------------------------------------------------------------------------------------------


def refused(content: bytes, limits: Limits = DEFAULT) -> SourceError:
    with pytest.raises(SourceError) as caught:
        read_pdf(content, "a.pdf", limits)
    assert "\n" not in str(caught.value) and caught.value.zh != caught.value.reason
    return caught.value


PICTURE = "<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>\nstream\n0\nendstream"
SCAN = "q 595 0 0 842 0 0 cm /X1 Do Q"
WORD = printing.plain_words(printing.Words(72, 100, 10, "总计12件"), 842)


def test_a_scan_is_told_apart_from_an_empty_file() -> None:
    assert "OCR" in refused(printing.pdf_of([SCAN, SCAN], extra=[PICTURE])).reason
    assert "holds no text" in refused(printing.pdf_of(["0 0 m 9 9 l S"])).reason


def test_a_scanned_page_among_others_is_told() -> None:
    document = read_pdf(printing.pdf_of([WORD, SCAN, WORD, SCAN], extra=[PICTURE]), "a.pdf", DEFAULT)
    (remark,) = document.remarks
    assert (remark.rule, remark.said["printed"], remark.place.page) == ("picture-pages", "2、4", 2)


def test_a_password() -> None:
    locked = b"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<" + b"41" * 32 + b">/U<" + b"42" * 32 + b">>>/ID[<41><41>]/Root 1 0 R"
    assert "password" in refused(printing.pdf_of([WORD]).replace(b"/Root 1 0 R", locked)).reason


@pytest.mark.parametrize("keep", [9, 60, 400])
def test_a_file_that_is_cut_off(keep: int) -> None:
    assert "damaged" in refused(printing.as_pdf(printing.laid_out(ITEMS))[:keep]).reason


def test_too_many_pages() -> None:
    assert "more than 2 pages" in refused(printing.pdf_of([WORD] * 3), Limits(pages=2)).reason


NO_MAP = "<</Type/Font/Subtype/Type0/BaseFont/Strange/Encoding/Identity-H/DescendantFonts[4 0 R]>>"


def test_characters_that_no_map_names_are_told_and_never_guessed() -> None:
    identity = printing.CID_FONT.replace("(Adobe)", "(Own)").replace("(GB1)", "(Identity)")
    content = printing.pdf_of([WORD], font=NO_MAP).replace(printing.CID_FONT.encode(), identity.encode())
    assert "ToUnicode" in refused(content).reason


def test_private_characters_spoil_their_cell_alone() -> None:
    style = Style()
    spoilt = documents.changed(ITEMS, "requests", 3, 3, "8\ue001")
    report = read_bytes(printing.as_pdf(printing.laid_out(spoilt, style), style))
    assert differing(report, dict(WANTED.tables or {})) == ["requests[new_received, natural_person]"]
    assert (report.tables or {})["requests"]["new_received"]["natural_person"] == "8\ufffd"  # type: ignore[index]
    assert [remark.said["number"] for remark in report.remarks if remark.rule == "unknown-characters"] == ["1"]


def test_a_table_without_lines_is_read_as_text_and_told() -> None:
    style = Style(ruled=False)
    report = read_bytes(printing.as_pdf(printing.laid_out(ITEMS, style), style))
    assert [remark.rule for remark in report.remarks if remark.rule == "unruled-table"] == ["unruled-table"]
    silently = [at for at in differing(report, dict(WANTED.tables or {})) if _says_a_figure(report, at)]
    assert silently == []


def _says_a_figure(report: Report, at: str) -> bool:
    table, _, rest = at.rstrip("]").partition("[")
    row, _, column = rest.partition(", ")
    cells = (report.tables or {}).get(table, {}).get(row)
    return not isinstance(cells, str) and isinstance((cells or {}).get(column), int | Decimal)


def test_without_the_extra_the_message_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    assert "govreport-check[pdf]" in refused(printing.pdf_of([WORD])).reason


def rows_of(document: Document) -> list[list[str]]:
    return [[cell.text for cell in block.cells] for block in document.blocks if isinstance(block, Row)]


def test_a_figure_wider_than_its_cell_stays_whole_and_in_it() -> None:
    page = printing.Page([printing.Words(112, 96, 10, "12345678"), printing.Words(152, 116, 10, "7"), printing.Words(112, 116, 10, "3")])
    page.lines = [(x, 80, x, 120) for x in (100, 140, 180)] + [(100, y, 180, y) for y in (80, 100, 120)]
    assert rows_of(read_pdf(printing.as_pdf([page]), "a.pdf", DEFAULT)) == [["12345678", ""], ["3", "7"]]


def test_figures_are_glued_in_a_full_cell_only() -> None:
    page = printing.Page()
    for y, text in ((92, "230"), (104, "2")):
        page.words += [printing.Words(102, y, 10, text), printing.Words(132, y, 10, text)]
    page.lines = [(x, 80, x, 110) for x in (100, 120, 180)] + [(100, y, 180, y) for y in (80, 110)]
    assert rows_of(read_pdf(printing.as_pdf([page]), "a.pdf", DEFAULT)) == [["2302", "230 / 2"]]


def test_text_that_recognition_laid_over_a_picture_is_read_and_told() -> None:
    other = printing.plain_words(printing.Words(72, 300, 10, "其中许可7件"), 842)
    content = printing.pdf_of([f"{SCAN}\n3 Tr {WORD}", other], extra=[PICTURE])
    document = read_pdf(content, "a.pdf", DEFAULT)
    assert [block.text for block in document.blocks] == ["总计12件", "其中许可7件"]
    assert [(remark.rule, remark.said["printed"]) for remark in document.remarks] == [("recognised-text", "1")]
