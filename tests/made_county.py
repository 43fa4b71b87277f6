"""A made-up county: a roster and the reports of its units, as Word files, web pages and texts, right but for the faults that are asked for.

The same arguments make the same figures and the same prose. Every unit's prose is drawn from what its own clerk would write, so that no two
are alike; its figures hold in all tables, in the prose, and with those of the year before. A parent's figures are the sums of its units'.
"""

from __future__ import annotations

import copy
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from documents import Grid, Item, Text, as_docx, as_html, printed
from made_prose import prose_of
from some_reports import FORM

from govreport_check.model import Report

YEAR = 2024
APPLICANTS = ("natural_person", "commercial", "research", "public_welfare", "legal_service", "other")
DISPUTES = ("upheld", "corrected", "other", "pending")
SUMMED = ("documents", "decisions", "fees", "requests", "disputes")
Figures = dict[str, dict[str, dict[str, Any]]]
"""By table, row and column; fees in fen, so that sums are exact."""


@dataclass(frozen=True)
class Made:
    """One unit of the county. ``parent`` is its superior's name; ``stem`` says what its prose is about."""

    name: str
    level: str
    kind: str
    parent: str = ""
    scope: str = ""
    stem: str = ""


@dataclass(frozen=True)
class County:
    """What :func:`make_county` wrote: the roster, the folder of reports, and by unit its file (none where it did not report)."""

    roster: Path
    folder: Path
    units: tuple[Made, ...]
    faults: Mapping[str, str]
    files: Mapping[str, Path] = field(default_factory=dict)
    prior: Mapping[str, Path] = field(default_factory=dict)


FAULTS: Mapping[str, str] = {
    "云岭县水利局": "missing",
    "云岭县气象事务中心": "missing",
    "云岭县石桥镇人民政府": "missing",
    "云岭县审计局": "late",
    "云岭县青坪乡人民政府": "late",
    "云岭县统计局": "last_year",
    "云岭县柳湾镇人民政府": "copied",
    "云岭县民政局": "wrong_sum",
    "云岭县交通运输局": "wrong_carry_over",
    "云岭县经济开发区管理委员会": "wrong_summary",
}
"""What is wrong with whom. ``missing``: no file; ``late``: published after its day; ``last_year``: sent the report of the year before;
``copied``: the prose of :data:`COPIED_FROM`; ``wrong_sum``: a total of table three is two too high; ``wrong_carry_over``: not what last
year's report carried forward; ``wrong_summary``: three applications more than its units have."""
COPIED_FROM = "云岭县白马镇人民政府"

_BUREAUS = [
    "教育",
    "科学技术",
    "民政",
    "司法",
    "财政",
    "人力资源和社会保障",
    "自然资源",
    "住房和城乡建设",
    "交通运输",
    "水利",
    "农业农村",
    "商务",
    "文化广电旅游",
    "退役军人事务",
    "应急管理",
    "审计",
    "市场监督管理",
    "统计",
    "医疗保障",
    "林业",
    "城市管理",
    "信访",
    "机关事务",
    "公安",
    "生态环境",
    "乡村振兴",
]
_TOWNS = ["白马镇", "柳湾镇", "石桥镇", "大坪镇", "东溪镇", "桐木镇", "双河镇", "青坪乡", "红岩乡", "竹山乡", "长塘乡", "云溪乡", "杉树乡"]
_ZONE = ["经济发展", "规划建设", "招商服务", "安全环保", "社会事务"]
_HEALTH = ["疾病预防控制中心", "卫生监督所", "妇幼健康服务中心", "医疗急救中心"]
_CENTRES = ["气象事务中心", "地方志编纂中心", "大数据发展服务中心", "农机推广中心", "政务服务中心"]


def units_of(county: str = "云岭县") -> tuple[Made, ...]:
    """The sixty units of a county, superiors before theirs."""
    top, zone, health = f"{county}人民政府", f"{county}经济开发区管理委员会", f"{county}卫生健康委员会"
    units = [Made(top, "county", "government", "", "complete", "全县")]
    units.append(Made(f"{county}人民政府办公室", "county", "office", top, "", "县政府办公室"))
    units += [Made(f"{county}{name}局", "county", "department", top, "", name) for name in _BUREAUS]
    units += [Made(f"{county}{name}", "county", "department", top, "", name.removesuffix("中心")) for name in _CENTRES]
    units += [Made(f"{county}{name}人民政府", "township", "government", top, "", name) for name in _TOWNS]
    units += [Made(f"{county}{name}街道办事处", "township", "department", top, "", f"{name}街道") for name in ("城关", "河东", "南门")]
    units.append(Made(zone, "county", "department", top, "complete", "开发区"))
    units += [Made(f"{county}经济开发区{name}局", "county", "department", zone, "", f"开发区{name}") for name in _ZONE]
    units.append(Made(health, "county", "department", top, "complete", "卫生健康"))
    units += [Made(f"{county}{name}", "county", "department", health, "", name) for name in _HEALTH]
    return tuple(units)


def make_county(
    folder: Path,
    faults: Mapping[str, str] = FAULTS,
    *,
    counties: Sequence[str] = ("云岭县",),
    year: int = YEAR,
    prior: Callable[[Made], bool] | None = None,
    formats: Sequence[str] = ("docx", "html", "txt"),
) -> County:
    """Writes ``folder/roster.csv`` and ``folder/reports/``; ``prior`` says for whom last year's report lies beside this year's (every
    seventh unit and whoever has a fault about last year by default). A unit's format is the next of ``formats``."""
    units = tuple(unit for county in counties for unit in units_of(county))
    reports = folder / "reports"
    reports.mkdir(parents=True, exist_ok=True)
    figures = county_figures(units, faults, year)
    kept: dict[str, Path] = {}
    before: dict[str, Path] = {}
    for number, unit in enumerate(units):
        fault, suffix = faults.get(unit.name, ""), formats[number % len(formats)]
        sent = year - 1 if fault == "last_year" else year
        if fault != "missing":
            kept[unit.name] = reports / f"{unit.name}{sent}.{suffix}"
            kept[unit.name].write_bytes(written(report_of(unit, units, figures[sent], sent, fault), suffix))
        if sent == year and (fault == "wrong_carry_over" or (prior(unit) if prior else number % 7 == 3)) and fault != "missing":
            before[unit.name] = reports / f"{unit.name}{year - 1}.{suffix}"
            before[unit.name].write_bytes(written(report_of(unit, units, figures[year - 1], year - 1, ""), suffix))
    roster = folder / "roster.csv"
    roster.write_text(_roster(units, faults, year), encoding="utf-8-sig")
    return County(roster, reports, units, faults, kept, before)


def _roster(units: Sequence[Made], faults: Mapping[str, str], year: int) -> str:
    lines = ["unit,level,kind,parent,scope,published_on"]
    for unit in units:
        day = f"{year + 1}-{'03-14' if faults.get(unit.name) == 'late' else '01-21'}"
        lines.append(f"{unit.name},{unit.level},{unit.kind},{unit.parent},{unit.scope},{'' if faults.get(unit.name) == 'missing' else day}")
    return "\n".join(lines) + "\n"


# --- figures -------------------------------------------------------------------------------------------------------------------


def county_figures(units: Sequence[Made], faults: Mapping[str, str], year: int) -> dict[int, dict[str, Figures]]:
    """By year and unit what every table says, faults included: last year's and this year's hold together."""
    parents = {unit.parent for unit in units if unit.parent}
    made: dict[int, dict[str, Figures]] = {year - 1: {}, year: {}}
    for unit in units:
        if unit.name not in parents:
            for when, figures in zip((year - 1, year), _two_years(unit), strict=True):
                made[when][unit.name] = figures
            _spoil(made[year][unit.name], faults.get(unit.name, ""))
    for unit in reversed(units):  # superiors come before their own
        if unit.name in parents:
            for figures_of in made.values():
                figures_of[unit.name] = _added([figures_of[one.name] for one in units if one.parent == unit.name])
            _spoil(made[year][unit.name], faults.get(unit.name, ""))
    for name, fault in faults.items():
        if fault == "wrong_sum" and name in made[year]:  # after the sums: a superior adds up what was meant
            made[year][name]["requests"]["granted"]["total"] += 2
    return made


def _two_years(unit: Made) -> Iterator[Figures]:
    draw = Random(f"figures {unit.name}")
    carried = {who: draw.choice((0, 0, 0, 1, 2)) if who == "natural_person" else 0 for who in APPLICANTS}
    stock = draw.randint(3, 40)
    for _ in range(2):
        figures, carried, stock = _year_of(draw, unit, carried, stock)
        yield figures


def _year_of(draw: Random, unit: Made, carried: Mapping[str, int], stock: int) -> tuple[Figures, dict[str, int], int]:
    issued = draw.randint(0, 5)
    repealed = draw.randint(0, min(3, stock))
    left = {}
    rows = {row: dict.fromkeys(APPLICANTS, 0) for row in FORM.tables["requests"].rows}
    outcomes = [row for row in rows if row not in ("new_received", "carried_over", "result_total", "carried_forward")]
    usual = ("granted", "granted", "granted", "partially_granted", "unable.not_held", "unable.not_held", "not_processed.petition")
    for who in APPLICANTS:
        new = draw.randint(4, 34) if who == "natural_person" else draw.choice((0, 0, 1, 2))
        left[who] = draw.choice((0, 0, 1, 2)) if who == "natural_person" else 0
        rows["new_received"][who], rows["carried_over"][who], rows["carried_forward"][who] = new, carried[who], left[who]
        for _ in range(new + carried[who] - left[who]):
            rows[draw.choice(usual if draw.random() < 0.8 else outcomes)][who] += 1
            rows["result_total"][who] += 1
    disputes = {row: dict.fromkeys(DISPUTES, 0) for row in FORM.tables["disputes"].rows}
    disputes["review"]["upheld"] = draw.choice((0, 0, 1))
    figures: Figures = {
        "documents": {
            "regulations": {"issued": 0, "repealed": 0, "in_force": 0},
            "normative_documents": {"issued": issued, "repealed": repealed, "in_force": stock + issued - repealed},
        },
        "decisions": {row: {"handled": draw.randint(20, 900)} for row in ("licensing", "penalty", "coercion")},
        "fees": {"administrative": {"amount": draw.randint(0, 90_000_000)}},
        "requests": rows,
        "disputes": disputes,
    }
    return _totalled(figures), left, stock + issued - repealed


def _totalled(figures: Figures) -> Figures:
    for table, parts in (("requests", APPLICANTS), ("disputes", DISPUTES)):
        for row in figures[table].values():
            row["total"] = sum(row[name] for name in parts)
    return figures


def _added(parts: Sequence[Figures]) -> Figures:
    added = copy.deepcopy(parts[0])
    for part in parts[1:]:
        for table, rows in part.items():
            for row, cells in rows.items():
                for column, value in cells.items():
                    added[table][row][column] += value
    return added


def _spoil(figures: Figures, fault: str) -> None:
    requests = figures["requests"]
    if fault == "wrong_carry_over":
        _more(requests, ("carried_over", "result_total", "granted"), 4)
    elif fault == "wrong_summary":
        _more(requests, ("new_received", "result_total", "granted"), 3)


def _more(requests: dict[str, dict[str, Any]], rows: Sequence[str], number: int) -> None:
    for row in rows:
        for column in ("natural_person", "total"):
            requests[row][column] += number


# --- documents -----------------------------------------------------------------------------------------------------------------


def report_of(unit: Made, units: Sequence[Made], figures: Mapping[str, Figures], year: int, fault: str) -> Report:
    """The report as it is printed. The prose states the figures of the tables; ``copied`` takes that of another unit."""
    own = figures[unit.name]
    like = next(one for one in units if one.name == COPIED_FROM) if fault == "copied" else unit
    tables: Any = {name: rows for name, rows in own.items() if name != "fees"}
    amount = own["fees"]["administrative"]["amount"]
    fees = {"administrative": {"amount": f"{amount // 1_000_000}.{amount % 1_000_000:06d}".rstrip("0").rstrip(".")}}
    return Report(unit.name, FORM.id, {}, prose_of(unit, like, own, year), {**tables, "fees": fees})


def written(report: Report, suffix: str) -> bytes:
    """The report as a file of this kind."""
    items = printed(report, FORM)
    if suffix == "docx":
        return _docx(items)
    return (as_html(items) if suffix == "html" else _txt(items)).encode()


def _txt(items: Sequence[Item]) -> str:
    """A page copied as text: the cells of a row parted by tabs, covered ones left empty."""
    lines: list[str] = []
    for item in items:
        if isinstance(item, Text):
            lines.append(item.text)
            continue
        rows = [[""] * item.width for _ in item.rows]
        for r, c, cell in item.placed():
            rows[r][c] = cell.text
        lines += ["\t".join(row) for row in rows]
    return "\n".join(lines) + "\n"


def _docx(items: Sequence[Item]) -> bytes:
    """As :func:`documents.as_docx` does, the tables' frames made once: merging cells takes python-docx a second."""
    import docx

    document = docx.Document()
    for item in items:
        if isinstance(item, Text):
            document.add_paragraph(item.text, style={"title": "Title", "heading": "Heading 1"}.get(item.kind, "Normal"))
        else:
            document.element.body.insert(len(document.element.body) - 1, _filled(item))
    document.core_properties.author = ""
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _filled(grid: Grid) -> Any:
    """The XML of a printed table: a copy of its frame with this report's figures."""
    from docx.oxml.ns import qn

    table = copy.deepcopy(_frame(replace(grid, rows=tuple(tuple(replace(cell, text="") for cell in row) for row in grid.rows))))
    texts = {f"{r}.{c}": cell.text for r, c, cell in grid.placed()}
    for run in table.iter(qn("w:t")):
        run.text = texts[run.text]
    return table


@cache
def _frame(grid: Grid) -> Any:
    import docx

    places = (f"{r}.{c}" for r, c, _ in grid.placed())
    marked = Grid(grid.id, tuple(tuple(replace(cell, text=next(places)) for cell in row) for row in grid.rows))
    return docx.Document(io.BytesIO(as_docx([marked]))).tables[0]._tbl
