"""A roster of units: facts that reports do not state (level, kind, day of publication), by file, from a CSV table."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from govreport_check.errors import Complaint, PackError, UsageError

COLUMNS = ("unit", "level", "kind", "parent", "scope", "file", "published_on", "prior")
LEVELS = ("state", "province", "prefecture", "county", "township")
KINDS = ("government", "office", "department", "vertical")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Unit:
    """One line of a roster; ``file`` and ``prior`` are paths beside the roster."""

    name: str
    file: Path | None
    prior: Path | None
    about: Mapping[str, Any] = field(default_factory=dict)


def read_roster(path: Path) -> list[Unit]:
    """The units of a CSV roster (UTF-8 or GB18030) with the columns of :data:`COLUMNS`; ``unit`` and ``file`` are obligatory.

    Raises PackError with every mistake, each with its row and column, UsageError when the file cannot be read.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    rows = csv.DictReader(io.StringIO(_decoded(raw, path)))
    names = [name.strip() for name in rows.fieldnames or ()]
    complaints = [Complaint(str(path), 1, names.index(name) + 1, f"unknown column {name}") for name in names if name not in COLUMNS]
    complaints += [Complaint(str(path), 1, 1, f"the column {name} is missing") for name in ("unit", "file") if name not in names]
    units = [_unit(row, i, path, names, complaints) for i, row in enumerate(rows, 2)]
    files = [unit.file for unit in units if unit.file]
    doubled = {file for file in files if files.count(file) > 1}
    complaints += [Complaint(str(path), 1, 1, f"{file} stands for more than one unit") for file in sorted(doubled)]
    if complaints:
        raise PackError(complaints)
    return units


def _decoded(raw: bytes, path: Path) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UsageError(f"{path} is encoded neither in UTF-8 nor in GB18030; save it as UTF-8")


def _unit(row: Mapping[str, str | None], line: int, path: Path, names: list[str], complaints: list[Complaint]) -> Unit:
    cells = {str(name).strip(): (value or "").strip() for name, value in row.items() if isinstance(value, str) or value is None}
    for name, allowed in (("level", LEVELS), ("kind", KINDS)):
        if cells.get(name) and cells[name] not in allowed:
            message = f"{name} {cells[name]} is none of {', '.join(allowed)}"
            complaints.append(Complaint(str(path), line, names.index(name) + 1, message))
    day = cells.get("published_on", "")
    if day and not _DAY.fullmatch(day):
        complaints.append(Complaint(str(path), line, names.index("published_on") + 1, f"{day} is not a day like 2025-01-31"))
    about = {name: cells[name] for name in ("level", "kind", "scope", "published_on") if cells.get(name)}
    files = [path.parent / cells[name] if cells.get(name) else None for name in ("file", "prior")]
    return Unit(cells.get("unit", ""), files[0], files[1], about)


def unit_of(units: list[Unit], source: Path) -> Unit | None:
    """The unit whose file ``source`` is."""
    return next((unit for unit in units if unit.file is not None and unit.file.resolve() == source.resolve()), None)
