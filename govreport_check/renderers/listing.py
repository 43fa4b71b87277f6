"""The diagnostic listing: the verdict first, then what is wrong, where, by how much, why it matters and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from govreport_check.findings import Finding, ReportResult, Result, Verdict
from govreport_check.renderers import grid, ledger
from govreport_check.renderers.causes import Cause, causes
from govreport_check.renderers.lines import Line, Span, cells, clean, flow, pad, paint, picture
from govreport_check.renderers.suspected import implied, together
from govreport_check.renderers.words import FOLDED, address_line, counts_line, group_of, reports_line, say

MEASURE = 96  # prose wider than this is tiring; tables may use the whole width
WIDTH = 100
_KEYS = ("because", "readings", "suspects", "why", "fix", "law")


def render(result: Result, *, lang: str, width: int | None, color: bool, notes: bool, waived: bool, fingerprints: bool) -> str:
    """The listing of ``result``; ``width`` in cells (100 when None), without any escape code unless ``color``."""
    lines = lay_out(result, lang=lang, width=width, color=color, notes=notes, waived=waived, fingerprints=fingerprints)
    return paint(lines, color=color)


def render_svg(result: Result, *, lang: str, width: int | None = None, notes: bool = False, title: str = "govreport") -> str:
    """The listing as an SVG picture of a terminal."""
    lines = lay_out(result, lang=lang, width=width, color=True, notes=notes)
    return picture(lines, title=title, width=width or WIDTH)


def lay_out(
    result: Result, *, lang: str, width: int | None, color: bool, notes: bool, waived: bool = False, fingerprints: bool = False
) -> list[Line]:
    """The listing as styled lines. Without ``color``, marked cells stand in brackets instead."""
    page = _Page(max(40, width or WIDTH), lang, brackets=not color, fingerprints=fingerprints)
    shown = {"note": notes, "waived": waived}
    lines: list[Line] = []
    for number, report in enumerate(result.reports):
        lines.extend([(), ((("─" * 24), "dim"),), ()] if number else [])
        lines.extend(page.report(report, shown))
    if not result.reports:
        lines.append(((say(lang, "nothing"), "undecided"),))
    if len(result.reports) > 1:
        lines.extend([(), *page.paragraph([(reports_line(result, lang), "strong")])])
    return lines


def tone(report: ReportResult) -> str:
    """The style of a verdict. Only a report without errors and doubts that was wholly read is green."""
    if report.verdict is Verdict.NOT_VERIFIED:
        return "undecided"
    groups = {group_of(finding) for finding in report.findings}
    if report.verdict is Verdict.FINDINGS or "error" in groups:
        return "error"
    return "warning" if groups & {"warning", "undecided"} else "good"


class _Page:
    """The width, the language and the way of marking, and what is set with them."""

    def __init__(self, width: int, lang: str, *, brackets: bool, fingerprints: bool = False) -> None:
        self.width, self.lang, self.brackets, self.fingerprints = width, lang, brackets, fingerprints
        self.measure = min(width, MEASURE)

    def paragraph(self, spans: Sequence[Span], *, first: Line = (), indent: int = 0) -> list[Line]:
        return flow(spans, self.measure, first=first, indent=indent)

    def say(self, key: str, **words: object) -> str:
        return say(self.lang, key, **words)

    # --- one report --------------------------------------------------------------------------------------------------------

    def report(self, report: ReportResult, shown: Mapping[str, bool]) -> Iterator[Line]:
        yield from self.paragraph([(clean(report.sentence), tone(report))])
        yield from self.paragraph([(self._identity(report), "dim")])
        groups: dict[str, list[Finding]] = {}
        for finding in report.findings:
            groups.setdefault(group_of(finding), []).append(finding)
        told: set[str] = set()
        for name in ("error", "warning", "undecided", "note"):
            if name in groups and shown.get(name, True):
                yield from self._group(name, groups[name], report.source, told)
        if "waived" in groups and shown["waived"]:
            yield from self._waived(groups["waived"])
        yield ()
        yield from self.paragraph([(counts_line(report.counts, self.lang), "strong")])
        for name, words in FOLDED.items():
            if name in groups and not shown[name]:
                yield from self.paragraph([(self.say(words, n=len(groups[name])), "dim")])

    def _identity(self, report: ReportResult) -> str:
        title = report.about.get("title")
        parts = [report.source, title if isinstance(title, str) else "", report.form or ""]
        return " · ".join(clean(part) for part in parts if part)

    def _heading(self, name: str, count: int) -> Line:
        return ((self.say(name), name if name != "waived" else "dim"), (f" {count} · {self.say(f'{name}.gloss')}", "dim"))

    def _group(self, name: str, findings: Sequence[Finding], source: str, told: set[str]) -> Iterator[Line]:
        yield ()
        yield self._heading(name, len(findings))
        if name == "undecided":
            yield from self._undecided(findings, source, told)
            return
        by_entity: dict[str, list[Finding]] = {}
        for finding in findings:
            by_entity.setdefault(finding.entity or "", []).append(finding)
        for entity, own in sorted(by_entity.items(), key=lambda item: item[0] != ""):  # what is about no component comes first
            if entity:
                yield ()
                yield ((f"{'─' * 2} {clean(self.say('overall') if entity == 'overall' else entity)} ", "key"),)
            yield from self._together(own, name, source, told)

    def _together(self, findings: Sequence[Finding], name: str, source: str, told: set[str]) -> Iterator[Line]:
        for group in together(findings):
            if group.is_many and group.suspects:
                yield ()
                head: Line = ((self.say("suspects"), "key"), ("  ", ""))
                yield from self.paragraph([(clean(group.headline(self.lang)), "")], first=head, indent=cells(self.say("suspects")) + 2)
            for finding in group.findings:
                yield ()
                yield from self._finding(finding, name, source, told)

    # --- one finding -------------------------------------------------------------------------------------------------------

    def _finding(self, finding: Finding, group: str, source: str, told: set[str]) -> Iterator[Line]:
        word = self.say(group)
        indent = cells(word) + 2
        margin: Line = ((" " * indent, ""),)
        yield from self.paragraph([(clean(finding.message), "strong")], first=((word, group), ("  ", "")), indent=indent)
        for block in self._blocks(finding, indent, told):
            if block:
                yield from ((), *block)
        last = f"{self._named(finding)} · {clean(address_line(finding, source, self.lang))}"
        yield from self.paragraph([(last, "dim")], first=margin, indent=indent)

    def _named(self, finding: Finding) -> str:
        return f"{finding.rule} · {finding.fingerprint}" if self.fingerprints else finding.rule

    def _blocks(self, finding: Finding, indent: int, told: set[str]) -> Iterator[list[Line]]:
        yield [*ledger.draw(finding, width=self.measure, indent=indent, lang=self.lang), *self._readings(finding, indent)]
        if finding.excerpt and grid.tells_more(finding.excerpt):
            yield grid.draw(finding.excerpt, width=self.width, indent=indent, lang=self.lang, brackets=self.brackets)
        yield list(self._advice(finding, indent, told))

    def _advice(self, finding: Finding, indent: int, told: set[str]) -> Iterator[Line]:
        """Reason, suspects, why, fix and law; of one rule's findings only the first says the last three."""
        if finding.reason and finding.reason != finding.message:
            yield from self._keyed("because", finding.reason, indent)
        yield from self._suspects(finding, indent)
        if finding.rule in told:
            return
        told.add(finding.rule)
        cites = self.say("list_stop").join(self.say("cite", document=cite.document, at=cite.at) for cite in finding.cites)
        for key, text in (("why", finding.why), ("fix", finding.fix), ("law", cites)):
            if text:
                yield from self._keyed(key, text, indent)

    def _keyed(self, key: str, text: str, indent: int, *, again: bool = False) -> list[Line]:
        width = max(cells(self.say(word)) for word in _KEYS)
        word = pad("" if again else self.say(key), width)
        first: Line = ((" " * indent, ""), (word, "key"), ("  ", ""))
        return self.paragraph([(clean(text), "")], first=first, indent=indent + cells(word) + 2)

    def _readings(self, finding: Finding, indent: int) -> Iterator[Line]:
        for number, reading in enumerate(finding.readings):
            unknown = self.say("unknown")
            words = {"value": reading.value or unknown, "difference": (reading.difference or unknown).removeprefix("-")}
            yield from self._keyed("readings", self.say("reading", label=reading.label, **words), indent, again=number > 0)

    def _suspects(self, finding: Finding, indent: int) -> Iterator[Line]:
        """What may be behind this finding alone; what is behind several stands over them."""
        (alone,) = together([finding])
        said = [alone.headline(self.lang)] if alone.suspects and not alone.is_many else []
        for text in [*said, implied(finding, self.lang)]:
            if text:
                yield from self._keyed("suspects", text, indent)

    # --- not decided, waived -----------------------------------------------------------------------------------------------

    def _undecided(self, findings: Sequence[Finding], source: str, told: set[str]) -> Iterator[Line]:
        """What was not read, then the rules that needed it, together: a lost table must not fill the screen forty times."""
        for cause in causes(findings):
            yield ()
            if cause.speaks_for_itself:
                yield from self._finding(cause.findings[0], "undecided", source, told)
            else:
                yield from self._cause(cause, source)

    def _cause(self, cause: Cause, source: str) -> Iterator[Line]:
        word = self.say("undecided")
        indent = cells(word) + 2
        margin: Line = ((" " * indent, ""),)
        yield from self.paragraph([(clean(cause.headline(self.lang)), "strong")], first=((word, "undecided"), ("  ", "")), indent=indent)
        rules = {self._named(finding): finding.title for finding in cause.findings}
        yield from self.paragraph([(self.say("same_reason", n=len(rules)), "")], first=margin, indent=indent)
        for rule, title in rules.items():
            spans = [(clean(title), ""), (f"  {rule}", "dim")]
            yield from self.paragraph(spans, first=((" " * (indent + 2), ""),), indent=indent + 2)
        yield from self.paragraph([(clean(address_line(cause.findings[0], source, self.lang)), "dim")], first=margin, indent=indent)

    def _waived(self, findings: Iterable[Finding]) -> Iterator[Line]:
        excused = list(findings)
        yield ()
        yield self._heading("waived", len(excused))
        for finding in excused:
            yield from self.paragraph([(clean(finding.message), "dim")], first=(("  ", ""),), indent=2)
            spans = [(self._excuse(finding), "dim"), (f"  {self._named(finding)}", "dim")]
            yield from self.paragraph(spans, first=(("  ", ""),), indent=2)

    def _excuse(self, finding: Finding) -> str:
        if finding.waived is None:
            return ""
        until = self.say("waiver.until", until=finding.waived.until) if finding.waived.until else ""
        said = [part for part in (finding.waived.by, until, finding.waived.file) if part]
        return clean(self.say("waiver", reason=finding.waived.reason, said=self.say("list_comma").join(said)))
