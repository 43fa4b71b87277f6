"""Sums up the roster: every cell of a superior's report beside the sum of those below it. Nothing is wrong where a part is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np

from govreport_check.expr.columns import Array, Numbers
from govreport_check.expr.operators import Fold, total
from govreport_check.expr.say import number_text
from govreport_check.form import Form, Table
from govreport_check.frame import build_frame
from govreport_check.marked import resolve
from govreport_check.model import Raw, Report, cell_address
from govreport_check.season.model import Season, SumLine, SumState
from govreport_check.wording import cell_words

_NO_FIGURES = frozenset({"date", "text"})


def sums_of(
    parent: str, form: Form, summary: Report | None, parts: Mapping[str, Report], missing: Sequence[str], *, complete: bool = True
) -> list[SumLine]:
    """A line for every figure of ``form``. ``summary`` is the superior's own report, ``parts`` those below it by unit, of the same form;
    ``missing`` are the units below whose report is not there. Unless the roster is ``complete`` below it, a summary may be higher."""
    names = tuple(parts)
    frame = build_frame(form, [*parts.values(), *([summary] if summary else [])])
    lines: list[SumLine] = []
    for name, table in form.tables.items():
        figures = frame.table("here", name)
        below = _of(figures, slice(0, len(names)))
        own = _of(figures, slice(len(names), None)) if summary else None
        for r, c in _places(table):
            lines.append(_line(parent, table, r, c, below, own, names, tuple(missing)))
    return lines if complete else [replace(one, state=SumState.OPEN) if one.state is SumState.MORE else one for one in lines]


def summed(season: Season, parent: str) -> Report | None:
    """The sums of the parts of ``parent`` as a report of their form, ``?`` for what is not known; None where nothing could be summed.

    What :func:`govreport_check.summing.sum_of` makes of the parts, from the lines that the season has.
    """
    lines = [line for line in season.sums if line.parent == parent]
    below = [line.form for line in season.lines if parent in (line.unit, line.parent) and line.report is not None and line.form]
    if not lines or not below:
        return None
    tables: dict[str, dict[str, dict[str, Raw]]] = {}
    for line in lines:
        table, _, rest = line.address.partition("[")
        row, _, column = rest.removesuffix("]").partition(", ")
        tables.setdefault(table, {}).setdefault(row, {})[column] = _raw(line.total)
    return Report(source="sum", form=below[0], about={"agency": parent, "year": season.year}, tables=tables)


def _raw(total: str | None) -> Raw:
    value = None if total is None else resolve(total)
    return value if isinstance(value, (int, Decimal)) and not isinstance(value, bool) else "?"


def _places(table: Table) -> Iterator[tuple[int, int]]:
    for r in range(len(table.rows)):
        yield from ((r, c) for c, kind in enumerate(table.kinds) if kind.name not in _NO_FIGURES)


def _of(figures: Numbers, which: slice) -> Numbers:
    def cut(values: Array | None) -> Array | None:
        return None if values is None else values[..., which]

    return Numbers(
        figures.lo[..., which],
        figures.hi[..., which],
        cut(figures.minus),
        cut(figures.plus),
        na=cut(figures.na),
        bound=figures.bound,
        state=cut(figures.state),
    )


def _line(
    parent: str, table: Table, r: int, c: int, below: Numbers, own: Numbers | None, names: tuple[str, ...], missing: tuple[str, ...]
) -> SumLine:
    known = _known(below)[r, c] if names else np.zeros(0, bool)
    unknown = tuple(name for name, sure in zip(names, known, strict=True) if not sure)
    whole = None if unknown or not names else _total(below, r, c, table.places)
    summary = number_text(own, (r, c, 0), table.places) if own is not None and _known(own)[r, c, 0] else None
    difference = None if whole is None or summary is None else Decimal(summary) - Decimal(whole)
    return SumLine(
        parent,
        cell_address(table.id, table.rows[r], table.columns[c]),
        {"zh": "".join(cell_words(table, r, c, "zh")), "en": ", ".join(filter(None, cell_words(table, r, c, "en")))},
        whole,
        summary,
        None if difference is None else f"{difference:f}",
        _state(difference, missing),
        missing,
        unknown,
        len(names),
    )


def _state(difference: Decimal | None, missing: Sequence[str]) -> SumState:
    if difference is None or missing:
        return SumState.OPEN
    return SumState.EQUAL if difference == 0 else SumState.MORE if difference > 0 else SumState.LESS


def _known(figures: Numbers) -> Array:
    """Whether a figure is a point without slack that somebody printed, or that a blank stands for."""
    known: Array = (figures.lo == figures.hi) & np.isfinite(figures.lo)
    for slack in (figures.minus, figures.plus):
        known = known if slack is None else known & (slack == 0)
    return known if figures.na is None else known & ~np.broadcast_to(figures.na, known.shape)


def _total(below: Numbers, r: int, c: int, places: int) -> str:
    one = Numbers(below.lo[r, c], below.hi[r, c], bound=below.bound)
    summed = total(one, Fold((), np.zeros(one.lo.shape[-1], np.intp), 1))
    return number_text(summed, (0,), places)


def is_part(report: Report, form: Form) -> bool:
    """Whether a report can be summed up under ``form``."""
    return report.form == form.id and report.tables is not None
