"""A Word file with the elements that places of findings mean: found by the very walk that read it."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import Any, TypeAlias

from govreport_check.copies.parts import Parts
from govreport_check.copies.runs import Words, words_of
from govreport_check.findings import PlaceRecord
from govreport_check.model import Place
from govreport_check.readers.docx import MAIN, Walk, main_part, paragraphs_in, walked
from govreport_check.readers.docx_numbers import local

AnyPlace: TypeAlias = "Place | PlaceRecord"
_APART = frozenset({"txbxContent", "footnote", "endnote"})


@dataclass(frozen=True, slots=True)
class Opened:
    """A Word file taken apart: its document part, the root of that (lxml), the walk that read it."""

    parts: Parts
    main: str
    root: Any
    walk: Walk


def opened(parts: Parts) -> Opened:
    """Raises SourceError for a file that cannot be read."""
    main = main_part(parts.container, MAIN)
    root = parts.changing(main)
    walk, _ = walked(parts.container, posixpath.dirname(main), root)
    return Opened(parts, main, root, walk)


def words_at(file: Opened, place: AnyPlace, raw: str | None) -> Words | None:
    """The words of the cell or paragraph at ``place``; of a row, those of its cell that says ``raw``, else of its first."""
    if place.table and place.row:
        return _in_table(file, place, raw)
    return words_of(file.walk.paragraphs[place.element]) if place.element in file.walk.paragraphs else None


def _in_table(file: Opened, place: AnyPlace, raw: str | None) -> Words | None:
    if place.column:
        cell = file.walk.printed.get((place.table or 0, place.row or 0, place.column))
        return None if cell is None else words_of([*paragraphs_in(cell)])
    row = [
        words_of([*paragraphs_in(cell)]) for (table, row, _), cell in file.walk.printed.items() if (table, row) == (place.table, place.row)
    ]
    return next((words for words in row if raw and words.is_all(raw)), row[0] if row else None)


def title_of(file: Opened, title: str) -> list[Any]:
    """The paragraphs (lxml) that say ``title``, else the first that are no table's, else those of the document's first cell."""
    paragraphs = list(file.walk.paragraphs.values())
    if not paragraphs:
        return next(([*paragraphs_in(cell)] for cell in file.walk.printed.values()), [])
    return next((found for found in paragraphs if title and words_of(found).find(title)), paragraphs[0])


def apart(element: Any) -> Any:
    """The text box, footnote or endnote (lxml) in which ``element`` stands; None where it stands on the page itself."""
    return next((one for one in element.iterancestors() if local(one) in _APART), None)
