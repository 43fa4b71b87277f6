"""Draws the README's pictures: real runs on the bundled example, exported by rich. Run: ``python docs/make_listing.py``."""

from __future__ import annotations

from pathlib import Path

from govreport_check import check
from govreport_check.renderers.listing import render_svg

DOCS = Path(__file__).parent
REPORT = "docs/examples/yunling-2024-mistakes.txt"
SHORT = ("period-end", "requests-balance", "label-misprinted")


def draw(name: str, width: int, lang: str, select: tuple[str, ...] = ()) -> None:
    """Write ``docs/<name>``, the listing of one run, ``width`` cells wide; its title is the command that was run."""
    options = f" --select {','.join(select)}" if select else ""
    spoken = " --lang en" if lang == "en" else ""
    result = check((DOCS.parent / REPORT).read_bytes(), name=REPORT, select=select, lang=lang)
    svg = render_svg(result, lang=lang, width=width, title=f"govreport check {REPORT}{options}{spoken}")
    (DOCS / name).write_text(svg, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    draw("listing.svg", 92, "zh", SHORT)
    draw("listing-en.svg", 100, "en", SHORT)
    draw("listing-whole.svg", 100, "zh")
