"""Findings excused by name: the waivers file (``govreport-waivers/1``), found, read with the place of every mistake, and added to."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError, field_validator

from govreport_check.errors import UsageError
from govreport_check.expr.names import unknown
from govreport_check.form_file import Strict
from govreport_check.marked import MarkedError, Node, find, find_key, parse_yaml, plain, repeated

SCHEMA = "govreport-waivers/1"
SHORTEST = 8
"""How many digits of a fingerprint name a finding at least."""

_FINGERPRINT = re.compile(rf"[0-9a-f]{{{SHORTEST},16}}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class WaiverSpec(Strict):
    """One waiver as it is written. ``agency`` and ``year`` say whose report it is for, so that other reports need not miss it."""

    finding: str
    rule: str | None = None
    reason: str
    by: str | None = None
    until: str
    agency: str | None = None
    year: int | None = None

    @field_validator("finding")
    @classmethod
    def _names_a_finding(cls, finding: str) -> str:
        if not _FINGERPRINT.fullmatch(finding.lower()):
            raise ValueError(f"a fingerprint is {SHORTEST} to 16 hexadecimal digits")
        return finding.lower()

    @field_validator("reason")
    @classmethod
    def _says_something(cls, reason: str) -> str:
        if not reason.strip():
            raise ValueError("a reason is given")
        return reason.strip()

    @field_validator("until")
    @classmethod
    def _is_a_day(cls, until: str) -> str:
        if not _DAY.fullmatch(until):
            raise ValueError("a day is written 2026-12-31")
        date.fromisoformat(until)
        return until


@dataclass(frozen=True, slots=True)
class Waiver:
    """A waiver that can be used; the last day is inclusive. ``line`` and ``column`` count from one."""

    spec: WaiverSpec
    line: int
    column: int

    @property
    def until(self) -> date:
        return date.fromisoformat(self.spec.until)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a waivers file, at a place in it, in Chinese and English."""

    line: int
    column: int
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Waivers:
    """A waivers file: what can be used of it, and what is wrong with the rest, which waives nothing."""

    source: str
    waivers: tuple[Waiver, ...] = ()
    faults: tuple[Fault, ...] = ()


# --- found ---------------------------------------------------------------------------------------------------------------------


# --- read ----------------------------------------------------------------------------------------------------------------------


def read_waivers(path: Path) -> Waivers:
    """The waivers of a file; mistakes in it are faults, so that a check can tell them. Raises UsageError when it cannot be opened."""
    return waivers_of(_bytes(path), str(path))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None


@lru_cache(maxsize=64)
def waivers_of(raw: bytes, source: str) -> Waivers:
    """The waivers in the bytes of a file called ``source``."""
    try:
        text = raw.decode("utf-8-sig")
        root = parse_yaml(text)
    except UnicodeDecodeError as error:
        return Waivers(source, (), (Fault(1, 1, "文件不是UTF-8编码", f"not UTF-8 (byte {error.start})"),))
    except MarkedError as error:
        return Waivers(source, (), (Fault(error.line, error.column, "不是有效的YAML", error.message),))
    faults = list(_faults_of_head(root))
    if faults:
        return Waivers(source, (), tuple(faults))
    lines = text.split("\n")
    waivers: list[Waiver] = []
    for node in _entries(root):
        found = list(_faults_of(node, lines))
        if not found:
            waiver = Waiver(_spec(node, lines), node.line, node.column)
            found = list(_doubled(waiver, waivers))
            waivers += [] if found else [waiver]
        faults += found
    return Waivers(source, tuple(waivers), tuple(faults))


def _entries(root: Node) -> list[Node]:
    listed = root if root.kind == "list" else root.get("waivers")
    return [node for _, node in listed.items] if listed is not None else []


def _faults_of_head(root: Node) -> Iterator[Fault]:
    """What makes the whole file unusable. A list alone is taken as the waivers; an empty file has none."""
    if root.kind == "list" or (root.kind == "scalar" and root.scalar is None):
        return
    if root.kind != "map":
        yield Fault(root.line, root.column, "文件应为豁免清单", "a waivers file is a list of waivers")
        return
    schema, listed = root.get("schema"), root.get("waivers")
    if schema is None or schema.scalar != SCHEMA:
        at = schema or root
        yield Fault(at.line, at.column, f"应写明 schema: {SCHEMA}", f"schema: {SCHEMA} is expected")
    for key, _ in root.items:
        if isinstance(key, Node) and key.scalar not in ("schema", "waivers"):
            yield Fault(key.line, key.column, f"没有“{key.scalar}”这一项", unknown(str(key.scalar), ["schema", "waivers"], what="key"))
    if listed is not None and listed.kind != "list" and not (listed.kind == "scalar" and listed.scalar is None):
        yield Fault(listed.line, listed.column, "waivers 应为清单", "waivers is a list")
    yield from (_twice(key) for key in repeated(Node("map", None, root.items, 1, 1)) if key.scalar in ("schema", "waivers"))


def _twice(key: Node) -> Fault:
    return Fault(key.line, key.column, f"“{key.scalar}”重复填写", f"the key {key.scalar} stands twice")


def _faults_of(node: Node, lines: list[str]) -> Iterator[Fault]:
    if node.kind != "map":
        yield Fault(node.line, node.column, "每项豁免应写明 finding、reason、until", "a waiver is a mapping with finding, reason and until")
        return
    yield from (_twice(key) for key in repeated(node))
    try:
        _spec(node, lines)
    except ValidationError as error:
        yield from (_fault(node, one) for one in error.errors(include_url=False))


def _spec(node: Node, lines: list[str]) -> WaiverSpec:
    stated = plain(node)
    finding = node.get("finding")
    if isinstance(stated, dict) and finding is not None and finding.kind == "scalar" and not isinstance(finding.scalar, str):
        # A fingerprint without quotes may look like a number: 0012345678901234, 12345e67.
        word = re.match(r"[0-9A-Za-z+.]*", lines[finding.line - 1][finding.column - 1 :])
        stated["finding"] = word[0] if word else ""
    return WaiverSpec.model_validate(stated)


_WANTED = {
    "finding": (
        f"finding 应为问题标识的{SHORTEST}至16位（0—9、a—f）",
        f"finding: {SHORTEST} to 16 hexadecimal digits of a fingerprint are expected",
    ),
    "reason": ("reason 应写明理由", "reason: a reason is expected"),
    "until": ("until 应为实有的日期，如 2026-12-31", "until: a day of the calendar is expected, such as 2026-12-31"),
    "year": ("year 应为年份，如 2024", "year: a year is expected, such as 2024"),
}


def _fault(node: Node, error: Any) -> Fault:
    key = str(error["loc"][0])
    if error["type"] == "missing":
        return Fault(node.line, node.column, f"缺少 {key}", f"{key} is missing")
    if error["type"] == "extra_forbidden":
        at = find_key(node, (key,))
        return Fault(at.line, at.column, f"没有“{key}”这一项", unknown(key, list(WaiverSpec.model_fields), what="key"))
    at = find(node, (key,))
    zh, en = _WANTED.get(key, (f"{key} 应为文字", f"{key}: text is expected"))
    return Fault(at.line, at.column, zh, en)


def _doubled(waiver: Waiver, earlier: list[Waiver]) -> Iterator[Fault]:
    same = same_finding(waiver.spec.finding, earlier)
    if same is not None:
        yield Fault(waiver.line, waiver.column, f"与第{same.line}行豁免的是同一问题", f"the finding is waived in line {same.line} already")


def same_finding(fingerprint: str, waivers: list[Waiver] | tuple[Waiver, ...]) -> Waiver | None:
    """The waiver that means the same finding, as far as the shorter fingerprint tells."""
    return next((one for one in waivers if one.spec.finding.startswith(fingerprint) or fingerprint.startswith(one.spec.finding)), None)


# --- added to ------------------------------------------------------------------------------------------------------------------


def add_waiver(path: Path, spec: WaiverSpec) -> None:
    """Append a waiver to a file, which is made when it is not there; what stands in it stays byte for byte.

    Raises UsageError when the finding is waived in it already, when it is malformed, cannot be read or written, or when nothing can be
    added at its end.
    """
    raw = _bytes(path) if path.exists() else b""
    present = waivers_of(raw, str(path))
    if present.faults:
        first = present.faults[0]
        raise UsageError(f"{path}:{first.line}:{first.column}: {first.en}; correct the file first")
    known = same_finding(spec.finding, present.waivers)
    if known is not None:
        raise UsageError(
            f"{path}:{known.line}: the finding {known.spec.finding} is waived already (until {known.spec.until}); change it there"
        )
    try:
        added = _addition(raw.decode("utf-8-sig"), spec).encode()
    except (UnicodeError, MarkedError, ValueError) as error:
        raise UsageError(f"{path}: no waiver can be added at its end ({error}); correct the file, or add the waiver by hand") from None
    try:
        with path.open("ab") as file:
            file.write(added)
    except OSError as error:
        raise UsageError(f"{path} could not be written: {error.strerror}") from None


def _addition(text: str, spec: WaiverSpec) -> str:
    """What is to be written behind ``text``. Raises ValueError unless the file then says what it said, and this waiver."""
    before = parse_yaml(text)
    empty = before.kind == "scalar" and before.scalar is None
    head = [f"schema: {SCHEMA}", "waivers:"] if empty else []
    values = spec.model_dump(exclude_none=True)
    entry = [f"{name}: {value if name == 'year' else json.dumps(value, ensure_ascii=False)}" for name, value in values.items()]
    dash = _dash(_entries(before), text.split("\n"))
    lines = [*head, f"{dash}- {entry[0]}", *(f"{dash}  {line}" for line in entry[1:])]
    newline = "\r\n" if "\r\n" in text else "\n"
    lead = newline if text and not text.endswith("\n") else ""
    added = lead + "".join(line + newline for line in lines)
    if _said(parse_yaml(text + added)) != [*_said(before), values]:
        raise ValueError("its list of waivers does not end it")
    return added


def _dash(entries: list[Node], lines: list[str]) -> str:
    """The white space before the last entry of a list."""
    match = re.match(r"( *)- ", lines[entries[-1].line - 1]) if entries else None
    return match[1] if match else ""


def _said(root: Node) -> list[object]:
    return [plain(node) for node in _entries(root)]


def waiver_of(stated: Mapping[str, object]) -> WaiverSpec:
    """A waiver as a person states it. Raises UsageError with everything that is wrong with it."""
    try:
        return WaiverSpec.model_validate(dict(stated))
    except ValidationError as error:
        nothing = Node("map", None, (), 1, 1)
        raise UsageError("; ".join(_fault(nothing, one).en for one in error.errors(include_url=False))) from None
