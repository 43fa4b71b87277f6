"""Taking a report in: what it is is told by content, and what cannot be read says so in one line."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from govreport_check.errors import SourceError
from govreport_check.readers import load_source

TEXT = "云岭县2024年政府信息公开工作年度报告\n一、总体情况\n"


def lines(source: object) -> list[str]:
    loaded = load_source(source)  # type: ignore[arg-type]
    assert loaded.document is not None
    return [block.text for block in loaded.document.blocks]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends_make_no_difference(encoding: str, end: str) -> None:
    assert lines(TEXT.replace("\n", end).encode(encoding)) == TEXT.split("\n")[:2]


def test_text_has_a_line_end_and_anything_else_is_a_path(tmp_path: Path) -> None:
    path = tmp_path / "报告 《2024》.txt"
    path.write_text(TEXT, encoding="utf-8")
    assert lines(TEXT) == lines(str(path)) == lines(path)
    with pytest.raises(SourceError, match="no such file"):
        load_source("云岭县2024年报告.txt")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n\t", "empty"),
        (b"%PDF-1.7\n...", "(?i)pdf|damaged"),
        (b"PK\x03\x04\x14\x00", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "(?i)office|damaged"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"abc\x00def", "NUL"),
        (TEXT.encode("utf-16"), "UTF-16"),
        (TEXT.encode("utf-16-le"), "NUL|neither"),
        ("déjà".encode("latin-1"), "neither"),
        (TEXT.encode() + b"\xff\xfe\xfd", "neither"),
        (b'{"schema": "govreport-report/1",}', "expected"),
        (b"schema: govreport-report/1\nabout: [", "not YAML"),
    ],
)
def test_what_cannot_be_read_is_one_line_with_a_next_step(content: bytes, says: str) -> None:
    with pytest.raises(SourceError, match=says) as caught:
        load_source(content, name="r.txt")
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("r.txt")
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_a_mistake_in_json_has_its_line_and_column() -> None:
    with pytest.raises(SourceError) as caught:
        load_source(b'{\n "about": {]\n}', name="r.json")
    assert str(caught.value).startswith("r.json:2:12:")


def test_a_folder_is_no_report(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="folder"):
        load_source(tmp_path)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ('{"form": "cn-disclosure/2021"}\n', "json"),
        ("schema: govreport-report/1\nform: x\n", "yaml"),
        ("# c\nschema: 'govreport-report/1'\n", "yaml"),
        ("[由整理者补入]\n一、总体情况\n", "text"),
        ("标题: 云岭县\n", "text"),
    ],
)
def test_the_kind_is_told_by_content(content: str, kind: str) -> None:
    assert load_source(content).kind == kind


def test_a_mapping_is_data() -> None:
    assert load_source({"tables": {}}).kind == "data"
