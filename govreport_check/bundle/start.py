"""Opens the page from the folder that this file stands in: no installation, no network. ``govreport bundle`` copies it there.

The wheels are unpacked once, beside this file or, where nothing can be written there, in the user's own folder.
"""

from __future__ import annotations

import hashlib
import os
import runpy
import shutil
import sys
import zipfile
from pathlib import Path

PYTHON = "0.0"
HERE = Path(__file__).resolve().parent


def main() -> int:
    """Returns the exit code where the page cannot be opened; else ends with that of ``govreport serve``."""
    if ".".join(map(str, sys.version_info[:2])) != PYTHON:
        return fail(
            f"需要 Python {PYTHON}，而此处是 {sys.version.split()[0]}，请按 python/README.txt 操作。",
            f"Python {PYTHON} is needed, this is {sys.version.split()[0]}: see python/README.txt.",
        )
    wheels = listed(HERE / "wheels")
    damaged = [name for name, digest in wheels.items() if digest_of(HERE / "wheels" / name) != digest]
    if damaged:
        return fail(
            f"文件缺失或者损坏，请重新复制整个文件夹：{damaged[0]}", f"missing or damaged, copy the whole folder again: {damaged[0]}"
        )
    folder = unpacked(wheels)
    if folder is None:
        return fail("没有可以写入的文件夹，请将整个文件夹复制到本机磁盘。", "no folder can be written: copy the whole folder to a disk.")
    sys.path.insert(0, str(folder))
    sys.argv[1:1] = ["serve"]
    runpy.run_module("govreport_check", run_name="__main__", alter_sys=True)
    return 0


def fail(zh: str, en: str) -> int:
    sys.stderr.reconfigure(errors="replace")  # type: ignore[union-attr]
    print(f"{zh}\n{en}", file=sys.stderr)  # noqa: T201
    return 2


def listed(wheels: Path) -> dict[str, str]:
    """The wheels and their SHA-256, as the list beside them says."""
    lines = (wheels / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def digest_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def unpacked(wheels: dict[str, str]) -> Path | None:
    """The folder with what the wheels hold; None where it cannot be written. Its name says which wheels they are."""
    name = f"app-{hashlib.sha256(''.join(wheels.values()).encode()).hexdigest()[:16]}"
    for parent in (HERE, Path.home() / ".govreport-check"):
        if (parent / name).is_dir():
            return parent / name
        try:
            return unpack(wheels, parent, name)
        except OSError:
            continue
    return None


def unpack(wheels: dict[str, str], parent: Path, name: str) -> Path:
    parent.mkdir(exist_ok=True)
    beside = parent / f".{name}.{os.getpid()}"
    try:
        for wheel in wheels:
            with zipfile.ZipFile(HERE / "wheels" / wheel) as archive:
                archive.extractall(beside)
        for data in beside.glob("*.data"):
            for part in ("purelib", "platlib"):
                if (data / part).is_dir():
                    shutil.copytree(data / part, beside, dirs_exist_ok=True)
        beside.rename(parent / name)
    except OSError:
        shutil.rmtree(beside, ignore_errors=True)
        if not (parent / name).is_dir():  # another start may have been quicker
            raise
    return parent / name


if __name__ == "__main__":
    sys.exit(main())
