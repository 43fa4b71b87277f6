"""Reports as lines of JSON (``govreport-report/1``) → findings: what is plainly regular goes into columns without a report in between.

Lines are decoded into the very shape that the form gives a report; a line that does not fit, or of which a figure is not simply a whole
number of its units, is read as any other source.
"""

from __future__ import annotations

import datetime
import json
import re
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from itertools import chain, islice
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

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
from govreport_check.archive.reading import Odd, row_of, units_in
from govreport_check.errors import SourceError, UsageError
from govreport_check.expr.columns import Array
from govreport_check.figures import LIMIT, CellType
from govreport_check.form import Form, Table
from govreport_check.model import Raw
from govreport_check.pack import Pack
from govreport_check.readers import derived_facts, load_source
from govreport_check.readers.shape import SCHEMA
from govreport_check.recognition import Recognised, recognise
from govreport_check.regular_frame import Words, words_of
from govreport_check.selection import Options

if TYPE_CHECKING:
    import pyarrow

LINES_AT_A_TIME = 16384
"""Lines side by side: so many that what a batch costs apart from its reports does not show, 40 MB of figures and words."""

Line: TypeAlias = "tuple[str, bytes]"
"""What a line is called, and its bytes."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """How the lines of a form are decoded: ``plainly``, its figures being numbers, which ``packed`` makes int64; or ``loosely``, its
    figures being JSON, which ``printed`` takes out. ``stated``: the numbers of facts that rules need and a line may leave to its text;
    ``missing``: nothing for every part that no line need have."""

    plan: Plan
    msgspec: Any
    astuple: Callable[[Any], tuple[Any, ...]]
    plainly: Callable[[bytes], Any]
    packed: Callable[[Any], bytes]
    loosely: Callable[[bytes], Any]
    printed: Callable[[Any], tuple[Any, ...]]
    pack: Callable[..., bytes]
    words: Words
    stated: tuple[int, ...]
    usual: list[str]
    missing: list[None]


@lru_cache(maxsize=16)
def _shape_of(name: str, pack: Pack, options: Options) -> _Shape:
    try:
        import msgspec
    except ImportError:
        raise UsageError("lines of JSON need msgspec: pip install 'govreport-check[archive]'") from None
    plan = plan_of(name, pack, options)
    layout = plan.layout
    words = words_of((*plan.screened, *plan.others), layout.form)
    to_bytes = struct.Struct(f"{len(layout.cells)}q").pack
    return _Shape(
        plan=plan,
        msgspec=msgspec,
        astuple=msgspec.structs.astuple,
        plainly=msgspec.json.Decoder(_document(layout, msgspec, _plain_figure)).decode,
        packed=_taken_out(layout, to_bytes),
        loosely=msgspec.json.Decoder(_document(layout, msgspec, lambda _: msgspec.Raw)).decode,
        printed=_taken_out(layout, None),
        pack=to_bytes,
        words=words,
        stated=tuple(i for i, key in enumerate(layout.facts) if key in words.stated),
        usual=list(layout.form.sections),
        missing=[None] * (len(layout.parts) - len(layout.form.sections)),
    )


def _taken_out(layout: Layout, pack: Callable[..., bytes] | None) -> Callable[[Any], Any]:
    """A function that takes all figures out of the tables of a document; ``pack``: as its bytes, decimals in units.

    It is one expression that names each of them: what a line takes is steps of Python. Nothing but numbers goes into its text.
    """
    tables = layout.form.tables.values()
    rows = [(f"tables.t{t}.r{r}", table) for t, table in enumerate(tables) for r in range(len(table.rows))]
    named = [(f"(row := {row}).c0" if c == 0 else f"row.c{c}", table, c) for row, table in rows for c in range(len(table.columns))]
    if pack is not None:
        named = [(f"units({one}, {t.kinds[c].places}, {t.places})" if t.places else one, t, c) for one, t, c in named]
    text = "".join(f"{one}, " for one, _, _ in named)
    made: Callable[[Any], Any] = eval(
        f"lambda tables: pack({text})" if pack is not None else f"lambda tables: ({text})", {"pack": pack, "units": _units}
    )
    return made


def _plain_figure(kind: CellType) -> Any:
    """The type of a figure that is simply a number, a decimal as it is written; None for a kind that is words."""
    import msgspec

    if kind.name in ("date", "text"):
        return None
    return msgspec.Raw if kind.places else Annotated[int, msgspec.Meta(gt=-LIMIT, lt=LIMIT)]


def _document(layout: Layout, msgspec: Any, figure: Callable[[CellType], Any]) -> Any:
    """The type of a regular report of the form."""
    word: Any = Annotated[str, msgspec.Meta(min_length=1)]
    unset: Any = msgspec.UnsetType
    kinds: dict[str, Any] = {"number": Annotated[int, msgspec.Meta(gt=-LIMIT, lt=LIMIT)], "date": datetime.date, "bool": bool, "text": word}

    def struct_of(letter: str, types: Iterable[tuple[str, Any]], **more: Any) -> Any:
        fields = [(f"{letter}{i}", kind, msgspec.field(name=name, **more)) for i, (name, kind) in enumerate(types)]
        return msgspec.defstruct(f"Of{letter}", fields, gc=False, forbid_unknown_fields=True)

    def table_of(table: Table) -> Any:
        row = struct_of("c", zip(table.columns, map(figure, table.kinds), strict=True))
        return struct_of("r", ((name, row) for name in table.rows))

    section: Any = msgspec.defstruct("Section", [("heading", word | None), ("text", str)], gc=False, forbid_unknown_fields=True)
    tables = struct_of("t", ((table.id, table_of(table)) for table in layout.form.tables.values()))
    about = struct_of("f", ((key, kinds[kind] | None | unset) for key, kind in layout.facts.items()), default=msgspec.UNSET)
    fields = [("form", Literal[layout.form.id]), ("about", about), ("sections", dict.__class_getitem__((str, section))), ("tables", tables)]
    schema: Any = ("schema", Literal[SCHEMA] | unset, msgspec.UNSET)
    return msgspec.defstruct("Document", [*fields, schema], gc=False, forbid_unknown_fields=True)


def check_lines(lines: Iterable[Line], form: str, pack: Pack, options: Options | None = None) -> pyarrow.Table:
    """The findings about reports in lines of JSON, ``form`` being the id of the form that they are of; in their order. Findings name a
    report by what its line is called. Of ``lines`` no more than a block is kept. Raises UsageError."""
    import pyarrow as pa

    shape, options = _shape_of(form, pack, options or Options()), options or Options()
    blocks = (_columns(block, shape) for block in _blocks(lines, shape))
    return pa.Table.from_batches([check_batch(block, pack, options) for block in blocks], findings_schema())


# --- lines → one after the other -----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Block:
    """Reports one after the other, so many values for each: figures (int64, the form's cells), facts, lengths and headings of parts. What
    lines have that are not regular stands in ``odd``, ``apart`` and ``not_given``, by the number of the line."""

    names: list[str] = field(default_factory=list)
    figures: bytearray = field(default_factory=bytearray)
    facts: list[Any] = field(default_factory=list)
    lengths: list[int | None] = field(default_factory=list)
    headings: list[str | None] = field(default_factory=list)
    odd: dict[int, Odd] = field(default_factory=dict)
    apart: dict[int, str] = field(default_factory=dict)
    not_given: list[int] = field(default_factory=list)


def _blocks(lines: Iterable[Line], shape: _Shape) -> Iterator[_Block]:
    rest = iter(lines)
    while (block := _block(islice(rest, LINES_AT_A_TIME), shape)).names:
        yield block


def _block(lines: Iterable[Line], shape: _Shape) -> _Block:
    """Raises UsageError for a line that is no report of the form at all."""
    block = _Block()
    for name, line in lines:
        if not _taken(block, line, shape):
            _take_other(block, name, line, shape)
        block.names.append(name)
    return block


def _taken(block: _Block, line: bytes, shape: _Shape) -> bool:
    """Whether a line is regular but for its figures; if so it stands in the block."""
    odd: Odd = []
    try:
        document = shape.plainly(line)
        figures = shape.packed(document.tables)
    except (shape.msgspec.DecodeError, struct.error, RecursionError):  # struct.error: a decimal that is no plain figure
        found = _loosely(line, shape)
        if found is None:
            return False
        document, figures, odd = found
    about, parts = shape.astuple(document.about), document.sections
    if not all(map(about.__getitem__, shape.stated)) or not any(about) or not _once(line, document, about, shape):
        return False
    if list(parts) == shape.usual:
        block.lengths += shape.missing + [len(part.text.strip()) for part in parts.values()]
        block.headings += shape.missing + [part.heading for part in parts.values()]
    elif _in_order(parts, shape.plan.layout):
        named = [parts.get(part) for part in shape.plan.layout.parts]
        block.lengths += [None if part is None else len(part.text.strip()) for part in named]
        block.headings += [None if part is None else part.heading for part in named]
    else:
        return False
    if odd:
        block.odd[len(block.names)] = odd
    block.figures += figures
    block.facts += about
    return True


def _in_order(parts: Mapping[str, Any], layout: Layout) -> bool:
    """Whether parts are the form's, and stand in its order."""
    own = [part for part in parts if part in layout.form.sections]
    return parts.keys() <= set(layout.parts) and own == [part for part in layout.form.sections if part in parts]


_COLON = np.uint8(58)


def _once(line: bytes, document: Any, about: tuple[Any, ...], shape: _Shape) -> bool:
    """Whether each key of a line stands in it once: a key that stands twice is decoded without a word. Behind every key there is a colon,
    so a line has as many as it has keys and its words have colons."""
    unset, parts = shape.msgspec.UNSET, document.sections
    colons = int(np.count_nonzero(np.frombuffer(line, np.uint8) == _COLON))
    keys = 4 + (document.schema is not unset) + len(about) - about.count(unset) + 3 * len(parts) + shape.plan.layout.keys
    if colons == keys:
        return True
    words = [word for word in about if isinstance(word, str)]
    words += [word for part in parts.values() for word in (part.heading or "", part.text)]
    return colons == keys + sum(word.count(":") for word in words) and b"\\u003a" not in line.lower()


_PLAIN = re.compile(rb"(?!-0$)(-?(?:0|[1-9][0-9]*))(?:\.([0-9]*[1-9]))?")


def _units(figure: Any, own: int, places: int) -> int | None:
    """A figure in JSON with at most ``own`` decimal places in units of ``places``; None where it is not written as a person would write it
    (1.50, -0, 1E+3), or is no such figure."""
    match = _PLAIN.fullmatch(figure)
    part = match[2] or b"" if match is not None else b""
    if match is None or len(part) > own:
        return None
    units = int(match[1] + part.ljust(places, b"0"))
    return units if -LIMIT < units < LIMIT else None


# --- other lines ---------------------------------------------------------------------------------------------------------------


def _loosely(line: bytes, shape: _Shape) -> tuple[Any, bytes, Odd] | None:
    """The document of a line of which some figures are not plain, all figures in units, and what is odd about them; None of another."""
    odd: Odd = []
    layout = shape.plan.layout
    try:
        document = shape.loosely(line)
        raws = [_raw(bytes(one)) for one in shape.printed(document.tables)]
    except (shape.msgspec.DecodeError, ValueError, RecursionError):
        return None
    cells = enumerate(zip(raws, layout.cells, strict=True))
    return document, shape.pack(*(units_in(raw, cell, i, layout.form, odd) or 0 for i, (raw, cell) in cells)), odd


def _raw(text: bytes) -> Raw:
    """Raises ValueError for what columns do not hold."""
    if text == b"0" or (text.isdigit() and len(text) < 16 and text[0] != 48):
        return int(text)
    value: Raw = json.loads(text, parse_float=Decimal)
    if value is not None and type(value) not in (int, str) and (type(value) is not Decimal or "E" in str(value)):
        raise ValueError
    return value


def _take_other(block: _Block, name: str, line: bytes, shape: _Shape) -> None:
    layout, number = shape.plan.layout, len(block.names)
    row = row_of(_read(line, name, shape), name, layout, words=False)
    block.figures += shape.pack(*(row[cell.name] or 0 for cell in layout.cells))
    block.facts += [row[fact_name(key)] for key in layout.facts]
    block.lengths += [row[length_name(part)] for part in layout.parts]
    block.headings += [row[heading_name(part)] for part in layout.parts]
    if row[ODD]:
        block.odd[number] = row[ODD]
    if APART in row:
        block.apart[number] = row[APART]
    if not row[GIVEN]:
        block.not_given.append(number)


def _read(line: bytes, name: str, shape: _Shape) -> Recognised:
    try:
        found = recognise(load_source(line, name=name), [shape.plan.pack])
    except SourceError as error:
        raise UsageError(str(error)) from None
    if found is None or found.form.id != shape.plan.layout.form.id:
        raise UsageError(f"{name}: is not a report of form {shape.plan.layout.form.id}")
    return found


# --- → columns -----------------------------------------------------------------------------------------------------------------


def _columns(block: _Block, shape: _Shape) -> pyarrow.RecordBatch:
    """A block as a record batch."""
    import pyarrow as pa

    layout, size = shape.plan.layout, len(block.names)
    schema = schema_of(layout)
    figures = _turned(np.frombuffer(block.figures, np.int64).reshape(size, len(layout.cells)))
    columns: dict[str, Any] = {HASH: block.names, SOURCE: block.names, FORM: pa.repeat(layout.form.id, size)}
    columns |= {cell.name: pa.array(column) for cell, column in zip(layout.cells, figures, strict=True)}
    columns |= _facts(block, shape)
    for i, part in enumerate(layout.parts):
        columns[length_name(part)] = block.lengths[i :: len(layout.parts)]
        columns[heading_name(part)] = block.headings[i :: len(layout.parts)]
    columns[ODD], columns[APART], columns[REPORT] = _here(block.odd, size), _here(block.apart, size), pa.nulls(size, pa.string())
    columns[GIVEN] = [True] * size
    for number in block.not_given:
        columns[GIVEN][number] = False
    return pa.RecordBatch.from_arrays([_array(columns[name], schema.field(name).type) for name in schema.names], schema=schema)


def _turned(rows: Array) -> Array:
    """Rows as columns, as many at a time as stay in the processor's caches."""
    columns = np.empty(rows.shape[::-1], rows.dtype)
    for start in range(0, len(rows), 256):
        columns[:, start : start + 256] = rows[start : start + 256].T
    return columns


def _here(values: Mapping[int, Any], size: int) -> list[Any]:
    return list(map(values.get, range(size)))


def _array(values: Any, kind: Any) -> Any:
    import pyarrow as pa

    return pa.array(values, kind) if isinstance(values, list) else values


def _facts(block: _Block, shape: _Shape) -> dict[str, list[Any]]:
    facts, unset = shape.plan.layout.facts, shape.msgspec.UNSET
    columns = {key: block.facts[i :: len(facts)] for i, key in enumerate(facts)}
    for key, values in columns.items():
        gaps = values.count(unset)
        if gaps:
            columns[key] = [None] * gaps if gaps == len(values) else [None if value is unset else value for value in values]
    if shape.words.derived:
        _derive(columns, shape.plan.layout.form)
    return {fact_name(key): values for key, values in columns.items()}


def _derive(columns: Mapping[str, list[Any]], form: Form) -> None:
    """Fills in facts that follow from others, as reading a report does; once for all that state the same."""
    specs = {key: spec for key, spec in form.about.items() if spec.values}
    keys = [key for key in columns if key in {*specs, *chain.from_iterable(spec.of for spec in specs.values())}]
    rows = list(zip(*(columns[key] for key in keys), strict=True))
    derived = {row: derived_facts(dict(zip(keys, row, strict=True)), form) for row in set(rows)}
    for i, row in enumerate(rows):
        for key, value in derived[row].items():
            columns[key][i] = value
