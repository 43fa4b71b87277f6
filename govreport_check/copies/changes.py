"""What a person changed in a report: at which place, from what to what."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from govreport_check.errors import UsageError
from govreport_check.findings import PlaceRecord
from govreport_check.model import Place, Raw, Repeated, Report

_TOKEN = re.compile(r"[A-Za-z]+|\d[\d,.]*|\s+|.", re.DOTALL)
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_ADDRESS = re.compile(r"([\w-]+)\[([^,\]]+), *([^,\]]+)\]")


@dataclass(frozen=True, slots=True)
class Change:
    """``old``, which stands at ``place``, becomes ``new``: in a table the whole cell ('' for an empty one), in running text a passage that
    stands once in its paragraph. ``address`` names it in messages."""

    place: Place | PlaceRecord
    old: str
    new: str
    address: str = ""


def changes_of(report: Report, new: Mapping[str, str]) -> list[Change]:
    """Changes by address, of figures (``requests[granted, total]``), labels (``labels.documents.columns.repealed``) and headings
    (``sections.overview``). Raises UsageError for an address that the report does not have, or that stands in it several times."""
    return [_change(report, address, text) for address, text in new.items()]


def _change(report: Report, address: str, new: str) -> Change:
    if address.startswith("labels."):
        label = next((one for one in report.labels or () if f"labels.{one.at}" == address), None)
        if label is not None:
            return Change(label.place, label.printed, new, address)
    elif address.startswith("sections."):
        section = (report.sections or {}).get(address.removeprefix("sections."))
        if section is not None and section.heading:
            return Change(section.place, section.heading, new, address)
    elif (cell := _ADDRESS.fullmatch(address)) and address in report.places:
        return Change(report.place_of(address), _printed(report, address, *cell.groups()), new, address)
    raise UsageError(f"{address}: nothing of that name stands in {report.source}")


def _printed(report: Report, address: str, table: str, row: str, column: str) -> str:
    cells = (report.tables or {}).get(table, {}).get(row)
    raw: Raw = cells.get(column) if isinstance(cells, Mapping) else None
    if isinstance(cells, str) or isinstance(raw, Repeated):
        raise UsageError(f"{address}: several figures stand there; mend them in the file itself")
    return "" if raw is None else str(raw)


def checked(change: Change) -> Change:
    """``change``, if a document can hold what it says. Raises UsageError."""
    if _FORBIDDEN.search(change.new):
        raise UsageError(f"{where(change)}: the new text holds control characters, which no document can hold")
    return change


def where(change: Change) -> str:
    """A change's place in words, for messages."""
    place = change.place
    if place.sheet and place.cell:
        told = f"{place.sheet}!{place.cell}"
    elif place.table and place.row:
        told = f"table {place.table}, row {place.row}" + (f", column {place.column}" if place.column else "")
    else:
        told = f"paragraph {place.element}" if place.element else "no place"
    return f"{change.address} ({told})" if change.address else told


def edits(old: str, new: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, text) of the fewest whole words and figures of ``old`` that are to be replaced, from the last to the first."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    starts = [0]
    for token in before:
        starts.append(starts[-1] + len(token))
    blocks = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for kind, a, b, c, d in reversed(blocks):
        if kind != "equal":
            yield starts[a], starts[b], "".join(after[c:d])
