"""The most memory that a program has taken, in KiB, its own beginning apart."""

from __future__ import annotations

from pathlib import Path


def peak_kib() -> int:
    """What Linux counts since the program began; elsewhere ``ru_maxrss``, which a child inherits from a large parent."""
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
