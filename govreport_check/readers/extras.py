"""Libraries that not everybody installs: imported where they are needed, with a message that names the extra when they are missing."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from govreport_check.errors import SourceError


def library(module: str, extra: str, name: str) -> Any:
    """The module, for reading document ``name``. Raises SourceError saying what to install where it cannot be imported."""
    try:
        return import_module(module)
    except ImportError:
        command = f'pip install "govreport-check[{extra}]"'
        raise SourceError(name, f"needs {module.partition('.')[0]} to be read: {command}", f"读取该类文件需先安装组件：{command}") from None
