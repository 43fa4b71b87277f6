"""A file of settings (contract ``govreport-config/1``) as pydantic checks it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from pydantic import Field, ValidationError

from govreport_check.errors import Complaint, PackError
from govreport_check.expr.names import unknown
from govreport_check.form_file import Bilingual, Strict
from govreport_check.rule import VERSION
from govreport_check.rule_file import OverrideSpec


def _kebab(name: str) -> str:
    return name.replace("_", "-")


class ReportSettings(Strict, alias_generator=_kebab, populate_by_name=False):
    """How reports are checked; what is left out is as usual. Paths are relative to the file's folder."""

    select: list[str] | None = None
    ignore: list[str] | None = None
    severity: dict[str, OverrideSpec] | None = None
    fail_on: Literal["error", "warning", "note", "never"] | None = None
    strict_: bool | None = Field(default=None, alias="strict")
    profile: str | None = None
    rules_as_of: str | None = Field(default=None, pattern=VERSION)
    lang: Literal["zh", "en"] | None = None
    waivers: str | None = None
    baseline: str | None = None
    max_size: int | None = Field(default=None, ge=1)


class ConfigFile(ReportSettings):
    """``govreport-config/1``. ``per_path``: other settings for the reports that a pattern of their path means, the later the stronger."""

    packs: list[str] | None = None
    outputs: list[str] | None = None
    per_path: dict[str, ReportSettings] = {}


def validated(stated: Any, complaint: Callable[[tuple[str, ...], str], Complaint]) -> ConfigFile:
    """The settings that a table states. Raises PackError with a ``complaint`` (of the keys and what is wrong) for every mistake."""
    try:
        return ConfigFile.model_validate(stated)
    except ValidationError as error:
        raise PackError([complaint(*_mistake(one)) for one in error.errors(include_url=False)]) from None


def _mistake(error: Any) -> tuple[tuple[str, ...], str]:
    keys = tuple(str(step) for step in error["loc"])
    extra = error["type"] == "extra_forbidden"
    where = ".".join(keys)
    return keys, f"{where}: {unknown(keys[-1], _known(keys), what='key')}" if extra else f"{where}: {error['msg']}"


def _known(keys: tuple[str, ...]) -> list[str]:
    """The keys that may stand beside an unknown one."""
    inside: type[Strict] = ConfigFile
    if keys[0] == "per-path":
        inside = ReportSettings
        keys = keys[2:]
    if keys[0] == "severity":
        inside = Bilingual if "because" in keys[:-1] else OverrideSpec
    return [field.alias or name for name, field in inside.model_fields.items()]
