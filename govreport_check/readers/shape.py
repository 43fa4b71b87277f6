"""The coarse shape of a structured report: a Cerberus schema made from a form, and every mistake against it at once.

Which keys there may be and of what kind their values are; what a figure means is not asked here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Literal

from govreport_check.form import Form, Table
from govreport_check.frozen import dataclass
from govreport_check.readers.tables import WHOLE

SCHEMA = "govreport-report/1"
RESERVED = ("title", "preamble", "signature")
ABOUT = ("agency", "level", "kind", "scope", "title", "period_start", "period_end", "signed_by", "signed_on", "published_on")
"""Facts that the contract names whatever the form."""


@dataclass(frozen=True, slots=True)
class Misfit:
    """A key that no form knows, or a value of a kind that cannot stand there. ``path`` from the top of the document."""

    rule: Literal["unknown-key", "wrong-type"]
    path: tuple[str | int, ...]


def misfits(document: Mapping[str, object], form: Form) -> list[Misfit]:
    """Everything in ``document`` that does not have the shape of a report of ``form``, in the document's order."""
    import cerberus
    from cerberus import errors

    class Shape(cerberus.Validator):  # type: ignore[misc]
        types_mapping = {
            **cerberus.Validator.types_mapping,
            "integer": cerberus.TypeDefinition("integer", (int,), (bool,)),  # Python's True is an int, a report's is none
            "decimal": cerberus.TypeDefinition("decimal", (Decimal,), ()),
        }

    # A validator keeps the errors of its last run, so each call has its own.
    shape = Shape(schema_of(form))
    shape.validate(document, normalize=False)
    found = [_misfit(error, errors.UNKNOWN_FIELD.code) for error in _leaves(shape._errors)]
    return sorted(set(found), key=lambda misfit: [str(step) for step in misfit.path])


def _leaves(errors: Any) -> Iterator[Any]:
    for error in errors:
        if error.is_group_error and error.child_errors:
            yield from _leaves(error.child_errors)
        else:
            yield error


def _misfit(error: Any, unknown: int) -> Misfit:
    return Misfit("unknown-key" if error.code == unknown else "wrong-type", tuple(error.document_path))


def schema_of(form: Form) -> dict[str, Any]:
    """The Cerberus schema of ``govreport-report/1`` for ``form``."""
    text: dict[str, Any] = {"type": "string", "nullable": True}
    word = {"type": "string", "required": True}
    label = {"type": "dict", "schema": {"at": word, "printed": word}}
    remark = {"type": "dict", "schema": {"finding": word, "at": text, "said": {"type": "dict", "valuesrules": {"type": "string"}}}}
    entity = {"type": "dict", "valuesrules": text}
    return {
        "schema": text,
        "form": text,
        "about": _map(_about(form, text)),
        "sections": _map({name: _section(text) for name in (*RESERVED, *form.sections)}),
        "tables": _map({name: _table(table) for name, table in form.tables.items()}),
        "labels": {"type": "list", "nullable": True, "schema": label},
        "notes": _map({name: {"type": "list", "schema": {"type": "string"}} for name in form.tables}),
        "entities": {"type": "dict", "nullable": True, "valuesrules": {"type": "list", "schema": entity}},
        "reading": {"type": "list", "nullable": True, "schema": remark},
    }


def _map(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "dict", "nullable": True, "schema": schema}


def _about(form: Form, text: dict[str, Any]) -> dict[str, Any]:
    number = {"type": ["integer", "decimal"], "nullable": True}
    stated = {name: number if spec.type == "number" else text for name, spec in form.about.items()}
    fixed = {"year": {"type": "integer", "nullable": True}, "partial": {"type": "boolean"}}
    return {**dict.fromkeys(ABOUT, text), **stated, **fixed}


def _section(text: dict[str, Any]) -> dict[str, Any]:
    fields = {"heading": text, "text": text, "unread": {"type": "boolean"}, "copies": {"type": "integer", "min": 1}}
    return {"type": "dict", "schema": fields}


def _table(table: Table) -> dict[str, Any]:
    cell = {"type": ["integer", "decimal", "string"], "nullable": True}
    run = {"type": "string"}
    row = {"type": ["dict", "string"], "schema": dict.fromkeys(table.columns, cell)}
    return _map({**dict.fromkeys((*table.rows, *table.parents), row), WHOLE: run})
