"""A worker for tests: some documents make it hang, die or ask for memory without end. It is started in place of the usual one."""

from __future__ import annotations

import os
import time
from typing import Any

from govreport_check.serve import work, worker

_load_source = work.load_source


def load_source(content: Any, **more: Any) -> Any:
    if content.startswith(b"HANG"):
        time.sleep(3600)
    if content.startswith(b"DIE"):
        os._exit(9)
    if content.startswith(b"BUG"):
        raise ZeroDivisionError("a mistake of a reader")
    if content.startswith(b"MEMORY"):
        return [bytearray(1 << 28) for _ in range(1 << 12)]
    return _load_source(content, **more)


if __name__ == "__main__":
    work.load_source = load_source  # type: ignore[attr-defined]
    worker.main()
