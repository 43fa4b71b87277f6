"""Rules of one form as conditions over a report's figures: what the audit of a rule set reasons about.

A report is taken as wholly and plainly read. What is not arithmetic of figures (a text, a date, whether something is printed) is a
variable that may be anything: what is then said to be impossible or implied holds whatever it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import product
from typing import TypeAlias

from govreport_check.conditions import ALWAYS, NEVER, OPPOSITE, Choice, Condition, Domain, TooMany, both, compared, either
from govreport_check.expr.linear import cells_of
from govreport_check.expr.nodes import COMPARISONS, Available, Call, Cells, Constant, Fact, Member, Node, Pick, walk
from govreport_check.form import Form
from govreport_check.locate.system import Given, Key, constraint
from govreport_check.rule import Bound, Rule

At: TypeAlias = "Mapping[str, int]"
Name: TypeAlias = "tuple[str, tuple[int, ...]]"
"""A rule's id and the position of one of its places on its dense axes."""

Terms: TypeAlias = "list[tuple[Given, Key]]"


class _NotThere(Exception):
    """A figure past the end of its table: the place is not applicable."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """A rule at one place (``at`` by index, ``bindings`` by id). ``applies``: when it speaks, ``silent``: when it does not; ``kept``: it
    speaks and holds; ``numeric``: it compares figures."""

    rule: Rule
    at: tuple[int, ...]
    applies: Choice
    kept: Choice
    condition: Condition
    numeric: bool

    bindings: Mapping[str, str]
    silent: Choice

    @property
    def name(self) -> Name:
        return self.rule.id, self.at


@dataclass(frozen=True, slots=True)
class Requirements:
    """All places of the rules of one form, and what is known of the variables in them."""

    form: Form
    requirements: tuple[Requirement, ...]
    domains: Mapping[Key, Domain]

    @property
    def conditions(self) -> list[Condition]:
        return [one.condition for one in self.requirements]


def requirements_of(rules: Iterable[Rule], form: Form) -> Requirements:
    """Every place of every rule that is bound to ``form``. A place that has too many ways to hold is left out."""
    reader = _Reader(form)
    found = [one for rule in rules if form.id in rule.bound for one in _places(rule, rule.bound[form.id], reader)]
    return Requirements(form, tuple(found), reader.domains)


def _places(rule: Rule, bound: Bound, reader: _Reader) -> Iterator[Requirement]:
    for position in product(*(range(len(variable.ids)) for variable in bound.dense)):
        at = {variable.name: i for variable, i in zip(bound.dense, position, strict=True)}
        try:
            yield _requirement(rule, bound, reader, at, position)
        except (_NotThere, TooMany):
            continue


def _requirement(rule: Rule, bound: Bound, reader: _Reader, at: At, position: tuple[int, ...]) -> Requirement:
    when, otherwise = reader.speaks(rule, bound, at)
    holds, broken = (reader.condition(bound.assertion, at, wanted) for wanted in (True, False))
    condition = Condition((rule.id, position), either(otherwise, holds), both(when, broken))
    keys = {key for part in (*condition.holds, *condition.broken) for row in part for _, key in row.terms}
    numeric = any(reader.domains.get(key) != TRUTH for key in keys)
    bindings = {variable.name: variable.ids[i] for variable, i in zip(bound.dense, position, strict=True)}
    return Requirement(rule, position, when, both(when, holds), condition, numeric, bindings, otherwise)


TRUTH = Domain(0, 1, whole=True)
COUNTED = Domain(0, None, whole=True)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Nodes → choices; ``domains`` grows with the variables that are met."""

    form: Form
    domains: dict[Key, Domain] = field(default_factory=dict)

    # --- conditions

    def speaks(self, rule: Rule, bound: Bound, at: At) -> tuple[Choice, Choice]:
        """When a rule speaks, and when it does not: its ``when``, its years, whether what it is about is listed at all."""
        when, otherwise = ALWAYS, NEVER
        if bound.when is not None:
            when, otherwise = self.condition(bound.when, at, True), self.condition(bound.when, at, False)
        for key in self._presumed(rule, bound):
            when, otherwise = both(when, self.truth(key, True)), either(otherwise, self.truth(key, False))
        return when, otherwise

    def _presumed(self, rule: Rule, bound: Bound) -> Iterator[Key]:
        if bound.flat is not None:
            yield "listed", bound.flat
        first, last = rule.file.span
        own = (self.form.first_year, self.form.last_year)
        if first > own[0] or (last is not None and (own[1] is None or last < own[1])):
            yield "years", rule.file.span
        named = (bound.assertion, *([] if bound.when is None else [bound.when]))
        for world in sorted({getattr(part, "world", "here") for node in named for part in walk(node)} - {"here"}):
            yield "available", world

    def truth(self, key: Key, wanted: bool) -> Choice:
        self.domains[key] = TRUTH
        return ((constraint(None, ((1, key),), ">=" if wanted else "<=", int(wanted)),),)

    def condition(self, node: Node, at: At, wanted: bool) -> Choice:
        """When ``node`` is true (``wanted``), or false."""
        if isinstance(node, Constant):
            return ALWAYS if bool(node.value) == wanted else NEVER
        if not isinstance(node, Call):
            return self.truth(self._key(node, at), wanted)
        parts = node.parts
        match node.operator:
            case "not":
                return self.condition(parts[0], at, not wanted)
            case "and" | "or" | "implies" as word:
                first = self.condition(parts[0], at, wanted != (word == "implies"))
                second = self.condition(parts[1], at, wanted)
                return both(first, second) if (word == "and") == wanted else either(first, second)
            case "if":
                yes = both(self.condition(parts[0], at, True), self.condition(parts[1], at, wanted))
                return either(yes, both(self.condition(parts[0], at, False), self.condition(parts[2], at, wanted)))
            case "all" | "any" as word if not node.folds_flat:
                return self._every(node, at, wanted, joined=(word == "all") == wanted)
            case sign if sign in COMPARISONS and parts[0].shape.kind == "number":
                return self._comparison(node, at, sign, wanted)
        return self.truth(self._key(node, at), wanted)

    def _every(self, node: Call, at: At, wanted: bool, joined: bool) -> Choice:
        result = ALWAYS if joined else NEVER
        for place in _positions(node, at):
            one = self.condition(node.parts[0], place, wanted)
            result = both(result, one) if joined else either(result, one)
        return result

    def _comparison(self, node: Call, at: At, sign: str, wanted: bool) -> Choice:
        allowed = node.parts[2] if len(node.parts) > 2 else None
        if allowed is not None and not isinstance(allowed, Constant):
            return self.truth(self._key(node, at), wanted)
        slack = Decimal(0)
        if isinstance(allowed, Constant) and isinstance(allowed.value, Decimal):
            slack = allowed.value.scaleb(allowed.shape.places)
        terms, constant = _joined(self.number(node.parts[0], at), self.number(node.parts[1], at, Decimal(-1)))
        if wanted or not slack:
            return compared(terms, sign if wanted else OPPOSITE[sign], -constant, slack)
        below = () if sign == "<=" else compared(terms, "<", -constant - slack)
        return (*below, *(() if sign == ">=" else compared(terms, ">", -constant + slack)))

    # --- numbers

    def number(self, node: Node, at: At, factor: Decimal = Decimal(1)) -> tuple[Terms, Decimal]:
        """Σ coefficient · variable + constant, in units of the node's places."""
        match node:
            case Constant(value=Decimal() as value):
                return [], factor * value.scaleb(node.shape.places)
            case Cells() if not any(pick.axis and pick.axis not in at for pick in (node.rows, node.columns)) and node.shape.flat is None:
                return [(factor, self._cell(node, at))], Decimal(0)
            case Call(operator="+" | "-" as sign, parts=(a, b)):
                return _joined(self.number(a, at, factor), self.number(b, at, factor if sign == "+" else -factor))
            case Call(operator="negative", parts=(a,)):
                return self.number(a, at, -factor)
            case Call(operator="scale", parts=(a,), option=(places,)):
                return self.number(a, at, factor * Decimal(10) ** int(places))
            case Call(operator="sum", parts=(a,), folds_flat=False) if a.shape.flat is None:
                return _summed(self.number(a, place, factor) for place in _positions(node, at))
            case Call(operator="*", parts=(a, b)) if isinstance(a, Constant) or isinstance(b, Constant):
                known, other = (a, b) if isinstance(a, Constant) else (b, a)
                if isinstance(known, Constant) and isinstance(known.value, Decimal):
                    return self.number(other, at, factor * known.value.scaleb(known.shape.places))
        return [(factor, self._unknown(node, at))], Decimal(0)

    def _cell(self, node: Cells, at: At) -> Key:
        where = next(cells_of(node, at), None)
        if where is None:
            raise _NotThere
        table = self.form.tables[node.table]
        kind = table.kinds[where[1]]
        key = ("cell", node.world, node.table, *where)
        self.domains[key] = Domain(None if kind.low is None else kind.low * 10**table.places, None, whole=kind.places == table.places)
        return key

    def _unknown(self, node: Node, at: At) -> Key:
        """A number that is not arithmetic of cells: anything, or what its kind allows."""
        key = self._key(node, at)
        counted = isinstance(node, Call) and node.operator in ("count", "length", "repeated")
        cells = [part for part in walk(node) if isinstance(part, Cells)]
        sums = isinstance(node, Call) and node.operator == "sum" and isinstance(node.parts[0], Cells)
        if counted:
            self.domains[key] = COUNTED
        elif isinstance(node, Member) and self._stated(node) is not None:
            self.domains[key] = Domain(self._stated(node), self._stated(node))
        elif isinstance(node, Fact):
            self.domains[key] = Domain(whole=True)
        elif sums and all(self.form.tables[one.table].kinds[i].low == 0 for one in cells for i in one.columns.indices if i >= 0):
            self.domains[key] = Domain(0)
        return key

    def _stated(self, node: Member) -> Decimal | int | None:
        """The value of a claim that is made in words alone (没有申请: 0)."""
        spec = self.form.claims.get((node.shape.flat or "").removeprefix("claims."))
        fixed = spec is not None and node.attribute == "value" and not spec.reads and spec.whole is None
        return spec.value if spec is not None and fixed else None

    def _key(self, node: Node, at: At) -> Key:
        """A name for what a node is at one place: alike nodes at alike places are one variable."""
        if isinstance(node, Available):
            return "available", node.world
        own = {axis: i for axis, i in at.items() if axis in node.shape.axes}
        return "of", node, tuple(sorted(own.items()))


def _positions(node: Call, at: At) -> Iterator[At]:
    """Every place along the axes that a reduction folds."""
    sizes: dict[str, int] = {}
    for part in walk(node.parts[0]):
        for pick in (getattr(part, "rows", None), getattr(part, "columns", None), getattr(part, "sections", None)):
            if isinstance(pick, Pick) and pick.axis in node.folds:
                sizes[pick.axis or ""] = len(pick.indices)
    for position in product(*(range(sizes[axis]) for axis in node.folds)):
        yield {**at, **dict(zip(node.folds, position, strict=True))}


def _joined(a: tuple[Terms, Decimal], b: tuple[Terms, Decimal]) -> tuple[Terms, Decimal]:
    return [*a[0], *b[0]], a[1] + b[1]


def _summed(found: Iterable[tuple[Terms, Decimal]]) -> tuple[Terms, Decimal]:
    terms: Terms = []
    constant = Decimal(0)
    for own, more in found:
        terms += own
        constant += more
    return terms, constant
