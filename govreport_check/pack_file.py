"""The head of a pack (``pack.yaml``, contract ``govreport-pack/1``) as pydantic checks it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from govreport_check.form_file import Bilingual, Strict
from govreport_check.rule_file import OverrideSpec


class RecogniseSpec(Strict):
    """How a report of this pack is known: RE2 patterns, one of which is found in its title or first text."""

    patterns: list[str] = []


class ProfileSpec(Strict):
    """A way of checking: rules that are off to ``add``, rules to ``ignore``, rules whose findings stop a report whatever their severity
    (``gate``), and the ``least`` severity that is told."""

    title: Bilingual
    add: list[str] = []
    ignore: list[str] = []
    gate: list[str] = []
    least: Literal["note", "warning", "error"] = "note"


class MemberSpec(Strict):
    """Ids of one member of an entity (a component that was renamed), in one agency or in all; ``closed``: the last year that it had."""

    entity: str
    ids: list[str] = Field(min_length=1)
    agency: str | None = None
    closed: int | None = None
    because: str | None = None


class ProblemKindSpec(Strict):
    """A kind of problem by which reviewers count: the rules (ids, names, folders or beginnings of them) that belong to it."""

    title: Bilingual
    rules: list[str] = Field(min_length=1)


class KeyFigureSpec(Strict):
    """A figure shown beside every unit: ``value`` is an expression of the rule language, a number of one report."""

    title: Bilingual
    value: str


class DueSpec(Strict):
    """Until when reports are due: ``day`` (01-31) of the year after the reporting year, for units of these levels and kinds; any where
    none is named."""

    day: str = Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")
    level: list[str] = []
    kind: list[str] = []


class SeasonSpec(Strict):
    """What a season of reviews asks of a country's reports: see ``docs/season.md``.

    ``endings``: lists of endings of names; names that differ in two endings of one list may be one unit's. ``places``: how names of
    places end, from the larger to the smaller, by which prose is freed of them. ``due``: the first that fits holds.
    """

    problems: dict[str, ProblemKindSpec] = {}
    figures: dict[str, KeyFigureSpec] = {}
    endings: list[list[str]] = []
    places: list[str] = []
    due: list[DueSpec] = []


class PackFile(Strict):
    """``govreport-pack/1``. ``guarded``: tables in which no single figure may be changed without some rule telling (``rules audit``).

    ``extends``: a bundled pack, or a folder named from this one, whose forms and rules are taken over; ``off`` and ``severity`` say of
    rules of that pack what is otherwise in this.
    """

    schema_: Literal["govreport-pack/1"] = Field(alias="schema")
    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    version: str
    title: Bilingual
    languages: list[Literal["zh", "en"]] = Field(min_length=1)
    recognise: RecogniseSpec = RecogniseSpec()
    profiles: dict[str, ProfileSpec] = {}
    same_agency: list[list[str]] = []
    same_member: list[MemberSpec] = []
    guarded: list[str] = []
    season: SeasonSpec | None = None
    extends: str | None = None
    off: list[str] = []
    severity: dict[str, OverrideSpec] = {}
