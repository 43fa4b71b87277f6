"""The parts of a FOIA annual report in XML, one by one as the file is parsed: header, organisations, and the rows of every section.

Nothing is resolved here: a row does not know yet whose it is, for the organisations may stand behind it.
"""

from __future__ import annotations

import html
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from govreport_check.errors import SourceError
from govreport_check.model import Place, Raw, Remark
from govreport_check.readers.foia_names import BRANCHES, FOOTNOTE, LINK, MOST_OLDEST, ROOT, STATUTE_COUNT, Items, Layout
from govreport_check.readers.raw import raw_of

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

MOST_DEPTH = 64
_WEB_PAGE = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,10});")


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one row as printed: its id, its cells (column, raw, place), and where it stands."""

    id: str
    cells: tuple[tuple[str, Raw, Place], ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Link:
    """What ties the row ``row`` to the organisations ``to``; in section IV with the count of the statute's uses."""

    row: str
    to: tuple[str, ...]
    place: Place
    count: tuple[Raw, Place] | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One section element of the file."""

    layout: Layout
    place: Place
    rows: tuple[Row, ...]
    links: tuple[Link, ...]
    notes: tuple[tuple[str, Place], ...]
    remarks: tuple[Remark, ...]


def elements_of(content: bytes, name: str) -> Iterator[Element]:
    """The root's children, each complete and emptied again afterwards. Raises SourceError for what is no FOIA annual report in XML."""
    from lxml import etree

    _looked_at(content, name)
    parser = etree.iterparse(
        io.BytesIO(content),
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    depth = 0
    try:
        for event, element in parser:
            if event == "start":
                depth += 1
                if depth == 1:
                    _check_root(element, name)
                elif depth > MOST_DEPTH:
                    raise SourceError(name, f"is nested more than {MOST_DEPTH} elements deep; no report is", "元素嵌套过深，不是年度报告")
                continue
            depth -= 1
            if depth == 1:
                yield element
                element.clear()
    except etree.XMLSyntaxError as error:
        raise _malformed(error, name) from None


def _looked_at(content: bytes, name: str) -> None:
    if not content.strip(b"\xef\xbb\xbf\x00 \t\r\n"):
        raise SourceError(name, "is empty; fetch the report again", "文件是空的，请重新下载报告")
    if _WEB_PAGE.match(content.removeprefix(b"\xef\xbb\xbf")[:4000]):
        raise SourceError(
            name,
            "is a web page, not the report (a server's error page is often saved under the report's name); fetch the report again",
            "是网页而不是报告（常见于把服务器的出错页面存成了报告），请重新下载报告",
        )


def _check_root(element: Element, name: str) -> None:
    if element.getroottree().docinfo.doctype:
        raise SourceError(
            name, "declares a DOCTYPE, which no FOIA annual report has; remove it", "含有DOCTYPE声明，年度报告不应有此声明，请删去"
        )
    root = local(element.tag)
    if root != ROOT:
        raise SourceError(name, f"is XML, but its root element is {root}, not {ROOT}", f"是XML文件，但根元素是{root}，不是{ROOT}")


def _malformed(error: SyntaxError, name: str) -> SourceError:
    line, column = error.position if hasattr(error, "position") else (error.lineno or 0, error.offset or 0)
    reason = re.sub(r", line \d+, column \d+.*", "", error.msg or "broken off")
    return SourceError(
        f"{name}:{line}:{column}",
        f"is not well-formed XML ({reason}); export or fetch the report again",
        "XML格式有误，请重新导出或下载报告",
    )


@cache
def local(tag: str) -> str:
    """The name of an element or attribute without its namespace."""
    return tag.rpartition("}")[2]


def attribute(element: Element, name: str) -> str:
    """The attribute of this local name, trimmed; nothing where there is none."""
    return next((str(value).strip() for key, value in element.attrib.items() if local(str(key)) == name), "")


def readable(text: str | None) -> str:
    """Text for people: entities that the exporter escaped twice undone, white space as single spaces."""
    return " ".join(_REFERENCE.sub(lambda match: html.unescape(match[0]), text or "").split())


def place_at(element: Element, name: str, caption: str | None = None) -> Place:
    """Where an element stands."""
    return Place(source=name, line=element.sourceline, section=caption, element=local(element.tag))


def part_of(element: Element, layout: Layout, name: str) -> Part:
    """A section element, read."""
    rows: list[Row] = []
    links: list[Link] = []
    notes: list[tuple[str, Place]] = []
    remarks: list[Remark] = []
    for child in element:
        tag = local(child.tag)
        if tag == layout.row:
            rows.append(_row(child, layout, name, remarks))
        elif tag.endswith(LINK):
            links.append(_link(child, layout, name, remarks))
        elif tag == FOOTNOTE:
            notes.append((readable(child.text), place_at(child, name, layout.caption)))
        else:
            remarks.append(unknown(child, name, layout))
    told = tuple(note for note in notes if note[0])
    return Part(layout, place_at(element, name, layout.caption), tuple(rows), tuple(links), told, tuple(remarks))


def _row(element: Element, layout: Layout, name: str, remarks: list[Remark]) -> Row:
    seen = _Seen(0, Counter(layout.cells.values()))
    cells = tuple(_cells(element, "", layout, name, seen, remarks))
    return Row(attribute(element, "id"), cells, place_at(element, name, layout.caption))


def unknown(element: Element, name: str, layout: Layout | None = None) -> Remark:
    """What is to be said of an element that the form does not have."""
    text = readable("".join(str(piece) for piece in element.itertext()))
    printed = local(element.tag) + (f": {text[:80]}" if text else "")
    place = place_at(element, name, layout.caption if layout else None)
    return Remark("unknown-element", layout.table if layout else None, place, {"printed": printed})


def _link(element: Element, layout: Layout, name: str, remarks: list[Remark]) -> Link:
    row, to, count = "", [], None
    for child in element:
        tag = local(child.tag)
        if tag == "ComponentDataReference":
            row = attribute(child, "ref")
        elif tag == "OrganizationReference":
            to.append(attribute(child, "ref"))
        elif tag == STATUTE_COUNT:
            count = (raw_of(child.text), place_at(child, name, layout.caption))
        else:
            remarks.append(unknown(child, name, layout))
    return Link(row, tuple(to), place_at(element, name, layout.caption), count)


@dataclass(slots=True)
class _Seen:
    """What has been met in one row so far: how many items, and which columns they were given."""

    items: int
    columns: Counter[str]


_Cell: TypeAlias = "tuple[str, Raw, Place]"


def _cells(parent: Element, path: str, layout: Layout, name: str, seen: _Seen, remarks: list[Remark]) -> Iterator[_Cell]:
    """The cells below ``parent``, whose local names from the row down are ``path``."""
    for child in parent:
        tag = local(child.tag)
        column = layout.cells.get(path + tag)
        if column is not None:
            yield column, _figure(child, tag), Place(source=name, line=child.sourceline, section=layout.caption, element=tag)
            remarks.extend(unknown(inner, name, layout) for inner in child)
        elif layout.items is not None and tag == layout.items.element:
            seen.items += 1
            yield from _item(child, layout.items, layout, name, seen, remarks)
        elif path == "" and tag in BRANCHES[layout.table]:
            yield from _cells(child, f"{tag}/", layout, name, seen, remarks)
        else:
            remarks.append(unknown(child, name, layout))


def _figure(element: Element, tag: str) -> Raw:
    """A figure; ``LT1``, the code for "less than one day", is what it says."""
    if tag.endswith("DaysCode") and (element.text or "").strip() == "LT1":
        return "<1"
    return raw_of(element.text)


def _item(element: Element, items: Items, layout: Layout, name: str, seen: _Seen, remarks: list[Remark]) -> Iterator[_Cell]:
    """The cell or two cells of a repeated element."""
    parts: dict[str, Element] = {}
    for child in element:
        if parts.setdefault(local(child.tag), child) is not child:  # a second key or figure in one item
            remarks.append(unknown(child, name, layout))
    key, figure = parts.pop(items.key, None), parts.pop(items.figure, None)
    columns = _columns_of(key.text if key is not None else None, items, seen)
    if columns is None:
        remarks.append(unknown(element, name, layout))
        return
    remarks.extend(unknown(child, name, layout) for child in parts.values())
    for column, child in zip(columns, (key, figure) if items.ordered else (figure,), strict=True):
        if child is not None:
            place = Place(source=name, line=child.sourceline, section=layout.caption, element=local(child.tag))
            yield column, raw_of(child.text), place


def _columns_of(key: str | None, items: Items, seen: _Seen) -> tuple[str, ...] | None:
    """The columns of an item's figure and, in an ordered list, of its key; None where the form has none."""
    if items.ordered is not None:
        date, days = items.ordered
        return (f"{date}_{seen.items}", f"{days}_{seen.items}") if seen.items <= MOST_OLDEST else None
    if items.columns is not None:
        column = items.columns.get((key or "").strip())
        return None if column is None else (column,)
    # the same words twice in one row are two reasons, not one that is printed twice
    label = listed_id(key)
    seen.columns[label] += 1
    return (label if seen.columns[label] == 1 else f"{label} ({seen.columns[label]})",)


def listed_id(text: str | None) -> str:
    """The id of a column or row that the report names itself: its words. A leading asterisk marks a footnote and no id begins so."""
    return readable(text).lstrip("* ") or "—"
