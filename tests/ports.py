"""Free ports on the loopback for servers under test."""

from __future__ import annotations

import random
import socket


def free_port() -> int:
    """Return a port the system says is free."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def free_pair() -> int:
    """Return a port that is free together with the next one (web and IAM)."""
    for _ in range(200):
        port = random.randrange(20_000, 50_000, 2)
        if all(_is_free(p) for p in (port, port + 1)):
            return port
    raise RuntimeError("no two free ports in a row")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
