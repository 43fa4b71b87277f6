"""How the tests start servers, and ask them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from some_reports import EXAMPLES, ROOT
from starlette.testclient import TestClient

from govreport_check import check, render
from govreport_check.serve.app import application
from govreport_check.serve.bounds import Bounds
from govreport_check.serve.guard import Guard, Rules

TOKEN = "a-secret-of-the-tests"
MISTAKES = (EXAMPLES / "yunling-2024-mistakes.txt").read_bytes()
CLEAN = (EXAMPLES / "yunling-2024.txt").read_bytes()
HANGING = [sys.executable, str(Path(__file__).parent / "hanging_worker.py")]


@dataclass(frozen=True)
class Serving:
    """A client that has the token, the server's address and what the server printed."""

    client: httpx.Client
    address: str = "http://testserver"
    printed: str = ""
    pid: int = 0

    def hand_in(self, *files: tuple[str, bytes]) -> list[str]:
        """The ids of documents, all of them read."""
        answer = self.client.post("api/documents", files=[("file", file) for file in files])
        assert answer.status_code == 200, answer.text
        ids = [one["id"] for one in answer.json()["documents"]]
        for id_ in ids:
            while self.client.get(f"api/documents/{id_}?wait=30").json()["state"] == "reading":
                pass
        return ids

    def check(self, *documents: dict[str, Any], lang: str | None = None) -> dict[str, Any]:
        answer = self.client.post("api/check", json={"documents": documents, **({"lang": lang} if lang else {})})
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


def application_for(bounds: Bounds | None = None, command: Sequence[str] | None = None, files: Sequence[tuple[str, bytes]] = ()) -> Guard:
    rules = Rules((TOKEN,), frozenset({"testserver"}), frozenset({"http://testserver"}))
    return application(rules, bounds, command=command, files=files)


@contextmanager
def in_this_process(app: Guard) -> Iterator[Serving]:
    with TestClient(app, headers={"X-Govreport-Token": TOKEN}) as client:
        yield Serving(client)


@contextmanager
def started(*options: str, token: str | None = None) -> Iterator[Serving]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "GOVREPORT_LANG": "en", "GOVREPORT_TOKEN": token or ""}
    command = [sys.executable, "-m", "govreport_check", "serve", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)
    assert process.stdout is not None
    try:
        printed = process.stdout.readline()
        address, own = re.findall(r"(http://[^\s#]+)(?:#token=([^&\s]+))?", printed)[0]
        client = httpx.Client(base_url=address, headers={"X-Govreport-Token": own or token or ""}, timeout=60)
        client.get("api/health")  # waits in the socket's queue until the workers are there
        yield Serving(client, address, printed, process.pid)
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()


def as_the_command_says(content: bytes, name: str, **options: Any) -> dict[str, Any]:
    """What ``govreport check --format json`` prints."""
    found: dict[str, Any] = json.loads(render(check(content, name=name, **options), "json"))
    return found


def rules_of(answer: dict[str, Any], report: int = 0) -> set[str]:
    return {
        finding["rule"].partition("/")[2] for finding in answer["result"]["reports"][report]["findings"] if finding["outcome"] == "fail"
    }
