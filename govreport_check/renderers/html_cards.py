"""A finding as the page's template needs it: everything in words, and the places that it marks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from govreport_check.findings import Excerpt, Finding, ReportResult
from govreport_check.renderers.html_marks import Mark, Marks, guess_marks
from govreport_check.renderers.ledger import LedgerRow, ledger_rows, relation, told_facts
from govreport_check.renderers.lines import clean
from govreport_check.renderers.suspected import MOST_TOLD, Together, explaining, implied
from govreport_check.renderers.words import address_line, group_of, say
from govreport_check.wording import PARTS, pick


@dataclass(frozen=True, slots=True)
class Way:
    """One explanation: its cells and what they would be, as the page's script reads them."""

    number: int
    guesses: str


@dataclass(frozen=True, slots=True)
class Card:
    """``marks`` are ``id:role:sign`` as the page's script reads them; ``sides`` the ledger, (word, rows) for left and right; ``key`` is
    the rule and where it holds, which stay when figures change."""

    id: str
    key: str
    group: str
    finding: Finding
    message: str
    part: str
    where: str
    marks: str
    sides: tuple[tuple[str, tuple[LedgerRow, ...]], ...]
    relation: str
    facts: tuple[tuple[str, str, str], ...]
    readings: tuple[tuple[str, str], ...]
    suspected: str
    ways: tuple[Way, ...]
    cites: tuple[str, ...]
    waived: str
    excerpt: Excerpt | None


def part_of(finding: Finding, tables: Mapping[str, str]) -> str:
    """The id of the section in which a finding is told, by ``tables``, the sections of tables; else the title of its table, if any."""
    for cell in finding.cells:
        _, _, labelled = cell.address.partition("labels.")
        table = (labelled or cell.address).partition("[")[0].partition(".")[0]
        found = tables.get(table) or _named_section(labelled or cell.address) or cell.place.section
        if found:
            return found
    return clean(finding.excerpt.title) if finding.excerpt else ""


def part_names(reports: Iterable[ReportResult], lang: str) -> dict[str, str]:
    """What sections are called: as most of the reports print it."""
    printed = Counter((part.id, clean(part.heading)) for report in reports if report.printed for part in report.printed.parts)
    commonest = dict(pair for pair, _ in reversed(printed.most_common()))
    return commonest | {name: pick(words, lang) for name, words in PARTS.items()}


def _named_section(address: str) -> str | None:
    return address.removeprefix("sections.").partition(".")[0] if address.startswith("sections.") else None


def card(
    id_: str, finding: Finding, source: str, part: str, marks: Sequence[tuple[str, Mark]], of: Marks, lang: str, *, whole: bool
) -> Card:
    """``whole``: the page shows the tables, so that none of them is drawn again with the finding."""
    explaining_it = explaining(finding)
    explained = {fingerprint for suspect in explaining_it for fingerprint in suspect.explains}
    told = Together((finding,), max(0, len(explained) - 1)).headline(lang) if explaining_it else implied(finding, lang)
    ways = [Way(i, guess_marks(suspect, of)) for i, suspect in enumerate(explaining_it[:MOST_TOLD], 1)]
    return Card(
        id=id_,
        key=clean(" ".join([finding.rule, finding.outcome, *(f"{name}={value}" for name, value in sorted(finding.bindings.items()))])),
        group=group_of(finding),
        finding=finding,
        message=clean(finding.message),
        part=part,
        where=clean(address_line(finding, source, lang)),
        marks=" ".join(f"{place}:{mark.role}:{mark.sign}" for place, mark in marks),
        sides=_sides(finding, lang),
        relation="".join(text for text, _ in relation(finding, lang)),
        facts=() if finding.terms else tuple(_facts(finding, lang)),
        readings=tuple((clean(one.label), _reading(finding, i, lang)) for i, one in enumerate(finding.readings)),
        suspected=clean(told),
        ways=tuple(way for way in ways if way.guesses),
        cites=tuple(say(lang, "cite", document=clean(one.document), at=clean(one.at)) for one in finding.cites),
        waived=_waived(finding, lang),
        excerpt=None if whole else finding.excerpt,
    )


def _sides(finding: Finding, lang: str) -> tuple[tuple[str, tuple[LedgerRow, ...]], ...]:
    if not finding.terms:
        return ()
    return tuple((say(lang, side), tuple(ledger_rows(finding, side, lang))) for side in ("left", "right"))


def _facts(finding: Finding, lang: str) -> list[tuple[str, str, str]]:
    """(what and where, as printed, as read) of each fact."""
    found = []
    for cell in told_facts(finding.cells):
        raw = clean(cell.raw or "")
        read = say(lang, "as_read", value=clean(cell.value)) if cell.value not in (None, cell.raw) and cell.value else ""
        found.append((clean(cell.spot or cell.label), raw, read if raw and not cell.address.startswith("about.") else ""))
    return found


def _reading(finding: Finding, i: int, lang: str) -> str:
    one = finding.readings[i]
    unknown = say(lang, "unknown")
    value, difference = clean(one.value or unknown), clean(one.difference or unknown).removeprefix("-")
    return say(lang, "reading", label=clean(one.label), value=value, difference=difference)


def _waived(finding: Finding, lang: str) -> str:
    excuse = finding.waived
    if excuse is None:
        return ""
    until = say(lang, "waiver.until", until=excuse.until) if excuse.until else ""
    said = say(lang, "list_comma").join(part for part in (excuse.by, until) if part)
    return clean(say(lang, "waiver", reason=excuse.reason, said=said)) if said else clean(excuse.reason)
