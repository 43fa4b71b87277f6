"""YAML and JSON read into one tree whose every node knows its line and column.

Rule files and structured reports need three things that the usual loaders lose: the place of each value, keys that stand twice,
and figures exactly as written (``1935.87208`` must never pass through a binary float, ``no`` is a word and ``012`` is twelve).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, TypeAlias

from govreport_check.patterns import later

if TYPE_CHECKING:
    import yaml

MAX_DEPTH = 60

Scalar: TypeAlias = "str | int | Decimal | bool | None"
Kind: TypeAlias = Literal["map", "list", "scalar"]


@dataclass(frozen=True, slots=True)
class Node:
    """A value with its place. ``items`` are (key node, value node) of a map, in order and with repeats; (index, value) of a list."""

    kind: Kind
    scalar: Scalar
    items: tuple[tuple[Node | int, Node], ...]
    line: int
    column: int

    def get(self, key: str) -> Node | None:
        """The first value under ``key``, or None."""
        return next((value for name, value in self.items if isinstance(name, Node) and name.scalar == key), None)


class MarkedError(ValueError):
    """Text that is not YAML or JSON, with the place where it stops being so."""

    def __init__(self, message: str, line: int, column: int) -> None:
        self.message, self.line, self.column = message, line, column
        super().__init__(f"{line}:{column}: {message}")


def plain(node: Node) -> object:
    """The node as ordinary dicts, lists and scalars; of a key that stands twice the last value is taken (see :func:`repeated`)."""
    if node.kind == "map":
        return {_key(name): plain(value) for name, value in node.items}
    if node.kind == "list":
        return [plain(value) for _, value in node.items]
    return node.scalar


def repeated(node: Node) -> Iterator[Node]:
    """The key nodes that repeat an earlier key of the same map, anywhere below ``node``."""
    seen: set[str] = set()
    for name, value in node.items:
        if isinstance(name, Node):
            if _key(name) in seen:
                yield name
            seen.add(_key(name))
        yield from repeated(value)


def find(node: Node, path: Sequence[str | int]) -> Node:
    """The node at ``path``, or the last one on the way that is there: where a complaint about ``path`` should point.

    Steps that name nothing are passed over: a validator's path also names the kinds that it tried.
    """
    for step in path:
        found = (value for name, value in node.items if (_key(name) if isinstance(name, Node) else name) == step)
        node = next(found, node)
    return node


def find_key(node: Node, path: Sequence[str | int]) -> Node:
    """Like :func:`find`, but the key itself where the last step names one (for keys that should not be there)."""
    parent = find(node, path[:-1])
    for name, _ in parent.items:
        if isinstance(name, Node) and path and _key(name) == path[-1]:
            return name
    return find(node, path)


def _key(node: Node | int) -> str:
    value = node.scalar if isinstance(node, Node) else node
    return value if isinstance(value, str) else "" if value is None else str(value)


# --- YAML 1.2 core scalars -----------------------------------------------------------------------------------------------------

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = later(r"[-+]?[0-9]+")
_NUMBER = later(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


def parse_yaml(text: str) -> Node:
    """One YAML document as a tree. Raises :class:`MarkedError` where it is not YAML, holds an alias, or nests too deeply."""
    import yaml

    try:
        return _tree(yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise MarkedError(f"not YAML: {error.problem or error.context}", line, column) from None
    except (yaml.YAMLError, ValueError) as error:
        if isinstance(error, MarkedError):
            raise
        raise MarkedError(f"not YAML: {str(error).splitlines()[0]}", 1, 1) from None


@dataclass(slots=True)
class _Open:
    """A map or list that has begun and not ended."""

    kind: Kind
    line: int
    column: int
    nodes: list[Node]

    def closed(self) -> Node:
        if self.kind == "list":
            return Node("list", None, tuple(enumerate(self.nodes)), self.line, self.column)
        return Node("map", None, tuple(zip(self.nodes[::2], self.nodes[1::2], strict=True)), self.line, self.column)


def _tree(events: Iterator[yaml.Event]) -> Node:
    import yaml

    # The library's own composer calls itself for every level, in C, and takes the process down at a hundred thousand brackets.
    open_, documents = [_Open("list", 1, 1, [])], 0
    for event in events:
        line, column = (event.start_mark.line + 1, event.start_mark.column + 1) if event.start_mark else (1, 1)
        if isinstance(event, yaml.AliasEvent):
            # An alias shares its node: nested aliases can stand for billions of values, so none are followed.
            raise MarkedError("aliases (*name) are not allowed", line, column)
        if isinstance(event, yaml.CollectionStartEvent):
            if len(open_) > MAX_DEPTH + 1:
                raise MarkedError(f"nested deeper than {MAX_DEPTH} levels", line, column)
            open_.append(_Open("map" if isinstance(event, yaml.MappingStartEvent) else "list", line, column, []))
        elif isinstance(event, yaml.CollectionEndEvent):
            node = open_.pop().closed()
            open_[-1].nodes.append(node)
        elif isinstance(event, yaml.ScalarEvent):
            open_[-1].nodes.append(Node("scalar", _scalar(event), (), line, column))
        elif isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise MarkedError("not YAML: a second document begins here", line, column)
    return open_[0].nodes[0] if open_[0].nodes else Node("scalar", None, (), 1, 1)


def _scalar(event: yaml.ScalarEvent) -> Scalar:
    plain_word = not event.style and event.tag is None
    word: str = event.value
    return resolve(word) if plain_word else word


def resolve(word: str) -> Scalar:
    """A plain YAML scalar by the 1.2 core schema: ``no`` and ``1:30`` are words, ``012`` is twelve, decimals stay exact."""
    if word in _NULL:
        return None
    if word in _BOOLS:
        return _BOOLS[word]
    if _INTEGER.fullmatch(word):
        return int(word) if len(word) < 4000 else Decimal(word)
    if _NUMBER.fullmatch(word):
        return Decimal(word)
    return word


# --- JSON ----------------------------------------------------------------------------------------------------------------------

_SPACE = later(r"[ \t\n\r]*")
_JSON_NUMBER = later(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_WORDS: tuple[tuple[str, Scalar], ...] = (
    ("true", True),
    ("false", False),
    ("null", None),
    ("NaN", "NaN"),
    ("-Infinity", "-Infinity"),
    ("Infinity", "Infinity"),
)


_STRINGS = json.JSONDecoder(strict=False)
_LONE = later("[\ud800-\udfff]")
"""Halves of characters, which JSON can name and no text can hold."""


def parse_json(text: str) -> Node:
    """One JSON document as a tree; ``NaN`` and ``Infinity`` become words. Raises :class:`MarkedError` with the place."""
    reader = _Json(text)
    node, end = reader.value(reader.skip(0), 0)
    end = reader.skip(end)
    if end != len(text):
        raise reader.error("something stands after the end of the document", end)
    return node


class _Json:
    """A cursor over JSON text; the standard library reads the strings, this keeps the places."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self.at_line = 0

    def place(self, index: int) -> tuple[int, int]:
        while self.at_line + 1 < len(self.starts) and self.starts[self.at_line + 1] <= index:
            self.at_line += 1
        while self.starts[self.at_line] > index:
            self.at_line -= 1
        return self.at_line + 1, index - self.starts[self.at_line] + 1

    def error(self, message: str, index: int) -> MarkedError:
        return MarkedError(f"not JSON: {message}", *self.place(index))

    def skip(self, index: int) -> int:
        match = _SPACE.match(self.text, index)
        return match.end() if match else index

    def value(self, index: int, depth: int) -> tuple[Node, int]:
        if depth > MAX_DEPTH:
            raise self.error(f"nested deeper than {MAX_DEPTH} levels", index)
        mark = self.text[index : index + 1]
        if mark == "{":
            return self._container(index, depth, "}")
        if mark == "[":
            return self._container(index, depth, "]")
        if mark == '"':
            return self._string(index)
        return self._atom(index)

    def _string(self, index: int) -> tuple[Node, int]:
        try:
            word, end = _STRINGS.raw_decode(self.text, index)
        except json.JSONDecodeError as error:
            raise self.error(error.msg, error.pos) from None
        return Node("scalar", word if word.isascii() else _LONE.sub("\ufffd", word), (), *self.place(index)), end

    def _atom(self, index: int) -> tuple[Node, int]:
        for word, scalar in _WORDS:
            if self.text.startswith(word, index):
                return Node("scalar", scalar, (), *self.place(index)), index + len(word)
        match = _JSON_NUMBER.match(self.text, index)
        if not match:
            raise self.error("a value is expected here", index)
        digits = match.group()
        whole = match.group(2) is None and match.group(3) is None and len(digits) < 4000
        return Node("scalar", int(digits) if whole else Decimal(digits), (), *self.place(index)), match.end()

    def _container(self, index: int, depth: int, close: str) -> tuple[Node, int]:
        line, column = self.place(index)
        items: list[tuple[Node | int, Node]] = []
        at = self.skip(index + 1)
        while self.text[at : at + 1] != close:
            if items:
                at = self._expect(at, ",")
            name: Node | int = len(items)
            if close == "}":
                if self.text[at : at + 1] != '"':
                    raise self.error("a key in double quotes is expected here", at)
                name, at = self._string(at)
                at = self._expect(self.skip(at), ":")
            value, at = self.value(at, depth + 1)
            items.append((name, value))
            at = self.skip(at)
        return Node("map" if close == "}" else "list", None, tuple(items), line, column), at + 1

    def _expect(self, at: int, mark: str) -> int:
        if self.text[at : at + 1] != mark:
            raise self.error(f"“{mark}” is expected here" if at < len(self.text) else "the document ends too early", at)
        return self.skip(at + 1)
