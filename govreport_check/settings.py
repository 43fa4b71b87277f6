"""How each report is checked, and who said so: the command line before the nearest file of settings, that before what is usual."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from govreport_check import engine
from govreport_check.beside import settings_above, waivers_beside
from govreport_check.drafts import DrawUp, Progress
from govreport_check.errors import Complaint, PackError, UsageError
from govreport_check.findings import Result
from govreport_check.frozen import dataclass
from govreport_check.jobs import Job
from govreport_check.pack import BUILT_IN, bundled, pack_to_check
from govreport_check.recognition import packs_of
from govreport_check.selection import Options, Override, select_rules, with_profile

if TYPE_CHECKING:
    from govreport_check.config_file import Config
    from govreport_check.config_spec import ReportSettings


@dataclass(frozen=True, slots=True)
class Setting:
    """A value and where it is from: an option (``--select``), a file and line, or nothing where it is the usual one."""

    value: Any
    origin: str = ""


Settings: TypeAlias = "Mapping[str, Setting]"
"""By key of the file of settings, in the order of :data:`USUAL`."""

USUAL: Mapping[str, Any] = {
    "packs": (),
    "select": (),
    "ignore": (),
    "severity": {},
    "fail-on": "error",
    "strict": False,
    "profile": None,
    "rules-as-of": None,
    "lang": None,
    "waivers": None,
    "baseline": None,
    "max-size": None,
    "outputs": (),
}
_PATHS = ("waivers", "baseline")

Finder: TypeAlias = "Callable[[Path], Config | None]"


def finder(file: Path | None, without: bool) -> Finder:
    """How the settings of a report are found: in ``file``, nowhere, or above the report. Raises PackError, UsageError when it is called."""
    if without:
        return lambda _: None
    if file is not None:
        from govreport_check.config_file import read_config

        found = read_config(file)
        if found is None:
            raise UsageError(f"{file} has no [tool.govreport]")
        return lambda _: found
    return partial(_beside, lru_cache(maxsize=None)(_above))


def _above(folder: Path) -> Config | None:
    """The settings of a folder or above it; what reads them is imported where there is something to read."""
    if not settings_above(folder / "_"):
        return None
    from govreport_check.config_file import config_for

    return config_for(folder / "_")


def _beside(found: Callable[[Path], Config | None], report: Path) -> Config | None:
    return found(report.parent)


def settings_for(report: Path, stated: Mapping[str, Setting], config: Config | None) -> Settings:
    """Every setting for one report. ``stated`` are those of the command line."""
    found = {name: Setting(value) for name, value in USUAL.items()}
    if config is not None:
        found.update(_of_file(config))
        for pattern, settings in config.file.per_path.items():
            if _means(pattern, report, config.folder):
                own = dict(_of(settings, config, ("per-path", pattern)))
                before = found["severity"]
                found.update(own)
                if "severity" in own:
                    found["severity"] = Setting({**before.value, **own["severity"].value}, own["severity"].origin)
    found.update(stated)
    if found["waivers"].value is None:
        found["waivers"] = Setting(waivers_beside(report))
    return found


def _of_file(config: Config) -> Iterator[tuple[str, Setting]]:
    yield from _of(config.file, config, ())
    if config.file.packs is not None:
        yield "packs", Setting(tuple(_pack(name, config.folder) for name in config.file.packs), config.at("packs"))
    if config.file.outputs is not None:
        yield "outputs", Setting(tuple(config.file.outputs), config.at("outputs"))


def _of(settings: ReportSettings, config: Config, under: tuple[str, ...]) -> Iterator[tuple[str, Setting]]:
    from govreport_check.config_spec import ReportSettings

    for name, value in settings.model_dump(by_alias=True, include=set(ReportSettings.model_fields), exclude_none=True).items():
        origin = config.at(*under, name)
        if name in _PATHS:
            yield name, Setting(near(config.folder / value), origin)
        elif name == "severity":
            overrides = (settings.severity or {}).items()
            yield name, Setting({rule: _override(rule, spec, config.at(*under, name, rule)) for rule, spec in overrides}, origin)
        else:
            yield name, Setting(tuple(value) if isinstance(value, list) else value, origin)


def _override(rule: str, spec: Any, at: str) -> Override:
    reason = spec.because if isinstance(spec.because, str) else f"{spec.because.zh} {spec.because.en}"
    return Override(rule, spec.to, reason, at)


def _pack(name: str, folder: Path) -> str:
    """A bundled pack by its name, any other as a folder that is named from the file's."""
    return str(near(folder / name)) if name not in bundled() else name


def near(path: Path) -> Path:
    """A path in the working folder relative to it, any other whole."""
    top = Path.cwd()
    whole = path.absolute()
    return whole.relative_to(top) if whole.is_relative_to(top) else whole


def _means(pattern: str, report: Path, folder: Path) -> bool:
    """Whether a pattern means a report: ``archive/**``, ``*-draft.docx``. One without ``/`` is about the name, in whichever folder.

    Others are relative to the file's folder, and to the working folder for reports that do not lie below the file.
    """
    whole = report.absolute()
    if "/" not in pattern:
        return re.fullmatch(_as_regex(pattern), whole.name) is not None
    base = next((one for one in (folder, Path.cwd()) if whole.is_relative_to(one)), None)
    path = "" if base is None else whole.relative_to(base).as_posix()
    return re.fullmatch(_as_regex(pattern), path) is not None


_WILD = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def _as_regex(pattern: str) -> str:
    pieces = re.split(r"(\*\*/|\*\*|\*|\?)", pattern.removeprefix("./"))
    return "".join(_WILD.get(piece, re.escape(piece)) for piece in pieces)


# --- checked -------------------------------------------------------------------------------------------------------------------


def options_of(settings: Settings, options: Options) -> Options:
    """``options`` as the settings say."""
    value = {name: setting.value for name, setting in settings.items()}
    size = value["max-size"]
    return replace(
        options,
        select=value["select"],
        ignore=value["ignore"],
        overrides=tuple(value["severity"].values()),
        fail_on=value["fail-on"],
        strict=value["strict"],
        profile=value["profile"],
        as_of=value["rules-as-of"],
        lang=value["lang"],
        max_size=None if size is None else size << 20,
    )


def home_of(job: Job) -> Path:
    """The path by which the settings and waivers of a job are found; what has none is taken to lie in the working folder."""
    return job.source if isinstance(job.source, Path) else Path(job.name or "-")


def check_configured(
    jobs: Sequence[Job],
    options: Options,
    stated: Mapping[str, Setting],
    find: Finder,
    progress: Progress | None = None,
    draw_up: DrawUp | None = None,
) -> Result:
    """What the rules say of every job, each checked as its settings say. Reports of different packs are checked one pack after the other.
    ``progress`` and ``draw_up`` as for :func:`check_jobs`.

    Raises PackError with every mistake in a file of settings, and as :func:`check_jobs` does.
    """
    by_packs: dict[tuple[str, ...], list[Job]] = {}
    held: set[str] = set()  # many reports share their settings
    for job in jobs:
        settings = settings_for(home_of(job), stated, find(home_of(job)))
        if repr(settings) not in held:
            held.add(repr(settings))
            _hold(settings)
        own = replace(job, waivers=settings["waivers"].value, baseline=settings["baseline"].value, options=options_of(settings, options))
        by_packs.setdefault(settings["packs"].value, []).append(own)
    return _joined([_checked(group, packs, options, progress, draw_up) for packs, group in by_packs.items()])


def _checked(group: Sequence[Job], packs: Sequence[str], options: Options, progress: Progress | None, draw_up: DrawUp | None) -> Result:
    own = group[0].options or options
    jobs = [replace(job, options=None) if job.options == own else job for job in group]
    return engine.check_jobs(jobs, packs or None, own, progress, draw_up)


def _joined(results: Sequence[Result]) -> Result:
    packs = {pack.id: pack for one in results for pack in one.packs}
    overrides = {override: override for one in results for override in one.overrides}
    reports = [report for one in results for report in one.reports]
    rules = {name: rule for one in results for name, rule in one.rules.items()}
    told = {"packs": list(packs.values()), "overrides": list(overrides.values()), "reports": reports, "rules": rules}
    return results[0].model_copy(update=told)


def _hold(settings: Settings) -> None:
    """Raises PackError where a file names rules or a profile that no pack has; what the command line names is told by the engine."""
    stated = [
        name for name in ("select", "ignore", "profile", "severity") if settings[name].origin and not settings[name].origin.startswith("-")
    ]
    complaints = [complaint for name in stated for complaint in _complaints(name, settings)]
    if complaints:
        raise PackError(list(dict.fromkeys(complaints)))


def _complaints(name: str, settings: Settings) -> Iterator[Complaint]:
    packs = [*packs_of(settings["packs"].value or None), pack_to_check(BUILT_IN)]
    value = settings[name].value
    for one, origin in _trials(name, value, settings[name].origin):
        try:
            if name == "profile":
                with_profile(one, packs)
            else:
                select_rules(packs, one)
        except UsageError as error:
            file, _, line = origin.rpartition(":")
            yield (
                Complaint(file, int(line), 1, f"{name}: {str(error).removeprefix(f'{origin}: ')}")
                if line.isdigit()
                else Complaint(origin, 0, 0, str(error))
            )


def _trials(name: str, value: Any, origin: str) -> Iterable[tuple[Options, str]]:
    """Each name of a setting by itself, with its place."""
    if name == "severity":
        return [(Options(overrides=(override,)), override.at) for override in value.values()]
    if name == "profile":
        return [(Options(profile=value), origin)]
    return [(Options(select=(one,)) if name == "select" else Options(ignore=(one,)), origin) for one in value]


# --- shown ---------------------------------------------------------------------------------------------------------------------


def unusual(settings: Settings) -> dict[str, str]:
    """The settings that are not as usual, as they are told; files that excuse findings apart."""
    stated = ((name, setting.value) for name, setting in settings.items() if name not in (*_PATHS, "outputs"))
    return {name: _value(value) for name, value in stated if value != USUAL[name]}


def as_text(groups: Sequence[tuple[str, Settings]], lang: str) -> str:
    """Every setting of every report with its origin; reports with the same settings stand together."""
    told: dict[str, list[str]] = {}
    for name, settings in groups:
        told.setdefault("".join(_lines(settings, lang)), []).append(name)
    return "\n".join("".join(f"{name}\n" for name in names) + lines for lines, names in told.items())


def _lines(settings: Settings, lang: str) -> Iterator[str]:
    usual, found = ("默认", "按所在文件夹查找") if lang == "zh" else ("default", "found beside the report")
    for name, setting in settings.items():
        origin = setting.origin or (found if name == "waivers" and setting.value else usual)
        yield f"  {name:<12} {_value(setting.value):<32} {origin}\n"
        if name == "severity":
            yield from (f"    {one.rule}: {one.to} ({one.because})  {one.at}\n" for one in setting.value.values())


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return str(len(value)) if value else "-"
    if isinstance(value, tuple):
        return ", ".join(value) or "-"
    return "-" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
