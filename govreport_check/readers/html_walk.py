"""What a reader of a web page sees, in order: visible text and the tags around it, each with its line. No recursion, tag soup welcome.

lxml keeps an element's line up to 65,535; behind that lines are counted on by the line ends in the page's text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from govreport_check.errors import SourceError
from govreport_check.readers.containers import depth_of
from govreport_check.readers.extras import library
from govreport_check.readers.limits import Limits, too_much

DEEPEST = 2000  # libxml2 stops without a word at 2048
_LAST_LINE = 65535
_UNSEEN = frozenset(
    re.findall(
        r"\w+",
        "script style template noscript iframe object embed svg math select datalist button input textarea audio video canvas map "
        "head rp rt del dialog",
    )
)
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Event:
    """A tag that opens or closes, or a piece of text. ``word`` is the tag's name or the text, ``line`` where it begins."""

    kind: Literal["open", "close", "text"]
    word: str
    line: int
    element: Any


def parsed(text: str, name: str, limits: Limits) -> Any:
    """The root element (lxml) of a page. Raises SourceError for one without anything in it or with tags nested too deep."""
    html = library("lxml.html", "html", name)
    etree = library("lxml.etree", "html", name)
    parser = html.HTMLParser(no_network=True, huge_tree=True, remove_pis=True)  # without huge_tree it stops at 256 open tags
    try:
        root = html.document_fromstring(_plain(text), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise empty(name) from None
    if int(root.xpath("count(//*)")) > limits.tags:
        raise too_much(name, "tags", limits.tags, "个标签")
    if depth_of(root, DEEPEST) > DEEPEST:
        raise too_much(name, "tags in each other", DEEPEST, "层嵌套")
    return root


def empty(name: str) -> SourceError:
    """The error for a page on which nothing is to be read: what a script fetches, or a frame shows, is not in the file."""
    return SourceError(name, "is a web page without any text; save the page whole", "网页中没有文字，请打开网页后完整保存")


def _plain(text: str) -> str:
    """The page without what lxml refuses in a string: control characters, and a declaration of an encoding that is no longer true."""
    text = re.sub(r"\A\s*<\?xml[^>]*>", lambda match: "\n" * match.group().count("\n"), text)
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", " ", text)


def events(root: Any) -> Iterator[Event]:
    """What is visible of a page, in the order of its source."""
    line, path = 1, [(root, iter(root))]
    line = _line_of(root, line)
    yield Event("open", _tag(root), line, root)
    yield from _text(root.text, line, root)
    line += _ends(root.text)
    while path:
        element, children = path[-1]
        child = next(children, None)
        if child is None:
            path.pop()
            yield Event("close", _tag(element), line, element)
        else:
            line = _line_of(child, line)
            if is_seen(child):
                yield Event("open", _tag(child), line, child)
                yield from _text(child.text, line, child)
                line += _ends(child.text)
                path.append((child, iter(child)))
                continue
            line += _ends_inside(child)
            element = child
        if path:
            yield from _text(element.tail, line, path[-1][0])
            line += _ends(element.tail)


def is_seen(element: Any) -> bool:
    """Whether a browser shows an element, as far as its own tag tells."""
    if not isinstance(element.tag, str) or element.tag in _UNSEEN or "hidden" in element.attrib:
        return False
    return not _HIDING.search(element.get("style") or "")


def _tag(element: Any) -> str:
    return str(element.tag)


def _text(text: str | None, line: int, element: Any) -> Iterator[Event]:
    if text:
        yield Event("text", text, line, element)


def _line_of(element: Any, line: int) -> int:
    known = element.sourceline
    return known if known and known < _LAST_LINE else max(line, known or 0)


def _ends(text: str | None) -> int:
    return text.count("\n") if text else 0


def _ends_inside(element: Any) -> int:
    """The line ends in what is not shown: a script, a comment."""
    return sum(_ends(text) for text in element.itertext()) if isinstance(element.tag, str) else _ends(element.text)
