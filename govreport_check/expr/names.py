"""The names that an expression may use besides a form's tables, and what is said of one that does not exist."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping

import re2

from govreport_check.expr.functions import pattern
from govreport_check.expr.nodes import Kind, World
from govreport_check.form import Form

KINDS: Mapping[Kind, str] = {"number": "number", "text": "text", "date": "date", "bool": "condition"}

WORLDS: Mapping[str, World] = {"prior": "prior", "parts": "parts"}

SIGNS: Mapping[type[ast.cmpop], str] = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}

RESERVED = ("title", "preamble", "signature")
"""Parts that every report has besides the form's sections; they come first in a frame's section axis."""

PROSE_PLACES = 4
"""Decimal places that are kept of a figure in the prose."""

STANDARD_FACTS: Mapping[str, Kind] = {
    "agency": "text",
    "level": "text",
    "kind": "text",
    "scope": "text",
    "title": "text",
    "signed_by": "text",
    "year": "number",
    "period_start": "date",
    "period_end": "date",
    "signed_on": "date",
    "published_on": "date",
}
"""Facts that a structured report may state whatever its form (``govreport-report/1``)."""

SECTION_FACTS: Mapping[str, Kind] = {"number": "text", "heading": "text", "text": "text", "position": "number", "copies": "number"}

_MEMBERS: Mapping[str, Mapping[str, Kind]] = {
    "dates": {"year": "number", "month": "number", "day": "number", "text": "text", "valid": "bool", "value": "date", "section": "text"},
    "claims": {"value": "number", "text": "text", "section": "text", "sentence": "text"},
    "labels": {"printed": "text", "prescribed": "text", "kind": "text", "match": "text", "text": "text"},
}


def dotted(node: ast.AST) -> tuple[str, ...] | None:
    """``a.b.c`` as its names; None for anything else."""
    path: list[str] = []
    while isinstance(node, ast.Attribute):
        path.append(node.attr)
        node = node.value
    return (node.id, *reversed(path)) if isinstance(node, ast.Name) else None


def facts(form: Form) -> dict[str, Kind]:
    """Every fact about a report of this form, with its kind."""
    own: dict[str, Kind] = {key: spec.type for key, spec in form.about.items()}
    return {**STANDARD_FACTS, **own}


def form_year(form: Form, path: tuple[str, ...]) -> int | None:
    """``form.first_year`` and ``form.last_year``: the years of the reports that the form is for (9999 where it is still in force)."""
    if path == ("form", "first_year"):
        return form.first_year
    return (form.last_year or 9999) if path == ("form", "last_year") else None


def fact_kind(form: Form, key: str) -> Kind | None:
    return facts(form).get(key)


def split_flat(form: Form, path: tuple[str, ...]) -> tuple[str | None, str]:
    """(the listed thing that ``path`` names, the attribute behind it): ``dates.mentioned.year`` → ``dates.mentioned``, ``year``."""
    if path[:1] == ("labels",) and len(path) <= 2:
        return "labels", ".".join(path[1:])
    listed = {"dates": form.dates, "claims": form.claims}.get(path[0] if path else "")
    if listed is not None and 2 <= len(path) <= 3 and path[1] in listed:
        return ".".join(path[:2]), ".".join(path[2:])
    return None, ""


_CAPTURE = re.compile(r"\(\?P<(\w+)>|\{(\w+)\}")


def member_names(form: Form, flat: str) -> dict[str, Kind]:
    """The attributes of a listed thing, with their kinds; a claim also has the figures that its patterns capture."""
    kind, _, name = flat.partition(".")
    known = dict(_MEMBERS[kind])
    if kind == "claims":
        spec = form.claims[name]
        captured = (match[1] or match[2] for text in spec.reads for match in _CAPTURE.finditer(text))
        known.update(dict.fromkeys((name for name in captured if name not in ("number", "date")), "number"))
        if spec.whole is not None:
            known.update({"sum": "number", "largest": "number", "items": "number", "open": "bool"})
    return known


def member_places(kind: Kind, flat: str, attribute: str) -> int:
    """Decimal places in which a listed number is held: those of figures in the prose for claims, whole numbers otherwise."""
    return PROSE_PLACES if kind == "number" and flat.startswith("claims.") else 0


def member_kind(form: Form, flat: str, attribute: str) -> Kind | None:
    return member_names(form, flat).get(attribute)


def unknown(name: str, known: Iterable[str], what: str = "name") -> str:
    """What is said of a name that does not exist: with the nearest one that does."""
    import difflib  # when something is wrong

    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"unknown {what} {name}" + (f"; did you mean {near[0]}?" if near else "")


def bad_pattern(text: str) -> str | None:
    """Why RE2 does not take a pattern; None when it does."""
    try:
        pattern(text)
    except re2.error as error:
        reason = error.args[0] if error.args else ""
        return reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
    return None
