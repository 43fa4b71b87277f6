"""The form and the reports that the readers are tried on."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from reader_reports import FORM, ROOT, YUNLING

from govreport_check.form import Form


@pytest.fixture(scope="session")
def form() -> Form:
    return FORM


@pytest.fixture(scope="session")
def yunling() -> str:
    """A clean report, tables between tabs."""
    return YUNLING


@pytest.fixture(scope="session")
def figures() -> dict[str, Any]:
    """The figures of that report."""
    text = (ROOT / "docs" / "examples" / "yunling-2024.json").read_text(encoding="utf-8")
    return dict(json.loads(text, parse_float=Decimal)["tables"])
