"""``dataclass`` for frozen classes with slots, made several times as fast as the standard library makes them.

That compiles six functions for each class: with a hundred classes a third of what checking one report takes. Here all classes share the
functions that need not be their own, and ``__init__`` is compiled when the first object is made, which for most never happens: objects
that come from a pickle are made without it. Everything else is the standard library's: fields, ``replace``, ``asdict``, matching.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass"]

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(*, frozen: bool, slots: bool, eq: bool = True, kw_only: bool = False) -> Callable[[type], type]:
        """As :func:`dataclasses.dataclass`, of which it takes these arguments, the first two always true."""

        def make(given: type) -> type:
            said, given.__doc__ = given.__doc__, "-"  # where there is none it is made from the signature, which takes as long again
            made = dataclasses.dataclass(init=False, repr=False, eq=False, kw_only=kw_only, slots=slots)(given)
            made.__doc__ = said
            return _completed(made, eq=eq)

        return make


def _completed(kind: Any, *, eq: bool) -> Any:
    names = tuple(one.name for one in dataclasses.fields(kind))
    own = vars(kind)
    kind.__init__ = _first(kind)
    kind.__setattr__, kind.__delattr__ = _refused_to_set, _refused_to_delete
    kind.__getstate__, kind.__setstate__ = _pickled(kind, names)
    if "__repr__" not in own:
        kind.__repr__ = _repr
    if eq and "__eq__" not in own:
        kind.__eq__, hashed = _compared(tuple(one.name for one in dataclasses.fields(kind) if one.compare))
        kind.__hash__ = own["__hash__"] if own.get("__hash__") else hashed
    return kind


def _values_of(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    """What reads these attributes of an object, as a tuple however many they are."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda one: tuple(getattr(one, name) for name in names)


def _compared(names: tuple[str, ...]) -> tuple[Callable[[Any, Any], Any], Callable[[Any], int]]:
    values = _values_of(names)

    def equal(self: Any, other: Any) -> Any:
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    return equal, lambda self: hash(values(self))


def _pickled(kind: Any, names: tuple[str, ...]) -> tuple[Callable[[Any], Any], Callable[[Any, Any], None]]:
    values, setters = _values_of(names), _setters(kind, names)

    def restore(self: Any, state: Any) -> None:
        for put, value in zip(setters, state, strict=True):
            put(self, value)

    return lambda self: values(self), restore


def _setters(kind: Any, names: tuple[str, ...]) -> tuple[Callable[[Any, Any], None], ...]:
    return tuple(getattr(kind, name).__set__ for name in names)


@recursive_repr()
def _repr(self: Any) -> str:
    told = ", ".join(f"{one.name}={getattr(self, one.name)!r}" for one in dataclasses.fields(self) if one.repr)
    return f"{self.__class__.__qualname__}({told})"


def _refused_to_set(self: Any, name: str, value: Any) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _refused_to_delete(self: Any, name: str) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


# --- __init__ --------------------------------------------------------------------------------------------------------------------


def _first(kind: Any) -> Callable[..., None]:
    """An ``__init__`` that puts the real one in its place."""

    def __init__(self: Any, *values: Any, **named: Any) -> None:
        if kind.__init__ is __init__:
            kind.__init__ = _compiled(kind)
        kind.__init__(self, *values, **named)

    return __init__


def _compiled(kind: Any) -> Callable[..., None]:
    fields = dataclasses.fields(kind)
    own = {f"put_{one.name}": put for one, put in zip(fields, _setters(kind, tuple(one.name for one in fields)), strict=True)}
    own |= {f"given_{one.name}": one.default for one in fields} | {f"make_{one.name}": one.default_factory for one in fields}
    stated = [*filter(lambda one: not one.kw_only, fields), *filter(lambda one: one.kw_only, fields)]
    heads = ["self", *_heads(stated)]
    body = [f"put_{one.name}(self, {_value(one)})" for one in fields]
    body += ["self.__post_init__()"] if hasattr(kind, "__post_init__") else []
    exec(f"def __init__({', '.join(heads)}):\n " + "\n ".join(body or ["pass"]), own)
    made: Callable[..., None] = own["__init__"]
    made.__qualname__ = f"{kind.__qualname__}.__init__"
    return made


def _heads(fields: list[dataclasses.Field[Any]]) -> list[str]:
    told, star = [], False
    for one in fields:
        if one.kw_only and not star:
            star = True
            told.append("*")
        optional = one.default is not dataclasses.MISSING or one.default_factory is not dataclasses.MISSING
        told.append(f"{one.name}=given_{one.name}" if optional else one.name)
    return told


def _value(one: dataclasses.Field[Any]) -> str:
    if one.default_factory is dataclasses.MISSING:
        return one.name
    return f"make_{one.name}() if {one.name} is given_{one.name} else {one.name}"  # given_ is MISSING where there is a factory
