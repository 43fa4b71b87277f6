"""``govreport season letters``, also ``govreport letter``: letters from the reviewer's workbook."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from govreport_check import cli_output, console

if TYPE_CHECKING:
    from govreport_check.workbook.letters import Written

_TOLD = 20  # units with undecided findings that are named


@click.command("letters")
@click.argument("workbook", type=click.Path(dir_okay=False, path_type=Path), metavar="WORKBOOK")
@click.option("-o", "--output", "folder", type=click.Path(file_okay=False, path_type=Path), metavar="FOLDER", help="Where to write them.")
@click.option("--format", "formats", type=click.Choice(["docx", "md"]), multiple=True, help="Word (default) or Markdown; once for each.")
@click.option("--letter", "stated", multiple=True, metavar="KEY=VALUE", help="For the letters: sender, number, day, due.")
def letters(workbook: Path, folder: Path | None, formats: Sequence[str], stated: Sequence[str]) -> int:
    """Write a letter to every unit with what was adopted in the reviewer's workbook.

    The workbook is what `govreport season check -o` wrote and a reviewer filled in; nothing else is needed. Exits with 1 where
    something typed was not understood, which is told with its sheet and cell.
    """
    from govreport_check.workbook import letters_of, read_workbook
    from govreport_check.workbook.words import say

    head = cli_output.letterhead(stated)
    if head is not None and head.unit:
        raise click.UsageError("--letter unit=...: to whom a letter goes is in the workbook")
    kept = read_workbook(workbook)
    found = letters_of(kept, head)
    target = folder or workbook.with_name(f"{workbook.stem}-letters")
    for one in found.written:
        for suffix in formats or ("docx",):
            _put(one, suffix, target)
    said = [say(kept.lang, "undecided", unit=unit, n=number) for unit, number in found.open[:_TOLD]]
    rest = found.open[_TOLD:]
    if rest:
        said.append(say(kept.lang, "undecided.more", units=len(rest), n=sum(number for _, number in rest)))
    console.complain([*kept.remarks, *said], 0)
    number = len(found.written)
    console.deliver(say(kept.lang, "letters", n=number, folder=target) + "\n" if number else say(kept.lang, "no_letters") + "\n")
    return 1 if kept.remarks else 0


def _put(written: Written, suffix: str, folder: Path) -> None:
    from govreport_check.renderers.letter import letter_docx, letter_markdown

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.ClickException(f"{folder} could not be made: {error.strerror}") from None
    content = letter_docx(written.letter) if suffix == "docx" else letter_markdown(written.letter).encode("utf-8", "replace")
    console.write_file(folder / f"{written.stem}.{suffix}", content)
