"""What is printed: whether a fact is there, is blank, applies, is in its domain. Questions about states, not about values."""

from __future__ import annotations

from functools import cache
from typing import TypeAlias

import numpy as np

from govreport_check.expr.columns import FALSE, TRUE, UNKNOWN, Array, Column, Dates, Numbers, Texts, Truth, truth
from govreport_check.model import State

Answers: TypeAlias = "tuple[int, ...]"
"""By :class:`State`."""


def _by_state(true: set[State], false: set[State]) -> Answers:
    return tuple([TRUE if state in true else FALSE if state in false else UNKNOWN for state in State])


_S = State
_PRINTED = {_S.VALUE, _S.ROUNDED, _S.RANGE, _S.ZERO, _S.NOT_APPLICABLE, _S.OUT_OF_RANGE, _S.AMBIGUOUS, _S.UNREADABLE}
PRESENT = _by_state(_PRINTED, {_S.EMPTY, _S.BLANK, _S.ABSENT})
PRESENT_TEXT = _by_state(_PRINTED - {_S.UNREADABLE}, {_S.EMPTY, _S.BLANK, _S.ABSENT})  # an unread section may be there
BLANK = _by_state({_S.EMPTY, _S.BLANK}, _PRINTED | {_S.ABSENT})
ABSENT = _by_state({_S.ABSENT}, _PRINTED | {_S.EMPTY, _S.BLANK})
VALID = _by_state({_S.VALUE, _S.RANGE, _S.ZERO, _S.EMPTY, _S.NOT_APPLICABLE}, {_S.OUT_OF_RANGE, _S.ROUNDED})


@cache
def _table(answers: Answers) -> Array:
    return np.array(answers, np.int8)


def _states(a: Column) -> Array:
    if isinstance(a, Truth):
        raise TypeError("a condition is not printed")  # the type check lets none through
    if isinstance(a, Numbers) and a.state is None:  # plain values all: said once for all reports
        return np.zeros((*a.lo.shape[:-1], 1), np.uint8)
    return np.asarray(a.state)


def _past_the_end(a: Column, states: Array) -> Array | None:
    """Where there is nothing to ask about: next(…) of the last. A mark for "not applicable" is printed, and is something."""
    na = a.days.na if isinstance(a, Dates) else a.na if isinstance(a, (Numbers, Texts)) else None
    return None if na is None else na & (states != State.NOT_APPLICABLE)


def present(a: Column) -> Truth:
    states = _states(a)
    return Truth(_table(PRESENT_TEXT if isinstance(a, Texts) else PRESENT)[states], _past_the_end(a, states))


def blank(a: Column) -> Truth:
    states = _states(a)
    return Truth(_table(BLANK)[states], _past_the_end(a, states))


def absent(a: Column) -> Truth:
    states = _states(a)
    return Truth(_table(ABSENT)[states], _past_the_end(a, states))


def applicable(a: Column) -> Truth:
    states = _states(a)
    return Truth(truth(states != State.NOT_APPLICABLE), _past_the_end(a, states))


def valid(a: Column) -> Truth:
    """Printed and in its domain; unknown for blank, unreadable, ambiguous and absent figures."""
    if isinstance(a, Dates):
        return Truth(a.valid, a.days.na)
    if not isinstance(a, Numbers):
        return present(a)
    low = np.float64(-np.inf) if a.low is None else a.low
    in_domain = truth(a.lo >= low)
    return Truth(in_domain if a.state is None else np.minimum(in_domain, _table(VALID)[a.state]), a.na)
