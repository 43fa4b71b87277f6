"""What can go wrong that is not the report's fault.

One hierarchy: everything this package raises on purpose is a :class:`GovreportError`. A bad report never raises; it gives findings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Complaint:
    """One mistake in a rule, form or pack file, with the place where it stands.

    ``line`` and ``column`` count from one, columns in characters; 0 where the whole file is meant.
    """

    source: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.source}:{self.line}:{self.column}: {self.message}"


class GovreportError(Exception):
    """Base of every error that this package raises on purpose."""


class PackError(GovreportError):
    """Rule, form or pack files that cannot be used: every complaint about all of them at once, in file order."""

    def __init__(self, complaints: Sequence[Complaint]) -> None:
        self.complaints: tuple[Complaint, ...] = tuple(sorted(complaints))
        super().__init__("\n".join(str(complaint) for complaint in self.complaints))

    def __reduce__(self) -> tuple[type[PackError], tuple[tuple[Complaint, ...]]]:
        return type(self), (self.complaints,)


class SourceError(GovreportError):
    """A report that could not be read at all (empty, binary, wrongly encoded, not there). ``str()`` is one line with its next step.

    ``zh`` says the same in Chinese, for findings in that language.
    """

    def __init__(self, source: str, reason: str, zh: str = "") -> None:
        self.source = source
        self.reason = reason
        self.zh = zh or reason
        super().__init__(f"{source}: {reason}")

    def told(self, lang: str) -> str:
        return self.reason if lang == "en" else self.zh

    def __reduce__(self) -> tuple[type[SourceError], tuple[str, str, str]]:
        return type(self), (self.source, self.reason, self.zh)


class UsageError(GovreportError):
    """A call that cannot be carried out as given: an unknown pack, rule, format or language."""
