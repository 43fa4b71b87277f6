"""The settings of a project (``govreport.toml``, or ``[tool.govreport]`` in ``pyproject.toml``), read with the place of every mistake.

TOML 1.0 as the standard library reads it; that keeps no places, so they are looked up by key.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from govreport_check.beside import settings_above
from govreport_check.errors import Complaint, PackError, UsageError
from govreport_check.frozen import dataclass
from govreport_check.patterns import later

if TYPE_CHECKING:
    from govreport_check.config_spec import ConfigFile

TABLE = ("tool", "govreport")


@dataclass(frozen=True, slots=True)
class Config:
    """A file of settings. ``lines`` goes from the path of a key in it to its line."""

    path: Path
    file: ConfigFile
    lines: Mapping[tuple[str, ...], int]

    def at(self, *key: str) -> str:
        """Where a setting stands: ``govreport.toml:3``."""
        line = _nearest(self.lines, key) or 1
        return f"{_called(self.path)}:{line}"

    @property
    def folder(self) -> Path:
        return self.path.parent


def _called(path: Path) -> str:
    """A file in the working folder by its path from there."""
    top = Path.cwd()
    return str(path.relative_to(top) if path.is_relative_to(top) else path)


def config_schema() -> dict[str, Any]:
    """The JSON Schema of ``govreport.toml``, for editors."""
    from govreport_check.config_spec import ConfigFile

    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **ConfigFile.model_json_schema(by_alias=True)}


# --- found ---------------------------------------------------------------------------------------------------------------------


def config_for(report: Path, working: Path | None = None) -> Config | None:
    """The settings for a report: of its folder, else of the nearest folder above, up to the working folder or the repository's root.

    Raises PackError with every mistake in the file.
    """
    return next((found for path in settings_above(report, working) if (found := read_config(path)) is not None), None)


def read_config(path: Path) -> Config | None:
    """The settings in a file; None for a ``pyproject.toml`` that has none. Raises PackError, UsageError when it cannot be opened."""
    try:
        return _config(path.read_bytes(), path.absolute())
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None


@lru_cache(maxsize=64)
def _config(raw: bytes, path: Path) -> Config | None:
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
        stated: Any = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise PackError([Complaint(_called(path), 1, 1, f"not UTF-8 (byte {error.start})")]) from None
    except tomllib.TOMLDecodeError as error:
        raise PackError([_not_toml(_called(path), text, str(error))]) from None
    pyproject = path.name == "pyproject.toml"
    if pyproject and not _has_table(stated):
        return None
    lines = dict(_lines(text))
    if pyproject:
        stated = stated[TABLE[0]][TABLE[1]]
        if not isinstance(stated, dict):
            raise PackError([Complaint(_called(path), lines.get(TABLE, 1), 1, "tool.govreport is a table of settings")])
        lines = {key[len(TABLE) :]: line for key, line in lines.items() if key[: len(TABLE)] == TABLE}
    from govreport_check.config_spec import validated  # and with it pydantic: most files that are found here have no settings

    return Config(path, validated(stated, lambda keys, message: Complaint(_called(path), _nearest(lines, keys) or 1, 1, message)), lines)


def _has_table(stated: Any) -> bool:
    tools = stated.get(TABLE[0])
    return isinstance(tools, dict) and tools.get(TABLE[1]) is not None


# --- what is wrong, and where --------------------------------------------------------------------------------------------------

_AT = later(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def _not_toml(path: str, text: str, message: str) -> Complaint:
    match = _AT.search(message)
    line, column = (int(match[1]), int(match[2])) if match and match[1] else (text.count("\n") + 1, 1)
    return Complaint(path, line, column, f"not TOML: {_AT.sub('', message)}")


def _nearest(lines: Mapping[tuple[str, ...], int], keys: tuple[str, ...]) -> int | None:
    """The line of the key, else of the nearest above it that has one."""
    while keys and keys not in lines:
        keys = keys[:-1]
    return lines.get(keys)


_KEY = later(r"""\s*((?:[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*'))*)\s*=""")
_HEAD = later(r"\s*\[(.+)\]\s*(?:#.*)?$")


def _lines(text: str) -> Iterator[tuple[tuple[str, ...], int]]:
    """(path of a key, its line) for every table and key. Of a key within an inline table the line of the outer key is known."""
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.split("\n"), 1):
        head, key = _HEAD.match(line), _KEY.match(line)
        if head and "=" not in re.sub(r"\"[^\"]*\"|'[^']*'", "", line):
            table = _path(f"{head[1].strip('[]')} = 0") or table
            yield table, number
        elif key:
            path = _path(f"{key[1]} = 0")
            yield from ((table + path[: i + 1], number) for i in range(len(path)))


def _path(text: str) -> tuple[str, ...]:
    """The path of the one key that a line of TOML sets; nothing where it is not one (a line of a text that looks like one)."""
    try:
        found: Any = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return ()
    path: list[str] = []
    while isinstance(found, dict) and found:
        (name, found), *_ = found.items()
        path.append(name)
    return tuple(path)
