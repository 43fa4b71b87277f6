"""Reports as lines of JSON (``govreport-report/1``) → findings: what is plainly regular goes into columns without a report in between.

Lines are decoded into the very shape that the form gives a report; a line that does not fit, or of which a figure is not simply a whole
number of its units, is read as any other source.
"""

from __future__ import annotations

import datetime
import json
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from govreport_check.archive.checking import Plan, check_batch, findings_schema, plan_of
from govreport_check.archive.layout import (
    APART,
    FORM,
    GIVEN,
    HASH,
    ODD,
    REPORT,
    SOURCE,
    Layout,
    fact_name,
    heading_name,
    length_name,
    schema_of,
)
from govreport_check.archive.reading import plain_text, row_of
from govreport_check.errors import SourceError, UsageError
from govreport_check.expr.columns import Array
from govreport_check.figures import LIMIT
from govreport_check.pack import Pack
from govreport_check.readers import derived_facts, load_source
from govreport_check.readers.regular import figures_of, is_regular, outline_of, regular_report
from govreport_check.readers.shape import SCHEMA
from govreport_check.recognition import Recognised, recognise
from govreport_check.regular_frame import Words, words_of
from govreport_check.selection import Options

if TYPE_CHECKING:
    import pyarrow

LINES_AT_A_TIME = 2048

Line: TypeAlias = "tuple[str, bytes]"
"""What a line is called, and its bytes."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """How the lines of a form are decoded, and what its rules need of facts that a line may leave to its text. ``scaled``: (cell, places)
    of figures with decimals."""

    plan: Plan
    decode: Any
    words: Words
    stated: tuple[str, ...]
    scaled: tuple[tuple[int, int], ...]


@lru_cache(maxsize=16)
def _shape_of(name: str, pack: Pack, options: Options) -> _Shape:
    try:
        import msgspec
    except ImportError:
        raise UsageError("lines of JSON need msgspec: pip install 'govreport-check[archive]'") from None
    plan = plan_of(name, pack, options)
    layout = plan.layout
    scaled = tuple((i, cell.places) for i, cell in enumerate(layout.cells) if cell.places)
    shape = msgspec.json.Decoder(_document(layout, msgspec))
    words = words_of((*plan.screened, *plan.others), layout.form)
    stated = tuple(f"f{i}" for i, key in enumerate(layout.facts) if key in words.stated)
    return _Shape(plan, shape.decode, words, stated, scaled)


def _document(layout: Layout, msgspec: Any) -> Any:
    """The type of a regular report of the form."""
    kinds = {"number": int, "date": datetime.date, "bool": bool, "text": str}

    def struct(name: str, fields: Any, **more: Any) -> Any:
        return msgspec.defstruct(name, list(fields), gc=False, forbid_unknown_fields=True, **more)

    def row(table: Any) -> Any:
        kind = Decimal if table.places else int
        return struct("Row", ((f"c{i}", kind, msgspec.field(name=column)) for i, column in enumerate(table.columns)))

    def rows(table: Any) -> Any:
        own = row(table)
        return struct("Table", ((f"r{i}", own, msgspec.field(name=name)) for i, name in enumerate(table.rows)))

    section = struct("Section", [("heading", str | None), ("text", str)])
    tables = struct("Tables", ((f"t{i}", rows(t), msgspec.field(name=t.id)) for i, t in enumerate(layout.form.tables.values())))
    about = struct(
        "About",
        (
            (f"f{i}", kinds[kind] | None | msgspec.UnsetType, msgspec.field(name=key, default=msgspec.UNSET))
            for i, (key, kind) in enumerate(layout.facts.items())
        ),
    )
    parts = struct("Parts", ((f"p{i}", section | None, msgspec.field(name=part, default=None)) for i, part in enumerate(layout.parts)))
    return struct(
        "Document",
        [("form", str), ("about", about), ("sections", parts), ("tables", tables), ("schema", str | msgspec.UnsetType, msgspec.UNSET)],
    )


def check_lines(lines: Sequence[Line], form: str, pack: Pack, options: Options | None = None) -> pyarrow.Table:
    """The findings about reports in lines of JSON, ``form`` being the id of the form that most of them are of; in their order, those of a
    block of lines that are not regular after the others. Findings name a report by what its line is called. Raises UsageError."""
    import pyarrow as pa

    shape, options = _shape_of(form, pack, options or Options()), options or Options()
    batches = [
        batch for start in range(0, len(lines), LINES_AT_A_TIME) for batch in _batches(lines[start : start + LINES_AT_A_TIME], shape)
    ]
    return pa.Table.from_batches([check_batch(batch, pack, options) for batch in batches], findings_schema())


def _batches(lines: Sequence[Line], shape: _Shape) -> Iterator[pyarrow.RecordBatch]:
    documents, cells, names, other = [], array("q"), [], []
    for line in lines:
        document = _decoded(line[1], shape)
        if document is not None and _appended(cells, document, shape):
            documents.append(document)
            names.append(line[0])
        else:
            other.append(line)
    if documents:
        figures = np.frombuffer(cells, np.int64).reshape(len(documents), -1).T
        yield _columns(names, documents, np.ascontiguousarray(figures), shape)
    yield from _others(other, shape)


def _decoded(line: bytes, shape: _Shape) -> Any:
    import msgspec

    try:
        document = shape.decode(line)
    except (msgspec.DecodeError, RecursionError):
        return None
    missing = any(not getattr(document.about, name) for name in shape.stated)
    regular = document.form == shape.plan.layout.form.id and document.schema in (msgspec.UNSET, SCHEMA) and not missing
    return document if regular and _keys_in(line) == _keys_of(document, shape.plan.layout) else None


def _keys_in(line: bytes) -> int:
    """How many keys a line of JSON has; a key that stands twice would be decoded without a word."""
    return line.count(b'":') - line.count(b'\\":')


def _keys_of(document: Any, layout: Layout) -> int:
    """How many keys a line has in which each stands once."""
    import msgspec
    from msgspec.structs import astuple

    facts = len(layout.facts) - astuple(document.about).count(msgspec.UNSET)
    parts = len(layout.parts) - astuple(document.sections).count(None)
    return 4 + (document.schema is not msgspec.UNSET) + facts + 3 * parts + layout.keys


def _appended(cells: array[int], document: Any, shape: _Shape) -> bool:
    """Whether all figures are simply whole numbers of their units; if so they stand in ``cells``."""
    from msgspec.structs import astuple

    rows = chain.from_iterable(map(astuple, astuple(document.tables)))
    figures: list[Any] = list(chain.from_iterable(map(astuple, rows)))
    for i, places in shape.scaled:
        units = figures[i].scaleb(places)
        if units != int(units) or plain_text(int(units), places) != str(figures[i]):
            return False
        figures[i] = int(units)
    if max(figures) >= LIMIT or min(figures) <= -LIMIT:
        return False
    cells.extend(figures)
    return True


def _columns(names: list[str], documents: list[Any], figures: Array, shape: _Shape) -> pyarrow.RecordBatch:
    """Regular documents as a record batch; ``figures`` are (cells, reports)."""
    import msgspec
    import pyarrow as pa
    from msgspec.structs import astuple

    layout, size = shape.plan.layout, len(documents)
    schema = schema_of(layout)
    abouts = [document.about for document in documents]
    columns: dict[str, Any] = {HASH: names, SOURCE: names, FORM: pa.repeat(layout.form.id, size), GIVEN: pa.repeat(True, size)}
    for key, values in zip(layout.facts, zip(*map(astuple, abouts), strict=True), strict=True):
        columns[fact_name(key)] = [None if value is msgspec.UNSET or value == "" else value for value in values]
    if shape.words.derived:
        _derive(columns, layout, size)
    columns |= {cell.name: pa.array(figures[i]) for i, cell in enumerate(layout.cells)}
    for part, parts in zip(layout.parts, zip(*(astuple(document.sections) for document in documents), strict=True), strict=True):
        columns[length_name(part)] = [None if one is None else len(one.text.strip()) for one in parts]
        columns[heading_name(part)] = [None if one is None else one.heading or None for one in parts]
    columns |= {name: pa.nulls(size, schema.field(name).type) for name in (ODD, APART, REPORT)}
    return pa.RecordBatch.from_arrays([_array(columns[name], schema.field(name).type) for name in schema.names], schema=schema)


def _array(values: Any, kind: Any) -> Any:
    import pyarrow as pa

    return pa.array(values, kind) if isinstance(values, list) else values


def _derive(columns: dict[str, Any], layout: Layout, size: int) -> None:
    """Fills in facts that follow from others, as reading a report does."""
    for row in range(size):
        about = {key: columns[fact_name(key)][row] for key in layout.facts}
        for key, value in derived_facts(about, layout.form).items():
            columns[fact_name(key)][row] = value


def _others(lines: Sequence[Line], shape: _Shape) -> Iterator[pyarrow.RecordBatch]:
    """Other lines as record batches. Raises UsageError for a line that is no report of the form at all."""
    import pyarrow as pa

    rows = []
    for name, line in lines:
        regular = _nearly(line, name, shape)
        if regular is not None:
            rows.append(row_of(regular, name, shape.plan.layout, words=False))
            continue
        try:
            found = recognise(load_source(line, name=name), [shape.plan.pack])
        except SourceError as error:
            raise UsageError(str(error)) from None
        if found is None or found.form.id != shape.plan.layout.form.id:
            raise UsageError(f"{name}: is not a report of form {shape.plan.layout.form.id}")
        rows.append(row_of(found, name, shape.plan.layout, words=False))
    if rows:
        yield pa.RecordBatch.from_pylist(rows, schema_of(shape.plan.layout))


class _TwiceError(ValueError):
    """A key stands twice."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _TwiceError
    return found


def _nearly(line: bytes, name: str, shape: _Shape) -> Recognised | None:
    """The report of a line that is regular but for its figures; None of any other."""
    layout = shape.plan.layout
    try:
        document: Mapping[str, Any] = json.loads(line, parse_float=Decimal, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        return None
    outline = outline_of(layout.form)
    if not is_regular(document, outline) or figures_of(document, outline) is None:
        return None
    about = {key: value for key, value in document["about"].items() if value is not None}
    if not about or any(key not in about for key in shape.words.stated):
        return None
    report = regular_report({**document, "about": {**derived_facts(about, layout.form), **about}}, name)
    return Recognised(report, layout.form, shape.plan.pack)
