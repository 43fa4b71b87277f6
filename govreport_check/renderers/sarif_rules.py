"""The rules of a SARIF log: what each requires, why, by which law, in the run's language and in translation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from govreport_check.findings import Cite, Finding, Result, RuleRecord
from govreport_check.renderers.lines import clean
from govreport_check.renderers.words import say

NAME = "govreport"
LANGUAGES = {"zh": "zh-CN", "en": "en"}
_NOT_VERIFIED = {
    "zh": "报告未能完整读取，未作核对的内容不等于通过。",
    "en": "The report was not wholly read; what was not checked is not a pass.",
}


def rule_records(result: Result) -> dict[str, RuleRecord]:
    """The rules that have findings, in order of their ids; what a result from elsewhere does not say of them, their findings say."""
    first: dict[str, Finding] = {}
    for finding in result.findings:
        first.setdefault(finding.rule, finding)
    return {rule: result.rules.get(rule) or _record(first[rule], result.lang) for rule in sorted(first)}


def _record(finding: Finding, lang: str) -> RuleRecord:
    return RuleRecord(
        severity=finding.severity,
        confidence=finding.confidence,
        title={lang: finding.title},
        why={lang: finding.why},
        fix={lang: finding.fix},
        cites=finding.cites,
    )


def driver(result: Result, rules: Mapping[str, RuleRecord], lang: str) -> dict[str, Any]:
    """The tool with all that is said of its rules in ``lang``."""
    notice = {"id": "not-verified", "shortDescription": {"text": _NOT_VERIFIED.get(lang, _NOT_VERIFIED["zh"])}}
    return {
        "name": NAME,
        "version": result.engine,
        "language": LANGUAGES.get(lang, lang),
        "rules": [_descriptor(name, rule, lang) for name, rule in rules.items()],
        "notifications": [notice],
    }


def translation(rules: Mapping[str, RuleRecord], lang: str) -> dict[str, Any]:
    """The same rules in another language, as the standard keeps translations: a component of its own."""
    return {
        "name": NAME,
        "language": LANGUAGES.get(lang, lang),
        "contents": ["localizedData"],
        "isComprehensive": False,
        "associatedComponent": {"name": NAME},
        "translationMetadata": {"name": f"{NAME} ({lang})"},
        "rules": [{"id": name, **_words(rule, lang)} for name, rule in rules.items()],
    }


def _descriptor(name: str, rule: RuleRecord, lang: str) -> dict[str, Any]:
    return {
        "id": name,
        **_words(rule, lang),
        "defaultConfiguration": {"level": rule.severity.value},
        "properties": {
            "confidence": rule.confidence,
            "severity": rule.severity.value,
            "tags": [name.partition("/")[0]],
            "citations": [{"document": clean(cite.document), "at": clean(cite.at)} for cite in rule.cites],
        },
    }


def _words(rule: RuleRecord, lang: str) -> dict[str, Any]:
    title = clean(_in(rule.title, lang))
    why, fix = clean(_in(rule.why, lang)), clean(_in(rule.fix, lang))
    laws = [_cited(cite, lang) for cite in rule.cites]
    said = [(say(lang, "fix"), text) for text in [fix] if text] + [(say(lang, "law"), law) for law in laws]
    text = "\n".join(say(lang, "labelled", word=word, text=words) for word, words in said) or title
    return {
        "name": title,
        "shortDescription": {"text": title},
        "fullDescription": {"text": why or title},
        "help": {"text": text, "markdown": "\n".join(f"- **{word}** {_inert(words)}" for word, words in said) or _inert(title)},
    }


def _in(texts: Mapping[str, str], lang: str) -> str:
    return texts.get(lang) or next(iter(texts.values()), "")


def _cited(cite: Cite, lang: str) -> str:
    return clean(say(lang, "cite", document=cite.document, at=cite.at))


def _inert(text: str) -> str:
    from govreport_check.renderers.markdown import inert

    return inert(text)
