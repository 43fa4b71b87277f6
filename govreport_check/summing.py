"""The sum of several reports of one form, cell by cell: what a summary should say."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import numpy as np

from govreport_check.errors import UsageError
from govreport_check.expr.columns import Numbers
from govreport_check.expr.operators import Fold, total
from govreport_check.expr.say import number_text
from govreport_check.form import Table
from govreport_check.frame import build_frame
from govreport_check.marked import resolve
from govreport_check.model import Raw, Report
from govreport_check.recognition import Recognised


def sum_of(taken: Sequence[Recognised]) -> Report:
    """The report whose every figure is the sum over ``taken``; a cell that is unknown in one of them is ``?``.

    Raises UsageError when they are of different forms or there are none.
    """
    forms = {one.form.id: one.form for one in taken}
    if len(forms) != 1:
        raise UsageError(f"only reports of one form can be summed up, these are of {', '.join(sorted(forms)) or 'none'}")
    form = next(iter(forms.values()))
    frame = build_frame(form, [one.report for one in taken])
    tables = {name: _summed(table, frame.table("here", name)) for name, table in form.tables.items()}
    return Report(source="sum", form=form.id, about={"year": taken[0].report.about.get("year")}, tables=tables)


def _summed(table: Table, figures: Numbers) -> dict[str, dict[str, Raw]]:
    sums = total(figures, Fold((), np.zeros(figures.lo.shape[-1], np.intp), 1))
    return {
        row: {column: _raw(number_text(sums, (r, c, 0), table.places)) for c, column in enumerate(table.columns)}
        for r, row in enumerate(table.rows)
    }


def _raw(text: str) -> Raw:
    value = resolve(text)
    return value if isinstance(value, (int, Decimal)) and not isinstance(value, bool) else "?"
