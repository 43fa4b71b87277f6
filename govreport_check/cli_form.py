"""``govreport form``: the official form as a Word file or a workbook, blank or filled with a report."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from govreport_check import console
from govreport_check.cli_read import single

if TYPE_CHECKING:
    from govreport_check.filled_form import Filling

_KINDS = (".docx", ".xlsx")


@click.command()
@click.argument("form", required=False, metavar="[FORM]")
@click.option("--fill", metavar="FILE|-", help="A report in any format that can be read: its figures and text are put in.")
@click.option(
    "-o",
    "--output",
    "target",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The file to write: .docx, or .xlsx with live sums.",
)
@click.option("--pack", "packs", multiple=True, metavar="NAME|FOLDER", help="Whose forms to read with; found from the report by default.")
@click.option("--lang", type=console.LANG, help="Language of the labels; the form's own by default.")
@click.option("--max-size", type=click.IntRange(1), metavar="MB", help="Read a file of up to so many megabytes; 64 by default.")
def form(form: str | None, fill: str | None, target: Path, packs: tuple[str, ...], lang: str | None, max_size: int | None) -> None:
    """Write the official form, blank or filled with a report.

    FORM is cn-disclosure/2021 or another form of a pack; with --fill it is that of the report. What is not printed stays blank, and a
    total that is not the sum of its parts stays as printed. In a workbook totals add themselves up, and a sheet of checks follows them.
    """
    from govreport_check.filled_form import as_docx, as_xlsx, blank
    from govreport_check.recognition import packs_of

    if target.suffix.lower() not in _KINDS:
        raise click.UsageError(f"-o {target}: a form is written as {' or '.join(_KINDS)}; name the file so")
    if (form is None) == (fill is None):
        raise click.UsageError("name a form (cn-disclosure/2021) or, with --fill, a report; the report knows its form")
    one = _filled(fill, packs, max_size) if fill is not None else blank(form or "", packs_of(packs or None))
    chosen = lang or one.pack.languages[0]
    console.write_file(target, (as_docx if target.suffix.lower() == ".docx" else as_xlsx)(one, chosen))
    console.deliver(f"{target}: {one.form.id}\n")
    console.complain(_left(one, target), 0)


def _filled(fill: str, packs: tuple[str, ...], max_size: int | None) -> Filling:
    from govreport_check.filled_form import filling
    from govreport_check.recognition import known_report, packs_of, with_figures

    source = sys.stdin.buffer.read() if fill == console.STDIN else Path(fill)
    name = console.STDIN_NAME if fill == console.STDIN else fill
    loaded = packs_of(packs or None)
    found = with_figures(known_report(single(source, name, packs), loaded, name=name, max_size=console.megabytes(max_size)))
    return filling(found.report, found.form, found.pack)


def _left(one: Filling, target: Path) -> list[str]:
    """What was not put in."""
    runs = [f"{target}: {table}.{row}: {run} was not told apart; its cells hold ?, write the figures there" for table, row, run in one.runs]
    figures = f"{one.left} {'figure' if one.left == 1 else 'figures'}"
    return [*runs, *([f"{target}: {figures} of the form not in the report, left blank"] if one.left else [])]
