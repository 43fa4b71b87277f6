from __future__ import annotations

from govreport_check.findings import CellRecord, Finding, Severity
from govreport_check.renderers.causes import causes


def undecided(rule: str, *cells: tuple[str, str], reason: str | None = None) -> Finding:
    """A finding on cells given as (address, state)."""
    records = [CellRecord(address=address, label=address, spot=f"<{address}>", state=state) for address, state in cells]
    message = f"{rule}?"
    return Finding(
        rule=f"cn/{rule}",
        outcome="undecided",
        severity=Severity.ERROR,
        title=rule,
        message=message,
        reason=reason or (str(cells) if cells else message),
        fingerprint=rule,
        cells=records,
    )


def rules(findings: list[Finding]) -> list[list[str]]:
    return [[finding.title for finding in cause.findings] for cause in causes(findings)]


def test_facts_lost_with_their_table_are_one_cause() -> None:
    first = undecided("a", ("requests[x, total]", "absent"), ("requests[y, total]", "absent"))
    second = undecided("b", ("requests[z, total]", "absent"))
    (cause,) = causes([first, second])
    assert cause.findings == (first, second)
    assert cause.headline("zh") == "<requests[x, total]>等3处未找到"
    assert cause.headline("en") == "<requests[x, total]> and others (3 in all): not found"


def test_another_table_or_another_way_is_another_cause() -> None:
    lost = undecided("a", ("requests[x, total]", "absent"))
    unread = undecided("b", ("requests[x, total]", "unreadable"))
    other = undecided("c", ("disputes[x, total]", "absent"))
    assert rules([lost, unread, other]) == [["a"], ["b"], ["c"]]


def test_the_worst_fact_is_the_cause() -> None:
    both = undecided("a", ("disputes[x, total]", "blank"), ("requests[x, total]", "unreadable"), ("requests[y, total]", "value"))
    assert rules([both, undecided("b", ("requests[z, total]", "unreadable"))]) == [["a", "b"]]


def test_one_reason_is_told_in_its_own_words() -> None:
    same = [undecided(name, ("requests[x, total]", "unreadable"), reason="表三第1行未能识别") for name in "ab"]
    assert causes(same)[0].headline("zh") == "表三第1行未能识别"


def test_what_the_reading_says_itself_comes_first_and_alone() -> None:
    told = causes([undecided("a", ("requests[x, total]", "absent")), undecided("absent-table"), undecided("absent-row")])
    assert [(cause.findings[0].title, cause.speaks_for_itself) for cause in told] == [
        ("absent-table", True),
        ("absent-row", True),
        ("a", False),
    ]
