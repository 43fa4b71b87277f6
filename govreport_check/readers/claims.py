"""Claims: the figures that a report's prose states, every one of them, as the form says where and how they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from govreport_check.figures import Figure, read_prose
from govreport_check.form import Form
from govreport_check.form_file import ClaimSpec
from govreport_check.model import Place, Report, State
from govreport_check.readers.facts import NUMBER, Folded, fact_pattern, fold, is_free, parts_of, place_in, spans_of

_NUMBER_END = re.compile(NUMBER + r"$")
_BREAKS = {"clause": re.compile(r"[，。；：！？\n]"), "sentence": re.compile(r"[。；！？\n]")}


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


def claims_of(report: Report, form: Form) -> list[Claim]:
    """Every figure that the report's prose states, in the order of the form's claims, then of the text."""
    return [claim for name, spec in form.claims.items() for claim in _claims(report, name, spec)]


def _claims(report: Report, name: str, spec: ClaimSpec) -> Iterator[Claim]:
    sections = report.sections or {}
    for part in parts_of(spec.in_, sections):
        folded = fold(sections[part].text)
        away = spans_of(spec.unless, folded.text) if spec.unless else []
        if spec.whole is not None:
            yield from _itemised(report, name, spec, part, folded, away)
        patterns = (*spec.reads, *spec.says)
        found = [(match.start(), source, match) for source in patterns for match in _within(source, spec, folded.text, away)]
        for _, source, match in sorted(found, key=lambda one: one[0]):
            yield _claim(report, name, spec, part, folded, source, match)


def _within(source: str, spec: ClaimSpec, text: str, away: Sequence[tuple[int, int]]) -> Iterator[Any]:
    """The matches that stay inside a clause or sentence; one that goes across is looked for again on either side."""
    pattern, breaks = fact_pattern(source), _BREAKS[spec.span]
    pending = [(0, len(text))]
    while pending:
        start, end = pending.pop()
        for match in pattern.finditer(text[:end], start):
            broken = breaks.search(text, match.start(), match.end())
            if broken and broken.end() < match.end():
                pending.append((broken.end(), end))
                inner = pattern.search(text[: broken.start()], match.start())
                if inner and is_free(inner.span(), away):
                    yield inner
                break
            if is_free(match.span(), away):
                yield match


def _claim(report: Report, name: str, spec: ClaimSpec, part: str, folded: Folded, source: str, match: Any) -> Claim:
    groups = fact_pattern(source).groupindex
    figures = {group: _figure(group, folded.text, match.span(i)) for group, i in groups.items() if match.start(i) >= 0}
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
    before = max((match.end() for match in _BREAKS["sentence"].finditer(text, 0, start)), default=0)
    after = _BREAKS["sentence"].search(text, end)
    return text[before : after.end() if after else len(text)].strip()


def _figure(group: str, text: str, span: tuple[int, int]) -> Figure:
    """The captured figure with all of its digits: a greedy pattern before it may have taken the first of them."""
    whole = _NUMBER_END.search(text[: span[1]])
    figure = read_prose(text[min(span[0], whole.start()) if whole else span[0] : span[1]])
    return _rounded(figure) if group == "percent" else figure


def _rounded(figure: Figure) -> Figure:
    """A percentage is known to half a unit of its last printed digit."""
    if figure.state is not State.VALUE or figure.value is None:
        return figure
    half = Decimal(1).scaleb(int(figure.value.as_tuple().exponent)) / 2
    return replace(figure, state=State.ROUNDED, minus=half, plus=half)


# --- itemised sums --------------------------------------------------------------------------------------------------------------


def _itemised(report: Report, name: str, spec: ClaimSpec, part: str, folded: Folded, away: Sequence[tuple[int, int]]) -> Iterator[Claim]:
    """A whole and the parts that are listed behind it in the same sentence: 共公开2599条，其中机构职能25条、…"""
    for match in fact_pattern(spec.whole or "").finditer(folded.text):
        if not is_free(match.span(), away):
            continue
        stop = _BREAKS["sentence"].search(folded.text, match.end())
        end = stop.start() if stop else len(folded.text)
        opening = fact_pattern(spec.opens or "").search(folded.text[:end], match.end())
        if opening is None:
            continue
        found = list(fact_pattern(spec.part or "").finditer(folded.text[:end], opening.end()))
        parts = [_figure("number", folded.text, one.span("number")) for one in found]
        if len(parts) < 2:
            continue
        tail = folded.text[opening.end() : end]
        still_open = bool(spec.open_end and fact_pattern(spec.open_end).search(tail))
        captures: dict[str, Figure | bool] = {"sum": _sum(parts), "largest": max(parts, key=lambda one: one.lo), "open": still_open}
        captures["items"] = Figure(State.VALUE, len(parts), len(parts))
        whole = _figure("number", folded.text, match.span("number"))
        yield _told(report, name, part, folded, (match.start(), found[-1].end()), whole, captures)


def _sum(parts: Sequence[Figure]) -> Figure:
    state = max(figure.state for figure in parts)
    ends = [sum(Decimal(getattr(figure, end)) for figure in parts) for end in ("lo", "hi", "minus", "plus")]
    lo, hi, minus, plus = (int(end) if end == end.to_integral_value() else end for end in map(Decimal, ends))
    return Figure(state, lo, hi, minus, plus)
