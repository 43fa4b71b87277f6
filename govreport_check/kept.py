"""What is worked out once for a form or a list of rules, and kept while they are in use."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

T = TypeVar("T")

_MOST = 32


def kept_for(make: Callable[..., T]) -> Callable[..., T]:
    """``make`` with its last results kept by the identity of its arguments: forms cannot be hashed, and comparing them takes long."""
    known: dict[tuple[int, ...], tuple[tuple[Any, ...], T]] = {}

    @wraps(make)
    def find(*of: Any) -> T:
        key = tuple(map(id, of))
        found = known.get(key)
        if found is None:
            if len(known) >= _MOST:
                known.clear()
            found = known[key] = (of, make(*of))  # what is kept here lives, so that nothing else can have its id
        return found[1]

    return find
