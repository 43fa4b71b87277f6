"""The made-up county of sixty units with its faults, and its season, made once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from made_county import County, make_county

from govreport_check.roster import read_roster
from govreport_check.season.check import check_season
from govreport_check.season.model import Season
from govreport_check.season.taking import Reading

Reviewed = Callable[..., Season]


@pytest.fixture(scope="session")
def reviewed() -> Reviewed:
    """The season of a county's files; ``how`` are arguments of ``check_season``."""

    def season_of(county: County, **how: Any) -> Season:
        units = read_roster(county.roster, needs=("unit",), whole=True)
        return check_season(units, [(path, path.name) for path in sorted(county.folder.iterdir())], packs=["cn-disclosure"], **how)

    return season_of


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> County:
    return make_county(tmp_path_factory.mktemp("county"))


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the county's reports are kept once they are read."""
    return tmp_path_factory.mktemp("season") / "kept"


@pytest.fixture(scope="session")
def season(county: County, reviewed: Reviewed, kept: Path) -> Season:
    return reviewed(county, reading=Reading(kept=kept))
