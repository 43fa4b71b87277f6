"""Rules as people look them up: pages, lists, and the one meant by a name."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from govreport_check.renderers.lines import cells, pad
from govreport_check.renderers.rule_page import Page, Sample, index, markdown
from govreport_check.renderers.words import say

if TYPE_CHECKING:
    from govreport_check.pack import Pack

_FORMULA = ("for", "when", "let", "assert", "readings", "tolerance")


def pages_of(pack: Pack) -> list[Page]:
    """What is told of each rule of ``pack``, in the pack's order."""
    return [_page(rule) for rule in pack.rules]


def _page(rule: Any) -> Page:
    file: Mapping[str, Any] = rule.file.model_dump(by_alias=True, exclude_none=True)
    return Page(
        id=rule.id,
        title=_texts(file.get("title")),
        severity=str(file["severity"]),
        confidence=str(file.get("confidence", "certain")),
        status=str(file.get("status", "stable")),
        default=bool(rule.default),
        years=str(file.get("years") or ""),
        message=_texts(file.get("message")),
        why=_texts(file.get("why")),
        fix=_texts(file.get("fix")),
        formula=tuple((key, _written(file[key])) for key in _FORMULA if file.get(key)),
        cites=tuple((cite["document"], cite["at"]) for cite in file.get("cites", ())),
        samples=tuple(_sample(example) for example in file.get("examples", ())),
    )


def _texts(value: Any) -> Mapping[str, str]:
    return {lang: str(value[lang]) for lang in ("zh", "en") if value and value.get(lang)}


def _written(value: Any) -> str:
    return value if isinstance(value, str) else _yaml(value).strip()


def _yaml(value: Any) -> str:
    import yaml

    text: str = yaml.safe_dump(value, allow_unicode=True, sort_keys=False, default_flow_style=True, width=100)
    return text


def _sample(example: Mapping[str, Any]) -> Sample:
    given = {key: value for key, value in example.items() if key not in ("expect", "note") and value not in (None, {}, [])}
    return Sample(str(example["expect"]), _yaml(given) if given else "", str(example.get("note") or ""))


def find(pages: Sequence[Page], wanted: str) -> tuple[Page | None, list[str]]:
    """The rule called ``wanted`` (id, or name alone where one pack has it), or None with the names most like it."""
    exact = [page for page in pages if wanted in (page.id, page.name)]
    if len(exact) == 1:
        return exact[0], []
    if exact:
        return None, [page.id for page in exact]
    names = {name: page.id for page in pages for name in (page.id, page.name)}
    near = {names[name]: None for name in get_close_matches(wanted, list(names), n=4, cutoff=0.5)}
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
