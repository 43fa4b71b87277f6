"""Rules as people look them up: pages, lists, and the one meant by a name."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import partial
from typing import TYPE_CHECKING, Any

from govreport_check.expr.say import formula
from govreport_check.model import cell_address
from govreport_check.renderers.lines import cells, pad
from govreport_check.renderers.rule_page import Page, Sample, index, markdown
from govreport_check.renderers.words import say
from govreport_check.wording import label_text

if TYPE_CHECKING:
    from govreport_check.expr.nodes import Cells, Pick
    from govreport_check.form import Form
    from govreport_check.form_file import Bilingual
    from govreport_check.pack import Pack
    from govreport_check.rule import Rule
    from govreport_check.rule_file import ExampleSpec, RuleFile


def pages_of(pack: Pack) -> list[Page]:
    """What is told of each rule of ``pack``, in the pack's order."""
    return [_page(rule, pack) for rule in pack.rules]


def _page(rule: Rule, pack: Pack) -> Page:
    file = rule.file
    return Page(
        id=rule.id,
        title=_texts(file.title),
        severity=file.severity,
        confidence=file.confidence,
        status=file.status,
        default=rule.default,
        years=str(file.years or ""),
        was=tuple(file.was),
        message=_texts(file.message),
        why=_texts(file.why),
        fix=_texts(file.fix),
        formula=tuple(_formula(file)),
        in_words=_in_words(rule, pack),
        cites=tuple((cite.document, cite.at) for cite in file.cites),
        samples=tuple(_sample(example) for example in file.examples),
    )


def _texts(text: Bilingual) -> Mapping[str, str]:
    return {"zh": text.zh, "en": text.en}


def _formula(file: RuleFile) -> Iterator[tuple[str, str]]:
    """The rule's expressions as its file writes them, a line each."""
    yield from (("for", f"{name} in {domain}") for name, domain in file.for_.items())
    if file.when is not None:
        yield "when", _written(file.when)
    yield from (("let", f"{name} = {_written(text)}") for name, text in file.let.items())
    if file.assert_ is not None:
        yield "assert", _written(file.assert_)
    yield from (("readings", f"{name}: {_written(text)}") for name, text in (file.readings or {}).items())
    if file.tolerance is not None:
        yield "tolerance", _written(file.tolerance.abs)
    yield from (("lowered", f"to {low.to} when {_written(low.when)}") for low in file.lowered)


def _in_words(rule: Rule, pack: Pack) -> dict[str, str]:
    """What the rule requires as a formula over the labels of its newest form, by language."""
    forms = [pack.forms[name] for name in rule.bound]
    if not forms:
        return {}
    form = max(forms, key=lambda one: one.first_year)
    assertion = rule.bound[form.id].assertion
    told = {lang: formula(assertion, partial(_figures, form, lang), lang) for lang in ("zh", "en")}
    return {lang: text for lang, text in told.items() if text is not None}


def _figures(form: Form, lang: str, cells: Cells) -> str:
    """The figures that a reference names, by their labels; the row or column for which the rule holds goes without saying."""
    table = form.tables[cells.table]
    rows = _members(cells.rows, [label_text(label, lang) for label in table.row_labels], lang)
    columns = _members(cells.columns, [label_text(label, lang) for label in table.column_labels], lang)
    return " · ".join(part for part in (rows, columns) if part) or table.name[lang]


def _members(pick: Pick, labels: Sequence[str], lang: str) -> str:
    if pick.axis is not None and not pick.axis.startswith("~"):
        return ""
    named = [f"“{labels[i]}”" for i in pick.indices]
    if len(named) <= MOST_NAMED:
        return (", " if lang == "en" else "、").join(named)
    return f"{named[0]} … {named[-1]} ({len(named)})" if lang == "en" else f"{named[0]}……{named[-1]}共{len(named)}项"


MOST_NAMED = 8
"""So many members of a group are named one by one."""


def _written(expression: object) -> str:
    return str(expression).lower() if isinstance(expression, bool) else " ".join(str(expression).split())


def _sample(example: ExampleSpec) -> Sample:
    only = [f"{name}: {value}" for name, value in example.only.items()]
    form = [f"form {example.form}"] if example.form else []
    return Sample(example.expect, (*_facts(example.given), *form, *only), example.note or "")


def _facts(given: Mapping[str, Any]) -> Iterator[str]:
    """What an example gives, a fact a line, cells by their address: ``requests[granted, total] = 40``."""
    for key, value in given.items():
        if key == "tables" and isinstance(value, Mapping) and value and all(value.values()):  # an empty table has no cells
            yield from (f"{cell_address(*path)} = {_printed(raw)}" for path, raw in _cells(value))
        else:
            yield from (f"{'.'.join((key, *path))} = {_printed(raw)}" for path, raw in _leaves(value))


def _cells(tables: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str, str], Any]]:
    """((table, row, column), figure); the ids between table and column are the row's path."""
    for (table, *row, column), raw in _leaves(tables):
        yield (table, ".".join(row), column), raw


def _leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, Mapping) and value:
        for key, part in value.items():
            yield from _leaves(part, (*path, str(key)))
    else:
        yield path, value


def _printed(raw: Any) -> str:
    if raw is None:
        return "null"
    if isinstance(raw, Mapping | Sequence) and not isinstance(raw, str):
        return json.dumps(raw, ensure_ascii=False, default=str)
    return str(raw)


def find(pages: Sequence[Page], wanted: str) -> tuple[Page | None, list[str]]:
    """The rule called ``wanted`` (id, name alone where one pack has it, or a former name), or None with the names most like it."""
    exact = [page for page in pages if wanted in (page.id, page.name, *page.was)]
    if len(exact) == 1:
        return exact[0], []
    if exact:
        return None, [page.id for page in exact]
    names: dict[str, list[str]] = {}  # two packs may have a rule of one name
    for page in pages:
        for name in (page.id, page.name):
            names.setdefault(name, []).append(page.id)
    near = {id_: None for name in get_close_matches(wanted, list(names), n=4, cutoff=0.5) for id_ in names[name]}
    holding = {page.id: None for page in pages if wanted in page.id}
    return None, list(holding | near)[:4]


def as_text(pages: Sequence[Page], lang: str) -> str:
    """A line a rule: severity, id, title."""
    width = max((cells(page.id) for page in pages), default=0)
    words = [say(lang, page.severity) for page in pages]
    longest = max((cells(word) for word in words), default=0)
    off = {"zh": "（选用时启用）", "en": " (only when selected)"}
    return "".join(
        f"{pad(word, longest)}  {pad(page.id, width)}  {page.title.get(lang, '')}{'' if page.default else off[lang]}\n"
        for word, page in zip(words, pages, strict=True)
    )


def as_json(pages: Iterable[Page]) -> str:
    """A list of {id, severity, confidence, status, default, title}."""
    records = [
        {
            "id": page.id,
            "severity": page.severity,
            "confidence": page.confidence,
            "status": page.status,
            "default": page.default,
            "title": dict(page.title),
        }
        for page in pages
    ]
    return json.dumps(records, ensure_ascii=False, indent=1) + "\n"


def documents(packs: Iterable[Pack]) -> dict[str, str]:
    """Every page by its path below the folder of rule pages: ``index.md``, ``cn-disclosure/requests-balance.md``."""
    listed = [(pack, pages_of(pack)) for pack in packs]
    texts = {"index.md": index([(pack.title, pages) for pack, pages in listed])}
    texts |= {f"{page.pack}/{page.name}.md": markdown(page) for _, pages in listed for page in pages}
    return texts
