"""Small changes to an expression's text: what a slip of the pen would make of a rule.

Syntax alone: a change need not have a meaning; whoever binds it finds out. The changes are those of mutation testing (DeMillo, Lipton,
Sayward 1978): an operand left out, an operator or a constant put next to its own.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from govreport_check.expr.parse import Syntax

LAST_MEMBER = "last member of"


@dataclass(frozen=True, slots=True)
class Change:
    """``text``: the whole expression after the change; ``said``: ``before → after`` of the piece that is changed."""

    text: str
    said: str


def changes(text: str, last: Mapping[tuple[str, str], str] | None = None) -> Iterator[Change]:
    """Every change to ``text``, each once. ``last``: (table, group) → the last member, for sums that leave it out."""
    syntax = Syntax(text)
    seen = set()
    for node, holder in _with_holders(syntax.body):
        for new in (*_variants(syntax, node), *_shorter_sum(syntax, node, last or {})):
            changed = _put(syntax, node, new)
            if changed not in seen:
                seen.add(changed)
                yield Change(changed, _said(syntax, node, holder, new))


def _with_holders(node: ast.expr, holder: ast.expr | None = None) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Every value of the expression with the one around it; names of rows and columns are no values."""
    yield node, holder or node
    parts = [] if isinstance(node, ast.Subscript | ast.Attribute) else [p for p in ast.iter_child_nodes(node) if isinstance(p, ast.expr)]
    for part in parts:
        yield from _with_holders(part, node)


def _span(syntax: Syntax, node: ast.expr) -> tuple[int, int]:
    """Characters of the text; ``ast`` counts UTF-8 bytes."""
    raw = syntax.text.encode()
    return len(raw[: node.col_offset].decode()), len(raw[: node.end_col_offset].decode())


def _piece(syntax: Syntax, node: ast.expr) -> str:
    start, end = _span(syntax, node)
    return syntax.text[start:end]


def _put(syntax: Syntax, node: ast.expr, new: str) -> str:
    start, end = _span(syntax, node)
    return syntax.text[:start] + new + syntax.text[end:]


def _said(syntax: Syntax, node: ast.expr, holder: ast.expr, new: str) -> str:
    """A constant is told with what stands around it: 1 → 2 alone could be anywhere."""
    shown = holder if isinstance(node, ast.Constant) else node
    start, end = _span(syntax, shown)
    at, upto = _span(syntax, node)
    before, after = syntax.text[start:end], syntax.text[start:at] + new + syntax.text[upto:end]
    return " ".join(f"{before} → {after}".split())


def _variants(syntax: Syntax, node: ast.expr) -> Iterator[str]:
    match node:
        case ast.BinOp():
            yield from _of_arithmetic(_piece(syntax, node.left), node, _piece(syntax, node.right))
        case ast.Compare():
            yield from _of_comparison([_piece(syntax, one) for one in (node.left, *node.comparators)], node)
        case ast.BoolOp(values=values):
            pieces = [f"({_piece(syntax, value)})" for value in values]
            word, other = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
            yield f"({f' {other} '.join(pieces)})"
            yield from (f"({f' {word} '.join(pieces[:i] + pieces[i + 1 :])})" for i in range(len(pieces)))
        case ast.UnaryOp(operand=operand):
            yield f"({_piece(syntax, operand)})"
        case ast.IfExp(body=body, orelse=orelse):
            yield from (f"({_piece(syntax, body)})", f"({_piece(syntax, orelse)})")
        case ast.Call(func=ast.Name(id=name), args=args):
            yield from _of_call(name, [_piece(syntax, one) for one in args])
        case ast.Tuple(elts=elts) if len(elts) > 1:
            pieces = [_piece(syntax, one) for one in elts]
            yield from (f"({', '.join(pieces[:i] + pieces[i + 1 :])},)" for i in range(len(pieces)))
        case ast.Constant():
            yield from _of_constant(_piece(syntax, node))


def _of_arithmetic(left: str, node: ast.BinOp, right: str) -> Iterator[str]:
    flipped = {ast.Add: "-", ast.Sub: "+"}.get(type(node.op))
    if flipped:
        yield f"({left} {flipped} ({right}))"
    yield f"({left})"
    if not (isinstance(node.left, ast.BinOp) and type(node.left.op) is type(node.op)):  # its own operands are left out one by one
        yield f"(-({right}))" if isinstance(node.op, ast.Sub) else f"({right})"


_SIGNS: Mapping[type[ast.cmpop], tuple[str, tuple[str, ...]]] = {
    ast.Eq: ("==", ("<=", ">=", "!=")),
    ast.NotEq: ("!=", ("==", "<", ">")),
    ast.Lt: ("<", ("<=",)),
    ast.LtE: ("<=", ("<",)),
    ast.Gt: (">", (">=",)),
    ast.GtE: (">=", (">",)),
    ast.In: ("in", ("not in",)),
    ast.NotIn: ("not in", ("in",)),
}


def _of_comparison(pieces: list[str], node: ast.Compare) -> Iterator[str]:
    signs = [_SIGNS[type(sign)][0] for sign in node.ops]
    for i, sign in enumerate(node.ops):
        for other in _SIGNS[type(sign)][1]:
            yield _chain(pieces, [*signs[:i], other, *signs[i + 1 :]])
    if len(signs) > 1:
        yield from (_chain(pieces[1:], signs[1:]), _chain(pieces[:-1], signs[:-1]))


def _chain(pieces: list[str], signs: list[str]) -> str:
    return "(" + pieces[0] + "".join(f" {sign} {piece}" for sign, piece in zip(signs, pieces[1:], strict=True)) + ")"


_TWINS = {"any": "all", "all": "any", "min": "max", "max": "min"}


def _of_call(name: str, pieces: list[str]) -> Iterator[str]:
    if name in _TWINS:
        yield f"{_TWINS[name]}({', '.join(pieces)})"
    elif name == "implies" and len(pieces) == 2:
        yield f"({pieces[1]})"
    elif name in ("abs", "round") and pieces:
        yield f"({pieces[0]})"


_DAY = re.compile(r"""(["'])([0-9]{2})-([0-9]{2})\1""")


def _of_constant(piece: str) -> Iterator[str]:
    """A number one unit of its last place up and down; a day of the year (``"03-31"``) one day."""
    day = _DAY.fullmatch(piece)
    if day:
        yield from (f"{day[1]}{day[2]}-{int(day[3]) + step:02}{day[1]}" for step in (1, -1) if 0 < int(day[3]) + step < 32)
    elif re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", piece):
        value = Decimal(piece)
        unit = Decimal(1).scaleb(int(value.as_tuple().exponent))
        yield from (str(value + unit), str(value - unit))


def _shorter_sum(syntax: Syntax, node: ast.expr, last: Mapping[tuple[str, str], str]) -> Iterator[str]:
    """``sum(t[group, c])`` without the group's last member, written as a difference."""
    match node:
        case ast.Call(func=ast.Name(id="sum"), args=[ast.Subscript(value=table, slice=ast.Tuple(elts=[row, column])) as cells]):
            name = _piece(syntax, table)
            at = [_piece(syntax, one) for one in (row, column)]
            ends = [last.get((name.rpartition(".")[2], group), group) for group in at]
            if ends != at:
                yield f"(sum({_piece(syntax, cells)}) - {name}[{', '.join(ends)}])"
