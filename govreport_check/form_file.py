"""The form file (``rules/<pack>/forms/*.yaml``, contract ``govreport-form/1``) as pydantic checks it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag


class Strict(BaseModel):
    """Base of every file model: unknown keys are mistakes, nothing is converted silently."""

    # Built when first used: a pack from the cache needs none of them.
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)


class Bilingual(Strict):
    """A text in administrative Chinese and in English."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class LabelSpec(Strict):
    """A label with what a plain string cannot say. ``accepts``: spellings that are right as well; ``mistaken``: known misprints."""

    printed: str
    en: str | None = None
    accepts: list[str] = []
    mistaken: list[str] = []


class HeadSpec(LabelSpec):
    """A printed head that is no column or row itself. ``over``: the columns or the rows (ids or groups) over which it stands."""

    over: list[str] = []


class ParentSpec(LabelSpec):
    """A row label that stands over several rows; its id is the name of their group."""

    leaves: dict[str, RowSpec]


class ListedSpec(Strict):
    """Columns that the report itself lists: one for each member of an entity (``listed: components``), or whatever it prints
    (``listed: true``). Their id is the name of their group."""

    listed: str | Literal[True]


def _label_kind(value: Any) -> str:
    return "text" if isinstance(value, str) else "label"


def _column_kind(value: Any) -> str:
    if (isinstance(value, Mapping) and "listed" in value) or isinstance(value, ListedSpec):
        return "listed"
    return _label_kind(value)


def _row_kind(value: Any) -> str:
    if isinstance(value, str):
        return "text"
    if (isinstance(value, Mapping) and "leaves" in value) or isinstance(value, ParentSpec):
        return "parent"
    return "label" if (isinstance(value, Mapping) and "printed" in value) or isinstance(value, LabelSpec) else "leaves"


AnyLabel: TypeAlias = Annotated[Annotated[str, Tag("text")] | Annotated[LabelSpec, Tag("label")], Discriminator(_label_kind)]
AnyHead: TypeAlias = Annotated[Annotated[str, Tag("text")] | Annotated[HeadSpec, Tag("label")], Discriminator(_label_kind)]
ColumnSpec: TypeAlias = Annotated[
    Annotated[str, Tag("text")] | Annotated[LabelSpec, Tag("label")] | Annotated[ListedSpec, Tag("listed")], Discriminator(_column_kind)
]
RowSpec: TypeAlias = Annotated[
    Annotated[str, Tag("text")]
    | Annotated[LabelSpec, Tag("label")]
    | Annotated[ParentSpec, Tag("parent")]
    | Annotated[dict[str, AnyLabel], Tag("leaves")],
    Discriminator(_row_kind),
]
AbsentSpec: TypeAlias = Literal["unknown", "zero", "not_applicable"]
MarkSpec: TypeAlias = "Literal['zero', 'blank', 'not_applicable', 'unreadable'] | dict[Literal['above', 'below'], int]"
CellSpec: TypeAlias = "str | dict[str, str | int | list[str]]"


class AboutSpec(Strict):
    """A fact about the report and how the prose states it: RE2 patterns with a capture of the fact's own name, or ``{date}``.

    A fact that no text states in so many words (an agency's level) is the first of ``values`` one of whose patterns is found in the
    facts named by ``of``. ``name`` is what findings call it.
    """

    name: Bilingual | None = None
    type: Literal["text", "date", "number"]
    in_: str | list[str] = Field(alias="in", default="title")
    reads: list[str] = []
    unless: list[str] = []
    of: list[str] = []
    values: dict[str, list[str]] = {}


class SectionSpec(Strict):
    heading: str
    number: str | None = None
    en: str | None = None
    required: bool = True
    accepts: list[str] = []
    mistaken: list[str] = []


class EntitySpec(Strict):
    """What a report lists itself and has a row for in many of its tables: its components. ``overall`` is the label of the row for all."""

    name: Bilingual
    overall: AnyLabel | None = None


class TotalsSpec(Strict):
    columns: list[str] = []
    rows: list[str] = []


class TableSpec(Strict):
    section: str
    name: Bilingual
    caption: str | None = None
    layout: Literal["rows", "across"] = "rows"
    cells: dict[str, CellSpec]
    absent: AbsentSpec | dict[str, AbsentSpec] = "unknown"
    absent_members: AbsentSpec | None = None
    required: bool = True
    head_note: str | None = None
    heads: list[AnyHead] = []
    columns: dict[str, ColumnSpec]
    rows: dict[str, RowSpec] | str
    row_groups: dict[str, list[str]] = {}
    column_groups: dict[str, list[str]] = {}
    totals: TotalsSpec = TotalsSpec()


class ClaimSpec(Strict):
    """What the prose states: every match of ``reads`` (with ``{number}``) or ``says`` (with a fixed ``value``) is a claim.

    An itemised claim has a ``whole`` (with ``{number}``), a word that ``opens`` its list and a pattern for each ``part``; a list that
    ``open_end`` closes does not name every part. A bracket that opens a list ends it, ``(?P<unit>…)`` in whole and part keeps to one unit,
    and with ``span: part`` the list may stand in the sentence after the whole and run on behind semicolons.
    """

    in_: str | list[str] = Field(alias="in", default="any")
    reads: list[str] = []
    says: list[str] = []
    value: int | None = None
    unless: list[str] = []
    span: Literal["clause", "sentence", "part"] = "clause"
    whole: str | None = None
    opens: str | None = None
    part: str | None = None
    open_end: str | None = None


class DatesSpec(Strict):
    in_: str | list[str] = Field(alias="in", default="any")
    unless: list[str] = []


YEARS = r"^[0-9]{4}(-([0-9]{4})?)?$"


class FormFile(Strict):
    """``govreport-form/1``"""

    schema_: Literal["govreport-form/1"] = Field(alias="schema")
    id: str
    years: str = Field(pattern=YEARS)
    marks: dict[str, MarkSpec] = {}
    suffixes: dict[str, list[str]] = {}
    annotation: str | None = Field(default=None, description="what a remark in brackets says of a part of its figure, with {number}")
    about: dict[str, AboutSpec] = {}
    sections: dict[str, SectionSpec] = {}
    entities: dict[str, EntitySpec] = {}
    tables: dict[str, TableSpec]
    claims: dict[str, ClaimSpec] = {}
    dates: dict[str, DatesSpec] = {}
