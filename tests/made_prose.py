"""What the clerks of the made-up county write: prose that states a unit's figures and is its own.

Every sentence is put together from several choices, so that two units share few passages; nothing in it breaks a rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import TYPE_CHECKING, Any

from some_reports import FORM

from govreport_check.model import Section

if TYPE_CHECKING:
    from made_county import Made

_FIELDS = [
    "惠民补贴",
    "工程招标",
    "义务教育招生",
    "养老服务",
    "医疗救助",
    "农村饮水",
    "道路养护",
    "招商引资",
    "环境监测",
    "耕地保护",
    "危房改造",
    "就业培训",
    "食品抽检",
    "公共文化活动",
    "防汛调度",
    "财政预决算",
    "土地征收",
    "安全生产检查",
    "残疾人服务",
    "老旧小区改造",
    "种粮补贴",
    "户籍办理",
    "公共法律服务",
    "集市管理",
]
_PLACES = ["门户网站", "政务新媒体", "便民服务大厅", "村务公开栏", "政务公开专区", "图书馆查阅点", "广播站", "办事窗口电子屏"]
_PEOPLE = ["分管负责同志", "办公室", "业务科室", "法制审核人员", "信息员", "驻村干部", "窗口人员", "政务公开专班"]
_TIMES = ["年初", "上半年", "第二季度", "汛期前后", "七月", "九月起", "下半年", "第四季度", "全年", "节前"]
_ACTS = ["逐项梳理", "集中更新", "分类整理", "逐条核对", "统一编排", "合并精简", "重新校对", "补充完善", "实地走访", "随机抽查"]
_AIMS = [
    "方便群众对照查询",
    "减少重复提问",
    "让办事人少跑路",
    "便于企业提前准备",
    "让村组干部一看就懂",
    "回应了来电咨询",
    "压缩了查找时间",
    "避免口径不一",
]
_MEANS = ["图解", "问答", "短视频", "办事实例", "流程图", "明白卡", "现场讲解", "广播", "对照表", "操作指南"]
_ISSUES = [
    "更新不够及时",
    "解读形式偏少",
    "栏目划分不够清楚",
    "新任人员业务不熟",
    "旧文件标注不全",
    "留言答复偏慢",
    "村级公开内容偏简",
    "检索入口较深",
    "图片说明缺少文字版",
    "目录与内容衔接不紧",
]
_CURES = [
    "列出清单、明确到岗",
    "按月抽查并通报",
    "安排以老带新",
    "每季度开展一次实操培训",
    "与考核挂钩",
    "设置专人复核",
    "请服务对象试用后再改",
    "建立台账逐项销号",
    "把常见问题编成手册",
    "同步调整栏目设置",
]


def prose_of(unit: Made, like: Made, figures: Mapping[str, Any], year: int) -> dict[str, Section]:
    """The parts of a unit's report, in the words that ``like``'s clerk found; names and figures are the unit's own."""
    draw = Random(f"prose {like.name} {year}")
    texts = {
        "title": f"{unit.name}{year}年政府信息公开工作年度报告",
        "preamble": _preamble(year),
        "overview": _overview(unit, figures, year, draw),
        "problems": _problems(year, draw),
        "other_matters": _other(year, draw),
        "signature": f"{unit.name}\n{year + 1}年1月{15 + draw.randrange(5)}日",
    }
    headings = {name: f"{section.number}、{section.heading}" for name, section in FORM.sections.items()}
    order = ("title", "preamble", *FORM.sections, "signature")
    return {name: Section(headings.get(name), texts.get(name, "")) for name in order}


def _preamble(year: int) -> str:
    return (
        "根据《中华人民共和国政府信息公开条例》（国务院令第711号，以下简称《条例》）和《国务院办公厅政府信息与政务公开办公室关于印发"
        "〈中华人民共和国政府信息公开工作年度报告格式〉的通知》（国办公开办函〔2021〕30号）要求，编制本报告。全文由总体情况、"
        "主动公开政府信息情况、收到和处理政府信息公开申请情况、政府信息公开行政复议、行政诉讼情况、存在的主要问题及改进情况、"
        f"其他需要报告的事项六个部分组成。本报告所列数据的统计期限为{year}年1月1日至{year}年12月31日。"
    )


def _sentences(draw: Random, number: int) -> str:
    """So many sentences of what was done; each is put together anew."""
    made = []
    for _ in range(number):
        fields = draw.sample(_FIELDS, 2)
        shapes = (
            "{time}{who}对{one}、{two}信息{act}，用{means}在{place}说明，{aim}。",
            "{one}信息由{who}{act}，{time}在{place}以{means}形式展示，{aim}。",
            "围绕{one}和{two}，{who}{time}{act}有关材料，{place}同步提供{means}，{aim}。",
            "{place}{time}增设{one}栏目，{who}负责{act}，配有{means}，{aim}。",
            "针对{two}方面的疑问，{who}{time}制作{means}，经{act}后放到{place}，{aim}。",
        )
        words = {"one": fields[0], "two": fields[1], "time": draw.choice(_TIMES), "who": draw.choice(_PEOPLE), "act": draw.choice(_ACTS)}
        made.append(draw.choice(shapes).format(**words, means=draw.choice(_MEANS), place=draw.choice(_PLACES), aim=draw.choice(_AIMS)))
    return "".join(made)


def _overview(unit: Made, figures: Mapping[str, Any], year: int, draw: Random) -> str:
    lines = [
        f"{year}年，{unit.stem}政府信息公开工作按期完成各项任务。{_sentences(draw, 2)}",
        f"（一）主动公开。{_sentences(draw, 3)}",
        f"（二）依申请公开。{_applications(figures['requests'])}{_sentences(draw, 1)}",
        f"（三）政府信息管理。{_sentences(draw, 2)}",
        f"（四）政府信息公开平台建设。{_sentences(draw, 2)}",
        f"（五）监督保障。{_sentences(draw, 2)}政务公开纳入年度工作考核，考核结果在内部通报；开展社会评议，评议情况较好；"
        "未发生因政府信息公开工作被责任追究的情形。",
    ]
    return "\n".join(lines)


def _applications(requests: Mapping[str, Mapping[str, int]]) -> str:
    total = {row: cells["total"] for row, cells in requests.items()}
    people = requests["new_received"]["natural_person"]
    return (
        f"收到政府信息公开申请{total['new_received']}件，其中自然人{people}件、法人或其他组织{total['new_received'] - people}件；"
        f"另有上年结转{total['carried_over']}件。办结{total['result_total']}件，结转下年度办理{total['carried_forward']}件。"
    )


def _problems(year: int, draw: Random) -> str:
    issues, cures, fields = draw.sample(_ISSUES, 3), draw.sample(_CURES, 4), draw.sample(_FIELDS, 5)
    three = draw.sample(fields, 3)
    told = "；".join(f"{number}是{field}信息{issue}" for number, field, issue in zip("一二三", fields, issues, strict=False))
    cured = "；".join(f"{number}是在{field}方面{cure}" for number, field, cure in zip("一二三", three, cures, strict=False))
    return (
        f"（一）存在的主要问题。{told}。{_sentences(draw, 1)}\n"
        f"（二）改进情况。{fields[4]}信息的旧问题已经解决，做法是{cures[3]}。{year + 1}年将采取以下措施：{cured}。{_sentences(draw, 1)}"
    )


def _other(year: int, draw: Random) -> str:
    return draw.choice((f"{year}年未收取信息处理费。", "本年度没有收取信息处理费。", "本年度未收取政府信息公开信息处理费。"))
