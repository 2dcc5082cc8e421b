"""Which process works on a run, and whether it still lives: faster than waiting for a lease to end."""

from __future__ import annotations

import os
import socket
from pathlib import Path


def this_worker() -> str:
    """Return `host:pid:start`; the start time tells a process from a later one with the same pid."""
    return f"{socket.gethostname()}:{os.getpid()}:{_started(os.getpid())}"


def is_dead(worker: str) -> bool:
    """Tell whether `worker` certainly no longer runs. A worker of another machine is never certain."""
    host, _, rest = worker.rpartition(":")[0].rpartition(":")
    started = worker.rpartition(":")[2]
    if host != socket.gethostname() or not rest.isdigit():
        return False
    return _started(int(rest)) != started


def _started(pid: int) -> str:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except OSError:
        return ""
    return stat.rpartition(")")[2].split()[19]  # field 22: start time in clock ticks since boot
