"""Others' cases through our own rule files: a pack of one rule and the form of its CSV files, and what it says of records."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from govreport_check import Pack, load_pack
from govreport_check.findings import Counts
from govreport_check.flat import FlatFile, Types, check_flat, flat_form, form_text, types_of
from govreport_check.model import Report
from govreport_check.selection import Options

RULES = Path(__file__).resolve().parent
FORM = "flat/records"


def flat_pack(folder: Path, rule: str, tables: Mapping[str, Types]) -> Pack:
    """A pack in ``folder`` of one rule file (``essnet/rule-01``) and the form of these tables, loaded as any pack is."""
    (folder / "forms").mkdir(parents=True)
    words = {"zh": "表", "en": "records"}
    head = {"schema": "govreport-pack/1", "id": "flat", "version": "1", "title": words, "languages": ["en", "zh"]}
    (folder / "pack.yaml").write_text(json.dumps(head), encoding="utf-8")
    (folder / "forms" / "records.yaml").write_text(form_text(flat_form(FORM, tables)), encoding="utf-8")
    source = RULES / f"{rule}.yaml"
    (folder / source.name).write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    return load_pack(folder)


def types_of_all(files: Sequence[FlatFile], **stated: Any) -> dict[str, Any]:
    """One set of types for files of the same columns: what is text in one of them is text, places are the most that occur."""
    found: dict[str, Any] = {}
    for file in files:
        for column, spec in types_of(file, **stated).items():
            known = found.get(column, spec)
            if spec == "text" or known == "text":
                found[column] = "text"
            else:
                found[column] = {"number": "", "places": max(spec["places"], known["places"])}
    return found


def verdicts(reports: Sequence[Report], pack: Pack, parts: Sequence[Sequence[Report]] | None = None) -> list[str]:
    """What the pack's one rule says of each report."""
    result = check_flat(reports, pack, parts=parts, options=Options(select=(pack.rules[0].name,)))
    return [verdict(report.counts) for report in result.reports]


def verdict(counts: Counts) -> str:
    """The outcome of a rule with one instance, in the suites' words."""
    words = {"valid": counts.passed, "invalid": counts.fail, "undecided": counts.undecided, "not applicable": counts.not_applicable}
    return next(word for word, number in words.items() if number)


def worst(words: Sequence[str]) -> str:
    """The verdict on a table whose records have these."""
    return next(word for word in ("invalid", "undecided", "valid", "not applicable") if word in words)
