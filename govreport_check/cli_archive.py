"""``govreport archive``: many reports as Parquet, built, checked, compared under two rule sets, counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from govreport_check import console
from govreport_check.beside import WAIVERS
from govreport_check.cli_check import READABLE

if TYPE_CHECKING:
    from govreport_check.archive.running import Built, Rules
    from govreport_check.selection import Options

FOLDER = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(dir_okay=False, path_type=Path)


def _on_engine(command: Callable[..., int]) -> Callable[..., int]:
    """The options of commands that work on a whole archive."""
    options = (
        click.option("--engine", type=click.Choice(["local", "dask"]), default="local", show_default=True, help="What runs the work."),
        click.option("--jobs", type=click.IntRange(1), metavar="N", help="How many processes; as many as processors by default."),
        click.option("--scheduler", metavar="ADDRESS", help="The Dask scheduler to use: tcp://host:8786."),
        click.option("--lang", type=console.LANG, help="Language of what is said."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _of_rules(command: Callable[..., int]) -> Callable[..., int]:
    """The options that say which rules are evaluated."""
    options = (
        click.option("--select", multiple=True, metavar="RULE,...", help="Only these rules: ids, names or beginnings of them."),
        click.option("--ignore", multiple=True, metavar="RULE,...", help="All but these rules."),
        click.option("--profile", metavar="NAME", help="One of the pack's ways of checking: draft, publish, review."),
        click.option("--whole", is_flag=True, help="Also evaluate the rules about prose, from the whole reports; much slower."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.group()
def archive() -> None:
    """Keep many reports as Parquet, and check them from their columns."""


@archive.command("build")
@click.argument("root", type=FOLDER, metavar="ARCHIVE")
@click.argument("files", nargs=-1, required=True, metavar="FILE|FOLDER...")
@click.option("--pack", "packs", multiple=True, metavar="NAME|FOLDER", help="Whose forms to read with; found from the report by default.")
@click.option("--max-size", type=click.IntRange(1), metavar="MB", help="Read files of up to so many megabytes; 64 by default.")
@_on_engine
def build(
    root: Path,
    files: tuple[str, ...],
    packs: tuple[str, ...],
    max_size: int | None,
    engine: Literal["local", "dask"],
    jobs: int | None,
    scheduler: str | None,
    lang: str | None,
) -> int:
    """Read reports into an archive. What is in it already is not read again.

    Exits with 1 where a file could not be read, with 3 where the archive stays empty.
    """
    from govreport_check.archive import running, told

    chosen = lang or console.language()
    with running.engine_of(engine, jobs, scheduler) as run:
        steps = running.build(root, _files(files), run, packs or None, console.megabytes(max_size))
        built = running.added_up(_complaining(steps, chosen))
    console.deliver(_text(told.built_lines(root, built, chosen)))
    return (console.NOTHING if not built.added + built.known else 1) if built.unread else 0


def _files(names: Iterable[str]) -> Iterator[Path]:
    """The files that are meant; a folder stands for the readable ones below it, hidden ones and waivers left out."""
    for path in map(Path, names):
        inside = (
            sorted(one for one in path.rglob("*") if one.suffix.lower() in READABLE and one.name != WAIVERS) if path.is_dir() else [path]
        )
        yield from (one for one in inside if one == path or not _is_hidden(one.relative_to(path)))


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _text(lines: Iterable[str]) -> str:
    """Lines that steer no terminal, whatever stands in a report."""
    from govreport_check.renderers.lines import clean

    return "".join(f"{clean(line)}\n" for line in lines)


def _complaining(steps: Iterable[Built], lang: str) -> Iterator[Built]:
    from govreport_check.archive import told

    for step in steps:
        console.complain(told.unread_lines(step, lang), 1)
        yield step


@archive.command("check")
@click.argument("root", type=FOLDER, metavar="ARCHIVE")
@click.option("-o", "--output", "target", type=FILE, required=True, metavar="FILE", help="The findings, as Parquet.")
@click.option("--pack", "packs", multiple=True, metavar="NAME|FOLDER", help="Rules to check with; every bundled pack by default.")
@_of_rules
@_on_engine
def check(
    root: Path,
    target: Path,
    packs: tuple[str, ...],
    engine: Literal["local", "dask"],
    jobs: int | None,
    scheduler: str | None,
    lang: str | None,
    whole: bool,
    **chosen: Any,
) -> int:
    """Check an archive from its columns and write the findings as Parquet.

    Exits with 1 where a report has errors, or was not wholly checked.
    """
    from govreport_check.archive import running, told

    with running.engine_of(engine, jobs, scheduler) as run:
        checked = running.check_archive(root, _rules(packs), run, target, _options(lang, **chosen), whole=whole)
    console.deliver(_text(told.checked_lines(checked, target, lang or console.language())))
    return int(bool(checked.loud or checked.strange))


def _rules(packs: tuple[str, ...]) -> list[Rules]:
    from govreport_check.archive.running import rules_of
    from govreport_check.pack import bundled

    return [rules_of(name) for name in packs or bundled()]


def _options(lang: str | None, select: tuple[str, ...], ignore: tuple[str, ...], profile: str | None) -> Options:
    from govreport_check.selection import Options

    return Options(lang, console.parts_of(select), console.parts_of(ignore), profile=profile)


@archive.command("diff")
@click.argument("root", type=FOLDER, metavar="ARCHIVE")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option("-o", "--output", "target", type=FILE, metavar="FILE", help="The changes one by one, as Parquet.")
@_of_rules
@_on_engine
def diff(
    root: Path,
    old: str,
    new: str,
    target: Path | None,
    engine: Literal["local", "dask"],
    jobs: int | None,
    scheduler: str | None,
    lang: str | None,
    whole: bool,
    **chosen: Any,
) -> int:
    """Show what another version of a pack would newly flag, and no longer flag, in an archive.

    OLD and NEW are packs, by name or folder. Exits with 0 where both say the same, with 1 where they do not.
    """
    from govreport_check.archive import comparing, running, told

    with running.engine_of(engine, jobs, scheduler) as run:
        batches = list(running.diff_archive(root, running.rules_of(old), running.rules_of(new), run, _options(lang, **chosen), whole=whole))
    if target is not None:
        comparing.write_changes(target, batches)
    found = comparing.changes(batches)
    console.deliver(_text(told.change_lines(found, lang or console.language())))
    return int(bool(found))


@archive.command("stats")
@click.argument("root", type=FOLDER, metavar="ARCHIVE")
@click.option("--findings", type=FILE, metavar="FILE", help="Also count these findings, by rule.")
@click.option("--lang", type=console.LANG, help="Language of what is said.")
def stats(root: Path, findings: Path | None, lang: str | None) -> int:
    """Count what an archive holds: reports by form and year, figures by state."""
    from govreport_check.archive import counting, told

    chosen = lang or console.language()
    lines = list(told.year_lines(counting.years_of(root), chosen))
    lines += told.rule_lines(counting.rules_in(findings), chosen) if findings else []
    console.deliver(_text(lines))
    return 0
