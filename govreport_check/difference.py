"""What changed from one report to another, two versions or two years: what they say, and which findings came and went."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from govreport_check.engine import Job, Options, check_jobs
from govreport_check.essence import Essence, essence_of
from govreport_check.excerpt import cells_of
from govreport_check.findings import Finding
from govreport_check.form import Form
from govreport_check.model import Place
from govreport_check.readers import Given
from govreport_check.recognition import Packs, Recognised, known_report, packs_of, with_figures
from govreport_check.records import label_spot
from govreport_check.wording import FACTS, cell_spot, pick, section_label

SCHEMA = "govreport-diff/1"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not as it was: its address, where a person finds it, and both states; None where it is not there."""

    at: str
    spot: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed in what a report says, by kind; ``texts`` are sentences of the prose."""

    cells: tuple[Change, ...] = ()
    headings: tuple[Change, ...] = ()
    claims: tuple[Change, ...] = ()
    texts: tuple[Change, ...] = ()
    facts: tuple[Change, ...] = ()

    @property
    def all(self) -> tuple[Change, ...]:
        return (*self.cells, *self.headings, *self.claims, *self.texts, *self.facts)


@dataclass(frozen=True, slots=True)
class Difference:
    """Two reports held against each other. ``mended`` are findings of the old one alone, ``new`` those of the new one alone."""

    old: Mapping[str, Any]
    new: Mapping[str, Any]
    changes: Changes
    mended: tuple[Finding, ...]
    found: tuple[Finding, ...]
    lang: str

    @property
    def empty(self) -> bool:
        return not (self.changes.all or self.mended or self.found)


def difference(
    old: Given, new: Given, *, packs: Packs | None = None, options: Options | None = None, names: Sequence[str] = ()
) -> Difference:
    """What changed from ``old`` to ``new``, in any formats that can be read. Raises SourceError, PackError, UsageError."""
    options, loaded = options or Options(), packs_of(packs)
    called = (*names, None, None)[:2]
    pair = [
        with_figures(known_report(one, loaded, name=name, max_size=options.max_size)) for one, name in zip((old, new), called, strict=True)
    ]
    lang = options.lang or pair[1].pack.languages[0]
    results = [check_jobs([Job(one, name)], packs, options).reports[0] for one, name in zip((old, new), called, strict=True)]
    before, after = ([finding for finding in result.findings if not finding.waived] for result in results)
    changes = changes_between(essence_of(pair[0]), essence_of(pair[1]), pair[1], lang)
    return Difference(_about(pair[0]), _about(pair[1]), changes, tuple(_without(before, after)), tuple(_without(after, before)), lang)


def _about(one: Recognised) -> dict[str, Any]:
    about = one.report.about
    told = {name: None if about.get(name) is None else str(about[name]) for name in ("agency", "year")}
    return {"source": one.report.source, "form": one.form.id, **told}


def _without(findings: Sequence[Finding], others: Sequence[Finding]) -> Iterator[Finding]:
    """The findings that the others do not have. Figures and years apart: what is still wrong in another way is neither mended nor new."""
    left = [_key(finding) for finding in others]
    for finding in findings:
        if _key(finding) in left:
            left.remove(_key(finding))
        else:
            yield finding


def _key(finding: Finding) -> tuple[object, ...]:
    return finding.rule, finding.outcome, tuple(sorted(finding.bindings.items())), tuple(sorted(cell.address for cell in finding.cells))


# --- what is said --------------------------------------------------------------------------------------------------------------


def changes_between(old: Essence, new: Essence, found: Recognised, lang: str) -> Changes:
    """What the new report says otherwise; places are told in the words of ``found``, the report and form of one of them."""
    form = found.form
    spots = {at: (table, *place) for table in form.tables.values() for at, place in cells_of(table).items()}

    def cell(at: str) -> str:
        if at not in spots:
            return at
        return cell_spot(*spots[at], found.report.places.get(at, Place()), lang)

    shared = [name for name in FACTS if name in old.facts and name in new.facts and name not in ("title", "published_on")]
    changed = [name for name in shared if old.facts[name] != new.facts[name]]
    return Changes(
        tuple(Change(at, cell(at), a, b) for at, a, b in _changed(old.cells, new.cells)),
        tuple(Change(at, _heading(form, at, lang), a, b) for at, a, b in _changed(old.headings, new.headings)),
        tuple(_shortest(list(_claims(old, new, form, lang)))),
        tuple(_texts(old, new, form, lang)),
        tuple(Change(f"about.{name}", pick(FACTS[name], lang), old.facts[name], new.facts[name]) for name in changed),
    )


def _changed(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[tuple[str, str | None, str | None]]:
    for at in dict.fromkeys((*old, *new)):
        if old.get(at) != new.get(at):
            yield at, old.get(at), new.get(at)


def _heading(form: Form, at: str, lang: str) -> str:
    if at.startswith("sections."):
        return section_label(form, at.split(".")[1], lang)
    return label_spot(form, f"labels.{at}", lang)


def _claims(old: Essence, new: Essence, form: Form, lang: str) -> Iterator[Change]:
    for at in dict.fromkeys((*old.claims, *new.claims)):
        spot = section_label(form, at.partition(".")[0], lang)
        yield from (Change(f"claims.{at}", spot, a, b) for a, b in _paired(old.claims.get(at, ()), new.claims.get(at, ())))


def _shortest(changes: Sequence[Change]) -> Iterator[Change]:
    """Of passages within each other, which several patterns read, the innermost that changed."""
    for i, one in enumerate(changes):
        others = [other for j, other in enumerate(changes) if other.spot == one.spot and (other.old, other.new, j) != (one.old, one.new, i)]
        same = [j for j, other in enumerate(changes[:i]) if (other.spot, other.old, other.new) == (one.spot, one.old, one.new)]
        if not same and not any(_within(other, one) for other in others):
            yield one


def _within(inner: Change, outer: Change) -> bool:
    if (inner.old, inner.new) == (outer.old, outer.new):
        return False
    pairs = ((inner.old, outer.old), (inner.new, outer.new))
    return all(a is b is None or (a is not None and b is not None and a in b) for a, b in pairs)


def _texts(old: Essence, new: Essence, form: Form, lang: str) -> Iterator[Change]:
    for part in dict.fromkeys((*old.texts, *new.texts)):
        before, after = (_sentences(one.texts.get(part, "")) for one in (old, new))
        yield from (Change(f"sections.{part}", section_label(form, part, lang), a, b) for a, b in _paired(before, after))


def _sentences(text: str) -> tuple[str, ...]:
    return tuple(piece for piece in re.split(r"(?<=[。;!?；！？])", text) if piece)


def _paired(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str | None, str | None]]:
    """The texts that differ, side by side where as many stand in place of as many."""
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        before, after = old[a:b], new[c:d]
        for i in range(max(len(before), len(after))):
            yield (before[i] if i < len(before) else None), (after[i] if i < len(after) else None)


# --- told ----------------------------------------------------------------------------------------------------------------------

_KINDS: Mapping[str, tuple[str, str]] = {
    "cells": ("数据", "Figures"),
    "headings": ("标题和栏目", "Headings and labels"),
    "claims": ("文中数据", "Figures in the prose"),
    "texts": ("文字", "Prose"),
    "facts": ("基本情况", "Facts"),
}
_LONGEST = 60


def as_lines(told: Difference) -> Iterator[str]:
    """The difference in lines; what :func:`as_json` holds, long sentences shortened. Characters of reports are not yet made harmless."""
    lang = told.lang
    yield f"{told.old['source']} → {told.new['source']}"
    if told.empty:
        yield pick(("没有差异。", "No difference."), lang)
    for kind, words in _KINDS.items():
        changes: tuple[Change, ...] = getattr(told.changes, kind)
        if changes:
            yield from ("", f"{pick(words, lang)} {len(changes)}")
            yield from (f"  {one.spot}  {_state(one.old, lang)} → {_state(one.new, lang)}" for one in changes)
    for words, findings in ((("已改正的问题", "Findings mended"), told.mended), (("新出现的问题", "New findings"), told.found)):
        if findings:
            yield from ("", f"{pick(words, lang)} {len(findings)}")
            yield from (f"  {finding.message}  {finding.rule}" for finding in findings)


def _state(text: str | None, lang: str) -> str:
    if text is None:
        return pick(("（无）", "(not there)"), lang)
    if text == "":
        return pick(("（空白）", "(blank)"), lang)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def as_json(told: Difference) -> str:
    """``govreport-diff/1``"""
    changes = {kind: [_record(one) for one in getattr(told.changes, kind)] for kind in _KINDS}
    findings = {
        name: [{"rule": one.rule, "severity": one.severity.value, "message": one.message, "fingerprint": one.fingerprint} for one in many]
        for name, many in (("mended", told.mended), ("new", told.found))
    }
    data = {"schema": SCHEMA, "old": dict(told.old), "new": dict(told.new), **changes, "findings": findings}
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _record(change: Change) -> dict[str, str | None]:
    return {"at": change.at, "spot": change.spot, "old": change.old, "new": change.new}
