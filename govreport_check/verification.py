"""Whether what is published is what was checked: documents, rules, engine and waivers held against a manifest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from govreport_check.difference import Change, changes_between
from govreport_check.engine import ENGINE
from govreport_check.errors import PackError, SourceError, UsageError
from govreport_check.essence import essence_of
from govreport_check.manifest import (
    DocumentRecord,
    FileRecord,
    Manifest,
    PackHashes,
    WaivedRecord,
    content_of,
    engine_hash,
    essence_from,
    pack_hashes,
    read_as,
    seal_of,
    sha256,
    waivers_in,
)
from govreport_check.pack import Pack, load_pack
from govreport_check.wording import pick

_MOST = 10
"""So many changed places of a document are told one by one."""


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that was held against the manifest. ``at`` is the file or place; ``same``: whether it is as it was."""

    at: str
    said: str
    same: bool = True


def verify(manifest: Manifest, home: Path, files: Sequence[Path], lang: str = "zh") -> list[Remark]:
    """Everything that was compared, in order: the manifest itself, engine, rules, files that had a say, and the documents given.

    ``home`` is the manifest's folder. Raises UsageError for a file that cannot be opened.
    """
    packs, told = _packs(manifest, home, lang)
    return [
        *_itself(manifest, lang),
        *told,
        *(remark for record in manifest.files for remark in _file(record, home, lang)),
        *(remark for path in files for remark in _document(manifest, path, packs, lang)),
        *_left(manifest, files, lang),
    ]


def _itself(manifest: Manifest, lang: str) -> Iterator[Remark]:
    if seal_of(manifest) != manifest.seal:
        yield Remark("seal", pick(("清单本身被改动过", "the manifest itself was changed"), lang), False)
    if manifest.engine.hash != engine_hash():
        old, new = manifest.engine.version, ENGINE
        yield Remark("engine", pick((f"核对程序已变更（{old} → {new}）", f"the engine changed ({old} → {new})"), lang), False)


def _packs(manifest: Manifest, home: Path, lang: str) -> tuple[list[Pack], list[Remark]]:
    packs: list[Pack] = []
    told: list[Remark] = []
    for record in manifest.packs:
        try:
            pack = load_pack(home / record.folder if record.folder else record.id)
        except (PackError, UsageError) as error:
            reason = str(error).splitlines()[0]
            told.append(Remark(record.id, pick((f"规则包无法加载：{reason}", f"the pack cannot be loaded: {reason}"), lang), False))
            continue
        packs.append(pack)
        told += _rules(record, next(pack_hashes(pack, home)), lang)
    return packs, told


def _rules(old: PackHashes, new: PackHashes, lang: str) -> Iterator[Remark]:
    changed = [name for name in sorted({*old.files, *new.files}) if old.files.get(name) != new.files.get(name)]
    for name in changed:
        words = ("规则文件已改动", "the rule file changed")
        if name not in new.files:
            words = ("规则文件已不存在", "the rule file is gone")
        elif name not in old.files:
            words = ("规则文件是新增的", "the rule file is new")
        yield Remark(f"{old.folder or old.id}/{name}", pick(words, lang), False)
    if not changed and old.hash != new.hash:
        yield Remark(old.id, pick(("所依据的规则包已改动", "the pack that it extends changed"), lang), False)


def _file(record: FileRecord, home: Path, lang: str) -> Iterator[Remark]:
    path = home / record.file
    if not path.is_file():
        yield Remark(record.file, pick(("文件已不存在", "the file is gone"), lang), False)
        return
    if sha256(content_of(path)) == record.sha256:
        return
    changed = list(_waivers(record, waivers_in(path), lang)) if record.kind == "waivers" else []
    yield from changed or [Remark(record.file, pick(("文件已改动", "the file changed"), lang), False)]


def _waivers(record: FileRecord, present: Sequence[WaivedRecord], lang: str) -> Iterator[Remark]:
    before, after = ({waiver.finding: waiver for waiver in many} for many in (record.waivers, present))
    for finding in dict.fromkeys((*before, *after)):
        if before.get(finding) == after.get(finding):
            continue
        words = ("豁免已改动", "the waiver changed")
        if finding not in after:
            words = ("豁免已删除", "the waiver is gone")
        elif finding not in before:
            words = ("豁免是新增的", "the waiver is new")
        yield Remark(f"{record.file} {finding}", pick(words, lang), False)


# --- documents -----------------------------------------------------------------------------------------------------------------


def _document(manifest: Manifest, path: Path, packs: Sequence[Pack], lang: str) -> Iterator[Remark]:
    content = content_of(path)
    digest = sha256(content)
    same = next((one for one in manifest.documents if one.sha256 == digest), None)
    if same is not None:
        words = (f"与核对时逐字节相同；{same.sentence}", f"byte for byte what was checked; {same.sentence}")
        yield Remark(str(path), pick(words, lang))
        return
    try:
        kind, found = read_as(content, str(path), packs)
    except SourceError as error:
        yield Remark(str(path), error.told(lang), False)
        return
    if found is None:
        yield Remark(str(path), pick(("未识别为任何已知格式的报告", "is not a report of any known form"), lang), False)
        return
    about = {name: str(found.report.about.get(name)) for name in ("agency", "year")}
    record = next((one for one in manifest.documents if (one.agency, one.year) == (about["agency"], about["year"])), None)
    if record is None or record.said is None:
        yield Remark(str(path), pick(("清单中没有这份报告", "the manifest has no such report"), lang), False)
        return
    changes = changes_between(essence_from(record.said), essence_of(found), found, lang).all
    yield from _compared(record, str(path), kind, changes, lang)


def _compared(record: DocumentRecord, name: str, kind: str, changes: Sequence[Change], lang: str) -> Iterator[Remark]:
    """What is told of a document whose bytes are others: right in another format, if it says the same; in the same format never."""
    if not changes and kind != record.format:
        words = (f"与核对过的{record.name}（{record.format}）内容逐项一致", f"says cell for cell what {record.name} ({record.format}) says")
        yield Remark(name, pick((f"{words[0]}；{record.sentence}", f"{words[1]}; {record.sentence}"), lang))
        return
    yield Remark(name, pick((f"与核对过的{record.name}不同", f"is not the {record.name} that was checked"), lang), False)
    for one in changes[:_MOST]:
        yield Remark(f"{name} {one.spot}", f"{_state(one.old, lang)} → {_state(one.new, lang)}", False)
    if len(changes) > _MOST:
        more = len(changes) - _MOST
        yield Remark(name, pick((f"另有{more}处不同", f"{more} more places differ"), lang), False)
    if not changes:
        words = ("字节有改动，但数据、标题和文字均未变", "its bytes changed; figures, headings and prose did not")
        yield Remark(name, pick(words, lang), False)


def _state(text: str | None, lang: str) -> str:
    return pick(("（无）", "(not there)"), lang) if text is None else f"“{text}”"


def _left(manifest: Manifest, files: Sequence[Path], lang: str) -> Iterator[Remark]:
    """Documents of the manifest that nothing given stands for are told and are no failure: they may be published elsewhere."""
    number = len(manifest.documents) - len(files)
    if number > 0:
        words = (f"清单中另有{number}份报告未提交比对", f"{number} more of the manifest were not handed in")
        yield Remark("manifest", pick(words, lang))


def as_lines(remarks: Sequence[Remark], lang: str) -> list[str]:
    """A line a remark, then the conclusion in one sentence. Characters of reports are not yet made harmless."""
    marks: Mapping[bool, str] = {True: "=", False: "≠"}
    lines = [f"{marks[one.same]} {one.at}  {one.said}" for one in remarks]
    good = all(one.same for one in remarks)
    words = (
        ("发布的就是核对过的。", "What is published is what was checked.") if good else ("与核对时不一致。", "It is not what was checked.")
    )
    return [*lines, pick(words, lang)]
