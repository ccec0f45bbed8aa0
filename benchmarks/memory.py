"""The most memory that processes ever held (Linux only).

Not `getrusage`: there a process' figure begins with what its parent held at the fork.
"""

from __future__ import annotations

import re
from pathlib import Path


def peak_mib(process: int | str = "self") -> float:
    """Return the most memory a process ever held, in MiB; 0 if it ended."""
    found = re.findall(r"^VmHWM:\s+(\d+) kB$", _read(process, "status"), re.MULTILINE)
    return int(found[0]) / 1024 if found else 0.0


def descendants(process: int) -> list[int]:
    """Return the processes that one started, and those that these started."""
    parents = {
        int(path.name): int(parent[1])
        for path in Path("/proc").glob("[0-9]*")
        if (parent := re.search(r"^PPid:\t(\d+)$", _read(path.name, "status"), re.MULTILINE))
    }
    found = [process]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found[1:]


def command_line(process: int) -> str:
    """Return what a process was started with; empty if it ended."""
    return _read(process, "cmdline")


def _read(process: int | str, name: str) -> str:
    try:
        return Path(f"/proc/{process}/{name}").read_text(encoding="utf-8", errors="replace")
    except OSError:  # it ended
        return ""
