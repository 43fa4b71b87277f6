"""``govreport serve``: what it refuses before it listens, and at which names it is known."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from govreport_check.cli import main
from govreport_check.serve.running import Wanted, is_local, rules_of


def wanted(host: str, *origins: str) -> Wanted:
    return Wanted(host, 0, "", origins, None, "zh", False, None)


@pytest.mark.parametrize(
    ("options", "token", "said"),
    [
        (["--host", "0.0.0.0"], "", "GOVREPORT_TOKEN"),
        (["--host", "example.invalid"], "", "GOVREPORT_TOKEN"),
        ([], "short", "GOVREPORT_TOKEN"),
        (["--base-path", "check"], "", "--base-path"),
        (["--base-path", "/a b"], "", "--base-path"),
        (["--origin", "page.example/x"], "", "--origin"),
        (["--host", "203.0.113.7"], "a-secret-of-the-tests", "203.0.113.7"),
    ],
)
def test_what_is_not_safe_or_not_possible_is_refused(
    options: list[str], token: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GOVREPORT_TOKEN", token)
    assert main(["serve", "--no-browser", *options]) == 2
    assert said in capsys.readouterr().err


def test_a_port_that_is_taken_is_told(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GOVREPORT_TOKEN", raising=False)
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert main(["serve", "--no-browser", "--port", str(port)]) == 2
    assert f"127.0.0.1:{port}" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GOVREPORT_TOKEN", raising=False)
    assert main(["serve", "--no-browser", str(tmp_path / "nix.txt")]) == 2
    assert "nix.txt" in capsys.readouterr().err


def test_only_names_of_this_machine_are_its_own() -> None:
    assert [is_local(host) for host in ("127.0.0.1", "::1", "localhost", "127.9.9.9")] == [True] * 4
    assert [is_local(host) for host in ("0.0.0.0", "::", "192.168.0.2", "localhost.example", "check.example")] == [False] * 5


def test_everywhere_means_addresses_and_no_names() -> None:
    rules = rules_of(wanted("0.0.0.0", "https://page.example"), 8000, ("t",))
    assert rules.port == 8000 and rules.hosts == {"0.0.0.0:8000", "localhost:8000", "page.example"}
    assert rules_of(wanted("127.0.0.1"), 80, ("t",)).hosts >= {"127.0.0.1", "localhost", "localhost:80"}
