"""One requirement: its file, and its expressions as they are bound to a form."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

from govreport_check.expr import names
from govreport_check.expr.nodes import Node, Reference, Variable, fitted, references
from govreport_check.expr.parse import ExpressionError
from govreport_check.expr.typecheck import Scope, check_expression
from govreport_check.findings import Severity
from govreport_check.form import OPEN, Form, is_open, years_of
from govreport_check.frozen import dataclass
from govreport_check.patterns import later

if TYPE_CHECKING:
    from govreport_check.marked import Node as Marked
    from govreport_check.rule_file import RuleFile

T = TypeVar("T")

VERSION = r"^[0-9]+(\.[0-9]+)*$"


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A piece of a message to be filled in: a variable's label, one of :data:`SPECIAL`, or an expression's value."""

    text: str
    kind: Literal["variable", "special", "value"]
    node: Node | None = None


Template: TypeAlias = "tuple[str | Placeholder, ...]"

SPECIAL = ("left", "right", "difference", "gap", "spot", "printed", "at", "reason", "reading", "number")
"""left, right: the two sides; difference: |left - right|; gap: right - left in words; spot: where a person finds it; printed: what the
page says; at: the address; reason: why undecided; number: how many cells."""


def is_law_for(years: str | int | None, form: Form) -> bool:
    """Whether what is the law for reports of these years, for all where none are stated, is so for the reports of ``form``."""
    first, last = (0, None) if years is None else years_of(str(years))
    return first <= form.first_year and (last is None or form.first_year <= last)


@dataclass(frozen=True, slots=True)
class Lowered:
    """The severity to which a circumstance softens a rule's."""

    to: str


@dataclass(frozen=True, slots=True)
class Bound:
    """A rule's expressions, checked against one form; ``lists`` are the flat axes that they and the messages name."""

    variables: tuple[Variable, ...]
    assertion: Node
    when: Node | None
    lets: Mapping[str, Node]
    readings: tuple[tuple[str, Node], ...]
    lowered: tuple[tuple[Lowered, Node], ...]
    messages: Mapping[str, Template]
    lists: frozenset[str] = frozenset()

    @property
    def flat(self) -> str | None:
        return next((variable.flat for variable in self.variables if variable.flat), None)

    @property
    def dense(self) -> tuple[Variable, ...]:
        """The dense variables in the order of the outcome's axes."""
        return tuple(sorted((v for v in self.variables if v.kind != "flat"), key=lambda v: v.name))


@dataclass(frozen=True, slots=True)
class Rule:
    """One requirement of a pack. ``bound`` by form id; empty for a built-in finding."""

    id: str
    file: RuleFile
    source: str
    section: str
    bound: Mapping[str, Bound] = field(default_factory=dict)
    marked: Marked | None = field(default=None, compare=False, repr=False)

    @property
    def name(self) -> str:
        return self.id.partition("/")[2]

    @property
    def severity(self) -> Severity:
        return Severity(self.file.severity)

    @property
    def default(self) -> bool:
        return self.file.default == "on" and self.file.status != "preview"


class RuleError(ValueError):
    """A rule that does not fit a form: ``path`` in the file, ``column`` within the value there."""

    def __init__(self, path: tuple[str | int, ...], message: str, column: int = 1) -> None:
        self.path, self.message, self.column = path, message, column
        super().__init__(message)


class RuleErrors(ValueError):
    """Every :class:`RuleError` of one rule file."""

    def __init__(self, errors: Sequence[RuleError]) -> None:
        self.errors = tuple(errors)
        super().__init__("; ".join(error.message for error in errors))


def bind(file: RuleFile, form: Form) -> Bound:
    """The rule's expressions checked against ``form``. Raises :class:`RuleErrors` with all that do not hold."""
    errors: list[RuleError] = []
    variables = {name: found for name, domain in file.for_.items() if (found := _tried(errors, _variable, name, domain, form))}
    lists = [name for name, variable in variables.items() if variable.flat]
    errors += [RuleError(("for", name), f"{lists[0]} stands for a listed thing already; a rule is about one list") for name in lists[1:]]
    lets: dict[str, Node] = {}
    for name, text in file.let.items():
        node = _tried(errors, _checked, text, Scope(form, variables, dict(lets)), ("let", name))
        lets.update({name: node} if node else {})
    if errors:  # what they should have named would only be complained of again
        raise RuleErrors(errors)
    scope = Scope(form, variables, lets)
    tolerance = _tried(errors, _checked, file.tolerance.abs, scope, ("tolerance", "abs"), "number") if file.tolerance else None
    told = Scope(form, variables, lets, tolerance)
    readings = _tried(errors, _readings, file, told) or ()
    assertion = _tried(errors, _assertion, file, told)
    when = None if file.when is None else _tried(errors, _checked, file.when, scope, ("when",), "bool")
    lowered = [(low, _tried(errors, _checked, low.when, scope, ("lowered", i, "when"), "bool")) for i, low in enumerate(file.lowered)]
    messages = {lang: _tried(errors, template, getattr(file.message, lang), scope, ("message", lang)) or () for lang in ("zh", "en")}
    if errors or assertion is None:
        raise RuleErrors(errors)
    sure = tuple((Lowered(low.to), node) for low, node in lowered if node is not None)
    bound = Bound(tuple(variables.values()), assertion, when, lets, readings, sure, messages)
    return replace(bound, lists=frozenset(ref.shape.flat for ref in _references(bound) if ref.shape.flat is not None))


def _references(bound: Bound) -> Iterator[Reference]:
    pieces = (piece for message in bound.messages.values() for piece in message)
    said = (piece.node for piece in pieces if isinstance(piece, Placeholder) and piece.node is not None)
    more = (node for _, node in (*bound.readings, *bound.lowered))
    for node in (bound.assertion, *([] if bound.when is None else [bound.when]), *bound.lets.values(), *more, *said):
        yield from references(node)


def _tried(errors: list[RuleError], make: Callable[..., T], *arguments: Any) -> T | None:
    """What ``make`` makes; None, with its complaint kept, where it cannot."""
    try:
        return make(*arguments)
    except RuleError as error:
        errors.append(error)
        return None


def _checked(text: Any, scope: Scope, path: tuple[str | int, ...], wanted: Any = None) -> Node:
    try:
        return check_expression(str(text), scope, wanted=wanted)
    except ExpressionError as error:
        raise RuleError(path, error.message, error.column) from None


def _assertion(file: RuleFile, scope: Scope) -> Node:
    if file.assert_ is not None:
        return _checked(file.assert_, scope, ("assert",), "bool")
    if file.readings is None:
        raise RuleError(("built_in",), "a built-in finding is not bound to a form")
    of = file.readings["of"]
    return _checked(
        " or ".join(f"({of}) == ({text})" for name, text in file.readings.items() if name != "of"), scope, ("readings",), "bool"
    )


def _readings(file: RuleFile, scope: Scope) -> tuple[tuple[str, Node], ...]:
    pairs = (file.readings or {}).items()
    return tuple((name, _checked(text, scope, ("readings", name), "number")) for name, text in pairs)


def _variable(name: str, domain: str, form: Form) -> Variable:
    flat, attribute = names.split_flat(form, tuple(domain.split(".")))
    if flat and not attribute:
        return Variable(name, "flat", flat=flat)
    if domain == "sections":
        return Variable(name, "section", tuple(form.sections))
    if domain in form.entities:
        home = next((table for table in form.tables.values() if table.row_entity == domain), None)
        return Variable(name, "row", (OPEN + domain,), home.id if home else None)
    head, _, group = domain.partition(".")
    table = form.tables.get(head)
    if table is None or not group:
        prose = [*(f"dates.{d}" for d in form.dates), *(f"claims.{c}" for c in form.claims)]
        known = [*form.tables, *form.entities, "sections", "labels", *prose]
        raise RuleError(("for", name), names.unknown(domain, known, what="list"))
    for kind, ids, groups in (("row", table.rows, table.row_groups), ("column", table.columns, table.column_groups)):
        if group == f"{kind}s" or group in groups:
            members = ids if group == f"{kind}s" else tuple(ids[i] for i in groups[group])
            return Variable(name, "row" if kind == "row" else "column", members, head)
    raise RuleError(("for", name), names.unknown(group, ["rows", "columns", *table.row_groups, *table.column_groups], what="group"))


_MOST_KEPT = 16
_FITTED: dict[tuple[int, int], tuple[Form, Sequence[Rule], list[Rule]]] = {}


def fitted_rules(rules: Sequence[Rule], form: Form) -> Sequence[Rule]:
    """``rules`` for an expanded ``form`` (``open_form.py``): what stood for all that a report lists now names its rows and columns."""
    if not form.members:
        return rules
    key = (id(form), id(rules))
    known = _FITTED.get(key)
    if known is None or known[0] is not form or known[1] is not rules:
        if len(_FITTED) >= _MOST_KEPT:
            _FITTED.clear()
        known = _FITTED[key] = (form, rules, [fitted_rule(rule, form) for rule in rules])
    return known[2]


def fitted_rule(rule: Rule, form: Form) -> Rule:
    """One rule for an expanded ``form``."""
    bound = rule.bound.get(form.id)
    return rule if bound is None or not form.members else replace(rule, bound={form.id: _fitted(bound, form)})


def _fitted(bound: Bound, form: Form) -> Bound:
    tables = {name: (table.row_map, table.column_map) for name, table in form.tables.items() if table.row_map}
    known: dict[Node, Node] = {}

    def move(node: Node) -> Node:
        return fitted(node, tables, known)

    listed = dict(form.members)
    return replace(
        bound,
        variables=tuple(_with_members(variable, listed) for variable in bound.variables),
        assertion=move(bound.assertion),
        when=None if bound.when is None else move(bound.when),
        lets={name: move(node) for name, node in bound.lets.items()},
        readings=tuple((name, move(node)) for name, node in bound.readings),
        lowered=tuple((low, move(node)) for low, node in bound.lowered),
        messages={lang: tuple(_moved(piece, move) for piece in pieces) for lang, pieces in bound.messages.items()},
    )


def _moved(piece: str | Placeholder, move: Callable[[Node], Node]) -> str | Placeholder:
    return piece if isinstance(piece, str) or piece.node is None else replace(piece, node=move(piece.node))


def _with_members(variable: Variable, listed: Mapping[str, tuple[str, ...]]) -> Variable:
    if not any(map(is_open, variable.ids)):
        return variable
    ids = tuple(member for name in variable.ids for member in (listed.get(name, ()) if is_open(name) else (name,)))
    return replace(variable, ids=ids)


_BRACES = later(r"\{([^{}]*)\}")


def template(text: str, scope: Scope, path: tuple[str | int, ...]) -> Template:
    """A message as its pieces. Raises :class:`RuleError` at a placeholder that names nothing."""
    pieces: list[str | Placeholder] = []
    end = 0
    for match in _BRACES.finditer(text):
        if match.start() > end:
            pieces.append(text[end : match.start()])
        pieces.append(_placeholder(match[1].strip(), scope, path, match.start() + 2))
        end = match.end()
    return tuple([*pieces, text[end:]] if end < len(text) else pieces)


def _placeholder(text: str, scope: Scope, path: tuple[str | int, ...], column: int) -> Placeholder:
    if text in scope.variables:
        return Placeholder(text, "variable")
    if text in SPECIAL and text not in scope.lets:
        return Placeholder(text, "special")
    try:
        return Placeholder(text, "value", check_expression(text, scope))
    except ExpressionError as error:
        raise RuleError(path, error.message, column + error.column - 1) from None
