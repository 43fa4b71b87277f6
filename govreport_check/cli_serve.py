"""``govreport serve``: the page on this machine, and the interface for other programs."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import click

from govreport_check import console
from govreport_check.errors import UsageError

TOKEN = "GOVREPORT_TOKEN"
_SHORTEST = 16
_INSTALL = 'govreport serve needs what the extra serve brings: pip install "govreport-check[serve]"'


@click.command()
@click.argument("files", nargs=-1, type=click.Path(dir_okay=False, path_type=Path), metavar="[FILE]...")
@click.option("--port", type=click.IntRange(0, 65535), default=0, show_default=True, help="Port to listen at; 0 takes a free one.")
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar="ADDRESS",
    help="Address to listen at; another than this machine's own needs a token in GOVREPORT_TOKEN.",
)
@click.option("--base-path", default="", metavar="/PATH", help="Path before all others, behind a proxy.")
@click.option(
    "--origin", "origins", multiple=True, metavar="URL", help="Address under which a proxy offers the page: https://check.example."
)
@click.option("--max-size", type=click.IntRange(1), metavar="MB", help="Read files of up to so many megabytes; 64 by default.")
@click.option("--browser/--no-browser", default=True, help="Open the page in the browser.")
@click.option("--lang", type=console.LANG, help="Language of the page at first.")
def serve(
    files: tuple[Path, ...],
    port: int,
    host: str,
    base_path: str,
    origins: tuple[str, ...],
    max_size: int | None,
    browser: bool,
    lang: str | None,
) -> int:
    """Open a page on which reports are checked and mended, and answer other programs.

    Everything stays on this machine: the page is reached by the address that is printed, and nothing is written to the disk.
    """
    try:
        from govreport_check.serve.running import Wanted, run
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("starlette", "uvicorn", "h11", "python_multipart", "jinja2"):
            raise
        raise UsageError(_INSTALL) from None
    token = os.environ.get(TOKEN) or None
    if token is not None and (len(token) < _SHORTEST or not token.isascii() or not token.isprintable()):
        raise UsageError(f"{TOKEN} must have at least {_SHORTEST} characters, all of them ASCII")
    if base_path and not re.fullmatch(r"(?:/[A-Za-z0-9._~-]+)+", base_path):
        raise UsageError(f"--base-path is a path such as /check, not {base_path}")
    for origin in origins:
        if not re.fullmatch(r"https?://[A-Za-z0-9.:\[\]-]+", origin):
            raise UsageError(f"--origin is an address such as https://check.example, not {origin}")
    given = [(str(path), _content(path)) for path in files]
    wanted = Wanted(host, port, base_path, origins, token, lang or console.language(), browser, console.megabytes(max_size))
    return run(wanted, given, lambda line: console.put(f"{line}\n", sys.stdout), lambda line: console.complain([line], 0))


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
