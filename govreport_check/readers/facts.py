"""What the prose states: facts about the report, claims and dates. They read a report's sections, whatever format it came in.

Patterns are RE2 over *folded* text: full-width digits, letters and points made plain, white space beside Chinese characters
left out. Places and texts are those of the original.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from govreport_check.figures import read_prose
from govreport_check.form import About, Form
from govreport_check.frozen import dataclass
from govreport_check.kept import kept_for
from govreport_check.literals import may_match
from govreport_check.model import Place, Report, Section
from govreport_check.patterns import later
from govreport_check.readers import dates
from govreport_check.sieve import Sieve, sieve_of

NUMBER = (
    r"(?:[约近超上]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?[万亿]?[余多]?|[约近超上]?[〇零一二两三四五六七八九十百千万亿]+[余多]?)"
)
"""Every way a figure is written in prose."""

_HOLE = later(r"\{([a-z_]+)\}")
_CAPTURE = later(r"\(\?P<([a-z_]+)>")
_NUMBER_END = later(NUMBER + r"$")
_WIDE = str.maketrans(
    {chr(code): chr(code - 0xFEE0) for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B), 0xFF05, 0xFF0E)}
)
_ASIAN = "\u3000-\u303f\u3400-\u9fff\uff00-\uffef"
_SPACE = later(r"[^\S\n]+")
_BESIDE = later(f"[{_ASIAN}]")
_BREAKS = {"clause": later(r"[，。；：！？\n]"), "sentence": later(r"[。；！？\n]")}


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
class Folded:
    """Folded text. ``cuts``: (offset in the folded text, characters left out up to there), ascending."""

    text: str
    cuts: tuple[tuple[int, int], ...]

    def origin(self, offset: int) -> int:
        """The offset in the original text of the character at ``offset``."""
        index = bisect_right(self.cuts, (offset, 1 << 60)) - 1
        return offset + (self.cuts[index][1] if index >= 0 else 0)


@lru_cache(maxsize=256)
def fold(text: str) -> Folded:
    """``text`` as patterns see it."""
    wide = text.translate(_WIDE)
    pieces, cuts, end, gone = [], [], 0, 0
    for match in _SPACE.finditer(wide):
        if not _BESIDE.search(wide[match.start() - 1 : match.start()] + wide[match.end() : match.end() + 1]):
            continue
        pieces.append(wide[end : match.start()])
        end = match.end()
        gone += len(match.group())
        cuts.append((match.end() - gone, gone))
    return Folded("".join(pieces) + wide[end:], tuple(cuts))


@lru_cache(maxsize=1024)
def fact_pattern(source: str, own: str | None = None) -> Any:
    """A pattern of a form with its holes filled, compiled by RE2."""
    import re2

    options = re2.Options()
    options.log_errors = False
    return re2.compile(filled(source, own), options=options)


@lru_cache(maxsize=1024)
def filled(source: str, own: str | None = None) -> str:
    """A pattern of a form with its holes filled: ``{date}``, ``{number}``, ``{any_name}``."""
    captures = set(_CAPTURE.findall(source))

    def fill(match: re.Match[str]) -> str:
        name = match[1]
        body = dates.ANY if name == "date" else NUMBER
        if name in captures or (name == "date" and own in captures):
            return f"(?:{body})"
        captures.add(name)
        return f"(?P<{name}>{body})"

    return _HOLE.sub(fill, source)


@lru_cache(maxsize=1024)
def groups_of(source: str) -> tuple[tuple[str, int], ...]:
    """The named groups of a pattern with their numbers: RE2 lists them anew each time."""
    return tuple(fact_pattern(source).groupindex.items())


def found_in(form: Form, text: str) -> frozenset[str]:
    """The patterns (:func:`filled`) of the form's facts, claims and dates that can match somewhere in a folded text: those of which the
    words stand in it, and of a process's later texts those that do match."""
    found = _sieve(form).found(text)
    return _likely(form)(text) if found is None else found


@kept_for
def _sieve(form: Form) -> Sieve:
    return sieve_of(tuple(dict.fromkeys(pattern for _, pattern in _patterns(form))))


@kept_for
def _likely(form: Form) -> Callable[[str], frozenset[str]]:
    needed = [(form.needs.get(source, ()), pattern) for source, pattern in _patterns(form)]
    return lru_cache(maxsize=64)(lambda text: frozenset(pattern for needs, pattern in needed if may_match(needs, text)))


def _patterns(form: Form) -> Iterator[tuple[str, str]]:
    """(as the form states it, filled)"""
    for name, fact in form.about.items():
        yield from ((source, filled(source, name)) for source in fact.reads)
        yield from ((source, filled(source)) for source in fact.unless)
    for claim in form.claims.values():
        yield from ((source, filled(source)) for source in (*claim.reads, *claim.says, claim.whole, *claim.unless) if source)
    yield from ((source, filled(source)) for dated in form.dates.values() for source in dated.unless)


def is_found(filled_pattern: str, found: Collection[str] | None) -> bool:
    """Whether a pattern may match where ``found`` do."""
    return found is None or filled_pattern in found


def spans_of(patterns: Sequence[str], text: str, found: Collection[str] | None = None) -> list[tuple[int, int]]:
    """Where any of ``patterns`` matches, ascending, overlapping ones as one; ``found`` are those that do, where that is known."""
    merged: list[tuple[int, int]] = []
    sources = [source for source in patterns if is_found(filled(source), found)]
    if not sources:
        return merged
    for start, end in sorted(match.span() for source in sources for match in fact_pattern(source).finditer(text)):
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


class Forbidden:
    """Like :func:`spans_of`, looked for when first asked for: most patterns match nothing, and then nobody asks."""

    __slots__ = ("_known", "_of")

    def __init__(self, patterns: Sequence[str], text: str, found: Collection[str] | None = None) -> None:
        self._of = (patterns, text, found)
        self._known: Sequence[tuple[int, int]] | None = None

    def __call__(self) -> Sequence[tuple[int, int]]:
        if self._known is None:
            self._known = spans_of(*self._of)
        return self._known


def is_free(span: tuple[int, int], spans: Sequence[tuple[int, int]]) -> bool:
    """Whether ``span`` overlaps with none of ``spans`` (ascending and apart, as :func:`spans_of` gives them)."""
    before = bisect_left(spans, (span[1], 0)) - 1
    return before < 0 or spans[before][1] <= span[0]


def parts_of(where: str | Sequence[str], sections: Mapping[str, Section]) -> list[str]:
    """The parts that ``in:`` means: ``any`` is every part but the title."""
    wanted = [where] if isinstance(where, str) else list(where)
    return [name for name in sections if name != "title"] if "any" in wanted else [name for name in wanted if name in sections]


def place_in(report: Report, section: str, offset: int) -> Place:
    part = (report.sections or {})[section]
    place = part.place_at(offset)
    if place.source and place.section == section:
        return place
    return replace(place, source=place.source or report.source, section=section)


# --- facts about the report -----------------------------------------------------------------------------------------------------


def stated_in(part: str, text: str, form: Form) -> int:
    """How many facts that the form reads from ``part`` are stated in ``text``."""
    folded = fold(text)
    specs = [(name, spec) for name, spec in form.about.items() if part in ([spec.in_] if isinstance(spec.in_, str) else spec.in_)]
    return sum(_fact(name, spec, folded, found_in(form, folded.text)) is not None for name, spec in specs)


def about_of(
    report: Report, form: Form, wanted: Collection[str] | None = None
) -> tuple[dict[str, str | int | Decimal | None], dict[str, Place]]:
    """The facts that the report's text states, and where: ``about.year``; only the ``wanted`` ones where they are named. A fact that
    is not stated has no entry."""
    about: dict[str, str | int | Decimal | None] = {}
    places: dict[str, Place] = {}
    sections = report.sections or {}
    for name, spec in form.about.items():
        for part in parts_of(spec.in_, sections) if wanted is None or name in wanted else ():
            folded = fold(sections[part].text)
            hit = _fact(name, spec, folded, found_in(form, folded.text))
            if hit:
                about[name] = _value(spec, folded.text, hit)
                places[f"about.{name}"] = place_in(report, part, folded.origin(hit[0]))
                break
    return about, places


def derived_facts(about: Mapping[str, object], form: Form) -> dict[str, str]:
    """Facts that follow from others (an agency's level from its name), where ``about`` does not state them itself."""
    found = {}
    for name, spec in form.about.items():
        if about.get(name):
            continue
        texts = [fold(str(about[key])).text for key in spec.of if about.get(key)]
        value = next(
            (value for text in texts for value, patterns in spec.values.items() if spans_of(_fitting(patterns, form, text), text)), None
        )
        if value is not None:
            found[name] = value
    return found


def _fitting(patterns: Sequence[str], form: Form, text: str) -> list[str]:
    return [one for one in patterns if may_match(form.needs.get(one, ()), text)]


def _fact(name: str, spec: About, folded: Folded, found: Collection[str] | None) -> tuple[int, int] | None:
    """Where the first pattern that matches finds the fact; ``found`` are those that may match, where that is known."""
    away = Forbidden(spec.unless, folded.text, found)
    for source in spec.reads:
        if not is_found(filled(source, name), found):
            continue
        pattern = fact_pattern(source, name)
        group = pattern.groupindex.get(name) or pattern.groupindex.get("date") or 0
        for match in pattern.finditer(folded.text):
            span: tuple[int, int] = match.span(group)
            if span[0] >= 0 and is_free(match.span(), away()):
                return span
    return None


def _value(spec: About, text: str, span: tuple[int, int]) -> str | int | Decimal | None:
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


_ANY_DATE = later(dates.ANY)


# --- dates ----------------------------------------------------------------------------------------------------------------------


def dates_of(report: Report, form: Form, wanted: Collection[str] | None = None) -> list[DateMention]:
    """Every date that the report's prose names where the form looks for dates; only the ``wanted`` ones where they are named."""
    sections = report.sections or {}
    found = []
    for name, spec in form.dates.items():
        for part in parts_of(spec.in_, sections) if wanted is None or name in wanted else ():
            folded = fold(sections[part].text)
            away = spans_of(spec.unless, folded.text, found_in(form, folded.text)) if spec.unless else []
            for match in _ANY_DATE.finditer(folded.text):
                if is_free(match.span(), away) and not folded.text[match.start() - 1 : match.start()].isdigit():
                    start, end = folded.origin(match.start()), folded.origin(match.end() - 1) + 1
                    place = place_in(report, part, start)
                    found.append(DateMention(name, part, *dates.read_date(match.group()), sections[part].text[start:end], place))
    return found
