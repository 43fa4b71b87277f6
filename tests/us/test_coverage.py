"""Every rule of the official web form, every statement of the IEPD document and every calculated field has its place in the pack."""

from __future__ import annotations

import copy
import re
from collections import Counter
from typing import Any, NamedTuple

import pytest
from us_reports import MAP, PACK, RULES, report

from govreport_check import check_many
from govreport_check.findings import ReportResult

FORM = PACK.forms["us-foia/2008"]
OTHER = "Other than the web form"
TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in sorted(RULES.glob("*/*.yaml")) if path.parent.name != "forms"}


def rows_of_the_map(prefix: str, heading: str) -> dict[str, str]:
    """The lines of the tables under a heading of docs/us-foia.md that name an id: id → line. ``JS-26 … JS-28`` names the three."""
    found: dict[str, str] = {}
    for line in MAP.read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0].splitlines():
        for first, last in re.findall(rf"{prefix}-(\d+)(?: … {prefix}-(\d+))?", line) if line.startswith("|") else ():
            found.update({f"{prefix}-{k}": line for k in range(int(first), int(last or first) + 1)})
    return found


def cited(text: str) -> set[int]:
    """The rules of the web form that a rule file names under ``cites``."""
    return {int(k) for k in re.findall(r"JS-(\d\d)", text.partition("\ncites:")[2].partition("\nmessage:")[0])}


def test_every_rule_of_the_web_form_is_cited_or_listed_with_a_reason() -> None:
    named = set().union(*map(cited, TEXTS.values()))
    assert set(range(1, 80)) - named - {int(key[3:]) for key in rows_of_the_map("JS", OTHER)} == set()
    assert named <= set(range(1, 80))


def test_what_the_pack_does_otherwise_than_the_web_form_is_listed() -> None:
    assert {"JS-1", "JS-20", "JS-60", "JS-62"} <= set(rows_of_the_map("JS", OTHER))


def test_every_statement_of_the_document_is_listed_with_its_rule_or_the_reason() -> None:
    listed = rows_of_the_map("IEPD", "The document of the exchange")
    assert set(listed) == {f"IEPD-{k}" for k in range(1, 51)}
    for key, line in listed.items():
        where = line.rstrip("| ").rpartition("|")[2]
        named = re.findall(r"`([a-z0-9-]+)`", where)
        assert set(named) <= set(TEXTS), key
        assert named or where.strip(), key


def test_the_map_lists_every_rule_and_no_other() -> None:
    linked = Counter(re.findall(r"\[`([a-z0-9-]+)`\]\(rules/us-foia/", MAP.read_text(encoding="utf-8")))
    assert set(linked) == set(TEXTS)
    assert [rule for rule, times in linked.items() if times > 1] == []


# --- the 175 calculated fields -----------------------------------------------------------------------------------------------------


class Field(NamedTuple):
    """A figure that the web form computes: where it stands, a figure that is not the computed one, and the end of the rule's name."""

    section: str
    table: str
    row: str
    column: str
    wrong: int
    rule: str

    @property
    def address(self) -> str:
        return f"{self.table}[{self.row}, {self.column}]"


SUMS = {
    "V.A": 4, "V.B.(1)": 13, "V.B.(2)": 1, "V.B.(3)": 14, "VI.A": 4, "VI.B": 5, "VI.C.(1)": 14, "VI.C.(2)": 11, "VI.C.(3)": 1,
    "VII.C.(1)": 14, "VII.C.(2)": 14, "VII.C.(3)": 14, "VII.D": 3, "VIII.A": 3, "VIII.B": 2, "IX": 6, "X": 1, "XI.A": 1, "XI.B": 2,
    "XII.A": 2, "XII.B": 4, "XII.D.(1)": 4, "XII.D.(2)": 2, "XII.E.(1)": 4, "XII.E.(2)": 2,
}  # fmt: skip
"""Fields that the web form computes as overall = sum of the components, by section: 145 (catalogue, section 2)."""

ROW_TOTALS = {
    "V.B.(1)": [("dispositions", "HQ", "total")],
    "V.B.(2)": [("other_reasons", "HQ", "total")],
    "VI.C.(3)": [("appeal_other_reasons", "HQ", "total")],
    "VI.B": [("appeal_dispositions", "HQ", "total")],
    "VII.C": [(f"{track}_increments", "HQ", "total") for track in ("simple", "complex", "expedited")],
    "IX staff": [("personnel", "HQ", "total_staff")],
    "IX costs": [("personnel", "HQ", "total_cost")],
    "IV": [("statutes", "S1", "total")],
}
"""Totals of their own row: 8."""

FLOWS = {"V.A": "requests", "VI.A": "appeals", "XII.B": "consultations"}
TRACKS = ("simple_", "complex_", "expedited_")
TIMES = {"VI.C.(4)": ("appeal_times", ("",)), "VII.A": ("response_times", TRACKS), "VII.B": ("granted_times", TRACKS)}
MEASURED = re.compile(r"median|average|lowest|highest|percent|^date_|^days_([1-9]|10)$")
"""Columns that are no counts, and so are not added up."""


def summed(table: str) -> list[str]:
    return [column for column in FORM.tables[table].columns if not (column.startswith("*") or MEASURED.search(column))]


def fields() -> dict[str, list[Field]]:
    """Every calculated field, by kind."""
    tables = {table.caption: table.id for table in FORM.tables.values() if table.caption in SUMS}
    sums = [Field(at, table, "overall", column, 999, "-overall") for at, table in tables.items() for column in summed(table)]
    found = {
        "sum": [field._replace(rule="-overall-total") if field.address == "dispositions[overall, total]" else field for field in sums],
        "row total": [Field(at, *place, 999, "-total") for at, places in ROW_TOTALS.items() for place in places],
        "flow": [Field(at, table, row, "pending_end", 999, "-balance") for at, table in FLOWS.items() for row in ("HQ", "overall")],
        "percent": [Field("X", "fees", row, "percent", 77, "fees-percent") for row in ("HQ", "overall")],
    }
    ends = [(end, at, table, track) for end in ("lowest", "highest") for at, (table, tracks) in TIMES.items() for track in tracks]
    found["extreme"] = [Field(at, table, "overall", track + end, 999, f"-overall-{end}") for end, at, table, track in ends]
    return found


def component(table: str) -> dict[str, Any]:
    """A row in which everything adds up: one of each, and the total of the row the sum of its parts."""
    row: dict[str, Any] = dict.fromkeys(summed(table), 1)
    if table in ("other_reasons", "appeal_other_reasons"):
        return {"Lost": 1, "total": 1}
    if "total" in row:
        row["total"] = len(row) - 1
    return row


def consistent() -> dict[str, Any]:
    """A report of two components in which every calculated field has the figure that the web form would compute."""
    tables: dict[str, Any] = {}
    for table in FORM.tables.values():
        if table.caption in SUMS:
            row = component(table.id)
            doubled = {column: 2 * figure for column, figure in row.items() if column != "Lost"}
            tables[table.id] = {"HQ": row, "OIG": dict(row), "overall": doubled}
    money = {"full_time": 1, "equivalent": 1, "total_staff": 2, "processing_cost": 100, "litigation_cost": 50, "total_cost": 150}
    tables["personnel"] = {"HQ": money, "OIG": dict(money), "overall": {column: 2 * figure for column, figure in money.items()}}
    tables["fees"] = {
        "HQ": {"collected": 10, "percent": 10},
        "OIG": {"collected": 10, "percent": 10},
        "overall": {"collected": 20, "percent": 10},
    }
    tables["statutes"] = {"S1": {"text": "a law", "withheld": "names", "case": "N/A", "HQ": 1, "OIG": 1, "total": 2}}
    for name, tracks in TIMES.values():
        low, high = [f"{track}lowest" for track in tracks], [f"{track}highest" for track in tracks]
        of = {"HQ": (2, 5), "OIG": (3, 6), "overall": (2, 6)}
        tables[name] = {who: {**dict.fromkeys(low, least), **dict.fromkeys(high, most)} for who, (least, most) in of.items()}
    return tables


def with_wrong(field: Field) -> dict[str, Any]:
    tables = copy.deepcopy(consistent())
    tables[field.table][field.row][field.column] = field.wrong
    return report(tables)


ARITHMETIC = ("-overall", "-overall-total", "-total", "-balance", "-overall-lowest", "-overall-highest", "fees-percent")


@pytest.fixture(scope="module")
def told() -> dict[str, ReportResult]:
    """What the arithmetic rules say of the consistent report (under "") and of each with one calculated field wrong."""
    every = [field for kind in fields().values() for field in kind]
    rules = [rule for rule in TEXTS if rule.endswith(ARITHMETIC) and "-matches-" not in rule]
    results = check_many([report(consistent()), *map(with_wrong, every)], packs=[PACK], select=rules, lang="en").reports
    return dict(zip(["", *(field.rule + field.address for field in every)], results, strict=True))


def covered(field: Field, told: dict[str, ReportResult]) -> bool:
    """Whether a rule of the field's kind fails in the report where it is wrong, and names it."""
    found = [
        finding for finding in told[field.rule + field.address].findings if finding.outcome == "fail" and finding.rule.endswith(field.rule)
    ]
    return any(field.address in {cell.address for cell in finding.cells} for finding in found)


def test_the_consistent_report_passes_every_arithmetic_rule(told: dict[str, ReportResult]) -> None:
    assert [finding.message for finding in told[""].findings if finding.rule.startswith("us-foia/")] == []
    assert told[""].counts.passed > sum(map(len, fields().values()))


def test_all_145_sums_of_the_components_are_covered(told: dict[str, ReportResult]) -> None:
    assert sum(SUMS.values()) == 145
    assert Counter(field.section for field in fields()["sum"] if covered(field, told)) == SUMS


def test_all_8_totals_of_a_row_are_covered(told: dict[str, ReportResult]) -> None:
    places = fields()["row total"]
    assert len(ROW_TOTALS) == 8
    assert [field.address for field in places if not covered(field, told)] == []


@pytest.mark.parametrize(("kind", "number"), [("flow", 6), ("extreme", 14), ("percent", 2)])
def test_all_balances_extremes_and_percentages_are_covered(kind: str, number: int, told: dict[str, ReportResult]) -> None:
    assert len([field for field in fields()[kind] if covered(field, told)]) == number


def test_the_kinds_make_175_fields() -> None:
    assert sum(SUMS.values()) + len(ROW_TOTALS) + 6 + 14 + 2 == 175
