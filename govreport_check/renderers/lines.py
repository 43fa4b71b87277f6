"""Styled lines: what a listing is made of before it becomes characters of a terminal.

A :data:`Line` is a row of (text, style) spans; styles are names (:data:`STYLES`), so that layout never knows about colour.
Widths are in terminal cells. Characters such as “ ” — ① are one or two cells wide, depending on the terminal: lines are
broken as if they were two, columns are padded as if they were one, and nothing else depends on them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from io import StringIO
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from rich.console import Console

Span: TypeAlias = tuple[str, str]
Line: TypeAlias = tuple[Span, ...]

STYLES = {
    "": "",
    "error": "bold red",
    "warning": "bold yellow",
    "note": "bold cyan",
    "undecided": "bold magenta",
    "good": "bold green",
    "strong": "bold",
    "dim": "dim",
    "mark": "bold reverse",
    "key": "cyan",
}
"""Style names and what they are in rich; sixteen colours, so that the reader's own theme holds."""

_NO_START = frozenset("，。；：、？！）》〉」』】〕〗％”’…—·,.;:!?)]}%＝＋")
_NO_END = frozenset("（《〈「『【〔“‘([{第")
_COUNTED = frozenset("件条个项处行列年月日格张页份元万")


def clean(text: str) -> str:
    """``text`` on one line, without any character that steers a terminal (control, direction and format characters)."""
    if text.isprintable():  # nothing in it is a control, a direction or a line break
        return text
    flat = "".join(" " if char in "\t\n\r\v\f\u2028\u2029\x85" else char for char in text)
    return "".join(char for char in flat if unicodedata.category(char) not in ("Cc", "Cf", "Cs"))


@lru_cache(maxsize=4096)
def _cell(char: str, wide: bool) -> int:
    if unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") + (("A",) if wide else ()) else 1


def cells(text: str, *, wide: bool = False) -> int:
    """The width of ``text``; ``wide`` counts characters of ambiguous width as two."""
    return sum(_cell(char, wide) for char in text)


def pad(text: str, width: int, *, right: bool = False) -> str:
    """``text`` filled up to ``width`` cells; ``right`` puts it at the right."""
    blank = " " * max(0, width - cells(text))
    return blank + text if right else text + blank


def _may_break(before: str, after: str) -> bool:
    if before == " ":
        return after != " "
    if after == " " or before in _NO_END:
        return False
    if after in _NO_START or (after in _COUNTED and before.isdigit()):
        return False
    return _cell(before, False) == 2 or _cell(after, False) == 2


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of the runs of ``text`` that stay on one line."""
    start = 0
    for at in range(1, len(text)):
        if _may_break(text[at - 1], text[at]):
            yield start, at
            start = at
    if text:
        yield start, len(text)


def _chopped(text: str, start: int, end: int, width: int) -> Iterator[tuple[int, int]]:
    """The run start…end cut into pieces of at most ``width`` cells."""
    at, used = start, 0
    for index in range(start, end):
        size = _cell(text[index], True)
        if used + size > width and index > at:
            yield at, index
            at, used = index, 0
        used += size
    yield at, end


def breaks(text: str, width: int) -> list[tuple[int, int]]:
    """(start, end) of the lines of ``text`` that are at most ``width`` cells, by the habits of Chinese and English setting."""
    if cells(text, wide=True) <= width:
        return [(0, len(text))]
    lines: list[tuple[int, int]] = []
    first, last = 0, 0
    for start, end in _pieces(text):
        if last > first and cells(text[first:end].rstrip(), wide=True) > width:
            lines.append((first, last))
            first = start
        if cells(text[first:end].rstrip(), wide=True) > width:
            *full, (first, _) = _chopped(text, first, end, width)
            lines.extend(full)
        last = end
    return [*lines, (first, last)]


def wrap(text: str, width: int) -> list[str]:
    """``text`` in lines of at most ``width`` cells."""
    return [text[start:end].rstrip() for start, end in breaks(text, max(2, width))]


def narrowest(text: str) -> int:
    """The least width at which no run of ``text`` is cut."""
    return max((cells(text[start:end].rstrip()) for start, end in _pieces(text)), default=0)


def flow(spans: Sequence[Span], width: int, *, first: Line = (), indent: int = 0) -> list[Line]:
    """Spans set as one paragraph: ``first`` stands before it, later lines are ``indent`` cells in. ``width`` counts from the margin."""
    text = "".join(part for part, _ in spans)
    lines = []
    for number, (start, end) in enumerate(breaks(text, max(12, width - indent))):
        head: Line = first if number == 0 else ((" " * indent, ""),)
        lines.append((*head, *_cut(spans, start, end)))
    return lines


def _cut(spans: Iterable[Span], start: int, end: int) -> Iterator[Span]:
    at = 0
    for text, style in spans:
        part = text[max(0, start - at) : max(0, end - at)]
        if part:
            yield part, style
        at += len(text)


def plain(line: Line) -> str:
    """A line without its styles."""
    return "".join(text for text, _ in line).rstrip()


def unbidden(line: str) -> str:
    """A line of a log in which GitHub's runner finds no command: it takes ``::name::`` at the start and ``##[name]`` anywhere."""
    text = line.replace("##[", "## [")
    return text.replace("::", ": :", 1) if text.lstrip().startswith("::") else text


def _harmless(line: Line) -> Line:
    return line if unbidden(plain(line)) == plain(line) else ((unbidden(plain(line)), ""),)


def paint(lines: Sequence[Line], *, color: bool) -> str:
    """Lines as text for a terminal, each with its line end. Without ``color`` there is no escape code of any kind in it."""
    lines = [_harmless(line) for line in lines]
    if not color:
        return "".join(f"{plain(line)}\n" for line in lines)
    from rich.console import Console

    file = StringIO()
    console = Console(file=file, force_terminal=True, color_system="standard", no_color=False, legacy_windows=False, width=10_000)
    _print(console, lines)
    return file.getvalue()


def picture(lines: Sequence[Line], *, title: str, width: int) -> str:
    """Lines as an SVG picture of a terminal ``width`` cells wide, which needs nothing from elsewhere."""
    from rich.console import Console

    file = StringIO()
    console = Console(
        file=file, record=True, force_terminal=True, color_system="truecolor", no_color=False, legacy_windows=False, width=width
    )
    _print(console, lines)
    # The fonts that rich names are fetched from elsewhere; a picture in a document must not call anybody.
    return re.sub(r"@font-face \{.*?\}\s*", "", console.export_svg(title=title), flags=re.S)


def _print(console: Console, lines: Sequence[Line]) -> None:
    from rich.text import Text

    for line in lines:
        # Text objects, never markup strings: square brackets in a report are square brackets.
        text = Text.assemble(*((part, STYLES[style]) for part, style in line), no_wrap=True)
        if not line or line[-1][1] != "mark":  # the last cell of an excerpt keeps its block whole
            text.rstrip()
        console.print(text, soft_wrap=True, highlight=False)
