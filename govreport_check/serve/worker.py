"""A worker: a process that lives long, has the packs loaded, and does one job after the other until its input ends.

It may be killed at any time: nothing is lost with it. Its memory is bounded; where that is used up it says so and ends.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from types import TracebackType
from typing import Any, BinaryIO

from govreport_check.engine import ENGINE
from govreport_check.errors import GovreportError, SourceError
from govreport_check.model import Report, Section
from govreport_check.pack import Pack
from govreport_check.recognition import packs_of
from govreport_check.serve import shown, takes, work
from govreport_check.serve.edits import Edit, EditError
from govreport_check.serve.frames import Message, packed, receive
from govreport_check.wording import VALUES

_WARM = 4
"""So many times each form is checked before the first question: then every pattern is in its sieve (``sieve.py``)."""


def main() -> None:
    """Talks over the process's standard input and output; what any library prints goes to standard error."""
    sys.excepthook = _last_words
    streams = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    if len(sys.argv) > 1:
        _bound_memory(int(sys.argv[1]))
    serve(*streams)


def serve(source: BinaryIO, target: BinaryIO) -> None:
    """Answers every message of ``source`` on ``target``, the first without being asked: what there is to offer."""
    packs = packs_of(None)
    _send(target, Message(_offer(packs)))
    _warm(packs)
    gc.freeze()  # what was loaded stays: looking through it for garbage again and again would cost more than a check
    gc.set_threshold(100_000, 50, 50)
    while (message := receive(source)) is not None:
        try:
            answer = _answer(message, packs, target)
        except MemoryError:
            _send(target, Message(_refusal("too-heavy", "读取该文件所需内存过多", "this asks for too much memory")))
            sys.exit(1)
        except EditError as error:
            answer = Message(_refusal("edit", error.zh, error.en))
        except SourceError as error:
            answer = Message(_refusal("source", f"{error.source}：{error.zh}", str(error)))
        except takes.Refusal as error:
            answer = Message(_refusal("not-available", error.zh, error.en))
        except GovreportError as error:
            answer = Message(_refusal("usage", str(error), str(error)))
        _send(target, answer)


def _send(target: BinaryIO, message: Message) -> None:
    for piece in packed(message):
        target.write(piece)
    target.flush()


def _refusal(code: str, zh: str, en: str) -> dict[str, Any]:
    return {"error": {"code": code, "zh": zh, "en": en}}


def _offer(packs: Sequence[Pack]) -> dict[str, Any]:
    levels = {lang: [[name, words[i]] for name, words in VALUES["level"].items()] for i, lang in enumerate(("zh", "en"))}
    try:
        own = version("govreport-check")
    except PackageNotFoundError:
        own = ENGINE
    return {"version": own, "packs": [{"id": pack.id, "version": pack.version} for pack in packs], "levels": levels}


def _warm(packs: Sequence[Pack]) -> None:
    """Checks of next to nothing, in other words each time, so that the first one that somebody waits for finds everything imported,
    rules planned and patterns put together: the page is being opened meanwhile."""
    forms = [form for pack in packs for form in pack.forms.values() if form.last_year is None]
    for i in range(_WARM):
        sections = [{part: Section(text=f"{part} {i}") for part in form.sections} for form in forms]
        nothing = [Report("", form.id, sections=own) for form, own in zip(forms, sections, strict=True)]
        asked = [work.Asked(work.Taken("", "", (report,))) for report in nothing]
        shown.shown(work.check_documents(asked, packs, "zh", printed=True), asked, ["" for _ in asked])


# --- jobs -----------------------------------------------------------------------------------------------------------------------


def _answer(message: Message, packs: Sequence[Pack], target: BinaryIO) -> Message:
    head = message.head
    if head["do"] == "read":
        return _read(message, packs, target)
    asked = [_asked(one, message.parts) for one in head["documents"]]
    if head["do"] == "take":
        contents = [message.parts[one["content"]] for one in head["documents"]]
        limits = work.limits(head["max_size"], head["seconds"])
        order = takes.Order(asked, contents, packs, head["lang"], head["details"], limits)
        file = takes.take(head["kind"], order)
        return Message({"name": file.name, "type": file.type, "note": file.note}, (file.content,))
    checked = work.check_documents(asked, packs, head["lang"], printed=head["printed"])
    ids = [one["id"] for one in head["documents"]]
    text = shown.shown(checked, asked, ids) if head["printed"] else shown.plain(checked)
    return Message({}, (text,))


def _read(message: Message, packs: Sequence[Pack], target: BinaryIO) -> Message:
    head, content = message.head, message.parts[0]

    def progress(share: float) -> None:
        _send(target, Message({"progress": share}))

    progress(0.05)
    if head["data"]:
        taken = work.read_data(content, head["name"], packs)
    else:
        taken = work.read_document(content, head["name"], packs, max_size=head["max_size"], seconds=head["seconds"], progress=progress)
    error = None if taken.unread is None else {"zh": taken.unread.zh, "en": taken.unread.reason}
    told = {"kind": taken.kind, "error": error, "forms": [report.form for report in taken.reports]}
    return Message(told, (work.kept(taken),))


def _asked(one: dict[str, Any], parts: Sequence[bytes]) -> work.Asked:
    edits = tuple(Edit(edit["at"], edit["to"], edit["line"]) for edit in one["edits"])
    prior = None if one["prior"] is None else _taken(one["prior"], parts)
    return work.Asked(_taken(one, parts), edits, prior, one["about"])


def _taken(one: dict[str, Any], parts: Sequence[bytes]) -> work.Taken:
    """A document by the number of its part; what could not be read has none, and says why."""
    if one["part"] is not None:
        return work.unpacked(parts[one["part"]])
    return work.Taken(one["name"], unread=SourceError(one["name"], one["unread"]["en"], one["unread"]["zh"]))


# --- the process ----------------------------------------------------------------------------------------------------------------


def _bound_memory(most: int) -> None:
    if sys.platform != "win32":
        import resource

        with suppress(ValueError, OSError):  # where a system knows no such bound
            resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _last_words(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """One line: the server says the rest to whoever asked."""
    if os.environ.get("GOVREPORT_DEBUG"):
        sys.__excepthook__(kind, error, trace)
    elif not issubclass(kind, KeyboardInterrupt):
        print(f"govreport: a worker ended: {kind.__name__}: {' '.join(str(error).split())[:300]}", file=sys.stderr)  # noqa: T201


if __name__ == "__main__":
    main()
