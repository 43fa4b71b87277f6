"""Draws the pictures of README and docs: real runs on the bundled example, exported by rich. Run: ``python docs/make_listing.py``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape
from itertools import groupby
from pathlib import Path

from govreport_check import check
from govreport_check.renderers.lines import cells
from govreport_check.renderers.listing import render_svg

DOCS = Path(__file__).parent
REPORT = DOCS / "examples" / "yunling-2024-mistakes.txt"
THREE = ("period-end", "disputes-total", "years-mentioned")
CELL = 12.2  # rich's width of a character: 20 px high, 0.61 as wide
NBSP = "\xa0"
WIDE = 20.0  # a Chinese character fills its height, not both its cells

_TEXT = re.compile(
    r'<text class="(?P<class>[^"]*-r\d+)" x="(?P<x>[\d.]+)" y="(?P<y>[\d.]+)" textLength="[\d.]+"(?P<rest>[^>]*)>(?P<text>[^<]*)'
)


def draw(name: str, width: int, lang: str, select: tuple[str, ...] = ()) -> None:
    """Write ``docs/<name>``, the listing of one run, ``width`` cells wide; its title is the command that was run."""
    options = f" --select {','.join(select)}" if select else ""
    spoken = " --lang en" if lang == "en" else ""
    result = check(REPORT.read_bytes(), name=REPORT.name, select=select, lang=lang)
    svg = render_svg(result, lang=lang, width=width, title=f"govreport check {REPORT.name}{options}{spoken}")
    # rich counts a Chinese character as one cell when it states how long a text is, which pushes the characters into one another.
    svg = _TEXT.sub(lambda match: "</text>".join(_runs(match)), svg)
    (DOCS / name).write_text(svg, encoding="utf-8", newline="\n")


def _runs(match: re.Match[str]) -> Iterator[str]:
    """The text as runs of characters of one width, each at its own cell; the last is left open for the end that stands already."""
    x = float(match["x"])
    for _, characters in groupby(unescape(match["text"]), key=cells):
        run = "".join(characters)
        length = cells(run) * CELL
        margin = CELL - WIDE / 2 if cells(run) > len(run) else 0.0
        place = f'x="{x + margin:g}" y="{match["y"]}" textLength="{length - 2 * margin:g}"'
        yield f'<text class="{match["class"]}" {place}{match["rest"]}>{escape(run).replace(NBSP, "&#160;")}'
        x += length


if __name__ == "__main__":
    draw("listing.svg", 92, "zh", THREE)
    draw("listing-en.svg", 92, "en", THREE)
    draw("listing-whole.svg", 100, "zh")
