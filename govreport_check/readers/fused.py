"""Table rows that run together in one line of text, labels and figures without anything between, taken apart at the form's labels.

What comes out are rows whose figures are one run as printed (``640020470``): only their order is known, not where each ends.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Literal

from govreport_check.form import Form
from govreport_check.frozen import dataclass
from govreport_check.model import Place
from govreport_check.patterns import later
from govreport_check.readers.document import Block, CellText, Paragraph, Row, figure_like
from govreport_check.readers.labels import is_enumerated, key, spellings, table_keys

_PIECES = later(r"[^。！？；]+[。！？；]*|[。！？；]+")
_ENUMERATOR = later(r"(?:[（(]\s*[一二三四五六七八九十]{1,3}\s*[）)]|[一二三四五六七八九十]{1,2}\s*[、.．]|\d\s*[.．、])\s*$")
_OPENING = later(r"[“\"（(〔]\s*$")
_CLOSING = later(r"[”\"]?[）)〕]?")
_UNITS = "元|万元|件|条|个|宗|起|项"
_GAP = later(rf"(?P<figures>[-−–]?\d[\d\s.,．，\-−–—/]*(?:(?:{_UNITS})(?=\s*$))?)|(?P<words>\D+)")
_WORD = later(rf"[-−–]?[\d.,．，]*\d(?:{_UNITS})?")
_NEXT_NUMBER = later(r"\d[.．]\s*$")
_SHORT, _PROSE = 2, 15

Kind = Literal["label", "words", "figures"]


@dataclass(frozen=True, slots=True)
class _Token:
    kind: Kind
    text: str
    start: int
    end: int


class FlowLabels:
    """The labels of a form's tables, to be found inside a line. All by key."""

    def __init__(self, form: Form) -> None:
        tables = form.tables.values()
        self.rows = frozenset(text for table in tables if table.layout == "rows" for label in table.row_labels for text in spellings(label))
        parents = frozenset(text for table in tables for label in table.parents.values() for text in spellings(label))
        self.leads = self.rows | parents
        self.columns = frozenset(text for table in tables for label in table.column_labels for text in spellings(label))
        self.across = max((len(table.columns) for table in tables if table.layout == "across"), default=0)
        self.every = sorted((text for text in table_keys(form) if len(text) > 1), key=lambda text: (-len(text), text))


_KNOWN: dict[int, tuple[Form, FlowLabels]] = {}


def flow_labels(form: Form) -> FlowLabels:
    """The labels of ``form``, worked out once."""
    known = _KNOWN.get(id(form))
    if known is None or known[0] is not form:
        if len(_KNOWN) > 64:
            _KNOWN.clear()
        known = _KNOWN[id(form)] = (form, FlowLabels(form))
    return known[1]


def taken_apart(blocks: Sequence[Block], form: Form) -> tuple[Block, ...]:
    """The blocks, with rows in place of every line of text in which rows of the form's tables run together."""
    labels = flow_labels(form)
    return tuple(made for block in blocks for made in (_parted(block, labels) if _may_hold(block, labels) else (block,)))


def _may_hold(block: Block, labels: FlowLabels) -> bool:
    if not isinstance(block, Paragraph) or not any(char.isdigit() for char in block.text):
        return False
    short = "".join(map(_letters, block.text))
    return any(label in short for label in labels.leads) or sum(label in short for label in labels.columns) >= 3


def _parted(block: Block, labels: FlowLabels) -> Iterator[Block]:
    prose, found = "", False
    for piece in _PIECES.findall(block.text):
        tokens = _tokens(piece, labels)
        if not _is_table(tokens, labels):
            prose += piece
            continue
        if prose.strip():
            yield Paragraph(prose.strip(), block.place, wraps=True, gap=True)
        yield from _rows(tokens, labels, block.place)
        prose, found = "", True
    if not found:
        yield block
    elif prose.strip():
        yield Paragraph(prose.strip(), block.place, wraps=True, gap=True)


# --- tokens ---------------------------------------------------------------------------------------------------------------------


def _tokens(text: str, labels: FlowLabels) -> list[_Token]:
    tokens: list[_Token] = []
    end = 0
    for start, stop in [*_labels_in(text, labels), (len(text), len(text))]:
        tokens.extend(_between(text, end, start))
        if stop > start:
            tokens.append(_Token("label", text[start:stop].strip(), start, stop))
        end = stop
    return tokens


def _between(text: str, start: int, end: int) -> Iterator[_Token]:
    """Figures and unknown words that stand between two labels."""
    gap = text[start:end]
    if all(map(_is_figure, gap.split())):
        if gap.strip():
            yield _Token("figures", gap.strip(), start, end)
        return
    carried = ""
    for match in _GAP.finditer(gap):
        piece, begun = match.group(), start + match.start() - len(carried)
        if match["figures"] is None:
            if key(carried + piece):
                yield _Token("words", (carried + piece).strip(), begun, start + match.end())
            carried = ""
            continue
        # 0000000 2.… : the last digit numbers the label that follows
        number = _NEXT_NUMBER.search(piece) or (re.search(r"\d$", piece) if re.match(r"[.．]", gap[match.end() :]) else None)
        carried = piece[number.start() :] if number else ""
        if figures := piece[: number.start() if number else None].strip(" ,，"):
            yield _Token("figures", figures, begun, start + match.end() - len(carried))


def _is_figure(word: str) -> bool:
    return bool(_WORD.fullmatch(word)) if any(char.isdigit() for char in word) else figure_like(word)


def _labels_in(text: str, labels: FlowLabels) -> list[tuple[int, int]]:
    """Where labels stand, ascending; of two that overlap the longer one."""
    squeezed, origins = _squeezed(text)
    taken: list[tuple[int, int]] = []
    used = bytearray(len(squeezed))
    for label in labels.every:
        at = squeezed.find(label)
        while at >= 0:
            stop = at + len(label)
            if not any(used[at:stop]):
                used[at:stop] = b"\x01" * len(label)
                taken.append((at, stop))
            at = squeezed.find(label, at + 1)
    taken = [span for span in sorted(taken) if span[1] - span[0] > _SHORT or _is_whole(span, squeezed, used)]
    return _outwards([(origins[start], origins[stop - 1] + 1) for start, stop in taken], text)


def _is_whole(span: tuple[int, int], squeezed: str, used: bytearray) -> bool:
    """Whether a short label (其他) is a label and not a piece of words that are none."""
    start, stop = span
    before = start == 0 or used[start - 1] or not _is_asian(squeezed[start - 1])
    behind = stop == len(squeezed) or used[stop] or not _is_asian(squeezed[stop]) or squeezed[stop] in "一二三四五六七八九十"
    return bool(before and behind) or bool(behind and squeezed[start - 1] in "一二三四五六七八九十")


def _is_asian(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff"


def _outwards(spans: Sequence[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    """The spans with the enumerators, brackets and quotation marks that belong to their labels."""
    wider: list[tuple[int, int]] = []
    low = 0
    for start, stop in spans:
        opening = _OPENING.search(text, low, start)
        start = opening.start() if opening else start
        number = _ENUMERATOR.search(text[max(low, start - 8) : start])
        start -= len(number.group()) if number else 0
        closing = _CLOSING.match(text, stop)
        stop = closing.end() if closing else stop
        wider.append((start, stop))
        low = stop
    return wider


@lru_cache(maxsize=8192)
def _letters(char: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFKC", char).lower() if one.isalnum())


def _squeezed(text: str) -> tuple[str, list[int]]:
    """The letters and digits of ``text`` as keys have them, and where each stood."""
    letters, origins = [], []
    for offset, char in enumerate(text):
        for letter in _letters(char):
            letters.append(letter)
            origins.append(offset)
    return "".join(letters), origins


# --- rows -----------------------------------------------------------------------------------------------------------------------


def _is_table(tokens: Sequence[_Token], labels: FlowLabels) -> bool:
    """Whether labels and figures alternate as rows do: several rows, the rows of a table side by side, or one row without a gap."""
    figures = [i for i, token in enumerate(tokens) if token.kind == "figures" and i]
    rows = [i for i in figures if key(tokens[i - 1].text) in labels.leads]
    ended = [i for i in figures if i + 1 == len(tokens) or tokens[i + 1].kind == "label" or is_enumerated(tokens[i + 1].text)]
    if 2 * len(ended) < len(figures) or not figures:
        return False
    if len(rows) >= 2 or (labels.across and any(_heads_before(tokens, i, labels) >= labels.across for i in figures)):
        return True
    alone = all(token.kind != "words" for token in tokens)
    return alone and len(rows) == 1 and tokens[rows[0] - 1].end == tokens[rows[0]].start


def _heads_before(tokens: Sequence[_Token], index: int, labels: FlowLabels) -> int:
    """How many heads of columns stand one after the other before the figures at ``index``."""
    count = 0
    while count < index and key(tokens[index - count - 1].text) in labels.columns:
        count += 1
    return count


def _rows(tokens: Sequence[_Token], labels: FlowLabels, place: Place) -> Iterator[Block]:
    heads: list[CellText] = []
    for i, token in enumerate(tokens):
        follows = tokens[i + 1].kind if i + 1 < len(tokens) else "label"
        if token.kind == "words" and follows != "figures" and len(token.text) >= _PROSE:
            yield Paragraph(token.text, place, wraps=True, gap=True)
        elif token.kind != "figures":
            heads.append(CellText(token.text, place))
        else:
            own = heads[-1:] if _heads_before(tokens, i, labels) < 2 else []
            above = heads[: len(heads) - len(own)]
            if above:
                yield Row(tuple(above), place, exact=False)
            yield Row(tuple(own), place, exact=False, run=token.text)
            heads = []
    if heads:
        yield Row(tuple(heads), place, exact=False)
