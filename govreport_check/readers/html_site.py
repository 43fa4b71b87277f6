"""A web page's own words around a report: menus, the path to the page, lines about the page, what stands below it.

They are told by where they stand, since the report's headings and tables have one element in common that holds little else, and inside
that element by what they say. Nothing is thrown away: what is the site's stands aside (:class:`~.document.Paragraph`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from govreport_check.readers.document import Block, Paragraph, Row, figure_like
from govreport_check.readers.html_blocks import Found
from govreport_check.readers.labels import enumerator

_LONGEST, _MOST_MARKS, _LEAST_FIGURES = 40, 300, 3
_PATH = re.compile(r"(?:您?(?:现在|当前|所在)?的?(?:所在)?位置|首页|网站首页)\s*[:：>》»/-].*")
_NAMED = (
    "发布时间|发布日期|发布机构|发布单位|发文日期|发文机关|发文机构|成文日期|公开日期|公开时间|更新时间|更新日期|生成日期|信息来源|来源|稿源|作者|"
    "责任编辑|编辑|审核|浏览次数|浏览量|点击数|点击量|点击率|阅读次数|阅读量|阅读|访问量|访问次数|字体|字号|字体大小|视力保护色?|索引号|主题分类|主题词|文号|发文字号|"
    "有效性|公开方式|公开范围|公开形式|组配分类|生效日期|名称|信息名称|标题|关键词|信息分类|体裁分类|时间|日期|时效|语种|废止日期|文件编号|保护视力"
)
_ABOUT = re.compile(rf"[\[【(（]?\s*(?:{_NAMED})\s*[\]】)）]?\s*[:：].{{0,120}}")
_TOOL = re.compile(
    r"[\[【(（]?\s*(?:打印|打印本页|关闭|关闭窗口|关闭本页|返回|返回顶部|返回首页|收藏|分享|分享到.*|扫一扫.*|字号|大|中|小|我要纠错|下载)\s*[\]】)）]?"
    r"(?:[\s|]*[\[【(（]?\s*(?:打印本?页?|关闭(?:窗口|本页)?|返回顶部|收藏|大|中|小)\s*[\]】)）]?)*"
)
_BELOW = re.compile(
    r"(?:上一篇|下一篇|上一条|下一条|相关链接|相关阅读|相关文档|相关新闻|相关信息|相关附件|友情链接|扫一扫|分享到|网站地图|关于我们|联系我们)(?:\s*[:：].*)?|"
    r".*(?:版权所有|ICP备|公网安备|网站标识码|技术支持|网站地图).*|(?:主办|承办|主办单位|承办单位|协办单位)\s*[:：].*"
)


def apart(found: Sequence[Found]) -> list[Block]:
    """The blocks of a page, those that are the site's and not the report's standing aside."""
    marks = [i for i, one in enumerate(found) if _is_mark(one.block)]
    if not marks:
        return [one.block for one in found]
    around = _around([found[i].element for i in marks[:_MOST_MARKS]])
    inside = [around is None or around is one.element or around in set(one.element.iterancestors()) for one in found]
    first, last = marks[0], marks[-1]
    blocks: list[Block] = []
    below = False
    for i, one in enumerate(found):
        below = below or (i > last and _is_below(one.block))
        own = first <= i <= last or (inside[i] and not below and not _is_about(one.block))
        blocks.extend([one.block] if own else _aside(one.block))
    return blocks


def _is_mark(block: Block) -> bool:
    """A line or row that is surely of a report: a numbered heading, figures."""
    if isinstance(block, Row):
        return sum(figure_like(cell.text) for cell in block.cells if cell.text) >= _LEAST_FIGURES
    return not block.aside and enumerator(block.text) is not None and len(block.text) <= _LONGEST


def _around(elements: Sequence[Any]) -> Any:
    """The innermost element that holds all of ``elements``."""
    paths = [[*reversed(list(element.iterancestors())), element] for element in elements]
    common = None
    for step in zip(*paths, strict=False):
        if any(one is not step[0] for one in step):
            break
        common = step[0]
    return common


def _is_about(block: Block) -> bool:
    return len(block.text) <= 3 * _LONGEST and "。" not in block.text and any(p.fullmatch(block.text) for p in (_PATH, _ABOUT, _TOOL))


def _is_below(block: Block) -> bool:
    return len(block.text) <= 4 * _LONGEST and _BELOW.fullmatch(block.text) is not None


def _aside(block: Block) -> Iterator[Paragraph]:
    if isinstance(block, Paragraph):
        yield replace(block, aside=True)
    elif block.text:
        yield Paragraph(block.text, block.place, gap=True, aside=True)
