"""The types that lines of JSON of a form are decoded into, and how figures are taken out of what is decoded."""

from __future__ import annotations

import datetime
import re
import struct
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, Literal

from govreport_check.archive.checking import Plan, plan_of
from govreport_check.archive.layout import Layout
from govreport_check.errors import UsageError
from govreport_check.figures import LIMIT, CellType
from govreport_check.form import Table
from govreport_check.pack import Pack
from govreport_check.readers.shape import SCHEMA
from govreport_check.regular_frame import Words, words_of
from govreport_check.selection import Options


@dataclass(frozen=True, slots=True)
class Shape:
    """How the lines of a form are decoded: ``plainly``, its figures being numbers, which ``packed`` makes int64; or ``loosely``, its
    figures being JSON, which ``printed`` takes out. ``stated``: facts that rules need and a line may leave to its text; ``missing``:
    nothing for every part that no line need have; ``keys``: how many every line has."""

    plan: Plan
    msgspec: Any
    astuple: Callable[[Any], tuple[Any, ...]]
    plainly: Callable[[bytes], Any]
    packed: Callable[[Any], bytes]
    loosely: Callable[[bytes], Any]
    printed: Callable[[Any], tuple[Any, ...]]
    pack: Callable[..., bytes]
    words: Words
    stated: frozenset[str]
    usual: list[str]
    missing: list[None]
    keys: int


@lru_cache(maxsize=16)
def shape_of(name: str, pack: Pack, options: Options) -> Shape:
    """How the lines of the form ``name`` are decoded. Raises UsageError where msgspec is not installed, or for a bad option."""
    try:
        import msgspec
    except ImportError:
        raise UsageError("lines of JSON need msgspec: pip install 'govreport-check[archive]'") from None
    plan = plan_of(name, pack, options)
    layout = plan.layout
    words = words_of((*plan.screened, *plan.others), layout.form)
    stated = words.stated & layout.facts.keys()
    to_bytes = struct.Struct(f"{len(layout.cells)}q").pack
    return Shape(
        plan=plan,
        msgspec=msgspec,
        astuple=msgspec.structs.astuple,
        plainly=msgspec.json.Decoder(_document(layout, msgspec, stated, _plain_figure)).decode,
        packed=_taken_out(layout, to_bytes),
        loosely=msgspec.json.Decoder(_document(layout, msgspec, stated, lambda *_: msgspec.Raw)).decode,
        printed=_taken_out(layout, None),
        pack=to_bytes,
        words=words,
        stated=stated,
        usual=list(layout.form.sections),
        missing=[None] * (len(layout.parts) - len(layout.form.sections)),
        keys=4 + layout.keys,
    )


def _taken_out(layout: Layout, pack: Callable[..., bytes] | None) -> Callable[[Any], Any]:
    """A function that takes all figures out of the tables of a document; ``pack``: as its bytes, decimals in units.

    It is one expression that names each of them: what a line takes is steps of Python. Nothing but numbers goes into its text.
    """
    tables = layout.form.tables.values()
    rows = [(f"tables.t{t}.r{r}", table) for t, table in enumerate(tables) for r in range(len(table.rows))]
    named = [(f"(row := {row}).c0" if c == 0 else f"row.c{c}", table, c) for row, table in rows for c in range(len(table.columns))]
    if pack is not None:
        named = [(f"units({one}, {t.kinds[c].places}, {t.places})" if _is_decimal(t, t.kinds[c]) else one, t, c) for one, t, c in named]
    text = "".join(f"{one}, " for one, _, _ in named)
    made: Callable[[Any], Any] = eval(
        f"lambda tables: pack({text})" if pack is not None else f"lambda tables: ({text})", {"pack": pack, "units": _units}
    )
    return made


def _is_decimal(table: Table, kind: CellType) -> bool:
    return table.places > 0 and kind.name not in ("date", "text")


def _plain_figure(table: Table, kind: CellType) -> Any:
    """The type of a figure that is simply a number, of a table of decimals as it is written; None for a kind that is words. How large it
    is is looked at for many lines together: to say it here takes a sixth of the decoding."""
    import msgspec

    if kind.name in ("date", "text"):
        return None
    return msgspec.Raw if _is_decimal(table, kind) else int


def _document(layout: Layout, msgspec: Any, stated: Collection[str], figure: Callable[[Table, CellType], Any]) -> Any:
    """The type of a regular report of the form, which says what is ``stated``."""
    word: Any = Annotated[str, msgspec.Meta(min_length=1)]
    unset: Any = msgspec.UnsetType
    kinds: dict[str, Any] = {"number": Annotated[int, msgspec.Meta(gt=-LIMIT, lt=LIMIT)], "date": datetime.date, "bool": bool, "text": word}

    def struct_of(letter: str, types: Iterable[tuple[str, Any]]) -> Any:
        fields = [(f"{letter}{i}", kind, msgspec.field(name=name)) for i, (name, kind) in enumerate(types)]
        return msgspec.defstruct(f"Of{letter}", fields, gc=False, forbid_unknown_fields=True)

    def table_of(table: Table) -> Any:
        row = struct_of("c", zip(table.columns, (figure(table, kind) for kind in table.kinds), strict=True))
        return struct_of("r", ((name, row) for name in table.rows))

    section: Any = msgspec.defstruct("Section", [("heading", word | None), ("text", str)], gc=False, forbid_unknown_fields=True)
    tables = struct_of("t", ((table.id, table_of(table)) for table in layout.form.tables.values()))
    facts = (
        (f"f{i}", kinds[kind], msgspec.field(name=key))
        if key in stated
        else (f"f{i}", kinds[kind] | None | unset, msgspec.field(name=key, default=msgspec.UNSET))
        for i, (key, kind) in enumerate(layout.facts.items())
    )
    about = msgspec.defstruct("About", list(facts), gc=False, forbid_unknown_fields=True, kw_only=True)
    fields = [("form", Literal[layout.form.id]), ("about", about), ("sections", dict.__class_getitem__((str, section))), ("tables", tables)]
    schema: Any = ("schema", Literal[SCHEMA] | unset, msgspec.UNSET)
    return msgspec.defstruct("Document", [*fields, schema], gc=False, forbid_unknown_fields=True)


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
