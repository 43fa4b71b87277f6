"""Files of any kind that are broken or made to hurt: one line, no crash, no hang, little memory."""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from documents import as_html, printed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reader_reports import FORM, ROOT, YUNLING

from govreport_check import check, read
from govreport_check.errors import SourceError
from govreport_check.readers import load_source

ENDINGS = ("txt", "md", "html", "mht", "docx", "xlsx", "xls", "doc", "pdf", "ofd", "json", "yaml", "zip", "png", "")
BEGINNINGS = {
    "pdf": b"%PDF-1.7\n",
    "zip": b"PK\x03\x04\x14\x00\x00\x00\x08\x00",
    "ole": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "html": b"<!DOCTYPE html><html><body><table><tr><td>",
    "mhtml": b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n',
    "xml": b"<?xml version='1.0'?>\n",
    "markdown": b"# a\n|---|\n",
    "json": b'{"schema":',
    "yaml": b"schema: govreport-report/1\n",
    "nothing": b"",
}
PAGE = as_html(printed(read(YUNLING), FORM)).encode()


def is_told(content: bytes, name: str = "r") -> None:
    """That a check of ``content`` ends, and says what it says in one line each."""
    result = check(content, name=name)
    assert all("\n" not in finding.message for finding in result.findings)
    assert result.reports[0].verdict.value != "clean"


@pytest.mark.parametrize("ending", ENDINGS)
def test_random_bytes_under_any_name(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"r.{ending}"
    path.write_bytes(random.Random(ending).randbytes(50_000))
    with pytest.raises(SourceError) as caught:
        load_source(path)
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("beginning", BEGINNINGS.values(), ids=BEGINNINGS)
@pytest.mark.parametrize("seed", range(2))
def test_random_bytes_behind_any_beginning(beginning: bytes, seed: int) -> None:
    source = random.Random(seed)
    is_told(beginning + source.randbytes(5000))
    is_told(beginning + bytes(source.choice(b"<>/ tdrableps='0123456789&;#x\n") for _ in range(20_000)))
    is_told(beginning)


LONG = {
    "lines": "1\n" * 2_000_000,
    "rows": YUNLING.replace("三、收到", "| 规章 | 3 | 5 | 74 |\n" * 9_000 + "三、收到"),
    "claims": YUNLING.replace("三、收到", "2024年主动公开12条。\n" * 5_000 + "三、收到"),
    "headings": YUNLING + "一、总体情况\n" * 9_000,
    "paragraphs": "<p>x" * 190_000 + "\n",
    "cells": "<p>x</p>\n<table>" + "<tr><td>1<td>2" * 60_000,
    "bars": "# a\n|---|\n" + "|1|*2*|\n" * 30_000,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_more_than_any_report_holds_takes_less_than_ten_seconds(text: str) -> None:
    start = time.process_time()
    result = check(text.encode())
    assert all("\n" not in finding.message for finding in result.findings)
    assert time.process_time() - start < 10


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_page_with_any_change_is_read_or_told(data: Any) -> None:
    at = data.draw(st.integers(0, len(PAGE)))
    length = data.draw(st.sampled_from([0, 1, 10, 1000]))
    new = data.draw(st.binary(max_size=20) | st.sampled_from([b"</table>", b"<td colspan=999>", b"<!--", b"<table><tr>", b"\xff"]))
    result = check(PAGE[:at] + new + PAGE[at + length :])
    assert all("\n" not in finding.message for finding in result.findings)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(at=st.integers(0, len(PAGE)))
def test_a_page_cut_anywhere_is_no_clean_report(at: int) -> None:
    cut = PAGE[:at].decode(errors="ignore")
    if "结转下年度继续办理" not in cut:  # table three is not whole
        assert check(cut + "\n").reports[0].verdict.value != "clean"


MEMORY = """
import sys
sys.path.insert(0, "tests/readers")
from memory import peak_kib
from govreport_check import check
check(sys.stdin.buffer.read(), name="r")
print(peak_kib() // 1024)
"""


@pytest.mark.parametrize(
    "content",
    [
        b"<div>" * 2_000_000,
        b"<p>x</p><table>" + b"<tr><td rowspan=65534 colspan=999>1" * 20_000,
        b"<p>x</p><table><tr>" + b"<td>1" * 10_000,
        b"<p>x</p>" + b"<table><tr><td>1<td>2</table>" * 40_000,
        b"<p>" + b"\xe4\xb8\x80" * 3_000_000,
    ],
    ids=["deep", "spans", "wide", "many", "long"],
)
def test_ten_megabytes_take_no_more_than_500_of_memory_and_ten_seconds(content: bytes) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    done = subprocess.run([sys.executable, "-c", MEMORY], input=content, capture_output=True, check=True, cwd=ROOT)
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before < 10
    assert int(done.stdout) < 500
