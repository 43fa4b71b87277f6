"""One page that explains itself: verdicts, the reports with what is wrong marked in them, and every finding. ``docs/html-report.md``.

The page is one file that asks for nothing outside it: style and script stand in it, and its content security policy allows these two, by
their SHA-256, and nothing else. :func:`article` and :func:`overview` are its pieces for a page that is served (``serve/static``), which
loads the same style and script. All text of reports is escaped by jinja2. Needs the extra ``html``.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from govreport_check.errors import UsageError
from govreport_check.findings import PrintedPart, PrintedTable, ReportResult, Result
from govreport_check.renderers.html_cards import Card, card, part_names, part_of
from govreport_check.renderers.html_grid import Grid, grid_of
from govreport_check.renderers.html_marks import Mark, Marks, Words, marks_of, prose
from govreport_check.renderers.html_overview import Chart, Row, charts, row
from govreport_check.renderers.html_season import season_tables
from govreport_check.renderers.html_words import SIGNS, VERDICT_SIGNS, words_of
from govreport_check.renderers.lines import clean
from govreport_check.renderers.sheets.table import Sheet
from govreport_check.renderers.words import counts_line, reports_line

if TYPE_CHECKING:
    from jinja2 import Environment

MOST_OPEN = 8
"""Of reports with more tables, those without findings are folded."""

MOST_WHOLE = 20
"""Pages of more reports than this show excerpts with the findings instead of whole reports, so that a browser can hold them."""

TEMPLATES = Path(__file__).parent / "templates"
GROUPS = ("error", "warning", "undecided", "note", "waived")


@dataclass(frozen=True, slots=True)
class ShownTable:
    """``open``: something is marked in it."""

    table: PrintedTable
    grid: Grid | None
    open: bool


@dataclass(frozen=True, slots=True)
class ShownPart:
    part: PrintedPart
    heading: str
    id: str | None
    paragraphs: list[list[Words]]
    tables: list[ShownTable]


@dataclass(frozen=True, slots=True)
class Spot:
    """A marked place: the ids of the cards about it, in one string; of those by which it is shown as wrong the ``first`` and how many
    ``more``."""

    cards: str
    first: Card | None
    more: int


@dataclass(frozen=True, slots=True)
class Shown:
    """One report as the template needs it. ``spots`` by the id of their element."""

    number: int
    report: ReportResult
    row: Row
    title: str
    cards: list[Card]
    parts: list[ShownPart]
    marks: Marks
    spots: dict[str, Spot]
    folds: bool


def render(
    result: Result,
    *,
    lang: str,
    width: int | None,
    color: bool,
    notes: bool,
    waived: bool,
    fingerprints: bool,
    sheets: Sequence[Sheet] = (),
) -> str:
    """The page. Notes and what is waived are always in it; ``notes`` and ``waived`` say whether they are shown at first. ``sheets`` are
    a season's, whose tables and charts come first.

    Raises :class:`~govreport_check.errors.UsageError` where jinja2 is not installed.
    """
    shown = [_shown(number, report, lang, whole=len(result.reports) <= MOST_WHOLE) for number, report in enumerate(result.reports)]
    style, script = _text("page.css"), _text("marking.js") + _text("page.js")
    cards, names = [one for report in shown for one in report.cards], part_names(result.reports, lang)
    page = _environment().get_template("page.html.j2")
    return (
        page.render(
            result=result,
            reports=shown,
            words=words_of(lang),
            lang=lang,
            edit=False,
            style=style,
            script=script,
            policy=_policy(style, script),
            groups=_groups(cards),
            hidden={group for group, show in (("note", notes), ("waived", waived)) if not show},
            choices=_choices(cards, names),
            charts=_charts(shown, names) if len(shown) > 1 else [],
            packs=words_of(lang)["list_comma"].join(f"{pack.id} {pack.version}" for pack in result.packs),
            summary=_summary(result, lang),
            season=season_tables(sheets),
        )
        + "\n"
    )


def article(report: ReportResult, *, lang: str, number: int = 0, whole: bool = True) -> str:
    """One report as an ``<article>`` to be edited: verdict, filters, the report as printed, its findings.

    ``number`` keeps the ids of several articles apart; without ``whole`` the findings have excerpts instead of the report. What can be
    edited has its address in ``data-at`` (``requests[granted, total]``, ``sections.overview.heading``, ``sections.overview``), a paragraph
    also its number among the section's, from 0, in ``data-nth`` and its line, where the format has lines, in ``data-line``. ``data-key``
    names a finding the same way before and after an edit. Raises :class:`~govreport_check.errors.UsageError` where jinja2 is not installed.
    """
    one = _shown(number, report, lang, whole=whole)
    page = _environment().get_template("article.html.j2")
    return page.render(
        one=one,
        words=words_of(lang),
        lang=lang,
        edit=True,
        groups=_groups(one.cards),
        hidden={"note", "waived"},
        choices=_choices(one.cards, part_names([report], lang)),
    )


def overview(result: Result, *, lang: str) -> str:
    """The verdicts of many reports as a ``<section>``: charts, and a table whose links lead to ``#r0``, ``#r1``, in the order of reports.

    Raises :class:`~govreport_check.errors.UsageError` where jinja2 is not installed.
    """
    shown = [_shown(number, report, lang, whole=False) for number, report in enumerate(result.reports)]
    page = _environment().get_template("article_overview.html.j2")
    summary, names = _summary(result, lang), part_names(result.reports, lang)
    return page.render(words=words_of(lang), lang=lang, reports=shown, summary=summary, charts=_charts(shown, names))


def _groups(cards: list[Card]) -> list[tuple[str, int]]:
    return [(group, sum(one.group == group for one in cards)) for group in GROUPS]


def _text(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """Nothing is allowed but this style and this script."""
    own = f"style-src {_hash(style)}; script-src {_hash(script)}; img-src data:"
    return f"default-src 'none'; {own}; base-uri 'none'; form-action 'none'"


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    try:
        from jinja2 import Environment, FileSystemLoader
    except ImportError:
        raise UsageError('the format html needs jinja2: pip install "govreport-check[html]"') from None
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.globals.update(signs=SIGNS, verdict_signs=VERDICT_SIGNS, counts_line=counts_line)
    environment.filters["clean"] = clean
    return environment


def _summary(result: Result, lang: str) -> str:
    """How many reports have which verdict."""
    if not result.reports:
        return words_of(lang)["no_reports"]
    return reports_line(result, lang)


def _choices(cards: list[Card], names: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """What can be filtered by: its ids and what they are called, sections in the order of appearance."""
    return {
        "part": {one.part: names.get(one.part, one.part) for one in cards if one.part},
        "rule": dict(sorted((one.finding.rule, one.finding.rule) for one in cards)),
        "entity": dict(sorted((one.finding.entity, one.finding.entity) for one in cards if one.finding.entity)),
    }


def _charts(shown: list[Shown], names: Mapping[str, str]) -> list[Chart]:
    told = ((one.row, names.get(card.part, card.part), clean(card.finding.title), card.group) for one in shown for card in one.cards)
    return charts(told)


# --- one report ----------------------------------------------------------------------------------------------------------------


def _shown(number: int, report: ReportResult, lang: str, *, whole: bool) -> Shown:
    printed = report.printed if whole else None
    marks = marks_of(f"e{number}-", report.findings, printed)
    where = {table.id: table.part for table in report.printed.tables} if report.printed else {}
    parts = [_part(part, report, marks, lang) for part in printed.parts] if printed else []
    cards = _cards(number, report, marks, where, lang, whole=printed is not None)
    return Shown(
        number=number,
        report=report,
        row=row(f"r{number}", report),
        title=_title(report),
        cards=cards,
        parts=parts,
        marks=marks,
        spots={id_: _spot(its, cards) for id_, its in marks.at.items()},
        folds=printed is not None and len(printed.tables) > MOST_OPEN,
    )


def _spot(its: Sequence[Mark], cards: Sequence[Card]) -> Spot:
    loud = [mark.finding for mark in its if mark.loud]
    told = " ".join([cards[i].id for i in dict.fromkeys(mark.finding for mark in its)])
    return Spot(told, cards[loud[0]] if loud else None, len(loud) - 1)


def _title(report: ReportResult) -> str:
    """The report's title, with its agency and year where it does not hold them; the file's name where there is none."""
    title = clean(str(report.about.get("title") or ""))
    more = [clean(str(report.about.get(fact) or "")) for fact in ("agency", "year")]
    return " · ".join([*(one for one in more if one and one not in title), *([title] if title else [])]) or Path(clean(report.source)).name


def _cards(number: int, report: ReportResult, marks: Marks, where: Mapping[str, str], lang: str, *, whole: bool) -> list[Card]:
    placed: list[list[tuple[str, Mark]]] = [[] for _ in report.findings]
    for id_, its in marks.at.items():
        for mark in its:
            placed[mark.finding].append((id_, mark))
    told, ids = Counter[str](), []
    for finding in report.findings:  # an id stays while the finding does
        told[finding.fingerprint] += 1
        ids.append(f"f{number}-{finding.fingerprint}{'-' * (told[finding.fingerprint] - 1)}")
    return [
        card(ids[i], finding, report.source, part_of(finding, where), placed[i], marks, lang, whole=whole)
        for i, finding in enumerate(report.findings)
    ]


def _part(part: PrintedPart, report: ReportResult, marks: Marks, lang: str) -> ShownPart:
    tables = [table for table in (report.printed.tables if report.printed else []) if table.part == part.id]
    paragraphs = prose(part.id, part.paragraphs, report.findings, marks)
    headed = [i for i, one in enumerate(report.findings) if any(_is_heading(cell.address, cell.raw, part) for cell in one.cells)]
    ids = [marks.put(f"heading/{part.id}", Mark(number, "x")) for number in headed]
    return ShownPart(part, clean(part.heading), ids[0] if ids else None, paragraphs, [_table(table, marks) for table in tables])


def _is_heading(address: str, raw: str | None, part: PrintedPart) -> bool:
    """Whether a fact is the section as a whole, or its heading."""
    return address in (f"sections.{part.id}", f"labels.sections.{part.id}") and (raw is None or clean(raw) == clean(part.heading))


def _table(table: PrintedTable, marks: Marks) -> ShownTable:
    marked = any(address.startswith((f"{table.id}[", f"labels.{table.id}.")) for address in marks.ids)
    return ShownTable(table, None if table.missing else grid_of(table), marked)
