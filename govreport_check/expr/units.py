"""The units in which a number is held: decimal places, and a divisor that has not been divided by yet."""

from __future__ import annotations

from dataclasses import replace

from govreport_check.expr.nodes import Call, Constant, Node

_KEEPS_QUOTIENT = frozenset({"+", "-", "*", "negative", "scale", "abs", "if"})


def has_quotient(node: Node) -> bool:
    """Whether the value is a fraction over a divisor; rounding, counting and comparing leave none."""
    if not isinstance(node, Call):
        return False
    return node.operator in ("/", "mean") or (node.operator in _KEEPS_QUOTIENT and any(map(has_quotient, node.parts)))


def scaled(node: Node, places: int) -> Node:
    """``node`` in units of 10**-``places``, which are at least as fine as its own."""
    if node.shape.places == places:
        return node
    if isinstance(node, Constant):
        return replace(node, shape=replace(node.shape, places=places))
    return Call(replace(node.shape, places=places), "scale", (node,), option=(places - node.shape.places,))


def same_places(a: Node, b: Node) -> tuple[Node, Node]:
    """Both in the finer of their units."""
    finest = max(a.shape.places, b.shape.places)
    return scaled(a, finest), scaled(b, finest)
