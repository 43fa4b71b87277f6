from __future__ import annotations

import io
import json

import pytest

from govreport_check import console


def stream(encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="strict", newline="\n")


def written(to: io.TextIOWrapper) -> bytes:
    to.flush()
    raw = to.buffer
    return raw.getvalue() if isinstance(raw, io.BytesIO) else b""


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [("utf-8", "表三 \U0001f600 ✓".encode()), ("gbk", "表三 ? ?".encode("gbk")), ("ascii", rb"\u8868\u4e09 \U0001f600 \u2713")],
)
def test_no_console_fails_for_a_character(encoding: str, expected: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    out = stream(encoding)
    monkeypatch.setattr("sys.stdout", out)
    console.prepare()
    console.put("表三 \U0001f600 ✓", out)
    assert written(out) == expected


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "ascii", "latin-1"])
def test_json_is_the_same_document_in_every_encoding(encoding: str) -> None:
    document = {"表三": "é “三安全” \U0001f600"}
    text = console.json_for(json.dumps(document, ensure_ascii=False), stream(encoding))
    assert json.loads(text.encode(encoding)) == document


@pytest.mark.parametrize(
    ("environment", "expected"),
    [({}, False), ({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, False)],
)
def test_color_by_the_usual_customs(environment: dict[str, str], expected: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert console.wants_color(stream("utf-8")) is expected


def test_a_terminal_has_color_unless_it_is_dumb(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    terminal = stream("utf-8")
    monkeypatch.setattr(console, "is_terminal", lambda _: True)
    monkeypatch.setenv("TERM", "xterm")
    assert console.wants_color(terminal)
    monkeypatch.setenv("TERM", "dumb")
    assert not console.wants_color(terminal)


def test_width_is_columns_else_a_hundred(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "72")
    assert console.width_of(stream("utf-8")) == 72
    monkeypatch.delenv("COLUMNS")
    assert console.width_of(stream("utf-8")) == 100
