"""What is refused or bounded, with a plain sentence, while the next request is answered."""

from __future__ import annotations

import asyncio
import http.client
import io
import json
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest.mock import Mock
from urllib.parse import urlsplit

import pytest
from serving import CLEAN, HANGING, MISTAKES, TOKEN, Serving, application_for, as_the_command_says, in_this_process, started
from uvicorn import Config
from uvicorn.server import ServerState

from govreport_check.serve.bounds import MIB, Bounds
from govreport_check.serve.running import Impatient


def asked(serving: Serving, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> tuple[int, str]:
    """The status and the code of an answer to a request whose headers are exactly these."""
    parts = urlsplit(serving.address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    for name, value in {"Host": parts.netloc, "Content-Length": str(len(body)), **headers}.items():
        connection.putheader(name, value)
    connection.endheaders(body)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    is_problem = answer.getheader("content-type") == "application/problem+json"
    return answer.status, json.loads(content)["error"]["code"] if is_problem else ""


QUESTION = json.dumps({"text": CLEAN.decode(), "name": "a.txt"}).encode()
OWN = {"X-Govreport-Token": TOKEN}


def is_well(serving: Serving) -> bool:
    answer = serving.client.post("api/check", content=QUESTION)
    return bool(answer.json()["result"]["reports"][0]["verdict"] == "clean")


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, (401, "token")),
        ({"X-Govreport-Token": TOKEN[:-1]}, (401, "token")),
        ({"Authorization": "Basic " + TOKEN}, (401, "token")),
        ({"X-Govreport-Token": "口令".encode().decode("latin-1")}, (401, "token")),
        ({"Authorization": "Bearer " + TOKEN}, (200, "")),
        (OWN, (200, "")),
        ({**OWN, "Origin": "https://evil.example"}, (403, "origin")),
        ({**OWN, "Origin": "null"}, (403, "origin")),
        ({**OWN, "Sec-Fetch-Site": "cross-site"}, (403, "origin")),
        ({**OWN, "Origin": "{own}"}, (200, "")),
        ({**OWN, "Host": "rebound.example:{port}"}, (421, "host")),
        ({**OWN, "Host": "127.0.0.1"}, (421, "host")),
        ({**OWN, "Host": "localhost:{port}", "Origin": "http://localhost:{port}"}, (200, "")),
    ],
)
def test_only_the_page_and_who_has_the_token_may_ask(process: Serving, headers: dict[str, str], expected: tuple[int, str]) -> None:
    parts = urlsplit(process.address)
    own = {name: value.format(port=parts.port, own=f"http://{parts.netloc}") for name, value in headers.items()}
    assert asked(process, "POST", "/api/check", own, QUESTION) == expected
    assert is_well(process)


def test_every_answer_forbids_what_the_page_does_not_need(process: Serving) -> None:
    for path in ("", "api/health", "api/options", "nowhere", "static/index.html"):
        headers = process.client.get(path).headers
        policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
        assert policy["default-src"] == "'none'" and policy["frame-ancestors"] == "'none'"
        assert (policy["script-src"], policy["style-src"], policy["connect-src"]) == ("'self'",) * 3
        assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")
        assert "server" not in headers and "access-control-allow-origin" not in headers


def test_the_token_is_behind_the_number_sign_of_the_address(process: Serving) -> None:
    assert "/#token=" in process.printed and TOKEN not in process.printed
    assert process.address.startswith("http://127.0.0.1:")


@pytest.mark.parametrize(
    "path", ["static/../app.py", "static/%2e%2e/app.py", "static/..%2fapp.py", "static//etc/passwd", "api", "api/take/exe"]
)
def test_nothing_but_the_page_is_served(process: Serving, path: str) -> None:
    parts = urlsplit(process.address)
    assert asked(process, "GET", f"/{path}", OWN)[0] in (404, 405), parts


def test_a_large_upload_is_thrown_away_as_it_comes(process: Serving) -> None:
    """200 MB: the server's memory does not grow by what it refuses."""

    def pieces() -> Iterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.docx"\r\n\r\n'
        yield from (bytes(MIB) for _ in range(200))
        yield b"\r\n--x--\r\n"

    for _ in range(2):
        answer = process.client.post("api/documents", content=pieces(), headers={"content-type": "multipart/form-data; boundary=x"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too-large")
        assert "64 MiB" in answer.json()["error"]["zh"]
    big = process.client.post("api/check", content=(bytes(MIB) for _ in range(100)))
    assert (big.status_code, big.json()["error"]["code"]) == (413, "too-large")
    many = process.client.post("api/check", content=b'{"report": {"tables": ' + b"[" * 2_100_000)
    assert (many.status_code, many.json()["error"]["code"]) == (413, "too-large")
    status = Path(f"/proc/{process.pid}/status")
    if status.is_file():
        peak = next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        assert peak < 300 * 1024
    assert is_well(process)


def test_a_size_that_is_stated_is_refused_before_anything_comes(process: Serving) -> None:
    assert asked(process, "POST", "/api/documents", {**OWN, "Content-Length": str(1 << 40)}) == (413, "too-large")
    assert is_well(process)


def zip_bomb() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", bytes(300 * MIB))
    return content.getvalue()


def test_a_zip_bomb_is_told_and_harms_nothing(process: Serving) -> None:
    (id_,) = process.hand_in(("bomb.docx", zip_bomb()))
    told = process.client.get(f"api/documents/{id_}").json()
    assert told["state"] == "failed" and told["error"]["zh"]
    assert process.check({"id": id_})["result"]["reports"][0]["verdict"] == "not_verified"
    assert is_well(process)


def test_ten_uploads_at_once_are_all_read(process: Serving) -> None:
    with ThreadPoolExecutor(10) as pool:
        ids = [ids[0] for ids in pool.map(lambda i: process.hand_in((f"{i}.txt", MISTAKES)), range(10))]
    assert len(set(ids)) == 10
    assert process.check({"id": ids[9]})["result"] == as_the_command_says(MISTAKES, "9.txt")


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (b"", "body"),
        (b"[" * 100_000, "body"),
        (b'{"documents": []}', "documents"),
        (b'{"documents": [{"id": "x", "edits": [{"at": "a"}]}]}', "documents.0.edits.0.to"),
        (b'{"content": "***"}', "content"),
        (b'{"text": "a", "content": "YQ=="}', "text"),
        (b'{"nix": 1}', "nix"),
        (b'{"text": "\xff"}', "body"),
    ],
)
def test_a_body_that_does_not_fit_is_told_with_its_place(process: Serving, body: bytes, place: str) -> None:
    answer = process.client.post("api/check", content=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "body")
    assert place in answer.json()["error"]["en"]


@pytest.mark.parametrize("wait", ["\N{SUPERSCRIPT TWO}", "9" * 5000, "-1", "x", "0"])
def test_any_wait_for_a_document_is_answered(process: Serving, wait: str) -> None:
    (id_,) = process.hand_in(("a.txt", CLEAN))
    assert process.client.get(f"api/documents/{id_}", params={"wait": wait}).json()["state"] == "ready"


def test_a_broken_upload_is_told(process: Serving) -> None:
    for content in (b"", b"--x\r\nnix", b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\na\r\n--x--\r\n'):
        answer = process.client.post("api/documents", content=content, headers={"content-type": "multipart/form-data; boundary=x"})
        assert answer.status_code == 400 and answer.json()["error"]["zh"], content
    assert is_well(process)


# --- workers that hang, die or take too much -------------------------------------------------------------------------------------

SMALL = Bounds(reading=6, kept=4 * MIB, max_size=MIB, memory=1536 * MIB)


@pytest.fixture(scope="module")
def fragile() -> Iterator[Serving]:
    """A server whose workers fail at some documents."""
    with in_this_process(application_for(SMALL, HANGING)) as serving:
        yield serving


@pytest.mark.parametrize(("content", "said"), [(b"HANG", "6秒"), (b"DIE", "意外终止"), (b"BUG", "意外终止"), (b"MEMORY", "内存")])
def test_a_worker_that_fails_is_replaced_and_its_job_told(fragile: Serving, content: bytes, said: str) -> None:
    ids = fragile.hand_in(("bad.txt", content), ("good.txt", CLEAN))
    bad, good = (fragile.client.get(f"api/documents/{id_}").json() for id_ in ids)
    assert (bad["state"], good["state"]) == ("failed", "ready")
    assert said in bad["error"]["zh"]
    answer = fragile.check(*({"id": id_} for id_ in ids), lang="zh")
    assert [report["verdict"] for report in answer["result"]["reports"]] == ["not_verified", "clean"]
    assert is_well(fragile)


def test_the_longest_unused_documents_go_when_there_is_no_room(fragile: Serving) -> None:
    padding = CLEAN + b"\n" * (MIB - len(CLEAN) - 1)
    ids = [fragile.hand_in((f"{i}.txt", padding))[0] for i in range(5)]
    codes = [fragile.client.get(f"api/documents/{id_}").status_code for id_ in ids]
    assert codes[0] == 404 and codes[-1] == 200
    answer = fragile.client.post("api/check", json={"documents": [{"id": ids[0]}]})
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "no-document")


def test_more_at_once_than_there_is_room_for_is_put_off(fragile: Serving) -> None:
    files = [("file", (f"{i}.txt", b"x" * (MIB - 1))) for i in range(6)]
    answer = fragile.client.post("api/documents", files=files)
    assert answer.status_code in (413, 503) and answer.json()["error"]["zh"]
    assert is_well(fragile)


def test_an_upload_that_is_refused_leaves_nothing_behind() -> None:
    """Documents that nobody reads would never go: a few such uploads would shut everybody out."""
    bounds = Bounds(kept=4 * MIB, max_size=MIB, documents=4)
    with in_this_process(application_for(bounds)) as serving:
        for _ in range(6):
            answer = serving.client.post("api/check?lang=xx", files={"file": ("a.txt", bytes(MIB - 1))})
            assert (answer.status_code, answer.json()["error"]["code"]) == (400, "body")
            many = serving.client.post("api/documents", files=[("file", (f"{i}.txt", CLEAN)) for i in range(5)])
            assert (many.status_code, many.json()["error"]["code"]) == (503, "busy")
        assert len(serving.hand_in(*((f"{i}.txt", CLEAN) for i in range(4)))) == 4


def test_a_head_that_does_not_end_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    closed = []
    transport = Mock(get_extra_info=lambda _name: None, close=lambda: closed.append(True))

    async def connect(*pieces: bytes) -> None:
        config = Config(application_for(), http=Impatient, log_level="critical")
        config.load()
        protocol = Impatient(config, ServerState(), {})
        protocol.connection_made(transport)
        for piece in pieces:
            await asyncio.sleep(0.03)
            protocol.data_received(piece)
        await asyncio.sleep(0.15)
        count = len(closed)
        protocol.connection_lost(None)
        closed[:] = [True] * count

    def connected(*pieces: bytes) -> None:
        with ThreadPoolExecutor(1) as apart:  # a browser of other tests has an event loop in this thread
            apart.submit(asyncio.run, connect(*pieces)).result()

    monkeypatch.setattr("govreport_check.serve.running._HEAD", 0.1)
    for pieces in ((), (b"GET / HTTP/1.1\r\n", b"X: a\r\n", b"Y: b\r\n", b"Z: c\r\n")):
        closed.clear()
        connected(*pieces)
        assert closed == [True]
    closed.clear()
    connected(b"POST /api/check HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n")
    assert closed == []


def test_nothing_is_written_and_no_check_waits_for_a_file_that_hangs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with in_this_process(application_for(Bounds(reading=3600), HANGING, [("given.txt", CLEAN)])) as page:
        page.hand_in(("other.txt", CLEAN + b"\n" * (2 * MIB)))
        (given,) = page.client.get("api/documents").json()["documents"]
        answer = page.client.post("api/documents", files={"file": ("bad.txt", b"HANG")})
        (bad,) = answer.json()["documents"]
        assert page.check({"id": given["id"]})["result"] == as_the_command_says(CLEAN, "given.txt")
        assert page.client.get(f"api/documents/{bad['id']}").json()["state"] == "reading"
        assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
        assert page.client.delete(f"api/documents/{given['id']}").status_code == 204
        assert page.client.get(f"api/documents/{given['id']}").json()["error"]["code"] == "no-document"
    assert list(tmp_path.iterdir()) == []


# --- the command -----------------------------------------------------------------------------------------------------------------


def test_a_base_path_stands_before_everything() -> None:
    with started("--no-browser", "--base-path", "/check", "--origin", "https://page.example", token=TOKEN) as serving:
        assert serving.address.endswith("/check/")
        assert is_well(serving)
        assert asked(serving, "GET", "/api/health", OWN) == (404, "path")
        behind = {**OWN, "Host": "page.example", "Origin": "https://page.example"}
        assert asked(serving, "POST", "/check/api/check", behind, QUESTION) == (200, "")
        assert asked(serving, "POST", "/check/api/check", {"Host": "page.example"}, QUESTION) == (401, "token")
