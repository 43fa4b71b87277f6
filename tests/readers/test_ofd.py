"""OFD files: what stands on the pages is read as from a PDF; what stands beside them does no harm."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import documents
import printing
import pytest
from printing import Page, Style, Words
from test_pdf import ITEMS, SMALL, STYLES, is_the_report, read_bytes

from govreport_check.errors import SourceError
from govreport_check.readers.document import Document, Row
from govreport_check.readers.limits import DEFAULT, Limits
from govreport_check.readers.ofd import read_ofd

PAGES = printing.laid_out(ITEMS)
SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
def test_a_report_is_the_same_however_it_is_set(style: Style) -> None:
    assert is_the_report(read_bytes(printing.as_ofd(printing.laid_out(ITEMS, style), style), "report.ofd"))


def test_seals_signatures_and_attachments_stand_beside() -> None:
    more = {
        "Doc_0/Signs/Signatures.xml": f'<ofd:Signatures {SPACE}><ofd:Signature ID="1" BaseLoc="Sign_0/a.xml"/></ofd:Signatures>',
        "Doc_0/Signs/Sign_0/SignedValue.dat": "\x00\x01",
        "Doc_0/Attachs/Attachments.xml": f'<ofd:Attachments {SPACE}><ofd:Attachment ID="1" Name="表"/></ofd:Attachments>',
        "Doc_0/Annots/Page_0/Annotation.xml": f"<ofd:PageAnnot {SPACE}/>",
    }
    assert is_the_report(read_bytes(printing.as_ofd(PAGES, more=more), "report.ofd"))


def test_a_finding_names_the_page() -> None:
    report = read_bytes(printing.as_ofd(printing.laid_out(ITEMS, SMALL), SMALL), "report.ofd")
    pages = [place.page for at, place in report.places.items() if at.startswith("requests[")]
    assert len(set(pages)) > 2 and None not in pages


def remade(content: bytes, change: Callable[[str, str], str | None]) -> bytes:
    """The container with every member changed, or left out where None comes back."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            text = change(name, old.read(name).decode())
            if text is not None:
                new.writestr(name, text)
    return buffer.getvalue()


UNIT = '<ofd:CompositeGraphicUnit ID="88"><ofd:Content>{}</ofd:Content></ofd:CompositeGraphicUnit>'
USED = '<ofd:CompositeObject ID="2" ResourceID="88" Boundary="{}"/>'
LISTED = "<ofd:CommonData><ofd:PublicRes>PublicRes.xml</ofd:PublicRes>"


def with_unit(inner: str) -> dict[str, str]:
    return {
        "Doc_0/PublicRes.xml": f"<ofd:Res {SPACE}><ofd:CompositeGraphicUnits>{UNIT.format(inner)}</ofd:CompositeGraphicUnits></ofd:Res>"
    }


def test_lines_in_a_composite_object_and_a_template_page_are_drawn() -> None:
    def change(name: str, text: str) -> str:
        text = text.replace("<ofd:CommonData>", f'{LISTED}<ofd:TemplatePage ID="77" BaseLoc="Tpls/Content.xml"/>')
        return text.replace("<ofd:Content>", '<ofd:Template TemplateID="77"/><ofd:Content>') if "Page_0" in name else text

    data = "<ofd:AbbreviatedData>M 0 0 L 40 0 L 40 20 L 0 20 C M 0 10 L 40 10 M 20 0 L 20 20</ofd:AbbreviatedData>"
    layer = f'<ofd:Layer ID="1">{USED.format("30 30 40 20")}</ofd:Layer>'
    more = {
        **with_unit(f'<ofd:PathObject ID="1" Boundary="0 0 40 20">{data}</ofd:PathObject>'),
        "Doc_0/Tpls/Content.xml": f"<ofd:Page {SPACE}><ofd:Content>{layer}</ofd:Content></ofd:Page>",
    }
    spots = [(32, 36), (52, 36), (32, 46), (52, 46)]
    words = [Words(x * 72 / 25.4, y * 72 / 25.4, 10, text) for (x, y), text in zip(spots, ("许可", "12", "处罚", "7"), strict=True)]
    content = remade(printing.as_ofd([Page(words)], more=more), change)
    assert rows_of(read_ofd(content, "a.ofd", DEFAULT)) == [["许可", "12"], ["处罚", "7"]]


def rows_of(document: Document) -> list[list[str]]:
    return [[cell.text for cell in block.cells] for block in document.blocks if isinstance(block, Row)]


def test_text_that_a_matrix_moves_and_scales() -> None:
    def change(name: str, text: str) -> str:
        return text.replace('Font="1"', 'Font="1" CTM="2 0 0 2 0 0"')

    content = remade(printing.as_ofd([Page([Words(72, 100, 10, "12件")])]), change)
    (block,) = read_ofd(content, "a.ofd", DEFAULT).blocks
    assert block.text == "12件"


BROKEN: dict[str, Callable[[str, str], str | None]] = {
    "a page is missing": lambda name, text: None if "Page_1" in name else text,
    "a page is no XML": lambda name, text: "<a" if "Page_1" in name else text,
    "no document is named": lambda name, text: text.replace("DocRoot", "DocLeaf") if name == "OFD.xml" else text,
    "a document type": lambda name, text: f"<!DOCTYPE a [<!ENTITY b 'c'>]>{text.partition('?>')[2]}" if "Page_0" in name else text,
    "paths lead out": lambda name, text: text.replace("Pages/Page_0", "../../../etc/passwd") if "Document" in name else text,
}


@pytest.mark.parametrize("change", BROKEN.values(), ids=BROKEN)
def test_broken_files_are_refused_in_one_line(change: Callable[[str, str], str | None]) -> None:
    with pytest.raises(SourceError) as caught:
        read_ofd(remade(printing.as_ofd(PAGES), change), "a.ofd", DEFAULT)
    assert "\n" not in str(caught.value)


def test_limits() -> None:
    with pytest.raises(SourceError, match="more than 1 pages"):
        read_ofd(printing.as_ofd(PAGES), "a.ofd", Limits(pages=1))


def test_an_encrypted_file_is_told() -> None:
    with pytest.raises(SourceError, match="encrypted"):
        read_ofd(printing.as_ofd(PAGES, more={"Encryptions.xml": "<a/>"}), "a.ofd", DEFAULT)


def test_steps_and_sizes_beyond_measure_do_no_harm() -> None:
    def change(name: str, text: str) -> str:
        return text.replace('DeltaX="g', 'DeltaX="g 99999 1 g 99999 1 g 99999 1e308 g').replace('Size="', 'Size="9e99 ')

    with pytest.raises(SourceError):
        read_ofd(remade(printing.as_ofd([Page([Words(72, 100, 1e9, "")])]), change), "a.ofd", DEFAULT)
    read_ofd(remade(printing.as_ofd(PAGES[:1]), change), "a.ofd", DEFAULT)


def test_composite_objects_that_hold_themselves_end() -> None:
    def change(name: str, text: str) -> str:
        text = text.replace("<ofd:CommonData>", LISTED)
        return text.replace('<ofd:PageBlock ID="3">', USED.format("0 0 9 9") + '<ofd:PageBlock ID="3">')

    content = printing.as_ofd(PAGES[:1], more=with_unit(USED.format("0 0 1 1") * 20))
    with pytest.raises(SourceError, match="objects on a page"):
        read_ofd(remade(content, change), "a.ofd", DEFAULT)


def test_the_layout_that_both_formats_share_has_rows_cut_by_pages() -> None:
    """Else the tests above would prove less than they say."""
    cells = [cell.text for item in ITEMS if isinstance(item, documents.Grid) for _, _, cell in item.placed()]
    tops = [min(page.words, key=lambda words: (words.y, words.x)).text for page in printing.laid_out(ITEMS, SMALL)[1:]]
    assert "8.属于行政查询事项" in cells and "查询事项" in tops
