"""Draws the pictures of README and docs: real runs on the bundled example, exported by rich. Run: ``python docs/make_listing.py``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape, unescape
from itertools import groupby
from pathlib import Path

from govreport_check import Result, check
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


@dataclass(frozen=True)
class Picture:
    """A run to be drawn: ``width`` in cells; ``select`` is empty for every rule."""

    name: str
    width: int
    lang: str
    select: tuple[str, ...] = ()

    @property
    def command(self) -> str:
        options = f" --select {','.join(self.select)}" if self.select else ""
        return f"govreport check {REPORT.name}{options}{' --lang en' if self.lang == 'en' else ''}"

    def result(self) -> Result:
        return check(REPORT.read_bytes(), name=REPORT.name, select=self.select, lang=self.lang)


PICTURES = (Picture("listing.svg", 92, "zh", THREE), Picture("listing-en.svg", 92, "en", THREE), Picture("listing-whole.svg", 100, "zh"))


def draw(picture: Picture) -> str:
    """The listing of one run as SVG, with the command as its title."""
    svg = render_svg(picture.result(), lang=picture.lang, width=picture.width, title=picture.command)
    # rich counts a Chinese character as one cell when it states how long a text is, which pushes the characters into one another.
    return _TEXT.sub(lambda match: "</text>".join(_runs(match)), svg)


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
    for each in PICTURES:
        (DOCS / each.name).write_text(draw(each), encoding="utf-8", newline="\n")
