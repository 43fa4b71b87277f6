"""``govreport diff``, ``attest`` and ``verify``: the gate before publication."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from govreport_check import cli_config, console
from govreport_check.errors import UsageError

if TYPE_CHECKING:
    from govreport_check.manifest import Taken
    from govreport_check.settings import Settings

FILE = click.Path(dir_okay=False, path_type=Path)


def _text(lines: Iterable[str]) -> str:
    """Lines that steer no terminal, whatever stands in a report."""
    from govreport_check.renderers.lines import clean

    return "".join(f"{clean(line)}\n" for line in lines)


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW|-")
@click.option("--pack", "packs", multiple=True, metavar="NAME|FOLDER", help="Rules to check with; found from the report by default.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True, help="What is printed.")
@click.option("--lang", type=console.LANG, help="Language of the findings; the report's own by default.")
@click.option("--profile", metavar="NAME", help="One of the pack's ways of checking: draft, publish, review.")
@click.option("--max-size", type=click.IntRange(1), metavar="MB", help="Read files of up to so many megabytes; 64 by default.")
def diff(old: str, new: str, packs: tuple[str, ...], format_: str, lang: str | None, profile: str | None, max_size: int | None) -> int:
    """Show what changed from one report to another: figures, headings, claims, and findings that came and went.

    Two versions of a report or two years of it, each in any format that can be read. Exits with 0 where nothing differs, 1 where
    something does.
    """
    from govreport_check.difference import as_json, as_lines, difference
    from govreport_check.selection import Options

    if old == console.STDIN:
        raise UsageError("only NEW can be - (standard input)")
    given = sys.stdin.buffer.read() if new == console.STDIN else Path(new)
    names = (old, console.STDIN_NAME if new == console.STDIN else new)
    options = Options(lang=lang, profile=profile, max_size=console.megabytes(max_size))
    found = difference(Path(old), given, packs=packs or None, options=options, names=names)
    console.deliver(as_json(found) if format_ == "json" else _text(as_lines(found)), json=format_ == "json")
    return 0 if found.empty else 1


@click.command()
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="FILE...")
@click.option(
    "-o",
    "--output",
    "target",
    type=FILE,
    required=True,
    metavar="FILE",
    help="The manifest to write.",
)
@click.option("--approved-by", metavar="NAME", help="Who approved the publication.")
@click.option("--pack", "packs", multiple=True, metavar="NAME|FOLDER", help="Rules to check with; found from the report by default.")
@click.option("--profile", metavar="NAME", help="One of the pack's ways of checking: draft, publish, review.")
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "note", "never"]),
    default="error",
    show_default=True,
    help="How loud a finding makes a report not clean.",
)
@click.option("--strict", is_flag=True, help="A rule that could not be decided counts as failed.")
@click.option("--prior", type=FILE, metavar="FILE", help="The same agency's report of the year before.")
@click.option("--waivers", type=FILE, metavar="FILE", help="Findings that are excused.")
@click.option("--baseline", type=FILE, metavar="FILE", help="Findings that were there already do not count.")
@click.option("--config", type=FILE, metavar="FILE", help="Settings; else those above each report.")
@click.option("--no-config", is_flag=True, help="Take no settings from govreport.toml or pyproject.toml.")
@click.option("--lang", type=console.LANG, help="Language of the findings; the report's own by default.")
@click.option("--today", type=console.DAY, hidden=True)
@click.pass_context
def attest(
    context: click.Context,
    /,
    files: tuple[Path, ...],
    target: Path,
    approved_by: str | None,
    prior: Path | None,
    config: Path | None,
    no_config: bool,
    today: datetime | None,
    **_stated: Any,
) -> int:
    """Check reports and hold fast in a manifest what was checked: documents, rules, engine, verdicts, waivers.

    The manifest is written whatever the verdict; the exit code is that of `check`. `govreport verify` compares with it later.
    """
    from govreport_check.engine import Job, Options
    from govreport_check.manifest import as_json, content_of, manifest_of
    from govreport_check.settings import settings_for

    find, stated = cli_config.finding(config, no_config), cli_config.stated(context)
    contents = [content_of(path) for path in files]
    day = today.date() if today else date.today()
    jobs = [Job(content, str(path), None, prior) for content, path in zip(contents, files, strict=True)]
    result = cli_config.check_all(jobs, Options(today=day), stated, find)
    settings = [settings_for(path, stated, find(path)) for path in files]
    taken = [_taken(path, content, own, prior) for path, content, own in zip(files, contents, settings, strict=True)]
    manifest = manifest_of(taken, result, target.absolute().parent, on=day, approved_by=approved_by)
    console.deliver(as_json(manifest), target)
    told = [f"{document.name}: {document.verdict}: {document.sentence}" for document in manifest.documents]
    console.deliver(_text([*told, f"{target}: {manifest.seal[:16]}"]))
    return int(result.exit_code)


def _taken(path: Path, content: bytes, settings: Settings, prior: Path | None) -> Taken:
    from govreport_check.manifest import Taken
    from govreport_check.settings import unusual

    named: Sequence[Any] = (("waivers", settings["waivers"].value), ("baseline", settings["baseline"].value), ("prior", prior))
    files = tuple((kind, file) for kind, file in named if file is not None)
    return Taken(str(path), content, unusual(settings), files, settings["packs"].value)


@click.command()
@click.argument("manifest", type=FILE)
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="FILE...")
@click.option("--lang", type=console.LANG, default="zh", show_default=True)
def verify(manifest: Path, files: tuple[Path, ...], lang: str) -> int:
    """Compare what is published with a manifest: byte for byte or, in another format, cell for cell.

    Exits with 1 where a document, a rule file, the engine or a waiver is not as it was, and says which.
    """
    from govreport_check.manifest import read_manifest
    from govreport_check.verification import as_lines, verify

    remarks = verify(read_manifest(manifest), manifest.absolute().parent, files, lang)
    console.deliver(_text(as_lines(remarks, lang)))
    return 0 if all(remark.same for remark in remarks) else 1
