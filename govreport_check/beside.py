"""Where files lie that belong to a report: settings and waivers, in its folder or above it."""

from __future__ import annotations

from pathlib import Path

WAIVERS = "govreport.waivers.yaml"

SETTINGS = ("govreport.toml", "pyproject.toml")
"""Which files may hold settings; the first that does is taken."""


def waivers_beside(report: Path, working: Path | None = None) -> Path | None:
    """The waivers file for a report, in the nearest of :func:`folders_above`. A path in the working folder is relative to it."""
    top = (working or Path.cwd()).absolute()
    found = next((folder / WAIVERS for folder in folders_above(report, working) if (folder / WAIVERS).is_file()), None)
    return found.relative_to(top) if found is not None and found.is_relative_to(top) else found


def folders_above(report: Path, working: Path | None = None) -> list[Path]:
    """Where files that belong to a report are looked for: its folder, then those above, up to the working folder or the repository's root.

    Outside of both only the report's own folder counts: what lies further up is not meant for it.
    """
    own = report.absolute().parent
    top = (working or Path.cwd()).absolute()
    folders = [own, *own.parents]
    last = next((i for i, folder in enumerate(folders) if folder == top or (folder / ".git").exists()), 0)
    return folders[: last + 1]


def settings_above(report: Path, working: Path | None = None) -> list[Path]:
    """The files that may hold settings for a report, the nearest first."""
    return [folder / name for folder in folders_above(report, working) for name in SETTINGS if (folder / name).is_file()]
