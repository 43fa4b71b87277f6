"""``govreport read``: a report as it was read, or how its document was understood."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from govreport_check import console
from govreport_check.errors import SourceError

if TYPE_CHECKING:
    from govreport_check.model import Report


@click.command()
@click.argument("file", metavar="FILE|-")
@click.option("--pack", "packs", multiple=True, metavar="NAME|FOLDER", help="Whose forms to read with; found from the report by default.")
@click.option("--format", "format_", type=click.Choice(["json", "csv"]), default="json", show_default=True)
@click.option("--max-size", type=click.IntRange(1), metavar="MB", help="Read a file of up to so many megabytes; 64 by default.")
@click.option("--explain", is_flag=True, help="Show how the document was understood instead: its parts, its tables, what was left over.")
@click.option("--lang", type=console.LANG, default="zh", show_default=True, help="Language of what --explain says.")
def read(file: str, packs: tuple[str, ...], format_: str, max_size: int | None, explain: bool, lang: str) -> None:
    """Print a report as structured JSON, as it was read; or as a flat CSV, one figure a line."""
    import govreport_check
    from govreport_check.readers.flat_csv import to_flat_csv
    from govreport_check.readers.written import to_json

    source = sys.stdin.buffer.read() if file == console.STDIN else Path(file)
    name = console.STDIN_NAME if file == console.STDIN else file
    if explain:
        console.deliver(_understood(source, name, packs, max_size, lang))
        return
    report = govreport_check.read(single(source, name, packs), packs=packs or None, name=name, max_size=console.megabytes(max_size))
    text = to_flat_csv(report) if format_ == "csv" else to_json(report).rstrip() + "\n"
    console.deliver(text, json=format_ == "json")


def single(source: Path | bytes, name: str, packs: tuple[str, ...]) -> Path | bytes | Report:
    """The source, or the report in it where it is a CSV file of one. Raises SourceError for a file of several."""
    from govreport_check.recognition import packs_of
    from govreport_check.tabular import held

    for one in held([(source, name)], packs_of(packs or None)):
        if one.error is not None:
            raise one.error
        if len(one.reports) != 1:
            raise SourceError(name, f"holds {len(one.reports)} reports; `{console.COMMAND} check` takes them all, read only one")
        return one.reports[0]
    return source


def _understood(source: Path | bytes, name: str, packs: tuple[str, ...], max_size: int | None, lang: str) -> str:
    """How a document was understood, as text. Raises SourceError for data that is no document."""
    from govreport_check.readers import load_source
    from govreport_check.readers.limits import limits_of
    from govreport_check.readers.outlined import outline_of
    from govreport_check.recognition import packs_of, recognise
    from govreport_check.renderers.outlined import draw_outline

    taken = load_source(source, name=name, limits=limits_of(console.megabytes(max_size)))
    if taken.document is None:
        raise SourceError(name, f"is {taken.kind.upper()}, which says itself what everything is; --explain is for documents")
    found = recognise(taken, packs_of(packs or None))
    form = found.form if found else None
    outline = outline_of(taken.document, taken.kind, form, found.report if found else None)
    width, color = console.width_of(sys.stdout) or console.WIDTH, console.wants_color(sys.stdout)
    return draw_outline(outline, form, lang=lang, width=width, color=color)
