"""Faults for a clean report, made from the form and from what the clean report says; each would be seen by a careful reader.

A fault in a figure is kept only where it breaks an equation (:func:`some_reports.equations`, counted here anew), so that none is left in
that arithmetic cannot see. What is random is drawn from ``Random(SEED)``.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from random import Random
from typing import Any

from some_reports import CELLS, FORM, SUMMED, YUNLING, changed, equations

SEED = 2024
MANY = 24
"""How many of one kind are taken, where so many can be made."""
TIMES = 137
"""The example's figures times this are clean too (the equations are linear), and have digits enough to go wrong."""

Cell = tuple[str, str, str]


@dataclass(frozen=True)
class Fault:
    """A report with one fault. ``told`` says what was done to it."""

    kind: str
    told: str
    report: Mapping[str, Any] | str
    prior: Mapping[str, Any] | None = None


def some(faults: list[Fault]) -> list[Fault]:
    """At most ``MANY``, chosen by chance but the same ones every time."""
    return faults if len(faults) <= MANY else sorted(Random(SEED).sample(faults, MANY), key=lambda fault: fault.told)


# --- figures -------------------------------------------------------------------------------------------------------------------


def figures_alone() -> dict[str, Any]:
    """The example without its prose, its sums ``TIMES`` over."""
    report: dict[str, Any] = {key: copy.deepcopy(YUNLING[key]) for key in ("schema", "form", "about", "tables")}
    return changed(report, {(t, r, c): TIMES * report["tables"][t][r][c] for t, r, c in SUMMED})


def breaks(report: Mapping[str, Any]) -> bool:
    """Whether an equation of the form does not hold."""

    def value(cell: Cell) -> int:
        raw = report["tables"][cell[0]].get(cell[1], {}).get(cell[2])
        return int(raw) if raw not in (None, "") else 0

    return any(sum(map(value, left)) != sum(map(value, right)) for _, left, right in equations())


def swapped(figure: str) -> Iterator[str]:
    for i in range(len(figure) - 1):
        yield figure[:i] + figure[i + 1] + figure[i] + figure[i + 2 :]


def dropped(figure: str) -> Iterator[str]:
    yield from (figure[:i] + figure[i + 1 :] for i in range(len(figure)))


def doubled(figure: str) -> Iterator[str]:
    yield from (figure[: i + 1] + figure[i:] for i in range(len(figure)))


SLIPS: dict[str, Callable[[str], Iterator[str]]] = {"swapped": swapped, "dropped": dropped, "doubled": doubled}


def other_figures(figure: int, slip: Callable[[str], Iterator[str]]) -> list[int | str]:
    """What ``figure`` becomes by the slip, without what a person would not print (04) and without itself."""
    slipped = {text for text in slip(str(figure)) if text == "0" or not text.startswith("0")}
    return sorted((int(text) if text else "" for text in slipped if text != str(figure)), key=str)


def digits(table: str, slip: str) -> list[Fault]:
    """One digit of one figure of ``requests`` or ``disputes``."""
    clean = figures_alone()
    found = []
    for cell in (cell for cell in SUMMED if cell[0] == table):
        before = clean["tables"][cell[0]][cell[1]][cell[2]]
        for after in other_figures(before, SLIPS[slip]):
            report = changed(clean, {cell: after})
            if breaks(report):
                found.append(Fault(f"{table}: digit {slip}", f"{cell} {before} → {after}", report))
    return some(found)


def stock_years() -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Clean pairs (this year, last year): in force = last year's + issued - repealed."""
    draw = Random(SEED)
    while True:
        now = figures_alone()
        now["about"] |= {"agency": "云岭省人民政府", "signed_by": "云岭省人民政府", "level": "province"}  # a level that makes regulations
        before = copy.deepcopy(now)
        before["about"] = {"agency": now["about"]["agency"], "year": now["about"]["year"] - 1}
        for row in FORM.tables["documents"].rows:
            stock, issued, repealed = draw.randint(130, 900), draw.randint(12, 98), draw.randint(12, 98)
            now["tables"]["documents"][row] = {"issued": issued, "repealed": repealed, "in_force": stock + issued - repealed}
            before["tables"]["documents"][row] = {"issued": 31, "repealed": 29, "in_force": stock}
        for table, row, column in CELLS:  # a year that differs from this one
            if table != "documents":
                before["tables"][table][row][column] = 2 * now["tables"][table][row][column]
        for column, carried in now["tables"]["requests"]["carried_over"].items():
            before["tables"]["requests"]["carried_forward"][column] = carried
        yield now, before


def document_digits(slip: str) -> list[Fault]:
    """One digit in table two's documents, which last year's report shows."""
    found: list[Fault] = []
    for clean, before in stock_years():
        for row in FORM.tables["documents"].rows:
            for column, figure in clean["tables"]["documents"][row].items():
                for after in other_figures(figure, SLIPS[slip])[:1]:
                    report = changed(clean, {("documents", row, column): after})
                    found.append(Fault(f"documents: digit {slip}", f"{row} {column} {figure} → {after}", report, before))
        if len(found) >= 20:
            return found
    return found


def rows_shifted() -> list[Fault]:
    """From one row on, each row prints the figures of the row above it; and one row's figures stand one column further on."""
    found = []
    for name in ("requests", "disputes"):
        table, clean = FORM.tables[name], figures_alone()
        cells = clean["tables"][name]
        for i, row in enumerate(table.rows):
            down = copy.deepcopy(clean)
            for above, below in zip(table.rows[i:], table.rows[i + 1 :], strict=False):
                down["tables"][name][below] = dict(cells[above])
            down["tables"][name][row] = dict.fromkeys(table.columns, 0)
            figures = [cells[row][column] for column in table.columns]
            along = changed(clean, {(name, row, column): figure for column, figure in zip(table.columns, [0, *figures[:-1]], strict=True)})
            found += [
                Fault("row shifted", f"{name} {row} {way}", report) for way, report in (("down", down), ("along", along)) if breaks(report)
            ]
    return some(found)


def columns_swapped() -> list[Fault]:
    """Two columns change places: in the whole table, or in one row."""
    found = []
    for name in ("requests", "disputes"):
        table, clean = FORM.tables[name], figures_alone()
        pairs = [(a, b) for i, a in enumerate(table.columns) for b in table.columns[i + 1 :]]
        for a, b in pairs:
            for rows in (table.rows, *((row,) for row in table.rows)):
                exchanged = {(name, r, one): clean["tables"][name][r][other] for r in rows for one, other in ((a, b), (b, a))}
                report = changed(clean, exchanged)
                if breaks(report):
                    found.append(Fault("column swapped", f"{name} {a} ↔ {b} in {len(rows)} rows, first {rows[0]}", report))
    return some(found)


# --- passages ------------------------------------------------------------------------------------------------------------------

HAN = "保常度发规告海集建局科量南期全人设市体推文信行研业政"
"""Characters of such reports, to be printed by mistake."""


def replaced(clean: str, kind: str, changes: list[tuple[str, str]], *, count: int = 1) -> list[Fault]:
    """The clean text with each change made; what is to be changed must be there."""
    faults = []
    for old, new in changes:
        if old not in clean:
            raise LookupError(f"not in the clean report: {old}")
        if old != new:
            faults.append(Fault(kind, f"{old} → {new}", clean.replace(old, new, count)))
    return faults


def parts_of(clean: str) -> list[tuple[str, str]]:
    """(heading, text under it) of the six parts, as printed."""
    headings = [f"\n{section.number}、{section.heading}\n" for section in FORM.sections.values()]
    starts = [*(clean.index(heading) for heading in headings), clean.index("\n云岭县人民政府办公室\n2025年")]
    return [(heading, clean[start + len(heading) : end]) for heading, start, end in zip(headings, starts, starts[1:], strict=False)]


def sections_removed(clean: str) -> list[Fault]:
    """A part altogether, its heading alone, what is under its heading, and every two neighbouring parts."""
    parts = parts_of(clean)
    changes = [(heading + text, "\n") for heading, text in parts]
    changes += [(heading, "\n") for heading, _ in parts]
    changes += [(heading + text, heading) for heading, text in parts]
    changes += [(a[0] + a[1] + b[0] + b[1], "\n") for a, b in pairwise(parts)]
    return replaced(clean, "section removed", changes)


def misprints(label: str, draw: Random) -> Iterator[str]:
    """One character replaced, one lost; enumerators, punctuation and remarks in brackets stay."""
    start = label.index("、") + 1 if "、" in label[:3] else 0
    places = [i for i in range(start, len(label)) if "\u4e00" <= label[i] <= "\u9fff"]
    for i in draw.sample(places, min(4, len(places))):
        yield label[:i] + draw.choice(HAN.replace(label[i], "")) + label[i + 1 :]
        yield label[:i] + label[i + 1 :]


def headings_misprinted(clean: str) -> list[Fault]:
    draw = Random(SEED)
    headings = [heading.strip() for heading, _ in parts_of(clean)]
    return replaced(
        clean, "heading misprinted", [(f"\n{h}\n", f"\n{new}\n") for h in headings for new in dict.fromkeys(misprints(h, draw))]
    )


def labels_misprinted(clean: str) -> list[Fault]:
    """Columns and rows of the tables that stand in the clean text once, each at its cell's beginning."""
    draw = Random(SEED)
    tables = clean[clean.index("二、主动公开") :]
    labels = [label.text for table in FORM.tables.values() for label in (*table.column_labels, *table.row_labels)]
    labels = [label for label in dict.fromkeys(labels) if tables.count(label) == 1 and len(label) > 3]
    changes = [(label, new) for label in labels for new in list(misprints(label, draw))[:2]]
    start = len(clean) - len(tables)
    return some([Fault("label misprinted", f"{old} → {new}", clean[:start] + tables.replace(old, new)) for old, new in changes])


TITLE, YEAR = "云岭县人民政府2024年政府信息公开工作年度报告", 2024
REPORTING = "汇总各乡镇、各部门情况，编制本报告"


def other_years(clean: str) -> list[Fault]:
    """The year of another report in the title, and in the preamble's words for this report."""
    years = [2018, 2020, 2021, 2022, 2023, 2025]
    titles = [(TITLE, TITLE.replace(str(YEAR), str(year))) for year in years]
    words = ("编制{}年政府信息公开工作年度报告", "现公布{}年度政府信息公开工作年度报告", "总结{}年政府信息公开工作情况，编制本报告")
    return replaced(
        clean,
        "year of another report",
        titles + [(REPORTING, f"汇总各乡镇、各部门情况，{word.format(y)}") for word in words for y in years],
    )


OTHERS = [
    "青河县人民政府",
    "南山区人民政府",
    "临江市人民政府",
    "柳河镇人民政府",
    "青河县水利局",
    "临江市教育局",
    "海东省人民政府",
    "新华街道办事处",
]


def other_agencies(clean: str) -> list[Fault]:
    """Another agency in the title, the preamble, the signature."""
    signed = "云岭县人民政府办公室\n2025年"
    changes = [(TITLE, TITLE.replace("云岭县人民政府", name)) for name in OTHERS]
    changes += [(f"云岭县人民政府办公室{REPORTING}", f"{name}{REPORTING}") for name in OTHERS]
    changes += [(signed, f"{name}\n2025年") for name in OTHERS]
    return replaced(clean, "agency of another report", changes)


def wrong_numbers(clean: str) -> list[Fault]:
    """The Notice and the Regulations cited by a number that is not theirs."""
    notice = [
        "〔2021〕3号",
        "〔2021〕20号",
        "〔2021〕31号",
        "〔2021〕13号",
        "〔2021〕300号",
        "〔2012〕30号",
        "〔2019〕30号",
        "〔2019〕60号",
        "〔2020〕30号",
        "〔2022〕30号",
    ]
    body = ["国办发〔2021〕30号", "国办函〔2021〕30号", "国办公开函〔2021〕30号"]
    orders = ["第492号", "第117号", "第171号", "第71号", "第11号", "第710号", "第721号", "第911号", "第7111号"]
    changes = [("〔2021〕30号", new) for new in notice] + [("国办公开办函〔2021〕30号", new) for new in body]
    return replaced(clean, "wrong document number", changes + [("第711号", new) for new in orders])


def periods(clean: str) -> list[Fault]:
    """The statistics period begins or ends on another day, in another year, or on no day at all."""
    period = "2024年1月1日至2024年12月31日"
    ends = ["12月21日", "12月30日", "12月13日", "12月3日", "11月30日", "10月31日", "6月30日", "2月31日", "12月32日", "1月31日"]
    starts = ["1月2日", "1月11日", "2月1日", "11月1日", "7月1日"]
    changes = [(period, period.replace("12月31日", day)) for day in ends] + [(period, period.replace("1月1日", day, 1)) for day in starts]
    changes += [
        (period, f"{a}年1月1日至{b}年12月31日")
        for a, b in ((2023, 2024), (2023, 2023), (2024, 2025), (2025, 2024), (2014, 2024), (2042, 2024))
    ]
    changes += [(period, "20241月1日至2024年12月31日"), (period, "202024年1月1日至2024年12月31日"), (period, "2024年1月1日至202412月31日")]
    return replaced(clean, "period misprinted", changes)


DONE, RECEIVED, ALL = 109, 108, 115
"""What a share may be of: the completed, the received, those received and carried over."""
OUTCOMES = {"予以公开": 40, "部分公开": 15, "不予公开": 23, "无法提供": 23, "不予处理": 6, "其他处理": 2}
"""What the clean text says of the completed."""


def share_of(count: int, whole: int, places: int) -> int:
    """The percentage, rounded half up, in units of its last digit."""
    units: int = 100 * 10**places
    return (2 * units * count + whole) // (2 * whole)


def with_percentages(clean: str, places: int, off: Mapping[str, int] | None = None) -> str:
    """The clean text with a percentage behind every outcome; ``off`` moves it, counted in its last digit."""
    for name, count in OUTCOMES.items():
        share = share_of(count, DONE, places) + (off or {}).get(name, 0)
        whole, rest = divmod(share, 10**places)
        printed = f"{whole}.{rest:0{places}d}" if places else str(whole)
        clean = clean.replace(f"{name}{count}件", f"{name}{count}件（{printed}%）", 1)
    return clean


def percentages(clean: str) -> list[Fault]:
    """One percentage is off by one in its last digit, or by a whole point; and is no share of anything else either."""
    return [
        Fault("percentage off by one", f"{name}, {places} places, {off:+d}", with_percentages(clean, places, {name: off}))
        for name in OUTCOMES
        for places, offs in ((0, (-1, 1)), (1, (1, 10)), (2, (-1, 1, -100)))
        for off in offs
        if all(share_of(OUTCOMES[name], DONE, places) + off != share_of(OUTCOMES[name], whole, places) for whole in (RECEIVED, ALL))
    ]


LATE = {
    "county": (
        "云岭县人民政府",
        "government",
        ["2025-02-21", "2025-02-28", "2025-03-05", "2025-03-31", "2025-04-01", "2025-12-30", "2026-01-31"],
    ),
    "prefecture": ("云岭自治州人民政府", "government", ["2025-03-11", "2025-03-20", "2025-03-31", "2025-04-15", "2025-11-01"]),
    "province": ("云岭省人民政府", "government", ["2025-04-01", "2025-04-02", "2025-05-01", "2025-09-30"]),
    "township": ("云岭镇人民政府", "government", ["2025-02-01", "2025-02-10", "2025-03-31", "2025-06-01"]),
    "department": ("云岭县水利局", "department", ["2025-02-01", "2025-02-20", "2025-03-01", "2025-04-01", "2025-08-15"]),
}


def late() -> list[Fault]:
    """Published after the day that its level and kind allow."""
    found = []
    for level, (agency, kind, days) in LATE.items():
        for day in days:
            report = figures_alone()
            report["about"] |= {"agency": agency, "signed_by": agency, "kind": kind, "published_on": day}
            report["about"]["level"] = "county" if level == "department" else level
            found.append(Fault("date after the deadline", f"{agency} {day}", report))
    return found


def planted(clean: str) -> dict[str, list[Fault]]:
    """Every fault, by kind."""
    made = [digits(table, slip) for table in ("requests", "disputes") for slip in SLIPS]
    made += [document_digits(slip) for slip in SLIPS]
    made += [rows_shifted(), columns_swapped(), sections_removed(clean), headings_misprinted(clean), labels_misprinted(clean)]
    made += [other_years(clean), other_agencies(clean), wrong_numbers(clean), percentages(clean), periods(clean), late()]
    return {faults[0].kind: faults for faults in made}
