"""What a pack says of a season: its figures are right, its days are those of its rules, its mistakes are told when it is loaded."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from some_reports import EXAMPLES, YUNLING, changed

from govreport_check import check
from govreport_check.errors import PackError
from govreport_check.pack import load_pack, rules_folder
from govreport_check.recognition import known_report
from govreport_check.season.figures import figures_of
from govreport_check.season.model import KeyFigure

PACK = load_pack("cn-disclosure")
DUE = [(level, kind, spec.day) for spec in PACK.season.due for level in spec.level or ["county"] for kind in spec.kind or ["government"]]


def figures(source: object) -> dict[str, KeyFigure]:
    found = known_report(source, [PACK])  # type: ignore[arg-type]
    return {one.id: one for one in figures_of([found.report], found.form, PACK)[0]}


def test_key_figures_are_those_of_the_report() -> None:
    found = {name: one.value for name, one in figures(EXAMPLES / "yunling-2024.txt").items()}
    assert found == {
        "received": "108",
        "carried_over": "7",
        "completed": "109",
        "carried_forward": "6",
        "otherwise": "1.8349",  # 2 of 109
        "reviews": "9",
        "corrected": "1",
        "litigation": "6",
        "in_force": "83",
        "fee_cases": "2",
        "fee_amount": "620",
    }


@pytest.mark.parametrize(("raw", "state"), [("1?2", "unreadable"), ("", "blank"), (..., "absent"), ("约108", "rounded")])
def test_a_figure_that_is_not_known_says_why(raw: object, state: str) -> None:
    found = figures(changed(YUNLING, {("requests", "new_received", "total"): raw}))
    assert (found["received"].value, found["received"].state) == (None, state)
    assert found["reviews"].value == "9"


def test_what_the_form_of_the_year_does_not_ask_is_absent() -> None:
    form = PACK.forms["cn-disclosure/2019"]
    found = known_report({"schema": "govreport-report/1", "form": form.id, "about": {"year": 2020}, "tables": {}}, [PACK])
    states = {one.id: one.state for one in figures_of([found.report], form, PACK)[0]}
    assert states["in_force"] == "absent"


@pytest.mark.parametrize(("level", "kind", "day"), DUE)
def test_the_days_of_the_season_are_those_of_the_rules(level: str, kind: str, day: str) -> None:
    due = date.fromisoformat(f"2025-{day}")

    def told(published: date) -> set[str]:
        about = {"level": level, "kind": kind, "published_on": published.isoformat()}
        result = check(YUNLING, packs=["cn-disclosure"], about=about, select=["timeliness", "deadline-office"])
        return {one.rule for one in result.findings if "deadline" in one.rule}

    assert told(due) == set()
    assert len(told(due + timedelta(days=1))) == 1


def pack_with(folder: Path, old: str, new: str) -> Path:
    shutil.copytree(rules_folder() / "cn-disclosure", folder / "pack")
    file = folder / "pack" / "pack.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder / "pack"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("rules: [disputes]", "rules: [disputs]", "disputs"),
        ("'requests[new_received, total]'", "'requests[new_recieved, total]'", "new_recieved"),
        ("'requests[new_received, total]'", "'requests[new_received, applicants]'", "several values"),
        ("'disputes[review, total]'", "'disputes[review, total] == 1'", "number"),
        ("day: 01-31", "day: 13-31", "due"),
        ("  endings:", "  ending:", "ending"),
    ],
)
def test_a_mistake_is_told_with_its_line(old: str, new: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(PackError) as caught:
        load_pack(pack_with(tmp_path, old, new))
    complaint = caught.value.complaints[0]
    assert said in complaint.message
    assert complaint.source.endswith("pack.yaml")
    assert complaint.line > 40


def test_a_pack_that_extends_another_has_its_season(tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_text(
        "schema: govreport-pack/1\nid: mine\nversion: '1'\ntitle: {zh: 我, en: mine}\nlanguages: [zh]\nextends: cn-disclosure\n",
        encoding="utf-8",
    )
    assert load_pack(tmp_path).season == PACK.season
