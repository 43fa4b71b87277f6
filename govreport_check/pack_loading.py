"""A folder of YAML files made into a :class:`~govreport_check.pack.Pack`, with every complaint about all of them at once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import re2
from pydantic import ValidationError

from govreport_check.errors import Complaint, PackError
from govreport_check.expr.functions import pattern
from govreport_check.expr.names import bad_pattern, unknown
from govreport_check.extending import extended
from govreport_check.form import Form, FormError
from govreport_check.form_building import build_form
from govreport_check.form_file import FormFile, Strict
from govreport_check.marked import MarkedError, Node, find, find_key, parse_yaml, plain, repeated
from govreport_check.pack import BUILT_IN, Member, Pack, Profile
from govreport_check.pack_cache import Stamp
from govreport_check.pack_file import MemberSpec, PackFile, ProfileSpec, SeasonSpec
from govreport_check.pack_season import season_mistakes
from govreport_check.rule import Rule, RuleErrors, bind
from govreport_check.rule_file import RuleFile


def pack_of(folder: str, stamp: Stamp, base: Pack | None) -> Pack:
    """The pack whose files ``stamp`` names, resting on ``base``. Raises PackError."""
    root = Path(folder)
    complaints: list[Complaint] = []
    texts = {name: (root / name).read_bytes() for name, *_ in stamp}
    files = {name: _File.read(root / name, text, complaints) for name, text in texts.items()}
    head = files["pack.yaml"].model(PackFile, complaints)
    complaints.extend(_bad_patterns(files["pack.yaml"], head))
    forms = _forms_of(files, base, complaints)
    rules = list(_rules(files, head.id if head else root.name, forms, complaints))
    if head is not None:
        rules = _extended(rules, head, base, files["pack.yaml"], complaints)
        complaints.extend(files["pack.yaml"].at(*mistake) for mistake in season_mistakes(head.season, rules, forms, BUILT_IN))
    if complaints or head is None:
        raise PackError(complaints)
    season = head.season or (base.season if base else SeasonSpec())
    return Pack(
        id=head.id,
        version=head.version,
        title={"zh": head.title.zh, "en": head.title.en},
        languages=tuple(head.languages),
        patterns=(*head.recognise.patterns, *(base.patterns if base else ())),
        forms=forms,
        rules=tuple(rules),
        hash=_hash(texts, base),
        profiles={**(base.profiles if base else {}), **{name: _profile(spec) for name, spec in head.profiles.items()}},
        same_agency=(*(tuple(group) for group in head.same_agency), *(base.same_agency if base else ())),
        same_member=(*map(_member, head.same_member), *(base.same_member if base else ())),
        folder=folder,
        guarded=(*head.guarded, *(base.guarded if base else ())),
        season=season,
        kinds={name: {"zh": kind.title.zh, "en": kind.title.en} for name, kind in season.problems.items()},
        base=base,
    )


def _profile(spec: ProfileSpec) -> Profile:
    return Profile(tuple(spec.add), tuple(spec.ignore), tuple(spec.gate), spec.least)


def _member(spec: MemberSpec) -> Member:
    return Member(spec.entity, tuple(spec.ids), spec.agency, spec.closed, spec.because)


def _forms_of(files: Mapping[str, _File], base: Pack | None, complaints: list[Complaint]) -> dict[str, Form]:
    own = dict(_forms(files, complaints))
    if base is None:
        return own
    stray = (file for name, file in files.items() if Path(name).as_posix().startswith("forms/"))
    message = f"a pack that extends another has that one's forms; make a pack of its own, without extends: {base.id}, for this form"
    complaints.extend(Complaint(file.path, 1, 1, message) for file in stray)
    return dict(base.forms)


def _extended(rules: list[Rule], head: PackFile, base: Pack | None, file: _File, complaints: list[Complaint]) -> list[Rule]:
    if base is not None:
        return extended(base.rules, rules, head.off, head.severity, lambda path, message: complaints.append(file.at(path, message)))
    for key in ("off", "severity"):
        if getattr(head, key):
            complaints.append(file.at((key,), f"{key}: is about the rules of a pack that this one extends; say which by extends:"))
    return rules


def _hash(texts: Mapping[str, bytes], base: Pack | None = None) -> str:
    digest = hashlib.sha256(base.hash.encode() if base else b"")
    for name, text in texts.items():
        digest.update(f"{Path(name).as_posix()}\n{len(text)}\n".encode() + text)
    return digest.hexdigest()


T = TypeVar("T", bound=Strict)


@dataclass(frozen=True, slots=True)
class _File:
    """One YAML file of a pack; ``node`` is None when it is not YAML (which has been complained of)."""

    path: str
    node: Node | None
    lines: tuple[str, ...] = ()

    @staticmethod
    def read(path: Path, raw: bytes, complaints: list[Complaint]) -> _File:
        try:
            text = raw.decode("utf-8-sig")
            node = parse_yaml(text)
        except UnicodeDecodeError as error:
            complaints.append(Complaint(str(path), 1, 1, f"not UTF-8 (byte {error.start})"))
            return _File(str(path), None)
        except MarkedError as error:
            complaints.append(Complaint(str(path), error.line, error.column, error.message))
            return _File(str(path), None)
        if node.kind != "map":
            complaints.append(Complaint(str(path), node.line, node.column, "a file of a pack is a mapping of keys"))
            return _File(str(path), None)
        complaints.extend(Complaint(str(path), key.line, key.column, f"the key {key.scalar} stands twice") for key in repeated(node))
        return _File(str(path), node, tuple(text.split("\n")))

    def model(self, kind: type[T], complaints: list[Complaint]) -> T | None:
        """The file as ``kind``, None where it is not one; a key too many is complained of and the rest is still looked at."""
        if self.node is None:
            return None
        stated = plain(self.node)
        try:
            return kind.model_validate(stated)
        except ValidationError as error:
            found = error.errors(include_url=False)
            complaints.extend(self.of_pydantic(one) for one in found)
        extra = {one["loc"][0] for one in found if one["type"] == "extra_forbidden" and len(one["loc"]) == 1}
        if len(extra) < len(found) or not isinstance(stated, dict):
            return None
        return kind.model_validate({key: value for key, value in stated.items() if key not in extra})

    def of_pydantic(self, error: Any) -> Complaint:
        path = tuple(error["loc"])
        extra = error["type"] == "extra_forbidden"
        node = (find_key if extra else find)(self.node, path) if self.node else Node("scalar", None, (), 1, 1)
        known = self._known(path) if extra else []
        message = unknown(str(path[-1]), known, what="key") if extra else f"{'.'.join(map(str, path))}: {error['msg']}".lstrip(": ")
        return Complaint(self.path, node.line, node.column, message)

    def _known(self, path: tuple[str | int, ...]) -> list[str]:
        stated = self.node.get("schema") if self.node and len(path) == 1 else None
        kinds: dict[object, type[Strict]] = {"govreport-rule/1": RuleFile, "govreport-form/1": FormFile, "govreport-pack/1": PackFile}
        kind = kinds.get(stated.scalar) if stated else None
        return [field.alias or name for name, field in kind.model_fields.items()] if kind else []

    def at(self, path: tuple[str | int, ...], message: str, column: int = 1) -> Complaint:
        """A complaint at a value of this file; ``column`` counts within the value where it stands on one line."""
        if self.node is None:
            return Complaint(self.path, 1, 1, message)
        node = find(self.node, path)
        line = self.lines[node.line - 1] if node.line <= len(self.lines) else ""
        quoted = line[node.column - 1 : node.column] in "\"'" and line[node.column - 1 : node.column] != ""
        inside = node.kind == "scalar" and str(node.scalar) in line
        return Complaint(self.path, node.line, node.column + (column - 1 + quoted if inside else 0), message)


def _bad_patterns(file: _File, head: PackFile | None) -> Iterator[Complaint]:
    for i, text in enumerate(head.recognise.patterns if head else ()):
        try:
            pattern(text)
        except re2.error as error:
            yield file.at(("recognise", "patterns", i), f"not a RE2 pattern: {bad_pattern(text) or error}")


_HOLE = re.compile(r"\{[a-z_]+\}")


def _bad_form_patterns(file: _File, form: FormFile) -> Iterator[Complaint]:
    """What RE2 does not take, in whatever of a form reads the prose; ``{date}`` and its like are filled in by the readers."""
    for part in ("about", "claims", "dates"):
        for name, spec in getattr(form, part).items():
            for key in sorted(set(type(spec).model_fields) & _READING):
                stated = getattr(spec, key)
                many = isinstance(stated, list)
                for i, text in enumerate(stated if many else [stated] if stated else []):
                    complaint = bad_pattern(_HOLE.sub("(?:x)", text))
                    if complaint:
                        yield file.at((part, name, key, *([i] if many else [])), f"not a RE2 pattern: {complaint}")


_READING = frozenset({"reads", "says", "unless", "whole", "opens", "part", "open_end"})


def _forms(files: Mapping[str, _File], complaints: list[Complaint]) -> Iterator[tuple[str, Form]]:
    for name, file in files.items():
        if not Path(name).as_posix().startswith("forms/"):
            continue
        model = file.model(FormFile, complaints)
        if model is None:
            continue
        complaints.extend(_bad_form_patterns(file, model))
        try:
            yield model.id, build_form(model)
        except FormError as error:
            complaints.append(file.at(error.path, error.message))


def _rules(files: Mapping[str, _File], pack: str, forms: Mapping[str, Form], complaints: list[Complaint]) -> Iterator[Rule]:
    seen: dict[str, str] = {}
    for name, file in files.items():
        path = Path(name)
        if name == "pack.yaml" or path.parts[0] == "forms":
            continue
        if path.stem in seen:
            complaints.append(Complaint(file.path, 1, 1, f"a rule of this name stands in {seen[path.stem]} already"))
        seen[path.stem] = file.path
        model = file.model(RuleFile, complaints)
        if model is not None:
            section = path.parts[0] if len(path.parts) > 1 else ""
            yield _bound(Rule(f"{pack}/{path.stem}", model, file.path, section, marked=file.node), forms.values(), file, complaints)


def _bound(rule: Rule, forms: Iterable[Form], file: _File, complaints: list[Complaint]) -> Rule:
    if rule.file.built_in:
        return rule
    bound = {}
    meant = [form for form in forms if _meet(rule.file.span, (form.first_year, form.last_year))]
    if not meant:
        complaints.append(file.at(("years",), f"no form of this pack is for the years {rule.file.years}"))
    for form in meant:
        try:
            bound[form.id] = bind(rule.file, form)
        except RuleErrors as found:
            told = (file.at(error.path, error.message, error.column) for error in found.errors)
            complaints.extend(complaint for complaint in told if complaint not in complaints)
    return replace(rule, bound=bound)


def _meet(a: tuple[int, int | None], b: tuple[int, int | None]) -> bool:
    return (b[1] is None or a[0] <= b[1]) and (a[1] is None or b[0] <= a[1])
