"""Reports as lines of JSON (``govreport-report/1``) → findings: what is plainly regular goes into columns without a report in between.

Lines are decoded into the very shape that the form gives a report; a line that does not fit, or of which a figure is not simply a whole
number of its units, is read as any other source.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from govreport_check.archive.checking import check_batch, findings_schema
from govreport_check.archive.decoding import Shape, shape_of
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
from govreport_check.figures import LIMIT
from govreport_check.form import Form
from govreport_check.model import Raw
from govreport_check.pack import Pack
from govreport_check.readers import derived_facts, load_source
from govreport_check.recognition import Recognised, recognise
from govreport_check.selection import Options

if TYPE_CHECKING:
    import pyarrow

LINES_AT_A_TIME = 1 << 15
"""Lines side by side: so many that what a batch costs apart from its reports does not show, 80 MB of figures and words."""

SEEN_TOGETHER = 64
"""Lines that are looked through for keys at a time: they stay in the processor's caches."""

Line: TypeAlias = "tuple[str, bytes]"
"""What a line is called, and its bytes."""


def check_lines(lines: Iterable[Line], form: str, pack: Pack, options: Options | None = None) -> pyarrow.Table:
    """The findings about reports in lines of JSON, ``form`` being the id of the form that they are of; in their order. Findings name a
    report by what its line is called. Of ``lines`` no more than a block is kept. Raises UsageError."""
    import pyarrow as pa

    shape, options = shape_of(form, pack, options or Options()), options or Options()
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


def _blocks(lines: Iterable[Line], shape: Shape) -> Iterator[_Block]:
    rest = iter(lines)
    while (block := _block(islice(rest, LINES_AT_A_TIME), shape)).names:
        yield block


def _block(lines: Iterable[Line], shape: Shape) -> _Block:
    """Raises UsageError for a line that is no report of the form at all."""
    block, rest = _Block(), iter(lines)
    while group := list(islice(rest, SEEN_TOGETHER)):
        found = _within([_decoded(line, shape) for _, line in group], group, shape)
        each_once = _each_once(group, found, shape)
        for (name, line), one in zip(group, found, strict=True):
            if one is None or not (each_once or _once(line, one, shape)) or not _taken(block, one, shape):
                _take_other(block, name, line, shape)
            block.names.append(name)
    return block


_Found: TypeAlias = "tuple[Any, bytes, Odd, tuple[Any, ...]]"
"""A document, its figures, what is odd about them, and its facts."""


def _decoded(line: bytes, shape: Shape) -> _Found | None:
    """A line that is regular but for its figures; None of any other."""
    try:
        document = shape.plainly(line)
        return document, shape.packed(document.tables), [], shape.astuple(document.about)
    except (shape.msgspec.DecodeError, struct.error, RecursionError):  # struct.error: a decimal that is no plain figure
        return _loosely(line, shape)


def _within(found: list[_Found | None], group: Sequence[Line], shape: Shape) -> list[_Found | None]:
    """Lines with larger figures than columns hold are looked at closely."""
    if _are_small(b"".join([one[1] for one in found if one is not None])):
        return found
    return [one if one is None or _are_small(one[1]) else _loosely(line, shape) for (_, line), one in zip(group, found, strict=True)]


def _are_small(figures: bytes) -> bool:
    values = np.frombuffer(figures, np.int64)
    return not len(values) or bool(values.max() < LIMIT and values.min() > -LIMIT)


def _taken(block: _Block, found: _Found, shape: Shape) -> bool:
    """Whether all of a regular line fits into columns; if so it stands in the block."""
    document, figures, odd, about = found
    parts = document.sections
    if not shape.stated and not any(about):
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


# A key that stands twice is decoded without a word. Behind every key there is a colon, so a line in which each key stands once has as many
# as it has keys and its words have colons, and no line has fewer than it has keys.


def _each_once(group: Sequence[Line], found: Sequence[_Found | None], shape: Shape) -> bool:
    """Whether each key certainly stands once in each line of a group; not where words have colons."""
    regular = [(line, one) for (_, line), one in zip(group, found, strict=True) if one is not None]
    return _colons(b"".join(line for line, _ in regular)) == sum(_keys(one, shape) for _, one in regular)


def _once(line: bytes, found: _Found, shape: Shape) -> bool:
    """Whether each key of a line certainly stands in it once."""
    words = [word for word in found[3] if isinstance(word, str)]
    words += [word for part in found[0].sections.values() for word in (part.heading or "", part.text)]
    return _colons(line) == _keys(found, shape) + sum(word.count(":") for word in words) and b"\\u003a" not in line.lower()


def _colons(text: bytes) -> int:
    return int(np.count_nonzero(np.frombuffer(text, np.uint8) == ord(":")))


def _keys(found: _Found, shape: Shape) -> int:
    document, _, _, about = found
    unset = shape.msgspec.UNSET
    return shape.keys + (document.schema is not unset) + len(about) - about.count(unset) + 3 * len(document.sections)


# --- other lines ---------------------------------------------------------------------------------------------------------------


def _loosely(line: bytes, shape: Shape) -> _Found | None:
    """A line of which some figures are not plain; None of another."""
    odd: Odd = []
    layout = shape.plan.layout
    try:
        document = shape.loosely(line)
        raws = [_raw(bytes(one)) for one in shape.printed(document.tables)]
    except (shape.msgspec.DecodeError, ValueError, RecursionError):
        return None
    cells = enumerate(zip(raws, layout.cells, strict=True))
    figures = shape.pack(*[units_in(raw, cell, i, layout.form, odd) or 0 for i, (raw, cell) in cells])
    return document, figures, odd, shape.astuple(document.about)


def _raw(text: bytes) -> Raw:
    """Raises ValueError for what columns do not hold."""
    if text == b"0" or (text.isdigit() and len(text) < 16 and text[0] != 48):
        return int(text)
    value: Raw = json.loads(text, parse_float=Decimal)
    if value is not None and type(value) not in (int, str) and (type(value) is not Decimal or "E" in str(value)):
        raise ValueError
    return value


def _take_other(block: _Block, name: str, line: bytes, shape: Shape) -> None:
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


def _read(line: bytes, name: str, shape: Shape) -> Recognised:
    try:
        found = recognise(load_source(line, name=name), [shape.plan.pack])
    except SourceError as error:
        raise UsageError(str(error)) from None
    if found is None or found.form.id != shape.plan.layout.form.id:
        raise UsageError(f"{name}: is not a report of form {shape.plan.layout.form.id}")
    return found


# --- → columns -----------------------------------------------------------------------------------------------------------------


def _columns(block: _Block, shape: Shape) -> pyarrow.RecordBatch:
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


def _facts(block: _Block, shape: Shape) -> dict[str, list[Any]]:
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
