"""What operators do to plain values: the short way of ``operators.py`` where everything is known and small.

A value is an exact number in units of its shape, a bool, a text or a :class:`Day`; None is *not applicable*, :data:`UNKNOWN` whatever is
not plainly known (a range, a figure that was not read). Of what is unknown nothing is concluded but what holds for every value
(Kleene's strong tables); where that is too little, the arrays decide.
"""

from __future__ import annotations

import datetime
import operator
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from math import prod
from typing import Any, Final, NamedTuple, Protocol, TypeAlias

from govreport_check.expr import printed
from govreport_check.expr.functions import repeats, stands_in
from govreport_check.expr.nodes import Call, Constant, Fact, Kind, Member, Node, World
from govreport_check.model import State

LARGEST: Final = 2**36
"""No number that :class:`Values` gives out is as great: sums and multiples of such stay exact, which is known before they are made."""

MOST: Final = 2**12
"""So many values are added up, at most."""

UNKNOWN: Final = object()
"""Stands for a value that is not plainly known."""


class Unsure(Exception):
    """Nothing is said of an expression, or of a report's facts, in this way."""


class Day(NamedTuple):
    """A date of the calendar; ``ordinal`` comes first, so that days compare by it."""

    ordinal: int
    year: int
    month: int
    day: int


class Printed(NamedTuple):
    """Facts as printed: values (:data:`UNKNOWN` where not plainly known) and :class:`State` numbers."""

    values: Sequence[Any]
    states: Sequence[int]


class Values(Protocol):
    """What one report holds: what :mod:`govreport_check.plain_facts` offers. May raise :class:`Unsure`."""

    memo: dict[int, Any]
    seen: dict[tuple[str, ...], Printed]

    def cells(self, world: World, table: str) -> Printed:
        """Figures, row by row; no states where every one is a plain value."""

    def fact(self, world: World, key: str) -> Printed:
        """One fact."""

    def section(self, world: World, attribute: str) -> Printed:
        """One attribute of all parts."""

    def member(self, flat: str, attribute: str) -> Printed:
        """One attribute of all that is listed."""

    def size(self, flat: str) -> int:
        """How many are listed."""

    def available(self, world: World) -> bool:
        """Whether the report of the other world is there."""

    def finds(self, pattern: str, text: str) -> bool:
        """Whether a pattern is found in a text."""


Run: TypeAlias = "Callable[[Values], Any]"


def constant_of(node: Constant) -> Any:
    """A literal as a value."""
    value = node.value
    if isinstance(value, Decimal):
        scaled = value.scaleb(node.shape.places)
        if scaled != scaled.to_integral_value():
            raise Unsure
        return int(scaled)
    if not isinstance(value, bool | str):
        raise Unsure
    return value


# --- what is printed --------------------------------------------------------------------------------------------------------------

_SURE: Final[Mapping[int, bool]] = {1: True, -1: False}


def _by_state(answers: printed.Answers) -> tuple[Any, ...]:
    return tuple(_SURE.get(answer, UNKNOWN) for answer in answers)


_APPLICABLE = tuple(state is not State.NOT_APPLICABLE for state in State)

ANSWERS: Final[Mapping[tuple[str, bool], tuple[Any, ...]]] = {
    (name, text): answers
    for name, numbers, texts in (
        ("present", _by_state(printed.PRESENT), _by_state(printed.PRESENT_TEXT)),
        ("valid", _by_state(printed.VALID), _by_state(printed.PRESENT_TEXT)),
        ("blank", _by_state(printed.BLANK), _by_state(printed.BLANK)),
        ("absent", _by_state(printed.ABSENT), _by_state(printed.ABSENT)),
        ("applicable", _APPLICABLE, _APPLICABLE),
    )
    for text, answers in ((False, numbers), (True, texts))
}
"""By question and whether a text is asked about: the answer for every :class:`State`, from the tables of ``printed.py``."""


def answered(asked: Printed, answers: Sequence[Any]) -> Sequence[Any]:
    """The answers for what is printed; for what is past the end not applicable."""
    if not asked.states:
        always = answers[State.VALUE]
        return [None if value is None else always for value in asked.values]
    return [None if state is None else answers[state] for state in asked.states]


def valid(asked: Printed, answers: Sequence[Any], least: Sequence[float], kind: Kind) -> Sequence[Any]:
    """Whether what is printed is in its domain: ``least`` are the least that the figures can be, none where nothing is too little."""
    if kind == "text":
        return answered(asked, answers)
    good = answered(asked, answers)
    if kind == "date":
        return [value if value is None or value is UNKNOWN else True for value in asked.values]
    if not least:
        return [value if value is None or value is UNKNOWN else one for value, one in zip(asked.values, good, strict=True)]
    triples = zip(asked.values, good, least, strict=True)
    return [value if value is None or value is UNKNOWN else (value >= low and one) for value, one, low in triples]


def lengths(texts: Printed) -> Sequence[Any]:
    """Characters, white space at the ends not counted; of what is past the end not applicable."""
    return [None if state is None else _length(text, state) for text, state in zip(*texts, strict=True)]


def _length(text: Any, state: int) -> Any:
    if state in (State.UNREADABLE, State.NOT_GIVEN):
        return UNKNOWN
    return 0 if text is UNKNOWN else len(text.strip())


# --- between values ---------------------------------------------------------------------------------------------------------------


def lifted_one(function: Callable[..., Any], runs: Sequence[Run]) -> Run:
    """``function`` of one value each; not applicable where one of them is, unknown where one of the others is."""
    if len(runs) == 1:
        only = runs[0]

        def of_one(values: Values) -> Any:
            value = only(values)
            return value if value is None or value is UNKNOWN else function(value)

        return of_one

    def run(values: Values) -> Any:
        row = [one(values) for one in runs]
        return None if None in row else UNKNOWN if UNKNOWN in row else function(*row)

    return run


def lifted(function: Callable[..., Any], runs: Sequence[Run]) -> Run:
    """``function`` at every place."""

    def run(values: Values) -> Sequence[Any]:
        columns = [one(values) for one in runs]
        if all(map(_is_plain, columns)):
            return list(map(function, *columns))
        return [None if None in row else UNKNOWN if UNKNOWN in row else function(*row) for row in zip(*columns, strict=True)]

    return run


def _is_plain(values: Sequence[Any]) -> bool:
    return None not in values and UNKNOWN not in values


_SIGNS: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def comparison(node: Call) -> Callable[[Any, Any], Any]:
    """What a comparison without tolerance does to two values."""
    sign = _SIGNS[node.operator]
    if all(isinstance(part, Constant | Fact | Member) or part.shape.kind != "text" for part in node.parts):
        return sign

    def texts(one: str, other: str) -> Any:
        blank = not one or one.isspace() or not other or other.isspace()  # a part, or a heading, may be there or not
        return UNKNOWN if blank else sign(one, other)

    return texts


def day_of(year: float, month: float, day: float) -> Any:
    """The date of three numbers; unknown where one of them is nan, or there is no such day."""
    try:
        date = datetime.date(int(year), int(month), int(day))
    except (ValueError, OverflowError):
        return UNKNOWN
    return Day(date.toordinal(), date.year, date.month, date.day) if date.year < datetime.MAXYEAR else UNKNOWN


def _divided(one: Any, other: Any) -> Any:
    return Fraction(one) / Fraction(other) if other else UNKNOWN


def rounding(unit: int, mode: str) -> Callable[[Any], Any]:
    """To whole multiples of ``unit``, then in those; half_up is away from zero."""

    def run(value: Any) -> int:
        whole, rest = divmod(abs(Fraction(value)), unit)
        up = 2 * rest > unit or (2 * rest == unit and (mode == "half_up" or whole % 2 == 1))
        return int(whole + up) if value >= 0 else -int(whole + up)

    return run


def _contains(whole: str, piece: str) -> Any:
    return _SURE.get(int(stands_in(whole, piece)), UNKNOWN)


FUNCTIONS: Final[Mapping[str, Callable[..., Any]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _divided,
    "negative": operator.neg,
    "not": operator.not_,
    "abs": abs,
    "year": operator.attrgetter("year"),
    "month": operator.attrgetter("month"),
    "day": operator.attrgetter("day"),
    "days": lambda one, other: other.ordinal - one.ordinal,
    "date": day_of,
    "contains": _contains,
    "repeated": repeats,
}


# --- logic: what decides by itself is not asked further -----------------------------------------------------------------------------


def _and(one: Any, other: Any) -> Any:
    if one is None or other is None:
        return other if one is None else one
    return False if one is False or other is False else UNKNOWN if one is UNKNOWN or other is UNKNOWN else True


def _or(one: Any, other: Any) -> Any:
    if one is None or other is None:
        return other if one is None else one
    return True if one is True or other is True else UNKNOWN if one is UNKNOWN or other is UNKNOWN else False


def _joined_one(left: Run, right: Run, last: bool, pair: Callable[[Any, Any], Any]) -> Run:
    """Two conditions; where the first one is ``last`` the second is not asked."""

    def run(values: Values) -> Any:
        one = left(values)
        return one if one is last else pair(one, right(values))

    return run


def _joined(left: Run, right: Run, last: bool, pair: Callable[[Any, Any], Any], plain: Callable[[Any, Any], Any]) -> Run:
    """Two conditions at every place; where every place of the first one is ``last`` the second is not asked."""

    def run(values: Values) -> Sequence[Any]:
        one = left(values)
        if _is_plain(one) and (not last) not in one:
            return one  # type: ignore[no-any-return]
        other = right(values)
        return list(map(plain if _is_plain(one) and _is_plain(other) else pair, one, other))

    return run


def _choice_one(condition: Run, a: Run, b: Run) -> Run:
    def run(values: Values) -> Any:
        which = condition(values)
        return a(values) if which is True else b(values) if which is False else which

    return run


def _choice(condition: Run, a: Run, b: Run) -> Run:
    def run(values: Values) -> Sequence[Any]:
        which = condition(values)
        yes, no = (a(values) if True in which else which), (b(values) if False in which else which)
        return [x if one is True else y if one is False else one for one, x, y in zip(which, yes, no, strict=True)]

    return run


def _not_one(run: Run) -> Run:
    return lifted_one(operator.not_, [run])


def _not(run: Run) -> Run:
    return lifted(operator.not_, [run])


LOGIC: Final[Mapping[str, tuple[Callable[..., Run], Callable[..., Run]]]] = {
    "and": (lambda a, b: _joined_one(a, b, False, _and), lambda a, b: _joined(a, b, False, _and, operator.and_)),
    "or": (lambda a, b: _joined_one(a, b, True, _or), lambda a, b: _joined(a, b, True, _or, operator.or_)),
    "implies": (lambda a, b: _joined_one(_not_one(a), b, True, _or), lambda a, b: _joined(_not(a), b, True, _or, operator.or_)),
    "if": (_choice_one, _choice),
}
"""By operator: of one value each, and at every place."""


# --- reductions: over nothing they are not applicable -------------------------------------------------------------------------------


def _over(reduce: Callable[[Sequence[Any]], Any], decides: Any = None) -> Callable[[Sequence[Any]], Any]:
    """A reduction of what applies; unknown where anything is, unless one value ``decides``."""

    def run(values: Sequence[Any]) -> Any:
        if UNKNOWN in values:
            return decides if decides is not None and decides in values else UNKNOWN
        counts = [value for value in values if value is not None] if None in values else values
        return reduce(counts) if counts else None

    return run


def _sum(values: Sequence[Any]) -> Any:
    return sum(values) if len(values) <= MOST else UNKNOWN


def _count(values: Sequence[Any]) -> Any:
    return UNKNOWN if UNKNOWN in values else values.count(True)


REDUCTIONS: Final[Mapping[str, Callable[[Sequence[Any]], Any]]] = {
    "sum": _over(_sum),
    "min": _over(min),
    "max": _over(max),
    "all": _over(all, False),
    "any": _over(any, True),
    "count": _count,
}


def greatest(node: Node, sizes: Mapping[str, int]) -> float:
    """No value of a number is greater, whatever a report holds, nor is any sum on the way to it."""
    if isinstance(node, Constant):
        return abs(int(constant_of(node)))
    if not isinstance(node, Call) or node.parts[0].shape.kind != "number":
        return LARGEST
    parts = [greatest(part, sizes) for part in node.parts if part.shape.kind == "number"]
    match node.operator:
        case "+" | "-":
            return sum(parts)
        case "*" | "/":  # a comparison multiplies the divisor out
            return prod(parts)
        case "round" if isinstance(node.parts[0], Call) and node.parts[0].operator == "/":
            return greatest(node.parts[0].parts[0], sizes)
        case "scale":
            return parts[0] * float(10 ** int(node.option[0]))
        case "sum":
            return parts[0] * prod(sizes[axis] for axis in node.folds) * (MOST if node.folds_flat else 1)
        case _:
            return max(parts)
