"""Whether this installation can do its work: Python, packages, extras, programs, fonts, the cache folder, the packs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version

from govreport_check.errors import PackError
from govreport_check.pack import BUILT_IN, bundled, load_pack
from govreport_check.pack_cache import SWITCH, cache_state
from govreport_check.wording import pick

OLDEST = (3, 11)
_DISTRIBUTION = "govreport-check"
EXTRAS = {
    "pdf": ("pypdfium2", ("读取PDF", "reads PDF")),
    "xlsx": ("python-calamine", ("读取xlsx工作簿", "reads xlsx workbooks")),
    "html": ("jinja2", ("生成HTML页面", "writes HTML pages")),
    "serve": ("starlette", ("govreport serve 网页", "the page of govreport serve")),
    "jobs": ("pebble", ("用多个进程核对", "checks in several processes")),
    "bundle": ("packaging", ("制作免安装文件夹", "makes folders that need no installation")),
    "archive": ("pyarrow", ("数据库（Parquet）", "archives as Parquet")),
    "dask": ("dask", ("在多台计算机上核对", "checks on several computers")),
    "locate": ("highspy", ("多处错误时推断出错的单元格", "finds likely wrong cells where more than three are")),
}
"""The package of an extra and what it is for."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. ``state``: good, missing (works without) or bad (does not work); ``said`` adds what to do."""

    name: str
    state: str
    said: str


def examine(lang: str) -> list[Finding]:
    """Everything that was looked at, what is indispensable first."""
    return [_python(lang), *_packages(lang), *_packs(lang), *_extras(lang), _office(lang), _fonts(lang), _cache(lang)]


def _python(lang: str) -> Finding:
    said = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST:
        return Finding("python", "bad", pick((f"{said}，应为3.11或更新版本", f"{said}; 3.11 or later is needed"), lang))
    return Finding("python", "good", said)


def _packages(lang: str) -> Iterator[Finding]:
    """What this package says it requires, extras apart."""
    try:
        stated = [text for text in requires(_DISTRIBUTION) or [] if "extra ==" not in text]
    except PackageNotFoundError:
        missing = ("以源代码方式运行，依赖未登记", "run from source: what it requires is not registered")
        yield Finding(_DISTRIBUTION, "missing", pick(missing, lang))
        return
    for text in stated:
        name = re.split(r"[^A-Za-z0-9_.-]", text, maxsplit=1)[0]
        found = _version(name)
        missing = (f"未安装：pip install {name}", f"not installed: pip install {name}")
        yield Finding(name, "good" if found else "bad", found or pick(missing, lang))


def _extras(lang: str) -> Iterator[Finding]:
    for extra, (name, use) in EXTRAS.items():
        found, install = _version(name), f"pip install '{_DISTRIBUTION}[{extra}]'"
        missing = (f"未安装（{use[0]}）：{install}", f"not installed ({use[1]}): {install}")
        yield Finding(name, "good" if found else "missing", f"{found} · {pick(use, lang)}" if found else pick(missing, lang))


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _packs(lang: str) -> Iterator[Finding]:
    for name in (BUILT_IN, *bundled()):
        try:
            pack = load_pack(name)
        except PackError as error:
            yield Finding(name, "bad", str(error.complaints[0]))
            continue
        count = len(pack.rules)
        yield Finding(name, "good", pick((f"规则包 {pack.version}，{count}条规则", f"pack {pack.version}, {count} rules"), lang))
    if not bundled():
        yield Finding("packs", "bad", pick(("没有规则包，请重新安装", "no packs are there; install again"), lang))


def _office(lang: str) -> Finding:
    found = shutil.which("soffice") or shutil.which("libreoffice")
    use = pick(("读取doc、wps、rtf、odt、ods", "reads doc, wps, rtf, odt and ods"), lang)
    if found:
        return Finding("soffice", "good", f"{found} · {use}")
    return Finding("soffice", "missing", pick((f"未找到LibreOffice（{use}）", f"LibreOffice was not found ({use})"), lang))


def _fonts(lang: str) -> Finding:
    """Chinese fonts, which files are converted with; only where fontconfig can be asked."""
    program = shutil.which("fc-list")
    if program is None:
        return Finding("fonts", "good", pick(("未检查（没有fc-list）", "not looked at (no fc-list)"), lang))
    try:
        done = subprocess.run([program, ":lang=zh-cn", "family"], capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return Finding("fonts", "missing", str(error))
    families = sorted({line.split(",")[0].strip() for line in done.stdout.decode(errors="replace").splitlines() if line.strip()})
    if families:
        more = f" (+{len(families) - 1})" if len(families) > 1 else ""
        return Finding("fonts", "good", f"{families[0]}{more}")
    missing = (
        "没有中文字体，转换中文文件时会缺字：请安装，如fonts-noto-cjk",
        "no Chinese font: converted files lack characters; fonts-noto-cjk is one",
    )
    return Finding("fonts", "missing", pick(missing, lang))


def _cache(lang: str) -> Finding:
    if os.environ.get(SWITCH):
        return Finding("cache", "good", f"{SWITCH}={os.environ[SWITCH]}")
    folder, usable = cache_state()
    if usable:
        return Finding("cache", "good", folder)
    return Finding("cache", "missing", pick((f"{folder} 不可写，启动会较慢", f"{folder} cannot be written; starting is slower"), lang))


def as_text(findings: list[Finding], lang: str) -> str:
    """A line a thing, then the conclusion."""
    words = {"good": ("正常", "good"), "missing": ("缺少", "missing"), "bad": ("错误", "bad")}
    width = max(len(one.name) for one in findings)
    lines = [f"{pick(words[one.state], lang):<{8 if lang == 'en' else 4}} {one.name:<{width}}  {one.said}" for one in findings]
    bad = any(one.state == "bad" for one in findings)
    last = ("不能正常使用。", "It cannot do its work.") if bad else ("可以正常使用。", "It can do its work.")
    return "".join(f"{line}\n" for line in [*lines, pick(last, lang)])
