"""What ``pack.yaml`` says under ``season``, held against the pack's forms and rules when it is loaded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from govreport_check.expr.names import unknown
from govreport_check.expr.nodes import Node
from govreport_check.expr.parse import ExpressionError
from govreport_check.expr.picks import Scope
from govreport_check.expr.typecheck import check_expression
from govreport_check.form import Form
from govreport_check.rule import Rule

if TYPE_CHECKING:
    from govreport_check.pack_file import SeasonSpec

Mistake: TypeAlias = "tuple[tuple[str | int, ...], str, int]"
"""Path in the file, what is wrong, and the column within the value there."""


def season_mistakes(season: SeasonSpec | None, rules: Sequence[Rule], forms: Mapping[str, Form], built_in: str) -> Iterator[Mistake]:
    """Names that mean no rule, those of the pack ``built_in`` apart, and expressions that no form takes for a number of one report."""
    if season is None:
        return
    for kind, spec in season.problems.items():
        for i, name in enumerate(spec.rules):
            if not name.startswith(f"{built_in}/") and not any(is_meant(rule.id, rule.section, name) for rule in rules):
                yield ("season", "problems", kind, "rules", i), unknown(name, [rule.name for rule in rules], what="rule"), 1
    for figure, wanted in season.figures.items():
        errors = [error for form in forms.values() if isinstance(error := _tried(wanted.value, form), ExpressionError)]
        if forms and len(errors) == len(forms):
            yield ("season", "figures", figure, "value"), errors[-1].message, errors[-1].column


def is_meant(rule: str, section: str, name: str) -> bool:
    """Whether a rule, by its id and folder, is meant by ``name``: its id, its name, its folder, or a beginning that ends in ``-``."""
    own = rule.partition("/")[2]
    return name in (rule, own, section) or (name.endswith("-") and own.startswith(name))


def key_figures(season: SeasonSpec, form: Form) -> dict[str, Node]:
    """The expressions of the figures that ``form`` can say, by their ids."""
    tried = {name: _tried(spec.value, form) for name, spec in season.figures.items()}
    return {name: node for name, node in tried.items() if not isinstance(node, ExpressionError)}


def _tried(text: str, form: Form) -> Node | ExpressionError:
    try:
        node = check_expression(text, Scope(form, {}, {}), wanted="number")
    except ExpressionError as error:
        return error
    whole = not node.shape.axes and node.shape.flat is None
    return node if whole else ExpressionError("a key figure is one number of a report; this is several")


def kinds_of(season: SeasonSpec, rule: str, section: str) -> Iterable[str]:
    """The kinds of problem to which a rule belongs, in the order of the pack."""
    return (kind for kind, spec in season.problems.items() if any(is_meant(rule, section, name) for name in spec.rules))
