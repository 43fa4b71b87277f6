"""Forms that a report fills in itself: rows and columns from the report, joined across tables and years."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govreport_check import check, check_many, load_pack
from govreport_check.errors import PackError
from govreport_check.findings import Finding
from govreport_check.open_form import expanded, members_of
from govreport_check.readers.structured import read_structured
from govreport_check.readers.written import to_json

PACK = Path(__file__).parent / "open_pack"
FORM = load_pack(PACK).forms["open/1"]
TEXTS = "message: {zh: '{who}', en: '{who}'}\nwhy: {zh: w, en: w}\nfix: {zh: f, en: f}\n"


def pack_with(folder: Path, **rules: str) -> Path:
    """The pack with these rules; each is its keys from ``for`` on."""
    home = folder / "open"
    shutil.copytree(PACK, home, dirs_exist_ok=True)
    for name, text in rules.items():
        given_ = "{tables: {requests: {A: {start: 1}}}}"
        examples = f"examples:\n- {{expect: pass, given: {given_}}}\n- {{expect: fail, given: {given_}}}\n"
        head = f"schema: govreport-rule/1\ntitle: {{zh: {name}, en: {name}}}\nseverity: error\n"
        body = text + ("" if "message:" in text else TEXTS if "who" in text.split("assert")[0] else TEXTS.replace("{who}", "m"))
        (home / f"{name}.yaml").write_text(head + body + examples, encoding="utf-8")
    return home


def report(year: int = 2023, **tables: Any) -> dict[str, Any]:
    return {"schema": "govreport-report/1", "form": "open/1", "about": {"agency": "X", "year": year}, "tables": tables}


def failing(source: dict[str, Any], pack: Path, **options: Any) -> list[tuple[str, str | None]]:
    found = check(source, packs=[pack], **options).findings
    return [(one.rule, one.entity) for one in found if one.outcome == "fail" and one.rule.startswith("open/")]


def row(start: Any, received: Any, processed: Any, end: Any) -> dict[str, Any]:
    return {"start": start, "received": received, "processed": processed, "end": end}


BALANCE = (
    "for: {who: requests.rows}\nassert: requests[who, start] + requests[who, received] - requests[who, processed] == requests[who, end]\n"
)
SUMS = (
    "for: {col: requests.columns}\nassert: requests[overall, col] == sum(requests[components, col])\n"
    "message: {zh: '{col}', en: '{col}'}\nwhy: {zh: w, en: w}\nfix: {zh: f, en: f}\n"
)


def test_rows_and_columns_come_from_the_report() -> None:
    tables = {"requests": {"A": row(1, 2, 3, 0), "S&T, HQ": row(1, 2, 3, 0)}, "reasons": {"A": {"lost": 1, "misfiled": 2, "total": 3}}}
    read = read_structured(report(**tables), FORM, "r")
    form = expanded(FORM, members_of(FORM, read.entities, read.tables))
    assert form.tables["requests"].rows == ("A", "S&T, HQ", "overall")
    assert form.tables["reasons"].columns == ("lost", "misfiled", "total")
    assert form.tables["reasons"].column_groups["why"] == (0, 1)
    assert form.tables["laws"].columns == ("words", "A", "S&T, HQ", "overall")
    assert form.tables["laws"].rows == ()
    assert [remark.rule for remark in read.remarks] == []
    assert read_structured(json.loads(to_json(read)), FORM, "r").tables == read.tables


def test_equal_lists_share_one_form() -> None:
    members = members_of(FORM, {"components": ({"id": "A"},)}, None)
    assert expanded(FORM, members) is expanded(FORM, tuple(members))


def test_a_rule_holds_for_every_member_and_the_overall_row(tmp_path: Path) -> None:
    pack = pack_with(tmp_path, balance=BALANCE)
    tables = {"requests": {"A": row(1, 2, 3, 0), "B": row(1, 2, 3, 1), "overall": row(2, 4, 6, 1)}}
    assert failing(report(**tables), pack) == [("open/balance", "B"), ("open/balance", "overall")]
    finding = next(one for one in check(report(**tables), packs=[pack]).findings if one.entity == "B")
    assert finding.cells[0].address == "requests[B, start]"
    assert finding.cells[0].spot == "Section A, B, column “Start”"
    assert finding.message == "B"


def test_sums_over_members_are_compared_with_the_overall_row(tmp_path: Path) -> None:
    pack = pack_with(tmp_path, sums=SUMS)
    rows = {"A": row(1, 2, 3, 0), "B": row(1, 2, 3, 0)}
    assert failing(report(requests={**rows, "overall": row(2, 4, 6, 0)}), pack) == []
    assert failing(report(requests={**rows, "overall": row(2, 5, 6, 0)}), pack) == [("open/sums", None)]


def test_the_sum_of_no_members_says_nothing(tmp_path: Path) -> None:
    pack = pack_with(tmp_path, sums=SUMS)
    result = check(report(requests={"overall": row(2, 5, 6, 0)}), packs=[pack])
    assert [one.rule for one in result.findings if one.rule.startswith("open/")] == []
    assert result.reports[0].counts.not_applicable == 1


def test_tables_are_joined_by_member(tmp_path: Path) -> None:
    joined = "for: {who: components}\nassert: requests[who, processed] == reasons[who, total]\n"
    pack = pack_with(tmp_path, joined=joined)
    tables = {"requests": {"A": row(0, 3, 3, 0), "B": row(0, 3, 3, 0)}, "reasons": {"B": {"total": 3}, "A": {"total": 2}}}
    assert failing(report(**tables), pack) == [("open/joined", "A")]


def test_what_the_form_says_of_rows_that_are_left_out(tmp_path: Path) -> None:
    zero = "for: {who: components}\nassert: reasons[who, total] > 0\n"
    nothing = "for: {who: components}\nassert: times[who, median] > 5\n"
    pack = pack_with(tmp_path, zero=zero, nothing=nothing)
    tables = {"requests": {"A": row(0, 3, 3, 0), "B": row(0, 3, 3, 0)}, "times": {"A": {"median": "<1", "lowest": "N/A"}}}
    assert failing(report(**tables), pack) == [("open/nothing", "A"), ("open/zero", "A"), ("open/zero", "B")]


def test_listed_columns_add_up(tmp_path: Path) -> None:
    pack = pack_with(tmp_path, listed="for: {who: reasons.rows}\nassert: reasons[who, total] == sum(reasons[who, why])\n")
    reasons = {"A": {"lost": 1, "misfiled": 2, "total": 3}, "B": {"misfiled": 2, "total": 3}, "C": {"total": 0}}
    assert failing(report(reasons=reasons), pack) == [("open/listed", "B")]


def test_columns_by_member_are_summed(tmp_path: Path) -> None:
    pack = pack_with(tmp_path, laws="for: {who: statutes}\nassert: laws[who, overall] == sum(laws[who, counts])\n")
    tables = {"requests": {"A": row(0, 0, 0, 0), "B": row(0, 0, 0, 0)}}
    laws = {"1": {"words": "5 U.S.C.", "A": 1, "B": 2, "overall": 3}, "2": {"words": "5 U.S.C.", "A": 1, "B": 2, "overall": 4}}
    assert failing(report(**tables, laws=laws), pack) == [("open/laws", "2")]


def test_lists_are_ordered_by_date_and_by_days(tmp_path: Path) -> None:
    dates = "for: {who: oldest.rows, day: oldest.dates}\nassert: oldest[who, day] <= oldest[who, next(day)]\n"
    days = "for: {who: oldest.rows, day: oldest.days}\nassert: oldest[who, day] >= oldest[who, next(day)]\n"
    range_ = "for: {who: oldest.rows, day: oldest.dates}\nassert: oldest[who, day] <= date(about.year, 9, 30)\n"
    pack = pack_with(tmp_path, dates=dates, days=days, range=range_)
    good = {"date_1": "2020-01-01", "date_2": "2020-01-01", "date_3": "2021-02-01", "days_1": 30, "days_2": 20, "days_3": 20}
    late = {"date_1": "2020-01-01", "date_2": "2019-12-31", "date_3": "2023-10-01", "days_1": 30, "days_2": 31, "days_3": 20}
    short = {"date_1": "2020-01-01", "days_1": 30, "date_2": "N/A", "days_2": "N/A"}
    found = failing(report(oldest={"A": good, "B": late, "C": short}), pack)
    assert found == [("open/dates", "B"), ("open/days", "B"), ("open/range", "B")]


@pytest.mark.parametrize(
    ("printed", "verdict"), [("2023-02-30", "fail"), ("soon", "undecided"), ("N/A", None), ("0", None), ("2023-02-28", None)]
)
def test_dates_in_tables_are_in_the_calendar(tmp_path: Path, printed: str, verdict: str | None) -> None:
    pack = pack_with(tmp_path, real="for: {who: oldest.rows}\nassert: valid(oldest[who, date_1])\n")
    found = check(report(oldest={"A": {"date_1": printed}}), packs=[pack]).findings
    assert [one.outcome for one in found if one.rule == "open/real"] == ([verdict] if verdict else [])


def test_last_year_is_joined_by_id_and_by_declared_renaming(tmp_path: Path) -> None:
    carried = "for: {who: components}\nassert: requests[who, start] == prior.requests[who, end]\n"
    pack = pack_with(tmp_path, carried=carried)
    before = report(2022, requests={"OLD": row(0, 0, 0, 4), "A": row(0, 0, 0, 5), "GONE": row(0, 0, 0, 9), "LEFT": row(0, 0, 0, 1)})
    now = report(2023, requests={"A": row(5, 0, 0, 5), "NEW": row(3, 0, 0, 3), "BORN": row(7, 0, 0, 7)})
    result = check(now, packs=[pack], prior=before, name="now")
    failed = [one for one in result.findings if one.outcome == "fail" and one.rule == "open/carried"]
    assert [(one.entity, one.left, one.right) for one in failed] == [("NEW", "3", "4")]
    changed = next(one for one in result.findings if one.rule == "form/members-changed")
    assert "LEFT" in changed.message and "BORN" in changed.message
    assert "GONE" not in changed.message and "NEW" not in changed.message


def test_last_years_figure_has_its_own_place(tmp_path: Path) -> None:
    pack = pack_with(tmp_path, carried="for: {who: components}\nassert: requests[who, start] == prior.requests[who, end]\n")
    for name, year, end in (("old.json", 2022, 4), ("new.json", 2023, 3)):
        (tmp_path / name).write_text(json.dumps(report(year, requests={"A": row(3, 0, 0, end)}), indent=1), encoding="utf-8")
    finding = next(
        one for one in check(tmp_path / "new.json", packs=[pack], prior=tmp_path / "old.json").findings if one.rule == "open/carried"
    )
    last = next(cell for cell in finding.cells if cell.address.startswith("prior."))
    assert Path(last.place.source or "").name == "old.json"
    assert last.place.line is not None
    assert last.value == "4"
    assert "old.json" in last.spot


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("for: {who: components}\nassert: requests[who, start] == requests[next(who), start]\n", "no order"),
        ("for: {who: componets}\nassert: requests[who, start] >= 0\n", "did you mean components"),
        ("for: {who: components}\nassert: requests[components, start] >= 0\n", "several values"),
        ("for: {who: components}\nassert: oldest[who, date_1] >= 0\n", "compared with"),
        ("for: {who: oldest.rows, c: oldest.columns}\nassert: oldest[who, c] >= 0\n", "columns of one kind"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(PackError) as raised:
        load_pack(pack_with(tmp_path, bad=text))
    assert told in str(raised.value)


FIGURES = st.integers(0, 3) | st.sampled_from(["?", "N/A", None])
ROWS = st.dictionaries(st.sampled_from(["A", "B", "C", "overall"]), st.builds(row, FIGURES, FIGURES, FIGURES, FIGURES), max_size=4)


def told(findings: list[Finding]) -> list[tuple[str, str, str, str]]:
    return [(one.rule, one.outcome, one.fingerprint, one.message) for one in findings]


@settings(max_examples=60, deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=4))
def test_one_is_many_whatever_they_list(many: list[dict[str, Any]]) -> None:
    pack = PACKS["both"]
    reports = [report(2000 + i, requests=rows) for i, rows in enumerate(many)]
    together = check_many(reports, names=["r"] * len(many), packs=[pack], select=["open"])
    alone = [check(one, name="r", packs=[pack], select=["open"]) for one in reports]
    assert [told(one.findings) for one in together.reports] == [told(one.findings) for one in alone]
    assert [one.counts for one in together.reports] == [one.reports[0].counts for one in alone]


@settings(max_examples=60, deadline=None)
@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows: dict[str, Any], random: Any) -> None:
    pack, shuffled = PACKS["both"], list(rows.items())
    random.shuffle(shuffled)
    one, other = (check(report(requests=dict(pairs)), packs=[pack], select=["open"]) for pairs in (list(rows.items()), shuffled))
    assert {(f.rule, f.outcome, f.entity) for f in one.findings} == {(f.rule, f.outcome, f.entity) for f in other.findings}
    assert one.reports[0].counts == other.reports[0].counts


PACKS: dict[str, Path] = {}


@pytest.fixture(scope="module", autouse=True)
def _packs(tmp_path_factory: pytest.TempPathFactory) -> None:
    PACKS["both"] = pack_with(tmp_path_factory.mktemp("packs"), balance=BALANCE, sums=SUMS)
