"""The audit of a rule set in words, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from pydantic import BaseModel

from govreport_check.audit import Audit, FormAudit, Places, Redundant
from govreport_check.coverage import TableCoverage
from govreport_check.mutation import Mutation

WORDS: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "form": "{form}：规则{rules}条，适用位置{places}处",
        "conflict": "相互矛盾：{rules}不能同时满足",
        "conflict_when": "相互矛盾：凡适用{when}的报告，满足{when}就不能满足{rules}",
        "no_conflict": "没有相互矛盾的规则",
        "redundant": "可由其他规则推出：{rule}",
        "by": "由{by}推出",
        "stays": "保留理由：{reason}",
        "no_reason": "规则文件未说明保留理由（stays）",
        "never": "从不适用：{rule}",
        "sure": "不可能不通过：{rule}",
        "coverage": "改动数字后有规则提示（只看本报告的表格，不看文字和上年报告）",
        "table": "{table}：单改一格{caught}/{changes}，同表同改两格{told}/{pairs}",
        "unguarded": "改动后没有任何规则提示的格子：{cells}",
        "must": "（规则包要求该表每一格都有规则核对）",
        "broken": "无法测量：据表单生成的报告不满足{rules}",
        "unused": "没有规则使用：{names}",
        "unmatched": "没有示例命中的模式（{number}个）：{names}",
        "stale": "规则文件写有保留理由（stays），但该规则并非可由其他规则推出：{rules}",
        "whole": "{rule}（全部{number}处）",
        "some": "{rule}（{number}处）",
        "one": "{rule}（{at}）",
        "comma": "、",
    },
    "en": {
        "form": "{form}: {rules} rules at {places} places",
        "conflict": "contradictory: {rules} cannot all hold",
        "conflict_when": "contradictory: where {when} applies, it cannot hold together with {rules}",
        "no_conflict": "no contradictory rules",
        "redundant": "follows from others: {rule}",
        "by": "from {by}",
        "stays": "stays because: {reason}",
        "no_reason": "its file does not say why it stays (stays)",
        "never": "never applies: {rule}",
        "sure": "cannot fail: {rule}",
        "coverage": "changed figures that some rule tells (from the tables of this report alone, without its prose and last year's report)",
        "table": "{table}: one figure changed {caught}/{changes}, two of the table at once {told}/{pairs}",
        "unguarded": "no change is told of: {cells}",
        "must": " (the pack wants every figure of this table guarded)",
        "broken": "not measured: the report made from the form breaks {rules}",
        "unused": "used by no rule: {names}",
        "unmatched": "patterns that no example matches ({number}): {names}",
        "stale": "their files say why they stay (stays), but nothing implies them: {rules}",
        "whole": "{rule} (all {number} places)",
        "some": "{rule} ({number} places)",
        "one": "{rule} ({at})",
        "comma": ", ",
    },
}


def as_text(audit: Audit, lang: str) -> str:
    """The audit in lines, indented by what they belong to."""
    said = WORDS[lang]
    lines = [line for form in audit.forms for line in _form(form, audit.must, said, lang)]
    if audit.stale:
        lines.append(said["stale"].format(rules=said["comma"].join(map(_bare, audit.stale))))
    return "".join(f"{line}\n" for line in lines)


def _form(form: FormAudit, must: Sequence[str], said: Mapping[str, str], lang: str) -> Iterator[str]:
    yield said["form"].format(form=form.form, rules=form.rules, places=form.places)
    if not form.conflicts:
        yield f"  {said['no_conflict']}"
    for conflict in form.conflicts:
        key = "conflict" if conflict.when is None else "conflict_when"
        when = "" if conflict.when is None else _rule(conflict.when, said)
        yield f"  {said[key].format(rules=_rules(conflict.rules, said), when=when)}"
    for one in form.redundant:
        yield from _redundant(one, said, lang)
    for idle in form.idle:
        yield f"  {said['never' if idle.never_applies else 'sure'].format(rule=_rule(idle.rule, said))}"
    yield f"  {said['coverage']}"
    if form.coverage.broken:
        yield f"    {said['broken'].format(rules=said['comma'].join(map(_bare, form.coverage.broken)))}"
    for table in form.coverage.tables:
        yield from _table(table, must, said)
    names = [one.name for one in form.unused if one.kind != "pattern"]
    if names:
        yield f"  {said['unused'].format(names=said['comma'].join(names))}"
    patterns = [one.name for one in form.unused if one.kind == "pattern"]
    if patterns:
        yield f"  {said['unmatched'].format(number=len(patterns), names=said['comma'].join(patterns))}"


def _redundant(one: Redundant, said: Mapping[str, str], lang: str) -> Iterator[str]:
    yield f"  {said['redundant'].format(rule=_rule(one.rule, said))}"
    yield f"    {said['by'].format(by=_rules(one.by, said))}"
    yield f"    {said['no_reason'] if one.stays is None else said['stays'].format(reason=getattr(one.stays, lang))}"


def _table(table: TableCoverage, must: Sequence[str], said: Mapping[str, str]) -> Iterator[str]:
    told = table.pairs - len(table.missed)
    yield "    " + said["table"].format(table=table.table, caught=table.caught, changes=table.changes, told=told, pairs=table.pairs)
    open_ = [cell.address for cell in table.cells if not cell.caught]
    if open_:
        yield f"      {said['unguarded'].format(cells=said['comma'].join(open_))}{said['must'] if table.table in must else ''}"


def _rules(rules: Iterable[Places], said: Mapping[str, str]) -> str:
    return said["comma"].join(_rule(rule, said) for rule in rules)


def _rule(places: Places, said: Mapping[str, str]) -> str:
    name = _bare(places.rule)
    if places.bindings:
        return said["one"].format(rule=name, at=", ".join(f"{key}: {value}" for key, value in places.bindings.items()))
    if places.number == 1:
        return name
    return said["whole" if places.whole else "some"].format(rule=name, number=places.number)


def _bare(rule: str) -> str:
    return rule.partition("/")[2] or rule


def as_json(audits: Iterable[Audit]) -> str:
    """A list of audits: what :class:`Audit` holds, with ``sound`` and the ``unguarded`` figures of tables that must be guarded."""
    records = [{**asdict(audit), "sound": audit.sound, "unguarded": [list(one) for one in audit.unguarded]} for audit in audits]
    return json.dumps(records, ensure_ascii=False, indent=1, default=_plain) + "\n"


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump()
    raise TypeError(f"{type(value).__name__} has no place in JSON")


def mutation_as_text(found: Mutation) -> str:
    """A line for every change that nothing notices and nobody explains, and for explanations without need; then the counts."""
    lines = [f"{one.source}:{one.line}: {one.rule}: no example notices {one.said}" for one in found.unexplained]
    lines += [f"{one.source}:{one.line}: {one.rule}: survives: explains a change that does not survive: {one.said}" for one in found.stale]
    explained, noticed = len(found.survivors) - len(found.unexplained), found.mutants - found.same - len(found.survivors)
    lines.append(
        f"{found.mutants} changes to rules: {noticed} noticed by examples, {found.same} make no difference, "
        f"{explained} explained, {len(found.unexplained)} not noticed"
    )
    return "".join(f"{line}\n" for line in lines)
