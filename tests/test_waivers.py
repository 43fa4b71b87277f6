"""The waivers file: where it is found, what is a mistake in it and where, and how one waiver is added to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from govreport_check.beside import WAIVERS as FILE_NAME
from govreport_check.beside import waivers_beside
from govreport_check.errors import UsageError
from govreport_check.marked import parse_yaml, plain
from govreport_check.waivers import SCHEMA, Fault, WaiverSpec, add_waiver, read_waivers, waivers_of

HEAD = f"schema: {SCHEMA}\nwaivers:\n"
GOOD = "- {finding: 3f9a2c7d5e1b8a04, rule: requests-balance, reason: 机构改革, by: 李四, until: 2026-12-31}\n"
SPEC = WaiverSpec(finding="0011223344556677", rule="cn-disclosure/requests-balance", reason="并入 “新区”: \\ #1", until="2027-01-31")


def faults(text: str) -> list[tuple[int, int, str]]:
    return [(fault.line, fault.column, fault.en) for fault in waivers_of(text.encode(), "w.yaml").faults]


def named(text: str) -> list[str]:
    return [waiver.spec.finding for waiver in waivers_of(text.encode(), "w.yaml").waivers]


# --- read ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [HEAD + GOOD, GOOD, "\ufeff" + HEAD + GOOD, HEAD.replace("\n", "\r\n") + GOOD])
def test_a_waiver_is_read_with_its_place(text: str) -> None:
    (waiver,) = waivers_of(text.encode(), "w.yaml").waivers
    assert waiver.spec.model_dump(exclude_none=True) == {
        "finding": "3f9a2c7d5e1b8a04",
        "rule": "requests-balance",
        "reason": "机构改革",
        "by": "李四",
        "until": "2026-12-31",
    }
    assert (waiver.line, waiver.column) == (text.replace("\ufeff", "").count("\n"), 3)


@pytest.mark.parametrize("text", ["", "# nothing yet\n", HEAD, HEAD.replace(":\n", ": []\n"), "[]"])
def test_no_waivers_are_no_mistake(text: str) -> None:
    assert waivers_of(text.encode(), "w.yaml").waivers == ()


@pytest.mark.parametrize("digits", ["0012345678901234", "12345678", "12345678e1234567", "1234567E12", "3F9A2C7D"])
def test_a_fingerprint_that_looks_like_a_number_is_read_as_it_stands(digits: str) -> None:
    assert named(f"{HEAD}- finding: {digits}\n  reason: x\n  until: 2026-12-31\n") == [digits.lower()]


def entry(**keys: str) -> str:
    stated = {"finding": "3f9a2c7d5e1b8a04", "reason": "x", "until": "2026-12-31", **keys}
    return HEAD + "- {" + ", ".join(f"{key}: {value}" for key, value in stated.items() if value != "-") + "}\n"


@pytest.mark.parametrize(
    ("text", "at"),
    [
        (entry(reason="-"), (3, 3)),
        (entry(until="-"), (3, 3)),
        (entry(finding="-"), (3, 3)),
        (entry(reason="''"), (3, 39)),
        (entry(reason="2024"), (3, 39)),
        (entry(until="2026-02-30"), (3, 49)),
        (entry(until="20261231"), (3, 49)),
        (entry(until="'2026-12-31T00:00:00'"), (3, 49)),
        (entry(finding="3f9a2c7"), (3, 13)),
        (entry(finding="3f9a2c7d5e1b8a049"), (3, 13)),
        (entry(finding="requests"), (3, 13)),
        (entry(finding="[a]"), (3, 13)),
        (entry(untill="2026-12-31"), (3, 61)),
        (entry(until="2026-12-31, until: 2027-12-31"), (3, 61)),
        (entry(year="昨年"), (3, 67)),
        (HEAD + "- 3f9a2c7d5e1b8a04\n", (3, 3)),
        (HEAD + "  finding: 3f9a2c7d5e1b8a04\n", (3, 3)),
        (HEAD.replace("/1", "/2") + GOOD, (1, 9)),
        (HEAD.partition("\n")[2] + GOOD, (1, 1)),
        (HEAD + GOOD + "more: 1\n", (4, 1)),
        ("some words\n", (1, 1)),
        (HEAD + "- {finding: [\n", (4, 1)),
    ],
)
def test_every_mistake_has_its_place_and_waives_nothing(text: str, at: tuple[int, int]) -> None:
    assert [fault[:2] for fault in faults(text)] == [at]
    assert named(text) == []


def test_all_mistakes_are_told_at_once_and_good_ones_still_hold() -> None:
    text = entry(reason="-", until="soon") + "- {finding: ffffffff}\n" + GOOD
    assert [fault[0] for fault in faults(text)] == [3, 3, 4, 4]
    assert named(text) == ["3f9a2c7d5e1b8a04"]


def test_one_finding_is_waived_once() -> None:
    text = HEAD + GOOD + "- {finding: 3f9a2c7d, reason: again, until: 2030-12-31}\n"
    assert named(text) == ["3f9a2c7d5e1b8a04"]
    ((line, column, said),) = faults(text)
    assert (line, column) == (4, 3)
    assert "line 3" in said


def test_another_encoding_is_told() -> None:
    found = waivers_of((HEAD + GOOD).encode("gb18030"), "w.yaml")
    assert found.waivers == ()
    assert isinstance(found.faults[0], Fault)


def test_a_file_that_is_not_there_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        read_waivers(tmp_path / "no.yaml")


# --- found ---------------------------------------------------------------------------------------------------------------------


def put(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE_NAME
    path.write_text(HEAD, encoding="utf-8")
    return path


def test_the_nearest_file_up_to_the_working_folder_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = tmp_path / "work"
    report = work / "a" / "b" / "report.txt"
    report.parent.mkdir(parents=True)
    monkeypatch.chdir(work)
    put(tmp_path)
    assert waivers_beside(report) is None
    put(work)
    assert waivers_beside(report) == Path(FILE_NAME)
    assert waivers_beside(Path("a/b/report.txt")) == Path(FILE_NAME)
    put(report.parent)
    assert waivers_beside(report) == Path("a", "b", FILE_NAME)


def test_a_repository_ends_the_search(tmp_path: Path) -> None:
    (tmp_path / "repo" / ".git").mkdir(parents=True)
    report = tmp_path / "repo" / "2024" / "report.txt"
    put(tmp_path)
    assert waivers_beside(report, tmp_path / "elsewhere") is None
    assert waivers_beside(report, tmp_path / "elsewhere") != put(tmp_path / "repo") == waivers_beside(report, tmp_path / "elsewhere")


def test_outside_of_both_only_the_own_folder_counts(tmp_path: Path) -> None:
    report = tmp_path / "a" / "report.txt"
    put(tmp_path)
    assert waivers_beside(report, tmp_path / "elsewhere") is None
    assert waivers_beside(report, tmp_path / "elsewhere") != put(tmp_path / "a") == waivers_beside(report, tmp_path / "elsewhere")


# --- added to ------------------------------------------------------------------------------------------------------------------

BLOCK = "- finding: 3f9a2c7d5e1b8a04  # 见会议纪要\n  reason: >-\n    机构\n    改革\n  until: 2026-12-31\n"


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "# 只有说明\n",
        HEAD,
        HEAD + GOOD,
        HEAD + GOOD.rstrip("\n"),
        HEAD + BLOCK + "# 结束\n\n",
        HEAD + "  " + GOOD,
        (HEAD + BLOCK).replace("\n", "\r\n"),
        "\ufeff" + HEAD + GOOD,
        GOOD,
        f"waivers:\n{GOOD}"[9:],
        f"---\n{HEAD}{GOOD}",
    ],
)
def test_what_stands_in_the_file_stays_byte_for_byte(text: str | None, tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    before = b"" if text is None else text.encode()
    if text is not None:
        path.write_bytes(before)
    known = named(text or "")
    add_waiver(path, SPEC)
    after = path.read_bytes()
    assert after.startswith(before)
    assert (b"\r\n" in before) == (b"\r\n" in after)
    assert b"\n" not in after.replace(b"\r\n", b"") or b"\r\n" not in before
    found = read_waivers(path)
    assert found.faults == ()
    assert [waiver.spec.finding for waiver in found.waivers] == [*known, SPEC.finding]
    assert found.waivers[-1].spec == SPEC


@pytest.mark.parametrize(
    "text", [HEAD.rstrip(":\n") + f": [{GOOD[2:].strip()}]\n", f"waivers:\n{GOOD}schema: {SCHEMA}\n", HEAD + GOOD + "...\n"]
)
def test_where_nothing_can_be_added_the_file_is_left_alone(text: str, tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    path.write_text(text, encoding="utf-8")
    assert named(text) != []
    with pytest.raises(UsageError, match="by hand"):
        add_waiver(path, SPEC)
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("finding", [SPEC.finding, SPEC.finding[:8]])
def test_a_finding_is_not_waived_twice(finding: str, tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    add_waiver(path, SPEC)
    before = path.read_bytes()
    with pytest.raises(UsageError, match=f"{FILE_NAME}:3"):
        add_waiver(path, SPEC.model_copy(update={"finding": finding}))
    assert path.read_bytes() == before


def test_nothing_is_added_to_a_file_with_mistakes(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    path.write_text(entry(until="soon"), encoding="utf-8")
    with pytest.raises(UsageError, match=f"{FILE_NAME}:3:49"):
        add_waiver(path, SPEC)


@pytest.mark.parametrize("reason", ['"', "a: b # c", "多\n行\t文", "- x", "’“\\", "\x7f\x85\u2028", "{a}", "null", "2024"])
def test_any_reason_is_kept_or_refused(reason: str, tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    spec = SPEC.model_copy(update={"reason": reason})
    try:
        add_waiver(path, spec)
    except UsageError:
        assert not path.exists()
    else:
        assert [waiver.spec.reason for waiver in read_waivers(path).waivers] == [reason]


def test_what_is_written_is_what_the_contract_says(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    add_waiver(path, SPEC.model_copy(update={"agency": "云岭县人民政府", "year": 2024}))
    assert plain(parse_yaml(path.read_text(encoding="utf-8"))) == {
        "schema": SCHEMA,
        "waivers": [{**SPEC.model_dump(exclude_none=True), "agency": "云岭县人民政府", "year": 2024}],
    }
