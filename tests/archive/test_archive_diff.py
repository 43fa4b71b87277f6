"""Two versions of a rule set on one archive: exactly what the change does."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from archived_reports import alone

from govreport_check import UsageError
from govreport_check.archive.comparing import GONE, NEW, changes
from govreport_check.archive.running import added_up, build, diff_archive, engine_of, rules_of
from govreport_check.pack import Pack, pack_to_check, rules_folder
from govreport_check.selection import Options

pytest.importorskip("pyarrow")

PLANTED = [
    # pack, file, what stands there, what the next version says
    ("cn-disclosure", "requests/requests-result-total.yaml", "== requests[result_total, who]\n", "<= requests[result_total, who]\n"),
    ("cn-disclosure", "plausibility/stock-newly-begun.yaml", "severity: note", "severity: warning"),
    ("us-foia", "v-requests/requests-balance.yaml", "== requests[who, pending_end]\n", "!= requests[who, pending_end]\n"),
]


def changed_pack(name: str, file: str, old: str, new: str, folder: Path) -> Path:
    target = Path(shutil.copytree(rules_folder() / name, folder / name))
    text = (target / file).read_text(encoding="utf-8")
    assert text.count(old) == 1
    (target / file).write_text(text.replace(old, new), encoding="utf-8")
    return target


@pytest.fixture(scope="module")
def archive(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Path]]:
    """The figures and some of the FOIA sample."""
    figures = sorted((shared / "cn" / "figures").glob("*.json"))
    agencies = sorted((shared / "us-foia" / "sample").rglob("*.xml"), key=lambda path: path.stat().st_size)[:10]
    root = tmp_path_factory.mktemp("archive") / "a"
    with engine_of("local", 1) as run:
        assert added_up(build(root, [*figures, *agencies], run)).added == len(figures) + 10
    return root, [*figures, *agencies]


def said(paths: list[Path], pack: Pack, rule: str) -> set[tuple[object, ...]]:
    return {(str(path), line[0], line[3], line[1], line[2]) for path in paths for line in alone(path, pack, [rule])}


@pytest.mark.shared
@pytest.mark.parametrize(("name", "file", "old", "new"), PLANTED, ids=[one[1] for one in PLANTED])
def test_a_planted_change_is_told_exactly(
    archive: tuple[Path, list[Path]], tmp_path: Path, name: str, file: str, old: str, new: str
) -> None:
    root, every = archive
    paths = [path for path in every if (path.suffix == ".xml") == (name == "us-foia")]
    folder, rule = changed_pack(name, file, old, new, tmp_path), Path(file).stem
    with engine_of("local", 1) as run:
        batches = list(diff_archive(root, rules_of(name), rules_of(folder), run, Options(select=(f"{name}/{rule}",))))
    rows = [row for batch in batches for row in batch.to_pylist()]
    told = {
        word: {(r["source"], r["rule"], r["at"], r["outcome"], r["severity"]) for r in rows if r["change"] == word} for word in (NEW, GONE)
    }
    before, after = said(paths, pack_to_check(name), rule), said(paths, pack_to_check(folder), rule)
    assert (told[NEW], told[GONE]) == (after - before, before - after)
    assert told[NEW] | told[GONE]
    summed = changes(batches)
    assert sum(one.findings for one in summed) == len(rows)
    assert {one.rule for one in summed} == {f"{name}/{rule}"}


@pytest.mark.shared
def test_the_same_rules_say_the_same(archive: tuple[Path, list[Path]]) -> None:
    with engine_of("local", 1) as run:
        assert changes(diff_archive(archive[0], rules_of("cn-disclosure"), rules_of("cn-disclosure"), run)) == []


@pytest.mark.shared
def test_packs_for_other_forms_are_said(archive: tuple[Path, list[Path]]) -> None:
    with engine_of("local", 1) as run, pytest.raises(UsageError, match="do not both have the form"):
        list(diff_archive(archive[0], rules_of("cn-disclosure"), rules_of("us-foia"), run))
