"""The slip to print and sign (审核单): on one A4 page what was checked, what was found, and who decides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from govreport_check.findings import Finding, ReportResult, Result
from govreport_check.renderers.letter_words import SLIP as WORDS
from govreport_check.renderers.lines import cells, clean
from govreport_check.renderers.paper import SLIP, Block, Box, NewPage, Paper, Sheet, Words
from govreport_check.renderers.paper_docx import docx_of
from govreport_check.renderers.paper_markdown import markdown_of
from govreport_check.renderers.words import counts_line, group_of, say

MOST = 12
"""So many findings are listed; of more the slip says how many there are."""
_LONGEST = 210
_GROUPS = ("error", "warning", "undecided", "note", "waived")


def render(result: Result, *, lang: str, **_shown: object) -> str:
    """Markdown: a slip for every report."""
    return markdown_of(_slips(result, lang))


def render_file(result: Result, *, lang: str, **_shown: object) -> bytes:
    """A Word file: a page for every report."""
    return docx_of(_slips(result, lang))


def _slips(result: Result, lang: str) -> Paper:
    words = WORDS.get(lang, WORDS["zh"])
    blocks: list[Block] = []
    for report in result.reports:
        blocks += [NewPage()] if blocks else []
        blocks += [Words(words["title"], "title"), _checked(report, result, words, lang), *_found(report, words, lang), _signed(words)]
    return Paper(lang, tuple(blocks), SLIP)


def _checked(report: ReportResult, result: Result, words: Mapping[str, str], lang: str) -> Sheet:
    """What was checked, with what, and the verdict."""
    used = [pack for pack in result.packs if report.form and report.form.startswith(f"{pack.id}/")]
    rules = words["comma"].join(words["pack"].format(id=one.id, version=one.version, hash=one.hash[:12]) for one in used)
    hash_ = report.printed.sha256 if report.printed else None
    kinds = Counter(map(group_of, report.findings))
    counted = words["comma"].join(words["count"].format(word=say(lang, name), n=kinds[name]) for name in _GROUPS if kinds[name])
    pairs = [
        ("agency", report.about.get("agency"), "year", report.about.get("year")),
        ("form", report.form, "rules", rules),
        (
            "read",
            words["read.said"].format(cells=report.read.cells, sections=report.read.sections),
            "checks",
            counts_line(report.counts, lang),
        ),
    ]
    rows = [(Box(words[a], head=True), Box(_brief(x, words)), Box(words[b], head=True), Box(_brief(y, words))) for a, x, b, y in pairs]
    wide = [("file", report.source), ("hash", hash_), ("verdict", report.sentence), ("found", counted)]
    lines = {key: (Box(words[key], head=True), Box(_brief(text, words), 3)) for key, text in wide}
    return Sheet((rows[0], lines["file"], lines["hash"], *rows[1:], lines["verdict"], lines["found"]), (14, 40, 12, 34))


def _brief(value: object, words: Mapping[str, str]) -> str:
    """``value`` in so few characters that the slip stays on its page."""
    text = clean(str(value or words["unknown"]))
    if cells(text) <= _LONGEST:
        return text
    kept = 0
    while cells(text[: kept + 1]) < _LONGEST:
        kept += 1
    return text[:kept] + "…"


def _found(report: ReportResult, words: Mapping[str, str], lang: str) -> Iterator[Block]:
    """The findings that count, the loudest first as the result has them."""
    telling = [one for one in report.findings if group_of(one) not in ("note", "waived")]
    if not telling:
        yield Words(words["nothing"], "small")
        return
    head = tuple(Box(words[key], head=True, centred=True) for key in ("number", "severity", "finding"))
    lines = [_line(number, one, words, lang) for number, one in enumerate(telling[:MOST], 1)]
    yield Sheet((head, *lines), (7, 12, 81), heads=1)
    if len(telling) > MOST:
        yield Words(words["more"].format(n=len(telling)), "small")


def _line(number: int, finding: Finding, words: Mapping[str, str], lang: str) -> tuple[Box, ...]:
    return Box(str(number), centred=True), Box(say(lang, group_of(finding)), centred=True), Box(_brief(finding.message, words))


def _signed(words: Mapping[str, str]) -> Sheet:
    signatures = tuple(Box(f"{words[who]}\n{words['signed']}") for who in ("prepared", "reviewed", "approved"))
    decision = (Box(words["decision"], head=True), Box(words["decisions"], 5))
    return Sheet((decision, tuple(Box(one.text, 2) for one in signatures)), (14, 19, 17, 16, 17, 17))
