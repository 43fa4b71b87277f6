"""Every rule proves itself: its examples, run through the engine as reports are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from govreport_check.evaluation import FAIL, PASS, UNDECIDED, Evaluation, evaluate_rule
from govreport_check.expr.nodes import Cells, references
from govreport_check.form import Form
from govreport_check.frame import build_frame
from govreport_check.listed import listed
from govreport_check.marked import find
from govreport_check.model import Report
from govreport_check.open_form import expanded, members_of
from govreport_check.pack import Pack
from govreport_check.readers.structured import read_structured
from govreport_check.rule import Rule, fitted_rule
from govreport_check.rule_file import ExampleSpec

Where: TypeAlias = "tuple[str, tuple[int, ...], tuple[int, ...]]"
"""A table, and the rows and columns of it that a rule refers to."""


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """One example and what came of it. ``message`` is empty when it holds; ``line`` is where it stands in the rule file."""

    rule: str
    index: int
    expected: str
    got: str
    message: str
    source: str
    line: int

    @property
    def holds(self) -> bool:
        return not self.message


def test_pack(pack: Pack) -> list[ExampleResult]:
    """Every example of every rule of the pack, and for every fact that a rule names whether it matters to some example."""
    return [result for rule in pack.rules if not rule.file.built_in for result in (*_examples(rule, pack), *_idle(rule, pack))]


test_pack.__test__ = False  # type: ignore[attr-defined]  # pytest would collect it by its name


def _examples(rule: Rule, pack: Pack) -> list[ExampleResult]:
    results = []
    for i, example in enumerate(rule.file.examples):
        got = verdict_of_example(rule, example, pack)
        message = "" if got == example.expect else f"expected {example.expect}, got {got}"
        results.append(ExampleResult(rule.id, i, example.expect, got, message, rule.source, line_of(rule, ("examples", i))))
    return results


def line_of(rule: Rule, path: tuple[str | int, ...]) -> int:
    """The line of the rule file where the value at ``path`` stands."""
    return find(rule.marked, path).line if rule.marked else 1


def form_of(rule: Rule, example: ExampleSpec, pack: Pack) -> Form | None:
    """The form for which an example is written: the one that it names, else the newest."""
    if example.form:
        return next((form for name, form in pack.forms.items() if example.form in (name, name.partition("/")[2])), None)
    return _latest(rule, pack)


def _latest(rule: Rule, pack: Pack) -> Form | None:
    """The newest form that the rule is bound to."""
    return max((pack.forms[name] for name in rule.bound), key=lambda form: form.first_year, default=None)


def verdict_of_example(rule: Rule, example: ExampleSpec, pack: Pack) -> str:
    """fail if any instance fails, else undecided, pass, not applicable; a sentence when the example cannot be run."""
    form = form_of(rule, example, pack)
    if form is None or form.id not in rule.bound:
        return f"no form {example.form}"
    report = fragment(example.given, form)
    unknown = [remark for remark in report.remarks if remark.rule in ("unknown-key", "wrong-type")]
    if unknown:
        return f"the form has no {unknown[0].at}"
    return verdict(_evaluated(rule, report, form, example.given), example.only)


def fragment(given: Mapping[str, Any], form: Form) -> Report:
    """A report of which only ``given`` was handed in; rows that are left out are not given."""
    about = {"partial": True, **given.get("about", {})}
    data = {key: value for key, value in given.items() if key not in ("about", "prior", "parts")}
    return read_structured({"schema": "govreport-report/1", "form": form.id, **data, "about": about}, form, "example")


def _evaluated(rule: Rule, report: Report, form: Form, given: Mapping[str, Any]) -> Evaluation:
    prior, parts = given.get("prior"), given.get("parts")
    before = None if prior is None else [fragment(prior, form)]
    members = None if parts is None else [[fragment(part, form) for part in parts]]
    form = expanded(form, members_of(form, report.entities, report.tables))
    rule = fitted_rule(rule, form)
    return evaluate_rule(build_frame(form, [report], [listed(report, form)], before, members), rule, rule.bound[form.id])


def verdict(evaluation: Evaluation, only: Mapping[str, str | int], report: int = 0) -> str:
    """What a rule says of one report of a frame: fail if any instance that ``only`` keeps fails, else undecided, pass, not applicable."""
    codes = evaluation.codes[..., [report] if evaluation.owner is None else evaluation.owner == report]
    for axis, variable in enumerate(evaluation.bound.dense):
        if variable.name in only:
            wanted = str(only[variable.name])
            if wanted not in variable.ids:
                return f"{variable.name} is never {wanted}"
            codes = codes.take([variable.ids.index(wanted)], axis=axis)
    for code, name in ((FAIL, "fail"), (UNDECIDED, "undecided"), (PASS, "pass")):
        if bool((codes == code).any()):
            return name
    return "not_applicable"


def _idle(rule: Rule, pack: Pack) -> list[ExampleResult]:
    """Tables' references that no example needs: made unreadable in every passing example, the outcome stays."""
    form = _latest(rule, pack)
    if form is None:
        return []
    named = references(rule.bound[form.id].assertion)
    tables = {(ref.table, ref.rows.indices, ref.columns.indices) for ref in named if isinstance(ref, Cells) and ref.world == "here"}
    passing = [example for example in rule.file.examples if example.expect == "pass" and form_of(rule, example, pack) is form]
    idle = [where for where in sorted(tables) if not any(_matters(rule, example, pack, where) for example in passing)]
    return [
        ExampleResult(rule.id, -1, "pass", "pass", f"{table}[…] matters to no passing example", rule.source, line_of(rule, ("examples",)))
        for table, _, _ in idle
    ]


def _matters(rule: Rule, example: ExampleSpec, pack: Pack, where: Where) -> bool:
    form = form_of(rule, example, pack)
    if form is None:
        return False
    report = fragment(example.given, form)
    changed = (_with(report, form, where, raw) for raw in ("?", None))  # blank matters where unreadable does not: is it printed?
    return any(verdict(_evaluated(rule, one, form, example.given), example.only) != "pass" for one in changed)


def _with(report: Report, form: Form, where: Where, raw: str | None) -> Report:
    name, rows, columns = where
    table, printed = expanded(form, members_of(form, report.entities, report.tables)).tables[name], (report.tables or {}).get(name, {})
    if table.row_map:
        rows = tuple(place for i in rows if i >= 0 for place in table.row_map[i])
        columns = tuple(place for i in columns if i >= 0 for place in table.column_map[i])
    for row in (table.rows[i] for i in rows if i >= 0):
        for column in (table.columns[i] for i in columns if i >= 0):
            if column in (printed.get(row) or {}):
                report = report.with_cell(name, row, column, raw)
    return report
