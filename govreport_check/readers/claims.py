"""Claims: the figures that a report's prose states, every one of them, as the form says where and how they are written."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from govreport_check.figures import Figure, read_prose
from govreport_check.form import Form, Stated
from govreport_check.frozen import dataclass
from govreport_check.model import Place, Report, State
from govreport_check.patterns import later
from govreport_check.readers.facts import (
    NUMBER,
    Folded,
    Forbidden,
    fact_pattern,
    filled,
    fold,
    found_in,
    groups_of,
    is_found,
    is_free,
    parts_of,
    place_in,
)

_NUMBER_END = later(NUMBER + r"$")
_LONGEST_SENTENCE = 2000
_LONGEST = 60
"""No figure has more characters: looking further back for the beginning of one costs the square of a long row of digits."""

_BREAKS = {"clause": later(r"[，。；：！？\n]"), "sentence": later(r"[。；！？\n]"), "part": later(r"[。！？\n]")}


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure that the prose states. ``text`` is the passage as printed, ``sentence`` the one around it; ``captures`` are the other
    figures of the pattern; an itemised claim captures ``sum``, ``largest`` and number of ``items``, and whether its list is ``open``."""

    name: str
    section: str
    text: str
    sentence: str
    value: Figure
    captures: Mapping[str, Figure | bool]
    place: Place


def claims_of(report: Report, form: Form, wanted: Collection[str] | None = None) -> list[Claim]:
    """Every figure that the report's prose states, in the order of the form's claims, then of the text; only the ``wanted`` ones where
    they are named."""
    sections = report.sections or {}
    found = {part: found_in(form, fold(section.text).text) for part, section in sections.items() if part != "title"}
    names = form.claims if wanted is None else (name for name in form.claims if name in wanted)
    return [claim for name in names for claim in _claims(report, name, form.claims[name], found)]


def _claims(report: Report, name: str, spec: Stated, found: Mapping[str, frozenset[str] | None]) -> Iterator[Claim]:
    """``found``: the patterns that may match in each part, where that is known."""
    sections, own = report.sections or {}, _patterns_of(spec)
    for part in parts_of(spec.in_, sections):
        known = found.get(part)
        if known is not None and own.isdisjoint(known):
            continue
        folded = fold(sections[part].text)
        away = Forbidden(spec.unless, folded.text, known)
        if spec.whole is not None:
            yield from _itemised(report, name, spec, part, folded, away)
        patterns = [source for source in (*spec.reads, *spec.says) if is_found(filled(source), known)]
        matches = [(match.start(), source, match) for source in patterns for match in _within(source, spec, folded.text, away)]
        for _, source, match in sorted(matches, key=lambda one: one[0]):
            yield _claim(report, name, spec, part, folded, source, match)


def _patterns_of(spec: Stated) -> frozenset[str]:
    """The patterns without which there is no such claim."""
    return _filled((*spec.reads, *spec.says, spec.whole or ""))


@lru_cache(maxsize=1024)
def _filled(sources: tuple[str, ...]) -> frozenset[str]:
    return frozenset(filled(source) for source in sources if source)


def _within(source: str, spec: Stated, text: str, away: Forbidden) -> Iterator[Any]:
    """The matches that stay inside a clause or sentence; one that goes across is looked for again on either side."""
    pattern, breaks = fact_pattern(source), _BREAKS[spec.span]
    pending = [(0, len(text))]
    while pending:
        start, end = pending.pop()
        for match in pattern.finditer(text[:end], start):
            span = match.span()
            broken = breaks.search(text, *span)
            if broken and broken.end() < span[1]:
                pending.append((broken.end(), end))
                inner = pattern.search(text[: broken.start()], span[0])
                if inner and is_free(inner.span(), away()):
                    yield inner
                break
            if is_free(span, away()):
                yield match


def _claim(report: Report, name: str, spec: Stated, part: str, folded: Folded, source: str, match: Any) -> Claim:
    spans = ((group, match.span(i)) for group, i in groups_of(source))
    figures = {group: _figure(group, folded.text, span) for group, span in spans if span[0] >= 0}
    fixed = spec.value if source in spec.says else None
    value = Figure(State.VALUE, fixed, fixed) if fixed is not None else figures.get("number") or next(iter(figures.values()), None)
    return _told(report, name, part, folded, match.span(), value or read_prose(""), figures)


def _told(
    report: Report, name: str, part: str, folded: Folded, span: tuple[int, int], value: Figure, captures: Mapping[str, Figure | bool]
) -> Claim:
    start, end = folded.origin(span[0]), folded.origin(span[1] - 1) + 1
    text = (report.sections or {})[part].text
    return Claim(name, part, text[start:end], _around(text, start, end), value, captures, place_in(report, part, start))


def _around(text: str, start: int, end: int) -> str:
    """The sentence in which a passage stands."""
    low = max(0, start - _LONGEST_SENTENCE)
    before = max((match.end() for match in _BREAKS["sentence"].finditer(text, low, start)), default=low)
    after = _BREAKS["sentence"].search(text, end)
    return text[before : after.end() if after else len(text)].strip()


def _figure(group: str, text: str, span: tuple[int, int]) -> Figure:
    """The captured figure with all of its digits: a greedy pattern before it may have taken the first of them."""
    start = max(0, span[1] - _LONGEST)
    return _stated(text[start : span[1]], span[0] - start, group == "percent")


@lru_cache(maxsize=4096)
def _stated(text: str, at: int, percent: bool) -> Figure:
    """The figure at the end of ``text`` that was captured from ``at`` on."""
    whole = _NUMBER_END.search(text)
    figure = read_prose(text[max(0, min(at, whole.start()) if whole else at) :])
    return _rounded(figure) if percent else figure


def _rounded(figure: Figure) -> Figure:
    """A percentage is known to half a unit of its last printed digit."""
    if figure.state is not State.VALUE or figure.value is None:
        return figure
    half = Decimal(1).scaleb(int(figure.value.as_tuple().exponent)) / 2
    return replace(figure, state=State.ROUNDED, minus=half, plus=half)


# --- itemised sums --------------------------------------------------------------------------------------------------------------


def _itemised(report: Report, name: str, spec: Stated, part: str, folded: Folded, away: Forbidden) -> Iterator[Claim]:
    """A whole and the parts that are listed behind it: 共公开2599条，其中机构职能25条、… Parts in other units leave the list open."""
    for match in fact_pattern(spec.whole or "").finditer(folded.text):
        found = _parts_behind(match, spec, folded.text, away) if is_free(match.span(), away()) else []
        if not found:
            continue
        listed = folded.text[match.end() : found[-1].end() + _TAIL]
        same = [one for one in found if _unit(one) == _unit(match)]
        still_open = len(same) < len(found) or bool(spec.open_end and fact_pattern(spec.open_end).search(listed))
        figures = [_figure("number", folded.text, _span("number", one)) for one in same]
        if not figures:
            continue
        captures: dict[str, Figure | bool] = {"sum": _sum(figures), "largest": max(figures, key=lambda one: one.lo), "open": still_open}
        captures["items"] = Figure(State.VALUE, len(figures), len(figures))
        whole = _figure("number", folded.text, _span("number", match))
        yield _told(report, name, part, folded, (match.start(), found[-1].end()), whole, captures)


_TAIL = 6
"""Characters behind the last part in which the words stand that leave a list open: 等, 及其他."""

_NEAR = 60
"""Characters between a whole and its list, where the list may stand in the sentence after."""

_NESTS = {"（": 1, "(": 1, "）": -1, ")": -1}


def _parts_behind(whole: Any, spec: Stated, text: str, away: Forbidden) -> list[Any]:
    """The parts that are listed behind ``whole``. None where another whole or part stands between them and it,
    or where a part has a list of its own: then nobody can tell which list an item belongs to."""
    opens, item = fact_pattern(spec.opens or ""), fact_pattern(spec.part or "")
    near = whole.end() + _NEAR if spec.span == "part" else _break("sentence", text, whole.end())
    opening = opens.search(text[:near], whole.end())
    between = text[: opening.start()] if opening else ""
    if opening is None or item.search(between, whole.end()) or whole.re.search(between, whole.end()):
        return []
    start = opening.start() if _is_item(item, text, opening) else opening.end()
    end = _end_of_list(text, opening, _break(spec.span, text, opening.end()))
    if any(
        _depth(text, start, again.start()) == 0 for again in opens.finditer(text[:end], opening.end()) if not _is_item(item, text, again)
    ):
        return []
    return [one for one in item.finditer(text[:end], start) if _depth(text, start, one.start()) == 0 and is_free(one.span(), away())]


def _is_item(item: Any, text: str, opening: Any) -> bool:
    """Whether the words that open the list are those of its first part: 予以公开40件、部分公开15件."""
    return item.match(text, opening.start()) is not None


def _end_of_list(text: str, opening: Any, end: int) -> int:
    """A list that a bracket opens ends where the bracket is closed."""
    if not opening.group().lstrip("，").startswith(("（", "(")):
        return end
    closed = (at for at in range(opening.end(), end) if _depth(text, opening.end(), at + 1) < 0)
    return next(closed, end)


def _depth(text: str, start: int, end: int) -> int:
    return sum(_NESTS.get(char, 0) for char in text[start:end])


def _break(span: str, text: str, start: int) -> int:
    """Where the clause, sentence or list that ``start`` stands in ends."""
    found = _BREAKS[span].search(text, start)
    return found.start() if found else len(text)


def _unit(match: Any) -> str | None:
    start, end = _span("unit", match)
    return match.string[start:end] if start >= 0 else None


def _span(group: str, match: Any) -> tuple[int, int]:
    """Where a named group matched; RE2 knows its groups by number only."""
    index = _group(match.re, group)
    span: tuple[int, int] = match.span(index) if index else (-1, -1)
    return span


@lru_cache(maxsize=1024)
def _group(pattern: Any, name: str) -> int | None:
    found: int | None = pattern.groupindex.get(name)
    return found


def _sum(parts: Sequence[Figure]) -> Figure:
    state = max(figure.state for figure in parts)
    ends = [sum(Decimal(getattr(figure, end)) for figure in parts) for end in ("lo", "hi", "minus", "plus")]
    lo, hi, minus, plus = (int(end) if end == end.to_integral_value() else end for end in map(Decimal, ends))
    return Figure(state, lo, hi, minus, plus)
