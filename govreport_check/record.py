"""What the records of a contract (``findings``) share."""

from __future__ import annotations

import sys
from copy import deepcopy
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

if TYPE_CHECKING:
    from pydantic import TypeAdapter

R = TypeVar("R", bound="Record")


class Record:
    """Base of the contract's records: plain data, of which pydantic is asked only when one is read or written. Importing it and working
    out what it asks takes longer than all that is done for a clean report that is told in words."""

    __slots__ = ()
    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "frozen": True, "populate_by_name": True}

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        """The annotations of a record are read now: ``Field`` in them is pydantic's from here on."""
        from pydantic import Field

        vars(sys.modules[cls.__module__])["Field"] = Field
        return handler(source)

    def model_copy(self: R, *, update: dict[str, Any] | None = None, deep: bool = False) -> R:
        """The same record with some fields changed, which are not checked; ``deep``: what it holds is copied as well."""
        copied = replace(self, **(update or {}))  # type: ignore[type-var]
        return deepcopy(copied) if deep else copied

    def model_dump(self, **how: Any) -> dict[str, Any]:
        """The record as dicts and lists; ``how`` as for pydantic's models: ``mode``, ``by_alias``, ``include``, ``exclude_none`` ..."""
        told: dict[str, Any] = asked_of(type(self)).dump_python(self, **how)
        return told

    def model_dump_json(self, **how: Any) -> str:
        """The record as JSON; ``how`` as for pydantic's models: ``by_alias``, ``indent`` ..."""
        return asked_of(type(self)).dump_json(self, **how).decode()

    @classmethod
    def model_validate(cls: type[R], stated: Any) -> R:
        """The record that a mapping states. Raises pydantic.ValidationError."""
        made: R = asked_of(cls).validate_python(stated)
        return made

    @classmethod
    def model_validate_json(cls: type[R], stated: str | bytes) -> R:
        """The record that a text in JSON states. Raises pydantic.ValidationError."""
        made: R = asked_of(cls).validate_json(stated)
        return made


def asked_of(kind: Any) -> TypeAdapter[Any]:
    """What pydantic asks of a kind of record."""
    return _asked(kind)  # a type checker does not take a type variable's class for something hashable


@cache
def _asked(kind: Any) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter

    return TypeAdapter(kind)


def stated(**said: Any) -> Any:
    """Stands for pydantic's ``Field`` in annotations as long as nobody asks pydantic."""
    return said
