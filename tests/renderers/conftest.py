"""Results made by hand, with every outcome, severity and a waiver: renderers are tested without the engine."""

from __future__ import annotations

import pytest

from govreport_check.findings import (
    CellRecord,
    Cite,
    Counts,
    Excerpt,
    Finding,
    PackRecord,
    PlaceRecord,
    Reading,
    ReadRecord,
    ReportResult,
    Result,
    Severity,
    Suspect,
    Term,
    Verdict,
    Waived,
)

SOURCE = "报告/《云岭县》 2024.txt"
COLUMNS = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
FORM_30 = "国办公开办函〔2021〕30号"


def cell(row: str, label: str, line: int, raw: str, spot: str) -> CellRecord:
    return CellRecord(
        address=f"requests[{row}, natural_person]",
        label=label,
        spot=spot,
        raw=raw,
        value=raw,
        place=PlaceRecord(source=SOURCE, table=3, line=line, column=3),
    )


@pytest.fixture
def balance() -> Finding:
    figures = [
        ("new_received", "60", "left"),
        ("carried_over", "1", "left"),
        ("result_total", "62", "right"),
        ("carried_forward", "2", "right"),
    ]
    return Finding(
        rule="cn-disclosure/requests-balance",
        outcome="fail",
        severity=Severity.ERROR,
        title="收支平衡",
        message="表三“自然人”列：新收60件＋上年结转1件＝61件，办理结果总计62件＋结转下年度2件＝64件，相差3件。请核对这四个数后更正。",
        why="每一件申请要么在本年办结，要么结转下年度，收到的和办理的必须相等。",
        fix="对照办理台账核对这四个数，更正填错的一个。",
        fingerprint="3f9a0b1c",
        bindings={"who": "natural_person"},
        left="61",
        operator="==",
        right="64",
        difference="-3",
        terms=[Term(side=side, coefficient="1", address=f"requests[{row}, natural_person]", value=value) for row, value, side in figures],
        cells=[
            cell("new_received", "本年新收 · 自然人", 48, "60", "表三第1行“自然人”列"),
            cell("carried_over", "上年结转 · 自然人", 49, "1", "表三第2行“自然人”列"),
            cell("result_total", "（七）总计 · 自然人", 71, "62", "表三第24行“自然人”列"),
            cell("carried_forward", "结转下年度继续办理 · 自然人", 72, "2", "表三第25行“自然人”列"),
        ],
        suspects=[
            Suspect(
                cells=[
                    {
                        "address": "requests[result_total, natural_person]",
                        "table": "表三",
                        "row": "“总计”行",
                        "column": "“自然人”列",
                        "from": "62",
                        "to": "59",
                    }
                ],
                explains=["3f9a0b1c", "77aa"],
                slip=None,
            )
        ],
        cites=[Cite(document=FORM_30, at="表三 勾稽关系")],
        excerpt=Excerpt(
            title="表三",
            columns=COLUMNS,
            rows=[
                ("一、本年新收政府信息公开申请数量", ["60", "8", "0", "1", "1", "0", "70"]),
                ("二、上年结转政府信息公开申请数量", ["1", "0", "0", "0", "0", "0", "1"]),
                ("（七）总计", ["62", "8", "0", "1", "1", "0", "72"]),
                ("四、结转下年度继续办理", ["2", "0", "0", "0", "0", "0", "2"]),
            ],
            marked=[(0, 0), (1, 0), (2, 0), (3, 0)],
        ),
    )


@pytest.fixture
def outcome_total() -> Finding:
    rows = [("granted", "40"), ("partially_granted", "12"), *((f"denied.r{i}", "0") for i in range(18)), ("other.else", "9")]
    return Finding(
        rule="cn-disclosure/requests-result-total",
        outcome="fail",
        severity=Severity.ERROR,
        title="办理结果总计",
        message="表三“自然人”列：21项办理结果合计61件，（七）总计填62件，多1件。请核对分项数或总计数。",
        why="总计是各项办理结果之和。",
        fix="对照办理台账核对本列。",
        fingerprint="77aa",
        left="61",
        operator="==",
        right="62",
        difference="-1",
        terms=[
            *(Term(side="left", coefficient="1", address=f"requests[{row}, natural_person]", value=value) for row, value in rows),
            Term(side="right", coefficient="1", address="requests[result_total, natural_person]", value="62"),
        ],
        cells=[
            cell("granted", "（一）予以公开 · 自然人", 50, "40", "表三第3行“自然人”列"),
            cell(
                "partially_granted",
                "（二）部分公开（区分处理的，只计这一情形，不计其他情形） · 自然人",
                51,
                "12（其中修订2件）",
                "表三第4行“自然人”列",
            ),
            cell("other.else", "3.其他 · 自然人", 70, "9", "表三第23行“自然人”列"),
            cell("result_total", "（七）总计 · 自然人", 71, "62", "表三第24行“自然人”列"),
        ],
        cites=[Cite(document=FORM_30, at="表三")],
    )


@pytest.fixture
def misprint() -> Finding:
    place = PlaceRecord(source=SOURCE, table=2, line=34, column=3)
    return Finding(
        rule="cn-disclosure/label-misprinted",
        outcome="fail",
        severity=Severity.WARNING,
        title="表头误印",
        message="表二表头印为“本年度止件数”，规定格式为“本年废止件数”。请按国办公开办函〔2021〕30号所附格式更正。",
        why="表头与规定格式不一致，各地数据无法汇总比较。",
        fix="按规定格式改正表头。",
        fingerprint="c0ffee",
        cells=[
            CellRecord(address="documents.columns.repealed", label="本年废止件数", spot="表二表头第3列", raw="本年度止件数", place=place)
        ],
        cites=[Cite(document=FORM_30, at="附件 表二")],
        excerpt=Excerpt(
            title="表二",
            columns=["本年制发件数", "本年度止件数", "现行有效件数"],
            rows=[("信息内容", ["", "本年度止件数", ""]), ("规章", ["0", "0", "0"]), ("行政规范性文件", ["14", "0", "14"])],
            marked=[(0, 1)],
        ),
    )


@pytest.fixture
def narrative() -> Finding:
    return Finding(
        rule="cn-disclosure/received-in-prose",
        outcome="fail",
        severity=Severity.WARNING,
        confidence="likely",
        title="文字与表格",
        message="“一、总体情况”称收到申请75件；表三本年新收70件，加上年结转1件为71件，两种口径均不符。请核实后统一。",
        fingerprint="beef",
        readings=[Reading(label="本年新收", value="70", difference="5"), Reading(label="新收加上年结转", value="71", difference="4")],
        cells=[
            CellRecord(
                address="claims.received",
                label="收到申请",
                spot="“一、总体情况”",
                raw="共收到申请75件",
                value="75",
                place=PlaceRecord(line=12, section="overview"),
            )
        ],
    )


@pytest.fixture
def unread() -> list[Finding]:
    reason = "表三第12行“商业企业”列印作“12a”，不能识别"
    rules = [
        ("行合计", "requests-row-total", "表三第12行合计"),
        ("收支平衡", "requests-balance", "表三“商业企业”列收支平衡"),
        ("收支平衡", "requests-balance", "表三“总计”列收支平衡"),
    ]
    told = [
        Finding(
            rule=f"cn-disclosure/{name}",
            outcome="undecided",
            severity=Severity.ERROR,
            title=title,
            message=message,
            reason=reason,
            fingerprint=str(i),
        )
        for i, (title, name, message) in enumerate(rules)
    ]
    alone = Finding(
        rule="cn-disclosure/disputes-total",
        outcome="undecided",
        severity=Severity.ERROR,
        title="复议诉讼总计",
        message="表四“行政复议”合计未能核对。",
        reason="表四“尚未审结”未印数字",
        fingerprint="9",
    )
    return [*told, alone]


@pytest.fixture
def note() -> Finding:
    return Finding(
        rule="cn-disclosure/blank-as-zero",
        outcome="fail",
        severity=Severity.NOTE,
        title="空格按零计",
        message="表三有5格未印数字，按0计。",
        fingerprint="5",
    )


@pytest.fixture
def waived(balance: Finding) -> Finding:
    excuse = Waived(reason="机构改革，上年数据并入", by="李四", until="2026-12-31")
    return balance.model_copy(update={"waived": excuse})


@pytest.fixture
def result(
    balance: Finding, outcome_total: Finding, misprint: Finding, narrative: Finding, unread: list[Finding], note: Finding, waived: Finding
) -> Result:
    report = ReportResult(
        source=SOURCE,
        form="cn-disclosure/2021",
        about={"title": "云岭县2024年政府信息公开工作年度报告", "year": 2024},
        verdict=Verdict.NOT_VERIFIED,
        sentence="未能核对：已读取200个数据中的198个、6个部分；发现2处错误、2处存疑，4项核对因数据无法识别未作判断，不等于通过。",
        read=ReadRecord(cells=(198, 200), sections=(6, 6)),
        counts=Counts(passed=34, fail=6, undecided=4, not_applicable=3),
        findings=[balance, outcome_total, misprint, narrative, *unread, note, waived],
    )
    return Result(engine="0.1.0", packs=[PackRecord(id="cn-disclosure", version="0.1.0", hash="0" * 64)], reports=[report])


@pytest.fixture
def clean_result() -> Result:
    report = ReportResult(
        source="clean.txt",
        form="cn-disclosure/2021",
        verdict=Verdict.CLEAN,
        sentence="未发现错误。已读取200个数据中的200个、6个部分；42项勾稽关系全部相符。",
        read=ReadRecord(cells=(200, 200), sections=(6, 6)),
        counts=Counts(passed=42, not_applicable=3),
    )
    return Result(engine="0.1.0", reports=[report])
