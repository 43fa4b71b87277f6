"""``govreport bundle``: the page as a folder that needs no installation."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from govreport_check import console
from govreport_check.errors import UsageError

_PLATFORMS = ("win_amd64", "linux_x86_64", "linux_aarch64")


@click.command()
@click.option("--platform", type=click.Choice(_PLATFORMS), required=True, help="The kind of computer that it is for.")
@click.option("-o", "--output", "folder", type=click.Path(path_type=Path), required=True, metavar="DIR", help="The folder to make.")
@click.option("--python", metavar="VERSION", help="The Python that it is for: 3.12; by default the one that runs this.")
def bundle(platform: str, folder: Path, python: str | None) -> int:
    """Make a folder that opens the page by a double-click, without installation and without network.

    It holds every package that is needed, gathered by pip from where pip is set up to look, a place for an interpreter, and a start script.
    """
    from govreport_check.bundle import make_bundle

    chosen = python or ".".join(map(str, sys.version_info[:2]))
    if not chosen.startswith("3.") or not chosen[2:].isdigit() or int(chosen[2:]) < 11:
        raise UsageError(f"--python is 3.11 or later, such as 3.12, not {chosen}")
    wheels = make_bundle(platform, folder, chosen)
    console.put(f"{folder}: {len(wheels)} wheels, Python {chosen}, {platform}\n", sys.stdout)
    return 0
