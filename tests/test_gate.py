"""The gate before publication: what changed between two reports, and whether what is published is what was checked."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from documents import Grid, Item, Text, as_docx, as_html, as_xlsx, changed, printed
from printing import as_pdf, laid_out
from some_reports import EXAMPLES, FORM, YUNLING

from govreport_check import read
from govreport_check.cli import main
from govreport_check.difference import difference

REPORT = EXAMPLES / "yunling-2024.txt"
ITEMS = printed(read(REPORT), FORM)
WRITERS: dict[str, Callable[[Any], Any]] = {
    "docx": as_docx,
    "xlsx": as_xlsx,
    "html": lambda items: as_html(items).encode(),
    "pdf": lambda items: as_pdf(laid_out(items)),
}


def write(path: Path, items: Any = ITEMS) -> Path:
    path.write_bytes(WRITERS[path.suffix[1:]](items))
    return path


# --- diff ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("other", ["xlsx", "html", "pdf"])
def test_the_same_report_in_another_format_has_no_difference(tmp_path: Path, other: str) -> None:
    found = difference(write(tmp_path / "r.docx"), write(tmp_path / f"r.{other}"))
    assert (found.changes.all, found.mended, found.found) == ((), (), ())


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_one_cell_one_heading_and_one_claim_are_exactly_these(tmp_path: Path, kind: str) -> None:
    grid = next(item for item in ITEMS if isinstance(item, Grid) and item.id == "requests")
    row, column = next((row, column) for row, column, cell in grid.placed() if cell.text == "86")
    heading, claim = ("四、政府信息公开行政复议", "四、政府信息公开复议"), ("上年结转7件", "上年结转6件")
    new = [said(said(item, *heading), *claim) for item in changed(ITEMS, "requests", row, column, "87")]
    found = difference(write(tmp_path / "old.docx"), write(tmp_path / f"new.{kind}", new))
    assert [(one.at.rpartition(".")[2], one.old, one.new) for one in found.changes.all] == [
        ("requests[new_received, natural_person]", "86", "87"),
        ("heading", "四、政府信息公开行政复议、行政诉讼情况", "四、政府信息公开复议、行政诉讼情况"),
        ("carried_over", *claim),
    ]
    assert "cn-disclosure/carried-over-stated" in {one.rule for one in found.found}


def said(item: Item, old: str, new: str) -> Item:
    return replace(item, text=item.text.replace(old, new)) if isinstance(item, Text) else item


def test_one_cell_is_told_with_the_findings_that_it_mends() -> None:
    new = json.loads(json.dumps(YUNLING, default=str))
    new["tables"]["requests"]["new_received"]["natural_person"] = 87
    found = difference(new, YUNLING)
    assert [(one.at, one.old, one.new) for one in found.changes.all] == [("requests[new_received, natural_person]", "87", "86")]
    assert (bool(found.mended), found.found) == (True, ())
    back = difference(YUNLING, new)
    assert [one.rule for one in back.found] == [one.rule for one in found.mended]


def test_what_is_gone_is_not_blank() -> None:
    new = json.loads(json.dumps(YUNLING, default=str))
    del new["tables"]["requests"]["new_received"]["natural_person"]
    new["tables"]["requests"]["carried_over"]["natural_person"] = None
    (gone, blank) = difference(YUNLING, new).changes.cells
    assert (gone.new, blank.new) == (None, "")


def test_the_same_sentence_twice_is_counted_and_prose_is_told_by_sentences() -> None:
    new = json.loads(json.dumps(YUNLING, default=str))
    new["sections"]["problems"]["text"] += "下一步将加强培训。"
    (one,) = difference(YUNLING, new).changes.all
    assert (one.at, one.old, one.new) == ("sections.problems", None, "下一步将加强培训。")


def test_the_command_ends_with_whether_something_differs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    docx = str(write(tmp_path / "r.docx"))
    assert main(["diff", docx, str(write(tmp_path / "r.pdf"))]) == 0
    capsys.readouterr()
    assert main(["diff", docx, str(EXAMPLES / "yunling-2024-mistakes.txt"), "--format", "json", "--lang", "en"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["schema"] == "govreport-diff/1"
    assert "decisions[administrative_coercion, decided]" in [one["at"] for one in told["cells"]] or len(told["cells"]) == 5
    assert len(told["findings"]["new"]) == 14
    assert main(["diff", docx, str(tmp_path / "nothing.txt")]) == 3
    assert main(["diff", "-", docx]) == 2


def test_what_stands_in_a_report_steers_no_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = REPORT.read_text(encoding="utf-8").replace("更正失效链接", "更正\x1b[31m失效\u202e链接", 1)
    (tmp_path / "new.txt").write_text(text, encoding="utf-8")
    assert main(["diff", str(REPORT), str(tmp_path / "new.txt")]) == 1
    out = capsys.readouterr().out
    assert ("\x1b" in out, "\u202e" in out, "[31m" in out) == (False, False, True)


# --- attest and verify ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a report in three formats and a pack of its own; the report has one waived finding."""
    shutil.copy(EXAMPLES / "yunling-2024-mistakes.txt", tmp_path / "r.txt")
    items = printed(read(tmp_path / "r.txt"), FORM)
    write(tmp_path / "r.docx", items)
    write(tmp_path / "r.pdf", items)
    (tmp_path / "own").mkdir()
    head = 'schema: govreport-pack/1\nid: own\nversion: "1"\ntitle: {zh: 包, en: Pack}\nlanguages: [zh]\nextends: cn-disclosure\n'
    (tmp_path / "own" / "pack.yaml").write_text(head, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["rules", "new", "within-limit", "--pack", "own"]) == 0
    known = ["--reason", "并案审理", "--until", "2026-12-31", "--today", "2026-06-30"]
    assert main(["waive", "d268a6900f1ac413", "r.txt", "--by", "李四", *known]) == 0
    assert main(["attest", "r.docx", "-o", "m.json", "--approved-by", "王五", "--pack", "own", "--today", "2026-06-30"]) == 1
    return tmp_path


def verified(capsys: pytest.CaptureFixture[str], *files: str) -> tuple[int, list[str]]:
    """The exit code and the lines that tell what is not as it was."""
    capsys.readouterr()
    code = main(["verify", "m.json", *files, "--lang", "en"])
    return code, [line for line in capsys.readouterr().out.splitlines() if line.startswith("≠")]


def test_the_manifest_holds_everything(desk: Path) -> None:
    manifest = json.loads((desk / "m.json").read_text(encoding="utf-8"))
    (document,) = manifest["documents"]
    assert (manifest["schema"], manifest["attested_on"], manifest["approved_by"]) == ("govreport-manifest/1", "2026-06-30", "王五")
    assert (document["format"], document["verdict"], document["numbers"]["waived"]) == ("docx", "findings", 1)
    assert [(one["finding"], one["reason"], one["by"]) for one in document["waived"]] == [("d268a6900f1ac413", "并案审理", "李四")]
    assert document["settings"] == {"packs": "own"}
    assert [one["id"] for one in manifest["packs"]] == ["form", "own", "cn-disclosure"]
    assert manifest["packs"][1]["folder"] == "own"
    assert [(one["kind"], one["file"]) for one in manifest["files"]] == [("waivers", "govreport.waivers.yaml")]
    assert str(desk) not in json.dumps(manifest)


def test_the_same_bytes_and_the_same_figures_in_another_format_are_what_was_checked(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verified(capsys, "r.docx", "r.pdf") == (0, [])
    shutil.copy(desk / "r.docx", desk / "renamed.docx")
    assert verified(capsys, "renamed.docx") == (0, [])


def test_one_byte_is_told(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (desk / "r.docx").open("ab") as file:
        file.write(b"\0")
    code, told = verified(capsys, "r.docx")
    assert code == 1
    assert any("bytes changed" in line for line in told)


def test_one_figure_of_another_format_is_told_with_its_place(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (desk / "r.txt").read_text(encoding="utf-8").replace("412", "413", 1)
    (desk / "r.txt").write_text(text, encoding="utf-8")
    code, told = verified(capsys, "r.txt")
    assert (code, len(told)) == (1, 2)
    assert "413" in told[1]


def test_a_rule_file_is_told_by_its_name(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = desk / "own" / "within-limit.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("1000000\n", "1000000 \n", 1), encoding="utf-8")
    code, told = verified(capsys, "r.docx")
    assert code == 1
    assert told == ["≠ own/within-limit.yaml  the rule file changed"]
    path.unlink()
    assert verified(capsys, "r.docx")[1] == ["≠ own/within-limit.yaml  the rule file is gone"]


def test_a_waiver_is_told_by_its_finding(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = desk / "govreport.waivers.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("2026-12-31", "2027-12-31"), encoding="utf-8")
    code, told = verified(capsys, "r.docx")
    assert (code, told) == (1, ["≠ govreport.waivers.yaml d268a6900f1ac413  the waiver changed"])
    path.write_text("schema: govreport-waivers/1\nwaivers:\n", encoding="utf-8")
    assert verified(capsys, "r.docx")[1] == ["≠ govreport.waivers.yaml d268a6900f1ac413  the waiver is gone"]
    path.unlink()
    assert verified(capsys, "r.docx")[1] == ["≠ govreport.waivers.yaml  the file is gone"]


def test_the_manifest_itself_and_the_engine_are_told(
    desk: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = desk / "m.json"
    path.write_text(path.read_text(encoding="utf-8").replace("王五", "赵六"), encoding="utf-8")
    assert verified(capsys, "r.docx") == (1, ["≠ seal  the manifest itself was changed"])
    monkeypatch.setattr("govreport_check.verification.engine_hash", lambda: "0")
    assert any("engine" in line for line in verified(capsys, "r.docx")[1])


@pytest.mark.parametrize("content", [b"", b"no report at all\n", b"\0\1\2"])
def test_what_is_no_report_of_the_manifest_is_told(desk: Path, content: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    (desk / "other.txt").write_bytes(content)
    code, told = verified(capsys, "other.txt")
    assert (code, len(told)) == (1, 1)


def test_what_cannot_be_attested_is_one_line(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["attest", "nothing.docx", "-o", "n.json"]) == 2
    assert main(["verify", "r.txt", "r.docx"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 2
    (desk / "broken.txt").write_bytes(b"\0")
    assert main(["attest", "broken.txt", "-o", "n.json"]) == 3
    (document,) = json.loads((desk / "n.json").read_text(encoding="utf-8"))["documents"]
    assert (document["verdict"], document["said"], document["format"]) == ("not_verified", None, "unread")
