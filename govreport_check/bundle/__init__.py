"""A folder that checks reports without an installation: wheels, a place for an interpreter, and something to double-click.

What is gathered is checked to be complete for the computer it is meant for (PEP 508 markers, which pip answers for the one it runs on).
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import distribution, version
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from govreport_check.errors import UsageError

NAME = "govreport-check"
EXTRAS = ("pdf", "serve", "xlsx")
"""What the page needs; archives and the like would make the folder three times as large."""
_HERE = Path(__file__).parent
_SOURCE = _HERE.parents[1]
_MANY = ("2_28", "2_27", "2_26", "2_24", "2_17", "2014", "2_12", "2010", "2_5", "1")
_SECONDS = 1800


@dataclass(frozen=True, slots=True)
class Target:
    """A kind of computer. ``tags`` as pip takes them; ``markers`` as PEP 508 names what a requirement depends on."""

    tags: tuple[str, ...]
    markers: Mapping[str, str]

    @property
    def is_windows(self) -> bool:
        return self.markers["sys_platform"] == "win32"


def _linux(machine: str) -> Target:
    tags = (f"manylinux{'_' if '_' in one else ''}{one}_{machine}" for one in _MANY)
    names = {"os_name": "posix", "sys_platform": "linux", "platform_system": "Linux"}
    return Target((*tags, f"linux_{machine}"), {**names, "platform_machine": machine})


TARGETS: Mapping[str, Target] = {
    "win_amd64": Target(
        ("win_amd64",), {"os_name": "nt", "sys_platform": "win32", "platform_system": "Windows", "platform_machine": "AMD64"}
    ),
    "linux_x86_64": _linux("x86_64"),
    "linux_aarch64": _linux("aarch64"),
}


def make_bundle(platform: str, folder: Path, python: str) -> list[str]:
    """Makes ``folder``, which must not be there yet, for a ``platform`` of :data:`TARGETS` and a Python (``3.12``); its wheels.

    Raises UsageError where pip is missing or fails, or a wheel does not exist for that computer.
    """
    target = TARGETS[platform]
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is there already; name a new folder")
    folder.absolute().parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder.absolute().parent, prefix=".bundle-") as name:
        made = Path(name, "bundle")
        wheels = made / "wheels"
        wheels.mkdir(parents=True)
        _gather(wheels, target, python)
        _write_rest(made, target, python)
        if folder.exists():
            folder.rmdir()
        made.replace(folder)
    return sorted(path.name for path in (folder / "wheels").glob("*.whl"))


def _gather(wheels: Path, target: Target, python: str) -> None:
    """Every wheel that the program needs on the target, its own first."""
    wanted = [_own(wheels)]
    known: set[str] = set()
    while wanted:
        _pip("download", "--dest", str(wheels), "--find-links", str(wheels), *_options(target, python), *wanted)
        wanted = sorted(set(missing(wheels.glob("*.whl"), target, python)) - known)
        known |= set(wanted)
    if left := missing(wheels.glob("*.whl"), target, python):
        raise UsageError(f"the wheels are not complete: {', '.join(left)}")


def _own(wheels: Path) -> str:
    """This program as a requirement of pip: its own wheel, made from the source where it runs from there."""
    source, wanted = _source(), f"{NAME}[{','.join(EXTRAS)}]"
    if source is None:
        return f"{wanted}=={version(NAME)}"
    inside = [] if find_spec("hatchling") is None else ["--no-build-isolation"]
    _pip("wheel", "--no-deps", "--wheel-dir", str(wheels), *inside, str(source))
    (wheel,) = wheels.glob("*.whl")
    return f"{wanted} @ {wheel.resolve().as_uri()}"


def _source() -> Path | None:
    """The folder from which this program runs or was installed (PEP 610), where it is still there."""
    stated = json.loads(distribution(NAME).read_text("direct_url.json") or "{}").get("url", "")
    installed = Path(url2pathname(urlsplit(stated).path)) if stated.startswith("file:") else _SOURCE
    return next((folder for folder in (_SOURCE, installed) if (folder / "pyproject.toml").is_file()), None)


def _options(target: Target, python: str) -> list[str]:
    platforms = [word for tag in target.tags for word in ("--platform", tag)]
    return ["--only-binary=:all:", "--implementation", "cp", "--python-version", python, *platforms]


def _pip(*words: str) -> None:
    """Raises UsageError with what pip says when it fails."""
    if find_spec("pip") is None:
        raise UsageError("govreport bundle needs pip in this environment: python -m ensurepip")
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *words, "--quiet", "--no-input"]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=_SECONDS, check=False)
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or done.stderr.splitlines()[-3:]
        raise UsageError(f"pip {words[0]} failed: {' '.join(said)[:600]}")


def missing(wheels: Iterable[Path], target: Target, python: str) -> list[str]:
    """What the wheels require on the target that is not among them, as requirements. Raises UsageError without ``packaging``."""
    try:
        from packaging.requirements import Requirement
        from packaging.utils import canonicalize_name, parse_wheel_filename
    except ImportError:
        raise UsageError(f'govreport bundle needs packaging: pip install "{NAME}[bundle]"') from None
    have = {parse_wheel_filename(path.name)[0]: path for path in wheels}
    environment = {**target.markers, "python_version": python, "python_full_version": f"{python}.0", "implementation_name": "cpython"}
    environment |= {"platform_python_implementation": "CPython", "platform_release": "", "platform_version": ""}
    pending, asked = [(canonicalize_name(NAME), extra) for extra in EXTRAS], set[tuple[Any, str]]()
    lacking: dict[str, None] = {}
    while pending:
        one = pending.pop()
        if one in asked or one[0] not in have:
            continue
        asked.add(one)
        for requirement in map(Requirement, _required(have[one[0]])):
            if requirement.marker is None or requirement.marker.evaluate({**environment, "extra": one[1]}):
                name = canonicalize_name(requirement.name)
                pending += [(name, extra) for extra in ("", *requirement.extras)]
                if name not in have:
                    lacking[f"{requirement.name}{requirement.specifier}"] = None
    return list(lacking)


def _required(wheel: Path) -> Iterator[str]:
    """The ``Requires-Dist`` of a wheel."""
    import zipfile
    from email.parser import HeaderParser

    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        yield from HeaderParser().parsestr(archive.read(name).decode("utf-8")).get_all("Requires-Dist") or []


def _write_rest(made: Path, target: Target, python: str) -> None:
    """The start scripts, the list of the wheels and the place of the interpreter."""
    sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in sorted((made / "wheels").glob("*.whl"))]
    (made / "wheels" / "SHA256SUMS").write_text("".join(sums), encoding="utf-8")
    start = (_HERE / "start.py").read_text(encoding="utf-8").replace('"0.0"', f'"{python}"', 1)
    (made / "start.py").write_text(start, encoding="utf-8")
    (made / "python").mkdir()
    kind = "windows" if target.is_windows else "linux"
    told = (_HERE / f"python-{kind}.txt").read_text(encoding="utf-8").replace("{python}", python)
    (made / "python" / "README.txt").write_bytes(_lines(told, target))
    ending = "bat" if target.is_windows else "sh"
    script = _lines((_HERE / f"start.{ending}").read_text(encoding="utf-8").replace("{python}", python), target)
    for name in (f"开始核对.{ending}", f"start.{ending}"):
        (made / name).write_bytes(script)
        (made / name).chmod(0o755)
    shutil.copyfile(_SOURCE / "LICENSE", made / "LICENSE") if (_SOURCE / "LICENSE").is_file() else None


def _lines(text: str, target: Target) -> bytes:
    return (text.replace("\n", "\r\n") if target.is_windows else text).encode("utf-8")
