"""What was done with an archive, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from govreport_check.archive.comparing import NEW, Change
from govreport_check.archive.counting import Year
from govreport_check.archive.running import Built, Checked
from govreport_check.model import State
from govreport_check.wording import pick

_STATES: Mapping[State, tuple[str, str]] = {
    State.VALUE: ("不只印有数字", "figures with more than digits"),
    State.ROUNDED: ("约数", "rounded figures"),
    State.RANGE: ("范围", "ranges"),
    State.ZERO: ("以符号表示0", "marks for nought"),
    State.EMPTY: ("空白（按0计）", "blanks that count as nought"),
    State.NOT_APPLICABLE: ("不适用", "not applicable"),
    State.BLANK: ("未填写", "blanks"),
    State.OUT_OF_RANGE: ("超出范围", "figures out of range"),
    State.UNREADABLE: ("未能识别", "figures that could not be read"),
}

SHOWN = 8
"""Names that are listed; of more their number is told."""


def built_lines(root: Path, built: Built, lang: str) -> Iterator[str]:
    """What building did."""
    unread = len(built.unread)
    zh = f"{root}：新增{built.added}份报告；已在库中{built.known}个文件，内容重复{built.twice}个，未能读取{unread}个。"
    beside = f"{built.known} files were in it already, {built.twice} are the same as others, {unread} were not read"
    yield pick((zh, f"{root}: {built.added} reports added; {beside}."), lang)


def unread_lines(built: Built, lang: str) -> Iterator[str]:
    """The files that are not in the archive, and why."""
    for one in built.unread:
        yield pick((f"{one.source}：未入库：{one.zh}", f"{one.source}: not in the archive: {one.reason}"), lang)


def checked_lines(checked: Checked, target: Path, lang: str) -> Iterator[str]:
    """What checking came to: by rule, and what was not evaluated."""
    total = sum(checked.findings.values())
    zh = f"核对{checked.reports}份报告，其中{checked.faulty}份有问题，共{total}处，写入{target}。"
    yield pick((zh, f"{checked.reports} reports checked, {checked.faulty} of them with findings, {total} in all, in {target}."), lang)
    yield from (f"{count:>10}  {_outcome(outcome, lang)}  {rule}" for (rule, outcome), count in _most(checked.findings))
    for form, number in checked.strange.items():
        zh = f"另有{number}份报告的格式（{form}）不在规则包中，未作核对，不等于通过。"
        yield pick((zh, f"{number} reports of form {form}, which the pack does not have, were not checked. This is not a pass."), lang)
    if checked.prose:
        zh = f"{len(checked.prose)}条规则须读正文，未据数据列判定，不等于通过（加 --whole 一并判定）：{_few(checked.prose, lang)}"
        en = f"{len(checked.prose)} rules need the prose and were not evaluated, which is not a pass (--whole evaluates them): "
        yield pick((zh, en + _few(checked.prose, lang)), lang)
    if checked.of_others:
        zh = f"{len(checked.of_others)}条规则须对照其他报告，未作判定，不等于通过：{_few(checked.of_others, lang)}"
        en = f"{len(checked.of_others)} rules compare with other reports and were not evaluated, which is not a pass: "
        yield pick((zh, en + _few(checked.of_others, lang)), lang)


def _most(counts: Mapping[tuple[str, str], int]) -> list[tuple[tuple[str, str], int]]:
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))


def _outcome(outcome: str, lang: str) -> str:
    return pick({"fail": ("不符", "fail     "), "undecided": ("未判定", "undecided")}.get(outcome, (outcome, outcome)), lang)


def _few(names: Sequence[str], lang: str) -> str:
    more = len(names) - SHOWN
    listed = ("、" if lang == "zh" else ", ").join(names[:SHOWN])
    return listed + (pick((f"等{len(names)}条", f" and {more} more"), lang) if more > 0 else "")


def change_lines(changes: Sequence[Change], lang: str) -> Iterator[str]:
    """What two rule sets say differently, by rule, each with its first examples."""
    if not changes:
        yield pick(("两套规则的核对结果没有差异。", "Both rule sets say the same of every report."), lang)
    for one in changes:
        zh = f"{'新增' if one.change == NEW else '不再出现'} {one.rule}：{one.findings}处，涉及{one.reports}份报告"
        en = f"{'newly flagged' if one.change == NEW else 'no longer flagged'} {one.rule}: {one.findings} findings in {one.reports} reports"
        yield pick((zh, en), lang)
        for row in one.examples:
            yield f"    {row['source']}{f' [{at}]' if (at := row['at']) else ''}: {row['message']}"


def year_lines(years: Sequence[Year], lang: str) -> Iterator[str]:
    """The reports of an archive by form and year, and their figures by state."""
    for one in years:
        year = str(one.year) if one.year is not None else pick(("年度不明", "year not known"), lang)
        parts = [pick((f"{one.reports}份报告", f"{one.reports} reports"), lang)]
        parts += [pick((f"其中{one.apart}份整体保存", f"{one.apart} of them kept whole"), lang)] if one.apart else []
        parts += [
            pick((f"{words[0]}{number}处", f"{number} {words[1]}"), lang)
            for state, number in one.states.items()
            if (words := _STATES.get(state))
        ]
        yield f"{one.form} {year}{pick(('：', ': '), lang)}{pick(('，', ', '), lang).join(parts)}"
    total = sum(one.reports for one in years)
    yield pick((f"合计{total}份报告。", f"{total} reports in all."), lang)


def rule_lines(rules: Mapping[tuple[str, str, str], int], lang: str) -> Iterator[str]:
    """Findings by rule."""
    yield from (f"{count:>10}  {_outcome(outcome, lang)}  {severity:7}  {rule}" for (rule, outcome, severity), count in rules.items())
