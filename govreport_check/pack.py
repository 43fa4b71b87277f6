"""A country's forms and rules: a folder of YAML files read into a :class:`Pack`, with every complaint about all of them at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from govreport_check.errors import Complaint, PackError, UsageError
from govreport_check.expr.functions import pattern
from govreport_check.expr.names import unknown
from govreport_check.form import Form
from govreport_check.frozen import dataclass
from govreport_check.pack_cache import Stamp, keep, kept, stamp_of
from govreport_check.rule import Rule

if TYPE_CHECKING:
    from govreport_check.pack_file import SeasonSpec

BUILT_IN = "form"
"""The pack of built-in findings: what readers and the engine say of a report whatever its country."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A way of checking, as ``pack_file.ProfileSpec`` says it."""

    add: tuple[str, ...]
    ignore: tuple[str, ...]
    gate: tuple[str, ...]
    least: Literal["note", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Member:
    """Ids of one member of an entity, as ``pack_file.MemberSpec`` says it."""

    entity: str
    ids: tuple[str, ...]
    agency: str | None = None
    closed: int | None = None
    because: str | None = None


@dataclass(frozen=True, slots=True)
class Pack:
    """``forms`` by id; ``rules`` in the order of their files. ``hash`` is SHA-256 over every file's name and content.

    ``kinds``: the kinds of problem that ``season`` names, their titles by language. ``base``: the pack that this one extends, whose hash is
    part of this one's.
    """

    id: str
    version: str
    title: Mapping[str, str]
    languages: tuple[str, ...]
    patterns: tuple[str, ...]
    forms: Mapping[str, Form]
    rules: tuple[Rule, ...]
    hash: str
    season: SeasonSpec
    kinds: Mapping[str, Mapping[str, str]]
    profiles: Mapping[str, Profile] = field(default_factory=dict)
    same_agency: tuple[tuple[str, ...], ...] = ()
    same_member: tuple[Member, ...] = ()
    folder: str = field(compare=False, default="")
    guarded: tuple[str, ...] = ()
    base: Pack | None = field(compare=False, default=None)

    def __hash__(self) -> int:
        return hash((self.id, self.hash))

    def rule(self, name: str) -> Rule:
        """The rule of this name, id or former name. Raises UsageError with the nearest one."""
        for rule in self.rules:
            if name in (rule.id, rule.name, *rule.file.was):
                return rule
        raise UsageError(unknown(name, [rule.name for rule in self.rules], what="rule"))

    def recognises(self, text: str) -> bool:
        return any(pattern(wanted).search(text) for wanted in self.patterns)


def rules_folder() -> Path:
    """Where the bundled packs stand: in the wheel inside the package, in a checkout beside it."""
    inside = Path(__file__).parent / "rules"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "rules"


def bundled() -> list[str]:
    """The ids of the bundled packs, the built-in one apart."""
    found = sorted(path.parent.name for path in rules_folder().glob("*/pack.yaml"))
    return [name for name in found if name != BUILT_IN]


def packs_available() -> list[Pack]:
    """Every bundled pack, the built-in one first. Raises PackError."""
    return [load_pack(name) for name in (BUILT_IN, *bundled())]


def load_pack(name: str | Path) -> Pack:
    """The pack of a bundled id or a folder. Raises PackError with every complaint, UsageError when there is none of that name."""
    return _loaded(_folder_of(name), load_pack, ())


def pack_to_check(name: str | Path) -> Pack:
    """Like :func:`load_pack`, for checking reports: the rules of a bundled pack may come from the cache, without examples and places."""
    folder = _folder_of(name)
    if folder.parent != rules_folder():  # what others wrote is not kept beyond this run
        return _loaded(folder, pack_to_check, ())
    return _to_check(str(folder), stamp_of(folder, YAML))


YAML = (".yaml", ".yml")


def _folder_of(name: str | Path) -> Path:
    folder = Path(name)
    if not (folder / "pack.yaml").is_file():
        folder = rules_folder() / str(name)
    if not (folder / "pack.yaml").is_file():
        raise UsageError(unknown(str(name), bundled(), what="pack"))
    return folder


def _loaded(folder: Path, bundled_pack: Callable[[str | Path], Pack], above: tuple[Path, ...]) -> Pack:
    """The pack of a folder with those that it extends; ``bundled_pack`` loads a bundled one. ``above`` are the folders that led here."""
    base = _base_folder(folder)
    if base is not None and base in (folder.resolve(), *above):
        raise PackError([Complaint(str(folder / "pack.yaml"), 1, 1, f"extends: {base} leads back to itself")])
    given = None
    if base is not None:
        own = base.parent == rules_folder().resolve()
        given = bundled_pack(base.name) if own else _loaded(base, bundled_pack, (folder.resolve(), *above))
    return _load(str(folder), stamp_of(folder, YAML), given)


def _base_folder(folder: Path) -> Path | None:
    """The folder of the pack that ``folder`` extends; None when it extends none, or its ``pack.yaml`` does not say so legibly."""
    if folder.parent == rules_folder():
        return None
    from govreport_check.marked import MarkedError, parse_yaml

    try:
        stated = parse_yaml((folder / "pack.yaml").read_text(encoding="utf-8-sig")).get("extends")
    except (OSError, UnicodeDecodeError, MarkedError):
        return None  # loading it will say why
    if stated is None or not isinstance(stated.scalar, str):
        return None
    beside = folder / stated.scalar
    found = beside if (beside / "pack.yaml").is_file() else rules_folder() / stated.scalar
    if not (found / "pack.yaml").is_file():
        message = f"extends: {unknown(stated.scalar, bundled(), what='pack')}"
        raise PackError([Complaint(str(folder / "pack.yaml"), stated.line, stated.column, message)])
    return found.resolve()


@lru_cache(maxsize=16)
def _to_check(folder: str, stamp: Stamp) -> Pack:
    pack = kept(folder, stamp)
    if pack is None:
        pack = _load(folder, stamp)
        keep(folder, stamp, pack)
    return pack


# The stamp is what tells that a loaded pack may be used again: while none of its files has changed.
@lru_cache(maxsize=16)
def _load(folder: str, stamp: Stamp, base: Pack | None = None) -> Pack:
    from govreport_check.pack_loading import pack_of  # and with it pydantic and the reader of YAML, which a pack from the cache needs not

    return pack_of(folder, stamp, base)


def rule_schema() -> dict[str, dict[str, Any]]:
    """The JSON Schemas of rule, form and pack files, for editors."""
    from govreport_check.form_file import FormFile
    from govreport_check.pack_file import PackFile
    from govreport_check.rule_file import RuleFile

    return {"rule": RuleFile.model_json_schema(), "form": FormFile.model_json_schema(), "pack": PackFile.model_json_schema()}
