"""The work W by other libraries: Cerberus (all of it), pydantic (structure and validators), jsonschema-rs (structure)."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from govreport_check.form import Form
from tests.benchmarks.data import TABULAR
from tests.benchmarks.plain import BLANK, VALID, Checker, Violation, where

# --- what a complaint of a structure is about ----------------------------------------------------------------------------------


def named(form: Form, path: tuple[Any, ...], value: Any) -> Violation | None:
    """The violation of W that a complaint at ``path`` is; None for a blank, of which there is one violation a table."""
    if path[0] == "sections":
        missing = len(path) < 3
        return ("sections-present" if missing else "sections-not-empty", (str(path[1]),), None, None)
    table = form.tables[str(path[1])]
    at = where(table, str(path[2]), str(path[3]))
    return (f"{BLANK[table.id]}-blanks", (), 0, None) if value is None else (VALID[table.id], at, None, value)


def _structure(report: Mapping[str, Any], form: Form, complaints: Iterator[tuple[tuple[Any, ...], Any]]) -> list[Violation]:
    found = [named(form, path, value) for path, value in complaints]
    return list({one[:2]: one for one in found if one is not None}.values())


def sums(report: Mapping[str, Any], form: Form) -> Iterator[Violation]:
    """The 42 sums and three dates as a person would write them over a document."""
    requests, table = report["tables"]["requests"], form.tables["requests"]
    groups = [table.rows[r] for r in table.row_groups["outcomes"]]
    for name, rule in (("requests", "requests-row-total"), ("disputes", "disputes-total")):
        for row, cells in report["tables"][name].items():
            left, right = sum(value or 0 for column, value in cells.items() if column != "total"), cells["total"]
            if left != right:
                yield rule, (row,), left, right
    for column in table.columns:
        cell = {row: cells[column] or 0 for row, cells in requests.items()}
        left, right = sum(cell[row] for row in groups), cell["result_total"]
        if left != right:
            yield "requests-result-total", (column,), left, right
        left, right = cell["new_received"] + cell["carried_over"], cell["result_total"] + cell["carried_forward"]
        if left != right:
            yield "requests-balance", (column,), left, right
    yield from _dates(report["about"])


def _dates(about: Mapping[str, Any]) -> Iterator[Violation]:
    year = about["year"]
    for rule, key, day in (("period-start", "period_start", "01-01"), ("period-end", "period_end", "12-31")):
        if about[key] != f"{year:04d}-{day}":
            yield rule, (), f"{year:04d}-{day}", about[key]
    if int(about["signed_on"][:4]) <= year:
        yield "signature-year", (), year, about["signed_on"]


# --- Cerberus ------------------------------------------------------------------------------------------------------------------


def cerberus_checker(form: Form) -> Checker:
    """Cerberus for the structure, plain Python for the sums."""
    import cerberus

    validator = cerberus.Validator(_cerberus_schema(form), allow_unknown=True)

    def leaves(errors: Any) -> Iterator[tuple[tuple[Any, ...], Any]]:
        for error in errors:
            if error.is_group_error and error.child_errors:
                yield from leaves(error.child_errors)
            else:
                yield error.document_path, error.value

    def check(report: Mapping[str, Any]) -> list[Violation]:
        good = validator.validate(report, normalize=False)
        return [*([] if good else _structure(report, form, leaves(validator._errors))), *sums(report, form)]

    return check


def _cerberus_schema(form: Form) -> dict[str, Any]:
    def cell(name: str) -> dict[str, Any]:
        return {"type": "number" if name == "fees" else "integer", "min": 0, "required": True}

    def nested(schema: dict[str, Any]) -> dict[str, Any]:
        return {"type": "dict", "required": True, "schema": schema}

    tables = {n: nested({row: nested({c: cell(n) for c in table.columns}) for row in table.rows}) for n, table in form.tables.items()}
    text = {"type": "string", "required": True}
    parts = {
        n: nested({"heading": {**text, "empty": False}, "text": text if n in TABULAR else {**text, "empty": False}}) for n in form.sections
    }
    about = {"year": {"type": "integer", "required": True}, **dict.fromkeys(("period_start", "period_end", "signed_on"), text)}
    return {"about": nested(about), "sections": nested(parts), "tables": nested(tables)}


# --- pydantic ------------------------------------------------------------------------------------------------------------------


def pydantic_checker(form: Form) -> Checker:
    """pydantic models with the sums as validators: those of a model run only when all of its fields are right."""
    from pydantic import ValidationError

    model = _pydantic_model(form)

    def check(report: Mapping[str, Any]) -> list[Violation]:
        try:
            model.model_validate(report)
        except ValidationError as error:
            details = error.errors(include_url=False)
            told = [violation for one in details for violation in (one.get("ctx") or {}).get("found", ())]
            structure = ((one["loc"], one["input"]) for one in details if one["type"] != "sums")
            return [*_structure(report, form, structure), *told]
        return []

    return check


def _pydantic_model(form: Form) -> Any:
    from pydantic import ConfigDict, Field, create_model, model_validator
    from pydantic_core import PydanticCustomError

    strict = ConfigDict(strict=True)

    def raising(rules: Callable[[Any], list[Violation]]) -> Any:
        def validator(self: Any) -> Any:
            found = rules(self)
            if found:
                raise PydanticCustomError("sums", "a sum does not hold", {"found": found})
            return self

        return model_validator(mode="after")(validator)

    def cells(name: str) -> Any:
        kind = float if name == "fees" else int
        return {c: (kind, Field(ge=0)) for c in form.tables[name].columns}

    def row(name: str, at: str) -> Any:
        rule = {"requests": "requests-row-total", "disputes": "disputes-total"}.get(name)
        checks = {"__validators__": {"sums": raising(lambda one: _row_sum(rule, at, one))}} if rule else {}
        return create_model(f"{name}_{at}", __config__=strict, **checks, **cells(name))

    def table(name: str) -> Any:
        fields = {at.replace(".", "__"): (row(name, at), Field(alias=at)) for at in form.tables[name].rows}
        checks = {"__validators__": {"sums": raising(lambda one: _column_sums(one, form))}} if name == "requests" else {}
        return create_model(name, __config__=strict, **checks, **fields)

    parts = {
        n: (create_model(n, heading=(str, Field(min_length=1)), text=(str, Field(min_length=0 if n in TABULAR else 1))), ...)
        for n in form.sections
    }
    about = create_model(
        "About",
        __validators__={"dates": raising(lambda one: list(_dates(one.__dict__)))},
        year=(int, ...),
        period_start=(str, ...),
        period_end=(str, ...),
        signed_on=(str, ...),
    )
    tables = create_model("Tables", **{name: (table(name), ...) for name in form.tables})
    return create_model("Report", about=(about, ...), sections=(create_model("Sections", **parts), ...), tables=(tables, ...))


def _row_sum(rule: str, at: str, one: Any) -> list[Violation]:
    values = list(one.__dict__.values())
    left, right = sum(values[:-1]), values[-1]
    return [(rule, (at,), left, right)] if left != right else []


def _column_sums(one: Any, form: Form) -> list[Violation]:
    table = form.tables["requests"]
    rows = [getattr(one, name.replace(".", "__")).__dict__ for name in table.rows]
    at, found = table.rows.index, []
    for column in table.columns:
        cell = [row[column] for row in rows]
        pairs = (
            ("requests-result-total", sum(cell[r] for r in table.row_groups["outcomes"]), cell[at("result_total")]),
            (
                "requests-balance",
                cell[at("new_received")] + cell[at("carried_over")],
                cell[at("result_total")] + cell[at("carried_forward")],
            ),
        )
        found += [(rule, (column,), left, right) for rule, left, right in pairs if left != right]
    return found


# --- jsonschema-rs -------------------------------------------------------------------------------------------------------------


def jsonschema_checker(form: Form) -> Checker:
    """jsonschema-rs for the structure; a JSON Schema cannot state a sum."""
    import jsonschema_rs

    validator = jsonschema_rs.validator_for(_json_schema(form))

    def complaints(report: Mapping[str, Any]) -> Iterator[tuple[tuple[Any, ...], Any]]:
        for error in validator.iter_errors(report):
            path = tuple(error.instance_path)
            if error.kind.name == "required":
                yield (*path, error.kind.property), None
            else:
                yield path, error.instance

    return lambda report: _structure(report, form, complaints(report))


def _json_schema(form: Form) -> dict[str, Any]:
    def nested(properties: dict[str, Any]) -> dict[str, Any]:
        return {"type": "object", "properties": properties, "required": list(properties)}

    def cell(name: str) -> dict[str, Any]:
        return {"type": "number" if name == "fees" else "integer", "minimum": 0}

    tables = {n: nested({row: nested({c: cell(n) for c in table.columns}) for row in table.rows}) for n, table in form.tables.items()}
    parts = {
        n: nested({"heading": {"type": "string"}, "text": {"type": "string", "minLength": int(n not in TABULAR)}}) for n in form.sections
    }
    return nested({"sections": nested(parts), "tables": nested(tables)})


PEERS: Mapping[str, tuple[str, str, Callable[[Form], Checker]]] = {
    "Cerberus": ("cerberus", "all of W", cerberus_checker),
    "pydantic": ("pydantic", "structure and validators", pydantic_checker),
    "jsonschema-rs": ("jsonschema_rs", "structure only", jsonschema_checker),
}


def installed() -> Iterator[tuple[str, str, Callable[[Form], Checker] | None]]:
    """(name, what it does, its maker) of every peer; the maker is None where the library is not installed."""
    for name, (module, does, maker) in PEERS.items():
        yield name, does, maker if importlib.util.find_spec(module) else None
