"""Sheet 1: a row per unit of the roster, the absent ones too."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from govreport_check.findings import ReadRecord, ReportResult
from govreport_check.renderers.lines import clean
from govreport_check.renderers.sheets.problems import GROUPS, Layout, columns_of, typed_values
from govreport_check.renderers.sheets.round import NOTHING, Again, Round
from govreport_check.renderers.sheets.table import Column, Kind, Look, Row, Sheet, Value
from govreport_check.renderers.sheets.words import joined, say
from govreport_check.renderers.words import group_of
from govreport_check.season.model import Anomaly, AnomalyKind, Conclusion, KeyFigure, Line, Problems, Season
from govreport_check.wording import VALUES, pick

_ABOUT: Layout = (
    ("number", 5, "number"),
    ("county", 8, "text"),
    ("unit", 18, "text"),
    ("level_kind", 7, "text"),
    ("parent", 10, "text"),
    ("received", 5, "text"),
    ("year", 6, "number"),
    ("form", 6, "number"),
    ("published", 11, "day"),
    ("due", 11, "day"),
    ("late", 5, "number"),
    ("file", 13, "words"),
    ("read", 12, "text"),
    ("conclusion", 8, "text"),
    ("errors", 5, "number"),
    ("warnings", 5, "number"),
)
_JUDGED: Layout = (
    ("main", 30, "words"),
    ("same", 12, "words"),
    ("decision", 8, "choice"),
    ("remark", 12, "words"),
    ("until", 11, "day"),
    ("again", 7, "text"),
)
_KEY: Layout = (("key.unit", 10, "key"),)
_MAIN = 3
_KIND_WIDTH, _FIGURE_WIDTH = 6, 7
_LOOKS: dict[Conclusion, Look] = {
    Conclusion.PASSED: "good",
    Conclusion.CORRECT: "error",
    Conclusion.VERIFY: "warning",
    Conclusion.NOT_VERIFIED: "undecided",
    Conclusion.ABSENT: "error",
}
_ORDER = (Conclusion.CORRECT, Conclusion.ABSENT, Conclusion.NOT_VERIFIED, Conclusion.VERIFY, Conclusion.PASSED)

_NOBODYS = (AnomalyKind.NAME_NEAR, AnomalyKind.UNREAD_FILE)
"""What may mean several units: no matter of one whose own report is there."""


def units_sheet(season: Season, round_: Round, lang: str) -> Sheet:
    """Sheet 1, sorted by county (as the roster first names them), then by conclusion, errors and points to verify."""
    first: dict[str, int] = {}
    for line in season.lines:
        first.setdefault(line.county, line.number)
    lines = sorted(season.lines, key=lambda line: (first[line.county], *_severity(line), line.number))
    files: dict[str, list[Anomaly]] = defaultdict(list)
    for one in season.anomalies:
        for unit in one.units:
            files[unit].append(one)
    gone = Counter((told.unit, told.again) for told in round_.gone)
    return Sheet(
        id="units",
        title=say(lang, "units"),
        columns=_columns(season, lang),
        rows=tuple(_row(number, line, season, round_, gone, files[line.unit], lang) for number, line in enumerate(lines, 1)),
        frozen=3,
        choices=(say(lang, "adopt"), say(lang, "reject")),
    )


def _severity(line: Line) -> tuple[int, int, int]:
    groups = Counter(group_of(finding) for finding in line.report.findings) if line.report else Counter()
    return _ORDER.index(line.conclusion), -groups["error"], -groups["warning"]


def _columns(season: Season, lang: str) -> tuple[Column, ...]:
    kinds = [Column(f"kind.{one.id}", pick_title(one.title, lang), _KIND_WIDTH) for one in season.kinds]
    figures = [
        Column(f"figure.{one.id}", pick_title(one.title, lang), _FIGURE_WIDTH, _kind_of(season, n)) for n, one in enumerate(season.figures)
    ]
    return (*columns_of(_ABOUT, lang), *kinds, *columns_of(_JUDGED, lang), *figures, *columns_of(_KEY, lang))


def _kind_of(season: Season, number: int) -> Kind:
    """Whether a column of figures is shares: all that are known are told in per cent."""
    known = [line.figures[number].value or "" for line in season.lines if len(line.figures) > number and line.figures[number].value]
    return "share" if known and all(value.endswith("%") for value in known) else "number"


def pick_title(title: object, lang: str) -> str:
    words = dict(title) if isinstance(title, dict) else {}
    return clean(str(words.get(lang) or words.get("zh") or ""))


def _row(
    number: int, line: Line, season: Season, round_: Round, gone: Counter[tuple[str, Again | None]], files: Sequence[Anomaly], lang: str
) -> Row:
    return Row(
        values=(
            *_about(number, line, lang),
            *(_problems(line.problems.get(one.id, Problems()), lang) for one in season.kinds),
            *_judged(line, files, lang),
            *typed_values(round_.units.get(line.unit, NOTHING), lang),
            _again(line, round_, gone, lang),
            *_figures(line, len(season.figures)),
            line.unit,
        ),
        looks=tuple(_looks(line, season)),
    )


def _about(number: int, line: Line, lang: str) -> tuple[Value, ...]:
    report = line.report
    groups = Counter(group_of(finding) for finding in report.findings) if report else Counter()
    return (
        number,
        line.county,
        line.unit,
        " ".join(pick(VALUES[fact][value], lang) if value in VALUES[fact] else value for fact, value in _facts(line)),
        line.parent or "",
        say(lang, "no" if report is None else "yes"),
        clean(str(line.year or (report.about.get("year") if report else None) or "")),
        (line.form or (report.form if report else None) or "").rpartition("/")[2],
        line.published_on,
        line.due,
        line.days_late,
        line.file or line.address,
        _read(line.read, lang),
        say(lang, line.conclusion.value),
        groups["error"] if report else None,
        groups["warning"] if report else None,
    )


def _facts(line: Line) -> Iterator[tuple[str, str]]:
    if line.level:
        yield "level", line.level
    if line.kind:
        yield "kind", line.kind


def _read(read: ReadRecord | None, lang: str) -> str:
    return say(lang, "cells").format(*read.cells, *read.sections) if read else ""


def _problems(found: Problems, lang: str) -> str:
    counts = (("error", found.errors), ("warning", found.warnings), ("undecided", found.undecided))
    return joined(lang, [say(lang, f"{group}.count", n=number) for group, number in counts if number])


def _judged(line: Line, files: Sequence[Anomaly], lang: str) -> tuple[str, str]:
    """The main problems and those of last year too; without a report, why there is none."""
    titles = {finding.rule: clean(finding.title) for finding in line.report.findings} if line.report else {}
    same = joined(lang, [titles.get(rule, rule) for rule in line.same_problems], "stop")
    if line.report is None:
        return "".join(details(one, lang) for one in files), same
    told = [one for one in files if one.kind is not AnomalyKind.LATE and (one.kind not in _NOBODYS or line.file in one.files)]
    seen = [say(lang, f"file.{one.kind.value}") for one in told]
    more = say(lang, "main.files", what=joined(lang, list(dict.fromkeys(seen)))) if seen else ""
    return main_problems(line.report, lang) + more, same


def details(one: Anomaly, lang: str) -> str:
    """What is amiss with files, in a sentence."""
    key = f"details.{one.kind.value}"
    nobody = one.kind is AnomalyKind.UNMATCHED_FILE and not one.said
    return say(lang, f"{key}.nobody" if nobody else key, days=one.days, year=one.year, said=one.said or "")


def main_problems(report: ReportResult, lang: str) -> str:
    """At most three kinds of what is wrong, the gravest and most frequent first, in one sentence."""
    groups = {rule: group for finding in report.findings if (group := group_of(finding)) in ("error", "warning") for rule in [finding.rule]}
    titles = {finding.rule: clean(finding.title) for finding in report.findings}
    counted = Counter(
        finding.rule for finding in report.findings if finding.rule in groups and finding.outcome == "fail" and not finding.waived
    )
    order = sorted(counted, key=lambda rule: (GROUPS.index(groups[rule]), -counted[rule], rule))
    told = [say(lang, "main.one", title=titles[rule], n=counted[rule]) for rule in order[:_MAIN]]
    more = [say(lang, "main.more", n=len(order) - _MAIN)] if len(order) > _MAIN else []
    return joined(lang, [*told, *more], "stop") + (say(lang, "end") if told else "")


def _again(line: Line, round_: Round, gone: Counter[tuple[str, Again | None]], lang: str) -> str:
    """已改3、未改1、新增1"""
    if not round_.again and not gone:
        return ""
    states = Counter(round_.again.get((line.unit, finding.fingerprint)) for finding in line.report.findings) if line.report else Counter()
    counts = [(again, states[again] + gone[line.unit, again]) for again in Again]
    return joined(lang, [say(lang, "again.count", word=say(lang, again.value), n=number) for again, number in counts if number])


def _figures(line: Line, number: int) -> tuple[str, ...]:
    told = tuple(_figure(one) for one in line.figures)
    return (*told, *("" for _ in range(number - len(told))))


def _figure(figure: KeyFigure) -> str:
    return figure.value if figure.value is not None else ""


def _looks(line: Line, season: Season) -> Iterator[tuple[str, Look]]:
    yield "conclusion", _LOOKS[line.conclusion]
    if line.days_late:
        yield "late", "warning"
    if line.report is None:
        yield "received", "error"
    for one in season.kinds:
        found = line.problems.get(one.id, Problems())
        look: Look = "error" if found.errors else "warning" if found.warnings else "undecided" if found.undecided else ""
        yield f"kind.{one.id}", look
