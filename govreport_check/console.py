"""What every command shares: the terminal's width and colour, how to print any character anywhere, and how to complain."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

import click

WIDTH = 100
COMMAND = "govreport"
FAILED, NOTHING, INTERRUPTED = 2, 3, 130
STDIN, STDIN_NAME = "-", "<stdin>"
LANG = click.Choice(["zh", "en"])
DAY = click.DateTime(["%Y-%m-%d"])


def is_terminal(stream: TextIO) -> bool:
    return bool(getattr(stream, "isatty", lambda: False)())


def width_of(stream: TextIO) -> int:
    """``COLUMNS``, else the terminal's width, else 100 where there is no terminal."""
    if os.environ.get("COLUMNS", "").isdigit() or is_terminal(stream):
        return shutil.get_terminal_size((WIDTH, 24)).columns
    return WIDTH


def wants_color(stream: TextIO) -> bool:
    """By the usual customs: ``NO_COLOR`` turns it off, ``FORCE_COLOR`` on, otherwise a terminal that is not dumb."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return is_terminal(stream) and os.environ.get("TERM") != "dumb"


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def language() -> str:
    """zh where ``GOVREPORT_LANG``, or else the locale's usual variables, say Chinese; en otherwise."""
    names = ("GOVREPORT_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    stated = next((os.environ[name] for name in names if os.environ.get(name)), "")
    return "zh" if stated.lower().startswith("zh") else "en"


def prepare() -> None:
    """Make standard output and error accept every character.

    Where Chinese can be shown at all, a single strange character becomes ``?``; elsewhere every character is kept as its code.
    """
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace" if _can("中", stream) else "backslashreplace")


def _can(text: str, stream: TextIO) -> bool:
    try:
        text.encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def json_for(text: str, stream: TextIO) -> str:
    r"""JSON that ``stream`` can encode: where it cannot, all but ASCII becomes ``\uXXXX``, which is the same document."""
    return text if _can(text, stream) else "".join(char if char.isascii() else _escaped(char) for char in text)


def _escaped(char: str) -> str:
    units = char.encode("utf-16-be", errors="surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def put(text: str, stream: TextIO) -> None:
    """Write ``text``; a reader that has gone away (``| head``) is no error and changes no exit code."""
    try:
        click.echo(text, file=stream, nl=False, color=True)  # colour is already as wanted; old Windows consoles are taught it here
    except BrokenPipeError:
        # The interpreter flushes once more when it ends: give it somewhere to do so.
        with open(os.devnull, "w") as nowhere:  # noqa: PTH123
            os.dup2(nowhere.fileno(), stream.fileno())


def complain(lines: Iterable[str], code: int) -> int:
    """Say ``lines`` on standard error; the exit code is handed back."""
    from govreport_check.renderers.lines import clean

    for line in lines:
        click.echo(clean(line), err=True)
    return code


def deliver(text: str, output_file: Path | None = None, *, json: bool = False) -> None:
    """Write ``text`` into a file in UTF-8, else to standard output."""
    if output_file is None:
        put(json_for(text, sys.stdout) if json else text, sys.stdout)
        return
    write_file(output_file, text.encode("utf-8", "replace"))


def write_file(target: Path, content: bytes) -> None:
    """Put ``content`` into a file as a whole or not at all: whoever reads it meanwhile finds the old one or the new one.

    A link goes on pointing to its file; what is no plain file (a pipe, a device) is written to. Raises ClickException.
    """
    path = target.resolve()
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(content)
        else:
            _replace(path, content)
    except OSError as error:
        raise click.ClickException(f"{target} could not be written: {error.strerror or error}") from None


def _replace(path: Path, content: bytes) -> None:
    beside = path.with_name(f".{path.name[:80]}.{os.getpid()}.tmp")
    try:
        beside.write_bytes(content)
        if path.exists():
            shutil.copymode(path, beside)
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


def parts_of(values: Iterable[str]) -> tuple[str, ...]:
    """What an option names that may be given several times and take several, with commas between."""
    return tuple(part.strip() for value in values for part in value.split(",") if part.strip())


def megabytes(number: int | None) -> int | None:
    """As many bytes; None stays None."""
    return None if number is None else number << 20
