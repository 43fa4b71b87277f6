"""Bundled packs as they were when last loaded, kept in the user's cache folder, so that checking one report need not read every rule file.

A kept pack is used while nothing that it was made from has changed: rule files, this package, Python. It is never needed: whatever is
wrong with it, or with the folder, the rule files are read. ``GOVREPORT_CACHE=off`` switches it off.

A pickle can run code, so only a file is read that this user owns and nobody else can write, in a folder of the same kind.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import stat
import sys
from collections.abc import Iterator, Mapping
from dataclasses import field, fields, replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from govreport_check.frozen import dataclass
from govreport_check.rule import Bound, Rule, is_law_for

if TYPE_CHECKING:
    from govreport_check.form import Form
    from govreport_check.form_file import Bilingual
    from govreport_check.pack import Pack
    from govreport_check.pack_file import SeasonSpec
    from govreport_check.rule_file import RuleFile

Stamp: TypeAlias = "tuple[tuple[str, int, int, int], ...]"
"""(name, changed, changed in any way, bytes) of every file, in order; times in nanoseconds."""

SWITCH = "GOVREPORT_CACHE"
OWN = "govreport-check"
_DIGEST = 32


def stamp_of(folder: Path, suffixes: tuple[str, ...]) -> Stamp:
    """What changes when one of the files below ``folder`` does; names are relative to it, in the order of paths."""
    found = sorted(_files(str(folder), suffixes), key=lambda entry: entry.path.split(os.sep))  # noqa: PTH206
    start = len(os.path.join(folder, ""))  # noqa: PTH118
    stats = ((entry.path[start:], entry.stat()) for entry in found)
    return tuple((name, one.st_mtime_ns, one.st_ctime_ns, one.st_size) for name, one in stats)


def _files(folder: str, suffixes: tuple[str, ...]) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _files(entry.path, suffixes)
            elif entry.name.endswith(suffixes) and entry.is_file():
                yield entry


# --- what is kept --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shelf:
    """The bound rules of every form, each form in a pickle of its own: a report has one form, and of the others nothing is unpacked."""

    packed: Mapping[str, bytes]
    unpacked: dict[str, Mapping[str, Bound]] = field(default_factory=dict, compare=False, repr=False)

    def of(self, form: str) -> Mapping[str, Bound]:
        """The rules that are bound to ``form``, by id."""
        if form not in self.unpacked:
            self.unpacked[form] = pickle.loads(self.packed[form])
        return self.unpacked[form]


@dataclass(frozen=True, slots=True, eq=False)
class ShelvedBounds(Mapping[str, Bound]):
    """``Rule.bound`` of a rule whose expressions stand on a shelf."""

    shelf: Shelf
    rule: str
    forms: tuple[str, ...]

    def __getitem__(self, form: str) -> Bound:
        if form not in self.forms:
            raise KeyError(form)
        return self.shelf.of(form)[self.rule]

    def __iter__(self) -> Iterator[str]:
        return iter(self.forms)

    def __len__(self) -> int:
        return len(self.forms)


@dataclass(frozen=True, slots=True)
class Words:
    """As ``form_file.Bilingual``, without pydantic."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Cited:
    """As ``rule_file.CiteSpec``, without pydantic."""

    document: str
    at: str
    years: str | int | None

    def is_law_for(self, form: Form) -> bool:
        return is_law_for(self.years, form)


@dataclass(frozen=True, slots=True)
class Said:
    """What findings quote of a rule's file."""

    title: Words
    message: Words
    why: Words
    fix: Words
    cites: tuple[Cited, ...]
    outcome: str


_QUOTED = frozenset(one.name for one in fields(Said))
_KEPT = frozenset(("stated", "quotes", "rule"))


@dataclass(frozen=True, slots=True)
class Quotes:
    """What findings quote of the rules of a pack, by id: unpacked when there is a finding."""

    packed: bytes
    unpacked: list[Mapping[str, Said]] = field(default_factory=list, compare=False, repr=False)

    def of(self, rule: str) -> Said:
        if not self.unpacked:
            self.unpacked.append(pickle.loads(self.packed))
        return self.unpacked[0][rule]


@dataclass(frozen=True, slots=True)
class Folder:
    """What the files of a pack state, as pydantic holds it: (the season, rule files by id). Checking needs nothing of it, and pydantic
    itself takes longer to import than a report to check."""

    packed: bytes
    unpacked: list[tuple[SeasonSpec, Mapping[str, RuleFile]]] = field(default_factory=list, compare=False, repr=False)

    def open(self) -> tuple[SeasonSpec, Mapping[str, RuleFile]]:
        """The season and the rule files."""
        if not self.unpacked:
            self.unpacked.append(pickle.loads(self.packed))
        return self.unpacked[0]


@dataclass(frozen=True, slots=True, eq=False)
class KeptFile:
    """A rule's file: what is asked of every rule of every check, and the rest when any of it is asked for."""

    stated: Folder
    quotes: Quotes
    rule: str
    severity: str
    confidence: str
    status: str
    default: str
    since: str
    was: list[str]
    span: tuple[int, int | None]
    built_in: bool

    def __getattr__(self, name: str) -> Any:
        if name in _KEPT:  # of an object that is only being made
            raise AttributeError(name)
        return getattr(self.quotes.of(self.rule) if name in _QUOTED else self.stated.open()[1][self.rule], name)


@dataclass(frozen=True, slots=True)
class Problem:
    """As ``pack_file.ProblemKindSpec``, without pydantic."""

    title: Words
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class KeptSeason:
    """What a pack says of its season: its kinds of problem, of which findings name theirs, and the rest when any of it is asked for."""

    stated: Folder
    problems: Mapping[str, Problem]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stated.open()[0], name)


def lean(pack: Pack) -> Pack:
    """The pack without what only looking at rules needs, their examples and places, and with its bound rules on a shelf."""
    by_form = {form: {rule.id: rule.bound[form] for rule in pack.rules if form in rule.bound} for form in pack.forms}
    shelf = Shelf({form: pickle.dumps(bound, pickle.HIGHEST_PROTOCOL) for form, bound in by_form.items()})
    files = {rule.id: rule.file.model_copy(update={"examples": []}) for rule in pack.rules}
    stated = Folder(pickle.dumps((pack.season, files), pickle.HIGHEST_PROTOCOL))
    quotes = Quotes(pickle.dumps({rule.id: _said(rule.file) for rule in pack.rules}, pickle.HIGHEST_PROTOCOL))
    rules = tuple(_lean(rule, shelf, stated, quotes) for rule in pack.rules)
    problems = {name: Problem(_words(kind.title), tuple(kind.rules)) for name, kind in pack.season.problems.items()}
    return replace(pack, rules=rules, season=cast("SeasonSpec", KeptSeason(stated, problems)))


def _words(text: Bilingual) -> Words:
    return Words(text.zh, text.en)


def _said(file: RuleFile) -> Said:
    cites = tuple(Cited(cite.document, cite.at, cite.years) for cite in file.cites)
    return Said(_words(file.title), _words(file.message), _words(file.why), _words(file.fix), cites, file.outcome)


def _lean(rule: Rule, shelf: Shelf, stated: Folder, quotes: Quotes) -> Rule:
    bound = ShelvedBounds(shelf, rule.id, tuple(rule.bound)) if rule.bound else {}
    own = {one.name: getattr(rule.file, one.name) for one in fields(KeptFile) if one.name not in ("stated", "quotes", "rule")}
    return replace(rule, file=cast("RuleFile", KeptFile(stated, quotes, rule.id, **own)), bound=bound, marked=None)


# --- where it is kept ----------------------------------------------------------------------------------------------------------


def kept(folder: str, stamp: Stamp) -> Pack | None:
    """The pack of ``folder`` as :func:`keep` kept it, None when there is none or it is not to be used."""
    try:
        path = _place(folder)
        content = own_content(path) if path else b""
        key, digest, payload = content[:_DIGEST], content[_DIGEST : 2 * _DIGEST], content[2 * _DIGEST :]
        if not payload or key != _key(folder, stamp) or digest != hashlib.sha256(payload).digest():
            return None
        pack: Pack = pickle.loads(payload)
    except (OSError, RuntimeError, pickle.UnpicklingError, ImportError, AttributeError, LookupError, TypeError, ValueError, EOFError):
        return None
    return pack


def keep(folder: str, stamp: Stamp, pack: Pack) -> None:
    """Keeps the pack for the next run, in place of what was kept of this folder before. Where that cannot be done, nothing happens."""
    import tempfile

    try:
        path = _place(folder)
        if path is None:
            return
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not is_own(path.parent.lstat()):
            return
        payload = pickle.dumps(lean(pack), pickle.HIGHEST_PROTOCOL)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix="new-") as own:
            new = Path(own) / path.name
            new.touch(mode=0o600)
            new.write_bytes(_key(folder, stamp) + hashlib.sha256(payload).digest() + payload)
            new.replace(path)
    except (OSError, RuntimeError, pickle.PicklingError):
        return


def cache_state() -> tuple[str, bool]:
    """The cache folder, and whether it can be used: it, or the nearest folder above it that is there, can be written."""
    try:
        folder = _cache_folder() / OWN
    except RuntimeError:
        return OWN, False
    there = next(path for path in (folder, *folder.parents) if path.exists())
    return str(folder), os.access(there, os.W_OK) and (there != folder or is_own(folder.lstat()))


def _place(folder: str) -> Path | None:
    """The file for a pack's folder and this Python; None when the cache is switched off."""
    if os.environ.get(SWITCH, "").lower() in ("off", "0", "no", "false"):
        return None
    own = hashlib.sha256(f"{folder}\n{sys.implementation.cache_tag}".encode()).hexdigest()[:16]
    return _cache_folder() / OWN / f"{Path(folder).name}-{own}.pickle"


def _cache_folder() -> Path:
    """The user's cache folder (XDG Base Directory Specification 0.8; Windows; macOS). Raises RuntimeError when there is no home."""
    stated = os.environ.get("XDG_CACHE_HOME") or (os.environ.get("LOCALAPPDATA") if sys.platform == "win32" else None)
    if stated and Path(stated).is_absolute():
        return Path(stated)
    return Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache")


def _key(folder: str, stamp: Stamp) -> bytes:
    """SHA-256 of all that a loaded pack is made from: rule files, the modules of this package, Python and pydantic."""
    return hashlib.sha256(repr((folder, stamp, code_stamp(), sys.version, _pydantic())).encode()).digest()


@cache
def _pydantic() -> tuple[str, int, int]:
    """What changes with the version of pydantic, which is not imported for it."""
    found = find_spec("pydantic")
    path = Path(found.origin if found and found.origin else "").with_name("version.py")
    one = path.stat()
    return str(path), one.st_mtime_ns, one.st_size


@cache
def code_stamp() -> Stamp:
    """What changes with the modules of this package."""
    return stamp_of(Path(__file__).parent, (".py",))


def own_content(path: Path) -> bytes:
    """What a file holds that only this user can have written, in a folder of the same kind; nothing of any other."""
    return path.read_bytes() if is_own(path.parent.lstat()) and is_own(path.lstat()) else b""


def is_own(found: os.stat_result) -> bool:
    """Whether a folder or plain file is this user's and nobody else's to write."""
    if stat.S_ISLNK(found.st_mode) or not (stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)):
        return False
    return sys.platform == "win32" or (found.st_uid == os.geteuid() and not found.st_mode & 0o022)
