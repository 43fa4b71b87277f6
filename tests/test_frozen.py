"""Frozen classes behave as the standard library's do."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from dataclasses import field, fields, replace
from typing import Any

import pytest

from govreport_check.frozen import dataclass


def both(**how: Any) -> list[type]:
    """The same class twice: ours and the standard library's."""
    found = []
    for make in (dataclass, dataclasses.dataclass):

        @make(frozen=True, slots=True, **how)
        class Sample:
            """Of every kind of field."""

            first: int
            second: str = "x"
            many: list[int] = field(default_factory=list)
            silent: int = field(default=0, repr=False, compare=False)

            def __post_init__(self) -> None:
                if self.first < 0:
                    raise ValueError("below zero")

        found.append(Sample)
    return found


@dataclass(frozen=True, slots=True)
class Pair:
    """Stands in the module, so that it can be pickled."""

    left: object
    right: object = None


@dataclass(frozen=True, slots=True)
class Longer(Pair):
    more: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Nothing:
    pass


def told(call: Any) -> Any:
    """What a call gives, or what it raises."""
    try:
        return repr(call())
    except (TypeError, ValueError, AttributeError) as error:
        return type(error), str(error)


CALLS = {
    "all": lambda kind: kind(1, "y", [2], 3),
    "usual": lambda kind: kind(1),
    "named": lambda kind: kind(second="z", first=1),
    "none": lambda kind: kind(),
    "too many": lambda kind: kind(1, 2, 3, 4, 5),
    "unknown": lambda kind: kind(1, other=2),
    "after init": lambda kind: kind(-1),
    "replaced": lambda kind: replace(kind(1), second="z"),
    "replaced by what it refuses": lambda kind: replace(kind(1), first=-1),
    "set": lambda kind: setattr(kind(1), "first", 2),
    "deleted": lambda kind: delattr(kind(1), "first"),
    "copied": lambda kind: copy.copy(kind(1)),
    "equal": lambda kind: (kind(1) == kind(1, silent=5), kind(1) == kind(2), kind(1) == (1, "x", [], 0), kind(1) != kind(1)),
    "hash of what has none": lambda kind: hash(kind(1)),
    "hash": lambda kind: hash(kind(1, many=(), silent=3)),
    "slots": lambda kind: (kind.__slots__, kind.__match_args__, hasattr(kind(1), "__dict__")),
    "dict": lambda kind: dataclasses.asdict(kind(1, many=[2])),
    "fields": lambda kind: [(one.name, one.compare, one.repr) for one in fields(kind)],
    "own lists": lambda kind: kind(1).many is kind(1).many,
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("how", [{}, {"kw_only": True}, {"eq": False}], ids=["usual", "by name", "by identity"])
def test_as_the_standard_library_has_it(call: Any, how: dict[str, bool]) -> None:
    ours, theirs = both(**how)
    identity = how.get("eq") is False and call in (CALLS["hash"], CALLS["hash of what has none"])
    assert told(lambda: call(ours)) == told(lambda: call(theirs)) or identity


def test_pickled_and_back() -> None:
    for one in (Pair(1, [2]), Longer(1, more=(3,)), Nothing()):
        again = pickle.loads(pickle.dumps(one))
        assert (again, type(again)) == (one, type(one))
        assert copy.deepcopy(one) == one
    assert Pair(1) != Longer(1)
    assert repr(Longer(1)) == "Longer(left=1, right=None, more=())"


def test_what_holds_itself_is_told() -> None:
    many: list[object] = []
    pair = Pair(many)
    many.append(pair)
    assert repr(pair) == "Pair(left=[...], right=None)"


def test_what_stands_for_init_meanwhile_is_called_once_and_leads_to_it() -> None:
    @dataclass(frozen=True, slots=True)
    class Fresh:
        value: int

    first, calls = Fresh.__init__, []

    def counting(self: Any, *values: Any) -> None:
        calls.append(values)
        first(self, *values)

    Fresh.__init__ = counting  # type: ignore[method-assign]
    assert (Fresh(1).value, Fresh(2).value, calls) == (1, 2, [(1,), (2,)])


def test_the_signature_is_told_before_the_first_object() -> None:
    assert str(inspect.signature(Longer)) == "(left: 'object', right: 'object' = None, more: 'tuple[int, ...]' = ())"


def test_a_field_that_is_no_argument_has_its_default() -> None:
    @dataclass(frozen=True, slots=True)
    class Counted:
        value: int
        seen: int = field(default=7, init=False)

    assert Counted(1).seen == 7
    with pytest.raises(TypeError):
        Counted(1, seen=8)  # type: ignore[call-arg]


def test_a_plain_class_made_of_ours_has_attributes_of_its_own() -> None:
    class Plain(Pair):
        pass

    plain: Any = Plain(1)
    plain.own = 5
    with pytest.raises(dataclasses.FrozenInstanceError):
        plain.left = 2
