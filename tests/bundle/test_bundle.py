"""The folder that needs no installation: complete for the computer it is for, whole when it starts, and told when it is not."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from govreport_check import bundle
from govreport_check.bundle import TARGETS, make_bundle, missing
from govreport_check.cli import main
from govreport_check.errors import UsageError

pytest.importorskip("packaging")
PYTHON = ".".join(map(str, sys.version_info[:2]))

OURS = "govreport-check[pdf,serve,xlsx]"


def wheel(folder: Path, name: str, *requires: str, content: str = "", more: str = "") -> Path:
    """A wheel of one module that requires these."""
    path = folder / f"{name}-1.0-py3-none-any.whl"
    lines = ["Metadata-Version: 2.1", f"Name: {name.replace('_', '-')}", "Version: 1.0", *(f"Requires-Dist: {one}" for one in requires)]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{name}-1.0.dist-info/METADATA", "\n".join(lines) + "\n")
        archive.writestr(f"{name}/__init__.py", "")
        archive.writestr(f"{name}/__main__.py", content)
        if more:
            archive.writestr(f"{name}-1.0.data/platlib/{name}/more.py", more)
    return path


MAIN = "import sys\nfrom govreport_check.more import said\nprint(said, *sys.argv[1:])\nsys.exit(7)\n"


def test_markers_are_those_of_the_other_computer(tmp_path: Path) -> None:
    own = wheel(tmp_path, "govreport_check", "one", 'page[quick]; extra == "serve"', 'never; extra == "dev"')
    page = wheel(tmp_path, "page", 'colors>=1; platform_system == "Windows"', 'loop; extra == "quick" and sys_platform != "win32"')
    old = wheel(tmp_path, "one", 'backport; python_version < "3.12"')
    have = [own, page, old]
    assert missing(have, TARGETS["win_amd64"], "3.12") == ["colors>=1"]
    assert missing(have, TARGETS["linux_aarch64"], "3.12") == ["loop"]
    assert sorted(missing(have, TARGETS["linux_x86_64"], "3.11")) == ["backport", "loop"]
    assert missing([own], TARGETS["win_amd64"], "3.12") == ["one", "page"]


@pytest.fixture
def fake_pip(monkeypatch: pytest.MonkeyPatch) -> list[Sequence[str]]:
    """Gathers our wheel, whose requirement for Windows only the second call brings, as pip does."""
    asked: list[Sequence[str]] = []

    def pip(*words: str) -> None:
        asked.append(words)
        target = Path(words[words.index("--wheel-dir" if words[0] == "wheel" else "--dest") + 1])
        if words[0] == "wheel":
            needs = 'colors; platform_system == "Windows"'
            wheel(target, "govreport_check", needs, content=MAIN, more="said = '开始'\n")
        elif words[-1] == "colors":
            wheel(target, "colors")

    monkeypatch.setattr(bundle, "_pip", pip)
    return asked


def test_what_pip_leaves_out_for_another_computer_is_asked_for(fake_pip: list[Sequence[str]], tmp_path: Path) -> None:
    wheels = make_bundle("win_amd64", tmp_path / "out", "3.12")
    assert wheels == ["colors-1.0-py3-none-any.whl", "govreport_check-1.0-py3-none-any.whl"]
    assert [words[-1].partition(" @")[0] for words in fake_pip[1:]] == [OURS, "colors"]
    assert {"win_amd64", "3.12", "--only-binary=:all:"} <= set(fake_pip[1])
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"开始核对.bat", "start.bat", "start.py", "python", "wheels"} <= names
    script = (tmp_path / "out" / "start.bat").read_bytes()
    assert script == (tmp_path / "out" / "开始核对.bat").read_bytes() and script.count(b"\r\n") == script.count(b"\n")
    assert "py -3.12" in script.decode() and "{python}" not in script.decode()
    readme = (tmp_path / "out" / "python" / "README.txt").read_text(encoding="utf-8")
    assert "3.12" in readme and "{" not in readme


def test_a_wheel_that_does_not_exist_is_told_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fake_pip: list[Sequence[str]]
) -> None:
    gathering = bundle._pip
    monkeypatch.setattr(bundle, "_pip", lambda *words: None if words[-1] == "colors" else gathering(*words))
    with pytest.raises(UsageError, match="colors"):
        make_bundle("win_amd64", tmp_path / "out", "3.12")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_there_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine").write_text("mine", encoding="utf-8")
    assert main(["bundle", "--platform", "win_amd64", "-o", str(tmp_path)]) == 2
    assert main(["bundle", "--platform", "win_amd64", "-o", str(tmp_path / "new"), "--python", "2.7"]) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
    assert str(tmp_path) in capsys.readouterr().err


# --- starting --------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def made(fake_pip: list[Sequence[str]], tmp_path: Path) -> Path:
    make_bundle("linux_x86_64", tmp_path / "核对", PYTHON)
    return tmp_path / "核对"


def started(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The start script run with this Python and nothing else."""
    paths = f"{Path(sys.executable).parent}{os.pathsep}/usr/bin{os.pathsep}/bin"
    clean = {"PATH": paths, "HOME": str(folder.parent / "home"), "PYTHONUTF8": "1", **environment}
    return subprocess.run(["/bin/sh", str(folder / "start.sh"), *words], capture_output=True, text=True, env=clean, check=False)


pytestmark_posix = pytest.mark.skipif(not Path("/bin/sh").exists(), reason="no /bin/sh")


@pytestmark_posix
def test_it_starts_with_what_its_wheels_hold(made: Path) -> None:
    for _ in range(2):
        done = started(made, "--port", "0")
        assert (done.returncode, done.stdout) == (7, "开始 serve --lang zh --port 0\n"), done.stderr
    assert len(list(made.glob("app-*"))) == 1 and not list(made.glob(".app-*"))


@pytestmark_posix
def test_a_damaged_wheel_is_told_and_not_run(made: Path) -> None:
    (own,) = (made / "wheels").glob("govreport*.whl")
    own.write_bytes(own.read_bytes()[:-1] + b"x")
    done = started(made)
    assert done.returncode == 2 and own.name in done.stderr and "Traceback" not in done.stderr
    own.unlink()
    assert started(made).returncode == 2


@pytestmark_posix
def test_another_python_is_told(made: Path) -> None:
    text = (made / "start.py").read_text(encoding="utf-8")
    (made / "start.py").write_text(text.replace(f'"{PYTHON}"', '"3.99"'), encoding="utf-8")
    done = started(made)
    assert done.returncode == 2 and "3.99" in done.stderr and "Traceback" not in done.stderr


def test_the_list_of_wheels_is_of_their_contents(made: Path) -> None:
    for line in (made / "wheels" / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((made / "wheels" / name).read_bytes()).hexdigest() == digest


@pytest.mark.slow
@pytest.mark.parametrize(("platform", "python"), [("win_amd64", "3.12"), ("linux_aarch64", "3.12"), ("linux_x86_64", PYTHON)])
def test_every_wheel_is_found(platform: str, python: str, tmp_path: Path) -> None:
    """By hand: gathers the real wheels, and lets pip resolve them without an index."""
    wheels = make_bundle(platform, tmp_path / "out", python)
    assert any(name.startswith("pydantic_core") for name in wheels)
    tags = [word for tag in TARGETS[platform].tags for word in ("--platform", tag)]
    where = ["--no-index", "--find-links", str(tmp_path / "out" / "wheels"), "--target", str(tmp_path / "x"), "--only-binary=:all:"]
    where += ["--ignore-requires-python"]  # of this computer: pip looks at no other
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--dry-run",
        *where,
        *tags,
        "--python-version",
        python,
        "govreport-check[pdf,serve,xlsx]",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "PIP_FIND_LINKS": ""})
    assert done.returncode == 0, done.stderr
