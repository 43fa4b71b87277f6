"""A server for the tests: in this process for what it answers, as a process of its own for who may ask."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from browser import chromium
from serving import TOKEN, Serving, application_for, in_this_process, started

pytest.importorskip("starlette")


@pytest.fixture(scope="session")
def page() -> Iterator[Serving]:
    """A server in this process, with a client that has its token."""
    with in_this_process(application_for()) as serving:
        yield serving


@pytest.fixture(scope="module")
def process() -> Iterator[Serving]:
    """``govreport serve`` as a process at a free port."""
    with started("--no-browser", token=TOKEN) as serving:
        yield serving


driver = pytest.fixture(scope="session")(chromium)


@pytest.fixture(scope="session")
def address(driver: Any) -> Iterator[str]:
    """Of a server as clerks have it, with its token; asks for the browser first, which may not be there."""
    with started("--no-browser", "--lang", "zh") as serving:
        yield f"{serving.address}#token={serving.client.headers['X-Govreport-Token']}&lang=zh"
