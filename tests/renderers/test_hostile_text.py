"""Whatever a report says, it stays text in every format."""

from __future__ import annotations

import json
import re
import unicodedata
import xml.etree.ElementTree as ElementTree

import pytest
from hostile import SOURCE, hostile_result
from markdown_it import MarkdownIt

from govreport_check.findings import Result
from govreport_check.renderers import FORMATS, JSON_FORMATS, render

ALL = {"notes": True, "waived": True, "fingerprints": True}
COMMAND = re.compile(r"^\s*::|##\[")


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    result = hostile_result()
    return {format_: render(result, format_, **ALL) for format_ in FORMATS}


@pytest.mark.parametrize("format_", FORMATS)
def test_no_character_steers_what_shows_it(texts: dict[str, str], format_: str) -> None:
    steering = [char for char in texts[format_] if unicodedata.category(char) in ("Cc", "Cf", "Cs") and char != "\n"]
    assert steering == []


@pytest.mark.parametrize("format_", sorted(set(FORMATS) - {"github", "html"}))
@pytest.mark.parametrize("color", [False, True])
def test_no_line_is_a_command_of_a_ci_server(texts: dict[str, str], format_: str, color: bool) -> None:
    text = render(hostile_result(), format_, width=60, color=color, **ALL) if format_ == "rich" else texts[format_]
    assert [line for line in text.splitlines() if COMMAND.search(line)] == []


def test_the_commands_of_github_are_ours_alone(texts: dict[str, str]) -> None:
    *lines, last = texts["github"].split("\n")[:-1]
    matches = [re.fullmatch(r"::(error|warning|notice) file=([^:,]*),line=(\d+),title=([^:,]*)::([^\n\r]*)", line) for line in lines]
    assert [match and match[1] for match in matches] == ["error", "error", "warning", "warning", "notice"]
    assert COMMAND.search(last) is None
    assert {match[2] for match in matches if match} == {"%3A%3Aerror%3A%3A报告%2C一%3A《x》|<b> @octocat%250A.txt"}
    assert all("%0A" not in match[5].replace("%250A", "") for match in matches if match)


@pytest.mark.parametrize("format_", sorted(JSON_FORMATS))
def test_json_is_json(texts: dict[str, str], format_: str) -> None:
    lines = texts[format_].splitlines() if format_ == "jsonl" else [texts[format_]]
    assert all(json.loads(line) for line in lines)


def test_json_keeps_what_the_report_says(texts: dict[str, str]) -> None:
    assert Result.model_validate_json(texts["json"]).model_dump() == hostile_result().model_dump()
    assert [json.loads(line)["kind"] for line in texts["jsonl"].splitlines()] == ["result", "report", *["finding"] * 5]
    assert json.loads(texts["jsonl"].splitlines()[1])["source"] == SOURCE


def test_xml_is_one_tree_of_our_elements(texts: dict[str, str]) -> None:
    root = ElementTree.fromstring(texts["junit"])
    assert {element.tag for element in root.iter()} == {"testsuites", "testsuite", "testcase", "failure", "error", "skipped", "system-out"}
    assert "<script>alert(1)</script>" in (root.find(".//failure").text or "")  # type: ignore[union-attr]


def test_markdown_shows_text_and_nothing_else(texts: dict[str, str]) -> None:
    tokens = MarkdownIt("gfm-like", {"html": True, "linkify": False}).parse(texts["markdown"])
    inline = [child for token in tokens for child in token.children or []]
    assert {token.type for token in inline} <= {"text", "strong_open", "strong_close", "softbreak", "hardbreak", "text_special"}
    assert {token.content.strip() for token in tokens if token.type == "html_block"} == {
        "<details>\n<summary>逐条说明（5条）</summary>",
        "</details>",
    }
    assert len([token for token in tokens if token.type == "table_open"]) == 1
    assert len([token for token in tokens if token.type == "tr_open"]) == 6
    assert {len(row.strip().strip("|").replace(r"\|", "").split("|")) for row in texts["markdown"].splitlines() if row.startswith("|")} == {
        3
    }
    assert "<script>alert(1)</script>" in "".join(child.content for child in inline)


def test_markdown_makes_no_mention_reference_or_link(texts: dict[str, str]) -> None:
    shown = "".join(
        child.content for token in MarkdownIt("gfm-like", {"linkify": False}).parse(texts["markdown"]) for child in token.children or []
    )
    assert re.findall(r"@\w|#\d|://\w|www\.\w", shown) == []


def test_sarif_keeps_paths_as_references(texts: dict[str, str]) -> None:
    uris = re.findall(r'"uri": "([^"]*)"', texts["sarif"])
    assert len(uris) >= 6
    assert all(re.fullmatch(r"[A-Za-z0-9%/._~-]+", uri) for uri in uris)
