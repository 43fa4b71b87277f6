"""EN 16931, the European norm of electronic invoices: BR-CO-10, -13 and -15 on the cases of its published unit tests.

An invoice is a record, and so is each of its lines. No disagreement in what is found right or wrong, but for one case: the norm's own
implementation fails an invoice that states two different amounts of tax in its currency. We do not take the first one either: the amount
is *ambiguous*, so the sum is undecided, the two amounts are a finding, and the invoice is not verified.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from flat_suite import flat_pack, verdict

from govreport_check import Pack, Verdict, test_pack
from govreport_check.findings import ReportResult
from govreport_check.flat import check_flat, flat_reports, read_flat
from govreport_check.model import Repeated, Report

pytestmark = pytest.mark.shared

AMOUNT = {"amount": "", "places": 2, "low": -(10**12)}
TOTAL = ("LineExtensionAmount", "TaxExclusiveAmount", "AllowanceTotalAmount", "ChargeTotalAmount", "TaxAmount", "TaxInclusiveAmount")
TABLES = {"total": dict.fromkeys(TOTAL, AMOUNT), "line": {"LineExtensionAmount": AMOUNT}}
WORDS = {"pass": "valid", "fail": "invalid"}
RULES = {"br-co-10": 9, "br-co-13": 15, "br-co-15": 8}


def cases(shared: Path, rule: str) -> list[dict[str, Any]]:
    published = json.loads((shared / "suites" / "en16931_arithmetic" / "cases.json").read_text(encoding="utf-8"))["cases"]
    return [case for case in published if case["rule"].lower() == rule]


def pack_of(folder: Path, rule: str) -> Pack:
    return flat_pack(folder, f"en16931/{rule}", TABLES)


def amounts(case: dict[str, Any]) -> dict[str, dict[str, list[str]]]:
    """By record (total, line) and column, every amount as it is printed; the tax in another currency than the document's is left out."""
    currency = next((value for path, value, _ in case["values"] if path.endswith("/DocumentCurrencyCode")), None)
    found: dict[str, dict[str, list[str]]] = {"total": defaultdict(list), "line": defaultdict(list)}
    for path, value, attributes in case["values"]:
        *_, owner, column = path.split("/")
        kind = "line" if owner == "InvoiceLine" else "total"
        if column in TABLES[kind] and (currency is None or attributes.get("currencyID") == currency):
            found[kind][column].append(value)
    return found


def reports(case: dict[str, Any], pack: Pack) -> tuple[Report, list[Report]]:
    """The invoice, and its lines."""
    form, found = pack.forms["flat/records"], amounts(case)
    lines = "\n".join(["LineExtensionAmount", *found["line"]["LineExtensionAmount"]]).encode()
    total = "\n".join([",".join(TOTAL), ",".join((found["total"][column] or [""])[0] for column in TOTAL)]).encode()
    invoice = flat_reports(read_flat(total, name="invoice"), form, "total")[0]
    for column in TOTAL:
        values = found["total"][column]
        invoice = invoice if len(values) < 2 else invoice.with_cell("total", "this", column, Repeated(tuple(values)))
    return invoice, flat_reports(read_flat(lines, name="lines"), form, "line")


def checked(case: dict[str, Any], pack: Pack) -> ReportResult:
    invoice, lines = reports(case, pack)
    return check_flat([invoice], pack, parts=[lines]).reports[0]


def is_ambiguous(case: dict[str, Any]) -> bool:
    return any(len(set(values)) > 1 for values in amounts(case)["total"].values())


@pytest.mark.parametrize("rule", list(RULES))
def test_verdicts(rule: str, shared: Path, tmp_path: Path) -> None:
    pack, mine = pack_of(tmp_path / "pack", rule), cases(shared, rule)
    assert len(mine) == RULES[rule]
    wanted = ["undecided" if is_ambiguous(case) else WORDS[case["expect"]] for case in mine]
    assert [verdict(checked(case, pack).counts) for case in mine] == wanted


def test_two_amounts_of_tax_are_ambiguous(shared: Path, tmp_path: Path) -> None:
    case = next(case for case in cases(shared, "br-co-15") if is_ambiguous(case))
    result = checked(case, pack_of(tmp_path / "pack", "br-co-15"))
    told = next(finding for finding in result.findings if finding.rule == "form/ambiguous-cell")
    assert [(cell.address, cell.raw) for cell in told.cells] == [("total[this, TaxAmount]", "700.00 / 715")]
    assert result.verdict is Verdict.NOT_VERIFIED


@pytest.mark.parametrize("rule", list(RULES))
def test_rules_prove_themselves(rule: str, tmp_path: Path) -> None:
    results = test_pack(pack_of(tmp_path / "pack", rule))
    assert [result.message for result in results if not result.holds] == []
