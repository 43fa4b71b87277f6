"""From text to a syntax tree of the allowed grammar: a subset of Python's expressions, never evaluated by Python."""

from __future__ import annotations

import ast
import re
from decimal import Decimal

MAX_LENGTH = 2_000
MAX_DEPTH = 50

_ALLOWED = (
    ast.Expression, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Call, ast.Name, ast.Attribute, ast.Subscript,
    ast.Constant, ast.Tuple, ast.Load, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.USub, ast.Not, ast.And, ast.Or,
    ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn,
)  # fmt: skip

_WORDS = {
    ast.Lambda: "lambda",
    ast.ListComp: "a comprehension",
    ast.GeneratorExp: "a comprehension",
    ast.DictComp: "a comprehension",
    ast.SetComp: "a comprehension",
    ast.JoinedStr: "an f-string",
    ast.NamedExpr: ":=",
    ast.Await: "await",
    ast.UAdd: "a plus sign in front of a value",
    ast.Invert: "~",
    ast.keyword: "a keyword argument",
    ast.Pow: "**",
    ast.Mod: "%",
    ast.FloorDiv: "//",
    ast.Slice: "a slice",
    ast.Starred: "*",
    ast.Dict: "a dictionary",
    ast.List: "a list (write a tuple: (a, b))",
    ast.Is: "is",
    ast.IsNot: "is not",
}


_ESCAPE = re.compile(r"\\(.)")
_ESCAPES = frozenset("\\'\"nt")


class ExpressionError(ValueError):
    """An expression that cannot be used; ``column`` is the character (from one) where the trouble is."""

    def __init__(self, message: str, column: int = 1) -> None:
        self.message, self.column = message, column
        super().__init__(f"{column}: {message}")


class Syntax:
    """A parsed expression with its text, from which literals and columns are taken."""

    def __init__(self, text: str) -> None:
        if len(text) > MAX_LENGTH:
            raise ExpressionError(f"an expression has at most {MAX_LENGTH} characters, this has {len(text)}")
        flat = text.replace("\n", " ").rstrip()
        self.text = flat.lstrip()
        self.lead = len(flat) - len(self.text)
        _check_brackets(text)
        self._check_escapes()
        self.body = self._parse()
        self._check()

    def _parse(self) -> ast.expr:
        try:
            return ast.parse(self.text, mode="eval").body
        except SyntaxError as error:
            raise ExpressionError(
                f"not an expression: {error.msg}", self.lead + min(error.offset or len(self.text) + 1, len(self.text) + 1)
            ) from None
        except (ValueError, MemoryError, RecursionError):
            raise ExpressionError("not an expression") from None

    def _check_escapes(self) -> None:
        # Python keeps the backslash of an escape that it does not know, with a warning, and will refuse it one day.
        for match in _ESCAPE.finditer(self.text):
            if match[1] not in _ESCAPES:
                column = self.lead + match.start() + 1
                raise ExpressionError(f"write \\\\{match[1]} for \\{match[1]}: a backslash in a text stands twice", column)

    def _check(self) -> None:
        level: list[tuple[ast.AST, ast.AST]] = [(self.body, self.body)]
        for _ in range(MAX_DEPTH):
            for node, holder in level:
                if not isinstance(node, _ALLOWED):
                    what = _WORDS.get(type(node), type(node).__name__)
                    place = node if hasattr(node, "col_offset") else holder  # operators themselves have no place
                    raise ExpressionError(f"{what} is not part of the rule language", self.column(place))
            level = [(child, node) for node, _ in level for child in ast.iter_child_nodes(node)]
            if not level:
                return
        raise ExpressionError(f"an expression nests at most {MAX_DEPTH} deep")

    def column(self, node: ast.AST) -> int:
        """The character, from one, where ``node`` begins; ``ast`` counts in UTF-8 bytes."""
        offset: int | None = getattr(node, "col_offset", None)
        return self.lead + 1 + (len(self.text.encode()[:offset].decode(errors="ignore")) if offset else 0)

    def number(self, node: ast.Constant) -> Decimal:
        """A numeric literal exactly as written; ``ast`` has already made a binary fraction of it."""
        written = ast.get_source_segment(self.text, node) or str(node.value)
        if not all(char in "0123456789._" for char in written):
            raise ExpressionError(f"{written} is not a plain decimal number", self.column(node))
        return Decimal(written.replace("_", ""))


def _check_brackets(text: str) -> None:
    depth = 0
    for i, char in enumerate(text):
        depth += (char in "([{") - (char in ")]}")
        if depth > MAX_DEPTH:
            raise ExpressionError(f"an expression nests at most {MAX_DEPTH} deep", i + 1)
