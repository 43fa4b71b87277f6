"""The command ``govreport``: options in, text and an exit code out. It decides nothing about a report.

Everything heavy is imported where it is used, so that ``--help`` and ``--version`` answer at once.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import click

from govreport_check import console
from govreport_check.errors import GovreportError, PackError, SourceError

if TYPE_CHECKING:
    from govreport_check.engine import Job
    from govreport_check.findings import Result
    from govreport_check.pack import Pack

COMMAND = "govreport"
FAILED, NOTHING, INTERRUPTED = 2, 3, 130
STDIN, STDIN_NAME = "-", "<stdin>"
READABLE: tuple[str, ...] = (".txt", ".md", ".markdown", ".json", ".yaml", ".yml", ".html", ".htm", ".shtml", ".mht", ".mhtml")
READABLE += (".docx", ".doc", ".wps", ".odt", ".rtf", ".xlsx", ".xls", ".et", ".ods", ".pdf", ".ofd")
"""How the names of files in a folder end that may be reports; a file that is named is read whatever it is called."""
LANG = click.Choice(["zh", "en"])
SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command on ``argv`` (the process's own when None) and return its exit code."""
    console.prepare()
    _be_quick()
    if argv is None:  # the process ends after this command: its garbage need not be told from the rest
        atexit.register(gc.freeze)
    sys.excepthook = _last_words
    try:
        code = govreport.main(args=None if argv is None else list(argv), prog_name=COMMAND, standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return FAILED
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except SourceError as error:
        return _complain([str(error)], NOTHING)
    except PackError as error:
        return _complain([*map(str, error.complaints), _told(len(error.complaints))], FAILED)
    except GovreportError as error:
        return _complain([f"{COMMAND}: {error}"], FAILED)
    return int(code or 0)


def _be_quick() -> None:
    """What a short command can do without: looking for garbage while rule files are loaded, numpy's threads, and pydantic's plugins
    (for which it would look in every installed package)."""
    gc.set_threshold(100_000, 50, 50)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")


def _told(count: int) -> str:
    return f"{COMMAND}: {count} {'mistake' if count == 1 else 'mistakes'} in rule files; nothing was checked"


def _complain(lines: Iterable[str], code: int) -> int:
    from govreport_check.renderers.lines import clean

    for line in lines:
        click.echo(clean(line), err=True)
    return code


def _last_words(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """A mistake of this program: one line and exit 2, since an unchecked report must never look like a checked one."""
    if os.environ.get("GOVREPORT_DEBUG"):
        sys.__excepthook__(kind, error, trace)
    else:
        words = " ".join(str(error).split())
        print(f"{COMMAND}: internal error: {kind.__name__}: {words}; please report it (GOVREPORT_DEBUG=1 shows more)", file=sys.stderr)  # noqa: T201
    raise SystemExit(FAILED)


def _version(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"{COMMAND} {version('govreport-check')}")
        context.exit()


@click.group(context_settings=SETTINGS)
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version and exit.")
def govreport() -> None:
    """Check government transparency reports against rule files, and name the figure that is wrong.

    Exit codes: 0 every report is clean, 1 findings or not verified, 2 the work could not be done, 3 nothing was checked.
    """


# --- check ---------------------------------------------------------------------------------------------------------------------


@govreport.command()
@click.argument("files", nargs=-1, metavar="[FILE|FOLDER|-]...")
@click.option("--pack", "packs", multiple=True, metavar="NAME|FOLDER", help="Rules to check with; found from the report by default.")
@click.option("--format", "format_", type=click.Choice(["rich", "json", "concise"]), default="rich", show_default=True)
@click.option("--lang", type=LANG, help="Language of the findings; the report's own by default.")
@click.option("--select", multiple=True, metavar="RULE,...", help="Only these rules: ids, names or beginnings of them.")
@click.option("--ignore", multiple=True, metavar="RULE,...", help="All but these rules.")
@click.option("--fail-on", type=click.Choice(["error", "warning", "note", "never"]), default="error", show_default=True)
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
@click.option("--notes/--no-notes", default=False, help="Show notes, which are folded into one line otherwise.")
@click.option(
    "--output-file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write there, in UTF-8, without colour."
)
def check(
    files: tuple[str, ...],
    packs: tuple[str, ...],
    format_: str,
    lang: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_on: Any,
    strict: bool,
    prior: str | None,
    profile: str | None,
    parts: tuple[str, ...],
    sums: Path | None,
    about: tuple[str, ...],
    max_size: int | None,
    roster: Path | None,
    notes: bool,
    output_file: Path | None,
) -> int:
    """Check reports and list what is wrong with them.

    Of a folder, every document below it is checked (txt, md, html, docx, xlsx, pdf, ofd, json, yaml ...); - is standard input.
    """
    found = _sources(files)
    if not found:
        return _complain([f"{COMMAND}: no report to check: name a file, a folder that holds some, or - for standard input"], NOTHING)
    if parts and len(found) != 1:
        raise click.UsageError("--parts belongs to one report; name that report alone")
    from govreport_check.engine import Options, check_jobs

    options = Options(lang, _split(select), _split(ignore), fail_on, strict, profile, max_size=_bytes(max_size))
    jobs = _jobs(found, prior, parts, _facts(about), roster)
    result = check_jobs(jobs, packs or None, options)
    if sums is not None:
        _put_sums(parts, packs, sums)
    _put_result(result, format_, lang, notes, output_file)
    return int(result.exit_code)


def _bytes(megabytes: int | None) -> int | None:
    return None if megabytes is None else megabytes << 20


def _facts(about: Iterable[str]) -> dict[str, str | int]:
    """Facts as typed: ``level=county``, ``year=2024``."""
    facts: dict[str, str | int] = {}
    for text in about:
        name, sign, value = text.partition("=")
        if not sign or not name.strip():
            raise click.UsageError(f"--about takes FACT=VALUE, not {text}")
        facts[name.strip()] = int(value) if value.strip().isdigit() else value.strip()
    return facts


def _jobs(
    found: Iterable[tuple[Path | bytes, str]], prior: str | None, parts: tuple[str, ...], facts: dict[str, str | int], roster: Path | None
) -> list[Job]:
    from govreport_check.engine import Job
    from govreport_check.roster import read_roster, unit_of

    units = read_roster(roster) if roster else []
    jobs = []
    for source, name in found:
        unit = unit_of(units, source) if isinstance(source, Path) else None
        about = {**(unit.about if unit else {}), **facts}
        jobs.append(Job(source, name, about, prior or (unit.prior if unit else None), parts))
    return jobs


def _put_sums(parts: Iterable[str], packs: tuple[str, ...], target: Path) -> None:
    from govreport_check.readers.written import to_json
    from govreport_check.recognition import known_report, packs_of, with_figures
    from govreport_check.summing import sum_of

    loaded = packs_of(packs or None)
    text = to_json(sum_of([with_figures(known_report(part, loaded)) for part in parts])).rstrip() + "\n"
    _put(text, None if str(target) == STDIN else target, json=True)


def _split(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(part.strip() for value in values for part in value.split(",") if part.strip())


def _sources(files: Iterable[str]) -> list[tuple[Path | bytes, str]]:
    """What to check and its name, in order; a folder stands for its readable files. A file that is not there is left to be told."""
    sources: list[tuple[Path | bytes, str]] = []
    for name in files:
        if name == STDIN:
            sources.append((sys.stdin.buffer.read(), STDIN_NAME))
        else:
            paths = _inside(Path(name)) if Path(name).is_dir() else [Path(name)]
            sources.extend((path, str(path)) for path in paths)
    return sources


def _inside(folder: Path) -> list[Path]:
    """The readable files below ``folder``, hidden ones left out."""
    below = (path for path in folder.rglob("*") if path.suffix.lower() in READABLE and path.is_file())
    return sorted(path for path in below if not any(part.startswith(".") for part in path.relative_to(folder).parts))


def _put_result(result: Result, format_: str, lang: str | None, notes: bool, output_file: Path | None) -> None:
    from govreport_check.renderers import render

    color = output_file is None and console.wants_color(sys.stdout)
    text = render(result, format_, lang=lang, width=console.width_of(sys.stdout), color=color, notes=notes)
    _put(text, output_file, json=format_ == "json")


def _put(text: str, output_file: Path | None = None, *, json: bool = False) -> None:
    if output_file is None:
        console.put(console.json_for(text, sys.stdout) if json else text, sys.stdout)
        return
    try:
        output_file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{output_file} could not be written: {error.strerror}") from None


# --- read ----------------------------------------------------------------------------------------------------------------------


@govreport.command()
@click.argument("file", metavar="FILE|-")
@click.option("--pack", "packs", multiple=True, metavar="NAME|FOLDER", help="Whose forms to read with; found from the report by default.")
@click.option("--max-size", type=click.IntRange(1), metavar="MB", help="Read a file of up to so many megabytes; 64 by default.")
@click.option("--explain", is_flag=True, help="Show how the document was understood instead: its parts, its tables, what was left over.")
@click.option("--lang", type=LANG, default="zh", show_default=True, help="Language of what --explain says.")
def read(file: str, packs: tuple[str, ...], max_size: int | None, explain: bool, lang: str) -> None:
    """Print a report as structured JSON, as it was read."""
    import govreport_check
    from govreport_check.readers.written import to_json

    source = sys.stdin.buffer.read() if file == STDIN else Path(file)
    name = STDIN_NAME if file == STDIN else file
    if explain:
        _put(_understood(source, name, packs, max_size, lang))
        return
    report = govreport_check.read(source, packs=packs or None, name=name, max_size=_bytes(max_size))
    _put(to_json(report).rstrip() + "\n", json=True)


def _understood(source: Path | bytes, name: str, packs: tuple[str, ...], max_size: int | None, lang: str) -> str:
    """How a document was understood, as text. Raises SourceError for data that is no document."""
    from govreport_check.readers import load_source
    from govreport_check.readers.limits import limits_of
    from govreport_check.readers.outlined import outline_of
    from govreport_check.recognition import packs_of, recognise
    from govreport_check.renderers.outlined import draw_outline

    taken = load_source(source, name=name, limits=limits_of(_bytes(max_size)))
    if taken.document is None:
        raise SourceError(name, f"is {taken.kind.upper()}, which says itself what everything is; --explain is for documents")
    found = recognise(taken, packs_of(packs or None))
    form = found.form if found else None
    outline = outline_of(taken.document, taken.kind, form, found.report if found else None)
    width, color = console.width_of(sys.stdout) or console.WIDTH, console.wants_color(sys.stdout)
    return draw_outline(outline, form, lang=lang, width=width, color=color)


# --- rules ---------------------------------------------------------------------------------------------------------------------


@govreport.group()
def rules() -> None:
    """List, test and document rules."""


def _packs(names: Iterable[str]) -> list[Pack]:
    from govreport_check import load_pack, packs_available

    return [load_pack(name) for name in names] or packs_available()


@rules.command("list")
@click.option("--pack", "names", multiple=True, metavar="NAME|FOLDER", help="Only of this pack.")
@click.option("--lang", type=LANG, default="zh", show_default=True)
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
def list_rules(names: tuple[str, ...], lang: str, format_: str) -> None:
    """List all rules: severity, id, title."""
    from govreport_check import rule_listing

    pages = [page for pack in _packs(names) for page in rule_listing.pages_of(pack)]
    _put(rule_listing.as_json(pages) if format_ == "json" else rule_listing.as_text(pages, lang), json=format_ == "json")


@rules.command("test")
@click.argument("names", nargs=-1, metavar="[PACK]...")
def test_rules(names: tuple[str, ...]) -> int:
    """Check every rule against its own examples; of all bundled packs by default."""
    from govreport_check import test_pack

    results = [example for pack in _packs(names) for example in test_pack(pack)]
    broken = [example for example in results if not example.holds]
    for example in broken:
        _put(f"{example.source}:{example.line}: {example.rule}: {example.message}\n")
    total = len({example.rule for example in results})
    if broken:
        _put(f"{len(broken)} of {len(results)} examples of {total} rules do not hold\n")
        return 1
    _put(f"{len(results)} examples of {total} rules hold\n")
    return 0


@rules.command("schema")
@click.argument("kind", type=click.Choice(["rule", "form", "pack"]), default="rule")
def schema(kind: str) -> None:
    """Print the JSON Schema of rule, form or pack files, for editors."""
    import json

    from govreport_check import rule_schema

    _put(json.dumps(rule_schema()[kind], ensure_ascii=False, indent=1) + "\n", json=True)


@rules.command("docs")
@click.argument("names", nargs=-1, metavar="[PACK]...")
@click.option("-o", "--output", "folder", type=click.Path(file_okay=False, path_type=Path), required=True, metavar="DIR")
def docs(names: tuple[str, ...], folder: Path) -> None:
    """Write one Markdown page per rule, and their index."""
    from govreport_check import rule_listing

    written = rule_listing.documents(_packs(names))
    for name, text in written.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    _put(f"{len(written)} pages in {folder}\n")


# --- explain -------------------------------------------------------------------------------------------------------------------


@govreport.command()
@click.argument("rule")
@click.option("--pack", "names", multiple=True, metavar="NAME|FOLDER", help="Look only in this pack.")
@click.option("--lang", type=LANG, default="zh", show_default=True)
def explain(rule: str, names: tuple[str, ...], lang: str) -> int:
    """Say what a rule requires, why, by which law, and how to fix it."""
    from govreport_check import rule_listing
    from govreport_check.renderers.lines import paint
    from govreport_check.renderers.rule_page import card

    pages = [page for pack in _packs(names) for page in rule_listing.pages_of(pack)]
    page, near = rule_listing.find(pages, rule)
    if page is None:
        hint = f"; did you mean {' or '.join(near)}?" if near else f"; `{COMMAND} rules list` names them all"
        return _complain([f"{COMMAND}: no rule is called {rule}{hint}"], FAILED)
    _put(paint(card(page, lang=lang, width=min(console.width_of(sys.stdout), console.WIDTH)), color=console.wants_color(sys.stdout)))
    return 0
