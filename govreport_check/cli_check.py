"""``govreport check``: what to check and how, and the result written where it is wanted."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from govreport_check import cli_config, cli_copies, cli_output, console
from govreport_check.beside import WAIVERS
from govreport_check.frozen import dataclass
from govreport_check.renderers import OUTPUTS, SHOW_THE_REPORT

if TYPE_CHECKING:
    from govreport_check.engine import Job, Options
    from govreport_check.findings import Result

READABLE: tuple[str, ...] = (".txt", ".md", ".markdown", ".json", ".yaml", ".yml", ".html", ".htm", ".shtml", ".mht", ".mhtml")
READABLE += (".docx", ".doc", ".wps", ".odt", ".rtf", ".xlsx", ".xls", ".et", ".ods", ".pdf", ".ofd", ".xml", ".csv")
"""How the names of files in a folder end that may be reports; a file that is named is read whatever it is called."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the command line says, settings apart (``cli_config.stated``)."""

    files: tuple[str, ...]
    packs: tuple[str, ...]
    format_: str
    outputs: tuple[str, ...]
    annotate: Path | None
    quiet: bool
    statistics: bool
    lang: str | None
    prior: str | None
    parts: tuple[str, ...]
    sums: Path | None
    about: tuple[str, ...]
    roster: Path | None
    entities: tuple[str, ...]
    notes: bool
    waivers: Path | None
    baseline: Path | None
    write_baseline: Path | None
    show_waived: bool
    config: Path | None
    no_config: bool
    show_config: bool
    workers: int | None
    resume: Path | None
    show_fingerprints: bool
    letter: tuple[str, ...]
    today: datetime | None
    output_file: Path | None

    @property
    def others(self) -> list[Path]:
        """Files that are no reports."""
        return [path for path in (self.waivers, self.baseline, self.write_baseline, self.output_file) if path]


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE|FOLDER|-]...")
@click.option("--pack", "packs", multiple=True, metavar="NAME|FOLDER", help="Rules to check with; found from the report by default.")
@click.option("--format", "format_", type=click.Choice(OUTPUTS), default="rich", show_default=True, help="What is printed.")
@click.option("--output", "outputs", multiple=True, metavar="FORMAT=FILE", help="Write this format there as well; once for each.")
@click.option(
    "--annotate",
    type=click.Path(path_type=Path),
    metavar="OUT",
    help="Write a copy of the docx or xlsx with comments there; of several, into a folder.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print one line: verdicts and counts. Short for --format quiet.")
@click.option("--statistics", is_flag=True, help="Print how often each rule spoke. Short for --format statistics.")
@click.option("--lang", type=console.LANG, help="Language of the findings; the report's own by default.")
@click.option("--select", multiple=True, metavar="RULE,...", help="Only these rules: ids, names or beginnings of them.")
@click.option("--ignore", multiple=True, metavar="RULE,...", help="All but these rules.")
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "note", "never"]),
    default="error",
    show_default=True,
    help="How loud a finding makes a report not clean.",
)
@click.option("--strict", is_flag=True, help="A rule that could not be decided counts as failed.")
@click.option("--prior", type=click.Path(), metavar="FILE", help="The same agency's report of the year before.")
@click.option("--profile", metavar="NAME", help="One of the pack's ways of checking: draft, publish, review.")
@click.option("--parts", multiple=True, type=click.Path(), metavar="FILE", help="A report that the one to check sums up; once for each.")
@click.option(
    "--sums", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write the sums of the parts there; - prints them."
)
@click.option("--about", multiple=True, metavar="FACT=VALUE", help="A fact that the document does not state: level=county.")
@click.option("--max-size", type=click.IntRange(1), metavar="MB", help="Read files of up to so many megabytes; 64 by default.")
@click.option("--roster", type=click.Path(path_type=Path), metavar="CSV", help="Facts by file: level, kind, published_on, prior.")
@click.option("--entity", "entities", multiple=True, metavar="ID,...", help="Show only findings about these components: ICE.")
@click.option("--notes/--no-notes", default=False, help="Show notes, which are folded into one line otherwise.")
@click.option(
    "--waivers",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Findings that are excused; by default govreport.waivers.yaml beside the report or above it.",
)
@click.option(
    "--baseline", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Findings that were there already do not count."
)
@click.option("--write-baseline", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write the present findings there.")
@click.option(
    "--new-since",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="RESULT",
    help="Show and count only what an earlier result (--format json) does not have.",
)
@click.option("--show-waived/--fold-waived", default=False, help="Show what is waived or in the baseline.")
@click.option("--rules-as-of", metavar="VERSION", help="Leave out rules that came with a later version: 0.3.")
@click.option("--config", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Settings; else those above each report.")
@click.option("--no-config", is_flag=True, help="Take no settings from govreport.toml or pyproject.toml.")
@click.option("--show-config", is_flag=True, help="Show how each report would be checked, and which file says so; check nothing.")
@click.option("--jobs", "workers", type=click.IntRange(1), metavar="N", help="Use so many processes; by default all for many reports.")
@click.option("--resume", type=click.Path(file_okay=False, path_type=Path), metavar="FOLDER", help="Keep what is read; go on from there.")
@click.option("--show-fingerprints", is_flag=True, help="Show what `govreport waive` names a finding by.")
@click.option("--letter", multiple=True, metavar="KEY=VALUE", help="What a letter is to say: unit, due, sender, number, day.")
@click.option("--today", type=console.DAY, hidden=True)
@click.option(
    "--output-file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write there, in UTF-8, without colour."
)
@click.pass_context
def check(context: click.Context, /, **given: Any) -> int:
    """Check reports and list what is wrong with them.

    Of a folder, every document below it is checked (txt, md, html, docx, xlsx, pdf, ofd, json, yaml, xml, csv ...); - is standard
    input. Reports of one agency over several years are checked against the year before.
    """
    return _check(context, _Asked(**{name: given[name] for name in _Asked.__annotations__}))


def _check(context: click.Context, asked: _Asked) -> int:
    find, stated = cli_config.finding(asked.config, asked.no_config), cli_config.stated(context)
    targets = cli_output.targets_of(asked.outputs or cli_config.outputs(find), asked.output_file)
    printed = cli_output.printed_format(context, asked.format_, asked.quiet, asked.statistics)
    head = cli_output.letterhead(asked.letter)
    found = _sources(asked.files, [*asked.others, *(path for _, path in targets), *cli_copies.below(asked.annotate)])
    if not found:
        return console.complain(
            [f"{console.COMMAND}: no report to check: name a file, a folder that holds some, or - for standard input"], console.NOTHING
        )
    if asked.parts and len(found) != 1:
        raise click.UsageError("--parts belongs to one report; name that report alone")
    copies = cli_copies.targets_of(found, asked.annotate) if asked.annotate else []
    jobs = _jobs(found, asked)
    if asked.show_config:
        return cli_config.show(jobs, stated, find, asked.lang)
    crew = cli_config.crew_for(jobs, asked.workers, asked.resume)
    result = cli_config.check_all(jobs, _options(asked, {printed, *(name for name, _ in targets)}), stated, find, crew)
    _put_more(result, asked)
    shown = {"notes": asked.notes, "waived": asked.show_waived, "fingerprints": asked.show_fingerprints, "head": head}
    written = cli_output.put_files(result, targets, asked.lang, shown)
    written = (not asked.annotate or cli_copies.put_copies(result, found, copies, asked.lang, asked.notes)) and written
    cli_output.put_result(result, printed, asked.lang, asked.output_file, shown)
    return cli_config.told_of(crew, jobs, int(result.exit_code) if written else console.FAILED)


def _options(asked: _Asked, formats: Collection[str]) -> Options:
    from govreport_check.engine import Options

    today = asked.today.date() if asked.today else None
    return Options(today=today, entities=console.parts_of(asked.entities), printed=not SHOW_THE_REPORT.isdisjoint(formats))


def _put_more(result: Result, asked: _Asked) -> None:
    """What is written beside the result."""
    if asked.sums is not None:
        _put_sums(asked.parts, asked.packs, asked.sums)
    if asked.write_baseline is not None:
        _put_baseline(result, asked.write_baseline)


def _facts(about: Iterable[str]) -> dict[str, str | int]:
    """Facts as typed: ``level=county``, ``year=2024``."""
    facts: dict[str, str | int] = {}
    for text in about:
        name, sign, value = text.partition("=")
        if not sign or not name.strip():
            raise click.UsageError(f"--about takes FACT=VALUE, not {text}")
        facts[name.strip()] = int(value) if value.strip().isdigit() else value.strip()
    return facts


def _jobs(found: Iterable[tuple[Path | bytes, str]], asked: _Asked) -> list[Job]:
    from govreport_check.engine import Job

    facts = _facts(asked.about)
    if asked.roster is None:
        return [Job(source, name, facts, asked.prior, asked.parts) for source, name in found]
    from govreport_check.roster import read_roster, unit_of

    units = read_roster(asked.roster)
    jobs = []
    for source, name in found:
        unit = unit_of(units, source) if isinstance(source, Path) else None
        about = {**(unit.about if unit else {}), **facts}
        jobs.append(Job(source, name, about, asked.prior or (unit.prior if unit else None), asked.parts))
    return jobs


def _put_baseline(result: Result, target: Path) -> None:
    from govreport_check.baseline import baseline_text, known_findings

    entries = known_findings(result)
    console.deliver(baseline_text(entries), target)
    console.complain([f"{target}: {len(entries)} findings written"], 0)


def _put_sums(parts: Iterable[str], packs: tuple[str, ...], target: Path) -> None:
    from govreport_check.readers.written import to_json
    from govreport_check.recognition import known_report, packs_of, with_figures
    from govreport_check.summing import sum_of

    loaded = packs_of(packs or None)
    text = to_json(sum_of([with_figures(known_report(part, loaded)) for part in parts])).rstrip() + "\n"
    console.deliver(text, None if str(target) == console.STDIN else target, json=True)


def _sources(files: Iterable[str], others: Iterable[Path] = ()) -> list[tuple[Path | bytes, str]]:
    """What to check and its name, in order; a folder stands for its readable files, ``others`` apart. A file that is not there is left to
    be told."""
    apart = [path.resolve() for path in others]
    sources: list[tuple[Path | bytes, str]] = []
    for name in files:
        if name == console.STDIN:
            sources.append((sys.stdin.buffer.read(), console.STDIN_NAME))
        else:
            paths = [path for path in inside(Path(name)) if path.resolve() not in apart] if Path(name).is_dir() else [Path(name)]
            sources.extend((path, str(path)) for path in paths)
    return sources


def inside(folder: Path) -> list[Path]:
    """The readable files below ``folder``, hidden ones and waivers left out."""
    below = (path for path in folder.rglob("*") if path.suffix.lower() in READABLE and path.name != WAIVERS and path.is_file())
    return sorted(path for path in below if not any(part.startswith(".") for part in path.relative_to(folder).parts))
