"""How often each rule spoke, the loudest first."""

from __future__ import annotations

from collections import Counter

from govreport_check.findings import Result
from govreport_check.renderers.lines import cells, clean, pad, unbidden
from govreport_check.renderers.quiet import GROUPS, summary
from govreport_check.renderers.words import group_of, say


def render(result: Result, *, lang: str, width: int | None, color: bool, notes: bool, waived: bool, fingerprints: bool) -> str:
    """A line for each severity and rule with findings: how many, the severity, the rule, its title; then the line of ``quiet``.

    Nothing is folded: notes and what is waived are counted as such.
    """
    counted = Counter((group_of(finding), finding.rule) for finding in result.findings)
    titles = {finding.rule: clean(finding.title) for finding in result.findings}
    order = sorted(counted, key=lambda key: (GROUPS.index(key[0]), -counted[key], key[1]))
    digits = max((len(str(number)) for number in counted.values()), default=0)
    words = max((cells(say(lang, group)) for group, _ in order), default=0)
    ids = max((cells(rule) for _, rule in order), default=0)
    lines = [
        f"{counted[group, rule]:>{digits}}  {pad(say(lang, group), words)}  {pad(rule, ids)}  {titles[rule]}".rstrip()
        for group, rule in order
    ]
    return "".join(f"{unbidden(line)}\n" for line in [*lines, summary(result, lang)])
