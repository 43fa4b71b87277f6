"""Regular expressions that are compiled when they are first used: many are about what few reports hold."""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast

__all__ = ["later"]


class _Later:
    """Stands for a compiled pattern. What it is asked for is kept, so that it is as quick as the pattern from the second time on."""

    def __init__(self, pattern: Any, flags: int) -> None:
        self._stated = pattern, flags

    def __reduce__(self) -> tuple[Any, ...]:
        return _Later, self._stated

    def __getattr__(self, name: str) -> Any:
        found = getattr(re.compile(*self._stated), name)
        setattr(self, name, found)
        return found


def later(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """As :func:`re.compile`; a mistake in ``pattern`` is raised at its first use."""
    return cast("re.Pattern[AnyStr]", _Later(pattern, flags))
