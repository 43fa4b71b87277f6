"""Reports and findings as the HTML page draws them, piece by piece, for a page that redraws only what changed (``govreport serve``)."""

from __future__ import annotations

from dataclasses import dataclass

from govreport_check.findings import Result
from govreport_check.renderers.html import GROUPS, charts_of, environment, shown_reports
from govreport_check.renderers.html_cards import part_names
from govreport_check.renderers.html_words import words_of


@dataclass(frozen=True, slots=True)
class Piece:
    """One report as HTML: its ``title`` as text, the ``article`` with its marks, a card for every finding in their order."""

    title: str
    article: str
    cards: list[str]


def pieces(result: Result, lang: str) -> list[Piece]:
    """The pieces of every report. Their ids are those of the HTML report: ``f0-3`` is the fourth finding of the first report.

    Raises :class:`~govreport_check.errors.UsageError` where jinja2 is not installed.
    """
    env, shown = environment(), shown_reports(result, lang)
    cards = [one for report in shown for one in report.cards]
    groups = [(group, sum(one.group == group for one in cards)) for group in GROUPS]
    said = {"words": words_of(lang), "lang": lang, "groups": groups}
    document = env.get_template("report.html.j2").make_module(said).document  # type: ignore[attr-defined]
    finding = env.get_template("finding.html.j2").make_module(said).finding  # type: ignore[attr-defined]
    return [Piece(one.title, str(document(one)) if one.parts else "", [str(finding(card)) for card in one.cards]) for one in shown]


def overview(result: Result, lang: str) -> str:
    """The charts and the table of many reports; its links lead to ``#r0``, ``#r1``."""
    shown = shown_reports(result, lang)
    charts = charts_of(shown, part_names(result.reports, lang))
    return environment().get_template("overview.html.j2").render(words=words_of(lang), lang=lang, charts=charts, reports=shown)
