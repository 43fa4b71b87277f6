"""What the prose states: facts about the report, claims and dates. They read a report's sections, whatever format it came in.

Patterns are RE2 over *folded* text: full-width digits, letters and points made plain, white space beside Chinese characters
left out. Places and texts are those of the original.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from govreport_check.figures import Figure, read_prose
from govreport_check.form import AboutSpec, ClaimSpec, Form
from govreport_check.model import Place, Report, Section, State
from govreport_check.readers import dates

NUMBER = (
    r"(?:[约近超上]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?[万亿]?[余多]?|[约近超上]?[〇零一二两三四五六七八九十百千万亿]+[余多]?)"
)
"""Every way a figure is written in prose."""

_HOLE = re.compile(r"\{([a-z_]+)\}")
_CAPTURE = re.compile(r"\(\?P<([a-z_]+)>")
_NUMBER_END = re.compile(NUMBER + r"$")
_WIDE = str.maketrans(
    {chr(code): chr(code - 0xFEE0) for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B), 0xFF05, 0xFF0E)}
)
_ASIAN = "\u3000-\u303f\u3400-\u9fff\uff00-\uffef"
_SPACE = re.compile(rf"(?<=[{_ASIAN}])[^\S\n]+|[^\S\n]+(?=[{_ASIAN}])")
_BREAKS = {"clause": re.compile(r"[，。；：！？\n]"), "sentence": re.compile(r"[。；！？\n]")}


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure that the prose states. ``text`` is the passage as printed, ``captures`` the other figures of the pattern."""

    name: str
    section: str
    text: str
    value: Figure
    captures: Mapping[str, Figure]
    place: Place


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date, or a part of one, that the prose names; None for what is not printed. It need not be in the calendar."""

    name: str
    section: str
    year: int | None
    month: int | None
    day: int | None
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class _Folded:
    """Folded text. ``cuts``: (offset in the folded text, characters left out up to there), ascending."""

    text: str
    cuts: tuple[tuple[int, int], ...]

    def origin(self, offset: int) -> int:
        """The offset in the original text of the character at ``offset``."""
        index = bisect_right(self.cuts, (offset, 1 << 60)) - 1
        return offset + (self.cuts[index][1] if index >= 0 else 0)


@lru_cache(maxsize=256)
def fold(text: str) -> _Folded:
    """``text`` as patterns see it."""
    wide = text.translate(_WIDE)
    pieces, cuts, end, gone = [], [], 0, 0
    for match in _SPACE.finditer(wide):
        pieces.append(wide[end : match.start()])
        end = match.end()
        gone += len(match.group())
        cuts.append((match.end() - gone, gone))
    return _Folded("".join(pieces) + wide[end:], tuple(cuts))


@lru_cache(maxsize=1024)
def _pattern(source: str, own: str | None = None) -> Any:
    """A pattern of a form with its holes filled: ``{date}``, ``{number}``, ``{any_name}``; compiled by RE2 when there is one."""
    import re2

    captures = set(_CAPTURE.findall(source))

    def fill(match: re.Match[str]) -> str:
        name = match[1]
        body = dates.ANY if name == "date" else NUMBER
        if name in captures or (name == "date" and own in captures):
            return f"(?:{body})"
        captures.add(name)
        return f"(?P<{name}>{body})"

    options = re2.Options()
    options.log_errors = False
    return re2.compile(_HOLE.sub(fill, source), options=options)


def _spans(patterns: Sequence[str], text: str) -> list[tuple[int, int]]:
    return [match.span() for source in patterns for match in _pattern(source).finditer(text)]


def _free(span: tuple[int, int], spans: Sequence[tuple[int, int]]) -> bool:
    return not any(start < span[1] and span[0] < end for start, end in spans)


def _names(where: str | Sequence[str], sections: Mapping[str, Section]) -> list[str]:
    """The parts that ``in:`` means: ``any`` is every part but the title."""
    wanted = [where] if isinstance(where, str) else list(where)
    return [name for name in sections if name != "title"] if "any" in wanted else [name for name in wanted if name in sections]


def _place(report: Report, section: str, offset: int) -> Place:
    part = (report.sections or {})[section]
    return Place(source=part.place.source or report.source, line=part.line_at(offset), section=section)


# --- facts about the report -----------------------------------------------------------------------------------------------------


def stated_in(part: str, text: str, form: Form) -> int:
    """How many facts that the form reads from ``part`` are stated in ``text``."""
    folded = fold(text)
    specs = [(name, spec) for name, spec in form.about.items() if part in ([spec.in_] if isinstance(spec.in_, str) else spec.in_)]
    return sum(_fact(name, spec, folded) is not None for name, spec in specs)


def about_of(report: Report, form: Form) -> tuple[dict[str, str | int | Decimal | None], dict[str, Place]]:
    """The facts that the report states of itself, and where: ``about.year``. A fact that is not stated has no entry."""
    about: dict[str, str | int | Decimal | None] = {}
    places: dict[str, Place] = {}
    sections = report.sections or {}
    for name, spec in form.about.items():
        for part in _names(spec.in_, sections):
            folded = fold(sections[part].text)
            hit = _fact(name, spec, folded)
            if hit:
                about[name] = _value(spec, folded.text, hit)
                places[f"about.{name}"] = _place(report, part, folded.origin(hit[0]))
                break
    return about, places


def _fact(name: str, spec: AboutSpec, folded: _Folded) -> tuple[int, int] | None:
    """Where the first pattern that matches finds the fact."""
    away = _spans(spec.unless, folded.text) if spec.unless else []
    for source in spec.reads:
        pattern = _pattern(source, name)
        group = pattern.groupindex.get(name) or pattern.groupindex.get("date") or 0
        for match in pattern.finditer(folded.text):
            span: tuple[int, int] = match.span(group)
            if span[0] >= 0 and _free(match.span(), away):
                return span
    return None


def _value(spec: AboutSpec, text: str, span: tuple[int, int]) -> str | int | Decimal | None:
    printed = text[span[0] : span[1]].strip()
    if spec.type == "date":
        return _date_value(printed, text[: span[0]])
    if spec.type == "number":
        value = read_prose(printed).value
        return None if value is None else int(value) if value == value.to_integral_value() else value
    return printed


def _date_value(printed: str, before: str) -> str:
    year, month, day = dates.read_date(printed)
    if year is None:  # 从2025年1月1日至12月31日: the year is said once
        earlier = [dates.read_date(match.group())[0] for match in _ANY_DATE.finditer(before)]
        year = next((found for found in reversed(earlier) if found is not None), None)
    return dates.iso(year, month, day)


_ANY_DATE = re.compile(dates.ANY)


# --- claims ---------------------------------------------------------------------------------------------------------------------


def claims_of(report: Report, form: Form) -> list[Claim]:
    """Every figure that the report's prose states, in the order of the form's claims, then of the text."""
    sections = report.sections or {}
    claims: list[Claim] = []
    for name, spec in form.claims.items():
        for part in _names(spec.in_, sections):
            folded = fold(sections[part].text)
            away = _spans(spec.unless, folded.text) if spec.unless else []
            found = sorted(
                (match.start(), source, match) for source in (*spec.reads, *spec.says) for match in _within(source, spec, folded.text, away)
            )
            claims.extend(_claim(report, name, spec, part, folded, source, match) for _, source, match in found)
    return claims


def _within(source: str, spec: ClaimSpec, text: str, away: Sequence[tuple[int, int]]) -> Iterator[Any]:
    """The matches that stay inside a clause or sentence; one that goes across is looked for again on either side."""
    pattern, breaks = _pattern(source), _BREAKS[spec.span]
    pending = [(0, len(text))]
    while pending:
        start, end = pending.pop()
        for match in pattern.finditer(text[:end], start):
            broken = breaks.search(text, match.start(), match.end())
            if broken and broken.end() < match.end():
                pending.append((broken.end(), end))
                inner = pattern.search(text[: broken.start()], match.start())
                if inner and _free(inner.span(), away):
                    yield inner
                break
            if _free(match.span(), away):
                yield match


def _claim(report: Report, name: str, spec: ClaimSpec, part: str, folded: _Folded, source: str, match: Any) -> Claim:
    groups = _pattern(source).groupindex
    figures = {group: _figure(folded.text, match.span(i)) for group, i in groups.items() if match.start(i) >= 0}
    fixed = spec.value if source in spec.says else None
    value = Figure(State.VALUE, fixed, fixed) if fixed is not None else figures.get("number") or next(iter(figures.values()), None)
    start, end = folded.origin(match.start()), folded.origin(match.end() - 1) + 1
    text = (report.sections or {})[part].text[start:end]
    return Claim(name, part, text, value or read_prose(""), figures, _place(report, part, start))


def _figure(text: str, span: tuple[int, int]) -> Figure:
    """The captured figure with all of its digits: a greedy pattern before it may have taken the first of them."""
    whole = _NUMBER_END.search(text[: span[1]])
    return read_prose(text[min(span[0], whole.start()) if whole else span[0] : span[1]])


# --- dates ----------------------------------------------------------------------------------------------------------------------


def dates_of(report: Report, form: Form) -> list[DateMention]:
    """Every date that the report's prose names where the form looks for dates."""
    sections = report.sections or {}
    found = []
    for name, spec in form.dates.items():
        for part in _names(spec.in_, sections):
            folded = fold(sections[part].text)
            away = _spans(spec.unless, folded.text) if spec.unless else []
            for match in _ANY_DATE.finditer(folded.text):
                if _free(match.span(), away) and not folded.text[: match.start()][-1:].isdigit():
                    start, end = folded.origin(match.start()), folded.origin(match.end() - 1) + 1
                    place = _place(report, part, start)
                    found.append(DateMention(name, part, *dates.read_date(match.group()), sections[part].text[start:end], place))
    return found
