"""The result of a check written where it is wanted: printed, and in any number of formats into files."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from govreport_check import console
from govreport_check.renderers import FILE_SUFFIXES, FILES_ONLY, JSON_FORMATS, OUTPUTS

if TYPE_CHECKING:
    from govreport_check.findings import Result
    from govreport_check.renderers.letter import Letterhead


def printed_format(context: click.Context, format_: str, quiet: bool, statistics: bool) -> str:
    """The format that is printed; ``--format``, ``--quiet`` and ``--statistics`` all say that. Raises UsageError for more than one."""
    stated = context.get_parameter_source("format_") is click.core.ParameterSource.COMMANDLINE
    if stated + quiet + statistics > 1:
        raise click.UsageError("--format, --quiet and --statistics all say what is printed; give one, and --output for the others")
    _refuse_text(format_, context.params.get("output_file"))
    return "quiet" if quiet else "statistics" if statistics else format_


def targets_of(outputs: Iterable[str], output_file: Path | None = None) -> list[tuple[str, Path]]:
    """(format, file) of every ``FORMAT=FILE``. Raises UsageError, before anything is checked, for what is none or a file named twice."""
    targets = [_target(text) for text in outputs]
    files = [path.resolve() for path in (*(path for _, path in targets), output_file) if path]
    if len(set(files)) < len(files):
        raise click.UsageError("--output: two formats cannot be written into one file")
    return targets


def _target(text: str) -> tuple[str, Path]:
    format_, sign, name = text.partition("=")
    if not sign or not name:
        raise click.UsageError(f"--output takes FORMAT=FILE, not {text}")
    if format_ not in OUTPUTS:
        raise click.UsageError(f"--output {text}: no format is called {format_}; there are {', '.join(OUTPUTS)}")
    _refuse_text(format_, Path(name))
    return format_, Path(name)


def _refuse_text(format_: str, target: Path | None) -> None:
    """Raises UsageError, before anything is checked, where a format that is no text would be printed or get another format's name."""
    endings = FILE_SUFFIXES.get(format_, ())
    if format_ in FILES_ONLY and (target is None or target.suffix.lower() not in endings):
        raise click.UsageError(f"{format_} is no text; write it into a file: --output {format_}=FILE{endings[0]}")


def letterhead(stated: Iterable[str]) -> Letterhead | None:
    """What ``--letter KEY=VALUE`` says; None where it says nothing. Raises UsageError for another key, or a day that is none."""
    stated = tuple(stated)
    if not stated:
        return None
    from govreport_check.renderers.letter import Letterhead

    keys = [field.name for field in fields(Letterhead)]
    found: dict[str, Any] = {}
    for text in stated:
        key, sign, value = text.partition("=")
        if not sign or key not in keys or not value.strip():
            raise click.UsageError(f"--letter takes KEY=VALUE with {', '.join(keys)}, not {text}")
        found[key] = _day(text, value.strip()) if key in ("due", "day") else value.strip()
    return Letterhead(**found)


def _day(text: str, value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise click.UsageError(f"--letter {text}: write the day as 2025-03-31") from None


def put_files(result: Result, targets: Iterable[tuple[str, Path]], lang: str | None, shown: Mapping[str, Any]) -> bool:
    """Whether every file could be written; one that could not is told, and the others are written all the same."""
    from govreport_check.renderers import render_file

    written = True
    for format_, path in targets:
        try:
            console.write_file(path, render_file(result, format_, path.suffix, lang=lang, **shown))
        except click.ClickException as error:
            console.complain([f"{console.COMMAND}: {error.format_message()}"], console.FAILED)
            written = False
    return written


def put_result(result: Result, format_: str, lang: str | None, output_file: Path | None, shown: Mapping[str, Any]) -> None:
    """The result in ``output_file``, else on standard output, in colour where it is wanted. Raises ClickException."""
    from govreport_check.renderers import render, render_file

    if output_file is not None and output_file.suffix.lower() in FILE_SUFFIXES.get(format_, ()):
        console.write_file(output_file, render_file(result, format_, output_file.suffix, lang=lang, **shown))
        return
    color = output_file is None and console.wants_color(sys.stdout)
    text = render(result, format_, lang=lang, width=console.width_of(sys.stdout), color=color, **shown)
    console.deliver(text, output_file, json=format_ in JSON_FORMATS)
