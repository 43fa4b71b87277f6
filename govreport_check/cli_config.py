"""What commands that check reports share: settings from the command line and from files, and a bar while many reports are read."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping, Sequence, Sized
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from govreport_check import console

if TYPE_CHECKING:
    from govreport_check.drafts import Progress
    from govreport_check.engine import Job, Options
    from govreport_check.findings import Result
    from govreport_check.parallel import Crew
    from govreport_check.settings import Finder, Setting

_NAMES: Mapping[str, str] = {
    "packs": "packs",
    "select": "select",
    "ignore": "ignore",
    "fail_on": "fail-on",
    "strict": "strict",
    "profile": "profile",
    "rules_as_of": "rules-as-of",
    "lang": "lang",
    "waivers": "waivers",
    "baseline": "baseline",
    "new_since": "baseline",
    "max_size": "max-size",
    "outputs": "outputs",
}
"""Which parameter of a command is which setting."""

_MANY = 32
"""From so many reports on, processes are worth their start."""

_PATIENCE = 1.0
"""Seconds of work before a bar is shown."""


def stated(context: click.Context) -> dict[str, Setting]:
    """The settings that the command line states, by their key in a file. Raises UsageError where two options say the same."""
    from govreport_check.settings import Setting

    found: dict[str, Setting] = {}
    options = {parameter.name: parameter.opts[0] for parameter in context.command.params}
    for parameter, name in _NAMES.items():
        source = context.get_parameter_source(parameter) if parameter in options else None
        if source is None or source in (click.core.ParameterSource.DEFAULT, click.core.ParameterSource.DEFAULT_MAP):
            continue
        if name in found:
            raise click.UsageError(f"{found[name].origin} and {options[parameter]} exclude each other")
        found[name] = Setting(_value(name, context.params[parameter]), options[parameter])
    return found


def _value(name: str, value: Any) -> Any:
    if name in ("select", "ignore"):
        return console.parts_of(value)
    return tuple(map(str, value)) if isinstance(value, tuple) else value


def finding(config: Path | None, without: bool) -> Finder:
    """How settings are found: in a file, nowhere, or above each report."""
    from govreport_check.settings import finder

    if config is not None and without:
        raise click.UsageError("--config and --no-config exclude each other")
    return finder(config, without)


def outputs(find: Finder) -> tuple[str, ...]:
    """What the settings of the working folder say is to be written: ``html=out/report.html``. Raises PackError for what is no output."""
    from govreport_check.cli_output import targets_of
    from govreport_check.errors import Complaint, PackError
    from govreport_check.settings import near

    config = find(Path("-"))
    if config is None or not config.file.outputs:
        return ()
    file, _, line = config.at("outputs").rpartition(":")
    try:
        targets = targets_of(config.file.outputs)
    except click.UsageError as error:
        raise PackError([Complaint(file, int(line), 1, error.format_message().replace("--output", "outputs", 1))]) from None
    return tuple(f"{format_}={near(config.folder / path)}" for format_, path in targets)


def check_all(jobs: Sequence[Job], options: Options, stated: Mapping[str, Setting], find: Finder, crew: Crew | None = None) -> Result:
    """What the rules say of every job, with a bar on standard error while it takes long and is watched."""
    from govreport_check.settings import check_configured

    with watched() as bar:
        return check_configured(jobs, options, stated, find, bar, crew)


@contextmanager
def watched() -> Iterator[Progress | None]:
    """A bar to be told how far reading is, None where nobody watches; it is gone afterwards."""
    bar = _bar()
    try:
        yield bar
    finally:
        if bar is not None:
            click.echo("\r\033[K", nl=False, err=True, color=True)


def crew_for(jobs: Sized, workers: int | None, kept: Path | None) -> Crew | None:
    """Who does the work: several processes where that is asked for, or where there are many reports and it is not said; else this one."""
    from importlib.util import find_spec

    if workers is None:
        workers = console.cores() if len(jobs) >= _MANY and find_spec("pebble") else 1
    if workers == 1 and kept is None:
        return None
    from govreport_check.parallel import Crew

    return Crew(workers, kept)


def told_of(crew: Crew | None, jobs: Sequence[Job], code: int) -> int:
    """The exit code; after an interrupt what was left undone is told."""
    if crew is None or not crew.left:
        return code
    further = f"; run it again with --resume {crew.kept} to go on" if crew.kept else "; with --resume FOLDER it could be gone on with"
    told = f"{console.COMMAND}: interrupted: {len(jobs) - crew.left} of {len(jobs)} reports were checked{further}"
    return console.complain([told], console.INTERRUPTED)


def _bar() -> Progress | None:
    if not console.is_terminal(sys.stderr):
        return None
    begun = time.monotonic()

    def progress(done: int, total: int) -> None:
        if total > 1 and time.monotonic() - begun > _PATIENCE:
            filled = 30 * done // total
            click.echo(f"\r{'#' * filled}{'-' * (30 - filled)} {done}/{total}", nl=False, err=True)

    return progress


def show(jobs: Sequence[Job], stated: Mapping[str, Setting], find: Finder, lang: str | None) -> int:
    """Prints the settings of every report and who stated them."""
    from govreport_check.settings import as_text, home_of, settings_for

    groups = [(job.name or str(job.source), settings_for(home_of(job), stated, find(home_of(job)))) for job in jobs]
    console.deliver(as_text(groups, lang or "zh"))
    return 0
