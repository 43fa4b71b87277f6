"""What a form names and nobody uses, and patterns that no example of the pack ever matches."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from govreport_check.form import Form
from govreport_check.pack import Pack
from govreport_check.readers.facts import fact_pattern, fold
from govreport_check.rule_file import RuleFile

Kind: TypeAlias = Literal["group", "claim", "dates", "fact", "section", "guarded", "pattern"]

_WORD = re.compile(r"[a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)*")


@dataclass(frozen=True, slots=True)
class Unused:
    """``name``: where it stands in the form (``claims.received.reads.2``); a pattern with its text."""

    kind: Kind
    name: str
    text: str = ""


def unused_names(pack: Pack, form: Form) -> Iterator[Unused]:
    """Groups, claims, dates, facts and sections of a form that no rule uses; patterns that match nothing in any example."""
    used = _words(rule.file for rule in pack.rules if form.id in rule.bound)
    yield from (Unused("guarded", name) for name in pack.guarded if not any(name in one.tables for one in pack.forms.values()))
    for name, table in form.tables.items():
        groups = [*(group for group in table.row_groups if group not in table.parents), *table.column_groups]
        inner = set(table.row_groups)  # a head without a label of its own is the parent of its rows
        heads = {group for group in inner if any(row.startswith(f"{group}.") for row in table.rows)}
        yield from (Unused("group", f"{name}.{group}") for group in groups if group not in heads and not {group, f"{name}.{group}"} & used)
    yield from (Unused("claim", f"claims.{name}") for name in form.claims if not _is_named(f"claims.{name}", used))
    yield from (Unused("dates", f"dates.{name}") for name in form.dates if not _is_named(f"dates.{name}", used))
    yield from (Unused("fact", f"about.{name}") for name in form.about if name not in KNOWN and not _is_named(f"about.{name}", used))
    yield from _idle_sections(form, used)
    yield from _unmatched(pack, form)


KNOWN = frozenset(
    {"agency", "title", "year", "level", "kind", "scope", "period_start", "period_end", "signed_by", "signed_on", "published_on"}
)
"""Facts that the program itself asks for."""


def _words(files: Iterable[RuleFile]) -> set[str]:
    """Every name, dotted ones whole, in the expressions and messages of rules."""
    found: set[str] = set()
    for file in files:
        texts = [file.when, file.assert_, *file.for_.values(), *file.let.values(), *(file.readings or {}).values()]
        texts += [low.when for low in file.lowered] + ([file.tolerance.abs] if file.tolerance else [])
        texts += [piece for text in (file.message.zh, file.message.en) for piece in re.findall(r"\{([^{}]*)\}", text)]
        found.update(word for text in texts if text is not None for word in _WORD.findall(str(text)))
    return found


def _is_named(name: str, used: set[str]) -> bool:
    return any(word == name or word.startswith(f"{name}.") or word.endswith(f".{name}") for word in used)


def _idle_sections(form: Form, used: set[str]) -> Iterator[Unused]:
    places = {table.section for table in form.tables.values()}
    for spec in (*form.claims.values(), *form.dates.values(), *form.about.values()):
        read = getattr(spec, "in_", None) or ()
        places.update([read] if isinstance(read, str) else read)
    if "sections" not in used and "any" not in places:
        yield from (Unused("section", f"sections.{name}") for name in form.sections if name not in used | places)


# --- patterns --------------------------------------------------------------------------------------------------------------------

READING = ("reads", "says", "unless", "whole", "opens", "part", "open_end")


def _unmatched(pack: Pack, form: Form) -> Iterator[Unused]:
    texts = list(dict.fromkeys(_texts(pack)))
    for part in ("about", "claims", "dates"):
        for name, spec in getattr(form, part).items():
            for at, pattern in _patterns(spec):
                if not any(_found(pattern, text) for text in texts):
                    yield Unused("pattern", f"{part}.{name}.{at}", pattern)


def _patterns(spec: Any) -> Iterator[tuple[str, str]]:
    for key in READING:
        stated = getattr(spec, key, None)
        if isinstance(stated, str):
            yield key, stated
        else:
            yield from ((f"{key}.{i}", text) for i, text in enumerate(stated or ()))


def _found(pattern: str, text: str) -> bool:
    return fact_pattern(pattern).search(text) is not None


def _texts(pack: Pack) -> Iterator[str]:
    """The prose of every example of the pack, as patterns see it: forms share most of their patterns."""
    for rule in pack.rules:
        for given in (part for example in rule.file.examples for part in (example.given, example.given.get("prior") or {})):
            sections = given.get("sections") or {}
            texts = (section.get("text") for section in sections.values() if isinstance(section, Mapping))
            yield from (fold(text).text for text in texts if isinstance(text, str))
