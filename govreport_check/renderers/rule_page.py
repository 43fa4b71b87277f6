"""A rule's page: the same headings for every rule, made from its file and nothing else.

:class:`Page` is what a page needs of a rule; who has rules fills it in, so that renderers need not know what a rule is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from govreport_check.renderers.lines import Line, cells, clean, flow, pad
from govreport_check.renderers.words import say


@dataclass(frozen=True, slots=True)
class Sample:
    """An example of a rule. ``given`` are the facts of its report: ``requests[granted, total] = 40``."""

    expect: str
    given: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """What is told of a rule. Texts go by language (``zh``, ``en``); ``formula`` holds (key, text) pairs as in the rule's file,
    ``in_words`` the same over the form's labels, where it is about figures alone."""

    id: str
    title: Mapping[str, str]
    severity: str
    confidence: str = "certain"
    status: str = "stable"
    default: bool = True
    years: str = ""
    was: tuple[str, ...] = ()
    message: Mapping[str, str] = field(default_factory=dict)
    why: Mapping[str, str] = field(default_factory=dict)
    fix: Mapping[str, str] = field(default_factory=dict)
    formula: tuple[tuple[str, str], ...] = ()
    in_words: Mapping[str, str] = field(default_factory=dict)
    cites: tuple[tuple[str, str], ...] = ()
    samples: tuple[Sample, ...] = ()

    @property
    def pack(self) -> str:
        return self.id.partition("/")[0]

    @property
    def name(self) -> str:
        return self.id.partition("/")[2]


_LANGS = ("zh", "en")
_HEADINGS = {
    "requires": {"zh": "要求", "en": "What it requires"},
    "says": {"zh": "提示语", "en": "What it says"},
    "why": {"zh": "说明", "en": "Why"},
    "fix": {"zh": "更正", "en": "How to fix it"},
    "law": {"zh": "依据", "en": "The law"},
    "status": {"zh": "级别", "en": "Severity and status"},
    "examples": {"zh": "例", "en": "Examples"},
}
_VALUES = {
    "error": {"zh": "错误（必须更正）", "en": "error (must be corrected)"},
    "warning": {"zh": "存疑（请核实）", "en": "warning (please verify)"},
    "note": {"zh": "提示（供参考）", "en": "note (for information)"},
    "certain": {"zh": "确定", "en": "certain"},
    "likely": {"zh": "涉及文字理解", "en": "likely (prose was interpreted)"},
    "preview": {"zh": "试行", "en": "preview"},
    "stable": {"zh": "稳定", "en": "stable"},
    "deprecated": {"zh": "停用", "en": "deprecated"},
    "on": {"zh": "默认启用", "en": "on by default"},
    "off": {"zh": "选用时启用", "en": "only when selected"},
    "built_in": {"zh": "读取报告时检查，没有算式。", "en": "Told while the report is read; it has no formula."},
    "nothing": {"zh": "无。", "en": "None."},
    "pass": {"zh": "通过", "en": "pass"},
    "fail": {"zh": "不符", "en": "fail"},
    "undecided": {"zh": "未判定", "en": "undecided"},
    "not_applicable": {"zh": "不适用", "en": "not applicable"},
    "index": {"zh": "规则", "en": "Rules"},
}


def _word(key: str, lang: str) -> str:
    return _VALUES[key][lang] if key in _VALUES else key


def _both(key: str, *, joint: str = " · ") -> str:
    return joint.join(_word(key, lang) for lang in _LANGS)


def status_words(page: Page, lang: str) -> list[str]:
    """Severity, confidence, status, whether it is on, and the years, in words."""
    words = [_word(key, lang) for key in (page.severity, page.confidence, page.status, "on" if page.default else "off")]
    return [*words, page.years] if page.years else words


# --- Markdown ------------------------------------------------------------------------------------------------------------------


def markdown(page: Page) -> str:
    """The page of one rule, Chinese first, then English."""
    blocks = [f"# {_texts(page.title, ' · ')}", f"`{page.id}`"]
    for heading, body in _sections(page):
        blocks.extend([f"## {_HEADINGS[heading]['zh']} · {_HEADINGS[heading]['en']}", *(body or [_both("nothing", joint=" ")])])
    return "\n\n".join(blocks) + "\n"


def _sections(page: Page) -> Iterator[tuple[str, list[str]]]:
    written = [_fenced("yaml", _aligned(page.formula))] if page.formula else [_both("built_in", joint=" ")]
    yield "requires", [*_paragraphs(page.in_words), *written]
    yield "says", [_literal(text) for text in spoken(page)]
    yield "why", _paragraphs(page.why)
    yield "fix", _paragraphs(page.fix)
    yield "law", ["\n".join(f"- {document}，{at}" for document, at in page.cites)] if page.cites else []
    yield "status", [" · ".join(status_words(page, lang)) for lang in _LANGS]
    yield "examples", [block for number, sample in enumerate(page.samples, start=1) for block in _sample(number, sample)]


def _texts(texts: Mapping[str, str], joint: str) -> str:
    return joint.join(texts[lang] for lang in _LANGS if texts.get(lang))


def _paragraphs(texts: Mapping[str, str]) -> list[str]:
    return [_literal(texts[lang].strip()) for lang in _LANGS if texts.get(lang)]


def spoken(page: Page, *langs: str) -> list[str]:
    """The rule's message in ``langs`` (both when none is named), with … where a finding has its figures and names."""
    return [re.sub(r"\{[^{}]*\}", "…", page.message[lang]).strip() for lang in langs or _LANGS if page.message.get(lang)]


def _literal(text: str) -> str:
    """Prose in which Markdown sees no markup."""
    safe = text.replace("\\", "\\\\").replace("*", "\\*").replace("_", "\\_").replace("<", "&lt;")
    return safe.replace("\n", " ")


def _fenced(kind: str, text: str) -> str:
    return f"```{kind}\n{text.rstrip()}\n```"


def _aligned(pairs: Sequence[tuple[str, str]]) -> str:
    width = max(len(key) for key, _ in pairs) + 1
    return "\n".join(f"{key + ':':<{width}} {text}" for key, text in pairs)


def _sample(number: int, sample: Sample) -> list[str]:
    blocks = [f"{number}. {_both(sample.expect)}" + (f": {_literal(sample.note)}" if sample.note else "")]
    return [*blocks, _fenced("text", "\n".join(sample.given))] if sample.given else blocks


def index(packs: Sequence[tuple[Mapping[str, str], Sequence[Page]]]) -> str:
    """The list of all rules, by pack: (title of the pack, its rules)."""
    blocks = [f"# {_both('index')}"]
    for title, pages in packs:
        blocks.append(f"## {_texts(title, ' · ')}")
        rows = [
            f"| [`{page.id}`]({page.pack}/{page.name}.md) | {_word(page.severity, 'zh').partition('（')[0]} {page.severity} "
            f"| {page.title.get('zh', '')} | {page.title.get('en', '')} |"
            for page in pages
        ]
        blocks.append("\n".join(["| 规则 rule | 级别 severity | 名称 | title |", "|---|---|---|---|", *rows]))
    return "\n\n".join(blocks) + "\n"


# --- the terminal --------------------------------------------------------------------------------------------------------------


def card(page: Page, *, lang: str, width: int) -> list[Line]:
    """What ``govreport explain`` shows: the page in one language."""
    lines: list[Line] = [((clean(page.title.get(lang, page.id)), "strong"),), ((page.id, "dim"),)]
    for heading, body in _entries(page, lang):
        lines.extend([(), ((_HEADINGS[heading][lang], "key"),)])
        hang = max((cells(word) for word, _ in body if word), default=-2) + 4
        for word, text in body:
            first: Line = (("  ", ""), (pad(word, hang - 2), "dim"))
            lines.extend(flow([(clean(text).strip(), "")], width, first=first, indent=hang))
    return lines


def _entries(page: Page, lang: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """(heading, its paragraphs), each paragraph with the word that stands before it."""
    nothing = [("", _word("nothing", lang))]
    told = [("", page.in_words[lang])] if lang in page.in_words else []
    yield "requires", [*told, *(list(page.formula) or [("", _word("built_in", lang))])]
    yield "says", [("", text) for text in spoken(page, lang)] or nothing
    yield "why", [("", page.why.get(lang, ""))]
    yield "fix", [("", page.fix.get(lang, ""))]
    yield "law", [("", say(lang, "cite", document=document, at=at)) for document, at in page.cites] or nothing
    yield "status", [("", " · ".join(status_words(page, lang)))]
    yield "examples", [(_word(sample.expect, lang), _facts(sample)) for sample in page.samples] or nothing


def _facts(sample: Sample) -> str:
    return "; ".join(sample.given) + (f" ({sample.note})" if sample.note else "")
