"""``govreport season``: a roster and a folder of reports in, the reviewer's workbook out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from govreport_check import cli_check, cli_config, cli_letters, cli_output, console
from govreport_check.renderers import FILES_ONLY, FORMATS, SHOW_THE_REPORT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from govreport_check.drafts import Progress
    from govreport_check.engine import Job, Options
    from govreport_check.findings import Result
    from govreport_check.parallel import Crew
    from govreport_check.renderers.sheets.table import Sheet
    from govreport_check.season.check import Check
    from govreport_check.season.model import Season
    from govreport_check.settings import Finder, Setting
    from govreport_check.workbook import Kept

FILE = click.Path(dir_okay=False, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)
_BOOK = ".xlsx"


@click.group()
def season() -> None:
    """Review the reports of a roster's units: who reported, what is wrong, what adds up; letters, and the next round."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the command line says, settings apart (``cli_config.stated``)."""

    files: tuple[Path, ...]
    roster: Path
    year: int | None
    due: datetime | None
    targets: tuple[str, ...]
    decisions: Path | None
    sums: Path | None
    format_: str
    notes: bool
    lang: str | None
    max_size: int | None
    config: Path | None
    no_config: bool
    workers: int | None
    resume: Path | None
    today: datetime | None


@season.command("check")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE|FOLDER...")
@click.option("--roster", required=True, type=FILE, metavar="FILE", help="Who is to report: CSV or a workbook, see docs/roster.md.")
@click.option("--year", type=click.IntRange(1990, 2100), metavar="YEAR", help="The reporting year; that of most reports by default.")
@click.option("--due", type=console.DAY, metavar="DAY", help="The last day for all; by level and kind as the pack says by default.")
@click.option(
    "-o",
    "--output",
    "targets",
    multiple=True,
    metavar="FILE.xlsx|FOLDER/|FORMAT=FILE",
    help="Write the workbook, its tables as CSV into a folder, or the reports' results in a format; once for each.",
)
@click.option("--decisions", type=FILE, metavar="FILE.xlsx", help="The workbook of the round before, with what was decided.")
@click.option("--sums", type=FOLDER, metavar="FOLDER", help="Write the sums of the parts there, a structured report for each superior.")
@click.option("--format", "format_", type=click.Choice(FORMATS), default="rich", show_default=True, help="What is printed.")
@click.option("--notes/--no-notes", default=False, help="Show notes, which are folded into one line otherwise.")
@click.option("--pack", "packs", multiple=True, metavar="NAME|FOLDER", help="Rules to check with; found from the report by default.")
@click.option("--profile", metavar="NAME", help="One of the pack's ways of checking: draft, publish, review.")
@click.option("--waivers", type=FILE, metavar="FILE", help="Findings that are excused.")
@click.option("--lang", type=console.LANG, help="Language of the findings; the report's own by default.")
@click.option("--max-size", type=click.IntRange(1), metavar="MB", help="Read files of up to so many megabytes; 64 by default.")
@click.option("--config", type=FILE, metavar="FILE", help="Settings; else those above each report.")
@click.option("--no-config", is_flag=True, help="Take no settings from govreport.toml or pyproject.toml.")
@click.option("--jobs", "workers", type=click.IntRange(1), metavar="N", help="Use so many processes; by default all for many reports.")
@click.option("--resume", type=FOLDER, metavar="FOLDER", help="Keep what is read; go on from there.")
@click.option("--today", type=console.DAY, hidden=True)
@click.pass_context
def check(context: click.Context, /, **given: Any) -> int:
    """Check the reports of a whole season against a roster.

    Reports are given to units by the file that the roster names, else by the agency that they name themselves. Told are units without
    a report, late ones, the same file twice, another year's file, texts that are all but the same, and sums that do not agree. Exits
    with 0 where every unit reported and nothing is amiss, 1 where something is.
    """
    return _season(context, _Asked(**{name: given[name] for name in _Asked.__annotations__}))


def _season(context: click.Context, asked: _Asked) -> int:
    from govreport_check.roster import read_roster
    from govreport_check.workbook import read_workbook

    books, folders, others = _targets(asked.targets)
    lang = asked.lang
    units = read_roster(asked.roster, needs=("unit",), whole=True, lang=lang or console.language())
    kept = None if asked.decisions is None else read_workbook(asked.decisions)
    apart = [asked.roster, *books, *(path for _, path in others), *([asked.decisions] if asked.decisions else [])]
    named = list(_named(asked.files, apart, folders))
    find, stated = cli_config.finding(asked.config, asked.no_config), cli_config.stated(context)
    given = {"year": asked.year, "due": asked.due.date() if asked.due else None, "lang": lang}
    how = (asked.workers, asked.resume, console.megabytes(asked.max_size))
    found = _checked(units, named, given, _options(asked, {name for name, _ in others}), stated, find, how)
    sheets, said = _sheets(found, kept, lang, asked.notes) if books or folders or others else ([], kept.remarks if kept else ())
    _put_sheets(sheets, books, folders, lang or found.result.lang)
    if asked.sums is not None:
        _put_sums(found, asked.sums)
    shown = {"notes": asked.notes, "waived": False, "fingerprints": False}
    written = cli_output.put_files(found.result, others, lang, {**shown, "sheets": sheets})
    _print(found, asked.format_, lang, shown)
    console.complain(said, 0)
    return _code(found) if written else console.FAILED


def _options(asked: _Asked, formats: Collection[str]) -> Options:
    from govreport_check.engine import Options

    whole = not SHOW_THE_REPORT.isdisjoint({asked.format_, *formats})
    return Options(today=asked.today.date() if asked.today else None, printed=whole)


def _targets(texts: Sequence[str]) -> tuple[list[Path], list[Path], list[tuple[str, Path]]]:
    """Workbooks, folders for CSV files, and (format, file). Raises UsageError for what is none of these."""
    books, folders, formats = [], [], []
    for text in texts:
        path = Path(text)
        if "=" in text:
            formats.append(text)
        elif path.suffix.lower() == _BOOK:
            books.append(path)
        elif text.endswith(("/", "\\")) or path.is_dir():
            folders.append(path)
        else:
            raise click.UsageError(f"--output {text}: name a workbook (FILE{_BOOK}), a folder for CSV files (FOLDER/) or FORMAT=FILE")
    others = cli_output.targets_of(formats)
    for name, path in others:
        if name in FILES_ONLY:
            raise click.UsageError(f"--output {name}={path}: name the workbook alone, --output {path}")
    return books, folders, others


def _named(files: Sequence[Path], apart: Sequence[Path], folders: Sequence[Path]) -> Iterator[tuple[Path, str]]:
    """The files to read and what to call them, in order, each once; ``apart`` are those of this command, ``folders`` hold others of its."""
    seen = {path.resolve() for path in apart}
    own = [folder.resolve() for folder in folders]
    for given in files:
        for path in cli_check.inside(given) if given.is_dir() else [given]:
            whole = path.resolve()
            if whole not in seen and not any(whole.is_relative_to(folder) for folder in own):
                seen.add(whole)
                yield path, str(path)


def _checked(
    units: Sequence[Any],
    named: Sequence[tuple[Path, str]],
    given: Mapping[str, Any],
    options: Options,
    stated: Mapping[str, Setting],
    find: Finder,
    how: tuple[int | None, Path | None, int | None],
) -> Season:
    from govreport_check.season.check import check_season
    from govreport_check.season.taking import Reading
    from govreport_check.settings import settings_for

    workers, resume, max_size = how
    top = named[0][0] if named else Path("-")
    packs = settings_for(top, stated, find(top))["packs"].value or None
    crew = cli_config.crew_for(named, workers, None)
    with cli_config.watched() as bar:
        reading = Reading(crew.workers if crew else 1, resume, max_size, bar)
        check = _check(options, stated, find, packs, crew, bar)
        try:
            return check_season(units, named, packs=packs, reading=reading, check=check, **given)
        except KeyboardInterrupt:
            further = f"run it again with --resume {resume} to go on" if resume else "with --resume FOLDER it could be gone on with"
            console.complain([f"{console.COMMAND}: interrupted, nothing was written; {further}"], 0)
            raise


def _check(
    options: Options, stated: Mapping[str, Setting], find: Finder, packs: Sequence[str] | None, crew: Crew | None, bar: Progress | None
) -> Check:
    """How the reports are checked once they are read; ``crew`` keeps them on disk until their turn."""

    def check(jobs: Sequence[Job]) -> Result:
        from govreport_check.engine import check_jobs
        from govreport_check.settings import check_configured

        result = check_configured(jobs, options, stated, find, bar, crew) if jobs else check_jobs((), packs, options)
        if crew is not None and crew.left:  # units whose reports were left out would look absent
            raise KeyboardInterrupt
        return result

    return check


def _sheets(found: Season, kept: Kept | None, lang: str | None, notes: bool) -> tuple[list[Sheet], Sequence[str]]:
    """The sheets of the workbook, and what is to be told of entries of the former one."""
    from govreport_check.renderers.sheets.round import FIRST
    from govreport_check.renderers.sheets.season import season_sheets
    from govreport_check.workbook import next_round

    again = next_round(found, kept, notes=notes) if kept else None
    sheets = season_sheets(found, again.round if again else FIRST, lang or found.result.lang, notes=notes)
    return sheets, (*kept.remarks, *again.remarks) if kept and again else ()


def _put_sheets(sheets: Sequence[Sheet], books: Sequence[Path], folders: Sequence[Path], lang: str) -> None:
    """Writes workbooks and CSV files."""
    from govreport_check.renderers.sheets.book import workbook
    from govreport_check.renderers.sheets.words import say

    for path in books:
        console.write_file(path, workbook(sheets, say(lang, "book")))
    for folder in folders:
        _put_csv(sheets, folder)


def _put_csv(sheets: Sequence[Sheet], folder: Path) -> None:
    from govreport_check.renderers.sheets.as_csv import csv_files

    _made(folder)
    for name, content in csv_files(sheets).items():
        console.write_file(folder / name, content)


def _put_sums(found: Season, folder: Path) -> None:
    """A structured report for every superior, by its number and name."""
    from govreport_check.readers.written import to_json
    from govreport_check.renderers.lines import clean
    from govreport_check.season.sums import summed

    _made(folder)
    numbers = {line.unit: line.number for line in found.lines}
    for parent in dict.fromkeys(line.parent for line in found.sums):
        report = summed(found, parent)
        if report is not None:
            name = "".join("_" if char in '<>:"/\\|?*' else char for char in clean(parent))[:60]
            console.write_file(folder / f"{numbers[parent]:04d}-{name}.json", (to_json(report).rstrip() + "\n").encode())


def _made(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.ClickException(f"{folder} could not be made: {error.strerror}") from None


def _print(found: Season, format_: str, lang: str | None, shown: Mapping[str, Any]) -> None:
    import sys

    if format_ != "rich":
        cli_output.put_result(found.result, format_, lang, None, shown)
        return
    from govreport_check.renderers.season_listing import render_season

    text = render_season(found, lang=lang or found.result.lang, width=console.width_of(sys.stdout), color=console.wants_color(sys.stdout))
    console.deliver(text)


def _code(found: Season) -> int:
    """3 where no report could be read, 1 where anything is amiss with a unit, the files or the sums, else 0."""
    from govreport_check.findings import Exit
    from govreport_check.season.model import Conclusion, SumState

    if found.result.exit_code is Exit.NOTHING:
        return int(Exit.NOTHING)
    good = all(line.conclusion is Conclusion.PASSED for line in found.lines) and not found.anomalies
    wrong = any(one.state in (SumState.MORE, SumState.LESS) for one in found.sums)
    return int(Exit.CLEAN if good and not wrong else Exit.FINDINGS)


season.add_command(cli_letters.letters)
