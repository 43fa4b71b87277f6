"""The published reports beside the project, each checked once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from published import DOCUMENTS, Checked

from govreport_check import Result, check


@pytest.fixture(scope="session")
def document(shared: Path) -> Callable[[str], Path]:
    """Where a document of ``DOCUMENTS`` lies."""
    return lambda name: shared / DOCUMENTS[name]


@pytest.fixture(scope="session")
def checked(document: Callable[[str], Path]) -> Checked:
    """``checked(name, prior=None, profile=None, fail_on="error", about=())``: what the pack says of a document; done once a question."""

    @cache
    def of(
        name: str, prior: str | None = None, profile: str | None = None, fail_on: str = "error", about: tuple[tuple[str, str], ...] = ()
    ) -> Result:
        before = document(prior) if prior else None
        return check(document(name), prior=before, profile=profile, fail_on=fail_on, about=dict(about) or None)  # type: ignore[arg-type]

    return of


@pytest.fixture(scope="session")
def clean(root: Path) -> str:
    """The text of the example that no rule finds fault with."""
    return (root / "docs" / "examples" / "yunling-2024.txt").read_text(encoding="utf-8")
